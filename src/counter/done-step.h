// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page.h"

/* Step 5: the receipt number. Model: CounterIntakeModel. */

G_BEGIN_DECLS

#define COUNTER_TYPE_DONE_STEP (counter_done_step_get_type ())
G_DECLARE_FINAL_TYPE (CounterDoneStep, counter_done_step, COUNTER, DONE_STEP, CounterPage)

G_END_DECLS
