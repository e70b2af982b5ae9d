// SPDX-License-Identifier: Apache-2.0
#include <sqlite3.h>
#include <string.h>
#include <glib/gstdio.h>

#include "md-db-private.h"
#include "md-db-salvage.h"
#include "md-db-scattered-private.h"

/* What lies between two damaged ends is asked for by its number, but not for ever. */
#define MOST_PROBES 20000

typedef struct
{
  const MdDbSalvage *how;
  const char *path; /* of TO */
  MdDb *from, *to;
  gboolean whole;
  gboolean again;    /* what is read may be there already */
  gboolean renumber; /* a row whose number is taken has another */
  gboolean failed;   /* to write */
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

  if (code != SQLITE_OK && db == self->to)
    fail (self, db, code);
  else if (code != SQLITE_OK)
    self->whole = FALSE;
  return statement;
}

/* The row, but for its first column, which is its number. One that is not as its table wants it is
 * damaged, too, as is one with a number that none has ever come to: it is left out, and the others
 * go on. */
static void
insert (Salvage *self, sqlite3_stmt *target, sqlite3_stmt *row)
{
  const int columns = MIN (sqlite3_column_count (row), sqlite3_bind_parameter_count (target) + 1);
  const int before = sqlite3_total_changes (self->to->handle);
  const gint64 number = sqlite3_column_int64 (row, 0);
  const gboolean wild = number < 0 || number > _MD_DB_HIGHEST_GIVEN;
  int code = wild && !self->renumber ? SQLITE_CONSTRAINT : SQLITE_OK;

  for (int i = 1; i < columns && code == SQLITE_OK; i++)
    code = sqlite3_bind_value (target, i, sqlite3_column_value (row, i));
  if (code == SQLITE_OK && !wild)
    code = sqlite3_step (target);
  sqlite3_reset (target);
  if (self->renumber && (wild || !self->again) && (code == SQLITE_OK || code == SQLITE_DONE)
      && sqlite3_total_changes (self->to->handle) == before)
    {
      sqlite3_bind_null (target, 1);
      code = sqlite3_step (target);
      sqlite3_reset (target);
    }
  if (code != SQLITE_DONE && (code & 0xff) != SQLITE_CONSTRAINT)
    fail (self, self->to, code);
  else if (!self->again && sqlite3_total_changes (self->to->handle) == before)
    self->whole = FALSE;
}

/* Where a run through a table began and ended, by the numbers of its rows. */
typedef struct
{
  gint64 first, last;
  gint64 before; /* the last but one */
} Run;

/* Reads until the end or an error. Whether it came to the end. */
static gboolean
copy_run (Salvage *self, const char *select, sqlite3_stmt *target, Run *run)
{
  sqlite3_stmt *rows = prepare (self, self->from, select);
  gboolean any = FALSE;
  int code = SQLITE_ERROR;

  while (rows != NULL && !self->failed && (code = sqlite3_step (rows)) == SQLITE_ROW)
    {
      const gint64 number = sqlite3_column_int64 (rows, 0);

      insert (self, target, rows);
      run->first = any ? run->first : number;
      run->before = any ? run->last : number;
      run->last = number;
      any = TRUE;
    }
  sqlite3_finalize (rows);
  return code == SQLITE_DONE;
}

static void
probe (Salvage *self, const char *table, sqlite3_stmt *target, gint64 first, gint64 behind)
{
  g_autofree char *sql = g_strdup_printf ("SELECT rowid, * FROM \"%s\" WHERE rowid = ?1", table);
  sqlite3_stmt *one = prepare (self, self->from, sql);

  for (gint64 i = first; one != NULL && !self->failed && i < behind && i - first < MOST_PROBES; i++)
    {
      sqlite3_bind_int64 (one, 1, i);
      if (sqlite3_step (one) == SQLITE_ROW)
        insert (self, target, one);
      sqlite3_reset (one);
    }
  sqlite3_finalize (one);
}

/* A damaged page may end with a number that is none: what is read from one end says nothing about
 * how far to go from the other, and a last number that cannot be is passed over. */
static void
copy_numbered (Salvage *self, const char *table, sqlite3_stmt *target)
{
  g_autofree char *up = g_strdup_printf ("SELECT rowid, * FROM \"%s\" ORDER BY rowid", table);
  g_autofree char *down = g_strconcat (up, " DESC", NULL);
  Run low = { 0, 0, 0 }, high = { G_MAXINT64, G_MAXINT64, G_MAXINT64 };

  if (copy_run (self, up, target, &low))
    return;
  self->whole = FALSE;
  self->again = TRUE;
  if (!copy_run (self, down, target, &high))
    {
      const gint64 from = low.last > high.first ? low.before : low.last;
      const gint64 to = high.last <= from ? high.before : high.last;

      probe (self, table, target, from + 1, to);
    }
  self->again = FALSE;
}

/* From the other end by its key, backwards; what was there already is passed over. */
static void
copy_keyed (Salvage *self, const char *table, sqlite3_stmt *target)
{
  g_autofree char *up = g_strdup_printf ("SELECT 0, * FROM \"%s\"", table);
  sqlite3_stmt *key = NULL;
  Run ignored = { 0, 0, 0 };

  if (copy_run (self, up, target, &ignored))
    return;
  self->whole = FALSE;
  key = prepare (self, self->to,
                 "SELECT group_concat (name || ' DESC') FROM (SELECT name FROM"
                 " pragma_table_info (?1) WHERE pk > 0 ORDER BY pk)");
  sqlite3_bind_text (key, 1, table, -1, SQLITE_TRANSIENT);
  if (key != NULL && sqlite3_step (key) == SQLITE_ROW)
    {
      const void *order = sqlite3_column_text (key, 0);
      g_autofree char *down
          = g_strdup_printf ("%s ORDER BY %s", up, order != NULL ? (const char *)order : "1");

      self->again = TRUE;
      (void)copy_run (self, down, target, &ignored);
      self->again = FALSE;
    }
  sqlite3_finalize (key);
}

/* The names of the columns of TABLE, in their order; NULL where there is no such table. */
static char *
dup_columns (Salvage *self, MdDb *db, const char *table)
{
  sqlite3_stmt *names = prepare (
      self, db, "SELECT group_concat ('\"' || name || '\"') FROM pragma_table_info (?1)");
  char *columns = NULL;

  sqlite3_bind_text (names, 1, table, -1, SQLITE_TRANSIENT);
  if (names != NULL && sqlite3_step (names) == SQLITE_ROW)
    columns = g_strdup ((const void *)sqlite3_column_text (names, 0));
  sqlite3_finalize (names);
  return columns;
}

/* Columns are only ever added: a row of before has the first of those of now. */
static sqlite3_stmt *
prepare_insert (Salvage *self, const char *table)
{
  g_autofree char *there = dup_columns (self, self->from, table);
  g_autofree char *here = dup_columns (self, self->to, table);
  g_auto (GStrv) names = g_strsplit (here != NULL ? here : "", ",", -1);
  g_auto (GStrv) of = g_strsplit (there != NULL ? there : "", ",", -1);
  const guint n = MIN (g_strv_length (names), g_strv_length (of));
  g_autoptr (GString) sql = g_string_new (NULL);

  if (n == 0)
    return NULL;
  g_clear_pointer (&names[n], g_free);
  g_string_printf (sql, "INSERT OR IGNORE INTO \"%s\" (", table);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (sql, "%s%s", i > 0 ? ", " : "", names[i]);
  g_string_append (sql, ") VALUES (?1");
  for (guint i = 2; i <= n; i++)
    g_string_append_printf (sql, ", ?%u", i);
  g_string_append_c (sql, ')');
  return prepare (self, self->to, sql->str);
}

static void
copy_table (Salvage *self, const char *table, const char *definition)
{
  sqlite3_stmt *target = prepare_insert (self, table);

  self->renumber = g_strcmp0 (table, self->how->renumbered) == 0;
  if (target == NULL)
    self->whole = FALSE;
  else if (definition != NULL && strstr (definition, "WITHOUT ROWID") != NULL)
    copy_keyed (self, table, target);
  else
    copy_numbered (self, table, target);
  self->renumber = FALSE;
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
  while (one != NULL && target != NULL && !self->failed && sqlite3_step (wanted) == SQLITE_ROW)
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

/* The tables are there already, with all that belongs to them. */
static void
fill_all (Salvage *self)
{
  sqlite3_stmt *rows
      = prepare (self, self->to,
                 "SELECT name, sql FROM sqlite_schema WHERE type = 'table'"
                 " AND name NOT LIKE 'sqlite_%' AND name <> 'schema_version' ORDER BY rootpage");

  (void)sqlite3_db_config (self->to->handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  while (!self->failed && sqlite3_step (rows) == SQLITE_ROW)
    copy_table (self, (const void *)sqlite3_column_text (rows, 0),
                (const void *)sqlite3_column_text (rows, 1));
  if (!self->failed && !self->whole)
    _md_db_gather (md_db_get_path (self->from), self->to);
  (void)sqlite3_db_config (self->to->handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL);
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
      if (number < read_highest (self, table) || number > _MD_DB_HIGHEST_GIVEN)
        number = read_highest (self, table) + 1;
      if (number > 0)
        keep_sequence (self, table, number);
      sqlite3_finalize (given);
    }
  sqlite3_finalize (rows);
}

/* By today's tables, or by those of the damaged file. */
static gboolean
copy_all (Salvage *self, gboolean todays)
{
  const MdDbLookup *lookups = self->how->lookups;
  g_autoptr (MdDbTransaction) transaction = NULL;

  if (!md_db_exec (self->to, "PRAGMA foreign_keys=OFF", self->error))
    return FALSE;
  transaction = md_db_begin (self->to, self->error);
  if (transaction == NULL)
    return FALSE;
  if (todays)
    fill_all (self);
  else
    make_all (self, "table");
  for (gsize i = 0; !self->failed && lookups[i].table != NULL; i++)
    look_up (self, &lookups[i]);
  keep_sequences (self);
  if (!todays)
    {
      make_all (self, "index");
      make_all (self, "trigger");
    }
  return !self->failed && md_db_commit (g_steal_pointer (&transaction), self->error)
         && md_db_exec (self->to, "PRAGMA foreign_keys=ON", self->error);
}

/* --- Which tables --- */

static gboolean
begin_anew (Salvage *self)
{
  static const char *const suffixes[] = { "", "-wal", "-shm" };

  g_clear_pointer (&self->to, md_db_close);
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *file = g_strconcat (self->path, suffixes[i], NULL);

      g_unlink (file);
    }
  self->failed = FALSE;
  self->to = md_db_open (self->path, MD_DB_READ_WRITE, self->error);
  return self->to != NULL;
}

/* Name and columns of each table, a line for each. */
static char *
dup_layout (Salvage *self, MdDb *db)
{
  sqlite3_stmt *rows = prepare (self, db,
                                "SELECT name FROM sqlite_schema WHERE type = 'table'"
                                " AND name NOT LIKE 'sqlite_%' ORDER BY name");
  g_autoptr (GString) layout = g_string_new (NULL);
  int code = SQLITE_ERROR;

  while (rows != NULL && (code = sqlite3_step (rows)) == SQLITE_ROW)
    {
      const char *name = (const void *)sqlite3_column_text (rows, 0);
      g_autofree char *columns = dup_columns (self, db, name);

      g_string_append_printf (layout, "%s (%s)\n", name, columns != NULL ? columns : "");
    }
  sqlite3_finalize (rows);
  return code == SQLITE_DONE ? g_string_free (g_steal_pointer (&layout), FALSE) : NULL;
}

/* The file is of an earlier release: as that had it, and brought to today's. */
static gboolean
copy_earlier (Salvage *self, const char *todays)
{
  g_autofree char *layout = NULL;

  if (!begin_anew (self) || !copy_all (self, FALSE) || !self->how->make (self->to, self->error))
    return FALSE;
  layout = dup_layout (self, self->to);
  return g_strcmp0 (layout, todays) == 0;
}

/* By today's tables, too, where the damaged file no longer says what it had: what it said may be
 * what is damaged. */
static gboolean
salvage (Salvage *self)
{
  g_autofree char *todays = NULL;
  g_autofree char *there = dup_layout (self, self->from);
  g_autoptr (GError) local = NULL;
  GError **error = self->error;
  gboolean earlier;

  if (!begin_anew (self) || !self->how->make (self->to, self->error))
    return FALSE;
  todays = dup_layout (self, self->to);
  if (there == NULL || g_strcmp0 (there, todays) == 0)
    return copy_all (self, TRUE);
  self->error = &local;
  earlier = copy_earlier (self, todays);
  self->error = error;
  if (earlier)
    return TRUE;
  if (g_error_matches (local, MD_DB_ERROR, MD_DB_ERROR_NEWER))
    {
      g_propagate_error (self->error, g_steal_pointer (&local));
      return FALSE;
    }
  self->whole = FALSE;
  return begin_anew (self) && self->how->make (self->to, self->error) && copy_all (self, TRUE);
}

gboolean
md_db_salvage (const char *from, const char *to, const MdDbSalvage *how, gboolean *out_whole,
               GError **error)
{
  g_autoptr (MdDb) source = md_db_open (from, MD_DB_READ_ONLY, error);
  g_autoptr (GError) local = NULL;
  Salvage self = { .how = how, .path = to, .from = source, .whole = TRUE, .error = &local };
  gboolean done;

  /* writable_schema: what can be read of a damaged list of tables counts. */
  if (source == NULL || !md_db_exec (source, "PRAGMA writable_schema=ON", error))
    return FALSE;
  done = salvage (&self);
  *out_whole = self.whole;
  md_db_close (self.to);
  if (!done && local == NULL)
    _md_db_sqlite_set_error (source, SQLITE_CORRUPT, &local);
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return done;
}
