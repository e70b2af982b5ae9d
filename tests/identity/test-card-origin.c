// SPDX-License-Identifier: Apache-2.0
#include <md-identity.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <string.h>

#define AUTHORITY "9000033"

static EVP_PKEY *authority_key;
static EVP_PKEY *issuer_key;
static EVP_PKEY *stranger_key;

// PKCS#1 v1.5 around DigestInfo { SHA-256, DIGEST }, whatever the size of the digest.
static void
sign_digest (EVP_PKEY *key, const guint8 *digest, gsize size, guint8 *out_signature)
{
  static const guint8 algorithm[] = { 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                      0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00 };
  guint8 info[128] = { 0x30, (guint8)(sizeof algorithm + 2 + size) };
  gsize at = 2 + sizeof algorithm;
  gsize length = 256;
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new (key, NULL);
  memcpy (info + 2, algorithm, sizeof algorithm);
  info[at++] = 0x04;
  info[at++] = (guint8)size;
  memcpy (info + at, digest, size);
  g_assert_cmpint (EVP_PKEY_sign_init (context), ==, 1);
  g_assert_cmpint (EVP_PKEY_CTX_set_rsa_padding (context, RSA_PKCS1_PADDING), ==, 1);
  g_assert_cmpint (EVP_PKEY_sign (context, out_signature, &length, info, at + size), ==, 1);
  EVP_PKEY_CTX_free (context);
}

static void
sign_data (EVP_PKEY *key, const guint8 *data, gsize size, guint8 *out_signature)
{
  guint8 digest[SHA256_DIGEST_LENGTH];
  SHA256 (data, size, digest);
  sign_digest (key, digest, sizeof digest, out_signature);
}

static void
copy_number (EVP_PKEY *key, const char *name, guint8 *out_bytes, int size)
{
  BIGNUM *value = NULL;
  g_assert_cmpint (EVP_PKEY_get_bn_param (key, name, &value), ==, 1);
  g_assert_cmpint (BN_bn2binpad (value, out_bytes, size), ==, size);
  BN_free (value);
}

// The certificate of the issuer's key, by the key SIGNER.
static void
make_issuer (EVP_PKEY *signer, MdCardIssuer *issuer)
{
  guint8 *body = issuer->signed_part;
  memset (issuer, 0, sizeof *issuer);
  memcpy (issuer->authority,
          AUTHORITY "\x08\x05"
                    "0010000",
          16);
  memcpy (issuer->holder,
          "9013999\x08\x05"
          "0010000",
          16);
  copy_number (issuer_key, OSSL_PKEY_PARAM_RSA_N, issuer->modulus, 256);
  copy_number (issuer_key, OSSL_PKEY_PARAM_RSA_E, issuer->exponent, 3);
  memcpy (body, issuer->authority, 16);
  memcpy (body + 16, issuer->holder, 16);
  memcpy (body + 32, "\x90\x03", 2);
  memcpy (body + 34, issuer->exponent, 3);
  memcpy (body + 37, "\x91\x82\x01\x00", 4);
  memcpy (body + 41, issuer->modulus, 256);
  sign_data (signer, body, sizeof issuer->signed_part, issuer->signature);
}

// The record of the text application, in the measured form or with both digests side by side.
static void
make_record (EVP_PKEY *signer, gboolean side_by_side, MdCardIntegrity *record)
{
  guint8 both[64];
  memset (record, 0, sizeof *record);
  memset (record->number_digest, 1, 32);
  memset (record->attributes_digest, 2, 32);
  memcpy (record->signed_part, "\xdf\x31\x20", 3);
  memcpy (record->signed_part + 3, record->number_digest, 32);
  memcpy (record->signed_part + 35, "\xdf\x32\x20", 3);
  memcpy (record->signed_part + 38, record->attributes_digest, 32);
  memcpy (both, record->number_digest, 32);
  memcpy (both + 32, record->attributes_digest, 32);
  if (side_by_side)
    sign_digest (signer, both, sizeof both, record->signature);
  else
    sign_data (signer, record->signed_part, sizeof record->signed_part, record->signature);
}

static GBytes *
spki_of (EVP_PKEY *key)
{
  guint8 *data = NULL;
  int size = i2d_PUBKEY (key, &data);
  GBytes *bytes = g_bytes_new (data, (gsize)size);
  OPENSSL_free (data);
  return bytes;
}

static MdCardAuthorities *
know (EVP_PKEY *key)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) spki = spki_of (key);
  MdCardAuthorities *authorities = md_card_authorities_new ();
  g_assert_true (md_card_authorities_add (authorities, AUTHORITY, spki, &error));
  g_assert_no_error (error);
  return authorities;
}

static void
test_record (void)
{
  g_autoptr (MdCardAuthorities) known = know (authority_key);
  g_autoptr (MdCardAuthorities) empty = md_card_authorities_new ();
  MdCardIssuer issuer;
  MdCardIntegrity record;
  make_issuer (authority_key, &issuer);
  for (int side_by_side = FALSE; side_by_side <= TRUE; side_by_side++)
    {
      make_record (issuer_key, side_by_side, &record);
      g_assert_cmpint (md_card_origin_of_record (known, &record, &issuer), ==,
                       MD_CARD_ORIGIN_GENUINE);
      g_assert_cmpint (md_card_origin_of_record (empty, &record, &issuer), ==,
                       MD_CARD_ORIGIN_UNANCHORED);
      g_assert_cmpint (md_card_origin_of_record (NULL, &record, &issuer), ==,
                       MD_CARD_ORIGIN_UNANCHORED);
      record.signature[100] ^= 1;
      g_assert_cmpint (md_card_origin_of_record (known, &record, &issuer), ==,
                       MD_CARD_ORIGIN_FORGED);
      make_record (stranger_key, side_by_side, &record);
      g_assert_cmpint (md_card_origin_of_record (known, &record, &issuer), ==,
                       MD_CARD_ORIGIN_FORGED);
    }
}

// Signed digests that were changed after.
static void
test_changed_record (void)
{
  g_autoptr (MdCardAuthorities) known = know (authority_key);
  MdCardIssuer issuer;
  MdCardIntegrity record;
  make_issuer (authority_key, &issuer);
  make_record (issuer_key, FALSE, &record);
  record.signed_part[40] ^= 1;
  record.attributes_digest[2] ^= 1;
  g_assert_cmpint (md_card_origin_of_record (known, &record, &issuer), ==, MD_CARD_ORIGIN_FORGED);
}

// A forger with an issuer of his own, who names an authority that we know, and one who names none.
static void
test_strange_issuer (void)
{
  g_autoptr (MdCardAuthorities) known = know (authority_key);
  MdCardIssuer issuer;
  MdCardIntegrity record;
  make_record (issuer_key, FALSE, &record);
  make_issuer (stranger_key, &issuer);
  g_assert_cmpint (md_card_origin_of_record (known, &record, &issuer), ==, MD_CARD_ORIGIN_FORGED);
  memcpy (issuer.authority, "7777777", 7);
  g_assert_cmpint (md_card_origin_of_record (known, &record, &issuer), ==,
                   MD_CARD_ORIGIN_UNANCHORED);
  memcpy (issuer.authority, "\xff\x00 abcd", 7);
  g_assert_cmpint (md_card_origin_of_record (known, &record, &issuer), ==,
                   MD_CARD_ORIGIN_UNANCHORED);
  make_issuer (authority_key, &issuer);
  memset (issuer.modulus, 0, sizeof issuer.modulus);
  g_assert_cmpint (md_card_origin_of_record (known, &record, &issuer), ==, MD_CARD_ORIGIN_FORGED);
}

// An authority may change its key; both generations count.
static void
test_two_generations (void)
{
  g_autoptr (MdCardAuthorities) known = know (stranger_key);
  g_autoptr (GBytes) spki = spki_of (authority_key);
  MdCardIssuer issuer;
  MdCardIntegrity record;
  make_issuer (authority_key, &issuer);
  make_record (issuer_key, FALSE, &record);
  g_assert_cmpint (md_card_origin_of_record (known, &record, &issuer), ==, MD_CARD_ORIGIN_FORGED);
  g_assert_true (md_card_authorities_add (known, AUTHORITY, spki, NULL));
  g_assert_cmpint (md_card_origin_of_record (known, &record, &issuer), ==, MD_CARD_ORIGIN_GENUINE);
}

static void
test_authorities (void)
{
  g_autoptr (MdCardAuthorities) known = md_card_authorities_new ();
  g_autoptr (GBytes) spki = spki_of (authority_key);
  g_autoptr (GBytes) junk = g_bytes_new_static ("junk", 4);
  g_autoptr (GError) error = NULL;
  g_assert_false (md_card_authorities_add (known, "900003", spki, &error));
  g_assert_error (error, MD_IDENTITY_ERROR, MD_IDENTITY_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_false (md_card_authorities_add (known, AUTHORITY, junk, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_MALFORMED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  authority_key = EVP_RSA_gen (2048);
  issuer_key = EVP_RSA_gen (2048);
  stranger_key = EVP_RSA_gen (2048);
  g_test_add_func ("/identity/card-origin/record", test_record);
  g_test_add_func ("/identity/card-origin/changed-record", test_changed_record);
  g_test_add_func ("/identity/card-origin/strange-issuer", test_strange_issuer);
  g_test_add_func ("/identity/card-origin/two-generations", test_two_generations);
  g_test_add_func ("/identity/card-origin/authorities", test_authorities);
  int status = g_test_run ();
  EVP_PKEY_free (authority_key);
  EVP_PKEY_free (issuer_key);
  EVP_PKEY_free (stranger_key);
  return status;
}
