// SPDX-License-Identifier: Apache-2.0
/* Without a card, or not the person: the parts in their order, what each refuses, what of it comes
 * into the form and the log, and what reaches the approver. */
#include <string.h>

#include "counter.h"

static void
assert_waits (MdIntake *intake, MdIntakeWait wait)
{
  g_assert_cmpint (md_intake_get_wait (intake), ==, wait);
}

/* An intake at the first part of the documents; the clerk is logged in. */
static MdIntake *
begin_next (Counter *counter, const char *procedure)
{
  MdIntake *intake = counter_begin (counter, procedure);

  counter_wait (intake, "wait", MD_WAIT_CARD);
  g_assert_true (md_intake_get_can_use_papers (intake));
  md_intake_use_papers (intake);
  assert_waits (intake, MD_WAIT_FILER);
  return intake;
}

static MdIntake *
begin (Counter *counter, const char *procedure)
{
  counter_login (counter, "S0001");
  return begin_next (counter, procedure);
}

/* The three parts for the person with a licence. */
static void
identify_by_licence (MdIntake *intake, MdPapers *papers)
{
  g_assert_true (md_intake_take_papers (intake, papers));
  assert_waits (intake, MD_WAIT_DOCUMENTS);
  papers->shown[0] = counter_paper ("licence", "1234", "2099-05-01");
  g_assert_true (md_intake_take_papers (intake, papers));
  assert_waits (intake, MD_WAIT_COMPARE);
  papers->photo = MD_FACE_ANSWER_SAME;
  papers->compared = MD_COMPARED_NAME | MD_COMPARED_BIRTH;
  g_assert_true (md_intake_take_papers (intake, papers));
  assert_waits (intake, MD_WAIT_NOTHING);
}

/* R-CARD-01: documents are open only to a clerk who has said why there is no card, and what the
 * person says of oneself is typed only behind them. */
static void
card_comes_first (MdIntake *intake)
{
  MdPapers papers = { 0 };
  g_autoptr (MdCardText) text = md_intake_dup_papers_text (intake, &papers);

  g_assert_cmpint (md_intake_judge_papers (intake, &papers), ==, MD_PAPERS_NO_CARD_UNSAID);
  g_assert_cmpstr (text->title, ==, "Choose why there is no card.");
  g_assert_false (md_intake_take_papers (intake, &papers));
  papers.no_card = MD_NO_CARD_PROXY;
  g_assert_false (md_intake_take_papers (intake, &papers));
  assert_waits (intake, MD_WAIT_FILER);
  g_assert_false (md_intake_advance (intake));
  g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_IDENTIFY);
}

static void
test_licence (Counter *counter)
{
  MdIntake *intake = begin (counter, "pension.exemption");
  MdPapers papers = { .no_card = MD_NO_CARD_LOST };
  g_autoptr (GError) error = NULL;
  MdApproval *approval;

  card_comes_first (intake);
  identify_by_licence (intake, &papers);
  counter_assert_recorded (counter, "identification",
                           "done verdict=documents revocation=none method=photo-document "
                           "filer=self no_card=lost");
  g_assert_cmpstr (counter_value (intake, "e.method"), ==, "photo-document");
  g_assert_cmpstr (counter_value (intake, "e.card_read"), ==, "none");
  g_assert_cmpstr (counter_value (intake, "e.doc1"), ==, "licence");
  g_assert_null (counter_value (intake, "e.doc2"));
  g_assert_cmpstr (counter_value (intake, "e.compare"), ==, "name\nbirth");
  g_assert_cmpstr (counter_value (intake, "a.kind"), ==, "self");
  /* R-IDN-24: no paper showed the number, so the intake goes on without it and says why. */
  g_assert_cmpstr (counter_value (intake, "e.num_missing"), ==, "not-shown");
  g_assert_null (counter_value (intake, "e.num_src"));
  g_assert_true (md_intake_advance (intake));
  counter_type_person (intake, "田中　恵子");
  counter_fill (md_intake_get_data (intake));
  g_assert_true (md_intake_advance (intake));
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  md_intake_next_person (intake);
  g_assert_true (md_intake_is_empty (intake));
  approval = counter_open_waiting (counter);
  g_assert_true (counter_decide (counter, approval, MD_DECISION_APPROVE, NULL, "S0101", &error));
  g_assert_no_error (error);
}

/* R-IDN-02, R-IDN-15: one is not enough, and nothing ticked goes nowhere. */
static void
test_not_enough (Counter *counter)
{
  MdIntake *intake = begin (counter, "pension.exemption");
  MdPapers papers = { .no_card = MD_NO_CARD_NOT_BROUGHT };

  g_assert_true (md_intake_take_papers (intake, &papers));
  g_assert_false (md_intake_take_papers (intake, &papers));
  papers.shown[0] = counter_paper ("insurance", "", "2099-05-01");
  g_assert_cmpint (md_intake_judge_papers (intake, &papers), ==, MD_PAPERS_SECOND_MISSING);
  g_assert_null (md_intake_get_papers_reach (intake, &papers));
  g_assert_false (md_intake_take_papers (intake, &papers));
  assert_waits (intake, MD_WAIT_DOCUMENTS);
  papers.shown[1] = counter_paper ("pension-book", "", "");
  g_assert_true (md_intake_take_papers (intake, &papers));
  g_assert_false (md_intake_take_papers (intake, &papers));
  papers.compared = MD_COMPARED_NAME;
  g_assert_false (md_intake_take_papers (intake, &papers));
  assert_waits (intake, MD_WAIT_COMPARE);
  g_assert_false (md_intake_advance (intake));
  papers.compared |= MD_COMPARED_ADDRESS;
  g_assert_true (md_intake_take_papers (intake, &papers));
  g_assert_cmpstr (counter_value (intake, "e.method"), ==, "two-documents");
  g_assert_cmpstr (counter_value (intake, "e.doc2"), ==, "pension-book");
}

/* The procedure's minimum. */
static void
test_minimum (Counter *counter)
{
  MdIntake *intake = begin (counter, "care.certification");
  MdPapers papers = { .no_card = MD_NO_CARD_NOT_BROUGHT };

  g_assert_true (md_intake_take_papers (intake, &papers));
  papers.shown[0] = counter_paper ("insurance", "", "2099-05-01");
  papers.shown[1] = counter_paper ("pension-book", "", "");
  g_assert_cmpint (md_intake_judge_papers (intake, &papers), ==, MD_PAPERS_TOO_WEAK);
  g_assert_false (md_intake_take_papers (intake, &papers));
  md_intake_next_person (intake);
}

/* Somebody else files: by what, typed once, and only who may. */
static void
test_guardian (Counter *counter)
{
  MdIntake *intake = begin (counter, "pension.exemption");
  MdPapers papers = { .filer = MD_FILER_GUARDIAN };
  g_autofree char *today = g_strdup (md_form_data_get_today (md_intake_get_data (intake)));

  g_assert_true (md_intake_offers_filer (intake, MD_FILER_GUARDIAN));
  g_assert_false (md_intake_offers_filer (intake, MD_FILER_CARE_MANAGER));
  g_assert_false (md_intake_offers_filer (intake, MD_FILER_FACILITY));
  g_assert_false (md_intake_take_papers (intake, &papers));
  g_strlcpy (papers.issued, "2020-01-01", sizeof papers.issued);
  g_assert_cmpint (md_intake_judge_papers (intake, &papers), ==, MD_PAPERS_AUTHORITY_OLD);
  g_strlcpy (papers.issued, today, sizeof papers.issued);
  g_strlcpy (papers.number, "notice-card", sizeof papers.number);
  identify_by_licence (intake, &papers);
  counter_assert_recorded (counter, "identification",
                           "done verdict=documents revocation=none method=notice-card "
                           "filer=guardian no_card=proxy");
  g_assert_cmpstr (counter_value (intake, "a.kind"), ==, "legal");
  g_assert_cmpstr (counter_value (intake, "a.authority"), ==, "guardianship");
  g_assert_cmpstr (counter_value (intake, "a.relation"), ==, "guardian");
  g_assert_cmpstr (counter_value (intake, "e.num_src"), ==, "notice-card");
  g_assert_null (counter_value (intake, "e.num_missing"));
}

/* The filer's name, as far as the card does not say it, and the four items of R-IDN-03. */
static void
type_filer (MdIntake *intake, const char *const (*values)[2], gsize n)
{
  for (gsize i = 0; i < n; i++)
    counter_type (intake, values[i][0], values[i][1]);
}

static const char *const agent_says[][2] = {
  { "a.kana", "さとう はなこ" }, { "a.tel", "03-0000-0909" }, { "a.relation", "child" },
  { "a.same_name", "same" },     { "a.same_birth", "same" },  { "a.same_addr", "same" },
  { "a.same_sex", "same" },
};

/* To the card of an agent with a letter of today. */
static MdIntake *
begin_with_agents_card (Counter *counter, const char *card)
{
  MdIntake *intake = begin (counter, "pension.exemption");
  MdPapers papers = { .filer = MD_FILER_AGENT };

  g_assert_false (md_intake_get_can_use_filers_card (intake));
  g_strlcpy (papers.number, "notice-card", sizeof papers.number);
  g_assert_false (md_intake_take_papers (intake, &papers)); /* undated */
  g_strlcpy (papers.issued, md_form_data_get_today (md_intake_get_data (intake)),
             sizeof papers.issued);
  g_assert_true (md_intake_take_papers (intake, &papers));
  g_assert_true (md_intake_get_can_use_filers_card (intake));
  md_intake_use_filers_card (intake);
  assert_waits (intake, MD_WAIT_CARD);
  counter_insert (counter, "resident", card);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  return intake;
}

/* The agent's own card: it fills the agent's place and not the person's, no number is read, and the
 * letter's date is in the evidence. */
static void
test_filers_card (Counter *counter)
{
  MdIntake *intake = begin_with_agents_card (counter, "sato");
  MdFormData *data = md_intake_get_data (intake);
  g_autoptr (GError) error = NULL;
  MdApproval *approval;

  g_assert_true (counter_identify (counter, intake, "sato", &error));
  g_assert_no_error (error);
  counter_assert_recorded (counter, "identification",
                           "done verdict=valid revocation=ocsp filer=agent");
  g_assert_true (counter_has_check (md_intake_get_checks (intake), "filer", MD_CHECK_PASSED));
  g_assert_true (counter_has_check (md_intake_get_checks (intake), "revocation", MD_CHECK_PASSED));
  g_assert_true (md_intake_get_can_use_papers (intake));
  g_assert_false (md_intake_get_is_by_papers (intake));
  g_assert_cmpstr (counter_value (intake, "a.kind"), ==, "agent");
  g_assert_cmpstr (counter_value (intake, "a.authority"), ==, "delegation");
  g_assert_cmpstr (counter_value (intake, "a.name"), ==,
                   json_object_get_string_member (counter_person (counter, "sato"), "name"));
  g_assert_true (md_entry_get_locked (md_form_data_get_entry (data, "a.birth")));
  g_assert_null (counter_value (intake, "p.name"));
  g_assert_null (counter_value (intake, "p.sex"));
  g_assert_false (md_entry_get_filled (md_form_data_get_entry (data, "p.mynum")));
  g_assert_cmpstr (counter_value (intake, "e.num_src"), ==, "notice-card");
  g_assert_true (md_intake_advance (intake));
  counter_type_person (intake, "田中　恵子");
  counter_type (intake, "e.num_missing", "not-shown");
  counter_fill (data);
  g_assert_false (md_intake_advance (intake));
  type_filer (intake, agent_says, G_N_ELEMENTS (agent_says));
  g_assert_true (md_intake_advance (intake));
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  counter_remove (counter, "resident");
  approval = counter_open_waiting (counter);
  g_assert_true (counter_has_check (md_approval_get_checks (approval), "filer", MD_CHECK_PASSED));
  g_assert_true (
      counter_has_check (md_approval_get_checks (approval), "authority", MD_CHECK_PASSED));
  g_assert_true (
      counter_has_check (md_approval_get_checks (approval), "comparison", MD_CHECK_PASSED));
  g_assert_true (
      counter_has_check (md_approval_get_checks (approval), "register", MD_CHECK_PASSED));
  g_assert_true (counter_decide (counter, approval, MD_DECISION_APPROVE, NULL, "S0101", &error));
  g_assert_no_error (error);
}

/* Back from the filer's card to who files, and from there to the person's own card. */
static void
test_back_from_filers_card (Counter *counter)
{
  MdIntake *intake = begin_with_agents_card (counter, "sato");

  g_assert_true (md_intake_go_back (intake));
  assert_waits (intake, MD_WAIT_FILER);
  g_assert_cmpint (md_intake_get_papers (intake)->filer, ==, MD_FILER_AGENT);
  g_assert_true (md_intake_go_back (intake));
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (counter_identify (counter, intake, "sato", NULL));
  g_assert_cmpstr (counter_value (intake, "a.kind"), ==, "self");
  g_assert_cmpstr (counter_value (intake, "p.name"), ==,
                   json_object_get_string_member (counter_person (counter, "sato"), "name"));
  md_intake_next_person (intake);
  g_assert_true (md_intake_is_empty (intake));
}

/* Read as the person's, and it was the agent's: nothing of it stays in the person's place, and what
 * was typed does. */
static void
test_card_was_the_filers (Counter *counter)
{
  MdPapers papers = { .filer = MD_FILER_AGENT };
  MdIntake *intake;
  const char *name;

  counter_login (counter, "S0001");
  intake = counter_begin (counter, "pension.exemption");
  counter_insert (counter, "resident", "sato");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (counter_identify (counter, intake, "sato", NULL));
  name = json_object_get_string_member (counter_person (counter, "sato"), "name");
  g_assert_cmpstr (counter_value (intake, "p.name"), ==, name);
  counter_type (intake, "n.bpn", "1234-567890");
  g_assert_true (md_intake_get_can_use_papers (intake));
  md_intake_use_papers (intake);
  assert_waits (intake, MD_WAIT_FILER);
  g_assert_null (counter_value (intake, "p.name"));
  g_assert_false (
      md_entry_get_filled (md_form_data_get_entry (md_intake_get_data (intake), "p.mynum")));
  g_assert_cmpstr (counter_value (intake, "n.bpn"), ==, "1234567890");
  g_assert_cmpuint (g_list_model_get_n_items (md_intake_get_warnings (intake)), ==, 0);
  g_strlcpy (papers.issued, md_form_data_get_today (md_intake_get_data (intake)),
             sizeof papers.issued);
  g_assert_true (md_intake_take_papers (intake, &papers));
  md_intake_use_filers_card (intake);
  counter_wait (intake, "wait", MD_WAIT_PIN); /* it lies there */
  g_assert_true (counter_identify (counter, intake, "sato", NULL));
  g_assert_cmpstr (counter_value (intake, "a.name"), ==, name);
  g_assert_null (counter_value (intake, "p.name"));
  /* From the contents nothing is chosen anew. */
  g_assert_true (md_intake_advance (intake));
  g_assert_false (md_intake_get_can_use_papers (intake));
}

/* Where only a card will do, whoever files shows a card of their own. */
static void
test_card_alone (Counter *counter)
{
  MdIntake *intake = begin (counter, "lem.certificate");
  MdPapers papers = { .no_card = MD_NO_CARD_NOT_BROUGHT };

  g_assert_false (md_intake_offers_filer (intake, MD_FILER_SELF));
  g_assert_false (md_intake_take_papers (intake, &papers));
  papers.filer = MD_FILER_HEAD;
  g_assert_true (md_intake_take_papers (intake, &papers));
  assert_waits (intake, MD_WAIT_CARD);
  g_assert_nonnull (strstr (md_intake_get_sentence (intake), "person who files"));
  g_assert_true (md_intake_go_back (intake));
  assert_waits (intake, MD_WAIT_FILER);
}

/* Who files by profession shows for whom, which no My Number card does. */
static void
test_by_profession (Counter *counter)
{
  static const struct
  {
    MdFilerKind filer;
    const char *badge;
  } rows[]
      = { { MD_FILER_CARE_MANAGER, "care-manager-card" }, { MD_FILER_FACILITY, "company-card" } };

  counter_login (counter, "S0001");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MdIntake *intake = begin_next (counter, "care.certification");
      MdPapers papers = { .filer = rows[i].filer };

      g_assert_false (md_intake_take_papers (intake, &papers)); /* no letter */
      g_strlcpy (papers.issued, md_form_data_get_today (md_intake_get_data (intake)),
                 sizeof papers.issued);
      g_assert_true (md_intake_take_papers (intake, &papers));
      g_assert_false (md_intake_get_can_use_filers_card (intake));
      md_intake_use_filers_card (intake);
      assert_waits (intake, MD_WAIT_DOCUMENTS);
      papers.shown[0] = counter_paper ("licence", "1234", "2099-05-01");
      g_assert_cmpint (md_intake_judge_papers (intake, &papers), ==, MD_PAPERS_NO_BADGE);
      papers.shown[1] = counter_paper (rows[i].badge, "5678", "2099-05-01");
      g_assert_true (md_intake_take_papers (intake, &papers));
      papers.photo = MD_FACE_ANSWER_SAME;
      papers.compared = MD_COMPARED_NAME | MD_COMPARED_ADDRESS;
      g_assert_true (md_intake_take_papers (intake, &papers));
      g_assert_cmpstr (counter_value (intake, "a.kind"), ==, md_filer_to_id (rows[i].filer));
      g_assert_cmpstr (counter_value (intake, "a.authority"), ==, "delegation");
      g_assert_cmpstr (counter_value (intake, "a.relation"), ==, "provider");
      md_intake_next_person (intake);
    }
}

/* The family in a claim of its own is the person of the form; elsewhere it files for the one who
 * died, as a school does for its student. */
static void
test_kinds_of_filer (Counter *counter)
{
  static const struct
  {
    const char *procedure;
    MdFilerKind filer;
    gboolean offered;
  } rows[] = {
    { "pension.claim_widow", MD_FILER_SELF, TRUE },
    { "pension.claim_widow", MD_FILER_BEREAVED, FALSE },
    { "pension.claim_widow", MD_FILER_AGENT, TRUE },
    { "pension.death", MD_FILER_SELF, TRUE },
    { "lem.funeral", MD_FILER_SELF, TRUE },
    { "lem.funeral", MD_FILER_AGENT, TRUE },
    { "care.high_cost", MD_FILER_SELF, TRUE },
    { "care.high_cost", MD_FILER_BEREAVED, TRUE },
    { "care.high_cost", MD_FILER_SCHOOL, FALSE },
    { "pension.student", MD_FILER_SCHOOL, TRUE },
    { "pension.student", MD_FILER_HEAD, FALSE },
  };

  counter_login (counter, "S0001");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MdIntake *intake = begin_next (counter, rows[i].procedure);

      g_test_message ("%s: %s", rows[i].procedure, md_filer_to_id (rows[i].filer));
      g_assert_cmpint (md_intake_offers_filer (intake, rows[i].filer), ==, rows[i].offered);
      md_intake_next_person (intake);
    }
}

static void
test_bereaved (Counter *counter)
{
  MdIntake *intake = begin (counter, "pension.claim_widow");
  MdPapers papers = { .no_card = MD_NO_CARD_NOT_BROUGHT };

  identify_by_licence (intake, &papers);
  g_assert_cmpstr (counter_value (intake, "a.kind"), ==, "bereaved");
  md_intake_next_person (intake);
  intake = begin_next (counter, "care.high_cost");
  papers = (MdPapers){ .filer = MD_FILER_BEREAVED };
  g_assert_false (md_intake_take_papers (intake, &papers)); /* no certificate */
  g_strlcpy (papers.issued, md_form_data_get_today (md_intake_get_data (intake)),
             sizeof papers.issued);
  identify_by_licence (intake, &papers);
  g_assert_cmpstr (counter_value (intake, "a.kind"), ==, "bereaved");
  g_assert_cmpstr (counter_value (intake, "a.authority"), ==, "family-register");
}

/* What the contents say of who files is what the identification found, whatever is typed later; and
 * the head of the household lives there and is its head, or was asked. */
static void
test_contents_name_another (Counter *counter)
{
  static const char *const head_says[][2] = {
    { "a.name", "世帯主 太郎" }, { "a.kana", "せたいぬし たろう" },
    { "a.birth", "S50.1.1" },    { "a.tel", "03-0000-0909" },
    { "a.relation", "parent" },  { "a.addr", "東京都あおぞら区若葉3-4-5" },
  };
  MdIntake *intake = begin (counter, "pension.exemption");
  MdPapers papers = { .filer = MD_FILER_HEAD };

  identify_by_licence (intake, &papers);
  g_assert_true (md_intake_advance (intake));
  counter_type_person (intake, "田中　恵子");
  counter_fill (md_intake_get_data (intake));
  type_filer (intake, head_says, G_N_ELEMENTS (head_says));
  counter_type (intake, "a.kind", "self");
  g_assert_false (md_intake_advance (intake));
  counter_assert_trouble (intake);
  counter_assert_recorded (counter, "identification", "refused cause=filer-kind");
  counter_type (intake, "a.kind", "head");
  counter_type (intake, "p.hh_head", "世帯主 次郎");
  g_assert_false (md_intake_advance (intake));
  counter_assert_recorded (counter, "identification", "refused cause=filer-head");
  counter_type (intake, "p.hh_head", "世帯主 太郎");
  counter_type (intake, "a.addr", "東京都あおぞら区青空1-2-3");
  g_assert_false (md_intake_advance (intake));
  counter_assert_recorded (counter, "identification", "refused cause=filer-household");
  counter_type (intake, "a.mismatch", "単身赴任中で、世帯は同じとのこと");
  g_assert_true (md_intake_advance (intake));
  g_assert_null (md_intake_get_trouble (intake));
}

/* The person's own card does not stand for whoever else the contents name. */
static void
test_own_card_names_another (Counter *counter)
{
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = counter_begin (counter, "pension.exemption");
  counter_insert (counter, "resident", "tanaka");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (counter_identify (counter, intake, "tanaka", NULL));
  g_assert_true (md_intake_advance (intake));
  counter_fill (md_intake_get_data (intake));
  counter_type (intake, "a.kind", "agent");
  counter_type (intake, "a.authority", "delegation");
  counter_type (intake, "a.name", "代理 花子");
  counter_type (intake, "a.birth", "S60.4.1");
  counter_type (intake, "a.addr", "東京都あおぞら区本町1-2-3");
  type_filer (intake, agent_says, G_N_ELEMENTS (agent_says));
  g_assert_false (md_intake_advance (intake));
  counter_assert_trouble (intake);
  counter_assert_recorded (counter, "identification", "refused cause=filer-kind");
  counter_type (intake, "a.kind", "self");
  g_assert_true (md_intake_advance (intake));
}

/* A kind of filer that the form does not have is refused, whatever the screen offered. */
static void
test_not_offered (Counter *counter)
{
  MdIntake *intake = begin (counter, "pension.exemption");
  MdPapers papers = { .filer = MD_FILER_FACILITY };

  g_strlcpy (papers.issued, "2026-01-01", sizeof papers.issued);
  g_assert_false (md_intake_take_papers (intake, &papers));
  assert_waits (intake, MD_WAIT_FILER);
}

/* The photograph is somebody else's: stopped and recorded, and documents do not get past it. */
static void
test_another_photograph (Counter *counter)
{
  MdIntake *intake = begin (counter, "pension.exemption");
  MdPapers papers = { .no_card = MD_NO_CARD_NOT_BROUGHT };

  g_assert_true (md_intake_take_papers (intake, &papers));
  papers.shown[0] = counter_paper ("passport", "A123", "2099-05-01");
  g_assert_true (md_intake_take_papers (intake, &papers));
  papers.photo = MD_FACE_ANSWER_UNSURE;
  g_assert_false (md_intake_take_papers (intake, &papers));
  assert_waits (intake, MD_WAIT_HELD); /* for a supervisor: test-holds.c */
  counter_assert_trouble (intake);
  counter_assert_recorded (counter, "identification", "refused verdict=documents-other");
  g_assert_false (md_intake_get_can_use_papers (intake));
  g_assert_false (md_intake_advance (intake));
  papers.photo = MD_FACE_ANSWER_SAME;
  papers.compared = MD_COMPARED_NAME | MD_COMPARED_BIRTH;
  g_assert_false (md_intake_take_papers (intake, &papers));
  /* Nor back, and not by another procedure either. */
  g_assert_false (md_intake_go_back (intake));
  g_assert_false (counter_choose (
      intake, md_catalogue_get_form (counter->catalogue, "care.certification"), NULL));
  g_assert_false (md_intake_get_can_use_papers (intake));
  /* The next person has nothing of it. */
  md_intake_next_person (intake);
  g_assert_true (md_intake_is_empty (intake));
  intake = counter_begin (counter, "pension.exemption");
  counter_wait (intake, "wait", MD_WAIT_CARD);
  g_assert_true (md_intake_get_can_use_papers (intake));
}

/* A card that is only too old says nothing against its holder; a revoked one does. */
static void
test_after_a_card (Counter *counter)
{
  static const struct
  {
    const char *card;
    gboolean open;
  } rows[] = { { "expired", TRUE }, { "revoked", FALSE }, { "foreign", FALSE } };
  g_autoptr (GError) error = NULL;

  counter_login (counter, "S0001");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MdIntake *intake = counter_begin (counter, "pension.exemption");

      counter_insert (counter, "resident", rows[i].card);
      counter_wait (intake, "wait", MD_WAIT_PIN);
      g_assert_false (counter_identify (counter, intake, rows[i].card, &error));
      g_clear_error (&error);
      assert_waits (intake, MD_WAIT_REFUSED);
      g_assert_cmpint (md_intake_get_can_use_papers (intake), ==, rows[i].open);
      counter_remove (counter, "resident");
      counter_wait (intake, "wait", MD_WAIT_CARD);
      g_assert_cmpint (md_intake_get_can_use_papers (intake), ==, rows[i].open);
      md_intake_next_person (intake);
    }
}

/* Back part by part; a card that came meanwhile is asked; what was said is kept, and corrected. */
static void
test_back (Counter *counter)
{
  MdIntake *intake = begin (counter, "pension.exemption");
  MdPapers papers = { .no_card = MD_NO_CARD_NEVER_HAD };

  identify_by_licence (intake, &papers);
  md_intake_use_papers (intake);
  assert_waits (intake, MD_WAIT_DOCUMENTS);
  g_assert_false (md_intake_advance (intake));
  g_assert_cmpstr (md_intake_get_papers (intake)->shown[0].last, ==, "1234");
  g_assert_true (md_intake_go_back (intake));
  assert_waits (intake, MD_WAIT_FILER);
  counter_insert (counter, "resident", "tanaka");
  counter_turn (200);
  assert_waits (intake, MD_WAIT_FILER);
  g_assert_true (md_intake_go_back (intake));
  counter_wait (intake, "wait", MD_WAIT_PIN);
  md_intake_use_papers (intake);
  g_assert_cmpint (md_intake_get_papers (intake)->no_card, ==, MD_NO_CARD_NEVER_HAD);
  papers = (MdPapers){ .no_card = MD_NO_CARD_NEVER_HAD };
  g_strlcpy (papers.number, "resident-record", sizeof papers.number);
  identify_by_licence (intake, &papers);
  g_assert_null (counter_value (intake, "e.num_missing"));
  g_assert_cmpstr (counter_value (intake, "e.num_src"), ==, "resident-record");
  g_assert_cmpint (md_intake_get_step (intake), ==, MD_STEP_OF_IDENTIFY);
}

/* The card path claims nothing that nobody ticked. */
static void
test_card_claims_nothing (Counter *counter)
{
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = counter_take_in (counter, "pension.exemption", "tanaka");
  g_assert_null (counter_value (intake, "e.compare"));
  g_assert_cmpstr (counter_value (intake, "e.method"), ==, "number-card");
}

static const CounterTest tests[] = {
  { "/intake/papers/licence", test_licence },
  { "/intake/papers/not-enough", test_not_enough },
  { "/intake/papers/minimum", test_minimum },
  { "/intake/papers/guardian", test_guardian },
  { "/intake/papers/filers-card", test_filers_card },
  { "/intake/papers/back-from-filers-card", test_back_from_filers_card },
  { "/intake/papers/card-was-the-filers", test_card_was_the_filers },
  { "/intake/papers/card-alone", test_card_alone },
  { "/intake/papers/by-profession", test_by_profession },
  { "/intake/papers/kinds-of-filer", test_kinds_of_filer },
  { "/intake/papers/bereaved", test_bereaved },
  { "/intake/papers/contents-name-another", test_contents_name_another },
  { "/intake/papers/own-card-names-another", test_own_card_names_another },
  { "/intake/papers/not-offered", test_not_offered },
  { "/intake/papers/another-photograph", test_another_photograph },
  { "/intake/papers/after-a-card", test_after_a_card },
  { "/intake/papers/back", test_back },
  { "/intake/papers/card-claims-nothing", test_card_claims_nothing },
};

int
main (int argc, char **argv)
{
  return counter_run (argc, argv, tests, G_N_ELEMENTS (tests));
}
