// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "log-page.h"

struct _CounterLogPage
{
  CounterPage parent_instance;
};

G_DEFINE_FINAL_TYPE (CounterLogPage, counter_log_page, COUNTER_TYPE_PAGE)

static void
counter_log_page_class_init (CounterLogPageClass *klass)
{
  counter_page_class_use (GTK_WIDGET_CLASS (klass), "log-page");
}

/* Whoever comes to the log comes to see it, and whether it holds. */
static void
mapped_cb (GtkWidget *page)
{
  gtk_widget_activate_action (page, "log.verify", NULL);
}

static void
counter_log_page_init (CounterLogPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "map", G_CALLBACK (mapped_cb), NULL);
}
