// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include <md-pki.h>

#include <string.h>

/* What it says of its holder fits together, or is not told. */
static void
check_holder (const MdCertificate *certificate)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdHolder) holder = md_holder_new_from_certificate (certificate, &error);

  if (holder == NULL)
    {
      g_assert_true (error != NULL && error->domain == MD_PKI_ERROR);
      return;
    }
  g_assert_true (g_utf8_validate (md_holder_get_name (holder), -1, NULL));
  g_assert_true (g_utf8_validate (md_holder_get_address (holder), -1, NULL));
  g_assert_cmpuint ((gsize)g_utf8_strlen (md_holder_get_name (holder), -1), ==,
                    strlen (md_holder_get_name_marks (holder)));
  g_assert_cmpuint ((gsize)g_utf8_strlen (md_holder_get_address (holder), -1), ==,
                    strlen (md_holder_get_address_marks (holder)));
  g_assert_cmpuint (strlen (md_holder_get_birth (holder)), ==, 8);
  g_assert_cmpuint (md_holder_get_birth_era (holder), <=, 5);
  g_assert_true (md_holder_get_sex (holder) >= MD_HOLDER_SEX_MALE
                 && md_holder_get_sex (holder) <= MD_HOLDER_SEX_UNKNOWN);
}

/* What a card, a peer or a file gives as certificate, CRL, signature or sealed part. */
static void
check_certificate (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCertificate) certificate = md_certificate_new_from_der (bytes, &error);
  g_autoptr (MdTrust) trust = md_trust_new (MD_TRUST_PROFILE_JPKI_AUTH);
  g_autoptr (MdVerdict) verdict = NULL;
  g_autofree char *pem = NULL;
  g_autoptr (MdCertificate) again = NULL;

  if (certificate == NULL)
    {
      g_assert_true (error != NULL && error->domain == MD_PKI_ERROR);
      return;
    }
  g_assert_true (g_bytes_equal (md_certificate_get_der (certificate), bytes));
  g_assert_true (g_utf8_validate (md_certificate_get_subject (certificate), -1, NULL));
  g_assert_nonnull (md_certificate_get_san_uris (certificate));
  g_assert_nonnull (md_certificate_get_policy_oids (certificate));
  pem = md_certificate_dup_pem (certificate);
  again = md_certificate_new_from_pem (pem, NULL);
  g_assert_nonnull (again);
  g_assert_true (md_certificate_equal (certificate, again));
  check_holder (certificate);
  verdict = md_trust_check (trust, certificate, NULL, 1795239054);
  g_assert_cmpint (md_verdict_get_status (verdict), !=, MD_VERDICT_VALID);
}

static void
check_cms (GBytes *bytes)
{
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCmsSigner) attached = md_cms_verify_attached (bytes, &content, &error);
  g_autoptr (MdCmsSigner) detached = NULL;
  guint recipients = 0;

  if (attached != NULL)
    g_assert_true (content != NULL && md_cms_signer_get_certificate (attached) != NULL);
  else
    g_assert_true (content == NULL && error->domain == MD_PKI_ERROR);
  detached = md_cms_verify_detached (bytes, bytes, NULL);
  g_assert_null (detached);
  if (md_cms_check_sealed (bytes, &recipients, NULL))
    g_assert_cmpuint (recipients, >, 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (MdRevocation) revocation = md_revocation_new ();

  check_certificate (bytes);
  check_cms (bytes);
  if (md_revocation_add_crl (revocation, bytes, NULL))
    g_assert_cmpuint (size, >, 0);
  return 0;
}
