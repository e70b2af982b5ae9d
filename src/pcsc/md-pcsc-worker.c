// SPDX-License-Identifier: Apache-2.0
#include "md-pcsc-worker.h"

// How long the service has to say that it is there, when an answer of a card is overdue.
#define SERVICE_PATIENCE_MS 2000

// How often the patience for one answer a job waits for the worker to become free.
#define QUEUE_PATIENCE 3

struct _MdPcscWorker
{
  gatomicrefcount count; // one for the owner, one for the thread, one for each errand
  MdCardBackend *backend;
  MdCardMemory *memory;
  GMutex mutex;
  GCond ended;
  GQueue queue; // of Errand: those that wait
  gboolean stopping;
  gboolean running;   // there is a thread
  GPtrArray *errands; // borrowed: those not yet done

  // Main context only
  guint patience_s;
  MdPcscHeld held;
  gconstpointer holder; // the errand by which; to be compared only
};

// A job on its way. The worker never touches the GTask, so that nothing of the caller's is freed on
// the worker.
typedef struct
{
  gatomicrefcount count;
  MdPcscWorker *worker;
  char *reader;
  MdCardJob job;
  GCancellable *cancellable; // our own: the caller's, or the end of everything
  GMainContext *context;
  guint patience_s;

  GMutex mutex;
  gboolean abandoned; // the caller has its answer already
  gboolean started;
  gint64 overdue;               // while it waits for the worker, is connected or disconnected
  MdCardConnection *connection; // while it is used
  gpointer result;
  GError *error;

  // Main context only
  GWeakRef pcsc;
  GTask *task;
  GSource *cancel_source;
  GSource *overdue_source;
  gboolean held; // given up while it was under way
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
  g_weak_ref_clear (&self->pcsc);
  g_free (self->reader);
  _md_pcsc_worker_unref (self->worker);
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
  if (self->overdue_source != NULL)
    g_source_destroy (self->overdue_source);
  g_clear_pointer (&self->cancel_source, g_source_unref);
  g_clear_pointer (&self->overdue_source, g_source_unref);
  return g_steal_pointer (&self->task);
}

static void
tell_held (Errand *self, MdPcscHeld held)
{
  g_autoptr (MdPcsc) pcsc = g_weak_ref_get (&self->pcsc);
  self->worker->holder = self;
  if (self->worker->held == held)
    return;
  self->worker->held = held;
  if (pcsc != NULL)
    _md_pcsc_held_changed (pcsc);
}

static gboolean
on_done (gpointer data)
{
  Errand *self = data;
  g_autoptr (GTask) task = errand_take_task (self);
  // Else the next one was given up, too, before the end of this one was heard of.
  if (self->held && self->worker->holder == self)
    tell_held (self, MD_PCSC_HELD_NOT);
  if (task == NULL)
    return G_SOURCE_REMOVE;
  if (self->error != NULL)
    g_task_return_error (task, g_steal_pointer (&self->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&self->result), self->job.result_free);
  return G_SOURCE_REMOVE;
}

// What the errand waits for now, and when that is overdue.
static MdCardWait
errand_get_wait (Errand *self, gint64 *out_overdue)
{
  MdCardWait wait = MD_CARD_WAIT_NOTHING;
  g_mutex_lock (&self->mutex);
  *out_overdue = self->overdue;
  if (self->connection != NULL)
    {
      // Between two exchanges: it is at work, and on its way to the next one.
      *out_overdue = g_get_monotonic_time () + (gint64)self->patience_s * G_USEC_PER_SEC;
      wait = md_card_connection_get_wait (self->connection, out_overdue);
    }
  g_mutex_unlock (&self->mutex);
  return wait;
}

// The PIN whose answer the errand waits for, if it waits for one.
static MdCardPin
errand_get_unanswered (Errand *self)
{
  g_mutex_lock (&self->mutex);
  MdCardPin pin = self->connection != NULL ? md_card_connection_get_unanswered (self->connection)
                                           : MD_CARD_PIN_NONE;
  g_mutex_unlock (&self->mutex);
  return pin;
}

// What is known of an errand when it is given up.
typedef struct
{
  MdCardWait wait;
  MdCardPin unanswered;
} Standing;

// Main context: lets nothing more begin, and says how it stands. One that waits for the worker will
// not start any more: abandoned and started are set under one lock. A PIN may go out until the
// cancellable is cancelled; who sends one says so first and then looks at the cancellable, so that
// to look after it was cancelled misses none. A look before it finds what comes to an end by that.
static Standing
errand_abandon (Errand *self)
{
  gint64 overdue = 0;
  Standing standing = { errand_get_wait (self, &overdue), errand_get_unanswered (self) };
  g_mutex_lock (&self->mutex);
  self->abandoned = TRUE;
  self->held = self->started;
  g_mutex_unlock (&self->mutex);
  g_cancellable_cancel (self->cancellable);
  if (standing.wait != MD_CARD_WAIT_KEYS)
    standing.wait = errand_get_wait (self, &overdue);
  if (standing.unanswered == MD_CARD_PIN_NONE)
    standing.unanswered = errand_get_unanswered (self);
  return standing;
}

// Main context: the caller waits no more. The worker ends when card and reader let it, and what
// they still do meanwhile is told.
static void
errand_give_up (Errand *self, MdCardWait wait, GError *error)
{
  g_autoptr (GTask) task = errand_take_task (self);
  if (self->held)
    tell_held (self, wait == MD_CARD_WAIT_KEYS ? MD_PCSC_HELD_BY_KEYPAD : MD_PCSC_HELD_BY_CARD);
  if (task != NULL)
    g_task_return_error (task, error);
  else
    g_error_free (error);
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer data)
{
  Errand *self = data;
  GError *error = NULL;
  Standing standing = errand_abandon (self);
  if (standing.wait == MD_CARD_WAIT_KEYS)
    md_card_error_set (&error, MD_CARD_ERROR_PAD_WAITING);
  else
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  if (standing.wait != MD_CARD_WAIT_KEYS && standing.unanswered != MD_CARD_PIN_NONE)
    md_card_error_set_unanswered (&error, standing.unanswered);
  errand_give_up (self, standing.wait, error);
  return G_SOURCE_REMOVE;
}

static void errand_look_at (Errand *self, gint64 time);
static void errand_look_later (Errand *self, gint64 ms, GSourceFunc look);

// --- An answer is overdue: the card's fault, or the service's? ---

typedef struct
{
  Errand *errand;
  MdCardBackend *backend;
  gboolean answers;
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;
  errand_unref (self->errand);
  g_object_unref (self->backend);
  g_free (self);
}

static void
give_up_overdue (Errand *self, MdCardError code)
{
  GError *error = NULL;
  if (self->task == NULL)
    return;
  Standing standing = errand_abandon (self);
  md_card_error_set (&error, code);
  if (standing.unanswered != MD_CARD_PIN_NONE)
    md_card_error_set_unanswered (&error, standing.unanswered);
  errand_give_up (self, standing.wait, error);
}

static gboolean
on_service_answer (gpointer data)
{
  Question *self = data;
  give_up_overdue (self->errand,
                   self->answers ? MD_CARD_ERROR_TIMEOUT : MD_CARD_ERROR_SERVICE_LOST);
  return G_SOURCE_REMOVE;
}

static gboolean
on_service_silent (gpointer data)
{
  give_up_overdue (data, MD_CARD_ERROR_SERVICE_LOST);
  return G_SOURCE_REMOVE;
}

// A thread of its own: a service that hangs keeps it until it goes on or ends.
static gpointer
ask_service_main (gpointer data)
{
  Question *self = data;
  g_autoptr (GMainContext) context = g_main_context_ref (self->errand->context);
  self->answers = md_card_backend_answers (self->backend);
  _md_pcsc_hand_over (context, on_service_answer, self, question_free);
  return NULL;
}

static void
ask_service (Errand *errand, MdCardBackend *backend)
{
  Question *self = g_new0 (Question, 1);
  self->errand = errand;
  self->backend = g_object_ref (backend);
  g_atomic_ref_count_inc (&errand->count);
  errand_look_later (errand, SERVICE_PATIENCE_MS, on_service_silent);
  g_thread_unref (g_thread_new ("card-service", ask_service_main, self));
}

static gboolean
on_overdue (gpointer data)
{
  Errand *self = data;
  gint64 overdue = 0;
  GError *error = NULL;
  MdCardWait wait = errand_get_wait (self, &overdue);
  if (g_get_monotonic_time () < overdue)
    {
      errand_look_at (self, overdue);
      return G_SOURCE_REMOVE;
    }
  gboolean keys = wait == MD_CARD_WAIT_KEYS || self->worker->held == MD_PCSC_HELD_BY_KEYPAD;
  if (!keys)
    {
      ask_service (self, self->worker->backend);
      return G_SOURCE_REMOVE;
    }
  errand_abandon (self);
  md_card_error_set (&error, MD_CARD_ERROR_PAD_WAITING);
  errand_give_up (self, wait, error);
  return G_SOURCE_REMOVE;
}

static void
errand_look_later (Errand *self, gint64 ms, GSourceFunc look)
{
  if (self->overdue_source != NULL)
    g_source_destroy (self->overdue_source);
  g_clear_pointer (&self->overdue_source, g_source_unref);
  self->overdue_source = g_timeout_source_new ((guint)CLAMP (ms, 1, G_MAXINT));
  g_atomic_ref_count_inc (&self->count);
  g_source_set_callback (self->overdue_source, look, self, errand_unref_gpointer);
  g_source_attach (self->overdue_source, self->context);
}

// Main context: looks at TIME whether an answer is overdue.
static void
errand_look_at (Errand *self, gint64 time)
{
  errand_look_later (self, (time - g_get_monotonic_time ()) / 1000 + 1, on_overdue);
}

// Worker: CONNECTION is used from here on, or no more (NULL); connecting and disconnecting may take
// as long as an answer.
static void
errand_set_connection (Errand *self, MdCardConnection *connection)
{
  g_mutex_lock (&self->mutex);
  self->overdue = g_get_monotonic_time () + (gint64)self->patience_s * G_USEC_PER_SEC;
  g_set_object (&self->connection, connection);
  g_mutex_unlock (&self->mutex);
}

// Worker: FALSE when the caller has its answer already, and then nothing is to be done.
static gboolean
errand_start (Errand *self, GError **error)
{
  g_mutex_lock (&self->mutex);
  self->started = !self->abandoned;
  g_mutex_unlock (&self->mutex);
  if (!self->started)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "given up");
  return self->started;
}

static gpointer
run_job (Errand *errand, GError **error)
{
  if (!errand_start (errand, error))
    return NULL;
  errand_set_connection (errand, NULL);
  g_autoptr (MdCardConnection) connection = md_card_connection_open (
      errand->worker->backend, errand->reader, errand->cancellable, error);
  if (connection == NULL)
    return NULL;
  gpointer result = NULL;
  md_card_connection_set_memory (connection, errand->worker->memory);
  md_card_connection_set_patience (connection, errand->patience_s);
  errand_set_connection (errand, connection);
  if (errand->job.events != 0 && errand->job.events != md_card_connection_get_events (connection))
    md_card_error_set_detail (error, MD_CARD_ERROR_REMOVED, "another card than before");
  else
    result = errand->job.func (connection, errand->job.data, errand->cancellable, error);
  errand_set_connection (errand, NULL);
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
  gboolean told = !errand->abandoned || errand->held;
  g_mutex_unlock (&errand->mutex);
  if (told)
    {
      g_atomic_ref_count_inc (&errand->count);
      _md_pcsc_hand_over (errand->context, on_done, errand, errand_unref_gpointer);
    }
  errand_unref (errand);
}

// The next that waits; NULL: none, and the thread ends.
static Errand *
take_errand (MdPcscWorker *self)
{
  g_mutex_lock (&self->mutex);
  Errand *errand = g_queue_pop_head (&self->queue);
  self->running = errand != NULL;
  if (errand == NULL)
    g_cond_broadcast (&self->ended);
  g_mutex_unlock (&self->mutex);
  return errand;
}

static gpointer
worker_main (gpointer data)
{
  MdPcscWorker *self = data;
  for (Errand *errand = take_errand (self); errand != NULL; errand = take_errand (self))
    run_errand (self, errand);
  _md_pcsc_worker_unref (self);
  return NULL;
}

MdPcscWorker *
_md_pcsc_worker_new (MdCardBackend *backend, MdCardMemory *memory, guint patience_s)
{
  MdPcscWorker *self = g_new0 (MdPcscWorker, 1);
  g_atomic_ref_count_init (&self->count);
  self->backend = g_object_ref (backend);
  self->memory = md_card_memory_ref (memory);
  g_queue_init (&self->queue);
  self->errands = g_ptr_array_new ();
  g_mutex_init (&self->mutex);
  g_cond_init (&self->ended);
  self->patience_s = patience_s;
  return self;
}

MdPcscHeld
_md_pcsc_worker_get_held (MdPcscWorker *self)
{
  return self->held;
}

void
_md_pcsc_worker_set_patience (MdPcscWorker *self, guint seconds)
{
  self->patience_s = seconds;
}

static Errand *
errand_new (MdPcscWorker *worker, const MdCardJob *job, GTask *task)
{
  Errand *errand = g_new0 (Errand, 1);
  g_atomic_ref_count_init (&errand->count);
  errand->worker = worker;
  g_atomic_ref_count_inc (&worker->count);
  errand->job = *job;
  errand->reader = g_strdup (job->reader);
  errand->job.reader = errand->reader;
  errand->cancellable = g_cancellable_new ();
  errand->context = g_main_context_ref (g_task_get_context (task));
  errand->task = g_object_ref (task);
  errand->patience_s = worker->patience_s;
  errand->overdue
      = g_get_monotonic_time () + QUEUE_PATIENCE * (gint64)errand->patience_s * G_USEC_PER_SEC;
  g_weak_ref_init (&errand->pcsc, g_task_get_source_object (task));
  g_mutex_init (&errand->mutex);
  return errand;
}

// Behind the others, or to a thread of its own where there is none.
static void
enqueue (MdPcscWorker *self, Errand *errand)
{
  g_mutex_lock (&self->mutex);
  gboolean starts = !self->running;
  g_queue_push_tail (&self->queue, errand);
  self->running = TRUE;
  g_mutex_unlock (&self->mutex);
  if (!starts)
    return;
  g_atomic_ref_count_inc (&self->count);
  g_thread_unref (g_thread_new ("card-worker", worker_main, self));
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
  errand_look_at (errand, g_get_monotonic_time () + (gint64)errand->patience_s * G_USEC_PER_SEC);
  enqueue (self, errand);
}

void
_md_pcsc_worker_cancel (MdPcscWorker *self)
{
  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->errands->len && !self->stopping; i++)
    g_cancellable_cancel (((Errand *)g_ptr_array_index (self->errands, i))->cancellable);
  self->stopping = TRUE;
  g_mutex_unlock (&self->mutex);
}

void
_md_pcsc_worker_await_end (MdPcscWorker *self, gint64 end)
{
  g_mutex_lock (&self->mutex);
  while (self->running && g_cond_wait_until (&self->ended, &self->mutex, end))
    ;
  g_mutex_unlock (&self->mutex);
}
