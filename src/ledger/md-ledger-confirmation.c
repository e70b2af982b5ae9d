// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-ledger-private.h"

/* Which number each intake links to whom, and what a second person said of its differences. */

void
md_ledger_binding_free (MdLedgerBinding *binding)
{
  if (binding == NULL)
    return;
  g_free (binding->intake);
  g_clear_pointer (&binding->made_with, g_bytes_unref);
  g_clear_pointer (&binding->addressee, g_bytes_unref);
  g_clear_pointer (&binding->person, g_bytes_unref);
  g_clear_pointer (&binding->number, g_bytes_unref);
  g_free (binding);
}

void
md_ledger_confirmation_free (MdLedgerConfirmation *confirmation)
{
  if (confirmation == NULL)
    return;
  g_free (confirmation->intake);
  g_free (confirmation->rule);
  g_free (confirmation->field);
  g_clear_pointer (&confirmation->key_a, g_bytes_unref);
  g_clear_pointer (&confirmation->key_b, g_bytes_unref);
  g_free (confirmation->state);
  g_free (confirmation->officer);
  g_free (confirmation->reason);
  g_free (confirmation->time);
  g_free (confirmation);
}

/* --- Bindings --- */

static void
bind_all (MdDbStatement *statement, const MdLedgerBinding *binding)
{
  md_db_bind_text (statement, 1, binding->intake);
  md_db_bind_bytes (statement, 2, binding->made_with);
  md_db_bind_bytes (statement, 3, binding->addressee);
  md_db_bind_bytes (statement, 4, binding->person);
  md_db_bind_bytes (statement, 5, binding->number);
}

/* Whether a query has a row; FALSE with @error set when it fails. */
static gboolean
has_row (MdDbStatement *query, GError **error)
{
  return query != NULL && md_db_step (query, error) == MD_DB_STEP_ROW;
}

/* The first row speaks for all: none of another key comes after it. */
static gboolean
is_of_this_key (MdDb *db, const MdLedgerBinding *binding, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (MdDbStatement) query
      = md_db_prepare (db,
                       "SELECT 1 FROM ledger_bindings WHERE made_with <> ?1"
                       " AND number = (SELECT min (number) FROM ledger_bindings)",
                       &local);
  gboolean other = FALSE;

  if (query != NULL)
    md_db_bind_bytes (query, 1, binding->made_with);
  other = has_row (query, &local);
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  else if (other)
    g_set_error_literal (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_KEY,
                         "The numbers in the store were taken down with another key");
  else
    return TRUE;
  return FALSE;
}

static gboolean
stands_there (MdDb *db, const MdLedgerBinding *binding, GError **error)
{
  g_autoptr (MdDbStatement) query = md_db_prepare (
      db,
      "SELECT 1 FROM ledger_bindings WHERE number ="
      " (SELECT max (number) FROM ledger_bindings WHERE intake = ?1)"
      " AND made_with = ?2 AND addressee_digest IS NOT DISTINCT FROM ?3 AND person_digest = ?4"
      " AND number_digest = ?5",
      error);

  if (query != NULL)
    bind_all (query, binding);
  return has_row (query, error);
}

static gboolean
insert_binding (MdDb *db, const MdLedgerBinding *binding, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (db,
                       "INSERT INTO ledger_bindings (intake, made_with, addressee_digest,"
                       " person_digest, number_digest) VALUES (?1, ?2, ?3, ?4, ?5)",
                       error);

  if (statement == NULL)
    return FALSE;
  bind_all (statement, binding);
  return md_db_run (statement, error);
}

gboolean
_md_ledger_db_bind (MdDb *db, MdAudit *audit, const MdLedgerBinding *binding, const char *officer,
                    GError **error)
{
  const MdAuditEntry record
      = { .event = "bind",
          .outcome = MD_AUDIT_DONE,
          .staff = officer,
          .object = binding->intake,
          .detail = binding->addressee != NULL ? "addressee=known" : "addressee=unknown" };
  g_autoptr (GError) local = NULL;
  g_autoptr (MdDbTransaction) transaction = md_db_begin (db, error);

  if (transaction == NULL || !is_of_this_key (db, binding, error))
    return FALSE;
  if (stands_there (db, binding, &local))
    return TRUE;
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  return insert_binding (db, binding, error) && md_audit_append (audit, &record, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

static gpointer
read_binding (MdDbStatement *row)
{
  MdLedgerBinding *binding = g_new0 (MdLedgerBinding, 1);

  binding->intake = md_db_column_dup (row, 0);
  binding->made_with = md_db_column_bytes (row, 1);
  binding->addressee = md_db_column_bytes (row, 2);
  binding->person = md_db_column_bytes (row, 3);
  binding->number = md_db_column_bytes (row, 4);
  return binding;
}

/* Of each other intake its last row before this one's last. */
#define EARLIER                                                                                    \
  "SELECT b.intake, b.made_with, b.addressee_digest, b.person_digest, b.number_digest"             \
  " FROM ledger_bindings b"                                                                        \
  " WHERE b.intake <> ?1 AND (b.number_digest = ?5 OR b.addressee_digest = ?3)"                    \
  " AND b.made_with = ?2 AND b.number < coalesce ((SELECT max (number) FROM ledger_bindings"       \
  "   WHERE intake = ?1 AND person_digest = ?4), 9223372036854775807)"                             \
  " AND NOT EXISTS (SELECT 1 FROM ledger_bindings l"                                               \
  "   WHERE l.intake = b.intake AND l.number > b.number)"                                          \
  " AND NOT EXISTS (SELECT 1 FROM ledger_confirmations c"                                          \
  "   WHERE c.intake = b.intake AND c.state = 'refused' AND c.rule <> 'correction')"               \
  " ORDER BY b.number"

GPtrArray *
_md_ledger_db_list_bound (MdDb *db, const MdLedgerBinding *binding, GError **error)
{
  g_autoptr (MdDbStatement) query = md_db_prepare (db, EARLIER, error);

  if (query == NULL)
    return NULL;
  bind_all (query, binding);
  return md_db_collect (query, read_binding, (GDestroyNotify)md_ledger_binding_free, error);
}

/* --- Confirmations --- */

static void
bind_keys (MdDbStatement *statement, const MdLedgerConfirmation *confirmation)
{
  md_db_bind_text (statement, 1, confirmation->intake);
  md_db_bind_text (statement, 2, confirmation->rule);
  md_db_bind_text (statement, 3, confirmation->field);
  md_db_bind_bytes (statement, 4, confirmation->key_a);
  md_db_bind_bytes (statement, 5, confirmation->key_b);
}

/* Two desks may confirm at the same time: the one that comes second finds the first one's. */
static gboolean
is_free (MdDb *db, const MdLedgerConfirmation *confirmation, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (MdDbStatement) query
      = md_db_prepare (db,
                       "SELECT 1 FROM ledger_confirmations WHERE intake = ?1 AND rule = ?2"
                       " AND field = ?3 AND key_a = ?4 AND key_b = ?5",
                       &local);
  gboolean taken = FALSE;

  if (query != NULL)
    bind_keys (query, confirmation);
  taken = has_row (query, &local);
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  else if (taken)
    g_set_error (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_CONFIRMED,
                 "Somebody has confirmed or refused this of the intake %s already",
                 confirmation->intake);
  else
    return TRUE;
  return FALSE;
}

static gboolean
insert (MdDb *db, const MdLedgerConfirmation *confirmation, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (db,
                       "INSERT INTO ledger_confirmations (intake, rule, field, key_a, key_b, state,"
                       " officer, reason, time) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                       error);

  if (statement == NULL)
    return FALSE;
  bind_keys (statement, confirmation);
  md_db_bind_text (statement, 6, confirmation->state);
  md_db_bind_text (statement, 7, confirmation->officer);
  md_db_bind_text (statement, 8, confirmation->reason);
  md_db_bind_text (statement, 9, confirmation->time);
  return md_db_run (statement, error);
}

gboolean
_md_ledger_db_confirm (MdDb *db, MdAudit *audit, const MdLedgerConfirmation *confirmation,
                       GError **error)
{
  g_autofree char *detail = g_strdup_printf ("rule=%s field=%s state=%s", confirmation->rule,
                                             confirmation->field, confirmation->state);
  const MdAuditEntry record = { .event = "confirm",
                                .outcome = MD_AUDIT_DONE,
                                .staff = confirmation->officer,
                                .reason = confirmation->reason,
                                .object = confirmation->intake,
                                .detail = detail };
  g_autoptr (MdDbTransaction) transaction = md_db_begin (db, error);

  return transaction != NULL && is_free (db, confirmation, error)
         && insert (db, confirmation, error) && md_audit_append (audit, &record, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

static gpointer
read_confirmation (MdDbStatement *row)
{
  MdLedgerConfirmation *confirmation = g_new0 (MdLedgerConfirmation, 1);

  confirmation->intake = md_db_column_dup (row, 0);
  confirmation->rule = md_db_column_dup (row, 1);
  confirmation->field = md_db_column_dup (row, 2);
  confirmation->key_a = md_db_column_bytes (row, 3);
  confirmation->key_b = md_db_column_bytes (row, 4);
  confirmation->state = md_db_column_dup (row, 5);
  confirmation->officer = md_db_column_dup (row, 6);
  confirmation->reason = md_db_column_dup (row, 7);
  confirmation->time = md_db_column_dup (row, 8);
  return confirmation;
}

GPtrArray *
_md_ledger_db_list_confirmations (MdDb *db, const char *intake, GError **error)
{
  g_autoptr (MdDbStatement) query
      = md_db_prepare_for (db,
                           "SELECT intake, rule, field, key_a, key_b, state, officer, reason, time"
                           " FROM ledger_confirmations WHERE intake = ?1 ORDER BY number",
                           intake, error);

  return query != NULL ? md_db_collect (query, read_confirmation,
                                        (GDestroyNotify)md_ledger_confirmation_free, error)
                       : NULL;
}
