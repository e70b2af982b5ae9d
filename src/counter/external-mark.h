// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What there is to know of the characters of a text (外字): NAMES, of those that the back office
 * does not have (NULL or "": none), and whether the fonts of WIDGET can show all of DISPLAY (NULL:
 * it is not looked at). "" where nothing is. The caller wipes it. */
char *counter_external_mark (GtkWidget *widget, const char *names, const char *display);

G_END_DECLS
