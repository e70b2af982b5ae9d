// SPDX-License-Identifier: Apache-2.0
#include <gio/gio.h>
#include <md-base.h>
#include <md-pki.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <string.h>

/* The NIST Public Key Interoperability Test Suite, as Debian packs it
 * (python3-cryptography-vectors): every signed message brings a path. Each message named Invalid
 * must be refused by MdTrust, or by MdRevocation with the lists that it brings. Those about the
 * revocation of authorities between the anchor and the certificate are left out by name: our
 * anchors issue directly, and a JPKI path with something between is refused for that alone. */

#define DATA "/usr/lib/python3/dist-packages/cryptography_vectors/x509/PKITS_data"
#define WHEN 1600000000

static const char *const left_out[] = {
  "SignedInvalidBadCRLIssuerNameTest5",
  "SignedInvalidBadCRLSignatureTest4",
  "SignedInvalidOldCRLnextUpdateTest11",
  "SignedInvalidRevokedCATest2",
  "SignedInvalidUnknownCRLEntryExtensionTest8",
  "SignedInvalidUnknownCRLExtensionTest10",
  "SignedInvalidUnknownCRLExtensionTest9",
  "SignedInvalidWrongCRLTest6",
  "SignedInvalidkeyUsageCriticalcRLSignFalseTest4",
  "SignedInvalidkeyUsageNotCriticalcRLSignFalseTest5",
  "SignedInvalidpre2000CRLnextUpdateTest12",
  "SignedInvaliddeltaCRLTest4",
  NULL,
};

typedef struct
{
  MdCertificate *end;
  GPtrArray *others;
  MdRevocation *revocation;
} Message;

static GBytes *
take_der (unsigned char *der, int size)
{
  GBytes *bytes = g_bytes_new (der, (gsize)MAX (size, 0));

  OPENSSL_free (der);
  return bytes;
}

static void
read_certificates (Message *message, CMS_ContentInfo *cms)
{
  STACK_OF (X509) *certificates = CMS_get1_certs (cms);
  CMS_SignerInfo *info = sk_CMS_SignerInfo_value (CMS_get0_SignerInfos (cms), 0);

  for (int i = 0; i < sk_X509_num (certificates); i++)
    {
      unsigned char *der = NULL;
      const int size = i2d_X509 (sk_X509_value (certificates, i), &der);
      g_autoptr (GBytes) bytes = take_der (der, size);
      MdCertificate *certificate = md_certificate_new_from_der (bytes, NULL);

      if (certificate == NULL)
        continue;
      if (CMS_SignerInfo_cert_cmp (info, sk_X509_value (certificates, i)) == 0)
        message->end = certificate;
      else
        g_ptr_array_add (message->others, certificate);
    }
  sk_X509_pop_free (certificates, X509_free);
}

static void
read_lists (Message *message, CMS_ContentInfo *cms)
{
  STACK_OF (X509_CRL) *lists = CMS_get1_crls (cms);

  for (int i = 0; i < sk_X509_CRL_num (lists); i++)
    {
      unsigned char *der = NULL;
      const int size = i2d_X509_CRL (sk_X509_CRL_value (lists, i), &der);
      g_autoptr (GBytes) bytes = take_der (der, size);

      (void)!md_revocation_add_crl (message->revocation, bytes, NULL);
    }
  sk_X509_CRL_pop_free (lists, X509_CRL_free);
}

static gboolean
accepts (const MdTrust *trust, const char *path)
{
  Message message
      = { .others = g_ptr_array_new_with_free_func ((GDestroyNotify)md_certificate_unref),
          .revocation = md_revocation_new () };
  BIO *file = BIO_new_file (path, "r");
  BIO *content = NULL;
  CMS_ContentInfo *cms = SMIME_read_CMS (file, &content);
  gboolean accepted = FALSE;

  g_assert_nonnull (cms);
  md_revocation_set_crl_max_age (message.revocation, 0);
  md_revocation_set_ocsp_enabled (message.revocation, FALSE);
  read_certificates (&message, cms);
  read_lists (&message, cms);
  if (message.end != NULL)
    {
      g_autoptr (MdVerdict) verdict = md_trust_check (trust, message.end, message.others, WHEN);
      g_autoptr (MdVerdict) final = md_revocation_check (message.revocation, verdict, WHEN);

      accepted = md_verdict_get_status (final) == MD_VERDICT_VALID;
      g_test_message ("%s: %s", strrchr (path, 47) + 1, md_verdict_get_detail (final));
    }
  g_clear_pointer (&message.end, md_certificate_unref);
  g_ptr_array_unref (message.others);
  md_revocation_unref (message.revocation);
  CMS_ContentInfo_free (cms);
  BIO_free (content);
  BIO_free (file);
  ERR_clear_error ();
  return accepted;
}

static void
test_suite (void)
{
  g_autoptr (GDir) dir = g_dir_open (DATA "/smime", 0, NULL);
  g_autoptr (MdTrust) trust = md_trust_new (MD_TRUST_PROFILE_ANY);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCertificate) anchor = NULL;
  const char *name;
  guint invalid = 0;
  guint refused = 0;
  guint valid = 0;
  guint accepted = 0;

  if (dir == NULL)
    {
      g_test_skip ("python3-cryptography-vectors is not installed; packaging/deps brings it");
      return;
    }
  anchor = md_certificate_new_from_file (DATA "/certs/TrustAnchorRootCertificate.crt", &error);
  g_assert_no_error (error);
  md_trust_add_anchor (trust, anchor);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (DATA "/smime", name, NULL);
      g_autofree char *stem = g_strndup (name, strcspn (name, "."));
      const gboolean good = accepts (trust, path);

      if (g_str_has_prefix (name, "SignedValid"))
        {
          valid++;
          accepted += good ? 1 : 0;
          if (!good)
            g_test_message ("valid but refused: %s", name);
        }
      if (!g_str_has_prefix (name, "SignedInvalid") || g_strv_contains (left_out, stem))
        continue;
      invalid++;
      refused += good ? 0 : 1;
      if (good)
        g_test_message ("INVALID BUT ACCEPTED: %s", name);
    }
  g_test_message ("invalid refused: %u of %u; valid accepted: %u of %u", refused, invalid, accepted,
                  valid);
  g_assert_cmpuint (invalid, ==, 114 - (G_N_ELEMENTS (left_out) - 1));
  g_assert_cmpuint (refused, ==, invalid);
  g_assert_cmpuint (accepted, >, 60);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pki/pkits/invalid-paths-refused", test_suite);
  return g_test_run ();
}
