// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * Places to type into, a line (GtkEntry) and several (GtkTextView), of which nothing stays: input
 * methods are told that the text is private, so that they learn nothing from it, and there is no
 * undo. Floating.
 */
GtkWidget *counter_typing_new_line (void);
GtkWidget *counter_typing_new_lines (void);

G_END_DECLS
