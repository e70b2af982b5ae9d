// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "queue-page.h"

struct _CounterQueuePage
{
  CounterPage parent_instance;
};

G_DEFINE_FINAL_TYPE (CounterQueuePage, counter_queue_page, COUNTER_TYPE_PAGE)

static void
counter_queue_page_class_init (CounterQueuePageClass *klass)
{
  counter_page_class_use (GTK_WIDGET_CLASS (klass), "queue-page");
}

static void
counter_queue_page_init (CounterQueuePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
