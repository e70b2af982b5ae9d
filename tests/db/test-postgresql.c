// SPDX-License-Identifier: Apache-2.0
#include "place.h"

#include <signal.h>

/* What md-db promises of PostgreSQL, against a real server (tests/postgresql/with-server). */

typedef struct
{
  TestPlace place;
  MdDb *db;
} Fixture;

static MdDb *
open_db (Fixture *f, MdDbMode mode)
{
  g_autoptr (GError) error = NULL;
  MdDb *db = md_db_open (f->place.where, mode, &error);

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
set_up (Fixture *f, gconstpointer data)
{
  g_assert_nonnull (g_getenv ("MADOGUCHI_POSTGRESQL"));
  test_place_make (&f->place, "");
  f->db = open_db (f, MD_DB_READ_WRITE);
  exec (f->db, "CREATE TABLE t (i BIGINT UNIQUE, s TEXT, b BYTEA, e BYTEA, n BYTEA)");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  md_db_close (f->db);
  test_place_remove (&f->place);
}

/* The server ends every connection but the one that asks for it. */
static void
hang_up (Fixture *f)
{
  g_autoptr (MdDb) other = open_db (f, MD_DB_READ_WRITE);

  g_assert_cmpint (get_int (other, "SELECT count (pg_terminate_backend (pid, 60000)) FROM"
                                   " pg_stat_activity WHERE pid <> pg_backend_pid ()"
                                   " AND backend_type = 'client backend'"),
                   >=, 1);
}

static void
test_values (Fixture *f, gconstpointer data)
{
  static const gint64 numbers[] = { 0, -1, 255, 256, -256, G_MAXINT64, G_MININT64 };
  g_autoptr (GBytes) blob = g_bytes_new_static ("a\0b\\'", 5);
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autoptr (GBytes) read = NULL, read_empty = NULL, read_null = NULL;
      g_autoptr (MdDbStatement) insert
          = md_db_prepare (f->db, "INSERT INTO t VALUES (?1, ?2, ?3, ?4, ?5)", NULL);
      g_autoptr (MdDbStatement) select = md_db_prepare (
          f->db, "SELECT i, s, b, e, n, '?1' FROM t WHERE i = ?1 AND s = ?2", NULL);

      md_db_bind_int (insert, 1, numbers[i]);
      md_db_bind_text (insert, 2, "あおぞら区");
      md_db_bind_bytes (insert, 3, blob);
      md_db_bind_bytes (insert, 4, empty);
      md_db_bind_bytes (insert, 5, NULL);
      g_assert_true (md_db_run (insert, NULL));
      g_assert_cmpint (md_db_changes (f->db), ==, 1);
      md_db_bind_int (select, 1, numbers[i]);
      md_db_bind_text (select, 2, "あおぞら区");
      g_assert_cmpint (md_db_step (select, NULL), ==, MD_DB_STEP_ROW);
      g_assert_cmpint (md_db_column_int (select, 0), ==, numbers[i]);
      g_assert_cmpstr (md_db_column_text (select, 1), ==, "あおぞら区");
      g_assert_cmpstr (md_db_column_text (select, 5), ==, "?1");
      read = md_db_column_bytes (select, 2);
      read_empty = md_db_column_bytes (select, 3);
      read_null = md_db_column_bytes (select, 4);
      g_assert_true (g_bytes_equal (read, blob));
      g_assert_cmpuint (g_bytes_get_size (read_empty), ==, 0);
      g_assert_null (read_null);
      g_assert_cmpint (md_db_step (select, NULL), ==, MD_DB_STEP_DONE);
    }
}

/* What a statement of another transaction left undone does not come in by the next commit. */
static void
test_refusals (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdDb) reader = open_db (f, MD_DB_READ_ONLY);
  MdDbTransaction *transaction = NULL;

  exec (f->db, "INSERT INTO t (i) VALUES (1)");
  g_assert_false (md_db_exec (f->db, "INSERT INTO t (i) VALUES (1)", &error));
  g_assert_error (error, MD_DB_ERROR, MD_DB_ERROR_CONSTRAINT);
  g_assert_null (strstr (error->message, "(1)")); /* values stay out of messages */
  g_clear_error (&error);
  g_assert_false (md_db_exec (reader, "INSERT INTO t (i) VALUES (2)", &error));
  g_assert_error (error, MD_DB_ERROR, MD_DB_ERROR_READ_ONLY);
  g_clear_error (&error);

  transaction = md_db_begin (f->db, NULL);
  exec (f->db, "INSERT INTO t (i) VALUES (3)");
  g_assert_false (md_db_exec (f->db, "INSERT INTO t (i) VALUES (1)", NULL));
  g_assert_false (md_db_commit (transaction, &error)); /* the server calls this a success */
  g_assert_error (error, MD_DB_ERROR, MD_DB_ERROR_FAILED);
  g_assert_cmpint (get_int (f->db, "SELECT count (*) FROM t"), ==, 1);
}

typedef struct
{
  MdDb *db;
  gint64 seen;
} Second;

static gpointer
write_second (gpointer data)
{
  Second *second = data;
  MdDbTransaction *transaction = md_db_begin (second->db, NULL);

  g_assert_nonnull (transaction);
  second->seen = get_int (second->db, "SELECT coalesce (max (i), 0) FROM t");
  g_assert_true (md_db_commit (transaction, NULL));
  return NULL;
}

/* Who begins while another writes waits, and sees then what that one wrote. */
static void
test_one_writer (Fixture *f, gconstpointer data)
{
  Second second = { .db = open_db (f, MD_DB_READ_WRITE) };
  MdDbTransaction *transaction = md_db_begin (f->db, NULL);
  GThread *thread = g_thread_new ("second", write_second, &second);
  g_autoptr (MdDb) watcher = open_db (f, MD_DB_READ_ONLY);

  while (get_int (watcher, "SELECT count (*) FROM pg_locks WHERE locktype = 'advisory'"
                           " AND NOT granted")
         == 0)
    g_usleep (1000);
  exec (f->db, "INSERT INTO t (i) VALUES (7)");
  g_assert_true (md_db_commit (transaction, NULL));
  g_thread_join (thread);
  g_assert_cmpint (second.seen, ==, 7);
  md_db_close (second.db);
}

static gpointer
migrate (gpointer data)
{
  static const MdDbMigration steps[] = { { "a table", NULL, "CREATE TABLE m (i BIGINT)" } };
  g_autoptr (MdDb) db = data;
  g_autoptr (GError) error = NULL;
  gboolean done = md_db_migrate (db, "m", steps, 1, &error);

  g_assert_no_error (error);
  g_assert_true (done);
  return NULL;
}

/* Two programs of a new release start at once: one makes the tables, the other finds them. */
static void
test_two_migrate (Fixture *f, gconstpointer data)
{
  GThread *threads[2];
  MdDbTransaction *transaction = md_db_begin (f->db, NULL);
  g_autoptr (MdDb) watcher = open_db (f, MD_DB_READ_ONLY);

  for (gsize i = 0; i < 2; i++)
    threads[i] = g_thread_new ("migrate", migrate, open_db (f, MD_DB_READ_WRITE));
  while (get_int (watcher, "SELECT count (*) FROM pg_locks WHERE locktype = 'advisory'"
                           " AND NOT granted")
         < 2)
    g_usleep (1000);
  g_assert_true (md_db_commit (transaction, NULL));
  for (gsize i = 0; i < 2; i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (get_int (watcher, "SELECT version FROM schema_version"), ==, 1);
  g_assert_cmpint (get_int (watcher, "SELECT count (*) FROM m"), ==, 0);
}

/* A connection that breaks between transactions is made again by whoever comes next; one that
 * breaks inside takes with it what was asked there, and says so until it is over. */
static void
test_lost (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  MdDbTransaction *transaction = NULL;

  hang_up (f);
  exec (f->db, "INSERT INTO t (i) VALUES (1)");
  hang_up (f);
  g_assert_cmpint (get_int (f->db, "SELECT count (*) FROM t"), ==, 1);
  hang_up (f);
  transaction = md_db_begin (f->db, NULL);
  g_assert_nonnull (transaction);
  exec (f->db, "INSERT INTO t (i) VALUES (2)");
  hang_up (f);
  g_assert_false (md_db_exec (f->db, "INSERT INTO t (i) VALUES (3)", &error));
  g_assert_error (error, MD_DB_ERROR, MD_DB_ERROR_LOST);
  g_clear_error (&error);
  g_assert_false (md_db_exec (f->db, "INSERT INTO t (i) VALUES (4)", &error));
  g_assert_error (error, MD_DB_ERROR, MD_DB_ERROR_LOST);
  g_clear_error (&error);
  g_assert_false (md_db_commit (transaction, &error));
  g_assert_error (error, MD_DB_ERROR, MD_DB_ERROR_LOST);
  g_assert_cmpint (get_int (f->db, "SELECT count (*) FROM t"), ==, 1);
  transaction = md_db_begin (f->db, NULL);
  exec (f->db, "INSERT INTO t (i) VALUES (5)");
  g_assert_true (md_db_commit (transaction, NULL));
  g_assert_cmpint (get_int (f->db, "SELECT max (i) FROM t"), ==, 5);
}

/* Sets (VALUE) or resets (NULL) NAME for the whole server and waits until a session that has said
 * nothing of it finds EXPECTED. */
static void
set_server (Fixture *f, const char *name, const char *value, const char *expected)
{
  g_autofree char *set = value != NULL ? g_strdup_printf ("ALTER SYSTEM SET %s = %s", name, value)
                                       : g_strdup_printf ("ALTER SYSTEM RESET %s", name);
  g_autofree char *asked = g_strdup_printf (
      "SELECT CASE current_setting ('%s') WHEN '%s' THEN 1 ELSE 0 END", name, expected);
  g_autoptr (MdDb) reader = open_db (f, MD_DB_READ_ONLY);

  exec (f->db, set);
  exec (f->db, "SELECT pg_reload_conf ()");
  while (get_int (reader, asked) == 0)
    g_usleep (1000);
}

#define WAITS "SELECT CASE current_setting ('synchronous_commit') WHEN 'on' THEN 1 ELSE 0 END"

/* A server that may forget what it has confirmed is not written to, also when it begins to; its
 * owner's "off" for a session is put right. */
static void
test_durable (Fixture *f, gconstpointer data)
{
  g_autofree char *lax = g_strconcat (f->place.where, "%20-csynchronous_commit%3Doff", NULL);
  g_autoptr (MdDb) db = md_db_open (lax, MD_DB_READ_WRITE, NULL);
  g_autoptr (MdDb) reader = NULL;
  g_autoptr (GError) error = NULL;
  MdDbTransaction *transaction = NULL;

  g_assert_cmpint (get_int (db, WAITS), ==, 1);
  set_server (f, "fsync", "off", "off");
  g_assert_null (md_db_open (f->place.where, MD_DB_READ_WRITE, &error));
  g_assert_error (error, MD_DB_ERROR, MD_DB_ERROR_IO);
  g_clear_error (&error);
  while (get_int (db, "SELECT CASE current_setting ('fsync') WHEN 'on' THEN 1 ELSE 0 END"))
    g_usleep (1000);
  g_assert_null (md_db_begin (db, &error));
  g_assert_error (error, MD_DB_ERROR, MD_DB_ERROR_IO);
  reader = open_db (f, MD_DB_READ_ONLY);
  set_server (f, "fsync", NULL, "on");
  while (!get_int (db, "SELECT CASE current_setting ('fsync') WHEN 'on' THEN 1 ELSE 0 END"))
    g_usleep (1000);
  transaction = md_db_begin (db, NULL);
  g_assert_nonnull (transaction);
  g_assert_true (md_db_commit (transaction, NULL));
}

/* A connection that stands does not follow the server to a weaker promise, and nobody takes a
 * stronger one away. */
static void
test_durable_after_reload (Fixture *f, gconstpointer data)
{
  g_autofree char *strict
      = g_strconcat (f->place.where, "%20-csynchronous_commit%3Dremote_apply", NULL);
  g_autoptr (MdDb) db = md_db_open (strict, MD_DB_READ_WRITE, NULL);
  MdDb *told[] = { f->db, db };

  g_assert_cmpint (get_int (f->db, WAITS), ==, 1);
  set_server (f, "synchronous_commit", "off", "off");
  /* Who has seen a later setting has been told of this one. */
  exec (f->db, "ALTER SYSTEM SET work_mem = '5MB'");
  exec (f->db, "SELECT pg_reload_conf ()");
  for (gsize i = 0; i < G_N_ELEMENTS (told); i++)
    while (get_int (told[i], "SELECT CASE current_setting ('work_mem') WHEN '5MB' THEN 1 ELSE 0"
                             " END")
           == 0)
      g_usleep (1000);
  g_assert_cmpint (get_int (f->db, WAITS), ==, 1);
  g_assert_cmpint (get_int (db, "SELECT CASE current_setting ('synchronous_commit')"
                                " WHEN 'remote_apply' THEN 1 ELSE 0 END"),
                   ==, 1);
  exec (f->db, "ALTER SYSTEM RESET work_mem");
  set_server (f, "synchronous_commit", NULL, "on");
}

static int
count_asked (const char *sql, gpointer data)
{
  ++*(guint *)data;
  return 0;
}

/* Of many that come while somebody keeps the lock one waits, and the others are told. */
static void
test_held (Fixture *f, gconstpointer data)
{
  g_autoptr (MdDb) other = open_db (f, MD_DB_READ_WRITE);
  g_autoptr (GError) error = NULL;
  MdDbTransaction *transaction = md_db_begin (other, NULL);
  guint asked = 0;

  g_assert_nonnull (transaction);
  md_db_set_fault (f->db, count_asked, &asked);
  g_assert_null (md_db_begin (f->db, &error));
  g_assert_error (error, MD_DB_ERROR, MD_DB_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_cmpuint (asked, ==, 1);
  g_assert_null (md_db_begin (f->db, &error));
  g_assert_error (error, MD_DB_ERROR, MD_DB_ERROR_BUSY);
  g_assert_cmpuint (asked, ==, 1);
  g_assert_true (md_db_commit (transaction, NULL));
  while ((transaction = md_db_begin (f->db, NULL)) == NULL)
    g_usleep (10000);
  g_assert_true (md_db_commit (transaction, NULL));
}

/* A process of the server that stands still does not keep whoever asks it for ever. */
static void
test_stopped (Fixture *f, gconstpointer data)
{
  const GPid backend = (GPid)get_int (f->db, "SELECT pg_backend_pid ()");
  g_autoptr (GError) error = NULL;
  gint64 value = 0;

  g_assert_cmpint (kill (backend, SIGSTOP), ==, 0);
  g_assert_false (md_db_get_int (f->db, "SELECT 1 + 0", &value, &error));
  g_assert_error (error, MD_DB_ERROR, MD_DB_ERROR_LOST);
  g_assert_cmpint (get_int (f->db, "SELECT pg_backend_pid ()"), !=, backend);
  g_assert_cmpint (kill (backend, SIGCONT), ==, 0);
}

/* Everybody on the server could hold the lock. */
static void
test_open_to_all (Fixture *f, gconstpointer data)
{
  exec (f->db, "GRANT CONNECT ON DATABASE madoguchi TO PUBLIC");
  g_test_expect_message ("md-db", G_LOG_LEVEL_MESSAGE, "*REVOKE CONNECT*");
  md_db_close (open_db (f, MD_DB_READ_WRITE));
  g_test_assert_expected_messages ();
  exec (f->db, "REVOKE CONNECT ON DATABASE madoguchi FROM PUBLIC");
}

/* A password in an address would stand in files and process lists. It is in no message either. */
static void
test_addresses (Fixture *f, gconstpointer data)
{
  const char *bad[] = { "postgresql://u:geheim@127.0.0.1:1/d", "postgresql://u@h/d?password=geheim",
                        "postgresql://u@h/d?sslpassword=geheim", "postgresql://u:geheim@h:x:y/%",
                        "postgresql://u@127.0.0.1:1/d" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (md_db_open (bad[i], MD_DB_READ_WRITE, &error));
      g_assert_error (error, MD_DB_ERROR, MD_DB_ERROR_CANT_OPEN);
      g_assert_null (strstr (error->message, "geheim"));
    }
}

#define ADD(name, function)                                                                        \
  g_test_add ("/db/postgresql/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("values", test_values);
  ADD ("refusals", test_refusals);
  ADD ("one-writer", test_one_writer);
  ADD ("two-migrate", test_two_migrate);
  ADD ("lost", test_lost);
  ADD ("durable", test_durable);
  ADD ("durable-after-reload", test_durable_after_reload);
  ADD ("held", test_held);
  ADD ("stopped", test_stopped);
  ADD ("open-to-all", test_open_to_all);
  ADD ("addresses", test_addresses);
  return g_test_run ();
}
