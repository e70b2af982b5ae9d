// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page.h"

/* What is on its way to the back office. Model: CounterDeskModel. */

G_BEGIN_DECLS

#define COUNTER_TYPE_QUEUE_PAGE (counter_queue_page_get_type ())
G_DECLARE_FINAL_TYPE (CounterQueuePage, counter_queue_page, COUNTER, QUEUE_PAGE, CounterPage)

G_END_DECLS
