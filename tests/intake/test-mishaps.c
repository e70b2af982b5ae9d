// SPDX-License-Identifier: Apache-2.0
/* What goes wrong at a counter: cards, PINs, officers, the service. Each ends in words, and the
 * work goes on. */
#include "counter.h"

#include <signal.h>
#include <string.h>

static Counter *counter;

static MdIntake *
begin (const char *procedure)
{
  MdIntake *intake = md_desk_begin_intake (counter->desk);
  g_autoptr (GError) error = NULL;

  g_assert_true (
      counter_choose (intake, md_catalogue_get_form (counter->catalogue, procedure), &error));
  g_assert_no_error (error);
  md_intake_acknowledge_notice (intake);
  return intake;
}

static void
assert_trouble (MdIntake *intake)
{
  MdTrouble *trouble = md_intake_get_trouble (intake);

  g_assert_nonnull (trouble);
  g_assert_cmpuint (strlen (md_trouble_get_title (trouble)), >, 5);
  g_test_message ("%s | %s | %s", md_trouble_get_title (trouble), md_trouble_get_meaning (trouble),
                  md_trouble_get_action (trouble));
  g_assert_nonnull (md_trouble_get_action (trouble));
}

static void
take_card_away (MdIntake *intake)
{
  counter_remove (counter, "resident");
  counter_wait (intake, "wait", MD_WAIT_CARD);
  g_assert_cmpuint (g_list_model_get_n_items (md_intake_get_checks (intake)), ==, 0);
}

/* --- residents' cards --- */

static void
test_refused_cards (void)
{
  static const char *const cards[]
      = { "expired", "revoked", "foreign", "notyet", "clone", "broken", "tampered" };
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = begin ("pension.exemption");
  for (guint i = 0; i < G_N_ELEMENTS (cards); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", cards[i]);
      counter_insert (counter, "resident", cards[i]);
      counter_wait (intake, "wait", MD_WAIT_PIN);
      g_assert_false (counter_identify (counter, intake, cards[i], &error));
      g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED);
      g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_REFUSED);
      g_assert_false (md_intake_get_can_advance (intake));
      g_assert_false (md_intake_advance (intake));
      assert_trouble (intake);
      take_card_away (intake);
      g_assert_null (md_intake_get_trouble (intake));
    }
}

static void
test_pointless_cards (void)
{
  static const char *const cards[] = { "locked", "textlocked", "nocert" };
  static const char *const causes[]
      = { "refused cause=pin-blocked", "refused cause=pin-blocked", "refused cause=no-data" };
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = begin ("pension.exemption");
  for (guint i = 0; i < G_N_ELEMENTS (cards); i++)
    {
      g_test_message ("%s", cards[i]);
      counter_insert (counter, "resident", cards[i]);
      counter_wait (intake, "wait", MD_WAIT_REFUSED);
      assert_trouble (intake);
      counter_assert_recorded (counter, "identification", causes[i]);
      take_card_away (intake);
    }
  /* Something that is no My Number card: said at once, and the reader waits for another. */
  counter_insert (counter, "resident", "unknown");
  while (!md_intake_get_trouble (intake))
    counter_turn (10);
  assert_trouble (intake);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_CARD);
  counter_assert_recorded (counter, "identification", "refused cause=unknown-card");
}

static void
test_wrong_pin (void)
{
  g_autoptr (MdSecret) text = counter_pin (counter, "tanaka", "text");
  g_autoptr (MdSecret) wrong = md_secret_new_from_text ("9999");
  g_autoptr (GError) error = NULL;
  MdIntake *intake;
  int tries;

  counter_login (counter, "S0001");
  intake = begin ("pension.exemption");
  counter_insert (counter, "resident", "tanaka");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_object_get (intake, "tries-auth", &tries, NULL);
  g_assert_cmpint (tries, ==, 3);
  g_assert_false (counter_identify_with (intake, text, wrong, FALSE, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_WRONG);
  g_clear_error (&error);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  counter_wait (intake, "tries-auth", 2);
  assert_trouble (intake);
  g_assert_true (counter_identify (counter, intake, "tanaka", &error));
  g_assert_no_error (error);
  g_assert_null (md_intake_get_trouble (intake));
  g_assert_true (md_intake_advance (intake));
}

/* The last try is spent only when the resident knows. */
static void
test_last_try (void)
{
  g_autoptr (MdSecret) text = counter_pin (counter, "lasttry", "text");
  g_autoptr (MdSecret) auth = counter_pin (counter, "lasttry", "auth");
  g_autoptr (GError) error = NULL;
  gboolean last;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = begin ("lem.certificate");
  counter_insert (counter, "resident", "lasttry");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_object_get (intake, "last-try", &last, NULL);
  g_assert_true (last);
  g_assert_false (counter_identify_with (intake, text, auth, FALSE, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_LAST_TRY);
  g_clear_error (&error);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (counter_identify_with (intake, text, auth, TRUE, &error));
  g_assert_no_error (error);
}

/* Pulled out at any command: an ordinary event that never looks like a wrong PIN. */
static void
test_pulled_out (void)
{
  g_autoptr (GError) error = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = begin ("pension.exemption");
  for (guint at = 1; at <= 25; at += 4)
    {
      g_autofree char *fault = g_strdup_printf ("fault remove at %u", at);

      counter_insert (counter, "resident", "tanaka");
      counter_wait (intake, "wait", MD_WAIT_PIN);
      g_free (counter_order (counter, "resident", fault));
      g_assert_false (counter_identify (counter, intake, "tanaka", &error));
      g_test_message ("at %u: %s", at, error->message);
      g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_REMOVED);
      g_clear_error (&error);
      counter_wait (intake, "wait", MD_WAIT_CARD);
      assert_trouble (intake);
      g_assert_false (md_intake_get_can_advance (intake));
    }
  counter_insert (counter, "resident", "tanaka");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  counter_wait (intake, "tries-auth", 3);
  g_assert_true (counter_identify (counter, intake, "tanaka", &error));
  g_assert_no_error (error);
}

/* Another card lies there, and nobody was told of an empty reader in between. */
static void
swap_unseen (const char *card)
{
  late_backend_hold_news (counter->readers, TRUE);
  counter_insert (counter, "resident", card);
}

/* What was known of the first card is not taken for the second one's. */
static void
test_swapped_unseen (void)
{
  g_autoptr (GError) error = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = begin ("pension.exemption");
  counter_insert (counter, "resident", "tanaka");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  swap_unseen ("locked");
  late_backend_hold_news (counter->readers, FALSE);
  counter_wait (intake, "wait", MD_WAIT_REFUSED);

  /* A refusal goes with its card, too. */
  swap_unseen ("tanaka");
  late_backend_hold_news (counter->readers, FALSE);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_null (md_intake_get_trouble (intake));
  g_assert_true (counter_identify (counter, intake, "tanaka", &error));
  g_assert_no_error (error);
}

/* Swapped under the PIN: it does not go to the other card, and that card is asked for its own. */
static void
test_swapped_under_the_pin (void)
{
  g_autoptr (GError) error = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = begin ("pension.exemption");
  counter_insert (counter, "resident", "tanaka");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  swap_unseen ("sato");
  g_assert_false (counter_identify (counter, intake, "tanaka", &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_REMOVED);
  g_clear_error (&error);
  late_backend_hold_news (counter->readers, FALSE);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  counter_wait (intake, "tries-auth", 3);
  g_assert_null (md_intake_get_trouble (intake));
  g_assert_true (counter_identify (counter, intake, "sato", &error));
  g_assert_no_error (error);
}

/* --- roles --- */

static void
test_clerk_without_number (void)
{
  g_autoptr (GListModel) forms = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *number = NULL;
  MdIntake *intake;

  counter_login (counter, "S0002");
  forms = md_desk_search_forms (counter->desk, "");
  g_assert_cmpuint (g_list_model_get_n_items (forms), ==, 1);
  intake = md_desk_begin_intake (counter->desk);
  g_assert_false (counter_choose (
      intake, md_catalogue_get_form (counter->catalogue, "pension.exemption"), &error));
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED);
  g_clear_error (&error);

  intake = counter_take_in (counter, "lem.certificate", "sato");
  g_object_get (md_intake_get_person (intake), "number", &number, NULL);
  g_assert_null (number);
  g_assert_null (md_form_data_get_entry (md_intake_get_data (intake), "p.mynum"));
  g_assert_true (counter_submit (counter, intake, "S0002", &error));
  g_assert_no_error (error);
  md_intake_next_person (intake);

  /* The supervisor sees that there is none, and why. */
  counter_login (counter, "S0101");
  while (g_list_model_get_n_items (md_desk_get_approvals (counter->desk)) < 1)
    counter_turn (10);
  {
    g_autoptr (MdIntakeRow) row = g_list_model_get_item (md_desk_get_approvals (counter->desk), 0);
    MdApproval *approval = md_desk_begin_approval (counter->desk, row);

    counter_wait (approval, "wait", MD_APPROVAL_WAIT_PIN);
    g_assert_true (counter_open (counter, approval, "S0101", &error));
    g_assert_no_error (error);
    g_assert_null (
        md_entry_get_display (md_form_data_get_entry (md_approval_get_data (approval), "p.mynum")));
    g_assert_cmpstr (md_form_data_get_value (md_approval_get_data (approval), "e.num_missing"), ==,
                     "no-authority");
  }
}

/* A clerk has nothing to open. */
static void
test_clerk_cannot_approve (void)
{
  g_autoptr (GError) error = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = counter_take_in (counter, "lem.certificate", "sato");
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  while (g_list_model_get_n_items (md_desk_get_today (counter->desk)) < 1)
    counter_turn (10);
  {
    g_autoptr (MdIntakeRow) row = g_list_model_get_item (md_desk_get_today (counter->desk), 0);
    MdApproval *approval = md_desk_begin_approval (counter->desk, row);

    g_assert_true (md_intake_row_get_own (row));
    counter_wait (approval, "wait", MD_APPROVAL_WAIT_REFUSED);
    g_assert_nonnull (md_approval_get_trouble (approval));
    g_assert_false (counter_open (counter, approval, "S0001", &error));
    g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_WRONG_STEP);
  }
}

/* --- officers --- */

static void
result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static void
test_login_mishaps (void)
{
  MdLogin *login = md_desk_get_login (counter->desk);
  g_autoptr (MdSecret) wrong = md_secret_new_from_text ("not the password");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  /* A resident's card on the staff reader. */
  counter_insert (counter, "staff", "tanaka");
  while (!md_login_get_trouble (login))
    counter_turn (10);
  g_assert_cmpint (md_login_get_wait (login), ==, MD_LOGIN_WAIT_CARD);
  counter_remove (counter, "staff");
  while (md_login_get_trouble (login))
    counter_turn (10);

  counter_insert (counter, "staff", "staff-S0001");
  counter_wait (login, "wait", MD_LOGIN_WAIT_PASSWORD);
  g_assert_nonnull (md_login_get_staff_name (login));
  md_login_submit_async (login, wrong, NULL, result_cb, &result);
  while (!result)
    counter_turn (5);
  g_assert_false (md_login_submit_finish (login, result, &error));
  g_assert_cmpint (md_login_get_wait (login), ==, MD_LOGIN_WAIT_PASSWORD);
  g_assert_nonnull (md_login_get_trouble (login));
  g_assert_cmpint (md_desk_get_state (counter->desk), ==, MD_DESK_LOGGED_OUT);
  counter_login (counter, "S0001");
}

/* The staff card leaves: locked at once; its officer finds the work as it was, another one finds
 * nothing. */
static void
test_lock (void)
{
  MdIntake *intake;
  g_autoptr (MdIntake) kept = NULL;

  counter_login (counter, "S0001");
  intake = counter_take_in (counter, "lem.certificate", "sato");
  kept = g_object_ref (intake);
  counter_remove (counter, "staff");
  counter_wait (counter->desk, "state", MD_DESK_LOCKED);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_STAFF_CARD);
  g_assert_null (
      strstr (md_entry_get_display (md_form_data_get_entry (md_intake_get_data (intake), "p.name")),
              "佐藤"));

  counter_login (counter, "S0001");
  g_assert_true (md_desk_get_intake (counter->desk) == intake);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_STAFF_PIN);
  g_assert_nonnull (
      strstr (md_entry_get_display (md_form_data_get_entry (md_intake_get_data (intake), "p.name")),
              "佐藤"));

  counter_login (counter, "S0002");
  g_assert_null (md_desk_get_intake (counter->desk));
  g_assert_true (md_intake_is_empty (kept));
}

static void
test_wrong_staff_pin (void)
{
  g_autoptr (MdSecret) wrong = md_secret_new_from_text ("999999");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = counter_take_in (counter, "pension.exemption", "tanaka");
  md_intake_submit_async (intake, wrong, NULL, result_cb, &result);
  while (!result)
    counter_turn (5);
  g_assert_false (md_intake_submit_finish (intake, result, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_WRONG);
  g_clear_error (&error);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_STAFF_PIN);
  assert_trouble (intake);
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
}

/* --- the service --- */

/* Killed before the container is handed in: the sealed container is kept, and arrives once. */
static void
test_service_dies (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *number = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = counter_take_in (counter, "pension.exemption", "tanaka");
  number = g_strdup (md_intake_get_receipt_number (intake));
  counter_stop_daemon (counter, SIGKILL);
  counter_wait (counter->desk, "state", MD_DESK_NO_SERVICE);
  g_assert_nonnull (md_desk_get_trouble (counter->desk));
  g_assert_false (counter_submit (counter, intake, "S0001", &error));
  g_assert_nonnull (md_intake_get_trouble (intake));
  g_clear_error (&error);
  g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_CONFIRM);
  counter_start_daemon (counter);
  counter_login (counter, "S0001");
  g_assert_true (md_desk_get_intake (counter->desk) == intake);
  g_assert_null (md_intake_get_trouble (intake)); /* it is back: nothing says otherwise */
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  g_assert_cmpstr (md_intake_get_receipt_number (intake), ==, number);
  while (g_list_model_get_n_items (md_desk_get_today (counter->desk)) < 1)
    counter_turn (10);
  g_assert_cmpuint (g_list_model_get_n_items (md_desk_get_today (counter->desk)), ==, 1);
}

/* Killed while the password is on its way: when it is back, nothing says any more that it is away.
 */
static void
test_service_dies_at_login (void)
{
  g_autoptr (MdSecret) password = counter_staff_secret (counter, "S0001", "password");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  MdLogin *login = md_desk_get_login (counter->desk);

  counter_wait (login, "wait", MD_LOGIN_WAIT_CARD);
  counter_insert (counter, "staff", "staff-S0001");
  counter_wait (login, "wait", MD_LOGIN_WAIT_PASSWORD);
  counter_stop_daemon (counter, SIGKILL);
  md_login_submit_async (login, password, NULL, result_cb, &result);
  while (!result)
    counter_turn (5);
  g_assert_false (md_login_submit_finish (login, result, &error));
  g_assert_nonnull (md_login_get_trouble (login));
  counter_wait (counter->desk, "state", MD_DESK_NO_SERVICE);
  counter_start_daemon (counter);
  counter_wait (counter->desk, "state", MD_DESK_LOGGED_OUT);
  g_assert_cmpint (md_login_get_wait (login), ==, MD_LOGIN_WAIT_PASSWORD);
  g_assert_null (md_login_get_trouble (login));
}

/* --- approval --- */

static MdApproval *
begin_approval (void)
{
  g_autoptr (MdIntakeRow) row = NULL;
  MdApproval *approval;
  g_autoptr (GError) error = NULL;

  while (g_list_model_get_n_items (md_desk_get_approvals (counter->desk)) < 1)
    counter_turn (10);
  row = g_list_model_get_item (md_desk_get_approvals (counter->desk), 0);
  approval = md_desk_begin_approval (counter->desk, row);
  counter_wait (approval, "wait", MD_APPROVAL_WAIT_PIN);
  g_assert_true (counter_open (counter, approval, "S0101", &error));
  g_assert_no_error (error);
  return approval;
}

/* What the clerk corrected comes first, with its reason; returning needs a reason. */
static void
test_difference_and_return (void)
{
  g_autoptr (GError) error = NULL;
  MdIntake *intake;
  MdApproval *approval;
  guint differences;

  counter_login (counter, "S0001");
  intake = counter_take_in (counter, "pension.exemption", "tanaka");
  g_assert_true (md_intake_go_back (intake));
  {
    MdEntry *address = md_form_data_get_entry (md_intake_get_data (intake), "p.addr");

    g_assert_true (md_entry_unlock (address, "転居したばかり", &error));
    md_entry_set_text (address, "東京都あおぞら区若葉9-9-9");
    g_assert_true (md_entry_commit (address));
  }
  g_assert_true (md_intake_advance (intake));
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);

  counter_login (counter, "S0101");
  approval = begin_approval ();
  g_object_get (approval, "differences", &differences, NULL);
  g_assert_cmpuint (differences, ==, 1);
  {
    g_autoptr (MdComparison) first
        = g_list_model_get_item (md_approval_get_comparison (approval), 0);
    g_autofree char *reason = NULL;

    g_assert_cmpint (md_comparison_get_match (first), ==, MD_MATCH_DIFFERENT);
    g_object_get (first, "reason", &reason, NULL);
    g_assert_cmpstr (reason, ==, "転居したばかり");
  }
  g_assert_false (counter_decide (counter, approval, MD_DECISION_RETURN, NULL, "S0101", &error));
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_false (
      counter_decide (counter, approval, MD_DECISION_RETURN, "no-such-reason", "S0101", &error));
  g_clear_error (&error);
  g_assert_true (
      counter_decide (counter, approval, MD_DECISION_RETURN, "wrong-entry", "S0101", &error));
  g_assert_no_error (error);
  while (g_list_model_get_n_items (md_desk_get_returned (counter->desk)) < 1)
    counter_turn (10);
}

static void
reveal (MdEntry *entry, const char *reason, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  md_desk_reveal_async (counter->desk, entry, reason, NULL, result_cb, &result);
  while (!result)
    counter_turn (5);
  (void)md_desk_reveal_finish (counter->desk, result, error);
}

static void
test_reveal (void)
{
  g_autoptr (GError) error = NULL;
  const char *number = json_object_get_string_member (counter_person (counter, "tanaka"), "number");
  MdIntake *intake;
  MdEntry *entry;

  counter_login (counter, "S0001");
  intake = counter_take_in (counter, "pension.exemption", "tanaka");
  entry = md_form_data_get_entry (md_intake_get_data (intake), "p.mynum");
  reveal (entry, NULL, &error);
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED);
  g_clear_error (&error);
  reveal (entry, "because", &error);
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_true (g_str_has_prefix (md_entry_get_display (entry), "********"));
  reveal (entry, "compare-document", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (md_entry_get_display (entry), ==, number);
  md_entry_set_revealed (entry, FALSE);
  g_assert_true (g_str_has_prefix (md_entry_get_display (entry), "********"));
  /* Not without the audit record. */
  counter_stop_daemon (counter, SIGKILL);
  reveal (entry, "compare-document", &error);
  g_assert_nonnull (error);
  g_assert_true (!md_entry_get_display (entry) || !strstr (md_entry_get_display (entry), number));
}

/* --- the order of things --- */

static void
test_wrong_order (void)
{
  g_autoptr (MdSecret) pin = md_secret_new_from_text ("1234");
  g_autoptr (GError) error = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = md_desk_begin_intake (counter->desk);
  g_assert_false (md_intake_advance (intake));
  g_assert_false (md_intake_go_back (intake));
  g_assert_false (counter_identify_with (intake, pin, pin, FALSE, &error));
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_WRONG_STEP);
  g_clear_error (&error);
  g_assert_false (counter_submit (counter, intake, "S0001", &error));
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_WRONG_STEP);
  g_clear_error (&error);

  /* Before the purpose is told, the card is not read (R-IDN-23). */
  g_assert_true (counter_choose (
      intake, md_catalogue_get_form (counter->catalogue, "lem.certificate"), &error));
  counter_insert (counter, "resident", "sato");
  counter_turn (300);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_NOTICE);
  g_assert_false (counter_identify_with (intake, pin, pin, FALSE, &error));
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_WRONG_STEP);
  g_clear_error (&error);
  /* Nor does content open before the person is identified (R-IDN-13). */
  md_intake_acknowledge_notice (intake);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_false (md_intake_advance (intake));
  /* When it was told and agreed to becomes part of the application (R-IDN-25). */
  g_assert_null (md_form_data_get_value (md_intake_get_data (intake), "e.notice_at"));
  g_assert_true (counter_identify (counter, intake, "sato", &error));
  g_assert_no_error (error);
  g_assert_nonnull (md_form_data_get_value (md_intake_get_data (intake), "e.notice_at"));
  g_assert_nonnull (md_form_data_get_value (md_intake_get_data (intake), "e.consent_at"));
}

/* Back and forth loses nothing; another procedure keeps what both forms have and asks for the card
 * again. */
static void
test_back_and_another_procedure (void)
{
  g_autofree char *first = NULL;
  g_autoptr (GError) error = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = counter_take_in (counter, "care.certification", "suzuki");
  first = g_strdup (md_intake_get_receipt_number (intake));
  while (md_intake_get_step (intake) > MD_STEP_OF_PROCEDURE)
    g_assert_true (md_intake_go_back (intake));
  g_assert_true (counter_choose (intake, md_intake_get_form (intake), &error));
  g_assert_cmpstr (md_intake_get_receipt_number (intake), ==, first);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_NOTHING);
  g_assert_true (md_intake_advance (intake));
  g_assert_cmpstr (md_form_data_get_value (md_intake_get_data (intake), "k.doctor"), ==,
                   "架空 医師");

  while (md_intake_get_step (intake) > MD_STEP_OF_PROCEDURE)
    g_assert_true (md_intake_go_back (intake));
  g_assert_true (counter_choose (
      intake, md_catalogue_get_form (counter->catalogue, "lem.certificate"), &error));
  g_assert_cmpstr (md_intake_get_receipt_number (intake), !=, first);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_NOTICE);
  md_intake_acknowledge_notice (intake);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_cmpstr (md_form_data_get_value (md_intake_get_data (intake), "p.tel"), ==, "0312345678");
  g_assert_null (md_form_data_get_value (md_intake_get_data (intake), "p.name"));
}

static void
test_next_person_in_the_middle (void)
{
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = counter_take_in (counter, "pension.exemption", "tanaka");
  g_assert_false (md_intake_is_empty (intake));
  md_intake_next_person (intake);
  g_assert_true (md_intake_is_empty (intake));
  g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_PROCEDURE);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_PROCEDURE);
  counter_remove (counter, "resident");
  counter_turn (200);
  intake = counter_take_in (counter, "pension.exemption", "suzuki");
  g_assert_cmpstr (md_form_data_get_value (md_intake_get_data (intake), "p.name"), ==,
                   "鈴木　正雄");
}

static void
fixture_cb (gconstpointer test)
{
  counter = counter_new ();
  ((GTestFunc)(guintptr)test) ();
  counter_free (counter);
}

#define ADD(name, function)                                                                        \
  g_test_add_data_func ("/intake/mishaps/" name, (gconstpointer)(guintptr)(function), fixture_cb)

int
main (int argc, char **argv)
{
  g_autoptr (GTestDBus) bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_dbus_up (bus);
  ADD ("refused-cards", test_refused_cards);
  ADD ("pointless-cards", test_pointless_cards);
  ADD ("wrong-pin", test_wrong_pin);
  ADD ("last-try", test_last_try);
  ADD ("pulled-out", test_pulled_out);
  ADD ("swapped-unseen", test_swapped_unseen);
  ADD ("swapped-under-the-pin", test_swapped_under_the_pin);
  ADD ("clerk-without-number", test_clerk_without_number);
  ADD ("clerk-cannot-approve", test_clerk_cannot_approve);
  ADD ("login", test_login_mishaps);
  ADD ("lock", test_lock);
  ADD ("wrong-staff-pin", test_wrong_staff_pin);
  ADD ("service-dies", test_service_dies);
  ADD ("service-dies-at-login", test_service_dies_at_login);
  ADD ("difference-and-return", test_difference_and_return);
  ADD ("reveal", test_reveal);
  ADD ("wrong-order", test_wrong_order);
  ADD ("back-and-another-procedure", test_back_and_another_procedure);
  ADD ("next-person-in-the-middle", test_next_person_in_the_middle);
  status = g_test_run ();
  g_test_dbus_down (bus);
  return status;
}
