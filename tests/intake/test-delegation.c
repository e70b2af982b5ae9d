// SPDX-License-Identifier: Apache-2.0
/* A letter of delegation from its making to what its delegate files by it: the principal with her
 * own card, the officer who accepts it, the delegate with his, and what the counter says when
 * number, code, procedure or person is another. */
#include <string.h>

#include "counter.h"

/* Of the ward: Tanaka delegates to Sato. */
#define PRINCIPAL "tanaka"
#define DELEGATE "sato"

static const char *
fact_of (Counter *counter, const char *person, const char *name)
{
  return json_object_get_string_member (counter_person (counter, person), name);
}

/* What the principal says of the letter. */
static void
type_letter (Counter *counter, MdIntake *intake, const char *procedure)
{
  counter_type (intake, "g.delegate", fact_of (counter, DELEGATE, "name"));
  counter_type (intake, "g.delegate_birth", fact_of (counter, DELEGATE, "birth"));
  counter_type (intake, "g.delegate_addr", fact_of (counter, DELEGATE, "address"));
  counter_type (intake, "g.proc1", procedure);
  counter_type (intake, "g.date", md_form_data_get_today (md_intake_get_data (intake)));
  counter_type (intake, "g.valid_to", "2099-12-31");
}

/* The principal is there: an intake up to its form, with what any form asks. */
static MdIntake *
begin_by_principal (Counter *counter, const char *procedure)
{
  MdIntake *intake;
  g_autoptr (GError) error = NULL;

  counter_login (counter, "S0001");
  intake = counter_begin (counter, procedure);
  counter_insert (counter, "resident", PRINCIPAL);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (counter_identify (counter, intake, PRINCIPAL, &error));
  g_assert_no_error (error);
  g_assert_true (md_intake_advance (intake));
  counter_fill (md_intake_get_data (intake));
  return intake;
}

/* A letter that waits for the officer: its receipt number, and its code. */
static char *
register_letter (Counter *counter, const char *procedure, char **out_code)
{
  MdIntake *intake = begin_by_principal (counter, MD_DELEGATION_PROCEDURE);
  char *number = NULL;
  g_autoptr (GError) error = NULL;

  type_letter (counter, intake, procedure);
  *out_code = g_strdup (counter_value (intake, "g.code"));
  g_assert_true (md_intake_advance (intake));
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  g_object_get (intake, "receipt-number", &number, NULL);
  md_intake_next_person (intake);
  g_assert_true (md_intake_is_empty (intake));
  counter_remove (counter, "resident");
  return number;
}

/* The first that waits, by S0101; the letter's check must have passed. */
static void
decide (Counter *counter, MdDecisionKind kind, const char *reason)
{
  MdApproval *approval;
  g_autoptr (GError) error = NULL;

  approval = counter_open_waiting (counter);
  g_assert_true (
      counter_has_check (md_approval_get_checks (approval), "delegation", MD_CHECK_PASSED));
  g_assert_true (counter_decide (counter, approval, kind, reason, "S0101", &error));
  g_assert_no_error (error);
  md_desk_end_approval (counter->desk);
}

/* The delegate's intake for PERSON as far as the contents, with all but number and code. */
static MdIntake *
begin_by_delegate (Counter *counter, const char *procedure, const char *person)
{
  static const char *const says[][2] = {
    { "a.kana", "さとう はなこ" }, { "a.tel", "03-0000-0909" },      { "a.relation", "other" },
    { "a.same_name", "same" },     { "a.same_birth", "same" },       { "a.same_addr", "same" },
    { "a.same_sex", "same" },      { "e.num_missing", "not-shown" },
  };
  MdPapers papers = { .filer = MD_FILER_AGENT };
  MdIntake *intake;
  g_autoptr (GError) error = NULL;

  counter_login (counter, "S0001");
  intake = counter_begin (counter, procedure);
  counter_wait (intake, "wait", MD_WAIT_CARD);
  md_intake_use_papers (intake);
  g_strlcpy (papers.issued, md_form_data_get_today (md_intake_get_data (intake)),
             sizeof papers.issued);
  g_assert_true (md_intake_take_papers (intake, &papers));
  md_intake_use_filers_card (intake);
  counter_insert (counter, "resident", DELEGATE);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (counter_identify (counter, intake, DELEGATE, &error));
  g_assert_no_error (error);
  g_assert_true (md_intake_advance (intake));
  counter_type (intake, "p.name", fact_of (counter, person, "name"));
  counter_type (intake, "p.birth", fact_of (counter, person, "birth"));
  counter_type (intake, "p.sex", "female");
  counter_type (intake, "p.addr", fact_of (counter, person, "address"));
  counter_fill (md_intake_get_data (intake));
  for (gsize i = 0; i < G_N_ELEMENTS (says); i++)
    if (md_form_data_get_entry (md_intake_get_data (intake), says[i][0]))
      counter_type (intake, says[i][0], says[i][1]);
  return intake;
}

static const char *
title_of (Counter *counter, const char *procedure)
{
  return md_form_get_title (md_catalogue_get_form (counter->catalogue, procedure));
}

static void
cite (MdIntake *intake, const char *number, const char *code)
{
  counter_type (intake, "a.deleg_id", number);
  counter_type (intake, "a.deleg_code", code);
  /* The service is asked first; when it says yes, the contents are left. */
  g_assert_false (md_intake_advance (intake));
  g_assert_null (md_intake_get_trouble (intake));
}

static void
assert_refused (Counter *counter, MdIntake *intake, const char *number, const char *code,
                const char *cause)
{
  g_autofree char *said = g_strdup_printf ("refused cause=%s", cause);

  cite (intake, number, code);
  await (md_intake_get_trouble (intake));
  counter_assert_trouble (intake);
  g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_CONTENT);
  counter_assert_recorded (counter, "delegation", said);
}

/* Before it is signed, the clerk sees what the letter says now: each line with these words in it.
 */
static void
assert_seen (MdIntake *intake, const char *const lines[][2], guint n)
{
  g_autoptr (GListModel) seen = NULL;

  g_object_get (intake, "letter", &seen, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (seen), ==, n);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MdCheck) line = g_list_model_get_item (seen, i);
      g_autofree char *detail = NULL;

      g_object_get (line, "detail", &detail, NULL);
      g_assert_cmpstr (md_check_get_id (line), ==, lines[i][0]);
      g_assert_nonnull (strstr (detail, lines[i][1]));
      if (i == 1)
        g_assert_cmpstr (md_check_get_verdict (line), ==, "Within its days");
    }
}

static void
test_whole (Counter *counter)
{
  g_autofree char *code = NULL;
  g_autofree char *number = register_letter (counter, "pension.exemption", &code);
  g_autofree char *done = g_strdup_printf ("done letter=%s", number);
  g_autofree char *handed_in = g_strdup_printf ("done delegation=%s", number);
  g_autoptr (GError) error = NULL;
  MdIntake *intake;

  g_assert_cmpuint (strlen (code), ==, strlen ("XXXX-XXXX-XXXX-XXXX"));
  decide (counter, MD_DECISION_APPROVE, NULL);
  intake = begin_by_delegate (counter, "pension.exemption", PRINCIPAL);
  cite (intake, number, code);
  counter_wait (intake, "step", MD_STEP_OF_CONFIRM);
  assert_seen (intake,
               (const char *const[][2]){
                   { "delegation", number },
                   { "delegation-days", "2099-12-31" },
                   { "delegation-procedures", title_of (counter, "pension.exemption") } },
               3);
  /* Somebody else was typed in between: the service is asked again about the first. */
  g_assert_true (md_intake_go_back (intake));
  counter_type (intake, "p.name", "別人　花子");
  assert_refused (counter, intake, number, code, "principal");
  counter_type (intake, "p.name", fact_of (counter, PRINCIPAL, "name"));
  cite (intake, number, code);
  counter_wait (intake, "step", MD_STEP_OF_CONFIRM);
  counter_assert_recorded (counter, "delegation", done);
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  counter_assert_recorded (counter, "submit", handed_in);
  md_intake_next_person (intake);
  counter_remove (counter, "resident");
  decide (counter, MD_DECISION_APPROVE, NULL);
}

/* What is wrong is said, nothing is lost by it, and what is right goes on. */
static void
test_refused (Counter *counter)
{
  g_autofree char *code = NULL;
  g_autofree char *number = register_letter (counter, "pension.exemption", &code);
  MdIntake *intake;

  intake = begin_by_delegate (counter, "pension.exemption", PRINCIPAL);
  assert_refused (counter, intake, number, code, "unknown-letter"); /* not accepted yet */
  md_intake_next_person (intake);
  counter_remove (counter, "resident");
  decide (counter, MD_DECISION_APPROVE, NULL);
  intake = begin_by_delegate (counter, "pension.exemption", PRINCIPAL);
  assert_refused (counter, intake, number, "0000-0000-0000-0000", "principal");
  counter_type (intake, "p.name", "別人　花子");
  assert_refused (counter, intake, number, code, "principal");
  counter_type (intake, "p.name", fact_of (counter, PRINCIPAL, "name"));
  cite (intake, number, code);
  counter_wait (intake, "step", MD_STEP_OF_CONFIRM);
  /* By a letter on paper after all. */
  g_assert_true (md_intake_go_back (intake));
  counter_type (intake, "a.deleg_id", "");
  g_assert_true (md_intake_advance (intake));
  counter_assert_recorded (counter, "delegation", "done letter=none");
  g_assert_true (counter_submit (counter, intake, "S0001", NULL));
}

static void
test_other_procedure (Counter *counter)
{
  g_autofree char *code = NULL;
  g_autofree char *number = register_letter (counter, "lem.certificate", &code);

  decide (counter, MD_DECISION_APPROVE, NULL);
  assert_refused (counter, begin_by_delegate (counter, "pension.exemption", PRINCIPAL), number,
                  code, "procedure");
}

/* What is typed otherwise is seen otherwise, and the letter is as before. */
static void
see_other_day (Counter *counter, MdIntake *intake)
{
  g_autoptr (GListModel) seen = NULL;
  g_autoptr (MdCheck) line = NULL;
  g_autofree char *detail = NULL;

  g_assert_true (md_intake_go_back (intake));
  counter_type (intake, "g.valid_to", "2099-06-30");
  g_assert_true (md_intake_advance (intake));
  g_object_get (intake, "letter", &seen, NULL);
  line = g_list_model_get_item (seen, 3);
  g_object_get (line, "detail", &detail, NULL);
  g_assert_cmpstr (detail, ==, "2099-12-31 → 2099-06-30");
  g_assert_true (md_intake_go_back (intake));
  counter_type (intake, "g.valid_to", "");
  g_assert_true (md_intake_advance (intake));
}

/* The principal is there, and staff write down what is to be changed: as far as the officer. */
static void
change_letter (Counter *counter, const char *number, const char *code, const char *procedure)
{
  MdIntake *intake = begin_by_principal (counter, MD_DELEGATION_CHANGE);
  g_autoptr (GError) error = NULL;

  counter_type (intake, "a.kind", "ex-officio");
  counter_type (intake, "g.delegate", fact_of (counter, DELEGATE, "name"));
  counter_type (intake, "g.delegate_birth", fact_of (counter, DELEGATE, "birth"));
  counter_type (intake, "g.change", procedure ? "amend" : "end");
  counter_type (intake, "g.change_why", "mistake");
  if (procedure)
    counter_type (intake, "g.proc1", procedure);
  counter_type (intake, "m.msg", "手続きを改めました。");
  cite (intake, number, code);
  counter_wait (intake, "step", MD_STEP_OF_CONFIRM);
  assert_seen (intake,
               (const char *const[][2]){ { "delegation", number },
                                         { "delegation-days", "2099-12-31" },
                                         { procedure ? "delegation-procedures" : "delegation-end",
                                           procedure ? " → " : "" } },
               3);
  if (procedure)
    see_other_day (counter, intake);
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  md_intake_next_person (intake);
  counter_remove (counter, "resident");
}

/* R-IDN-12: amended by staff and approved by another officer, who sees before and after; from then
 * on the delegate files what it says now, by the number and the code that there were. Ended, it
 * allows nothing. */
static void
test_amended (Counter *counter)
{
  g_autofree char *code = NULL;
  g_autofree char *number = register_letter (counter, "lem.certificate", &code);
  MdApproval *approval;
  MdIntake *intake;
  g_autoptr (GError) error = NULL;

  decide (counter, MD_DECISION_APPROVE, NULL);
  assert_refused (counter, begin_by_delegate (counter, "pension.exemption", PRINCIPAL), number,
                  code, "procedure");
  md_intake_next_person (md_desk_get_intake (counter->desk));
  counter_remove (counter, "resident");
  change_letter (counter, number, code, "pension.exemption");
  counter_login (counter, "S0101");
  approval = counter_begin_approval (counter);
  g_assert_true (counter_open (counter, approval, "S0101", &error));
  g_assert_no_error (error);
  g_assert_true (counter_has_check (md_approval_get_checks (approval), "delegation-procedures",
                                    MD_CHECK_PASSED));
  g_assert_false (
      counter_has_check (md_approval_get_checks (approval), "delegation-to", MD_CHECK_PASSED));
  g_assert_true (counter_decide (counter, approval, MD_DECISION_APPROVE, NULL, "S0101", &error));
  g_assert_no_error (error);
  md_desk_end_approval (counter->desk);
  intake = begin_by_delegate (counter, "pension.exemption", PRINCIPAL);
  cite (intake, number, code);
  counter_wait (intake, "step", MD_STEP_OF_CONFIRM);
  md_intake_next_person (intake);
  counter_remove (counter, "resident");
  change_letter (counter, number, code, NULL);
  decide (counter, MD_DECISION_APPROVE, NULL);
  assert_refused (counter, begin_by_delegate (counter, "pension.exemption", PRINCIPAL), number,
                  code, "ended");
}

/* Returned or refused by mistake: the officer restores it and accepts it. */
static void
check_restored (Counter *counter, MdDecisionKind first, const char *reason)
{
  g_autofree char *code = NULL;
  g_autofree char *number = register_letter (counter, "pension.exemption", &code);
  g_autoptr (MdSecret) pin = counter_staff_secret (counter, "S0101", "pin");
  g_autoptr (MdIntakeRow) row = NULL;
  g_autoptr (GError) error = NULL;
  MdReturned *returned;

  decide (counter, first, reason);
  await (g_list_model_get_n_items (md_desk_get_returned (counter->desk)) > 0);
  row = g_list_model_get_item (md_desk_get_returned (counter->desk), 0);
  returned = md_desk_begin_returned (counter->desk, row);
  counter_wait (returned, "wait", MD_RETURNED_WAIT_CHOICE);
  g_assert_true (md_returned_may_settle (returned, MD_DECISION_RESTORE));
  g_assert_false (md_returned_may_settle (returned, MD_DECISION_WITHDRAW));
  g_assert_true (counter_settle_with (returned, MD_DECISION_RESTORE, pin, &error));
  g_assert_no_error (error);
  counter_assert_recorded (counter, "decide", "done decision=restore");
  md_desk_end_returned (counter->desk);
  decide (counter, MD_DECISION_APPROVE, NULL);
}

static void
test_returned_and_restored (Counter *counter)
{
  check_restored (counter, MD_DECISION_RETURN, "incomplete");
}

static void
test_refused_and_restored (Counter *counter)
{
  check_restored (counter, MD_DECISION_REJECT, "duplicate");
}

int
main (int argc, char **argv)
{
  static const CounterTest tests[] = {
    { "/intake/delegation/whole", test_whole },
    { "/intake/delegation/refused", test_refused },
    { "/intake/delegation/other-procedure", test_other_procedure },
    { "/intake/delegation/amended", test_amended },
    { "/intake/delegation/returned-and-restored", test_returned_and_restored },
    { "/intake/delegation/refused-and-restored", test_refused_and_restored },
  };

  return counter_run (argc, argv, tests, G_N_ELEMENTS (tests));
}
