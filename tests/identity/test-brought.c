// SPDX-License-Identifier: Apache-2.0
// What is taken in without anybody's identification, with the invented ward's policy (with-world):
// who brought it, what is kept of it, and that it is judged again.
#include "ward.h"

#include <md-identity.h>
#include <string.h>

#define SCREENING "health.stomach"  // nobody is identified
#define PENSION "pension.exemption" // two documents at least
#define INTAKE "019a9a00-0000-7000-8000-000000000001"
#define MOMENT G_GINT64_CONSTANT (1795239054000000) // 2026-11-21

static const char *const filers[] = { "ex-officio", "institution", NULL };

static MdBrought
hospital (void)
{
  MdBrought brought = { .by = "institution" };
  g_assert_true (md_brought_take_organisation (&brought, "　青空総合病院 "));
  return brought;
}

static MdIdentityProof *
prove (const MdBrought *brought, MdPolicy *policy, const char *procedure)
{
  const MdPresenceParts parts = { .intake = INTAKE,
                                  .terminal = "T001",
                                  .procedure = procedure,
                                  .time = "2026-11-21T00:30:54.000Z",
                                  .nonce_state = MD_NONCE_ABSENT };
  g_autoptr (MdPresenceChallenge) challenge = md_presence_challenge_new (&parts, NULL);
  g_assert_nonnull (challenge);
  return md_identity_proof_new_from_brought (challenge, brought, policy, MOMENT);
}

static MdIdentityVerdict
judged_again (const MdIdentityProof *proof, MdPolicy *policy)
{
  MdIdentityVerdict verdict;
  g_autoptr (GError) error = NULL;
  g_assert_true (md_identity_proof_recheck_by (proof, policy, &verdict, &error));
  g_assert_no_error (error);
  return verdict;
}

// Only who may file it by its form; an institution is named, and nobody else.
static void
test_judge (void)
{
  static const struct
  {
    const char *by, *organisation;
    MdBroughtFinding finding;
  } rows[] = {
    { "institution", "青空総合病院", MD_BROUGHT_PASS },
    { "institution", "", MD_BROUGHT_NO_NAME },
    { "institution", "  ", MD_BROUGHT_NO_NAME },
    { "ex-officio", "", MD_BROUGHT_PASS },
    { "ex-officio", "健康課", MD_BROUGHT_NAME_TOO_MUCH },
    { "section", "健康課", MD_BROUGHT_UNSAID },
    { "anyone", "", MD_BROUGHT_UNSAID },
    { "", "", MD_BROUGHT_UNSAID },
    { "card", "", MD_BROUGHT_UNSAID },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MdBrought brought = { 0 };
      g_strlcpy (brought.by, rows[i].by, sizeof brought.by);
      g_assert_true (md_brought_take_organisation (&brought, rows[i].organisation));
      g_test_message ("%s (%s)", rows[i].by, rows[i].organisation);
      g_assert_cmpint (md_brought_judge (&brought, filers), ==, rows[i].finding);
    }
}

static void
test_organisation (void)
{
  MdBrought brought = hospital ();
  g_autofree char *most = g_strnfill (MD_BROUGHT_NAME_MAX, 'a');
  g_autofree char *more = g_strnfill (MD_BROUGHT_NAME_MAX + 1, 'a');
  g_assert_cmpstr (brought.organisation, ==, "青空総合病院");
  g_assert_false (md_brought_take_organisation (&brought, more));
  g_assert_false (md_brought_take_organisation (&brought, "a\xff"));
  g_assert_false (md_brought_take_organisation (&brought, "病院 １２３４-5678-9018"));
  g_assert_false (md_brought_take_organisation (&brought, "a\x1b[2Jb"));
  g_assert_cmpstr (brought.organisation, ==, "青空総合病院");
  g_assert_true (md_brought_take_organisation (&brought, most));
  g_assert_true (md_brought_take_organisation (&brought, ""));
  g_assert_cmpstr (brought.organisation, ==, "");
}

// Every kind of filer that a form may name has its words here.
static void
test_words (void)
{
  static const char *const kinds[]
      = { "self",     "head",       "member",  "agent",  "legal",       "care-manager", "facility",
          "bereaved", "ex-officio", "funeral", "school", "institution", "section",      "anyone" };
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_assert_nonnull (md_brought_get_label (kinds[i]));
  g_assert_null (md_brought_get_label ("guardian"));
  g_assert_null (md_brought_get_label (""));
  g_assert_true (md_brought_asks_organisation ("section"));
  g_assert_false (md_brought_asks_organisation ("anyone"));
}

static void
test_evidence (void)
{
  g_autoptr (MdPolicy) policy = ward_policy ();
  g_autoptr (GError) error = NULL;
  const MdBrought brought = hospital ();
  g_autoptr (MdIdentityProof) proof = prove (&brought, policy, SCREENING);
  g_autoptr (MdSecret) json = md_identity_proof_encode (proof);
  g_autoptr (MdIdentityProof) again
      = md_identity_proof_decode (md_secret_get_data (json), md_secret_get_size (json), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (md_identity_proof_get_method (again), ==, "none");
  g_assert_cmpint (md_identity_proof_get_verdict (again), ==, MD_IDENTITY_NOT_REQUIRED);
  g_assert_cmpint (md_identity_proof_get_revocation (again), ==, MD_REVOCATION_SOURCE_NONE);
  g_assert_false (md_identity_proof_is_by_card (again));
  g_assert_null (md_identity_proof_get_papers (again));
  g_assert_cmpstr (md_identity_proof_get_brought (again)->by, ==, "institution");
  g_assert_cmpstr (md_identity_proof_get_brought (again)->organisation, ==, "青空総合病院");
  g_assert_cmpuint (md_identity_proof_get_waived_version (again), ==,
                    md_policy_get_version (policy));
  g_assert_cmpstr (md_identity_proof_get_waived_digest (again), ==, md_policy_get_digest (policy));
  g_assert_cmpint (judged_again (again, policy), ==, MD_IDENTITY_NOT_REQUIRED);
  // Without the policy nobody can say.
  g_autoptr (MdTrust) trust = md_policy_create_trust (policy, MD_TRUST_PROFILE_JPKI_AUTH, NULL);
  g_assert_cmpint (md_identity_proof_recheck (again, trust, NULL), ==, MD_IDENTITY_BAD_PROOF);
}

// Where somebody has to be identified it proves nothing, at once and when it is judged again.
static void
test_demanded (void)
{
  static const char *const procedures[]
      = { PENSION, "lem.certificate", "juki.disclosure", "no.such" };
  g_autoptr (MdPolicy) policy = ward_policy ();
  const MdBrought brought = hospital ();
  for (gsize i = 0; i < G_N_ELEMENTS (procedures); i++)
    {
      g_autoptr (MdIdentityProof) proof = prove (&brought, policy, procedures[i]);
      g_assert_cmpint (md_identity_proof_get_verdict (proof), ==, MD_IDENTITY_BAD_PROOF);
      g_assert_cmpint (judged_again (proof, policy), ==, MD_IDENTITY_BAD_PROOF);
    }
}

static MdIdentityProof *
changed (const MdIdentityProof *proof, const char *from, const char *to, GError **error)
{
  g_autoptr (MdSecret) json = md_identity_proof_encode (proof);
  g_autoptr (GString) text = g_string_new_len ((const char *)md_secret_get_data (json),
                                               (gssize)md_secret_get_size (json));
  g_assert_cmpuint (g_string_replace (text, from, to, 1), ==, 1);
  return md_identity_proof_decode ((const guint8 *)text->str, text->len, error);
}

// Evidence that says it otherwise is damaged, or judged as nothing.
static void
test_changed_evidence (void)
{
  static const char *const damages[][2] = {
    { "\"method\":\"none\"", "\"method\":\"jpki-auth\"" },
    { "\"method\":\"none\"", "\"method\":\"photo-document\"" },
    { "\"brought_by\":\"institution\"", "\"brought_by\":\"burglar\"" },
    { "\"brought_by\":\"institution\"", "\"brought\":\"institution\"" },
    { "\"policy_version\":1", "\"policy_version\":0" },
    { "\"policy_version\":1", "\"policy_version\":\"1\"" },
    { "\"organisation\":\"", "\"organisation\":\" " },
    { "\"organisation\":\"", "\"more\":1,\"organisation\":\"" },
    { "\"card\":null",
      "\"card\":{\"name\":\"a\",\"address\":\"b\",\"birth\":\"19500101\",\"sex\":\"1\"}" },
    { "\"signature\":null", "\"signature\":\"AAAA\"" },
    { "\"card\":null", "\"card\":null,\"filer\":{\"kind\":\"agent\",\"authority\":\"delegation\","
                       "\"issued\":\"2026-11-01\"}" },
    { "\"unidentified\":{", "\"documents\":{},\"unidentified\":{" },
  };
  g_autoptr (MdPolicy) policy = ward_policy ();
  const MdBrought brought = hospital ();
  g_autoptr (MdIdentityProof) proof = prove (&brought, policy, SCREENING);
  for (gsize i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autoptr (GError) error = NULL;
      g_test_message ("%s", damages[i][1]);
      g_assert_null (changed (proof, damages[i][0], damages[i][1], &error));
      g_assert_error (error, MD_IDENTITY_ERROR, MD_IDENTITY_ERROR_MALFORMED);
    }
  g_autoptr (MdIdentityProof) older
      = changed (proof, "\"policy_version\":1", "\"policy_version\":2", NULL);
  g_assert_cmpint (judged_again (older, policy), ==, MD_IDENTITY_BAD_PROOF);
  g_autoptr (MdIdentityProof) other
      = changed (proof, md_policy_get_digest (policy),
                 "0000000000000000000000000000000000000000000000000000"
                 "000000000000",
                 NULL);
  g_assert_cmpint (judged_again (other, policy), ==, MD_IDENTITY_BAD_PROOF);
}

typedef struct
{
  const char *channel, *kind;
} Contents;

static const char *
look_up (const char *field, gpointer form)
{
  const Contents *contents = form;
  return g_str_equal (field, "m.channel") ? contents->channel
         : g_str_equal (field, "a.kind")  ? contents->kind
                                          : NULL;
}

// R-IDN-19: the contents say how it came, as far as they do.
static void
test_contents (void)
{
  static const struct
  {
    Contents contents;
    gboolean fits_hospital, fits_own;
  } rows[] = {
    { { NULL, NULL }, TRUE, TRUE },
    { { "counter", NULL }, TRUE, FALSE },
    { { "ex-officio", NULL }, FALSE, TRUE },
    { { "post", NULL }, FALSE, FALSE },
    { { "ex-officio", "agent" }, FALSE, FALSE },
    { { "ex-officio", "ex-officio" }, FALSE, TRUE },
  };
  const MdBrought brought = hospital ();
  const MdBrought own = { .by = "ex-officio" };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Contents contents = rows[i].contents;
      g_assert_cmpint (md_brought_fits_contents (&brought, look_up, &contents), ==,
                       rows[i].fits_hospital);
      g_assert_cmpint (md_brought_fits_contents (&own, look_up, &contents), ==, rows[i].fits_own);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/identity/brought/judge", test_judge);
  g_test_add_func ("/identity/brought/organisation", test_organisation);
  g_test_add_func ("/identity/brought/words", test_words);
  g_test_add_func ("/identity/brought/evidence", test_evidence);
  g_test_add_func ("/identity/brought/demanded", test_demanded);
  g_test_add_func ("/identity/brought/changed-evidence", test_changed_evidence);
  g_test_add_func ("/identity/brought/contents", test_contents);
  return g_test_run ();
}
