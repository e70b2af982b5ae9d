// SPDX-License-Identifier: Apache-2.0
// A virtual card in the hand, without pcscd: an MdCardBackend over vc-card.h that lets one thing go
// wrong.
#pragma once

#include <md-card.h>
#include <vc-fault.h>

G_BEGIN_DECLS

#define HELD_READER "In the hand"

#define HELD_TYPE_CARD (held_card_get_type ())
G_DECLARE_FINAL_TYPE (HeldCard, held_card, HELD, CARD, GObject)

// The card of DIR. (transfer full)
HeldCard *held_card_new (const char *dir);

// Lets FAULT happen at the AT-th command of the next conversation (1: the first); NULL: nothing
// more goes wrong.
void held_card_set_fault (HeldCard *self, const VcFault *fault, guint at);

// Commands of the last conversation.
guint held_card_get_commands (HeldCard *self);

// A conversation with the card, freshly powered. (transfer full)
MdCardConnection *held_card_open (HeldCard *self);

G_END_DECLS
