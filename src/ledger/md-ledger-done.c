// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-ledger-private.h"

void
md_ledger_done_free (MdLedgerDone *self)
{
  if (self == NULL)
    return;
  g_free (self->object);
  g_free (self->digest);
  g_free (self->detail);
  g_free (self);
}

static gpointer
read_done (MdDbStatement *row)
{
  MdLedgerDone *done = g_new0 (MdLedgerDone, 1);

  done->object = md_db_column_dup (row, 0);
  done->digest = md_db_column_dup (row, 1);
  done->detail = md_db_column_dup (row, 2);
  return done;
}

GPtrArray *
_md_ledger_db_list_done (MdDb *db, const char *event, GError **error)
{
  g_autoptr (MdDbStatement) query
      = md_db_prepare_for (db,
                           "SELECT object_id, object_digest, detail FROM audit"
                           " WHERE event = ?1 AND outcome = 'done' ORDER BY seq",
                           event, error);

  return query != NULL
             ? md_db_collect (query, read_done, (GDestroyNotify)md_ledger_done_free, error)
             : NULL;
}

/* By the primary key, from the end: the log has no other index, and grows for years. */
gboolean
_md_ledger_db_count_looks (MdDb *db, const char *officer, const char *since, guint *out_n,
                           GError **error)
{
  g_autoptr (MdDbStatement) query = md_db_prepare (
      db,
      "SELECT count (DISTINCT object_id) FROM audit"
      " WHERE seq > (SELECT coalesce (max (seq), 0) FROM audit) - 20000 AND processed_at >= ?2"
      " AND lower (staff_id) = lower (?1) AND outcome = 'done'"
      " AND event IN ('open', 'reveal', 'attachments', 'confirmation')",
      error);

  if (query == NULL)
    return FALSE;
  md_db_bind_text (query, 1, officer);
  md_db_bind_text (query, 2, since);
  if (md_db_step (query, error) != MD_DB_STEP_ROW)
    return FALSE;
  *out_n = (guint)md_db_column_int (query, 0);
  return TRUE;
}

gboolean
_md_ledger_db_count (MdDb *db, guint64 *out_intakes, guint64 *out_decisions, guint64 *out_notes,
                     GError **error)
{
  gint64 intakes = 0, decisions = 0, notes = 0;

  if (!md_db_get_int (db, "SELECT intakes FROM ledger_totals", &intakes, error)
      || !md_db_get_int (db, "SELECT decisions FROM ledger_totals", &decisions, error)
      || !md_db_get_int (db, "SELECT coalesce (max (seq), 0) FROM audit", &notes, error))
    return FALSE;
  *out_intakes = (guint64)intakes;
  *out_decisions = (guint64)decisions;
  *out_notes = (guint64)notes;
  return TRUE;
}
