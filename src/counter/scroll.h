// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>

/* Wheel, arrow and page keys anywhere in a window move one part of it: whoever holds a button down
 * has pointer and keyboard there. */

G_BEGIN_DECLS

void counter_scroll_add (GtkWidget *window);
/* From now on SCROLLER, a scrolled window in it; NULL: nothing. */
void counter_scroll_here (GtkWidget *window, GtkWidget *scroller);

G_END_DECLS
