// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "item-box.h"

/* Checks and warnings, each with its verdict as icon and word. Items: CounterRowItem. */

G_BEGIN_DECLS

#define COUNTER_TYPE_CHECK_LIST (counter_check_list_get_type ())
G_DECLARE_FINAL_TYPE (CounterCheckList, counter_check_list, COUNTER, CHECK_LIST, CounterItemBox)

G_END_DECLS
