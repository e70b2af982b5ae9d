// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* SQLite's memory from a store of our own, which is quicker than that of the sanitizers and can be
 * made to end. Before the first use of SQLite. */
void power_memory_install (void);

/* Allocations so far, new sizes included. */
guint power_memory_count (void);

/* The N-th allocation from now (from 1) finds nothing, and with STAYS all after it; 0: none. */
void power_memory_fail (guint n, gboolean stays);
/* Whether one has. */
gboolean power_memory_failed (void);

G_END_DECLS
