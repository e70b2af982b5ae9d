// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>
#include <md-forms.h>

G_BEGIN_DECLS

/* Stands above the first field of a row: what the row is called, and the button that takes it out.
 */
GtkWidget *counter_row_head_new (MdEntry *entry);

G_END_DECLS
