// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Empties the clipboard and the selection, where what they hold is this window's: another person
 * stands at the counter, or another one before the screen. What other programs put there stays. */
void counter_clipboard_empty (GtkWindow *window);

G_END_DECLS
