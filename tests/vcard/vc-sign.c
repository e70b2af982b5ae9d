// SPDX-License-Identifier: Apache-2.0
#include "vc-profile.h"

#include <openssl/rsa.h>

static gboolean
prepare (EVP_PKEY_CTX *ctx, int rsa_padding, gboolean hashed)
{
  if (EVP_PKEY_sign_init (ctx) != 1)
    return FALSE;
  if (rsa_padding && EVP_PKEY_CTX_set_rsa_padding (ctx, rsa_padding) != 1)
    return FALSE;
  if (hashed && EVP_PKEY_CTX_set_signature_md (ctx, EVP_sha256 ()) != 1)
    return FALSE;
  return rsa_padding != RSA_PKCS1_PSS_PADDING
         || EVP_PKEY_CTX_set_rsa_pss_saltlen (ctx, RSA_PSS_SALTLEN_DIGEST) == 1;
}

gboolean
vc_sign (EVP_PKEY *key, int rsa_padding, gboolean hashed, const guint8 *input, gsize size,
         GByteArray *out)
{
  EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new (key, NULL);
  guint8 signature[512];
  gsize length = sizeof signature;
  gboolean good = ctx && prepare (ctx, rsa_padding, hashed)
                  && EVP_PKEY_sign (ctx, signature, &length, input, size) == 1;

  EVP_PKEY_CTX_free (ctx);
  if (good)
    g_byte_array_append (out, signature, (guint)length);
  return good;
}
