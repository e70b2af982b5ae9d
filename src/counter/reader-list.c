// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "reader-list.h"

#include <glib/gi18n.h>

struct _CounterReaderList
{
  CounterItemBox parent_instance;
};

G_DEFINE_FINAL_TYPE (CounterReaderList, counter_reader_list, COUNTER_TYPE_ITEM_BOX)

static const struct
{
  const char *role;
  const char *label;
} roles[] = {
  { "resident", N_ ("Residents") },
  { "staff", N_ ("Officers") },
  { "none", N_ ("Not used") },
};

/* One of several: it follows the item's role, and sets it. Its name says of which reader. */
static GtkWidget *
make_choice (CounterModel *item, guint i)
{
  GtkWidget *choice = gtk_toggle_button_new_with_label (_ (roles[i].label));
  g_autofree char *name
      = g_strdup_printf (_ ("%s: %s"), counter_model_text (item, "name"), _ (roles[i].label));

  gtk_actionable_set_action_target (GTK_ACTIONABLE (choice), "s", roles[i].role);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (choice), "reader.role");
  gtk_accessible_update_property (GTK_ACCESSIBLE (choice), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return choice;
}

/* The item has the last word: it is set, and says what it became. */
static void
chosen_cb (GSimpleAction *action, GVariant *value, CounterModel *item)
{
  g_object_set (item, "role", g_variant_get_string (value, NULL), NULL);
}

static void
role_cb (CounterModel *item, GParamSpec *pspec, GSimpleAction *action)
{
  g_simple_action_set_state (action, g_variant_new_string (counter_model_text (item, "role")));
}

static GSimpleActionGroup *
make_actions (CounterModel *item)
{
  GSimpleActionGroup *actions = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) role = g_simple_action_new_stateful (
      "role", G_VARIANT_TYPE_STRING, g_variant_new_string (counter_model_text (item, "role")));

  g_signal_connect_object (role, "change-state", G_CALLBACK (chosen_cb), item, 0);
  g_signal_connect_object (item, "notify::role", G_CALLBACK (role_cb), role, 0);
  g_object_bind_property (item, "can-choose", role, "enabled", G_BINDING_SYNC_CREATE);
  g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (role));
  return actions;
}

static GtkWidget *
make_choices (CounterModel *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  g_autoptr (GSimpleActionGroup) actions = make_actions (item);

  gtk_widget_insert_action_group (box, "reader", G_ACTION_GROUP (actions));
  gtk_widget_add_css_class (box, "linked");
  gtk_widget_add_css_class (box, "choices");
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    gtk_box_append (GTK_BOX (box), make_choice (item, i));
  g_object_bind_property (item, "fixed", box, "visible",
                          G_BINDING_SYNC_CREATE | G_BINDING_INVERT_BOOLEAN);
  return box;
}

static GtkWidget *
counter_reader_list_make_row (CounterItemBox *box, gpointer item)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 14);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  GtkWidget *note = counter_item_label (item, "note", "quiet");
  GtkWidget *chip = counter_item_chip (item);

  gtk_widget_add_css_class (note, "small");
  gtk_widget_add_css_class (row, "checkrow");
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (chip, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_top (row, 4);
  gtk_widget_set_margin_bottom (row, 4);
  gtk_box_append (GTK_BOX (words), counter_item_label (item, "name", NULL));
  gtk_box_append (GTK_BOX (words), note);
  gtk_box_append (GTK_BOX (row), words);
  gtk_box_append (GTK_BOX (row), chip);
  gtk_box_append (GTK_BOX (row), make_choices (item));
  return row;
}

static void
counter_reader_list_class_init (CounterReaderListClass *klass)
{
  COUNTER_ITEM_BOX_CLASS (klass)->make_row = counter_reader_list_make_row;
}

static void
counter_reader_list_init (CounterReaderList *self)
{
}
