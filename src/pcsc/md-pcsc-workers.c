// SPDX-License-Identifier: Apache-2.0
#include "md-pcsc-workers.h"

#define STOP_GRACE_USEC (G_USEC_PER_SEC / 2)

struct _MdPcscWorkers
{
  GHashTable *by_reader; // name -> MdPcscWorker
  MdCardBackend *backend;
  MdCardMemory *memory;
  guint patience_s;
  gboolean stopped;
};

MdPcscWorkers *
_md_pcsc_workers_new (MdCardBackend *backend)
{
  MdPcscWorkers *self = g_new0 (MdPcscWorkers, 1);
  self->by_reader = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                           (GDestroyNotify)_md_pcsc_worker_unref);
  self->backend = g_object_ref (backend);
  self->memory = md_card_memory_new ();
  self->patience_s = MD_CARD_PATIENCE_S;
  return self;
}

MdPcscWorker *
_md_pcsc_workers_get (MdPcscWorkers *self, const char *reader)
{
  MdPcscWorker *worker = g_hash_table_lookup (self->by_reader, reader);
  if (worker != NULL)
    return worker;
  worker = _md_pcsc_worker_new (self->backend, self->memory, self->patience_s);
  if (self->stopped)
    _md_pcsc_worker_cancel (worker);
  g_hash_table_insert (self->by_reader, g_strdup (reader), worker);
  return worker;
}

MdCardMemory *
_md_pcsc_workers_get_memory (MdPcscWorkers *self)
{
  return self->memory;
}

void
_md_pcsc_workers_set_patience (MdPcscWorkers *self, guint seconds)
{
  GHashTableIter iter;
  gpointer worker = NULL;
  self->patience_s = seconds;
  g_hash_table_iter_init (&iter, self->by_reader);
  while (g_hash_table_iter_next (&iter, NULL, &worker))
    _md_pcsc_worker_set_patience (worker, seconds);
}

MdPcscHeld
_md_pcsc_workers_get_held (MdPcscWorkers *self, const char *reader)
{
  MdPcscHeld most = MD_PCSC_HELD_NOT;
  GHashTableIter iter;
  gpointer name = NULL;
  gpointer worker = NULL;
  g_hash_table_iter_init (&iter, self->by_reader);
  while (g_hash_table_iter_next (&iter, &name, &worker))
    if (reader == NULL || g_str_equal (name, reader))
      most = MAX (most, _md_pcsc_worker_get_held (worker));
  return most;
}

void
_md_pcsc_workers_stop (MdPcscWorkers *self)
{
  const gint64 end = g_get_monotonic_time () + STOP_GRACE_USEC;
  GHashTableIter iter;
  gpointer worker = NULL;
  self->stopped = TRUE;
  g_hash_table_iter_init (&iter, self->by_reader);
  while (g_hash_table_iter_next (&iter, NULL, &worker))
    _md_pcsc_worker_cancel (worker);
  g_hash_table_iter_init (&iter, self->by_reader);
  while (g_hash_table_iter_next (&iter, NULL, &worker))
    _md_pcsc_worker_await_end (worker, end);
}

void
_md_pcsc_workers_free (MdPcscWorkers *self)
{
  g_hash_table_unref (self->by_reader);
  g_object_unref (self->backend);
  md_card_memory_unref (self->memory);
  g_free (self);
}
