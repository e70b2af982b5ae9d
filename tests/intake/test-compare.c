// SPDX-License-Identifier: Apache-2.0
// What was typed against what the card says: every difference is named before the confirmation, and
// resolved or given a reason; another number goes no further.
#include "counter.h"

/* Another invented person's. */
#define ANOTHER_NUMBER "900000000249"

static MdEntry *
entry_of (MdIntake *intake, const char *field)
{
  return md_form_data_get_entry (md_intake_get_data (intake), field);
}

static void
unlock (MdIntake *intake, const char *field, const char *reason)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (md_entry_unlock (entry_of (intake, field), reason, &error));
  g_assert_no_error (error);
}

static gboolean
is_found (MdIntake *intake, const char *field)
{
  GListModel *findings = md_form_data_get_findings (md_intake_get_data (intake));

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr (MdFinding) finding = g_list_model_get_item (findings, i);

      if (md_finding_get_entry (finding) == entry_of (intake, field)
          && md_finding_get_stops (finding))
        return TRUE;
    }
  return FALSE;
}

static void
assert_line (MdIntake *intake, guint at, guint of, MdMatch match, const char *why)
{
  g_autoptr (GListModel) lines = NULL;
  g_autoptr (MdComparison) line = NULL;
  g_autofree char *words = NULL;

  g_object_get (intake, "comparison", &lines, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (lines), ==, of);
  if (of == 0)
    return;
  line = g_list_model_get_item (lines, at);
  g_object_get (line, "why", &words, NULL);
  g_assert_cmpint (md_comparison_get_match (line), ==, match);
  g_assert_cmpstr (words, ==, why);
}

/* R-CARD-02: no reason lets another number pass; the card's does, and the result is kept. */
static void
test_another_number (Counter *counter)
{
  g_autoptr (MdSecret) another = md_secret_new_from_text (ANOTHER_NUMBER);
  g_autoptr (GError) error = NULL;
  MdIntake *intake;
  MdEntry *number;

  counter_login (counter, "S0001");
  intake = counter_take_in (counter, "pension.exemption", "tanaka");
  assert_line (intake, 0, 0, MD_MATCH_SAME, NULL);
  g_assert_cmpstr (md_form_data_get_value (md_intake_get_data (intake), "e.num_match"), ==, "same");
  g_assert_true (md_intake_go_back (intake));
  number = entry_of (intake, "p.mynum");
  unlock (intake, "p.mynum", "読み間違いと思われる");
  md_entry_clear (number);
  g_assert_true (md_entry_set_secret (number, another, &error));
  g_assert_no_error (error);
  g_assert_nonnull (md_entry_get_error (number));
  g_assert_false (md_intake_advance (intake));
  g_assert_true (is_found (intake, "p.mynum"));
  g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_CONTENT);
  g_assert_false (md_intake_advance (intake));

  g_assert_true (md_entry_restore_card (number));
  g_assert_null (md_entry_get_error (number));
  g_assert_true (md_entry_get_locked (number));
  g_assert_true (md_intake_advance (intake));
  g_assert_cmpstr (md_form_data_get_value (md_intake_get_data (intake), "e.num_match"), ==, "same");
}

/* Named before it is signed, with the reason why; back to the card's, and nothing is left to name.
 */
static void
test_named_before_confirmation (Counter *counter)
{
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = counter_take_in (counter, "pension.exemption", "tanaka");
  g_assert_true (md_intake_go_back (intake));
  unlock (intake, "p.addr", "転居したばかり");
  counter_type (intake, "p.addr", "東京都あおぞら区青空一丁目2番4号");
  unlock (intake, "p.name", "戸籍のとおり");
  counter_type (intake, "p.name", "田中　惠子");
  g_assert_true (md_intake_advance (intake));
  assert_line (intake, 0, 2, MD_MATCH_DIFFERENT, "The block or house number differs.");
  assert_line (intake, 1, 2, MD_MATCH_SAME_FORM, "“恵” and “惠” are two forms of one character.");
  g_assert_true (md_intake_go_back (intake));
  g_assert_true (md_entry_restore_card (entry_of (intake, "p.addr")));
  g_assert_true (md_entry_restore_card (entry_of (intake, "p.name")));
  g_assert_false (md_entry_restore_card (entry_of (intake, "p.name")));
  g_assert_true (md_intake_advance (intake));
  assert_line (intake, 0, 0, MD_MATCH_SAME, NULL);
}

/* What was typed before the card came is not overruled without a word: another form of the same
 * gives way to the card's, a difference waits for the clerk. */
static void
test_typed_before_the_card (Counter *counter)
{
  g_autoptr (GError) error = NULL;
  MdForm *care;
  MdIntake *intake;

  counter_login (counter, "S0001");
  care = md_catalogue_get_form (md_desk_get_catalogue (counter->desk), "care.certification");
  intake = counter_take_in (counter, "pension.exemption", "tanaka");
  g_assert_true (md_intake_go_back (intake));
  unlock (intake, "p.addr", "聞き取り");
  counter_type (intake, "p.addr", "東京都あおぞら区青空1-2-3");
  unlock (intake, "p.name", "聞き取り");
  counter_type (intake, "p.name", "田中 圭子");
  g_assert_true (md_intake_go_back (intake));
  g_assert_true (md_intake_go_back (intake));
  g_assert_true (counter_choose (intake, care, &error));
  g_assert_no_error (error);
  md_intake_acknowledge_notice (intake);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (counter_identify (counter, intake, "tanaka", &error));
  g_assert_no_error (error);
  g_assert_true (md_intake_advance (intake));

  g_assert_true (md_entry_get_locked (entry_of (intake, "p.addr")));
  g_assert_cmpint (md_entry_get_source (entry_of (intake, "p.addr")), ==, MD_SOURCE_CARD);
  g_assert_true (md_entry_get_corrected (entry_of (intake, "p.name")));
  g_assert_false (md_entry_has_reason (entry_of (intake, "p.name")));
  g_assert_nonnull (md_entry_get_error (entry_of (intake, "p.name")));
  g_assert_false (md_intake_advance (intake));
  g_assert_true (is_found (intake, "p.name"));
  unlock (intake, "p.name", "戸籍のとおり");
  g_assert_null (md_entry_get_error (entry_of (intake, "p.name")));
  (void)md_intake_advance (intake);
  g_assert_false (is_found (intake, "p.name"));
}

/* What the confirmation list says of the one intake of today: what is to be confirmed, and by whom
 * it was; NULL as long as it does not. */
static void
read_to_confirm (Counter *counter, char **out_label, char **out_by)
{
  g_autoptr (GObject) row = g_list_model_get_item (md_desk_get_today (counter->desk), 0);

  g_clear_pointer (out_label, g_free);
  g_clear_pointer (out_by, g_free);
  if (row != NULL)
    g_object_get (row, "confirm-label", out_label, "decided-by-name", out_by, NULL);
}

/* OFFICER: NULL: nobody has confirmed it. */
static void
assert_to_confirm (Counter *counter, const char *rule, const char *officer)
{
  g_autofree char *label = NULL;
  g_autofree char *by = NULL;

  await ((read_to_confirm (counter, &label, &by), label && (by || !officer)));
  g_assert_nonnull (strstr (label, rule));
  g_assert_cmpstr (by, ==, officer);
}

static void
refuse_approval (Counter *counter, MdApproval *approval, guint unseen)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (md_approval_get_unseen (approval), ==, unseen);
  g_assert_false (counter_decide (counter, approval, MD_DECISION_APPROVE, NULL, "S0101", &error));
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED);
  g_assert_cmpint (md_approval_get_wait (approval), ==, MD_APPROVAL_WAIT_DECISION);
}

/* Nothing is approved while the officer has not seen each difference; which ones is recorded, and
 * how many they were is signed. */
static void
test_ticked_before_approval (Counter *counter)
{
  g_autoptr (GError) error = NULL;
  MdApproval *approval;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = counter_take_in (counter, "pension.exemption", "tanaka");
  g_assert_true (md_intake_go_back (intake));
  unlock (intake, "p.addr", "転居したばかり");
  counter_type (intake, "p.addr", "東京都あおぞら区青空一丁目2番4号");
  unlock (intake, "p.name", "婚姻したばかり");
  counter_type (intake, "p.name", "山田 恵子");
  g_assert_true (md_intake_advance (intake));
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  assert_to_confirm (counter, "2 items", NULL); /* R-MATCH-05, and no value of it */

  counter_login (counter, "S0101");
  approval = counter_begin_approval (counter);
  g_assert_false (md_approval_tick (approval, "p.addr", TRUE)); /* nobody has opened it */
  g_assert_true (counter_open (counter, approval, "S0101", &error));
  g_assert_no_error (error);
  refuse_approval (counter, approval, 2);
  g_assert_false (md_approval_tick (approval, "p.birth", TRUE)); /* the same */
  g_assert_false (md_approval_tick (approval, "p.kana", TRUE));  /* not on the card */
  g_assert_true (md_approval_tick (approval, "p.addr", TRUE));
  refuse_approval (counter, approval, 1);
  g_assert_true (md_approval_tick (approval, "p.name", TRUE));
  g_assert_true (md_approval_tick (approval, "p.addr", FALSE));
  refuse_approval (counter, approval, 1);
  g_assert_true (md_approval_tick (approval, "p.addr", TRUE));
  g_assert_true (counter_decide (counter, approval, MD_DECISION_APPROVE, NULL, "S0101", &error));
  g_assert_no_error (error);
  counter_assert_recorded (counter, "reference", "done action=compare seen=p.name,p.addr");
  counter_assert_recorded (counter, "decide", "done decision=approve differences=2");
}

static const CounterTest tests[] = {
  { "/intake/compare/another-number", test_another_number },
  { "/intake/compare/named-before-confirmation", test_named_before_confirmation },
  { "/intake/compare/typed-before-the-card", test_typed_before_the_card },
  { "/intake/compare/ticked-before-approval", test_ticked_before_approval },
};

int
main (int argc, char **argv)
{
  return counter_run (argc, argv, tests, G_N_ELEMENTS (tests));
}
