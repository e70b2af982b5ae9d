// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>
#include <md-base.h>

/*
 * Takes a PIN of digits, or the password of a signature certificate, from the keys on screen or
 * from the keyboard, straight into an MdSecret: no entry, no text buffer, no clipboard, and nothing
 * on the screen or in the accessibility tree but how many digits there are. The keys on screen give
 * no picture of being pressed.
 *
 * "least" and "most" bound the number of digits; "ready" says that it lies between. With "letters"
 * it is that password: 6 to 16 capital letters and digits, at least one of each. Small letters are
 * raised and that is told; what cannot be in it is refused in words at once. Nothing is sent
 * off by the last digit alone: a slip of the finger must not cost the resident a try. Signal
 * "complete" (CounterPinPad *): Enter, the tick key or counter_pin_pad_finish(); the receiver takes
 * the secret with counter_pin_pad_take().
 */

G_BEGIN_DECLS

#define COUNTER_TYPE_PIN_PAD (counter_pin_pad_get_type ())
G_DECLARE_FINAL_TYPE (CounterPinPad, counter_pin_pad, COUNTER, PIN_PAD, GtkWidget)

/* Hands the digits over and is empty afterwards. Transfer full, never NULL. */
MdSecret *counter_pin_pad_take (CounterPinPad *self);

/* As the tick key: emits "complete" if "ready". */
void counter_pin_pad_finish (CounterPinPad *self);

/* Whether no digit is there. */
gboolean counter_pin_pad_is_empty (CounterPinPad *self);

/* Wipes what was typed. */
void counter_pin_pad_clear (CounterPinPad *self);

G_END_DECLS
