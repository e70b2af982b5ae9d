// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>

/* The application as the resident sees it: large, this person's own data as the filter lets it be
 * shown to them, and a button to say whether it is right; after the answer nothing of it is left.
 * It stands on a second display, or over all of the clerk's window, whose screen is turned: there
 * it ends with the lock. */

G_BEGIN_DECLS

#define COUNTER_TYPE_RESIDENT_VIEW (counter_resident_view_get_type ())
/* Signal "answered" (b: it is right). */
G_DECLARE_FINAL_TYPE (CounterResidentView, counter_resident_view, COUNTER, RESIDENT_VIEW, GtkWidget)

/* TURNED: it stands over the clerk's window ("win.lock" is the way back). LINES: GListModel of
 * CounterCompareItem. */
GtkWidget *counter_resident_view_new (gboolean turned, const char *procedure, GListModel *lines);

/* Nothing of anybody is in it any more; it asks for the screen back. */
void counter_resident_view_empty (CounterResidentView *self);

/* Puts VIEW into a window of its own that fills another display than the clerk's, and leaves the
 * keyboard with the clerk. It goes with PARENT. NULL: there is no other display. */
GtkWindow *counter_resident_view_on_other_display (GtkWindow *parent);

G_END_DECLS
