// SPDX-License-Identifier: Apache-2.0
#include <gio/gio.h>
#include <md-base.h>
#include <openssl/cms.h>
#include <string.h>
#include "pki-maker.h"

static const char text[]
    = "{\"schema\":\"madoguchi-application/1\",\"values\":{\"p.name\":\"見本 太郎\"}}";

static GBytes *
seal (const char *data, gsize size, GPtrArray *recipients)
{
  g_autoptr (GError) error = NULL;
  GBytes *sealed = md_cms_seal ((const guint8 *)data, size, recipients, &error);

  g_assert_no_error (error);
  return sealed;
}

static GBytes *
flip (GBytes *bytes, gsize at, guint8 mask)
{
  gsize size = 0;
  guint8 *copy;

  gconstpointer data = g_bytes_get_data (bytes, &size);
  copy = g_memdup2 (data, size);
  copy[at] = (guint8)(copy[at] ^ mask);
  return g_bytes_new_take (copy, size);
}

static void
assert_same (GBytes *bytes, const char *data, gsize size)
{
  g_autoptr (GBytes) expected = g_bytes_new (data, size);

  g_assert_true (g_bytes_equal (bytes, expected));
}

static void
assert_opens (GBytes *sealed, MdKey *key, const MakerIdentity *who, const char *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) clear = md_cms_open (sealed, key, who->certificate, &error);

  g_assert_no_error (error);
  assert_same (clear, data, size);
}

/* Every recipient opens it: a P-256 file key, a P-384 one, an RSA one, and a card. */
static void
test_round_trip (void)
{
  const MakerSpec rsa_spec
      = { .cn = "hsm", .key_usage = "critical,keyEncipherment", .rsa_bits = 2048 };
  const MakerSpec p384_spec
      = { .cn = "vault", .key_usage = "critical,keyAgreement", .curve = "P-384" };
  g_autoptr (MakerIdentity) ca = maker_authority ("office");
  g_autoptr (MakerIdentity) file = maker_end (ca, "business", "critical,keyAgreement");
  g_autoptr (MakerIdentity) card = maker_end (ca, "S0101", "critical,keyAgreement");
  g_autoptr (MakerIdentity) rsa = maker_issue (&rsa_spec);
  g_autoptr (MakerIdentity) p384 = maker_issue (&p384_spec);
  g_autoptr (GPtrArray) all = maker_list (file, card, rsa, p384, file, NULL);
  g_autoptr (GBytes) sealed = seal (text, sizeof text, all);
  g_autoptr (MdKey) file_key = maker_key (file);
  g_autoptr (MdKey) rsa_key = maker_key (rsa);
  g_autoptr (MdKey) p384_key = maker_key (p384);
  guint calls = 0;
  g_autoptr (MdKey) card_key = maker_external_key (card, NULL, &calls);
  guint count = 0;

  g_autoptr (GError) error = NULL;
  gboolean good;

  good = md_cms_check_sealed (sealed, &count, &error);
  g_assert_no_error (error);
  g_assert_true (good);
  g_assert_cmpuint (count, ==, 4); /* the one listed twice is sealed to once */
  assert_opens (sealed, file_key, file, text, sizeof text);
  assert_opens (sealed, rsa_key, rsa, text, sizeof text);
  assert_opens (sealed, p384_key, p384, text, sizeof text);
  assert_opens (sealed, card_key, card, text, sizeof text);
  g_assert_cmpuint (calls, ==, 1);
  g_assert_null (
      g_strstr_len (g_bytes_get_data (sealed, NULL), (gssize)g_bytes_get_size (sealed), "p.name"));
}

static void
test_sizes (void)
{
  static const gsize sizes[] = { 0, 1, 1023, 1024, 4096, 4097, 300000 };
  g_autoptr (MakerIdentity) who = maker_authority ("self");
  g_autoptr (MdKey) key = maker_key (who);
  g_autoptr (GPtrArray) list = maker_list (who, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *data = g_malloc0 (sizes[i] + 1);
      g_autoptr (GBytes) sealed = NULL;

      memset (data, (int)('a' + i), sizes[i]);
      sealed = seal (data, sizes[i], list);
      assert_opens (sealed, key, who, data, sizes[i]);
    }
}

static void
test_wrong_recipient (void)
{
  g_autoptr (MakerIdentity) right = maker_authority ("right");
  g_autoptr (MakerIdentity) wrong = maker_authority ("wrong");
  g_autoptr (GPtrArray) list = maker_list (right, NULL);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GBytes) sealed = seal (text, sizeof text, list);
  g_autoptr (MdKey) key = maker_key (wrong);
  g_autoptr (GError) error = NULL;

  g_assert_null (md_cms_open (sealed, key, wrong->certificate, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_NOT_RECIPIENT);
  g_clear_error (&error);
  g_assert_null (md_cms_open (sealed, key, right->certificate, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_KEY_MISMATCH);
  g_clear_error (&error);
  g_assert_null (md_cms_seal ((const guint8 *)text, sizeof text, none, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_TOO_LARGE);
  g_assert_true (md_cms_is_recipient (sealed, right->certificate));
  g_assert_false (md_cms_is_recipient (sealed, wrong->certificate));
}

/* To these and to nobody else: one more, one less, one instead of another are all told. */
static void
test_sealed_to (void)
{
  const MakerSpec rsa_spec
      = { .cn = "hsm", .key_usage = "critical,keyEncipherment", .rsa_bits = 2048 };
  g_autoptr (MakerIdentity) ca = maker_authority ("office");
  g_autoptr (MakerIdentity) office = maker_end (ca, "business", "critical,keyAgreement");
  g_autoptr (MakerIdentity) officer = maker_end (ca, "S0101", "critical,keyAgreement");
  g_autoptr (MakerIdentity) stranger = maker_end (ca, "S0001", "critical,keyAgreement");
  g_autoptr (MakerIdentity) rsa = maker_issue (&rsa_spec);
  g_autoptr (GPtrArray) wanted = maker_list (office, officer, NULL);
  g_autoptr (GPtrArray) again = maker_list (officer, office, officer, NULL);
  g_autoptr (GPtrArray) more = maker_list (office, officer, stranger, NULL);
  g_autoptr (GPtrArray) more_rsa = maker_list (office, officer, rsa, NULL);
  g_autoptr (GPtrArray) less = maker_list (office, NULL);
  g_autoptr (GPtrArray) other = maker_list (office, stranger, NULL);
  g_autoptr (GBytes) sealed = seal (text, sizeof text, wanted);
  g_autoptr (GBytes) junk = g_bytes_new_static ("junk", 4);
  GPtrArray *wrong[] = { more, more_rsa, less, other };

  g_assert_true (md_cms_is_sealed_to (sealed, wanted));
  g_assert_true (md_cms_is_sealed_to (sealed, again));
  g_assert_false (md_cms_is_sealed_to (junk, wanted));
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GBytes) wrongly = seal (text, sizeof text, wrong[i]);

      g_assert_false (md_cms_is_sealed_to (wrongly, wanted));
      g_assert_false (md_cms_is_sealed_to (sealed, wrong[i]));
      g_assert_true (md_cms_is_sealed_to (wrongly, wrong[i]));
    }
}

/* Every byte changed in turn: nothing ever comes out, and only the three expected kinds of refusal.
 * Bytes of the issuer name and serial that point to the recipient may make it somebody else's; the
 * version numbers carry no meaning for the contents, so a changed one may still open, but then to
 * the same text. */
static void
test_every_byte (void)
{
  g_autoptr (MakerIdentity) who = maker_authority ("self");
  g_autoptr (MdKey) key = maker_key (who);
  g_autoptr (GPtrArray) list = maker_list (who, NULL);
  g_autoptr (GBytes) sealed = seal (text, sizeof text, list);
  guint opened = 0;

  for (gsize at = 0; at < g_bytes_get_size (sealed); at++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bad = flip (sealed, at, 0x01);
      g_autoptr (GBytes) clear = md_cms_open (bad, key, who->certificate, &error);

      if (clear != NULL)
        {
          assert_same (clear, text, sizeof text);
          opened++;
          g_test_message ("open at %zu", at);
        }
      else
        g_assert_true (error->domain == MD_PKI_ERROR);
    }
  g_assert_cmpuint (opened, <=, 3);
}

static void
test_truncated (void)
{
  g_autoptr (MakerIdentity) who = maker_authority ("self");
  g_autoptr (MdKey) key = maker_key (who);
  g_autoptr (GPtrArray) list = maker_list (who, NULL);
  g_autoptr (GBytes) sealed = seal (text, sizeof text, list);
  const gsize size = g_bytes_get_size (sealed);

  for (gsize cut = 0; cut < size; cut += 7)
    {
      g_autoptr (GBytes) bad = g_bytes_new_from_bytes (sealed, 0, cut);
      g_autoptr (GError) error = NULL;

      g_assert_null (md_cms_open (bad, key, who->certificate, &error));
      g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_MALFORMED);
    }
  {
    g_autoptr (GByteArray) longer = g_byte_array_new ();
    g_autoptr (GBytes) bad = NULL;
    g_autoptr (GError) error = NULL;

    g_byte_array_append (longer, g_bytes_get_data (sealed, NULL), (guint)size);
    g_byte_array_append (longer, (const guint8 *)"x", 1);
    bad = g_byte_array_free_to_bytes (g_steal_pointer (&longer));
    g_assert_null (md_cms_open (bad, key, who->certificate, &error));
    g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_MALFORMED);
  }
}

/* A card that is pulled out while it opens or signs: its own error comes through, and nothing else.
 */
static void
test_card_fails (void)
{
  g_autoptr (MakerIdentity) card
      = maker_end (NULL, "S0101", "critical,digitalSignature,keyAgreement");
  g_autoptr (GPtrArray) list = maker_list (card, NULL);
  g_autoptr (GBytes) sealed = seal (text, sizeof text, list);
  g_autoptr (GBytes) content = g_bytes_new_static (text, sizeof text);
  gboolean fail = TRUE;
  g_autoptr (MdKey) key = maker_external_key (card, &fail, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) signature = NULL;

  g_assert_null (md_cms_open (sealed, key, card->certificate, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED);
  g_clear_error (&error);
  g_assert_null (
      md_cms_sign_detached (content, key, card->certificate, NULL, maker_now (), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED);
  g_clear_error (&error);

  fail = FALSE;
  assert_opens (sealed, key, card, text, sizeof text);
  signature = md_cms_sign_detached (content, key, card->certificate, NULL, maker_now (), &error);
  g_assert_no_error (error);
}

/* A card that signs with another key than its certificate says. */
static void
test_card_lies (void)
{
  g_autoptr (MakerIdentity) shown = maker_authority ("shown");
  g_autoptr (MakerIdentity) real = maker_authority ("real");
  MakerIdentity mixed = { .certificate = shown->certificate, .key = real->key };
  g_autoptr (MdKey) key = maker_external_key (&mixed, NULL, NULL);
  g_autoptr (GBytes) content = g_bytes_new_static (text, sizeof text);
  g_autoptr (GError) error = NULL;

  g_assert_null (
      md_cms_sign_detached (content, key, shown->certificate, NULL, maker_now (), &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_BAD_SIGNATURE);
}

static void
check_signature (MdKey *key, const MakerIdentity *who)
{
  g_autoptr (GBytes) content = g_bytes_new_static (text, sizeof text);
  g_autoptr (GBytes) other = g_bytes_new_static (text, sizeof text - 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) signature
      = md_cms_sign_detached (content, key, who->certificate, NULL, maker_now () - 77, &error);
  g_autoptr (MdCmsSigner) signer = NULL;

  g_assert_no_error (error);
  signer = md_cms_verify_detached (signature, content, &error);
  g_assert_no_error (error);
  g_assert_true (md_certificate_equal (md_cms_signer_get_certificate (signer), who->certificate));
  g_assert_cmpint (md_cms_signer_get_time (signer), ==, maker_now () - 77);

  g_assert_null (md_cms_verify_detached (signature, other, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_BAD_SIGNATURE);
  g_clear_error (&error);
  g_assert_null (md_cms_verify_attached (signature, &other, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_MALFORMED);
}

static void
test_sign_detached (void)
{
  const MakerSpec rsa_spec
      = { .cn = "rsa", .key_usage = "critical,digitalSignature", .rsa_bits = 2048 };
  g_autoptr (MakerIdentity) who = maker_end (NULL, "S0001", "critical,digitalSignature");
  g_autoptr (MakerIdentity) rsa = maker_issue (&rsa_spec);
  g_autoptr (MdKey) file = maker_key (who);
  guint calls = 0;
  g_autoptr (MdKey) card = maker_external_key (who, NULL, &calls);
  g_autoptr (MdKey) rsa_key = maker_key (rsa);

  check_signature (file, who);
  check_signature (card, who);
  g_assert_cmpuint (calls, ==, 1);
  check_signature (rsa_key, rsa);
}

static void
test_sign_attached (void)
{
  g_autoptr (MakerIdentity) ca = maker_authority ("root");
  g_autoptr (MakerIdentity) who = maker_end (ca, "policy", "critical,digitalSignature");
  g_autoptr (MdKey) key = maker_key (who);
  g_autoptr (GPtrArray) chain = maker_list (ca, NULL);
  g_autoptr (GBytes) content = g_bytes_new_static (text, sizeof text);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) signed_data
      = md_cms_sign_attached (content, key, who->certificate, chain, maker_now (), &error);
  g_autoptr (MdCmsSigner) signer = NULL;
  g_autoptr (GBytes) inside = NULL;

  g_assert_no_error (error);
  signer = md_cms_verify_attached (signed_data, &inside, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (inside, content));
  g_assert_cmpuint (md_cms_signer_get_chain (signer)->len, ==, 1);
  g_assert_null (md_cms_verify_detached (signed_data, content, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_MALFORMED);
}

/* Every byte of a signature changed in turn: whatever still verifies is by the same certificate
 * over the same text. */
static void
test_signature_every_byte (void)
{
  g_autoptr (MakerIdentity) who = maker_end (NULL, "S0001", "critical,digitalSignature");
  g_autoptr (MdKey) key = maker_key (who);
  g_autoptr (GBytes) content = g_bytes_new_static (text, sizeof text);
  g_autoptr (GBytes) signature
      = md_cms_sign_detached (content, key, who->certificate, NULL, maker_now (), NULL);
  guint accepted = 0;

  for (gsize at = 0; at < g_bytes_get_size (signature); at++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bad = flip (signature, at, 0x01);
      g_autoptr (MdCmsSigner) signer = md_cms_verify_detached (bad, content, &error);

      if (signer == NULL)
        {
          g_assert_true (error->domain == MD_PKI_ERROR);
          continue;
        }
      accepted++;
      g_assert_true (
          md_certificate_equal (md_cms_signer_get_certificate (signer), who->certificate));
      g_assert_cmpint (md_cms_signer_get_time (signer), ==, maker_now ());
    }
  g_test_message ("%u of %zu changed bytes carry no meaning", accepted,
                  g_bytes_get_size (signature));
  g_assert_cmpuint (accepted, <=, 16);
}

/* Another certificate with the same key and name put in place of the signer's: the ESS attribute
 * must notice. */
static void
test_certificate_swapped (void)
{
  g_autoptr (MakerIdentity) ca = maker_authority ("office");
  g_autoptr (MakerIdentity) who = maker_end (ca, "S0001", "critical,digitalSignature");
  g_autoptr (MdKey) key = maker_key (who);
  g_autoptr (GBytes) content = g_bytes_new_static (text, sizeof text);
  g_autoptr (GBytes) signature
      = md_cms_sign_detached (content, key, who->certificate, NULL, maker_now (), NULL);
  g_autoptr (GBytes) swapped = NULL;
  g_autoptr (GError) error = NULL;
  gsize size = 0;
  gsize der_size = 0;
  gconstpointer found;
  gconstpointer data = g_bytes_get_data (signature, &size);
  gconstpointer der = g_bytes_get_data (md_certificate_get_der (who->certificate), &der_size);

  /* the last byte of the certificate belongs to its own signature, which CMS does not look at */
  found = memmem (data, size, der, der_size);
  g_assert_nonnull (found);
  swapped = flip (signature, (gsize)((const guint8 *)found - (const guint8 *)data) + der_size - 1,
                  0x01);
  g_assert_null (md_cms_verify_detached (swapped, content, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_BAD_SIGNATURE);
}

/* A detached signature as another program might make it. */
static GBytes *
foreign_signature (const MakerIdentity *who, const EVP_MD *digest, unsigned int flags,
                   guint signers)
{
  BIO *content = BIO_new_mem_buf (text, sizeof text);
  CMS_ContentInfo *cms = CMS_sign (NULL, NULL, NULL, NULL, CMS_PARTIAL | CMS_BINARY | CMS_DETACHED);
  unsigned char *der = NULL;
  GBytes *bytes;
  int size;

  for (guint i = 0; i < signers; i++)
    g_assert_nonnull (CMS_add1_signer (cms, who->x509, who->key, digest,
                                       flags | CMS_BINARY | (i > 0 ? CMS_NOCERTS : 0)));
  g_assert_cmpint (CMS_final (cms, content, NULL, CMS_BINARY | CMS_DETACHED), ==, 1);
  size = i2d_CMS_ContentInfo (cms, &der);
  bytes = g_bytes_new (der, (gsize)size);
  OPENSSL_free (der);
  CMS_ContentInfo_free (cms);
  BIO_free (content);
  return bytes;
}

static void
assert_foreign (const MakerIdentity *who, const EVP_MD *digest, unsigned int flags, guint signers,
                gint code)
{
  g_autoptr (GBytes) content = g_bytes_new_static (text, sizeof text);
  g_autoptr (GBytes) signature = foreign_signature (who, digest, flags, signers);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCmsSigner) signer = md_cms_verify_detached (signature, content, &error);

  if (code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, MD_PKI_ERROR, code);
}

/* The signer names the digest; that it fits is seen first. */
static void
test_named_only (void)
{
  g_autoptr (MakerIdentity) who = maker_end (NULL, "S0001", "critical,digitalSignature");
  g_autoptr (GBytes) content = g_bytes_new_static (text, sizeof text);
  g_autoptr (GBytes) other = g_bytes_new_static ("another", 7);
  g_autoptr (GBytes) signature = foreign_signature (who, EVP_sha384 (), CMS_CADES, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCmsSigner) signer = NULL;
  gboolean taken = TRUE;

  g_assert_null (md_cms_verify_detached (signature, other, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_BAD_SIGNATURE);
  g_clear_error (&error);
  g_assert_null (md_cms_verify_detached_any (signature, other, &taken, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_BAD_SIGNATURE);
  g_clear_error (&error);
  signer = md_cms_verify_detached_any (signature, content, &taken, &error);
  g_assert_no_error (error);
  g_assert_false (taken);
  g_assert_true (md_certificate_equal (md_cms_signer_get_certificate (signer), who->certificate));
}

/* Good signatures that are not CAdES-B with SHA-256 by one signer whose certificate is inside. */
static void
test_foreign_signatures (void)
{
  const MakerSpec weak_spec
      = { .cn = "weak", .key_usage = "critical,digitalSignature", .rsa_bits = 1024 };
  g_autoptr (MakerIdentity) who = maker_end (NULL, "S0001", "critical,digitalSignature");
  g_autoptr (MakerIdentity) weak = maker_issue (&weak_spec);

  assert_foreign (who, EVP_sha256 (), CMS_CADES, 1, -1);
  assert_foreign (who, EVP_sha384 (), CMS_CADES, 1, MD_PKI_ERROR_UNSUPPORTED);
  assert_foreign (who, EVP_sha1 (), CMS_CADES, 1, MD_PKI_ERROR_BAD_SIGNATURE);
  assert_foreign (who, EVP_sha256 (), 0, 1, MD_PKI_ERROR_BAD_SIGNATURE);
  assert_foreign (who, EVP_sha256 (), CMS_NOATTR, 1, MD_PKI_ERROR_BAD_SIGNATURE);
  assert_foreign (who, EVP_sha256 (), CMS_CADES | CMS_NOCERTS, 1, MD_PKI_ERROR_BAD_SIGNATURE);
  assert_foreign (who, EVP_sha256 (), CMS_CADES, 2, MD_PKI_ERROR_MALFORMED);
  assert_foreign (weak, EVP_sha256 (), CMS_CADES, 1, MD_PKI_ERROR_BAD_SIGNATURE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pki/cms/every-recipient-opens", test_round_trip);
  g_test_add_func ("/pki/cms/named-only", test_named_only);
  g_test_add_func ("/pki/cms/sizes", test_sizes);
  g_test_add_func ("/pki/cms/wrong-recipient", test_wrong_recipient);
  g_test_add_func ("/pki/cms/sealed-to", test_sealed_to);
  g_test_add_func ("/pki/cms/every-byte-of-a-sealed-part", test_every_byte);
  g_test_add_func ("/pki/cms/truncated", test_truncated);
  g_test_add_func ("/pki/cms/card-fails", test_card_fails);
  g_test_add_func ("/pki/cms/card-lies", test_card_lies);
  g_test_add_func ("/pki/cms/sign-detached", test_sign_detached);
  g_test_add_func ("/pki/cms/sign-attached", test_sign_attached);
  g_test_add_func ("/pki/cms/every-byte-of-a-signature", test_signature_every_byte);
  g_test_add_func ("/pki/cms/certificate-swapped", test_certificate_swapped);
  g_test_add_func ("/pki/cms/foreign-signatures", test_foreign_signatures);
  return g_test_run ();
}
