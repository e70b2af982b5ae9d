// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "procedure-step.h"

struct _CounterProcedureStep
{
  CounterPage parent_instance;

  GtkEntry *search;
  GtkWidget *list;
  GtkWidget *none;
  CounterPage *guide;
};

G_DEFINE_FINAL_TYPE (CounterProcedureStep, counter_procedure_step, COUNTER_TYPE_PAGE)

static void
search_cb (CounterProcedureStep *self)
{
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));

  gtk_widget_activate_action (GTK_WIDGET (self), "intake.search", "s", text);
  GListModel *found = model != NULL ? counter_model_object (model, "procedures") : NULL;
  gtk_widget_set_visible (self->none, found == NULL || g_list_model_get_n_items (found) == 0);
}

/* Enter takes the best match. */
static void
search_done_cb (CounterProcedureStep *self)
{
  GtkWidget *best = gtk_widget_get_first_child (self->list);

  if (best != NULL)
    gtk_widget_activate (best);
}

static void
counter_procedure_step_focus_start (CounterPage *page)
{
  CounterProcedureStep *self = COUNTER_PROCEDURE_STEP (page);
  CounterModel *model = counter_page_get_model (page);

  if (model != NULL && counter_model_flag (model, "guide-open"))
    counter_page_focus_start (self->guide);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static void
counter_procedure_step_model_set (CounterPage *page)
{
  CounterModel *model = counter_page_get_model (page);

  if (model != NULL)
    g_signal_connect_object (model, "notify::guide-open",
                             G_CALLBACK (counter_procedure_step_focus_start), page,
                             G_CONNECT_SWAPPED);
}

static void
unmap_cb (CounterProcedureStep *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
}

static void
counter_procedure_step_class_init (CounterProcedureStepClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  COUNTER_PAGE_CLASS (klass)->focus_start = counter_procedure_step_focus_start;
  COUNTER_PAGE_CLASS (klass)->model_set = counter_procedure_step_model_set;
  counter_page_class_use (widget_class, "procedure-step");
  gtk_widget_class_bind_template_child (widget_class, CounterProcedureStep, search);
  gtk_widget_class_bind_template_child (widget_class, CounterProcedureStep, list);
  gtk_widget_class_bind_template_child (widget_class, CounterProcedureStep, none);
  gtk_widget_class_bind_template_child (widget_class, CounterProcedureStep, guide);
  gtk_widget_class_bind_template_callback (widget_class, search_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_done_cb);
}

static void
counter_procedure_step_init (CounterProcedureStep *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "unmap", G_CALLBACK (unmap_cb), NULL);
}
