// SPDX-License-Identifier: Apache-2.0
#include "call.h"
#include "notices.h"
#include "md-seal.h"

/* Where a notice stands: what it has to follow upon. */
typedef struct
{
  guint number;   /* of the last one here, 0 without */
  char *previous; /* its digest, "" without */
} Last;

static void
last_clear (Last *last)
{
  g_clear_pointer (&last->previous, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Last, last_clear)

void
notices_adopt (Service *self)
{
  g_auto (Last) last = { 0 };
  g_autoptr (GError) error = NULL;
  guint next = 0;

  if (self->delivery == NULL || self->policy == NULL)
    return;
  if (!md_outbox_last_notice (self->outbox, &last.number, &last.previous, &error))
    g_message ("%s", error->message);
  else if (md_policy_get_anchors (self->policy, MD_ANCHORS_NOTICE)->len > 0)
    next = last.number + 1;
  md_delivery_set_next_notice (self->delivery, next);
}

/* --- Taking --- */

static const char *
cause_of (GBytes *body, const GError *error)
{
  if (g_bytes_get_size (body) == 0)
    return "unreadable";
  if (g_error_matches (error, MD_SEAL_ERROR, MD_SEAL_ERROR_SIGNATURE))
    return "signature";
  if (g_error_matches (error, MD_SEAL_ERROR, MD_SEAL_ERROR_UNTRUSTED))
    return "signer";
  return "unreadable";
}

/* For this terminal, and the one after the last; else why not. */
static const char *
find_fault (Service *self, const MdNotice *notice, guint number, const Last *last)
{
  if (!g_str_equal (notice->office, self->settings->office)
      || !g_str_equal (notice->terminal, self->settings->terminal))
    return "terminal";
  if (notice->number != number || notice->number != last->number + 1)
    return "number";
  return g_str_equal (notice->previous, last->previous) ? NULL : "previous";
}

/* The intake that it is about, as this terminal knows it; NULL where it knows no such approved one,
 * say after its store was lost. (transfer full) */
static MdOutboxIntake *
find_intake (Service *self, const MdNotice *notice)
{
  g_autoptr (MdOutboxIntake) intake = md_outbox_get (self->outbox, notice->intake, NULL);

  if (intake == NULL || intake->state != MD_INTAKE_APPROVED || intake->notice > 0
      || !g_str_equal (intake->receipt_number, notice->receipt_number)
      || g_strcmp0 (intake->container_sha256, notice->container) != 0)
    return NULL;
  return g_steal_pointer (&intake);
}

/* A notice about nobody's intake is kept, too: the next one follows upon it. */
static gboolean
keep (Service *self, const MdNotice *notice, GBytes *body, GError **error)
{
  g_autoptr (MdOutboxIntake) intake = find_intake (self, notice);
  g_autofree char *digest = md_audit_digest (body);
  g_autofree char *number = md_audit_detail_number (notice->number);
  g_autofree char *detail
      = g_strdup_printf (intake != NULL ? "notice=%s" : "cause=unknown-intake notice=%s", number);
  const MdOutboxNotice kept = { .number = notice->number,
                                .body = body,
                                .digest = digest,
                                .intake = intake != NULL ? intake->id : NULL };
  const MdAuditEntry entry = { .event = "notice",
                               .outcome = intake != NULL ? MD_AUDIT_DONE : MD_AUDIT_REFUSED,
                               .reason = notice->reason,
                               .detail = detail };

  if (!md_outbox_keep_notice (self->outbox, &kept, &entry, error))
    return FALSE;
  g_clear_pointer (&self->notice_refused, g_free);
  if (intake != NULL)
    md_bus_terminal1_emit_intake_changed (self->skeleton, intake->id,
                                          md_intake_state_to_string (intake->state));
  return TRUE;
}

/* Recorded once for the same bytes; it is asked for again with every probe. */
static void
refuse (Service *self, GBytes *body, const char *cause)
{
  g_autofree char *digest = md_audit_digest (body);
  g_autofree char *detail = g_strdup_printf ("cause=%s", cause);
  const MdAuditEntry entry
      = { .event = "notice", .outcome = MD_AUDIT_REFUSED, .digest = digest, .detail = detail };
  g_autoptr (GError) error = NULL;

  if (g_strcmp0 (digest, self->notice_refused) == 0)
    return;
  g_free (self->notice_refused);
  self->notice_refused = g_steal_pointer (&digest);
  g_message ("a notice of the back office is not taken: %s", cause);
  if (!md_audit_record_now (self->audit, &entry, &error))
    g_message ("%s", error->message);
}

static MdNotice *
verify (Service *self, GBytes *body, GError **error)
{
  g_autoptr (MdTrust) trust = md_policy_create_notice_trust (self->policy, error);

  return trust != NULL ? md_notice_verify (
             body, trust, md_clock_get_wall_us (self->clock) / G_USEC_PER_SEC, error)
                       : NULL;
}

void
notices_receive (Service *self, guint number, GBytes *body)
{
  g_auto (Last) last = { 0 };
  g_autoptr (MdNotice) notice = NULL;
  g_autoptr (GError) error = NULL;
  const char *fault = NULL;

  if (self->policy == NULL)
    return;
  if (!md_outbox_last_notice (self->outbox, &last.number, &last.previous, &error))
    {
      g_message ("%s", error->message);
      return;
    }
  if (number <= last.number)
    return; /* it was asked for twice, and the first answer was taken */
  notice = verify (self, body, &error);
  fault = notice != NULL ? find_fault (self, notice, number, &last) : cause_of (body, error);
  if (fault != NULL)
    refuse (self, body, fault);
  else if (!keep (self, notice, body, &error))
    g_message ("%s", error->message);
  else
    notices_adopt (self);
}

/* --- For the clerk --- */

/* Who may take in what it is about, and who may decide upon it. */
static MdMay
may_settle (Service *self, const MdPolicyStaff *officer, const MdOutboxIntake *intake)
{
  return md_policy_may_take_in (self->policy, officer->id, intake->procedure) == MD_MAY_YES
             ? MD_MAY_YES
             : md_policy_may_decide (self->policy, officer->id, intake->procedure, intake->clerk);
}

/* The intake ID for the officer of SESSION, who may settle what was given back; NULL after
 * answering. ENTRY becomes that of EVENT upon it. */
static MdOutboxIntake *
open_intake (Service *self, GDBusMethodInvocation *invocation, const char *session, const char *id,
             const char *event, MdAuditEntry *entry)
{
  const MdPolicyStaff *officer = call_officer (self, invocation, session);
  GError *error = NULL;
  g_autoptr (MdOutboxIntake) intake = NULL;
  MdMay may;

  *entry = call_entry (officer, event);
  if (officer == NULL)
    return NULL;
  intake = md_outbox_get (self->outbox, id, &error);
  if (intake == NULL)
    {
      call_refuse (self, invocation, entry, "unknown-intake", error);
      return NULL;
    }
  entry->object = id;
  may = may_settle (self, officer, intake);
  if (may == MD_MAY_YES)
    return g_steal_pointer (&intake);
  call_refuse (
      self, invocation, entry, "not-permitted",
      g_error_new_literal (MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED, md_may_get_message (may)));
  return NULL;
}

static gboolean
get_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *session,
        const char *id, gpointer user_data)
{
  Service *self = user_data;
  MdAuditEntry entry;
  g_autoptr (MdOutboxIntake) intake
      = open_intake (self, invocation, session, id, "reference", &entry);
  g_autoptr (GBytes) body = NULL;
  GError *error = NULL;

  if (intake == NULL)
    return TRUE;
  entry.detail = "of=notice";
  body = md_outbox_get_notice (self->outbox, id, &error);
  if (body == NULL)
    call_refuse (self, invocation, &entry, "no-notice", error);
  else if (!md_audit_record_now (self->audit, &entry, &error))
    call_fail (invocation, error);
  else
    md_bus_terminal1_complete_get_notice (
        object, invocation, g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, body, TRUE));
  return TRUE;
}

static gboolean
acknowledge_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *session,
                const char *id, gpointer user_data)
{
  Service *self = user_data;
  MdAuditEntry entry;
  g_autoptr (MdOutboxIntake) intake
      = open_intake (self, invocation, session, id, "acknowledge", &entry);
  GError *error = NULL;

  if (intake == NULL)
    return TRUE;
  if (!md_outbox_read_notice (self->outbox, id, &entry, &error))
    {
      call_refuse (self, invocation, &entry, "no-notice", error);
      return TRUE;
    }
  service_refresh (self);
  md_bus_terminal1_emit_intake_changed (object, id, md_intake_state_to_string (intake->state));
  md_bus_terminal1_complete_acknowledge_notice (object, invocation);
  return TRUE;
}

void
notices_connect (Service *self)
{
  g_signal_connect (self->skeleton, "handle-get-notice", G_CALLBACK (get_cb), self);
  g_signal_connect (self->skeleton, "handle-acknowledge-notice", G_CALLBACK (acknowledge_cb), self);
}
