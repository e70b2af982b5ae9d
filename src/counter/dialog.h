// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Presents @dialog, made for @parent, in our look. The keys that hide the screen and lock it work
 * from there, too. */
void counter_dialog_show (GtkWindow *parent, GtkWidget *dialog);

/* Closes whatever stands over @parent, each unanswered: the screen is hidden or locked, and nobody
 * else shall answer. */
void counter_dialog_close_all (GtkWindow *parent);

G_END_DECLS
