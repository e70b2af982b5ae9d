// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "intake-page.h"

#include "confirm-step.h"
#include "held-step.h"
#include "identify-step.h"
#include "stack.h"

struct _CounterIntakePage
{
  CounterPage parent_instance;

  GtkStack *steps;
};

G_DEFINE_FINAL_TYPE (CounterIntakePage, counter_intake_page, COUNTER_TYPE_PAGE)

static void
focus_step (CounterIntakePage *self)
{
  GtkWidget *step = gtk_stack_get_visible_child (self->steps);

  if (COUNTER_IS_PAGE (step) && gtk_widget_get_mapped (step))
    counter_page_focus_start (COUNTER_PAGE (step));
}

static gboolean
focus_later (gpointer data)
{
  focus_step (COUNTER_INTAKE_PAGE (data));
  return G_SOURCE_REMOVE;
}

static void
step_cb (CounterIntakePage *self)
{
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));
  const char *step
      = counter_model_flag (model, "held") ? "held" : counter_model_text (model, "step");

  if (*step == '\0' || g_strcmp0 (step, gtk_stack_get_visible_child_name (self->steps)) == 0)
    return;
  counter_stack_show (self->steps, step);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, focus_later, g_object_ref (self), g_object_unref);
}

/* The primary act while a PIN is asked for: what the tick on the pad does. */
static void
pin_done_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWidget *step = gtk_stack_get_visible_child (COUNTER_INTAKE_PAGE (widget)->steps);

  if (COUNTER_IS_IDENTIFY_STEP (step))
    counter_identify_step_finish_pin (COUNTER_IDENTIFY_STEP (step));
  else if (COUNTER_IS_CONFIRM_STEP (step))
    counter_confirm_step_finish_pin (COUNTER_CONFIRM_STEP (step));
  else if (COUNTER_IS_HELD_STEP (step))
    counter_held_step_finish_pin (COUNTER_HELD_STEP (step));
}

static void
counter_intake_page_model_set (CounterPage *page)
{
  g_signal_connect_object (counter_page_get_model (page), "notify::step", G_CALLBACK (step_cb),
                           page, G_CONNECT_SWAPPED);
  g_signal_connect_object (counter_page_get_model (page), "notify::held", G_CALLBACK (step_cb),
                           page, G_CONNECT_SWAPPED);
  step_cb (COUNTER_INTAKE_PAGE (page));
}

static void
counter_intake_page_focus_start (CounterPage *page)
{
  focus_step (COUNTER_INTAKE_PAGE (page));
}

static void
counter_intake_page_class_init (CounterIntakePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  COUNTER_PAGE_CLASS (klass)->model_set = counter_intake_page_model_set;
  COUNTER_PAGE_CLASS (klass)->focus_start = counter_intake_page_focus_start;
  counter_page_class_use (widget_class, "intake-page");
  gtk_widget_class_bind_template_child (widget_class, CounterIntakePage, steps);
  gtk_widget_class_install_action (widget_class, "page.pin-done", NULL, pin_done_action);
}

static void
counter_intake_page_init (CounterIntakePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  counter_stack_show (self->steps, "procedure");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.pin-done", FALSE);
}
