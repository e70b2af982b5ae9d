// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-ledger-private.h"

/* Decisions upon letters of delegation (委任状): which of them took the place of which. That order
 * is the store's own; no clock has a say in it. */

static gboolean
read_place (MdDb *db, const char *decision, MdLedgerLetter *out, GError **error)
{
  g_autoptr (MdDbStatement) query = md_db_prepare_for (
      db,
      "SELECT i.intake, i.n FROM ledger_letters l JOIN ledger_items i USING (sequence)"
      " WHERE l.decision = ?1",
      decision, error);
  MdDbStep step = query != NULL ? md_db_step (query, error) : MD_DB_STEP_ERROR;

  if (step == MD_DB_STEP_ROW)
    {
      out->intake = md_db_column_dup (query, 0);
      out->n = (guint)md_db_column_int (query, 1);
    }
  return step != MD_DB_STEP_ERROR;
}

static gboolean
read_change (MdDb *db, const char *decision, guint64 *out_sequence, GError **error)
{
  g_autoptr (MdDbStatement) query = md_db_prepare_for (
      db, "SELECT sequence FROM ledger_letters WHERE amends = ?1", decision, error);
  MdDbStep step = query != NULL ? md_db_step (query, error) : MD_DB_STEP_ERROR;

  *out_sequence = step == MD_DB_STEP_ROW ? (guint64)md_db_column_int (query, 0) : 0;
  return step != MD_DB_STEP_ERROR;
}

gboolean
_md_ledger_db_look_up_letter (MdDb *db, const char *decision, MdLedgerLetter *out_letter,
                              GError **error)
{
  return read_place (db, decision, out_letter, error)
         && read_change (db, decision, &out_letter->changed_at, error);
}

gboolean
_md_ledger_db_is_letter_changed (MdDb *db, const MdLedgerEntry *entry, gboolean *out_changed,
                                 GError **error)
{
  const char *decisions[] = { entry->cites, entry->amends };

  *out_changed = FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (decisions); i++)
    {
      guint64 sequence = 0;

      if (decisions[i] != NULL && !read_change (db, decisions[i], &sequence, error))
        return FALSE;
      *out_changed = *out_changed || sequence > 0;
    }
  return TRUE;
}

gboolean
_md_ledger_db_keep_letter (MdDb *db, const MdLedgerEntry *entry, GError **error)
{
  g_autoptr (MdDbStatement) insert = NULL;

  if (entry->allows == NULL)
    return TRUE;
  insert = md_db_prepare (
      db, "INSERT INTO ledger_letters (sequence, decision, amends) VALUES (?1, ?2, ?3)", error);
  if (insert == NULL)
    return FALSE;
  md_db_bind_int (insert, 1, (gint64)entry->sequence);
  md_db_bind_text (insert, 2, entry->allows);
  md_db_bind_text (insert, 3, entry->amends);
  return md_db_run (insert, error);
}
