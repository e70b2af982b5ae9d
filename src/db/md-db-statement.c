// SPDX-License-Identifier: Apache-2.0
#include "md-db-private.h"

struct _MdDbStatement
{
  MdDb *db;
  const char *sql;
  gpointer handle; /* the engine's */
};

MdDbStatement *
md_db_prepare (MdDb *db, const char *sql, GError **error)
{
  MdDbStatement *statement;
  gpointer handle = NULL;

  if (!g_hash_table_steal_extended (db->cache, sql, NULL, &handle))
    handle = db->engine->prepare (db, sql, error);
  if (handle == NULL)
    return NULL;
  statement = g_new0 (MdDbStatement, 1);
  statement->db = db;
  statement->sql = sql;
  statement->handle = handle;
  return statement;
}

void
md_db_statement_free (MdDbStatement *statement)
{
  MdDb *db;

  if (statement == NULL)
    return;
  db = statement->db;
  db->engine->rewind (statement->handle);
  if (g_hash_table_contains (db->cache, statement->sql)) /* the same SQL was in use twice at once */
    db->engine->finalize (statement->handle);
  else
    g_hash_table_insert (db->cache, GSIZE_TO_POINTER ((gsize)statement->sql), statement->handle);
  g_free (statement);
}

void
md_db_bind_int (MdDbStatement *statement, int index, gint64 value)
{
  statement->db->engine->bind_int (statement->handle, index, value);
}

void
md_db_bind_text (MdDbStatement *statement, int index, const char *value)
{
  statement->db->engine->bind_text (statement->handle, index, value);
}

void
md_db_bind_data (MdDbStatement *statement, int index, const guint8 *data, gsize size)
{
  statement->db->engine->bind_data (statement->handle, index, data, size);
}

void
md_db_bind_bytes (MdDbStatement *statement, int index, GBytes *value)
{
  gsize size = 0;
  const guint8 *data = value != NULL ? g_bytes_get_data (value, &size) : NULL;

  /* Bytes without a byte are not NULL. */
  if (value != NULL && data == NULL)
    data = (const guint8 *)"";
  statement->db->engine->bind_data (statement->handle, index, data, size);
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
  return statement->db->engine->step (statement->db, statement->handle, error);
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
  return statement->db->engine->column_int (statement->handle, column);
}

const char *
md_db_column_text (MdDbStatement *statement, int column)
{
  return statement->db->engine->column_text (statement->handle, column);
}

char *
md_db_column_dup (MdDbStatement *statement, int column)
{
  return g_strdup (md_db_column_text (statement, column));
}

GBytes *
md_db_column_bytes (MdDbStatement *statement, int column)
{
  const void *data = NULL;
  gsize size = 0;

  return statement->db->engine->column_data (statement->handle, column, &data, &size)
             ? g_bytes_new (data, size)
             : NULL;
}

const guint8 *
md_db_column_data (MdDbStatement *statement, int column, gsize *out_size)
{
  const void *data = NULL;

  *out_size = 0;
  if (!statement->db->engine->column_data (statement->handle, column, &data, out_size)
      || *out_size == 0)
    return NULL;
  return data;
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
