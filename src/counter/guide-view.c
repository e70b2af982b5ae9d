// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "guide-view.h"

struct _CounterGuideView
{
  CounterPage parent_instance;

  GtkWidget *events;
};

G_DEFINE_FINAL_TYPE (CounterGuideView, counter_guide_view, COUNTER_TYPE_PAGE)

static void
counter_guide_view_focus_start (CounterPage *page)
{
  gtk_widget_child_focus (COUNTER_GUIDE_VIEW (page)->events, GTK_DIR_TAB_FORWARD);
}

static void
counter_guide_view_class_init (CounterGuideViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  COUNTER_PAGE_CLASS (klass)->focus_start = counter_guide_view_focus_start;
  counter_page_class_use (widget_class, "guide-view");
  gtk_widget_class_bind_template_child (widget_class, CounterGuideView, events);
}

static void
counter_guide_view_init (CounterGuideView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
