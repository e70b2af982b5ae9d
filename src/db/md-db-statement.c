// SPDX-License-Identifier: Apache-2.0
#include "md-db-private.h"
#include "md-db-statement.h"

struct _MdDbStatement
{
  MdDb *db;
  const char *sql;
  sqlite3_stmt *handle;
  int bind_failure;
};

MdDbStatement *
md_db_prepare (MdDb *db, const char *sql, GError **error)
{
  sqlite3_stmt *handle = NULL;
  MdDbStatement *statement;
  gpointer idle = NULL;

  if (g_hash_table_steal_extended (db->cache, sql, NULL, &idle))
    handle = idle;
  else
    {
      int code = sqlite3_prepare_v3 (db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL);

      if (code != SQLITE_OK)
        {
          _md_db_set_error (db, code, error);
          return NULL;
        }
    }
  statement = g_new0 (MdDbStatement, 1);
  statement->db = db;
  statement->sql = sql;
  statement->handle = handle;
  return statement;
}

void
md_db_statement_free (MdDbStatement *statement)
{
  GHashTable *cache;

  if (statement == NULL)
    return;
  cache = statement->db->cache;
  sqlite3_reset (statement->handle);
  sqlite3_clear_bindings (statement->handle);
  if (g_hash_table_contains (cache, statement->sql)) /* the same SQL was in use twice at once */
    sqlite3_finalize (statement->handle);
  else
    g_hash_table_insert (cache, GSIZE_TO_POINTER ((gsize)statement->sql), statement->handle);
  g_free (statement);
}

static void
note_bind (MdDbStatement *statement, int code)
{
  if (statement->bind_failure == SQLITE_OK)
    statement->bind_failure = code;
}

void
md_db_bind_int (MdDbStatement *statement, int index, gint64 value)
{
  note_bind (statement, sqlite3_bind_int64 (statement->handle, index, value));
}

void
md_db_bind_text (MdDbStatement *statement, int index, const char *value)
{
  note_bind (statement, value != NULL ? sqlite3_bind_text (statement->handle, index, value, -1,
                                                           SQLITE_TRANSIENT)
                                      : sqlite3_bind_null (statement->handle, index));
}

void
md_db_bind_data (MdDbStatement *statement, int index, const guint8 *data, gsize size)
{
  note_bind (statement,
             sqlite3_bind_blob64 (statement->handle, index, data, size, SQLITE_TRANSIENT));
}

void
md_db_bind_bytes (MdDbStatement *statement, int index, GBytes *value)
{
  gsize size;
  const guint8 *data;
  int code;

  if (value == NULL)
    {
      note_bind (statement, sqlite3_bind_null (statement->handle, index));
      return;
    }
  data = g_bytes_get_data (value, &size);
  /* The statement goes back to the cache before the caller lets go of the bytes, but nothing here
   * enforces it: copy. */
  code = data == NULL
             ? sqlite3_bind_zeroblob (statement->handle, index, 0)
             : sqlite3_bind_blob64 (statement->handle, index, data, size, SQLITE_TRANSIENT);
  note_bind (statement, code);
}

MdDbStatement *
md_db_prepare_for (MdDb *db, const char *sql, const char *text, GError **error)
{
  MdDbStatement *statement = md_db_prepare (db, sql, error);

  if (statement != NULL)
    md_db_bind_text (statement, 1, text);
  return statement;
}

MdDbStep
md_db_step (MdDbStatement *statement, GError **error)
{
  int code = statement->bind_failure != SQLITE_OK
                 ? statement->bind_failure
                 : _md_db_step_raw (statement->db, statement->handle);

  if (code == SQLITE_ROW)
    return MD_DB_STEP_ROW;
  if (code == SQLITE_DONE)
    return MD_DB_STEP_DONE;
  _md_db_set_error (statement->db, code, error);
  return MD_DB_STEP_ERROR;
}

gboolean
md_db_run (MdDbStatement *statement, GError **error)
{
  MdDbStep step;

  do
    step = md_db_step (statement, error);
  while (step == MD_DB_STEP_ROW);
  return step == MD_DB_STEP_DONE;
}

gint64
md_db_column_int (MdDbStatement *statement, int column)
{
  return sqlite3_column_int64 (statement->handle, column);
}

const char *
md_db_column_text (MdDbStatement *statement, int column)
{
  const void *text = sqlite3_column_text (statement->handle, column);

  return text;
}

char *
md_db_column_dup (MdDbStatement *statement, int column)
{
  return g_strdup (md_db_column_text (statement, column));
}

GBytes *
md_db_column_bytes (MdDbStatement *statement, int column)
{
  const void *data;
  int size;

  if (sqlite3_column_type (statement->handle, column) == SQLITE_NULL)
    return NULL;
  data = sqlite3_column_blob (statement->handle, column);
  size = sqlite3_column_bytes (statement->handle, column);
  return g_bytes_new (data, size > 0 ? (gsize)size : 0);
}

gpointer
md_db_read_text (MdDbStatement *statement)
{
  return md_db_column_dup (statement, 0);
}

GPtrArray *
md_db_collect (MdDbStatement *statement, MdDbReadFunc read, GDestroyNotify item_free,
               GError **error)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (item_free);
  MdDbStep step;

  while ((step = md_db_step (statement, error)) == MD_DB_STEP_ROW)
    g_ptr_array_add (items, read (statement));
  return step == MD_DB_STEP_DONE ? g_steal_pointer (&items) : NULL;
}

gboolean
md_db_get_int (MdDb *db, const char *sql, gint64 *out_value, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (db, sql, error);

  if (statement == NULL)
    return FALSE;
  switch (md_db_step (statement, error))
    {
    case MD_DB_STEP_ROW:
      *out_value = md_db_column_int (statement, 0);
      return TRUE;
    case MD_DB_STEP_DONE:
      g_set_error (error, MD_DB_ERROR, MD_DB_ERROR_FAILED, "no row: %s", sql);
      return FALSE;
    case MD_DB_STEP_ERROR:
    default:
      return FALSE;
    }
}
