// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include <md-card.h>
#include <md-policy.h>

G_BEGIN_DECLS

// Whether what a card gave was written by the office that may write it: the signatures of 券面事項
// and of the integrity record, up to an authority of the card-verifiable certificates.

typedef enum
{
  MD_CARD_ORIGIN_GENUINE,    // signed by a key that an authority known here vouches for
  MD_CARD_ORIGIN_UNANCHORED, // all fits together, but that authority is not known here: nothing
                             // proves that the card did not bring an authority of its own
  MD_CARD_ORIGIN_FORGED,     // a signature does not fit
} MdCardOrigin;

// "genuine", "unanchored", "forged": for the audit record (transfer none).
const char *md_card_origin_to_string (MdCardOrigin origin);

// The authorities that are known here, by the seven digits of their key identifier (5000033 is said
// to be the real one for 券面事項入力補助, 5000023 for 券面事項確認; their keys are not public).
// Filled once, then shared by any threads.
typedef struct _MdCardAuthorities MdCardAuthorities;

MdCardAuthorities *md_card_authorities_new (void) G_GNUC_WARN_UNUSED_RESULT;

// Those that the policy names; empty when it names none. MD_PKI_ERROR. (transfer full)
MdCardAuthorities *md_card_authorities_new_from_policy (MdPolicy *policy,
                                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

MdCardAuthorities *md_card_authorities_ref (MdCardAuthorities *self);
gboolean md_card_authorities_is_empty (const MdCardAuthorities *self);

// SPKI is the authority's public key in DER. MD_IDENTITY_ERROR_MALFORMED, MD_PKI_ERROR.
gboolean md_card_authorities_add (MdCardAuthorities *self, const char *digits, GBytes *spki,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void md_card_authorities_unref (MdCardAuthorities *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdCardAuthorities, md_card_authorities_unref)

// The record of the text application. That its digests fit what was read is asked of
// md_mynumber_card_compare_integrity(). AUTHORITIES may be NULL: then the best is UNANCHORED.
MdCardOrigin md_card_origin_of_record (const MdCardAuthorities *authorities,
                                       const MdCardIntegrity *record,
                                       const MdCardIssuer *issuer) G_GNUC_WARN_UNUSED_RESULT;

// What the signature of the card's face covers, and the signature: enough to judge it again when
// the face itself is gone.
typedef struct
{
  guint8 parts[MD_CARD_FACE_PARTS_SIZE];
  guint8 whole[32];
  guint8 signature[256];
} MdCardFaceDigests;
void md_card_face_digests_of (const MdCardFace *face, MdCardFaceDigests *out_digests);
MdCardOrigin md_card_origin_of_digests (const MdCardAuthorities *authorities,
                                        const MdCardFaceDigests *digests,
                                        const MdCardIssuer *issuer) G_GNUC_WARN_UNUSED_RESULT;

// The card's face. Its expiry is not among what is signed.
MdCardOrigin md_card_origin_of_face (const MdCardAuthorities *authorities, const MdCardFace *face,
                                     const MdCardIssuer *issuer) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
