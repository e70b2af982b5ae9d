// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <openssl/objects.h>
#include "md-algorithms-private.h"
#include "md-openssl-private.h"

static const struct
{
  const char *id;
  MdKeyType type;
  int from_bits, to_bits; /* of RSA keys; a curve has its size */
} keys[] = {
  { "rsa-2048", MD_KEY_TYPE_RSA, 2048, 3071 },
  { "rsa-3072", MD_KEY_TYPE_RSA, 3072, 16384 },
  { "ecdsa-p256", MD_KEY_TYPE_EC_P256, 256, 256 },
  { "ecdsa-p384", MD_KEY_TYPE_EC_P384, 384, 384 },
};

static const struct
{
  const char *id;
  int nid;
} hashes[] = {
  { "sha256", NID_sha256 },
  { "sha384", NID_sha384 },
  { "sha512", NID_sha512 },
};

/* The bit of an id, 0 for one that is unknown. */
static guint
key_bit (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (g_strcmp0 (id, keys[i].id) == 0)
      return 1u << i;
  return 0;
}

static guint
hash_bit (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (hashes); i++)
    if (g_strcmp0 (id, hashes[i].id) == 0)
      return 1u << i;
  return 0;
}

gboolean
md_algorithms_knows_key (const char *id)
{
  return key_bit (id) != 0;
}

gboolean
md_algorithms_knows_hash (const char *id)
{
  return hash_bit (id) != 0;
}

MdAlgorithms
md_algorithms_all (void)
{
  return (MdAlgorithms){ .keys = (1u << G_N_ELEMENTS (keys)) - 1,
                         .hashes = (1u << G_N_ELEMENTS (hashes)) - 1 };
}

gboolean
md_algorithms_read (const char *const *key_ids, const char *const *hash_ids,
                    MdAlgorithms *out_algorithms)
{
  MdAlgorithms read = { 0 };

  for (gsize i = 0; key_ids[i] != NULL; i++)
    {
      if (!md_algorithms_knows_key (key_ids[i]))
        return FALSE;
      read.keys |= key_bit (key_ids[i]);
    }
  for (gsize i = 0; hash_ids[i] != NULL; i++)
    {
      if (!md_algorithms_knows_hash (hash_ids[i]))
        return FALSE;
      read.hashes |= hash_bit (hash_ids[i]);
    }
  *out_algorithms = read;
  return TRUE;
}

gboolean
md_algorithms_permit_key (const MdAlgorithms *self, const MdCertificate *certificate)
{
  const MdKeyType type = md_certificate_get_key_type (certificate);
  const EVP_PKEY *key = X509_get0_pubkey (md_certificate_get_x509 (certificate));
  const int bits = key != NULL ? EVP_PKEY_get_bits (key) : 0;

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if ((self->keys & 1u << i) != 0 && keys[i].type == type && bits >= keys[i].from_bits
        && bits <= keys[i].to_bits)
      return TRUE;
  return FALSE;
}

gboolean
md_algorithms_permit_hash_of (const MdAlgorithms *self, int signature)
{
  int hash = NID_undef;

  if (OBJ_find_sigid_algs (signature, &hash, NULL) != 1)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (hashes); i++)
    if ((self->hashes & 1u << i) != 0 && hashes[i].nid == hash)
      return TRUE;
  return FALSE;
}

gboolean
md_algorithms_permit_signature (const MdAlgorithms *self, const MdCertificate *certificate)
{
  /* the kind of key that signed is the issuer's, and judged there */
  return md_algorithms_permit_hash_of (
      self, X509_get_signature_nid (md_certificate_get_x509 (certificate)));
}
