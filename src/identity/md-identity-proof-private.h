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
  MdCardAttributes *attributes;
  MdIndividualNumber *number;
};

// Empty but for the challenge. (transfer full)
MdIdentityProof *_md_identity_proof_new (MdPresenceChallenge *challenge);

// Takes over what a certificate's verdict says, revocation evidence included.
void _md_identity_proof_set_pki (MdIdentityProof *self, const MdVerdict *verdict);

void _md_identity_proof_set_verdict (MdIdentityProof *self, MdIdentityVerdict verdict,
                                     const char *detail);

G_END_DECLS
