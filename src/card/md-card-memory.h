// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_CARD_INSIDE) && !defined(MD_CARD_COMPILATION)
#error "include <md-card.h>, not this file"
#endif

#include "md-card-error.h"
#include <md-base.h>

G_BEGIN_DECLS

// What must outlive one conversation with a card: which PINs a card has refused, so that none of
// them is sent to it a second time, whatever happened in between; and whose keypads do not do what
// they say. One for a whole program; any thread. Nothing of it is ever written down. No PIN is
// kept: a refusal is a digest under a random key of this memory, over card and PIN, and is wiped
// with it.
typedef struct _MdCardMemory MdCardMemory;

MdCardMemory *md_card_memory_new (void) G_GNUC_WARN_UNUSED_RESULT;
MdCardMemory *md_card_memory_ref (MdCardMemory *self);
void md_card_memory_unref (MdCardMemory *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdCardMemory, md_card_memory_unref)

// Where time comes from, for tests; the system's clock otherwise.
void md_card_memory_set_clock (MdCardMemory *self, MdClock *clock);

// A PIN as it is presented to a card. The texts are borrowed.
typedef struct
{
  const char *card;  // tells this card from others
  const char *place; // tells this insertion from others
  gboolean nameless; // nothing but its place tells this card from others for certain
  MdCardPin pin;
  const MdSecret *secret; // as the person typed it
} MdPinUse;

// A name by which what a card shows of itself is known again here, and nowhere else: a digest under
// the memory's key. KIND keeps apart what comes from different files. (transfer full)
char *md_card_memory_name (MdCardMemory *self, const char *kind, const guint8 *data,
                           gsize length) G_GNUC_WARN_UNUSED_RESULT;

// It is about to go to the card, which has TRIES left (or does not tell). Unless one of the next
// two is told, the counter will say what became of it: with fewer tries the card has refused it,
// whether or not an answer came, and whatever it was. Where the card has no counter to look at, it
// counts as refused.
void md_card_memory_note_sent (MdCardMemory *self, const MdPinUse *use, int tries);

// The card accepted it, or refused it and says that it has TRIES left. A card that miscounted once
// is not believed less: it must have more tries than by either count before a refusal ends.
void md_card_memory_note_accepted (MdCardMemory *self, const MdPinUse *use);
void md_card_memory_note_refused (MdCardMemory *self, const MdPinUse *use, int tries);

// Whether the card, which has TRIES left as just asked, has refused the PIN before. A refusal ends
// where the PIN may be another one by now: the card has more tries than it could have after what we
// know of (unlocked, or set anew, somewhere else); a PIN was accepted since then and the card taken
// away after it (the PIN can be changed anywhere); or, where the card does not tell the tries, half
// a day went by.
gboolean md_card_memory_was_refused (MdCardMemory *self, const MdPinUse *use,
                                     int tries) G_GNUC_WARN_UNUSED_RESULT;

// Whether a card has refused the PIN, or never answered to it, that may be this one: where one of
// the two showed nothing by which it can be known. Only the counters tell then: a card with more
// tries than that one can have is another, or was unlocked. FALSE after half a day.
gboolean md_card_memory_may_have_refused (MdCardMemory *self, const MdPinUse *use,
                                          int tries) G_GNUC_WARN_UNUSED_RESULT;

// What was_refused() says, from what is known already, without asking the card. OUT_TRIES: as last
// heard.
gboolean md_card_memory_knows (MdCardMemory *self, const MdPinUse *use,
                               int *out_tries) G_GNUC_WARN_UNUSED_RESULT;

// The keypad of READER does not do what it says: not to be used any more.
void md_card_memory_distrust_pad (MdCardMemory *self, const char *reader);
gboolean md_card_memory_trusts_pad (MdCardMemory *self,
                                    const char *reader) G_GNUC_WARN_UNUSED_RESULT;

// The reader was unplugged, or its service stopped: what comes under its name is another device,
// until it shows otherwise, and counts the cards that are put there anew. What was noted of a place
// on it is forgotten, unless nothing else was known of the card that lay there; what was noted of a
// card is not.
void md_card_memory_forget_reader (MdCardMemory *self, const char *reader);

G_END_DECLS
