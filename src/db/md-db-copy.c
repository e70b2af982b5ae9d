// SPDX-License-Identifier: Apache-2.0
#include <sqlite3.h>

#include "md-db-copy.h"
#include "md-db-private.h"

#define PAGES_AT_ONCE 512
#define STEPS 10000 /* of a statement, between two looks at whether it was cancelled */

static int
cancelled_cb (gpointer user_data)
{
  return g_cancellable_is_cancelled (user_data);
}

/* Whether all pages are there. */
static gboolean
copy_pages (MdDb *source, MdDb *target, GCancellable *cancellable, GError **error)
{
  sqlite3_backup *backup = sqlite3_backup_init (target->handle, "main", source->handle, "main");
  int code = SQLITE_OK;

  if (backup == NULL)
    {
      _md_db_sqlite_set_error (target, sqlite3_errcode (target->handle), error);
      return FALSE;
    }
  while (code == SQLITE_OK && !g_cancellable_is_cancelled (cancellable))
    code = sqlite3_backup_step (backup, PAGES_AT_ONCE);
  sqlite3_backup_finish (backup);
  if (code == SQLITE_DONE)
    return TRUE;
  if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    _md_db_sqlite_set_error (target, code, error);
  return FALSE;
}

/* SOURCE shows one moment for as long as its transaction is open, and its log grows; so what is
 * read through is the copy. */
static gboolean
copy_moment (MdDb *source, MdDb *target, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  gboolean sound;

  if (!md_db_exec (target, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF", error)
      || !md_db_exec (source, "BEGIN; SELECT 1 FROM sqlite_schema", error)
      || !copy_pages (source, target, cancellable, error) || !md_db_exec (source, "COMMIT", error))
    return FALSE;
  if (cancellable != NULL)
    sqlite3_progress_handler (target->handle, STEPS, cancelled_cb, cancellable);
  sound = md_db_check_integrity (target, &local);
  sqlite3_progress_handler (target->handle, 0, NULL, NULL);
  if (sound)
    return TRUE;
  if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

gboolean
md_db_copy (const char *from, const char *to, GCancellable *cancellable, GError **error)
{
  g_autoptr (MdDb) source = md_db_open (from, MD_DB_READ_ONLY, error);
  g_autoptr (MdDb) target = NULL;

  if (source == NULL)
    return FALSE;
  target = md_db_open (to, MD_DB_READ_WRITE, error);
  return target != NULL && copy_moment (source, target, cancellable, error);
}
