// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bind.h"

/* The PIN of the officer's card, on whichever page asks for it. */

G_BEGIN_DECLS

/* Sets the primary act of @model ("primary-text", "primary-action") while such a PIN is wanted:
 * @text, done with the keys of the screen, or by @pad_action where the PIN is typed at the reader's
 * keypad; or what has to come first. */
void counter_staff_pin_set_primary (MdDesk *desk, CounterModel *model, const char *text,
                                    const char *pad_action);

/* Whether what is shown of the PIN says by itself why it cannot be typed. */
gboolean counter_staff_pin_says_all (MdDesk *desk);

G_END_DECLS
