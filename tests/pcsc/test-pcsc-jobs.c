// SPDX-License-Identifier: Apache-2.0
// Work with a card on the thread that owns the context.
#include "pcsc-fixture.h"

typedef struct
{
  gboolean done;
  char *result;
  GError *error;
  GThread *thread;
} Answer;

static void
answer_clear (Answer *answer)
{
  g_clear_pointer (&answer->result, g_free);
  g_clear_error (&answer->error);
  answer->done = FALSE;
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;
  answer->result = md_pcsc_run_finish (MD_PCSC (source), result, &answer->error);
  answer->thread = g_thread_self ();
  answer->done = TRUE;
}

static void
await_answer (Answer *answer)
{
  while (!answer->done)
    g_main_context_iteration (NULL, TRUE);
}

static gpointer
greet (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  GThread *main_thread = data;
  g_assert_true (g_thread_self () != main_thread);
  return g_strdup (md_card_connection_get_reader (connection));
}

static const MdCardJob job_template = { .reader = RESIDENT, .func = greet, .result_free = g_free };

static void
test_job (Fixture *f, gconstpointer data)
{
  Answer answer = { 0 };
  MdCardJob job = job_template;
  job.data = g_thread_self ();
  set_world (f, "A1");
  md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &answer);
  await_answer (&answer);
  g_assert_no_error (answer.error);
  g_assert_cmpstr (answer.result, ==, RESIDENT);
  g_assert_true (answer.thread == g_thread_self ());
  g_assert_cmpint (f->backend->connected, ==, 0);
  answer_clear (&answer);

  job.reader = STAFF;
  md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &answer);
  await_answer (&answer);
  g_assert_error (answer.error, MD_CARD_ERROR, MD_CARD_ERROR_NO_READER);
  answer_clear (&answer);
}

static void
test_job_refuses_another_card (Fixture *f, gconstpointer data)
{
  Answer answer = { 0 };
  MdCardJob job = job_template;
  job.data = g_thread_self ();
  job.events = 2;
  set_world (f, "A3");
  md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &answer);
  await_answer (&answer);
  g_assert_error (answer.error, MD_CARD_ERROR, MD_CARD_ERROR_REMOVED);
  g_assert_cmpint (f->backend->connected, ==, 0);
  answer_clear (&answer);
  set_world (f, "A1");
  md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &answer);
  await_answer (&answer);
  g_assert_no_error (answer.error);
  answer_clear (&answer);
}

// DATA: whether this card refuses the PIN, or it is asked whether it was refused. "" is a no.
static gpointer
present (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  MdCardMemory *memory = md_card_connection_get_memory (connection);
  g_autoptr (MdSecret) pin = md_secret_new_from_text ("1234");
  g_autofree char *place = g_strdup_printf ("%s#%u", md_card_connection_get_reader (connection),
                                            md_card_connection_get_events (connection));
  const MdPinUse use = { .card = place, .place = place, .pin = MD_CARD_PIN_AUTH, .secret = pin };
  if (GPOINTER_TO_INT (data))
    md_card_memory_note_refused (memory, &use, 2);
  return g_strdup (md_card_memory_was_refused (memory, &use, 2) ? "refused" : "");
}

static void
assert_presented (Fixture *f, gboolean wrong, const char *expected)
{
  Answer answer = { 0 };
  MdCardJob job = job_template;
  job.func = present;
  job.data = GINT_TO_POINTER (wrong);
  md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &answer);
  await_answer (&answer);
  g_assert_no_error (answer.error);
  g_assert_cmpstr (answer.result, ==, expected);
  answer_clear (&answer);
}

// It counts its cards from the start, so another person's card gets the name of the place where the
// last one lay; what that one refused is nothing to it.
static void
test_reader_plugged_in_again (Fixture *f, gconstpointer data)
{
  set_world (f, "A1");
  md_pcsc_start (f->pcsc);
  await_log (f, "s3+A");
  assert_presented (f, TRUE, "refused");
  assert_presented (f, FALSE, "refused");
  set_world (f, "");
  await_log (f, "s3+A-As2");
  set_world (f, "A1");
  await_log (f, "s3+A-As2s3+A");
  assert_presented (f, FALSE, "");
}

static void
release_hang (Fixture *f)
{
  g_mutex_lock (&f->backend->mutex);
  f->backend->hang = f->backend->silent = f->backend->gone = FALSE;
  g_cond_broadcast (&f->backend->changed);
  g_mutex_unlock (&f->backend->mutex);
}

static int freed;

static void
count_free (gpointer data)
{
  g_atomic_int_inc (&freed);
}

typedef struct
{
  GCancellable *cancellable;
  gint64 at; // when it was cancelled
} Cancelling;

static gboolean
cancel_soon (gpointer data)
{
  Cancelling *self = data;
  self->at = g_get_monotonic_time ();
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

// A job on a silent card, cancelled while it hangs; the microseconds until its answer. The worker
// is whole afterwards.
static gint64
time_a_cancellation (Fixture *f)
{
  Answer answer = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Cancelling cancelling = { .cancellable = cancellable };
  MdCardJob job = job_template;
  job.data = g_thread_self ();
  job.data_free = count_free;
  g_atomic_int_set (&freed, 0);
  f->backend->hang = TRUE;
  md_pcsc_run_async (f->pcsc, &job, cancellable, on_answer, &answer);
  g_timeout_add (50, cancel_soon, &cancelling);
  await_answer (&answer);
  gint64 taken = g_get_monotonic_time () - cancelling.at;
  g_assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  answer_clear (&answer);

  release_hang (f);
  job.data_free = NULL;
  md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &answer);
  await_answer (&answer);
  g_assert_no_error (answer.error);
  g_assert_cmpint (g_atomic_int_get (&freed), ==, 1);
  answer_clear (&answer);
  return taken;
}

// The answer comes within 100 ms. A machine that is busy with other things may keep one of ten
// waiting for longer, or nine; were it our own doing, a lock or a call that is waited for, it would
// keep them all. So the best of ten says what is ours, and the first that is in time is enough.
static void
test_cancelled_within_100_ms (Fixture *f, gconstpointer data)
{
  gint64 best = G_MAXINT64;
  set_world (f, "A1");
  for (int i = 0; i < 10 && best >= 100 * 1000; i++)
    best = MIN (best, time_a_cancellation (f));
  g_test_message ("%" G_GINT64_FORMAT " us", best);
  g_assert_cmpint (best, <, 100 * 1000);
}

// An answer is overdue because the service hangs: that is said, and not that the card is slow; of a
// service that says that it is gone, too.
static void
test_overdue_by_the_service (Fixture *f, gconstpointer data)
{
  MdCardJob job = job_template;
  job.data = g_thread_self ();
  set_world (f, "A1");
  md_pcsc_set_patience (f->pcsc, 1);
  for (int i = 0; i < 2; i++)
    {
      Answer answer = { 0 };
      g_mutex_lock (&f->backend->mutex);
      f->backend->hang = TRUE;
      f->backend->silent = i == 0;
      f->backend->gone = i == 1;
      g_mutex_unlock (&f->backend->mutex);
      md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &answer);
      await_answer (&answer);
      g_assert_error (answer.error, MD_CARD_ERROR, MD_CARD_ERROR_SERVICE_LOST);
      answer_clear (&answer);
      release_hang (f);
      md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &answer);
      await_answer (&answer);
      g_assert_no_error (answer.error);
      answer_clear (&answer);
    }
}

// Nobody cancels, and the card never answers: the caller is told when its time is over, so is the
// one behind it, and the worker is whole afterwards.
static void
test_overdue (Fixture *f, gconstpointer data)
{
  Answer first = { 0 };
  Answer second = { 0 };
  MdCardJob job = job_template;
  job.data = g_thread_self ();
  set_world (f, "A1");
  f->backend->hang = TRUE;
  md_pcsc_set_patience (f->pcsc, 1);
  md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &first);
  md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &second);
  await_answer (&first);
  g_assert_error (first.error, MD_CARD_ERROR, MD_CARD_ERROR_TIMEOUT);
  g_assert_cmpint (md_pcsc_get_held (f->pcsc), ==, MD_PCSC_HELD_BY_CARD);
  g_assert_false (second.done);
  await_answer (&second);
  g_assert_error (second.error, MD_CARD_ERROR, MD_CARD_ERROR_TIMEOUT);
  answer_clear (&first);
  answer_clear (&second);

  release_hang (f);
  md_pcsc_set_patience (f->pcsc, MD_CARD_PATIENCE_S);
  md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &first);
  await_answer (&first);
  g_assert_no_error (first.error);
  g_assert_cmpint (md_pcsc_get_held (f->pcsc), ==, MD_PCSC_HELD_NOT);
  answer_clear (&first);
}

static void
test_cancelled_before (Fixture *f, gconstpointer data)
{
  Answer answer = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  MdCardJob job = job_template;
  job.data = g_thread_self ();
  g_cancellable_cancel (cancellable);
  md_pcsc_run_async (f->pcsc, &job, cancellable, on_answer, &answer);
  await_answer (&answer);
  g_assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  answer_clear (&answer);
}

// Stopping with a card that hangs takes half a second, not for ever; what waited is told.
static void
test_stop_with_a_silent_card (Fixture *f, gconstpointer data)
{
  Answer first = { 0 };
  Answer second = { 0 };
  MdCardJob job = job_template;
  job.data = g_thread_self ();
  set_world (f, "A1");
  f->backend->hang = TRUE;
  md_pcsc_start (f->pcsc);
  md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &first);
  gint64 start = g_get_monotonic_time ();
  md_pcsc_stop (f->pcsc);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 900 * 1000);
  md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &second);
  await_answer (&second);
  g_assert_error (second.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  release_hang (f);
  await_answer (&first);
  answer_clear (&first);
  answer_clear (&second);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/pcsc/pcsc-jobs/" name, Fixture, NULL, setup, func, teardown)
  ADD ("job", test_job);
  ADD ("job-refuses-another-card", test_job_refuses_another_card);
  ADD ("reader-plugged-in-again", test_reader_plugged_in_again);
  ADD ("cancelled-within-100-ms", test_cancelled_within_100_ms);
  ADD ("overdue", test_overdue);
  ADD ("overdue-by-the-service", test_overdue_by_the_service);
  ADD ("cancelled-before", test_cancelled_before);
  ADD ("stop-with-a-silent-card", test_stop_with_a_silent_card);
#undef ADD
  return g_test_run ();
}
