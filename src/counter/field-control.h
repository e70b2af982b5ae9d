// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>
#include <md-forms.h>

G_BEGIN_DECLS

/*
 * The control to type or choose the value of @entry with, bound to it both ways: a line, a text of
 * several lines, choices side by side, a drop-down where there are many, or the digits of an
 * individual number (which go through a wiped buffer into a secret). Floating.
 */
GtkWidget *counter_field_control_new (MdEntry *entry);

G_END_DECLS
