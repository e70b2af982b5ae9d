// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "confirm-step.h"

#include "staff-pin.h"

struct _CounterConfirmStep
{
  CounterPage parent_instance;

  GtkWidget *pad;
};

G_DEFINE_FINAL_TYPE (CounterConfirmStep, counter_confirm_step, COUNTER_TYPE_PAGE)

void
counter_confirm_step_finish_pin (CounterConfirmStep *self)
{
  counter_staff_pin_finish (COUNTER_STAFF_PIN (self->pad));
}

static void
pin_cb (CounterConfirmStep *self)
{
  g_autoptr (MdSecret) pin = counter_staff_pin_take (COUNTER_STAFF_PIN (self->pad));

  counter_model_give_secret (counter_page_get_model (COUNTER_PAGE (self)), "staff-pin", pin);
}

static void
ready_cb (CounterConfirmStep *self)
{
  gboolean ready = counter_staff_pin_is_ready (COUNTER_STAFF_PIN (self->pad));

  counter_page_enable (GTK_WIDGET (self), "page.pin-done", ready);
}

static void
counter_confirm_step_focus_start (CounterPage *page)
{
  GtkWidget *pad = COUNTER_CONFIRM_STEP (page)->pad;

  if (gtk_widget_get_mapped (pad))
    gtk_widget_grab_focus (pad);
}

static void
asked_cb (CounterConfirmStep *self)
{
  gtk_widget_grab_focus (self->pad);
}

static void
counter_confirm_step_class_init (CounterConfirmStepClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  COUNTER_PAGE_CLASS (klass)->focus_start = counter_confirm_step_focus_start;
  counter_page_class_use (widget_class, "confirm-step");
  gtk_widget_class_bind_template_child (widget_class, CounterConfirmStep, pad);
  gtk_widget_class_bind_template_callback (widget_class, pin_cb);
  gtk_widget_class_bind_template_callback (widget_class, ready_cb);
  gtk_widget_class_bind_template_callback (widget_class, asked_cb);
}

static void
counter_confirm_step_init (CounterConfirmStep *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
