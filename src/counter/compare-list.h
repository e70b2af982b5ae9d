// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "item-box.h"

/* Card and certificate on the left, application on the right. Items: CounterCompareItem; one with a
 * "tick" can be ticked, which activates "approval.seen" with its "id". */

G_BEGIN_DECLS

#define COUNTER_TYPE_COMPARE_LIST (counter_compare_list_get_type ())
G_DECLARE_FINAL_TYPE (CounterCompareList, counter_compare_list, COUNTER, COMPARE_LIST,
                      CounterItemBox)

/* Gives the heads of the first and the last column the widths of these columns. */
void counter_compare_list_align (CounterCompareList *self, GtkWidget *item_head,
                                 GtkWidget *result_head);

G_END_DECLS
