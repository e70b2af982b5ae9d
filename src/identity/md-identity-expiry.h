// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include "md-identity-proof.h"

G_BEGIN_DECLS

// How long what identified the person still lives. A card's certificates never outlive the card, so
// the card itself is asked for its last day only when its certificate is near its own.

// A last day that is known.
typedef struct
{
  MdCardExpiry state; // UNKNOWN: not known, or there is none
  MdDate day;         // unless UNKNOWN
} MdIdentityLife;

// Against the moment at which the person was identified, MONTHS before the end (0: never SOON).
void md_identity_proof_get_certificate_life (const MdIdentityProof *self, guint months,
                                             MdIdentityLife *out_life);
void md_identity_proof_get_card_life (const MdIdentityProof *self, guint months,
                                      MdIdentityLife *out_life);

// The same of any certificate, at WALL_US.
void md_identity_judge_certificate (const MdCertificate *certificate, gint64 wall_us, guint months,
                                    MdIdentityLife *out_life);

G_END_DECLS
