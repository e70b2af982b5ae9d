// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "state-chip.h"

struct _CounterStateChip
{
  GtkWidget parent_instance;

  char *state;
  char *word;
  char *icon;
  GtkImage *image;
  GtkLabel *label;
};

enum
{
  PROP_STATE = 1,
  PROP_WORD,
  PROP_ICON,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static const struct
{
  const char *state;
  const char *icon;
} states[] = {
  { "ok", "md-ok-symbolic" },
  { "wait", "md-wait-symbolic" },
  { "deferred", "md-deferred-symbolic" },
  { "stop", "md-halt-symbolic" },
  { "none", "md-none-symbolic" },
};

G_DEFINE_FINAL_TYPE (CounterStateChip, counter_state_chip, GTK_TYPE_WIDGET)

const char *
counter_state_icon (const char *state)
{
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_strcmp0 (state, states[i].state) == 0)
      return states[i].icon;
  return "md-none-symbolic";
}

void
counter_state_style (GtkWidget *widget, const char *state)
{
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_strcmp0 (state, states[i].state) == 0)
      gtk_widget_add_css_class (widget, states[i].state);
    else
      gtk_widget_remove_css_class (widget, states[i].state);
}

static void
show (CounterStateChip *self)
{
  const char *icon
      = self->icon != NULL && *self->icon != '\0' ? self->icon : counter_state_icon (self->state);

  gtk_image_set_from_icon_name (self->image, icon);
  gtk_label_set_text (self->label, self->word != NULL ? self->word : "");
  counter_state_style (GTK_WIDGET (self), self->state);
  gtk_widget_set_visible (GTK_WIDGET (self), self->word != NULL && *self->word != '\0');
}

static char **
text_of (CounterStateChip *self, guint id)
{
  switch (id)
    {
    case PROP_STATE:
      return &self->state;
    case PROP_WORD:
      return &self->word;
    case PROP_ICON:
      return &self->icon;
    default:
      return NULL;
    }
}

static void
counter_state_chip_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  char **text = text_of (COUNTER_STATE_CHIP (object), id);

  if (text != NULL)
    g_value_set_string (value, *text);
}

static void
counter_state_chip_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  char **text = text_of (COUNTER_STATE_CHIP (object), id);

  if (text == NULL || g_strcmp0 (*text, g_value_get_string (value)) == 0)
    return;
  g_free (*text);
  *text = g_value_dup_string (value);
  show (COUNTER_STATE_CHIP (object));
  g_object_notify_by_pspec (object, pspec);
}

static void
counter_state_chip_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (counter_state_chip_parent_class)->dispose (object);
}

static void
counter_state_chip_finalize (GObject *object)
{
  CounterStateChip *self = COUNTER_STATE_CHIP (object);

  g_clear_pointer (&self->state, g_free);
  g_clear_pointer (&self->word, g_free);
  g_clear_pointer (&self->icon, g_free);
  G_OBJECT_CLASS (counter_state_chip_parent_class)->finalize (object);
}

static void
counter_state_chip_class_init (CounterStateChipClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = counter_state_chip_get_property;
  object_class->set_property = counter_state_chip_set_property;
  object_class->dispose = counter_state_chip_dispose;
  object_class->finalize = counter_state_chip_finalize;
  props[PROP_STATE] = g_param_spec_string ("state", NULL, NULL, NULL, flags);
  props[PROP_WORD] = g_param_spec_string ("word", NULL, NULL, NULL, flags);
  props[PROP_ICON] = g_param_spec_string ("icon", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "statechip");
}

static void
counter_state_chip_init (CounterStateChip *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 6);
  gtk_widget_add_css_class (GTK_WIDGET (self), "chip");
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  self->image = GTK_IMAGE (gtk_image_new ());
  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_set_parent (GTK_WIDGET (self->image), GTK_WIDGET (self));
  gtk_widget_set_parent (GTK_WIDGET (self->label), GTK_WIDGET (self));
  show (self);
}
