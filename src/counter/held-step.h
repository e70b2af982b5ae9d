// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page.h"

/*
 * An intake that something stopped: a calm sentence for whoever glances at the screen, what it is
 * only while the clerk asks for it, and the supervisor's reason and PIN.
 */

G_BEGIN_DECLS

#define COUNTER_TYPE_HELD_STEP (counter_held_step_get_type ())
G_DECLARE_FINAL_TYPE (CounterHeldStep, counter_held_step, COUNTER, HELD_STEP, CounterPage)

/* As the tick key of the pad. */
void counter_held_step_finish_pin (CounterHeldStep *self);

G_END_DECLS
