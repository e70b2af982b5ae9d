// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "confirmation-page.h"

struct _CounterConfirmationPage
{
  CounterPage parent_instance;
};

G_DEFINE_FINAL_TYPE (CounterConfirmationPage, counter_confirmation_page, COUNTER_TYPE_PAGE)

static void
counter_confirmation_page_class_init (CounterConfirmationPageClass *klass)
{
  counter_page_class_use (GTK_WIDGET_CLASS (klass), "confirmation-page");
}

static void
counter_confirmation_page_init (CounterConfirmationPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
