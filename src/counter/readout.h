// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "item-box.h"

/* An application as it is read out: headings, and label beside value. Items: CounterCompareItem. */

G_BEGIN_DECLS

#define COUNTER_TYPE_READOUT (counter_readout_get_type ())
G_DECLARE_FINAL_TYPE (CounterReadout, counter_readout, COUNTER, READOUT, CounterItemBox)

G_END_DECLS
