// SPDX-License-Identifier: Apache-2.0
/* Who may release, and the policy that changes: at the window and at the approver. */
#include <string.h>

#include "holding.h"

static void
set_roles (JsonObject *root, const char *officer, const char *first, const char *second)
{
  JsonArray *staff = json_object_get_array_member (root, "staff");

  for (guint i = 0; i < json_array_get_length (staff); i++)
    {
      JsonObject *person = json_array_get_object_element (staff, i);
      JsonArray *roles;

      if (!g_str_equal (json_object_get_string_member (person, "id"), officer))
        continue;
      roles = json_array_new ();
      json_array_add_string_element (roles, first);
      if (second)
        json_array_add_string_element (roles, second);
      json_object_set_array_member (person, "roles", roles);
    }
}

static void
make_clerk_a_supervisor (JsonObject *root)
{
  set_roles (root, "S0001", "clerk-number", "supervisor");
}

/* There is another supervisor, or nobody could approve. */
static void
take_the_role (JsonObject *root)
{
  set_roles (root, "S0002", "clerk", "supervisor");
  set_roles (root, "S0101", "checker", NULL);
}

/* Another role releases since. */
static void
let_others_release (JsonObject *root)
{
  JsonArray *roles = json_array_new ();

  json_array_add_string_element (roles, "admin");
  json_object_set_array_member (json_object_get_object_member (root, "holds"), "roles", roles);
}

static void
assert_no_release (Counter *counter, MdIntake *intake, const char *staff, const char *says)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (release (counter, intake, staff, &error));
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_FOREIGN_CARD);
  g_assert_nonnull (strstr (md_trouble_get_title (md_intake_get_trouble (intake)), says));
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_HELD);
}

/* A supervisor takes in: what they may do for others' intakes they may not do here, and are told
 * why. */
static void
test_supervisor_at_the_window (Counter *counter)
{
  g_autoptr (GError) error = NULL;
  MdIntake *intake;

  counter_renew_policy_with (counter, 2, make_clerk_a_supervisor);
  intake = held (counter, MD_HOLD_PROTECTED);
  assert_no_release (counter, intake, "S0001", "your own card");
  (void)release (counter, intake, "S0101", &error);
  g_assert_no_error (error);
}

/* The supervisor loses the role while the intake is held, and before the next one: nobody gets past
 * either. */
static void
test_role_is_taken (Counter *counter)
{
  MdIntake *intake = held (counter, MD_HOLD_PROTECTED);

  counter_renew_policy_with (counter, 2, take_the_role);
  counter_login (counter, "S0001");
  assert_no_release (counter, intake, "S0101", "may not release");
  md_intake_call_supervisor (intake, FALSE);
  counter_login (counter, "S0001");
  md_intake_next_person (intake);
  counter_remove (counter, "resident");
  intake = counter_begin (counter, "pension.exemption");
  counter_insert (counter, "resident", "tanaka");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  (void)counter_identify (counter, intake, "tanaka", NULL);
  counter_wait (intake, "wait", MD_WAIT_HELD);
  g_assert_cmpint (md_intake_get_hold (intake), ==, MD_HOLD_BEFORE);
  assert_no_release (counter, intake, "S0101", "may not release");
}

/* Released under the policy of that day; what the next one says of it changes nothing for the
 * approver. */
static void
test_released_under_another_policy (Counter *counter)
{
  MdIntake *intake = held (counter, MD_HOLD_PROTECTED);
  g_autoptr (GError) error = NULL;

  (void)release (counter, intake, "S0101", &error);
  g_assert_no_error (error);
  counter_login (counter, "S0001");
  g_assert_true (md_intake_advance (intake));
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  md_intake_next_person (intake);
  counter_renew_policy_with (counter, 2, let_others_release);
  assert_approver_sees (counter);
}

/* Released, and the policy changes before it is handed in: it is not taken. */
static void
test_policy_changes_after_release (Counter *counter)
{
  MdIntake *intake = held (counter, MD_HOLD_PROTECTED);
  g_autoptr (GError) error = NULL;

  (void)release (counter, intake, "S0101", &error);
  g_assert_no_error (error);
  counter_renew_policy_with (counter, 2, take_the_role);
  counter_login (counter, "S0001");
  g_assert_true (md_intake_advance (intake));
  g_assert_false (counter_submit (counter, intake, "S0001", &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_RESERVATION_MISMATCH);
  g_assert_nonnull (md_intake_get_trouble (intake));
  g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_CONFIRM);
}

int
main (int argc, char **argv)
{
  static const CounterTest tests[] = {
    { "/intake/hold-officers/supervisor-at-the-window", test_supervisor_at_the_window },
    { "/intake/hold-officers/role-is-taken", test_role_is_taken },
    { "/intake/hold-officers/released-under-another-policy", test_released_under_another_policy },
    { "/intake/hold-officers/policy-changes-after-release", test_policy_changes_after_release },
  };

  return counter_run (argc, argv, tests, G_N_ELEMENTS (tests));
}
