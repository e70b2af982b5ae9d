// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page.h"

#include <md-base.h>

/*
 * Where an officer types the PIN of the own card: the tries left, the keys of the screen, and in
 * their place what is to be done first (confirm the last try, go to the reader's keypad). Model:
 * CounterStaffPinModel; with none, the keys alone.
 *
 * Signals: "complete" (CounterStaffPin *): the PIN is typed, counter_staff_pin_take() has it;
 * "ready" (CounterStaffPin *): whether it is long enough has changed; "asked" (CounterStaffPin *):
 * the keys came on screen.
 */

G_BEGIN_DECLS

#define COUNTER_TYPE_STAFF_PIN (counter_staff_pin_get_type ())
G_DECLARE_FINAL_TYPE (CounterStaffPin, counter_staff_pin, COUNTER, STAFF_PIN, CounterPage)

/* As counter_pin_pad_take() and counter_pin_pad_finish(). */
MdSecret *counter_staff_pin_take (CounterStaffPin *self);
void counter_staff_pin_finish (CounterStaffPin *self);

gboolean counter_staff_pin_is_ready (CounterStaffPin *self);

G_END_DECLS
