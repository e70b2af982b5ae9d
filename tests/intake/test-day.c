// SPDX-License-Identifier: Apache-2.0
/* A day at the counter on real parts: cards through pcscd, the service on the bus, OCSP. */
#include "counter.h"

#include <string.h>

static char *
text (gpointer object, const char *property)
{
  char *value = NULL;

  g_object_get (object, property, &value, NULL);
  return value;
}

static void
assert_text (gpointer object, const char *property, const char *expected)
{
  g_autofree char *value = text (object, property);

  g_assert_cmpstr (value, ==, expected);
}

/* The list was asked for again: what stays in it is the same row, which may have the focus. */
static void
assert_stays_last (GListModel *list, MdIntakeRow *row)
{
  guint n = g_list_model_get_n_items (list);
  g_autoptr (MdIntakeRow) last = n > 0 ? g_list_model_get_item (list, n - 1) : NULL;

  g_assert_true (n == 0 || last == row);
}

static void
test_take_in_and_approve (Counter *counter)
{
  static const char *const day[][2] = { { "pension.exemption", "tanaka" },
                                        { "care.certification", "suzuki" },
                                        { "lem.certificate", "sato" } };
  GListModel *approvals = md_desk_get_approvals (counter->desk);
  g_autoptr (MdIntakeRow) last = NULL;
  g_autoptr (GError) error = NULL;

  counter_login (counter, "S0001");
  for (guint i = 0; i < G_N_ELEMENTS (day); i++)
    {
      MdIntake *intake = counter_take_in (counter, day[i][0], day[i][1]);
      const char *number
          = json_object_get_string_member (counter_person (counter, day[i][1]), "number");
      g_autofree char *masked = g_strconcat ("********", number + 8, NULL);

      assert_text (md_intake_get_person (intake), "number", masked);
      assert_text (md_intake_get_person (intake), "name",
                   json_object_get_string_member (counter_person (counter, day[i][1]), "name"));
      g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_STAFF_PIN);
      g_assert_true (counter_submit (counter, intake, "S0001", &error));
      g_assert_no_error (error);
      g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_DONE);
      g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_TAKE_CARD);
      counter_remove (counter, "resident");
      counter_wait (intake, "wait", MD_WAIT_NOTHING);
      md_intake_next_person (intake);
      g_assert_true (md_intake_is_empty (intake));
    }
  counter_wait (counter->desk, "approvals-waiting", 3);
  await (g_list_model_get_n_items (md_desk_get_today (counter->desk)) >= 3);

  counter_login (counter, "S0101");
  await (g_list_model_get_n_items (approvals) >= 3);
  last = g_list_model_get_item (approvals, 2);
  for (guint i = 0; i < G_N_ELEMENTS (day); i++)
    {
      g_autoptr (MdIntakeRow) row = g_list_model_get_item (approvals, 0);
      MdApproval *approval = md_desk_begin_approval (counter->desk, row);
      GListModel *comparison = md_approval_get_comparison (approval);

      counter_wait (approval, "wait", MD_APPROVAL_WAIT_PIN);
      g_assert_true (counter_open (counter, approval, "S0101", &error));
      g_assert_no_error (error);
      g_assert_cmpuint (g_list_model_get_n_items (comparison), ==, 4);
      for (guint k = 0; k < 4; k++)
        {
          g_autoptr (MdComparison) line = g_list_model_get_item (comparison, k);

          g_assert_cmpint (md_comparison_get_match (line), ==, MD_MATCH_SAME);
        }
      g_assert_true (
          counter_decide (counter, approval, MD_DECISION_APPROVE, NULL, "S0101", &error));
      g_assert_no_error (error);
      g_assert_cmpint (md_approval_get_wait (approval), ==, MD_APPROVAL_WAIT_DONE);
      md_desk_end_approval (counter->desk);
      await (g_list_model_get_n_items (approvals) <= 2 - i);
      assert_stays_last (approvals, last);
    }
}

static const CounterTest tests[] = {
  { "/intake/day/take-in-and-approve", test_take_in_and_approve },
};

int
main (int argc, char **argv)
{
  return counter_run (argc, argv, tests, G_N_ELEMENTS (tests));
}
