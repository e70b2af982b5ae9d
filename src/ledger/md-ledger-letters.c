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

/* *@OUT_NEXT (nullable): the decision that took its place. */
static gboolean
read_change (MdDb *db, const char *decision, guint64 *out_sequence, char **out_next, GError **error)
{
  g_autoptr (MdDbStatement) query = md_db_prepare_for (
      db, "SELECT sequence, decision FROM ledger_letters WHERE amends = ?1", decision, error);
  MdDbStep step = query != NULL ? md_db_step (query, error) : MD_DB_STEP_ERROR;

  *out_sequence = step == MD_DB_STEP_ROW ? (guint64)md_db_column_int (query, 0) : 0;
  if (step == MD_DB_STEP_ROW && out_next != NULL)
    *out_next = md_db_column_dup (query, 1);
  return step != MD_DB_STEP_ERROR;
}

/* The intake of a decision, or of one whose place it took, that a notice gave back; *@OUT_INTAKE
 * stays NULL where none was. */
static gboolean
read_given_back (MdDb *db, const char *decision, char **out_intake, GError **error)
{
  g_autoptr (MdDbStatement) query = md_db_prepare_for (
      db,
      "WITH RECURSIVE rests_on (decision) AS (VALUES (?1)"
      "  UNION SELECT l.amends FROM rests_on r JOIN ledger_letters l ON l.decision = r.decision"
      "  WHERE l.amends IS NOT NULL)"
      " SELECT i.intake FROM rests_on r JOIN ledger_letters l ON l.decision = r.decision"
      " JOIN ledger_items i USING (sequence) JOIN ledger_notices n ON n.intake = i.intake"
      " ORDER BY n.sequence LIMIT 1",
      decision, error);
  MdDbStep step = query != NULL ? md_db_step (query, error) : MD_DB_STEP_ERROR;

  if (step == MD_DB_STEP_ROW)
    *out_intake = md_db_column_dup (query, 0);
  return step != MD_DB_STEP_ERROR;
}

gboolean
_md_ledger_db_look_up_letter (MdDb *db, const char *decision, MdLedgerLetter *out_letter,
                              GError **error)
{
  return read_place (db, decision, out_letter, error)
         && read_change (db, decision, &out_letter->changed_at, &out_letter->next, error)
         && read_given_back (db, decision, &out_letter->given_back, error);
}

gboolean
_md_ledger_db_find_letter (MdDb *db, const char *office, const char *receipt_number,
                           char **out_intake, GError **error)
{
  g_autoptr (MdDbStatement) query
      = md_db_prepare_for (db,
                           "SELECT intake FROM ledger_items WHERE receipt_number = ?1 AND n = 1"
                           " AND procedure = 'common.delegation' AND office = ?2 LIMIT 2",
                           receipt_number, error);
  g_autofree char *intake = NULL;
  MdDbStep step = MD_DB_STEP_ERROR;

  if (query == NULL)
    return FALSE;
  md_db_bind_text (query, 2, office);
  step = md_db_step (query, error);
  if (step == MD_DB_STEP_ROW)
    {
      intake = md_db_column_dup (query, 0);
      step = md_db_step (query, error);
    }
  if (step == MD_DB_STEP_ROW || (step == MD_DB_STEP_DONE && intake == NULL))
    g_set_error_literal (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING,
                         "There is no such letter of delegation, or there are two");
  if (step != MD_DB_STEP_DONE || intake == NULL)
    return FALSE;
  *out_intake = g_steal_pointer (&intake);
  return TRUE;
}

/* The letter's own intake is asked for, too: of letters from before their decisions were taken down
 * nothing else is known. */
gboolean
_md_ledger_db_is_letter_given_back (MdDb *db, const MdLedgerEntry *entry, gboolean *out_given_back,
                                    GError **error)
{
  const char *decisions[] = { entry->cites, entry->amends };

  *out_given_back = FALSE;
  if (entry->letter != NULL
      && !_md_ledger_db_is_given_back (db, entry->letter, out_given_back, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (decisions); i++)
    {
      g_autofree char *intake = NULL;

      if (decisions[i] != NULL && !read_given_back (db, decisions[i], &intake, error))
        return FALSE;
      *out_given_back = *out_given_back || intake != NULL;
    }
  return TRUE;
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

      if (decisions[i] != NULL && !read_change (db, decisions[i], &sequence, NULL, error))
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
