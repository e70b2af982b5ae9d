// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page.h"

/* Step 4: read out, and sign with the staff card. Model: CounterIntakeModel. */

G_BEGIN_DECLS

#define COUNTER_TYPE_CONFIRM_STEP (counter_confirm_step_get_type ())
G_DECLARE_FINAL_TYPE (CounterConfirmStep, counter_confirm_step, COUNTER, CONFIRM_STEP, CounterPage)

/* The primary act while the pad is shown. */
void counter_confirm_step_finish_pin (CounterConfirmStep *self);

G_END_DECLS
