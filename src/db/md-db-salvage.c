// SPDX-License-Identifier: Apache-2.0
#include <sqlite3.h>
#include <string.h>

#include "md-db-private.h"
#include "md-db-salvage.h"

/* What lies between two damaged ends is asked for by its number, but not for ever. */
#define MOST_PROBES 1000000

/* No table has ever numbered so many rows: a sequence that says so is damaged. */
#define HIGHEST_GIVEN (G_GINT64_CONSTANT (1) << 40)

typedef struct
{
  MdDb *from, *to;
  gboolean whole;
  gboolean again;  /* what is read may be there already */
  gboolean failed; /* to write */
  GError **error;
} Salvage;

static void
fail (Salvage *self, MdDb *db, int code)
{
  if (!self->failed)
    _md_db_sqlite_set_error (db, code, self->error);
  self->failed = TRUE;
}

static sqlite3_stmt *
prepare (Salvage *self, MdDb *db, const char *sql)
{
  sqlite3_stmt *statement = NULL;
  const int code = sqlite3_prepare_v2 (db->handle, sql, -1, &statement, NULL);

  if (code != SQLITE_OK)
    fail (self, db, code);
  return statement;
}

/* The row, but for its first column. One that is not as its table wants it is damaged, too: it is
 * left out, and the others go on. */
static void
insert (Salvage *self, sqlite3_stmt *target, sqlite3_stmt *row)
{
  const int columns = sqlite3_column_count (row);
  const int before = sqlite3_total_changes (self->to->handle);
  int code = SQLITE_OK;

  for (int i = 1; i < columns && code == SQLITE_OK; i++)
    code = sqlite3_bind_value (target, i, sqlite3_column_value (row, i));
  if (code == SQLITE_OK)
    code = sqlite3_step (target);
  if (code != SQLITE_DONE && (code & 0xff) != SQLITE_CONSTRAINT)
    fail (self, self->to, code);
  else if (!self->again && sqlite3_total_changes (self->to->handle) == before)
    self->whole = FALSE;
  sqlite3_reset (target);
}

/* Reads until the end, an error, or (of a table with rowid) the number STOP. *OUT_LAST: the number
 * of the last row that was there. Whether it came to the end. */
static gboolean
copy_run (Salvage *self, const char *select, sqlite3_stmt *target, gint64 stop, gint64 *out_last)
{
  sqlite3_stmt *rows = prepare (self, self->from, select);
  int code = SQLITE_ERROR;

  while (!self->failed && (code = sqlite3_step (rows)) == SQLITE_ROW)
    {
      const gint64 number = sqlite3_column_int64 (rows, 0);

      if (stop != G_MAXINT64 && number <= stop)
        break;
      insert (self, target, rows);
      *out_last = number;
    }
  sqlite3_finalize (rows);
  return code == SQLITE_DONE || code == SQLITE_ROW;
}

static void
probe (Salvage *self, const char *table, sqlite3_stmt *target, gint64 first, gint64 behind)
{
  g_autofree char *sql = g_strdup_printf ("SELECT rowid, * FROM \"%s\" WHERE rowid = ?1", table);
  sqlite3_stmt *one = prepare (self, self->from, sql);

  for (gint64 i = first; !self->failed && i < behind && i - first < MOST_PROBES; i++)
    {
      sqlite3_bind_int64 (one, 1, i);
      if (sqlite3_step (one) == SQLITE_ROW)
        insert (self, target, one);
      sqlite3_reset (one);
    }
  sqlite3_finalize (one);
}

static void
copy_numbered (Salvage *self, const char *table, sqlite3_stmt *target)
{
  g_autofree char *up = g_strdup_printf ("SELECT rowid, * FROM \"%s\" ORDER BY rowid", table);
  g_autofree char *down = g_strconcat (up, " DESC", NULL);
  gint64 low = 0, high = G_MAXINT64;

  if (copy_run (self, up, target, G_MAXINT64, &low))
    return;
  self->whole = FALSE;
  if (!copy_run (self, down, target, low, &high) && high != G_MAXINT64)
    probe (self, table, target, low + 1, high);
  else if (high == G_MAXINT64)
    probe (self, table, target, low + 1, low + MOST_PROBES);
}

/* From the other end by its key, backwards; what was there already is passed over. */
static void
copy_keyed (Salvage *self, const char *table, sqlite3_stmt *target)
{
  g_autofree char *up = g_strdup_printf ("SELECT 0, * FROM \"%s\"", table);
  sqlite3_stmt *key = NULL;
  gint64 ignored = 0;

  if (copy_run (self, up, target, G_MAXINT64, &ignored))
    return;
  self->whole = FALSE;
  key = prepare (self, self->from,
                 "SELECT group_concat (name || ' DESC') FROM (SELECT name FROM"
                 " pragma_table_info (?1) WHERE pk > 0 ORDER BY pk)");
  sqlite3_bind_text (key, 1, table, -1, SQLITE_TRANSIENT);
  if (key != NULL && sqlite3_step (key) == SQLITE_ROW)
    {
      const void *order = sqlite3_column_text (key, 0);
      g_autofree char *down
          = g_strdup_printf ("%s ORDER BY %s", up, order != NULL ? (const char *)order : "1");

      self->again = TRUE;
      (void)copy_run (self, down, target, G_MAXINT64, &ignored);
      self->again = FALSE;
    }
  sqlite3_finalize (key);
}

static sqlite3_stmt *
prepare_insert (Salvage *self, const char *table)
{
  sqlite3_stmt *counted = prepare (self, self->to, "SELECT count (*) FROM pragma_table_info (?1)");
  g_autoptr (GString) sql = g_string_new (NULL);
  int columns = 0;

  sqlite3_bind_text (counted, 1, table, -1, SQLITE_TRANSIENT);
  if (counted != NULL && sqlite3_step (counted) == SQLITE_ROW)
    columns = sqlite3_column_int (counted, 0);
  sqlite3_finalize (counted);
  g_string_printf (sql, "INSERT OR IGNORE INTO \"%s\" VALUES (?1", table);
  for (int i = 2; i <= columns; i++)
    g_string_append_printf (sql, ", ?%d", i);
  g_string_append_c (sql, ')');
  return prepare (self, self->to, sql->str);
}

static void
copy_table (Salvage *self, const char *table, const char *definition)
{
  sqlite3_stmt *target = prepare_insert (self, table);

  if (target != NULL && definition != NULL && strstr (definition, "WITHOUT ROWID") != NULL)
    copy_keyed (self, table, target);
  else if (target != NULL)
    copy_numbered (self, table, target);
  sqlite3_finalize (target);
}

static void
look_up (Salvage *self, const MdDbLookup *lookup)
{
  g_autofree char *sql
      = g_strdup_printf ("SELECT 0, * FROM \"%s\" WHERE \"%s\" = ?1", lookup->table, lookup->key);
  sqlite3_stmt *wanted = prepare (self, self->to, lookup->sql);
  sqlite3_stmt *one = prepare (self, self->from, sql);
  sqlite3_stmt *target = prepare_insert (self, lookup->table);

  self->again = TRUE;
  while (!self->failed && sqlite3_step (wanted) == SQLITE_ROW)
    {
      sqlite3_bind_value (one, 1, sqlite3_column_value (wanted, 0));
      if (sqlite3_step (one) == SQLITE_ROW)
        insert (self, target, one);
      sqlite3_reset (one);
    }
  self->again = FALSE;
  sqlite3_finalize (wanted);
  sqlite3_finalize (one);
  sqlite3_finalize (target);
}

/* A name as ours are: it is written into statements. */
static gboolean
is_plain (const char *name)
{
  for (const char *p = name; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '_')
      return FALSE;
  return TRUE;
}

/* Each thing of TYPE that the damaged database names is made; tables are filled at once, where
 * neither index nor trigger is in the way yet. */
static void
make_all (Salvage *self, const char *type)
{
  sqlite3_stmt *rows
      = prepare (self, self->from,
                 "SELECT name, sql FROM sqlite_schema WHERE type = ?1 AND sql IS NOT NULL"
                 " AND name NOT LIKE 'sqlite_%'");
  int code = SQLITE_DONE;

  sqlite3_bind_text (rows, 1, type, -1, SQLITE_TRANSIENT);
  while (!self->failed && (code = sqlite3_step (rows)) == SQLITE_ROW)
    {
      const void *name = sqlite3_column_text (rows, 0);
      const void *definition = sqlite3_column_text (rows, 1);

      if (!is_plain (name))
        self->whole = FALSE;
      else if (!md_db_exec (self->to, definition, self->error))
        self->failed = TRUE;
      else if (g_str_equal (type, "table"))
        copy_table (self, name, definition);
    }
  if (!self->failed && code != SQLITE_DONE)
    fail (self, self->from, code);
  sqlite3_finalize (rows);
}

/* A table that numbers its rows goes on after NUMBER at the earliest. */
static void
keep_sequence (Salvage *self, const char *table, gint64 number)
{
  static const char *const sql[]
      = { "UPDATE sqlite_sequence SET seq = max (seq, ?2) WHERE name = ?1",
          "INSERT INTO sqlite_sequence SELECT ?1, ?2"
          " WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?1)" };

  for (gsize i = 0; !self->failed && i < G_N_ELEMENTS (sql); i++)
    {
      sqlite3_stmt *change = prepare (self, self->to, sql[i]);

      sqlite3_bind_text (change, 1, table, -1, SQLITE_TRANSIENT);
      sqlite3_bind_int64 (change, 2, number);
      if (change != NULL && sqlite3_step (change) != SQLITE_DONE)
        fail (self, self->to, SQLITE_ERROR);
      sqlite3_finalize (change);
    }
}

static gint64
read_highest (Salvage *self, const char *table)
{
  g_autofree char *sql = g_strdup_printf ("SELECT coalesce (max (rowid), 0) FROM \"%s\"", table);
  gint64 highest = 0;

  return md_db_get_int (self->to, sql, &highest, NULL) ? highest : 0;
}

/* The numbers that were given are not given again. Of whichever table that is not known any more,
 * one number is left out, so that nobody takes what is left for all there ever was. */
static void
keep_sequences (Salvage *self)
{
  sqlite3_stmt *rows = prepare (self, self->to,
                                "SELECT name FROM sqlite_schema WHERE type = 'table'"
                                " AND sql LIKE '%AUTOINCREMENT%'");

  while (!self->failed && sqlite3_step (rows) == SQLITE_ROW)
    {
      const char *table = (const void *)sqlite3_column_text (rows, 0);
      sqlite3_stmt *given = NULL;
      int code = sqlite3_prepare_v2 (
          self->from->handle, "SELECT seq FROM sqlite_sequence WHERE name = ?1", -1, &given, NULL);
      gint64 number = -1;

      sqlite3_bind_text (given, 1, table, -1, SQLITE_TRANSIENT);
      if (code == SQLITE_OK && (code = sqlite3_step (given)) == SQLITE_ROW)
        number = sqlite3_column_int64 (given, 0);
      else if (code == SQLITE_DONE && read_highest (self, table) == 0)
        number = 0;
      if (number < read_highest (self, table) || number > HIGHEST_GIVEN)
        number = read_highest (self, table) + 1;
      if (number > 0)
        keep_sequence (self, table, number);
      sqlite3_finalize (given);
    }
  sqlite3_finalize (rows);
}

static gboolean
salvage (Salvage *self, const MdDbLookup *lookups)
{
  g_autoptr (MdDbTransaction) transaction = NULL;

  if (!md_db_exec (self->to, "PRAGMA foreign_keys=OFF", self->error))
    return FALSE;
  transaction = md_db_begin (self->to, self->error);
  if (transaction == NULL)
    return FALSE;
  make_all (self, "table");
  for (gsize i = 0; !self->failed && lookups[i].table != NULL; i++)
    look_up (self, &lookups[i]);
  keep_sequences (self);
  make_all (self, "index");
  make_all (self, "trigger");
  return !self->failed && md_db_commit (g_steal_pointer (&transaction), self->error)
         && md_db_exec (self->to, "PRAGMA foreign_keys=ON", self->error);
}

gboolean
md_db_salvage (const char *from, const char *to, const MdDbLookup *lookups, gboolean *out_whole,
               GError **error)
{
  g_autoptr (MdDb) source = md_db_open (from, MD_DB_READ_ONLY, error);
  g_autoptr (MdDb) target = NULL;
  g_autoptr (GError) local = NULL;
  Salvage self = { .from = source, .whole = TRUE, .error = &local };
  gboolean done = FALSE;

  if (source == NULL)
    return FALSE;
  target = md_db_open (to, MD_DB_READ_WRITE, error);
  if (target == NULL)
    return FALSE;
  self.to = target;
  done = salvage (&self, lookups);
  *out_whole = self.whole;
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return done;
}
