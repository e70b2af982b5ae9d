// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "look-list.h"

#include <glib/gi18n.h>

struct _CounterLookList
{
  CounterItemBox parent_instance;
};

G_DEFINE_FINAL_TYPE (CounterLookList, counter_look_list, COUNTER_TYPE_ITEM_BOX)

/* "income/0" is the first. */
static guint
number_of (CounterModel *item)
{
  const char *slash = strchr (counter_model_text (item, "id"), '/');

  return slash != NULL ? (guint)g_ascii_strtoull (slash + 1, NULL, 10) + 1 : 1;
}

static void
set_name (GtkWidget *widget, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static GtkWidget *
make_show (CounterModel *item)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Show"));
  g_autofree char *name = g_strdup_printf (_ ("Show scan %u of %s"), number_of (item),
                                           counter_model_text (item, "label"));

  gtk_widget_add_css_class (button, "plain");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), counter_model_text (item, "reveal"));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", counter_model_text (item, "id"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  set_name (button, name);
  return button;
}

static void
ticked_cb (GtkCheckButton *tick, gpointer item)
{
  if (gtk_check_button_get_active (tick) != counter_model_flag (item, "ticked"))
    gtk_widget_activate_action (GTK_WIDGET (tick), "approval.paper", "s",
                                counter_model_text (item, "id"));
  gtk_check_button_set_active (tick, counter_model_flag (item, "ticked"));
}

/* Read out with what it is about: "Certificate of income, scan 1: I looked at the paper itself". */
static GtkWidget *
make_tick (CounterModel *item)
{
  GtkWidget *tick = gtk_check_button_new_with_label (counter_model_text (item, "tick"));
  g_autofree char *name
      = g_strdup_printf (_ ("%s, scan %u: %s"), counter_model_text (item, "label"),
                         number_of (item), counter_model_text (item, "tick"));

  set_name (tick, name);
  gtk_widget_set_halign (tick, GTK_ALIGN_START);
  g_object_bind_property (item, "ticked", tick, "active", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (tick, "toggled", G_CALLBACK (ticked_cb), item, 0);
  return tick;
}

static GtkWidget *
counter_look_list_make_row (CounterItemBox *box, gpointer item)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (words), counter_item_label (item, "label", NULL));
  gtk_box_append (GTK_BOX (words), counter_item_label (item, "heading", "small"));
  gtk_box_append (GTK_BOX (words), counter_item_chip (item));
  gtk_widget_set_halign (gtk_widget_get_last_child (words), GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (line), words);
  if (*counter_model_text (item, "reveal") != '\0')
    gtk_box_append (GTK_BOX (line), make_show (item));
  gtk_box_append (GTK_BOX (row), line);
  if (*counter_model_text (item, "tick") != '\0')
    gtk_box_append (GTK_BOX (row), make_tick (item));
  gtk_widget_add_css_class (row, "comparerow");
  return row;
}

static void
counter_look_list_class_init (CounterLookListClass *klass)
{
  COUNTER_ITEM_BOX_CLASS (klass)->make_row = counter_look_list_make_row;
}

static void
counter_look_list_init (CounterLookList *self)
{
}
