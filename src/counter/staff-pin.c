// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "staff-pin.h"

#include "pin-pad.h"

struct _CounterStaffPin
{
  CounterPage parent_instance;

  CounterPinPad *keys;
};

G_DEFINE_FINAL_TYPE (CounterStaffPin, counter_staff_pin, COUNTER_TYPE_PAGE)

enum
{
  SIGNAL_COMPLETE,
  SIGNAL_READY,
  SIGNAL_ASKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

MdSecret *
counter_staff_pin_take (CounterStaffPin *self)
{
  return counter_pin_pad_take (self->keys);
}

void
counter_staff_pin_finish (CounterStaffPin *self)
{
  counter_pin_pad_finish (self->keys);
}

gboolean
counter_staff_pin_is_ready (CounterStaffPin *self)
{
  gboolean ready = FALSE;

  g_object_get (self->keys, "ready", &ready, NULL);
  return ready;
}

static void
complete_cb (CounterStaffPin *self)
{
  g_signal_emit (self, signals[SIGNAL_COMPLETE], 0);
}

static void
ready_cb (CounterStaffPin *self)
{
  g_signal_emit (self, signals[SIGNAL_READY], 0);
}

static void
asked_cb (CounterStaffPin *self)
{
  g_signal_emit (self, signals[SIGNAL_ASKED], 0);
}

/* What was typed and not sent goes with the keys. */
static void
gone_cb (CounterStaffPin *self)
{
  if (self->keys != NULL)
    counter_pin_pad_clear (self->keys);
}

static gboolean
counter_staff_pin_grab_focus (GtkWidget *widget)
{
  GtkWidget *keys = GTK_WIDGET (COUNTER_STAFF_PIN (widget)->keys);

  return gtk_widget_get_mapped (keys) && gtk_widget_grab_focus (keys);
}

static guint
add_signal (CounterStaffPinClass *klass, const char *name)
{
  return g_signal_new (name, G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, 0);
}

static void
counter_staff_pin_class_init (CounterStaffPinClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->grab_focus = counter_staff_pin_grab_focus;
  signals[SIGNAL_COMPLETE] = add_signal (klass, "complete");
  signals[SIGNAL_READY] = add_signal (klass, "ready");
  signals[SIGNAL_ASKED] = add_signal (klass, "asked");
  counter_page_class_use (widget_class, "staff-pin");
  gtk_widget_class_bind_template_child (widget_class, CounterStaffPin, keys);
  gtk_widget_class_bind_template_callback (widget_class, complete_cb);
  gtk_widget_class_bind_template_callback (widget_class, ready_cb);
  gtk_widget_class_bind_template_callback (widget_class, asked_cb);
  gtk_widget_class_bind_template_callback (widget_class, gone_cb);
}

static void
counter_staff_pin_init (CounterStaffPin *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
