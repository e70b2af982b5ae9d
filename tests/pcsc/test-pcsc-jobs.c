// SPDX-License-Identifier: Apache-2.0
// Work with cards, on a thread for each reader.
#include "pcsc-fixture.h"

#include <sys/resource.h>

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
  await (answer->done);
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

static void
await_hanging (Fixture *f)
{
  gboolean hanging = FALSE;
  for (gint64 end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
       !hanging && g_get_monotonic_time () < end;)
    {
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (1000);
      g_mutex_lock (&f->backend->mutex);
      hanging = f->backend->hanging;
      g_mutex_unlock (&f->backend->mutex);
    }
  g_assert_true (hanging);
}

static gint64
usec_of (const struct timeval *time)
{
  return (gint64)time->tv_sec * G_USEC_PER_SEC + time->tv_usec;
}

// A job on a silent card, cancelled while it hangs; the worker is whole afterwards. Its answer
// comes of a few turns of the loop, none of which is waited for. Whether this thread then slept in
// one of them, or was at work for 100 ms, is the system's to say; what it was kept from by others
// is no part of that.
static gboolean
cancels_at_once (Fixture *f)
{
  enum
  {
    TURNS = 10
  };
  Answer answer = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  MdCardJob job = job_template;
  struct rusage before, after;
  job.data = g_thread_self ();
  job.data_free = count_free;
  g_atomic_int_set (&freed, 0);
  f->backend->hang = TRUE;
  md_pcsc_run_async (f->pcsc, &job, cancellable, on_answer, &answer);
  await_hanging (f);

  g_assert_cmpint (getrusage (RUSAGE_THREAD, &before), ==, 0);
  g_cancellable_cancel (cancellable);
  for (int turn = 0; turn < TURNS && !answer.done; turn++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpint (getrusage (RUSAGE_THREAD, &after), ==, 0);
  g_assert_true (answer.done);
  g_assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  answer_clear (&answer);

  release_hang (f);
  job.data_free = NULL;
  md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &answer);
  await_answer (&answer);
  g_assert_no_error (answer.error);
  g_assert_cmpint (g_atomic_int_get (&freed), ==, 1);
  answer_clear (&answer);
  gint64 worked = usec_of (&after.ru_utime) + usec_of (&after.ru_stime) - usec_of (&before.ru_utime)
                  - usec_of (&before.ru_stime);
  return after.ru_nvcsw == before.ru_nvcsw && worked < 100 * 1000;
}

// The answer comes within 100 ms on a machine that has the time: it waits for nobody. Two threads
// may meet at a lock once in a while, so two of ten may have slept; a delay of ours, were it of any
// length by chance, would be in all.
static void
test_cancelled_within_100_ms (Fixture *f, gconstpointer data)
{
  int at_once = 0;
  set_world (f, "A1");
  for (int i = 0; i < 10; i++)
    at_once += cancels_at_once (f) ? 1 : 0;
  g_test_message ("%d of 10 at once", at_once);
  g_assert_cmpint (at_once, >=, 8);
}

// An answer is overdue because the service hangs: that is said, and not that the card is slow; of a
// service that says that it is gone, too.
static void
test_overdue_by_the_service (Fixture *f, gconstpointer data)
{
  MdCardJob job = job_template;
  job.data = g_thread_self ();
  set_world (f, "A1");
  for (int i = 0; i < 2; i++)
    {
      Answer answer = { 0 };
      md_pcsc_set_patience (f->pcsc, 1);
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
      md_pcsc_set_patience (f->pcsc, MD_CARD_PATIENCE_S);
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

// How many threads there are for cards just now.
static guint
count_workers (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/task", 0, NULL);
  guint count = 0;
  for (const char *id = g_dir_read_name (dir); id != NULL; id = g_dir_read_name (dir))
    {
      g_autofree char *path = g_build_filename ("/proc/self/task", id, "comm", NULL);
      g_autofree char *name = NULL;
      count += g_file_get_contents (path, &name, NULL, NULL)
                       && g_str_equal (g_strstrip (name), "card-worker")
                   ? 1
                   : 0;
    }
  return count;
}

// A card that says nothing keeps its own reader: jobs on the other one are done while it is waited
// for, and after it was given up. There are threads only for as long as there is work.
static void
test_side_by_side (Fixture *f, gconstpointer data)
{
  Answer mute = { 0 };
  Answer other = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  MdCardJob job = job_template;
  job.data = g_thread_self ();
  set_world (f, "A1,B1");
  md_pcsc_start (f->pcsc);
  await_log (f, "s3+A+B");
  g_assert_cmpuint (count_workers (), ==, 0);
  g_autoptr (MdCardReader) resident = g_list_model_get_item (G_LIST_MODEL (f->pcsc), 0);
  g_autoptr (MdCardReader) staff = g_list_model_get_item (G_LIST_MODEL (f->pcsc), 1);
  f->backend->hang_on = RESIDENT;
  f->backend->hang = TRUE;
  md_pcsc_run_async (f->pcsc, &job, cancellable, on_answer, &mute);
  await_hanging (f);
  job.reader = STAFF;
  for (int given_up = 0; given_up < 2; given_up++)
    {
      md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &other);
      await_answer (&other);
      g_assert_no_error (other.error);
      g_assert_cmpstr (other.result, ==, STAFF);
      answer_clear (&other);
      g_assert_cmpint (mute.done, ==, given_up);
      g_cancellable_cancel (cancellable);
      await_answer (&mute);
    }
  g_assert_error (mute.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  answer_clear (&mute);
  g_assert_cmpint (md_pcsc_get_held (f->pcsc), ==, MD_PCSC_HELD_BY_CARD);
  g_assert_cmpint (md_pcsc_get_held_on (f->pcsc, resident), ==, MD_PCSC_HELD_BY_CARD);
  g_assert_cmpint (md_pcsc_get_held_on (f->pcsc, staff), ==, MD_PCSC_HELD_NOT);
  release_hang (f);
  await (count_workers () == 0 && md_pcsc_get_held (f->pcsc) == MD_PCSC_HELD_NOT);
}

// Jobs that stand still on the worker until they are let through, one after the other.
typedef struct
{
  GMutex mutex;
  GCond changed;
  int started;
  int let;
} Gate;

static gpointer
stand_still (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  Gate *gate = data;
  g_mutex_lock (&gate->mutex);
  const int own = ++gate->started;
  g_cond_broadcast (&gate->changed);
  while (gate->let < own)
    g_cond_wait (&gate->changed, &gate->mutex);
  g_mutex_unlock (&gate->mutex);
  return g_strdup ("");
}

// The main loop does not turn meanwhile.
static void
await_started (Gate *gate, int count)
{
  g_mutex_lock (&gate->mutex);
  while (gate->started < count)
    g_cond_wait (&gate->changed, &gate->mutex);
  g_mutex_unlock (&gate->mutex);
}

static void
let_through (Gate *gate)
{
  g_mutex_lock (&gate->mutex);
  gate->let++;
  g_cond_broadcast (&gate->changed);
  g_mutex_unlock (&gate->mutex);
}

// One was given up and ends; the next one is given up before anybody hears of that. The reader is
// held until that one ends, too.
static void
test_held_by_the_next (Fixture *f, gconstpointer data)
{
  static Gate gate; // the worker may be the last to leave it
  Answer answers[2] = { 0 };
  g_autoptr (GCancellable) first = g_cancellable_new ();
  g_autoptr (GCancellable) second = g_cancellable_new ();
  MdCardJob job = job_template;
  job.func = stand_still;
  job.data = &gate;
  set_world (f, "A1");
  md_pcsc_run_async (f->pcsc, &job, first, on_answer, &answers[0]);
  md_pcsc_run_async (f->pcsc, &job, second, on_answer, &answers[1]);
  await_started (&gate, 1);
  g_cancellable_cancel (first);
  await_answer (&answers[0]);
  let_through (&gate);
  await_started (&gate, 2);
  g_cancellable_cancel (second);
  await_answer (&answers[1]);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (md_pcsc_get_held (f->pcsc), ==, MD_PCSC_HELD_BY_CARD);
  let_through (&gate);
  while (md_pcsc_get_held (f->pcsc) != MD_PCSC_HELD_NOT)
    g_main_context_iteration (NULL, TRUE);
  answer_clear (&answers[0]);
  answer_clear (&answers[1]);
}

// What happens before an errand that is given up is told of that. The linker (--wrap) brings every
// cancellation here.
static GCancellable *callers;
static void (*meanwhile) (Gate *gate);
static Gate *meanwhile_gate;

void __real_g_cancellable_cancel (GCancellable *cancellable);
void __wrap_g_cancellable_cancel (GCancellable *cancellable);

void
__wrap_g_cancellable_cancel (GCancellable *cancellable)
{
  void (*now) (Gate * gate) = cancellable != callers ? g_steal_pointer (&meanwhile) : NULL;
  if (now != NULL)
    now (meanwhile_gate);
  __real_g_cancellable_cancel (cancellable);
}

static gpointer
count_start (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  Gate *gate = data;
  g_mutex_lock (&gate->mutex);
  gate->started++;
  g_cond_broadcast (&gate->changed);
  g_mutex_unlock (&gate->mutex);
  return g_strdup ("");
}

// The first goes, and so does the last: the one between them, too, has had its turn.
static void
let_all_pass (Gate *gate)
{
  let_through (gate);
  await_started (gate, 2);
}

// The worker becomes free between the look whether an errand is under way and its cancellation: it
// does not begin what nobody waits for any more, and whom nobody would hear of.
static void
test_given_up_does_not_start (Fixture *f, gconstpointer data)
{
  static Gate gate;
  static Gate between; // of the one that is given up
  Answer answers[3] = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  MdCardJob job = job_template;
  set_world (f, "A1");
  job.func = stand_still;
  job.data = &gate;
  md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &answers[0]);
  job.func = count_start;
  job.data = &between;
  md_pcsc_run_async (f->pcsc, &job, cancellable, on_answer, &answers[1]);
  job.data = &gate;
  md_pcsc_run_async (f->pcsc, &job, NULL, on_answer, &answers[2]);
  await_started (&gate, 1);
  callers = cancellable;
  meanwhile_gate = &gate;
  meanwhile = let_all_pass;
  g_cancellable_cancel (cancellable);
  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    await_answer (&answers[i]);
  g_assert_null (meanwhile);
  g_assert_error (answers[1].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (between.started, ==, 0);
  g_assert_cmpint (md_pcsc_get_held (f->pcsc), ==, MD_PCSC_HELD_NOT);
  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    answer_clear (&answers[i]);
}

// As the card's module does it: says that a PIN goes out, and then looks whether it may.
static gpointer
send_pin (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  Gate *gate = data;
  g_free (stand_still (connection, gate, cancellable, error));
  md_card_connection_set_unanswered (connection, MD_CARD_PIN_AUTH);
  g_assert_false (g_cancellable_is_cancelled (cancellable));
  return stand_still (connection, gate, cancellable, error);
}

static void
let_pin_out (Gate *gate)
{
  let_through (gate);
  await_started (gate, 2);
}

// A PIN goes out between the look at what an errand does and its cancellation: that it may count is
// told.
static void
test_given_up_as_a_pin_goes_out (Fixture *f, gconstpointer data)
{
  static Gate gate;
  Answer answer = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  MdCardJob job = job_template;
  set_world (f, "A1");
  job.func = send_pin;
  job.data = &gate;
  md_pcsc_run_async (f->pcsc, &job, cancellable, on_answer, &answer);
  await_started (&gate, 1);
  callers = cancellable;
  meanwhile_gate = &gate;
  meanwhile = let_pin_out;
  g_cancellable_cancel (cancellable);
  await_answer (&answer);
  g_assert_null (meanwhile);
  g_assert_error (answer.error, MD_CARD_ERROR, MD_CARD_ERROR_STOPPED);
  g_assert_true (md_card_error_is_unanswered (answer.error));
  let_through (&gate);
  await (md_pcsc_get_held (f->pcsc) == MD_PCSC_HELD_NOT);
  answer_clear (&answer);
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

// Stopping with a card that hangs ends, although the card never does; what waited is told.
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
  md_pcsc_stop (f->pcsc);
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
  ADD ("side-by-side", test_side_by_side);
  ADD ("held-by-the-next", test_held_by_the_next);
  ADD ("cancelled-before", test_cancelled_before);
  ADD ("given-up-does-not-start", test_given_up_does_not_start);
  ADD ("given-up-as-a-pin-goes-out", test_given_up_as_a_pin_goes_out);
  ADD ("stop-with-a-silent-card", test_stop_with_a_silent_card);
#undef ADD
  return g_test_run ();
}
