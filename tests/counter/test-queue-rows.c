// SPDX-License-Identifier: Apache-2.0
/* What a line of the queue says of why an item does not go. */
#include "rows.h"

#include "md-intake-items-private.h"

static char *
subtitle_of (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) dict = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, &error);
  g_autoptr (GListStore) queue = g_list_store_new (MD_TYPE_QUEUE_ROW);
  g_autoptr (MdQueueRow) item = NULL;
  g_autoptr (GListModel) rows = NULL;
  g_autoptr (GObject) row = NULL;

  g_assert_no_error (error);
  item = _md_queue_row_new (dict);
  g_list_store_append (queue, item);
  rows = counter_rows_of_queue (G_LIST_MODEL (queue));
  row = g_list_model_get_item (rows, 0);
  return counter_text_of (row, "subtitle");
}

/* Of the line it is told elsewhere; of this item, here. */
static void
test_reason (void)
{
  static const struct
  {
    const char *dict;
    const char *subtitle;
  } rows[] = {
    { "{'state': <'waiting'>, 'last_error': <''>}", "" },
    { "{'state': <'waiting'>, 'attempts': <uint32 2>, 'last_error': <'line down'>,"
      " 'next_try': <'2026-11-23T03:00:00.000Z'>}",
      "Tried 2 times; next try at 12:00:00" },
    { "{'state': <'waiting'>, 'attempts': <uint32 2>, 'last_error': <'Of an older release.\nx'>,"
      " 'next_try': <'2026-11-23T03:00:00.000Z'>}",
      "Tried 2 times; next try at 12:00:00  Of an older release." },
    { "{'state': <'quarantined'>, 'attempts': <uint32 1>, 'last_error': <'Not taken.\nx'>}",
      "Not taken." },
    { "{'state': <'waiting'>, 'last_error': <''>, 'behind': <true>}",
      "Waits for what comes before it, which is held back" },
    { "{'state': <'waiting'>, 'last_error': <''>, 'behind': <false>}", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *subtitle = subtitle_of (rows[i].dict);

      g_assert_cmpstr (subtitle, ==, rows[i].subtitle);
    }
}

int
main (int argc, char **argv)
{
  g_setenv ("LANGUAGE", "en", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/counter/queue-rows/reason", test_reason);
  return g_test_run ();
}
