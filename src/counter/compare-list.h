// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "item-box.h"

/* Card and certificate on the left, application on the right. Items: CounterCompareItem. */

G_BEGIN_DECLS

#define COUNTER_TYPE_COMPARE_LIST (counter_compare_list_get_type ())
G_DECLARE_FINAL_TYPE (CounterCompareList, counter_compare_list, COUNTER, COMPARE_LIST,
                      CounterItemBox)

G_END_DECLS
