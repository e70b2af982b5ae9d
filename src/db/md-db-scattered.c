// SPDX-License-Identifier: Apache-2.0
/* Rows to which nothing leads any more, put into the tables that they fit. */
#include <sqlite3.h>
#include <string.h>

#include "md-db-pages-private.h"
#include "md-db-private.h"
#include "md-db-scattered-private.h"

/* An index has fewer columns than this. */
#define FEWEST_KEYED 5u

typedef struct
{
  char *name;
  gboolean keyed;
  GPtrArray *columns;  /* names, quoted, in the order in which they are stored */
  GArray *stored;      /* MdDbStored of each */
  GArray *may_be_null; /* gboolean of each */
} Table;

typedef struct
{
  MdDb *to;
  GPtrArray *tables;
} Scattered;

static void
table_free (gpointer data)
{
  Table *table = data;

  g_free (table->name);
  g_ptr_array_unref (table->columns);
  g_array_unref (table->stored);
  g_array_unref (table->may_be_null);
  g_free (table);
}

static MdDbStored
stored_of (const char *type)
{
  return g_strcmp0 (type, "INTEGER") == 0 ? MD_DB_STORED_INTEGER
         : g_strcmp0 (type, "TEXT") == 0  ? MD_DB_STORED_TEXT
         : g_strcmp0 (type, "BLOB") == 0  ? MD_DB_STORED_BLOB
                                          : MD_DB_STORED_OTHER;
}

/* Of a table without rowid the key is stored first; a number is not stored with its row. */
static Table *
read_table (MdDb *db, const char *name, gboolean keyed)
{
  Table *table = g_new0 (Table, 1);
  sqlite3_stmt *rows = NULL;

  table->name = g_strdup (name);
  table->keyed = keyed;
  table->columns = g_ptr_array_new_with_free_func (g_free);
  table->stored = g_array_new (FALSE, FALSE, sizeof (MdDbStored));
  table->may_be_null = g_array_new (FALSE, FALSE, sizeof (gboolean));
  if (sqlite3_prepare_v2 (db->handle,
                          "SELECT name, type, \"notnull\", pk FROM pragma_table_info (?1)"
                          " ORDER BY iif (?2, iif (pk > 0, pk, 1000 + cid), cid)",
                          -1, &rows, NULL)
      != SQLITE_OK)
    return table;
  sqlite3_bind_text (rows, 1, name, -1, SQLITE_TRANSIENT);
  sqlite3_bind_int (rows, 2, keyed);
  while (sqlite3_step (rows) == SQLITE_ROW)
    {
      const gboolean number = !keyed && sqlite3_column_int (rows, 3) == 1;
      const MdDbStored stored
          = number ? MD_DB_STORED_NULL : stored_of ((const void *)sqlite3_column_text (rows, 1));
      const gboolean may_be_null = sqlite3_column_int (rows, 2) == 0;

      g_ptr_array_add (table->columns,
                       g_strdup_printf ("\"%s\"", (const char *)sqlite3_column_text (rows, 0)));
      g_array_append_val (table->stored, stored);
      g_array_append_val (table->may_be_null, may_be_null);
    }
  sqlite3_finalize (rows);
  return table;
}

static gboolean
has_number (const Table *table)
{
  for (guint i = 0; i < table->stored->len; i++)
    if (g_array_index (table->stored, MdDbStored, i) == MD_DB_STORED_NULL)
      return TRUE;
  return FALSE;
}

static gboolean
fits (const Table *table, gboolean keyed, const MdDbValue *values, guint n)
{
  if (table->keyed != keyed || n > table->columns->len || (keyed && n < FEWEST_KEYED))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      const MdDbStored stored = g_array_index (table->stored, MdDbStored, i);

      if (values[i].stored != stored
          && !(values[i].stored == MD_DB_STORED_NULL
               && g_array_index (table->may_be_null, gboolean, i)))
        return FALSE;
    }
  return keyed || has_number (table);
}

static void
bind (sqlite3_stmt *statement, int index, const MdDbValue *value)
{
  if (value->stored == MD_DB_STORED_INTEGER)
    sqlite3_bind_int64 (statement, index, value->integer);
  else if (value->stored == MD_DB_STORED_TEXT)
    sqlite3_bind_text64 (statement, index, (const void *)value->data, value->size, SQLITE_STATIC,
                         SQLITE_UTF8);
  else if (value->stored == MD_DB_STORED_BLOB)
    sqlite3_bind_blob64 (statement, index, value->size > 0 ? value->data : (const void *)"",
                         value->size, SQLITE_STATIC);
}

static void
insert (Scattered *self, const Table *table, gint64 number, const MdDbValue *values, guint n)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  sqlite3_stmt *statement = NULL;

  g_string_printf (sql, "INSERT OR IGNORE INTO \"%s\" (", table->name);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (sql, "%s%s", i > 0 ? ", " : "", (char *)table->columns->pdata[i]);
  g_string_append (sql, ") VALUES (?1");
  for (guint i = 2; i <= n; i++)
    g_string_append_printf (sql, ", ?%u", i);
  g_string_append_c (sql, ')');
  if (sqlite3_prepare_v2 (self->to->handle, sql->str, -1, &statement, NULL) != SQLITE_OK)
    return;
  for (guint i = 0; i < n; i++)
    if (g_array_index (table->stored, MdDbStored, i) == MD_DB_STORED_NULL)
      sqlite3_bind_int64 (statement, (int)i + 1, number);
    else
      bind (statement, (int)i + 1, &values[i]);
  /* One that its table does not take was none of it. */
  (void)sqlite3_step (statement);
  sqlite3_finalize (statement);
}

/* Only into the one table that it fits. */
static void
row_cb (gint64 number, gboolean keyed, const MdDbValue *values, guint n, gpointer data)
{
  Scattered *self = data;
  const Table *fitting = NULL;

  if (number > _MD_DB_HIGHEST_GIVEN)
    return;
  for (guint i = 0; i < self->tables->len; i++)
    if (fits (self->tables->pdata[i], keyed, values, n))
      {
        if (fitting != NULL && fitting->columns->len == n)
          return;
        fitting = self->tables->pdata[i];
      }
  if (fitting != NULL)
    insert (self, fitting, number, values, n);
}

void
_md_db_gather (const char *from, MdDb *to)
{
  g_autoptr (GPtrArray) tables = g_ptr_array_new_with_free_func (table_free);
  Scattered self = { .to = to, .tables = tables };
  sqlite3_stmt *rows = NULL;

  if (sqlite3_prepare_v2 (to->handle,
                          "SELECT name, sql LIKE '%WITHOUT ROWID%' FROM sqlite_schema"
                          " WHERE type = 'table' AND sql LIKE '%STRICT%'"
                          " AND name NOT LIKE 'sqlite_%' AND name <> 'schema_version'",
                          -1, &rows, NULL)
      != SQLITE_OK)
    return;
  while (sqlite3_step (rows) == SQLITE_ROW)
    g_ptr_array_add (tables, read_table (to, (const void *)sqlite3_column_text (rows, 0),
                                         sqlite3_column_int (rows, 1) != 0));
  sqlite3_finalize (rows);
  _md_db_pages_read (from, row_cb, &self);
}
