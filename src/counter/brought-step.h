// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page.h"

/* Where nobody is identified: why that is so, and who brought what is taken in. Model:
 * CounterIntakeModel; what is chosen and typed goes into its "brought-..." texts. */

G_BEGIN_DECLS

#define COUNTER_TYPE_BROUGHT_STEP (counter_brought_step_get_type ())
G_DECLARE_FINAL_TYPE (CounterBroughtStep, counter_brought_step, COUNTER, BROUGHT_STEP, CounterPage)

G_END_DECLS
