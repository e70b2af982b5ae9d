// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "act-bar.h"

#include "key-button.h"
#include "state-chip.h"

struct _CounterActBar
{
  GtkWidget parent_instance;

  GtkWidget *bar;
  GtkWidget *back;
  GtkWidget *primary;
  GtkWidget *cancel;
  GtkSpinner *spinner;
  GtkLabel *waits_label;
  GtkWidget *waits_box;
  CounterStateChip *note_chip;

  char *texts[9]; /* by property */
};

enum
{
  PROP_BACK_TEXT = 1,
  PROP_BACK_ACTION,
  PROP_PRIMARY_TEXT,
  PROP_PRIMARY_ACTION,
  PROP_NOTE,
  PROP_NOTE_STATE,
  PROP_WAITS,
  PROP_CANCEL_ACTION,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (CounterActBar, counter_act_bar, GTK_TYPE_WIDGET)

static const char *
text (CounterActBar *self, guint id)
{
  return self->texts[id] != NULL ? self->texts[id] : "";
}

static void
show_button (GtkWidget *button, const char *word, const char *action)
{
  g_object_set (button, "text", word, NULL);
  gtk_widget_set_visible (button, *word != '\0');
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), *action != '\0' ? action : NULL);
}

static void
show (CounterActBar *self)
{
  gboolean waits = *text (self, PROP_WAITS) != '\0';

  show_button (self->back, text (self, PROP_BACK_TEXT), text (self, PROP_BACK_ACTION));
  show_button (self->primary, text (self, PROP_PRIMARY_TEXT), text (self, PROP_PRIMARY_ACTION));
  gtk_label_set_text (self->waits_label, text (self, PROP_WAITS));
  gtk_spinner_set_spinning (self->spinner, waits);
  gtk_widget_set_visible (self->waits_box, waits);
  gtk_widget_set_visible (self->cancel, waits && *text (self, PROP_CANCEL_ACTION) != '\0');
  gtk_actionable_set_action_name (
      GTK_ACTIONABLE (self->cancel),
      *text (self, PROP_CANCEL_ACTION) != '\0' ? text (self, PROP_CANCEL_ACTION) : NULL);
  g_object_set (self->note_chip, "word", waits ? "" : text (self, PROP_NOTE), "state",
                *text (self, PROP_NOTE_STATE) != '\0' ? text (self, PROP_NOTE_STATE) : "none",
                NULL);
}

static gboolean
press (GtkWidget *button)
{
  if (!gtk_widget_get_mapped (button) || !gtk_widget_is_sensitive (button))
    return FALSE;
  return gtk_widget_activate (button);
}

gboolean
counter_act_bar_press_primary (CounterActBar *self)
{
  return press (self->primary);
}

gboolean
counter_act_bar_press_back (CounterActBar *self)
{
  return press (self->back) || press (self->cancel);
}

gboolean
counter_act_bar_focus_primary (CounterActBar *self)
{
  return gtk_widget_get_mapped (self->primary) && gtk_widget_is_sensitive (self->primary)
         && gtk_widget_grab_focus (self->primary);
}

CounterActBar *
counter_act_bar_find (GtkWidget *root)
{
  if (!gtk_widget_get_mapped (root))
    return NULL;
  if (COUNTER_IS_ACT_BAR (root))
    return COUNTER_ACT_BAR (root);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      CounterActBar *found = counter_act_bar_find (child);
      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
counter_act_bar_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_string (value, COUNTER_ACT_BAR (object)->texts[id]);
}

static void
counter_act_bar_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  CounterActBar *self = COUNTER_ACT_BAR (object);

  if (g_strcmp0 (self->texts[id], g_value_get_string (value)) == 0)
    return;
  g_free (self->texts[id]);
  self->texts[id] = g_value_dup_string (value);
  show (self);
  g_object_notify_by_pspec (object, pspec);
}

static void
counter_act_bar_dispose (GObject *object)
{
  g_clear_pointer (&COUNTER_ACT_BAR (object)->bar, gtk_widget_unparent);
  G_OBJECT_CLASS (counter_act_bar_parent_class)->dispose (object);
}

static void
counter_act_bar_finalize (GObject *object)
{
  CounterActBar *self = COUNTER_ACT_BAR (object);

  for (guint i = 0; i < G_N_ELEMENTS (self->texts); i++)
    g_clear_pointer (&self->texts[i], g_free);
  G_OBJECT_CLASS (counter_act_bar_parent_class)->finalize (object);
}

static void
counter_act_bar_class_init (CounterActBarClass *klass)
{
  static const char *const names[]
      = { "back-text", "back-action", "primary-text", "primary-action",
          "note",      "note-state",  "waits",        "cancel-action" };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = counter_act_bar_get_property;
  object_class->set_property = counter_act_bar_set_property;
  object_class->dispose = counter_act_bar_dispose;
  object_class->finalize = counter_act_bar_finalize;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    props[i + 1] = g_param_spec_string (names[i], NULL, NULL, NULL,
                                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY
                                            | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (COUNTER_TYPE_KEY_BUTTON);
  g_type_ensure (COUNTER_TYPE_STATE_CHIP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/madoguchi/Madoguchi/ui/act-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, CounterActBar, bar);
  gtk_widget_class_bind_template_child (widget_class, CounterActBar, back);
  gtk_widget_class_bind_template_child (widget_class, CounterActBar, primary);
  gtk_widget_class_bind_template_child (widget_class, CounterActBar, cancel);
  gtk_widget_class_bind_template_child (widget_class, CounterActBar, spinner);
  gtk_widget_class_bind_template_child (widget_class, CounterActBar, waits_label);
  gtk_widget_class_bind_template_child (widget_class, CounterActBar, waits_box);
  gtk_widget_class_bind_template_child (widget_class, CounterActBar, note_chip);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
counter_act_bar_init (CounterActBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  show (self);
}
