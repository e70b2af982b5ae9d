// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page.h"

/* One intake: the step line, the step, the person panel, the act bar. Model: CounterIntakeModel. */

G_BEGIN_DECLS

#define COUNTER_TYPE_INTAKE_PAGE (counter_intake_page_get_type ())
G_DECLARE_FINAL_TYPE (CounterIntakePage, counter_intake_page, COUNTER, INTAKE_PAGE, CounterPage)

G_END_DECLS
