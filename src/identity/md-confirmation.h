// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include "md-match.h"
#include <md-pki.h>

G_BEGIN_DECLS

// One line of the confirmation list (確認リスト): something about an intake that a second person
// has to look at before the office works on it. Plain records; the texts of the person's are wiped.

typedef enum
{
  MD_CONFIRMATION_NUMBER_CHANGED, // the addressee (宛名番号) had another number until now
  MD_CONFIRMATION_NUMBER_BLANK,   // the form has a place for it, and it is empty
  MD_CONFIRMATION_NUMBER_BOUND_ELSEWHERE, // the number was another person's until now
  MD_CONFIRMATION_ITEM_DIFFERS,    // the form says otherwise than card, certificate, held data
  MD_CONFIRMATION_REPLY_DIFFERS,   // the answer to an inquiry says otherwise: ask who answered
  MD_CONFIRMATION_CORRECTION,      // staff corrected the form later (職権修正)
  MD_CONFIRMATION_NOT_HELD,        // the office holds nobody like that, or several
  MD_CONFIRMATION_LETTER_RETURNED, // the letter of delegation that it is filed by was given back
  MD_CONFIRMATION_PAPER_WAIVED,    // a paper was left out for an inquiry: what did that answer?
  MD_CONFIRMATION_DEFERRED,        // revocation was not checked at the counter
  MD_CONFIRMATION_HOLD,            // it was stopped at the counter, or the office's list stops it
  MD_CONFIRMATION_ONE_OFFICER,     // in notices alone: one approved it, and its form asks for two
  MD_CONFIRMATION_LETTER_ONE_OFFICER, // the same of the letter of delegation
  MD_N_CONFIRMATION_RULES
} MdConfirmationRule;

typedef enum
{
  MD_CONFIRMATION_OPEN,
  MD_CONFIRMATION_CONFIRMED, // a second person lets it stand
  MD_CONFIRMATION_REFUSED,   // a second person does not: it goes back to where it was taken in
} MdConfirmationState;

typedef struct
{
  MdConfirmationRule rule;
  char *field;         // its id in the form; "" where the rule is about none
  MdMatchSource with;  // ITEM_DIFFERS, REPLY_DIFFERS: what the form is held against
  char *ours, *theirs; // the form's value and the other one; NULL where the rule shows none
  char *why;           // what differs, in words without any character of the person's, or NULL
  char *reasons;       // the same as stable words; "" without any
  char *other;         // receipt number of the intake that said otherwise, the inquiry that was
                       // answered, the number of the correction, or NULL
  char *author;        // who added it at the desk, and so cannot settle it; NULL: nobody did
  char *mark;          // eight characters to name this line by; NULL: not to be confirmed by hand
  guint8
      key_a[MD_KEYED_DIGEST_SIZE]; // what stands for the two sides; see md_confirmation_set_keys()
  guint8 key_b[MD_KEYED_DIGEST_SIZE];
  MdConfirmationState state;
  char *officer, *reason, *time; // who settled it; NULL while it is open
} MdConfirmation;

// Stable words ("number-changed", "open"), and what people read. Never NULL.
const char *md_confirmation_rule_to_string (MdConfirmationRule rule);
gboolean md_confirmation_rule_from_string (const char *word, MdConfirmationRule *out_rule);
const char *md_confirmation_rule_get_label (MdConfirmationRule rule);
const char *md_confirmation_state_to_string (MdConfirmationState state);

MdConfirmation *md_confirmation_new (MdConfirmationRule rule,
                                     const char *field) G_GNUC_WARN_UNUSED_RESULT;
void md_confirmation_free (MdConfirmation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdConfirmation, md_confirmation_free)

// A line where READ and what stands ON_FORM are different; NULL where they are the same in whatever
// form, or one side has nothing. (transfer full, nullable)
MdConfirmation *md_confirmation_compare (const char *field, MdMatchItem item,
                                         const MdMatchSide *read,
                                         const char *on_form) G_GNUC_WARN_UNUSED_RESULT;

// Makes the keys of A and B, and the mark that names the line: all three change with either side,
// so that what was confirmed holds for these very values and no others.
void md_confirmation_set_keys (MdConfirmation *self, const MdSecret *key, const char *intake,
                               const char *a, const char *b);

// Settles it.
void md_confirmation_settle (MdConfirmation *self, MdConfirmationState state, const char *officer,
                             const char *reason, const char *time);

// Whose number it is, as an intake says it: digests under one key, or anything else that is equal
// when the values are. ADDRESSEE may be NULL.
typedef struct
{
  GBytes *addressee, *person, *number;
} MdNumberLink;

// Whether MINE says otherwise than an EARLIER one, and by which rule. By the addressee where both
// know it, else by name and day of birth; nobody's number is said to have changed by these alone,
// since two people may have them in common.
gboolean md_number_link_differs (const MdNumberLink *mine, const MdNumberLink *earlier,
                                 MdConfirmationRule *out_rule) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
