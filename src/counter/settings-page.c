// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "settings-page.h"

#include "settings.h"

struct _CounterSettingsPage
{
  CounterPage parent_instance;
};

G_DEFINE_FINAL_TYPE (CounterSettingsPage, counter_settings_page, COUNTER_TYPE_PAGE)

static void
counter_settings_page_class_init (CounterSettingsPageClass *klass)
{
  counter_page_class_use (GTK_WIDGET_CLASS (klass), "settings-page");
}

static void
counter_settings_page_init (CounterSettingsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "settings",
                                  counter_settings_get_actions (counter_settings_get ()));
}
