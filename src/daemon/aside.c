// SPDX-License-Identifier: Apache-2.0
#include "aside.h"

#include <string.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "md-seal.h"

#define HOUR_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

/* When PATH was put aside, by its name. */
static gboolean
read_time (const char *name, gint64 *out_us)
{
  return g_str_has_prefix (name, MD_BACKUP_ASIDE)
         && md_time_parse_rfc3339 (name + strlen (MD_BACKUP_ASIDE), out_us, NULL);
}

static gint64
due_us (Service *self, gint64 since_us)
{
  const Settings *settings = self->settings;

  return since_us + (gint64)settings->backup_hours * settings->backup_keep * HOUR_US;
}

static gboolean
is_taken_over (const char *path)
{
  g_autofree char *mark = g_strconcat (path, MD_BACKUP_TAKEN_OVER, NULL);

  return g_access (mark, F_OK) == 0;
}

/* Names of those that lie there. (transfer full) */
static GPtrArray *
list (Service *self)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (self->settings->state_dir, 0, NULL);
  const char *name;
  gint64 since;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (read_time (name, &since))
      g_ptr_array_add (names, g_strdup (name));
  return names;
}

/* The mark goes last: what is cut off in between is erased the next time. */
static void
erase (Service *self, const char *path)
{
  const MdAuditEntry entry
      = { .event = "backup", .outcome = MD_AUDIT_DONE, .detail = "removed=1 cause=replaced" };
  g_autofree char *mark = g_strconcat (path, MD_BACKUP_TAKEN_OVER, NULL);
  g_autoptr (GError) error = NULL;

  if (!md_audit_record_now (self->audit, &entry, &error))
    {
      g_message ("%s", error->message);
      return;
    }
  md_backup_erase_clear (path);
  g_unlink (mark);
}

void
aside_tick (Service *self)
{
  const gint64 now = md_clock_get_wall_us (self->clock);
  g_autoptr (GPtrArray) names = NULL;
  gboolean unasked = TRUE;

  if (self->db == NULL || self->database_trouble != NULL)
    return;
  names = list (self);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (self->settings->state_dir, names->pdata[i], NULL);
      gint64 since = 0;

      if (read_time (names->pdata[i], &since) && now >= due_us (self, since) && is_taken_over (path)
          && md_outbox_is_put_back (self->outbox, &unasked, NULL) && !unasked)
        erase (self, path);
    }
}

char *
aside_dup_attention (Service *self)
{
  g_autoptr (GPtrArray) names = list (self);
  gint64 last = 0;

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (self->settings->state_dir, names->pdata[i], NULL);
      gint64 since = 0;

      if (!is_taken_over (path))
        return g_strdup_printf (_ ("An earlier database of this terminal is kept, and may hold "
                                   "applications that are nowhere else. Ask the administrator to "
                                   "have them taken in again, and then to remove it (%s)."),
                                (const char *)names->pdata[i]);
      if (read_time (names->pdata[i], &since))
        last = MAX (last, due_us (self, since));
    }
  if (names->len > 0)
    {
      g_autofree char *day = md_time_format_tokyo (last, MD_TIME_STYLE_ISO);

      return g_strdup_printf (_ ("An earlier database of this terminal is kept, sealed, and is "
                                 "erased on %s or when the line is back. Nothing has to be done."),
                              day);
    }
  return NULL;
}
