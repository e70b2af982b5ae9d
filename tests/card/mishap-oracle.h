// SPDX-License-Identifier: Apache-2.0
// What may come of a cell.
#pragma once

#include "mishap.h"

G_BEGIN_DECLS

// What comes of ROW when nothing happens.
Expectation mishap_expect_clean (const Row *row);

// What may come of MISHAP at command INDEX of ROW.
Expectation mishap_expect (const Row *row, guint index, const Mishap *mishap);

G_END_DECLS
