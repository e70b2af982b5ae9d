// SPDX-License-Identifier: Apache-2.0
/* The acts of people upon an intake: each one durable commit of state, queue row, payload and audit
 * record. */
#include <glib/gi18n.h>

#include "md-outbox-draft.h"
#include "md-outbox-intake.h"
#include "md-outbox-private.h"

gboolean
_md_outbox_append_audit (MdOutbox *self, const MdAuditEntry *entry, const char *id,
                         const char *digest, GError **error)
{
  MdAuditEntry full = *entry;

  full.object = id;
  if (digest != NULL)
    full.digest = digest;
  return md_audit_append (self->audit, &full, error);
}

static gboolean
insert_reserved (MdOutbox *self, const MdOutboxReserve *reserve, const char *id, const char *number,
                 GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (
      self->db,
      "INSERT INTO intake (id, receipt_number, procedure, clerk, policy_version, time,"
      " monotonic_ns, boot_id, nonce, nonce_state, replaces, owner, state)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'reserved')",
      error);
  g_autofree char *now = _md_outbox_now_text (self);

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 1, id);
  md_db_bind_text (statement, 2, number);
  md_db_bind_text (statement, 3, reserve->procedure);
  md_db_bind_text (statement, 4, reserve->clerk);
  md_db_bind_int (statement, 5, reserve->policy_version);
  md_db_bind_text (statement, 6, now);
  md_db_bind_int (statement, 7, md_clock_get_monotonic_ns (self->clock));
  md_db_bind_text (statement, 8, md_clock_get_boot_id (self->clock));
  md_db_bind_bytes (statement, 9, reserve->nonce);
  md_db_bind_text (statement, 10, reserve->nonce_state);
  md_db_bind_text (statement, 11, reserve->replaces);
  md_db_bind_text (statement, 12, reserve->owner);
  return md_db_run (statement, error);
}

gboolean
_md_outbox_refuse_state (const MdOutboxIntake *intake, GError **error)
{
  g_set_error (
      error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE,
      _ ("Application %s is in a state in which this cannot be done (%s). Load the list again "
         "to see what happened to it."),
      intake->receipt_number, md_intake_state_to_string (intake->state));
  return FALSE;
}

/* It was returned, or given back by a notice, and nobody has taken it up again or withdrawn it. */
static gboolean
check_waits (const MdOutboxIntake *returned, GError **error)
{
  if (returned == NULL)
    return FALSE;
  if (returned->state != MD_INTAKE_RETURNED
      && !(returned->state == MD_INTAKE_APPROVED && returned->notice > 0))
    return _md_outbox_refuse_state (returned, error);
  if (returned->replaced_by == NULL)
    return TRUE;
  g_set_error (
      error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE,
      _ ("Application %s has been taken up again already. End this intake, so that it does "
         "not arrive twice."),
      returned->receipt_number);
  return FALSE;
}

/* The returned one is settled by the new one, BY. Its record names the other by its receipt number:
 * an id may hold a row of digits, which no detail may. */
static gboolean
settle (MdOutbox *self, const MdOutboxIntake *by, const MdAuditEntry *entry, GError **error)
{
  const char *id = by->replaces;
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (self->db, "UPDATE intake SET replaced_by = ?2 WHERE id = ?1", error);
  g_autofree char *detail = g_strdup_printf ("replaced_by=%s", by->receipt_number);
  MdAuditEntry record = { .event = "replace",
                          .outcome = MD_AUDIT_DONE,
                          .staff = entry->staff,
                          .staff_name = entry->staff_name,
                          .department = entry->department,
                          .detail = detail };
  g_autoptr (MdOutboxIntake) returned = md_outbox_get (self, id, error);
  gboolean finished = FALSE;

  if (statement == NULL || !check_waits (returned, error))
    return FALSE;
  md_db_bind_text (statement, 1, id);
  md_db_bind_text (statement, 2, by->id);
  return md_db_run (statement, error) && _md_outbox_append_audit (self, &record, id, NULL, error)
         && _md_outbox_is_finished (self, id, &finished, error)
         && (!finished || returned->delivery == MD_DELIVERY_ERASED
             || _md_outbox_erase (self, id, error));
}

MdOutboxIntake *
_md_outbox_reserve (MdOutbox *self, const MdOutboxReserve *reserve, const MdAuditEntry *entry,
                    GError **error)
{
  g_autofree char *id = md_uuid7_new (self->clock);
  g_autofree char *number = NULL;
  g_autoptr (MdOutboxIntake) returned = NULL;

  if (reserve->replaces != NULL)
    returned = md_outbox_get (self, reserve->replaces, error);
  if (reserve->replaces != NULL && !check_waits (returned, error))
    return NULL;
  number = _md_outbox_take_number (self, error);
  if (number == NULL || !_md_outbox_sweep_kept (self, error)
      || !insert_reserved (self, reserve, id, number, error)
      || !_md_outbox_append_audit (self, entry, id, NULL, error))
    return NULL;
  return md_outbox_get (self, id, error);
}

MdOutboxIntake *
md_outbox_reserve (MdOutbox *self, const MdOutboxReserve *reserve, const MdAuditEntry *entry,
                   GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  g_autoptr (MdOutboxIntake) intake
      = transaction != NULL ? _md_outbox_reserve (self, reserve, entry, error) : NULL;

  if (intake == NULL || !md_db_commit (g_steal_pointer (&transaction), error))
    return NULL;
  return g_steal_pointer (&intake);
}

gboolean
_md_outbox_end_reserved (MdOutbox *self, const char *id, const MdAuditEntry *entry, gboolean waits,
                         GError **error)
{
  g_autoptr (MdOutboxIntake) intake = md_outbox_get (self, id, error);
  g_autoptr (MdDbStatement) statement = NULL;
  g_autofree char *detail = NULL;
  MdAuditEntry told = *entry;

  if (intake == NULL)
    return FALSE;
  if (intake->state == MD_INTAKE_ABANDONED)
    return TRUE;
  if (intake->state != MD_INTAKE_RESERVED)
    return _md_outbox_refuse_state (intake, error);
  statement
      = md_db_prepare (self->db, "UPDATE intake SET state = 'abandoned' WHERE id = ?1", error);
  if (statement == NULL)
    return FALSE;
  told.detail = detail = _md_outbox_describe_end (self, id, entry->detail, error);
  md_db_bind_text (statement, 1, id);
  return detail != NULL && md_db_run (statement, error)
         && _md_outbox_end_draft (self, id, waits, error)
         && _md_outbox_append_audit (self, &told, id, NULL, error);
}

static gboolean
end_reserved (MdOutbox *self, const char *id, const MdAuditEntry *entry, gboolean waits,
              GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);

  return transaction != NULL && _md_outbox_end_reserved (self, id, entry, waits, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

gboolean
md_outbox_abandon (MdOutbox *self, const char *id, const MdAuditEntry *entry, GError **error)
{
  return end_reserved (self, id, entry, FALSE, error);
}

gboolean
md_outbox_lose (MdOutbox *self, const char *id, const MdAuditEntry *entry, GError **error)
{
  return end_reserved (self, id, entry, TRUE, error);
}

/* A queue row and its payload. */
static gboolean
enqueue (MdOutbox *self, const char *id, guint n, GBytes *body, const char *digest, GError **error)
{
  g_autoptr (MdDbStatement) row = md_db_prepare (
      self->db,
      "INSERT INTO outbox (intake, n, digest, size, state, created, due_ms, urgent, parked_by,"
      "  parked_reason, parked)"
      " SELECT id, ?2, ?3, ?4, 'waiting', ?5, ?6, urgent, parked_by, parked_reason, parked"
      "  FROM intake WHERE id = ?1",
      error);
  g_autoptr (MdDbStatement) payload
      = md_db_prepare (self->db, "INSERT INTO payload (item, body) VALUES (?1, ?2)", error);
  g_autofree char *now = _md_outbox_now_text (self);

  if (row == NULL || payload == NULL || !_md_outbox_inherit_parked (self, id, error))
    return FALSE;
  md_db_bind_text (row, 1, id);
  md_db_bind_int (row, 2, n);
  md_db_bind_text (row, 3, digest);
  md_db_bind_int (row, 4, (gint64)g_bytes_get_size (body));
  md_db_bind_text (row, 5, now);
  md_db_bind_int (row, 6, _md_outbox_now_ms (self));
  if (!md_db_run (row, error))
    return FALSE;
  md_db_bind_int (payload, 1, md_db_last_id (self->db));
  md_db_bind_bytes (payload, 2, body);
  return md_db_run (payload, error);
}

/* What is known as item n of the intake: NULL when nothing is. */
static gboolean
read_digest (MdOutbox *self, const char *id, guint n, char **out_digest, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (self->db, "SELECT digest FROM outbox WHERE intake = ?1 AND n = ?2", error);
  MdDbStep step;

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 1, id);
  md_db_bind_int (statement, 2, n);
  step = md_db_step (statement, error);
  *out_digest = step == MD_DB_STEP_ROW ? md_db_column_dup (statement, 0) : NULL;
  return step != MD_DB_STEP_ERROR;
}

gboolean
md_outbox_knows (MdOutbox *self, const char *id, guint n, GBytes *body, gboolean *out_knows,
                 GError **error)
{
  g_autofree char *digest = md_audit_digest (body);
  g_autofree char *known = NULL;

  if (!read_digest (self, id, n, &known, error))
    return FALSE;
  *out_knows = g_strcmp0 (known, digest) == 0;
  return TRUE;
}

typedef enum
{
  KNOWN_NOT,
  KNOWN_SAME,
  KNOWN_ERROR,
} Known;

static Known
is_known (MdOutbox *self, const MdOutboxIntake *intake, guint n, const char *digest, GError **error)
{
  g_autofree char *known = NULL;

  if (!read_digest (self, intake->id, n, &known, error))
    return KNOWN_ERROR;
  if (known == NULL)
    return KNOWN_NOT;
  if (g_str_equal (known, digest))
    return KNOWN_SAME;
  g_set_error (
      error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_CONFLICT,
      _ ("Application %s is stored already with other contents. The first one counts; take the "
         "application in anew if it was wrong."),
      intake->receipt_number);
  return KNOWN_ERROR;
}

static gboolean
update_submitted (MdOutbox *self, const MdOutboxSubmission *submission, const char *digest,
                  GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (
      self->db,
      "UPDATE intake SET state = 'received', submitted_ms = ?2, container_sha256 = ?3,"
      " manifest_sha256 = ?4, signature_sha256 = ?5, size = ?6, deferred = ?7,"
      " differences = ?8, number_blank = ?9, released = ?10, urgent = ?11 WHERE id = ?1",
      error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 1, submission->id);
  md_db_bind_int (statement, 2, _md_outbox_now_ms (self));
  md_db_bind_text (statement, 3, digest);
  md_db_bind_text (statement, 4, submission->manifest_sha256);
  md_db_bind_text (statement, 5, submission->signature_sha256);
  md_db_bind_int (statement, 6, (gint64)g_bytes_get_size (submission->container));
  md_db_bind_int (statement, 7, submission->deferred ? 1 : 0);
  md_db_bind_int (statement, 8, submission->confirm.differences);
  md_db_bind_int (statement, 9, submission->confirm.number_blank ? 1 : 0);
  md_db_bind_int (statement, 10, submission->confirm.released);
  md_db_bind_int (statement, 11, submission->urgent ? 1 : 0);
  return md_db_run (statement, error);
}

gboolean
md_outbox_submit (MdOutbox *self, const MdOutboxSubmission *submission, const MdAuditEntry *entry,
                  GError **error)
{
  g_autofree char *digest = md_audit_digest (submission->container);
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  g_autoptr (MdOutboxIntake) intake = NULL;

  if (transaction == NULL)
    return FALSE;
  intake = md_outbox_get (self, submission->id, error);
  if (intake == NULL)
    return FALSE;
  switch (is_known (self, intake, 1, digest, error))
    {
    case KNOWN_SAME:
      return TRUE;
    case KNOWN_ERROR:
      return FALSE;
    case KNOWN_NOT:
    default:
      break;
    }
  if (intake->state != MD_INTAKE_RESERVED)
    return _md_outbox_refuse_state (intake, error);
  if (!_md_outbox_check_holds (self, submission->id, error))
    return FALSE;
  return update_submitted (self, submission, digest, error)
         && enqueue (self, submission->id, 1, submission->container, digest, error)
         && _md_outbox_end_draft (self, submission->id, FALSE, error)
         && _md_outbox_append_audit (self, entry, submission->id, digest, error)
         && (intake->replaces == NULL || settle (self, intake, entry, error))
         && md_db_commit (g_steal_pointer (&transaction), error);
}

/* Who checked it stays with an approval; any other decision undoes that: both agree anew. */
static gboolean
update_decided (MdOutbox *self, const MdOutboxDecision *decision, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (
      self->db,
      "UPDATE intake SET state = ?2, decided_by = ?3, reason_code = ?4, signature_sha256 = ?5,"
      " next_n = ?6, kept_ms = ?7, changes = ?8,"
      " checked_by = CASE WHEN ?2 = 'approved' THEN checked_by ELSE ?9 END,"
      " checked = CASE WHEN ?2 = 'approved' THEN checked ELSE ?10 END WHERE id = ?1",
      error);
  const gint64 until = decision->keep_ms > 0 ? _md_outbox_now_ms (self) + decision->keep_ms : 0;
  g_autofree char *now = _md_outbox_now_text (self);

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 1, decision->id);
  md_db_bind_text (statement, 2, md_intake_state_to_string (decision->state));
  md_db_bind_text (statement, 3, decision->officer);
  md_db_bind_text (statement, 4, decision->reason_code);
  md_db_bind_text (statement, 5, decision->signature_sha256);
  md_db_bind_int (statement, 6, decision->n + 1);
  md_db_bind_int (statement, 7, until);
  md_db_bind_int (statement, 8, decision->amends != NULL ? 1 : 0);
  md_db_bind_text (statement, 9, decision->check ? decision->officer : NULL);
  md_db_bind_text (statement, 10, decision->check ? now : NULL);
  return md_db_run (statement, error);
}

static gboolean
may_follow (const MdOutboxIntake *intake, const MdOutboxDecision *decision)
{
  const gboolean restored = decision->state == MD_INTAKE_RECEIVED && !decision->check;

  if (decision->n != intake->next_n || intake->delivery == MD_DELIVERY_ERASED)
    return FALSE;
  if (decision->check)
    return intake->state == MD_INTAKE_RECEIVED && intake->checked_by == NULL;
  if (intake->state == MD_INTAKE_RETURNED)
    return (restored || decision->state == MD_INTAKE_WITHDRAWN) && intake->replaced_by == NULL;
  return restored == (intake->state == MD_INTAKE_REJECTED)
         && (restored || intake->state == MD_INTAKE_RECEIVED);
}

static gboolean
keep_letter (MdOutbox *self, const MdOutboxDecision *decision, GError **error)
{
  if (decision->letter == NULL)
    return TRUE;
  return decision->amends != NULL
             ? _md_outbox_change_letter (self, decision->letter, decision->amends, error)
             : _md_outbox_keep_letter (self, decision->id, decision->letter, error);
}

gboolean
md_outbox_decide (MdOutbox *self, const MdOutboxDecision *decision, const MdAuditEntry *entry,
                  GError **error)
{
  g_autofree char *digest = md_audit_digest (decision->body);
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  g_autoptr (MdOutboxIntake) intake = NULL;

  if (transaction == NULL)
    return FALSE;
  intake = md_outbox_get (self, decision->id, error);
  if (intake == NULL)
    return FALSE;
  switch (is_known (self, intake, decision->n, digest, error))
    {
    case KNOWN_SAME:
      return TRUE;
    case KNOWN_ERROR:
      return FALSE;
    case KNOWN_NOT:
    default:
      break;
    }
  if (!may_follow (intake, decision))
    return _md_outbox_refuse_state (intake, error);
  return update_decided (self, decision, error)
         && enqueue (self, decision->id, decision->n, decision->body, digest, error)
         && keep_letter (self, decision, error)
         && _md_outbox_append_audit (self, entry, decision->id, digest, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}
