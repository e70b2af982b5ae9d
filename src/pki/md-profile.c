// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <string.h>
#include "md-openssl-private.h"
#include "md-profile-private.h"

/* JPKI names its authorities by DN: O=JPKI and an OU for the line. Each line has two generations of
 * keys under one DN, so this check stands beside the path, never instead of it. The test
 * hierarchies have the same shape with another O. */
static const char *const test_organizations[] = { "JPKI-TEST", "JPKI-SANDBOX" };
#define PRODUCTION_ORGANIZATION "JPKI"
#define AUTH_UNIT "JPKI for user authentication"
#define SIGN_UNIT "JPKI for digital signature"
/* JPKI's own test policies, and the arc that X.660 keeps for examples */
static const char *const test_policy_arcs[] = { "1.2.392.200149.8.5.1.0.", "2.999." };

static gboolean
has_attribute (const X509_NAME *name, int nid, const char *wanted)
{
  for (int at = X509_NAME_get_index_by_NID (name, nid, -1); at >= 0;
       at = X509_NAME_get_index_by_NID (name, nid, at))
    {
      unsigned char *text = NULL;
      const int size
          = ASN1_STRING_to_UTF8 (&text, X509_NAME_ENTRY_get_data (X509_NAME_get_entry (name, at)));
      const gboolean same
          = size >= 0 && (gsize)size == strlen (wanted) && memcmp (text, wanted, (gsize)size) == 0;

      OPENSSL_free (text);
      if (same)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_test (const MdCertificate *certificate, const char *organization)
{
  const char *const *oids = md_certificate_get_policy_oids (certificate);

  if (g_strcmp0 (organization, PRODUCTION_ORGANIZATION) != 0)
    return TRUE;
  for (gsize i = 0; oids[i] != NULL; i++)
    for (gsize k = 0; k < G_N_ELEMENTS (test_policy_arcs); k++)
      if (g_str_has_prefix (oids[i], test_policy_arcs[k]))
        return TRUE;
  return FALSE;
}

static gboolean
has_policy (const MdCertificate *certificate, const GPtrArray *policies)
{
  const char *const *oids = md_certificate_get_policy_oids (certificate);

  for (guint i = 0; i < policies->len; i++)
    if (g_strv_contains (oids, g_ptr_array_index (policies, i)))
      return TRUE;
  return FALSE;
}

static gboolean
has_strong_key (const MdCertificate *certificate)
{
  const EVP_PKEY *key = X509_get0_pubkey (md_certificate_get_x509 (certificate));

  switch (md_certificate_get_key_type (certificate))
    {
    case MD_KEY_TYPE_RSA:
      return EVP_PKEY_get_bits (key) >= 2048;
    case MD_KEY_TYPE_EC_P256:
    case MD_KEY_TYPE_EC_P384:
      return TRUE;
    case MD_KEY_TYPE_OTHER:
    default:
      return FALSE;
    }
}

static const char *
jpki_problem (MdTrustProfile profile, const MdCertificate *certificate, const char *organization,
              const GPtrArray *policies)
{
  const gboolean sign = profile == MD_TRUST_PROFILE_JPKI_SIGN;
  const X509_NAME *issuer = X509_get_issuer_name (md_certificate_get_x509 (certificate));
  const gboolean known = g_strcmp0 (organization, PRODUCTION_ORGANIZATION) == 0
                         || g_strcmp0 (organization, test_organizations[0]) == 0
                         || g_strcmp0 (organization, test_organizations[1]) == 0;

  if (!known || !has_attribute (issuer, NID_countryName, "JP")
      || !has_attribute (issuer, NID_organizationalUnitName, sign ? SIGN_UNIT : AUTH_UNIT))
    return "the issuer is not the JPKI authority of this line";
  if (!md_certificate_has_key_usage (certificate, MD_KEY_USAGE_DIGITAL_SIGNATURE))
    return "key usage without digitalSignature";
  if (md_certificate_has_key_usage (certificate, MD_KEY_USAGE_NON_REPUDIATION) != sign)
    return sign ? "key usage without nonRepudiation" : "key usage of a signature certificate";
  if (!has_policy (certificate, policies))
    return "none of the accepted certificate policies";
  if (md_certificate_get_subject_cn (certificate) == NULL)
    return "no common name";
  return NULL;
}

static const char *
staff_problem (const MdCertificate *certificate)
{
  const char *id = md_certificate_get_subject_cn (certificate);

  if (id == NULL || *id == '\0'
      || g_strcmp0 (id, md_certificate_get_subject_serial_number (certificate)) != 0)
    return "common name and serial number are not one staff id";
  return NULL;
}

static const char *
signer_problem (const MdCertificate *certificate)
{
  if (!md_certificate_has_key_usage (certificate, MD_KEY_USAGE_DIGITAL_SIGNATURE)
      && !md_certificate_has_key_usage (certificate, MD_KEY_USAGE_NON_REPUDIATION))
    return "key usage without a signature";
  return NULL;
}

static const char *
recipient_problem (const MdCertificate *certificate)
{
  const gboolean rsa = md_certificate_get_key_type (certificate) == MD_KEY_TYPE_RSA;

  if (!md_certificate_has_key_usage (certificate, rsa ? MD_KEY_USAGE_KEY_ENCIPHERMENT
                                                      : MD_KEY_USAGE_KEY_AGREEMENT))
    return rsa ? "key usage without keyEncipherment" : "key usage without keyAgreement";
  return NULL;
}

static const char *
find_problem (MdTrustProfile profile, const MdCertificate *certificate, const char *organization,
              const GPtrArray *policies)
{
  const char *problem;

  if (profile == MD_TRUST_PROFILE_ANY)
    return NULL;
  if (md_certificate_is_ca (certificate))
    return "an authority's certificate";
  if (!has_strong_key (certificate))
    return "a key that is not accepted";
  switch (profile)
    {
    case MD_TRUST_PROFILE_JPKI_AUTH:
    case MD_TRUST_PROFILE_JPKI_SIGN:
      return jpki_problem (profile, certificate, organization, policies);
    case MD_TRUST_PROFILE_STAFF_AUTH:
      if (!md_certificate_has_key_usage (certificate, MD_KEY_USAGE_DIGITAL_SIGNATURE))
        return "key usage without digitalSignature";
      return staff_problem (certificate);
    case MD_TRUST_PROFILE_STAFF_SIGN:
      problem = signer_problem (certificate);
      return problem != NULL ? problem : staff_problem (certificate);
    case MD_TRUST_PROFILE_RECIPIENT:
      return recipient_problem (certificate);
    case MD_TRUST_PROFILE_SIGNER:
      return signer_problem (certificate);
    case MD_TRUST_PROFILE_ANY:
    default:
      return NULL;
    }
}

MdVerdictStatus
md_profile_check (MdTrustProfile profile, const MdCertificate *certificate,
                  const GPtrArray *policies, gboolean allow_test, char **out_problem)
{
  const gboolean jpki
      = profile == MD_TRUST_PROFILE_JPKI_AUTH || profile == MD_TRUST_PROFILE_JPKI_SIGN;
  g_autofree char *organization = md_x509_name_dup_only (
      X509_get_issuer_name (md_certificate_get_x509 (certificate)), NID_organizationName);
  const char *problem = find_problem (profile, certificate, organization, policies);

  if (problem != NULL)
    {
      *out_problem = g_strdup (problem);
      return MD_VERDICT_WRONG_PROFILE;
    }
  if (jpki && !allow_test && is_test (certificate, organization))
    {
      *out_problem = g_strdup ("a certificate of a test PKI in production");
      return MD_VERDICT_TEST_CERTIFICATE;
    }
  return MD_VERDICT_VALID;
}
