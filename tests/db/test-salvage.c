// SPDX-License-Identifier: Apache-2.0
/* What is saved of a damaged database. */
#include <string.h>
#include <glib/gstdio.h>

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
  static const char *const suffixes[] = { "", "-wal", "-shm" };

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

  g_assert_true (md_db_exec (db, sql, &error));
  g_assert_no_error (error);
}

/* What a table without rowid holds, and a numbered one whose rows are as long as pages are. */
#define SALVAGE_ROWS 300
static const MdDbLookup lookups[] = { { "k", "id", "SELECT id FROM n" }, { NULL, NULL, NULL } };

static gboolean
make_pages (MdDb *db, GError **error)
{
  return md_db_exec (db,
                     "CREATE TABLE n (i INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT, b BLOB) STRICT;"
                     "CREATE TABLE k (id TEXT PRIMARY KEY, s TEXT) WITHOUT ROWID;"
                     "CREATE INDEX ni ON n (id);"
                     "CREATE TRIGGER nt BEFORE DELETE ON n"
                     " BEGIN SELECT RAISE (ABORT, 'never'); END",
                     error);
}

/* One after the other, each page is damaged: what the others hold is saved, each row as it was. */
static void
test_pages (Fixture *f, gconstpointer data)
{
  g_autofree char *to = g_strconcat (f->path, "-saved", NULL);
  const MdDbSalvage how = { .make = make_pages, .lookups = lookups };
  g_autofree char *contents = NULL;
  gsize size;
  guint whole = 0, pages = 0;
  MdDb *db = open_db (f);

  g_assert_true (make_pages (db, NULL));
  exec (db, "WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 300)"
            " INSERT INTO n SELECT i, printf ('id-%04d', i), zeroblob (600) FROM c;"
            "INSERT INTO k SELECT id, hex (zeroblob (100)) FROM n;"
            "PRAGMA wal_checkpoint (TRUNCATE)");
  md_db_close (db);
  g_assert_true (g_file_get_contents (f->path, &contents, &size, NULL));
  for (gsize at = 4096; at < size; at += 4096)
    {
      g_autofree char *damaged = g_memdup2 (contents, size);
      g_autoptr (MdDb) saved = NULL;
      g_autoptr (GError) error = NULL;
      gboolean all = FALSE;
      gint64 n = 0, k = 0, triggers = 0, given = 0;

      memset (damaged + at, 0xA5, 4096);
      g_assert_true (g_file_set_contents (f->path, damaged, (gssize)size, NULL));
      g_assert_true (md_db_salvage (f->path, to, &how, &all, &error));
      g_assert_no_error (error);
      saved = md_db_open (to, MD_DB_READ_WRITE, NULL);
      g_assert_true (md_db_check_integrity (saved, NULL));
      g_assert_true (md_db_get_int (saved,
                                    "SELECT count (*) FROM n WHERE length (b) = 600"
                                    " AND id = printf ('id-%04d', i)",
                                    &n, NULL));
      g_assert_true (
          md_db_get_int (saved, "SELECT count (*) FROM k WHERE length (s) = 200", &k, NULL));
      g_assert_true (md_db_get_int (saved,
                                    "SELECT count (*) FROM sqlite_schema WHERE type IN"
                                    " ('trigger', 'index') AND name IN ('nt', 'ni')",
                                    &triggers, NULL));
      g_assert_cmpint (triggers, ==, 2);
      /* No number is given again, whichever page that is known from. */
      g_assert_true (md_db_get_int (saved, "SELECT seq FROM sqlite_sequence", &given, NULL));
      g_assert_cmpint (given, >=, SALVAGE_ROWS);
      g_assert_cmpint (given, <=, SALVAGE_ROWS + 1);
      if (all)
        {
          whole++;
          g_assert_cmpint (n + k, ==, 2 * SALVAGE_ROWS);
        }
      pages++;
      /* The root of the one that could be an index, too, takes all of that one. */
      g_assert_cmpint (n, >=, SALVAGE_ROWS - 6);
      if (k > 0)
        g_assert_cmpint (n + k, >=, 2 * SALVAGE_ROWS - 25);
      g_clear_pointer (&saved, md_db_close);
      remove_database (to);
    }
  g_assert_cmpuint (whole, >, 0); /* pages of the index */
  g_assert_cmpuint (whole, <, pages);
}

/* The last row before a page that cannot be read has a number that is none: what is behind that
 * page is saved from the other end all the same. */
static void
test_wild (Fixture *f, gconstpointer data)
{
  static const MdDbLookup none[] = { { NULL, NULL, NULL } };
  static const guint8 wild[9] = { 0xBF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };
  const MdDbSalvage how = { .make = make_pages, .lookups = none };
  g_autofree char *to = g_strconcat (f->path, "-saved", NULL);
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (MdDb) saved = NULL;
  char *last = NULL;
  gboolean all = TRUE;
  gint64 n = 0, given = 0;
  gsize size;
  MdDb *db = open_db (f);

  g_assert_true (make_pages (db, NULL));
  exec (db, "WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 300)"
            " INSERT INTO n SELECT i, printf ('id-%04d', i), zeroblob (600) FROM c;"
            "DROP INDEX ni; PRAGMA wal_checkpoint (TRUNCATE)");
  md_db_close (db);
  g_assert_true (g_file_get_contents (f->path, &contents, &size, NULL));
  for (guint i = 150; last == NULL; i++)
    {
      g_autofree char *here = g_strdup_printf ("id-%04u", i);
      g_autofree char *next = g_strdup_printf ("id-%04u", i + 1);
      char *a = memmem (contents, size, here, 7), *b = memmem (contents, size, next, 7);

      if ((a - contents) / 4096 == (b - contents) / 4096)
        continue;
      last = a;
      memset (contents + (b - contents) / 4096 * 4096, 0xA5, 4096);
    }
  /* Before it: the length of the row, its number, and what kind its columns are of. */
  memcpy (last - 7, wild, sizeof wild);
  g_assert_true (g_file_set_contents (f->path, contents, (gssize)size, NULL));
  g_assert_true (md_db_salvage (f->path, to, &how, &all, &error));
  g_assert_no_error (error);
  g_assert_false (all);
  saved = md_db_open (to, MD_DB_READ_WRITE, NULL);
  g_assert_true (md_db_get_int (saved, "SELECT count (*) FROM n WHERE length (b) = 600", &n, NULL));
  g_assert_cmpint (n, >=, SALVAGE_ROWS - 8);
  g_assert_true (md_db_get_int (saved, "SELECT seq FROM sqlite_sequence", &given, NULL));
  g_assert_cmpint (given, ==, SALVAGE_ROWS);
  g_clear_pointer (&saved, md_db_close);
  remove_database (to);
}

static gboolean
make_row (MdDb *db, GError **error)
{
  return md_db_exec (db,
                     "CREATE TABLE s (i INTEGER PRIMARY KEY, state TEXT NOT NULL"
                     " CHECK (state IN ('waiting', 'delivered'))) STRICT",
                     error);
}

/* One row is not as its table wants it: it is left out, that is told, and the others are there. */
static void
test_row (Fixture *f, gconstpointer data)
{
  static const char *const spoils[] = {
    "UPDATE s SET state = 'waitinf' WHERE i = 7",
    "UPDATE s SET state = x'77616974696e67' WHERE i = 7",
    "UPDATE s SET state = NULL WHERE i = 7",
  };
  static const MdDbLookup none[] = { { NULL, NULL, NULL } };
  const MdDbSalvage how = { .make = make_row, .lookups = none };
  g_autofree char *to = g_strconcat (f->path, "-saved", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (spoils); i++)
    {
      g_autoptr (MdDb) saved = NULL;
      g_autoptr (GError) error = NULL;
      gboolean all = TRUE;
      gint64 rows = 0;
      MdDb *db = open_db (f);

      exec (db, "CREATE TABLE s (i INTEGER PRIMARY KEY, state);"
                "INSERT INTO s VALUES (6, 'waiting'), (7, 'waiting'), (8, 'delivered')");
      exec (db, spoils[i]);
      md_db_close (db);
      g_assert_true (md_db_salvage (f->path, to, &how, &all, &error));
      g_assert_no_error (error);
      g_assert_false (all);
      saved = md_db_open (to, MD_DB_READ_WRITE, NULL);
      g_assert_true (
          md_db_get_int (saved, "SELECT count (*) FROM s WHERE i IN (6, 8)", &rows, NULL));
      g_assert_cmpint (rows, ==, 2);
      g_assert_true (md_db_get_int (saved, "SELECT count (*) FROM s", &rows, NULL));
      g_assert_cmpint (rows, ==, 2);
      g_clear_pointer (&saved, md_db_close);
      remove_database (to);
      remove_database (f->path);
    }
}

/* Whatever stands in its pages, what comes of it is a sound database. */
static void
test_garbage (Fixture *f, gconstpointer data)
{
  const guint rounds = g_test_thorough () ? 2000 : 6;
  const MdDbSalvage how = { .make = make_pages, .lookups = lookups };
  g_autofree char *to = g_strconcat (f->path, "-saved", NULL);
  g_autofree char *contents = NULL;
  g_autoptr (GRand) chance = g_rand_new_with_seed (22);
  gsize size;
  MdDb *db = open_db (f);

  g_assert_true (make_pages (db, NULL));
  exec (db, "WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 60)"
            " INSERT INTO n SELECT i, printf ('id-%04d', i), zeroblob (i * 200) FROM c;"
            "INSERT INTO k SELECT id, hex (zeroblob (100)) FROM n;"
            "PRAGMA wal_checkpoint (TRUNCATE)");
  md_db_close (db);
  g_assert_true (g_file_get_contents (f->path, &contents, &size, NULL));
  for (guint i = 0; i < rounds; i++)
    {
      g_autofree char *spoilt = g_memdup2 (contents, size);
      g_autoptr (MdDb) saved = NULL;
      gboolean all = FALSE;

      for (guint n = 0; n < 400; n++)
        {
          const guint32 page = (guint32)g_rand_int_range (chance, 1, (gint32)(size / 4096));
          /* Mostly where a page says what it is. */
          const gint32 at = g_rand_int_range (chance, 0, n % 2 == 0 ? 40 : 4096);

          spoilt[page * 4096 + (guint32)at] = (char)g_rand_int_range (chance, 0, 256);
        }
      g_assert_true (g_file_set_contents (f->path, spoilt, (gssize)size, NULL));
      if (md_db_salvage (f->path, to, &how, &all, NULL))
        {
          saved = md_db_open (to, MD_DB_READ_WRITE, NULL);
          g_assert_true (md_db_check_integrity (saved, NULL));
        }
      g_clear_pointer (&saved, md_db_close);
      remove_database (to);
    }
}

/* So many tables that their list is longer than a page. */
#define TABLES 60u

static gboolean
make_many (MdDb *db, GError **error)
{
  gboolean made = TRUE;

  for (guint i = 0; made && i < TABLES; i++)
    {
      g_autofree char *sql
          = g_strdup_printf ("CREATE TABLE t%02u (i INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT"
                             " 'a rather long word, so that the list has several pages') STRICT",
                             i);

      made = md_db_exec (db, sql, error);
    }
  return made;
}

static guint
count_tables (MdDb *db)
{
  guint full = 0;

  for (guint i = 0; i < TABLES; i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM t%02u WHERE a = 'x'", i);
      g_autoptr (MdDb) again = md_db_open (md_db_get_path (db), MD_DB_READ_ONLY, NULL);
      gint64 rows = 0;

      g_assert_true (md_db_get_int (again, sql, &rows, NULL));
      full += rows == 1 ? 1 : 0;
    }
  return full;
}

/* The list of tables is damaged: the program knows what it has, and what the list still has of it
 * is filled. */
static void
test_list (Fixture *f, gconstpointer data)
{
  static const MdDbLookup none[] = { { NULL, NULL, NULL } };
  const MdDbSalvage how = { .make = make_many, .lookups = none };
  g_autofree char *to = g_strconcat (f->path, "-saved", NULL);
  g_autofree char *contents = NULL;
  gsize size;
  guint damaged = 0, most = 0;
  MdDb *db = open_db (f);

  g_assert_true (make_many (db, NULL));
  for (guint i = 0; i < TABLES; i++)
    {
      g_autofree char *sql = g_strdup_printf ("INSERT INTO t%02u VALUES (1, 'x')", i);

      exec (db, sql);
    }
  exec (db, "PRAGMA wal_checkpoint (TRUNCATE)");
  md_db_close (db);
  g_assert_true (g_file_get_contents (f->path, &contents, &size, NULL));
  for (gsize at = 4096; at < size; at += 4096)
    {
      g_autofree char *spoilt = g_memdup2 (contents, size);
      g_autoptr (MdDb) saved = NULL;
      g_autoptr (GError) error = NULL;
      gboolean all = TRUE;

      if (memmem (spoilt + at, 4096, "CREATE TABLE", 12) == NULL)
        continue;
      memset (spoilt + at, 0xA5, 4096);
      g_assert_true (g_file_set_contents (f->path, spoilt, (gssize)size, NULL));
      g_assert_true (md_db_salvage (f->path, to, &how, &all, &error));
      g_assert_no_error (error);
      g_assert_false (all);
      saved = md_db_open (to, MD_DB_READ_WRITE, NULL);
      g_assert_true (md_db_check_integrity (saved, NULL));
      most = MAX (most, count_tables (saved));
      damaged++;
      g_clear_pointer (&saved, md_db_close);
      remove_database (to);
    }
  g_assert_cmpuint (damaged, >, 1);
  g_assert_cmpuint (most, >, TABLES / 2);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/db/salvage/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("pages", test_pages);
  ADD ("wild", test_wild);
  ADD ("row", test_row);
  ADD ("list", test_list);
  ADD ("garbage", test_garbage);
  return g_test_run ();
}
