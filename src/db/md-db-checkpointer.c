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

/* A checkpoint that does not come about is no harm: the log grows and the next turn tries again. */
static gboolean
checkpoint (MdDb *db, gboolean empty)
{
  g_autoptr (GError) error = NULL;

  if (md_db_checkpoint (db, empty, &error))
    return TRUE;
  g_debug ("checkpoint: %s", error->message);
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

  if (db == NULL)
    return NULL;
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
