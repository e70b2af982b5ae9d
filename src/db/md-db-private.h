// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_DB_COMPILATION
#error "Private to this module."
#endif

#include "md-db-statement.h"

typedef struct _MdDbEngine MdDbEngine;

/* Which text of a step of a schema is an engine's. */
typedef enum
{
  MD_DB_SQLITE,
  MD_DB_POSTGRESQL,
} MdDbDialect;

struct _MdDb
{
  const MdDbEngine *engine;
  gpointer handle; /* the engine's connection; NULL until its open() has made one */
  char *path;
  GHashTable *cache; /* SQL constant -> idle statement of the engine */
  gboolean in_transaction;
  gpointer undo;        /* SQLite's ROLLBACK, made ready while there is memory */
  gboolean undo_waits;  /* a transaction that ended could not be rolled back yet */
  gboolean light_stays; /* the connection does not wait for the disk, and has to be told to */
  MdDbFault fault;
  gpointer fault_data;
};

/* What md-db asks of the program that keeps the data. Statements are the engine's own; they are
 * finalized before the connection is closed. */
struct _MdDbEngine
{
  MdDbDialect dialect;
  const char *foundation;     /* makes what the steps of a schema stand on, where it is not there */
  const char *has_foundation; /* asks for one number: 0 where it is not */
  const char *highest_given;  /* see md_db_get_highest_given(); its value is the table's name */

  /* Sets db->handle; close() follows in any case, and takes a handle that is NULL. */
  gboolean (*open) (MdDb *db, MdDbMode mode, GError **error);
  void (*close) (MdDb *db);

  gboolean (*exec) (MdDb *db, const char *sql, GError **error);
  /* Must leave the connection as it was before, whatever happens. */
  gboolean (*begin) (MdDb *db, gboolean light, GError **error);
  gboolean (*commit) (MdDb *db, GError **error);
  void (*roll_back) (MdDb *db);
  /* After a light transaction, however it ended: what comes next is durable again. */
  void (*end_light) (MdDb *db);

  gpointer (*prepare) (MdDb *db, const char *sql, GError **error);
  void (*rewind) (gpointer statement); /* forgets the values, too */
  void (*finalize) (gpointer statement);
  /* A failure to bind is told by the next step. TEXT and DATA are copied, and may be NULL. */
  void (*bind_int) (gpointer statement, int index, gint64 value);
  void (*bind_text) (gpointer statement, int index, const char *text);
  void (*bind_data) (gpointer statement, int index, const guint8 *data, gsize size);
  MdDbStep (*step) (MdDb *db, gpointer statement, GError **error);
  gint64 (*column_int) (gpointer statement, int column);
  const char *(*column_text) (gpointer statement, int column);
  /* FALSE for NULL. */
  gboolean (*column_data) (gpointer statement, int column, const void **out_data, gsize *out_size);

  gint64 (*changes) (MdDb *db);
  gint64 (*last_id) (MdDb *db);
  gboolean (*check_integrity) (MdDb *db, GError **error);
  void (*interrupt) (MdDb *db); /* from any thread; NULL where nothing takes long */
};

extern const MdDbEngine _md_db_sqlite;

/* Sets ERROR from SQLite's result code and the connection's last message; says what to do. */
void _md_db_sqlite_set_error (MdDb *db, int code, GError **error);

/* Before a checkpoint, which relies on the log: syncs it in truth where a sync of it has failed. */
gboolean _md_db_sqlite_renew_log (MdDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* md_db_checkpoint() that also empties the log. */
gboolean _md_db_sqlite_empty_log (MdDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* From here on md_db_open() gives ENGINE the addresses that begin with "postgresql:". */
void _md_db_offer_postgresql (const MdDbEngine *engine);
