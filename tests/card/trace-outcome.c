// SPDX-License-Identifier: Apache-2.0
#include "trace-outcome.h"

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <string.h>

#define SIGNED_TEXT "madoguchi trace"
#define MODULUS_SIZE 256

void
trace_digest_make (const MdCardProfile *profile, TraceDigest *out_digest)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (profile->hash);
  gsize size = sizeof out_digest->bytes;
  g_checksum_update (checksum, (const guchar *)SIGNED_TEXT, strlen (SIGNED_TEXT));
  g_checksum_get_digest (checksum, out_digest->bytes, &size);
  g_assert_cmpuint (size, ==, profile->digest_size);
}

const char *
trace_pin_get_name (MdCardPin pin)
{
  static const char *const names[]
      = { [MD_CARD_PIN_AUTH] = "auth",     [MD_CARD_PIN_TEXT] = "text",
          [MD_CARD_PIN_SIGN] = "sign",     [MD_CARD_PIN_TEXT_A] = "text-a",
          [MD_CARD_PIN_TEXT_B] = "text-b", [MD_CARD_PIN_FACE_A] = "face-a",
          [MD_CARD_PIN_FACE_B] = "face-b", [MD_CARD_PIN_STAFF] = "staff" };
  return names[pin];
}

void
trace_tell_error (const GError *error, GString *outcome)
{
  g_assert_true (error->domain == MD_CARD_ERROR);
  g_string_append_printf (outcome, "error %s", md_card_error_nick ((MdCardError)error->code));
  if (md_card_error_get_pin (error) != MD_CARD_PIN_NONE)
    g_string_append_printf (outcome, " %s", trace_pin_get_name (md_card_error_get_pin (error)));
  if (md_card_error_get_tries (error) != MD_CARD_TRIES_UNKNOWN)
    g_string_append_printf (outcome, " %d", md_card_error_get_tries (error));
  g_string_append_c (outcome, '\n');
}

void
trace_tell_token (MdTokenKind kind, const char *label, GString *outcome)
{
  static const char *const kinds[] = { [MD_TOKEN_UNKNOWN] = "unknown",
                                       [MD_TOKEN_CARD] = "card",
                                       [MD_TOKEN_OLD_CARD] = "old-card",
                                       [MD_TOKEN_ANDROID] = "android",
                                       [MD_TOKEN_IPHONE] = "iphone" };
  g_string_append_printf (outcome, "token %s %s\n", kinds[kind], label);
}

static X509 *
parse (GBytes *certificate)
{
  gsize size = 0;
  const guint8 *at = g_bytes_get_data (certificate, &size);
  X509 *x509 = d2i_X509 (NULL, &at, (long)size);
  g_assert_nonnull (x509);
  return x509;
}

void
trace_tell_certificate (GBytes *certificate, GString *outcome)
{
  X509 *x509 = parse (certificate);
  X509_free (x509);
  g_string_append_printf (outcome, "certificate %" G_GSIZE_FORMAT "\n",
                          g_bytes_get_size (certificate));
}

// Whether SIGNATURE is one over the digest by the key of CERTIFICATE.
static gboolean
is_signed (GBytes *certificate, const MdCardProfile *profile, const guint8 *digest,
           GBytes *signature)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (signature, &size);
  X509 *x509 = parse (certificate);
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new (X509_get0_pubkey (x509), NULL);
  gboolean good = EVP_PKEY_verify_init (context) == 1
                  && EVP_PKEY_CTX_set_signature_md (context, profile->hash == G_CHECKSUM_SHA256
                                                                 ? EVP_sha256 ()
                                                                 : EVP_sha384 ())
                         == 1
                  && EVP_PKEY_verify (context, data, size, digest, profile->digest_size) == 1;
  EVP_PKEY_CTX_free (context);
  X509_free (x509);
  return good;
}

// Whether the block that SIGNATURE was made of is one of PKCS#1 type 1 that ends with END.
static gboolean
is_sealed (const MdCardIssuer *issuer, const guint8 *signature, const guint8 *end, gsize size)
{
  guint8 block[MODULUS_SIZE] = { 0 };
  BN_CTX *context = BN_CTX_new ();
  BIGNUM *modulus = BN_bin2bn (issuer->modulus, sizeof issuer->modulus, NULL);
  BIGNUM *exponent = BN_bin2bn (issuer->exponent, sizeof issuer->exponent, NULL);
  BIGNUM *number = BN_bin2bn (signature, sizeof block, NULL);
  gboolean good = BN_mod_exp (number, number, exponent, modulus, context) == 1
                  && BN_bn2binpad (number, block, sizeof block) == sizeof block;
  BN_free (number);
  BN_free (exponent);
  BN_free (modulus);
  BN_CTX_free (context);
  return good && block[0] == 0 && block[1] == 1 && block[2] == 0xff
         && memcmp (block + sizeof block - size, end, size) == 0;
}

static void
tell_record (const MdCardFlowResult *result, GString *outcome)
{
  guint8 digest[32];
  gsize size = sizeof digest;
  if (!result->has_integrity)
    {
      g_string_append (outcome, "record kept back\n");
      return;
    }
  g_string_append_printf (outcome, "record %s\n",
                          result->integrity_check == MD_CARD_INTEGRITY_FITS ? "fits" : "differs");
  if (!result->has_issuer)
    return;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_checksum_update (checksum, result->integrity.signed_part, sizeof result->integrity.signed_part);
  g_checksum_get_digest (checksum, digest, &size);
  gboolean sealed = is_sealed (&result->issuer, result->integrity.signature, digest, size);
  g_string_append_printf (outcome, "issuer %.7s %s\n", (const char *)result->issuer.authority,
                          sealed ? "signed it" : "did not sign it");
}

static void
tell_face (const MdCardFlowResult *result, GString *outcome)
{
  const char *expiry = md_card_face_get_expiry (result->face);
  g_string_append_printf (outcome, "birth %s\nsex %d\nuntil %s\npictures",
                          md_card_face_get_birth (result->face),
                          md_card_face_get_sex (result->face), *expiry != '\0' ? expiry : "untold");
  for (guint i = MD_CARD_IMAGE_NAME; i <= MD_CARD_IMAGE_PHOTO; i++)
    g_string_append_printf (
        outcome, " %" G_GSIZE_FORMAT,
        md_secret_get_size (md_card_face_get_image (result->face, (MdCardImage)i)));
  g_string_append_c (outcome, '\n');
  if (!result->has_issuer)
    return;
  gboolean sealed
      = is_sealed (&result->issuer, md_card_face_get_signature (result->face),
                   md_card_face_get_part_digests (result->face), MD_CARD_FACE_PARTS_SIZE);
  g_string_append_printf (outcome, "issuer %.7s %s\n", (const char *)result->issuer.authority,
                          sealed ? "signed it" : "did not sign it");
}

void
trace_tell_flow (MdCardFlow flow, const MdCardFlowRequest *request, const MdCardFlowResult *result,
                 GString *outcome)
{
  const MdCardAttributes *attributes = result->attributes;
  if (flow == MD_CARD_FLOW_ATTRIBUTES)
    g_string_append_printf (
        outcome, "name %s\naddress %s\nbirth %s\nsex %s\n",
        md_card_attributes_get_name (attributes), md_card_attributes_get_address (attributes),
        md_card_attributes_get_birth (attributes), md_card_attributes_get_sex_code (attributes));
  if (flow == MD_CARD_FLOW_NUMBER)
    g_string_append_printf (outcome, "number %s\n", md_secret_get_text (result->number));
  if (flow == MD_CARD_FLOW_ATTRIBUTES || flow == MD_CARD_FLOW_NUMBER)
    tell_record (result, outcome);
  if (flow == MD_CARD_FLOW_FACE)
    tell_face (result, outcome);
  if (request->profile == NULL)
    return;
  trace_tell_certificate (result->certificate, outcome);
  g_string_append_printf (
      outcome, "signature %s\n",
      is_signed (result->certificate, request->profile, request->digest, result->signature)
          ? "fits"
          : "does not fit");
}
