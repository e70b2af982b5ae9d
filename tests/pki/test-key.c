// SPDX-License-Identifier: Apache-2.0
#include <gio/gio.h>
#include <md-base.h>
#include <openssl/crypto.h>
#include <openssl/pem.h>
#include <string.h>
#include "pki-maker.h"

static char *
write_key (EVP_PKEY *key, const char *passphrase)
{
  BIO *bio = BIO_new (BIO_s_mem ());
  char *data = NULL;
  char *path;
  long size;

  PEM_write_bio_PKCS8PrivateKey (bio, key, passphrase != NULL ? EVP_aes_256_cbc () : NULL,
                                 passphrase, passphrase != NULL ? (int)strlen (passphrase) : 0,
                                 NULL, NULL);
  size = BIO_get_mem_data (bio, &data);
  path = maker_write ("test.key", data, (gsize)size);
  BIO_free (bio);
  return path;
}

static void
test_file (void)
{
  g_autoptr (MakerIdentity) who = maker_authority ("who");
  g_autoptr (MakerIdentity) other = maker_authority ("other");
  g_autofree char *path = write_key (who->key, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdKey) key = md_key_new_from_file (path, NULL, &error);
  const guint8 digest[32] = { 1, 2, 3 };
  g_autoptr (GBytes) signature = NULL;
  gboolean good;

  g_assert_no_error (error);
  g_assert_true (md_key_matches (key, who->certificate));
  g_assert_false (md_key_matches (key, other->certificate));
  signature = md_key_sign_digest (key, digest, &error);
  g_assert_no_error (error);
  good = md_certificate_verify_digest (who->certificate, digest, signature, &error);
  g_assert_no_error (error);
  g_assert_true (good);
  g_assert_false (md_certificate_verify_digest (other->certificate, digest, signature, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_BAD_SIGNATURE);
}

/* The secret number of a key that came from a file lies in libcrypto's locked pages, whatever its
 * kind, and is gone with the key. */
static void
test_secure_heap (void)
{
  const MakerSpec rsa_spec = { .cn = "rsa", .rsa_bits = 2048 };
  g_autoptr (MakerIdentity) ec = maker_authority ("ec");
  g_autoptr (MakerIdentity) rsa = maker_issue (&rsa_spec);
  EVP_PKEY *const made[] = { ec->key, rsa->key };

  for (gsize i = 0; i < G_N_ELEMENTS (made); i++)
    {
      g_autofree char *path = write_key (made[i], NULL);
      g_autoptr (GError) error = NULL;
      const gsize before = CRYPTO_secure_used ();
      MdKey *key = md_key_new_from_file (path, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpint (CRYPTO_secure_malloc_initialized (), ==, 1);
      g_assert_cmpuint (CRYPTO_secure_used (), >=, before + 32);
      md_key_unref (key);
      g_assert_cmpuint (CRYPTO_secure_used (), ==, before);
    }
}

static void
test_encrypted_file (void)
{
  g_autoptr (MakerIdentity) who = maker_authority ("who");
  g_autofree char *path = write_key (who->key, "himitsu");
  g_autoptr (GError) error = NULL;
  g_autoptr (MdKey) key = md_key_new_from_file (path, "himitsu", &error);

  g_assert_no_error (error);
  g_assert_true (md_key_matches (key, who->certificate));
  g_assert_null (md_key_new_from_file (path, NULL, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_PASSPHRASE);
  g_clear_error (&error);
  g_assert_null (md_key_new_from_file (path, "wrong", &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_PASSPHRASE);
}

static void
test_bad_files (void)
{
  EVP_PKEY *ed25519;
  g_autofree char *odd = NULL;
  g_autofree char *text = maker_write ("text", "no key", 6);
  g_autofree char *missing = g_strconcat (text, "-missing", NULL);
  g_autoptr (GError) error = NULL;

  ed25519 = EVP_PKEY_Q_keygen (NULL, NULL, "ED25519");
  odd = write_key (ed25519, NULL);
  EVP_PKEY_free (ed25519);
  g_assert_null (md_key_new_from_file (text, NULL, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_null (md_key_new_from_file (missing, NULL, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_IO);
  g_clear_error (&error);
  g_assert_null (md_key_new_from_file (odd, NULL, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_UNSUPPORTED);
}

static void
count_free (gpointer data)
{
  guint *count = data;
  ++*count;
}

static void
test_external (void)
{
  const MakerSpec rsa_spec = { .cn = "rsa", .rsa_bits = 2048 };
  const MdKeyOps nothing = { NULL, NULL };
  g_autoptr (MakerIdentity) who = maker_end (NULL, "who", "critical,digitalSignature,keyAgreement");
  g_autoptr (MakerIdentity) rsa = maker_issue (&rsa_spec);
  g_autoptr (GPtrArray) list = maker_list (who, NULL);
  g_autoptr (GBytes) sealed = md_cms_seal ((const guint8 *)"x", 1, list, NULL);
  guint calls = 0;
  guint freed = 0;
  MdKey *key = maker_external_key (who, NULL, &calls);
  const guint8 digest[32] = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) signature = md_key_sign_digest (key, digest, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (calls, ==, 1);
  g_assert_true (md_key_matches (key, who->certificate));
  g_assert_false (md_key_matches (key, rsa->certificate));
  md_key_unref (key);

  g_assert_null (md_key_new_external (rsa->certificate, &nothing, &freed, count_free, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_UNSUPPORTED);
  g_assert_cmpuint (freed, ==, 1);
  g_clear_error (&error);

  key = md_key_new_external (who->certificate, &nothing, &freed, count_free, &error);
  g_assert_no_error (error);
  g_assert_null (md_key_sign_digest (key, digest, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_null (md_cms_open (sealed, key, who->certificate, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_UNSUPPORTED);
  md_key_unref (key);
  g_assert_cmpuint (freed, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pki/key/file", test_file);
  g_test_add_func ("/pki/key/secure-heap", test_secure_heap);
  g_test_add_func ("/pki/key/encrypted-file", test_encrypted_file);
  g_test_add_func ("/pki/key/bad-files", test_bad_files);
  g_test_add_func ("/pki/key/external", test_external);
  return g_test_run ();
}
