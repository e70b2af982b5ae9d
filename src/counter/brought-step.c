// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "brought-step.h"

#include "act-bar.h"
#include "button-list.h"

struct _CounterBroughtStep
{
  CounterPage parent_instance;

  GtkWidget *kinds;
  GtkWidget *organisation;
};

G_DEFINE_FINAL_TYPE (CounterBroughtStep, counter_brought_step, COUNTER_TYPE_PAGE)

/* NULL on the model's side and "" on the line's are the same to both. */
static gboolean
to_line (GBinding *binding, const GValue *from, GValue *to, gpointer data)
{
  const char *text = g_value_get_string (from);

  g_value_set_string (to, text != NULL ? text : "");
  return TRUE;
}

static void
counter_brought_step_focus_start (CounterPage *page)
{
  CounterBroughtStep *self = COUNTER_BROUGHT_STEP (page);

  gtk_widget_child_focus (self->kinds, GTK_DIR_TAB_FORWARD);
}

static gboolean
focus_later (gpointer data)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (data)))
    counter_brought_step_focus_start (COUNTER_PAGE (data));
  return G_SOURCE_REMOVE;
}

static void
stage_cb (CounterBroughtStep *self)
{
  if (counter_model_flag (counter_page_get_model (COUNTER_PAGE (self)), "brought-asked"))
    g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, focus_later, g_object_ref (self), g_object_unref);
}

/* What was chosen asks for a name: it is typed next. */
static gboolean
focus_name_later (gpointer data)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (data)))
    gtk_widget_grab_focus (GTK_WIDGET (data));
  return G_SOURCE_REMOVE;
}

static void
asks_cb (CounterBroughtStep *self)
{
  if (counter_model_flag (counter_page_get_model (COUNTER_PAGE (self)), "brought-asks-name"))
    g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, focus_name_later, g_object_ref (self->organisation),
                     g_object_unref);
}

/* Enter in the line goes on to the primary act, as at the end of the form. */
static void
activate_cb (CounterBroughtStep *self)
{
  CounterActBar *bar = counter_act_bar_find (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))));

  if (bar != NULL)
    counter_act_bar_focus_primary (bar);
}

static void
counter_brought_step_model_set (CounterPage *page)
{
  CounterBroughtStep *self = COUNTER_BROUGHT_STEP (page);
  CounterModel *model = counter_page_get_model (page);

  g_object_bind_property_full (model, "brought-name", self->organisation, "text",
                               G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL, to_line, to_line,
                               NULL, NULL);
  g_signal_connect_object (model, "notify::brought-asked", G_CALLBACK (stage_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "notify::brought-asks-name", G_CALLBACK (asks_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
counter_brought_step_class_init (CounterBroughtStepClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  COUNTER_PAGE_CLASS (klass)->model_set = counter_brought_step_model_set;
  COUNTER_PAGE_CLASS (klass)->focus_start = counter_brought_step_focus_start;
  counter_page_class_use (widget_class, "brought-step");
  gtk_widget_class_bind_template_child (widget_class, CounterBroughtStep, kinds);
  gtk_widget_class_bind_template_child (widget_class, CounterBroughtStep, organisation);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
counter_brought_step_init (CounterBroughtStep *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_editable_set_enable_undo (GTK_EDITABLE (self->organisation), FALSE);
}
