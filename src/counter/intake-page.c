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
  GtkWidget *focus; /* the last before the card went, not owned; NULL once it is gone, too */
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

/* --- the card goes, and comes back: everything is where it was --- */

/* What is covered loses the focus before the page is told: the last one counts. */
static void
focus_cb (CounterIntakePage *self)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));

  if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self))
      && g_strcmp0 (gtk_stack_get_visible_child_name (self->steps), "away") != 0)
    g_set_weak_pointer (&self->focus, focus);
}

static gboolean
give_focus_back (gpointer data)
{
  CounterIntakePage *self = COUNTER_INTAKE_PAGE (data);
  GtkWidget *focus = self->focus;

  if (focus == NULL || !gtk_widget_get_mapped (focus))
    focus_step (self);
  else if (GTK_IS_TEXT (focus) && gtk_text_grab_focus_without_selecting (GTK_TEXT (focus)))
    gtk_editable_set_position (GTK_EDITABLE (focus), -1);
  else
    gtk_widget_grab_focus (focus);
  return G_SOURCE_REMOVE;
}

static const char *
shown_step (CounterModel *model)
{
  if (counter_model_flag (model, "away"))
    return "away";
  return counter_model_flag (model, "held") ? "held" : counter_model_text (model, "step");
}

static void
step_cb (CounterIntakePage *self)
{
  const char *step = shown_step (counter_page_get_model (COUNTER_PAGE (self)));
  const char *before = gtk_stack_get_visible_child_name (self->steps);

  if (*step == '\0' || g_strcmp0 (step, before) == 0)
    return;
  if (g_strcmp0 (before, "away") == 0)
    {
      counter_stack_show (self->steps, step);
      g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, give_focus_back, g_object_ref (self),
                       g_object_unref);
      return;
    }
  counter_stack_show (self->steps, step);
  /* Not a moment without: a key that was meant for the step before would go to what comes first. */
  if (g_str_equal (step, "away"))
    focus_step (self);
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
  g_signal_connect_object (counter_page_get_model (page), "notify::away", G_CALLBACK (step_cb),
                           page, G_CONNECT_SWAPPED);
  step_cb (COUNTER_INTAKE_PAGE (page));
}

static void
counter_intake_page_focus_start (CounterPage *page)
{
  focus_step (COUNTER_INTAKE_PAGE (page));
}

static void
counter_intake_page_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (counter_intake_page_parent_class)->root (widget);
  g_signal_connect_object (gtk_widget_get_root (widget), "notify::focus-widget",
                           G_CALLBACK (focus_cb), widget, G_CONNECT_SWAPPED);
}

static void
counter_intake_page_dispose (GObject *object)
{
  g_clear_weak_pointer (&COUNTER_INTAKE_PAGE (object)->focus);
  G_OBJECT_CLASS (counter_intake_page_parent_class)->dispose (object);
}

static void
counter_intake_page_class_init (CounterIntakePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = counter_intake_page_dispose;
  widget_class->root = counter_intake_page_root;
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
