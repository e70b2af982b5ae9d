// SPDX-License-Identifier: Apache-2.0
// How a person was identified at the counter.
//
//   md-individual-number.h  個人番号 as a type that shows only its last four digits
//   md-presence.h           the challenge that the card signs, bound to one intake
//   md-identity-verdict.h   what came out, and whether the intake may go on
//   md-identity-proof.h     everything needed to check it again, years later; JSON for evidence.cms
//   md-identity-reading.h   what the card said, for the next intake of the same person
//   md-identity-face.h      the same by the card's face, where no PIN can be used
//   md-signer.h             who signed by the signature certificate: the applicant, a delegate, or
//                           somebody else
//   md-identity-expiry.h    how long card and certificate still live
//   md-papers.h             the same by documents, where there is no card, and
//   md-filer.h              who files: the person, or somebody for the person, and by what
//   md-filer-fit.h          whether the form says the same of it
//   md-brought.h            who brought what nobody is identified for
//   md-identify-request.h   what is to be done with a card, and how it is opened
//   md-identifier.h         the flow: card, PIN, certificate, revocation, signature
//   md-card-tag.h           the same card again, without a PIN
//   md-identity-text.h      each outcome in words for a person
//   md-hold.h               what stopped an intake until a supervisor let it go on
//   md-visit-record.h       what was explained and handed out during a visit (手続きナビ)
//   md-naming.h             whom an intake is of, in digests, so that namesakes are noticed
//   md-match.h              one item of a person on two sides (突合), and why it is the same or not
//   md-match-index.h        one person among many, by name and birth
//   md-confirmation.h       what of it a second person has to confirm (確認リスト)
//   md-card-origin.h        whether what a card gave was signed by an office that may
//   md-card-doctor.h        which layer is at fault when cards cannot be read
//   md-picture.h            the pictures of the card's face as pixels
//   md-staff-key.h          the officer's card as a private key for src/pki
#pragma once

#define MD_IDENTITY_INSIDE
#include "md-individual-number.h"
#include "md-presence.h"
#include "md-identity-verdict.h"
#include "md-identity-proof.h"
#include "md-identity-reading.h"
#include "md-identity-face.h"
#include "md-identity-expiry.h"
#include "md-filer.h"
#include "md-filer-fit.h"
#include "md-brought.h"
#include "md-hold.h"
#include "md-papers.h"
#include "md-papers-text.h"
#include "md-identify-request.h"
#include "md-identifier.h"
#include "md-identity-text.h"
#include "md-match.h"
#include "md-confirmation.h"
#include "md-match-index.h"
#include "md-naming.h"
#include "md-card-doctor.h"
#include "md-card-origin.h"
#include "md-card-tag.h"
#include "md-picture.h"
#include "md-return-reason.h"
#include "md-signer.h"
#include "md-staff-key.h"
#include "md-visit-record.h"
#undef MD_IDENTITY_INSIDE
