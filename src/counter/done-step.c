// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "done-step.h"

#include "act-bar.h"

struct _CounterDoneStep
{
  CounterPage parent_instance;
};

G_DEFINE_FINAL_TYPE (CounterDoneStep, counter_done_step, COUNTER_TYPE_PAGE)

/* Nothing is left to do here but the next person. */
static void
counter_done_step_focus_start (CounterPage *page)
{
  GtkWidget *above
      = gtk_widget_get_ancestor (gtk_widget_get_parent (GTK_WIDGET (page)), COUNTER_TYPE_PAGE);
  CounterActBar *bar = above != NULL ? counter_act_bar_find (above) : NULL;

  if (bar != NULL)
    (void)counter_act_bar_focus_primary (bar);
}

static void
counter_done_step_class_init (CounterDoneStepClass *klass)
{
  COUNTER_PAGE_CLASS (klass)->focus_start = counter_done_step_focus_start;
  counter_page_class_use (GTK_WIDGET_CLASS (klass), "done-step");
}

static void
counter_done_step_init (CounterDoneStep *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
