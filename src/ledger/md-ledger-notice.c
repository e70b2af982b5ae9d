// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-ledger-private.h"

/* What the back office tells the terminals in writing. */

void
md_ledger_notice_free (MdLedgerNotice *notice)
{
  if (notice == NULL)
    return;
  g_free (notice->office);
  g_free (notice->terminal);
  g_free (notice->intake);
  g_free (notice->officer);
  g_free (notice->reason);
  g_free (notice->time);
  g_free (notice->digest);
  g_clear_pointer (&notice->body, g_bytes_unref);
  g_free (notice->fetched);
  g_free (notice);
}

#define COLUMNS                                                                                    \
  "SELECT office, terminal, number, intake, officer, reason, time, digest, body, fetched"          \
  " FROM ledger_notices"

static MdLedgerNotice *
read_notice (MdDbStatement *row)
{
  MdLedgerNotice *notice = g_new0 (MdLedgerNotice, 1);

  notice->office = md_db_column_dup (row, 0);
  notice->terminal = md_db_column_dup (row, 1);
  notice->number = (guint)md_db_column_int (row, 2);
  notice->intake = md_db_column_dup (row, 3);
  notice->officer = md_db_column_dup (row, 4);
  notice->reason = md_db_column_dup (row, 5);
  notice->time = md_db_column_dup (row, 6);
  notice->digest = md_db_column_dup (row, 7);
  notice->body = md_db_column_bytes (row, 8);
  notice->fetched = md_db_column_dup (row, 9);
  return notice;
}

/* The one row of @query. */
static MdLedgerNotice *
read_one (MdDbStatement *query, GError **error)
{
  const MdDbStep step = md_db_step (query, error);

  if (step == MD_DB_STEP_DONE)
    g_set_error_literal (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING, "There is no notice");
  return step == MD_DB_STEP_ROW ? read_notice (query) : NULL;
}

static MdLedgerNotice *
find (MdDb *db, const char *intake, GError **error)
{
  g_autoptr (MdDbStatement) query
      = md_db_prepare_for (db, COLUMNS " WHERE intake = ?1", intake, error);

  return query != NULL ? read_one (query, error) : NULL;
}

static MdLedgerNotice *
look_up_notice (MdLedger *ledger, const char *intake, GError **error)
{
  return find (_md_ledger_db_get (ledger), intake, error);
}

gboolean
_md_ledger_db_is_given_back (MdDb *db, const char *intake, gboolean *out_given_back, GError **error)
{
  g_autoptr (MdDbStatement) query
      = md_db_prepare_for (db, "SELECT 1 FROM ledger_notices WHERE intake = ?1", intake, error);
  MdDbStep step = query != NULL ? md_db_step (query, error) : MD_DB_STEP_ERROR;

  *out_given_back = step == MD_DB_STEP_ROW;
  return step != MD_DB_STEP_ERROR;
}

/* --- A new one --- */

/* Number and digest of the terminal's last one; 0 and "" without. */
static gboolean
read_last (MdDb *db, const MdLedgerNotice *notice, guint *out_number, char **out_digest,
           GError **error)
{
  g_autoptr (MdDbStatement) query
      = md_db_prepare (db,
                       "SELECT number, digest FROM ledger_notices WHERE office = ?1"
                       " AND terminal = ?2 ORDER BY number DESC LIMIT 1",
                       error);
  MdDbStep step = MD_DB_STEP_ERROR;

  if (query == NULL)
    return FALSE;
  md_db_bind_text (query, 1, notice->office);
  md_db_bind_text (query, 2, notice->terminal);
  step = md_db_step (query, error);
  *out_number = step == MD_DB_STEP_ROW ? (guint)md_db_column_int (query, 0) : 0;
  *out_digest = g_strdup (step == MD_DB_STEP_ROW ? md_db_column_text (query, 1) : "");
  return step != MD_DB_STEP_ERROR;
}

/* Two desks may return it at the same time: the one that comes second finds the first one's. */
static gboolean
is_free (MdDb *db, const char *intake, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (MdLedgerNotice) other = find (db, intake, &local);

  if (g_error_matches (local, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING))
    return TRUE;
  if (other != NULL)
    g_set_error (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_NOTICED,
                 "The terminal has been told of the intake %s already", intake);
  else
    g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
insert (MdDb *db, const MdLedgerNotice *notice, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (db,
                       "INSERT INTO ledger_notices (office, terminal, number, intake, officer,"
                       " reason, time, digest, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                       error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 1, notice->office);
  md_db_bind_text (statement, 2, notice->terminal);
  md_db_bind_int (statement, 3, notice->number);
  md_db_bind_text (statement, 4, notice->intake);
  md_db_bind_text (statement, 5, notice->officer);
  md_db_bind_text (statement, 6, notice->reason);
  md_db_bind_text (statement, 7, notice->time);
  md_db_bind_text (statement, 8, notice->digest);
  md_db_bind_bytes (statement, 9, notice->body);
  return md_db_run (statement, error);
}

static gboolean
record (MdAudit *audit, const char *event, const MdLedgerNotice *notice, const char *officer,
        GError **error)
{
  g_autofree char *number = md_audit_detail_number (notice->number);
  g_autofree char *detail = g_strdup_printf ("terminal=%s notice=%s", notice->terminal, number);
  const MdAuditEntry entry = { .event = event,
                               .outcome = MD_AUDIT_DONE,
                               .staff = officer,
                               .reason = officer != NULL ? notice->reason : NULL,
                               .object = notice->intake,
                               .digest = notice->digest,
                               .detail = detail };

  return md_audit_append (audit, &entry, error);
}

static gboolean
add_notice (MdLedger *ledger, const MdLedgerNotice *notice, MdLedgerNoticeFunc make,
            gpointer user_data, GError **error)
{
  MdAudit *audit = NULL;
  MdDb *db = _md_ledger_db_get_writable (ledger, &audit, error);
  MdLedgerNotice full = *notice; /* the texts stay the caller's */
  g_autofree char *previous = NULL;
  g_autofree char *digest = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (MdDbTransaction) transaction = db != NULL ? md_db_begin (db, error) : NULL;

  if (transaction == NULL || !is_free (db, notice->intake, error)
      || !read_last (db, notice, &full.number, &previous, error))
    return FALSE;
  full.number++;
  body = make (&full, previous, user_data, error);
  if (body == NULL)
    return FALSE;
  digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, body);
  full.digest = digest;
  full.body = body;
  return insert (db, &full, error) && record (audit, "return", &full, full.officer, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

/* --- To the terminal --- */

static gboolean
mark (MdDb *db, MdAudit *audit, const MdLedgerNotice *notice, GError **error)
{
  g_autofree char *now = md_time_format_rfc3339 (md_clock_get_wall_us (md_clock_get_system ()));
  g_autoptr (MdDbTransaction) transaction = md_db_begin (db, error);
  g_autoptr (MdDbStatement) statement = NULL;

  if (transaction == NULL)
    return FALSE;
  statement = md_db_prepare (db,
                             "UPDATE ledger_notices SET fetched = ?2"
                             " WHERE intake = ?1 AND fetched IS NULL",
                             error);
  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 1, notice->intake);
  md_db_bind_text (statement, 2, now);
  return md_db_run (statement, error) && record (audit, "notice", notice, NULL, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

static MdLedgerNotice *
hand_out_notice (MdLedger *ledger, const char *office, const char *terminal, guint number,
                 GError **error)
{
  MdAudit *audit = NULL;
  MdDb *db = _md_ledger_db_get_writable (ledger, &audit, error);
  g_autoptr (MdLedgerNotice) notice = NULL;
  g_autoptr (MdDbStatement) query = NULL;

  if (db == NULL)
    return NULL;
  query = md_db_prepare (db, COLUMNS " WHERE office = ?1 AND terminal = ?2 AND number = ?3", error);
  if (query == NULL)
    return NULL;
  md_db_bind_text (query, 1, office);
  md_db_bind_text (query, 2, terminal);
  md_db_bind_int (query, 3, number);
  notice = read_one (query, error);
  g_clear_pointer (&query, md_db_statement_free);
  if (notice == NULL || (notice->fetched == NULL && !mark (db, audit, notice, error)))
    return NULL;
  return g_steal_pointer (&notice);
}

/* Writers take turns, so that whatever is added later has a higher number when it can be seen. */
static gboolean
count_notices (MdLedger *ledger, guint64 *out_last, GError **error)
{
  gint64 last = 0;

  if (!md_db_get_int (_md_ledger_db_get (ledger),
                      "SELECT coalesce (max (sequence), 0) FROM ledger_notices", &last, error))
    return FALSE;
  *out_last = (guint64)last;
  return TRUE;
}

static gboolean
last_notice (MdLedger *ledger, const char *office, const char *terminal, guint *out_number,
             GError **error)
{
  const MdLedgerNotice whose
      = { .office = (char *)(gsize)office, .terminal = (char *)(gsize)terminal };
  g_autofree char *digest = NULL;

  return read_last (_md_ledger_db_get (ledger), &whose, out_number, &digest, error);
}

gboolean
md_ledger_count_notices (MdLedger *self, guint64 *out_last, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), FALSE);

  return MD_LEDGER_GET_IFACE (self)->count_notices (self, out_last, error);
}

gboolean
md_ledger_last_notice (MdLedger *self, const char *office, const char *terminal, guint *out_number,
                       GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), FALSE);

  return MD_LEDGER_GET_IFACE (self)->last_notice (self, office, terminal, out_number, error);
}

void
_md_ledger_db_offer_notices (MdLedgerInterface *iface)
{
  iface->count_notices = count_notices;
  iface->last_notice = last_notice;
  iface->add_notice = add_notice;
  iface->look_up_notice = look_up_notice;
  iface->hand_out_notice = hand_out_notice;
}
