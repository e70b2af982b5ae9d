// SPDX-License-Identifier: Apache-2.0
// Private to src/card: PINs that are typed at the reader's own keypad.
#pragma once

#ifndef MD_CARD_COMPILATION
#error "md-card-entry.h is private to src/card"
#endif

#include "md-card-connection.h"
#include "md-card-error.h"

G_BEGIN_DECLS

// How long a reader's keypad waits for the person.
#define MD_CARD_PAD_SECONDS 30

// A PIN that is typed at the reader's keypad; the current reference of the card has TRIES left, as
// just asked. Whatever the keypad answers, the card itself tells afterwards whether a try was used.
// PAD_FAILED: it did not do what it says, and is not trusted any more. A card, reader or service
// that is gone is told as such, and is not the keypad's fault.
gboolean md_card_enter_pin (MdCardConnection *connection, const MdPinEntry *entry, MdCardPin pin,
                            int tries, GCancellable *cancellable,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

// A new PIN that is typed twice at the reader's keypad, the old one standing verified. Errors as
// above.
gboolean md_card_enter_new_pin (MdCardConnection *connection, const MdPinEntry *entry,
                                MdCardPin pin, GCancellable *cancellable,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
