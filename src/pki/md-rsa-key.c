// SPDX-License-Identifier: Apache-2.0
#include "md-rsa-key.h"

#include "md-openssl-private.h"

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <string.h>

#define MIN_BITS 2048
#define MAX_BITS 4096
#define MAX_PAYLOAD 256
#define DIGEST_SIZE 32
#define MAX_DIGESTS 3

struct _MdRsaKey
{
  gatomicrefcount count;
  EVP_PKEY *pkey;
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OSSL_PARAM_BLD, OSSL_PARAM_BLD_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OSSL_PARAM, OSSL_PARAM_free)

MdRsaKey *
md_rsa_key_ref (MdRsaKey *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

void
md_rsa_key_unref (MdRsaKey *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->count))
    return;
  EVP_PKEY_free (self->pkey);
  g_free (self);
}

/* Takes @pkey over if it is a key that we accept. */
static MdRsaKey *
wrap (EVP_PKEY **pkey, GError **error)
{
  g_autoptr (BIGNUM) exponent = NULL;
  BIGNUM *number = NULL;
  const int bits = EVP_PKEY_get_base_id (*pkey) == EVP_PKEY_RSA ? EVP_PKEY_get_bits (*pkey) : 0;
  MdRsaKey *self;

  if (bits > 0 && EVP_PKEY_get_bn_param (*pkey, OSSL_PKEY_PARAM_RSA_E, &number) == 1)
    exponent = number;
  if (bits < MIN_BITS || bits > MAX_BITS || exponent == NULL || !BN_is_odd (exponent)
      || BN_is_one (exponent))
    {
      md_pki_set_error (error, MD_PKI_ERROR_UNSUPPORTED, "not an RSA key that is accepted");
      return NULL;
    }
  self = g_new0 (MdRsaKey, 1);
  g_atomic_ref_count_init (&self->count);
  self->pkey = g_steal_pointer (pkey);
  return self;
}

static BIGNUM *
number_from (GBytes *bytes)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  return size <= MAX_BITS / 8 ? BN_bin2bn (data, (int)size, NULL) : NULL;
}

MdRsaKey *
md_rsa_key_new (GBytes *modulus, GBytes *exponent, GError **error)
{
  g_autoptr (BIGNUM) n = number_from (modulus);
  g_autoptr (BIGNUM) e = number_from (exponent);
  g_autoptr (OSSL_PARAM_BLD) builder = OSSL_PARAM_BLD_new ();
  g_autoptr (OSSL_PARAM) params = NULL;
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_id (EVP_PKEY_RSA, NULL);
  g_autoptr (EVP_PKEY) pkey = NULL;
  EVP_PKEY *made = NULL;

  if (n != NULL && e != NULL && builder != NULL
      && OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_RSA_N, n) == 1
      && OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_RSA_E, e) == 1)
    params = OSSL_PARAM_BLD_to_param (builder);
  if (params != NULL && context != NULL && EVP_PKEY_fromdata_init (context) == 1
      && EVP_PKEY_fromdata (context, &made, EVP_PKEY_PUBLIC_KEY, params) == 1)
    pkey = made;
  if (pkey == NULL)
    {
      md_pki_set_error (error, MD_PKI_ERROR_UNSUPPORTED, "these numbers are no RSA key");
      return NULL;
    }
  return wrap (&pkey, error);
}

MdRsaKey *
md_rsa_key_new_from_spki (GBytes *spki, GError **error)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (spki, &size);
  const guint8 *end = data;
  g_autoptr (EVP_PKEY) pkey = NULL;

  if (size > 0 && size <= MD_PKI_MAX_KEY_FILE)
    pkey = d2i_PUBKEY (NULL, &end, (long)size);
  if (pkey == NULL || end != data + size)
    {
      md_pki_set_error (error, MD_PKI_ERROR_MALFORMED, "not a public key in DER");
      return NULL;
    }
  return wrap (&pkey, error);
}

gboolean
md_rsa_key_signs (const MdRsaKey *self, const guint8 *payload, gsize size, GBytes *signature,
                  GError **error)
{
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new (self->pkey, NULL);
  guint8 block[MAX_BITS / 8];
  gsize length = sizeof block;
  gsize signature_size = 0;
  const guint8 *data = g_bytes_get_data (signature, &signature_size);

  if (size > 0 && size <= MAX_PAYLOAD && context != NULL
      && EVP_PKEY_verify_recover_init (context) == 1
      && EVP_PKEY_CTX_set_rsa_padding (context, RSA_PKCS1_PADDING) == 1
      && EVP_PKEY_verify_recover (context, block, &length, data, signature_size) == 1
      && length == size && memcmp (block, payload, size) == 0)
    return TRUE;
  md_pki_set_error (error, MD_PKI_ERROR_BAD_SIGNATURE, "the signature does not fit");
  return FALSE;
}

/* DigestInfo { SHA-256, NULL } with an octet string of this size: DER, every length in one byte. */
gboolean
md_rsa_key_signs_digest (const MdRsaKey *self, const guint8 *digest, gsize size, GBytes *signature,
                         GError **error)
{
  static const guint8 algorithm[] = { 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                      0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00 };
  guint8 payload[2 + sizeof algorithm + 2 + MAX_DIGESTS * DIGEST_SIZE];
  gsize at = 0;

  g_return_val_if_fail (size > 0 && size % DIGEST_SIZE == 0 && size <= MAX_DIGESTS * DIGEST_SIZE,
                        FALSE);
  payload[at++] = 0x30;
  payload[at++] = (guint8)(sizeof algorithm + 2 + size);
  memcpy (payload + at, algorithm, sizeof algorithm);
  at += sizeof algorithm;
  payload[at++] = 0x04;
  payload[at++] = (guint8)size;
  memcpy (payload + at, digest, size);
  return md_rsa_key_signs (self, payload, at + size, signature, error);
}
