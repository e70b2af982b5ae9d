// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "top-bar.h"

struct _CounterTopBar
{
  CounterPage parent_instance;
};

G_DEFINE_FINAL_TYPE (CounterTopBar, counter_top_bar, COUNTER_TYPE_PAGE)

static void
counter_top_bar_class_init (CounterTopBarClass *klass)
{
  counter_page_class_use (GTK_WIDGET_CLASS (klass), "top-bar");
}

static void
counter_top_bar_init (CounterTopBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
