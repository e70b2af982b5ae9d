// SPDX-License-Identifier: Apache-2.0
/* Procedures for which nobody is identified: who brought it, an approver who sees that, and no such
 * way for any other procedure. */
#include <string.h>

#include "holding.h"

#define SCREENING "health.stomach"
#define SLIP "common.inquiry_slip"

static MdIntake *
begin (Counter *counter, const char *procedure)
{
  MdIntake *intake = md_desk_begin_intake (counter->desk);
  g_autoptr (GError) error = NULL;

  counter_choose (intake, md_catalogue_get_form (counter->catalogue, procedure), &error);
  g_assert_no_error (error);
  return intake;
}

static gboolean
bring (MdIntake *intake, const char *by, const char *organisation)
{
  MdBrought brought = { 0 };

  g_strlcpy (brought.by, by, sizeof brought.by);
  g_assert_true (md_brought_take_organisation (&brought, organisation));
  return md_intake_take_brought (intake, &brought);
}

/* The first of those who may bring it, up to the contents. */
static void
bring_first (MdIntake *intake)
{
  const char *by = md_form_get_filers (md_intake_get_form (intake))[0];

  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_BROUGHT);
  g_assert_true (bring (intake, by, md_brought_asks_organisation (by) ? "青空総合病院" : ""));
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_NOTHING);
  g_assert_true (md_intake_advance (intake));
}

/* --- any form, filled --- */

/* Something that the field takes, whatever it says. */
static const char *
something_for (MdEntry *entry, const char *procedure)
{
  static const struct
  {
    const char *field, *text;
  } own[] = { { "p.name", "田中　恵子" },
              { "p.birth", "1950-03-07" },
              { "p.addr", "東京都青空区架空1-2-3" },
              { "s.date", "2026-05-11" },
              { "e.num_missing", "not-shown" },
              { "j.key", "code" },
              { "j.code", "12345678901" },
              { "q.use_to", "2099-03-31" } };
  static const char *const texts[] = {
    [MD_FIELD_TEXT] = "架空",      [MD_FIELD_KANA] = "カクウ",
    [MD_FIELD_CODE] = "12345",     [MD_FIELD_NUMBER] = "1234567890",
    [MD_FIELD_MYNUM] = NULL,       [MD_FIELD_DATE] = "2026-05-11",
    [MD_FIELD_YM] = "2026-05",     [MD_FIELD_DATETIME] = "2026-05-11T09:30",
    [MD_FIELD_TIME] = "09:30",     [MD_FIELD_INT] = "4",
    [MD_FIELD_YEN] = "1000",       [MD_FIELD_ENUM] = NULL,
    [MD_FIELD_BOOL] = "false",     [MD_FIELD_TEL] = "03-1234-5678",
    [MD_FIELD_LIST] = "架空",      [MD_FIELD_BLOB] = NULL,
    [MD_FIELD_ROWS] = NULL,        [MD_FIELD_DEC] = "1",
    [MD_FIELD_DECLARATION] = NULL,
  };
  const char *const *labels = NULL;
  const char *const *choices = md_entry_get_choices (entry, &labels);

  if (g_str_equal (md_entry_get_id (entry), "p.sex"))
    return g_str_equal (procedure, "health.prostate") ? "male" : "female";
  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    if (g_str_equal (own[i].field, md_entry_get_id (entry)))
      return own[i].text;
  return choices ? choices[0] : texts[md_field_get_field_type (md_entry_get_field (entry))];
}

/* Whatever is asked for, until nothing is. */
static void
fill_all (MdIntake *intake)
{
  GListModel *missing = md_form_data_get_missing (md_intake_get_data (intake));
  const char *procedure = md_form_get_id (md_intake_get_form (intake));

  for (guint round = 0; round < 200 && g_list_model_get_n_items (missing) > 0; round++)
    {
      g_autoptr (MdEntry) entry = g_list_model_get_item (missing, 0);

      if (md_entry_is_group (entry))
        {
          (void)md_entry_add_row (entry);
          continue;
        }
      g_test_message ("%s = %s", md_entry_get_id (entry), something_for (entry, procedure));
      md_entry_set_text (entry, something_for (entry, procedure));
      g_assert_true (md_entry_commit (entry));
      g_assert_true (md_entry_get_filled (entry));
    }
  g_assert_cmpuint (g_list_model_get_n_items (missing), ==, 0);
}

static void
assert_advances (MdIntake *intake)
{
  if (!md_intake_advance (intake))
    {
      GListModel *findings = md_form_data_get_findings (md_intake_get_data (intake));

      for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
        {
          g_autoptr (MdFinding) finding = g_list_model_get_item (findings, i);

          g_test_message ("%s", md_finding_get_message (finding));
        }
      g_assert_not_reached ();
    }
  g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_CONFIRM);
}

/* --- the way through --- */

static const char *
verdict_of (GListModel *checks, const char *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (checks); i++)
    {
      g_autoptr (MdCheck) check = g_list_model_get_item (checks, i);

      if (g_str_equal (md_check_get_id (check), id))
        {
          g_autofree char *verdict = NULL;

          g_object_get (check, "verdict", &verdict, NULL);
          return g_intern_string (verdict);
        }
    }
  return NULL;
}

/* Who brought it is asked for in place of a card, recorded, sealed, and seen by the approver;
 * nothing is filled in, no card is read although one lies there. */
static void
test_whole (Counter *counter)
{
  g_autoptr (GError) error = NULL;
  MdApproval *approval;
  MdIntake *intake;

  counter_login (counter, "S0001");
  counter_insert (counter, "resident", "tanaka");
  intake = begin (counter, SCREENING);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_BROUGHT);
  md_intake_acknowledge_notice (intake);
  counter_turn (300);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_BROUGHT);
  g_assert_false (md_intake_get_can_use_papers (intake));
  g_assert_false (md_intake_get_can_use_post (intake));
  g_assert_false (md_intake_advance (intake));
  g_assert_false (bring (intake, "institution", ""));
  g_assert_false (bring (intake, "section", "健康課"));
  g_assert_false (bring (intake, "", ""));
  g_assert_true (bring (intake, "institution", "青空総合病院"));
  counter_assert_recorded (counter, "identification",
                           "done verdict=not-required revocation=none brought=institution");
  g_assert_true (counter_has_check (md_intake_get_checks (intake), "brought", MD_CHECK_PASSED));
  g_assert_true (counter_has_check (md_intake_get_checks (intake), "identity", MD_CHECK_SKIPPED));
  g_assert_true (md_intake_advance (intake));
  g_assert_null (counter_value (intake, "p.name"));
  g_assert_null (counter_value (intake, "p.mynum"));
  g_assert_null (counter_value (intake, "s.hosp"));
  fill_all (intake);
  assert_advances (intake);
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  md_intake_next_person (intake);
  g_assert_true (md_intake_is_empty (intake));
  approval = counter_open_waiting (counter);
  g_assert_cmpint (md_approval_get_wait (approval), ==, MD_APPROVAL_WAIT_DECISION);
  g_assert_true (
      counter_has_check (md_approval_get_checks (approval), "presence", MD_CHECK_PASSED));
  g_assert_true (counter_has_check (md_approval_get_checks (approval), "brought", MD_CHECK_PASSED));
  g_assert_nonnull (
      strstr (verdict_of (md_approval_get_checks (approval), "brought"), "青空総合病院"));
  g_assert_cmpstr (md_form_data_get_value (md_approval_get_data (approval), "m.channel"), ==,
                   "counter");
}

/* Nobody is named by the contents, and the service takes it in as such. */
static void
test_nobody_named (Counter *counter)
{
  g_autoptr (GError) error = NULL;
  MdApproval *approval;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = begin (counter, SLIP);
  g_assert_true (bring (intake, "anyone", ""));
  g_assert_true (md_intake_advance (intake));
  fill_all (intake);
  assert_advances (intake);
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  approval = counter_open_waiting (counter);
  g_assert_true (counter_has_check (md_approval_get_checks (approval), "brought", MD_CHECK_PASSED));
  g_assert_true (counter_decide (counter, approval, MD_DECISION_APPROVE, NULL, "S0101", &error));
  g_assert_no_error (error);
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

/* What is suspended waits with what was typed; who brought it is asked for again, and nobody is
 * told to look whether it is the same person: there is none. */
static void
test_suspended (Counter *counter)
{
  g_autoptr (MdSecret) pin = counter_staff_secret (counter, "S0001", "pin");
  g_autoptr (GAsyncResult) suspended = NULL, opened = NULL;
  g_autoptr (MdDraftRow) row = NULL;
  g_autoptr (GError) error = NULL;
  GListModel *drafts = md_desk_get_drafts (counter->desk);
  MdIntake *intake;
  MdDraft *draft;

  counter_login (counter, "S0001");
  intake = begin (counter, SCREENING);
  g_assert_true (bring (intake, "institution", "青空総合病院"));
  g_assert_true (md_intake_advance (intake));
  counter_type (intake, "p.name", "田中　恵子");
  g_assert_true (md_intake_get_can_suspend (intake));
  md_intake_suspend_async (intake, NULL, result_cb, &suspended);
  await (suspended != NULL);
  g_assert_true (md_intake_suspend_finish (intake, suspended, &error));
  g_assert_no_error (error);
  g_assert_true (md_intake_is_empty (intake));

  await (g_list_model_get_n_items (drafts) == 1);
  row = g_list_model_get_item (drafts, 0);
  draft = md_desk_begin_draft (counter->desk, row);
  counter_wait (draft, "wait", MD_DRAFT_WAIT_PIN);
  md_draft_open_async (draft, pin, NULL, result_cb, &opened);
  await (opened != NULL);
  g_assert_true (md_draft_open_finish (draft, opened, &error));
  g_assert_no_error (error);
  md_desk_end_draft (counter->desk);
  intake = md_desk_get_intake (counter->desk);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_BROUGHT);
  g_assert_cmpstr (md_intake_get_brought (intake)->by, ==, "");
  g_assert_true (bring (intake, "institution", "青空総合病院"));
  g_assert_cmpuint (g_list_model_get_n_items (md_intake_get_warnings (intake)), ==, 0);
  g_assert_true (md_intake_advance (intake));
  g_assert_cmpstr (counter_value (intake, "p.name"), ==, "田中 恵子");
}

/* Where nobody came, nothing is read out and nothing was explained: the sentence says so, and what
 * the slip is made of. */
static void
test_not_read_out (Counter *counter)
{
  static const struct
  {
    const char *procedure, *by, *organisation;
    gboolean read_out;
  } cases[] = { { SCREENING, "institution", "青空総合病院", FALSE },
                { SCREENING, "ex-officio", "", FALSE },
                { SLIP, "self", "", TRUE } };

  counter_login (counter, "S0001");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      MdIntake *intake = begin (counter, cases[i].procedure);

      g_assert_true (bring (intake, cases[i].by, cases[i].organisation));
      g_assert_cmpint (md_intake_is_read_out (intake), ==, cases[i].read_out);
      g_assert_null (md_intake_dup_explained (intake));
      g_assert_true (md_intake_advance (intake));
      fill_all (intake);
      assert_advances (intake);
      counter_wait (intake, "wait", MD_WAIT_STAFF_PIN);
      g_assert_cmpint (g_str_has_prefix (md_intake_get_sentence (intake), "Read the application"),
                       ==, cases[i].read_out);
    }
}

/* Back from the contents who brought it is asked for again, and what was typed stays. */
static void
test_back (Counter *counter)
{
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = begin (counter, SCREENING);
  g_assert_true (bring (intake, "institution", "青空総合病院"));
  g_assert_true (md_intake_advance (intake));
  counter_type (intake, "p.name", "田中　恵子");
  g_assert_true (md_intake_go_back (intake));
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_BROUGHT);
  g_assert_cmpstr (md_intake_get_brought (intake)->organisation, ==, "青空総合病院");
  g_assert_true (bring (intake, "ex-officio", ""));
  g_assert_true (md_intake_advance (intake));
  g_assert_cmpstr (counter_value (intake, "p.name"), ==, "田中 恵子");
  g_assert_true (md_intake_go_back (intake));
  g_assert_true (md_intake_go_back (intake));
  g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_PROCEDURE);
  g_assert_true (counter_choose (intake, md_catalogue_get_form (counter->catalogue, SLIP), NULL));
  g_assert_cmpstr (md_intake_get_brought (intake)->by, ==, "");
}

/* --- all of them --- */

/* Each procedure of the catalogue can be begun in one way or another: those that ask for nobody
 * without a card or a document, and no other. */
static void
test_every_procedure_begins (Counter *counter)
{
  g_autoptr (GListModel) forms = NULL;
  guint begun = 0, waived = 0;
  MdIntake *intake;

  counter_login (counter, "S0001");
  forms = md_desk_search_forms (counter->desk, "");
  for (guint i = 0; i < g_list_model_get_n_items (forms); i++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (forms, i);
      const gboolean asks = md_form_needs_identification (form);

      g_test_message ("%s", md_form_get_id (form));
      intake = begin (counter, md_form_get_id (form));
      g_assert_cmpint (md_intake_get_wait (intake), ==, asks ? MD_WAIT_NOTICE : MD_WAIT_BROUGHT);
      if (asks)
        {
          g_assert_false (bring (intake, md_form_get_filers (form)[0], ""));
          g_assert_false (bring (intake, "ex-officio", ""));
          md_intake_acknowledge_notice (intake);
          counter_wait (intake, "wait", MD_WAIT_CARD);
          g_assert_false (bring (intake, "ex-officio", ""));
        }
      else
        bring_first (intake);
      begun++;
      waived += asks ? 0 : 1;
      md_intake_next_person (intake);
    }
  g_assert_cmpuint (begun, >=, 84);
  g_assert_cmpuint (waived, ==, 15);
}

/* And those that ask for nobody are taken in to the end, each of them. */
static void
test_each_is_taken_in (Counter *counter)
{
  g_autoptr (GListModel) forms = NULL;
  g_autoptr (GError) error = NULL;
  guint taken = 0;

  counter_login (counter, "S0001");
  forms = md_desk_search_forms (counter->desk, "");
  for (guint i = 0; i < g_list_model_get_n_items (forms); i++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (forms, i);
      MdIntake *intake;

      if (md_form_needs_identification (form))
        continue;
      g_test_message ("%s", md_form_get_id (form));
      intake = begin (counter, md_form_get_id (form));
      bring_first (intake);
      fill_all (intake);
      assert_advances (intake);
      counter_submit (counter, intake, "S0001", &error);
      g_assert_no_error (error);
      g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_DONE);
      md_intake_next_person (intake);
      taken++;
    }
  g_assert_cmpuint (taken, ==, 15);
}

/* --- where more is demanded --- */

/* A policy with a word too much. */
static void
waive_pension (JsonObject *root)
{
  JsonObject *rules = json_object_get_object_member (
      json_object_get_object_member (root, "procedures"), "pension.exemption");
  JsonArray *methods = json_array_new ();

  json_array_add_string_element (methods, "none");
  json_object_set_array_member (rules, "identification", methods);
  json_object_set_string_member (rules, "assurance", "none");
}

/* And one that asks for somebody where the form does not: the stricter one holds. */
static void
demand_card (JsonObject *root)
{
  JsonObject *rules = json_object_get_object_member (
      json_object_get_object_member (root, "procedures"), SCREENING);
  JsonArray *methods = json_array_new ();

  json_array_add_string_element (methods, "jpki-auth");
  json_object_set_array_member (rules, "identification", methods);
  json_object_set_string_member (rules, "assurance", "card-key");
}

static void
test_policy_alone_waives_nothing (Counter *counter)
{
  MdIntake *intake;
  g_autoptr (GError) error = NULL;

  counter_renew_policy_with (counter, 5, waive_pension);
  counter_login (counter, "S0001");
  intake = md_desk_begin_intake (counter->desk);
  g_assert_false (counter_choose (
      intake, md_catalogue_get_form (counter->catalogue, "pension.exemption"), &error));
  g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED);
  g_assert_nonnull (md_intake_get_trouble (intake));
  g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_PROCEDURE);
}

static void
test_form_alone_waives_nothing (Counter *counter)
{
  MdIntake *intake;

  counter_renew_policy_with (counter, 5, demand_card);
  counter_login (counter, "S0001");
  intake = begin (counter, SCREENING);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_NOTICE);
  g_assert_false (bring (intake, "ex-officio", ""));
  md_intake_acknowledge_notice (intake);
  counter_wait (intake, "wait", MD_WAIT_CARD);
  g_assert_false (bring (intake, "ex-officio", ""));
}

/* --- what stops it --- */

/* A protected person in a paper that nobody was identified for: a supervisor releases it. */
static void
test_protected (Counter *counter)
{
  g_autoptr (GError) error = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = begin (counter, SCREENING);
  g_assert_true (bring (intake, "institution", "青空総合病院"));
  g_assert_true (md_intake_advance (intake));
  fill_all (intake);
  md_intake_stop (intake, MD_HOLD_PROTECTED);
  counter_wait (intake, "wait", MD_WAIT_HELD);
  g_assert_false (md_intake_advance (intake));
  g_assert_true (release (counter, intake, "S0101", &error));
  g_assert_no_error (error);
  go_on_to_the_approver (counter, intake);
}

/* Two people of one name and birth date on one day: the service notices by what the paper says. */
static void
test_namesakes (Counter *counter)
{
  static const char *const addresses[] = { "東京都青空区架空1-2-3", "東京都青空区別所9-9" };
  g_autoptr (GError) error = NULL;

  counter_login (counter, "S0001");
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      MdIntake *intake = begin (counter, SCREENING);

      bring_first (intake);
      counter_type (intake, "p.addr", addresses[i]);
      fill_all (intake);
      assert_advances (intake);
      if (i == 0)
        {
          g_assert_true (counter_submit (counter, intake, "S0001", &error));
          g_assert_no_error (error);
          md_intake_next_person (intake);
          continue;
        }
      counter_wait (intake, "wait", MD_WAIT_HELD);
      g_assert_cmpint (md_intake_get_hold (intake), ==, MD_HOLD_SAME_NAME);
    }
}

static const CounterTest tests[] = {
  { "/intake/brought/whole", test_whole },
  { "/intake/brought/nobody-named", test_nobody_named },
  { "/intake/brought/suspended", test_suspended },
  { "/intake/brought/not-read-out", test_not_read_out },
  { "/intake/brought/back", test_back },
  { "/intake/brought/every-procedure-begins", test_every_procedure_begins },
  { "/intake/brought/each-is-taken-in", test_each_is_taken_in },
  { "/intake/brought/policy-alone", test_policy_alone_waives_nothing },
  { "/intake/brought/form-alone", test_form_alone_waives_nothing },
  { "/intake/brought/protected", test_protected },
  { "/intake/brought/namesakes", test_namesakes },
};

int
main (int argc, char **argv)
{
  return counter_run (argc, argv, tests, G_N_ELEMENTS (tests));
}
