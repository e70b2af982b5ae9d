// SPDX-License-Identifier: Apache-2.0
/* What is not needed any more goes when its period is over, by a clock that can be believed. */
#include "md-outbox-private.h"
#include "md-outbox-retain.h"

#define HOUR_MS (3600 * G_GINT64_CONSTANT (1000))
#define DAY_MS (24 * HOUR_MS)

/* What a clock may run ahead of the monotonic one while the service runs, and how long a terminal
 * may have been off, before its clock is doubted. */
#define MOST_AHEAD_MS HOUR_MS
#define MOST_OFF_MS (14 * DAY_MS)
/* How long a doubt lasts that nobody confirms. */
#define DOUBT_MS DAY_MS
/* How long after a jump the gateway's word counts again: what it said last may be from before. */
#define FRESH_MS (10 * 60 * G_GINT64_CONSTANT (1000))
/* How often the time is taken down. */
#define SEEN_EVERY_MS (10 * 60 * G_GINT64_CONSTANT (1000))

/* Rows that go in one commit: no act of a person waits long for it. */
#define PIECE 200

static gboolean
get_meta (MdOutbox *self, const char *name, gint64 *out_number, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare_for (self->db, "SELECT number FROM meta WHERE name = ?1", name, error);
  MdDbStep step = statement != NULL ? md_db_step (statement, error) : MD_DB_STEP_ERROR;

  *out_number = step == MD_DB_STEP_ROW ? md_db_column_int (statement, 0) : -1;
  return step != MD_DB_STEP_ERROR;
}

static gboolean
set_meta (MdOutbox *self, const char *name, gint64 number, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare_for (self->db,
                           "INSERT INTO meta (name, number) VALUES (?1, ?2)"
                           " ON CONFLICT (name) DO UPDATE SET number = excluded.number",
                           name, error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 2, number);
  return md_db_run (statement, error);
}

/* --- The clock --- */

/* Whether more time is gone by this clock than has passed since the last look, or at the first one
 * since it was taken down. A doubt that there is goes on. */
static gboolean
has_jumped (MdOutbox *self, gint64 now, gint64 seen)
{
  const gint64 monotonic = md_clock_get_monotonic_ns (self->clock) / 1000000;
  const gboolean first = self->looked_ms == 0;
  const gint64 passed = monotonic - self->looked_monotonic_ms;
  const gint64 gone = now - self->looked_ms;

  self->looked_ms = now;
  self->looked_monotonic_ms = monotonic;
  if (first ? seen < 0 || now - seen <= MOST_OFF_MS : gone - passed <= MOST_AHEAD_MS)
    return FALSE;
  self->jumped_monotonic_ms = first ? 0 : monotonic;
  return TRUE;
}

/* Whether the gateway's clock was compared after the last jump. */
static gboolean
is_fresh (MdOutbox *self)
{
  return self->jumped_monotonic_ms == 0
         || self->looked_monotonic_ms - self->jumped_monotonic_ms >= FRESH_MS;
}

/* DOUBTED: since when, by this clock; -1: not. */
static gboolean
keep_doubt (MdOutbox *self, gint64 doubted, const char *detail, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  const MdAuditEntry entry = { .event = "clock",
                               .outcome = doubted >= 0 ? MD_AUDIT_FAILED : MD_AUDIT_DONE,
                               .detail = detail };

  return transaction != NULL && set_meta (self, "clock-doubted", doubted, error)
         && md_audit_append (self->audit, &entry, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

/* The time is taken down, never an earlier one while it is believed; after a clock was set back,
 * and in a doubt, the next believed one counts. */
static gboolean
keep_seen (MdOutbox *self, gint64 now, gint64 seen, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = NULL;

  if (seen >= 0 && ABS (now - seen) < SEEN_EVERY_MS)
    return TRUE;
  transaction = md_db_begin_light (self->db, error);
  return transaction != NULL && set_meta (self, "clock-seen", now, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

gboolean
md_outbox_judge_clock (MdOutbox *self, gboolean confirmed, gboolean *out_believed, GError **error)
{
  const gint64 now = _md_outbox_now_ms (self);
  gint64 seen = -1;
  gint64 doubted = -1;
  gboolean jumped;

  *out_believed = FALSE;
  if (!get_meta (self, "clock-seen", &seen, error)
      || !get_meta (self, "clock-doubted", &doubted, error))
    return FALSE;
  jumped = has_jumped (self, now, MAX (seen, doubted));
  confirmed = confirmed && is_fresh (self);
  if (jumped)
    return keep_doubt (self, now, "cause=clock-ahead", error);
  /* A clock that was set back to before the doubt began is put right, as far as anybody knows. */
  if (doubted >= 0 && !confirmed && now >= doubted && now - doubted < DOUBT_MS)
    return TRUE;
  if (doubted >= 0 && !keep_doubt (self, -1, confirmed ? "cause=confirmed" : "cause=waited", error))
    return FALSE;
  *out_believed = keep_seen (self, now, seen, error);
  return *out_believed;
}

gboolean
md_outbox_get_gateway_time (MdOutbox *self, gint64 *out_us, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (self->db,
                       "SELECT receipt_time FROM outbox WHERE state = 'delivered'"
                       " ORDER BY delivered_ms DESC LIMIT 1",
                       error);
  MdDbStep step = statement != NULL ? md_db_step (statement, error) : MD_DB_STEP_ERROR;
  const char *text = step == MD_DB_STEP_ROW ? md_db_column_text (statement, 0) : NULL;

  if (text == NULL || !md_time_parse_rfc3339 (text, out_us, NULL))
    *out_us = 0;
  return step != MD_DB_STEP_ERROR;
}

/* --- What is over --- */

gboolean
md_outbox_set_queue_period (MdOutbox *self, gint64 period_ms, guint policy, GError **error)
{
  gint64 period = -1;
  gint64 version = -1;
  g_autoptr (MdDbTransaction) transaction = NULL;

  if (!get_meta (self, "queue-period", &period, error)
      || !get_meta (self, "queue-policy", &version, error))
    return FALSE;
  if (period == period_ms && version == (gint64)policy)
    return TRUE;
  transaction = md_db_begin (self->db, error);
  return transaction != NULL && set_meta (self, "queue-period", period_ms, error)
         && set_meta (self, "queue-policy", policy, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

/* NULL with ERROR. (transfer full) */
static char *
describe_erasure (MdOutbox *self, GError **error)
{
  g_autofree char *version = NULL;
  gint64 policy = 0;

  if (!md_db_get_int (self->db,
                      "SELECT coalesce ((SELECT number FROM meta WHERE name = 'queue-policy'), 0)",
                      &policy, error))
    return NULL;
  version = md_audit_detail_number ((guint32)policy);
  return g_strdup_printf ("count=1 by=policy version=%s", version);
}

gboolean
_md_outbox_erase (MdOutbox *self, const char *id, GError **error)
{
  g_autoptr (MdDbStatement) payloads = md_db_prepare (
      self->db, "DELETE FROM payload WHERE item IN (SELECT seq FROM outbox WHERE intake = ?1)",
      error);
  g_autoptr (MdDbStatement) intake
      = md_db_prepare (self->db, "UPDATE intake SET erased_ms = ?2 WHERE id = ?1", error);
  g_autofree char *detail = describe_erasure (self, error);
  MdAuditEntry entry
      = { .event = "erase", .outcome = MD_AUDIT_DONE, .object = id, .detail = detail };

  if (detail == NULL || payloads == NULL || intake == NULL)
    return FALSE;
  md_db_bind_text (payloads, 1, id);
  md_db_bind_text (intake, 1, id);
  md_db_bind_int (intake, 2, _md_outbox_now_ms (self));
  self->erased = TRUE;
  return md_db_run (payloads, error) && md_db_run (intake, error)
         && md_audit_append (self->audit, &entry, error);
}

gboolean
_md_outbox_sweep_kept (MdOutbox *self, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (self->db,
                       "SELECT i.id FROM intake i WHERE i.kept_ms > 0 AND i.kept_ms <= ?1"
                       " AND i.erased_ms IS NULL AND i.state = 'rejected'",
                       error);
  g_autoptr (GPtrArray) ids = NULL;

  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 1, _md_outbox_now_ms (self));
  ids = md_db_collect (statement, md_db_read_text, g_free, error);
  for (guint i = 0; ids != NULL && i < ids->len; i++)
    {
      gboolean finished = FALSE;

      if (!_md_outbox_is_finished (self, ids->pdata[i], &finished, error)
          || (finished && !_md_outbox_erase (self, ids->pdata[i], error)))
        return FALSE;
    }
  return ids != NULL;
}

static gboolean
record (MdOutbox *self, const char *kind, guint count, guint policy, GError **error)
{
  g_autofree char *version = md_audit_detail_number (policy);
  g_autofree char *detail
      = g_strdup_printf ("kind=%s count=%u by=policy version=%s", kind, count, version);
  const MdAuditEntry entry = { .event = "erase", .outcome = MD_AUDIT_DONE, .detail = detail };

  self->erased = TRUE;
  return md_audit_append (self->audit, &entry, error);
}

/* Applications that were left when their last receipt came. */
static gboolean
sweep_queue (MdOutbox *self, guint *out_erased, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (self->db,
                       "SELECT id FROM intake WHERE erased_ms IS NULL"
                       " AND state IN ('approved', 'returned', 'rejected', 'withdrawn')",
                       error);
  g_autoptr (GPtrArray) ids
      = statement != NULL ? md_db_collect (statement, md_db_read_text, g_free, error) : NULL;

  for (guint i = 0; ids != NULL && i < ids->len; i++)
    {
      g_autoptr (MdDbTransaction) transaction = NULL;
      gboolean finished = FALSE;

      /* Looked at before the writing begins, because mostly there is nothing to write. */
      if (!_md_outbox_is_finished (self, ids->pdata[i], &finished, error))
        return FALSE;
      if (!finished)
        continue;
      transaction = md_db_begin (self->db, error);
      if (transaction == NULL || !_md_outbox_is_finished (self, ids->pdata[i], &finished, error)
          || (finished && !_md_outbox_erase (self, ids->pdata[i], error))
          || !md_db_commit (g_steal_pointer (&transaction), error))
        return FALSE;
      *out_erased += finished ? 1 : 0;
    }
  return ids != NULL;
}

/* Texts of notices that were dealt with; not of one that says since when a letter does not hold. */
static gboolean
sweep_notices (MdOutbox *self, const MdOutboxOver *over, guint *out_erased, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  g_autoptr (MdDbStatement) statement = NULL;
  guint erased = 0;

  if (transaction == NULL)
    return FALSE;
  statement = md_db_prepare (
      self->db,
      "UPDATE notice SET body = x'' WHERE number IN (SELECT n.number FROM notice n"
      " JOIN intake i ON i.id = n.intake WHERE length (n.body) > 0"
      " AND coalesce (n.read_ms, (SELECT r.submitted_ms FROM intake r WHERE r.id = i.replaced_by))"
      "  <= ?1"
      " AND NOT EXISTS (SELECT 1 FROM letter l WHERE l.intake IN (i.id, i.cites)) LIMIT ?2)",
      error);
  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 1, over->notice_us / 1000);
  md_db_bind_int (statement, 2, PIECE);
  if (!md_db_run (statement, error))
    return FALSE;
  erased = (guint)md_db_changes (self->db);
  *out_erased += erased;
  return erased == 0
         || (record (self, "notice", erased, over->policy, error)
             && md_db_commit (g_steal_pointer (&transaction), error));
}

/* Of applications that are erased, or were never taken in, everything has its receipt, and nothing
 * here refers to them any more. Of each serial the highest receipt number stays: none is given
 * twice. */
static GPtrArray *
list_work_records (MdOutbox *self, const MdOutboxOver *over, GError **error)
{
  g_autofree char *before = md_time_format_rfc3339 (over->work_record_us);
  g_autoptr (MdDbStatement) statement = md_db_prepare_for (
      self->db,
      "SELECT i.id FROM (SELECT id FROM intake WHERE erased_ms IS NOT NULL AND erased_ms <= ?2"
      "  UNION ALL SELECT id FROM intake WHERE state = 'abandoned' AND time <= ?1) over"
      " JOIN intake i ON i.id = over.id WHERE"
      " NOT EXISTS (SELECT 1 FROM outbox o WHERE o.intake = i.id AND o.state <> 'delivered')"
      " AND NOT EXISTS (SELECT 1 FROM letter l WHERE l.intake = i.id)"
      " AND NOT EXISTS (SELECT 1 FROM draft d WHERE d.intake = i.id)"
      " AND NOT EXISTS (SELECT 1 FROM intake c WHERE c.cites = i.id)"
      " AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.intake = i.id AND length (n.body) > 0)"
      " AND EXISTS (SELECT 1 FROM intake h WHERE h.receipt_number > i.receipt_number"
      "  AND h.receipt_number < substr (i.receipt_number, 1, 3) || '.') LIMIT ?3",
      before, error);

  if (statement == NULL)
    return NULL;
  md_db_bind_int (statement, 2, over->work_record_us / 1000);
  md_db_bind_int (statement, 3, PIECE);
  return md_db_collect (statement, md_db_read_text, g_free, error);
}

static gboolean
erase_work_record (MdOutbox *self, const char *id, GError **error)
{
  static const char *const statements[] = {
    "UPDATE notice SET intake = NULL WHERE intake = ?1",
    "DELETE FROM payload WHERE item IN (SELECT seq FROM outbox WHERE intake = ?1)",
    "DELETE FROM outbox WHERE intake = ?1",
    "DELETE FROM hold WHERE intake = ?1",
    "DELETE FROM named WHERE intake = ?1",
    "DELETE FROM intake WHERE id = ?1",
  };

  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      g_autoptr (MdDbStatement) statement = md_db_prepare_for (self->db, statements[i], id, error);

      if (statement == NULL || !md_db_run (statement, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
sweep_work_records (MdOutbox *self, const MdOutboxOver *over, guint *out_erased, GError **error)
{
  g_autoptr (GPtrArray) ids = list_work_records (self, over, error);
  g_autoptr (MdDbTransaction) transaction = NULL;

  if (ids == NULL || ids->len == 0)
    return ids != NULL;
  transaction = md_db_begin (self->db, error);
  if (transaction == NULL)
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    if (!erase_work_record (self, ids->pdata[i], error))
      return FALSE;
  *out_erased += ids->len;
  return record (self, "work-record", ids->len, over->policy, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

gboolean
md_outbox_sweep_over (MdOutbox *self, const MdOutboxOver *over, guint *out_erased, GError **error)
{
  *out_erased = 0;
  return sweep_queue (self, out_erased, error)
         && (over->notice_us <= 0 || sweep_notices (self, over, out_erased, error))
         && (over->work_record_us <= 0 || sweep_work_records (self, over, out_erased, error));
}
