// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>

#include "models.h"

/* A short list, all of it on screen: one widget for each item of "model", made by the subclass. */

G_BEGIN_DECLS

#define COUNTER_TYPE_ITEM_BOX (counter_item_box_get_type ())
G_DECLARE_DERIVABLE_TYPE (CounterItemBox, counter_item_box, COUNTER, ITEM_BOX, GtkWidget)

struct _CounterItemBoxClass
{
  GtkWidgetClass parent_class;

  GtkWidget *(*make_row) (CounterItemBox *self, gpointer item);
};

/* A label bound to a text of @item, hidden while that is empty. */
GtkWidget *counter_item_label (CounterModel *item, const char *property, const char *css);

/* A chip bound to "state" and "word" of @item. */
GtkWidget *counter_item_chip (CounterModel *item);

G_END_DECLS
