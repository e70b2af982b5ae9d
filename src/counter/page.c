// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "page.h"

#include "act-bar.h"

typedef struct
{
  CounterModel *model;
} CounterPagePrivate;

enum
{
  PROP_MODEL = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (CounterPage, counter_page, GTK_TYPE_WIDGET)

/* --- closures for templates --- */

static gboolean
has_text (gpointer object, const char *text)
{
  return text != NULL && *text != '\0';
}

static gboolean
has_no_text (gpointer object, const char *text)
{
  return text == NULL || *text == '\0';
}

static gboolean
is_text (gpointer object, const char *text, const char *wanted)
{
  return g_strcmp0 (text, wanted) == 0;
}

static gboolean
is_not_text (gpointer object, const char *text, const char *wanted)
{
  return g_strcmp0 (text, wanted) != 0;
}

static gboolean
is_either (gpointer object, const char *text, const char *one, const char *other)
{
  return g_strcmp0 (text, one) == 0 || g_strcmp0 (text, other) == 0;
}

static gboolean
is_some (gpointer object, guint count)
{
  return count > 0;
}

static gboolean
is_none (gpointer object, guint count)
{
  return count == 0;
}

static char *
figure (gpointer object, guint count)
{
  return g_strdup_printf ("%u", count);
}

static char *
pair (gpointer object, const char *first, const char *second)
{
  const char *gap
      = first != NULL && *first != '\0' && second != NULL && *second != '\0' ? "  " : "";

  return g_strdup_printf ("%s%s%s", first != NULL ? first : "", gap, second != NULL ? second : "");
}

static gboolean
negate (gpointer object, gboolean flag)
{
  return !flag;
}

void
counter_page_class_use (GtkWidgetClass *klass, const char *stem)
{
  g_autofree char *path = g_strdup_printf ("/org/madoguchi/Madoguchi/ui/%s.ui", stem);

  gtk_widget_class_set_template_from_resource (klass, path);
  gtk_widget_class_bind_template_callback (klass, has_text);
  gtk_widget_class_bind_template_callback (klass, has_no_text);
  gtk_widget_class_bind_template_callback (klass, is_text);
  gtk_widget_class_bind_template_callback (klass, is_not_text);
  gtk_widget_class_bind_template_callback (klass, is_either);
  gtk_widget_class_bind_template_callback (klass, is_some);
  gtk_widget_class_bind_template_callback (klass, is_none);
  gtk_widget_class_bind_template_callback (klass, figure);
  gtk_widget_class_bind_template_callback (klass, pair);
  gtk_widget_class_bind_template_callback (klass, negate);
}

/* --- the page --- */

CounterModel *
counter_page_get_model (CounterPage *self)
{
  CounterPagePrivate *priv = counter_page_get_instance_private (self);

  return priv->model;
}

void
counter_page_set_model (CounterPage *self, CounterModel *model)
{
  CounterPagePrivate *priv = counter_page_get_instance_private (self);

  if (!g_set_object (&priv->model, model))
    return;
  if (model != NULL && COUNTER_PAGE_GET_CLASS (self)->model_set != NULL)
    COUNTER_PAGE_GET_CLASS (self)->model_set (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MODEL]);
}

void
counter_page_focus_start (CounterPage *self)
{
  if (COUNTER_PAGE_GET_CLASS (self)->focus_start != NULL)
    COUNTER_PAGE_GET_CLASS (self)->focus_start (self);
  else
    {
      CounterActBar *bar = counter_act_bar_find (GTK_WIDGET (self));

      if (bar == NULL || !counter_act_bar_focus_primary (bar))
        gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
    }
}

void
counter_page_enable (GtkWidget *part, const char *action, gboolean enabled)
{
  GtkWidget *outermost = part;

  for (GtkWidget *above = part; above != NULL; above = gtk_widget_get_parent (above))
    if (COUNTER_IS_PAGE (above))
      outermost = above;
  gtk_widget_action_set_enabled (outermost, action, enabled);
}

static void
counter_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_object (value, counter_page_get_model (COUNTER_PAGE (object)));
}

static void
counter_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  counter_page_set_model (COUNTER_PAGE (object), g_value_get_object (value));
}

static void
counter_page_dispose (GObject *object)
{
  CounterPagePrivate *priv = counter_page_get_instance_private (COUNTER_PAGE (object));

  gtk_widget_dispose_template (GTK_WIDGET (object), G_OBJECT_TYPE (object));
  /* What the template has not bound to a name is left. */
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (object)); child != NULL;
       child = gtk_widget_get_first_child (GTK_WIDGET (object)))
    gtk_widget_unparent (child);
  g_clear_object (&priv->model);
  G_OBJECT_CLASS (counter_page_parent_class)->dispose (object);
}

static void
counter_page_class_init (CounterPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = counter_page_get_property;
  object_class->set_property = counter_page_set_property;
  object_class->dispose = counter_page_dispose;
  props[PROP_MODEL]
      = g_param_spec_object ("model", NULL, NULL, COUNTER_TYPE_MODEL,
                             G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
counter_page_init (CounterPage *self)
{
}
