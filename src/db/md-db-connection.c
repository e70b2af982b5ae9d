// SPDX-License-Identifier: Apache-2.0
#include "md-db-private.h"

/* NULL in a program without it. */
static const MdDbEngine *postgresql;

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

void
_md_db_offer_postgresql (const MdDbEngine *engine)
{
  postgresql = engine;
}

MdDb *
md_db_open (const char *path, MdDbMode mode, GError **error)
{
  g_autoptr (MdDb) db = g_new0 (MdDb, 1);

  db->engine = &_md_db_sqlite;
  if (postgresql != NULL && g_str_has_prefix (path, "postgresql:"))
    db->engine = postgresql;
  db->path = g_strdup (path);
  db->cache = g_hash_table_new (g_direct_hash, g_direct_equal);
  return db->engine->open (db, mode, error) ? g_steal_pointer (&db) : NULL;
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
    db->engine->finalize (statement);
  g_hash_table_unref (db->cache);
  db->engine->close (db);
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
  return db->engine->exec (db, sql, error);
}

/* --- Transactions --- */

static void
roll_back (MdDb *db)
{
  db->engine->roll_back (db);
  db->in_transaction = FALSE;
}

static void
end_transaction (MdDbTransaction *transaction)
{
  if (transaction->light)
    transaction->db->engine->end_light (transaction->db);
  g_free (transaction);
}

static MdDbTransaction *
begin (MdDb *db, gboolean light, GError **error)
{
  MdDbTransaction *transaction;

  g_assert (!db->in_transaction);
  if (!db->engine->begin (db, light, error))
    return NULL;
  transaction = g_new0 (MdDbTransaction, 1);
  transaction->db = db;
  transaction->light = light;
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
  gboolean committed = db->engine->commit (db, error);

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

/* --- The rest --- */

gint64
md_db_changes (MdDb *db)
{
  return db->engine->changes (db);
}

gint64
md_db_last_id (MdDb *db)
{
  return db->engine->last_id (db);
}

gboolean
md_db_get_highest_given (MdDb *db, const char *table, guint64 *out_highest, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare_for (db, db->engine->highest_given, table, error);

  if (statement == NULL || md_db_step (statement, error) != MD_DB_STEP_ROW)
    return FALSE;
  *out_highest = (guint64)md_db_column_int (statement, 0);
  return TRUE;
}

gboolean
md_db_check_integrity (MdDb *db, GError **error)
{
  return db->engine->check_integrity (db, error);
}

void
md_db_interrupt (MdDb *db)
{
  if (db->engine->interrupt != NULL)
    db->engine->interrupt (db);
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
