// SPDX-License-Identifier: Apache-2.0
#include "schema-text.h"

char *
schema_text (MdDb *db)
{
  g_autoptr (MdDbStatement) query = md_db_prepare (
      db,
      "SELECT type || ' ' || name || ' ' || replace (coalesce (sql, ''), char (10), '')"
      " FROM sqlite_schema ORDER BY name",
      NULL);
  GString *text = g_string_new (NULL);
  gint64 n = 1;

  g_assert_nonnull (query);
  while (md_db_step (query, NULL) == MD_DB_STEP_ROW)
    g_string_append_printf (text, "%s\n", md_db_column_text (query, 0));
  g_assert_true (md_db_get_int (db, "SELECT count (*) FROM pragma_foreign_key_check", &n, NULL));
  g_assert_cmpint (n, ==, 0);
  return g_string_free (text, FALSE);
}
