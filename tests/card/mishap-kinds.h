// SPDX-License-Identifier: Apache-2.0
// Which mishaps there are for a command.
#pragma once

#include "mishap.h"

G_BEGIN_DECLS

// The failures of connecting for ROW. Caller frees.
GArray *mishap_list_connect (const Row *row);

// All mishaps at command INDEX of ROW, of Mishap. Caller frees.
GArray *mishap_list (const Row *row, guint index);

// "word-6a82": what stands in the name of a cell.
char *mishap_name (const Mishap *mishap);

G_END_DECLS
