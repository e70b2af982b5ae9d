// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A plain modal sheet over @parent with a title, @content (taken) and one button that closes it. */
void counter_sheet_show (GtkWindow *parent, const char *title, GtkWidget *content);

G_END_DECLS
