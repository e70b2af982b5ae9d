// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "hold-button.h"

struct _CounterHoldButton
{
  GtkButton parent_instance;

  gboolean held;
  guint spent; /* the key that is still down after it was let go: its repeats hold nothing */
};

enum
{
  PROP_HELD = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (CounterHoldButton, counter_hold_button, GTK_TYPE_BUTTON)

static void
set_held (CounterHoldButton *self, gboolean held)
{
  if (self->held == held)
    return;
  self->held = held;
  if (held)
    gtk_widget_set_state_flags (GTK_WIDGET (self), GTK_STATE_FLAG_ACTIVE, FALSE);
  else
    gtk_widget_unset_state_flags (GTK_WIDGET (self), GTK_STATE_FLAG_ACTIVE);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_PRESSED,
                               held ? GTK_ACCESSIBLE_TRISTATE_TRUE : GTK_ACCESSIBLE_TRISTATE_FALSE,
                               -1);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HELD]);
}

static gboolean
is_key (guint key)
{
  return key == GDK_KEY_space || key == GDK_KEY_KP_Space || key == GDK_KEY_Return
         || key == GDK_KEY_KP_Enter || key == GDK_KEY_ISO_Enter;
}

static gboolean
take_key (CounterHoldButton *self, GdkEvent *event, gboolean down)
{
  const guint key = gdk_key_event_get_keyval (event);
  const GdkModifierType with
      = gdk_event_get_modifier_state (event) & gtk_accelerator_get_default_mod_mask ();

  if (!is_key (key) || (down && with != 0))
    return GDK_EVENT_PROPAGATE;
  if (!down)
    self->spent = 0;
  else if (self->spent == key)
    return GDK_EVENT_STOP;
  self->spent = down ? key : 0;
  set_held (self, down);
  return GDK_EVENT_STOP;
}

static gboolean
event_cb (CounterHoldButton *self, GdkEvent *event)
{
  const GdkEventType type = gdk_event_get_event_type (event);
  const gboolean begins = type == GDK_BUTTON_PRESS || type == GDK_TOUCH_BEGIN;

  if (type == GDK_KEY_PRESS || type == GDK_KEY_RELEASE)
    return take_key (self, event, type == GDK_KEY_PRESS);
  if (!begins && type != GDK_BUTTON_RELEASE && type != GDK_TOUCH_END && type != GDK_TOUCH_CANCEL
      && type != GDK_GRAB_BROKEN)
    return GDK_EVENT_PROPAGATE;
  if (type == GDK_BUTTON_PRESS && gdk_button_event_get_button (event) != GDK_BUTTON_PRIMARY)
    return GDK_EVENT_PROPAGATE;
  if (begins)
    (void)gtk_widget_grab_focus (GTK_WIDGET (self));
  set_held (self, begins);
  return GDK_EVENT_STOP;
}

/* It comes back to a button that is not down. */
static void
gone_cb (CounterHoldButton *self)
{
  self->spent = 0;
  set_held (self, FALSE);
}

static void
counter_hold_button_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_boolean (value, COUNTER_HOLD_BUTTON (object)->held);
}

static void
counter_hold_button_class_init (CounterHoldButtonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = counter_hold_button_get_property;
  props[PROP_HELD]
      = g_param_spec_boolean ("held", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
counter_hold_button_init (CounterHoldButton *self)
{
  GtkEventController *all = gtk_event_controller_legacy_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_event_controller_set_propagation_phase (all, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (all, "event", G_CALLBACK (event_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), all);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (gone_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  g_signal_connect (self, "unmap", G_CALLBACK (gone_cb), NULL);
  g_signal_connect (self, "notify::sensitive", G_CALLBACK (gone_cb), NULL);
}

GtkWidget *
counter_hold_button_new (const char *label)
{
  return g_object_new (COUNTER_TYPE_HOLD_BUTTON, "label", label, NULL);
}

gboolean
counter_hold_button_get_held (CounterHoldButton *self)
{
  return self->held;
}

void
counter_hold_button_let_go (CounterHoldButton *self)
{
  set_held (self, FALSE);
}
