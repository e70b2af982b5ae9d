// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "key-button.h"

struct _CounterKeyButton
{
  GtkButton parent_instance;

  char *text;
  char *key;
  char *icon;
  GtkImage *image;
  GtkLabel *word;
  GtkLabel *cap;
};

enum
{
  PROP_TEXT = 1,
  PROP_KEY,
  PROP_ICON,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (CounterKeyButton, counter_key_button, GTK_TYPE_BUTTON)

static void
show (CounterKeyButton *self)
{
  const char *text = self->text != NULL ? self->text : "";

  gtk_label_set_text (self->word, text);
  gtk_label_set_text (self->cap, self->key != NULL ? self->key : "");
  gtk_widget_set_visible (GTK_WIDGET (self->cap), self->key != NULL && *self->key != '\0');
  gtk_image_set_from_icon_name (self->image, self->icon);
  gtk_widget_set_visible (GTK_WIDGET (self->image), self->icon != NULL && *self->icon != '\0');
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                  GTK_ACCESSIBLE_PROPERTY_KEY_SHORTCUTS,
                                  self->key != NULL ? self->key : "", -1);
}

static char **
text_of (CounterKeyButton *self, guint id)
{
  switch (id)
    {
    case PROP_TEXT:
      return &self->text;
    case PROP_KEY:
      return &self->key;
    case PROP_ICON:
      return &self->icon;
    default:
      return NULL;
    }
}

static void
counter_key_button_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  char **text = text_of (COUNTER_KEY_BUTTON (object), id);

  if (text != NULL)
    g_value_set_string (value, *text);
}

static void
counter_key_button_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  char **text = text_of (COUNTER_KEY_BUTTON (object), id);

  if (text == NULL || g_strcmp0 (*text, g_value_get_string (value)) == 0)
    return;
  g_free (*text);
  *text = g_value_dup_string (value);
  show (COUNTER_KEY_BUTTON (object));
  g_object_notify_by_pspec (object, pspec);
}

static void
counter_key_button_finalize (GObject *object)
{
  CounterKeyButton *self = COUNTER_KEY_BUTTON (object);

  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->icon, g_free);
  G_OBJECT_CLASS (counter_key_button_parent_class)->finalize (object);
}

static void
counter_key_button_class_init (CounterKeyButtonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = counter_key_button_get_property;
  object_class->set_property = counter_key_button_set_property;
  object_class->finalize = counter_key_button_finalize;
  props[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);
  props[PROP_KEY] = g_param_spec_string ("key", NULL, NULL, NULL, flags);
  props[PROP_ICON] = g_param_spec_string ("icon", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
counter_key_button_init (CounterKeyButton *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  self->image = GTK_IMAGE (gtk_image_new ());
  self->word = GTK_LABEL (gtk_label_new (NULL));
  self->cap = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->cap), "keycap");
  gtk_widget_set_valign (GTK_WIDGET (self->cap), GTK_ALIGN_CENTER);
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->image));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->word));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->cap));
  gtk_button_set_child (GTK_BUTTON (self), box);
  show (self);
}
