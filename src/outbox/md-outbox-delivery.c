// SPDX-License-Identifier: Apache-2.0
#include <glib/gi18n.h>

#include "md-outbox-delivery.h"
#include "md-outbox-private.h"

#include <string.h>

/* No wait is ever this long: a later due time means that the clock was set back, and the item is
 * due now. */
#define LONGEST_WAIT_MS (20 * 60 * G_GINT64_CONSTANT (1000))

#define ITEM_COLUMNS                                                                               \
  "o.seq, o.intake, o.n, o.digest, o.size, o.attempts, i.receipt_number,"                          \
  " iif (o.parked_by IS NOT NULL AND o.state <> 'sending', 'parked', o.state), o.created,"         \
  " o.due_ms, o.last_error, i.deferred, o.urgent, o.parked_by, o.parked_reason, o.parked"

/* The order per intake: an item waits for all before it. What takes another up again waits for all
 * of that, since the back office would read it as the first. And what changes a letter waits for
 * what was handed in by it before: the gateway takes nothing by what was changed. What the gateway
 * refused does not hold it up. */
#define NONE_BEFORE                                                                                \
  " NOT EXISTS (SELECT 1 FROM outbox b WHERE b.intake = o.intake AND b.n < o.n"                    \
  "  AND b.state <> 'delivered')"                                                                  \
  " AND NOT EXISTS (SELECT 1 FROM intake a JOIN outbox b ON b.intake = a.replaces"                 \
  "  WHERE a.id = o.intake AND b.state IN ('waiting', 'sending')"                                  \
  "  AND NOT EXISTS (SELECT 1 FROM outbox q WHERE q.intake = b.intake AND q.n < b.n"               \
  "   AND q.state = 'quarantined'))"                                                               \
  " AND (o.n = 1 OR NOT EXISTS (SELECT 1 FROM intake a JOIN intake c ON c.cites = a.cites"         \
  "  JOIN outbox b ON b.intake = c.id WHERE a.id = o.intake AND a.changes = 1 AND c.id <> a.id"    \
  "  AND b.n = 1 AND b.seq < o.seq AND b.state IN ('waiting', 'sending')))"

#define RETRY(which)                                                                               \
  "SELECT " ITEM_COLUMNS " FROM outbox o JOIN intake i ON i.id = o.intake"                         \
  " WHERE o.state = 'waiting' AND o.fresh = 0 AND o.parked_by IS NULL" which                       \
  " AND (o.due_ms <= ?1 OR o.due_ms > ?2) AND o.size <= ?3 AND o.n >= ?4 AND" NONE_BEFORE          \
  " ORDER BY o.due_ms, o.seq LIMIT 1"

#define FRESH(which)                                                                               \
  "SELECT " ITEM_COLUMNS " FROM outbox o JOIN intake i ON i.id = o.intake"                         \
  " WHERE o.state = 'waiting' AND o.fresh = 1 AND o.parked_by IS NULL" which                       \
  " AND ?1 = ?1 AND ?2 = ?2 AND o.size <= ?3 AND o.n >= ?4 AND" NONE_BEFORE                        \
  " ORDER BY o.seq LIMIT 1"

/* So many urgent items go one after the other while something else waits; then it is that one's
 * turn. An even number, so that the turn is not always the same end's. */
#define URGENT_RUN 4u

#define N_ENDS 2
static const char *const urgent_queries[N_ENDS] = {
  [MD_OUTBOX_FRESH] = FRESH (" AND o.urgent = 1"),
  [MD_OUTBOX_RETRY] = RETRY (" AND o.urgent = 1"),
};
static const char *const other_queries[N_ENDS] = {
  [MD_OUTBOX_FRESH] = FRESH (" AND o.urgent = 0"),
  [MD_OUTBOX_RETRY] = RETRY (" AND o.urgent = 0"),
};

void
md_outbox_item_free (MdOutboxItem *item)
{
  if (item == NULL)
    return;
  g_free (item->intake);
  g_free (item->item);
  g_clear_pointer (&item->body, g_bytes_unref);
  g_free (item->digest);
  g_free (item->receipt_number);
  g_free (item->state);
  g_free (item->created);
  g_free (item->next_try);
  g_free (item->last_error);
  g_free (item->parked_by);
  g_free (item->parked_reason);
  g_free (item->parked);
  g_free (item->medium);
  g_free (item);
}

static gpointer
read_item (MdDbStatement *statement)
{
  MdOutboxItem *item = g_new0 (MdOutboxItem, 1);

  item->sequence = md_db_column_int (statement, 0);
  item->intake = md_db_column_dup (statement, 1);
  item->n = (guint)md_db_column_int (statement, 2);
  item->item = item->n == 1 ? g_strdup ("intake") : g_strdup_printf ("decision/%u", item->n);
  item->digest = md_db_column_dup (statement, 3);
  item->size = (gsize)md_db_column_int (statement, 4);
  item->attempts = (guint)md_db_column_int (statement, 5);
  item->receipt_number = md_db_column_dup (statement, 6);
  item->state = md_db_column_dup (statement, 7);
  item->created = md_db_column_dup (statement, 8);
  item->next_try = md_time_format_rfc3339 (md_db_column_int (statement, 9) * 1000);
  item->last_error = md_db_column_dup (statement, 10);
  item->deferred = md_db_column_int (statement, 11) != 0;
  item->urgent = md_db_column_int (statement, 12) != 0;
  item->parked_by = md_db_column_dup (statement, 13);
  item->parked_reason = md_db_column_dup (statement, 14);
  item->parked = md_db_column_dup (statement, 15);
  return item;
}

gboolean
_md_outbox_read_body (MdOutbox *self, MdOutboxItem *item, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (self->db, "SELECT body FROM payload WHERE item = ?1", error);
  g_autofree char *digest = NULL;

  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 1, item->sequence);
  switch (md_db_step (statement, error))
    {
    case MD_DB_STEP_ROW:
      item->body = md_db_column_bytes (statement, 0);
      digest = md_audit_digest (item->body);
      if (strcmp (digest, item->digest) == 0)
        return TRUE;
      g_set_error (error, MD_DB_ERROR, MD_DB_ERROR_CORRUPT,
                   _ ("The sealed data of application %s is damaged in the database. Call the "
                      "administrator."),
                   item->receipt_number);
      return FALSE;
    case MD_DB_STEP_DONE:
      g_set_error (error, MD_DB_ERROR, MD_DB_ERROR_CORRUPT,
                   _ ("The sealed data of application %s is missing from the database. Call the "
                      "administrator."),
                   item->receipt_number);
      return FALSE;
    case MD_DB_STEP_ERROR:
    default:
      return FALSE;
    }
}

static gboolean
pick_by (MdOutbox *self, const char *query, const MdOutboxWant *want, MdOutboxItem **out_item,
         GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (self->db, query, error);
  gint64 now = _md_outbox_now_ms (self);
  MdDbStep step;

  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 1, now);
  md_db_bind_int (statement, 2, now + LONGEST_WAIT_MS);
  md_db_bind_int (statement, 3, (gint64)MIN (want->largest, (gsize)G_MAXINT64));
  md_db_bind_int (statement, 4, want->decisions ? 2 : 1);
  step = md_db_step (statement, error);
  if (step == MD_DB_STEP_ROW)
    *out_item = read_item (statement);
  return step != MD_DB_STEP_ERROR;
}

/* Urgent before all that is not, from whichever end, until it is the turn of what is not. */
static gboolean
pick (MdOutbox *self, const MdOutboxWant *want, MdOutboxItem **out_item, GError **error)
{
  const MdOutboxPick which = want->pick;
  const MdOutboxPick end = which == MD_OUTBOX_FRESH ? MD_OUTBOX_RETRY : MD_OUTBOX_FRESH;
  const char *const urgent_first[]
      = { urgent_queries[which], urgent_queries[end], other_queries[which] };
  const char *const other_first[]
      = { other_queries[which], urgent_queries[which], urgent_queries[end] };
  const char *const *queries = self->urgent_run < URGENT_RUN ? urgent_first : other_first;

  *out_item = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (urgent_first) && *out_item == NULL; i++)
    if (!pick_by (self, queries[i], want, out_item, error))
      return FALSE;
  return TRUE;
}

static gboolean
lease (MdOutbox *self, const MdOutboxItem *item, gint64 lease_ms, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (
      self->db, "UPDATE outbox SET state = 'sending', lease_ms = ?2 WHERE seq = ?1", error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 1, item->sequence);
  md_db_bind_int (statement, 2, _md_outbox_now_ms (self) + lease_ms);
  return md_db_run (statement, error);
}

gboolean
md_outbox_renew_lease (MdOutbox *self, const MdOutboxItem *item, gint64 lease_ms, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin_light (self->db, error);
  g_autoptr (MdDbStatement) statement = NULL;

  if (transaction == NULL)
    return FALSE;
  statement = md_db_prepare (self->db,
                             "UPDATE outbox SET state = 'sending', lease_ms = ?2"
                             " WHERE seq = ?1 AND state IN ('waiting', 'sending')",
                             error);
  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 1, item->sequence);
  md_db_bind_int (statement, 2, _md_outbox_now_ms (self) + lease_ms);
  return md_db_run (statement, error) && md_db_commit (g_steal_pointer (&transaction), error);
}

static gboolean
find_ended_lease (MdOutbox *self, gint64 now, gboolean *out_found, GError **error)
{
  g_autoptr (MdDbStatement) look = md_db_prepare (
      self->db,
      "SELECT 1 FROM outbox WHERE state = 'sending' AND (lease_ms <= ?1 OR lease_ms > ?2)", error);
  MdDbStep step;

  if (look == NULL)
    return FALSE;
  md_db_bind_int (look, 1, now);
  md_db_bind_int (look, 2, now + LONGEST_WAIT_MS);
  step = md_db_step (look, error);
  *out_found = step == MD_DB_STEP_ROW;
  return step != MD_DB_STEP_ERROR;
}

/* Leases that ran out. Looked for first, because mostly there is nothing to write; and that look is
 * over before the writing begins, because SQLite waits for nobody where one reads already. */
static gboolean
expire_leases (MdOutbox *self, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = NULL;
  g_autoptr (MdDbStatement) statement = NULL;
  const gint64 now = _md_outbox_now_ms (self);
  gboolean found = FALSE;

  if (!find_ended_lease (self, now, &found, error))
    return FALSE;
  if (!found)
    return TRUE;
  transaction = md_db_begin_light (self->db, error);
  if (transaction == NULL)
    return FALSE;
  statement = md_db_prepare (self->db,
                             "UPDATE outbox SET state = 'waiting', fresh = 0, due_ms = ?1"
                             " WHERE state = 'sending' AND (lease_ms <= ?1 OR lease_ms > ?2)",
                             error);
  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 1, now);
  md_db_bind_int (statement, 2, now + LONGEST_WAIT_MS);
  return md_db_run (statement, error) && md_db_commit (g_steal_pointer (&transaction), error);
}

/* The next item in *OUT_ITEM, also where its contents cannot be read: MD_DB_ERROR_CORRUPT then. */
static gboolean
claim_next (MdOutbox *self, const MdOutboxWant *want, gint64 lease_ms, MdOutboxItem **out_item,
            GError **error)
{
  g_autoptr (MdDbTransaction) transaction = NULL;

  if (!pick (self, want, out_item, error))
    return FALSE;
  if (*out_item == NULL)
    return TRUE;
  g_clear_pointer (out_item, md_outbox_item_free);
  /* Asked again inside the transaction: the first look only spares the writing when there is
   * nothing. */
  transaction = md_db_begin_light (self->db, error);
  if (transaction == NULL || !pick (self, want, out_item, error))
    return FALSE;
  return *out_item == NULL
         || (_md_outbox_read_body (self, *out_item, error)
             && lease (self, *out_item, lease_ms, error)
             && md_db_commit (g_steal_pointer (&transaction), error));
}

gboolean
md_outbox_claim (MdOutbox *self, MdOutboxPick which, gint64 lease_ms, MdOutboxItem **out_item,
                 GError **error)
{
  const MdOutboxWant want = { .pick = which, .largest = G_MAXSIZE };

  return md_outbox_claim_wanted (self, &want, lease_ms, out_item, error);
}

gboolean
md_outbox_claim_wanted (MdOutbox *self, const MdOutboxWant *want, gint64 lease_ms,
                        MdOutboxItem **out_item, GError **error)
{
  *out_item = NULL;
  if (want->pick == MD_OUTBOX_RETRY && !expire_leases (self, error))
    return FALSE;
  while (TRUE)
    {
      g_autoptr (MdOutboxItem) item = NULL;
      g_autoptr (GError) local = NULL;

      if (claim_next (self, want, lease_ms, &item, &local))
        {
          if (item != NULL)
            self->urgent_run = item->urgent ? self->urgent_run + 1 : 0;
          *out_item = g_steal_pointer (&item);
          return TRUE;
        }
      /* One that is damaged here does not hold up those behind it. */
      if (item == NULL || !g_error_matches (local, MD_DB_ERROR, MD_DB_ERROR_CORRUPT)
          || !md_outbox_quarantine (self, item, "payload-damaged", local->message, NULL))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }
}

gboolean
md_outbox_next_due (MdOutbox *self, gint64 *out_wait_ms, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (
      self->db,
      "SELECT min (x) FROM ("
      "SELECT * FROM (SELECT 0 AS x FROM outbox o WHERE o.state = 'waiting' AND o.fresh = 1"
      " AND o.parked_by IS NULL AND" NONE_BEFORE " LIMIT 1) UNION ALL "
      "SELECT * FROM (SELECT o.due_ms FROM outbox o WHERE o.state = 'waiting' AND o.fresh = 0"
      " AND o.parked_by IS NULL AND" NONE_BEFORE " ORDER BY o.due_ms LIMIT 1) UNION ALL "
      "SELECT min (lease_ms) FROM outbox WHERE state = 'sending')",
      error);
  gint64 due, now = _md_outbox_now_ms (self);

  if (statement == NULL)
    return FALSE;
  if (md_db_step (statement, error) != MD_DB_STEP_ROW)
    return FALSE;
  due = md_db_column_int (statement, 0);
  if (md_db_column_text (statement, 0) == NULL)
    *out_wait_ms = -1;
  else if (due > now + LONGEST_WAIT_MS)
    *out_wait_ms = 0;
  else
    *out_wait_ms = MAX (due - now, 0);
  return TRUE;
}

static gboolean
run_alone (MdOutbox *self, const char *sql, gint64 value, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin_light (self->db, error);
  g_autoptr (MdDbStatement) statement = NULL;

  if (transaction == NULL)
    return FALSE;
  statement = md_db_prepare (self->db, sql, error);
  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 1, value);
  return md_db_run (statement, error) && md_db_commit (g_steal_pointer (&transaction), error);
}

gboolean
md_outbox_hurry (MdOutbox *self, GError **error)
{
  return run_alone (
      self,
      "UPDATE outbox SET due_ms = ?1, fresh = iif (state = 'waiting', fresh, 0),"
      " state = 'waiting' WHERE state IN ('waiting', 'quarantined') AND parked_by IS NULL",
      _md_outbox_now_ms (self), error);
}

gboolean
md_outbox_release_leases (MdOutbox *self, GError **error)
{
  return run_alone (self,
                    "UPDATE outbox SET state = 'waiting', due_ms = ?1 WHERE state = 'sending'",
                    _md_outbox_now_ms (self), error);
}

/* The item's state word in the database, NULL with an error when it is gone. */
static char *
read_state (MdOutbox *self, const MdOutboxItem *item, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (self->db, "SELECT state FROM outbox WHERE seq = ?1", error);
  MdDbStep step;

  if (statement == NULL)
    return NULL;
  md_db_bind_int (statement, 1, item->sequence);
  step = md_db_step (statement, error);
  if (step == MD_DB_STEP_ROW)
    return md_db_column_dup (statement, 0);
  if (step == MD_DB_STEP_DONE)
    g_set_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN, "no queue item %" G_GINT64_FORMAT,
                 item->sequence);
  return NULL;
}

static gboolean
store_receipt (MdOutbox *self, const MdOutboxItem *item, const MdOutboxReceipt *receipt,
               GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (self->db,
                       "UPDATE outbox SET state = 'delivered', receipt = ?2, receipt_sequence = ?3,"
                       " receipt_time = ?4, delivered_ms = ?5, last_error = NULL WHERE seq = ?1",
                       error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 1, item->sequence);
  md_db_bind_bytes (statement, 2, receipt->receipt);
  md_db_bind_int (statement, 3, (gint64)receipt->sequence);
  md_db_bind_text (statement, 4, receipt->time);
  md_db_bind_int (statement, 5, _md_outbox_now_ms (self));
  return md_db_run (statement, error);
}

/* Decided, everything has its receipt for as long as the policy keeps it then, and what was
 * returned is taken up again or withdrawn: whoever withdraws it signs over the sealed application.
 * A receipt from a clock that was set back since is old enough. */
gboolean
_md_outbox_is_finished (MdOutbox *self, const char *intake, gboolean *out_finished, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (
      self->db,
      "SELECT i.state NOT IN ('reserved', 'received')"
      " AND NOT (i.state = 'returned' AND i.replaced_by IS NULL)"
      " AND coalesce (i.kept_ms, 0) <= ?2"
      " AND NOT EXISTS (SELECT 1 FROM meta p JOIN outbox r ON r.intake = i.id"
      "  WHERE p.name = 'queue-period' AND r.delivered_ms + p.number > ?2"
      "  AND r.delivered_ms <= ?2)"
      " AND NOT EXISTS (SELECT 1 FROM outbox o"
      " WHERE o.intake = i.id AND o.state <> 'delivered') FROM intake i WHERE i.id = ?1",
      error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 1, intake);
  md_db_bind_int (statement, 2, _md_outbox_now_ms (self));
  if (md_db_step (statement, error) != MD_DB_STEP_ROW)
    return FALSE;
  *out_finished = md_db_column_int (statement, 0) != 0;
  return TRUE;
}

gboolean
md_outbox_acknowledge (MdOutbox *self, const MdOutboxItem *item, const MdOutboxReceipt *receipt,
                       gboolean *out_erased, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  g_autofree char *state = NULL;
  g_autofree char *detail = g_strdup_printf ("item=%s", item->item);
  gboolean finished = FALSE;
  MdAuditEntry entry = { .event = "deliver",
                         .outcome = MD_AUDIT_DONE,
                         .object = item->intake,
                         .digest = item->digest,
                         .detail = detail,
                         .peer_time = receipt->time };

  if (transaction == NULL)
    return FALSE;
  state = read_state (self, item, error);
  if (state == NULL)
    return FALSE;
  if (g_str_equal (state, "delivered"))
    {
      if (out_erased != NULL)
        *out_erased = FALSE;
      return TRUE;
    }
  if (!store_receipt (self, item, receipt, error) || !md_audit_append (self->audit, &entry, error)
      || !_md_outbox_is_finished (self, item->intake, &finished, error)
      || (finished && !_md_outbox_erase (self, item->intake, error))
      || !md_db_commit (g_steal_pointer (&transaction), error))
    return FALSE;
  if (out_erased != NULL)
    *out_erased = finished;
  return TRUE;
}

gboolean
md_outbox_put_back (MdOutbox *self, const MdOutboxItem *item, gint64 delay_ms, gboolean counts,
                    const char *why, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin_light (self->db, error);
  g_autoptr (MdDbStatement) statement = NULL;

  if (transaction == NULL)
    return FALSE;
  statement = md_db_prepare (
      self->db,
      "UPDATE outbox SET state = 'waiting', fresh = 0, attempts = attempts + ?2, due_ms = ?3,"
      " last_error = ?4 WHERE seq = ?1 AND state = 'sending'",
      error);
  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 1, item->sequence);
  md_db_bind_int (statement, 2, counts ? 1 : 0);
  md_db_bind_int (statement, 3, _md_outbox_now_ms (self) + CLAMP (delay_ms, 0, LONGEST_WAIT_MS));
  md_db_bind_text (statement, 4, why);
  return md_db_run (statement, error) && md_db_commit (g_steal_pointer (&transaction), error);
}

gboolean
md_outbox_quarantine (MdOutbox *self, const MdOutboxItem *item, const char *code, const char *why,
                      GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  g_autoptr (MdDbStatement) statement = NULL;
  g_autofree char *detail = g_strdup_printf ("item=%s code=%s", item->item,
                                             md_audit_detail_is_clean (code) ? code : "unclear");
  MdAuditEntry entry = { .event = "deliver",
                         .outcome = MD_AUDIT_FAILED,
                         .object = item->intake,
                         .digest = item->digest,
                         .detail = detail };

  if (transaction == NULL)
    return FALSE;
  statement = md_db_prepare (
      self->db,
      "UPDATE outbox SET state = 'quarantined', attempts = attempts + 1, last_error = ?2"
      " WHERE seq = ?1 AND state <> 'delivered'",
      error);
  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 1, item->sequence);
  md_db_bind_text (statement, 2, why);
  return md_db_run (statement, error) && md_audit_append (self->audit, &entry, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

static gpointer
read_listed (MdDbStatement *statement)
{
  MdOutboxItem *item = read_item (statement);

  item->medium = md_db_column_dup (statement, 16);
  item->behind = md_db_column_int (statement, 17) != 0;
  return item;
}

GPtrArray *
md_outbox_list_queue (MdOutbox *self, guint limit, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (
      self->db,
      "SELECT " ITEM_COLUMNS ", (SELECT x.medium FROM medium_item m"
      "  JOIN medium_bundle x ON x.id = m.bundle WHERE m.intake = o.intake AND m.n = o.n"
      "  AND x.state IN ('written', 'returned') ORDER BY x.id DESC LIMIT 1),"
      " EXISTS (SELECT 1 FROM outbox b WHERE b.intake = o.intake AND b.n < o.n"
      "  AND b.state = 'quarantined')"
      " FROM outbox o JOIN intake i ON i.id = o.intake"
      " WHERE o.state <> 'delivered' ORDER BY o.seq LIMIT ?1",
      error);

  if (statement == NULL)
    return NULL;
  md_db_bind_int (statement, 1, limit);
  return md_db_collect (statement, read_listed, (GDestroyNotify)md_outbox_item_free, error);
}
