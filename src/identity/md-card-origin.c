// SPDX-License-Identifier: Apache-2.0
#include "md-card-origin.h"

#include "md-individual-number.h"

#include <md-base.h>
#include <md-pki.h>
#include <string.h>

#define ID_DIGITS 7
#define DIGEST_SIZE MD_SHA256_SIZE

struct _MdCardAuthorities
{
  gatomicrefcount count;
  GHashTable *keys; // seven digits -> GPtrArray of MdRsaKey
};

const char *
md_card_origin_to_string (MdCardOrigin origin)
{
  static const char *const names[] = {
    [MD_CARD_ORIGIN_GENUINE] = "genuine",
    [MD_CARD_ORIGIN_UNANCHORED] = "unanchored",
    [MD_CARD_ORIGIN_FORGED] = "forged",
  };
  g_return_val_if_fail (origin < G_N_ELEMENTS (names), NULL);
  return names[origin];
}

MdCardAuthorities *
md_card_authorities_new (void)
{
  MdCardAuthorities *self = g_new0 (MdCardAuthorities, 1);
  g_atomic_ref_count_init (&self->count);
  self->keys
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
  return self;
}

MdCardAuthorities *
md_card_authorities_new_from_policy (MdPolicy *policy, GError **error)
{
  g_autoptr (MdCardAuthorities) self = md_card_authorities_new ();
  const GPtrArray *named = md_policy_get_card_authorities (policy);
  for (guint i = 0; i < named->len; i++)
    {
      const MdPolicyCardAuthority *authority = g_ptr_array_index (named, i);
      if (!md_card_authorities_add (self, authority->id, authority->key, error))
        return NULL;
    }
  return g_steal_pointer (&self);
}

MdCardAuthorities *
md_card_authorities_ref (MdCardAuthorities *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

gboolean
md_card_authorities_is_empty (const MdCardAuthorities *self)
{
  return g_hash_table_size (self->keys) == 0;
}

void
md_card_authorities_unref (MdCardAuthorities *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->count))
    return;
  g_hash_table_unref (self->keys);
  g_free (self);
}

gboolean
md_card_authorities_add (MdCardAuthorities *self, const char *digits, GBytes *spki, GError **error)
{
  g_return_val_if_fail (self != NULL && digits != NULL && spki != NULL, FALSE);
  if (!md_digits_is (digits, ID_DIGITS))
    {
      g_set_error (error, MD_IDENTITY_ERROR, MD_IDENTITY_ERROR_MALFORMED,
                   "a card authority is named by %d digits", ID_DIGITS);
      return FALSE;
    }
  MdRsaKey *key = md_rsa_key_new_from_spki (spki, error);
  if (key == NULL)
    return FALSE;
  GPtrArray *known = g_hash_table_lookup (self->keys, digits);
  if (known == NULL)
    {
      known = g_ptr_array_new_with_free_func ((GDestroyNotify)md_rsa_key_unref);
      g_hash_table_insert (self->keys, g_strdup (digits), known);
    }
  g_ptr_array_add (known, key);
  return TRUE;
}

static gboolean
signs (const MdRsaKey *key, const guint8 *digest, gsize size, const guint8 *signature)
{
  g_autoptr (GBytes) bytes = g_bytes_new (signature, 256);
  return md_rsa_key_signs_digest (key, digest, size, bytes, NULL);
}

// The authorities with the identifier that the certificate names; NULL when there is none.
static GPtrArray *
find_authorities (const MdCardAuthorities *authorities, const MdCardIssuer *issuer)
{
  char digits[ID_DIGITS + 1] = { 0 };
  memcpy (digits, issuer->authority, ID_DIGITS);
  return authorities != NULL && md_digits_is (digits, ID_DIGITS)
             ? g_hash_table_lookup (authorities->keys, digits)
             : NULL;
}

// Who stands behind the issuer's key. An identifier that we know, with a signature that its keys
// did not make, is a forgery.
static MdCardOrigin
judge_issuer (const MdCardAuthorities *authorities, const MdCardIssuer *issuer)
{
  guint8 digest[DIGEST_SIZE];
  GPtrArray *known = find_authorities (authorities, issuer);
  if (known == NULL)
    return MD_CARD_ORIGIN_UNANCHORED;
  md_sha256 (issuer->signed_part, sizeof issuer->signed_part, digest);
  for (guint i = 0; i < known->len; i++)
    if (signs (g_ptr_array_index (known, i), digest, sizeof digest, issuer->signature))
      return MD_CARD_ORIGIN_GENUINE;
  return MD_CARD_ORIGIN_FORGED;
}

static MdRsaKey *
key_of (const MdCardIssuer *issuer)
{
  g_autoptr (GBytes) modulus = g_bytes_new (issuer->modulus, sizeof issuer->modulus);
  g_autoptr (GBytes) exponent = g_bytes_new (issuer->exponent, sizeof issuer->exponent);
  return md_rsa_key_new (modulus, exponent, NULL);
}

MdCardOrigin
md_card_origin_of_record (const MdCardAuthorities *authorities, const MdCardIntegrity *record,
                          const MdCardIssuer *issuer)
{
  guint8 digest[DIGEST_SIZE];
  guint8 both[2 * DIGEST_SIZE];
  g_return_val_if_fail (record != NULL && issuer != NULL, MD_CARD_ORIGIN_FORGED);
  g_autoptr (MdRsaKey) key = key_of (issuer);
  // One card was measured: a usual signature over the two elements. The card's face signs its
  // digests side by side instead; should this record do so on another card, it is as good.
  md_sha256 (record->signed_part, sizeof record->signed_part, digest);
  memcpy (both, record->number_digest, DIGEST_SIZE);
  memcpy (both + DIGEST_SIZE, record->attributes_digest, DIGEST_SIZE);
  if (key == NULL
      || (!signs (key, digest, sizeof digest, record->signature)
          && !signs (key, both, sizeof both, record->signature)))
    return MD_CARD_ORIGIN_FORGED;
  return judge_issuer (authorities, issuer);
}

void
md_card_face_digests_of (const MdCardFace *face, MdCardFaceDigests *out_digests)
{
  g_return_if_fail (face != NULL && out_digests != NULL);
  memcpy (out_digests->parts, md_card_face_get_part_digests (face), sizeof out_digests->parts);
  memcpy (out_digests->whole, md_card_face_get_whole_digest (face), sizeof out_digests->whole);
  memcpy (out_digests->signature, md_card_face_get_signature (face), sizeof out_digests->signature);
}

MdCardOrigin
md_card_origin_of_digests (const MdCardAuthorities *authorities, const MdCardFaceDigests *digests,
                           const MdCardIssuer *issuer)
{
  g_return_val_if_fail (digests != NULL && issuer != NULL, MD_CARD_ORIGIN_FORGED);
  g_autoptr (MdRsaKey) key = key_of (issuer);
  // Again two forms: measured, and usual.
  if (key == NULL
      || (!signs (key, digests->parts, sizeof digests->parts, digests->signature)
          && !signs (key, digests->whole, sizeof digests->whole, digests->signature)))
    return MD_CARD_ORIGIN_FORGED;
  return judge_issuer (authorities, issuer);
}

MdCardOrigin
md_card_origin_of_face (const MdCardAuthorities *authorities, const MdCardFace *face,
                        const MdCardIssuer *issuer)
{
  MdCardFaceDigests digests;
  g_return_val_if_fail (face != NULL && issuer != NULL, MD_CARD_ORIGIN_FORGED);
  md_card_face_digests_of (face, &digests);
  return md_card_origin_of_digests (authorities, &digests, issuer);
}
