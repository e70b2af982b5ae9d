// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page.h"

/* Today at this counter: what was taken in, what waits, the line. Model: CounterDeskModel. */

G_BEGIN_DECLS

#define COUNTER_TYPE_HOME_PAGE (counter_home_page_get_type ())
G_DECLARE_FINAL_TYPE (CounterHomePage, counter_home_page, COUNTER, HOME_PAGE, CounterPage)

G_END_DECLS
