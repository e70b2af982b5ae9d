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
/* Who issues certificates for companies by the commercial register (商業登記), the kind that is
 * most easily taken for one of a person: a registrar of the ministry's. */
#define REGISTER_UNIT "Ministry of Justice"
#define REGISTRAR "Registrar of "
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

static char *
dup_issuer_organization (const MdCertificate *certificate)
{
  return md_x509_name_dup_only (X509_get_issuer_name (md_certificate_get_x509 (certificate)),
                                NID_organizationName);
}

static gboolean
is_test_organization (const char *organization)
{
  for (gsize i = 0; i < G_N_ELEMENTS (test_organizations); i++)
    if (g_strcmp0 (organization, test_organizations[i]) == 0)
      return TRUE;
  return FALSE;
}

gboolean
md_profile_is_test (const MdCertificate *certificate)
{
  g_autofree char *organization = dup_issuer_organization (certificate);
  const char *const *oids = md_certificate_get_policy_oids (certificate);

  if (is_test_organization (organization))
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
has_extended_usage (const MdCertificate *certificate, guint32 usage)
{
  X509 *x509 = md_certificate_get_x509 (certificate);

  return (X509_get_extension_flags (x509) & EXFLAG_XKUSAGE) != 0
         && (X509_get_extended_key_usage (x509) & usage) != 0;
}

static gboolean
is_of_unit (const MdCertificate *certificate, const char *unit)
{
  return has_attribute (X509_get_issuer_name (md_certificate_get_x509 (certificate)),
                        NID_organizationalUnitName, unit);
}

static gboolean
is_of_register (const MdCertificate *certificate)
{
  const X509_NAME *issuer = X509_get_issuer_name (md_certificate_get_x509 (certificate));
  g_autofree char *name = md_x509_name_dup_only (issuer, NID_commonName);

  return is_of_unit (certificate, REGISTER_UNIT)
         || has_attribute (issuer, NID_organizationName, REGISTER_UNIT)
         || (name != NULL && g_str_has_prefix (name, REGISTRAR));
}

/* A person's certificate says nothing of servers: a name of a host is as telling as the usage. */
static gboolean
is_for_server (const MdCertificate *certificate)
{
  return has_extended_usage (certificate, XKU_SSL_SERVER)
         || md_certificate_get_san_dns (certificate)[0] != NULL;
}

MdVerdictCause
md_profile_find_kind (MdTrustProfile profile, const MdCertificate *certificate)
{
  const gboolean signs = md_certificate_has_key_usage (certificate, MD_KEY_USAGE_NON_REPUDIATION);

  if (profile == MD_TRUST_PROFILE_ANY)
    return MD_VERDICT_CAUSE_NONE;
  if (md_certificate_is_ca (certificate))
    return MD_VERDICT_CAUSE_AUTHORITY;
  if (!md_profile_is_jpki (profile))
    return MD_VERDICT_CAUSE_NONE;
  if (is_for_server (certificate))
    return MD_VERDICT_CAUSE_SERVER;
  if (has_extended_usage (certificate, XKU_OCSP_SIGN))
    return MD_VERDICT_CAUSE_RESPONDER;
  if (is_of_register (certificate))
    return MD_VERDICT_CAUSE_REGISTRATION;
  if (profile == MD_TRUST_PROFILE_JPKI_AUTH && (signs || is_of_unit (certificate, SIGN_UNIT)))
    return MD_VERDICT_CAUSE_SIGNATURE_KIND;
  if (profile == MD_TRUST_PROFILE_JPKI_SIGN && !signs && is_of_unit (certificate, AUTH_UNIT))
    return MD_VERDICT_CAUSE_AUTHENTICATION_KIND;
  return MD_VERDICT_CAUSE_NONE;
}

const char *
md_profile_describe (MdVerdictCause cause)
{
  static const char *const lines[MD_N_VERDICT_CAUSES] = {
    [MD_VERDICT_CAUSE_AUTHORITY] = "an authority's certificate",
    [MD_VERDICT_CAUSE_SERVER] = "a server's certificate",
    [MD_VERDICT_CAUSE_RESPONDER] = "a certificate that signs OCSP answers",
    [MD_VERDICT_CAUSE_REGISTRATION] = "a company's certificate by the commercial register",
    [MD_VERDICT_CAUSE_SIGNATURE_KIND] = "a signature certificate where authentication is asked",
    [MD_VERDICT_CAUSE_AUTHENTICATION_KIND]
    = "an authentication certificate where a signature is asked",
    [MD_VERDICT_CAUSE_ISSUER] = "the issuer is not the JPKI authority of this line",
    [MD_VERDICT_CAUSE_POLICY] = "none of the accepted certificate policies",
  };

  return lines[cause] != NULL ? lines[cause] : md_verdict_cause_to_string (cause);
}

static MdProfileFinding
wrong (MdVerdictCause cause, const char *detail)
{
  return (MdProfileFinding){ MD_VERDICT_WRONG_PROFILE, cause,
                             detail != NULL ? detail : md_profile_describe (cause) };
}

static const MdProfileFinding right = { MD_VERDICT_VALID, MD_VERDICT_CAUSE_NONE, NULL };

static MdProfileFinding
check_jpki (MdTrustProfile profile, const MdCertificate *certificate, const GPtrArray *policies)
{
  const gboolean sign = profile == MD_TRUST_PROFILE_JPKI_SIGN;
  const X509_NAME *issuer = X509_get_issuer_name (md_certificate_get_x509 (certificate));
  g_autofree char *organization = dup_issuer_organization (certificate);

  if ((g_strcmp0 (organization, PRODUCTION_ORGANIZATION) != 0
       && !is_test_organization (organization))
      || !has_attribute (issuer, NID_countryName, "JP")
      || !is_of_unit (certificate, sign ? SIGN_UNIT : AUTH_UNIT))
    return wrong (MD_VERDICT_CAUSE_ISSUER, NULL);
  if (!md_certificate_has_key_usage (certificate, MD_KEY_USAGE_DIGITAL_SIGNATURE))
    return wrong (MD_VERDICT_CAUSE_KEY_USAGE, "key usage without digitalSignature");
  if (sign && !md_certificate_has_key_usage (certificate, MD_KEY_USAGE_NON_REPUDIATION))
    return wrong (MD_VERDICT_CAUSE_KEY_USAGE, "key usage without nonRepudiation");
  if (!has_policy (certificate, policies))
    return wrong (MD_VERDICT_CAUSE_POLICY, NULL);
  if (md_certificate_get_subject_cn (certificate) == NULL)
    return wrong (MD_VERDICT_CAUSE_NAMES, "no common name");
  return right;
}

static MdProfileFinding
check_staff (const MdCertificate *certificate)
{
  const char *id = md_certificate_get_subject_cn (certificate);

  if (id == NULL || *id == '\0'
      || g_strcmp0 (id, md_certificate_get_subject_serial_number (certificate)) != 0)
    return wrong (MD_VERDICT_CAUSE_NAMES, "common name and serial number are not one staff id");
  return right;
}

static MdProfileFinding
check_signer (const MdCertificate *certificate)
{
  if (!md_certificate_has_key_usage (certificate, MD_KEY_USAGE_DIGITAL_SIGNATURE)
      && !md_certificate_has_key_usage (certificate, MD_KEY_USAGE_NON_REPUDIATION))
    return wrong (MD_VERDICT_CAUSE_KEY_USAGE, "key usage without a signature");
  return right;
}

static MdProfileFinding
check_recipient (const MdCertificate *certificate)
{
  const gboolean rsa = md_certificate_get_key_type (certificate) == MD_KEY_TYPE_RSA;

  if (!md_certificate_has_key_usage (certificate, rsa ? MD_KEY_USAGE_KEY_ENCIPHERMENT
                                                      : MD_KEY_USAGE_KEY_AGREEMENT))
    return wrong (MD_VERDICT_CAUSE_KEY_USAGE,
                  rsa ? "key usage without keyEncipherment" : "key usage without keyAgreement");
  return right;
}

static MdProfileFinding
check_use (MdTrustProfile profile, const MdCertificate *certificate, const GPtrArray *policies)
{
  MdProfileFinding finding;

  switch (profile)
    {
    case MD_TRUST_PROFILE_JPKI_AUTH:
    case MD_TRUST_PROFILE_JPKI_SIGN:
      return check_jpki (profile, certificate, policies);
    case MD_TRUST_PROFILE_STAFF_AUTH:
      if (!md_certificate_has_key_usage (certificate, MD_KEY_USAGE_DIGITAL_SIGNATURE))
        return wrong (MD_VERDICT_CAUSE_KEY_USAGE, "key usage without digitalSignature");
      return check_staff (certificate);
    case MD_TRUST_PROFILE_STAFF_SIGN:
      finding = check_signer (certificate);
      return finding.status != MD_VERDICT_VALID ? finding : check_staff (certificate);
    case MD_TRUST_PROFILE_RECIPIENT:
      return check_recipient (certificate);
    case MD_TRUST_PROFILE_SIGNER:
      return check_signer (certificate);
    case MD_TRUST_PROFILE_ANY:
    default:
      return right;
    }
}

MdProfileFinding
md_profile_check (MdTrustProfile profile, const MdCertificate *certificate,
                  const GPtrArray *policies, gboolean allow_test)
{
  const MdVerdictCause kind = md_profile_find_kind (profile, certificate);
  MdProfileFinding finding = kind != MD_VERDICT_CAUSE_NONE
                                 ? wrong (kind, NULL)
                                 : check_use (profile, certificate, policies);

  if (finding.status == MD_VERDICT_VALID && md_profile_is_jpki (profile) && !allow_test
      && md_profile_is_test (certificate))
    return (MdProfileFinding){ MD_VERDICT_TEST_CERTIFICATE, MD_VERDICT_CAUSE_NONE,
                               "a certificate of a test PKI in production" };
  return finding;
}
