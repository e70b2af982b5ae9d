// SPDX-License-Identifier: Apache-2.0
// A reader without pcscd that holds a virtual card and lets one thing go wrong. What the card truly
// did is counted here, from the card's own answers.
#pragma once

#include "mishap.h"

G_BEGIN_DECLS

#define MISHAP_READER "Reader of mishaps"

#define MISHAP_TYPE_CARD (mishap_card_get_type ())
G_DECLARE_FINAL_TYPE (MishapCard, mishap_card, MISHAP, CARD, GObject)

// Every PIN of a resident's card: where it is kept, and how many tries a fresh one has.
typedef struct
{
  const char *object; // "text-0011"
  char application;   // as in Step
  guint16 ef;
  guint tries;
} PinPlace;

#define N_PIN_PLACES 9
extern const PinPlace mishap_pins[N_PIN_PLACES];

// A PIN as the card that lay there at first saw it.
typedef struct
{
  guint right; // taken
  guint wrong; // refused
} PinCount;

// What happened since the last mishap_card_plan().
typedef struct
{
  guint connects;
  guint disconnects;
  guint commands;
  guint stray; // commands to a card that was said to be gone, or outside a conversation
  PinCount pins[N_PIN_PLACES];
} MishapCount;

// How often it saw OBJECT's.
PinCount mishap_count_of (const MishapCount *count, const char *object);

// Faults of the harness's own making, to see that the matrix notices: as if the code did it.
typedef enum
{
  MUTANT_NONE,
  MUTANT_SENDS_TWICE,      // a PIN whose answer was lost is sent again
  MUTANT_KEEPS_POWER,      // the card keeps its power at the end
  MUTANT_NEVER_ENDS,       // the conversation is not ended
  MUTANT_CALLS_IT_PIN,     // a lost card is called a wrong PIN
  MUTANT_CALLS_IT_SUCCESS, // an answer that was cut is completed from what was read before
  MUTANT_OTHER_DATA,       // what was read of one person is shown for the next
  MUTANT_READS_TWICE,      // the beginning of each file is read twice
  MUTANT_STALLS,           // the first answer takes MISHAP_STALL_MSEC of the machine's own time
  N_MUTANTS,
} Mutant;

#define MISHAP_STALL_MSEC 200

MishapCard *mishap_card_new (MdTestClock *clock);

// The card that lies on the reader; borrowed. EXTENDED: it says that it knows extended length, and
// the reader passes it.
void mishap_card_put (MishapCard *self, VcCard *card, gboolean extended);

// What the person types at the reader's keypad for the PIN of the text, and for the one of the key;
// borrowed. NULL: the reader has no keypad.
void mishap_card_set_keys (MishapCard *self, const MdSecret *text, const MdSecret *auth);

// Lets MISHAP (NULL: nothing) happen to command AT of the next conversation (from 0), and counts
// anew. OTHER is the card that comes in a swap.
void mishap_card_plan (MishapCard *self, const Mishap *mishap, guint at, VcCard *other);

// Steps are added to STEPS from here on; NULL: no more.
void mishap_card_record (MishapCard *self, GPtrArray *steps);

MishapCount mishap_card_get_count (MishapCard *self);

// What MISHAP makes of an ANSWER that came. (transfer full)
GBytes *mishap_spoil (const Mishap *mishap, GBytes *answer);

void mishap_card_set_mutant (MishapCard *self, Mutant mutant);

G_END_DECLS
