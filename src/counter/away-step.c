// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "away-step.h"

#include "state-chip.h"

struct _CounterAwayStep
{
  CounterPage parent_instance;

  GtkWidget *picture;
};

G_DEFINE_FINAL_TYPE (CounterAwayStep, counter_away_step, COUNTER_TYPE_PAGE)

/* What there is to press ends the intake: no key that was meant for the step before presses it. */
static void
counter_away_step_focus_start (CounterPage *page)
{
  gtk_widget_grab_focus (GTK_WIDGET (page)); /* itself: a label takes no focus */
}

static void
counter_away_step_class_init (CounterAwayStepClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  COUNTER_PAGE_CLASS (klass)->focus_start = counter_away_step_focus_start;
  counter_page_class_use (widget_class, "away-step");
  gtk_widget_class_bind_template_child (widget_class, CounterAwayStep, picture);
}

static void
counter_away_step_init (CounterAwayStep *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  counter_state_style (self->picture, "deferred");
}
