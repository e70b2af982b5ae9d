// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include "md-identity-proof.h"

G_BEGIN_DECLS

// What a card said of its holder for one intake, for the next one of the same person while the card
// has not left the reader. It stands in for reading the same again, never for the proof: each
// intake has the card sign a challenge of its own. Counted; wiped when it goes.
typedef struct _MdIdentityReading MdIdentityReading;

// NULL where PROOF is not by the card's own key for authentication, or the card was not asked for
// the person; or where the card is another one's who files. (transfer full)
MdIdentityReading *md_identity_reading_new (const MdIdentityProof *proof) G_GNUC_WARN_UNUSED_RESULT;
MdIdentityReading *md_identity_reading_ref (MdIdentityReading *self);
void md_identity_reading_unref (MdIdentityReading *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdIdentityReading, md_identity_reading_unref)

// Whether the individual number was read, too; and without it from here on.
gboolean md_identity_reading_has_number (const MdIdentityReading *self);
void md_identity_reading_forget_number (MdIdentityReading *self);

// PROOF, fresh and without what is in the reading, has it from here on, with the number where
// NUMBER is TRUE; and says in its evidence for which intake it was read. FALSE: another card signed
// it.
gboolean md_identity_proof_take_reading (MdIdentityProof *proof, MdIdentityReading *reading,
                                         gboolean number) G_GNUC_WARN_UNUSED_RESULT;

// For which earlier intake the card was read; NULL: for this one, as ever (transfer none).
const char *md_identity_proof_get_read_for (const MdIdentityProof *self);

G_END_DECLS
