// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>
#include <string.h>
#include "pki-maker.h"

#define TERMINAL_URI "urn:madoguchi:office:139998:terminal:T001"

static void
test_fields (void)
{
  g_autoptr (MakerIdentity) ca = maker_authority ("line");
  const MakerSpec spec = { .organization = "Aozora",
                           .cn = "T001",
                           .serial_number = "T001",
                           .key_usage = "critical,digitalSignature,keyAgreement",
                           .policy = "1.2.3.4,1.2.3.5",
                           .san = "URI:" TERMINAL_URI ",DNS:localhost,IP:127.0.0.1",
                           .ocsp_url = "http://127.0.0.1:8888/",
                           .issuer = ca };
  g_autoptr (MakerIdentity) who = maker_issue (&spec);
  const MdCertificate *certificate = who->certificate;
  g_autoptr (GBytes) point = md_certificate_dup_ec_point (certificate);

  g_assert_cmpstr (md_certificate_get_subject_cn (certificate), ==, "T001");
  g_assert_cmpstr (md_certificate_get_subject_serial_number (certificate), ==, "T001");
  g_assert_cmpstr (md_certificate_get_subject (certificate), ==,
                   "serialNumber=T001,CN=T001,O=Aozora,C=JP");
  g_assert_cmpstr (md_certificate_get_issuer (certificate), ==, "CN=line,C=JP");
  g_assert_cmpstr (md_certificate_get_san_uris (certificate)[0], ==, TERMINAL_URI);
  g_assert_null (md_certificate_get_san_uris (certificate)[1]);
  g_assert_cmpstr (md_certificate_get_san_dns (certificate)[0], ==, "localhost");
  g_assert_cmpstr (md_certificate_get_policy_oids (certificate)[1], ==, "1.2.3.5");
  g_assert_cmpstr (md_certificate_get_ocsp_url (certificate), ==, "http://127.0.0.1:8888/");
  g_assert_cmpuint (strlen (md_certificate_get_serial (certificate)), ==, 16);
  g_assert_cmpuint (strlen (md_certificate_get_fingerprint (certificate)), ==, 64);
  g_assert_cmpint (md_certificate_get_not_before (certificate), ==, maker_now () - 86400);
  g_assert_cmpint (md_certificate_get_not_after (certificate), ==, maker_now () + 365 * 86400);
  g_assert_true (md_certificate_get_key_type (certificate) == MD_KEY_TYPE_EC_P256);
  g_assert_cmpuint (g_bytes_get_size (point), ==, 65);
  g_assert_true (md_certificate_has_key_usage (certificate, MD_KEY_USAGE_KEY_AGREEMENT
                                                                | MD_KEY_USAGE_DIGITAL_SIGNATURE));
  g_assert_false (md_certificate_has_key_usage (certificate, MD_KEY_USAGE_KEY_AGREEMENT
                                                                 | MD_KEY_USAGE_CERT_SIGN));
  g_assert_false (md_certificate_is_ca (certificate));
  g_assert_true (md_certificate_is_ca (ca->certificate));
}

static void
test_same_key (void)
{
  g_autoptr (MakerIdentity) first = maker_authority ("first");
  const MakerSpec spec = { .cn = "second", .key = first->key };
  g_autoptr (MakerIdentity) second = maker_issue (&spec);
  g_autoptr (MakerIdentity) third = maker_authority ("first");

  g_assert_true (md_certificate_same_key (first->certificate, second->certificate));
  g_assert_false (md_certificate_equal (first->certificate, second->certificate));
  g_assert_false (md_certificate_same_key (first->certificate, third->certificate));
}

static void
test_pem (void)
{
  g_autoptr (MakerIdentity) first = maker_authority ("first");
  g_autoptr (MakerIdentity) second = maker_authority ("second");
  g_autofree char *one = md_certificate_dup_pem (first->certificate);
  g_autofree char *two = md_certificate_dup_pem (second->certificate);
  g_autofree char *both = g_strconcat (one, two, NULL);
  g_autofree char *pem_path = maker_write ("both.pem", both, strlen (both));
  gsize size = 0;
  gconstpointer der = g_bytes_get_data (md_certificate_get_der (second->certificate), &size);
  g_autofree char *der_path = maker_write ("two.der", der, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = md_certificate_list_from_file (pem_path, &error);
  g_autoptr (MdCertificate) from_der = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 2);
  from_der = md_certificate_new_from_file (der_path, &error);
  g_assert_no_error (error);
  g_assert_true (md_certificate_equal (from_der, g_ptr_array_index (list, 1)));
}

/* No cut or changed byte crashes; trailing bytes and other sizes are refused. */
static void
test_rubbish (void)
{
  g_autoptr (MakerIdentity) who = maker_authority ("who");
  gsize size = 0;
  const guint8 *der = g_bytes_get_data (md_certificate_get_der (who->certificate), &size);
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *large = g_malloc0 (MD_LIMIT_CERTIFICATE + 1);
  g_autoptr (GBytes) large_bytes = g_bytes_new_static (large, MD_LIMIT_CERTIFICATE + 1);
  g_autofree guint8 *longer = g_malloc0 (size + 1);
  g_autoptr (GBytes) trailing = g_bytes_new_static (longer, size + 1);

  for (gsize cut = 0; cut < size; cut++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (der, cut);

      g_assert_null (md_certificate_new_from_der (bytes, &error));
      g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_MALFORMED);
      g_clear_error (&error);
    }
  for (gsize at = 0; at < size; at++)
    {
      guint8 *copy = g_memdup2 (der, size);
      g_autoptr (GBytes) bytes = g_bytes_new_take (copy, size);
      g_autoptr (MdCertificate) certificate = NULL;

      copy[at] ^= 0x80;
      certificate = md_certificate_new_from_der (bytes, NULL);
      g_assert_true (certificate == NULL || !md_certificate_equal (certificate, who->certificate));
    }
  memcpy (longer, der, size);
  g_assert_null (md_certificate_new_from_der (trailing, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_null (md_certificate_new_from_der (large_bytes, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_TOO_LARGE);
}

/* What the My Number card makes: RSA PKCS#1 v1.5 over a DigestInfo of SHA-256. */
static void
test_card_signature (void)
{
  const MakerSpec rsa_spec = { .cn = "card", .rsa_bits = 2048 };
  const MakerSpec weak_spec = { .cn = "weak", .rsa_bits = 1024 };
  g_autoptr (MakerIdentity) card = maker_issue (&rsa_spec);
  g_autoptr (MakerIdentity) weak = maker_issue (&weak_spec);
  g_autoptr (MdKey) key = maker_key (card);
  guint8 digest[32] = { 7 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) signature = md_key_sign_digest (key, digest, &error);
  gboolean good;

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (signature), ==, 256);
  good = md_certificate_verify_digest (card->certificate, digest, signature, &error);
  g_assert_no_error (error);
  g_assert_true (good);
  digest[31] = 1;
  g_assert_false (md_certificate_verify_digest (card->certificate, digest, signature, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_BAD_SIGNATURE);
  g_clear_error (&error);
  g_assert_false (md_certificate_verify_digest (weak->certificate, digest, signature, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_UNSUPPORTED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pki/certificate/fields", test_fields);
  g_test_add_func ("/pki/certificate/same-key", test_same_key);
  g_test_add_func ("/pki/certificate/pem-and-der", test_pem);
  g_test_add_func ("/pki/certificate/rubbish", test_rubbish);
  g_test_add_func ("/pki/certificate/card-signature", test_card_signature);
  return g_test_run ();
}
