// SPDX-License-Identifier: Apache-2.0
// What a conversation may cost: no byte is read twice, nothing is read that is not needed, and
// nothing is asked or selected twice in a row.
#pragma once

#include "mishap.h"

G_BEGIN_DECLS

// The first thing in STEPS, a conversation of ROW in which nothing happened, that need not have
// been, in words; NULL: nothing. (transfer full)
char *mishap_thrift_find_waste (const Row *row, GPtrArray *steps);

G_END_DECLS
