// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "md-audit.h"
#include "note-settings.h"

/* Another service that works there has a log of its own to keep in order. Negative: there is one,
 * or there is no such directory. */
static int
lock_state (const Settings *settings)
{
  g_autofree char *path = g_build_filename (settings->state_dir, "lock", NULL);
  int fd = open (path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

  if (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      close (fd);
      return -1;
    }
  return fd;
}

static gboolean
is_last (MdDb *db, const MdAuditEntry *entry)
{
  g_autoptr (GPtrArray) list = NULL;
  const MdAuditRecord *last;
  gint64 highest = 0;

  if (!md_db_get_int (db, "SELECT coalesce (max (seq), 0) FROM audit", &highest, NULL)
      || highest == 0)
    return FALSE;
  list = md_audit_list (db, (guint64)highest - 1, 1, NULL);
  if (list == NULL || list->len == 0)
    return FALSE;
  last = g_ptr_array_index (list, 0);
  return g_str_equal (last->event, entry->event) && g_str_equal (last->detail, entry->detail);
}

static gboolean
append (const Settings *settings, const MdAuditEntry *entry, GError **error)
{
  g_autofree char *path = g_build_filename (settings->state_dir, "terminal.db", NULL);
  MdDb *db = md_db_open (path, MD_DB_READ_WRITE, error);
  MdAudit *audit = NULL;
  gboolean good = db != NULL && md_audit_migrate (db, error);

  if (good)
    audit = md_audit_new (db, settings->office, settings->terminal, md_clock_get_system ());
  good = good && (is_last (db, entry) || md_audit_record_now (audit, entry, error));
  md_audit_free (audit);
  md_db_close (db);
  return good;
}

void
note_settings (const Settings *settings, const char *key, const GError *failure)
{
  g_autofree char *detail = g_strdup_printf (
      "cause=%s key=%s",
      g_error_matches (failure, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND) ? "missing"
                                                                                  : "invalid",
      key);
  MdAuditEntry entry = { .event = "settings", .outcome = MD_AUDIT_FAILED, .detail = detail };
  g_autoptr (GError) error = NULL;
  int lock;

  if (settings->state_dir == NULL || settings->office == NULL || settings->terminal == NULL)
    return;
  lock = lock_state (settings);
  if (lock < 0)
    return;
  if (!append (settings, &entry, &error))
    g_message ("%s", error->message);
  close (lock);
}
