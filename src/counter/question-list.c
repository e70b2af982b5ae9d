// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "question-list.h"

#include <glib/gi18n.h>

struct _CounterQuestionList
{
  CounterItemBox parent_instance;
};

G_DEFINE_FINAL_TYPE (CounterQuestionList, counter_question_list, COUNTER_TYPE_ITEM_BOX)

static gboolean
answer_to_active (GBinding *binding, const GValue *from, GValue *to, gpointer data)
{
  g_value_set_boolean (to, g_strcmp0 (g_value_get_string (from), data) == 0);
  return TRUE;
}

static void
toggled_cb (GtkToggleButton *button, CounterModel *item)
{
  const char *code = gtk_widget_get_name (GTK_WIDGET (button));
  const gboolean active = gtk_toggle_button_get_active (button);
  const gboolean known = g_strcmp0 (counter_model_text (item, "answer"), code) == 0;

  if (active != known)
    gtk_widget_activate_action (GTK_WIDGET (button), "intake.answer", "(ss)",
                                counter_model_text (item, "id"), active ? code : "");
}

static GtkWidget *
make_choice (CounterModel *item, CounterModel *choice)
{
  const char *code = counter_model_text (choice, "id"),
             *label = counter_model_text (choice, "title");
  GtkWidget *button = gtk_toggle_button_new_with_label (label);
  g_autofree char *name = g_strdup_printf (_ ("%s: %s"), counter_model_text (item, "title"), label);

  gtk_widget_set_name (button, code);
  g_object_bind_property_full (item, "answer", button, "active", G_BINDING_SYNC_CREATE,
                               answer_to_active, NULL, g_strdup (code), g_free);
  g_signal_connect_object (button, "toggled", G_CALLBACK (toggled_cb), item, 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return button;
}

static GtkWidget *
make_choices (CounterModel *item)
{
  GListModel *choices = counter_model_object (item, "choices");
  const guint n = g_list_model_get_n_items (choices);
  GtkWidget *box = gtk_flow_box_new ();

  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (box), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (box), MAX (n, 1));
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (box), 6);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (box), 6);
  gtk_widget_add_css_class (box, "choices");
  gtk_widget_set_focusable (box, FALSE);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (CounterModel) choice = g_list_model_get_item (choices, i);
      GtkWidget *child = gtk_flow_box_child_new ();

      gtk_widget_set_focusable (child, FALSE);
      gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), make_choice (item, choice));
      gtk_flow_box_append (GTK_FLOW_BOX (box), child);
    }
  return box;
}

static GtkWidget *
counter_question_list_make_row (CounterItemBox *box, gpointer item)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_widget_add_css_class (row, "plainrow");
  gtk_box_append (GTK_BOX (row), counter_item_label (item, "title", NULL));
  gtk_box_append (GTK_BOX (row), make_choices (item));
  return row;
}

static void
counter_question_list_class_init (CounterQuestionListClass *klass)
{
  COUNTER_ITEM_BOX_CLASS (klass)->make_row = counter_question_list_make_row;
}

static void
counter_question_list_init (CounterQuestionList *self)
{
}
