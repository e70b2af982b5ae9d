// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include <glib-object.h>
#include <md-pki.h>

G_BEGIN_DECLS

// What came out of an identification that ran to its end. (One that did not has an MD_CARD_ERROR
// instead.)
typedef enum
{
  MD_IDENTITY_VALID,    // card genuine, certificate unrevoked, card present
  MD_IDENTITY_LISTED,   // judged again: the same by a list that is named and not at hand
  MD_IDENTITY_DEFERRED, // the same, but nobody answered about revocation: to be asked later
  MD_IDENTITY_REVOCATION_UNKNOWN, // the authority does not know the certificate, or evidence
                                  // settles nothing
  MD_IDENTITY_EXPIRED,
  MD_IDENTITY_NOT_YET_VALID,
  MD_IDENTITY_REVOKED,
  MD_IDENTITY_SUSPENDED,        // revoked for a time, as after a loss report
  MD_IDENTITY_UNTRUSTED_ISSUER, // a CA we do not know
  MD_IDENTITY_WRONG_PROFILE,    // not a user-authentication certificate
  MD_IDENTITY_TEST_CARD,        // a card of a test PKI, and this is production
  MD_IDENTITY_BAD_CERTIFICATE,  // its signature does not fit
  MD_IDENTITY_BAD_PROOF,        // the card's answer to the challenge does not fit its certificate
  MD_IDENTITY_BAD_DATA,         // what was read does not fit the card's integrity record
  MD_IDENTITY_FACE,        // no certificate signed: card genuine, and the clerk saw the same person
  MD_IDENTITY_FACE_UNSURE, // card genuine, and the clerk cannot tell (or has not told yet)
  MD_IDENTITY_FACE_OTHER,  // card genuine, and the clerk saw somebody else
  MD_IDENTITY_CARD_EXPIRED,    // the card itself is over its last day
  MD_IDENTITY_DOCUMENTS,       // no card: the clerk compared documents that suffice
  MD_IDENTITY_DOCUMENTS_SHORT, // no card, and what was shown or compared does not suffice
  MD_IDENTITY_DOCUMENTS_OTHER, // no card, and the photograph is not (certainly) of the person
  MD_IDENTITY_NOT_REQUIRED,    // nobody was identified: the procedure asks for nobody
} MdIdentityVerdict;

// Whether the intake may go on.
typedef enum
{
  MD_IDENTITY_PROCEED,
  MD_IDENTITY_PROCEED_DEFERRED, // goes on, and says clearly what is deferred
  MD_IDENTITY_STOP,
} MdIdentityPermission;

MdIdentityPermission md_identity_verdict_get_permission (MdIdentityVerdict verdict);

MdIdentityVerdict md_identity_verdict_from_pki (MdVerdictStatus status);

// "valid", "listed", "deferred", "revocation-unknown", "expired", "not-yet-valid", "revoked",
// "suspended", "untrusted-issuer", "wrong-profile", "test-certificate", "bad-certificate",
// "bad-proof", "bad-data", "face", "face-unsure", "face-other", "past-last-day", "documents",
// "documents-short", "documents-other".
const char *md_identity_verdict_to_string (MdIdentityVerdict verdict);
gboolean md_identity_verdict_from_string (const char *text, MdIdentityVerdict *out_verdict);

G_END_DECLS
