// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page.h"

/* Step 2: who it is. One sentence says what to do now. Model: CounterIntakeModel. */

G_BEGIN_DECLS

#define COUNTER_TYPE_IDENTIFY_STEP (counter_identify_step_get_type ())
G_DECLARE_FINAL_TYPE (CounterIdentifyStep, counter_identify_step, COUNTER, IDENTIFY_STEP,
                      CounterPage)

/* The primary act while the pad is shown. */
void counter_identify_step_finish_pin (CounterIdentifyStep *self);

G_END_DECLS
