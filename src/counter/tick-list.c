// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "tick-list.h"

struct _CounterTickList
{
  CounterItemBox parent_instance;
};

G_DEFINE_FINAL_TYPE (CounterTickList, counter_tick_list, COUNTER_TYPE_ITEM_BOX)

static void
toggled_cb (GtkCheckButton *check, CounterModel *item)
{
  const gboolean active = gtk_check_button_get_active (check);

  if (active != counter_model_flag (item, "ticked"))
    gtk_widget_activate_action (GTK_WIDGET (check), "intake.tick", "(sb)",
                                counter_model_text (item, "id"), active);
}

static GtkWidget *
make_line (CounterModel *item)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
  GtkWidget *middle = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);

  gtk_widget_set_hexpand (middle, TRUE);
  gtk_widget_set_valign (middle, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (middle), counter_item_label (item, "title", "rowtitle"));
  gtk_box_append (GTK_BOX (middle), counter_item_label (item, "subtitle", "rowsub"));
  gtk_box_append (GTK_BOX (line), middle);
  gtk_box_append (GTK_BOX (line), counter_item_chip (item));
  return line;
}

static GtkWidget *
counter_tick_list_make_row (CounterItemBox *box, gpointer item)
{
  GtkWidget *check = gtk_check_button_new ();
  g_autofree char *name
      = g_strdup_printf ("%s %s %s", counter_model_text (item, "title"),
                         counter_model_text (item, "subtitle"), counter_model_text (item, "word"));

  gtk_check_button_set_child (GTK_CHECK_BUTTON (check), make_line (item));
  gtk_widget_add_css_class (check, "tickrow");
  g_object_bind_property (item, "ticked", check, "active", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (check, "toggled", G_CALLBACK (toggled_cb), item, 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return check;
}

static void
counter_tick_list_class_init (CounterTickListClass *klass)
{
  COUNTER_ITEM_BOX_CLASS (klass)->make_row = counter_tick_list_make_row;
}

static void
counter_tick_list_init (CounterTickList *self)
{
}
