// SPDX-License-Identifier: Apache-2.0
/* What stops an intake, and the supervisor who lets it go on: real cards, the real service. */
#include <string.h>

#include "holding.h"

#define ALL_TRIES "tries piv-80 3 3"

/* Nothing of the intake works any more but its end. */
static void
assert_stands_still (Counter *counter, MdIntake *intake)
{
  MdIntakeStep step = md_intake_get_step (intake);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdSecret) pin = counter_staff_secret (counter, "S0001", "pin");
  MdPapers papers = { 0 };

  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_HELD);
  g_assert_false (md_intake_get_can_advance (intake));
  g_assert_false (md_intake_advance (intake));
  g_assert_false (md_intake_get_can_go_back (intake));
  g_assert_false (md_intake_go_back (intake));
  g_assert_false (md_intake_get_can_stop (intake));
  md_intake_stop (intake, MD_HOLD_DECEASED);
  md_intake_acknowledge_notice (intake);
  md_intake_use_face (intake, TRUE);
  md_intake_use_papers (intake);
  g_assert_false (md_intake_get_can_use_papers (intake));
  g_assert_false (md_intake_take_papers (intake, &papers));
  g_assert_false (md_intake_answer_face (intake, MD_FACE_ANSWER_SAME));
  g_assert_false (counter_identify (counter, intake, "tanaka", NULL));
  g_assert_false (
      counter_choose (intake, md_catalogue_get_form (counter->catalogue, "lem.certificate"), NULL));
  g_assert_false (counter_submit_with (intake, pin, NULL));
  /* Without the supervisor called, no card releases anything. */
  md_intake_call_supervisor (intake, FALSE);
  g_assert_false (release_with (intake, REASON, pin, &error));
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_WRONG_STEP);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_HELD);
  g_assert_cmpint (md_intake_get_step (intake), ==, step);
}

static void
test_stands_still (Counter *counter)
{
  MdIntake *intake = held (counter, MD_HOLD_PROTECTED);

  assert_stands_still (counter, intake);
  g_assert_cmpint (md_intake_get_hold (intake), ==, MD_HOLD_PROTECTED);
  /* Neither a lock nor another card on the reader, nor the service gone and back. */
  counter_remove (counter, "staff");
  counter_wait (counter->desk, "state", MD_DESK_LOCKED);
  counter_login (counter, "S0001");
  counter_swap (counter, "resident", "suzuki");
  counter_wait (intake, "away", MD_AWAY_OTHER);
  counter_swap (counter, "resident", "tanaka");
  counter_wait (intake, "away", MD_AWAY_NOT);
  assert_stands_still (counter, intake);
  counter_stop_daemon (counter, SIGKILL);
  counter_wait (counter->desk, "state", MD_DESK_NO_SERVICE);
  counter_start_daemon (counter);
  counter_wait (counter->desk, "state", MD_DESK_LOCKED);
  counter_login (counter, "S0001");
  assert_stands_still (counter, intake);
  md_intake_next_person (intake);
  g_assert_true (md_intake_is_empty (intake));
  counter_assert_recorded (counter, "abandon", "done next-person held=1");
}

/* Whose card it is is seen before any PIN is presented to it. */
static void
test_wrong_cards (Counter *counter)
{
  static const char *const others[] = { "S0001", "S0002", "S0801", "S0901" };
  MdIntake *intake = held (counter, MD_HOLD_SAME_NAME);
  g_autoptr (MdSecret) wrong = md_secret_new_from_text ("000000");
  g_autoptr (MdSecret) right = counter_staff_secret (counter, "S0101", "pin");
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_assert_false (release (counter, intake, others[i], &error));
      g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_FOREIGN_CARD);
      g_clear_error (&error);
      counter_assert_trouble (intake);
      g_assert_nonnull (
          strstr (md_trouble_get_action (md_intake_get_trouble (intake)), "The supervisor puts"));
      g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_HELD);
      g_assert_cmpint (md_desk_get_state (counter->desk), ==, MD_DESK_WORKING);
    }
  put_staff_card (counter, "staff-S0101");
  g_assert_false (release_with (intake, REASON, wrong, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_WRONG);
  g_clear_error (&error);
  g_assert_false (release_with (intake, "because", right, &error));
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_false (release_with (intake, "protection-office-agrees", right, &error));
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED); /* not for this kind */
  g_clear_error (&error);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_HELD);
  /* Never mind: the clerk's card has left, so the desk locks. */
  md_intake_call_supervisor (intake, FALSE);
  g_assert_cmpint (md_desk_get_state (counter->desk), ==, MD_DESK_LOCKED);
  counter_login (counter, "S0001");
  assert_stands_still (counter, intake);
}

/* ERROR says so, and the intake waits as before, for whoever was called. */
static void
assert_still_held (Counter *counter, MdIntake *intake, GError **error, GQuark domain, int code)
{
  g_assert_error (*error, domain, code);
  g_clear_error (error);
  counter_assert_trouble (intake);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_HELD);
  g_assert_true (md_intake_get_supervisor_called (intake));
  g_assert_cmpint (md_desk_get_state (counter->desk), ==, MD_DESK_WORKING);
}

/* A card that is none of the office's, one that is pulled out while it signs, the last try, which
 * is asked about first, and a locked PIN: each is said, and nothing is lost. */
static void
test_supervisors_card (Counter *counter)
{
  MdIntake *intake = held (counter, MD_HOLD_PROTECTED);
  MdStaffPin *pin = md_desk_get_staff_pin (counter->desk);
  g_autoptr (MdSecret) wrong = md_secret_new_from_text ("000000");
  g_autoptr (MdSecret) other = md_secret_new_from_text ("111111");
  g_autoptr (MdSecret) third = md_secret_new_from_text ("222222");
  g_autoptr (MdSecret) right = counter_staff_secret (counter, "S0101", "pin");
  g_autoptr (GError) error = NULL;

  md_intake_call_supervisor (intake, TRUE);
  put_staff_card (counter, "suzuki");
  g_assert_false (release_with (intake, REASON, right, &error));
  assert_still_held (counter, intake, &error, MD_CARD_ERROR, MD_CARD_ERROR_WRONG_CARD);
  put_staff_card (counter, "staff-S0101");
  g_free (counter_order (counter, "staff", ALL_TRIES));
  g_free (counter_order (counter, "staff", "fault remove ins 87 at 1"));
  g_assert_false (release_with (intake, REASON, right, &error));
  assert_still_held (counter, intake, &error, MD_CARD_ERROR, MD_CARD_ERROR_REMOVED);
  put_staff_card (counter, "staff-S0101");
  g_assert_cmpint (md_staff_pin_get_state (pin), ==, MD_STAFF_PIN_READY);
  g_assert_false (release_with (intake, REASON, wrong, &error));
  assert_still_held (counter, intake, &error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_WRONG);
  g_assert_false (release_with (intake, REASON, other, NULL));
  g_assert_cmpint (md_staff_pin_get_tries (pin), ==, 1);
  g_assert_cmpint (md_staff_pin_get_state (pin), ==, MD_STAFF_PIN_DOUBTFUL);
  g_assert_false (release_with (intake, REASON, right, &error));
  assert_still_held (counter, intake, &error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_LAST_TRY);
  md_staff_pin_confirm (pin);
  g_assert_false (release_with (intake, REASON, third, &error));
  assert_still_held (counter, intake, &error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_BLOCKED);
  g_assert_cmpint (md_staff_pin_get_state (pin), ==, MD_STAFF_PIN_LOCKED);
  /* Set again by who administers staff cards; of the card nothing is left for the clerk. */
  g_free (counter_order (counter, "staff", ALL_TRIES));
  g_assert_true (release_with (intake, REASON, right, &error));
  g_assert_no_error (error);
  g_assert_cmpint (md_staff_pin_get_state (pin), ==, MD_STAFF_PIN_UNKNOWN);
  counter_login (counter, "S0001");
  g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_CONTENT);
}

static void
test_released (Counter *counter)
{
  MdIntake *intake = held (counter, MD_HOLD_PROTECTED);
  g_autoptr (GError) error = NULL;

  (void)release (counter, intake, "S0101", &error);
  g_assert_no_error (error);
  counter_assert_recorded (counter, "release", "done hold=1");
  /* The supervisor's card lies there: the clerk proves to be there again. */
  g_assert_cmpint (md_desk_get_state (counter->desk), ==, MD_DESK_LOCKED);
  go_on_to_the_approver (counter, intake);
}

static void
store_result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

/* The first answer to a release never comes: in its place what the bus says then. On GDBus's own
 * thread. */
static GDBusMessage *
lose_answer (GDBusConnection *connection, GDBusMessage *message, gboolean incoming, gpointer data)
{
  static guint32 call; /* its serial, while the answer is to come */
  static gboolean lost;
  GDBusMessage *instead;

  if (!incoming && g_strcmp0 (g_dbus_message_get_member (message), "ReleaseHold") == 0)
    call = g_dbus_message_get_serial (message);
  if (!incoming || lost || call == 0 || g_dbus_message_get_reply_serial (message) != call)
    return message;
  lost = TRUE;
  instead = g_dbus_message_new ();
  g_dbus_message_set_message_type (instead, G_DBUS_MESSAGE_TYPE_ERROR);
  g_dbus_message_set_reply_serial (instead, call);
  g_dbus_message_set_error_name (instead, "org.freedesktop.DBus.Error.NoReply");
  g_dbus_message_set_body (instead, g_variant_new ("(s)", "no reply"));
  g_object_unref (message);
  return instead;
}

/* A second press while the first is under way does nothing to it. The service takes the release,
 * and nobody hears that: the next press sends the same again, for its own reason, whatever was
 * chosen and typed by then. */
static void
test_pressed_twice (Counter *counter)
{
  MdIntake *intake = held (counter, MD_HOLD_PROTECTED);
  guint filter = g_dbus_connection_add_filter (counter->connection, lose_answer, NULL, NULL);
  g_autoptr (MdSecret) pin = counter_staff_secret (counter, "S0101", "pin");
  g_autoptr (MdSecret) wrong = md_secret_new_from_text ("000000");
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GError) error = NULL;

  md_intake_call_supervisor (intake, TRUE);
  put_staff_card (counter, "staff-S0101");
  md_intake_release_async (intake, REASON, pin, NULL, store_result_cb, &first);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_RELEASING);
  md_intake_release_async (intake, REASON, pin, NULL, store_result_cb, &second);
  await (first && second);
  g_assert_false (md_intake_release_finish (intake, second, &error));
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_WRONG_STEP);
  g_clear_error (&error);
  g_assert_false (md_intake_release_finish (intake, first, &error));
  assert_still_held (counter, intake, &error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY);
  (void)release_with (intake, "protection-office-agrees", wrong, &error);
  g_assert_no_error (error);
  g_dbus_connection_remove_filter (counter->connection, filter);
  go_on_to_the_approver (counter, intake);
}

/* Another procedure for the same person: the number is another, what stopped it is not. */
static void
test_another_procedure (Counter *counter)
{
  MdIntake *intake = held (counter, MD_HOLD_PROTECTED);
  g_autoptr (GError) error = NULL;

  g_assert_true (release (counter, intake, "S0101", &error));
  counter_login (counter, "S0001");
  while (md_intake_get_step (intake) > MD_STEP_OF_PROCEDURE)
    g_assert_true (md_intake_go_back (intake));
  g_assert_true (counter_choose (
      intake, md_catalogue_get_form (counter->catalogue, "care.certification"), &error));
  g_assert_no_error (error);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_HELD);
  g_assert_cmpint (md_intake_get_hold (intake), ==, MD_HOLD_PROTECTED);
  counter_wait (intake, "wait", MD_WAIT_HELD);
  g_assert_true (release (counter, intake, "S0101", &error));
  g_assert_no_error (error);
}

/* A face that does not match is no end any more, but nobody goes on alone. */
static void
test_face (Counter *counter)
{
  MdPapers papers = { .no_card = MD_NO_CARD_LOST };
  g_autoptr (GError) error = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = counter_begin (counter, "pension.exemption");
  counter_wait (intake, "wait", MD_WAIT_CARD);
  md_intake_use_papers (intake);
  g_assert_true (md_intake_take_papers (intake, &papers));
  g_strlcpy (papers.shown[0].kind, "licence", sizeof papers.shown[0].kind);
  g_assert_true (md_paper_take_last (&papers.shown[0], "1234"));
  g_assert_true (md_paper_take_expiry (&papers.shown[0], "2099-05-01"));
  g_assert_true (md_intake_take_papers (intake, &papers));
  papers.photo = MD_FACE_ANSWER_OTHER;
  papers.compared = MD_COMPARED_NAME | MD_COMPARED_BIRTH;
  g_assert_false (md_intake_take_papers (intake, &papers));
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_HELD);
  g_assert_cmpint (md_intake_get_hold (intake), ==, MD_HOLD_FACE);
  papers.photo = MD_FACE_ANSWER_SAME;
  g_assert_false (md_intake_take_papers (intake, &papers)); /* no second thoughts */
  counter_assert_recorded (counter, "hold", "done hold=1");
  g_assert_true (release (counter, intake, "S0101", &error));
  g_assert_no_error (error);
  counter_login (counter, "S0001");
  counter_wait (intake, "wait", MD_WAIT_COMPARE);
  g_assert_true (md_intake_take_papers (intake, &papers));
  counter_wait (intake, "wait", MD_WAIT_NOTHING);
}

/* Somebody of this name and birth date was here today, and is not shown to be the same: the service
 * stops it when the name is known. */
static void
test_namesake (Counter *counter)
{
  static const char *const fields[] = { "p.name", "p.birth" };
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = counter_take_in (counter, "pension.exemption", "tanaka");
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    g_ptr_array_add (values,
                     g_strdup (md_form_data_get_value (md_intake_get_data (intake), fields[i])));
  md_intake_next_person (intake);
  counter_remove (counter, "resident");
  intake = counter_by_licence (counter, "1234");
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    counter_type (intake, fields[i], g_ptr_array_index (values, i));
  counter_type (intake, "p.addr", "東京都あおぞら区本町9丁目9番9号");
  counter_type (intake, "p.sex", "male");
  counter_fill (md_intake_get_data (intake));
  g_assert_true (md_intake_advance (intake));
  counter_wait (intake, "wait", MD_WAIT_HELD);
  g_assert_cmpint (md_intake_get_hold (intake), ==, MD_HOLD_SAME_NAME);
  assert_stands_still (counter, intake);
  g_assert_true (release (counter, intake, "S0101", &error));
  g_assert_no_error (error);
  counter_login (counter, "S0001");
  g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_CONFIRM);
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
}

/* The authority says under its signature that it does not know the certificate. */
static void
test_unknown_certificate (Counter *counter)
{
  g_autoptr (GError) error = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = counter_begin (counter, "pension.exemption");
  counter_insert (counter, "resident", "unlisted");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_false (counter_identify (counter, intake, "unlisted", &error));
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_HELD);
  g_assert_cmpint (md_intake_get_hold (intake), ==, MD_HOLD_REVOCATION);
  counter_assert_recorded (counter, "hold", "done hold=1");
  assert_stands_still (counter, intake);
  (void)release_for (counter, intake, "S0101", "second-document-shown", &error);
  g_assert_no_error (error);
  counter_login (counter, "S0001");
  counter_wait (intake, "wait", MD_WAIT_NOTHING);
  g_assert_true (md_intake_advance (intake));
  counter_fill (md_intake_get_data (intake));
  g_assert_true (md_intake_advance (intake));
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  md_intake_next_person (intake);
  /* Where the procedure does not let the check wait, nobody can release it. */
  intake = counter_begin (counter, "lem.certificate");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_false (counter_identify (counter, intake, "unlisted", NULL));
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_REFUSED);
}

int
main (int argc, char **argv)
{
  static const CounterTest tests[] = {
    { "/intake/holds/stands-still", test_stands_still },
    { "/intake/holds/wrong-cards", test_wrong_cards },
    { "/intake/holds/supervisors-card", test_supervisors_card },
    { "/intake/holds/released", test_released },
    { "/intake/holds/pressed-twice", test_pressed_twice },
    { "/intake/holds/another-procedure", test_another_procedure },
    { "/intake/holds/face", test_face },
    { "/intake/holds/namesake", test_namesake },
    { "/intake/holds/unknown-certificate", test_unknown_certificate },
  };

  return counter_run (argc, argv, tests, G_N_ELEMENTS (tests));
}
