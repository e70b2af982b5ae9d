// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "item-box.h"

#include "state-chip.h"

typedef struct
{
  GListModel *model;
} CounterItemBoxPrivate;

enum
{
  PROP_MODEL = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (CounterItemBox, counter_item_box, GTK_TYPE_WIDGET)

static gboolean
text_is_there (GBinding *binding, const GValue *from, GValue *to, gpointer data)
{
  const char *text = g_value_get_string (from);

  g_value_set_boolean (to, text != NULL && *text != '\0');
  return TRUE;
}

GtkWidget *
counter_item_label (CounterModel *item, const char *property, const char *css)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css != NULL)
    gtk_widget_add_css_class (label, css);
  g_object_bind_property (item, property, label, "label", G_BINDING_SYNC_CREATE);
  g_object_bind_property_full (item, property, label, "visible", G_BINDING_SYNC_CREATE,
                               text_is_there, NULL, NULL, NULL);
  return label;
}

GtkWidget *
counter_item_chip (CounterModel *item)
{
  GtkWidget *chip = g_object_new (COUNTER_TYPE_STATE_CHIP, NULL);

  g_object_bind_property (item, "state", chip, "state", G_BINDING_SYNC_CREATE);
  g_object_bind_property (item, "word", chip, "word", G_BINDING_SYNC_CREATE);
  return chip;
}

static gboolean
has_focus (GtkWidget *row)
{
  GtkRoot *root = gtk_widget_get_root (row);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return focus != NULL && (focus == row || gtk_widget_is_ancestor (focus, row));
}

/* Takes REMOVED rows away from AT on, and returns what stands there then. Whoever was on one of
 * them is on its neighbour. */
static GtkWidget *
remove_rows (GtkWidget *at, guint removed)
{
  GtkWidget *before = at != NULL ? gtk_widget_get_prev_sibling (at) : NULL;
  gboolean focused = FALSE;

  for (guint i = 0; i < removed && at != NULL; i++)
    {
      GtkWidget *next = gtk_widget_get_next_sibling (at);

      focused = focused || has_focus (at);
      gtk_widget_unparent (at);
      at = next;
    }
  if (focused && (at != NULL || before != NULL))
    gtk_widget_grab_focus (at != NULL ? at : before);
  return at;
}

static void
items_changed_cb (CounterItemBox *self, guint position, guint removed, guint added)
{
  CounterItemBoxPrivate *priv = counter_item_box_get_instance_private (self);
  GtkWidget *at = gtk_widget_get_first_child (GTK_WIDGET (self));

  for (guint i = 0; i < position && at != NULL; i++)
    at = gtk_widget_get_next_sibling (at);
  at = remove_rows (at, removed);
  for (guint i = 0; i < added; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (priv->model, position + i);
      GtkWidget *row = COUNTER_ITEM_BOX_GET_CLASS (self)->make_row (self, item);
      /* A mapping model forgets its items when nobody holds them. */
      g_object_set_data_full (G_OBJECT (row), "item", g_object_ref (item), g_object_unref);
      gtk_widget_insert_before (row, GTK_WIDGET (self), at);
    }
}

static void
forget_model (CounterItemBox *self)
{
  CounterItemBoxPrivate *priv = counter_item_box_get_instance_private (self);
  GtkWidget *child;

  if (priv->model != NULL)
    g_signal_handlers_disconnect_by_func (priv->model, items_changed_cb, self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&priv->model);
}

static void
counter_item_box_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CounterItemBoxPrivate *priv = counter_item_box_get_instance_private (COUNTER_ITEM_BOX (object));

  g_value_set_object (value, priv->model);
}

static void
counter_item_box_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  CounterItemBox *self = COUNTER_ITEM_BOX (object);
  CounterItemBoxPrivate *priv = counter_item_box_get_instance_private (self);
  GListModel *model = g_value_get_object (value);

  if (priv->model == model)
    return;
  forget_model (self);
  if (model == NULL)
    return;
  priv->model = g_object_ref (model);
  g_signal_connect_object (model, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED);
  items_changed_cb (self, 0, 0, g_list_model_get_n_items (model));
}

static void
counter_item_box_dispose (GObject *object)
{
  forget_model (COUNTER_ITEM_BOX (object));
  G_OBJECT_CLASS (counter_item_box_parent_class)->dispose (object);
}

static void
counter_item_box_class_init (CounterItemBoxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = counter_item_box_get_property;
  object_class->set_property = counter_item_box_set_property;
  object_class->dispose = counter_item_box_dispose;
  props[PROP_MODEL] = g_param_spec_object ("model", NULL, NULL, G_TYPE_LIST_MODEL,
                                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "itembox");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST);
}

static void
counter_item_box_init (CounterItemBox *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
}
