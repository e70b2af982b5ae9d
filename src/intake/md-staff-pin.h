// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_INTAKE_INSIDE) && !defined(MD_INTAKE_COMPILATION)
#error "Include <md-intake.h>."
#endif

#include "md-intake-items.h"
#include "md-intake-types.h"

G_BEGIN_DECLS

#define MD_TYPE_STAFF_PIN (md_staff_pin_get_type ())
/* The PIN of the officer's own card before it is typed: what the card says of its tries, and where
 * it is typed. One for a desk; md_desk_get_staff_pin(). Where a PIN is handed over (signing,
 * opening, deciding, withdrawing), NULL stands for one that is typed at the reader's keypad, and
 * md_staff_pin_confirm() holds for the next PIN alone.
 *
 * Properties (read-only, notified): "state" i (MdStaffPinState), "tries" i (left;
 * MD_CARD_TRIES_UNKNOWN), "pad" b (the reader's keypad takes it, and is wanted), "trouble"
 * MdTrouble (why the card could not be asked, or that it is locked, or while LOOKING, that the
 * reader still waits at its keypad for an entry given up here; or NULL). */
G_DECLARE_FINAL_TYPE (MdStaffPin, md_staff_pin, MD, STAFF_PIN, GObject)

MdStaffPinState md_staff_pin_get_state (MdStaffPin *self);
int md_staff_pin_get_tries (MdStaffPin *self);
MdTrouble *md_staff_pin_get_trouble (MdStaffPin *self);

/* A PIN is about to be asked for: looks at the card, unless it has just told. */
void md_staff_pin_want (MdStaffPin *self);

/* The officer knows that the next try may be the last one, and wants it. */
void md_staff_pin_confirm (MdStaffPin *self);

/* Not at the reader's keypad, for as long as this officer is at work. */
void md_staff_pin_use_screen_keys (MdStaffPin *self);

G_END_DECLS
