// SPDX-License-Identifier: Apache-2.0
#include "holding.h"

#include <string.h>

static void
store_result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

gboolean
release_with (MdIntake *intake, const char *reason, MdSecret *pin, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  md_intake_release_async (intake, reason, pin, NULL, store_result_cb, &result);
  await (result);
  return md_intake_release_finish (intake, result, error);
}

void
put_staff_card (Counter *counter, const char *card)
{
  MdStaffPin *pin = md_desk_get_staff_pin (counter->desk);

  counter_swap (counter, "staff", card);
  await (md_staff_pin_get_state (pin) != MD_STAFF_PIN_LOOKING);
}

/* The supervisor's card in place of the clerk's, and their PIN. */
gboolean
release_for (Counter *counter, MdIntake *intake, const char *staff, const char *reason,
             GError **error)
{
  g_autofree char *card = g_strdup_printf ("staff-%s", staff);
  g_autoptr (MdSecret) pin = counter_staff_secret (counter, staff, "pin");

  md_intake_call_supervisor (intake, TRUE);
  put_staff_card (counter, card);
  counter_wait (intake, "wait", MD_WAIT_HELD);
  return release_with (intake, reason, pin, error);
}

gboolean
release (Counter *counter, MdIntake *intake, const char *staff, GError **error)
{
  return release_for (counter, intake, staff, REASON, error);
}

/* Stopped in step content. */
MdIntake *
held (Counter *counter, MdHoldKind kind)
{
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = counter_take_in (counter, "pension.exemption", "tanaka");
  g_assert_true (md_intake_go_back (intake));
  g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_CONTENT);
  g_assert_true (md_intake_get_can_stop (intake));
  md_intake_stop (intake, kind);
  counter_wait (intake, "wait", MD_WAIT_HELD);
  counter_assert_recorded (counter, "hold", "done hold=1");
  return intake;
}

/* What it was, by whom it was released and why; nobody learns it from outside. */
void
assert_approver_sees (Counter *counter)
{
  g_autoptr (GError) error = NULL;
  MdApproval *approval;
  gboolean seen = FALSE;

  approval = counter_open_waiting (counter);
  for (guint i = 0; i < g_list_model_get_n_items (md_approval_get_checks (approval)); i++)
    {
      g_autoptr (MdCheck) check = g_list_model_get_item (md_approval_get_checks (approval), i);

      g_autofree char *detail = NULL;

      if (!g_str_equal (md_check_get_id (check), "release"))
        continue;
      seen = TRUE;
      g_assert_cmpstr (md_check_get_title (check), ==, "Protected person");
      g_object_get (check, "detail", &detail, NULL);
      g_assert_cmpstr (md_check_get_verdict (check), ==, "Released");
      g_assert_nonnull (strstr (detail, "Kakunin Makoto"));
      g_assert_nonnull (strstr (detail, "alone"));
    }
  g_assert_true (seen);
}

/* Released: from where it had been stopped to the approver, who sees what it was. */
void
go_on_to_the_approver (Counter *counter, MdIntake *intake)
{
  g_autoptr (GError) error = NULL;

  counter_login (counter, "S0001");
  g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_CONTENT);
  g_assert_true (md_intake_advance (intake));
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_DONE);
  md_intake_next_person (intake);
  assert_approver_sees (counter);
}
