// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "tick-list.h"

#include <glib/gi18n.h>

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

/* --- what was explained and handed out --- */

static void
noted_cb (GtkCheckButton *check, CounterModel *item)
{
  const char *property = gtk_widget_get_name (GTK_WIDGET (check));
  const gboolean active = gtk_check_button_get_active (check);
  const gboolean told = g_str_equal (property, "told") ? active : counter_model_flag (item, "told");
  const gboolean given
      = g_str_equal (property, "given") ? active : counter_model_flag (item, "given");

  if (active != counter_model_flag (item, property))
    gtk_widget_activate_action (GTK_WIDGET (check), "intake.note", "(sbb)",
                                counter_model_text (item, "about"), told, given);
}

static GtkWidget *
make_note (CounterModel *item, const char *property, const char *label)
{
  GtkWidget *check = gtk_check_button_new_with_label (label);
  g_autofree char *name = g_strdup_printf (_ ("%s: %s"), label, counter_model_text (item, "title"));

  gtk_widget_set_name (check, property);
  g_object_bind_property (item, property, check, "active", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (check, "toggled", G_CALLBACK (noted_cb), item, 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return check;
}

static GtkWidget *
make_notes (CounterModel *item)
{
  GtkWidget *notes = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24);

  gtk_widget_add_css_class (notes, "ticknotes");
  gtk_box_append (GTK_BOX (notes), make_note (item, "told", _ ("Explained to the resident")));
  gtk_box_append (GTK_BOX (notes), make_note (item, "given", _ ("Leaflet or form handed out")));
  return notes;
}

/* --- rows --- */

static GtkWidget *
make_check (CounterModel *item)
{
  GtkWidget *check = gtk_check_button_new ();
  g_autofree char *name
      = g_strdup_printf ("%s %s %s", counter_model_text (item, "title"),
                         counter_model_text (item, "subtitle"), counter_model_text (item, "word"));

  gtk_check_button_set_child (GTK_CHECK_BUTTON (check), make_line (item));
  g_object_bind_property (item, "ticked", check, "active", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (check, "toggled", G_CALLBACK (toggled_cb), item, 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return check;
}

static GtkWidget *
counter_tick_list_make_row (CounterItemBox *box, gpointer item)
{
  const gboolean here = *counter_model_text (item, "id") != '\0';
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_widget_add_css_class (row, "tickrow");
  if (!here)
    gtk_widget_add_css_class (row, "elsewhere");
  gtk_box_append (GTK_BOX (row), here ? make_check (item) : make_line (item));
  if (*counter_model_text (item, "about") != '\0')
    gtk_box_append (GTK_BOX (row), make_notes (item));
  return row;
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
