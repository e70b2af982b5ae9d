// SPDX-License-Identifier: Apache-2.0
// What may come of a cell at the commands that are about a PIN, typed here or at a keypad; and what
// the rest of the oracle is made of, too.
#pragma once

#include "mishap-card.h"
#include "mishap-words.h"

G_BEGIN_DECLS

#define BIT(code) (1u << (code))
#define ONLY(code) ((Expectation){ .codes = BIT (code), .tries = MD_CARD_TRIES_UNKNOWN })

// CODE, with the TRIES left.
Expectation mishap_about_pin (MdCardError code, int tries);

// E, without what LACK says.
Expectation mishap_but_lacks (Expectation e, guint lack);

// What a word of KIND means that no command expects.
Expectation mishap_usual_meaning (WordKind kind);

// Which PIN a command is about.
const PinPlace *mishap_place_of (const Step *step);

// What is done without, by the face, where the card has not what command INDEX asks for, or keeps
// it: bits of Lack.
guint mishap_optional_part (const Row *row, guint index);

// The card answers the question for the tries left with WORD.
Expectation mishap_told_tries (const Row *row, guint index, guint word);

// It answers the PIN with WORD, whatever it did with it.
Expectation mishap_told_verdict (const Row *row, const Step *step, guint word, gboolean worked);

// The keypad answers WORD; 0: nothing, or what makes no sense. WORKED: the card heard of the PIN.
Expectation mishap_told_by_keypad (const Row *row, guint index, guint word, gboolean worked);

G_END_DECLS
