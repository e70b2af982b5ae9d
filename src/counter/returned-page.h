// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page.h"

/* Applications that came back. Model: CounterDeskModel. */

G_BEGIN_DECLS

#define COUNTER_TYPE_RETURNED_PAGE (counter_returned_page_get_type ())
G_DECLARE_FINAL_TYPE (CounterReturnedPage, counter_returned_page, COUNTER, RETURNED_PAGE,
                      CounterPage)

G_END_DECLS
