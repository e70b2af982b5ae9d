// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "returned-page.h"

struct _CounterReturnedPage
{
  CounterPage parent_instance;
};

G_DEFINE_FINAL_TYPE (CounterReturnedPage, counter_returned_page, COUNTER_TYPE_PAGE)

static void
counter_returned_page_class_init (CounterReturnedPageClass *klass)
{
  counter_page_class_use (GTK_WIDGET_CLASS (klass), "returned-page");
}

static void
counter_returned_page_init (CounterReturnedPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
