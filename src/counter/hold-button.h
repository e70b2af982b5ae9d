// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>

/* A button that acts for as long as it is held down, by pointer, finger, space bar or Enter:
 * "held" b, read only. It is let go, too, when the keyboard or the window goes elsewhere. A click
 * by itself does nothing. */

G_BEGIN_DECLS

#define COUNTER_TYPE_HOLD_BUTTON (counter_hold_button_get_type ())
G_DECLARE_FINAL_TYPE (CounterHoldButton, counter_hold_button, COUNTER, HOLD_BUTTON, GtkButton)

GtkWidget *counter_hold_button_new (const char *label);
gboolean counter_hold_button_get_held (CounterHoldButton *self);
/* As if it was let go; to be held once more it has to be pressed once more. */
void counter_hold_button_let_go (CounterHoldButton *self);

G_END_DECLS
