// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "model.h"

typedef struct
{
  GValue *values; /* n_properties of them, made on first use */
} CounterModelPrivate;

static guint secret_signal;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (CounterModel, counter_model, G_TYPE_OBJECT)

static GValue *
slot (CounterModel *self, guint id, GParamSpec *pspec)
{
  CounterModelPrivate *priv = counter_model_get_instance_private (self);
  guint n = COUNTER_MODEL_GET_CLASS (self)->n_properties;

  g_return_val_if_fail (id >= 1 && id <= n, NULL);
  if (priv->values == NULL)
    priv->values = g_new0 (GValue, n);
  GValue *value = &priv->values[id - 1];
  if (!G_IS_VALUE (value))
    {
      g_value_init (value, pspec->value_type);
      g_param_value_set_default (pspec, value);
    }
  return value;
}

static void
counter_model_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  const GValue *held = slot (COUNTER_MODEL (object), id, pspec);

  if (held != NULL)
    g_value_copy (held, value);
}

static void
counter_model_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GValue *held = slot (COUNTER_MODEL (object), id, pspec);

  if (held == NULL || g_param_values_cmp (pspec, held, value) == 0)
    return;
  g_value_copy (value, held);
  g_object_notify_by_pspec (object, pspec);
}

static void
counter_model_finalize (GObject *object)
{
  CounterModel *self = COUNTER_MODEL (object);
  CounterModelPrivate *priv = counter_model_get_instance_private (self);
  guint n = COUNTER_MODEL_GET_CLASS (self)->n_properties;

  for (guint i = 0; priv->values != NULL && i < n; i++)
    if (G_IS_VALUE (&priv->values[i]))
      g_value_unset (&priv->values[i]);
  g_clear_pointer (&priv->values, g_free);
  G_OBJECT_CLASS (counter_model_parent_class)->finalize (object);
}

static void
counter_model_class_init (CounterModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = counter_model_finalize;
  secret_signal = g_signal_new ("secret", COUNTER_TYPE_MODEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 2, G_TYPE_STRING, MD_TYPE_SECRET);
}

static void
counter_model_init (CounterModel *self)
{
}

static GParamSpec *
make_spec (const char *name, GType type)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  if (type == G_TYPE_STRING)
    return g_param_spec_string (name, NULL, NULL, "", flags);
  if (type == G_TYPE_BOOLEAN)
    return g_param_spec_boolean (name, NULL, NULL, FALSE, flags);
  if (type == G_TYPE_UINT)
    return g_param_spec_uint (name, NULL, NULL, 0, G_MAXUINT, 0, flags);
  if (type == G_TYPE_STRV)
    return g_param_spec_boxed (name, NULL, NULL, type, flags);
  return g_param_spec_object (name, NULL, NULL, type, flags);
}

void
counter_model_class_install (CounterModelClass *klass, const CounterProperty *table, guint n)
{
  /* GObject does not let these two be inherited. */
  G_OBJECT_CLASS (klass)->get_property = counter_model_get_property;
  G_OBJECT_CLASS (klass)->set_property = counter_model_set_property;
  klass->n_properties = n;
  for (guint i = 0; i < n; i++)
    {
      GType type = table[i].type != NULL ? table[i].type () : G_TYPE_STRING;
      g_object_class_install_property (G_OBJECT_CLASS (klass), i + 1,
                                       make_spec (table[i].name, type));
    }
}

static const GValue *
peek (CounterModel *self, const char *property)
{
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (self), property);

  g_return_val_if_fail (pspec != NULL, NULL);
  return slot (self, pspec->param_id, pspec);
}

const char *
counter_model_text (CounterModel *self, const char *property)
{
  const GValue *value = peek (self, property);
  const char *text = value != NULL ? g_value_get_string (value) : NULL;

  return text != NULL ? text : "";
}

gboolean
counter_model_flag (CounterModel *self, const char *property)
{
  const GValue *value = peek (self, property);

  return value != NULL && g_value_get_boolean (value);
}

guint
counter_model_count (CounterModel *self, const char *property)
{
  const GValue *value = peek (self, property);

  return value != NULL ? g_value_get_uint (value) : 0;
}

gpointer
counter_model_object (CounterModel *self, const char *property)
{
  const GValue *value = peek (self, property);

  return value != NULL ? g_value_get_object (value) : NULL;
}

void
counter_model_give_secret (CounterModel *self, const char *purpose, MdSecret *secret)
{
  g_signal_emit (self, secret_signal, 0, purpose, secret);
}

GType
counter_type_flag (void)
{
  return G_TYPE_BOOLEAN;
}

GType
counter_type_count (void)
{
  return G_TYPE_UINT;
}

GType
counter_type_list (void)
{
  return G_TYPE_LIST_MODEL;
}

GType
counter_type_object (void)
{
  return G_TYPE_OBJECT;
}

GType
counter_type_strings (void)
{
  return G_TYPE_STRV;
}
