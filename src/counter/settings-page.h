// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page.h"

/* Readers, appearance, size of text. Model: CounterDeskModel. */

G_BEGIN_DECLS

#define COUNTER_TYPE_SETTINGS_PAGE (counter_settings_page_get_type ())
G_DECLARE_FINAL_TYPE (CounterSettingsPage, counter_settings_page, COUNTER, SETTINGS_PAGE,
                      CounterPage)

G_END_DECLS
