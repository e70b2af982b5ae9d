// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page.h"

/* Identification without a card: who came, what was shown, what was compared, one part at a time.
 * Model: CounterIntakeModel; what is typed, chosen and ticked goes into its "papers-..." texts. */

G_BEGIN_DECLS

#define COUNTER_TYPE_PAPERS_STEP (counter_papers_step_get_type ())
G_DECLARE_FINAL_TYPE (CounterPapersStep, counter_papers_step, COUNTER, PAPERS_STEP, CounterPage)

G_END_DECLS
