// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-ledger-private.h"

struct _MdLedgerRefusals
{
  MdDb *db;
  MdAudit *audit;
  MdAuditGate *known;     /* of peers that have a name */
  MdAuditGate *strangers; /* of all others; theirs is another allowance */
  gboolean without_room;
};

MdLedgerRefusals *
_md_ledger_refusals_new (MdDb *db, MdAudit *audit)
{
  MdLedgerRefusals *self = g_new0 (MdLedgerRefusals, 1);

  self->db = db;
  self->audit = audit;
  self->known = md_audit_gate_new (audit, md_clock_get_system ());
  self->strangers = md_audit_gate_new (audit, md_clock_get_system ());
  return self;
}

void
_md_ledger_refusals_free (MdLedgerRefusals *self)
{
  if (self == NULL)
    return;
  md_audit_gate_free (self->known);
  md_audit_gate_free (self->strangers);
  g_free (self);
}

/* --- What is kept --- */

static const char *
or_nothing (const char *text)
{
  return text != NULL ? text : "";
}

static MdDbStatement *
prepare_for (MdDb *db, const char *sql, const MdLedgerRefusal *refusal, GError **error)
{
  MdDbStatement *statement = md_db_prepare (db, sql, error);

  if (statement == NULL)
    return NULL;
  md_db_bind_text (statement, 1, or_nothing (refusal->office));
  md_db_bind_text (statement, 2, refusal->terminal);
  md_db_bind_text (statement, 3, or_nothing (refusal->intake));
  md_db_bind_text (statement, 4, or_nothing (refusal->what));
  md_db_bind_text (statement, 5, refusal->code);
  md_db_bind_text (statement, 6, or_nothing (refusal->digest));
  return statement;
}

/* The row of the same thing refused before goes; *OUT_FIRST, *OUT_TIMES: what it said. */
static gboolean
take_out (MdDb *db, const MdLedgerRefusal *refusal, char **out_first, gint64 *out_times,
          GError **error)
{
  g_autoptr (MdDbStatement) statement
      = prepare_for (db,
                     "DELETE FROM ledger_refusals WHERE office = ?1 AND terminal = ?2"
                     " AND intake = ?3 AND what = ?4 AND code = ?5 AND digest = ?6"
                     " RETURNING first, times",
                     refusal, error);
  MdDbStep step;

  if (statement == NULL)
    return FALSE;
  step = md_db_step (statement, error);
  if (step != MD_DB_STEP_ROW)
    return step == MD_DB_STEP_DONE;
  *out_first = md_db_column_dup (statement, 0);
  *out_times = md_db_column_int (statement, 1);
  return md_db_run (statement, error);
}

/* The same thing refused again is one row, and moves to the end: the order is that of the numbers,
 * whatever the clock says. */
static gboolean
keep (MdDb *db, const MdLedgerRefusal *refusal, GError **error)
{
  g_autofree char *now = md_time_format_rfc3339 (md_clock_get_wall_us (md_clock_get_system ()));
  g_autofree char *first = NULL;
  gint64 times = 0;
  g_autoptr (MdDbStatement) statement = NULL;

  if (!take_out (db, refusal, &first, &times, error))
    return FALSE;
  /* Another gateway may have written it meanwhile. */
  statement
      = prepare_for (db,
                     "INSERT INTO ledger_refusals (office, terminal, intake, what, code,"
                     " digest, first, last, times) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
                     " ON CONFLICT (office, terminal, intake, what, code, digest) DO UPDATE"
                     " SET last = excluded.last, times = ledger_refusals.times + 1",
                     refusal, error);
  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 7, first != NULL ? first : now);
  md_db_bind_text (statement, 8, now);
  md_db_bind_int (statement, 9, times + 1);
  return md_db_run (statement, error);
}

/* Each terminal has room of its own: one that is refused all day takes nothing from the others. */
static gboolean
forget (MdDb *db, const MdLedgerRefusal *refusal, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (db,
                       "DELETE FROM ledger_refusals WHERE number IN (SELECT number"
                       " FROM ledger_refusals WHERE office = ?1 AND terminal = ?2"
                       " ORDER BY number DESC LIMIT 1000 OFFSET ?3)",
                       error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 1, or_nothing (refusal->office));
  md_db_bind_text (statement, 2, refusal->terminal);
  md_db_bind_int (statement, 3, MD_LEDGER_MAX_REFUSALS);
  return md_db_run (statement, error);
}

static gboolean
write_down (MdLedgerRefusals *self, const MdLedgerRefusal *refusal, const MdAuditEntry *entry,
            gboolean recorded, GError **error)
{
  /* The chain is what has to survive a power cut. */
  g_autoptr (MdDbTransaction) transaction
      = recorded ? md_db_begin (self->db, error) : md_db_begin_light (self->db, error);

  return transaction != NULL && (!recorded || md_audit_append (self->audit, entry, error))
         && (refusal->terminal == NULL
             || (keep (self->db, refusal, error) && forget (self->db, refusal, error)))
         && md_db_commit (g_steal_pointer (&transaction), error);
}

gboolean
_md_ledger_refusals_note (MdLedgerRefusals *self, const MdLedgerRefusal *refusal,
                          const MdAuditEntry *entry, gboolean *out_recorded, GError **error)
{
  MdAuditGate *gate = refusal->terminal != NULL ? self->known : self->strangers;

  *out_recorded = FALSE;
  if (self->without_room)
    {
      md_audit_gate_count (gate, refusal->terminal, entry, refusal->code);
      return TRUE;
    }
  *out_recorded = md_audit_gate_admit (gate, refusal->terminal, entry, refusal->code);
  return (!*out_recorded && refusal->terminal == NULL)
         || write_down (self, refusal, entry, *out_recorded, error);
}

void
_md_ledger_refusals_set_room (MdLedgerRefusals *self, gboolean room)
{
  self->without_room = !room;
}

void
md_ledger_refusal_free (MdLedgerRefusal *refusal)
{
  if (refusal == NULL)
    return;
  g_free (refusal->office);
  g_free (refusal->terminal);
  g_free (refusal->intake);
  g_free (refusal->what);
  g_free (refusal->code);
  g_free (refusal->digest);
  g_free (refusal->first);
  g_free (refusal->last);
  g_free (refusal);
}

static gpointer
read_refusal (MdDbStatement *row)
{
  MdLedgerRefusal *refusal = g_new0 (MdLedgerRefusal, 1);

  refusal->office = md_db_column_dup (row, 0);
  refusal->terminal = md_db_column_dup (row, 1);
  refusal->intake = md_db_column_dup (row, 2);
  refusal->what = md_db_column_dup (row, 3);
  refusal->code = md_db_column_dup (row, 4);
  refusal->digest = md_db_column_dup (row, 5);
  refusal->first = md_db_column_dup (row, 6);
  refusal->last = md_db_column_dup (row, 7);
  refusal->times = (guint64)md_db_column_int (row, 8);
  refusal->stored = md_db_column_int (row, 9) > 0    ? MD_LEDGER_STORED
                    : md_db_column_int (row, 10) > 0 ? MD_LEDGER_STORED_OTHER
                                                     : MD_LEDGER_STORED_NOT;
  return refusal;
}

#define ITEM_OF_THAT_NAME                                                                          \
  " (SELECT count (*) FROM ledger_items i WHERE i.intake = r.intake AND r.what LIKE"               \
  "  CASE i.n WHEN 1 THEN '%:intake' ELSE '%:decision/' || i.n END"

GPtrArray *
_md_ledger_db_list_refusals (MdDb *db, GError **error)
{
  g_autoptr (MdDbStatement) query = md_db_prepare (
      db,
      "SELECT office, terminal, intake, what, code, digest, first, last, times," ITEM_OF_THAT_NAME
      " AND i.office = r.office AND i.terminal = r.terminal"
      " AND (r.digest = '' OR i.digest = r.digest))," ITEM_OF_THAT_NAME ")"
      " FROM ledger_refusals r ORDER BY number DESC",
      error);

  return query != NULL
             ? md_db_collect (query, read_refusal, (GDestroyNotify)md_ledger_refusal_free, error)
             : NULL;
}

gboolean
_md_ledger_refusals_settle (MdLedgerRefusals *self, gboolean all, GError **error)
{
  gboolean (*settle) (MdAuditGate *, GError **)
      = all ? md_audit_gate_settle_all : md_audit_gate_settle;

  if (self->without_room && !all)
    return TRUE;
  return settle (self->known, error) && settle (self->strangers, error);
}
