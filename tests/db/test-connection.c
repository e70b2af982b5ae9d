// SPDX-License-Identifier: Apache-2.0
#include <string.h>
#include <sys/stat.h>
#include <glib/gstdio.h>
#include <sqlite3.h>

#include "md-db.h"

typedef struct
{
  char *dir;
  char *path;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->dir = g_dir_make_tmp ("md-db-XXXXXX", NULL);
  g_assert_nonnull (f->dir);
  f->path = g_build_filename (f->dir, "terminal.db", NULL);
}

static void
remove_database (const char *path)
{
  const char *suffixes[] = { "", "-wal", "-shm" };

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *file = g_strconcat (path, suffixes[i], NULL);

      g_unlink (file);
    }
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  remove_database (f->path);
  g_assert_cmpint (g_rmdir (f->dir), ==, 0);
  g_free (f->path);
  g_free (f->dir);
}

static MdDb *
open_db (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  MdDb *db = md_db_open (f->path, MD_DB_READ_WRITE, &error);

  g_assert_no_error (error);
  return db;
}

static void
exec (MdDb *db, const char *sql)
{
  g_autoptr (GError) error = NULL;
  gboolean done = md_db_exec (db, sql, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

static gint64
get_int (MdDb *db, const char *sql)
{
  g_autoptr (GError) error = NULL;
  gint64 value = -1;
  gboolean done = md_db_get_int (db, sql, &value, &error);

  g_assert_no_error (error);
  g_assert_true (done);
  return value;
}

static void
test_settings (Fixture *f, gconstpointer data)
{
  g_autoptr (MdDb) db = open_db (f);
  g_autoptr (MdDbStatement) mode = md_db_prepare (db, "PRAGMA journal_mode", NULL);
  struct stat st;

  g_assert_cmpint (md_db_step (mode, NULL), ==, MD_DB_STEP_ROW);
  g_assert_cmpstr (md_db_column_text (mode, 0), ==, "wal");
  g_assert_cmpint (get_int (db, "PRAGMA synchronous"), ==, 2);
  g_assert_cmpint (get_int (db, "PRAGMA secure_delete"), ==, 1);
  g_assert_cmpint (get_int (db, "PRAGMA foreign_keys"), ==, 1);
  g_assert_cmpint (get_int (db, "PRAGMA wal_autocheckpoint"), ==, 0);
  g_assert_cmpint (stat (f->path, &st), ==, 0);
  g_assert_cmpuint (st.st_mode & 0777, ==, 0600);
}

static void
test_values (Fixture *f, gconstpointer data)
{
  g_autoptr (MdDb) db = open_db (f);
  g_autoptr (MdDbStatement) insert = NULL;
  g_autoptr (MdDbStatement) select = NULL;
  g_autoptr (GBytes) blob = g_bytes_new_static ("a\0b", 3);
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
  g_autoptr (GBytes) read = NULL, read_empty = NULL, read_null = NULL;

  exec (db, "CREATE TABLE t (i INTEGER, s TEXT, b BLOB, e BLOB, n BLOB) STRICT");
  insert = md_db_prepare (db, "INSERT INTO t VALUES (?1, ?2, ?3, ?4, ?5)", NULL);
  md_db_bind_int (insert, 1, G_MAXINT64);
  md_db_bind_text (insert, 2, "あおぞら区");
  md_db_bind_bytes (insert, 3, blob);
  md_db_bind_bytes (insert, 4, empty);
  md_db_bind_bytes (insert, 5, NULL);
  g_assert_true (md_db_run (insert, NULL));
  select = md_db_prepare (db, "SELECT * FROM t", NULL);
  g_assert_cmpint (md_db_step (select, NULL), ==, MD_DB_STEP_ROW);
  g_assert_cmpint (md_db_column_int (select, 0), ==, G_MAXINT64);
  g_assert_cmpstr (md_db_column_text (select, 1), ==, "あおぞら区");
  read = md_db_column_bytes (select, 2);
  read_empty = md_db_column_bytes (select, 3);
  read_null = md_db_column_bytes (select, 4);
  g_assert_true (g_bytes_equal (read, blob));
  g_assert_cmpuint (g_bytes_get_size (read_empty), ==, 0);
  g_assert_null (read_null);
  g_assert_cmpint (md_db_step (select, NULL), ==, MD_DB_STEP_DONE);
}

static void
test_statement_for_one (Fixture *f, gconstpointer data)
{
  g_autoptr (MdDb) db = open_db (f);
  g_autoptr (MdDbStatement) select = NULL;
  g_autofree char *text = NULL, *null = NULL;

  exec (db, "CREATE TABLE t (s TEXT, n TEXT) STRICT");
  exec (db, "INSERT INTO t VALUES ('a', 'x'), ('b', NULL)");
  select = md_db_prepare_for (db, "SELECT s, n FROM t WHERE s = ?1", "b", NULL);
  g_assert_cmpint (md_db_step (select, NULL), ==, MD_DB_STEP_ROW);
  text = md_db_column_dup (select, 0);
  null = md_db_column_dup (select, 1);
  g_assert_cmpint (md_db_step (select, NULL), ==, MD_DB_STEP_DONE);
  g_assert_cmpstr (text, ==, "b");
  g_assert_null (null);
}

static void
test_rolls_back (Fixture *f, gconstpointer data)
{
  g_autoptr (MdDb) db = open_db (f);

  exec (db, "CREATE TABLE t (i INTEGER)");
  {
    g_autoptr (MdDbTransaction) transaction = md_db_begin (db, NULL);

    g_assert_nonnull (transaction);
    g_assert_true (md_db_in_transaction (db));
    exec (db, "INSERT INTO t VALUES (1)");
  }
  g_assert_false (md_db_in_transaction (db));
  g_assert_cmpint (get_int (db, "SELECT count(*) FROM t"), ==, 0);
}

static void
test_light_commit_ends_durable (Fixture *f, gconstpointer data)
{
  g_autoptr (MdDb) db = open_db (f);
  MdDbTransaction *transaction;

  exec (db, "CREATE TABLE t (i INTEGER)");
  transaction = md_db_begin_light (db, NULL);
  g_assert_cmpint (get_int (db, "PRAGMA synchronous"), ==, 1);
  exec (db, "INSERT INTO t VALUES (1)");
  g_assert_true (md_db_commit (transaction, NULL));
  g_assert_cmpint (get_int (db, "PRAGMA synchronous"), ==, 2);
  md_db_transaction_free (md_db_begin_light (db, NULL));
  g_assert_cmpint (get_int (db, "PRAGMA synchronous"), ==, 2);
  g_assert_cmpint (get_int (db, "SELECT count(*) FROM t"), ==, 1);
}

static void
test_disk_full (Fixture *f, gconstpointer data)
{
  g_autoptr (MdDb) db = open_db (f);
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *junk = g_malloc0 (1 << 20);

  exec (db, "CREATE TABLE t (b BLOB)");
  g_assert_true (md_db_limit_growth (db, 8, NULL));
  {
    g_autoptr (MdDbTransaction) transaction = md_db_begin (db, NULL);
    g_autoptr (MdDbStatement) insert = md_db_prepare (db, "INSERT INTO t VALUES (?1)", NULL);

    md_db_bind_data (insert, 1, junk, 1 << 20);
    g_assert_false (md_db_run (insert, &error));
    g_assert_error (error, MD_DB_ERROR, MD_DB_ERROR_FULL);
  }
  /* Unharmed, and what fits still goes in. */
  g_assert_true (md_db_check_integrity (db, NULL));
  exec (db, "INSERT INTO t VALUES (x'00')");
  g_assert_cmpint (get_int (db, "SELECT count(*) FROM t"), ==, 1);
}

static void
test_not_a_database (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *junk = g_strnfill (8192, 'x');

  g_assert_true (g_file_set_contents (f->path, junk, -1, NULL));
  g_assert_null (md_db_open (f->path, MD_DB_READ_WRITE, &error));
  g_assert_error (error, MD_DB_ERROR, MD_DB_ERROR_CORRUPT);
}

static void
test_damaged_page (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdDb) db = open_db (f);
  g_autofree char *copy_path = NULL;
  g_autofree char *contents = NULL;
  gsize size;

  exec (db, "CREATE TABLE t (i INTEGER PRIMARY KEY, s TEXT); CREATE INDEX ts ON t (s);"
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
            " INSERT INTO t SELECT i, hex (randomblob (16)) FROM n;"
            "PRAGMA wal_checkpoint (TRUNCATE)");
  g_clear_pointer (&db, md_db_close);
  g_assert_true (g_file_get_contents (f->path, &contents, &size, NULL));
  memset (contents + size / 2, 0xA5, 4096);
  g_assert_true (g_file_set_contents (f->path, contents, (gssize)size, NULL));
  db = open_db (f);
  g_assert_false (md_db_check_integrity (db, &error));
  g_assert_error (error, MD_DB_ERROR, MD_DB_ERROR_CORRUPT);
  g_clear_error (&error);
  copy_path = g_strconcat (f->path, "-copy", NULL);
  g_assert_false (md_db_copy (f->path, copy_path, NULL, &error));
  g_assert_error (error, MD_DB_ERROR, MD_DB_ERROR_CORRUPT);
  remove_database (copy_path);
}

static void
test_read_only (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdDb) writer = open_db (f);
  g_autoptr (MdDb) reader = NULL;

  exec (writer, "CREATE TABLE t (i INTEGER)");
  reader = md_db_open (f->path, MD_DB_READ_ONLY, &error);
  g_assert_no_error (error);
  g_assert_false (md_db_exec (reader, "INSERT INTO t VALUES (1)", &error));
  g_assert_error (error, MD_DB_ERROR, MD_DB_ERROR_READ_ONLY);
}

static void
test_missing (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (md_db_open (f->path, MD_DB_READ_ONLY, &error));
  g_assert_error (error, MD_DB_ERROR, MD_DB_ERROR_CANT_OPEN);
}

static const MdDbMigration steps[] = {
  { "first", "CREATE TABLE a (i INTEGER); INSERT INTO a VALUES (7)" },
  { "second", "ALTER TABLE a ADD COLUMN j INTEGER NOT NULL DEFAULT 3" },
  { "third", "CREATE TABLE b (i INTEGER); INSERT INTO b SELECT i + j FROM a" },
};

static void
test_migrates_forward (Fixture *f, gconstpointer data)
{
  for (guint from = 0; from <= 3; from++)
    {
      g_autoptr (MdDb) db = NULL;
      guint version;

      g_unlink (f->path);
      db = open_db (f);
      g_assert_true (md_db_migrate (db, "x", steps, from, NULL));
      g_assert_true (md_db_migrate (db, "x", steps, 3, NULL));
      g_assert_true (md_db_schema_version (db, "x", &version, NULL));
      g_assert_cmpuint (version, ==, 3);
      g_assert_cmpint (get_int (db, "SELECT i FROM b"), ==, 10);
      g_assert_true (md_db_schema_version (db, "y", &version, NULL));
      g_assert_cmpuint (version, ==, 0);
    }
}

static void
test_refuses_newer (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdDb) db = open_db (f);

  g_assert_true (md_db_migrate (db, "x", steps, 3, NULL));
  g_assert_false (md_db_migrate (db, "x", steps, 2, &error));
  g_assert_error (error, MD_DB_ERROR, MD_DB_ERROR_NEWER);
}

static void
test_half_a_migration_is_none (Fixture *f, gconstpointer data)
{
  static const MdDbMigration broken[] = {
    { "first", "CREATE TABLE a (i INTEGER)" },
    { "second", "CREATE TABLE c (i INTEGER); CREATE TABLE a (i INTEGER)" },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (MdDb) db = open_db (f);

  g_assert_false (md_db_migrate (db, "x", broken, 2, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (get_int (db, "SELECT count(*) FROM sqlite_schema"), ==, 0);
}

static void
test_erased_leaves_no_trace (Fixture *f, gconstpointer data)
{
  static const char secret[] = "CANARY-0123456789-CANARY";
  g_autoptr (MdDb) db = open_db (f);
  const char *suffixes[] = { "", "-wal" };
  MdDbCheckpointer *checkpointer = md_db_checkpointer_start (f->path, NULL);

  g_assert_nonnull (checkpointer);
  exec (db, "CREATE TABLE t (s TEXT); INSERT INTO t VALUES ('CANARY-0123456789-CANARY')");
  exec (db, "DELETE FROM t");
  md_db_checkpointer_empty_log (checkpointer);
  md_db_checkpointer_stop (checkpointer);
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *file = g_strconcat (f->path, suffixes[i], NULL);
      g_autofree char *contents = NULL;
      gsize size;

      if (g_file_get_contents (file, &contents, &size, NULL))
        g_assert_null (memmem (contents, size, secret, strlen (secret)));
    }
}

/* A copy made while others write shows one moment; what was erased before is not in it, and of a
 * damaged database there is none. */
static void
test_copy (Fixture *f, gconstpointer data)
{
  static const char secret[] = "CANARY-0123456789-CANARY";
  g_autoptr (MdDb) db = open_db (f);
  g_autofree char *copy_path = g_strconcat (f->path, "-copy", NULL);
  g_autoptr (MdDb) copy = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autofree char *contents = NULL;
  struct stat st;
  gsize size;
  gint64 n = 0;

  exec (db, "CREATE TABLE t (s TEXT); INSERT INTO t VALUES ('CANARY-0123456789-CANARY');"
            "DELETE FROM t; INSERT INTO t VALUES ('kept')");
  g_assert_true (md_db_copy (f->path, copy_path, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (stat (copy_path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0600);
  g_assert_true (g_file_get_contents (copy_path, &contents, &size, NULL));
  g_assert_null (memmem (contents, size, secret, strlen (secret)));
  exec (db, "INSERT INTO t VALUES ('later')");
  copy = md_db_open (copy_path, MD_DB_READ_WRITE, NULL);
  g_assert_true (md_db_get_int (copy, "SELECT count (*) FROM t WHERE s = 'kept'", &n, NULL));
  g_assert_cmpint (n, ==, 1);
  g_assert_true (md_db_get_int (copy, "SELECT count (*) FROM t", &n, NULL));
  g_assert_cmpint (n, ==, 1);
  g_clear_pointer (&copy, md_db_close);
  g_cancellable_cancel (cancelled);
  g_assert_false (md_db_copy (f->path, copy_path, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  remove_database (copy_path);
}

static void
test_checkpointer_shrinks_the_log (Fixture *f, gconstpointer data)
{
  g_autoptr (MdDb) db = open_db (f);
  g_autoptr (MdDbCheckpointer) checkpointer = md_db_checkpointer_start (f->path, NULL);
  g_autofree char *log = g_strconcat (f->path, "-wal", NULL);
  gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
  struct stat st;

  exec (db, "CREATE TABLE t (b BLOB); INSERT INTO t VALUES (randomblob (100000))");
  g_assert_cmpint (stat (log, &st), ==, 0);
  g_assert_cmpint (st.st_size, >, 100000);
  md_db_checkpointer_empty_log (checkpointer);
  while (stat (log, &st) == 0 && st.st_size > 0 && g_get_monotonic_time () < end)
    g_usleep (5000);
  g_assert_cmpint (st.st_size, ==, 0);
}

/* What was erased when the power went may lie in the log still: the service that starts again
 * empties it without being asked. */
static void
test_checkpointer_empties_an_old_log (Fixture *f, gconstpointer data)
{
  g_autoptr (MdDb) db = open_db (f);
  g_autoptr (MdDbCheckpointer) checkpointer = NULL;
  g_autofree char *log = g_strconcat (f->path, "-wal", NULL);
  gint64 end = g_get_monotonic_time () + 90 * G_USEC_PER_SEC;
  struct stat st;

  exec (db, "CREATE TABLE t (b BLOB); INSERT INTO t VALUES (randomblob (100000)); DELETE FROM t");
  g_assert_cmpint (stat (log, &st), ==, 0);
  g_assert_cmpint (st.st_size, >, 100000);
  checkpointer = md_db_checkpointer_start (f->path, NULL);
  while (stat (log, &st) == 0 && st.st_size > 0 && g_get_monotonic_time () < end)
    g_usleep (5000);
  g_assert_cmpint (st.st_size, ==, 0);
}

/* Somebody reads all pages for minutes: writers do not wait for the log to be emptied meanwhile,
 * and it is emptied afterwards. */
static void
test_checkpointer_stops_no_writer (Fixture *f, gconstpointer data)
{
  g_autoptr (MdDb) db = open_db (f);
  g_autoptr (MdDb) reader = open_db (f);
  g_autoptr (MdDbCheckpointer) checkpointer = NULL;
  g_autofree char *log = g_strconcat (f->path, "-wal", NULL);
  gint64 end = g_get_monotonic_time () + 90 * G_USEC_PER_SEC;
  guint refused = 0;
  struct stat st;

  exec (db, "PRAGMA busy_timeout=0; CREATE TABLE t (i INTEGER)");
  exec (reader, "BEGIN");
  g_assert_cmpint (get_int (reader, "SELECT count(*) FROM t"), ==, 0);
  exec (db, "INSERT INTO t VALUES (0)");
  checkpointer = md_db_checkpointer_start (f->path, NULL);
  for (int i = 0; i < 300; i++)
    {
      if (i == 100)
        md_db_checkpointer_empty_log (checkpointer);
      refused += md_db_exec (db, "INSERT INTO t VALUES (1)", NULL) ? 0 : 1;
      g_usleep (10000);
    }
  g_assert_cmpuint (refused, ==, 0);
  exec (reader, "COMMIT");
  while (stat (log, &st) == 0 && st.st_size > 0 && g_get_monotonic_time () < end)
    g_usleep (5000);
  g_assert_cmpint (st.st_size, ==, 0);
  g_assert_cmpint (get_int (db, "SELECT count(*) FROM t"), ==, 301);
}

/* A path is a path, whatever its characters mean in an address. */
static void
test_any_name (Fixture *f, gconstpointer data)
{
  static const char *const names[]
      = { "a b.db", "a?psow=1&mode=memory.db", "a%41#b.db", "窓口.db" };
  g_autofree char *before = g_get_current_dir ();

  g_assert_cmpint (g_chdir (f->dir), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (f->dir, names[i], NULL);
      MdDb *db = md_db_open (path, MD_DB_READ_WRITE, NULL);

      g_assert_nonnull (db);
      exec (db, "CREATE TABLE t (i INTEGER)");
      md_db_close (db);
      db = md_db_open (names[i], MD_DB_READ_ONLY, NULL); /* the same, seen from its folder */
      g_assert_nonnull (db);
      g_assert_cmpint (get_int (db, "SELECT count(*) FROM t"), ==, 0);
      md_db_close (db);
      g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
      remove_database (path);
    }
  g_assert_cmpint (g_chdir (before), ==, 0);
}

/* Another process that opens and leaves must not take the log away, however many connections this
 * one has opened since. */
static void
test_second_connection_keeps_the_locks (Fixture *f, gconstpointer data)
{
  g_autoptr (MdDb) first = open_db (f);
  g_autoptr (MdDb) second = NULL;
  g_autofree char *log = g_strconcat (f->path, "-wal", NULL);
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  const char *const argv[] = { self, "--visit", f->path, NULL };
  g_autoptr (GError) error = NULL;
  int status = -1;

  exec (first, "CREATE TABLE t (a INTEGER) STRICT; INSERT INTO t VALUES (1)");
  second = open_db (f);
  exec (second, "INSERT INTO t VALUES (2)");
  g_spawn_sync (NULL, (char **)(gsize)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  g_assert_true (g_file_test (log, G_FILE_TEST_EXISTS));
  exec (first, "INSERT INTO t VALUES (4)");
  g_assert_cmpint (get_int (second, "SELECT count(*) FROM t"), ==, 4);
  g_assert_true (md_db_check_integrity (first, NULL));
}

/* The other process: any program that uses SQLite as it comes, which tidies up when it leaves last.
 */
static int
visit (const char *path)
{
  sqlite3 *db = NULL;
  int code = sqlite3_open (path, &db);

  if (code == SQLITE_OK)
    code = sqlite3_exec (db, "INSERT INTO t VALUES (3)", NULL, NULL, NULL);
  sqlite3_close (db);
  return code;
}

#define ADD(name, function)                                                                        \
  g_test_add ("/db/connection/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  if (argc == 3 && strcmp (argv[1], "--visit") == 0)
    return visit (argv[2]);
  g_test_init (&argc, &argv, NULL);
  ADD ("settings", test_settings);
  ADD ("values", test_values);
  ADD ("statement-for-one", test_statement_for_one);
  ADD ("rolls-back", test_rolls_back);
  ADD ("light-commit-ends-durable", test_light_commit_ends_durable);
  ADD ("disk-full", test_disk_full);
  ADD ("not-a-database", test_not_a_database);
  ADD ("damaged-page", test_damaged_page);
  ADD ("read-only", test_read_only);
  ADD ("missing", test_missing);
  ADD ("migrates-forward", test_migrates_forward);
  ADD ("refuses-newer", test_refuses_newer);
  ADD ("half-a-migration-is-none", test_half_a_migration_is_none);
  ADD ("erased-leaves-no-trace", test_erased_leaves_no_trace);
  ADD ("copy", test_copy);
  ADD ("checkpointer-shrinks-the-log", test_checkpointer_shrinks_the_log);
  ADD ("checkpointer-empties-an-old-log", test_checkpointer_empties_an_old_log);
  ADD ("checkpointer-stops-no-writer", test_checkpointer_stops_no_writer);
  ADD ("any-name", test_any_name);
  ADD ("second-connection-keeps-the-locks", test_second_connection_keeps_the_locks);
  return g_test_run ();
}
