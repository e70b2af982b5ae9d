// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>

#include <md-forms.h>

G_BEGIN_DECLS

/* A declaration as it is put to the person: its whole text, below it ANSWERS (taken over) and a
 * button that shows the text in the other language. That it stands on the screen is told to the
 * entry, which takes no answer before. */
GtkWidget *counter_declaration_box_new (MdEntry *entry, GtkWidget *answers);

G_END_DECLS
