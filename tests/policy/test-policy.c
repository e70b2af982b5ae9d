// SPDX-License-Identifier: Apache-2.0
/* The signed bundle of the invented ward (with-world), right and wrong in every way. */
#include <json-glib/json-glib.h>
#include <md-base.h>
#include <md-policy.h>
#include <string.h>

static char *
world_file (const char *folder, const char *name)
{
  return g_build_filename (g_getenv ("MADOGUCHI_WORLD"), folder, name, NULL);
}

static GBytes *
read_file (const char *folder, const char *name)
{
  g_autofree char *path = world_file (folder, name);
  g_autoptr (GError) error = NULL;
  char *contents;
  gsize length;

  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (contents, length);
}

static MdPolicy *
load (const char *bundle, const MdPolicyExpect *expect, GError **error)
{
  g_autofree char *path = world_file ("policy", bundle);
  g_autofree char *anchor = world_file ("pki", "policy-root.crt");

  return md_policy_load (path, anchor, expect, error);
}

static MdPolicyExpect
here_and_now (void)
{
  return (MdPolicyExpect){
    .environment = "test", .office = "139998", .floor = 1, .now = g_get_real_time ()
  };
}

static MdPolicy *
good (void)
{
  MdPolicyExpect expect = here_and_now ();
  g_autoptr (GError) error = NULL;
  MdPolicy *policy = load ("policy.cms", &expect, &error);

  g_assert_no_error (error);
  return policy;
}

static void
test_load (void)
{
  g_autoptr (MdPolicy) policy = good ();
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
  g_autoptr (MdPolicy) policy = load (bundle, expect, &error);

  g_assert_null (policy);
  g_assert_error (error, MD_POLICY_ERROR, (int)code);
  g_assert_cmpuint (strlen (error->message), >, 30);
}

static void
test_refused_bundles (void)
{
  MdPolicyExpect expect = here_and_now ();

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
  MdPolicyExpect expect = here_and_now ();
  g_autoptr (MdPolicy) second = NULL;
  g_autoptr (GError) error = NULL;

  expect.floor = 2;
  second = load ("policy-v2.cms", &expect, &error);
  g_assert_no_error (error);
  assert_refused ("policy.cms", &expect, MD_POLICY_ERROR_OLDER);
}

static void
test_changed_bundle (void)
{
  g_autoptr (GBytes) bundle = read_file ("policy", "policy.cms"),
                     anchor = read_file ("pki", "policy-root.crt");
  MdPolicyExpect expect = here_and_now ();
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
  { "\"receipts_low\"", "\"renewal_months\": 25, \"receipts_low\"", "limits.renewal_months" },
  { "\"receipts_low\"", "\"register_months\": 25, \"receipts_low\"", "limits.register_months" },
  { "\"approvers\"", "\"aprovers\"", "procedures" },
  { "\"card-face\"", "\"known-person\"", "identification" },
  { "\"card-face\"", "\"guess\"", "identification" },
  { "\"assurance\": \"two-documents\"", "\"assurance\": \"card-face\"", "assurance" },
  { "\"assurance\": \"two-documents\"", "\"assurance\": \"high\"", "assurance" },
  { "\"assurance\": \"two-documents\"", "\"assurance\": \"posted-copies\"", "assurance" },
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
  g_autoptr (MdPolicy) policy = good ();
  const MdPolicyDocument *licence = md_policy_get_document (policy, "licence");
  g_autoptr (GBytes) json = read_file ("policy", "policy.json");
  g_autofree char *text = g_strndup (g_bytes_get_data (json, NULL), g_bytes_get_size (json));
  g_autoptr (GString) without = g_string_new (text);
  const char *begin = strstr (text, "\"documents\""), *end = strstr (text, "\"procedures\"");
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (licence);
  g_assert_cmpstr (licence->name_ja, ==, "運転免許証");
  g_assert_cmpint (licence->counts, ==, MD_DOCUMENT_COUNTS_ALONE);
  g_assert_true (licence->expires && !licence->number);
  g_assert_true (md_policy_get_document (policy, "notice-card")->number);
  g_assert_null (md_policy_get_document (policy, "point-card"));
  g_string_erase (without, begin - text, end - begin);
  bytes = g_bytes_new (without->str, without->len);
  g_assert_null (md_policy_new_from_json (bytes, NULL, &error));
  g_assert_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "\"documents\""));
}

/* A supervisor who is not the clerk, in that role, for a reason that is one for the kind. */
static void
test_release (void)
{
  g_autoptr (MdPolicy) policy = good ();
  g_autoptr (GBytes) json = read_file ("policy", "policy.json");
  g_autofree char *text = g_strndup (g_bytes_get_data (json, NULL), g_bytes_get_size (json));
  g_autoptr (GString) changed = g_string_new (text);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (MdPolicy) without = NULL;
  const char *begin = strstr (text, "\"holds\""), *end = strstr (text, "\"procedures\"");

  g_assert_cmpint (md_policy_may_release (policy, "S0101", "supervisor", "S0001"), ==, MD_MAY_YES);
  g_assert_cmpint (md_policy_may_release (policy, "S0101", NULL, "S0001"), ==, MD_MAY_YES);
  g_assert_cmpint (md_policy_may_release (policy, "S0101", "checker", "S0001"), ==,
                   MD_MAY_NOT_ROLE);
  g_assert_cmpint (md_policy_may_release (policy, "S0101", "boss", "S0001"), ==, MD_MAY_NOT_ROLE);
  g_assert_cmpint (md_policy_may_release (policy, "S0101", "supervisor", "S0101"), ==,
                   MD_MAY_NOT_SAME);
  g_assert_cmpint (md_policy_may_release (policy, "S0001", NULL, "S0002"), ==, MD_MAY_NOT_ROLE);
  g_assert_cmpint (md_policy_may_release (policy, "S9999", NULL, "S0001"), ==, MD_MAY_NOT_STAFF);
  g_assert_nonnull (
      md_policy_get_release_reason (policy, "protection-office-agrees", MD_HOLD_PROTECTED));
  g_assert_null (
      md_policy_get_release_reason (policy, "protection-office-agrees", MD_HOLD_DECEASED));
  g_assert_null (md_policy_get_release_reason (policy, "because", MD_HOLD_PROTECTED));
  /* A policy from before there were holds: nothing that is stopped goes on. */
  g_string_erase (changed, begin - text, end - begin);
  bytes = g_bytes_new (changed->str, changed->len);
  without = md_policy_new_from_json (bytes, NULL, NULL);
  g_assert_nonnull (without);
  g_assert_cmpuint (md_policy_get_release_reasons (without)->len, ==, 0);
  g_assert_cmpint (md_policy_may_release (without, "S0101", NULL, "S0001"), ==, MD_MAY_YES);
}

static void
test_wrong_json (void)
{
  g_autoptr (GBytes) json = read_file ("policy", "policy.json");
  g_autofree char *text = g_strndup (g_bytes_get_data (json, NULL), g_bytes_get_size (json));

  for (guint i = 0; i < G_N_ELEMENTS (wrong_json); i++)
    {
      g_autoptr (GString) changed = g_string_new (text);
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s -> %s", wrong_json[i].text, wrong_json[i].other);
      g_assert_cmpuint (g_string_replace (changed, wrong_json[i].text, wrong_json[i].other, 1), ==,
                        1);
      bytes = g_bytes_new (changed->str, changed->len);
      g_assert_null (md_policy_new_from_json (bytes, NULL, &error));
      g_assert_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_INVALID);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, wrong_json[i].path));
    }
}

/* How long before its end a card is spoken of, and how long a certificate of a register is taken:
 * three months, or what the office says. */
static void
test_renewal_months (void)
{
  g_autoptr (GBytes) json = read_file ("policy", "policy.json");
  g_autofree char *text = g_strndup (g_bytes_get_data (json, NULL), g_bytes_get_size (json));
  g_autoptr (GString) changed = g_string_new (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdPolicy) usual = md_policy_new_from_json (json, NULL, &error);
  g_autoptr (MdPolicy) other = NULL;
  g_autoptr (GBytes) bytes = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (md_policy_get_limits (usual)->renewal_months, ==, 3);
  g_assert_cmpuint (md_policy_get_limits (usual)->register_months, ==, 3);
  g_string_replace (changed, "\"receipts_low\"",
                    "\"renewal_months\": 0, \"register_months\": 6, \"receipts_low\"", 1);
  bytes = g_bytes_new (changed->str, changed->len);
  other = md_policy_new_from_json (bytes, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (md_policy_get_limits (other)->renewal_months, ==, 0);
  g_assert_cmpuint (md_policy_get_limits (other)->register_months, ==, 6);
}

/* R-CARD-11: which card readers a terminal may use; without a word of it, any. */
static void
test_readers (void)
{
  g_autoptr (GBytes) json = read_file ("policy", "policy.json");
  g_autofree char *text = g_strndup (g_bytes_get_data (json, NULL), g_bytes_get_size (json));
  g_autoptr (GString) changed = g_string_new (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdPolicy) usual = md_policy_new_from_json (json, NULL, &error);
  g_autoptr (MdPolicy) other = NULL;
  g_autoptr (GBytes) bytes = NULL;
  const char *const *readers;

  g_assert_no_error (error);
  g_assert_null (md_policy_get_terminal (usual, "T001")->readers);
  g_string_replace (changed, "\"keys\": [",
                    "\"readers\": [\" Counter Pad \", \"Maker CCID (*)\"], \"keys\": [", 1);
  bytes = g_bytes_new (changed->str, changed->len);
  other = md_policy_new_from_json (bytes, NULL, &error);
  g_assert_no_error (error);
  readers = md_policy_get_terminal (other, "T001")->readers;
  g_assert_cmpstr (readers[0], ==, "Counter Pad");
  g_assert_cmpstr (readers[1], ==, "Maker CCID (*)");
  g_assert_null (readers[2]);
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

static gboolean
has_recipient (GPtrArray *list, GBytes *der)
{
  for (guint i = 0; i < list->len; i++)
    if (g_bytes_equal (g_ptr_array_index (list, i), der))
      return TRUE;
  return FALSE;
}

static void
test_recipients (void)
{
  g_autoptr (MdPolicy) policy = good ();
  GBytes *supervisor = md_policy_get_staff (policy, "S0101")->key_agreement;
  GBytes *clerk = md_policy_get_staff (policy, "S0001")->key_agreement;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) application = md_policy_get_recipients (
      policy, "pension.exemption", MD_PROFILE_V1, MD_RECIPIENTS_APPLICATION, "S0001", &error);
  g_autoptr (GPtrArray) number = md_policy_get_recipients (
      policy, "pension.exemption", MD_PROFILE_V1, MD_RECIPIENTS_NUMBER, "S0001", &error);
  g_autoptr (GPtrArray) without = md_policy_get_recipients (
      policy, "pension.exemption", MD_PROFILE_V4, MD_RECIPIENTS_NUMBER, "S0001", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (application->len, ==, 2);
  g_assert_true (has_recipient (application, supervisor) && !has_recipient (application, clerk));
  g_assert_true (has_recipient (number, supervisor));
  /* The office's own keys differ: the number goes to the vault, not to the business system. */
  g_assert_false (
      g_bytes_equal (g_ptr_array_index (application, 0), g_ptr_array_index (number, 0)));
  /* Where a profile shows numbers to nobody, only the vault gets the part. */
  g_assert_cmpuint (without->len, ==, 1);
  g_assert_false (has_recipient (without, supervisor));
  /* An approver who took it in does not approve it: nobody is left. */
  g_assert_null (md_policy_get_recipients (policy, "pension.exemption", MD_PROFILE_V1,
                                           MD_RECIPIENTS_APPLICATION, "S0101", &error));
  g_assert_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (md_policy_get_recipients (policy, "no.such", MD_PROFILE_V1,
                                           MD_RECIPIENTS_APPLICATION, NULL, &error));
  g_assert_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_INVALID);
}

static void
test_two_persons (void)
{
  g_autoptr (MdPolicy) policy = good ();

  g_assert_cmpint (md_policy_may_decide (policy, "S0101", "lem.certificate", "S0001"), ==,
                   MD_MAY_YES);
  g_assert_cmpint (md_policy_may_decide (policy, "S0101", "lem.certificate", "S0101"), ==,
                   MD_MAY_NOT_SAME);
  g_assert_cmpint (md_policy_may_decide (policy, "S0001", "lem.certificate", "S0002"), ==,
                   MD_MAY_NOT_ROLE);
  g_assert_cmpint (md_policy_may_decide (policy, "S9999", "lem.certificate", "S0002"), ==,
                   MD_MAY_NOT_STAFF);
  g_assert_cmpint (md_policy_may_decide (policy, "S0101", "no.such", "S0002"), ==,
                   MD_MAY_NOT_PROCEDURE);
  g_assert_cmpint (md_policy_may_take_in (policy, "S0001", "lem.certificate"), ==, MD_MAY_YES);
  g_assert_cmpint (md_policy_may_take_in (policy, "S0101", "lem.certificate"), ==, MD_MAY_NOT_ROLE);
}

static void
test_may_identify (void)
{
  g_autoptr (MdPolicy) policy = good ();
  g_assert_true (md_policy_may_identify (policy, "lem.certificate", "jpki-auth"));
  g_assert_true (md_policy_may_identify (policy, "pension.exemption", "jpki-sign"));
  g_assert_false (md_policy_may_identify (policy, "lem.certificate", "jpki-sign"));
  g_assert_false (md_policy_may_identify (policy, "lem.certificate", "card-face"));
  g_assert_false (md_policy_may_identify (policy, "lem.certificate", ""));
  g_assert_false (md_policy_may_identify (policy, "lem.certificate", NULL));
  g_assert_false (md_policy_may_identify (policy, "no.such", "jpki-auth"));
}

/* Each word of a manifest for itself, and what does not fit together. */
static const struct
{
  const char *procedure;
  MdPolicyIdentified identified;
  MdIdentificationJudgement judgement;
} identifications[] = {
  { "lem.certificate", { "jpki-auth", "valid", "ocsp" }, MD_IDENTIFICATION_ACCEPTED },
  { "lem.certificate", { "jpki-auth", "valid", "crl" }, MD_IDENTIFICATION_ACCEPTED },
  { "lem.certificate", { "jpki-auth", "listed", "crl" }, MD_IDENTIFICATION_ACCEPTED },
  { "lem.certificate", { "jpki-auth", "deferred", "none" }, MD_IDENTIFICATION_DEFERRED },
  { "lem.certificate", { "jpki-auth", "revocation-unknown", "ocsp" }, MD_IDENTIFICATION_STOPPED },
  { "lem.certificate", { "card-face", "face", "none" }, MD_IDENTIFICATION_METHOD },
  { "lem.certificate", { "jpki-sign", "valid", "ocsp" }, MD_IDENTIFICATION_METHOD },
  { "pension.exemption", { "jpki-sign", "valid", "ocsp" }, MD_IDENTIFICATION_ACCEPTED },
  { "pension.exemption", { "jpki-sign", "listed", "crl" }, MD_IDENTIFICATION_ACCEPTED },
  { "pension.exemption", { "jpki-sign", "deferred", "none" }, MD_IDENTIFICATION_ACCEPTED_DEFERRED },
  { "pension.exemption", { "jpki-sign", "untrusted-issuer", "none" }, MD_IDENTIFICATION_STOPPED },
  { "pension.exemption", { "jpki-sign", "wrong-profile", "none" }, MD_IDENTIFICATION_STOPPED },
  { "pension.exemption", { "jpki-sign", "valid", "none" }, MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption", { "jpki-sign", "face", "none" }, MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption", { "jpki-sign", "documents", "none" }, MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption", { "jpki-sign", "valid", "ocsp", "card-key" }, MD_IDENTIFICATION_ACCEPTED },
  { "pension.exemption",
    { "jpki-sign", "valid", "ocsp", "card-signature" },
    MD_IDENTIFICATION_ASSURANCE },
  { "no.such", { "jpki-auth", "valid", "ocsp" }, MD_IDENTIFICATION_METHOD },
  { "pension.exemption", { NULL, "valid", "ocsp" }, MD_IDENTIFICATION_METHOD },
  { "pension.exemption", { "", "valid", "ocsp" }, MD_IDENTIFICATION_METHOD },
  { "pension.exemption", { "card-face", "face", "none" }, MD_IDENTIFICATION_ACCEPTED },
  { "pension.exemption", { "card-face", "face", "ocsp" }, MD_IDENTIFICATION_ACCEPTED },
  { "pension.exemption", { "jpki-auth", "deferred", "none" }, MD_IDENTIFICATION_ACCEPTED_DEFERRED },
  { "pension.exemption", { "card-face", "deferred", "none" }, MD_IDENTIFICATION_ACCEPTED_DEFERRED },
  { "pension.exemption", { "jpki-auth", "revoked", "ocsp" }, MD_IDENTIFICATION_STOPPED },
  { "pension.exemption", { "card-face", "face-unsure", "none" }, MD_IDENTIFICATION_STOPPED },
  { "pension.exemption", { "jpki-auth", "Valid", "ocsp" }, MD_IDENTIFICATION_UNKNOWN },
  { "pension.exemption", { "jpki-auth", "", "ocsp" }, MD_IDENTIFICATION_UNKNOWN },
  { "pension.exemption", { "jpki-auth", NULL, "ocsp" }, MD_IDENTIFICATION_UNKNOWN },
  { "pension.exemption", { "jpki-auth", "valid", "none" }, MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption", { "jpki-auth", "valid", "letter" }, MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption", { "jpki-auth", "valid", NULL }, MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption", { "jpki-auth", "face", "ocsp" }, MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption", { "card-face", "valid", "ocsp" }, MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption", { "photo-document", "documents", "none" }, MD_IDENTIFICATION_ACCEPTED },
  { "pension.exemption", { "two-documents", "documents", "none" }, MD_IDENTIFICATION_ACCEPTED },
  { "pension.exemption", { "notice-card", "documents", "none" }, MD_IDENTIFICATION_ACCEPTED },
  { "pension.exemption",
    { "photo-document", "documents", "none", "photo-document" },
    MD_IDENTIFICATION_ACCEPTED },
  { "pension.exemption", { "jpki-auth", "valid", "ocsp", "card-key" }, MD_IDENTIFICATION_ACCEPTED },
  { "pension.exemption",
    { "two-documents", "documents", "none", "card-key" },
    MD_IDENTIFICATION_ASSURANCE },
  { "pension.exemption",
    { "jpki-auth", "valid", "ocsp", "card-face" },
    MD_IDENTIFICATION_ASSURANCE },
  { "care.certification", { "two-documents", "documents", "none" }, MD_IDENTIFICATION_METHOD },
  { "pension.exemption", { "posted-copies", "documents", "none" }, MD_IDENTIFICATION_ACCEPTED },
  { "pension.exemption",
    { "posted-copies", "documents", "none", "posted-copies" },
    MD_IDENTIFICATION_ACCEPTED },
  { "pension.exemption",
    { "posted-copies", "documents", "none", "two-documents" },
    MD_IDENTIFICATION_ASSURANCE },
  { "pension.exemption",
    { "posted-copies", "documents", "ocsp" },
    MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption", { "posted-copies", "valid", "ocsp" }, MD_IDENTIFICATION_CONTRADICTION },
  { "care.certification", { "posted-copies", "documents", "none" }, MD_IDENTIFICATION_METHOD },
  { "lem.certificate", { "photo-document", "documents", "none" }, MD_IDENTIFICATION_METHOD },
  { "pension.exemption", { "known-person", "documents", "none" }, MD_IDENTIFICATION_METHOD },
  { "pension.exemption",
    { "photo-document", "documents-short", "none" },
    MD_IDENTIFICATION_STOPPED },
  { "pension.exemption",
    { "photo-document", "documents-other", "none" },
    MD_IDENTIFICATION_STOPPED },
  { "pension.exemption",
    { "photo-document", "documents", "ocsp" },
    MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption",
    { "photo-document", "deferred", "none" },
    MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption", { "photo-document", "face", "none" }, MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption", { "card-face", "documents", "none" }, MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption", { "jpki-auth", "documents", "none" }, MD_IDENTIFICATION_CONTRADICTION },
  /* Only what the authority signed that it does not know it is released, and nothing else. */
  { "pension.exemption",
    { "jpki-auth", "revocation-unknown", "ocsp", NULL, FALSE },
    MD_IDENTIFICATION_STOPPED },
  { "pension.exemption",
    { "jpki-auth", "revocation-unknown", "ocsp", NULL, TRUE },
    MD_IDENTIFICATION_ACCEPTED_DEFERRED },
  { "pension.exemption",
    { "jpki-auth", "revocation-unknown", "none", NULL, TRUE },
    MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption",
    { "photo-document", "revocation-unknown", "ocsp", NULL, TRUE },
    MD_IDENTIFICATION_CONTRADICTION },
  { "lem.certificate",
    { "jpki-auth", "revocation-unknown", "ocsp", NULL, TRUE },
    MD_IDENTIFICATION_DEFERRED },
  { "pension.exemption",
    { "jpki-auth", "revoked", "ocsp", NULL, TRUE },
    MD_IDENTIFICATION_STOPPED },
  { "pension.exemption",
    { "jpki-auth", "suspended", "ocsp", NULL, TRUE },
    MD_IDENTIFICATION_STOPPED },
  { "pension.exemption",
    { "card-face", "face-other", "none", NULL, TRUE },
    MD_IDENTIFICATION_STOPPED },
  { "pension.exemption",
    { "photo-document", "documents-other", "none", NULL, TRUE },
    MD_IDENTIFICATION_STOPPED },
};

static void
test_judge_identification (void)
{
  g_autoptr (MdPolicy) policy = good ();

  for (gsize i = 0; i < G_N_ELEMENTS (identifications); i++)
    {
      MdIdentificationJudgement judgement = md_policy_judge_identification (
          policy, identifications[i].procedure, &identifications[i].identified);

      g_test_message ("row %" G_GSIZE_FORMAT ": %s", i, md_identification_get_word (judgement));
      g_assert_cmpint (judgement, ==, identifications[i].judgement);
      g_assert_cmpint (md_identification_is_accepted (judgement), ==,
                       judgement == MD_IDENTIFICATION_ACCEPTED
                           || judgement == MD_IDENTIFICATION_ACCEPTED_DEFERRED);
    }
}

static void
test_trust (void)
{
  g_autoptr (MdPolicy) policy = good ();
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
  g_autoptr (GBytes) json = read_file ("policy", "policy.json");
  g_autoptr (GString) changed
      = g_string_new_len (g_bytes_get_data (json, NULL), (gssize)g_bytes_get_size (json));
  g_autofree char *file = g_strconcat (name, ".crt", NULL);
  g_autofree char *path = world_file ("pki/residents", file);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCertificate) certificate = md_certificate_new_from_file (path, &error);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (MdPolicy) policy = NULL;
  g_autoptr (MdTrust) trust = NULL;
  g_autoptr (MdVerdict) verdict = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (g_string_replace (changed, text, other, 1), ==, 1);
  bytes = g_bytes_new (changed->str, changed->len);
  policy = md_policy_new_from_json (bytes, NULL, &error);
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
  g_test_add_func ("/policy/policy/version-floor", test_version_floor);
  g_test_add_func ("/policy/policy/changed-bundle", test_changed_bundle);
  g_test_add_func ("/policy/policy/wrong-json", test_wrong_json);
  g_test_add_func ("/policy/policy/permitted-list", test_permitted_list);
  g_test_add_func ("/policy/policy/documents", test_documents);
  g_test_add_func ("/policy/policy/release", test_release);
  g_test_add_func ("/policy/policy/not-json", test_not_json);
  g_test_add_func ("/policy/policy/renewal-months", test_renewal_months);
  g_test_add_func ("/policy/policy/readers", test_readers);
  g_test_add_func ("/policy/policy/recipients", test_recipients);
  g_test_add_func ("/policy/policy/two-persons", test_two_persons);
  g_test_add_func ("/policy/policy/may-identify", test_may_identify);
  g_test_add_func ("/policy/policy/judge-identification", test_judge_identification);
  g_test_add_func ("/policy/policy/trust", test_trust);
  return g_test_run ();
}
