// SPDX-License-Identifier: Apache-2.0
/* Nobody answers about revocation: the revocation list settles it, or it is deferred, and the
 * intake says so and goes on. */
#include <string.h>

#include "counter.h"

static MdIntake *
identify (Counter *counter, gboolean *out_deferred)
{
  MdIntake *intake = md_desk_begin_intake (counter->desk);
  g_autoptr (GError) error = NULL;

  g_assert_true (counter_choose (
      intake, md_catalogue_get_form (counter->catalogue, "pension.exemption"), &error));
  md_intake_acknowledge_notice (intake);
  counter_insert (counter, "resident", "tanaka");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (counter_identify (counter, intake, "tanaka", &error));
  g_assert_no_error (error);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_NOTHING);
  g_object_get (md_intake_get_person (intake), "deferred", out_deferred, NULL);
  return intake;
}

static MdCheck *
find_in (GListModel *checks, const char *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (checks); i++)
    {
      g_autoptr (MdCheck) check = g_list_model_get_item (checks, i);

      if (g_str_equal (md_check_get_id (check), id))
        return check; /* the list holds it */
    }
  g_assert_not_reached ();
}

static MdCheckState
state_in (GListModel *checks, const char *id)
{
  return md_check_get_state (find_in (checks, id));
}

static MdCheckState
check_state (MdIntake *intake, const char *id)
{
  return state_in (md_intake_get_checks (intake), id);
}

static const char *
check_word (MdIntake *intake, const char *id)
{
  return md_check_get_verdict (find_in (md_intake_get_checks (intake), id));
}

static void
test_list_settles_it (void)
{
  Counter *counter = counter_new ();
  gboolean deferred;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = identify (counter, &deferred);
  g_assert_false (deferred);
  g_assert_cmpint (check_state (intake, "revocation"), ==, MD_CHECK_PASSED);
  g_assert_nonnull (strstr (check_word (intake, "revocation"), "20")); /* of which list */
  g_assert_cmpuint (g_list_model_get_n_items (md_intake_get_warnings (intake)), ==, 0);
  counter_free (counter);
}

/* Told on every list that has the intake. */
static void
assert_listed_as_deferred (GListModel *list)
{
  g_autoptr (GObject) row = NULL;
  gboolean deferred = FALSE;

  await (g_list_model_get_n_items (list) > 0);
  row = g_list_model_get_item (list, 0);
  g_object_get (row, "deferred", &deferred, NULL);
  g_assert_true (deferred);
}

static char *
text_at (Counter *counter, guint at, const char *property)
{
  g_autoptr (GObject) row = g_list_model_get_item (md_desk_get_queue (counter->desk), at);
  char *text = NULL;

  g_object_get (row, property, &text, NULL);
  return text != NULL ? text : g_strdup ("");
}

static char *
queue_text (Counter *counter, const char *property)
{
  return text_at (counter, 0, property);
}

/* What follows upon it is parked with it, and says so. */
static void
assert_parked_with_it (Counter *counter)
{
  g_autofree char *state = NULL;
  g_autofree char *why = NULL;

  await (g_list_model_get_n_items (md_desk_get_queue (counter->desk)) == 2);
  state = text_at (counter, 1, "state");
  why = text_at (counter, 1, "reason");
  g_assert_cmpstr (state, ==, "parked");
  g_assert_true (g_str_has_prefix (why, "Parked by tanaka on 20"));
}

/* The clerk sees by whom, since when and why it does not go. */
static void
assert_told_as_parked (Counter *counter)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autofree char *number = queue_text (counter, "receipt-number");
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *why = NULL;
  g_autofree char *state = NULL;

  answer
      = g_dbus_connection_call_sync (bus, MD_BUS_NAME, MD_BUS_PATH, MD_BUS_NAME, "ParkApplication",
                                     g_variant_new ("(sss)", number, "in-doubt", "tanaka"), NULL,
                                     G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  await (g_str_equal (queue_text (counter, "state"), "parked"));
  why = queue_text (counter, "last-error");
  g_assert_true (g_str_has_prefix (why, "Parked by tanaka on 20"));
  g_assert_true (g_str_has_suffix (why, ": something about it is in doubt"));
  state = queue_text (counter, "state-label");
  g_assert_cmpstr (state, ==, "Parked");
}

static void
test_deferred (void)
{
  g_autoptr (GError) error = NULL;
  Counter *counter;
  gboolean deferred;
  MdIntake *intake;

  g_setenv ("COUNTER_WITHOUT_CRL", "1", TRUE);
  counter = counter_new ();
  counter_login (counter, "S0001");
  intake = identify (counter, &deferred);
  g_assert_true (deferred);
  g_assert_cmpint (check_state (intake, "revocation"), ==, MD_CHECK_DEFERRED);
  g_assert_cmpuint (g_list_model_get_n_items (md_intake_get_warnings (intake)), ==, 1);
  g_assert_true (md_intake_advance (intake));
  counter_fill (md_intake_get_data (intake));
  g_assert_cmpstr (md_form_data_get_value (md_intake_get_data (intake), "e.cert_verdict"), ==,
                   "unconfirmed");
  g_assert_true (md_intake_advance (intake));
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  g_object_get (md_intake_get_person (intake), "deferred", &deferred, NULL);
  g_assert_true (deferred); /* still told when all is done */
  assert_listed_as_deferred (md_desk_get_today (counter->desk));
  assert_listed_as_deferred (md_desk_get_queue (counter->desk));
  assert_told_as_parked (counter);

  counter_login (counter, "S0101");
  {
    MdApproval *approval = counter_begin_approval (counter);

    assert_listed_as_deferred (md_desk_get_approvals (counter->desk));
    g_assert_true (counter_open (counter, approval, "S0101", &error));
    g_assert_no_error (error);
    g_assert_cmpint (state_in (md_approval_get_checks (approval), "presence"), ==,
                     MD_CHECK_DEFERRED);
    g_assert_cmpint (state_in (md_approval_get_checks (approval), "revocation"), ==,
                     MD_CHECK_DEFERRED);
    g_assert_true (counter_decide (counter, approval, MD_DECISION_APPROVE, NULL, "S0101", &error));
    g_assert_no_error (error);
  }
  assert_parked_with_it (counter);
  counter_free (counter);
  g_unsetenv ("COUNTER_WITHOUT_CRL");
}

int
main (int argc, char **argv)
{
  g_autoptr (GTestDBus) bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_dbus_up (bus);
  g_test_add_func ("/intake/deferred/list-settles-it", test_list_settles_it);
  g_test_add_func ("/intake/deferred/deferred", test_deferred);
  status = g_test_run ();
  g_test_dbus_down (bus);
  return status;
}
