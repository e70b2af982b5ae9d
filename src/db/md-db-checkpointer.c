// SPDX-License-Identifier: Apache-2.0
#include "md-db-checkpointer.h"
#include "md-db-private.h"

#define INTERVAL_US (2 * G_USEC_PER_SEC)

struct _MdDbCheckpointer
{
  MdDb *db; /* the thread's, once it runs */
  GThread *thread;
  GMutex lock;
  GCond wake;
  gboolean empty_log;
  gboolean stop;
};

gboolean
md_db_checkpoint (MdDb *db, gboolean empty, GError **error)
{
  if (!_md_db_sqlite_renew_log (db, error))
    return FALSE;
  return empty ? _md_db_sqlite_empty_log (db, error)
               : md_db_exec (db, "PRAGMA wal_checkpoint(PASSIVE)", error);
}

gboolean
md_db_recover (MdDb *db, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (db->engine->dialect != MD_DB_SQLITE || md_db_checkpoint (db, TRUE, &local)
      || g_error_matches (local, MD_DB_ERROR, MD_DB_ERROR_BUSY))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* Moves what it can while others read and write. FALSE also where not all could be moved. */
static gboolean
move_all (MdDb *db, GError **error)
{
  g_autoptr (MdDbStatement) statement = NULL;

  if (!_md_db_sqlite_renew_log (db, error))
    return FALSE;
  statement = md_db_prepare (db, "PRAGMA wal_checkpoint(PASSIVE)", error);
  if (statement == NULL || md_db_step (statement, error) != MD_DB_STEP_ROW)
    return FALSE;
  return md_db_column_int (statement, 0) == 0
         && md_db_column_int (statement, 1) == md_db_column_int (statement, 2);
}

/* A checkpoint that does not come about is no harm: the log grows and the next turn tries again.
 * Emptying the log keeps writers out: nobody asks for it while it would have to wait for a reader,
 * and little is left to be moved by then. */
static gboolean
checkpoint (MdDb *db, gboolean empty)
{
  g_autoptr (GError) error = NULL;

  if (move_all (db, &error) && (!empty || md_db_checkpoint (db, TRUE, &error)))
    return TRUE;
  g_debug ("checkpoint: %s", error != NULL ? error->message : "somebody reads");
  return FALSE;
}

static gpointer
run (gpointer data)
{
  MdDbCheckpointer *self = data;
  gboolean stop, again = FALSE;

  do
    {
      gboolean empty;
      gint64 until = g_get_monotonic_time () + INTERVAL_US;

      g_mutex_lock (&self->lock);
      while (!self->stop && !self->empty_log && g_cond_wait_until (&self->wake, &self->lock, until))
        ;
      stop = self->stop;
      empty = self->empty_log || again || stop;
      self->empty_log = FALSE;
      g_mutex_unlock (&self->lock);
      again = !checkpoint (self->db, empty) && empty;
    }
  while (!stop);
  return NULL;
}

MdDbCheckpointer *
md_db_checkpointer_start (const char *path, GError **error)
{
  MdDbCheckpointer *self;
  MdDb *db = md_db_open (path, MD_DB_READ_WRITE, error);

  /* While it waited for a reader it would hold what every writer waits for. */
  if (db == NULL || !md_db_exec (db, "PRAGMA busy_timeout=0", error))
    {
      md_db_close (db);
      return NULL;
    }
  self = g_new0 (MdDbCheckpointer, 1);
  self->db = db;
  self->empty_log = TRUE; /* what was erased when the power went may be in it still */
  g_mutex_init (&self->lock);
  g_cond_init (&self->wake);
  self->thread = g_thread_new ("md-checkpoint", run, self);
  return self;
}

void
md_db_checkpointer_empty_log (MdDbCheckpointer *self)
{
  g_mutex_lock (&self->lock);
  self->empty_log = TRUE;
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
}

void
md_db_checkpointer_stop (MdDbCheckpointer *self)
{
  if (self == NULL)
    return;
  g_mutex_lock (&self->lock);
  self->stop = TRUE;
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
  g_thread_join (self->thread);
  md_db_close (self->db);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->wake);
  g_free (self);
}
