// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>

/* Every key of the window, in one table. */

G_BEGIN_DECLS

/*
 * The accelerators; @in_dialog: those alone that hide the screen or lock it. They are served after
 * the focused widget has had its turn, so that a Japanese input method keeps F6, F9, Esc and Enter
 * while it is composing. Transfer full.
 */
GtkEventController *counter_keys_controller (gboolean in_dialog);

/* The list that ? shows. */
void counter_keys_show (GtkWindow *parent);

G_END_DECLS
