// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "card-print.h"

#define DPI_UNIT (96.0 * 1024.0) /* of "gtk-xft-dpi", where text is as large as it is meant */

/* The pictures on cards have letters of about sixteen pixels. */
static const double sizes[] = { 1.5, 2.25, 3.0 };

struct _CounterCardPrint
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkScrolledWindow *place;
  GtkPicture *picture;
  GtkWidget *hint;
  char *label;
  guint size; /* in sizes */
};

enum
{
  PROP_PAINTABLE = 1,
  PROP_LABEL,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (CounterCardPrint, counter_card_print, GTK_TYPE_WIDGET)

/* --- its size --- */

static double
scale_of_text (void)
{
  int dpi = 0;

  g_object_get (gtk_settings_get_default (), "gtk-xft-dpi", &dpi, NULL);
  return dpi > 0 ? dpi / DPI_UNIT : 1;
}

static void
show_size (CounterCardPrint *self)
{
  GdkPaintable *paintable = gtk_picture_get_paintable (self->picture);
  double scale = sizes[self->size] * scale_of_text ();

  if (paintable != NULL)
    gtk_widget_set_size_request (GTK_WIDGET (self->picture),
                                 (int)(gdk_paintable_get_intrinsic_width (paintable) * scale),
                                 (int)(gdk_paintable_get_intrinsic_height (paintable) * scale));
  gtk_widget_set_visible (GTK_WIDGET (self), paintable != NULL);
}

static gboolean
resize (CounterCardPrint *self, int by)
{
  int size = CLAMP ((int)self->size + by, 0, (int)G_N_ELEMENTS (sizes) - 1);

  self->size = (guint)size;
  show_size (self);
  return TRUE;
}

/* --- moving along it --- */

static gboolean
is_wide (GtkAdjustment *sideways)
{
  return gtk_adjustment_get_upper (sideways) > gtk_adjustment_get_page_size (sideways) + 1;
}

/* Words that say how to go on, only where there is more. */
static void
extent_cb (CounterCardPrint *self)
{
  gtk_widget_set_visible (self->hint, is_wide (gtk_scrolled_window_get_hadjustment (self->place)));
}

static gboolean
move (CounterCardPrint *self, double pages)
{
  GtkAdjustment *sideways = gtk_scrolled_window_get_hadjustment (self->place);
  double page = gtk_adjustment_get_page_size (sideways);

  if (!is_wide (sideways))
    return FALSE;
  gtk_adjustment_set_value (sideways, gtk_adjustment_get_value (sideways) + page * pages);
  return TRUE;
}

static gboolean
key_cb (CounterCardPrint *self, guint key, guint code, GdkModifierType state)
{
  const double all = 1000; /* pages, more than there are */

  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return FALSE;
  switch (key)
    {
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      return move (self, 0.5);
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      return move (self, -0.5);
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      return move (self, all);
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      return move (self, -all);
    case GDK_KEY_plus:
    case GDK_KEY_KP_Add:
    case GDK_KEY_semicolon: /* the plus of a Japanese keyboard, without Shift */
      return resize (self, 1);
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      return resize (self, -1);
    default:
      return FALSE;
    }
}

/* --- the widget --- */

/* The next person's picture begins small and at its beginning. */
static void
set_paintable (CounterCardPrint *self, GdkPaintable *paintable)
{
  gtk_picture_set_paintable (self->picture, paintable);
  gtk_adjustment_set_value (gtk_scrolled_window_get_hadjustment (self->place), 0);
  self->size = 0;
  show_size (self);
}

static void
set_label (CounterCardPrint *self, const char *label)
{
  const char *text = label != NULL ? label : "";

  g_free (self->label);
  self->label = g_strdup (label);
  gtk_picture_set_alternative_text (self->picture, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->picture), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  text, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->place), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                  -1);
}

static void
counter_card_print_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CounterCardPrint *self = COUNTER_CARD_PRINT (object);

  if (id == PROP_PAINTABLE)
    g_value_set_object (value, gtk_picture_get_paintable (self->picture));
  else
    g_value_set_string (value, self->label);
}

static void
counter_card_print_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  CounterCardPrint *self = COUNTER_CARD_PRINT (object);

  if (id == PROP_PAINTABLE)
    set_paintable (self, g_value_get_object (value));
  else
    set_label (self, g_value_get_string (value));
}

static void
counter_card_print_dispose (GObject *object)
{
  g_clear_pointer (&COUNTER_CARD_PRINT (object)->box, gtk_widget_unparent);
  G_OBJECT_CLASS (counter_card_print_parent_class)->dispose (object);
}

static void
counter_card_print_finalize (GObject *object)
{
  g_free (COUNTER_CARD_PRINT (object)->label);
  G_OBJECT_CLASS (counter_card_print_parent_class)->finalize (object);
}

static void
counter_card_print_class_init (CounterCardPrintClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = counter_card_print_get_property;
  object_class->set_property = counter_card_print_set_property;
  object_class->dispose = counter_card_print_dispose;
  object_class->finalize = counter_card_print_finalize;
  props[PROP_PAINTABLE] = g_param_spec_object ("paintable", NULL, NULL, GDK_TYPE_PAINTABLE, flags);
  props[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/madoguchi/Madoguchi/ui/card-print.ui");
  gtk_widget_class_bind_template_child (widget_class, CounterCardPrint, box);
  gtk_widget_class_bind_template_child (widget_class, CounterCardPrint, place);
  gtk_widget_class_bind_template_child (widget_class, CounterCardPrint, picture);
  gtk_widget_class_bind_template_child (widget_class, CounterCardPrint, hint);
  gtk_widget_class_bind_template_callback (widget_class, key_cb);
}

static void
counter_card_print_init (CounterCardPrint *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (gtk_scrolled_window_get_hadjustment (self->place), "changed",
                           G_CALLBACK (extent_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_settings_get_default (), "notify::gtk-xft-dpi",
                           G_CALLBACK (show_size), self, G_CONNECT_SWAPPED);
  show_size (self);
}
