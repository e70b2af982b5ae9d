// SPDX-License-Identifier: Apache-2.0
/* The invented ward as our own code sees it: every mishap ends in the verdict it was made for, and
 * nothing of it would pass in production. Run by with-world. */
#include "vcard-backend.h"

#include <string.h>

#include <json-glib/json-glib.h>
#include <md-base.h>
#include <md-pki.h>
#include <md-policy.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

static const char *world;
static JsonObject *facts;

static char *
at (const char *name)
{
  return g_build_filename (world, name, NULL);
}

static MdPolicy *
load_policy (const char *name, const char *anchor, const MdPolicyExpect *expect, GError **error)
{
  g_autofree char *bundle = g_strdup_printf ("%s/policy/%s.cms", world, name);
  g_autofree char *root = g_strdup_printf ("%s/pki/%s.crt", world, anchor);

  return md_policy_load (bundle, root, expect, error);
}

static MdPolicy *
good_policy (const char *name)
{
  g_autoptr (GError) error = NULL;
  MdPolicy *policy = load_policy (name, "policy-root", NULL, &error);

  g_assert_no_error (error);
  return policy;
}

/* --- Policy --- */

static const struct
{
  const char *bundle, *anchor;
  guint floor;
  int code; /* -1: accepted */
} policies[] = {
  { "policy", "policy-root", 0, -1 },
  { "policy-v2", "policy-root", 2, -1 },
  { "policy", "policy-root", 2, MD_POLICY_ERROR_OLDER },
  { "policy", "stranger-policy-root", 0, MD_POLICY_ERROR_SIGNATURE },
  { "policy-stranger", "policy-root", 0, MD_POLICY_ERROR_SIGNATURE },
  { "policy-expired", "policy-root", 0, MD_POLICY_ERROR_EXPIRED },
  { "policy-foreign", "policy-root", 0, MD_POLICY_ERROR_FOREIGN },
  { "policy-production", "policy-root", 0, MD_POLICY_ERROR_FOREIGN },
};

static void
test_policies (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (policies); i++)
    {
      const MdPolicyExpect expect = { .environment = "test",
                                      .office = "139998",
                                      .floor = policies[i].floor,
                                      .now = g_get_real_time () };
      g_autoptr (GError) error = NULL;
      g_autoptr (MdPolicy) policy
          = load_policy (policies[i].bundle, policies[i].anchor, &expect, &error);

      g_test_message ("%s, floor %u", policies[i].bundle, policies[i].floor);
      if (policies[i].code < 0)
        g_assert_no_error (error);
      else
        g_assert_error (error, MD_POLICY_ERROR, policies[i].code);
      g_assert_true ((policy != NULL) == (policies[i].code < 0));
    }
}

/* --- Certificates --- */

static MdVerdict *
judge (MdPolicy *policy, MdTrustProfile profile, const char *certificate_name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_strdup_printf ("%s/pki/residents/%s.crt", world, certificate_name);
  g_autofree char *crls = at ("crl");
  g_autoptr (MdCertificate) certificate = md_certificate_new_from_file (path, &error);
  g_autoptr (MdTrust) trust = md_policy_create_trust (policy, profile, &error);
  g_autoptr (MdRevocation) revocation = md_revocation_new ();
  g_autoptr (MdVerdict) verdict = NULL;
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  g_assert_no_error (error);
  md_revocation_set_ocsp_enabled (revocation, FALSE);
  g_assert_cmpuint (md_revocation_load_crl_dir (revocation, crls, NULL), ==, 4);
  verdict = md_trust_check (trust, certificate, NULL, now);
  return md_revocation_check (revocation, verdict, NULL, now);
}

static const struct
{
  const char *person;
  MdVerdictStatus status;
} verdicts[] = {
  { "tanaka", MD_VERDICT_VALID },         { "suzuki", MD_VERDICT_VALID },
  { "sato", MD_VERDICT_VALID },           { "expired", MD_VERDICT_EXPIRED },
  { "notyet", MD_VERDICT_NOT_YET_VALID }, { "revoked", MD_VERDICT_REVOKED },
  { "suspended", MD_VERDICT_SUSPENDED },  { "foreign", MD_VERDICT_UNTRUSTED_ISSUER },
  { "renewed", MD_VERDICT_VALID },        { "renewed-before", MD_VERDICT_REVOKED },
  { "nextgen", MD_VERDICT_VALID },  /* another generation of the CA, P-384 */
  { "unlisted", MD_VERDICT_VALID }, /* no CRL speaks of it; the OCSP responder says "unknown" */
};

static void
test_verdicts (void)
{
  g_autoptr (MdPolicy) policy = good_policy ("policy");

  for (gsize i = 0; i < G_N_ELEMENTS (verdicts); i++)
    {
      g_autofree char *auth = g_strconcat (verdicts[i].person, "-auth", NULL);
      g_autofree char *sign = g_strconcat (verdicts[i].person, "-sign", NULL);
      g_autoptr (MdVerdict) first = judge (policy, MD_TRUST_PROFILE_JPKI_AUTH, auth);
      g_autoptr (MdVerdict) second = judge (policy, MD_TRUST_PROFILE_JPKI_SIGN, sign);

      g_test_message ("%s: %s / %s", verdicts[i].person, md_verdict_get_detail (first),
                      md_verdict_get_detail (second));
      g_assert_cmpint (md_verdict_get_status (first), ==, verdicts[i].status);
      g_assert_cmpint (md_verdict_get_status (second), ==, verdicts[i].status);
    }
}

static void
test_lines_do_not_mix (void)
{
  g_autoptr (MdPolicy) policy = good_policy ("policy");
  static const struct
  {
    const char *certificate;
    MdTrustProfile profile;
    MdVerdictCause cause;
  } rows[] = {
    { "tanaka-sign", MD_TRUST_PROFILE_JPKI_AUTH, MD_VERDICT_CAUSE_SIGNATURE_KIND },
    { "nextgen-sign", MD_TRUST_PROFILE_JPKI_AUTH, MD_VERDICT_CAUSE_SIGNATURE_KIND },
    { "signcert-auth", MD_TRUST_PROFILE_JPKI_AUTH, MD_VERDICT_CAUSE_SIGNATURE_KIND },
    { "servercert-auth", MD_TRUST_PROFILE_JPKI_AUTH, MD_VERDICT_CAUSE_SERVER },
    { "tanaka-auth", MD_TRUST_PROFILE_JPKI_SIGN, MD_VERDICT_CAUSE_AUTHENTICATION_KIND },
    { "nextgen-auth", MD_TRUST_PROFILE_JPKI_SIGN, MD_VERDICT_CAUSE_AUTHENTICATION_KIND },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MdVerdict) verdict = judge (policy, rows[i].profile, rows[i].certificate);

      g_test_message ("%s: %s", rows[i].certificate, md_verdict_get_detail (verdict));
      g_assert_cmpint (md_verdict_get_status (verdict), ==, MD_VERDICT_WRONG_PROFILE);
      g_assert_cmpint (md_verdict_get_cause (verdict), ==, rows[i].cause);
    }
}

/* A company's certificate by the commercial register is no person's signature, and is named. */
static void
test_company (void)
{
  g_autoptr (MdPolicy) policy = good_policy ("policy");
  g_autoptr (MdVerdict) sign = judge (policy, MD_TRUST_PROFILE_JPKI_SIGN, "companycert-sign");
  g_autoptr (MdVerdict) auth = judge (policy, MD_TRUST_PROFILE_JPKI_AUTH, "companycert-auth");

  g_assert_cmpint (md_verdict_get_status (sign), ==, MD_VERDICT_UNTRUSTED_ISSUER);
  g_assert_cmpint (md_verdict_get_cause (sign), ==, MD_VERDICT_CAUSE_REGISTRATION);
  g_assert_cmpint (md_verdict_get_status (auth), ==, MD_VERDICT_VALID);
}

/* Even a policy that says "production" and trusts the sandbox's own roots does not make its cards
 * pass. */
static void
test_production_refuses (void)
{
  const MdPolicyExpect expect = { .environment = "production" };
  g_autoptr (GError) error = NULL;
  g_autoptr (MdPolicy) test = load_policy ("policy", "policy-root", &expect, &error);
  g_autoptr (MdPolicy) production = good_policy ("policy-production");
  g_autoptr (MdVerdict) auth = judge (production, MD_TRUST_PROFILE_JPKI_AUTH, "tanaka-auth");
  g_autoptr (MdVerdict) sign = judge (production, MD_TRUST_PROFILE_JPKI_SIGN, "tanaka-sign");

  g_assert_null (test);
  g_assert_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_FOREIGN);
  g_assert_cmpstr (md_policy_get_environment (production), ==, "production");
  g_assert_cmpint (md_verdict_get_status (auth), ==, MD_VERDICT_TEST_CERTIFICATE);
  g_assert_cmpint (md_verdict_get_status (sign), ==, MD_VERDICT_TEST_CERTIFICATE);
}

/* --- Residents' cards --- */

static MdCardConnection *
open_card (const char *name)
{
  g_autofree char *dir = g_strdup_printf ("%s/cards/%s", world, name);
  g_autoptr (VcardBackend) backend = vcard_backend_new (dir);
  g_autoptr (GError) error = NULL;
  MdCardConnection *connection
      = md_card_connection_open (MD_CARD_BACKEND (backend), VCARD_READER, NULL, &error);

  g_assert_no_error (error);
  return connection;
}

static MdMyNumberCard *
open_resident (const char *name)
{
  g_autoptr (MdCardConnection) connection = open_card (name);
  g_autoptr (GError) error = NULL;
  MdMyNumberCard *card = md_mynumber_card_new (connection, NULL, &error);

  g_assert_no_error (error);
  return card;
}

static void
verify (MdMyNumberCard *card, JsonObject *person, MdCardPin pin, const char *pin_name)
{
  const char *text
      = json_object_get_string_member (json_object_get_object_member (person, "pins"), pin_name);
  g_autoptr (MdSecret) secret = md_secret_new_from_text (text);
  g_autoptr (GError) error = NULL;

  g_assert_true (
      md_mynumber_card_verify (card, pin, secret, MD_CARD_VERIFY_LAST_TRY, NULL, &error));
  g_assert_no_error (error);
}

static MdCardIntegrityCheck
read_text (MdMyNumberCard *card, JsonObject *person)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdSecret) number = NULL;
  g_autoptr (MdCardAttributes) attributes = NULL;
  MdCardIntegrityCheck check = MD_CARD_INTEGRITY_DIFFERS;

  verify (card, person, MD_CARD_PIN_TEXT, "text");
  number = md_mynumber_card_read_number (card, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (md_secret_get_text (number), ==,
                   json_object_get_string_member (person, "number"));
  attributes = md_mynumber_card_read_attributes (card, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (md_card_attributes_get_name (attributes), ==,
                   json_object_get_string_member (person, "name"));
  g_assert_true (md_mynumber_card_check_integrity (card, attributes, &check, NULL, &error));
  g_assert_no_error (error);
  return check;
}

/* Whether the challenge's signature fits the certificate that the card shows. */
static gboolean
proves_presence (MdMyNumberCard *card, JsonObject *person)
{
  static const guint8 digest[32] = "a challenge of 32 bytes, exactly";
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) der
      = md_mynumber_card_read_certificate (card, MD_CARD_CERTIFICATE_AUTH, NULL, &error);
  g_autoptr (GBytes) signature = NULL;
  const guint8 *data = g_bytes_get_data (der, NULL);
  X509 *certificate = d2i_X509 (NULL, &data, (long)g_bytes_get_size (der));
  EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new (X509_get0_pubkey (certificate), NULL);
  gboolean fits;

  verify (card, person, MD_CARD_PIN_AUTH, "auth");
  signature = md_mynumber_card_sign (card, MD_CARD_KEY_AUTH, md_card_profile_find ("rsa-2048"),
                                     digest, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (EVP_PKEY_verify_init (ctx), ==, 1);
  g_assert_cmpint (EVP_PKEY_CTX_set_signature_md (ctx, EVP_sha256 ()), ==, 1);
  fits = EVP_PKEY_verify (ctx, g_bytes_get_data (signature, NULL), g_bytes_get_size (signature),
                          digest, sizeof digest)
         == 1;
  EVP_PKEY_CTX_free (ctx);
  X509_free (certificate);
  return fits;
}

static void
test_residents (void)
{
  static const char *const names[] = { "tanaka", "suzuki", "sato", "quirky", "nguyen", "lasttry" };
  JsonObject *people = json_object_get_object_member (facts, "people");

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      JsonObject *person = json_object_get_object_member (people, names[i]);
      g_autoptr (MdMyNumberCard) card = open_resident (names[i]);

      g_test_message ("%s", names[i]);
      g_assert_cmpint (read_text (card, person), ==, MD_CARD_INTEGRITY_FITS);
      g_assert_true (proves_presence (card, person));
    }
}

static void
test_forged_cards (void)
{
  JsonObject *people = json_object_get_object_member (facts, "people");
  g_autoptr (MdMyNumberCard) tampered = open_resident ("tampered");
  g_autoptr (MdMyNumberCard) clone = open_resident ("clone");

  g_assert_cmpint (read_text (tampered, json_object_get_object_member (people, "tampered")), ==,
                   MD_CARD_INTEGRITY_DIFFERS);
  g_assert_false (proves_presence (clone, json_object_get_object_member (people, "clone")));
}

static void
assert_tries (MdMyNumberCard *card, MdCardPin pin, int expected)
{
  int tries = MD_CARD_TRIES_NONE;

  g_assert_true (md_mynumber_card_get_tries (card, pin, &tries, NULL, NULL));
  g_assert_cmpint (tries, ==, expected);
}

static void
test_tries (void)
{
  static const struct
  {
    const char *name;
    int auth, text;
  } cards[] = { { "tanaka", 3, 3 },
                { "locked", 0, 3 },
                { "textlocked", 3, 0 },
                { "lasttry", 1, 1 },
                { "faceauth", 0, 0 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cards); i++)
    {
      g_autofree char *state = g_strdup_printf ("%s/cards/%s/state.ini", world, cards[i].name);
      g_autoptr (MdMyNumberCard) card = NULL;

      remove (state); /* as the card was made */
      card = open_resident (cards[i].name);
      g_test_message ("%s", cards[i].name);
      assert_tries (card, MD_CARD_PIN_AUTH, cards[i].auth);
      assert_tries (card, MD_CARD_PIN_TEXT, cards[i].text);
    }
}

static void
test_other_cards (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdMyNumberCard) nocert = open_resident ("nocert");
  g_autoptr (MdMyNumberCard) phone = open_resident ("android");
  g_autoptr (MdCardConnection) unknown = open_card ("unknown");
  MdTokenKind kind = MD_TOKEN_UNKNOWN;

  g_assert_null (
      md_mynumber_card_read_certificate (nocert, MD_CARD_CERTIFICATE_AUTH, NULL, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_DATA);
  g_clear_error (&error);
  g_assert_true (md_mynumber_card_read_token (phone, &kind, NULL, NULL, &error));
  g_assert_cmpint (kind, ==, MD_TOKEN_ANDROID);
  g_assert_null (md_mynumber_card_new (unknown, NULL, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_UNKNOWN_CARD);
}

/* --- Staff cards --- */

static void
test_staff (void)
{
  static const guint8 digest[32] = { 0x5A };
  g_autoptr (MdPolicy) policy = good_policy ("policy");
  g_autoptr (MdCardConnection) connection = open_card ("staff-S0001");
  g_autoptr (GError) error = NULL;
  g_autoptr (MdStaffCard) card = md_staff_card_new (connection, NULL, &error);
  const MdPolicyStaff *staff = md_policy_get_staff (policy, "S0001");
  const char *pin_text = json_object_get_string_member (
      json_object_get_object_member (json_object_get_object_member (facts, "staff"), "S0001"),
      "pin");
  g_autoptr (MdSecret) pin = md_secret_new_from_text (pin_text);
  const MdStaffSlot slots[] = { MD_STAFF_SLOT_CARD_AUTH, MD_STAFF_SLOT_SIGN, MD_STAFF_SLOT_OPEN };
  GBytes *const known[] = { staff->auth, staff->sign, staff->key_agreement };
  g_autoptr (GBytes) refused = NULL;
  g_autoptr (GBytes) signature = NULL;

  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (slots); i++)
    {
      g_autoptr (GBytes) der = md_staff_card_read_certificate (card, slots[i], NULL, &error);

      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (der, known[i]));
    }
  refused = md_staff_card_sign (card, MD_STAFF_SLOT_SIGN, digest, sizeof digest, NULL, &error);
  g_assert_null (refused);
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_NEEDED);
  g_clear_error (&error);
  g_assert_true (md_staff_card_verify (card, pin, FALSE, NULL, &error));
  signature = md_staff_card_sign (card, MD_STAFF_SLOT_SIGN, digest, sizeof digest, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (signature);
}

int
main (int argc, char **argv)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  world = g_getenv ("MADOGUCHI_WORLD");
  g_assert_nonnull (world);
  path = at ("world.json");
  g_assert_true (json_parser_load_from_file (parser, path, &error));
  g_assert_no_error (error);
  facts = json_node_get_object (json_parser_get_root (parser));
  g_test_add_func ("/world/sandbox/policies", test_policies);
  g_test_add_func ("/world/sandbox/verdicts", test_verdicts);
  g_test_add_func ("/world/sandbox/lines-do-not-mix", test_lines_do_not_mix);
  g_test_add_func ("/world/sandbox/company-by-name", test_company);
  g_test_add_func ("/world/sandbox/production-refuses", test_production_refuses);
  g_test_add_func ("/world/sandbox/residents", test_residents);
  g_test_add_func ("/world/sandbox/forged-cards", test_forged_cards);
  g_test_add_func ("/world/sandbox/tries", test_tries);
  g_test_add_func ("/world/sandbox/other-cards", test_other_cards);
  g_test_add_func ("/world/sandbox/staff", test_staff);
  return g_test_run ();
}
