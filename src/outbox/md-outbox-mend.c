// SPDX-License-Identifier: Apache-2.0
/* What was saved of an outbox whose file was damaged. */
#include <string.h>

#include "md-outbox-rebuild-private.h"

const MdDbLookup md_outbox_lookups[]
    = { { "intake", "id", "SELECT DISTINCT intake FROM outbox" }, { NULL, NULL, NULL } };

static void
missing_free (gpointer data)
{
  MdOutboxMissing *missing = data;

  g_free (missing->intake);
  g_free (missing->receipt_number);
  g_free (missing);
}

void
md_outbox_mended_clear (MdOutboxMended *mended)
{
  g_clear_pointer (&mended->missing, g_ptr_array_unref);
}

void
_md_outbox_mended_add (MdOutboxMended *mended, const char *intake, const char *receipt_number,
                       gboolean lost)
{
  MdOutboxMissing *missing = NULL;

  for (guint i = 0; i < mended->missing->len && missing == NULL; i++)
    if (g_str_equal (((MdOutboxMissing *)mended->missing->pdata[i])->intake, intake))
      missing = mended->missing->pdata[i];
  if (missing == NULL)
    {
      missing = g_new0 (MdOutboxMissing, 1);
      missing->intake = g_strdup (intake);
      missing->lost = lost;
      g_ptr_array_add (mended->missing, missing);
      *(lost ? &mended->lost : &mended->damaged) += 1;
    }
  if (missing->receipt_number == NULL)
    missing->receipt_number = g_strdup (receipt_number);
}

/* What SQL finds: intake, receipt number. */
static gboolean
add_all (MdDb *db, MdOutboxMended *mended, const char *sql, gboolean lost, GError **error)
{
  g_autoptr (MdDbStatement) rows = md_db_prepare (db, sql, error);
  MdDbStep step = MD_DB_STEP_ERROR;

  while (rows != NULL && (step = md_db_step (rows, error)) == MD_DB_STEP_ROW)
    _md_outbox_mended_add (mended, md_db_column_text (rows, 0), md_db_column_text (rows, 1), lost);
  return step == MD_DB_STEP_DONE;
}

/* What is here is compared with its digest. Of what was delivered it is needed here as long as it
 * is here. */
static gboolean
check_bodies (MdDb *db, MdOutboxMended *mended, GError **error)
{
  g_autoptr (MdDbStatement) rows
      = md_db_prepare (db,
                       "SELECT i.id, i.receipt_number, o.digest, o.state, p.body FROM outbox o"
                       " JOIN intake i ON i.id = o.intake LEFT JOIN payload p ON p.item = o.seq"
                       " WHERE o.state <> 'delivered' OR p.item IS NOT NULL"
                       "  OR (o.n = 1 AND i.erased_ms IS NULL)",
                       error);
  MdDbStep step = MD_DB_STEP_ERROR;

  while (rows != NULL && (step = md_db_step (rows, error)) == MD_DB_STEP_ROW)
    {
      g_autoptr (GBytes) body = md_db_column_bytes (rows, 4);
      g_autofree char *digest = body != NULL ? md_audit_digest (body) : NULL;

      if (g_strcmp0 (digest, md_db_column_text (rows, 2)) != 0)
        _md_outbox_mended_add (mended, md_db_column_text (rows, 0), md_db_column_text (rows, 1),
                               FALSE);
      else if (g_strcmp0 (md_db_column_text (rows, 3), "delivered") != 0)
        mended->sound++;
    }
  return step == MD_DB_STEP_DONE;
}

#define LOST "(SELECT seq FROM outbox WHERE intake NOT IN (SELECT id FROM intake))"

/* Rows without their intake, intakes without their row, and what the log alone still knows. */
static const char *const lost_queries[] = {
  "SELECT intake, NULL FROM outbox WHERE seq IN " LOST
  " AND (state <> 'delivered' OR seq IN (SELECT item FROM payload))",
  "SELECT id, receipt_number FROM intake i WHERE state NOT IN ('reserved', 'abandoned')"
  " AND erased_ms IS NULL AND NOT EXISTS"
  "  (SELECT 1 FROM outbox o WHERE o.intake = i.id AND o.n = 1)",
  "SELECT DISTINCT object_id, NULL FROM audit WHERE event = 'submit' AND outcome = 'done'"
  " AND object_id NOT IN (SELECT id FROM intake)"
  " AND object_id NOT IN (SELECT object_id FROM audit WHERE event = 'erase')",
};

/* Lost items leave the queue; sealed bytes that are nobody's are counted. */
static gboolean
drop_lost (MdDb *db, MdOutboxMended *mended, GError **error)
{
  gint64 nameless = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (lost_queries); i++)
    if (!add_all (db, mended, lost_queries[i], TRUE, error))
      return FALSE;
  if (!md_db_get_int (db,
                      "SELECT count (*) FROM payload WHERE item NOT IN (SELECT seq FROM outbox)",
                      &nameless, error))
    return FALSE;
  mended->nameless = (guint)nameless;
  return md_db_exec (db,
                     "DELETE FROM payload WHERE item IN " LOST ";"
                     "DELETE FROM outbox WHERE seq IN " LOST ";"
                     "DELETE FROM payload WHERE item NOT IN (SELECT seq FROM outbox)",
                     error);
}

gboolean
md_outbox_mend (MdDb *db, MdOutboxReader read, MdOutboxMended *out_mended, GError **error)
{
  memset (out_mended, 0, sizeof *out_mended);
  out_mended->missing = g_ptr_array_new_with_free_func (missing_free);
  return md_db_exec (db, "PRAGMA defer_foreign_keys=ON", error)
         && _md_outbox_rebuild (db, read, out_mended, error) && drop_lost (db, out_mended, error)
         && check_bodies (db, out_mended, error)
         && md_db_exec (db,
                        "DELETE FROM outbox_count;"
                        "INSERT INTO outbox_count SELECT state, iif (state = 'delivered',"
                        " (delivered_ms + 32400000) / 86400000, 0) AS day, count (*)"
                        " FROM outbox GROUP BY state, day",
                        error);
}
