// SPDX-License-Identifier: Apache-2.0
#include <glib/gi18n.h>

#include "md-outbox-intake.h"
#include "md-outbox-private.h"

#define DAY_MS (24 * 3600 * G_GINT64_CONSTANT (1000))
#define JAPAN_MS (9 * 3600 * G_GINT64_CONSTANT (1000))

void
md_outbox_intake_free (MdOutboxIntake *intake)
{
  if (intake == NULL)
    return;
  g_free (intake->id);
  g_free (intake->receipt_number);
  g_free (intake->procedure);
  g_free (intake->clerk);
  g_free (intake->time);
  g_free (intake->boot_id);
  g_free (intake->owner);
  g_clear_pointer (&intake->nonce, g_bytes_unref);
  g_free (intake->nonce_state);
  g_free (intake->container_sha256);
  g_free (intake->manifest_sha256);
  g_free (intake->signature_sha256);
  g_free (intake->decided_by);
  g_free (intake->checked_by);
  g_free (intake->checked);
  g_free (intake->reason_code);
  g_free (intake->replaces);
  g_free (intake->replaced_by);
  g_free (intake);
}

#define INTAKE_COLUMNS                                                                             \
  "i.id, i.receipt_number, i.procedure, i.clerk, i.policy_version, i.time, i.monotonic_ns,"        \
  " i.boot_id, i.nonce, i.nonce_state, i.state, i.container_sha256, i.manifest_sha256,"            \
  " i.signature_sha256, i.next_n, i.decided_by, i.reason_code, i.size, i.erased_ms IS NOT NULL,"   \
  " (SELECT count (*) FROM outbox o WHERE o.intake = i.id),"                                       \
  " (SELECT count (*) FROM outbox o WHERE o.intake = i.id AND o.state = 'quarantined'),"           \
  " (SELECT count (*) FROM outbox o WHERE o.intake = i.id AND o.state = 'sending'),"               \
  " (SELECT count (*) FROM outbox o WHERE o.intake = i.id AND o.state = 'waiting'),"               \
  " i.replaces, i.replaced_by, i.deferred, i.differences, i.number_blank, i.released,"             \
  " (SELECT coalesce (max (n.number), 0) FROM notice n WHERE n.intake = i.id),"                    \
  " i.checked_by, i.checked, i.owner,"                                                             \
  " (SELECT count (*) FROM outbox o WHERE o.intake = i.id AND o.parked_by IS NOT NULL"             \
  "   AND o.state IN ('waiting', 'quarantined'))"

static MdDeliveryState
read_delivery (MdDbStatement *statement)
{
  if (md_db_column_int (statement, 19) == 0)
    return MD_DELIVERY_NONE;
  if (md_db_column_int (statement, 18) != 0)
    return MD_DELIVERY_ERASED;
  if (md_db_column_int (statement, 33) > 0)
    return MD_DELIVERY_PARKED;
  if (md_db_column_int (statement, 20) > 0)
    return MD_DELIVERY_QUARANTINED;
  if (md_db_column_int (statement, 21) > 0)
    return MD_DELIVERY_SENDING;
  if (md_db_column_int (statement, 22) > 0)
    return MD_DELIVERY_WAITING;
  return MD_DELIVERY_DELIVERED;
}

static gpointer
read_intake (MdDbStatement *statement)
{
  MdOutboxIntake *intake = g_new0 (MdOutboxIntake, 1);

  intake->id = md_db_column_dup (statement, 0);
  intake->receipt_number = md_db_column_dup (statement, 1);
  intake->procedure = md_db_column_dup (statement, 2);
  intake->clerk = md_db_column_dup (statement, 3);
  intake->policy_version = (guint)md_db_column_int (statement, 4);
  intake->time = md_db_column_dup (statement, 5);
  intake->monotonic_ns = md_db_column_int (statement, 6);
  intake->boot_id = md_db_column_dup (statement, 7);
  intake->nonce = md_db_column_bytes (statement, 8);
  intake->nonce_state = md_db_column_dup (statement, 9);
  /* The schema holds the words to the list. */
  if (!md_intake_state_from_string (md_db_column_text (statement, 10), &intake->state))
    g_assert_not_reached ();
  intake->container_sha256 = md_db_column_dup (statement, 11);
  intake->manifest_sha256 = md_db_column_dup (statement, 12);
  intake->signature_sha256 = md_db_column_dup (statement, 13);
  intake->next_n = (guint)md_db_column_int (statement, 14);
  intake->decided_by = md_db_column_dup (statement, 15);
  intake->reason_code = md_db_column_dup (statement, 16);
  intake->size = (gsize)md_db_column_int (statement, 17);
  intake->delivery = read_delivery (statement);
  intake->replaces = md_db_column_dup (statement, 23);
  intake->replaced_by = md_db_column_dup (statement, 24);
  intake->deferred = md_db_column_int (statement, 25) != 0;
  intake->confirm.differences = (guint)md_db_column_int (statement, 26);
  intake->confirm.number_blank = md_db_column_int (statement, 27) != 0;
  intake->confirm.released = (guint)md_db_column_int (statement, 28);
  intake->notice = (guint)md_db_column_int (statement, 29);
  intake->checked_by = md_db_column_dup (statement, 30);
  intake->checked = md_db_column_dup (statement, 31);
  intake->owner = md_db_column_dup (statement, 32);
  return intake;
}

MdOutboxIntake *
md_outbox_get (MdOutbox *self, const char *id, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare_for (
      self->db, "SELECT " INTAKE_COLUMNS " FROM intake i WHERE i.id = ?1", id, error);
  MdDbStep step;

  if (statement == NULL)
    return NULL;
  step = md_db_step (statement, error);
  if (step == MD_DB_STEP_ROW)
    return read_intake (statement);
  if (step == MD_DB_STEP_DONE)
    g_set_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN,
                 _ ("This terminal does not know the intake %s. Look for its receipt number in the "
                    "list."),
                 id);
  return NULL;
}

GBytes *
md_outbox_get_container (MdOutbox *self, const char *id, GError **error)
{
  return md_outbox_get_body (self, id, 1, error);
}

GBytes *
md_outbox_get_body (MdOutbox *self, const char *id, guint n, GError **error)
{
  g_autoptr (MdOutboxIntake) intake = md_outbox_get (self, id, error);
  g_autoptr (MdDbStatement) statement = NULL;
  MdDbStep step;

  if (intake == NULL)
    return NULL;
  statement = md_db_prepare (self->db,
                             "SELECT p.body FROM payload p JOIN outbox o ON o.seq = p.item"
                             " WHERE o.intake = ?1 AND o.n = ?2",
                             error);
  if (statement == NULL)
    return NULL;
  md_db_bind_text (statement, 1, id);
  md_db_bind_int (statement, 2, n);
  step = md_db_step (statement, error);
  if (step == MD_DB_STEP_ROW)
    return md_db_column_bytes (statement, 0);
  if (step == MD_DB_STEP_DONE && intake->delivery == MD_DELIVERY_ERASED)
    g_set_error (
        error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_ERASED,
        _ ("Application %s is with the back office, and this terminal's copy was erased. Ask the "
           "back office for it."),
        intake->receipt_number);
  else if (step == MD_DB_STEP_DONE)
    g_set_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE,
                 _ ("Application %s has not been submitted yet."), intake->receipt_number);
  return NULL;
}

static const char *const list_queries[] = {
  [MD_OUTBOX_LIST_ALL]
  = "SELECT " INTAKE_COLUMNS " FROM intake i WHERE ?1 = ?1 ORDER BY i.id DESC LIMIT ?2",
  [MD_OUTBOX_LIST_TODAY] = "SELECT " INTAKE_COLUMNS
                           " FROM intake i WHERE i.submitted_ms >= ?1 ORDER BY i.id DESC LIMIT ?2",
  [MD_OUTBOX_LIST_APPROVALS]
  = "SELECT " INTAKE_COLUMNS
    " FROM intake i WHERE i.state = 'received' AND ?1 = ?1 ORDER BY i.id DESC LIMIT ?2",
  [MD_OUTBOX_LIST_RETURNED]
  = "SELECT " INTAKE_COLUMNS
    /* Three questions, since each has its index and an OR of them has none. */
    " FROM intake i WHERE i.id IN ("
    "SELECT id FROM intake WHERE state = 'returned' AND replaced_by IS NULL UNION ALL "
    "SELECT id FROM intake WHERE kept_ms > 0 AND state = 'rejected' AND erased_ms IS NULL UNION "
    "ALL "
    "SELECT n.intake FROM notice n JOIN intake g ON g.id = n.intake"
    " WHERE n.read_ms IS NULL AND g.replaced_by IS NULL)"
    " AND ?1 = ?1 ORDER BY i.id DESC LIMIT ?2",
  [MD_OUTBOX_LIST_UNSENT]
  = "SELECT " INTAKE_COLUMNS " FROM intake i WHERE i.id IN (SELECT intake FROM outbox"
    " WHERE state <> 'delivered') AND ?1 = ?1 ORDER BY i.id DESC LIMIT ?2",
  [MD_OUTBOX_LIST_RESERVED]
  = "SELECT " INTAKE_COLUMNS
    " FROM intake i WHERE i.state = 'reserved' AND ?1 = ?1 ORDER BY i.id DESC LIMIT ?2",
};

/* Midnight in Japan, before now. */
static gint64
today_ms (MdOutbox *self)
{
  gint64 now = _md_outbox_now_ms (self) + JAPAN_MS;

  return now - now % DAY_MS - JAPAN_MS;
}

GPtrArray *
md_outbox_list (MdOutbox *self, MdOutboxFilter filter, guint limit, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (self->db, list_queries[filter], error);

  if (statement == NULL)
    return NULL;
  md_db_bind_int (statement, 1, today_ms (self));
  md_db_bind_int (statement, 2, limit);
  return md_db_collect (statement, read_intake, (GDestroyNotify)md_outbox_intake_free, error);
}

gboolean
md_outbox_count (MdOutbox *self, MdOutboxCounts *out_counts, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (
      self->db,
      "SELECT (SELECT coalesce (sum (n), 0) FROM outbox_count"
      "   WHERE state IN ('waiting', 'sending', 'quarantined')),"
      " (SELECT coalesce (sum (n), 0) FROM outbox_count WHERE state = 'quarantined'),"
      " (SELECT count (*) FROM intake WHERE state = 'received'),"
      " (SELECT count (*) FROM intake WHERE state = 'returned' AND replaced_by IS NULL)"
      " + (SELECT count (*) FROM notice n JOIN intake i ON i.id = n.intake"
      "   WHERE n.read_ms IS NULL AND i.replaced_by IS NULL),"
      " (SELECT count (*) FROM intake WHERE submitted_ms >= ?1),"
      " (SELECT coalesce (sum (n), 0) FROM outbox_count"
      "   WHERE state = 'delivered' AND day >= (?1 + 32400000) / 86400000),"
      " (SELECT count (*) FROM outbox WHERE parked_by IS NOT NULL AND state <> 'delivered')",
      error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 1, today_ms (self));
  if (md_db_step (statement, error) != MD_DB_STEP_ROW)
    return FALSE;
  out_counts->unsent = (guint)md_db_column_int (statement, 0);
  out_counts->quarantined = (guint)md_db_column_int (statement, 1);
  out_counts->approvals = (guint)md_db_column_int (statement, 2);
  out_counts->returned = (guint)md_db_column_int (statement, 3);
  out_counts->today = (guint)md_db_column_int (statement, 4);
  out_counts->delivered_today = (guint)md_db_column_int (statement, 5);
  out_counts->parked = (guint)md_db_column_int (statement, 6);
  return TRUE;
}
