// SPDX-License-Identifier: Apache-2.0
/* The second officer, and every way around him. Run by with-world, which sets MADOGUCHI_WORLD. */
#include "service-fixture.h"

static void
test_approve (Fixture *f, gconstpointer data)
{
  g_autofree char *intake = NULL;
  g_autoptr (MdDecisionFiles) files = NULL;
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  intake = service_take_in (f);
  service_login (f, "S0101");
  files = desk_decision (f->desk, intake, MD_DECISION_APPROVE, "S0101", "S0101", &error);
  g_assert_no_error (error);
  desk_send_decision (f->desk, intake, files, &error);
  g_assert_no_error (error);
  service_assert_recorded (f, "decide", "done", "decision=approve");
  g_assert_cmpuint (service_queue_length (f), ==, 2);
  /* The same again, after the window or the service was killed. */
  service_restart (f, SIGKILL);
  service_login (f, "S0101");
  desk_send_decision (f->desk, intake, files, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (service_queue_length (f), ==, 2);
}

/* The clock was set back between intake and decision: what the back office would never take is not
 * kept, in words and in the log, and the application waits; what is less than an hour off goes on,
 * and so does everything once the clock is right again. */
static void
test_clock_set_back (Fixture *f, gconstpointer data)
{
  g_autofree char *intake = NULL;
  g_autofree char *other = NULL;
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  intake = service_take_in (f);
  other = service_take_in (f);
  service_login (f, "S0101");
  f->desk->behind_s = 2 * 3600;
  g_assert_false (desk_decide (f->desk, intake, MD_DECISION_APPROVE, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_DECISION_INVALID);
  g_assert_nonnull (strstr (error->message, "clock"));
  g_assert_nonnull (strstr (error->message, "administrator"));
  g_clear_error (&error);
  service_assert_recorded (f, "decide", "refused", "cause=clock");
  g_assert_cmpuint (service_queue_length (f), ==, 2);
  f->desk->behind_s = 50 * 60;
  desk_decide (f->desk, other, MD_DECISION_APPROVE, &error);
  g_assert_no_error (error);
  f->desk->behind_s = 0;
  desk_decide (f->desk, intake, MD_DECISION_APPROVE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (service_queue_length (f), ==, 4);
}

/* The policy in force hides a paper of the form from the role, so that the attachment may be closed
 * to the officer's window, whatever the manifest says of how it was sealed. */
static void
approve_closed (Fixture *f, const char *intake)
{
  g_autoptr (GError) error = NULL;
  JsonObject *root = NULL;
  g_autoptr (JsonParser) parser = service_load_policy (2, 86400, &root);
  JsonObject *table = json_object_get_object_member (
      json_object_get_object_member (json_object_get_object_member (root, "visibility"), "V1"),
      "classes");

  for (const char *const *role = (const char *const[]){ "supervisor", "checker", NULL }; *role;
       role++)
    json_object_set_string_member (json_object_get_object_member (table, "my-number"), *role, "-");
  service_put_policy (f, parser);
  service_restart (f, SIGTERM);
  service_login (f, "S0101");
  f->desk->closed = TRUE;
  desk_decide (f->desk, intake, MD_DECISION_APPROVE, &error);
  g_assert_no_error (error);
  service_assert_recorded (f, "decide", "done", "decision=approve scans=0 paper=0 closed=1");
}

/* Taken in with a scanned paper that is sealed to who may see income. Caller owns the id. */
static char *
take_in_scan (Fixture *f)
{
  const DeskFlaws scanned = { .scan = "income" };
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reservation = desk_reserve (f->desk, "pension.exemption", &error);
  g_autoptr (GBytes) container = NULL;
  g_autofree char *number = NULL;
  char *intake = NULL;

  g_assert_no_error (error);
  g_variant_lookup (reservation, "intake", "s", &intake);
  container = desk_seal (f->desk, reservation, 4096, &scanned, &error);
  g_assert_no_error (error);
  g_assert_true (desk_submit (f->desk, intake, container, &number, &error));
  return intake;
}

/* An approval that does not say how the attachments were looked at is none. */
static void
test_scans (Fixture *f, gconstpointer data)
{
  g_autofree char *intake = NULL, *other = NULL;
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  intake = take_in_scan (f);
  other = take_in_scan (f);
  service_login (f, "S0101");
  g_assert_false (desk_decide (f->desk, intake, MD_DECISION_APPROVE, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_DECISION_INVALID);
  g_clear_error (&error);
  service_assert_recorded (f, "decide", "refused", "cause=scans");
  /* It is sealed to this officer, and the policy hides it from nobody who decides. */
  f->desk->closed = TRUE;
  g_assert_false (desk_decide (f->desk, intake, MD_DECISION_APPROVE, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_DECISION_INVALID);
  g_assert_nonnull (strstr (error->message, "looked at the paper itself"));
  g_clear_error (&error);
  f->desk->closed = FALSE;
  f->desk->looked = TRUE;
  desk_decide (f->desk, intake, MD_DECISION_APPROVE, &error);
  g_assert_no_error (error);
  service_assert_recorded (f, "decide", "done", "decision=approve scans=1 paper=0 closed=0");
  f->desk->looked = FALSE;
  approve_closed (f, other);
}

static void
test_return (Fixture *f, gconstpointer data)
{
  g_autofree char *intake = NULL;
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  intake = service_take_in (f);
  service_login (f, "S0101");
  desk_decide (f->desk, intake, MD_DECISION_RETURN, &error);
  g_assert_no_error (error);
  g_assert_false (desk_decide (f->desk, intake, MD_DECISION_APPROVE, &error));
  g_assert_nonnull (error);
}

/* What nobody could read is returned; nobody decides upon it. */
static void
test_unread (Fixture *f, gconstpointer data)
{
  static const MdDecisionKind kinds[] = { MD_DECISION_APPROVE, MD_DECISION_REJECT };
  static const char *const reason = "contents-unreadable";
  g_autofree char *intake = NULL;
  g_autoptr (MdDecisionFiles) returned = NULL;
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  intake = service_take_in (f);
  service_login (f, "S0101");
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (MdDecisionFiles) files
          = desk_decision_because (f->desk, intake, kinds[i], reason, &error);

      g_assert_no_error (error);
      g_assert_false (desk_send_decision (f->desk, intake, files, &error));
      g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_DECISION_INVALID);
      g_clear_error (&error);
      service_assert_recorded (f, "decide", "refused", "cause=content");
    }
  returned = desk_decision_because (f->desk, intake, MD_DECISION_RETURN, reason, &error);
  g_assert_true (desk_send_decision (f->desk, intake, returned, &error));
  g_assert_no_error (error);
  service_assert_recorded (f, "decide", "done", "decision=return action=return-unread");
}

static char *
returned_intake (Fixture *f)
{
  char *intake;
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  intake = service_take_in (f);
  service_login (f, "S0101");
  desk_decide (f->desk, intake, MD_DECISION_RETURN, &error);
  g_assert_no_error (error);
  return intake;
}

/* A returned one is taken up again with a number of its own; the link is in the manifest, or it is
 * not accepted. */
static void
test_take_up (Fixture *f, gconstpointer data)
{
  static const DeskFlaws forgets = { .forgets_replaced = TRUE };
  g_autofree char *old = returned_intake (f);
  g_autofree char *intake = NULL;
  g_autofree char *number = NULL;
  g_autoptr (GVariant) reservation = NULL;
  g_autoptr (GBytes) without = NULL;
  g_autoptr (GBytes) with = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (desk_take_up (f->desk, old, &error)); /* the supervisor takes nothing in */
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED);
  g_clear_error (&error);
  service_login (f, "S0001");
  reservation = desk_take_up (f->desk, old, &error);
  g_assert_no_error (error);
  g_assert_true (g_variant_lookup (reservation, "intake", "s", &intake));
  without = desk_seal (f->desk, reservation, 1000, &forgets, &error);
  g_assert_false (desk_submit (f->desk, intake, without, &number, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_RESERVATION_MISMATCH);
  g_clear_error (&error);
  with = desk_seal (f->desk, reservation, 1000, NULL, &error);
  g_assert_true (desk_submit (f->desk, intake, with, &number, &error));
  service_assert_recorded (f, "submit", "done", "replaces=001-000001-6");
  g_assert_null (desk_take_up (f->desk, old, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_WRONG_STATE);
}

/* The clerk withdraws what came back, and only that. */
static void
test_withdraw_returned (Fixture *f, gconstpointer data)
{
  g_autofree char *old = returned_intake (f);
  g_autofree char *waiting = NULL;
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  waiting = service_take_in (f);
  g_assert_false (desk_decide (f->desk, waiting, MD_DECISION_WITHDRAW, &error));
  g_clear_error (&error);
  g_assert_true (desk_decide (f->desk, old, MD_DECISION_WITHDRAW, &error));
  g_assert_no_error (error);
  service_assert_recorded (f, "decide", "done", "decision=withdraw");
  g_assert_null (desk_take_up (f->desk, old, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_WRONG_STATE);
}

/* The two-person rule, by each way to go around it. */
static void
test_same_officer (Fixture *f, gconstpointer data)
{
  g_autofree char *intake = NULL;
  g_autoptr (MdDecisionFiles) files = NULL;
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  intake = service_take_in (f);
  /* Made by hand, for the library refuses to make one: the supervisor's files sent by the clerk. */
  service_login (f, "S0101");
  files = desk_decision (f->desk, intake, MD_DECISION_APPROVE, "S0101", "S0101", &error);
  g_assert_no_error (error);
  service_login (f, "S0001");
  g_assert_false (desk_send_decision (f->desk, intake, files, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_SAME_OFFICER);
  service_assert_recorded (f, "decide", "refused", "cause=same-officer");
  g_assert_cmpuint (service_queue_length (f), ==, 1);
}

static void
test_decision_of_another_signer (Fixture *f, gconstpointer data)
{
  g_autofree char *intake = NULL;
  g_autoptr (MdDecisionFiles) files = NULL;
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  intake = service_take_in (f);
  service_login (f, "S0101");
  /* In the supervisor's name, but signed by another officer: refused when made or when sent. */
  files = desk_decision (f->desk, intake, MD_DECISION_APPROVE, "S0101", "S0002", NULL);
  if (files != NULL)
    g_assert_false (desk_send_decision (f->desk, intake, files, &error));
  g_assert_cmpuint (service_queue_length (f), ==, 1);
}

static void
test_decision_for_another_intake (Fixture *f, gconstpointer data)
{
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;
  g_autoptr (MdDecisionFiles) files = NULL;
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  one = service_take_in (f);
  two = service_take_in (f);
  service_login (f, "S0101");
  files = desk_decision (f->desk, one, MD_DECISION_APPROVE, "S0101", "S0101", NULL);
  g_assert_false (desk_send_decision (f->desk, two, files, &error));
  g_assert_nonnull (error);
  service_assert_recorded (f, "decide", "refused", "cause=verification");
  g_assert_cmpuint (service_queue_length (f), ==, 2);
}

static void
test_clerk_without_right_decides (Fixture *f, gconstpointer data)
{
  g_autofree char *intake = NULL;
  g_autoptr (MdDecisionFiles) files = NULL;
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  intake = service_take_in (f);
  service_login (f, "S0101");
  files = desk_decision (f->desk, intake, MD_DECISION_APPROVE, "S0101", "S0101", NULL);
  service_login (f, "S0002");
  g_assert_false (desk_send_decision (f->desk, intake, files, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED);
  service_assert_recorded (f, "decide", "refused", "cause=not-permitted");
}

#define ADD(name, function)                                                                        \
  g_test_add ("/daemon/decide/" name, Fixture, NULL, service_set_up, function, service_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("approve", test_approve);
  ADD ("scans", test_scans);
  ADD ("clock-set-back", test_clock_set_back);
  ADD ("return", test_return);
  ADD ("take-up", test_take_up);
  ADD ("withdraw-returned", test_withdraw_returned);
  ADD ("unread", test_unread);
  ADD ("same-officer", test_same_officer);
  ADD ("decision-of-another-signer", test_decision_of_another_signer);
  ADD ("decision-for-another-intake", test_decision_for_another_intake);
  ADD ("clerk-without-right-decides", test_clerk_without_right_decides);
  return service_run ();
}
