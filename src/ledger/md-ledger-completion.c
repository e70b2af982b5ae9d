// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-ledger-private.h"

/* What the back office found out later about an intake whose check of revocation was deferred. */

void
md_ledger_completion_free (MdLedgerCompletion *completion)
{
  if (completion == NULL)
    return;
  g_free (completion->intake);
  g_free (completion->time);
  g_free (completion->officer);
  g_free (completion->verdict);
  g_clear_pointer (&completion->evidence, g_bytes_unref);
  g_free (completion);
}

MdLedgerCompletion *
_md_ledger_db_look_up_completion (MdDb *db, const char *intake, GError **error)
{
  g_autoptr (MdLedgerCompletion) found = NULL;
  g_autoptr (MdDbStatement) query
      = md_db_prepare_for (db,
                           "SELECT intake, time, officer, verdict, evidence FROM ledger_completions"
                           " WHERE intake = ?1",
                           intake, error);
  MdDbStep step = MD_DB_STEP_ERROR;

  if (query == NULL)
    return NULL;
  step = md_db_step (query, error);
  if (step == MD_DB_STEP_DONE)
    g_set_error (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING,
                 "The intake %s has not been completed", intake);
  if (step != MD_DB_STEP_ROW)
    return NULL;
  found = g_new0 (MdLedgerCompletion, 1);
  found->intake = md_db_column_dup (query, 0);
  found->time = md_db_column_dup (query, 1);
  found->officer = md_db_column_dup (query, 2);
  found->verdict = md_db_column_dup (query, 3);
  found->evidence = md_db_column_bytes (query, 4);
  return g_steal_pointer (&found);
}

static gboolean
insert (MdDb *db, const MdLedgerCompletion *completion, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (db,
                       "INSERT INTO ledger_completions (intake, time, officer, verdict, evidence)"
                       " VALUES (?1, ?2, ?3, ?4, ?5)",
                       error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 1, completion->intake);
  md_db_bind_text (statement, 2, completion->time);
  md_db_bind_text (statement, 3, completion->officer);
  md_db_bind_text (statement, 4, completion->verdict);
  md_db_bind_bytes (statement, 5, completion->evidence);
  return md_db_run (statement, error);
}

/* Two desks may ask at the same time: the one that comes second finds the first one's. */
static gboolean
is_free (MdDb *db, const char *intake, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (MdLedgerCompletion) other = _md_ledger_db_look_up_completion (db, intake, &local);

  if (g_error_matches (local, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING))
    return TRUE;
  if (other != NULL)
    g_set_error (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_COMPLETED,
                 "The intake %s has been completed already", intake);
  else
    g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

gboolean
_md_ledger_db_complete (MdDb *db, MdAudit *audit, const MdLedgerCompletion *completion,
                        GError **error)
{
  g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, completion->evidence);
  g_autofree char *detail = g_strdup_printf ("verdict=%s", completion->verdict);
  const MdAuditEntry record = { .event = "complete",
                                .outcome = MD_AUDIT_DONE,
                                .staff = completion->officer,
                                .object = completion->intake,
                                .digest = digest,
                                .detail = detail };
  g_autoptr (MdDbTransaction) transaction = md_db_begin (db, error);

  return transaction != NULL && is_free (db, completion->intake, error)
         && insert (db, completion, error) && md_audit_append (audit, &record, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}
