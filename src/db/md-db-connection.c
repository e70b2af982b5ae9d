// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <glib/gi18n.h>

#include "md-db-connection.h"
#include "md-db-private.h"
#include "md-db-statement.h"

#define BUSY_TIMEOUT_MS 10000

struct _MdDbTransaction
{
  MdDb *db;
  gboolean light;
};

GQuark
md_db_error_quark (void)
{
  return g_quark_from_static_string ("md-db-error-quark");
}

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

void
_md_db_set_error (MdDb *db, int code, GError **error)
{
  const char *path = db->path;

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

int
_md_db_step_raw (MdDb *db, sqlite3_stmt *statement)
{
  int injected = db->fault != NULL ? db->fault (sqlite3_sql (statement), db->fault_data) : 0;

  return injected != 0 ? injected : sqlite3_step (statement);
}

static gboolean
configure (MdDb *db, MdDbMode mode, GError **error)
{
  sqlite3_busy_timeout (db->handle, BUSY_TIMEOUT_MS);
  sqlite3_extended_result_codes (db->handle, 1);
  if (mode == MD_DB_READ_ONLY)
    return md_db_exec (db, "PRAGMA query_only=ON", error);
  /* temp_store: nothing of ours goes to a temporary file. */
  return md_db_exec (
      db,
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
      "PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=0; PRAGMA temp_store=MEMORY;"
      "PRAGMA trusted_schema=OFF",
      error);
}

MdDb *
md_db_open (const char *path, MdDbMode mode, GError **error)
{
  g_autoptr (MdDb) db = g_new0 (MdDb, 1);
  int flags
      = mode == MD_DB_READ_ONLY ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  int code;

  db->path = g_strdup (path);
  db->cache = g_hash_table_new (g_direct_hash, g_direct_equal);
  if (mode == MD_DB_READ_WRITE)
    {
      /* SQLite would create it as the umask says; its companions take the mode over from it. Only a
       * new file is opened here: closing one that another connection of this process has open would
       * drop that connection's locks (fcntl), and the next process to leave would take the log away
       * from under it. */
      int fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

      if (fd >= 0)
        close (fd);
    }
  code = sqlite3_open_v2 (path, &db->handle, flags | SQLITE_OPEN_FULLMUTEX, NULL);
  if (code != SQLITE_OK)
    {
      _md_db_set_error (db, code, error);
      return NULL;
    }
  if (!configure (db, mode, error))
    return NULL;
  return g_steal_pointer (&db);
}

void
md_db_close (MdDb *db)
{
  GHashTableIter iter;
  gpointer statement;

  if (db == NULL)
    return;
  g_hash_table_iter_init (&iter, db->cache);
  while (g_hash_table_iter_next (&iter, NULL, &statement))
    sqlite3_finalize (statement);
  g_hash_table_unref (db->cache);
  sqlite3_close_v2 (db->handle);
  g_free (db->path);
  g_free (db);
}

const char *
md_db_get_path (MdDb *db)
{
  return db->path;
}

gboolean
md_db_exec (MdDb *db, const char *sql, GError **error)
{
  const char *rest = sql;

  while (*rest != '\0')
    {
      sqlite3_stmt *statement = NULL;
      int code = sqlite3_prepare_v2 (db->handle, rest, -1, &statement, &rest);

      if (code == SQLITE_OK && statement != NULL)
        {
          do
            code = _md_db_step_raw (db, statement);
          while (code == SQLITE_ROW);
          if (code == SQLITE_DONE)
            code = SQLITE_OK;
        }
      sqlite3_finalize (statement);
      if (code != SQLITE_OK)
        {
          _md_db_set_error (db, code, error);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
run_constant (MdDb *db, const char *sql, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (db, sql, error);

  return statement != NULL && md_db_run (statement, error);
}

/* Not behind the fault seam: a rollback must always be tried. SQLite may have rolled back by
 * itself. */
static void
roll_back (MdDb *db)
{
  if (sqlite3_get_autocommit (db->handle) == 0)
    sqlite3_exec (db->handle, "ROLLBACK", NULL, NULL, NULL);
  db->in_transaction = FALSE;
}

/* Past the fault seam as well: whoever goes on must be durable again. */
static void
end_transaction (MdDbTransaction *transaction)
{
  if (transaction->light)
    g_assert_cmpint (
        sqlite3_exec (transaction->db->handle, "PRAGMA synchronous=FULL", NULL, NULL, NULL), ==,
        SQLITE_OK);
  g_free (transaction);
}

static MdDbTransaction *
begin (MdDb *db, gboolean light, GError **error)
{
  MdDbTransaction *transaction;

  g_assert (!db->in_transaction);
  transaction = g_new0 (MdDbTransaction, 1);
  transaction->db = db;
  transaction->light = light;
  if ((light && !md_db_exec (db, "PRAGMA synchronous=NORMAL", error))
      || !run_constant (db, "BEGIN IMMEDIATE", error))
    {
      end_transaction (transaction);
      return NULL;
    }
  db->in_transaction = TRUE;
  return transaction;
}

MdDbTransaction *
md_db_begin (MdDb *db, GError **error)
{
  return begin (db, FALSE, error);
}

MdDbTransaction *
md_db_begin_light (MdDb *db, GError **error)
{
  return begin (db, TRUE, error);
}

gboolean
md_db_commit (MdDbTransaction *transaction, GError **error)
{
  MdDb *db = transaction->db;
  gboolean committed = run_constant (db, "COMMIT", error);

  if (committed)
    db->in_transaction = FALSE;
  else
    roll_back (db);
  end_transaction (transaction);
  return committed;
}

void
md_db_transaction_free (MdDbTransaction *transaction)
{
  if (transaction == NULL)
    return;
  roll_back (transaction->db);
  end_transaction (transaction);
}

gboolean
md_db_in_transaction (MdDb *db)
{
  return db->in_transaction;
}

gint64
md_db_changes (MdDb *db)
{
  return sqlite3_changes64 (db->handle);
}

gint64
md_db_last_id (MdDb *db)
{
  return sqlite3_last_insert_rowid (db->handle);
}

gboolean
md_db_check_integrity (MdDb *db, GError **error)
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

void
md_db_set_fault (MdDb *db, MdDbFault fault, gpointer user_data)
{
  db->fault = fault;
  db->fault_data = user_data;
}

gboolean
md_db_limit_growth (MdDb *db, guint extra_pages, GError **error)
{
  gint64 pages;
  g_autofree char *sql = NULL;

  if (!md_db_get_int (db, "PRAGMA page_count", &pages, error))
    return FALSE;
  sql = g_strdup_printf ("PRAGMA max_page_count=%" G_GINT64_FORMAT, pages + extra_pages);
  return md_db_exec (db, sql, error);
}
