// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "item-box.h"

/* The card readers, each with its state and the choice of whom it is for. The choice is the item's
 * own "role". */

G_BEGIN_DECLS

#define COUNTER_TYPE_READER_LIST (counter_reader_list_get_type ())
G_DECLARE_FINAL_TYPE (CounterReaderList, counter_reader_list, COUNTER, READER_LIST, CounterItemBox)

G_END_DECLS
