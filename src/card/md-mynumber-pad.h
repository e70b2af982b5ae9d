// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_CARD_INSIDE) && !defined(MD_CARD_COMPILATION)
#error "include <md-card.h>, not this file"
#endif

#include "md-mynumber-card.h"

G_BEGIN_DECLS

// PINs of the resident's card that are typed at the reader's own keypad. Worker thread only. All
// errors: MD_CARD_ERROR, G_IO_ERROR_CANCELLED.

// Whether PIN can be typed there: PINs of digits, where the keypad fits. Asks the driver once,
// never the card.
gboolean md_mynumber_card_can_enter (MdMyNumberCard *self, MdCardPin pin,
                                     GCancellable *cancellable);

// As md_mynumber_card_verify(), for a PIN that the person types there now (it waits up to half a
// minute). PAD_CANCELLED, PAD_TIMEOUT, PIN_FORMAT: nothing went to the card. PAD_FAILED: this
// keypad cannot be used; the card has lost no try.
gboolean md_mynumber_card_enter (MdMyNumberCard *self, MdCardPin pin, MdCardVerifyFlags flags,
                                 GCancellable *cancellable,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Whether a new PIN can be typed there.
gboolean md_mynumber_card_can_enter_new (MdMyNumberCard *self, MdCardPin pin,
                                         GCancellable *cancellable);

// A new PIN of digits in place of the one that was verified just before, typed there twice.
// UNSUPPORTED where the keypad does not offer it. PAD_CANCELLED, PAD_TIMEOUT, PIN_FORMAT (not typed
// twice the same, or too long): the card keeps the old one. Any other error: it has one or the
// other.
gboolean md_mynumber_card_enter_new (MdMyNumberCard *self, MdCardPin pin, GCancellable *cancellable,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
