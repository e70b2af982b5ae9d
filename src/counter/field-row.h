// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>
#include <md-forms.h>

/*
 * One field of the form: label, the control that fits its type, the error under it. What came from
 * the card is marked and locked, with an open way to correct it. Shows only what MdEntry hands out
 * through the privacy filter.
 */

G_BEGIN_DECLS

#define COUNTER_TYPE_FIELD_ROW (counter_field_row_get_type ())
G_DECLARE_FINAL_TYPE (CounterFieldRow, counter_field_row, COUNTER, FIELD_ROW, GtkWidget)

GtkWidget *counter_field_row_new (MdEntry *entry);

MdEntry *counter_field_row_get_entry (CounterFieldRow *self);

/* The card's own print of this field, NULL: there is none. Shown while the field holds characters
 * that the back office or the fonts do not have. */
void counter_field_row_set_print (CounterFieldRow *self, GdkPaintable *print);

/* Puts the focus into the control. */
void counter_field_row_focus (CounterFieldRow *self);

G_END_DECLS
