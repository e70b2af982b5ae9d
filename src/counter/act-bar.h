// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>

/*
 * The bottom of every screen: back (Esc) on the left, in the middle what it waits for or a remark,
 * and the one primary act (Ctrl+Enter) on the right, always in the same place.
 */

G_BEGIN_DECLS

#define COUNTER_TYPE_ACT_BAR (counter_act_bar_get_type ())
G_DECLARE_FINAL_TYPE (CounterActBar, counter_act_bar, COUNTER, ACT_BAR, GtkWidget)

/* Ctrl+Enter: presses the primary act if it is there and may be pressed. */
gboolean counter_act_bar_press_primary (CounterActBar *self);

/* Esc: presses back if it is there and may be pressed; else what ends the waiting. */
gboolean counter_act_bar_press_back (CounterActBar *self);

/* Puts the focus on the primary act, if it can be pressed. */
gboolean counter_act_bar_focus_primary (CounterActBar *self);

/* The bar on screen below @root, or NULL. Borrowed. */
CounterActBar *counter_act_bar_find (GtkWidget *root);

G_END_DECLS
