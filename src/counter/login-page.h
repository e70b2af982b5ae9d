// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page.h"

/* Staff card and password; also what a locked screen shows. Model: CounterLoginModel. */

G_BEGIN_DECLS

#define COUNTER_TYPE_LOGIN_PAGE (counter_login_page_get_type ())
G_DECLARE_FINAL_TYPE (CounterLoginPage, counter_login_page, COUNTER, LOGIN_PAGE, CounterPage)

G_END_DECLS
