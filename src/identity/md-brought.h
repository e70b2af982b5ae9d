// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include "md-identity-proof.h"
#include "md-signer.h"
#include <md-policy.h>

G_BEGIN_DECLS

// What is taken in without anybody's identification, where the policy says that the procedure asks
// for none (md_policy_waives_identification()): who brought it, in the clerk's words, and by which
// policy nobody was asked.
#define MD_BROUGHT_BY_MAX 16
#define MD_BROUGHT_NAME_MAX 100 // characters

// A plain record. The name is of an institution or a section, of no person.
typedef struct
{
  char by[MD_BROUGHT_BY_MAX];                     // a kind of filer of the form; "": unsaid
  char organisation[4 * MD_BROUGHT_NAME_MAX + 1]; // UTF-8; "" where it is not asked for
} MdBrought;

// For the clerk, translated, static; NULL for a word that is no kind of filer.
const char *md_brought_get_label (const char *by);
// What it takes in, in a few words; NULL where the label says it.
const char *md_brought_get_note (const char *by);
// Whether the name of an institution or a section belongs to it.
gboolean md_brought_asks_organisation (const char *by);

// FALSE: longer than it may be, or no text; nothing is taken. "" empties it.
gboolean md_brought_take_organisation (MdBrought *self, const char *text) G_GNUC_WARN_UNUSED_RESULT;

// What stands in the way.
typedef enum
{
  MD_BROUGHT_PASS,
  MD_BROUGHT_UNSAID,       // none of FILERS (of the form, NULL-terminated), or nothing
  MD_BROUGHT_NO_NAME,      // the institution or section is not named,
  MD_BROUGHT_NAME_TOO_MUCH // or one is where none belongs
} MdBroughtFinding;
MdBroughtFinding md_brought_judge (const MdBrought *self, const char *const *filers);

// How it came, as the form has it ("m.channel"): what the office does of itself is "ex-officio".
const char *md_brought_get_channel (const MdBrought *self);

// Whether the contents (by LOOK_UP) say the same of channel and filer, as far as they say it.
gboolean md_brought_fits_contents (const MdBrought *self, MdSignerLookup look_up, gpointer form);

// The proof that nobody was identified, and by which policy: NOT_REQUIRED, or BAD_PROOF where
// POLICY asks for somebody. (transfer full)
MdIdentityProof *md_identity_proof_new_from_brought (MdPresenceChallenge *challenge,
                                                     const MdBrought *brought, MdPolicy *policy,
                                                     gint64 checked_at) G_GNUC_WARN_UNUSED_RESULT;

// NULL for every other way of identification. Borrowed.
const MdBrought *md_identity_proof_get_brought (const MdIdentityProof *self);
// By which policy nobody was asked; 0 and NULL for every other way.
guint md_identity_proof_get_waived_version (const MdIdentityProof *self);
const char *md_identity_proof_get_waived_digest (const MdIdentityProof *self);

// Whether a card is behind it: neither papers alone nor nobody.
gboolean md_identity_proof_is_by_card (const MdIdentityProof *self);

G_END_DECLS
