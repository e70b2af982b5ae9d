// SPDX-License-Identifier: Apache-2.0
// Cards that leave in the middle, readers that are held, a service that comes and goes, on real
// parts.
#include "reader-fixture.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

// The card is pulled out at every single command of the flow, before and after it did the work:
// always REMOVED, never a wrong PIN, no try lost, and the next card is read as if nothing had been.
static void
test_pulled_out_anywhere (Fixture *f, gconstpointer data)
{
  const char *kind = data;
  put_in (f, "resident", "tanaka");
  guint before = commands_so_far ();
  assert_verdict (f, MD_IDENTITY_VALID, MD_REVOCATION_SOURCE_OCSP);
  guint commands = commands_so_far () - before;
  g_assert_cmpuint (commands, >, 20);
  for (guint at = 1; at <= commands; at += 3)
    {
      g_autofree char *fault = g_strdup_printf ("fault %s at %u", kind, at);
      put_in (f, "resident", "tanaka");
      order ("resident", fault);
      assert_fails (f, NULL, NULL, MD_CARD_ERROR_REMOVED, MD_CARD_TRIES_UNKNOWN);
    }
  put_in (f, "resident", "tanaka");
  assert_tries (f, 3, 3, 5);
  assert_verdict (f, MD_IDENTITY_VALID, MD_REVOCATION_SOURCE_OCSP);
}

// Until pcscd has noticed; our main loop does not run meanwhile.
static void
await_behind_our_back (MdCardSlot slot)
{
  g_autoptr (MdPcscBackend) other = md_pcsc_backend_new ();
  for (int i = 0; i < 4500; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MdCardSnapshot) now
          = md_card_backend_watch (MD_CARD_BACKEND (other), NULL, NULL, &error);
      g_assert_no_error (error);
      if (md_card_snapshot_find (now, WARD_RESIDENT_READER)->slot == slot)
        return;
      g_usleep (20000);
    }
  g_assert_not_reached ();
}

// Swapped between the look and the PIN: the PIN does not go to the other card.
static void
test_swapped_card (Fixture *f, gconstpointer data)
{
  put_in (f, "resident", "tanaka");
  MdCardReader *reader = reader_of (f, MD_CARD_ROLE_RESIDENT);
  guint32 events = md_card_reader_get_events (reader);
  Answer answer = { 0 };
  MdIdentifyRequest request = ward_request (NULL, NULL);
  g_autofree char *path = ward_path ("cards", "sato", NULL);
  g_autofree char *text = g_strconcat ("insert ", path, NULL);
  order ("resident", "remove");
  await_behind_our_back (MD_CARD_SLOT_EMPTY);
  order ("resident", text);
  await_behind_our_back (MD_CARD_SLOT_PRESENT);
  g_assert_cmpuint (md_card_reader_get_events (reader), ==, events);
  md_identifier_identify_async (f->identifier, f->pcsc, reader, &request, NULL, on_identified,
                                &answer);
  await (answer.done);
  md_identify_request_clear (&request);
  g_assert_error (answer.error, MD_CARD_ERROR, MD_CARD_ERROR_REMOVED);
  g_clear_error (&answer.error);
  // We are told of both changes, one after the other; only after the second one a card lies there.
  await (has_card (f, MD_CARD_ROLE_RESIDENT) && md_card_reader_get_events (reader) != events);
  assert_tries (f, 3, 3, 5);
}

#define AT_A_FILE 6
#define AT_THE_PIN 10

// Cancelled in the middle of command AT, which does not come back: the answer needs nothing but a
// few turns of the main loop, however busy the machine is. The PIN is another card's. (transfer
// full)
static GError *
cancel_at (Fixture *f, const char *fault, guint at)
{
  enum
  {
    TURNS = 10
  };
  Answer answer = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *text = g_strdup_printf ("fault %s at %u", fault, at);
  MdIdentifyRequest request = ward_request (NULL, NULL);
  put_in (f, "resident", "sato");
  guint before = commands_so_far ();
  order ("resident", text);
  md_identifier_identify_async (f->identifier, f->pcsc, reader_of (f, MD_CARD_ROLE_RESIDENT),
                                &request, cancellable, on_identified, &answer);
  await (commands_so_far () >= before + at);
  g_cancellable_cancel (cancellable);
  for (int turn = 0; turn < TURNS && !answer.done; turn++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_true (answer.done);
  md_identify_request_clear (&request);
  return answer.error;
}

static void
test_cancel_a_silent_card (Fixture *f, gconstpointer data)
{
  static const char *const faults[] = { "delay 60000", "mute" };
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (GError) error = cancel_at (f, faults[i], AT_A_FILE);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
  put_in (f, "resident", "tanaka");
  assert_verdict (f, MD_IDENTITY_VALID, MD_REVOCATION_SOURCE_OCSP);
}

// Given up while the card has a PIN and has not answered: what is told leaves open whether it
// counted. Here it did, and that is shown once the card lies there again.
static void
test_cancel_while_a_pin_is_on_its_way (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = cancel_at (f, "delay 60000", AT_THE_PIN);
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_STOPPED);
  g_assert_cmpint (md_card_error_get_pin (error), ==, MD_CARD_PIN_TEXT);
  g_autoptr (MdCardText) text = md_identity_text_for_error (error);
  g_assert_nonnull (strstr (text->meaning, "counts as one wrong entry"));
  put_in (f, "resident", "sato");
  assert_tries (f, 3, 2, 5);
  assert_fails (f, NULL, NULL, MD_CARD_ERROR_PIN_SAME, 2);
  g_clear_error (&error);
  g_autoptr (MdIdentityProof) proof = identify (f, "2603", "0814", &error);
  g_assert_no_error (error);
  assert_tries (f, 3, 3, 5);
}

// --- Two readers ---

static gpointer
read_staff (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (MdStaffCard) card = md_staff_card_new (connection, cancellable, error);
  return card != NULL
             ? md_staff_card_read_certificate (card, MD_STAFF_SLOT_CARD_AUTH, cancellable, error)
             : NULL;
}

static void
on_staff (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;
  answer->result = md_pcsc_run_finish (MD_PCSC (source), result, &answer->error);
  answer->done = TRUE;
}

static void
assert_staff_reader_answers (Fixture *f)
{
  MdCardReader *reader = reader_of (f, MD_CARD_ROLE_STAFF);
  MdCardJob job = { .reader = md_card_reader_get_name (reader),
                    .func = read_staff,
                    .result_free = (GDestroyNotify)g_bytes_unref };
  Answer answer = { 0 };
  md_pcsc_run_async (f->pcsc, &job, NULL, on_staff, &answer);
  await (answer.done);
  g_assert_no_error (answer.error);
  g_assert_nonnull (answer.result);
  g_bytes_unref (answer.result);
}

// The resident's card says nothing: the officer's reader answers all the same, while it is waited
// for and after it was given up. It goes on by itself when the card is lifted.
static void
test_mute_beside_staff (Fixture *f, gconstpointer data)
{
  Answer answer = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  MdIdentifyRequest request = ward_request (NULL, NULL);
  put_in (f, "resident", "sato");
  put_in (f, "staff", "staff-S0001");
  md_pcsc_set_patience (f->pcsc, 600);
  guint before = commands_so_far ();
  order ("resident", "fault mute at " G_STRINGIFY (AT_A_FILE));
  md_identifier_identify_async (f->identifier, f->pcsc, reader_of (f, MD_CARD_ROLE_RESIDENT),
                                &request, cancellable, on_identified, &answer);
  await (commands_so_far () >= before + AT_A_FILE);
  assert_staff_reader_answers (f);
  g_assert_false (answer.done);
  g_cancellable_cancel (cancellable);
  await (answer.done);
  md_identify_request_clear (&request);
  g_assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&answer.error);
  g_assert_cmpint (md_pcsc_get_held_on (f->pcsc, reader_of (f, MD_CARD_ROLE_RESIDENT)), ==,
                   MD_PCSC_HELD_BY_CARD);
  g_assert_cmpint (md_pcsc_get_held_on (f->pcsc, reader_of (f, MD_CARD_ROLE_STAFF)), ==,
                   MD_PCSC_HELD_NOT);
  assert_staff_reader_answers (f);
  md_pcsc_set_patience (f->pcsc, MD_CARD_PATIENCE_S);
  put_in (f, "resident", "tanaka");
  await (md_pcsc_get_held (f->pcsc) == MD_PCSC_HELD_NOT);
  assert_verdict (f, MD_IDENTITY_VALID, MD_REVOCATION_SOURCE_OCSP);
}

// What this program does when it is started with --hold: takes the card and keeps it until its
// input ends.
static int
hold (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdPcscBackend) backend = md_pcsc_backend_new ();
  g_autoptr (MdCardConnection) held
      = md_card_connection_open (MD_CARD_BACKEND (backend), WARD_RESIDENT_READER, NULL, &error);
  g_assert_no_error (error);
  puts ("held");
  fflush (stdout);
  return getchar () == EOF ? 0 : 1;
}

// Another program has the card: it is named, nothing is lost, and when the card is free again it
// works.
static void
test_held_by_another (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  put_in (f, "resident", "tanaka");
  g_autoptr (GSubprocess) other
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                          "/proc/self/exe", "--hold", NULL);
  g_assert_no_error (error);
  char word[5] = "";
  g_assert_cmpint (g_input_stream_read (g_subprocess_get_stdout_pipe (other), word, 4, NULL, NULL),
                   ==, 4);
  g_assert_cmpstr (word, ==, "held");

  g_assert_null (identify (f, NULL, NULL, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_BUSY);
  g_assert_cmpstr (md_card_error_get_holder (error), ==, "exe"); // as it was started
  g_autoptr (MdCardText) text = md_identity_text_for_error (error);
  g_assert_nonnull (strstr (text->meaning, "exe"));
  g_clear_error (&error);
  g_output_stream_close (g_subprocess_get_stdin_pipe (other), NULL, NULL);
  g_assert_true (g_subprocess_wait_check (other, NULL, &error));
  assert_verdict (f, MD_IDENTITY_VALID, MD_REVOCATION_SOURCE_OCSP);
}

// With nothing happening, nothing runs: processor time of this process over two seconds, in the
// quietest of some.
static void
test_idle_costs_nothing (Fixture *f, gconstpointer data)
{
  put_in (f, "resident", "tanaka");
  clock_t least_ms = G_MAXINT;
  for (int window = 0; window < 8 && least_ms >= 20; window++)
    {
      clock_t before = clock ();
      gint64 end = g_get_monotonic_time () + 2 * G_USEC_PER_SEC;
      while (g_get_monotonic_time () < end)
        {
          g_main_context_iteration (NULL, FALSE);
          g_usleep (200000);
        }
      least_ms = MIN (least_ms, (clock () - before) * 1000 / CLOCKS_PER_SEC);
    }
  g_assert_cmpint (least_ms, <, 20);
}

// --- pcscd comes and goes ---

static void
stop_pcscd (void)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_file_get_contents ("/run/pcscd/pcscd.pid", &text, NULL, &error);
  g_assert_no_error (error);
  pid_t pid = (pid_t)g_ascii_strtoll (text, NULL, 10);
  g_assert_cmpint (pid, >, 1);
  g_assert_cmpint (kill (pid, SIGTERM), ==, 0);
}

static void
die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static GPid
start_pcscd (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *readers = ward_path ("run", "readers", NULL);
  const char *words[] = { "pcscd", "--foreground", "--config", readers, NULL };
  g_autofree char **argv = g_memdup2 (words, sizeof words);
  GPid pid = 0;
  g_spawn_async (NULL, argv, NULL,
                 G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL
                     | G_SPAWN_DO_NOT_REAP_CHILD,
                 die_with_parent, NULL, &pid, &error);
  g_assert_no_error (error);
  return pid;
}

static void
test_pcscd_missing_and_back (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  put_in (f, "resident", "tanaka");
  g_autoptr (MdCardReader) reader = g_object_ref (reader_of (f, MD_CARD_ROLE_RESIDENT));
  stop_pcscd ();
  await (md_pcsc_get_state (f->pcsc) == MD_PCSC_STATE_NO_SERVICE);
  g_assert_cmpuint (f->removed, ==, 1);

  Answer answer = { 0 };
  md_identifier_inspect_async (f->identifier, f->pcsc, reader, NULL, on_inspected, &answer);
  await (answer.done);
  g_assert_error (answer.error, MD_CARD_ERROR, MD_CARD_ERROR_NO_SERVICE);
  g_clear_error (&answer.error);

  GPid pid = start_pcscd ();
  await (md_pcsc_get_state (f->pcsc) == MD_PCSC_STATE_READY);
  await (has_card (f, MD_CARD_ROLE_RESIDENT));
  assert_verdict (f, MD_IDENTITY_VALID, MD_REVOCATION_SOURCE_OCSP);

  // It dies while the card is being read.
  MdIdentifyRequest request = ward_request (NULL, NULL);
  put_in (f, "resident", "tanaka");
  guint before = commands_so_far ();
  order ("resident", "fault mute at 8");
  answer.done = FALSE;
  md_identifier_identify_async (f->identifier, f->pcsc, reader_of (f, MD_CARD_ROLE_RESIDENT),
                                &request, NULL, on_identified, &answer);
  await (commands_so_far () >= before + 8 || answer.done);
  g_assert_false (answer.done);
  kill (pid, SIGKILL);
  await (answer.done);
  md_identify_request_clear (&request);
  g_assert_error (answer.error, MD_CARD_ERROR, MD_CARD_ERROR_SERVICE_LOST);
  g_clear_error (&answer.error);
  await (md_pcsc_get_state (f->pcsc) == MD_PCSC_STATE_NO_SERVICE);
  waitpid (pid, NULL, 0);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  if (argc == 2 && g_str_equal (argv[1], "--hold"))
    return hold ();
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func)                                                                            \
  g_test_add ("/identity/reader/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  g_test_add ("/identity/reader/pulled-out-before", Fixture, "remove", fixture_set_up,
              test_pulled_out_anywhere, fixture_tear_down);
  g_test_add ("/identity/reader/pulled-out-after", Fixture, "remove-after", fixture_set_up,
              test_pulled_out_anywhere, fixture_tear_down);
  ADD ("swapped-card", test_swapped_card);
  ADD ("cancel-a-silent-card", test_cancel_a_silent_card);
  ADD ("cancel-while-a-pin-is-on-its-way", test_cancel_while_a_pin_is_on_its_way);
  ADD ("mute-beside-staff", test_mute_beside_staff);
  ADD ("held-by-another", test_held_by_another);
  ADD ("idle-costs-nothing", test_idle_costs_nothing);
  ADD ("pcscd-missing-and-back",
       test_pcscd_missing_and_back); // last: the world's pcscd is gone after it
#undef ADD
  return g_test_run ();
}
