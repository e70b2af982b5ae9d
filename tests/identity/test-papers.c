// SPDX-License-Identifier: Apache-2.0
// Identification by documents, with the invented ward's policy (with-world): what suffices where,
// what is kept of it, and that it is judged again.
#include "ward.h"

#include <md-identity.h>
#include <string.h>

#define PENSION "pension.exemption"                 // two documents suffice
#define CARE "care.certification"                   // a photograph at least
#define BY_CARD "lem.certificate"                   // the card alone
#define MOMENT G_GINT64_CONSTANT (1795239054000000) // 2026-11-21

static MdPaper
paper (const char *kind, const char *last, const char *expiry)
{
  MdPaper made = { 0 };
  g_strlcpy (made.kind, kind, sizeof made.kind);
  g_assert_true (md_paper_take_last (&made, last));
  g_assert_true (md_paper_take_expiry (&made, expiry));
  return made;
}

// The person with a licence, everything compared.
static MdPapers
licence (void)
{
  MdPapers papers = { .compared = MD_COMPARED_NAME | MD_COMPARED_BIRTH | MD_COMPARED_ADDRESS,
                      .photo = MD_FACE_ANSWER_SAME,
                      .no_card = MD_NO_CARD_NOT_BROUGHT };
  papers.shown[0] = paper ("licence", "1234", "2028-05-01");
  return papers;
}

static MdPapersFinding
judge (const MdPapers *papers, const char *procedure, const char **out_method)
{
  g_autoptr (MdPolicy) policy = ward_policy ();
  MdDate today;
  md_date_from_wall_us (MOMENT, &today);
  return md_papers_judge (papers, policy, procedure, &today, MD_PAPERS_COMPARED, out_method);
}

// R-IDN-01: a photo document; else two. R-IDN-02: one is not enough.
static void
test_order (void)
{
  static const struct
  {
    const char *first, *second, *number;
    const char *procedure;
    MdPapersFinding finding;
    const char *method;
  } rows[] = {
    { "licence", "", "", PENSION, MD_PAPERS_PASS, "photo-document" },
    { "licence", "", "notice-card", PENSION, MD_PAPERS_PASS, "notice-card" },
    { "licence", "", "resident-record", PENSION, MD_PAPERS_PASS, "photo-document" },
    { "licence", "insurance", "", CARE, MD_PAPERS_PASS, "photo-document" },
    { "insurance", "pension-book", "", PENSION, MD_PAPERS_PASS, "two-documents" },
    { "insurance", "pension-book", "notice-card", PENSION, MD_PAPERS_PASS, "two-documents" },
    { "insurance", "", "", PENSION, MD_PAPERS_SECOND_MISSING, NULL },
    { "insurance", "", "notice-card", PENSION, MD_PAPERS_SECOND_MISSING, NULL },
    { "insurance", "insurance", "", PENSION, MD_PAPERS_SAME_TWICE, NULL },
    { "insurance", "pension-book", "", CARE, MD_PAPERS_TOO_WEAK, "two-documents" },
    { "licence", "", "", BY_CARD, MD_PAPERS_TOO_WEAK, "photo-document" },
    { "licence", "", "", "no.such", MD_PAPERS_TOO_WEAK, "photo-document" },
    { "notice-card", "", "", PENSION, MD_PAPERS_NOT_LISTED, NULL },
    { "insurance", "notice-card", "", PENSION, MD_PAPERS_NOT_LISTED, NULL },
    { "point-card", "", "", PENSION, MD_PAPERS_NOT_LISTED, NULL },
    { "licence", "", "licence", PENSION, MD_PAPERS_NOT_LISTED, NULL },
    { "", "", "notice-card", PENSION, MD_PAPERS_NONE, NULL },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MdPapers papers = licence ();
      const char *method = NULL;
      papers.shown[0] = paper (rows[i].first, "1234", "2028-05-01");
      papers.shown[1] = paper (rows[i].second, "5678", "2028-05-01");
      g_strlcpy (papers.number, rows[i].number, sizeof papers.number);
      g_test_message ("%s + %s (%s)", rows[i].first, rows[i].second, rows[i].number);
      g_assert_cmpint (judge (&papers, rows[i].procedure, &method), ==, rows[i].finding);
      g_assert_cmpstr (method, ==, rows[i].method);
    }
}

static void
test_expiry_and_number (void)
{
  static const struct
  {
    const char *kind, *last, *expiry;
    MdPapersFinding finding;
  } rows[] = {
    { "licence", "1234", "2026-11-21", MD_PAPERS_PASS }, // its last day is a good one
    { "licence", "1234", "2026-11-20", MD_PAPERS_EXPIRED },
    { "licence", "1234", "", MD_PAPERS_NO_EXPIRY },
    { "licence", "", "2028-05-01", MD_PAPERS_NO_LAST },
    { "licence", "123", "2028-05-01", MD_PAPERS_NO_LAST },
    { "disability-book", "1234", "", MD_PAPERS_PASS }, // bears none
    { "disability-book", "1234", "2020-01-01", MD_PAPERS_EXPIRED },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MdPapers papers = licence ();
      papers.shown[0] = paper (rows[i].kind, rows[i].last, rows[i].expiry);
      g_test_message ("%s %s %s", rows[i].kind, rows[i].last, rows[i].expiry);
      g_assert_cmpint (judge (&papers, PENSION, NULL), ==, rows[i].finding);
    }
}

// R-IDN-15: what was compared is what the clerk ticked; nothing ticked goes nowhere.
static void
test_comparison (void)
{
  static const struct
  {
    guint compared;
    MdFaceAnswer photo;
    MdPapersFinding finding;
  } rows[] = {
    { 0, MD_FACE_ANSWER_SAME, MD_PAPERS_NOT_COMPARED },
    { MD_COMPARED_NAME, MD_FACE_ANSWER_SAME, MD_PAPERS_NOT_COMPARED },
    { MD_COMPARED_BIRTH | MD_COMPARED_ADDRESS, MD_FACE_ANSWER_SAME, MD_PAPERS_NOT_COMPARED },
    { MD_COMPARED_NAME | MD_COMPARED_SEX, MD_FACE_ANSWER_SAME, MD_PAPERS_NOT_COMPARED },
    { MD_COMPARED_NAME | MD_COMPARED_BIRTH, MD_FACE_ANSWER_SAME, MD_PAPERS_PASS },
    { MD_COMPARED_NAME | MD_COMPARED_ADDRESS, MD_FACE_ANSWER_SAME, MD_PAPERS_PASS },
    { MD_COMPARED_NAME | MD_COMPARED_BIRTH, MD_FACE_ANSWER_NONE, MD_PAPERS_PHOTO_OPEN },
    { MD_COMPARED_NAME | MD_COMPARED_BIRTH, MD_FACE_ANSWER_OTHER, MD_PAPERS_PHOTO_OTHER },
    { 0, MD_FACE_ANSWER_UNSURE, MD_PAPERS_PHOTO_OTHER },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MdPapers papers = licence ();
      papers.compared = rows[i].compared;
      papers.photo = rows[i].photo;
      g_assert_cmpint (judge (&papers, PENSION, NULL), ==, rows[i].finding);
    }
}

// R-CARD-01: the card comes first; without a word why there is none, papers get nowhere. Who files
// for another person has none to show.
static void
test_no_card (void)
{
  static const struct
  {
    MdNoCard no_card;
    MdFilerKind filer;
    MdPapersFinding finding;
  } rows[] = {
    { MD_NO_CARD_UNSAID, MD_FILER_SELF, MD_PAPERS_NO_CARD_UNSAID },
    { MD_NO_CARD_PROXY, MD_FILER_SELF, MD_PAPERS_NO_CARD_UNSAID },
    { MD_NO_CARD_NOT_BROUGHT, MD_FILER_SELF, MD_PAPERS_PASS },
    { MD_NO_CARD_NEVER_HAD, MD_FILER_SELF, MD_PAPERS_PASS },
    { MD_NO_CARD_LOST, MD_FILER_SELF, MD_PAPERS_PASS },
    { MD_NO_CARD_UNREADABLE, MD_FILER_SELF, MD_PAPERS_PASS },
    { MD_NO_CARD_UNSAID, MD_FILER_HEAD, MD_PAPERS_PASS },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MdPapers papers = licence ();
      papers.no_card = rows[i].no_card;
      papers.filer = rows[i].filer;
      g_test_message ("%s %s", md_no_card_to_id (rows[i].no_card), md_filer_to_id (rows[i].filer));
      g_assert_cmpint (judge (&papers, PENSION, NULL), ==, rows[i].finding);
    }
}

// R-IDN-19: by post the day on which it came is asked for; it is the day by which the papers are
// judged, and no photograph can be compared with anybody.
static void
test_post (void)
{
  static const struct
  {
    const char *received;
    gboolean informed;
    const char *first, *second, *expiry;
    const char *procedure;
    MdPapersFinding finding;
    const char *method;
  } rows[] = {
    { "2026-11-21", TRUE, "licence", "", "2028-05-01", PENSION, MD_PAPERS_PASS, "posted-copies" },
    { "", TRUE, "licence", "", "2028-05-01", PENSION, MD_PAPERS_NOT_RECEIVED, NULL },
    { "soon", TRUE, "licence", "", "2028-05-01", PENSION, MD_PAPERS_NOT_RECEIVED, NULL },
    { "2026-11-22", TRUE, "licence", "", "2028-05-01", PENSION, MD_PAPERS_RECEIVED_LATER, NULL },
    { "2026-11-20", FALSE, "licence", "", "2028-05-01", PENSION, MD_PAPERS_NOT_INFORMED, NULL },
    { "2026-08-23", TRUE, "licence", "", "2028-05-01", PENSION, MD_PAPERS_PASS, "posted-copies" },
    { "2026-08-22", TRUE, "licence", "", "2028-05-01", PENSION, MD_PAPERS_RECEIVED_OLD, NULL },
    { "2016-11-20", TRUE, "licence", "", "2016-12-01", PENSION, MD_PAPERS_RECEIVED_OLD, NULL },
    { "2026-11-20", TRUE, "insurance", "", "2028-05-01", PENSION, MD_PAPERS_SECOND_MISSING, NULL },
    { "2026-11-20", TRUE, "insurance", "pension-book", "2028-05-01", PENSION, MD_PAPERS_PASS,
      "posted-copies" },
    { "2026-11-20", TRUE, "licence", "", "2026-11-20", PENSION, MD_PAPERS_PASS, "posted-copies" },
    { "2026-11-20", TRUE, "licence", "", "2026-11-19", PENSION, MD_PAPERS_EXPIRED, NULL },
    { "2026-11-20", TRUE, "licence", "", "2028-05-01", CARE, MD_PAPERS_TOO_WEAK, "posted-copies" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MdPapers papers = licence ();
      const char *method = NULL;
      papers.channel = MD_CHANNEL_POST;
      papers.photo = MD_FACE_ANSWER_NONE;
      papers.informed = rows[i].informed;
      g_strlcpy (papers.received, rows[i].received, sizeof papers.received);
      papers.shown[0] = paper (rows[i].first, "1234", rows[i].expiry);
      papers.shown[1] = paper (rows[i].second, "5678", "2028-05-01");
      g_test_message ("row %zu", i);
      g_assert_cmpint (judge (&papers, rows[i].procedure, &method), ==, rows[i].finding);
      g_assert_cmpstr (method, ==, rows[i].method);
    }
}

// What the contents say of how and when it came.
static const char *
look_up (const char *field, gpointer form)
{
  const char *const *said = form;
  return g_str_equal (field, "m.channel") ? said[0] : said[1];
}

static void
test_channel_fits (void)
{
  static const struct
  {
    MdChannel channel;
    const char *said[2];
    gboolean fits;
  } rows[] = {
    { MD_CHANNEL_COUNTER, { "counter", "2026-11-21" }, TRUE },
    { MD_CHANNEL_COUNTER, { NULL, NULL }, TRUE },
    { MD_CHANNEL_COUNTER, { "post", "2026-11-21" }, FALSE },
    { MD_CHANNEL_COUNTER, { "ex-officio", "2026-11-21" }, FALSE },
    { MD_CHANNEL_POST, { "post", "2026-11-20" }, TRUE },
    { MD_CHANNEL_POST, { "post", "2026-11-21" }, FALSE },
    { MD_CHANNEL_POST, { "post", NULL }, FALSE },
    { MD_CHANNEL_POST, { "counter", "2026-11-20" }, FALSE },
    { MD_CHANNEL_POST, { NULL, NULL }, FALSE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const MdPapers papers = { .channel = rows[i].channel, .received = "2026-11-20" };
      const char *said[] = { rows[i].said[0], rows[i].said[1] };
      g_test_message ("row %zu", i);
      g_assert_cmpint (md_papers_fit_contents (&papers, look_up, said), ==, rows[i].fits);
    }
  const char *by_card[] = { "counter", "2026-11-21" }, *posted[] = { "post", "2026-11-21" };
  g_assert_true (md_papers_fit_contents (NULL, look_up, by_card));
  g_assert_false (md_papers_fit_contents (NULL, look_up, posted));
}

// Who files for somebody else shows by what.
static void
test_authority (void)
{
  static const struct
  {
    MdFilerKind filer;
    const char *issued;
    MdPapersFinding finding;
  } rows[] = {
    { MD_FILER_SELF, "", MD_PAPERS_PASS },
    { MD_FILER_HEAD, "", MD_PAPERS_PASS },
    { MD_FILER_MEMBER, "", MD_PAPERS_PASS },
    { MD_FILER_AGENT, "", MD_PAPERS_AUTHORITY_UNDATED },
    { MD_FILER_AGENT, "soon", MD_PAPERS_AUTHORITY_UNDATED },
    { MD_FILER_AGENT, "2026-11-22", MD_PAPERS_AUTHORITY_FUTURE },
    { MD_FILER_AGENT, "2026-11-21", MD_PAPERS_PASS },
    { MD_FILER_AGENT, "2020-01-01", MD_PAPERS_PASS },
    { MD_FILER_LEGAL, "2026-08-21", MD_PAPERS_PASS },
    { MD_FILER_LEGAL, "2026-08-20", MD_PAPERS_AUTHORITY_OLD },
    { MD_FILER_GUARDIAN, "2026-08-20", MD_PAPERS_AUTHORITY_OLD },
    { MD_FILER_GUARDIAN, "2026-11-01", MD_PAPERS_PASS },
    { MD_FILER_CARE_MANAGER, "", MD_PAPERS_AUTHORITY_UNDATED },
    { MD_FILER_CARE_MANAGER, "2026-11-01", MD_PAPERS_NO_BADGE },
    { MD_FILER_FACILITY, "2026-11-01", MD_PAPERS_NO_BADGE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MdPapers papers = licence ();
      papers.filer = rows[i].filer;
      g_strlcpy (papers.issued, rows[i].issued, sizeof papers.issued);
      g_test_message ("%s %s", md_filer_to_id (rows[i].filer), rows[i].issued);
      g_assert_cmpint (judge (&papers, PENSION, NULL), ==, rows[i].finding);
    }
}

// Who files by profession shows it: alone where it bears a photograph, else beside who it is.
static void
test_badge (void)
{
  static const struct
  {
    MdFilerKind filer;
    const char *first, *second;
    MdPapersFinding finding;
    const char *method;
  } rows[] = {
    { MD_FILER_CARE_MANAGER, "care-manager-card", "", MD_PAPERS_PASS, "photo-document" },
    { MD_FILER_CARE_MANAGER, "licence", "care-manager-card", MD_PAPERS_PASS, "photo-document" },
    { MD_FILER_CARE_MANAGER, "licence", "company-card", MD_PAPERS_NO_BADGE, NULL },
    { MD_FILER_FACILITY, "licence", "company-card", MD_PAPERS_PASS, "photo-document" },
    { MD_FILER_FACILITY, "company-card", "insurance", MD_PAPERS_PASS, "two-documents" },
    { MD_FILER_FACILITY, "company-card", "", MD_PAPERS_SECOND_MISSING, NULL },
    { MD_FILER_SCHOOL, "licence", "company-card", MD_PAPERS_PASS, "photo-document" },
    { MD_FILER_SCHOOL, "licence", "", MD_PAPERS_NO_BADGE, NULL },
    { MD_FILER_FACILITY, "licence", "care-manager-card", MD_PAPERS_NO_BADGE, NULL },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MdPapers papers = licence ();
      const char *method = NULL;
      papers.filer = rows[i].filer;
      g_strlcpy (papers.issued, "2026-11-01", sizeof papers.issued);
      papers.shown[0] = paper (rows[i].first, "1234", "2028-05-01");
      papers.shown[1] = paper (rows[i].second, "5678", "2028-05-01");
      g_test_message ("%s: %s + %s", md_filer_to_id (rows[i].filer), rows[i].first, rows[i].second);
      g_assert_cmpint (judge (&papers, PENSION, &method), ==, rows[i].finding);
      g_assert_cmpstr (method, ==, rows[i].method);
    }
}

// The month three months on need not have the day: 30 November is not over on 28 February.
static void
test_three_months (void)
{
  const MdDate last = { 2027, 2, 28 }, after = { 2027, 3, 1 };
  g_assert_cmpint (md_filer_judge_authority (MD_FILER_GUARDIAN, "2026-11-30", &last, 3), ==,
                   MD_AUTHORITY_GOOD);
  g_assert_cmpint (md_filer_judge_authority (MD_FILER_GUARDIAN, "2026-11-30", &after, 3), ==,
                   MD_AUTHORITY_OLD);
  // as long as the office says, or without limit; a letter of delegation is no certificate
  g_assert_cmpint (md_filer_judge_authority (MD_FILER_GUARDIAN, "2026-11-30", &after, 4), ==,
                   MD_AUTHORITY_GOOD);
  g_assert_cmpint (md_filer_judge_authority (MD_FILER_GUARDIAN, "2020-11-30", &after, 0), ==,
                   MD_AUTHORITY_GOOD);
  g_assert_cmpint (md_filer_judge_authority (MD_FILER_AGENT, "2020-11-30", &after, 3), ==,
                   MD_AUTHORITY_GOOD);
}

static void
test_typed (void)
{
  MdPaper made = { 0 };
  g_assert_true (md_paper_take_last (&made, " １2ａb "));
  g_assert_cmpstr (made.last, ==, "12AB");
  g_assert_false (md_paper_take_last (&made, "12345"));
  g_assert_cmpstr (made.last, ==, "");
  g_assert_false (md_paper_take_last (&made, "12-4"));
  g_assert_false (md_paper_take_last (&made, "山川"));
  g_assert_true (md_paper_take_expiry (&made, "R10.5.1"));
  g_assert_cmpstr (made.expiry, ==, "2028-05-01");
  g_assert_true (md_paper_take_expiry (&made, "令和10年5月1日"));
  g_assert_cmpstr (made.expiry, ==, "2028-05-01");
  g_assert_false (md_paper_take_expiry (&made, "2028-02-30"));
  g_assert_cmpstr (made.expiry, ==, "");
}

// Every finding is said in words, and the one that it is about is named.
static void
test_words (void)
{
  g_autoptr (MdPolicy) policy = ward_policy ();
  MdPapers papers = licence ();
  MdDate today;
  md_date_from_wall_us (MOMENT, &today);
  papers.shown[1] = paper ("passport", "9999", "2020-01-01");
  for (guint i = 0; i < MD_N_PAPERS_FINDINGS; i++)
    {
      g_autoptr (MdCardText) text
          = md_papers_get_text ((MdPapersFinding)i, &papers, policy, &today, TRUE);
      g_assert_cmpuint (strlen (text->title), >, 10);
      if (i == MD_PAPERS_EXPIRED)
        g_assert_true (g_str_has_prefix (text->title, "旅券"));
    }
}

// --- The proof ---

static MdIdentityProof *
prove (const MdPapers *papers, MdPolicy *policy, const char *procedure)
{
  MdPresenceParts parts = { .intake = "0190b6d2-7c3e-7a10-8f00-0123456789ab",
                            .terminal = "T001",
                            .procedure = procedure,
                            .time = "2026-11-21T05:30:54.000Z",
                            .nonce_state = MD_NONCE_ABSENT };
  g_autoptr (MdPresenceChallenge) challenge = md_presence_challenge_new (&parts, NULL);
  return md_identity_proof_new_from_papers (challenge, papers, policy, MOMENT);
}

static MdIdentityVerdict
judged_again (const MdIdentityProof *proof, MdPolicy *policy)
{
  MdIdentityVerdict verdict = MD_IDENTITY_BAD_PROOF;
  g_assert_true (md_identity_proof_recheck_by (proof, policy, &verdict, NULL));
  return verdict;
}

static void
test_evidence (void)
{
  g_autoptr (MdPolicy) policy = ward_policy ();
  MdPapers papers = licence ();
  papers.filer = MD_FILER_GUARDIAN;
  papers.no_card = MD_NO_CARD_PROXY;
  g_strlcpy (papers.issued, "2026-11-01", sizeof papers.issued);
  g_strlcpy (papers.number, "notice-card", sizeof papers.number);
  g_autoptr (MdIdentityProof) proof = prove (&papers, policy, PENSION);
  g_assert_cmpint (md_identity_proof_get_verdict (proof), ==, MD_IDENTITY_DOCUMENTS);
  g_assert_cmpstr (md_identity_proof_get_method (proof), ==, "notice-card");
  g_assert_null (md_identity_proof_get_attributes (proof));
  g_autoptr (MdSecret) json = md_identity_proof_encode (proof);
  g_assert_nonnull (
      g_strstr_len ((const char *)md_secret_get_data (json), (gssize)md_secret_get_size (json),
                    "{\"kind\":\"licence\",\"last\":\"1234\",\"expiry\":\"2028-05-01\"}"));
  g_autoptr (GError) error = NULL;
  g_autoptr (MdIdentityProof) again
      = md_identity_proof_decode (md_secret_get_data (json), md_secret_get_size (json), &error);
  g_assert_no_error (error);
  const MdPapers *kept = md_identity_proof_get_papers (again);
  g_assert_cmpint (kept->filer, ==, papers.filer);
  g_assert_cmpint (kept->no_card, ==, papers.no_card);
  g_assert_cmpint (kept->photo, ==, papers.photo);
  g_assert_cmpuint (kept->compared, ==, papers.compared);
  g_assert_cmpstr (kept->issued, ==, papers.issued);
  g_assert_cmpstr (kept->number, ==, papers.number);
  g_assert_cmpstr (kept->shown[0].kind, ==, "licence");
  g_assert_cmpstr (kept->shown[0].last, ==, "1234");
  g_assert_cmpstr (kept->shown[1].kind, ==, "");
  g_assert_cmpstr (md_identity_proof_get_method (again), ==, "notice-card");
  g_assert_cmpint (judged_again (again, policy), ==, MD_IDENTITY_DOCUMENTS);
  // Without the office's list nobody can say.
  g_autoptr (MdTrust) trust = md_policy_create_trust (policy, MD_TRUST_PROFILE_JPKI_AUTH, NULL);
  g_assert_cmpint (md_identity_proof_recheck (again, trust, NULL), ==, MD_IDENTITY_DOCUMENTS_SHORT);
}

// R-IDN-19: channel and day are in the evidence, and are judged again; evidence of before there was
// a channel is of the counter.
static void
test_posted_evidence (void)
{
  g_autoptr (MdPolicy) policy = ward_policy ();
  g_autoptr (GError) error = NULL;
  MdPapers papers = licence ();
  papers.channel = MD_CHANNEL_POST;
  papers.no_card = MD_NO_CARD_POST;
  papers.photo = MD_FACE_ANSWER_NONE;
  papers.informed = TRUE;
  g_strlcpy (papers.received, "2026-11-20", sizeof papers.received);
  g_autoptr (MdIdentityProof) proof = prove (&papers, policy, PENSION);
  g_assert_cmpstr (md_identity_proof_get_method (proof), ==, "posted-copies");
  g_assert_cmpint (md_identity_proof_get_verdict (proof), ==, MD_IDENTITY_DOCUMENTS);
  g_autoptr (MdSecret) json = md_identity_proof_encode (proof);
  g_autofree char *text
      = g_strndup ((const char *)md_secret_get_data (json), md_secret_get_size (json));
  g_assert_nonnull (strstr (text, "\"channel\":\"post\",\"received\":\"2026-11-20\""));
  g_autoptr (MdIdentityProof) again
      = md_identity_proof_decode ((const guint8 *)text, strlen (text), &error);
  g_assert_no_error (error);
  g_assert_cmpint (md_identity_proof_get_papers (again)->channel, ==, MD_CHANNEL_POST);
  g_assert_cmpstr (md_identity_proof_get_papers (again)->received, ==, "2026-11-20");
  g_assert_cmpint (judged_again (again, policy), ==, MD_IDENTITY_DOCUMENTS);

  // By the counter's words it would be another method.
  g_autoptr (GString) other = g_string_new (text);
  g_string_replace (other, "\"channel\":\"post\",\"received\":\"2026-11-20\"",
                    "\"channel\":\"counter\"", 1);
  g_autoptr (MdIdentityProof) counter
      = md_identity_proof_decode ((const guint8 *)other->str, other->len, &error);
  g_assert_no_error (error);
  g_assert_cmpint (judged_again (counter, policy), !=, MD_IDENTITY_DOCUMENTS);
  g_string_replace (other, ",\"channel\":\"counter\"", "", 1);
  g_autoptr (MdIdentityProof) before
      = md_identity_proof_decode ((const guint8 *)other->str, other->len, &error);
  g_assert_no_error (error);
  g_assert_cmpint (md_identity_proof_get_papers (before)->channel, ==, MD_CHANNEL_COUNTER);
}

// A changed window may write what it likes: each word is judged, not believed.
static void
test_changed_evidence (void)
{
  static const struct
  {
    const char *text, *other;
    gboolean readable;
  } rows[] = {
    { "\"expiry\":\"2028-05-01\"", "\"expiry\":\"2026-05-01\"", TRUE },
    { "\"last\":\"1234\"", "\"last\":\"\"", TRUE },
    { "\"kind\":\"licence\"", "\"kind\":\"point-card\"", TRUE },
    { "\"photo\":\"same\"", "\"photo\":\"none\"", TRUE },
    { "[\"name\",\"birth\",\"address\"]", "[]", TRUE },
    { "\"method\":\"photo-document\"", "\"method\":\"notice-card\"", TRUE },
    { "\"last\":\"1234\"", "\"last\":\"12345\"", FALSE },
    { "\"expiry\":\"2028-05-01\"", "\"expiry\":\"R10.5.1\"", FALSE },
    { "\"method\":\"photo-document\"", "\"method\":\"known-person\"", FALSE },
    { "\"method\":\"photo-document\"", "\"method\":\"jpki-auth\"", FALSE },
    { "\"photo\":\"same\"", "\"photo\":\"yes\"", FALSE },
    { "\"kind\":\"self\"", "\"kind\":\"friend\"", FALSE },
    { "\"authority\":null", "\"authority\":\"delegation\"", FALSE },
    { "[\"name\",", "[\"number\",", FALSE },
    { "\"signature\":null", "\"signature\":\"AAAA\"", FALSE },
    { "\"no_card\":\"not-brought\"", "\"no_card\":\"in a hurry\"", FALSE },
    { "\"no_card\":\"not-brought\"", "\"no_card\":\"\"", TRUE },
    { "\"no_card\":\"not-brought\"", "\"no_card\":\"proxy\"", TRUE },
  };
  g_autoptr (MdPolicy) policy = ward_policy ();
  MdPapers papers = licence ();
  g_autoptr (MdIdentityProof) proof = prove (&papers, policy, PENSION);
  g_autoptr (MdSecret) json = md_identity_proof_encode (proof);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) text = g_string_new_len ((const char *)md_secret_get_data (json),
                                                   (gssize)md_secret_get_size (json));
      g_test_message ("%s -> %s", rows[i].text, rows[i].other);
      g_assert_cmpuint (g_string_replace (text, rows[i].text, rows[i].other, 1), ==, 1);
      g_autoptr (MdIdentityProof) again
          = md_identity_proof_decode ((const guint8 *)text->str, text->len, NULL);
      g_assert_cmpint (again != NULL, ==, rows[i].readable);
      if (again != NULL)
        g_assert_cmpint (judged_again (again, policy), ==, MD_IDENTITY_DOCUMENTS_SHORT);
    }
}

static void
test_stops (void)
{
  g_autoptr (MdPolicy) policy = ward_policy ();
  MdPapers papers = licence ();
  papers.photo = MD_FACE_ANSWER_OTHER;
  g_autoptr (MdIdentityProof) other = prove (&papers, policy, PENSION);
  g_assert_cmpint (md_identity_proof_get_verdict (other), ==, MD_IDENTITY_DOCUMENTS_OTHER);
  papers = licence ();
  g_autoptr (MdIdentityProof) weak = prove (&papers, policy, BY_CARD);
  g_assert_cmpint (md_identity_proof_get_verdict (weak), ==, MD_IDENTITY_DOCUMENTS_SHORT);
  g_assert_true (md_policy_accepts_papers (policy, PENSION));
  g_assert_true (md_policy_accepts_papers (policy, CARE));
  g_assert_false (md_policy_accepts_papers (policy, BY_CARD));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/identity/papers/order", test_order);
  g_test_add_func ("/identity/papers/expiry-and-number", test_expiry_and_number);
  g_test_add_func ("/identity/papers/comparison", test_comparison);
  g_test_add_func ("/identity/papers/no-card", test_no_card);
  g_test_add_func ("/identity/papers/post", test_post);
  g_test_add_func ("/identity/papers/channel-fits", test_channel_fits);
  g_test_add_func ("/identity/papers/posted-evidence", test_posted_evidence);
  g_test_add_func ("/identity/papers/authority", test_authority);
  g_test_add_func ("/identity/papers/badge", test_badge);
  g_test_add_func ("/identity/papers/three-months", test_three_months);
  g_test_add_func ("/identity/papers/typed", test_typed);
  g_test_add_func ("/identity/papers/words", test_words);
  g_test_add_func ("/identity/papers/evidence", test_evidence);
  g_test_add_func ("/identity/papers/changed-evidence", test_changed_evidence);
  g_test_add_func ("/identity/papers/stops", test_stops);
  return g_test_run ();
}
