// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include "md-identity-verdict.h"
#include "md-card-origin.h"
#include "md-filer.h"
#include "md-individual-number.h"
#include "md-match.h"
#include "md-presence.h"
#include "md-visit-record.h"
#include <md-card.h>
#include <md-policy.h>

G_BEGIN_DECLS

// The evidence of one identification. Immutable and counted; personal values in it are wiped when
// it goes.
#define MD_TYPE_IDENTITY_PROOF (md_identity_proof_get_type ())
typedef struct _MdIdentityProof MdIdentityProof;

GType md_identity_proof_get_type (void);

MdIdentityProof *md_identity_proof_ref (MdIdentityProof *self);
void md_identity_proof_unref (MdIdentityProof *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdIdentityProof, md_identity_proof_unref)

MdIdentityVerdict md_identity_proof_get_verdict (const MdIdentityProof *self);

// What was found about the certificate, within the verdict; NONE when there is nothing to add, and
// for evidence that was read again. When and why (CRLReason, -1) it was revoked or suspended; 0
// when it was not.
MdVerdictCause md_identity_proof_get_cause (const MdIdentityProof *self);
gint64 md_identity_proof_get_revocation_time (const MdIdentityProof *self);
int md_identity_proof_get_revocation_reason (const MdIdentityProof *self);

// The card's key signed the challenge; or the clerk compared the card's face (md-identity-face.h).
#define MD_IDENTITY_METHOD_JPKI "jpki-auth"
#define MD_IDENTITY_METHOD_FACE "card-face"
// The card's key for signatures signed it, after its password (md-signer.h).
#define MD_IDENTITY_METHOD_SIGN "jpki-sign"
// No card: papers were compared (md-papers.h).
#define MD_IDENTITY_METHOD_PHOTO "photo-document"
#define MD_IDENTITY_METHOD_NOTICE "notice-card"
#define MD_IDENTITY_METHOD_TWO "two-documents"
// Nor anybody: copies came by post.
#define MD_IDENTITY_METHOD_POST MD_METHOD_POSTED_COPIES
// Nobody was identified: the procedure asks for nobody (md-brought.h).
#define MD_IDENTITY_METHOD_NONE MD_METHOD_NONE
const char *md_identity_proof_get_method (const MdIdentityProof *self);

// MdClock wall time in microseconds.
gint64 md_identity_proof_get_checked_at (const MdIdentityProof *self);

// (transfer none) Signature is NULL where the flow stopped before the card signed.
MdPresenceChallenge *md_identity_proof_get_challenge (const MdIdentityProof *self);
GBytes *md_identity_proof_get_signature (const MdIdentityProof *self);
MdCertificate *md_identity_proof_get_certificate (const MdIdentityProof *self);

// "ocsp", "crl", "none"; the response in DER or NULL (transfer none).
MdRevocationSource md_identity_proof_get_revocation (const MdIdentityProof *self);
GBytes *md_identity_proof_get_ocsp_response (const MdIdentityProof *self);
// Of which time the list was that answered, in seconds; 0 when it was no list.
gint64 md_identity_proof_get_list_time (const MdIdentityProof *self);

// What the card said about the person; NULL where it was not asked for (transfer none). The number
// is never part of the encoded evidence.
MdCardAttributes *md_identity_proof_get_attributes (const MdIdentityProof *self);
MdNumber *md_identity_proof_get_number (const MdIdentityProof *self);

// What the signature certificate says of the person; NULL by another method, and where the
// certificate is of another kind (transfer none).
MdHolder *md_identity_proof_get_holder (const MdIdentityProof *self);

// One of the four items as what was read says it: the card's text application, else the signature
// certificate. FALSE where neither was. Borrowed from the proof.
gboolean md_identity_proof_get_side (const MdIdentityProof *self, MdMatchItem item,
                                     MdMatchSide *out_side) G_GNUC_WARN_UNUSED_RESULT;

// Who was identified: the person (MD_FILER_SELF), or who files for the person and showed a proof of
// authority of that day (YYYY-MM-DD, "" where none is needed). By a card: whose card it was.
MdFilerKind md_identity_proof_get_filer (const MdIdentityProof *self);
const char *md_identity_proof_get_authority_date (const MdIdentityProof *self);
// What was read is the filer's: nothing of it is about the person.
gboolean md_identity_proof_is_of_filers_card (const MdIdentityProof *self);
// By a card, before it is encoded. Papers say it themselves.
void md_identity_proof_set_filer (MdIdentityProof *self, MdFilerKind filer, const char *issued);

// One English line for the audit record; nothing personal (transfer none).
const char *md_identity_proof_get_detail (const MdIdentityProof *self);

// The digest of the revocation list that was asked, when the evidence names it only; else NULL.
// Given to the proof (TRUE: it is the one), it is judged as if it had been enclosed.
const char *md_identity_proof_get_named_list (const MdIdentityProof *self);
gboolean md_identity_proof_take_list (MdIdentityProof *self, GBytes *list);

// The plain text of evidence.cms: UTF-8 JSON of schema "madoguchi-evidence/1". HOLDS: what stopped
// the intake and was released (array of MdHold), or NULL. SALT: what the manifest binds whom the
// intake is of with (md-naming.h), or NULL. VISIT: what was explained and handed out, or NULL.
// (transfer full)
MdSecret *md_identity_proof_encode (const MdIdentityProof *self) G_GNUC_WARN_UNUSED_RESULT;
MdSecret *md_identity_proof_encode_held (const MdIdentityProof *self, const GPtrArray *holds,
                                         const char *salt,
                                         const MdVisitRecord *visit) G_GNUC_WARN_UNUSED_RESULT;

// Reads it again (at the back office, years later). Says only that the form is right: see recheck.
// MD_IDENTITY_ERROR_MALFORMED. (transfer full)
MdIdentityProof *md_identity_proof_decode (const guint8 *json, gsize length,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Judges the stored evidence again without trusting the terminal's verdict: digest, signature, path
// at the time it was checked, and the stored OCSP response or revocation list; TRUST is of the line
// that the method uses (md_identity_proof_create_trust()). By a signature also that the certificate
// and the card's text speak of one person. A list that was too
// long to be stored is only named: LISTED. DEFERRED alone means that nobody was asked. By the face:
// that AUTHORITIES (nullable) vouch for who signed it, that the card was in force, what its
// certificate said if it had one, and the clerk's answer. By papers nothing can be said without the
// policy's list: DOCUMENTS_SHORT; see recheck_by, which also asks for a filer's proof of authority.
// Where nobody was identified, only recheck_by can tell: BAD_PROOF.
MdIdentityVerdict md_identity_proof_recheck (const MdIdentityProof *self, const MdTrust *trust,
                                             const MdCardAuthorities *authorities);

// Whom POLICY trusts to issue certificates of the kind that the method uses. MD_PKI_ERROR.
// (transfer full)
MdTrust *md_identity_proof_create_trust (const MdIdentityProof *self, MdPolicy *policy,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

// What kind of certificate it is, where it is none that will do: to be named.
MdVerdictCause md_identity_proof_find_cause (const MdIdentityProof *self, MdPolicy *policy);

// md_identity_proof_recheck() with whom POLICY trusts, and a list that was older than POLICY lets
// it be is DEFERRED. FALSE: the policy cannot say. MD_PKI_ERROR, MD_IDENTITY_ERROR_MALFORMED.
gboolean md_identity_proof_recheck_by (const MdIdentityProof *self, MdPolicy *policy,
                                       MdIdentityVerdict *out_verdict,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
