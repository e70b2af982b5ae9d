// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include "md-identity-proof.h"

G_BEGIN_DECLS

// Every outcome in words, in the current language: what happened, what it means, what to do and who
// can help. (transfer full, never NULL)
MdCardText *md_identity_text_for_verdict (MdIdentityVerdict verdict) G_GNUC_WARN_UNUSED_RESULT;

// The same for this proof: its verdict, and what was found about the certificate: of which kind it
// is, since when and why it is revoked. (transfer full, never NULL)
MdCardText *md_identity_text_for_proof (const MdIdentityProof *proof) G_GNUC_WARN_UNUSED_RESULT;

// The same for a failed identification: MD_CARD_ERROR, MD_IDENTITY_ERROR, G_IO_ERROR_CANCELLED.
MdCardText *md_identity_text_for_error (const GError *error) G_GNUC_WARN_UNUSED_RESULT;

// One word for the person panel: "Valid", "Revoked", "Not yet confirmed" ... (transfer none)
const char *md_identity_verdict_get_label (MdIdentityVerdict verdict);

// A phone on the reader, where a card is needed. (transfer full)
MdCardText *md_identity_text_for_phone (MdTokenKind token) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
