// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>

#include "note-settings.h"
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

/* Reads one file into SELF, as far as it goes. */
static gboolean
read_entries (Settings *self, GKeyFile *file, const char *path, char **out_key, GError **error)
{
  const char *missing = NULL, *group = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_autofree char *value = g_key_file_get_string (file, entries[i].group, entries[i].key, NULL);

      if (value != NULL && *value != '\0')
        G_STRUCT_MEMBER (char *, self, entries[i].offset) = g_steal_pointer (&value);
      else if (missing == NULL)
        {
          missing = entries[i].key;
          group = entries[i].group;
        }
    }
  if (missing == NULL)
    return TRUE;
  *out_key = g_strconcat (group, ".", missing, NULL);
  g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND,
               _ ("In %s the line \"%s=\" under [%s] is missing. Add it and start again."), path,
               missing, group);
  return FALSE;
}

static gboolean
check_environment (Settings *self, const char *path, char **out_key, GError **error)
{
  if (g_str_equal (self->environment, "test") || g_str_equal (self->environment, "production"))
    return TRUE;
  *out_key = g_strdup ("terminal.environment");
  g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
               _ ("In %s the environment is \"%s\". Write environment=production or "
                  "environment=test."),
               path, self->environment);
  return FALSE;
}

/* Twice the largest container, unless the settings say something else. */
static gboolean
read_reserve (Settings *self, GKeyFile *file, const char *path, char **out_key, GError **error)
{
  g_autofree char *text = g_key_file_get_string (file, "terminal", "reserve_mib", NULL);
  guint64 number = 64;

  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, 0, 1u << 20, &number, NULL))
    {
      *out_key = g_strdup ("terminal.reserve_mib");
      g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
                   _ ("In %s the line \"reserve_mib=\" under [terminal] takes a number from 0 to "
                      "%u."),
                   path, 1u << 20);
      return FALSE;
    }
  self->reserve_bytes = number << 20;
  return TRUE;
}

/* VALUE where the line is there; FALSE when it is no number from 1 to MOST. */
static gboolean
read_number (GKeyFile *file, const char *path, const char *key, guint most, guint *value,
             GError **error)
{
  g_autofree char *text = g_key_file_get_string (file, "backup", key, NULL);
  guint64 number = *value;

  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, 1, most, &number, NULL))
    {
      g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
                   _ ("In %s the line \"%s=\" under [backup] takes a number from 1 to %u."), path,
                   key, most);
      return FALSE;
    }
  *value = (guint)number;
  return TRUE;
}

static gboolean
read_backup (Settings *self, GKeyFile *file, const char *path, char **out_key, GError **error)
{
  self->backup_certificate = g_key_file_get_string (file, "backup", "certificate", NULL);
  self->backup_folder = g_key_file_get_string (file, "backup", "folder", NULL);
  if (self->backup_folder == NULL)
    self->backup_folder = g_build_filename (self->state_dir, "backups", NULL);
  self->backup_hours = 24;
  self->backup_keep = 7;
  if (read_number (file, path, "hours", 8760, &self->backup_hours, error)
      && read_number (file, path, "keep", 1000, &self->backup_keep, error))
    return TRUE;
  *out_key = g_strdup ("backup");
  return FALSE;
}

Settings *
settings_load (const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (Settings) settings = g_new0 (Settings, 1);
  g_autofree char *wrong = NULL;
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
  settings->forms_dir = g_key_file_get_string (file, "terminal", "forms_dir", NULL);
  if (settings->forms_dir == NULL)
    settings->forms_dir = g_strdup (MD_FORMSDIR);
  settings->line_proxy = g_key_file_get_string (file, "line", "proxy", NULL);
  if (settings->line_proxy != NULL && *settings->line_proxy == '\0')
    g_clear_pointer (&settings->line_proxy, g_free);
  settings->crl_dir = g_key_file_get_string (file, "revocation", "crl_dir", NULL);
  if (settings->crl_dir == NULL)
    settings->crl_dir = g_strdup (MD_CRLDIR);
  if (read_entries (settings, file, path, &wrong, &local)
      && check_environment (settings, path, &wrong, &local)
      && read_reserve (settings, file, path, &wrong, &local)
      && read_backup (settings, file, path, &wrong, &local))
    return g_steal_pointer (&settings);
  note_settings (settings, wrong, local);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

void
settings_free (Settings *settings)
{
  if (settings == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    g_free (G_STRUCT_MEMBER (char *, settings, entries[i].offset));
  g_free (settings->backup_certificate);
  g_free (settings->backup_folder);
  g_free (settings->line_proxy);
  g_free (settings->forms_dir);
  g_free (settings->crl_dir);
  g_free (settings);
}

gboolean
settings_is_test (const Settings *settings)
{
  return g_str_equal (settings->environment, "test");
}
