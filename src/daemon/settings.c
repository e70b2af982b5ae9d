// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>

#include "settings.h"

static const struct
{
  const char *group;
  const char *key;
  gsize offset;
} entries[] = {
  { "terminal", "id", G_STRUCT_OFFSET (Settings, terminal) },
  { "terminal", "office", G_STRUCT_OFFSET (Settings, office) },
  { "terminal", "state_dir", G_STRUCT_OFFSET (Settings, state_dir) },
  { "terminal", "environment", G_STRUCT_OFFSET (Settings, environment) },
  { "policy", "bundle", G_STRUCT_OFFSET (Settings, policy_bundle) },
  { "policy", "anchor", G_STRUCT_OFFSET (Settings, policy_anchor) },
  { "line", "url", G_STRUCT_OFFSET (Settings, line_url) },
  { "line", "ca", G_STRUCT_OFFSET (Settings, line_ca) },
  { "line", "certificate", G_STRUCT_OFFSET (Settings, line_certificate) },
  { "line", "key", G_STRUCT_OFFSET (Settings, line_key) },
};

Settings *
settings_load (const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (Settings) settings = g_new0 (Settings, 1);
  g_autoptr (GError) local = NULL;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &local))
    {
      g_set_error (
          error, local->domain, local->code,
          _ ("The settings cannot be read from %s (%s). Name the file with --config, or restore "
             "it from the installation."),
          path, local->message);
      return NULL;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_autofree char *value = g_key_file_get_string (file, entries[i].group, entries[i].key, NULL);

      if (value == NULL || *value == '\0')
        {
          g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND,
                       _ ("In %s the line \"%s=\" under [%s] is missing. Add it and start again."),
                       path, entries[i].key, entries[i].group);
          return NULL;
        }
      G_STRUCT_MEMBER (char *, settings, entries[i].offset) = g_steal_pointer (&value);
    }
  settings->forms_dir = g_key_file_get_string (file, "terminal", "forms_dir", NULL);
  if (settings->forms_dir == NULL)
    settings->forms_dir = g_strdup (MD_FORMSDIR);
  if (!g_str_equal (settings->environment, "test")
      && !g_str_equal (settings->environment, "production"))
    {
      g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
                   _ ("In %s the environment is \"%s\". Write environment=production or "
                      "environment=test."),
                   path, settings->environment);
      return NULL;
    }
  return g_steal_pointer (&settings);
}

void
settings_free (Settings *settings)
{
  if (settings == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    g_free (G_STRUCT_MEMBER (char *, settings, entries[i].offset));
  g_free (settings->forms_dir);
  g_free (settings);
}

gboolean
settings_is_test (const Settings *settings)
{
  return g_str_equal (settings->environment, "test");
}
