// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "button-list.h"

struct _CounterButtonList
{
  CounterItemBox parent_instance;

  char *action;
  char *chosen;
};

enum
{
  PROP_ACTION_NAME = 1,
  PROP_CHOSEN,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (CounterButtonList, counter_button_list, COUNTER_TYPE_ITEM_BOX)

static GtkWidget *
row_middle (CounterModel *item)
{
  GtkWidget *middle = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);

  gtk_widget_set_hexpand (middle, TRUE);
  gtk_widget_set_valign (middle, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (middle), counter_item_label (item, "title", "rowtitle"));
  gtk_box_append (GTK_BOX (middle), counter_item_label (item, "subtitle", "rowsub"));
  return middle;
}

/* What a screen reader says, and what a driver finds the row by. */
static void
name_row (CounterModel *item, GParamSpec *pspec, GtkWidget *button)
{
  static const char *const parts[] = { "title", "lead", "subtitle", "word", "time" };
  g_autoptr (GString) name = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      const char *text = counter_model_text (item, parts[i]);
      if (*text != '\0')
        g_string_append_printf (name, "%s%s", name->len > 0 ? " " : "", text);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name->str,
                                  -1);
}

/* For the eye, and for whoever has it read out. */
static void
mark (CounterButtonList *self, GtkWidget *row)
{
  gboolean chosen = g_strcmp0 (gtk_widget_get_name (row), self->chosen) == 0;

  gtk_accessible_update_state (
      GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_PRESSED,
      chosen ? GTK_ACCESSIBLE_TRISTATE_TRUE : GTK_ACCESSIBLE_TRISTATE_FALSE, -1);
  if (chosen)
    gtk_widget_add_css_class (row, "chosen");
  else
    gtk_widget_remove_css_class (row, "chosen");
}

static GtkWidget *
counter_button_list_make_row (CounterItemBox *box, gpointer item)
{
  CounterButtonList *self = COUNTER_BUTTON_LIST (box);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
  GtkWidget *button = gtk_button_new ();
  const char *id = counter_model_text (item, "id");
  GtkWidget *lead = counter_item_label (item, "lead", "figures");
  GtkWidget *time = counter_item_label (item, "time", "figures");

  gtk_label_set_wrap (GTK_LABEL (lead), FALSE);
  gtk_label_set_wrap (GTK_LABEL (time), FALSE);
  gtk_widget_add_css_class (time, "quiet");
  gtk_box_append (GTK_BOX (line), lead);
  gtk_box_append (GTK_BOX (line), row_middle (item));
  gtk_box_append (GTK_BOX (line), counter_item_chip (item));
  gtk_box_append (GTK_BOX (line), time);
  gtk_button_set_child (GTK_BUTTON (button), line);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "row");
  gtk_widget_set_name (button, id);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), self->action);
  g_object_bind_property (item, "hidden", button, "visible",
                          G_BINDING_SYNC_CREATE | G_BINDING_INVERT_BOOLEAN);
  g_signal_connect_object (item, "notify", G_CALLBACK (name_row), button, 0);
  name_row (item, NULL, button);
  mark (self, button);
  return button;
}

static void
counter_button_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CounterButtonList *self = COUNTER_BUTTON_LIST (object);

  g_value_set_string (value, id == PROP_CHOSEN ? self->chosen : self->action);
}

static void
counter_button_list_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  CounterButtonList *self = COUNTER_BUTTON_LIST (object);
  char **text = id == PROP_CHOSEN ? &self->chosen : &self->action;

  g_free (*text);
  *text = g_value_dup_string (value);
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    mark (self, row);
}

static void
counter_button_list_finalize (GObject *object)
{
  CounterButtonList *self = COUNTER_BUTTON_LIST (object);

  g_clear_pointer (&self->action, g_free);
  g_clear_pointer (&self->chosen, g_free);
  G_OBJECT_CLASS (counter_button_list_parent_class)->finalize (object);
}

static void
counter_button_list_class_init (CounterButtonListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = counter_button_list_get_property;
  object_class->set_property = counter_button_list_set_property;
  object_class->finalize = counter_button_list_finalize;
  COUNTER_ITEM_BOX_CLASS (klass)->make_row = counter_button_list_make_row;
  props[PROP_ACTION_NAME] = g_param_spec_string ("action-name", NULL, NULL, NULL, flags);
  props[PROP_CHOSEN] = g_param_spec_string ("chosen", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
counter_button_list_init (CounterButtonList *self)
{
}
