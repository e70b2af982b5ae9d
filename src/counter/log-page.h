// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page.h"

/* The audit record. Model: CounterDeskModel. */

G_BEGIN_DECLS

#define COUNTER_TYPE_LOG_PAGE (counter_log_page_get_type ())
G_DECLARE_FINAL_TYPE (CounterLogPage, counter_log_page, COUNTER, LOG_PAGE, CounterPage)

G_END_DECLS
