// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_DB_COMPILATION
#error "Private to this module."
#endif

/* What the two halves of the engine on PostgreSQL share. */

#include <libpq-fe.h>

#include "md-db-private.h"

typedef struct
{
  PGconn *server;
  MdDbMode mode;
  guint generation; /* counts the connections: each begins without prepared statements */
  guint64 names;    /* of prepared statements, given so far */
  gint64 failed_at; /* when the last attempt to connect failed, monotonic; 0: it did not */
  gint64 held_at;   /* when the lock of those who write could not be had; likewise */
  gint64 changes;
  gboolean patient; /* what it is asked now may take as long as it likes */
} MdDbPgConnection;

/* Sets ERROR from RESULT (nullable), or says that the connection is lost, when it is. */
void _md_db_pg_set_error (MdDb *db, const PGresult *result, GError **error);

/* Whether the server can be asked. Outside of a transaction a connection that has ended is made
 * anew; inside, what was asked so far is gone with it. */
gboolean _md_db_pg_be_ready (MdDb *db, GError **error);

/* Whether a fault test has ordered that the next step fails; see MdDbFault. */
gboolean _md_db_pg_is_injected (MdDb *db, const char *sql, GError **error);

/* The last result of what was SENT (what libpq's function has returned), or NULL. A server that
 * gives no sign for too long is given up, and the connection with it. (transfer full) */
PGresult *_md_db_pg_await (MdDb *db, int sent);

gpointer _md_db_pg_prepare (MdDb *db, const char *sql, GError **error);
void _md_db_pg_rewind (gpointer data);
void _md_db_pg_finalize (gpointer data);
void _md_db_pg_bind_int (gpointer data, int index, gint64 number);
void _md_db_pg_bind_text (gpointer data, int index, const char *text);
void _md_db_pg_bind_data (gpointer data, int index, const guint8 *bytes, gsize size);
MdDbStep _md_db_pg_step (MdDb *db, gpointer data, GError **error);
gint64 _md_db_pg_column_int (gpointer data, int column);
const char *_md_db_pg_column_text (gpointer data, int column);
gboolean _md_db_pg_column_data (gpointer data, int column, const void **out_data, gsize *out_size);
