// SPDX-License-Identifier: Apache-2.0
#include "md-pcsc-worker.h"

#define STOP_GRACE_USEC (G_USEC_PER_SEC / 2)

struct _MdPcscWorker
{
  gatomicrefcount count; // one for the owner, one for the thread
  MdCardBackend *backend;
  MdCardMemory *memory;
  GAsyncQueue *queue; // of Errand, or of the worker itself: the end
  GMutex mutex;
  GCond ended;
  gboolean stopping;
  gboolean running;
  GPtrArray *errands; // borrowed: those not yet done
};

// A job on its way. The worker never touches the GTask, so that nothing of the caller's is freed on
// the worker.
typedef struct
{
  gatomicrefcount count;
  MdPcscWorker *worker; // borrowed by the queue's lifetime
  char *reader;
  MdCardJob job;
  GCancellable *cancellable; // our own: the caller's, or the end of everything
  GMainContext *context;

  GMutex mutex;
  gboolean abandoned; // the caller has its answer already
  gpointer result;
  GError *error;

  // Main context only
  GTask *task;
  GSource *cancel_source;
} Errand;

static void
errand_unref (Errand *self)
{
  if (!g_atomic_ref_count_dec (&self->count))
    return;
  if (self->result != NULL && self->job.result_free != NULL)
    self->job.result_free (self->result);
  if (self->job.data_free != NULL)
    self->job.data_free (self->job.data);
  g_clear_error (&self->error);
  g_clear_object (&self->cancellable);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->mutex);
  g_free (self->reader);
  g_free (self);
}

static void
errand_unref_gpointer (gpointer self)
{
  errand_unref (self);
}

void
_md_pcsc_worker_unref (MdPcscWorker *self)
{
  if (!g_atomic_ref_count_dec (&self->count))
    return;
  g_object_unref (self->backend);
  md_card_memory_unref (self->memory);
  g_async_queue_unref (self->queue);
  g_ptr_array_unref (self->errands);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->ended);
  g_free (self);
}

void
_md_pcsc_hand_over (GMainContext *context, GSourceFunc func, gpointer data, GDestroyNotify destroy)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, data, destroy);
  g_source_attach (source, context);
}

// Main context: gives the task its answer, once.
static GTask *
errand_take_task (Errand *self)
{
  if (self->cancel_source != NULL)
    g_source_destroy (self->cancel_source);
  g_clear_pointer (&self->cancel_source, g_source_unref);
  return g_steal_pointer (&self->task);
}

static gboolean
on_done (gpointer data)
{
  Errand *self = data;
  g_autoptr (GTask) task = errand_take_task (self);
  if (task == NULL)
    return G_SOURCE_REMOVE;
  if (self->error != NULL)
    g_task_return_error (task, g_steal_pointer (&self->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&self->result), self->job.result_free);
  return G_SOURCE_REMOVE;
}

// Main context: the caller does not want to wait any more. The worker ends when the card lets it.
static gboolean
on_cancelled (GCancellable *cancellable, gpointer data)
{
  Errand *self = data;
  g_mutex_lock (&self->mutex);
  self->abandoned = TRUE;
  g_mutex_unlock (&self->mutex);
  g_cancellable_cancel (self->cancellable);
  g_autoptr (GTask) task = errand_take_task (self);
  if (task != NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  return G_SOURCE_REMOVE;
}

static gpointer
run_job (Errand *errand, GError **error)
{
  g_autoptr (MdCardConnection) connection = md_card_connection_open (
      errand->worker->backend, errand->reader, errand->cancellable, error);
  if (connection == NULL)
    return NULL;
  gpointer result = NULL;
  md_card_connection_set_memory (connection, errand->worker->memory);
  if (errand->job.events != 0 && errand->job.events != md_card_connection_get_events (connection))
    md_card_error_set_detail (error, MD_CARD_ERROR_REMOVED, "another card than before");
  else
    result = errand->job.func (connection, errand->job.data, errand->cancellable, error);
  md_card_connection_close (connection);
  return result;
}

static void
run_errand (MdPcscWorker *self, Errand *errand)
{
  g_autoptr (GError) error = NULL;
  gpointer result = run_job (errand, &error);

  g_mutex_lock (&self->mutex);
  g_ptr_array_remove_fast (self->errands, errand);
  g_mutex_unlock (&self->mutex);

  g_mutex_lock (&errand->mutex);
  errand->result = result;
  errand->error = g_steal_pointer (&error);
  gboolean wanted = !errand->abandoned;
  g_mutex_unlock (&errand->mutex);
  if (wanted)
    {
      g_atomic_ref_count_inc (&errand->count);
      _md_pcsc_hand_over (errand->context, on_done, errand, errand_unref_gpointer);
    }
  errand_unref (errand);
}

static gpointer
worker_main (gpointer data)
{
  MdPcscWorker *self = data;
  for (gpointer item = g_async_queue_pop (self->queue); item != self;
       item = g_async_queue_pop (self->queue))
    run_errand (self, item);

  g_mutex_lock (&self->mutex);
  self->running = FALSE;
  g_cond_broadcast (&self->ended);
  g_mutex_unlock (&self->mutex);
  _md_pcsc_worker_unref (self);
  return NULL;
}

MdPcscWorker *
_md_pcsc_worker_new (MdCardBackend *backend)
{
  MdPcscWorker *self = g_new0 (MdPcscWorker, 1);
  g_atomic_ref_count_init (&self->count);
  g_atomic_ref_count_inc (&self->count);
  self->backend = g_object_ref (backend);
  self->memory = md_card_memory_new ();
  self->queue = g_async_queue_new ();
  self->errands = g_ptr_array_new ();
  g_mutex_init (&self->mutex);
  g_cond_init (&self->ended);
  self->running = TRUE;
  g_thread_unref (g_thread_new ("card-worker", worker_main, self));
  return self;
}

static Errand *
errand_new (MdPcscWorker *worker, const MdCardJob *job, GTask *task)
{
  Errand *errand = g_new0 (Errand, 1);
  g_atomic_ref_count_init (&errand->count);
  errand->worker = worker;
  errand->job = *job;
  errand->reader = g_strdup (job->reader);
  errand->job.reader = errand->reader;
  errand->cancellable = g_cancellable_new ();
  errand->context = g_main_context_ref (g_task_get_context (task));
  errand->task = g_object_ref (task);
  g_mutex_init (&errand->mutex);
  return errand;
}

void
_md_pcsc_worker_push (MdPcscWorker *self, const MdCardJob *job, GTask *task)
{
  Errand *errand = errand_new (self, job, task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_mutex_lock (&self->mutex);
  gboolean stopping = self->stopping;
  if (!stopping)
    g_ptr_array_add (self->errands, errand);
  g_mutex_unlock (&self->mutex);
  if (stopping)
    {
      g_autoptr (GTask) own = errand_take_task (errand);
      g_task_return_new_error (own, G_IO_ERROR, G_IO_ERROR_CANCELLED, "stopped");
      errand_unref (errand);
      return;
    }
  if (cancellable != NULL)
    {
      errand->cancel_source = g_cancellable_source_new (cancellable);
      g_atomic_ref_count_inc (&errand->count);
      // A GCancellableSourceFunc has another shape than GSourceFunc; the source knows.
      g_source_set_callback (errand->cancel_source, G_SOURCE_FUNC (on_cancelled), errand,
                             errand_unref_gpointer);
      g_source_set_priority (errand->cancel_source, G_PRIORITY_HIGH);
      g_source_attach (errand->cancel_source, errand->context);
    }
  g_async_queue_push (self->queue, errand);
}

MdCardMemory *
_md_pcsc_worker_get_memory (MdPcscWorker *self)
{
  return self->memory;
}

void
_md_pcsc_worker_stop (MdPcscWorker *self)
{
  g_mutex_lock (&self->mutex);
  if (!self->stopping)
    {
      self->stopping = TRUE;
      for (guint i = 0; i < self->errands->len; i++)
        g_cancellable_cancel (((Errand *)g_ptr_array_index (self->errands, i))->cancellable);
      g_async_queue_push (self->queue, self);
    }
  gint64 end = g_get_monotonic_time () + STOP_GRACE_USEC;
  while (self->running && g_cond_wait_until (&self->ended, &self->mutex, end))
    ;
  g_mutex_unlock (&self->mutex);
}
