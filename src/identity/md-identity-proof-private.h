// SPDX-License-Identifier: Apache-2.0
// Private to src/identity: how a proof is put together.
#pragma once

#ifndef MD_IDENTITY_COMPILATION
#error "md-identity-proof-private.h is private to src/identity"
#endif

#include "md-card-origin.h"
#include "md-identity-face.h"
#include "md-identity-proof.h"
#include "md-papers.h"
#include <md-record.h>

G_BEGIN_DECLS

#define MD_IDENTITY_PICTURES (MD_CARD_IMAGE_PHOTO + 1)

// What a proof by the card's face has in place of a signature over the challenge.
typedef struct
{
  MdIdentityVerdict card; // without the answer
  MdFaceAnswer answer;
  MdCardFaceDigests digests;
  MdCardIssuer issuer;
  char expiry[9];
  char birth[9];
  MdCardSex sex;
  MdPicture *pictures[MD_IDENTITY_PICTURES]; // while the clerk looks
} MdIdentityFace;

void _md_identity_face_free (MdIdentityFace *face);

// In place of an identification: why there is none, md-brought.c.
typedef struct _MdWaiver MdWaiver;

struct _MdIdentityProof
{
  gatomicrefcount count;
  MdIdentityVerdict verdict;
  char *detail;
  gint64 checked_at;
  MdPresenceChallenge *challenge;
  GBytes *signature;
  MdCertificate *certificate;
  gboolean by_signature; // the key and certificate for signatures, not those for authentication
  MdHolder *holder;      // what that certificate says; NULL where it says nothing that can be read
  MdVerdictCause cause;
  int revocation_reason;  // CRLReason, -1: none
  gint64 revocation_time; // seconds; 0: it was not revoked
  MdRevocationSource revocation;
  GBytes *ocsp_response;
  char *crl_issuer;
  char *crl_number;
  gint64 crl_this_update; // seconds
  char *crl_sha256;
  GBytes *crl;         // DER, or NULL when it was too long
  char card_expiry[9]; // of the card, where it was asked and there is no face; not kept
  MdCardAttributes *attributes;
  MdNumber *number;
  char *read_for;            // the earlier intake that these two were read for; NULL: this one
  MdIdentityFace *face;      // NULL: the card signed the challenge, or there is none:
  MdPapers *papers;          // in place of a card, or NULL
  const char *papers_method; // static
  MdWaiver *waiver;          // nobody was identified, or NULL
  MdFilerKind filer;         // whose card it was: the person's, or the filer's, who showed what
  char filer_issued[11];     // proves the authority, of this day (YYYY-MM-DD, or "")
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

// From here on the proof is by the signature certificate, and this is it.
void _md_identity_proof_take_signer (MdIdentityProof *self, MdCertificate *certificate);

// The certificate being judged with VERDICT: what its holder and the card's text come to together.
MdIdentityVerdict _md_identity_recheck_holder (const MdIdentityProof *self,
                                               MdIdentityVerdict verdict);

// Whether what the card's text application says is what the signature certificate says, as far as
// both were read.
gboolean _md_identity_holder_fits (const MdIdentityProof *self);

// By the card's face: the verdict so far is the card's; from here on it is both.
void _md_identity_face_settle (MdIdentityProof *self);

// The card alone at that moment: VALID, or why not.
MdIdentityVerdict _md_identity_face_judge_card (const MdIdentityFace *face,
                                                const MdCardAuthorities *authorities,
                                                gint64 moment_us);

MdIdentityVerdict _md_identity_face_recheck (const MdIdentityProof *self, const MdTrust *trust,
                                             const MdCardAuthorities *authorities);

// Path at the moment of the check, and the stored answer about revocation.
MdIdentityVerdict _md_identity_recheck_certificate (const MdIdentityProof *self,
                                                    const MdTrust *trust);

MdRecord *_md_identity_face_to_json (const MdIdentityFace *face);
gboolean _md_identity_face_from_json (MdIdentityProof *self, const MdRecord *object);

// What the evidence says of who files; the texts of ISSUED end in it. FALSE: damaged.
MdRecord *_md_filer_to_json (MdFilerKind filer, const char *issued);
gboolean _md_filer_from_json (const MdRecord *object, MdFilerKind *out_filer,
                              char issued[static 11]);
gboolean _md_filer_decode (MdIdentityProof *self, const MdRecord *root);
// On the day of the check.
gboolean _md_filer_authority_is_good (const MdIdentityProof *self, MdPolicy *policy);

void _md_papers_free (MdPapers *papers);
MdIdentityVerdict _md_papers_recheck (const MdIdentityProof *self, MdPolicy *policy);
MdRecord *_md_papers_to_json (const MdPapers *papers);
gboolean _md_papers_from_json (MdIdentityProof *self, const char *method, const MdRecord *object);

void _md_waiver_free (MdWaiver *self);
MdIdentityVerdict _md_waiver_recheck (const MdIdentityProof *self, MdPolicy *policy);
MdRecord *_md_waiver_to_json (const MdWaiver *self);
gboolean _md_waiver_from_json (MdIdentityProof *self, const MdRecord *object);

void _md_identity_proof_set_verdict (MdIdentityProof *self, MdIdentityVerdict verdict,
                                     const char *detail);

G_END_DECLS
