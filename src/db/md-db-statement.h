// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_DB_INSIDE) && !defined(MD_DB_COMPILATION)
#error "Include <md-db.h>."
#endif

#include "md-db-connection.h"

G_BEGIN_DECLS

typedef struct _MdDbStatement MdDbStatement;

typedef enum
{
  MD_DB_STEP_ERROR = -1,
  MD_DB_STEP_DONE = 0,
  MD_DB_STEP_ROW = 1,
} MdDbStep;

/* A statement of the connection's cache. SQL must be a string constant: it is the cache's key and
 * outlives the call. md_db_statement_free() gives it back, reset and without its values. */
MdDbStatement *md_db_prepare (MdDb *db, const char *sql, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void md_db_statement_free (MdDbStatement *statement);

/* The same for a statement about one thing: TEXT is its first value. */
MdDbStatement *md_db_prepare_for (MdDb *db, const char *sql, const char *text,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Values, numbered from 1. A NULL text or bytes binds NULL. A failure is kept and told by the next
 * step. */
void md_db_bind_int (MdDbStatement *statement, int index, gint64 value);
void md_db_bind_text (MdDbStatement *statement, int index, const char *value);
void md_db_bind_bytes (MdDbStatement *statement, int index, GBytes *value);
void md_db_bind_data (MdDbStatement *statement, int index, const guint8 *data, gsize size);

/* The next row. */
MdDbStep md_db_step (MdDbStatement *statement, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Runs a statement that has no rows. */
gboolean md_db_run (MdDbStatement *statement, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Columns of the current row, numbered from 0. Text is borrowed until the next step, or a copy of
 * it (dup; transfer full); bytes are copied (transfer full). All are NULL for NULL. */
gint64 md_db_column_int (MdDbStatement *statement, int column);
const char *md_db_column_text (MdDbStatement *statement, int column);
char *md_db_column_dup (MdDbStatement *statement, int column) G_GNUC_WARN_UNUSED_RESULT;
GBytes *md_db_column_bytes (MdDbStatement *statement, int column) G_GNUC_WARN_UNUSED_RESULT;

/* The same bytes without a copy: borrowed until the next step. NULL for NULL and for no bytes, with
 * *OUT_SIZE 0. */
const guint8 *md_db_column_data (MdDbStatement *statement, int column, gsize *out_size);

/* Reads the current row of STATEMENT into what it is kept in. (transfer full) */
typedef gpointer (*MdDbReadFunc) (MdDbStatement *statement);
/* One that reads a row of one column: its text. */
gpointer md_db_read_text (MdDbStatement *statement) G_GNUC_WARN_UNUSED_RESULT;

/* All rows that are left, each as READ has it, which ITEM_FREE frees. (transfer full) */
GPtrArray *md_db_collect (MdDbStatement *statement, MdDbReadFunc read, GDestroyNotify item_free,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One integer from a query without parameters that has exactly one row, as "SELECT count(*) ...".
 */
gboolean md_db_get_int (MdDb *db, const char *sql, gint64 *out_value,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdDbStatement, md_db_statement_free)

G_END_DECLS
