// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-ledger-private.h"

/* What the desk learnt of an intake later. */

void
md_ledger_addition_free (MdLedgerAddition *addition)
{
  if (addition == NULL)
    return;
  g_free (addition->intake);
  g_free (addition->kind);
  g_free (addition->name);
  g_free (addition->officer);
  g_free (addition->reason);
  g_free (addition->time);
  g_clear_pointer (&addition->seal, g_bytes_unref);
  g_clear_pointer (&addition->body, g_bytes_unref);
  g_free (addition);
}

static gboolean
is_correction (const MdLedgerAddition *addition)
{
  return g_str_equal (addition->kind, "correction");
}

/* Two desks may add at the same time: the one that comes second finds the first one's. */
static gboolean
is_free (MdDb *db, const MdLedgerAddition *addition, GError **error)
{
  g_autoptr (MdDbStatement) query
      = md_db_prepare (db,
                       "SELECT 1 FROM ledger_additions WHERE name = ?1"
                       " AND CASE WHEN ?3 THEN intake = ?2 AND kind = 'correction'"
                       "   ELSE kind <> 'correction' END",
                       error);
  MdDbStep step = MD_DB_STEP_ERROR;

  if (query == NULL)
    return FALSE;
  md_db_bind_text (query, 1, addition->name);
  md_db_bind_text (query, 2, addition->intake);
  md_db_bind_int (query, 3, is_correction (addition));
  step = md_db_step (query, error);
  if (step == MD_DB_STEP_ROW)
    g_set_error (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_ADDED, "There is a %s %s already",
                 addition->kind, addition->name);
  return step == MD_DB_STEP_DONE;
}

static gboolean
insert (MdDb *db, const MdLedgerAddition *addition, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (db,
                       "INSERT INTO ledger_additions (intake, kind, name, officer, reason, time,"
                       " seal, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                       error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 1, addition->intake);
  md_db_bind_text (statement, 2, addition->kind);
  md_db_bind_text (statement, 3, addition->name);
  md_db_bind_text (statement, 4, addition->officer);
  md_db_bind_text (statement, 5, addition->reason);
  md_db_bind_text (statement, 6, addition->time);
  md_db_bind_bytes (statement, 7, addition->seal);
  md_db_bind_bytes (statement, 8, addition->body);
  return md_db_run (statement, error);
}

gboolean
_md_ledger_db_add (MdDb *db, MdAudit *audit, const MdLedgerAddition *addition, const char *note,
                   GError **error)
{
  g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, addition->body);
  const MdAuditEntry record = { .event = is_correction (addition) ? "correct" : "reply",
                                .outcome = MD_AUDIT_DONE,
                                .staff = addition->officer,
                                .reason = addition->reason[0] != '\0' ? addition->reason : NULL,
                                .object = addition->intake,
                                .digest = digest,
                                .detail = note };
  g_autoptr (MdDbTransaction) transaction = md_db_begin (db, error);

  return transaction != NULL && is_free (db, addition, error) && insert (db, addition, error)
         && md_audit_append (audit, &record, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

static gpointer
read_addition (MdDbStatement *row)
{
  MdLedgerAddition *addition = g_new0 (MdLedgerAddition, 1);

  addition->intake = md_db_column_dup (row, 0);
  addition->kind = md_db_column_dup (row, 1);
  addition->name = md_db_column_dup (row, 2);
  addition->officer = md_db_column_dup (row, 3);
  addition->reason = md_db_column_dup (row, 4);
  addition->time = md_db_column_dup (row, 5);
  addition->seal = md_db_column_bytes (row, 6);
  addition->body = md_db_column_bytes (row, 7);
  return addition;
}

GPtrArray *
_md_ledger_db_list_additions (MdDb *db, const char *intake, GError **error)
{
  g_autoptr (MdDbStatement) query
      = md_db_prepare_for (db,
                           "SELECT intake, kind, name, officer, reason, time, seal, body"
                           " FROM ledger_additions WHERE intake = ?1 ORDER BY number",
                           intake, error);

  return query != NULL
             ? md_db_collect (query, read_addition, (GDestroyNotify)md_ledger_addition_free, error)
             : NULL;
}
