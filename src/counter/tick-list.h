// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "item-box.h"

/*
 * Rows of which any number may be ticked, each as wide as the list. Items: CounterRowItem, whose
 * "ticked" the box follows; a press activates "intake.tick" with the item's id and what it shall
 * be. One without an id cannot be ticked. Below each that has an "about": whether it was explained
 * ("told") and a paper handed out ("given"); a press there activates "intake.note" with all three.
 */

G_BEGIN_DECLS

#define COUNTER_TYPE_TICK_LIST (counter_tick_list_get_type ())
G_DECLARE_FINAL_TYPE (CounterTickList, counter_tick_list, COUNTER, TICK_LIST, CounterItemBox)

G_END_DECLS
