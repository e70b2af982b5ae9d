// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_CARD_INSIDE) && !defined(MD_CARD_COMPILATION)
#error "include <md-card.h>, not this file"
#endif

#include "md-card-error.h"
#include <md-base.h>

G_BEGIN_DECLS

// The rules of each PIN of the resident's card, known before anything is sent. What these functions
// refuse never costs a try.

// Could SECRET be such a PIN at all, byte for byte as the card would compare it? A 照合番号A must
// have the right check digit: most slips of the finger end here.
gboolean md_card_pin_is_plausible (MdCardPin pin, const MdSecret *secret) G_GNUC_WARN_UNUSED_RESULT;

// What had to be done to the typed characters.
typedef enum
{
  MD_CARD_PIN_AS_TYPED = 0,
  MD_CARD_PIN_NARROWED = 1 << 0, // full-width characters became ASCII
  MD_CARD_PIN_RAISED = 1 << 1,   // lower-case letters became upper-case: to be said to the person
} MdCardPinChange;

// One typed character as this PIN may have it, for an entry that tells at once what cannot be in
// it; 0: none. Adds to CHANGES (flags of MdCardPinChange).
guint8 md_card_pin_fold (MdCardPin pin, gunichar typed, guint *changes);

// The PIN as the card wants it from what was typed, with an IME or without: the card itself folds
// nothing. PIN_FORMAT, and no try used, when that cannot be the PIN. OUT_CHANGES (nullable): flags
// of MdCardPinChange. (transfer full)
MdSecret *md_card_pin_prepare (MdCardPin pin, const MdSecret *typed, guint *out_changes,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Tries of a PIN that was never mistaken: 3, 5 or 10.
int md_card_pin_get_maximum (MdCardPin pin);

G_END_DECLS
