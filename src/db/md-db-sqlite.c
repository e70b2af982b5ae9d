// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <glib/gi18n.h>

#include "md-db-private.h"

/* The engine on SQLite: one file, WAL, full synchronisation. */

#define BUSY_TIMEOUT_MS 10000
#define LOG_PIECE 65536

typedef struct
{
  sqlite3_stmt *handle;
  int bind_failure;
} Statement;

/* --- Errors --- */

/* SQLite's primary result codes; the sentence takes the file's path. */
static const struct
{
  int code;
  MdDbError error;
  const char *sentence;
} causes[] = {
  { SQLITE_FULL, MD_DB_ERROR_FULL,
    N_ ("The disk is full, so nothing was stored (%s). Free some space and try again.") },
  { SQLITE_BUSY, MD_DB_ERROR_BUSY,
    N_ ("Another program is holding the database (%s). End it and try again.") },
  { SQLITE_LOCKED, MD_DB_ERROR_BUSY,
    N_ ("Another program is holding the database (%s). End it and try again.") },
  { SQLITE_CORRUPT, MD_DB_ERROR_CORRUPT,
    N_ ("The database is damaged (%s). Do not use this terminal; call the administrator, who "
        "restores "
        "it from the last copy.") },
  { SQLITE_NOTADB, MD_DB_ERROR_CORRUPT,
    N_ ("The file is not a database of Madoguchi (%s). Call the administrator.") },
  { SQLITE_READONLY, MD_DB_ERROR_READ_ONLY,
    N_ ("The database may not be written (%s). The administrator has to check who owns the file "
        "and "
        "whether the disk is mounted read-only.") },
  { SQLITE_PERM, MD_DB_ERROR_READ_ONLY,
    N_ ("The database may not be written (%s). The administrator has to check who owns the file "
        "and "
        "whether the disk is mounted read-only.") },
  { SQLITE_IOERR, MD_DB_ERROR_IO,
    N_ ("The disk reports an error (%s). Call the administrator: the disk may be failing.") },
  { SQLITE_CANTOPEN, MD_DB_ERROR_CANT_OPEN,
    N_ ("The database cannot be opened (%s). The administrator has to check the folder and its "
        "owner.") },
  { SQLITE_CONSTRAINT, MD_DB_ERROR_CONSTRAINT,
    N_ ("The database refused a change that breaks its rules (%s).") },
};

/* Paths whose log could not be synced. The system gives such pages up as if they were written: what
 * lay in the log without a sync until then, and everything behind it, would be lost with the power
 * although the next sync succeeds. */
static GMutex unsynced_lock;
static GHashTable *unsynced;

static void
set_unsynced (const char *path, gboolean is)
{
  g_mutex_lock (&unsynced_lock);
  if (unsynced == NULL)
    unsynced = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (is)
    g_hash_table_add (unsynced, g_strdup (path));
  else
    g_hash_table_remove (unsynced, path);
  g_mutex_unlock (&unsynced_lock);
}

static gboolean
is_unsynced (const char *path)
{
  gboolean is;

  g_mutex_lock (&unsynced_lock);
  is = unsynced != NULL && g_hash_table_contains (unsynced, path);
  g_mutex_unlock (&unsynced_lock);
  return is;
}

void
_md_db_sqlite_set_error (MdDb *db, int code, GError **error)
{
  const char *path = db->path;

  if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC)
    set_unsynced (path, TRUE);
  /* Of two statements that were prepared together the first has told why. */
  if (error != NULL && *error != NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (causes); i++)
    if (causes[i].code == (code & 0xff))
      {
        g_autofree char *where = g_strdup_printf ("%s: %s", path, sqlite3_errstr (code));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        /* The formats are the constants of the table above, each with one %s. */
        g_set_error (error, MD_DB_ERROR, (gint)causes[i].error, gettext (causes[i].sentence),
                     where);
#pragma GCC diagnostic pop
        return;
      }
  g_set_error (error, MD_DB_ERROR, MD_DB_ERROR_FAILED, _ ("The database failed (%s: %s)."), path,
               sqlite3_errmsg (db->handle));
}

/* sqlite3_step() behind the fault seam. */
static int
step_raw (MdDb *db, sqlite3_stmt *statement)
{
  int injected = db->fault != NULL ? db->fault (sqlite3_sql (statement), db->fault_data) : 0;

  return injected != 0 ? injected : sqlite3_step (statement);
}

/* --- The connection --- */

static gboolean
sqlite_exec (MdDb *db, const char *sql, GError **error)
{
  const char *rest = sql;

  while (*rest != '\0')
    {
      sqlite3_stmt *statement = NULL;
      int code = sqlite3_prepare_v2 (db->handle, rest, -1, &statement, &rest);

      if (code == SQLITE_OK && statement != NULL)
        {
          do
            code = step_raw (db, statement);
          while (code == SQLITE_ROW);
          if (code == SQLITE_DONE)
            code = SQLITE_OK;
        }
      sqlite3_finalize (statement);
      if (code != SQLITE_OK)
        {
          _md_db_sqlite_set_error (db, code, error);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
configure (MdDb *db, MdDbMode mode, GError **error)
{
  sqlite3_busy_timeout (db->handle, BUSY_TIMEOUT_MS);
  sqlite3_extended_result_codes (db->handle, 1);
  if (mode == MD_DB_READ_ONLY)
    return sqlite_exec (db, "PRAGMA query_only=ON", error);
  /* temp_store: nothing of ours goes to a temporary file. */
  return sqlite_exec (
      db,
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
      "PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=0; PRAGMA temp_store=MEMORY;"
      "PRAGMA trusted_schema=OFF",
      error);
}

/* The address of PATH. psow=0: a drive may spoil what lies in a sector beside what it was writing
 * when the power went, so each durable commit fills its last sector, and the next one does not
 * touch it. */
static char *
make_address (const char *path)
{
  g_autofree char *escaped = g_uri_escape_bytes ((const guint8 *)path, strlen (path), "/");

  return g_strconcat (g_path_is_absolute (path) ? "file://" : "file:", escaped, "?psow=0", NULL);
}

static int
prepare_undo (MdDb *db)
{
  sqlite3_stmt *undo = NULL;
  const int code
      = sqlite3_prepare_v3 (db->handle, "ROLLBACK", -1, SQLITE_PREPARE_PERSISTENT, &undo, NULL);

  db->undo = undo;
  return code;
}

static gboolean
sqlite_open (MdDb *db, MdDbMode mode, GError **error)
{
  int flags
      = mode == MD_DB_READ_ONLY ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  g_autofree char *address = make_address (db->path);
  sqlite3 *handle = NULL;
  int code;

  if (mode == MD_DB_READ_WRITE)
    {
      /* SQLite would create it as the umask says; its companions take the mode over from it. Only a
       * new file is opened here: closing one that another connection of this process has open would
       * drop that connection's locks (fcntl), and the next process to leave would take the log away
       * from under it. */
      int fd = open (db->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

      if (fd >= 0)
        close (fd);
    }
  code = sqlite3_open_v2 (address, &handle, flags | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_URI, NULL);
  db->handle = handle;
  if (code == SQLITE_OK)
    code = prepare_undo (db);
  if (code == SQLITE_OK)
    return configure (db, mode, error);
  _md_db_sqlite_set_error (db, code, error);
  return FALSE;
}

static void
sqlite_close (MdDb *db)
{
  sqlite3_finalize (db->undo);
  sqlite3_close_v2 (db->handle);
}

/* --- Transactions --- */

static gboolean
run_constant (MdDb *db, const char *sql, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (db, sql, error);

  return statement != NULL && md_db_run (statement, error);
}

/* Not behind the fault seam: a rollback must always be tried. SQLite may have rolled back by
 * itself. */
static void
sqlite_roll_back (MdDb *db)
{
  if (sqlite3_get_autocommit (db->handle) == 0)
    {
      sqlite3_step (db->undo);
      sqlite3_reset (db->undo);
    }
  db->undo_waits = sqlite3_get_autocommit (db->handle) == 0;
}

/* Past the fault seam: whoever goes on must be durable again. Where memory is short, that is said
 * before the next durable transaction. */
static void
sqlite_end_light (MdDb *db)
{
  db->light_stays
      = sqlite3_exec (db->handle, "PRAGMA synchronous=FULL", NULL, NULL, NULL) != SQLITE_OK;
}

/* Writes the whole log once more, as it is, so that it is synced in truth. Nobody else writes to it
 * meanwhile: the transaction has begun. */
static int
write_log_again (MdDb *db)
{
  g_autofree guint8 *piece = g_malloc (LOG_PIECE);
  sqlite3_file *log = NULL;
  sqlite3_int64 size = 0;
  int code = sqlite3_file_control (db->handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);

  if (code != SQLITE_OK || log == NULL || log->pMethods == NULL)
    return code;
  code = log->pMethods->xFileSize (log, &size);
  for (sqlite3_int64 at = 0; code == SQLITE_OK && at < size; at += LOG_PIECE)
    {
      const int n = (int)MIN (LOG_PIECE, size - at);

      code = log->pMethods->xRead (log, piece, n, at);
      if (code == SQLITE_OK)
        code = log->pMethods->xWrite (log, piece, n, at);
    }
  return code == SQLITE_OK ? log->pMethods->xSync (log, SQLITE_SYNC_NORMAL) : code;
}

static gboolean
renew_log (MdDb *db, GError **error)
{
  const int code = is_unsynced (db->path) ? write_log_again (db) : SQLITE_OK;

  if (code == SQLITE_OK)
    {
      set_unsynced (db->path, FALSE);
      return TRUE;
    }
  _md_db_sqlite_set_error (db, code, error);
  sqlite_roll_back (db);
  return FALSE;
}

static gboolean
sqlite_begin (MdDb *db, gboolean light, GError **error)
{
  const char *how = light ? "PRAGMA synchronous=NORMAL" : "PRAGMA synchronous=FULL";
  gboolean begun;

  if (db->undo_waits)
    sqlite_roll_back (db);
  if (!light && !db->light_stays)
    how = "";
  begun = sqlite_exec (db, how, error) && run_constant (db, "BEGIN IMMEDIATE", error)
          && renew_log (db, error);
  if (light && !begun)
    sqlite_end_light (db);
  else if (begun)
    db->light_stays = light;
  return begun;
}

static gboolean
sqlite_commit (MdDb *db, GError **error)
{
  return run_constant (db, "COMMIT", error);
}

/* --- Statements --- */

static gpointer
sqlite_prepare (MdDb *db, const char *sql, GError **error)
{
  sqlite3_stmt *handle = NULL;
  Statement *statement = NULL;
  int code = sqlite3_prepare_v3 (db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL);

  if (code != SQLITE_OK)
    {
      _md_db_sqlite_set_error (db, code, error);
      return NULL;
    }
  statement = g_new0 (Statement, 1);
  statement->handle = handle;
  return statement;
}

static void
sqlite_rewind (gpointer data)
{
  Statement *statement = data;

  sqlite3_reset (statement->handle);
  sqlite3_clear_bindings (statement->handle);
  statement->bind_failure = SQLITE_OK;
}

static void
sqlite_finalize (gpointer data)
{
  Statement *statement = data;

  sqlite3_finalize (statement->handle);
  g_free (statement);
}

static void
note_bind (Statement *statement, int code)
{
  if (statement->bind_failure == SQLITE_OK)
    statement->bind_failure = code;
}

static void
sqlite_bind_int (gpointer data, int index, gint64 value)
{
  Statement *statement = data;

  note_bind (statement, sqlite3_bind_int64 (statement->handle, index, value));
}

static void
sqlite_bind_text (gpointer data, int index, const char *text)
{
  Statement *statement = data;

  note_bind (statement,
             text != NULL ? sqlite3_bind_text (statement->handle, index, text, -1, SQLITE_TRANSIENT)
                          : sqlite3_bind_null (statement->handle, index));
}

static void
sqlite_bind_data (gpointer data, int index, const guint8 *bytes, gsize size)
{
  Statement *statement = data;

  note_bind (statement, bytes != NULL ? sqlite3_bind_blob64 (statement->handle, index, bytes, size,
                                                             SQLITE_TRANSIENT)
                                      : sqlite3_bind_null (statement->handle, index));
}

static MdDbStep
sqlite_step (MdDb *db, gpointer data, GError **error)
{
  Statement *statement = data;
  int code = statement->bind_failure;

  if (db->undo_waits)
    sqlite_roll_back (db);
  if (code == SQLITE_OK)
    code = step_raw (db, statement->handle);

  if (code == SQLITE_ROW)
    return MD_DB_STEP_ROW;
  if (code == SQLITE_DONE)
    return MD_DB_STEP_DONE;
  _md_db_sqlite_set_error (db, code, error);
  return MD_DB_STEP_ERROR;
}

static gint64
sqlite_column_int (gpointer data, int column)
{
  return sqlite3_column_int64 (((Statement *)data)->handle, column);
}

static const char *
sqlite_column_text (gpointer data, int column)
{
  const void *text = sqlite3_column_text (((Statement *)data)->handle, column);

  return text;
}

static gboolean
sqlite_column_data (gpointer data, int column, const void **out_data, gsize *out_size)
{
  sqlite3_stmt *handle = ((Statement *)data)->handle;
  int size;

  *out_data = sqlite3_column_blob (handle, column);
  size = sqlite3_column_bytes (handle, column);
  *out_size = size > 0 ? (gsize)size : 0;
  return *out_data != NULL || sqlite3_column_type (handle, column) != SQLITE_NULL;
}

/* --- The log --- */

/* The truncation of the log is not synced by SQLite: a power cut could bring it back. */
static gboolean
sync_log (MdDb *db, GError **error)
{
  sqlite3_file *log = NULL;
  int code = sqlite3_file_control (db->handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);

  if (code == SQLITE_OK && log != NULL && log->pMethods != NULL)
    code = log->pMethods->xSync (log, SQLITE_SYNC_NORMAL);
  if (code != SQLITE_OK)
    _md_db_sqlite_set_error (db, code, error);
  return code == SQLITE_OK;
}

gboolean
_md_db_sqlite_renew_log (MdDb *db, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = NULL;

  if (!is_unsynced (db->path))
    return TRUE;
  transaction = md_db_begin (db, error);
  return transaction != NULL;
}

gboolean
_md_db_sqlite_empty_log (MdDb *db, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (db, "PRAGMA wal_checkpoint(TRUNCATE)", error);

  if (statement == NULL || md_db_step (statement, error) != MD_DB_STEP_ROW)
    return FALSE;
  /* Somebody reads what is in the log. */
  if (md_db_column_int (statement, 0) != 0)
    {
      _md_db_sqlite_set_error (db, SQLITE_BUSY, error);
      return FALSE;
    }
  return md_db_run (statement, error) && sync_log (db, error);
}

/* --- The rest --- */

static gint64
sqlite_changes (MdDb *db)
{
  return sqlite3_changes64 (db->handle);
}

static gint64
sqlite_last_id (MdDb *db)
{
  return sqlite3_last_insert_rowid (db->handle);
}

static gboolean
sqlite_check_integrity (MdDb *db, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (db, "PRAGMA integrity_check(1)", error);
  const char *finding;

  if (statement == NULL)
    return FALSE;
  if (md_db_step (statement, error) != MD_DB_STEP_ROW)
    return FALSE;
  finding = md_db_column_text (statement, 0);
  if (g_strcmp0 (finding, "ok") == 0)
    return TRUE;
  g_set_error (
      error, MD_DB_ERROR, MD_DB_ERROR_CORRUPT,
      _ ("The database is damaged (%s: %s). Do not use this terminal; call the administrator, "
         "who restores it from the last copy."),
      db->path, finding != NULL ? finding : "?");
  return FALSE;
}

static void
sqlite_interrupt (MdDb *db)
{
  sqlite3_interrupt (db->handle);
}

const MdDbEngine _md_db_sqlite = {
  .dialect = MD_DB_SQLITE,
  .foundation = "CREATE TABLE IF NOT EXISTS schema_version ("
                "component TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID",
  .has_foundation = "SELECT count(*) FROM sqlite_schema WHERE name = 'schema_version'",
  .highest_given = "SELECT coalesce (max (seq), 0) FROM sqlite_sequence WHERE name = ?1",
  .open = sqlite_open,
  .close = sqlite_close,
  .exec = sqlite_exec,
  .begin = sqlite_begin,
  .commit = sqlite_commit,
  .roll_back = sqlite_roll_back,
  .end_light = sqlite_end_light,
  .prepare = sqlite_prepare,
  .rewind = sqlite_rewind,
  .finalize = sqlite_finalize,
  .bind_int = sqlite_bind_int,
  .bind_text = sqlite_bind_text,
  .bind_data = sqlite_bind_data,
  .step = sqlite_step,
  .column_int = sqlite_column_int,
  .column_text = sqlite_column_text,
  .column_data = sqlite_column_data,
  .changes = sqlite_changes,
  .last_id = sqlite_last_id,
  .check_integrity = sqlite_check_integrity,
  .interrupt = sqlite_interrupt,
};
