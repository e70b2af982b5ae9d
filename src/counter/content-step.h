// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page.h"

/* Step 3: the form, section by section. Model: CounterIntakeModel. */

G_BEGIN_DECLS

#define COUNTER_TYPE_CONTENT_STEP (counter_content_step_get_type ())
G_DECLARE_FINAL_TYPE (CounterContentStep, counter_content_step, COUNTER, CONTENT_STEP, CounterPage)

G_END_DECLS
