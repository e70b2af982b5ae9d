// SPDX-License-Identifier: Apache-2.0
// The rows of the matrix: every flow by everything that opens it, with the right PIN, a wrong one,
// the last try, a locked PIN. And what it takes to run one.
#pragma once

#include "mishap-card.h"
#include "mishap-product.h"

G_BEGIN_DECLS

typedef struct _MishapRig MishapRig;

// With the cards of the world (MADOGUCHI_WORLD) in memory.
MishapRig *mishap_rig_new (void);
void mishap_rig_free (MishapRig *self);

MishapCard *mishap_rig_get_reader (MishapRig *self);
MishapProduct *mishap_rig_get_product (MishapRig *self);
gint64 mishap_rig_get_usec (MishapRig *self); // by the fake clock

// All rows; each has gone once with nothing happening, and came out as the persona's file says.
// Borrowed.
GPtrArray *mishap_rig_get_rows (MishapRig *self);

// The row's card as it is when the row begins; and the one that comes in a swap, and is read after.
void mishap_rig_prepare (MishapRig *self, const Row *row);
VcCard *mishap_rig_get_card (MishapRig *self, const Row *row);
VcCard *mishap_rig_get_next_card (MishapRig *self);

// Runs the row's flow on the card that lies there. (transfer full: clear with
// mishap_outcome_clear())
Outcome mishap_rig_run (MishapRig *self, const Row *row);

// What the row's flow is asked for. Borrowed.
MdCardFlowRequest mishap_rig_get_request (MishapRig *self, const Row *row);

// What the row's person types, where the product asks. Borrowed.
MishapWords mishap_rig_get_words (MishapRig *self, const Row *row);

// Runs it on another reader, by the machine's clock, with what is remembered of before. NULL with
// ERROR. (transfer full)
MdCardFlowResult *mishap_rig_run_on (MishapRig *self, const Row *row, MdCardBackend *backend,
                                     const char *reader, GError **error);

// One more card like the persona's (transfer full), so that several conversations can go on at a
// time. A row's card is laid out on it as for mishap_rig_prepare().
VcCard *mishap_rig_make_card (const char *persona);
void mishap_rig_lay_out (const Row *row, VcCard *card);

// What the next person types, and for which PIN. Borrowed.
MdCardFlowRequest mishap_rig_get_next_request (MishapRig *self);

// The same with the next person's card and PIN.
Outcome mishap_rig_run_next (MishapRig *self);
MdCardFlowResult *mishap_rig_run_next_on (MishapRig *self, MdCardBackend *backend,
                                          const char *reader, GError **error);
const char *mishap_rig_get_next_number (MishapRig *self);
const char *mishap_rig_get_next_persona (MishapRig *self);

// Forgets what is remembered of cards, as a program that was started anew.
void mishap_rig_forget (MishapRig *self);

void mishap_outcome_clear (Outcome *outcome);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, mishap_outcome_clear)

G_END_DECLS
