// SPDX-License-Identifier: Apache-2.0
#pragma once

/* One slot of vpcd: connects while a card is inserted, plays its part of the protocol, lets faults
 * happen, keeps a log. Runs on the default main context. */

#include "vc-card.h"

G_BEGIN_DECLS

typedef struct _VcSlot VcSlot;

/* HOST and PORT of the vpcd slot; it need not be there yet. */
VcSlot *vc_slot_new (const char *host, guint16 port);
void vc_slot_free (VcSlot *slot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VcSlot, vc_slot_free)

/* Puts the card of DIR in, in place of one that may be there. Errors: as vc_card_new(). */
gboolean vc_slot_insert (VcSlot *slot, const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void vc_slot_remove (VcSlot *slot);

/* The card that comes when one is swapped in the middle of a command (VC_FAULT_SWAP); without one
 * the reader stays empty. */
void vc_slot_set_next (VcSlot *slot, const char *dir);

gboolean vc_slot_add_fault (VcSlot *slot, const char *text,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void vc_slot_clear_faults (VcSlot *slot);

/* "card=NAME|- taken=yes|no powered=yes|no apdus=N faults=N verified=N"; taken: the reader has
 * noticed this card, and that the one before it is gone; verified: how many PINs stand so. Caller
 * owns the result. */
char *vc_slot_describe (VcSlot *slot);

/* How many of MAX tries the card has left for the PIN that is called OBJECT in its card.ini; and as
 * if it were so many. -1, FALSE: there is no card. */
int vc_slot_get_tries (VcSlot *slot, const char *object, guint max);
gboolean vc_slot_set_tries (VcSlot *slot, const char *object, guint tries);

/* Commands since the program started, or since the log was cleared. */
guint vc_slot_get_count (VcSlot *slot);

/* Microseconds that the card took to answer them, from each command's coming to its answer's going;
 * what reader and service add is not among them. */
gint64 vc_slot_get_busy (VcSlot *slot);

/* One line for each command: "N CLA INS P1 P2 Lc Ne -> length SW ms". Never data. Caller owns the
 * result. */
char *vc_slot_get_log (VcSlot *slot);
void vc_slot_clear_log (VcSlot *slot);

G_END_DECLS
