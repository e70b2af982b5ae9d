// SPDX-License-Identifier: Apache-2.0
#include <glib/gi18n.h>

#include "md-db-migrate.h"
#include "md-db-private.h"

static gboolean
read_version (MdDb *db, const char *component, guint *out_version, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (db, "SELECT version FROM schema_version WHERE component = ?1", error);
  MdDbStep step;

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 1, component);
  step = md_db_step (statement, error);
  if (step == MD_DB_STEP_ERROR)
    return FALSE;
  *out_version = step == MD_DB_STEP_ROW ? (guint)md_db_column_int (statement, 0) : 0;
  return TRUE;
}

static gboolean
write_version (MdDb *db, const char *component, guint version, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (db,
                       "INSERT INTO schema_version (component, version) VALUES (?1, ?2)"
                       " ON CONFLICT (component) DO UPDATE SET version = excluded.version",
                       error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 1, component);
  md_db_bind_int (statement, 2, version);
  return md_db_run (statement, error);
}

static gboolean
take_step (MdDb *db, const MdDbMigration *step, GError **error)
{
  const char *sql = db->engine->dialect == MD_DB_POSTGRESQL ? step->postgresql : step->sql;

  if (sql != NULL)
    return md_db_exec (db, sql, error);
  g_set_error_literal (error, MD_DB_ERROR, MD_DB_ERROR_FAILED, "not made for this database");
  return FALSE;
}

gboolean
md_db_schema_version (MdDb *db, const char *component, guint *out_version, GError **error)
{
  gint64 exists;

  if (!md_db_get_int (db, db->engine->has_foundation, &exists, error))
    return FALSE;
  *out_version = 0;
  return exists == 0 || read_version (db, component, out_version, error);
}

static gboolean
is_known (MdDb *db, const char *component, guint version, guint n_steps, GError **error)
{
  if (version <= n_steps)
    return TRUE;
  g_set_error (error, MD_DB_ERROR, MD_DB_ERROR_NEWER,
               _ ("The database was written by a newer release (%s: part %s has version %u, this "
                  "program knows %u). Install that release again."),
               md_db_get_path (db), component, version, n_steps);
  return FALSE;
}

gboolean
md_db_migrate (MdDb *db, const char *component, const MdDbMigration *steps, guint n_steps,
               GError **error)
{
  g_autoptr (MdDbTransaction) transaction = NULL;
  guint version;

  if (!md_db_schema_version (db, component, &version, error)
      || !is_known (db, component, version, n_steps, error))
    return FALSE;
  if (version == n_steps)
    return TRUE;

  /* Another program may have been quicker. */
  transaction = md_db_begin (db, error);
  if (transaction == NULL || !md_db_exec (db, db->engine->foundation, error)
      || !read_version (db, component, &version, error)
      || !is_known (db, component, version, n_steps, error))
    return FALSE;
  if (version == n_steps)
    return TRUE;
  for (guint i = version; i < n_steps; i++)
    if (!take_step (db, &steps[i], error))
      {
        g_prefix_error (error, "%s %u (%s): ", component, i + 1, steps[i].what);
        return FALSE;
      }
  return write_version (db, component, n_steps, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}
