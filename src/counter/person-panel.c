// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "person-panel.h"

struct _CounterPersonPanel
{
  CounterPage parent_instance;
};

G_DEFINE_FINAL_TYPE (CounterPersonPanel, counter_person_panel, COUNTER_TYPE_PAGE)

static void
counter_person_panel_class_init (CounterPersonPanelClass *klass)
{
  counter_page_class_use (GTK_WIDGET_CLASS (klass), "person-panel");
}

static void
counter_person_panel_init (CounterPersonPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
