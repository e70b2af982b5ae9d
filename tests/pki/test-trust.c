// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>
#include <openssl/evp.h>
#include "pki-maker.h"

#define AUTH_POLICY "1.2.392.200149.8.5.1.3.30"
#define SIGN_POLICY "1.2.392.200149.8.5.1.1.20"
#define TEST_SIGN_POLICY "1.2.392.200149.8.5.1.0.20"
#define OTHER_POLICY "1.2.392.200149.8.5.1.3.99"
#define AUTH_UNIT "JPKI for user authentication"
#define SIGN_UNIT "JPKI for digital signature"
#define DAY (24 * 60 * 60)

/* Few RSA keys for all: making them takes longer than the tests. */
static EVP_PKEY *
shared_rsa_key (gsize which)
{
  static EVP_PKEY *keys[3];

  if (keys[which] == NULL)
    keys[which] = EVP_RSA_gen (2048);
  return keys[which];
}

static MakerIdentity *
jpki_authority_with_key (const char *organization, const char *unit, gsize which)
{
  const MakerSpec spec = { .organization = organization,
                           .unit = unit,
                           .key_usage = "critical,keyCertSign,cRLSign",
                           .ca = TRUE,
                           .key = shared_rsa_key (which) };

  return maker_issue (&spec);
}

static MakerIdentity *
jpki_authority (const char *organization, const char *unit)
{
  return jpki_authority_with_key (organization, unit, 0);
}

static MakerIdentity *
jpki_end (MakerIdentity *issuer, const char *policy, const char *key_usage)
{
  g_autofree char *value = policy != NULL ? g_strdup_printf ("critical,%s", policy) : NULL;
  const MakerSpec spec = { .cn = "997794E9AGCIEG13221003A",
                           .key_usage = key_usage,
                           .policy = value,
                           .key = shared_rsa_key (1),
                           .issuer = issuer };

  return maker_issue (&spec);
}

static MdTrust *
jpki_trust (MdTrustProfile profile, const MakerIdentity *anchor, gboolean allow_test)
{
  MdTrust *trust = md_trust_new (profile);
  const gboolean sign = profile == MD_TRUST_PROFILE_JPKI_SIGN;

  md_trust_add_anchor (trust, anchor->certificate);
  g_assert_true (md_trust_add_policy (trust, sign ? SIGN_POLICY : AUTH_POLICY, NULL));
  if (sign && allow_test)
    g_assert_true (md_trust_add_policy (trust, TEST_SIGN_POLICY, NULL));
  md_trust_set_allow_test (trust, allow_test);
  return trust;
}

static void
assert_status (const MdTrust *trust, const MakerIdentity *who, const GPtrArray *between,
               gint64 time, MdVerdictStatus status)
{
  g_autoptr (MdVerdict) verdict = md_trust_check (trust, who->certificate, between, time);
  g_autofree char *message = md_verdict_dup_message (verdict);

  g_test_message ("%s", md_verdict_get_detail (verdict));
  g_assert_cmpstr (md_verdict_status_to_string (md_verdict_get_status (verdict)), ==,
                   md_verdict_status_to_string (status));
  g_assert_true (md_verdict_get_certificate (verdict) == who->certificate);
  g_assert_cmpint (md_verdict_get_time (verdict), ==, time);
  g_assert_cmpstr (message, !=, "");
}

/* The same, and what was found is named. */
static void
assert_refused (const MdTrust *trust, const MakerIdentity *who, MdVerdictStatus status,
                MdVerdictCause cause)
{
  g_autoptr (MdVerdict) verdict = md_trust_check (trust, who->certificate, NULL, maker_now ());
  g_autofree char *message = md_verdict_dup_message (verdict);

  g_test_message ("%s: %s", md_verdict_get_detail (verdict), message);
  g_assert_cmpstr (md_verdict_status_to_string (md_verdict_get_status (verdict)), ==,
                   md_verdict_status_to_string (status));
  g_assert_cmpstr (md_verdict_cause_to_string (md_verdict_get_cause (verdict)), ==,
                   md_verdict_cause_to_string (cause));
  if (md_verdict_cause_get_message (cause) != NULL)
    g_assert_true (g_str_has_prefix (message, md_verdict_cause_get_message (cause)));
}

static void
test_jpki_auth (void)
{
  g_autoptr (MakerIdentity) ca = jpki_authority ("JPKI", AUTH_UNIT);
  g_autoptr (MakerIdentity) stranger = jpki_authority_with_key ("JPKI", AUTH_UNIT, 2);
  g_autoptr (MakerIdentity) sign_ca = jpki_authority ("JPKI", SIGN_UNIT);
  g_autoptr (MakerIdentity) good = jpki_end (ca, AUTH_POLICY, "critical,digitalSignature");
  g_autoptr (MakerIdentity) forged = jpki_end (stranger, AUTH_POLICY, "critical,digitalSignature");
  g_autoptr (MakerIdentity) no_policy = jpki_end (ca, NULL, "critical,digitalSignature");
  g_autoptr (MakerIdentity) other = jpki_end (ca, OTHER_POLICY, "critical,digitalSignature");
  g_autoptr (MakerIdentity) any = jpki_end (ca, "2.5.29.32.0", "critical,digitalSignature");
  g_autoptr (MakerIdentity) no_usage = jpki_end (ca, AUTH_POLICY, NULL);
  g_autoptr (MakerIdentity) sign_usage
      = jpki_end (ca, AUTH_POLICY, "critical,digitalSignature,nonRepudiation");
  g_autoptr (MakerIdentity) other_line
      = jpki_end (sign_ca, AUTH_POLICY, "critical,digitalSignature");
  g_autoptr (MdTrust) trust = jpki_trust (MD_TRUST_PROFILE_JPKI_AUTH, ca, FALSE);
  const gint64 now = maker_now ();

  md_trust_add_anchor (trust, sign_ca->certificate);
  assert_status (trust, good, NULL, now, MD_VERDICT_VALID);
  assert_status (trust, good, NULL, now + 400 * DAY, MD_VERDICT_EXPIRED);
  assert_status (trust, good, NULL, now - 2 * DAY, MD_VERDICT_NOT_YET_VALID);
  assert_status (trust, forged, NULL, now, MD_VERDICT_UNTRUSTED_ISSUER);
  assert_status (trust, no_policy, NULL, now, MD_VERDICT_WRONG_PROFILE);
  assert_status (trust, other, NULL, now, MD_VERDICT_WRONG_PROFILE);
  assert_status (trust, any, NULL, now, MD_VERDICT_WRONG_PROFILE);
  assert_status (trust, no_usage, NULL, now, MD_VERDICT_WRONG_PROFILE);
  assert_status (trust, sign_usage, NULL, now, MD_VERDICT_WRONG_PROFILE);
  assert_status (trust, other_line, NULL, now, MD_VERDICT_WRONG_PROFILE);
  assert_status (trust, ca, NULL, now, MD_VERDICT_WRONG_PROFILE);
}

/* The policy may name fewer organizations than the profile knows; it may not add any. */
static void
test_issuer_organizations (void)
{
  g_autoptr (MakerIdentity) ca = jpki_authority ("JPKI", AUTH_UNIT);
  g_autoptr (MakerIdentity) sandbox = jpki_authority ("JPKI-SANDBOX", AUTH_UNIT);
  g_autoptr (MakerIdentity) strange = jpki_authority ("ANYBODY", AUTH_UNIT);
  g_autoptr (MakerIdentity) good = jpki_end (ca, AUTH_POLICY, "critical,digitalSignature");
  g_autoptr (MakerIdentity) test = jpki_end (sandbox, AUTH_POLICY, "critical,digitalSignature");
  g_autoptr (MakerIdentity) other = jpki_end (strange, AUTH_POLICY, "critical,digitalSignature");
  g_autoptr (MdTrust) trust = jpki_trust (MD_TRUST_PROFILE_JPKI_AUTH, ca, TRUE);
  const gint64 now = maker_now ();

  md_trust_add_anchor (trust, sandbox->certificate);
  md_trust_add_anchor (trust, strange->certificate);
  assert_status (trust, good, NULL, now, MD_VERDICT_VALID);
  assert_status (trust, test, NULL, now, MD_VERDICT_VALID);
  md_trust_add_organization (trust, "JPKI-SANDBOX");
  md_trust_add_organization (trust, "ANYBODY");
  assert_status (trust, test, NULL, now, MD_VERDICT_VALID);
  assert_status (trust, good, NULL, now, MD_VERDICT_WRONG_PROFILE);
  assert_status (trust, other, NULL, now, MD_VERDICT_WRONG_PROFILE);
}

/* An authority that the JPKI root is made to have signed: right in every way, but JPKI has none. */
static void
test_jpki_between (void)
{
  const gint64 now = maker_now ();
  g_autoptr (MakerIdentity) root = jpki_authority ("JPKI", AUTH_UNIT);
  const MakerSpec spec = { .organization = "JPKI",
                           .unit = AUTH_UNIT,
                           .cn = "between",
                           .key_usage = "critical,keyCertSign,cRLSign",
                           .policy = AUTH_POLICY,
                           .ca = TRUE,
                           .rsa_bits = 2048,
                           .issuer = root };
  g_autoptr (MakerIdentity) between = maker_issue (&spec);
  g_autoptr (MakerIdentity) end = jpki_end (between, AUTH_POLICY, "critical,digitalSignature");
  g_autoptr (GPtrArray) list = maker_list (between, NULL);
  g_autoptr (MdTrust) trust = jpki_trust (MD_TRUST_PROFILE_JPKI_AUTH, root, FALSE);
  g_autoptr (MdTrust) any = md_trust_new (MD_TRUST_PROFILE_ANY);

  md_trust_add_anchor (any, root->certificate);
  assert_status (any, end, list, now, MD_VERDICT_VALID);
  assert_status (trust, end, list, now, MD_VERDICT_UNTRUSTED_ISSUER);
}

static void
test_jpki_sign (void)
{
  g_autoptr (MakerIdentity) ca = jpki_authority ("JPKI", SIGN_UNIT);
  g_autoptr (MakerIdentity) good
      = jpki_end (ca, SIGN_POLICY, "critical,digitalSignature,nonRepudiation");
  g_autoptr (MakerIdentity) auth = jpki_end (ca, SIGN_POLICY, "critical,digitalSignature");
  g_autoptr (MdTrust) trust = jpki_trust (MD_TRUST_PROFILE_JPKI_SIGN, ca, FALSE);

  assert_status (trust, good, NULL, maker_now (), MD_VERDICT_VALID);
  assert_status (trust, auth, NULL, maker_now (), MD_VERDICT_WRONG_PROFILE);
}

/* A sandbox JPKI is good for tests and refused in production, by its name and by its policy alike.
 */
static void
test_sandbox (void)
{
  g_autoptr (MakerIdentity) ca = jpki_authority ("JPKI-SANDBOX", AUTH_UNIT);
  g_autoptr (MakerIdentity) unknown = jpki_authority ("Somebody", AUTH_UNIT);
  g_autoptr (MakerIdentity) sign_ca = jpki_authority ("JPKI", SIGN_UNIT);
  g_autoptr (MakerIdentity) who = jpki_end (ca, AUTH_POLICY, "critical,digitalSignature");
  g_autoptr (MakerIdentity) other = jpki_end (unknown, AUTH_POLICY, "critical,digitalSignature");
  g_autoptr (MakerIdentity) signer
      = jpki_end (sign_ca, TEST_SIGN_POLICY, "critical,digitalSignature,nonRepudiation");
  g_autoptr (MdTrust) test = jpki_trust (MD_TRUST_PROFILE_JPKI_AUTH, ca, TRUE);
  g_autoptr (MdTrust) production = jpki_trust (MD_TRUST_PROFILE_JPKI_AUTH, ca, FALSE);
  g_autoptr (MdTrust) sign_test = jpki_trust (MD_TRUST_PROFILE_JPKI_SIGN, sign_ca, TRUE);

  md_trust_add_anchor (test, unknown->certificate);
  assert_status (test, who, NULL, maker_now (), MD_VERDICT_VALID);
  assert_status (production, who, NULL, maker_now (), MD_VERDICT_TEST_CERTIFICATE);
  assert_status (test, other, NULL, maker_now (), MD_VERDICT_WRONG_PROFILE);
  assert_status (sign_test, signer, NULL, maker_now (), MD_VERDICT_VALID);
  md_trust_set_allow_test (sign_test, FALSE);
  assert_status (sign_test, signer, NULL, maker_now (), MD_VERDICT_TEST_CERTIFICATE);
}

/* A certificate of another kind is refused by that name: whether the JPKI root was made to issue
 * it, whether it has the right policy or none. */
static void
test_other_kinds (void)
{
  g_autoptr (MakerIdentity) ca = jpki_authority ("JPKI", AUTH_UNIT);
  g_autoptr (MakerIdentity) line_ca = maker_authority ("line");
  g_autoptr (MdTrust) trust = jpki_trust (MD_TRUST_PROFILE_JPKI_AUTH, ca, FALSE);
  const struct
  {
    MakerSpec spec;
    MdVerdictCause cause;
  } rows[] = {
    { { .cn = "madoguchi.example", .eku = "serverAuth" }, MD_VERDICT_CAUSE_SERVER },
    { { .cn = "madoguchi.example", .san = "DNS:madoguchi.example" }, MD_VERDICT_CAUSE_SERVER },
    { { .cn = "ocsp", .eku = "critical,OCSPSigning" }, MD_VERDICT_CAUSE_RESPONDER },
    { { .cn = "ca", .ca = TRUE }, MD_VERDICT_CAUSE_AUTHORITY },
    { { .cn = "sign", .key_usage = "critical,digitalSignature,nonRepudiation" },
      MD_VERDICT_CAUSE_SIGNATURE_KIND },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint with_policy = 0; with_policy < 2; with_policy++)
      {
        MakerSpec spec = rows[i].spec;
        g_autoptr (MakerIdentity) who = NULL;
        g_autoptr (MakerIdentity) stranger = NULL;

        spec.key = shared_rsa_key (1);
        spec.issuer = ca;
        spec.policy = with_policy ? AUTH_POLICY : NULL;
        if (spec.key_usage == NULL)
          spec.key_usage = "critical,digitalSignature,keyCertSign";
        who = maker_issue (&spec);
        assert_refused (trust, who, MD_VERDICT_WRONG_PROFILE, rows[i].cause);
        spec.issuer = line_ca;
        stranger = maker_issue (&spec);
        assert_refused (trust, stranger, MD_VERDICT_UNTRUSTED_ISSUER, rows[i].cause);
      }
}

/* The other JPKI line is known, and never trusted for this one. Who only uses its name is nobody.
 */
static void
test_other_line (void)
{
  g_autoptr (MakerIdentity) auth_ca = jpki_authority ("JPKI", AUTH_UNIT);
  g_autoptr (MakerIdentity) sign_ca = jpki_authority_with_key ("JPKI", SIGN_UNIT, 2);
  g_autoptr (MakerIdentity) false_ca = jpki_authority_with_key ("JPKI", SIGN_UNIT, 0);
  g_autoptr (MakerIdentity) auth = jpki_end (auth_ca, AUTH_POLICY, "critical,digitalSignature");
  g_autoptr (MakerIdentity) sign
      = jpki_end (sign_ca, SIGN_POLICY, "critical,digitalSignature,nonRepudiation");
  g_autoptr (MakerIdentity) false_sign
      = jpki_end (false_ca, SIGN_POLICY, "critical,digitalSignature,nonRepudiation");
  g_autoptr (MdTrust) for_auth = jpki_trust (MD_TRUST_PROFILE_JPKI_AUTH, auth_ca, FALSE);
  g_autoptr (MdTrust) for_sign = jpki_trust (MD_TRUST_PROFILE_JPKI_SIGN, sign_ca, FALSE);

  md_trust_add_other_anchor (for_auth, sign_ca->certificate);
  md_trust_add_other_anchor (for_sign, auth_ca->certificate);
  assert_refused (for_auth, auth, MD_VERDICT_VALID, MD_VERDICT_CAUSE_NONE);
  assert_refused (for_sign, sign, MD_VERDICT_VALID, MD_VERDICT_CAUSE_NONE);
  assert_refused (for_auth, sign, MD_VERDICT_WRONG_PROFILE, MD_VERDICT_CAUSE_SIGNATURE_KIND);
  assert_refused (for_sign, auth, MD_VERDICT_WRONG_PROFILE, MD_VERDICT_CAUSE_AUTHENTICATION_KIND);
  assert_refused (for_auth, false_sign, MD_VERDICT_UNTRUSTED_ISSUER,
                  MD_VERDICT_CAUSE_SIGNATURE_KIND);
}

/* A test card in production, where nobody trusts its root, is called what it is all the same. */
static void
test_test_card_in_production (void)
{
  g_autoptr (MakerIdentity) ca = jpki_authority ("JPKI", AUTH_UNIT);
  g_autoptr (MakerIdentity) test_ca = jpki_authority_with_key ("JPKI-TEST", AUTH_UNIT, 2);
  g_autoptr (MakerIdentity) card = jpki_end (test_ca, AUTH_POLICY, "critical,digitalSignature");
  g_autoptr (MdTrust) production = jpki_trust (MD_TRUST_PROFILE_JPKI_AUTH, ca, FALSE);
  g_autoptr (MdTrust) test = jpki_trust (MD_TRUST_PROFILE_JPKI_AUTH, ca, TRUE);

  assert_refused (production, card, MD_VERDICT_TEST_CERTIFICATE, MD_VERDICT_CAUSE_NONE);
  assert_refused (test, card, MD_VERDICT_UNTRUSTED_ISSUER, MD_VERDICT_CAUSE_NO_ANCHOR);
}

/* Two generations under one name stand side by side: RSA-2048 and ECDSA P-384. */
static void
test_generations (void)
{
  static const char *const next_only[] = { "ecdsa-p384", NULL };
  static const char *const hashes[] = { "sha256", "sha384", NULL };
  g_autoptr (MakerIdentity) ca = jpki_authority ("JPKI", AUTH_UNIT);
  MakerSpec spec = { .organization = "JPKI",
                     .unit = AUTH_UNIT,
                     .key_usage = "critical,keyCertSign,cRLSign",
                     .ca = TRUE,
                     .curve = "P-384",
                     .digest = EVP_sha384 () };
  g_autoptr (MakerIdentity) next_ca = maker_issue (&spec);
  g_autoptr (MakerIdentity) old = jpki_end (ca, AUTH_POLICY, "critical,digitalSignature");
  g_autoptr (MakerIdentity) next = NULL;
  g_autoptr (MdTrust) trust = jpki_trust (MD_TRUST_PROFILE_JPKI_AUTH, ca, FALSE);
  g_autoptr (GError) error = NULL;

  spec = (MakerSpec){ .cn = "997794E9AGCIEG13221003A",
                      .key_usage = "critical,digitalSignature",
                      .policy = AUTH_POLICY,
                      .curve = "P-384",
                      .digest = EVP_sha384 (),
                      .issuer = next_ca };
  next = maker_issue (&spec);
  assert_refused (trust, next, MD_VERDICT_UNTRUSTED_ISSUER, MD_VERDICT_CAUSE_NO_ANCHOR);
  md_trust_add_anchor (trust, next_ca->certificate);
  assert_refused (trust, old, MD_VERDICT_VALID, MD_VERDICT_CAUSE_NONE);
  assert_refused (trust, next, MD_VERDICT_VALID, MD_VERDICT_CAUSE_NONE);
  g_assert_true (md_trust_set_algorithms (trust, next_only, hashes, &error));
  assert_refused (trust, old, MD_VERDICT_WRONG_PROFILE, MD_VERDICT_CAUSE_ALGORITHM);
  assert_refused (trust, next, MD_VERDICT_VALID, MD_VERDICT_CAUSE_NONE);
}

/* What is on no list is refused by name, in the certificate and above it, even where libcrypto
 * would take it; and a list may be narrower than ours, not wider. */
static void
test_permitted_algorithms (void)
{
  static const char *const keys[] = { "ecdsa-p256", NULL };
  static const char *const sha256[] = { "sha256", NULL };
  static const char *const sha1[] = { "sha256", "sha1", NULL };
  static const char *const dsa[] = { "dsa", NULL };
  g_autoptr (MakerIdentity) ca = maker_authority ("ca");
  const MakerSpec rows[] = {
    { .cn = "weak-key", .rsa_bits = 1024, .issuer = ca },
    { .cn = "sha-1", .digest = EVP_sha1 (), .issuer = ca },
    { .cn = "curve", .curve = "secp256k1", .issuer = ca },
    { .cn = "not-named-key", .curve = "P-384", .issuer = ca },
    { .cn = "not-named-hash", .digest = EVP_sha512 (), .issuer = ca },
  };
  g_autoptr (MakerIdentity) good = maker_end (ca, "good", "critical,digitalSignature");
  g_autoptr (MdTrust) trust = md_trust_new (MD_TRUST_PROFILE_ANY);
  g_autoptr (GError) error = NULL;

  md_trust_add_anchor (trust, ca->certificate);
  g_assert_false (md_trust_set_algorithms (trust, keys, sha1, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_UNSUPPORTED);
  g_assert_false (md_trust_set_algorithms (trust, dsa, sha256, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MakerIdentity) who = maker_issue (&rows[i]);

      if (i == 3)
        {
          assert_refused (trust, who, MD_VERDICT_VALID, MD_VERDICT_CAUSE_NONE);
          g_assert_true (md_trust_set_algorithms (trust, keys, sha256, NULL));
        }
      assert_refused (trust, who, MD_VERDICT_WRONG_PROFILE, MD_VERDICT_CAUSE_ALGORITHM);
    }
  assert_refused (trust, good, MD_VERDICT_VALID, MD_VERDICT_CAUSE_NONE);
}

/* A JPKI trust without a policy OID is a configuration mistake, and accepts nobody. */
static void
test_no_policy_configured (void)
{
  g_autoptr (MakerIdentity) ca = jpki_authority ("JPKI", AUTH_UNIT);
  g_autoptr (MakerIdentity) good = jpki_end (ca, AUTH_POLICY, "critical,digitalSignature");
  g_autoptr (MdTrust) trust = md_trust_new (MD_TRUST_PROFILE_JPKI_AUTH);
  g_autoptr (GError) error = NULL;

  md_trust_add_anchor (trust, ca->certificate);
  assert_status (trust, good, NULL, maker_now (), MD_VERDICT_WRONG_PROFILE);
  g_assert_false (md_trust_add_policy (trust, "one.two", &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_MALFORMED);
}

static void
test_staff (void)
{
  const MakerSpec mixed_spec
      = { .cn = "S0001", .serial_number = "S0101", .key_usage = "critical,digitalSignature" };
  MakerSpec spec = mixed_spec;
  g_autoptr (MakerIdentity) ca = maker_authority ("staff");
  g_autoptr (MakerIdentity) good = maker_end (ca, "S0001", "critical,nonRepudiation");
  g_autoptr (MakerIdentity) km = maker_end (ca, "S0001", "critical,keyAgreement");
  g_autoptr (MakerIdentity) mixed = NULL;
  g_autoptr (MdTrust) sign = md_trust_new (MD_TRUST_PROFILE_STAFF_SIGN);
  g_autoptr (MdTrust) auth = md_trust_new (MD_TRUST_PROFILE_STAFF_AUTH);
  g_autoptr (MdTrust) recipient = md_trust_new (MD_TRUST_PROFILE_RECIPIENT);

  spec.issuer = ca;
  mixed = maker_issue (&spec);
  assert_status (sign, good, NULL, maker_now (), MD_VERDICT_UNTRUSTED_ISSUER);
  md_trust_add_anchor (sign, ca->certificate);
  md_trust_add_anchor (auth, ca->certificate);
  md_trust_add_anchor (recipient, ca->certificate);
  assert_status (sign, good, NULL, maker_now (), MD_VERDICT_VALID);
  assert_status (auth, good, NULL, maker_now (), MD_VERDICT_WRONG_PROFILE);
  assert_status (sign, km, NULL, maker_now (), MD_VERDICT_WRONG_PROFILE);
  assert_status (sign, mixed, NULL, maker_now (), MD_VERDICT_WRONG_PROFILE);
  assert_status (recipient, km, NULL, maker_now (), MD_VERDICT_VALID);
  assert_status (recipient, good, NULL, maker_now (), MD_VERDICT_WRONG_PROFILE);
}

/* Paths that the signatures alone would let pass. */
static void
test_bad_paths (void)
{
  MakerSpec spec
      = { .cn = "S0001", .serial_number = "S0001", .key_usage = "critical,digitalSignature" };
  const MakerSpec not_ca_spec
      = { .cn = "between", .key_usage = "critical,keyCertSign", .ca = FALSE };
  MakerSpec between_spec = { .cn = "good", .key_usage = "critical,keyCertSign", .ca = TRUE };
  MakerSpec bad_between_spec = not_ca_spec;
  g_autoptr (MakerIdentity) root = maker_authority ("root");
  g_autoptr (MakerIdentity) between = NULL;
  g_autoptr (MakerIdentity) not_ca = NULL;
  g_autoptr (MakerIdentity) good = NULL;
  g_autoptr (MakerIdentity) by_not_ca = NULL;
  g_autoptr (MakerIdentity) weak = NULL;
  g_autoptr (MakerIdentity) critical = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (MdTrust) trust = md_trust_new (MD_TRUST_PROFILE_STAFF_SIGN);

  md_trust_add_anchor (trust, root->certificate);
  between_spec.issuer = root;
  bad_between_spec.issuer = root;
  between = maker_issue (&between_spec);
  not_ca = maker_issue (&bad_between_spec);
  list = maker_list (between, not_ca, NULL);
  spec.issuer = between;
  good = maker_issue (&spec);
  assert_status (trust, good, list, maker_now (), MD_VERDICT_VALID);
  assert_status (trust, good, NULL, maker_now (), MD_VERDICT_UNTRUSTED_ISSUER);
  spec.issuer = not_ca;
  by_not_ca = maker_issue (&spec);
  assert_status (trust, by_not_ca, list, maker_now (), MD_VERDICT_UNTRUSTED_ISSUER);
  spec.issuer = root;
  spec.digest = EVP_sha1 ();
  weak = maker_issue (&spec);
  assert_refused (trust, weak, MD_VERDICT_WRONG_PROFILE, MD_VERDICT_CAUSE_ALGORITHM);
  spec.digest = NULL;
  spec.policy = "critical,1.2.3.4,2.5.29.32.0";
  critical = maker_issue (&spec);
  assert_status (trust, critical, NULL, maker_now (), MD_VERDICT_VALID);
}

/* A policy that a trust demands must hold through the whole path, whatever the profile. */
static void
test_demanded_policy (void)
{
  MakerSpec spec
      = { .cn = "S0001", .serial_number = "S0001", .key_usage = "critical,digitalSignature" };
  g_autoptr (MakerIdentity) root = maker_authority ("root");
  g_autoptr (MakerIdentity) without = NULL;
  g_autoptr (MakerIdentity) with = NULL;
  g_autoptr (MdTrust) trust = md_trust_new (MD_TRUST_PROFILE_ANY);

  spec.issuer = root;
  without = maker_issue (&spec);
  spec.policy = "1.2.3.4";
  with = maker_issue (&spec);
  md_trust_add_anchor (trust, root->certificate);
  assert_status (trust, without, NULL, maker_now (), MD_VERDICT_VALID);
  g_assert_true (md_trust_add_policy (trust, "1.2.3.4", NULL));
  assert_status (trust, without, NULL, maker_now (), MD_VERDICT_WRONG_PROFILE);
  assert_status (trust, with, NULL, maker_now (), MD_VERDICT_VALID);
}

/* The certificate's own signature altered: a path by name, not by key. */
static void
test_forged_signature (void)
{
  g_autoptr (MakerIdentity) root = maker_authority ("root");
  g_autoptr (MakerIdentity) who = maker_end (root, "S0001", "critical,digitalSignature");
  g_autoptr (MdTrust) trust = md_trust_new (MD_TRUST_PROFILE_STAFF_SIGN);
  gsize size = 0;
  gconstpointer data = g_bytes_get_data (md_certificate_get_der (who->certificate), &size);
  guint8 *copy = g_memdup2 (data, size);
  g_autoptr (GBytes) bytes = NULL;
  MakerIdentity forged = { 0 };

  copy[size - 1] ^= 1;
  bytes = g_bytes_new_take (copy, size);
  forged.certificate = md_certificate_new_from_der (bytes, NULL);
  md_trust_add_anchor (trust, root->certificate);
  assert_status (trust, &forged, NULL, maker_now (), MD_VERDICT_BAD_SIGNATURE);
  md_certificate_unref (forged.certificate);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pki/trust/jpki-auth", test_jpki_auth);
  g_test_add_func ("/pki/trust/issuer-organizations", test_issuer_organizations);
  g_test_add_func ("/pki/trust/jpki-has-nothing-between", test_jpki_between);
  g_test_add_func ("/pki/trust/jpki-sign", test_jpki_sign);
  g_test_add_func ("/pki/trust/sandbox-refused-in-production", test_sandbox);
  g_test_add_func ("/pki/trust/other-kinds-by-name", test_other_kinds);
  g_test_add_func ("/pki/trust/other-line-by-name", test_other_line);
  g_test_add_func ("/pki/trust/test-card-in-production", test_test_card_in_production);
  g_test_add_func ("/pki/trust/generations-side-by-side", test_generations);
  g_test_add_func ("/pki/trust/permitted-algorithms", test_permitted_algorithms);
  g_test_add_func ("/pki/trust/no-policy-configured", test_no_policy_configured);
  g_test_add_func ("/pki/trust/staff", test_staff);
  g_test_add_func ("/pki/trust/bad-paths", test_bad_paths);
  g_test_add_func ("/pki/trust/demanded-policy", test_demanded_policy);
  g_test_add_func ("/pki/trust/forged-signature", test_forged_signature);
  return g_test_run ();
}
