// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "compare-list.h"

#include <glib/gi18n.h>

struct _CounterCompareList
{
  CounterItemBox parent_instance;

  GtkSizeGroup *items; /* what is compared: one column */
  GtkSizeGroup *results;
};

G_DEFINE_FINAL_TYPE (CounterCompareList, counter_compare_list, COUNTER_TYPE_ITEM_BOX)

static GtkWidget *
cell (gpointer item, const char *property, const char *css)
{
  GtkWidget *label = counter_item_label (item, property, css);

  gtk_widget_set_visible (label, TRUE);

  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  return label;
}

static void
ticked_cb (GtkCheckButton *tick, gpointer item)
{
  if (gtk_check_button_get_active (tick) != counter_model_flag (item, "ticked"))
    gtk_widget_activate_action (GTK_WIDGET (tick), "approval.seen", "s",
                                counter_model_text (item, "id"));
  gtk_check_button_set_active (tick, counter_model_flag (item, "ticked"));
}

/* Read out with what it is about: "Address: I have seen this". */
static GtkWidget *
make_tick (CounterModel *item)
{
  GtkWidget *tick = gtk_check_button_new_with_label (counter_model_text (item, "tick"));
  g_autofree char *name = g_strdup_printf (_ ("%s: %s"), counter_model_text (item, "label"),
                                           counter_model_text (item, "tick"));

  gtk_accessible_update_property (GTK_ACCESSIBLE (tick), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_halign (tick, GTK_ALIGN_START);
  g_object_bind_property (item, "ticked", tick, "active", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (tick, "toggled", G_CALLBACK (ticked_cb), item, 0);
  return tick;
}

static GtkWidget *
counter_compare_list_make_row (CounterItemBox *box, gpointer item)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
  GtkWidget *sides = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
  GtkWidget *label = counter_item_label (item, "label", "quiet");
  GtkWidget *chip = counter_item_chip (item);
  GtkWidget *all = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_size_group_add_widget (COUNTER_COMPARE_LIST (box)->items, label);
  gtk_size_group_add_widget (COUNTER_COMPARE_LIST (box)->results, chip);
  gtk_label_set_width_chars (GTK_LABEL (label), 12);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 12);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_box_set_homogeneous (GTK_BOX (sides), TRUE);
  gtk_widget_set_hexpand (sides, TRUE);
  gtk_box_append (GTK_BOX (sides), cell (item, "left", "side"));
  gtk_box_append (GTK_BOX (sides), cell (item, "right", "side"));
  gtk_widget_set_size_request (chip, 120, -1);
  gtk_widget_set_valign (chip, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (row), label);
  gtk_box_append (GTK_BOX (row), sides);
  gtk_box_append (GTK_BOX (row), chip);
  gtk_box_append (GTK_BOX (all), row);
  gtk_box_append (GTK_BOX (all), counter_item_label (item, "heading", "small"));
  if (*counter_model_text (item, "tick") != '\0')
    gtk_box_append (GTK_BOX (all), make_tick (item));
  gtk_widget_add_css_class (all, "comparerow");
  gtk_widget_add_css_class (all, counter_model_text (item, "state"));
  return all;
}

void
counter_compare_list_align (CounterCompareList *self, GtkWidget *item_head, GtkWidget *result_head)
{
  gtk_size_group_add_widget (self->items, item_head);
  gtk_size_group_add_widget (self->results, result_head);
}

static void
counter_compare_list_finalize (GObject *object)
{
  CounterCompareList *self = COUNTER_COMPARE_LIST (object);

  g_object_unref (self->items);
  g_object_unref (self->results);
  G_OBJECT_CLASS (counter_compare_list_parent_class)->finalize (object);
}

static void
counter_compare_list_class_init (CounterCompareListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = counter_compare_list_finalize;
  COUNTER_ITEM_BOX_CLASS (klass)->make_row = counter_compare_list_make_row;
}

static void
counter_compare_list_init (CounterCompareList *self)
{
  self->items = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  self->results = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
}
