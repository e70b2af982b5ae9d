// SPDX-License-Identifier: Apache-2.0
// Private to src/identity: how a proof is put together.
#pragma once

#ifndef MD_IDENTITY_COMPILATION
#error "md-identity-proof-private.h is private to src/identity"
#endif

#include "md-identity-proof.h"

G_BEGIN_DECLS

struct _MdIdentityProof
{
  gatomicrefcount count;
  MdIdentityVerdict verdict;
  char *detail;
  gint64 checked_at;
  MdPresenceChallenge *challenge;
  GBytes *signature;
  MdCertificate *certificate;
  GBytes *card_ca;
  MdRevocationSource revocation;
  GBytes *ocsp_response;
  char *crl_issuer;
  char *crl_number;
  gint64 crl_this_update; // seconds
  char *crl_sha256;
  GBytes *crl; // DER, or NULL when it was too long
  MdCardAttributes *attributes;
  MdIndividualNumber *number;
};

// Empty but for the challenge. (transfer full)
MdIdentityProof *_md_identity_proof_new (MdPresenceChallenge *challenge);

// Takes over what a certificate's verdict says, revocation evidence included.
void _md_identity_proof_set_pki (MdIdentityProof *self, const MdVerdict *verdict);

// How the card of this certificate signs; NULL for a key that no generation of cards has.
const MdCardProfile *_md_identity_profile_of (const MdCertificate *certificate);

// Whether SIGNATURE is the certificate's over the challenge.
gboolean _md_identity_challenge_is_signed (const MdPresenceChallenge *challenge,
                                           const MdCertificate *certificate, GBytes *signature);

void _md_identity_proof_set_verdict (MdIdentityProof *self, MdIdentityVerdict verdict,
                                     const char *detail);

G_END_DECLS
