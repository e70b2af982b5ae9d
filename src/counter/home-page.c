// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "home-page.h"

struct _CounterHomePage
{
  CounterPage parent_instance;
};

G_DEFINE_FINAL_TYPE (CounterHomePage, counter_home_page, COUNTER_TYPE_PAGE)

static void
counter_home_page_class_init (CounterHomePageClass *klass)
{
  counter_page_class_use (GTK_WIDGET_CLASS (klass), "home-page");
}

static void
counter_home_page_init (CounterHomePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
