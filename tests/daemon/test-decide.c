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
  ADD ("return", test_return);
  ADD ("same-officer", test_same_officer);
  ADD ("decision-of-another-signer", test_decision_of_another_signer);
  ADD ("decision-for-another-intake", test_decision_for_another_intake);
  ADD ("clerk-without-right-decides", test_clerk_without_right_decides);
  return service_run ();
}
