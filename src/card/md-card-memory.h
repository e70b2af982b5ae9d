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
// they say. One for a whole program; any thread. Nothing of it is ever written down, and the PINs
// lie in MdSecret.
typedef struct _MdCardMemory MdCardMemory;

MdCardMemory *md_card_memory_new (void) G_GNUC_WARN_UNUSED_RESULT;
MdCardMemory *md_card_memory_ref (MdCardMemory *self);
void md_card_memory_unref (MdCardMemory *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdCardMemory, md_card_memory_unref)

// SECRET is about to go to CARD (a text that tells this card from others), which has TRIES left.
// Unless one of the next two is told, the counter will say what became of it: with fewer tries the
// card has refused it, whether or not the answer ever came.
void md_card_memory_note_sent (MdCardMemory *self, const char *card, MdCardPin pin,
                               const MdSecret *secret, int tries);

// The card accepted it, or did not look at it (a wrong length, no such PIN).
void md_card_memory_note_accepted (MdCardMemory *self, const char *card, MdCardPin pin,
                                   const MdSecret *secret);
void md_card_memory_note_unused (MdCardMemory *self, const char *card, MdCardPin pin,
                                 const MdSecret *secret);

// Whether CARD, which has TRIES left as just asked, has refused SECRET before. When it has more
// tries than it could have after what we know of, its PIN was unlocked or set anew somewhere else,
// and everything about this PIN is forgotten.
gboolean md_card_memory_was_refused (MdCardMemory *self, const char *card, MdCardPin pin,
                                     const MdSecret *secret, int tries) G_GNUC_WARN_UNUSED_RESULT;

// The keypad of READER does not do what it says: not to be used any more.
void md_card_memory_distrust_pad (MdCardMemory *self, const char *reader);
gboolean md_card_memory_trusts_pad (MdCardMemory *self,
                                    const char *reader) G_GNUC_WARN_UNUSED_RESULT;

// The reader was unplugged: what comes under its name is another device, until it shows otherwise.
void md_card_memory_forget_reader (MdCardMemory *self, const char *reader);

G_END_DECLS
