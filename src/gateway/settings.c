// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "settings.h"

#include <gio/gio.h>

#define GROUP "gateway"

static gboolean
read_number (GKeyFile *file, const char *name, guint low, guint high, guint *value, GError **error)
{
  g_autofree char *text = g_key_file_get_string (file, GROUP, name, NULL);
  guint64 number = 0;

  if (text == NULL)
    return TRUE;
  if (!g_ascii_string_to_unsigned (text, 10, low, high, &number, NULL))
    {
      g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
                   "[gateway] %s must be a number from %u to %u", name, low, high);
      return FALSE;
    }
  *value = (guint)number;
  return TRUE;
}

static gboolean
read_texts (GKeyFile *file, GatewaySettings *settings, GError **error)
{
  const struct
  {
    const char *name;
    char **into;
  } texts[] = {
    { "ca", &settings->ca },
    { "certificate", &settings->certificate },
    { "key", &settings->key },
    { "receipt_certificate", &settings->receipt_certificate },
    { "receipt_key", &settings->receipt_key },
    { "ledger", &settings->ledger },
    { "policy", &settings->policy },
    { "anchor", &settings->anchor },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      *texts[i].into = g_key_file_get_string (file, GROUP, texts[i].name, NULL);
      if (*texts[i].into == NULL || **texts[i].into == '\0')
        {
          g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND,
                       "[gateway] %s is missing", texts[i].name);
          return FALSE;
        }
    }
  return TRUE;
}

GatewaySettings *
gateway_settings_load (const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GatewaySettings) settings = g_new0 (GatewaySettings, 1);
  guint port = 8443;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, error))
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  settings->max_connections = 256;
  settings->request_timeout_s = 60;
  settings->handshake_timeout_s = 10;
  settings->listen = g_key_file_get_string (file, GROUP, "listen", NULL);
  if (settings->listen == NULL)
    settings->listen = g_strdup ("127.0.0.1");
  if (!read_number (file, "port", 1, 65535, &port, error)
      || !read_number (file, "max_connections", 4, 8192, &settings->max_connections, error)
      || !read_number (file, "request_timeout", 1, 3600, &settings->request_timeout_s, error)
      || !read_number (file, "handshake_timeout", 1, 3600, &settings->handshake_timeout_s, error)
      || !read_texts (file, settings, error))
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  settings->port = (guint16)port;
  return g_steal_pointer (&settings);
}

void
gateway_settings_free (GatewaySettings *settings)
{
  if (settings == NULL)
    return;
  g_free (settings->listen);
  g_free (settings->ca);
  g_free (settings->certificate);
  g_free (settings->key);
  g_free (settings->receipt_certificate);
  g_free (settings->receipt_key);
  g_free (settings->ledger);
  g_free (settings->policy);
  g_free (settings->anchor);
  g_free (settings);
}
