// SPDX-License-Identifier: Apache-2.0
#include "md-base.h"

int
md_table_row (const void *table, gsize row_size, gsize rows, const char *id)
{
  const char *row = table;

  for (gsize i = 0; id != NULL && i < rows; i++, row += row_size)
    {
      const char *const *word = (const char *const *)(gconstpointer)row;

      if (g_strcmp0 (*word, id) == 0)
        return (int)i;
    }
  return -1;
}
