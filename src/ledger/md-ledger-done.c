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
