// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page.h"

/* The places of the window, with counts; only those the role may use. Model: CounterDeskModel. */

G_BEGIN_DECLS

#define COUNTER_TYPE_RAIL (counter_rail_get_type ())
G_DECLARE_FINAL_TYPE (CounterRail, counter_rail, COUNTER, RAIL, CounterPage)

G_END_DECLS
