// SPDX-License-Identifier: Apache-2.0
/* The work itself: in another order, interrupted by the service, sent back by the approver. Nothing
 * of it is lost. */
#include "counter.h"

#include <signal.h>
#include <string.h>

static void
result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

/* Killed before the container is handed in: the sealed container is kept, and arrives once. */
static void
test_service_dies (Counter *counter)
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
  await (g_list_model_get_n_items (md_desk_get_today (counter->desk)) > 0);
  g_assert_cmpuint (g_list_model_get_n_items (md_desk_get_today (counter->desk)), ==, 1);
}

/* Killed while the resident's card is being asked: whoever goes on finds the card where it lies. */
static void
test_service_dies_at_the_card (Counter *counter)
{
  g_autoptr (MdSecret) text = counter_pin (counter, "tanaka", "text");
  g_autoptr (MdSecret) auth = counter_pin (counter, "tanaka", "auth");
  g_autoptr (GError) error = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = counter_begin (counter, "pension.exemption");
  late_backend_hold_news (counter->readers, TRUE);
  counter_insert (counter, "resident", "tanaka");
  g_free (counter_order (counter, "resident", "fault delay 1500 every"));
  late_backend_hold_news (counter->readers, FALSE);
  counter_wait (intake, "wait", MD_WAIT_INSPECTING);
  counter_stop_daemon (counter, SIGKILL);
  counter_wait (counter->desk, "state", MD_DESK_NO_SERVICE);
  g_free (counter_order (counter, "resident", "clear-faults"));
  counter_start_daemon (counter);
  counter_login (counter, "S0001");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (counter_identify_with (intake, text, auth, FALSE, &error));
  g_assert_no_error (error);
}

/* Killed while the password is on its way: when it is back, nothing says any more that it is away.
 */
static void
test_service_dies_at_login (Counter *counter)
{
  g_autoptr (MdSecret) password = counter_staff_secret (counter, "S0001", "password");
  g_autoptr (GError) error = NULL;
  MdLogin *login = md_desk_get_login (counter->desk);

  counter_wait (login, "wait", MD_LOGIN_WAIT_CARD);
  counter_insert (counter, "staff", "staff-S0001");
  counter_wait (login, "wait", MD_LOGIN_WAIT_PASSWORD);
  counter_stop_daemon (counter, SIGKILL);
  g_assert_true (counter_log_in_in_vain (login, password, &error));
  g_assert_nonnull (md_login_get_trouble (login));
  counter_wait (counter->desk, "state", MD_DESK_NO_SERVICE);
  counter_start_daemon (counter);
  counter_wait (counter->desk, "state", MD_DESK_LOGGED_OUT);
  g_assert_cmpint (md_login_get_wait (login), ==, MD_LOGIN_WAIT_PASSWORD);
  g_assert_null (md_login_get_trouble (login));
}

static void
correct (MdIntake *intake, const char *field, const char *reason, const char *text)
{
  MdEntry *entry = md_form_data_get_entry (md_intake_get_data (intake), field);
  g_autoptr (GError) error = NULL;

  g_assert_true (md_entry_unlock (entry, reason, &error));
  g_assert_no_error (error);
  md_entry_set_text (entry, text);
  g_assert_true (md_entry_commit (entry));
}

static void
check_comparison (MdApproval *approval, guint at, MdMatch match, const char *reason,
                  const char *why)
{
  g_autoptr (MdComparison) line = g_list_model_get_item (md_approval_get_comparison (approval), at);
  g_autofree char *given = NULL;
  g_autofree char *words = NULL;

  g_object_get (line, "reason", &given, "why", &words, NULL);
  g_assert_cmpint (md_comparison_get_match (line), ==, match);
  g_assert_cmpstr (given, ==, reason);
  g_assert_cmpstr (words, ==, why);
}

/* What the clerk corrected comes first, with its reason and what differs; another form of the same
 * is named, and no difference; returning needs a reason. */
static void
test_difference_and_return (Counter *counter)
{
  g_autoptr (GError) error = NULL;
  MdIntake *intake;
  MdApproval *approval;
  guint differences;

  counter_login (counter, "S0001");
  intake = counter_take_in (counter, "pension.exemption", "tanaka");
  g_assert_true (md_intake_go_back (intake));
  correct (intake, "p.addr", "転居したばかり", "東京都あおぞら区若葉9-9-9");
  correct (intake, "p.name", "戸籍のとおり", "田中　惠子");
  g_assert_true (md_intake_advance (intake));
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);

  approval = counter_open_waiting (counter);
  g_object_get (approval, "differences", &differences, NULL);
  g_assert_cmpuint (differences, ==, 1);
  check_comparison (approval, 0, MD_MATCH_DIFFERENT, "転居したばかり", NULL);
  check_comparison (approval, 1, MD_MATCH_SAME_FORM, "戸籍のとおり",
                    "“恵” and “惠” are two forms of one character.");
  check_comparison (approval, 2, MD_MATCH_SAME, NULL, NULL);
  g_assert_false (counter_decide (counter, approval, MD_DECISION_RETURN, NULL, "S0101", &error));
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_false (
      counter_decide (counter, approval, MD_DECISION_RETURN, "no-such-reason", "S0101", &error));
  g_clear_error (&error);
  g_assert_true (
      counter_decide (counter, approval, MD_DECISION_RETURN, "wrong-entry", "S0101", &error));
  g_assert_no_error (error);
  await (g_list_model_get_n_items (md_desk_get_returned (counter->desk)) > 0);
}

static void
reveal (Counter *counter, MdEntry *entry, const char *reason, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  md_desk_reveal_async (counter->desk, entry, reason, NULL, result_cb, &result);
  await (result);
  (void)md_desk_reveal_finish (counter->desk, result, error);
}

/* Let go before it was recorded: it does not come into sight then. */
static void
let_go (Counter *counter, MdEntry *entry)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  md_desk_reveal_async (counter->desk, entry, "compare-document", cancellable, result_cb, &result);
  g_cancellable_cancel (cancellable);
  await (result);
  g_assert_false (md_desk_reveal_finish (counter->desk, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (g_str_has_prefix (md_entry_get_display (entry), "********"));
}

static void
test_reveal (Counter *counter)
{
  g_autoptr (GError) error = NULL;
  const char *number = json_object_get_string_member (counter_person (counter, "tanaka"), "number");
  MdIntake *intake;
  MdEntry *entry;

  counter_login (counter, "S0001");
  intake = counter_take_in (counter, "pension.exemption", "tanaka");
  entry = md_form_data_get_entry (md_intake_get_data (intake), "p.mynum");
  reveal (counter, entry, NULL, &error);
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED);
  g_clear_error (&error);
  reveal (counter, entry, "because", &error);
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED);
  g_clear_error (&error);
  reveal (counter, entry, "wrong-entry", &error); /* why it is returned, not why it is seen */
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED);
  g_clear_error (&error);
  let_go (counter, entry);
  g_assert_true (g_str_has_prefix (md_entry_get_display (entry), "********"));
  reveal (counter, entry, "compare-document", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (md_entry_get_display (entry), ==, number);
  md_entry_set_revealed (entry, FALSE);
  g_assert_true (g_str_has_prefix (md_entry_get_display (entry), "********"));
  /* R-CARD-10: the card is lifted, and the number is covered with it, also when it is back. */
  reveal (counter, entry, "compare-document", &error);
  g_assert_no_error (error);
  counter_remove (counter, "resident");
  counter_wait (intake, "away", MD_AWAY_LIFTED);
  g_assert_null (strstr (md_entry_get_display (entry), number));
  /* Whoever asks for it then hears of the card, and not of their role. */
  reveal (counter, entry, "compare-document", &error);
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED);
  g_assert_cmpstr (error->message, ==, md_intake_get_sentence (intake));
  g_clear_error (&error);
  counter_insert (counter, "resident", "tanaka");
  counter_wait (intake, "away", MD_AWAY_NOT);
  g_assert_true (g_str_has_prefix (md_entry_get_display (entry), "********"));
  g_object_set (counter->desk, "covered", TRUE, NULL);
  reveal (counter, entry, "compare-document", &error);
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, "covered"));
  g_clear_error (&error);
  g_object_set (counter->desk, "covered", FALSE, NULL);
  /* Not without the audit record. */
  counter_stop_daemon (counter, SIGKILL);
  reveal (counter, entry, "compare-document", &error);
  g_assert_nonnull (error);
  g_assert_true (!md_entry_get_display (entry) || !strstr (md_entry_get_display (entry), number));
}

/* Nothing of PROCEDURE opens before what has to come first; the intake is given up in the end. */
static void
no_step_before_the_other (Counter *counter, MdIntake *intake, const char *procedure)
{
  g_autoptr (MdSecret) pin = md_secret_new_from_text ("1234");
  g_autoptr (GError) error = NULL;

  /* Before the purpose is told, the card is not read (R-IDN-23). */
  g_assert_true (
      counter_choose (intake, md_catalogue_get_form (counter->catalogue, procedure), &error));
  counter_insert (counter, "resident", "sato");
  counter_turn (300);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_NOTICE);
  g_assert_false (counter_identify_with (intake, pin, pin, FALSE, &error));
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_WRONG_STEP);
  g_clear_error (&error);
  /* Nor does content open before the person is identified (R-IDN-13), by which the number is
   * matched before anybody uses it (R-CARD-08). */
  md_intake_acknowledge_notice (intake);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_false (md_intake_advance (intake));
  /* When it was told and agreed to becomes part of the application (R-IDN-25). */
  g_assert_null (md_form_data_get_value (md_intake_get_data (intake), "e.notice_at"));
  g_assert_true (counter_identify (counter, intake, "sato", &error));
  g_assert_no_error (error);
  g_assert_nonnull (md_form_data_get_value (md_intake_get_data (intake), "e.notice_at"));
  g_assert_nonnull (md_form_data_get_value (md_intake_get_data (intake), "e.consent_at"));
  /* By what the person was identified, too (R-IDN-21). */
  g_assert_cmpstr (counter_value (intake, "e.method"), ==, "number-card");
  counter_assert_recorded (counter, "identification", "done verdict=valid");
  md_intake_next_person (intake);
  counter_remove (counter, "resident");
}

static void
test_wrong_order (Counter *counter)
{
  static const char *const procedures[] = {
    "lem.certificate",    "pension.exemption",
    "care.certification", "juki.disclosure", /* R-IDN-16, R-IDN-21 */
    "juki.correction",                       /* R-IDN-16, R-IDN-21 */
    "common.spi_request",                    /* R-IDN-21 */
    "health.apply",                          /* R-IDN-14 */
  };
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

  for (gsize i = 0; i < G_N_ELEMENTS (procedures); i++)
    no_step_before_the_other (counter, intake, procedures[i]);
}

/* Back and forth loses nothing; another procedure keeps what both forms have and asks for the card
 * again. */
static void
test_back_and_another_procedure (Counter *counter)
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
test_next_person_in_the_middle (Counter *counter)
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

static const CounterTest tests[] = {
  { "/intake/workday/service-dies", test_service_dies },
  { "/intake/workday/service-dies-at-the-card", test_service_dies_at_the_card },
  { "/intake/workday/service-dies-at-login", test_service_dies_at_login },
  { "/intake/workday/difference-and-return", test_difference_and_return },
  { "/intake/workday/reveal", test_reveal },
  { "/intake/workday/wrong-order", test_wrong_order },
  { "/intake/workday/back-and-another-procedure", test_back_and_another_procedure },
  { "/intake/workday/next-person-in-the-middle", test_next_person_in_the_middle },
};

int
main (int argc, char **argv)
{
  return counter_run (argc, argv, tests, G_N_ELEMENTS (tests));
}
