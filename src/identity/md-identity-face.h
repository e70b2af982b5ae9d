// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include "md-identity-proof.h"
#include "md-picture.h"

G_BEGIN_DECLS

// Identification without a PIN: the card shows its face (券面事項), signed by the office that
// issued it, and the clerk says whether it is the person at the counter. For 顔認証 cards, locked
// PINs and residents who cannot type one. It proves less than the card's key does: that photograph,
// name, address, birth and sex are those that an issuer signed, that the card whose certificate
// lies beside them was not reported lost, and that a clerk, whose signature stands under the
// application, looked.
//
// It does not prove that this is the card: all of it is data that can be copied to another chip.
// What a copy cannot do (the internal authentication of the visual and the text application, which
// one source tells of) is not asked. A card without a certificate, or one that hides it, is not
// asked whether it was reported lost. And the last day stands outside the signature: it can be
// another one than the card was given. For these three, the card's look and feel are all there is.

// What the clerk says after looking from the photograph to the person.
typedef enum
{
  MD_FACE_ANSWER_NONE, // not yet
  MD_FACE_ANSWER_SAME,
  MD_FACE_ANSWER_OTHER,
  MD_FACE_ANSWER_UNSURE,
} MdFaceAnswer;

// "none", "same", "other", "unsure" (transfer none).
const char *md_face_answer_to_string (MdFaceAnswer answer);
gboolean md_face_answer_from_string (const char *text, MdFaceAnswer *out_answer);

// Whether this proof is by the face, the card has passed, and nobody has answered yet.
gboolean md_identity_proof_awaits_answer (const MdIdentityProof *self);

// The answer, once, before the proof is shared. It gives the verdict; the pictures go.
void md_identity_proof_answer (MdIdentityProof *self, MdFaceAnswer answer);

// What the clerk looks at; NULL when there is none (any more) (transfer none).
MdPicture *md_identity_proof_get_picture (const MdIdentityProof *self, MdCardImage which);

// The card's last day, YYYYMMDD; "" where it does not say, or was not asked (transfer none). By the
// face, nobody has signed for it.
const char *md_identity_proof_get_expiry (const MdIdentityProof *self);

// What the card's face says of the person, where the attributes were not read as text. YYYYMMDD;
// NULL where there is no face (transfer none).
const char *md_identity_proof_get_face_birth (const MdIdentityProof *self);
MdCardSex md_identity_proof_get_face_sex (const MdIdentityProof *self);

G_END_DECLS
