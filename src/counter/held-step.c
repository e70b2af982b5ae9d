// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "held-step.h"

#include "act-bar.h"
#include "button-list.h"
#include "staff-pin.h"

struct _CounterHeldStep
{
  CounterPage parent_instance;

  GtkWidget *show;
  GtkWidget *reasons;
  GtkWidget *pad;
};

G_DEFINE_FINAL_TYPE (CounterHeldStep, counter_held_step, COUNTER_TYPE_PAGE)

void
counter_held_step_finish_pin (CounterHeldStep *self)
{
  counter_staff_pin_finish (COUNTER_STAFF_PIN (self->pad));
}

static void
pin_cb (CounterHeldStep *self)
{
  g_autoptr (MdSecret) pin = counter_staff_pin_take (COUNTER_STAFF_PIN (self->pad));

  counter_model_give_secret (counter_page_get_model (COUNTER_PAGE (self)), "release-pin", pin);
}

/* A reason and a PIN, or there is nothing to sign. */
static void
ready_cb (CounterHeldStep *self)
{
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));
  gboolean ready = counter_staff_pin_is_ready (COUNTER_STAFF_PIN (self->pad));

  if (model == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  counter_page_enable (GTK_WIDGET (self), "page.pin-done",
                       ready && *counter_model_text (model, "held-reason") != '\0');
}

/* What was read by the clerk stays on the screen no longer than the clerk, and neither does the
 * supervisor's card take the clerk's place while something else is looked at. */
static void
unmapped_cb (CounterHeldStep *self)
{
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->show), FALSE);
  gtk_widget_activate_action (GTK_WIDGET (self), "intake.supervisor", "b", FALSE);
}

static void
reason_cb (CounterHeldStep *self)
{
  const char *reason
      = counter_model_text (counter_page_get_model (COUNTER_PAGE (self)), "held-reason");

  ready_cb (self);
  if (*reason != '\0' && gtk_widget_get_mapped (self->pad))
    gtk_widget_grab_focus (self->pad);
}

static gboolean
focus_later (gpointer data)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (data)))
    counter_page_focus_start (COUNTER_PAGE (data));
  return G_SOURCE_REMOVE;
}

static void
called_cb (CounterHeldStep *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, focus_later, g_object_ref (self), g_object_unref);
}

/* The keys came on screen: first the reason. */
static void
asked_cb (CounterHeldStep *self)
{
  if (*counter_model_text (counter_page_get_model (COUNTER_PAGE (self)), "held-reason") != '\0')
    gtk_widget_grab_focus (self->pad);
}

static void
counter_held_step_model_set (CounterPage *page)
{
  CounterModel *model = counter_page_get_model (page);

  g_signal_connect_object (model, "notify::held-reason", G_CALLBACK (reason_cb), page,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "notify::held-called", G_CALLBACK (called_cb), page,
                           G_CONNECT_SWAPPED);
}

static void
counter_held_step_focus_start (CounterPage *page)
{
  CounterHeldStep *self = COUNTER_HELD_STEP (page);
  CounterActBar *bar = counter_act_bar_find (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (page))));

  if (counter_model_flag (counter_page_get_model (page), "held-called"))
    gtk_widget_child_focus (self->reasons, GTK_DIR_TAB_FORWARD);
  else if (bar == NULL || !counter_act_bar_focus_primary (bar))
    gtk_widget_grab_focus (self->show);
}

static void
counter_held_step_class_init (CounterHeldStepClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  COUNTER_PAGE_CLASS (klass)->model_set = counter_held_step_model_set;
  COUNTER_PAGE_CLASS (klass)->focus_start = counter_held_step_focus_start;
  counter_page_class_use (widget_class, "held-step");
  gtk_widget_class_bind_template_child (widget_class, CounterHeldStep, show);
  gtk_widget_class_bind_template_child (widget_class, CounterHeldStep, reasons);
  gtk_widget_class_bind_template_child (widget_class, CounterHeldStep, pad);
  gtk_widget_class_bind_template_callback (widget_class, pin_cb);
  gtk_widget_class_bind_template_callback (widget_class, ready_cb);
  gtk_widget_class_bind_template_callback (widget_class, asked_cb);
}

static void
counter_held_step_init (CounterHeldStep *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "unmap", G_CALLBACK (unmapped_cb), NULL);
}
