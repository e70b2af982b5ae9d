// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "window.h"

G_BEGIN_DECLS

/* The name of the i-th scene, NULL after the last. */
const char *preview_scene_name (guint i);

/* Fills the models of a fresh window. */
void preview_fill (CounterWindow *window, const char *name);

/* Looks at what the window shows, as it was last laid out and drawn: prints a line "! COMPLAINT"
 * for each thing that a person could not read, reach or make out. @picture: where to leave it as a
 * PNG, or NULL. Returns how many. */
guint preview_inspect (CounterWindow *window, const char *size, const char *picture);

/* Walks by Tab through all that takes the focus: is its place to be seen, and do they come in
 * reading order? */
guint preview_walk (CounterWindow *window);

/* Walks by Tab through every section of this procedure's form, with all that it can ask for: do the
 * stops come in reading order, and the fields in the order of the form, none left out? Prints as
 * preview_inspect() does. */
guint preview_walk_form (CounterWindow *window, const char *procedure);

/* Whether a widget, which has the focus after LAST, stands behind it in reading order. */
gboolean preview_follows (CounterWindow *window, GtkWidget *last, GtkWidget *now);

/* Kind and words of a widget. Caller owns. */
char *preview_describe (GtkWidget *widget);

/* Runs the main loop until the window has been drawn again. */
void preview_settle (CounterWindow *window);

G_END_DECLS
