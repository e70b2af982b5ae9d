// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "item-box.h"

/*
 * A list whose rows act: each CounterRowItem of "model" becomes one wide button that activates
 * "action-name" with the row's id. Buttons, because screen readers and switches can press them;
 * arrow keys move between them. The row whose id equals "chosen" is marked.
 */

G_BEGIN_DECLS

#define COUNTER_TYPE_BUTTON_LIST (counter_button_list_get_type ())
G_DECLARE_FINAL_TYPE (CounterButtonList, counter_button_list, COUNTER, BUTTON_LIST, CounterItemBox)

G_END_DECLS
