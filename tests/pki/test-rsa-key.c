// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>
#include <md-pki.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

static EVP_PKEY *key;

static GBytes *
number (const char *name)
{
  BIGNUM *value = NULL;
  guint8 bytes[512];

  g_assert_cmpint (EVP_PKEY_get_bn_param (key, name, &value), ==, 1);
  int size = BN_bn2bin (value, bytes);
  BN_free (value);
  return g_bytes_new (bytes, (gsize)size);
}

static MdRsaKey *
public_half (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) modulus = number (OSSL_PKEY_PARAM_RSA_N);
  g_autoptr (GBytes) exponent = number (OSSL_PKEY_PARAM_RSA_E);
  MdRsaKey *self = md_rsa_key_new (modulus, exponent, &error);

  g_assert_no_error (error);
  return self;
}

/* Type-1 padding around the payload, as a card's issuer makes it. */
static GBytes *
sign (const guint8 *payload, gsize size, int padding)
{
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new (key, NULL);
  guint8 signature[256];
  gsize length = sizeof signature;

  g_assert_cmpint (EVP_PKEY_sign_init (context), ==, 1);
  g_assert_cmpint (EVP_PKEY_CTX_set_rsa_padding (context, padding), ==, 1);
  g_assert_cmpint (EVP_PKEY_sign (context, signature, &length, payload, size), ==, 1);
  EVP_PKEY_CTX_free (context);
  return g_bytes_new (signature, length);
}

static void
test_block (void)
{
  g_autoptr (MdRsaKey) public = public_half ();
  const guint8 payload[] = "any payload at all";
  g_autoptr (GBytes) signature = sign (payload, sizeof payload, RSA_PKCS1_PADDING);
  g_autoptr (GError) error = NULL;

  g_assert_true (md_rsa_key_signs (public, payload, sizeof payload, signature, &error));
  g_assert_no_error (error);
  /* Not a prefix of what was signed, not something longer, nothing else. */
  g_assert_false (md_rsa_key_signs (public, payload, sizeof payload - 1, signature, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_BAD_SIGNATURE);
  g_assert_false (md_rsa_key_signs (public, payload + 1, sizeof payload - 1, signature, NULL));
  g_assert_false (md_rsa_key_signs (public, payload, 0, signature, NULL));
}

/* One digest is what every verifier calls a SHA-256 signature; three are the card face's. */
static void
test_digests (void)
{
  static const guint8 head[] = { 0x30, 0x71, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x60 };
  g_autoptr (MdRsaKey) public = public_half ();
  guint8 payload[sizeof head + 96];
  guint8 signature[256];
  gsize size = sizeof signature;
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize digest_size = sizeof digest;

  g_checksum_update (sum, (const guint8 *)"abc", 3);
  g_checksum_get_digest (sum, digest, &digest_size);
  g_assert_cmpint (EVP_DigestSignInit (context, NULL, EVP_sha256 (), NULL, key), ==, 1);
  g_assert_cmpint (EVP_DigestSign (context, signature, &size, (const guint8 *)"abc", 3), ==, 1);
  EVP_MD_CTX_free (context);
  g_autoptr (GBytes) usual = g_bytes_new (signature, size);
  g_assert_true (md_rsa_key_signs_digest (public, digest, 32, usual, NULL));

  memcpy (payload, head, sizeof head);
  for (guint i = 0; i < 96; i++)
    payload[sizeof head + i] = (guint8)i;
  g_autoptr (GBytes) three = sign (payload, sizeof payload, RSA_PKCS1_PADDING);
  g_assert_true (md_rsa_key_signs_digest (public, payload + sizeof head, 96, three, NULL));
  g_assert_false (md_rsa_key_signs_digest (public, payload + sizeof head, 32, three, NULL));
  payload[sizeof payload - 1] ^= 1;
  g_assert_false (md_rsa_key_signs_digest (public, payload + sizeof head, 96, three, NULL));
}

/* Other paddings, other lengths, and blocks in which something is skipped. */
static void
test_refused (void)
{
  g_autoptr (MdRsaKey) public = public_half ();
  guint8 raw[256] = { 0x00, 0x01, 0xff, 0xff, 0x00 }; /* too short a run of FF */
  g_autoptr (GBytes) short_padding = sign (raw, sizeof raw, RSA_NO_PADDING);
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);
  g_autoptr (GBytes) zeros = g_bytes_new_take (g_malloc0 (256), 256);
  g_autoptr (GBytes) too_long = g_bytes_new_take (g_malloc0 (257), 257);

  g_assert_false (md_rsa_key_signs (public, raw + 5, 251, short_padding, NULL));
  raw[1] = 0x02; /* block type of encryption */
  memset (raw + 2, 0xff, 240);
  g_autoptr (GBytes) type_two = sign (raw, sizeof raw, RSA_NO_PADDING);
  g_assert_false (md_rsa_key_signs (public, raw + 243, 13, type_two, NULL));
  g_assert_false (md_rsa_key_signs (public, raw, 20, nothing, NULL));
  g_assert_false (md_rsa_key_signs (public, raw, 20, zeros, NULL));
  g_assert_false (md_rsa_key_signs (public, raw, 20, too_long, NULL));
}

static void
test_keys (void)
{
  static const guint8 three[] = { 3 };
  static const guint8 even[] = { 2 };
  static const guint8 one[] = { 1 };
  g_autoptr (GBytes) modulus = number (OSSL_PKEY_PARAM_RSA_N);
  g_autoptr (GBytes) half = g_bytes_new_from_bytes (modulus, 0, 128);
  GBytes *exponents[] = { g_bytes_new_static (three, 1), g_bytes_new_static (even, 1),
                          g_bytes_new_static (one, 1), g_bytes_new_static (NULL, 0) };
  g_autoptr (MdRsaKey) good = md_rsa_key_new (modulus, exponents[0], NULL);
  guint8 *spki = NULL;
  int size = i2d_PUBKEY (key, &spki);

  g_assert_nonnull (good);
  for (guint i = 1; i < G_N_ELEMENTS (exponents); i++)
    g_assert_null (md_rsa_key_new (modulus, exponents[i], NULL));
  g_assert_null (md_rsa_key_new (half, exponents[0], NULL));

  g_autoptr (GBytes) bytes = g_bytes_new (spki, (gsize)size);
  g_autoptr (GBytes) cut = g_bytes_new (spki, (gsize)size - 1);
  g_autoptr (MdRsaKey) read = md_rsa_key_new_from_spki (bytes, NULL);
  g_assert_nonnull (read);
  g_assert_null (md_rsa_key_new_from_spki (cut, NULL));
  OPENSSL_free (spki);
  for (guint i = 0; i < G_N_ELEMENTS (exponents); i++)
    g_bytes_unref (exponents[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  key = EVP_RSA_gen (2048);
  g_assert_nonnull (key);
  g_test_add_func ("/pki/rsa-key/block", test_block);
  g_test_add_func ("/pki/rsa-key/digests", test_digests);
  g_test_add_func ("/pki/rsa-key/refused", test_refused);
  g_test_add_func ("/pki/rsa-key/keys", test_keys);
  int status = g_test_run ();
  EVP_PKEY_free (key);
  return status;
}
