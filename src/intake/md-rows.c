// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-rows.h"

/* The place of the row in STORE, from FROM on, that FRESH is about; the number of rows: none. */
static guint
find_row (GListStore *store, guint from, gpointer fresh, const MdRowKind *kind)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (store));

  for (guint i = from; i < n; i++)
    {
      g_autoptr (GObject) row = g_list_model_get_item (G_LIST_MODEL (store), i);

      if (kind->same (row, fresh))
        return i;
    }
  return n;
}

static gboolean
is_among (const GPtrArray *fresh, gpointer row, const MdRowKind *kind)
{
  for (guint i = 0; i < fresh->len; i++)
    if (kind->same (row, g_ptr_array_index (fresh, i)))
      return TRUE;
  return FALSE;
}

static void
remove_gone (GListStore *store, const GPtrArray *fresh, const MdRowKind *kind)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (store)); i > 0; i--)
    {
      g_autoptr (GObject) row = g_list_model_get_item (G_LIST_MODEL (store), i - 1);

      if (!is_among (fresh, row, kind))
        g_list_store_remove (store, i - 1);
    }
}

void
_md_rows_update (GListStore *store, const GPtrArray *fresh, const MdRowKind *kind)
{
  remove_gone (store, fresh, kind);
  for (guint i = 0; i < fresh->len; i++)
    {
      gpointer news = g_ptr_array_index (fresh, i);
      guint at = find_row (store, i, news, kind);
      g_autoptr (GObject) row = g_list_model_get_item (G_LIST_MODEL (store), at);

      if (!row)
        {
          g_list_store_insert (store, i, news);
          continue;
        }
      if (at != i)
        {
          g_list_store_remove (store, at);
          g_list_store_insert (store, i, row);
        }
      kind->take (row, news);
    }
}
