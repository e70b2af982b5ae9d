// SPDX-License-Identifier: Apache-2.0
/* The procedure that README.md adds as its example, from COUNTER_FORMS where example.py installed
 * it: the counters do not offer it before the policy names it, and then take it in. */
#include "counter.h"

#define EXAMPLE "care.visit_contact"

/* Who takes it in and who approves it: as for another notification of the same office. */
static void
name_example (JsonObject *root)
{
  JsonObject *procedures = json_object_get_object_member (root, "procedures");

  json_object_set_member (procedures, EXAMPLE,
                          json_object_dup_member (procedures, "care.delivery"));
}

static void
test_taken_in (Counter *counter)
{
  MdForm *form = md_catalogue_get_form (counter->catalogue, EXAMPLE);
  MdIntake *intake;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (form);
  counter_login (counter, "S0001");
  intake = md_desk_begin_intake (counter->desk);
  g_assert_false (counter_choose (intake, form, &error));
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED);
  g_clear_error (&error);

  counter_renew_policy_with (counter, 2, name_example);
  counter_login (counter, "S0001");
  intake = counter_take_in (counter, EXAMPLE, "tanaka");
  g_assert_cmpstr (counter_value (intake, "k.survey_contact"), ==, "長女");
  g_assert_null (md_form_data_get_entry (md_intake_get_data (intake), "p.mynum"));
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_DONE);
}

int
main (int argc, char **argv)
{
  static const CounterTest tests[] = {
    { "/intake/example/taken-in", test_taken_in },
  };

  return counter_run (argc, argv, tests, G_N_ELEMENTS (tests));
}
