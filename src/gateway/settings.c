// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "settings.h"

#include <event2/http.h>
#include <gio/gio.h>
#include <md-protocol.h>
#include <string.h>

#define GROUP "gateway"
#define REVOCATION "revocation"
#define LISTS "crls"
#define MEDIA "media"
#define RESPONDER "responder "

typedef struct
{
  const char *group, *name;
  guint low, high;
} Number;

static gboolean
read_number (GKeyFile *file, const Number *number, guint *value, GError **error)
{
  g_autofree char *text = g_key_file_get_string (file, number->group, number->name, NULL);
  guint64 found = 0;

  if (text == NULL)
    return TRUE;
  if (!g_ascii_string_to_unsigned (text, 10, number->low, number->high, &found, NULL))
    {
      g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
                   "[%s] %s must be a number from %u to %u", number->group, number->name,
                   number->low, number->high);
      return FALSE;
    }
  *value = (guint)found;
  return TRUE;
}

static gboolean
read_numbers (GKeyFile *file, GatewaySettings *settings, guint *port, guint *metrics_port,
              GError **error)
{
  const struct
  {
    Number number;
    guint *into;
  } numbers[] = {
    { { GROUP, "port", 1, 65535 }, port },
    { { GROUP, "metrics_port", 1, 65535 }, metrics_port },
    { { GROUP, "drain_timeout", 1, 600 }, &settings->drain_timeout_s },
    { { GROUP, "max_connections", 4, 8192 }, &settings->max_connections },
    { { GROUP, "terminal_connections", 1, 8192 }, &settings->own_connections },
    { { GROUP, "address_connections", 1, 8192 }, &settings->address_connections },
    { { GROUP, "body_memory", 64, 65536 }, &settings->body_memory },
    { { GROUP, "request_timeout", 1, 3600 }, &settings->request_timeout_s },
    { { GROUP, "request_pace", 64, 1u << 20 }, &settings->request_pace },
    { { GROUP, "handshake_timeout", 1, 3600 }, &settings->handshake_timeout_s },
    { { GROUP, "reserve_mib", 0, 1048576 }, &settings->reserve },
    { { GROUP, "uploads", 1, 1000 }, &settings->uploads },
    { { GROUP, "upload_space", 32, 65536 }, &settings->upload_space },
    { { GROUP, "upload_days", 1, 365 }, &settings->upload_days },
    { { REVOCATION, "timeout", 1, 60 }, &settings->relay_timeout_s },
  };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (!read_number (file, &numbers[i].number, numbers[i].into, error))
      return FALSE;
  return TRUE;
}

/* http, a host, no credentials; answers are signed themselves. */
static gboolean
check_url (const char *group, const char *name, const char *url, GError **error)
{
  struct evhttp_uri *uri = url != NULL ? evhttp_uri_parse (url) : NULL;
  const gboolean fits = uri != NULL && g_strcmp0 (evhttp_uri_get_scheme (uri), "http") == 0
                        && evhttp_uri_get_host (uri) != NULL && *evhttp_uri_get_host (uri) != '\0'
                        && evhttp_uri_get_userinfo (uri) == NULL;

  if (uri != NULL)
    evhttp_uri_free (uri);
  if (!fits)
    g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
                 "[%s] %s must be an address that begins with http://", group, name);
  return fits;
}

static gboolean
read_lists (GKeyFile *file, GatewaySettings *settings, GError **error)
{
  g_auto (GStrv) names = g_key_file_get_keys (file, LISTS, NULL, NULL);

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_autofree char *url = g_key_file_get_string (file, LISTS, names[i], NULL);

      if (!md_wire_is_list_name (names[i]))
        {
          g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
                       "[crls] %s is no name of a list: a-z, 0-9, '-' and '.'", names[i]);
          return FALSE;
        }
      if (!check_url (LISTS, names[i], url, error))
        return FALSE;
      g_hash_table_insert (settings->crl_urls, g_strdup (names[i]), g_steal_pointer (&url));
    }
  return TRUE;
}

static void
responder_free (gpointer data)
{
  GatewayResponder *responder = data;

  g_free (responder->url);
  g_ptr_array_unref (responder->issuers);
  g_free (responder);
}

static gboolean
read_issuers (GKeyFile *file, const char *group, GPtrArray *issuers, GError **error)
{
  g_auto (GStrv) paths = g_key_file_get_string_list (file, group, "issuers", NULL, NULL);

  for (guint i = 0; paths != NULL && paths[i] != NULL; i++)
    {
      MdCertificate *issuer = md_certificate_new_from_file (paths[i], error);

      if (issuer == NULL)
        {
          g_prefix_error (error, "[%s] issuers: %s: ", group, paths[i]);
          return FALSE;
        }
      g_ptr_array_add (issuers, issuer);
    }
  if (issuers->len == 0)
    g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
                 "[%s] issuers must name certificates", group);
  return issuers->len > 0;
}

static gboolean
read_responder (GKeyFile *file, const char *group, GatewaySettings *settings, GError **error)
{
  GatewayResponder *responder = g_new0 (GatewayResponder, 1);

  responder->issuers = g_ptr_array_new_with_free_func ((GDestroyNotify)md_certificate_unref);
  g_ptr_array_add (settings->responders, responder);
  responder->url = g_key_file_get_string (file, group, "url", NULL);
  return check_url (group, "url", responder->url, error)
         && read_issuers (file, group, responder->issuers, error);
}

static gboolean
read_responders (GKeyFile *file, GatewaySettings *settings, GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    if (g_str_has_prefix (groups[i], RESPONDER)
        && !read_responder (file, groups[i], settings, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_revocation (GKeyFile *file, GatewaySettings *settings, GError **error)
{
  settings->responders = g_ptr_array_new_with_free_func (responder_free);
  settings->crl_urls = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  settings->ocsp_url = g_key_file_get_string (file, REVOCATION, "ocsp_url", NULL);
  return (settings->ocsp_url == NULL
          || check_url (REVOCATION, "ocsp_url", settings->ocsp_url, error))
         && read_responders (file, settings, error) && read_lists (file, settings, error);
}

/* NAME=KEY, both as madoguchictl medium register told them. */
static gboolean
read_media (GKeyFile *file, GatewaySettings *settings, GError **error)
{
  g_auto (GStrv) names = g_key_file_get_keys (file, MEDIA, NULL, NULL);

  settings->media = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_autofree char *key = g_key_file_get_string (file, MEDIA, names[i], NULL);

      if (key == NULL || strlen (key) != 64 || strspn (key, "0123456789abcdef") != 64
          || !g_hash_table_insert (settings->media, g_strdup (key), g_strdup (names[i])))
        {
          g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
                       "[media] %s must be the key of one medium: 64 digits of 0-9 and a-f",
                       names[i]);
          return FALSE;
        }
    }
  settings->scanning = md_scan_settings_read (file, error);
  return settings->scanning != NULL;
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
      if (*texts[i].into == NULL)
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

static gboolean
read_log (GKeyFile *file, GatewaySettings *settings, GError **error)
{
  g_autofree char *log = g_key_file_get_string (file, GROUP, "log", NULL);

  settings->log_json = g_strcmp0 (log, "json") == 0;
  if (log == NULL || settings->log_json || strcmp (log, "text") == 0)
    return TRUE;
  g_set_error_literal (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
                       "[gateway] log must be text or json");
  return FALSE;
}

GatewaySettings *
gateway_settings_load (const char *path, const char *store, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GatewaySettings) settings = g_new0 (GatewaySettings, 1);
  guint port = 8443;
  guint metrics_port = 0;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, error))
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  settings->ledger = g_strdup (store);
  settings->max_connections = 256;
  settings->drain_timeout_s = 30;
  settings->own_connections = 16;
  settings->body_memory = 256;
  settings->reserve = 64;
  settings->request_timeout_s = 60;
  settings->request_pace = 4096;
  settings->handshake_timeout_s = 10;
  settings->uploads = 8;
  settings->upload_space = 64;
  settings->upload_days = 7;
  settings->relay_timeout_s = 10;
  settings->listen = g_key_file_get_string (file, GROUP, "listen", NULL);
  if (settings->listen == NULL)
    settings->listen = g_strdup ("127.0.0.1");
  if (!read_numbers (file, settings, &port, &metrics_port, error)
      || !read_log (file, settings, error) || !read_texts (file, settings, error)
      || !read_revocation (file, settings, error) || !read_media (file, settings, error))
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  if (settings->address_connections == 0)
    settings->address_connections = settings->max_connections / 2;
  settings->port = (guint16)port;
  settings->metrics_port = (guint16)metrics_port;
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
  g_clear_pointer (&settings->responders, g_ptr_array_unref);
  g_free (settings->ocsp_url);
  g_clear_pointer (&settings->crl_urls, g_hash_table_unref);
  g_clear_pointer (&settings->media, g_hash_table_unref);
  md_scan_settings_free (settings->scanning);
  g_free (settings);
}
