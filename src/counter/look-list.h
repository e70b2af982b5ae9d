// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "item-box.h"

G_BEGIN_DECLS

/* The scanned documents of an application, for the officer who approves it: shows one by the act
 * that its item names, says what was looked at, and takes the officer's word for the paper itself
 * ("approval.paper", with the item's id). "model": of CounterCompareItem. */
#define COUNTER_TYPE_LOOK_LIST (counter_look_list_get_type ())
G_DECLARE_FINAL_TYPE (CounterLookList, counter_look_list, COUNTER, LOOK_LIST, CounterItemBox)

G_END_DECLS
