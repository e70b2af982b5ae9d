// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page.h"

/* In place of any step while the resident's card is not on the reader: nothing of the person, what
 * to do, and how long it waits. Model: CounterIntakeModel. */

G_BEGIN_DECLS

#define COUNTER_TYPE_AWAY_STEP (counter_away_step_get_type ())
G_DECLARE_FINAL_TYPE (CounterAwayStep, counter_away_step, COUNTER, AWAY_STEP, CounterPage)

G_END_DECLS
