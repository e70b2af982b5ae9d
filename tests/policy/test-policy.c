// SPDX-License-Identifier: Apache-2.0
/* The signed bundle of the invented ward (with-world), right and wrong in every way. */
#include "fixture.h"

#include <json-glib/json-glib.h>
#include <md-base.h>
#include <string.h>

/* The ward's own, with the first TEXT of its JSON made into OTHER. */
static MdPolicy *
change (const char *text, const char *other, GError **error)
{
  g_autoptr (GBytes) json = fixture_read ("policy", "policy.json");
  g_autoptr (GString) words
      = g_string_new_len (g_bytes_get_data (json, NULL), (gssize)g_bytes_get_size (json));
  g_autoptr (GBytes) bytes = NULL;

  g_test_message ("%s -> %s", text, other);
  g_assert_cmpuint (g_string_replace (words, text, other, 1), ==, 1);
  bytes = g_bytes_new (words->str, words->len);
  return md_policy_new_from_json (bytes, NULL, error);
}

/* The same, of which nothing is wrong. */
static MdPolicy *
changed (const char *text, const char *other)
{
  g_autoptr (GError) error = NULL;
  MdPolicy *policy = change (text, other, &error);

  g_assert_no_error (error);
  return policy;
}

/* The same without a member, which ends where the member NEXT begins. */
static MdPolicy *
drop (const char *member, const char *next, GError **error)
{
  g_autoptr (GBytes) json = fixture_read ("policy", "policy.json");
  g_autofree char *text = g_strndup (g_bytes_get_data (json, NULL), g_bytes_get_size (json));
  char *begin = strstr (text, member);

  *strstr (begin, next) = '\0';
  return change (begin, "", error);
}

static void
test_load (void)
{
  g_autoptr (MdPolicy) policy = fixture_policy ();
  const MdPolicyStaff *staff = md_policy_get_staff (policy, "S0101");
  const MdPolicyTerminal *terminal = md_policy_get_terminal (policy, "T001");

  g_assert_cmpuint (md_policy_get_version (policy), ==, 1);
  g_assert_cmpstr (md_policy_get_office (policy), ==, "139998");
  g_assert_cmpstr (md_policy_get_office_name (policy, TRUE), ==, "あおぞら区");
  g_assert_nonnull (terminal);
  g_assert_cmpuint (terminal->pool_from, <=, terminal->pool_to);
  g_assert_null (md_policy_get_terminal (policy, "T999"));
  g_assert_nonnull (terminal->keys[0]);
  g_assert_null (terminal->keys[1]);
  g_assert_cmpstr (staff->name_ja, ==, "確認 誠");
  g_assert_cmpuint (staff->roles, ==, MD_ROLES (MD_ROLE_SUPERVISOR) | MD_ROLES (MD_ROLE_CHECKER));
  g_assert_true (md_policy_get_staff_by_certificate (policy, staff->key_agreement) == staff);
  g_assert_null (md_policy_get_staff_by_certificate (policy, md_policy_get_json (policy)));
  for (guint i = 0; i < MD_N_ANCHORS; i++)
    g_assert_cmpuint (md_policy_get_anchors (policy, (MdAnchors)i)->len, >=, 1);
}

static void
assert_refused (const char *bundle, const MdPolicyExpect *expect, MdPolicyError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdPolicy) policy = fixture_load (bundle, expect, &error);

  g_assert_null (policy);
  g_assert_error (error, MD_POLICY_ERROR, (int)code);
  g_assert_cmpuint (strlen (error->message), >, 30);
}

static void
test_refused_bundles (void)
{
  MdPolicyExpect expect = fixture_here_and_now ();

  assert_refused ("policy-expired.cms", &expect, MD_POLICY_ERROR_EXPIRED);
  assert_refused ("policy-foreign.cms", &expect, MD_POLICY_ERROR_FOREIGN);
  assert_refused ("policy-production.cms", &expect, MD_POLICY_ERROR_FOREIGN);
  assert_refused ("policy-stranger.cms", &expect, MD_POLICY_ERROR_SIGNATURE);
  assert_refused ("policy.json", &expect, MD_POLICY_ERROR_UNREADABLE);
  assert_refused ("nothing.cms", &expect, MD_POLICY_ERROR_UNREADABLE);
  expect.environment = "production";
  assert_refused ("policy.cms", &expect, MD_POLICY_ERROR_FOREIGN);
}

/* A policy once replaced does not come back. */
static void
test_version_floor (void)
{
  MdPolicyExpect expect = fixture_here_and_now ();
  g_autoptr (MdPolicy) second = NULL;
  g_autoptr (GError) error = NULL;

  expect.floor = 2;
  second = fixture_load ("policy-v2.cms", &expect, &error);
  g_assert_no_error (error);
  assert_refused ("policy.cms", &expect, MD_POLICY_ERROR_OLDER);
}

static void
test_changed_bundle (void)
{
  g_autoptr (GBytes) bundle = fixture_read ("policy", "policy.cms"),
                     anchor = fixture_read ("pki", "policy-root.crt");
  MdPolicyExpect expect = fixture_here_and_now ();
  gsize size;
  const char *data = g_bytes_get_data (bundle, &size);
  const char *place = memmem (data, size, "clerk-number", strlen ("clerk-number"));
  g_autofree char *copy = g_memdup2 (data, size);
  g_autoptr (GBytes) changed = NULL, cut = g_bytes_new (data, size / 2);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (place);
  copy[place - data] ^= 1;
  changed = g_bytes_new (copy, size);
  g_assert_null (md_policy_new_from_bundle (changed, anchor, &expect, &error));
  g_assert_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_SIGNATURE);
  g_clear_error (&error);
  g_assert_null (md_policy_new_from_bundle (cut, anchor, &expect, &error));
  g_assert_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_UNREADABLE);
  g_clear_error (&error);
  g_assert_null (md_policy_new_from_bundle (bundle, cut, &expect, &error));
  g_assert_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_UNREADABLE);
}

/* Each: a text in the JSON, what takes its place, and the path that the message must name. */
static const struct
{
  const char *text, *other, *path;
} wrong_json[] = {
  { "madoguchi-policy/1", "madoguchi-policy/9", "schema" },
  { "\"version\"", "\"versions\"", "version" },
  { "\"issued\": \"2", "\"issued\": \"x", "issued" },
  { "\"environment\": \"test\"", "\"environment\": \"tests\"", "environment" },
  { "139998", "139997", "office.code" },
  { "\"T001\"", "\"\"", "terminals[0].id" },
  { "\"receipt_pool\"", "\"receipt_pools\"", "terminals[0]" },
  { "\"keys\"", "\"key\"", "terminals[0]" },
  { "\"keys\": [", "\"keys\": [ \"AB\", ", "terminals[0].keys" },
  { "\"keys\": [",
    "\"keys\": [ "
    "\"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\", "
    "\"ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\", ",
    "terminals[0].keys" },
  { "\"keys\": [", "\"readers\": [], \"keys\": [", "terminals[0].readers" },
  { "\"keys\": [", "\"readers\": [\"Pad\", \" \"], \"keys\": [", "terminals[0].readers" },
  { "\"keys\": [", "\"readers\": \"Pad\", \"keys\": [", "terminals[0].readers" },
  { "\"keys\": [", "\"readers\": [7], \"keys\": [", "terminals[0].readers" },
  { "\"clerk-number\"\n", "\"clerks-number\"\n", "staff[0].roles" },
  { "\"S0002\"", "\"S0001\"", "staff[1].id" },
  { "\"business\"", "\"busyness\"", "recipients" },
  { "\"9000033\"", "\"900003\"", "trust.card[0].id" },
  { "\"key\": \"", "\"key\": \"%", "trust.card[0].key" },
  { "\"jpki_sign\"", "\"jpki_signs\"", "trust" },
  { "\"ocsp_timeout_s\": ", "\"ocsp_timeout_s\": -", "jpki.ocsp_timeout_s" },
  { "\"ocsp_timeout_s\"", "\"ocsp_url\": \"https://ocsp.example/\", \"ocsp_timeout_s\"",
    "jpki.ocsp_url" },
  { "\"ocsp_timeout_s\"",
    "\"ocsp_allowed\": [\"http://a.example/\", \"ldap://a.example/\"], \"ocsp_timeout_s\"",
    "jpki.ocsp_allowed" },
  { "\"ocsp_timeout_s\"", "\"ocsp_url\": \"/v1/ocsp/x\", \"ocsp_timeout_s\"", "jpki.ocsp_url" },
  { "\"ocsp_timeout_s\"", "\"ocsp_allowed\": [\"/v1/ocsp\"], \"ocsp_timeout_s\"",
    "jpki.ocsp_allowed" },
  { "\"ocsp_timeout_s\"", "\"crl_urls\": [\"/v1/crls/a/b\"], \"ocsp_timeout_s\"", "jpki.crl_urls" },
  { "\"ocsp_timeout_s\"",
    "\"crl_urls\": [\"http://a.example/a.crl\", \"/etc/a.crl\"], \"ocsp_timeout_s\"",
    "jpki.crl_urls" },
  { "\"rsa-2048\"", "\"rsa-1024\"", "jpki.algorithms.keys" },
  { "\"sha384\"", "\"sha1\"", "jpki.algorithms.hashes" },
  { "\"hashes\"", "\"hash\"", "jpki.algorithms" },
  { "\"idle_lock_s\": ", "\"idle_lock_s\": 99999", "session.idle_lock_s" },
  { "\"receipts_low\"", "\"draft_hours\": 169, \"receipts_low\"", "limits.draft_hours" },
  { "\"idle_lock_s\"", "\"card_away_s\": 301, \"idle_lock_s\"", "session.card_away_s" },
  { "\"receipts_low\"", "\"renewal_months\": 25, \"receipts_low\"", "limits.renewal_months" },
  { "\"receipts_low\"", "\"register_months\": 25, \"receipts_low\"", "limits.register_months" },
  { "\"receipts_low\"", "\"post_days\": 0, \"receipts_low\"", "limits.post_days" },
  { "\"receipts_low\"", "\"letter_months\": 121, \"receipts_low\"", "limits.letter_months" },
  { "\"receipts_low\"", "\"post_days\": 120, \"letter_days\": 119, \"receipts_low\"",
    "limits.letter_days" },
  { "\"receipts_low\"", "\"attachments\": 41, \"receipts_low\"", "limits.attachments" },
  { "\"receipts_low\"", "\"attachments_bytes\": 16000001, \"receipts_low\"",
    "limits.attachments_bytes" },
  { "\"approvers\"", "\"aprovers\"", "procedures" },
  { "\"checks\": 2", "\"versions\": [], \"checks\": 2", "versions" },
  { "\"checks\": 2", "\"versions\": [ { \"version\": \"1\" } ], \"checks\": 2",
    "procedures.care.nonresident.versions[0].from" },
  { "\"checks\": 2", "\"versions\": [ { \"version\": \"1\", \"from\": \"April\" } ], \"checks\": 2",
    "procedures.care.nonresident.versions[0].from" },
  { "\"checks\": 2",
    "\"versions\": [ { \"version\": \"1\", \"from\": \"2026-04-01\", \"until\": \"2026-03-31\" } ],"
    " \"checks\": 2",
    "procedures.care.nonresident.versions[0].until" },
  { "\"checks\": 2", "\"checks\": 3", "procedures.care.nonresident.checks" },
  { "\"checks\": 2", "\"checks\": 0", "procedures.care.nonresident.checks" },
  { "\"checks\": 2", "\"checks\": \"2\"", "procedures.care.nonresident.checks" },
  { "\"card-face\"", "\"known-person\"", "identification" },
  { "\"card-face\"", "\"guess\"", "identification" },
  { "\"assurance\": \"two-documents\"", "\"assurance\": \"card-face\"", "assurance" },
  { "\"assurance\": \"two-documents\"", "\"assurance\": \"high\"", "assurance" },
  { "\"assurance\": \"two-documents\"", "\"assurance\": \"posted-copies\"", "assurance" },
  /* Where nobody is identified: alone, beside the minimum that says the same, and nowhere else. */
  { "\"none\"\n", "\"none\", \"jpki-auth\"\n", "identification" },
  { "\"assurance\": \"none\"", "\"assurance\": \"two-documents\"", "assurance" },
  { "\"assurance\": \"two-documents\"", "\"assurance\": \"none\"", "assurance" },
  { "\"card-face\"", "\"none\"", "identification" },
  { "\"counts\": \"alone\"", "\"counts\": \"twice\"", "documents[0].counts" },
  { "\"id\": \"passport\"", "\"id\": \"licence\"", "documents[3].id" },
  { "\"asked-and-verified\"", "\"warning-was-wrong\"", "holds.reasons[4].code" },
  { "\"face-not-matching\"", "\"face\"", "holds.reasons[0].kinds" },
  { "\"reasons\"", "\"reason\"", "holds" },
  { "\"holds\": {", "\"holds\": { \"who\": 1,", "holds" },
  { "MII", "MIX", "certificates" },
};

/* Documents that nobody listed are none. */
static void
test_documents (void)
{
  g_autoptr (MdPolicy) policy = fixture_policy ();
  const MdPolicyDocument *licence = md_policy_get_document (policy, "licence");
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (licence);
  g_assert_cmpstr (licence->name_ja, ==, "運転免許証");
  g_assert_cmpint (licence->counts, ==, MD_DOCUMENT_COUNTS_ALONE);
  g_assert_true (licence->expires && !licence->number);
  g_assert_true (md_policy_get_document (policy, "notice-card")->number);
  g_assert_null (md_policy_get_document (policy, "point-card"));
  g_assert_null (drop ("\"documents\"", "\"procedures\"", &error));
  g_assert_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "\"documents\""));
}

/* A supervisor who is not the clerk, in that role, for a reason that is one for the kind. */
static void
test_release (void)
{
  g_autoptr (MdPolicy) policy = fixture_policy ();
  g_autoptr (MdPolicy) without = drop ("\"holds\"", "\"procedures\"", NULL);

  g_assert_cmpint (
      md_policy_may_release (policy, "S0101", "supervisor", "S0001", "pension.exemption"), ==,
      MD_MAY_YES);
  g_assert_cmpint (md_policy_may_release (policy, "S0101", NULL, "S0001", "pension.exemption"), ==,
                   MD_MAY_YES);
  g_assert_cmpint (md_policy_may_release (policy, "S0101", "checker", "S0001", "pension.exemption"),
                   ==, MD_MAY_NOT_ROLE);
  g_assert_cmpint (md_policy_may_release (policy, "S0101", "boss", "S0001", "pension.exemption"),
                   ==, MD_MAY_NOT_ROLE);
  g_assert_cmpint (
      md_policy_may_release (policy, "S0101", "supervisor", "S0101", "pension.exemption"), ==,
      MD_MAY_NOT_SAME);
  g_assert_cmpint (md_policy_may_release (policy, "S0001", NULL, "S0002", "pension.exemption"), ==,
                   MD_MAY_NOT_ROLE);
  g_assert_cmpint (md_policy_may_release (policy, "S9999", NULL, "S0001", "pension.exemption"), ==,
                   MD_MAY_NOT_STAFF);
  g_assert_cmpint (md_policy_may_release_medium (policy, "S0101", "supervisor"), ==, MD_MAY_YES);
  g_assert_cmpint (md_policy_may_release_medium (policy, "S0101", "admin"), ==, MD_MAY_NOT_ROLE);
  g_assert_cmpint (md_policy_may_release_medium (policy, "S0001", "supervisor"), ==,
                   MD_MAY_NOT_ROLE);
  g_assert_cmpint (md_policy_may_release_medium (policy, "S9999", "supervisor"), ==,
                   MD_MAY_NOT_STAFF);
  g_assert_nonnull (
      md_policy_get_release_reason (policy, "protection-office-agrees", MD_HOLD_PROTECTED));
  g_assert_null (
      md_policy_get_release_reason (policy, "protection-office-agrees", MD_HOLD_DECEASED));
  g_assert_null (md_policy_get_release_reason (policy, "because", MD_HOLD_PROTECTED));
  /* A policy from before there were holds: nothing that is stopped goes on. */
  g_assert_nonnull (without);
  g_assert_cmpuint (md_policy_get_release_reasons (without)->len, ==, 0);
  g_assert_cmpint (md_policy_may_release (without, "S0101", NULL, "S0001", "pension.exemption"), ==,
                   MD_MAY_YES);
}

static void
test_wrong_json (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (wrong_json); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (change (wrong_json[i].text, wrong_json[i].other, &error));
      g_assert_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_INVALID);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, wrong_json[i].path));
    }
}

/* The text of a member whose value is one. Caller owns. */
static char *
dup_member (const char *text, const char *member)
{
  const char *begin = strstr (text, member) + strlen (member);

  return g_strndup (begin, strcspn (begin, "\""));
}

/* R-PRIV-05: the vault of numbers has a key of its own, in every policy that newly comes into
 * force.
 */
static void
test_vault_apart (void)
{
  g_autoptr (GBytes) json = fixture_read ("policy", "policy.json");
  g_autofree char *text = g_strndup (g_bytes_get_data (json, NULL), g_bytes_get_size (json));
  g_autofree char *business = dup_member (text, "\"business\": \"");
  g_autofree char *vault = dup_member (text, "\"vault\": \"");
  g_autoptr (MdPolicyHistory) history = md_policy_history_new ();
  g_autoptr (MdPolicy) policy = NULL, good = fixture_policy ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (business, !=, vault);
  g_assert_true (md_policy_judge_new (good, &error));
  g_assert_no_error (error);
  policy = changed (vault, business);
  g_assert_false (md_policy_judge_new (policy, &error));
  g_assert_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "a key of its own"));
  g_clear_error (&error);
  g_assert_false (md_policy_history_may_add (history, policy, &error));
  g_assert_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_INVALID);
  g_clear_error (&error);

  /* One that was in force: what was made under it is judged by it, and it may stay. */
  g_assert_true (md_policy_history_add (history, policy, 1, &error));
  g_assert_no_error (error);
  g_assert_true (md_policy_history_may_add (history, policy, &error));
  g_assert_no_error (error);
  g_assert_true (md_policy_history_get_newest (history) == policy);
}

/* Nor do two counters get one serial anew; a policy that was in force with it stays. */
static void
test_serials_apart (void)
{
  g_autoptr (MdPolicy) policy = changed (
      "\"terminals\": [",
      "\"terminals\": [ { \"id\": \"T000\", \"serial\": 1, \"counter\": { \"ja\": \"a\", \"en\":"
      " \"a\" }, \"receipt_pool\": { \"from\": 100000, \"to\": 100001 }, \"keys\": ["
      " \"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\" ] },");
  g_autoptr (GError) error = NULL;

  g_assert_false (md_policy_judge_new (policy, &error));
  g_assert_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "serial 1"));
}

/* How long before its end a card is spoken of, and how long a certificate of a register is taken:
 * three months, or what the office says. */
static void
test_renewal_months (void)
{
  g_autoptr (MdPolicy) usual = fixture_policy ();
  g_autoptr (MdPolicy) other = changed (
      "\"receipts_low\"", "\"renewal_months\": 0, \"register_months\": 6, \"receipts_low\"");

  g_assert_cmpuint (md_policy_get_limits (usual)->renewal_months, ==, 3);
  g_assert_cmpuint (md_policy_get_limits (usual)->register_months, ==, 3);
  g_assert_cmpuint (md_policy_get_limits (other)->renewal_months, ==, 0);
  g_assert_cmpuint (md_policy_get_limits (other)->register_months, ==, 6);
}

/* R-CARD-10: how long what was read waits for a card that was lifted: a minute, or what the office
 * says, not at all included. */
static void
test_card_away (void)
{
  g_autoptr (MdPolicy) usual = fixture_policy ();
  g_autoptr (MdPolicy) other = changed ("\"idle_lock_s\"", "\"card_away_s\": 0, \"idle_lock_s\"");

  g_assert_cmpuint (md_policy_get_limits (usual)->card_away_s, ==, 60);
  g_assert_cmpuint (md_policy_get_limits (other)->card_away_s, ==, 0);
}

/* How long a suspended intake waits: until the person is back the next day, or what the office
 * says, not at all included. */
static void
test_draft_hours (void)
{
  g_autoptr (MdPolicy) usual = fixture_policy ();
  g_autoptr (MdPolicy) other = changed ("\"receipts_low\"", "\"draft_hours\": 0, \"receipts_low\"");

  g_assert_cmpuint (md_policy_get_limits (usual)->draft_hours, ==, 24);
  g_assert_cmpuint (md_policy_get_limits (other)->draft_hours, ==, 0);
}

/* How many scanned documents, and how large, sealed as they go over the line. */
static void
test_attachments (void)
{
  g_autoptr (MdPolicy) usual = fixture_policy ();
  g_autoptr (MdPolicy) none = changed ("\"receipts_low\"", "\"attachments\": 0, \"receipts_low\"");
  g_autoptr (MdPolicy) small
      = changed ("\"receipts_low\"",
                 "\"attachment_bytes\": 100000, \"attachments_bytes\": 150000, \"receipts_low\"");

  g_assert_cmpuint (md_policy_get_limits (usual)->attachments, ==, 20);
  g_assert_true (md_policy_takes_attachments (usual, 20, 3000000, 8000000));
  g_assert_false (md_policy_takes_attachments (usual, 21, 1, 21));
  g_assert_false (md_policy_takes_attachments (usual, 1, 3100000, 3100000));
  g_assert_false (md_policy_takes_attachments (usual, 4, 2500000, 10000000));
  g_assert_true (md_policy_takes_attachments (none, 0, 0, 0));
  g_assert_false (md_policy_takes_attachments (none, 1, 1, 1));
  g_assert_true (md_policy_takes_attachments (small, 2, 101000, 152000));
  g_assert_false (md_policy_takes_attachments (small, 1, 170000, 170000));
}

static void
test_versions (void)
{
  g_autoptr (MdPolicy) usual = fixture_policy ();
  g_autoptr (MdPolicy) listed = changed (
      "\"checks\": 2", "\"versions\": [ { \"version\": \"1\", \"from\": \"2025-04-01\", \"until\":"
                       " \"2026-11-22\" }, { \"version\": \"2\", \"from\": \"2026-11-22\" } ],"
                       " \"checks\": 2");
  static const struct
  {
    const char *version, *wall;
    MdVersionJudgement judgement;
  } cases[] = {
    { "1", "2025-03-31T14:59:59.000Z", MD_VERSION_NOT_YET },
    { "1", "2025-03-31T15:00:00.000Z", MD_VERSION_GOOD }, /* the first of April in Japan */
    { "1", "2026-11-22T14:59:59.000Z", MD_VERSION_GOOD },
    { "1", "2026-11-22T15:00:00.000Z", MD_VERSION_OVER },
    { "2", "2026-11-21T14:59:59.000Z", MD_VERSION_NOT_YET },
    { "2", "2031-01-01T00:00:00.000Z", MD_VERSION_GOOD },
    { "3", "2026-11-22T00:00:00.000Z", MD_VERSION_UNKNOWN },
    { NULL, "2026-11-22T00:00:00.000Z", MD_VERSION_UNKNOWN },
    { "2", "today", MD_VERSION_UNKNOWN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpint (
          md_policy_judge_version (listed, "care.nonresident", cases[i].version, cases[i].wall), ==,
          cases[i].judgement);
      g_assert_true ((md_version_judgement_get_text (cases[i].judgement) == NULL)
                     == (cases[i].judgement == MD_VERSION_GOOD));
    }
  g_assert_cmpint (md_policy_judge_version (listed, "pension.exemption", "9", cases[1].wall), ==,
                   MD_VERSION_GOOD);
  g_assert_cmpint (md_policy_judge_version (usual, "care.nonresident", "9", cases[1].wall), ==,
                   MD_VERSION_GOOD);
}

/* By which day what came by post may be judged, and how long a letter of delegation may hold. */
static void
test_days (void)
{
  g_autoptr (MdPolicy) usual = fixture_policy ();
  g_autoptr (MdPolicy) other
      = changed ("\"receipts_low\"", "\"post_days\": 10, \"letter_months\": 12, \"receipts_low\"");
  static const char morning[] = "2026-11-21T22:00:00.000Z"; /* the 22nd in Japan */

  g_assert_cmpuint (md_policy_get_limits (usual)->post_days, ==, 90);
  g_assert_cmpuint (md_policy_get_limits (usual)->letter_days, ==, 90);
  g_assert_true (md_policy_allows_term (usual, "2026-04-01", "2099-12-31"));
  g_assert_cmpuint (md_policy_get_limits (other)->letter_days, ==, 90);
  g_assert_true (md_policy_takes_received (other, "posted-copies", "2026-11-12", morning));
  g_assert_false (md_policy_takes_received (other, "posted-copies", "2026-11-11", morning));
  g_assert_true (md_policy_takes_received (other, "posted-copies", "2026-11-22", morning));
  g_assert_false (md_policy_takes_received (other, "posted-copies", "2026-11-23", morning));
  g_assert_false (md_policy_takes_received (other, "jpki-auth", "2026-11-22", morning));
  g_assert_true (md_policy_takes_received (other, "jpki-auth", NULL, morning));
  g_assert_true (md_policy_allows_term (other, "2026-04-01", "2027-04-01"));
  g_assert_false (md_policy_allows_term (other, "2026-04-01", "2027-04-02"));
}

/* R-CARD-11: which card readers a terminal may use; without a word of it, any. */
static void
test_readers (void)
{
  static const char *const expected[] = { "Counter Pad", "Maker CCID (*)", NULL };
  g_autoptr (MdPolicy) usual = fixture_policy ();
  g_autoptr (MdPolicy) other = changed (
      "\"keys\": [", "\"readers\": [\" Counter Pad \", \"Maker CCID (*)\"], \"keys\": [");

  g_assert_null (md_policy_get_terminal (usual, "T001")->readers);
  g_assert_true (g_strv_equal (md_policy_get_terminal (other, "T001")->readers, expected));
}

static void
test_not_json (void)
{
  static const char *const texts[]
      = { "", "[]", "{", "\"x\"", "{}", "\xff\xfe", "{\"schema\":null}" };
  g_autoptr (GString) deep = g_string_new (NULL);

  for (guint i = 0; i < 100000; i++)
    g_string_append_c (deep, '[');
  for (guint i = 0; i <= G_N_ELEMENTS (texts); i++)
    {
      const char *text = i < G_N_ELEMENTS (texts) ? texts[i] : deep->str;
      g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
      g_autoptr (GError) error = NULL;

      g_assert_null (md_policy_new_from_json (bytes, NULL, &error));
      g_assert_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_INVALID);
    }
}

static void
test_trust (void)
{
  g_autoptr (MdPolicy) policy = fixture_policy ();
  g_autoptr (GError) error = NULL;
  g_autoptr (MdTrust) staff = md_policy_create_trust (policy, MD_TRUST_PROFILE_STAFF_SIGN, &error);
  g_autoptr (MdTrust) jpki = md_policy_create_trust (policy, MD_TRUST_PROFILE_JPKI_AUTH, &error);
  g_autoptr (MdCertificate) certificate = NULL;
  g_autoptr (MdVerdict) good_verdict = NULL, bad_verdict = NULL;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  g_assert_no_error (error);
  certificate = md_certificate_new_from_der (md_policy_get_staff (policy, "S0001")->sign, &error);
  g_assert_no_error (error);
  good_verdict = md_trust_check (staff, certificate, NULL, now);
  bad_verdict = md_trust_check (jpki, certificate, NULL, now);
  g_assert_cmpint (md_verdict_get_status (good_verdict), ==, MD_VERDICT_VALID);
  g_assert_cmpint (md_verdict_get_status (bad_verdict), !=, MD_VERDICT_VALID);
}

/* The resident's certificate of this name, judged under the world's policy with one text changed.
 */
static void
assert_judged (const char *text, const char *other, const char *name, MdVerdictStatus status,
               MdVerdictCause cause)
{
  g_autofree char *file = g_strconcat (name, ".crt", NULL);
  g_autofree char *path = fixture_path ("pki/residents", file);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCertificate) certificate = md_certificate_new_from_file (path, &error);
  g_autoptr (MdPolicy) policy = changed (text, other);
  g_autoptr (MdTrust) trust = NULL;
  g_autoptr (MdVerdict) verdict = NULL;

  g_assert_no_error (error);
  trust = md_policy_create_trust (policy, MD_TRUST_PROFILE_JPKI_AUTH, &error);
  g_assert_no_error (error);
  verdict = md_trust_check (trust, certificate, NULL, g_get_real_time () / G_USEC_PER_SEC);
  g_test_message ("%s, %s for %s: %s", name, other, text, md_verdict_get_detail (verdict));
  g_assert_cmpint (md_verdict_get_status (verdict), ==, status);
  g_assert_cmpint (md_verdict_get_cause (verdict), ==, cause);
}

/* The office may permit less than the program would: that refuses a generation, by name. */
static void
test_permitted_list (void)
{
  assert_judged ("\"rsa-2048\"", "\"rsa-2048\"", "tanaka-auth", MD_VERDICT_VALID,
                 MD_VERDICT_CAUSE_NONE);
  assert_judged ("\"rsa-2048\"", "\"rsa-2048\"", "nextgen-auth", MD_VERDICT_VALID,
                 MD_VERDICT_CAUSE_NONE);
  assert_judged ("\"rsa-2048\"", "\"rsa-3072\"", "tanaka-auth", MD_VERDICT_WRONG_PROFILE,
                 MD_VERDICT_CAUSE_ALGORITHM);
  assert_judged ("\"rsa-2048\"", "\"rsa-3072\"", "nextgen-auth", MD_VERDICT_VALID,
                 MD_VERDICT_CAUSE_NONE);
  assert_judged ("\"sha384\"", "\"sha512\"", "nextgen-auth", MD_VERDICT_WRONG_PROFILE,
                 MD_VERDICT_CAUSE_ALGORITHM);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/policy/policy/load", test_load);
  g_test_add_func ("/policy/policy/refused-bundles", test_refused_bundles);
  g_test_add_func ("/policy/policy/versions", test_versions);
  g_test_add_func ("/policy/policy/version-floor", test_version_floor);
  g_test_add_func ("/policy/policy/changed-bundle", test_changed_bundle);
  g_test_add_func ("/policy/policy/wrong-json", test_wrong_json);
  g_test_add_func ("/policy/policy/vault-apart", test_vault_apart);
  g_test_add_func ("/policy/policy/serials-apart", test_serials_apart);
  g_test_add_func ("/policy/policy/permitted-list", test_permitted_list);
  g_test_add_func ("/policy/policy/documents", test_documents);
  g_test_add_func ("/policy/policy/release", test_release);
  g_test_add_func ("/policy/policy/not-json", test_not_json);
  g_test_add_func ("/policy/policy/renewal-months", test_renewal_months);
  g_test_add_func ("/policy/policy/card-away", test_card_away);
  g_test_add_func ("/policy/policy/draft-hours", test_draft_hours);
  g_test_add_func ("/policy/policy/readers", test_readers);
  g_test_add_func ("/policy/policy/days", test_days);
  g_test_add_func ("/policy/policy/attachments", test_attachments);
  g_test_add_func ("/policy/policy/trust", test_trust);
  return g_test_run ();
}
