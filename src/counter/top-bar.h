// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page.h"

/* Office, counter, clerk, the line's state, clock, hide and lock. Model: CounterDeskModel. */

G_BEGIN_DECLS

#define COUNTER_TYPE_TOP_BAR (counter_top_bar_get_type ())
G_DECLARE_FINAL_TYPE (CounterTopBar, counter_top_bar, COUNTER, TOP_BAR, CounterPage)

G_END_DECLS
