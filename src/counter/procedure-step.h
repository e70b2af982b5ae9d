// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page.h"

/* Step 1: which procedure. Model: CounterIntakeModel. */

G_BEGIN_DECLS

#define COUNTER_TYPE_PROCEDURE_STEP (counter_procedure_step_get_type ())
G_DECLARE_FINAL_TYPE (CounterProcedureStep, counter_procedure_step, COUNTER, PROCEDURE_STEP,
                      CounterPage)

G_END_DECLS
