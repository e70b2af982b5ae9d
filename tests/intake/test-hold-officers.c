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

/* --- A window that lies --- */

/* The program is linked so that whoever calls one of these functions comes here. While
 * it lies, the window names somebody else to the service, and says the same in the
 * manifest. */
void __real_md_naming_fill (MdNaming *self, MdSignerLookup look_up, gpointer form,
                            const MdIdentityProof *proof);
void __wrap_md_naming_fill (MdNaming *self, MdSignerLookup look_up, gpointer form,
                            const MdIdentityProof *proof);

gboolean __real_md_entry_digest_number (MdEntry *self, const char *tag,
                                        guint8 out[static MD_SHA256_SIZE]);
gboolean __wrap_md_entry_digest_number (MdEntry *self, const char *tag,
                                        guint8 out[static MD_SHA256_SIZE]);
gboolean __real_md_entry_get_visible (MdEntry *self);
gboolean __wrap_md_entry_get_visible (MdEntry *self);

static const char *lie_about;
static MdSignerLookup look_up_truth;

static const char *
look_up_lie (const char *field, gpointer form)
{
  if (g_strcmp0 (field, lie_about) == 0)
    return g_str_equal (field, "p.birth") ? "1999-12-31" : "別人 試子";
  return look_up_truth (field, form);
}

void
__wrap_md_naming_fill (MdNaming *self, MdSignerLookup look_up, gpointer form,
                       const MdIdentityProof *proof)
{
  look_up_truth = look_up;
  __real_md_naming_fill (self, lie_about ? look_up_lie : look_up, form, proof);
}

gboolean
__wrap_md_entry_digest_number (MdEntry *self, const char *tag, guint8 out[static MD_SHA256_SIZE])
{
  if (g_strcmp0 (lie_about, "p.mynum") != 0)
    return __real_md_entry_digest_number (self, tag, out);
  memset (out, 7, MD_SHA256_SIZE);
  return TRUE;
}

gboolean
__wrap_md_entry_get_visible (MdEntry *self)
{
  return (lie_about && g_str_equal (md_entry_get_id (self), lie_about))
         || __real_md_entry_get_visible (self);
}

/* Without a number: of a licence that does not show it. */
static MdIntake *
take_in_without_number (Counter *counter)
{
  MdIntake *intake = counter_by_licence (counter, "1234");

  counter_type_person (intake, "別人　試子");
  counter_fill (md_intake_get_data (intake));
  g_assert_true (md_intake_advance (intake));
  return intake;
}

/* The service cannot open what was sealed, so it takes it; who approves finds the lie, cannot
 * approve, and it is in the log. The truth goes on. */
static void
test_a_window_that_lies (Counter *counter)
{
  static const char *const lies[] = { "p.name", "p.birth", "p.addr", "p.mynum", NULL };

  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autoptr (GError) error = NULL;
      MdApproval *approval;
      MdIntake *intake;

      lie_about = lies[i];
      counter_login (counter, "S0001");
      if (g_strcmp0 (lie_about, "p.mynum") == 0)
        intake = take_in_without_number (counter);
      else
        intake = counter_take_in (counter, "pension.exemption", "tanaka");
      g_assert_true (counter_submit (counter, intake, "S0001", &error));
      g_assert_no_error (error);
      md_intake_next_person (intake);
      counter_remove (counter, "resident");
      lie_about = NULL;
      counter_login (counter, "S0101");
      approval = counter_begin_approval (counter);
      if (!lies[i])
        {
          g_assert_true (counter_open (counter, approval, "S0101", &error));
          g_assert_no_error (error);
          continue;
        }
      g_assert_false (counter_open (counter, approval, "S0101", &error));
      g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_DAMAGED);
      g_assert_nonnull (strstr (error->message, "another person"));
      g_assert_cmpint (md_approval_get_wait (approval), ==, MD_APPROVAL_WAIT_UNFIT);
      counter_assert_recorded (counter, "error", "failed action=open cause=damaged");
    }
}

int
main (int argc, char **argv)
{
  static const CounterTest tests[] = {
    { "/intake/hold-officers/supervisor-at-the-window", test_supervisor_at_the_window },
    { "/intake/hold-officers/role-is-taken", test_role_is_taken },
    { "/intake/hold-officers/released-under-another-policy", test_released_under_another_policy },
    { "/intake/hold-officers/policy-changes-after-release", test_policy_changes_after_release },
    { "/intake/hold-officers/a-window-that-lies", test_a_window_that_lies },
  };

  return counter_run (argc, argv, tests, G_N_ELEMENTS (tests));
}
