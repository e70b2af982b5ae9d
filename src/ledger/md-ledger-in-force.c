// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-ledger-private.h"

#include <string.h>

/* Which policy each terminal says that it has in force. A terminal says it every few seconds: what
 * is no news is read, and written down every few minutes alone. */

#define SEEN_EVERY (10 * G_TIME_SPAN_MINUTE)
/* One that says another thing each time fills no chain: of more, the last is kept all the same. */
#define MOST_RECORDS_AN_HOUR 30

#define COLUMNS                                                                                    \
  "SELECT office, terminal, version, since, seen, highest, refused, cause, hour, told"             \
  " FROM ledger_in_force"

/* A row, and what its hour has used up. */
typedef struct
{
  MdLedgerInForce *said;
  gint64 hour; /* when it began */
  gint64 told; /* records in it */
} Row;

void
md_ledger_in_force_free (MdLedgerInForce *self)
{
  if (self == NULL)
    return;
  g_free (self->office);
  g_free (self->terminal);
  g_free (self->cause);
  g_free (self);
}

static gpointer
read_said (MdDbStatement *row)
{
  MdLedgerInForce *said = g_new0 (MdLedgerInForce, 1);

  said->office = md_db_column_dup (row, 0);
  said->terminal = md_db_column_dup (row, 1);
  said->version = (guint)md_db_column_int (row, 2);
  said->since = md_db_column_int (row, 3);
  said->seen = md_db_column_int (row, 4);
  said->highest = (guint)md_db_column_int (row, 5);
  said->refused = (guint)md_db_column_int (row, 6);
  said->cause = md_db_column_dup (row, 7);
  return said;
}

/* What the terminal said last; nothing of it is set where it never said anything. */
static gboolean
read_row (MdDb *db, const MdLedgerInForce *told, Row *out, GError **error)
{
  g_autoptr (MdDbStatement) query = md_db_prepare_for (
      db, COLUMNS " WHERE terminal = ?1 AND office = ?2", told->terminal, error);
  MdDbStep step = MD_DB_STEP_ERROR;

  if (query == NULL)
    return FALSE;
  md_db_bind_text (query, 2, told->office);
  step = md_db_step (query, error);
  if (step == MD_DB_STEP_ROW)
    {
      out->said = read_said (query);
      out->hour = md_db_column_int (query, 8);
      out->told = md_db_column_int (query, 9);
    }
  return step != MD_DB_STEP_ERROR;
}

static gboolean
is_refusal_news (const MdLedgerInForce *before, const MdLedgerInForce *told)
{
  return before == NULL ? told->refused > 0
                        : before->refused != told->refused
                              || (told->refused > 0 && strcmp (before->cause, told->cause) != 0);
}

static gboolean
is_version_news (const MdLedgerInForce *before, const MdLedgerInForce *told)
{
  return told->version > 0 && (before == NULL || before->version != told->version);
}

/* --- Writing --- */

static gboolean
write_row (MdDb *db, const Row *row, GError **error)
{
  const MdLedgerInForce *said = row->said;
  g_autoptr (MdDbStatement) statement = md_db_prepare (
      db,
      "INSERT INTO ledger_in_force (office, terminal, version, since, seen, highest, refused,"
      " cause, hour, told) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
      " ON CONFLICT (office, terminal) DO UPDATE SET version = excluded.version,"
      " since = excluded.since, seen = excluded.seen, highest = excluded.highest,"
      " refused = excluded.refused, cause = excluded.cause, hour = excluded.hour,"
      " told = excluded.told",
      error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 1, said->office);
  md_db_bind_text (statement, 2, said->terminal);
  md_db_bind_int (statement, 3, said->version);
  md_db_bind_int (statement, 4, said->since);
  md_db_bind_int (statement, 5, said->seen);
  md_db_bind_int (statement, 6, said->highest);
  md_db_bind_int (statement, 7, said->refused);
  md_db_bind_text (statement, 8, said->cause);
  md_db_bind_int (statement, 9, row->hour);
  md_db_bind_int (statement, 10, row->told);
  return md_db_run (statement, error);
}

static gboolean
record_version (MdAudit *audit, const MdLedgerInForce *before, const MdLedgerInForce *told,
                GError **error)
{
  const gboolean older = before != NULL && told->version < before->highest;
  g_autofree char *back
      = older ? g_strdup_printf (" cause=older highest=%u", before->highest) : g_strdup ("");
  g_autofree char *detail
      = g_strdup_printf ("terminal=%s version=%u before=%u%s", told->terminal, told->version,
                         before != NULL ? before->version : 0, back);
  const MdAuditEntry entry = { .event = "acknowledge",
                               .outcome = older ? MD_AUDIT_FAILED : MD_AUDIT_DONE,
                               .detail = detail };

  return md_audit_append (audit, &entry, error);
}

static gboolean
record_refusal (MdAudit *audit, const MdLedgerInForce *told, GError **error)
{
  g_autofree char *detail = g_strdup_printf ("terminal=%s version=%u cause=%s", told->terminal,
                                             told->refused, told->cause);
  const MdAuditEntry entry
      = { .event = "acknowledge", .outcome = MD_AUDIT_REFUSED, .detail = detail };

  return md_audit_append (audit, &entry, error);
}

/* What is news goes into the chain, as far as the hour allows. */
static gboolean
record (MdAudit *audit, Row *row, const MdLedgerInForce *told, GError **error)
{
  if (told->seen - row->hour >= G_TIME_SPAN_HOUR || told->seen < row->hour)
    {
      row->hour = told->seen;
      row->told = 0;
    }
  if (row->told >= MOST_RECORDS_AN_HOUR)
    return TRUE;
  row->told++;
  return (!is_version_news (row->said, told) || record_version (audit, row->said, told, error))
         && (!is_refusal_news (row->said, told) || told->refused == 0
             || record_refusal (audit, told, error));
}

/* What the row is to say from now on. */
static MdLedgerInForce *
merge (const MdLedgerInForce *before, const MdLedgerInForce *told)
{
  MdLedgerInForce *said = g_new0 (MdLedgerInForce, 1);

  said->office = g_strdup (told->office);
  said->terminal = g_strdup (told->terminal);
  said->version = told->version > 0 || before == NULL ? told->version : before->version;
  said->since = is_version_news (before, told) || before == NULL ? told->seen : before->since;
  said->seen = told->seen;
  said->highest = MAX (before != NULL ? before->highest : 0, told->version);
  said->refused = told->refused;
  said->cause = g_strdup (told->refused > 0 && told->cause != NULL ? told->cause : "");
  return said;
}

/* Another gateway may have heard the same meanwhile: it is read again, where nobody else writes. */
static gboolean
write_down (MdDb *db, MdAudit *audit, const MdLedgerInForce *told, gboolean news, GError **error)
{
  g_autoptr (MdDbTransaction) transaction
      = news ? md_db_begin (db, error) : md_db_begin_light (db, error);
  Row row = { NULL, 0, 0 };
  g_autoptr (MdLedgerInForce) before = NULL;
  g_autoptr (MdLedgerInForce) said = NULL;
  gboolean done = FALSE;

  if (transaction == NULL || !read_row (db, told, &row, error))
    return FALSE;
  before = row.said;
  done = !news || record (audit, &row, told, error);
  said = merge (before, told);
  row.said = said;
  return done && write_row (db, &row, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

static gboolean
tell_in_force (MdLedger *ledger, const MdLedgerInForce *told, GError **error)
{
  MdAudit *audit = NULL;
  MdDb *db = _md_ledger_db_get_writable (ledger, &audit, error);
  Row row = { NULL, 0, 0 };
  g_autoptr (MdLedgerInForce) before = NULL;
  gboolean news = FALSE;

  if (db == NULL || !read_row (db, told, &row, error))
    return FALSE;
  before = row.said;
  news = is_version_news (before, told) || is_refusal_news (before, told);
  if (!news && before == NULL)
    return TRUE; /* it has said nothing */
  if (!news && told->seen >= before->seen && told->seen - before->seen < SEEN_EVERY)
    return TRUE;
  return write_down (db, audit, told, news, error);
}

static GPtrArray *
list_in_force (MdLedger *ledger, GError **error)
{
  g_autoptr (MdDbStatement) query
      = md_db_prepare (_md_ledger_db_get (ledger), COLUMNS " ORDER BY office, terminal", error);

  return query != NULL
             ? md_db_collect (query, read_said, (GDestroyNotify)md_ledger_in_force_free, error)
             : NULL;
}

static GPtrArray *
list_policies (MdLedger *ledger, guint after, GError **error)
{
  return _md_ledger_db_list_policies (_md_ledger_db_get (ledger), after, error);
}

void
_md_ledger_db_offer_in_force (MdLedgerInterface *iface)
{
  iface->list_policies = list_policies;
  iface->tell_in_force = tell_in_force;
  iface->list_in_force = list_in_force;
}

gboolean
md_ledger_tell_in_force (MdLedger *self, const MdLedgerInForce *told, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), FALSE);

  return MD_LEDGER_GET_IFACE (self)->tell_in_force (self, told, error);
}

GPtrArray *
md_ledger_list_in_force (MdLedger *self, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), NULL);

  return MD_LEDGER_GET_IFACE (self)->list_in_force (self, error);
}
