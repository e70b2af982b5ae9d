// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_CARD_INSIDE) && !defined(MD_CARD_COMPILATION)
#error "include <md-card.h>, not this file"
#endif

#include "md-card-connection.h"
#include "md-card-files.h"

G_BEGIN_DECLS

// The officer's card: PIV (NIST SP 800-73). Worker thread only. All errors: MD_CARD_ERROR,
// G_IO_ERROR_CANCELLED.
#define MD_TYPE_STAFF_CARD (md_staff_card_get_type ())
G_DECLARE_FINAL_TYPE (MdStaffCard, md_staff_card, MD, STAFF_CARD, GObject)

typedef enum
{
  MD_STAFF_SLOT_CARD_AUTH = 0x9e, // proves the card at login; no PIN
  MD_STAFF_SLOT_SIGN = 0x9c,      // the officer's signature; PIN each time
  MD_STAFF_SLOT_OPEN = 0x9d,      // key agreement, opens what is sealed to the officer; PIN
} MdStaffSlot;

// Selects PIV; UNKNOWN_CARD when the card has no such application. (transfer full)
MdStaffCard *md_staff_card_new (MdCardConnection *connection, GCancellable *cancellable,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The X.509 certificate of a slot, DER; NO_DATA when the slot is empty. (transfer full)
GBytes *md_staff_card_read_certificate (MdStaffCard *self, MdStaffSlot slot,
                                        GCancellable *cancellable,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Tries left of the PIN, as md_mynumber_card_get_tries().
gboolean md_staff_card_get_tries (MdStaffCard *self, int *out_tries, GCancellable *cancellable,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Presents the PIN (6 to 8 digits) exactly once; the same refusals as md_mynumber_card_verify().
// LAST_TRY: the officer knows that this is the last try, or may be it, and has confirmed.
gboolean md_staff_card_verify (MdStaffCard *self, const MdSecret *pin, gboolean last_try,
                               GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Whether the reader's own keypad can take this PIN.
gboolean md_staff_card_can_enter (MdStaffCard *self, GCancellable *cancellable);

// The same PIN, typed at the reader's keypad and presented exactly once; errors as of
// md_mynumber_card_enter(). Blocks until the officer has typed it, or the keypad gives up.
gboolean md_staff_card_enter (MdStaffCard *self, gboolean last_try, GCancellable *cancellable,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

// ECDSA over a digest with the P-256 key of SLOT: a DER ECDSA-Sig-Value. SIGN needs a verify just
// before, every time (PIN_NEEDED otherwise). (transfer full)
GBytes *md_staff_card_sign (MdStaffCard *self, MdStaffSlot slot, const guint8 *digest, gsize length,
                            GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// ECDH of the P-256 key of slot OPEN with an uncompressed point (65 bytes): the shared x
// coordinate. (transfer full)
MdSecret *md_staff_card_derive (MdStaffCard *self, const guint8 *point, gsize length,
                                GCancellable *cancellable,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The conversation it works on. (transfer none)
MdCardConnection *md_staff_card_get_connection (MdStaffCard *self);

G_END_DECLS
