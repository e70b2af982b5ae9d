// SPDX-License-Identifier: Apache-2.0
#include "ward.h"

char *
ward_path (const char *first, ...)
{
  const char *world = g_getenv ("MADOGUCHI_WORLD");
  if (world == NULL)
    g_error ("MADOGUCHI_WORLD is not set: run this inside tests/world/with-world");
  va_list args;
  va_start (args, first);
  g_autofree char *rest = g_build_filename_valist (first, &args);
  va_end (args);
  return g_build_filename (world, rest, NULL);
}

MdTrust *
ward_trust (gboolean allow_test)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = ward_path ("pki", "jpki-auth-ca.crt", NULL);
  g_autoptr (MdCertificate) anchor = md_certificate_new_from_file (path, &error);
  g_assert_no_error (error);
  g_autofree char *other_path = ward_path ("pki", "jpki-sign-ca.crt", NULL);
  g_autoptr (MdCertificate) other = md_certificate_new_from_file (other_path, &error);
  g_assert_no_error (error);
  MdTrust *trust = md_trust_new (MD_TRUST_PROFILE_JPKI_AUTH);
  md_trust_add_anchor (trust, anchor);
  md_trust_add_other_anchor (trust, other);
  g_autofree char *next_path = ward_path ("pki", "jpki-auth-p384-ca.crt", NULL);
  g_autoptr (MdCertificate) next = md_certificate_new_from_file (next_path, &error);
  g_assert_no_error (error);
  md_trust_add_anchor (trust, next);
  md_trust_add_policy (trust, "2.999.8.5.1.3.30", &error);
  g_assert_no_error (error);
  md_trust_set_allow_test (trust, allow_test);
  return trust;
}

MdTrust *
ward_signature_trust (gboolean allow_test)
{
  static const char *const anchors[] = { "jpki-sign-ca.crt", "jpki-sign-p384-ca.crt" };
  g_autoptr (GError) error = NULL;
  MdTrust *trust = md_trust_new (MD_TRUST_PROFILE_JPKI_SIGN);
  for (gsize i = 0; i < G_N_ELEMENTS (anchors); i++)
    {
      g_autofree char *path = ward_path ("pki", anchors[i], NULL);
      g_autoptr (MdCertificate) anchor = md_certificate_new_from_file (path, &error);
      g_assert_no_error (error);
      md_trust_add_anchor (trust, anchor);
    }
  md_trust_add_policy (trust, "2.999.8.5.1.1.20", &error);
  g_assert_no_error (error);
  md_trust_set_allow_test (trust, allow_test);
  return trust;
}

MdRevocation *
ward_revocation (WardRevocation how)
{
  g_autoptr (GError) error = NULL;
  MdRevocation *revocation = md_revocation_new ();
  if (how != WARD_OCSP)
    md_revocation_set_ocsp_url (revocation, "http://127.0.0.1:9/"); // nobody listens there
  if (how == WARD_CRL)
    {
      g_autofree char *folder = ward_path ("crl", NULL);
      g_assert_cmpuint (md_revocation_load_crl_dir (revocation, folder, NULL), >=, 1);
    }
  return revocation;
}

MdIdentifier *
ward_identifier (WardRevocation how, gboolean allow_test)
{
  g_autoptr (MdTrust) trust = ward_trust (allow_test);
  g_autoptr (MdTrust) signature_trust = ward_signature_trust (allow_test);
  g_autoptr (MdRevocation) revocation = ward_revocation (how);
  MdIdentifier *identifier = md_identifier_new (trust, revocation, md_clock_get_system ());
  md_identifier_set_signature_trust (identifier, signature_trust);
  return identifier;
}

MdPresenceChallenge *
ward_challenge (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) nonce = g_bytes_new ("0123456789abcdef", 16);
  MdPresenceParts parts = { .intake = "0190b6d2-7c3e-7a10-8f00-0123456789ab",
                            .terminal = "T001",
                            .procedure = "pension.exemption",
                            .time = "2026-11-21T05:30:54.123Z",
                            .nonce_state = MD_NONCE_FRESH,
                            .nonce = nonce };
  MdPresenceChallenge *challenge = md_presence_challenge_new (&parts, &error);
  g_assert_no_error (error);
  return challenge;
}

MdIdentifyRequest
ward_request (const char *text_pin, const char *auth_pin)
{
  return (MdIdentifyRequest){
    .challenge = ward_challenge (),
    .way = MD_IDENTIFY_BY_PIN,
    .pin.text = md_secret_new_from_text (text_pin != NULL ? text_pin : "2345"),
    .pin.auth = md_secret_new_from_text (auth_pin != NULL ? auth_pin : "1234"),
    .read_number = TRUE,
  };
}

MdIdentifyRequest
ward_signature_request (const char *text_pin, const char *password)
{
  return (MdIdentifyRequest){
    .challenge = ward_challenge (),
    .way = MD_IDENTIFY_BY_SIGNATURE,
    .signature.text = text_pin != NULL ? md_secret_new_from_text (text_pin) : NULL,
    .signature.password = md_secret_new_from_text (password != NULL ? password : "AOZORA1"),
    .read_number = text_pin != NULL,
  };
}

MdPolicy *
ward_policy (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *bundle = ward_path ("policy", "policy.cms", NULL);
  g_autofree char *anchor = ward_path ("pki", "policy-root.crt", NULL);
  MdPolicy *policy = md_policy_load (bundle, anchor, NULL, &error);
  g_assert_no_error (error);
  return policy;
}

MdIdentifier *
ward_counter_identifier (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdPolicy) policy = ward_policy ();
  g_autoptr (MdTrust) trust = md_policy_create_trust (policy, MD_TRUST_PROFILE_JPKI_AUTH, &error);
  g_assert_no_error (error);
  g_autoptr (MdCardAuthorities) authorities = md_card_authorities_new_from_policy (policy, &error);
  g_assert_no_error (error);
  g_assert_false (md_card_authorities_is_empty (authorities));
  g_autoptr (MdRevocation) revocation = ward_revocation (WARD_CRL);
  md_revocation_set_ocsp_enabled (revocation, FALSE);
  MdIdentifier *identifier = md_identifier_new (trust, revocation, md_clock_get_system ());
  g_autoptr (MdTrust) signatures
      = md_policy_create_trust (policy, MD_TRUST_PROFILE_JPKI_SIGN, &error);
  g_assert_no_error (error);
  md_identifier_set_signature_trust (identifier, signatures);
  md_identifier_set_card_authorities (identifier, authorities);
  return identifier;
}
