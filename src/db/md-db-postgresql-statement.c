// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "md-db-postgresql-private.h"

/* Statements on PostgreSQL: each is known to the server under a name, values go beside its text,
 * and its rows come all at once. */

typedef struct
{
  guint8 *data; /* NULL binds NULL */
  gsize size;
  gboolean is_binary;
} Value;

typedef struct
{
  const char *given; /* the SQL as the caller has it */
  char *sql;         /* the same with $1 for ?1 */
  char *name;
  guint generation; /* of the connection that knows it under this name */
  GArray *values;   /* Value, the first for $1 */
  PGresult *rows;
  int row;
} Statement;

static char *
with_dollars (const char *sql)
{
  GString *text = g_string_sized_new (strlen (sql));
  char quote = '\0';

  for (const char *c = sql; *c != '\0'; c++)
    {
      if (quote != '\0')
        quote = *c == quote ? '\0' : quote;
      else if (*c == '\'' || *c == '"')
        quote = *c;
      g_string_append_c (text, quote == '\0' && *c == '?' ? '$' : *c);
    }
  return g_string_free (text, FALSE);
}

static void
clear_value (gpointer data)
{
  g_free (((Value *)data)->data);
}

/* The server sees it at the first step, and tells then what is wrong with it. */
gpointer
_md_db_pg_prepare (MdDb *db, const char *sql, GError **error)
{
  MdDbPgConnection *self = db->handle;
  Statement *statement = g_new0 (Statement, 1);

  statement->given = sql;
  statement->sql = with_dollars (sql);
  statement->name = g_strdup_printf ("s%" G_GUINT64_FORMAT, ++self->names);
  statement->values = g_array_new (FALSE, TRUE, sizeof (Value));
  g_array_set_clear_func (statement->values, clear_value);
  return statement;
}

void
_md_db_pg_rewind (gpointer data)
{
  Statement *statement = data;

  g_clear_pointer (&statement->rows, PQclear);
  g_array_set_size (statement->values, 0);
}

void
_md_db_pg_finalize (gpointer data)
{
  Statement *statement = data;

  /* The server keeps it until the connection ends. There are few: each is a constant. */
  g_clear_pointer (&statement->rows, PQclear);
  g_array_unref (statement->values);
  g_free (statement->sql);
  g_free (statement->name);
  g_free (statement);
}

static void
bind (Statement *statement, int index, const void *data, gsize size, gboolean is_binary)
{
  Value *value = NULL;

  if ((guint)index > statement->values->len)
    g_array_set_size (statement->values, (guint)index);
  value = &g_array_index (statement->values, Value, (guint)index - 1);
  g_free (value->data);
  value->data = NULL;
  if (data != NULL)
    {
      value->data = g_malloc (size + 1);
      memcpy (value->data, data, size);
      value->data[size] = '\0';
    }
  value->size = size;
  value->is_binary = is_binary;
}

void
_md_db_pg_bind_int (gpointer data, int index, gint64 number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  const int size = g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, number);

  bind (data, index, text, (gsize)size, FALSE);
}

void
_md_db_pg_bind_text (gpointer data, int index, const char *text)
{
  bind (data, index, text, text != NULL ? strlen (text) : 0, FALSE);
}

void
_md_db_pg_bind_data (gpointer data, int index, const guint8 *bytes, gsize size)
{
  bind (data, index, bytes, size, TRUE);
}

static gboolean
make_known (MdDb *db, Statement *statement, GError **error)
{
  const MdDbPgConnection *self = db->handle;
  PGresult *result = NULL;
  gboolean known = statement->generation == self->generation;

  if (known)
    return TRUE;
  result = _md_db_pg_await (db,
                            PQsendPrepare (self->server, statement->name, statement->sql, 0, NULL));
  known = PQresultStatus (result) == PGRES_COMMAND_OK;
  if (known)
    statement->generation = self->generation;
  else
    _md_db_pg_set_error (db, result, error);
  PQclear (result);
  return known;
}

static gboolean
execute (MdDb *db, Statement *statement, GError **error)
{
  MdDbPgConnection *self = db->handle;
  const guint n = statement->values->len;
  g_autofree const char **values = g_new0 (const char *, n + 1);
  g_autofree int *sizes = g_new0 (int, n + 1);
  g_autofree int *formats = g_new0 (int, n + 1);
  PGresult *result = NULL;
  ExecStatusType status = PGRES_FATAL_ERROR;

  if (!_md_db_pg_be_ready (db, error) || _md_db_pg_is_injected (db, statement->given, error)
      || !make_known (db, statement, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      const Value *value = &g_array_index (statement->values, Value, i);

      g_assert (value->size <= G_MAXINT);
      values[i] = (const char *)value->data;
      sizes[i] = (int)value->size;
      formats[i] = value->is_binary;
    }
  result = _md_db_pg_await (
      db, PQsendQueryPrepared (self->server, statement->name, (int)n, values, sizes, formats, 1));
  status = PQresultStatus (result);
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
    {
      self->changes = g_ascii_strtoll (PQcmdTuples (result), NULL, 10);
      statement->rows = result;
      statement->row = -1;
      return TRUE;
    }
  _md_db_pg_set_error (db, result, error);
  PQclear (result);
  return FALSE;
}

MdDbStep
_md_db_pg_step (MdDb *db, gpointer data, GError **error)
{
  Statement *statement = data;

  if (statement->rows == NULL && !execute (db, statement, error))
    return MD_DB_STEP_ERROR;
  if (++statement->row < PQntuples (statement->rows))
    return MD_DB_STEP_ROW;
  g_clear_pointer (&statement->rows, PQclear);
  return MD_DB_STEP_DONE;
}

/* Whole numbers come in network order, of two, four or eight bytes. */
gint64
_md_db_pg_column_int (gpointer data, int column)
{
  const Statement *statement = data;
  const guint8 *bytes = (const guint8 *)PQgetvalue (statement->rows, statement->row, column);
  const int size = PQgetlength (statement->rows, statement->row, column);
  guint64 number = size > 0 && bytes[0] >= 0x80 ? G_MAXUINT64 : 0;

  for (int i = 0; i < size; i++)
    number = number << 8 | bytes[i];
  return (gint64)number;
}

gboolean
_md_db_pg_column_data (gpointer data, int column, const void **out_data, gsize *out_size)
{
  const Statement *statement = data;

  if (PQgetisnull (statement->rows, statement->row, column))
    return FALSE;
  *out_data = PQgetvalue (statement->rows, statement->row, column);
  *out_size = (gsize)PQgetlength (statement->rows, statement->row, column);
  return TRUE;
}

const char *
_md_db_pg_column_text (gpointer data, int column)
{
  const void *text = NULL;
  gsize size = 0;

  return _md_db_pg_column_data (data, column, &text, &size) ? text : NULL;
}
