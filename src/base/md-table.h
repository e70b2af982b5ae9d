// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_BASE_INSIDE) && !defined(MD_BASE_COMPILATION)
#error "Include <md-base.h> instead."
#endif

#include <glib.h>

G_BEGIN_DECLS

/** The row that @id names in a table of words by enum: an array of texts, or of structures that
 * begin with theirs. -1 when no row has it, or @id is NULL; rows without a word are passed over. */
#define MD_TABLE_ROW(table, id) md_table_row ((table), sizeof *(table), G_N_ELEMENTS (table), (id))

int md_table_row (const void *table, gsize row_size, gsize rows,
                  const char *id) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
