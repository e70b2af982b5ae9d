// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "scroll.h"

#define SCROLLED "scrolled-here"

static gboolean
move_by (GtkWidget *window, double steps)
{
  GtkAdjustment *down = g_object_get_data (G_OBJECT (window), SCROLLED);

  if (down == NULL)
    return GDK_EVENT_PROPAGATE;
  gtk_adjustment_set_value (down, gtk_adjustment_get_value (down)
                                      + steps * gtk_adjustment_get_page_size (down));
  return GDK_EVENT_STOP;
}

static gboolean
scroll_cb (GtkEventController *controller, double dx, double dy, GtkWidget *window)
{
  return move_by (window, dy / 4);
}

static gboolean
key_cb (GtkEventController *controller, guint key, guint code, GdkModifierType with,
        GtkWidget *window)
{
  static const struct
  {
    guint key;
    double steps;
  } keys[] = {
    { GDK_KEY_Down, 0.25 },    { GDK_KEY_Up, -0.25 },     { GDK_KEY_Page_Down, 0.9 },
    { GDK_KEY_Page_Up, -0.9 }, { GDK_KEY_KP_Down, 0.25 }, { GDK_KEY_KP_Up, -0.25 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (keys[i].key == key)
      return move_by (window, keys[i].steps);
  return GDK_EVENT_PROPAGATE;
}

void
counter_scroll_add (GtkWidget *window)
{
  GtkEventController *wheel
      = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_event_controller_set_propagation_phase (wheel, GTK_PHASE_CAPTURE);
  g_signal_connect (wheel, "scroll", G_CALLBACK (scroll_cb), window);
  gtk_widget_add_controller (window, wheel);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), window);
  gtk_widget_add_controller (window, keys);
}

void
counter_scroll_here (GtkWidget *window, GtkWidget *scroller)
{
  GtkAdjustment *down = scroller != NULL
                            ? gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller))
                            : NULL;

  g_object_set_data_full (G_OBJECT (window), SCROLLED, down != NULL ? g_object_ref (down) : NULL,
                          g_object_unref);
}
