// SPDX-License-Identifier: Apache-2.0
// The whole of identification on real parts: pcscd, vpcd, the virtual cards, `openssl ocsp`. Runs
// inside `tests/isolated with-world --cards --ocsp`.
#include "ward.h"

#include <gio/gunixsocketaddress.h>
#include <locale.h>
#include <md-pcsc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#define PATIENCE (20 * G_USEC_PER_SEC)

typedef struct
{
  MdPcsc *pcsc;
  MdIdentifier *identifier;
  GString *steps;
  guint inserted;
  guint removed;
} Fixture;

// --- The hand that holds the card ---

static char *
hand (const char *role, const char *order)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strdup_printf ("vcard-%s.sock", role);
  g_autofree char *path = ward_path ("run", name, NULL);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketConnection) connection
      = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  g_autofree char *line = g_strconcat (order, "\n", NULL);
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_assert_true (g_output_stream_write_all (output, line, strlen (line), NULL, NULL, &error));
  g_autoptr (GDataInputStream) input
      = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  char *answer = g_data_input_stream_read_line (input, NULL, NULL, &error);
  g_assert_no_error (error);
  if (!g_str_has_prefix (answer, "ok"))
    g_error ("%s: %s", order, answer);
  return answer;
}

static void
order (const char *role, const char *text)
{
  g_autofree char *answer = hand (role, text);
}

static guint
commands_so_far (void)
{
  g_autofree char *answer = hand ("resident", "count");
  return (guint)g_ascii_strtoull (answer + 3, NULL, 10);
}

// --- The fixture ---

static void
on_step (MdIdentifier *identifier, int step, int state, Fixture *f)
{
  static const char marks[] = { '(', ')', '~', '!', '-' };
  g_string_append_printf (f->steps, "%d%c", step, marks[state]);
}

static void
on_inserted (MdPcsc *pcsc, MdCardReader *reader, Fixture *f)
{
  f->inserted++;
}

static void
on_removed (MdPcsc *pcsc, MdCardReader *reader, Fixture *f)
{
  f->removed++;
}

static MdCardReader *
reader_of (Fixture *f, MdCardRole role)
{
  return md_pcsc_get_reader (f->pcsc, role);
}

static gboolean
has_card (Fixture *f, MdCardRole role)
{
  MdCardReader *reader = reader_of (f, role);
  return reader != NULL && md_card_reader_get_slot (reader) != MD_CARD_SLOT_EMPTY;
}

#define await(condition)                                                                           \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 end_ = g_get_monotonic_time () + PATIENCE;                                              \
    while (!(condition) && g_get_monotonic_time () < end_)                                         \
      if (!g_main_context_iteration (NULL, FALSE))                                                 \
        g_usleep (2000);                                                                           \
    g_assert_true (condition);                                                                     \
  }                                                                                                \
  G_STMT_END

static void
take_out (Fixture *f, const char *role_name, MdCardRole role)
{
  order (role_name, "clear-faults");
  order (role_name, "remove");
  await (!has_card (f, role));
}

// Puts a card on the reader and waits until we were told, as the counter is.
static void
put_in (Fixture *f, const char *role_name, const char *card)
{
  MdCardRole role = g_str_equal (role_name, "staff") ? MD_CARD_ROLE_STAFF : MD_CARD_ROLE_RESIDENT;
  g_autofree char *path = ward_path ("cards", card, NULL);
  g_autofree char *text = g_strconcat ("insert ", path, NULL);
  take_out (f, role_name, role);
  order (role_name, text);
  await (has_card (f, role));
}

static void
use_identifier (Fixture *f, WardRevocation how, gboolean allow_test)
{
  g_clear_object (&f->identifier);
  f->identifier = ward_identifier (how, allow_test);
  g_signal_connect (f->identifier, "step", G_CALLBACK (on_step), f);
}

static void
setup (Fixture *f, gconstpointer data)
{
  f->steps = g_string_new (NULL);
  f->inserted = 0;
  f->removed = 0;
  f->identifier = NULL;
  use_identifier (f, WARD_OCSP, TRUE);
  f->pcsc = md_pcsc_new ();
  md_pcsc_set_role (f->pcsc, MD_CARD_ROLE_RESIDENT, WARD_RESIDENT_READER);
  md_pcsc_set_role (f->pcsc, MD_CARD_ROLE_STAFF, WARD_STAFF_READER);
  g_signal_connect (f->pcsc, "card-inserted", G_CALLBACK (on_inserted), f);
  g_signal_connect (f->pcsc, "card-removed", G_CALLBACK (on_removed), f);
  md_pcsc_start (f->pcsc);
  await (md_pcsc_get_state (f->pcsc) == MD_PCSC_STATE_READY);
  await (reader_of (f, MD_CARD_ROLE_RESIDENT) != NULL);
}

static void
teardown (Fixture *f, gconstpointer data)
{
  take_out (f, "resident", MD_CARD_ROLE_RESIDENT);
  take_out (f, "staff", MD_CARD_ROLE_STAFF);
  md_pcsc_stop (f->pcsc);
  g_assert_finalize_object (f->pcsc);
  g_clear_object (&f->identifier);
  g_string_free (f->steps, TRUE);
}

// --- The two calls, waited for ---

typedef struct
{
  gboolean done;
  gpointer result;
  GError *error;
} Answer;

static void
on_inspected (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;
  answer->result = md_identifier_inspect_finish (MD_IDENTIFIER (source), result, &answer->error);
  answer->done = TRUE;
}

static void
on_identified (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;
  answer->result = md_identifier_identify_finish (MD_IDENTIFIER (source), result, &answer->error);
  answer->done = TRUE;
}

static MdCardInspection *
inspect (Fixture *f, GError **error)
{
  Answer answer = { 0 };
  md_identifier_inspect_async (f->identifier, f->pcsc, reader_of (f, MD_CARD_ROLE_RESIDENT), NULL,
                               on_inspected, &answer);
  await (answer.done);
  if (answer.error != NULL)
    g_propagate_error (error, answer.error);
  return answer.result;
}

static MdIdentityProof *
identify_with (Fixture *f, const MdIdentifyRequest *request, GError **error)
{
  Answer answer = { 0 };
  g_string_truncate (f->steps, 0);
  md_identifier_identify_async (f->identifier, f->pcsc, reader_of (f, MD_CARD_ROLE_RESIDENT),
                                request, NULL, on_identified, &answer);
  await (answer.done);
  if (answer.error != NULL)
    g_propagate_error (error, answer.error);
  return answer.result;
}

static MdIdentityProof *
identify (Fixture *f, const char *text_pin, const char *auth_pin, GError **error)
{
  MdIdentifyRequest request = ward_request (text_pin, auth_pin);
  MdIdentityProof *proof = identify_with (f, &request, error);
  ward_request_clear (&request);
  return proof;
}

static void
assert_verdict (Fixture *f, MdIdentityVerdict verdict, MdRevocationSource source)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdIdentityProof) proof = identify (f, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (md_identity_verdict_to_string (md_identity_proof_get_verdict (proof)), ==,
                   md_identity_verdict_to_string (verdict));
  g_assert_cmpint (md_identity_proof_get_revocation (proof), ==, source);
  g_autoptr (MdCardText) text = md_identity_text_for_verdict (verdict);
  g_test_message ("%s | %s | %s", text->title, text->meaning, text->action);
}

static void
assert_fails (Fixture *f, const char *text_pin, const char *auth_pin, int code, int tries)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (identify (f, text_pin, auth_pin, &error));
  g_assert_error (error, MD_CARD_ERROR, code);
  g_assert_cmpint (md_card_error_get_tries (error), ==, tries);
}

static void
assert_tries (Fixture *f, int auth, int text, int sign)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCardInspection) inspection = inspect (f, &error);
  g_assert_no_error (error);
  g_assert_cmpint (inspection->tries_auth, ==, auth);
  g_assert_cmpint (inspection->tries_text, ==, text);
  g_assert_cmpint (inspection->tries_sign, ==, sign);
}

// --- The tests ---

static void
test_good_person (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  put_in (f, "resident", "tanaka");
  g_assert_cmpuint (f->inserted, ==, 1);
  g_autoptr (MdCardInspection) inspection = inspect (f, &error);
  g_assert_no_error (error);
  g_assert_cmpint (inspection->token, ==, MD_TOKEN_CARD);
  g_assert_cmpstr (inspection->label, ==, "JPKIAPICCTOKEN2");
  g_assert_true (inspection->has_auth_certificate && inspection->has_sign_certificate);
  assert_tries (f, 3, 3, 5);

  g_autoptr (MdIdentityProof) proof = identify (f, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (md_identity_proof_get_verdict (proof), ==, MD_IDENTITY_VALID);
  g_assert_cmpint (md_identity_proof_get_revocation (proof), ==, MD_REVOCATION_SOURCE_OCSP);
  g_assert_cmpstr (f->steps->str, ==, "0(0)1(1)2(2)3(3)4(4)5(5)8(6(6)7(7)8)");
  MdCardAttributes *person = md_identity_proof_get_attributes (proof);
  g_assert_cmpstr (md_card_attributes_get_name (person), ==, "田中　恵子");
  g_assert_cmpstr (md_card_attributes_get_address (person), ==,
                   "東京都あおぞら区青空一丁目２番３号");
  g_assert_cmpstr (md_card_attributes_get_birth (person), ==, "19830514");
  g_assert_cmpint (md_card_attributes_get_sex (person), ==, MD_CARD_SEX_FEMALE);
  g_assert_cmpstr (md_individual_number_get_masked (md_identity_proof_get_number (proof)), ==,
                   "********9018");
}

// Stored and judged again, as the back office does years later.
static void
test_evidence_holds_later (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  put_in (f, "resident", "suzuki");
  g_autoptr (MdIdentityProof) proof = identify (f, "5963", "4649", &error);
  g_assert_no_error (error);
  g_autoptr (MdSecret) json = md_identity_proof_encode (proof);
  g_assert_null (strstr (md_secret_get_text (json), "111111111118")); // the number is not in it
  g_autoptr (MdIdentityProof) later
      = md_identity_proof_decode (md_secret_get_data (json), md_secret_get_size (json), &error);
  g_assert_no_error (error);
  g_autoptr (MdTrust) trust = ward_trust (TRUE);
  g_assert_cmpint (md_identity_proof_recheck (later, trust), ==, MD_IDENTITY_VALID);
  g_autoptr (MdSecret) again = md_identity_proof_encode (later);
  g_assert_true (md_secret_equal (json, again));

  // The same evidence under another intake does not hold.
  g_autoptr (GString) moved = g_string_new (md_secret_get_text (json));
  g_string_replace (moved, "0190b6d2-7c3e", "0190b6d2-7c3f", 0);
  g_assert_null (md_identity_proof_decode ((const guint8 *)moved->str, moved->len, &error));
  g_assert_error (error, MD_IDENTITY_ERROR, MD_IDENTITY_ERROR_MALFORMED);
}

static void
test_wrong_pin (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  put_in (f, "resident", "nguyen");
  assert_fails (f, NULL, "9999", MD_CARD_ERROR_PIN_WRONG, 2);
  assert_tries (f, 2, 3, 5);

  // The same once more: the card hears nothing of it.
  guint before = commands_so_far ();
  assert_fails (f, NULL, "9999", MD_CARD_ERROR_PIN_SAME, 2);
  g_assert_cmpuint (commands_so_far (), ==, before);

  assert_fails (f, "8888", NULL, MD_CARD_ERROR_PIN_WRONG, 2);
  assert_tries (f, 2, 2, 5);
  assert_verdict (f, MD_IDENTITY_VALID, MD_REVOCATION_SOURCE_OCSP);
  assert_tries (f, 3, 3, 5);
}

static void
test_locked_pin (Fixture *f, gconstpointer data)
{
  put_in (f, "resident", "locked");
  assert_tries (f, 0, 3, 5);
  assert_fails (f, "8888", NULL, MD_CARD_ERROR_PIN_BLOCKED, 0);
  assert_tries (f, 0, 3, 5); // the other PIN was not even tried
  put_in (f, "resident", "textlocked");
  assert_fails (f, NULL, NULL, MD_CARD_ERROR_PIN_BLOCKED, 0);
  put_in (f, "resident", "faceauth");
  assert_tries (f, 0, 0, 0);
}

static void
test_last_try (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  put_in (f, "resident", "lasttry");
  assert_tries (f, 1, 1, 5);
  assert_fails (f, NULL, NULL, MD_CARD_ERROR_PIN_LAST_TRY, 1);
  assert_tries (f, 1, 1, 5);
  MdIdentifyRequest request = ward_request (NULL, NULL);
  request.confirmed_last_try = TRUE;
  g_autoptr (MdIdentityProof) proof = identify_with (f, &request, &error);
  ward_request_clear (&request);
  g_assert_no_error (error);
  g_assert_cmpint (md_identity_proof_get_verdict (proof), ==, MD_IDENTITY_VALID);
  assert_tries (f, 3, 3, 5);
}

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
  for (int i = 0; i < 500; i++)
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
  ward_request_clear (&request);
  g_assert_error (answer.error, MD_CARD_ERROR, MD_CARD_ERROR_REMOVED);
  g_clear_error (&answer.error);
  // We are told of both changes, one after the other; only after the second one a card lies there.
  await (has_card (f, MD_CARD_ROLE_RESIDENT) && md_card_reader_get_events (reader) != events);
  assert_tries (f, 3, 3, 5);
}

static void
test_unknown_card (Fixture *f, gconstpointer data)
{
  put_in (f, "resident", "unknown");
  assert_fails (f, NULL, NULL, MD_CARD_ERROR_UNKNOWN_CARD, MD_CARD_TRIES_UNKNOWN);
  put_in (f, "resident", "staff-S0001");
  assert_fails (f, NULL, NULL, MD_CARD_ERROR_WRONG_CARD, MD_CARD_TRIES_UNKNOWN);
  take_out (f, "resident", MD_CARD_ROLE_RESIDENT);
  assert_fails (f, NULL, NULL, MD_CARD_ERROR_NO_CARD, MD_CARD_TRIES_UNKNOWN);
}

static void
test_bad_certificates (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *card;
    MdIdentityVerdict verdict;
    MdRevocationSource source;
  } rows[] = {
    { "expired", MD_IDENTITY_EXPIRED, MD_REVOCATION_SOURCE_NONE },
    { "notyet", MD_IDENTITY_NOT_YET_VALID, MD_REVOCATION_SOURCE_NONE },
    { "foreign", MD_IDENTITY_UNTRUSTED_ISSUER, MD_REVOCATION_SOURCE_NONE },
    { "broken", MD_IDENTITY_BAD_CERTIFICATE, MD_REVOCATION_SOURCE_NONE },
    { "clone", MD_IDENTITY_BAD_PROOF, MD_REVOCATION_SOURCE_NONE },
    { "tampered", MD_IDENTITY_BAD_DATA, MD_REVOCATION_SOURCE_NONE },
    { "revoked", MD_IDENTITY_REVOKED, MD_REVOCATION_SOURCE_OCSP },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      put_in (f, "resident", rows[i].card);
      assert_verdict (f, rows[i].verdict, rows[i].source);
    }
  put_in (f, "resident", "nocert");
  assert_fails (f, NULL, NULL, MD_CARD_ERROR_NO_DATA, MD_CARD_TRIES_UNKNOWN);
}

// A verdict that stops before the signature costs no presentation of the authentication PIN.
static void
test_stop_before_the_pin (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  put_in (f, "resident", "expired");
  g_autoptr (MdIdentityProof) proof = identify (f, NULL, "9999", &error);
  g_assert_no_error (error);
  g_assert_cmpint (md_identity_proof_get_verdict (proof), ==, MD_IDENTITY_EXPIRED);
  g_assert_null (md_identity_proof_get_signature (proof));
  g_assert_cmpstr (f->steps->str, ==, "0(0)1(1)2(2)3(3)4(4)5(5!");
  assert_tries (f, 3, 3, 5);
}

static void
test_crl_when_nobody_answers (Fixture *f, gconstpointer data)
{
  use_identifier (f, WARD_CRL, TRUE);
  put_in (f, "resident", "tanaka");
  assert_verdict (f, MD_IDENTITY_VALID, MD_REVOCATION_SOURCE_CRL);
  put_in (f, "resident", "revoked");
  assert_verdict (f, MD_IDENTITY_REVOKED, MD_REVOCATION_SOURCE_CRL);
}

static void
test_no_answer_is_deferred (Fixture *f, gconstpointer data)
{
  use_identifier (f, WARD_NOTHING, TRUE);
  put_in (f, "resident", "tanaka");
  assert_verdict (f, MD_IDENTITY_DEFERRED, MD_REVOCATION_SOURCE_NONE);
  g_assert_true (g_str_has_suffix (f->steps->str, "8~"));
}

static void
test_unlisted_is_unknown (Fixture *f, gconstpointer data)
{
  put_in (f, "resident", "unlisted");
  assert_verdict (f, MD_IDENTITY_REVOCATION_UNKNOWN, MD_REVOCATION_SOURCE_OCSP);
}

static void
test_production_refuses_test_cards (Fixture *f, gconstpointer data)
{
  use_identifier (f, WARD_OCSP, FALSE);
  put_in (f, "resident", "tanaka");
  assert_verdict (f, MD_IDENTITY_TEST_CARD, MD_REVOCATION_SOURCE_NONE);
}

static void
test_odd_cards (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  put_in (f, "resident", "quirky");
  assert_verdict (f, MD_IDENTITY_VALID, MD_REVOCATION_SOURCE_OCSP);
  put_in (f, "resident", "iphone");
  g_autoptr (MdCardInspection) iphone = inspect (f, &error);
  g_assert_no_error (error);
  g_assert_cmpint (iphone->token, ==, MD_TOKEN_IPHONE);
  put_in (f, "resident", "child");
  g_autoptr (MdCardInspection) child = inspect (f, &error);
  g_assert_no_error (error);
  g_assert_false (child->has_sign_certificate);
  assert_verdict (f, MD_IDENTITY_VALID, MD_REVOCATION_SOURCE_OCSP);
}

typedef struct
{
  GCancellable *cancellable;
  gint64 cancelled_at;
} Cancelling;

static gboolean
cancel_now (gpointer data)
{
  Cancelling *cancelling = data;
  cancelling->cancelled_at = g_get_monotonic_time ();
  g_cancellable_cancel (cancelling->cancellable);
  return G_SOURCE_REMOVE;
}

// Cancelled in the middle of a command that does not come back; milliseconds from there to the
// answer.
static gint64
cancel_once (Fixture *f, const char *card, const char *fault, guint after_ms)
{
  Answer answer = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Cancelling cancelling = { .cancellable = cancellable };
  MdIdentifyRequest request = ward_request (NULL, NULL);
  put_in (f, "resident", card);
  if (fault != NULL)
    order ("resident", fault);
  md_identifier_identify_async (f->identifier, f->pcsc, reader_of (f, MD_CARD_ROLE_RESIDENT),
                                &request, cancellable, on_identified, &answer);
  g_timeout_add (after_ms, cancel_now, &cancelling);
  await (answer.done);
  gint64 took = (g_get_monotonic_time () - cancelling.cancelled_at) / 1000;
  ward_request_clear (&request);
  g_assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&answer.error);
  return took;
}

// Within 100 ms; a machine busy with other tests gets three chances.
static void
check_cancel (Fixture *f, const char *card, const char *fault, guint after_ms)
{
  gint64 best = G_MAXINT64;
  for (int chance = 0; chance < 3 && best >= 100; chance++)
    best = MIN (best, cancel_once (f, card, fault, after_ms));
  g_assert_cmpint (best, <, 100);
}

static void
test_cancel_a_silent_card (Fixture *f, gconstpointer data)
{
  check_cancel (f, "slow", NULL, 900);
  check_cancel (f, "sato", "fault mute at 6", 500);
  put_in (f, "resident", "tanaka");
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

// After every conversation the card has no power: what was verified is forgotten.
static void
test_nothing_stays_verified (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  put_in (f, "resident", "tanaka");
  assert_verdict (f, MD_IDENTITY_VALID, MD_REVOCATION_SOURCE_OCSP);
  g_autoptr (MdPcscBackend) other = md_pcsc_backend_new ();
  g_autoptr (MdCardConnection) connection
      = md_card_connection_open (MD_CARD_BACKEND (other), WARD_RESIDENT_READER, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (MdMyNumberCard) card = md_mynumber_card_new (connection, NULL, &error);
  g_assert_no_error (error);
  guint8 digest[32] = { 0 };
  g_assert_null (md_mynumber_card_sign (card, MD_CARD_KEY_AUTH, md_card_profile_find ("rsa-2048"),
                                        digest, NULL, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_NEEDED);
  g_clear_error (&error);
  g_assert_null (md_mynumber_card_read_number (card, NULL, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_NEEDED);
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
  kill (pid, SIGTERM);
  await (md_pcsc_get_state (f->pcsc) == MD_PCSC_STATE_NO_SERVICE);
  waitpid (pid, NULL, 0);
}

// With nothing happening, nothing runs: processor time of this process over two seconds.
static void
test_idle_costs_nothing (Fixture *f, gconstpointer data)
{
  put_in (f, "resident", "tanaka");
  clock_t before = clock ();
  gint64 end = g_get_monotonic_time () + 2 * G_USEC_PER_SEC;
  while (g_get_monotonic_time () < end)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (200000);
    }
  g_assert_cmpint ((clock () - before) * 1000 / CLOCKS_PER_SEC, <, 20);
}

// --- The staff card as a key ---

typedef struct
{
  const char *pin;
  char *subject;
} StaffWork;

static gpointer
staff_job (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  StaffWork *work = data;
  guint8 digest[32] = { 1, 2, 3 };
  g_autoptr (MdStaffCard) card = md_staff_card_new (connection, cancellable, error);
  if (card == NULL)
    return NULL;
  g_autoptr (MdCertificate) certificate = NULL;
  g_autoptr (MdKey) proof
      = md_staff_key_new (card, MD_STAFF_SLOT_CARD_AUTH, NULL, &certificate, cancellable, error);
  if (proof == NULL)
    return NULL;
  g_autoptr (GBytes) answer = md_key_sign_digest (proof, digest, error);
  if (answer == NULL || !md_certificate_verify_digest (certificate, digest, answer, error))
    return NULL;

  g_autoptr (MdSecret) pin = md_secret_new_from_text (work->pin);
  g_autoptr (MdCertificate) signer = NULL;
  g_autoptr (MdKey) sign
      = md_staff_key_new (card, MD_STAFF_SLOT_SIGN, pin, &signer, cancellable, error);
  if (sign == NULL)
    return NULL;
  for (int i = 0; i < 2; i++) // the PIN goes before each signature
    {
      g_autoptr (GBytes) signature = md_key_sign_digest (sign, digest, error);
      if (signature == NULL || !md_certificate_verify_digest (signer, digest, signature, error))
        return NULL;
    }
  return g_strdup (md_certificate_get_subject_cn (signer));
}

static void
on_staff (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;
  answer->result = md_pcsc_run_finish (MD_PCSC (source), result, &answer->error);
  answer->done = TRUE;
}

static void
test_staff_card (Fixture *f, gconstpointer data)
{
  StaffWork work = { .pin = "123456" };
  put_in (f, "staff", "staff-S0001");
  MdCardJob job
      = { .reader = WARD_STAFF_READER, .func = staff_job, .data = &work, .result_free = g_free };
  Answer answer = { 0 };
  md_pcsc_run_async (f->pcsc, &job, NULL, on_staff, &answer);
  await (answer.done);
  g_assert_no_error (answer.error);
  g_assert_cmpstr (answer.result, ==, "S0001");
  g_free (answer.result);

  work.pin = "999999";
  answer = (Answer){ 0 };
  md_pcsc_run_async (f->pcsc, &job, NULL, on_staff, &answer);
  await (answer.done);
  g_assert_error (answer.error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_WRONG);
  g_assert_cmpint (md_card_error_get_tries (answer.error), ==, 2);
  g_assert_cmpint (md_card_error_get_pin (answer.error), ==, MD_CARD_PIN_STAFF);
  g_clear_error (&answer.error);

  put_in (f, "staff", "tanaka");
  answer = (Answer){ 0 };
  md_pcsc_run_async (f->pcsc, &job, NULL, on_staff, &answer);
  await (answer.done);
  g_assert_error (answer.error, MD_CARD_ERROR, MD_CARD_ERROR_WRONG_CARD);
  g_clear_error (&answer.error);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  if (argc == 2 && g_str_equal (argv[1], "--hold"))
    return hold ();
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/identity/real/" name, Fixture, NULL, setup, func, teardown)
  ADD ("good-person", test_good_person);
  ADD ("evidence-holds-later", test_evidence_holds_later);
  ADD ("wrong-pin", test_wrong_pin);
  ADD ("locked-pin", test_locked_pin);
  ADD ("last-try", test_last_try);
  g_test_add ("/identity/real/pulled-out-before", Fixture, "remove", setup,
              test_pulled_out_anywhere, teardown);
  g_test_add ("/identity/real/pulled-out-after", Fixture, "remove-after", setup,
              test_pulled_out_anywhere, teardown);
  ADD ("swapped-card", test_swapped_card);
  ADD ("unknown-card", test_unknown_card);
  ADD ("bad-certificates", test_bad_certificates);
  ADD ("stop-before-the-pin", test_stop_before_the_pin);
  ADD ("crl-when-nobody-answers", test_crl_when_nobody_answers);
  ADD ("no-answer-is-deferred", test_no_answer_is_deferred);
  ADD ("unlisted-is-unknown", test_unlisted_is_unknown);
  ADD ("production-refuses-test-cards", test_production_refuses_test_cards);
  ADD ("odd-cards", test_odd_cards);
  ADD ("cancel-a-silent-card", test_cancel_a_silent_card);
  ADD ("held-by-another", test_held_by_another);
  ADD ("nothing-stays-verified", test_nothing_stays_verified);
  ADD ("idle-costs-nothing", test_idle_costs_nothing);
  ADD ("staff-card", test_staff_card);
  ADD ("pcscd-missing-and-back",
       test_pcscd_missing_and_back); // last: the world's pcscd is gone after it
#undef ADD
  return g_test_run ();
}
