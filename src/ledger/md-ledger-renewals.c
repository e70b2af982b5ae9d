// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-ledger-private.h"

#include <string.h>

/* Requests of terminals for certificates of new keys. What the same terminal asks again for the
 * same key is the same request, whatever its signature: that is another one each time. */

#define COLUMNS                                                                                    \
  "SELECT office, terminal, key, request, asked, state, certificate, decided, fetched"             \
  " FROM ledger_renewals"

static const char *const states[] = { [MD_LEDGER_RENEWAL_OPEN] = "open",
                                      [MD_LEDGER_RENEWAL_CERTIFIED] = "certified",
                                      [MD_LEDGER_RENEWAL_DECLINED] = "declined" };

void
md_ledger_renewal_free (MdLedgerRenewal *renewal)
{
  if (renewal == NULL)
    return;
  g_free (renewal->office);
  g_free (renewal->terminal);
  g_free (renewal->key);
  g_clear_pointer (&renewal->request, g_bytes_unref);
  g_free (renewal->asked);
  g_clear_pointer (&renewal->certificate, g_bytes_unref);
  g_free (renewal->decided);
  g_free (renewal->fetched);
  g_free (renewal);
}

const char *
md_ledger_renewal_state_name (MdLedgerRenewalState state)
{
  g_return_val_if_fail ((gsize)state < G_N_ELEMENTS (states), "open");

  return states[state];
}

static gpointer
read_renewal (MdDbStatement *row)
{
  MdLedgerRenewal *renewal = g_new0 (MdLedgerRenewal, 1);
  const char *state = md_db_column_text (row, 5);

  renewal->office = md_db_column_dup (row, 0);
  renewal->terminal = md_db_column_dup (row, 1);
  renewal->key = md_db_column_dup (row, 2);
  renewal->request = md_db_column_bytes (row, 3);
  renewal->asked = md_db_column_dup (row, 4);
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_strcmp0 (state, states[i]) == 0)
      renewal->state = (MdLedgerRenewalState)i;
  if (renewal->state == MD_LEDGER_RENEWAL_CERTIFIED)
    renewal->certificate = md_db_column_bytes (row, 6);
  renewal->decided = md_db_column_dup (row, 7);
  renewal->fetched = md_db_column_dup (row, 8);
  return renewal;
}

static MdDbStatement *
prepare_of (MdDb *db, const char *sql, const MdLedgerRenewal *renewal, GError **error)
{
  MdDbStatement *statement = md_db_prepare (db, sql, error);

  if (statement == NULL)
    return NULL;
  md_db_bind_text (statement, 1, renewal->office);
  md_db_bind_text (statement, 2, renewal->terminal);
  md_db_bind_text (statement, 3, renewal->key);
  return statement;
}

/* *@OUT_FOUND stays NULL where there is none. */
static gboolean
find (MdDb *db, const MdLedgerRenewal *asked, MdLedgerRenewal **out_found, GError **error)
{
  g_autoptr (MdDbStatement) query
      = prepare_of (db, COLUMNS " WHERE office = ?1 AND terminal = ?2 AND key = ?3", asked, error);
  const MdDbStep step = query != NULL ? md_db_step (query, error) : MD_DB_STEP_ERROR;

  if (step == MD_DB_STEP_ROW)
    *out_found = read_renewal (query);
  return step != MD_DB_STEP_ERROR;
}

static char *
now_text (void)
{
  return md_time_format_rfc3339 (md_clock_get_wall_us (md_clock_get_system ()));
}

/* The digest is that of the key, as the policy has it. */
static gboolean
record (MdAudit *audit, const MdLedgerRenewal *renewal, const char *state, GError **error)
{
  g_autofree char *detail = g_strdup_printf ("terminal=%s state=%s", renewal->terminal, state);
  const MdAuditEntry entry
      = { .event = "renew", .outcome = MD_AUDIT_DONE, .digest = renewal->key, .detail = detail };

  return md_audit_append (audit, &entry, error);
}

/* --- The terminal --- */

static gboolean
has_room (MdDb *db, const MdLedgerRenewal *asked, GError **error)
{
  g_autoptr (MdDbStatement) query
      = md_db_prepare (db,
                       "SELECT count (*) FROM ledger_renewals"
                       " WHERE office = ?1 AND terminal = ?2 AND state = 'open'",
                       error);

  if (query == NULL)
    return FALSE;
  md_db_bind_text (query, 1, asked->office);
  md_db_bind_text (query, 2, asked->terminal);
  if (md_db_step (query, error) != MD_DB_STEP_ROW)
    return FALSE;
  if (md_db_column_int (query, 0) < (gint64)MD_LEDGER_MAX_RENEWALS)
    return TRUE;
  g_set_error_literal (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_TOO_OFTEN,
                       "This terminal has open requests already; decide upon them first.");
  return FALSE;
}

static gboolean
insert (MdDb *db, MdAudit *audit, const MdLedgerRenewal *asked, GError **error)
{
  g_autofree char *now = now_text ();
  g_autoptr (MdDbStatement) statement = NULL;

  if (!has_room (db, asked, error))
    return FALSE;
  statement = prepare_of (db,
                          "INSERT INTO ledger_renewals (office, terminal, key, request, asked,"
                          " state) VALUES (?1, ?2, ?3, ?4, ?5, 'open')",
                          asked, error);
  if (statement == NULL)
    return FALSE;
  md_db_bind_bytes (statement, 4, asked->request);
  md_db_bind_text (statement, 5, now);
  return md_db_run (statement, error) && record (audit, asked, "asked", error);
}

static gboolean
mark_fetched (MdDb *db, MdAudit *audit, const MdLedgerRenewal *asked, GError **error)
{
  g_autofree char *now = now_text ();
  g_autoptr (MdDbStatement) statement
      = prepare_of (db,
                    "UPDATE ledger_renewals SET fetched = ?4"
                    " WHERE office = ?1 AND terminal = ?2 AND key = ?3 AND fetched IS NULL",
                    asked, error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 4, now);
  return md_db_run (statement, error) && record (audit, asked, "fetched", error);
}

static MdLedgerRenewal *
ask_renewal (MdLedger *ledger, const MdLedgerRenewal *asked, gboolean hand_out, GError **error)
{
  MdAudit *audit = NULL;
  MdDb *db = _md_ledger_db_get_writable (ledger, &audit, error);
  g_autoptr (MdLedgerRenewal) found = NULL;
  g_autoptr (MdDbTransaction) transaction = NULL;

  if (db == NULL || !find (db, asked, &found, error))
    return NULL;
  /* It asks again every few minutes, for days: that writes nothing. */
  if (found != NULL
      && (found->state != MD_LEDGER_RENEWAL_CERTIFIED || found->fetched != NULL || !hand_out))
    return g_steal_pointer (&found);
  g_clear_pointer (&found, md_ledger_renewal_free);
  transaction = md_db_begin (db, error);
  if (transaction == NULL || !find (db, asked, &found, error))
    return NULL;
  if (found == NULL ? !insert (db, audit, asked, error) || !find (db, asked, &found, error)
                    : found->state == MD_LEDGER_RENEWAL_CERTIFIED && found->fetched == NULL
                          && hand_out && !mark_fetched (db, audit, asked, error))
    return NULL;
  return md_db_commit (g_steal_pointer (&transaction), error) ? g_steal_pointer (&found) : NULL;
}

/* --- The administrator --- */

static gboolean
decide (MdDb *db, const MdLedgerRenewal *renewal, GBytes *certificate, GError **error)
{
  g_autofree char *now = now_text ();
  g_autoptr (MdDbStatement) statement
      = prepare_of (db,
                    "UPDATE ledger_renewals SET state = ?4, certificate = ?5, decided = ?6"
                    " WHERE office = ?1 AND terminal = ?2 AND key = ?3 AND fetched IS NULL",
                    renewal, error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (
      statement, 4,
      states[certificate != NULL ? MD_LEDGER_RENEWAL_CERTIFIED : MD_LEDGER_RENEWAL_DECLINED]);
  md_db_bind_bytes (statement, 5, certificate);
  md_db_bind_text (statement, 6, now);
  if (!md_db_run (statement, error))
    return FALSE;
  if (md_db_changes (db) > 0)
    return TRUE;
  g_set_error_literal (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING,
                       "No terminal has asked for a certificate of that key, or it has one");
  return FALSE;
}

static gboolean
decide_renewal (MdLedger *ledger, const MdLedgerRenewal *renewal, GBytes *certificate,
                GError **error)
{
  MdAudit *audit = NULL;
  MdDb *db = _md_ledger_db_get_writable (ledger, &audit, error);
  g_autoptr (MdDbTransaction) transaction = db != NULL ? md_db_begin (db, error) : NULL;

  return transaction != NULL && decide (db, renewal, certificate, error)
         && record (audit, renewal, certificate != NULL ? "certified" : "declined", error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

static GPtrArray *
list_renewals (MdLedger *ledger, GError **error)
{
  g_autoptr (MdDbStatement) query
      = md_db_prepare (_md_ledger_db_get (ledger), COLUMNS " ORDER BY number", error);

  return query != NULL
             ? md_db_collect (query, read_renewal, (GDestroyNotify)md_ledger_renewal_free, error)
             : NULL;
}

void
_md_ledger_db_offer_renewals (MdLedgerInterface *iface)
{
  iface->ask_renewal = ask_renewal;
  iface->list_renewals = list_renewals;
  iface->decide_renewal = decide_renewal;
}

/* --- The interface --- */

MdLedgerRenewal *
md_ledger_ask_renewal (MdLedger *self, const MdLedgerRenewal *asked, gboolean hand_out,
                       GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self) && asked->request != NULL, NULL);

  return MD_LEDGER_GET_IFACE (self)->ask_renewal (self, asked, hand_out, error);
}

GPtrArray *
md_ledger_list_renewals (MdLedger *self, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), NULL);

  return MD_LEDGER_GET_IFACE (self)->list_renewals (self, error);
}

gboolean
md_ledger_decide_renewal (MdLedger *self, const MdLedgerRenewal *renewal, GBytes *certificate,
                          GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self) && renewal->key != NULL, FALSE);

  return MD_LEDGER_GET_IFACE (self)->decide_renewal (self, renewal, certificate, error);
}
