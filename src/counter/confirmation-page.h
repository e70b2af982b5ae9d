// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page.h"

/* The day's confirmation list (確認リスト): what a second person has to look at. Model:
 * CounterDeskModel. */

G_BEGIN_DECLS

#define COUNTER_TYPE_CONFIRMATION_PAGE (counter_confirmation_page_get_type ())
G_DECLARE_FINAL_TYPE (CounterConfirmationPage, counter_confirmation_page, COUNTER,
                      CONFIRMATION_PAGE, CounterPage)

G_END_DECLS
