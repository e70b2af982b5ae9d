// SPDX-License-Identifier: Apache-2.0
/* An officer's decision: signature, place in the intake's history, right, and that as many
 * different officers agree as the policy asks for. */
#include <glib/gi18n.h>
#include "md-protocol.h"
#include "md-seal.h"

#include "call.h"
#include "forms.h"
#include "history.h"
#include "letters.h"

/* For how long a refused letter of delegation may be restored. */
#define KEEP_MS (7 * 24 * 3600 * G_GINT64_CONSTANT (1000))

/* Why that is returned which no terminal can read. */
#define UNREAD "contents-unreadable"

typedef struct
{
  Service *service;
  const MdPolicyStaff *officer;
  const MdOutboxIntake *intake;
  const MdDecisionFiles *files;
  MdOutboxLetter *before; /* what a letter allowed, where the decision changes it */
  const char *cause;
  GError *error;
} Case;

static gboolean
refuse (Case *c, const char *cause, MdBusError code, const char *message)
{
  c->cause = cause;
  c->error = g_error_new_literal (MD_BUS_ERROR, (gint)code, message);
  return FALSE;
}

/* What was returned may be withdrawn by whoever may take it in: it does not count anyway, and two
 * persons have signed it by then. Not verified yet; what is made of it is. */
static gboolean
withdraws_returned (const Case *c)
{
  g_autoptr (MdDecision) said = md_decision_parse (c->files->decision, NULL);

  return c->intake->state == MD_INTAKE_RETURNED
         && (said == NULL || said->kind != MD_DECISION_RESTORE);
}

static gboolean
check_right (Case *c)
{
  MdPolicy *policy = c->service->policy;
  const char *procedure = c->intake->procedure;
  MdMay may = withdraws_returned (c)
                  ? md_policy_may_take_in (policy, c->officer->id, procedure)
                  : md_policy_may_decide (policy, c->officer->id, procedure, c->intake->clerk);

  if (may == MD_MAY_YES)
    return TRUE;
  if (may == MD_MAY_NOT_SAME)
    return refuse (c, "same-officer", MD_BUS_ERROR_SAME_OFFICER, md_may_get_message (may));
  return refuse (c, "not-permitted", MD_BUS_ERROR_NOT_PERMITTED, md_may_get_message (may));
}

/* Signed by the very certificate that the policy names for the officer who is logged in. */
static gboolean
check_signer (Case *c)
{
  g_autoptr (MdCmsSigner) signer
      = md_cms_verify_detached (c->files->signature, c->files->manifest, NULL);

  if (signer != NULL && c->officer->sign != NULL
      && g_bytes_equal (md_certificate_get_der (md_cms_signer_get_certificate (signer)),
                        c->officer->sign))
    return TRUE;
  return refuse (
      c, "foreign-signature", MD_BUS_ERROR_SIGNATURE_INVALID,
      _ ("The decision is not signed with the staff card of the officer who is logged in. Sign "
         "it again with your own staff card."));
}

/* Nothing is approved by one of which it is not known whether its form asks for two. */
static gboolean
knows_enough (Case *c, const MdPolicyAgreement *agreement)
{
  if (agreement->check || agreement->checked_by != NULL || agreement->form_officers > 0
      || md_policy_count_officers (c->service->policy, agreement->procedure) > 1)
    return TRUE;
  return refuse (c, "form-unknown", MD_BUS_ERROR_FAILED,
                 _ ("The service does not have the form of this application in the version in "
                    "which it was filled in, and cannot know how many officers have to agree. Ask "
                    "the administrator to install it."));
}

/* Whether this officer's word is the one that is due: the check, or another's approval after it. */
static gboolean
check_agreement (Case *c, const MdContainer *container, const MdDecision *decision)
{
  g_autoptr (MdDecision) before = md_decision_find_check (container, decision->n);
  const MdPolicyAgreement agreement
      = { .officer = decision->officer,
          .role = decision->role,
          .procedure = c->intake->procedure,
          .clerk = c->intake->clerk,
          .checked_by = before != NULL ? before->officer : NULL,
          .check = decision->kind == MD_DECISION_CHECK,
          .form_officers
          = forms_count_officers (c->service, c->intake->procedure,
                                  md_container_get_manifest (container)->procedure_version) };
  MdMay may;

  if (decision->kind != MD_DECISION_CHECK && decision->kind != MD_DECISION_APPROVE)
    return TRUE;
  if (!knows_enough (c, &agreement))
    return FALSE;
  may = md_policy_may_agree (c->service->policy, &agreement);
  if (may == MD_MAY_YES)
    return TRUE;
  if (may == MD_MAY_NOT_CHECKER)
    return refuse (c, "same-officer", MD_BUS_ERROR_SAME_OFFICER, md_may_get_message (may));
  if (may == MD_MAY_NOT_CHECKED || may == MD_MAY_NOT_ASKED)
    return refuse (c, "officers", MD_BUS_ERROR_DECISION_INVALID, md_may_get_message (may));
  return refuse (c, "role", MD_BUS_ERROR_NOT_PERMITTED, md_may_get_message (may));
}

static gboolean
role_counts (Case *c, const char *role_id)
{
  const MdPolicyProcedure *procedure
      = md_policy_get_procedure (c->service->policy, c->intake->procedure);
  MdRoles counting = 0;
  MdRole role;

  if (procedure != NULL)
    counting = withdraws_returned (c) ? procedure->clerks : procedure->approvers;
  return md_role_from_id (role_id, &role) && (c->officer->roles & counting & MD_ROLES (role)) != 0;
}

/* That nobody could read it, or that it does not fit together, is no ground to decide upon it. */
static gboolean
reason_fits (const MdDecision *decision)
{
  return decision->kind == MD_DECISION_RETURN
         || (g_strcmp0 (decision->reason_code, "contents-unfit") != 0
             && g_strcmp0 (decision->reason_code, UNREAD) != 0);
}

static gboolean
check_content (Case *c, const MdDecision *decision)
{
  Service *self = c->service;

  if (g_strcmp0 (decision->officer, c->officer->id) != 0
      || g_strcmp0 (decision->office, self->settings->office) != 0
      || g_strcmp0 (decision->terminal, self->settings->terminal) != 0 || decision->n != c->files->n
      || g_strcmp0 (decision->intake, c->intake->id) != 0)
    return refuse (
        c, "content", MD_BUS_ERROR_DECISION_INVALID,
        _ ("The decision was made for another application, terminal or officer. Open the "
           "application again and decide anew."));
  if (!reason_fits (decision))
    return refuse (c, "content", MD_BUS_ERROR_DECISION_INVALID,
                   _ ("What could not be read, or does not fit together, can be returned to the "
                      "clerk, and nothing else."));
  if (!role_counts (c, decision->role))
    return refuse (c, "role", MD_BUS_ERROR_NOT_PERMITTED, md_may_get_message (MD_MAY_NOT_ROLE));
  if (decision->policy_version != md_policy_get_version (self->policy)
      || g_strcmp0 (decision->policy_digest, md_policy_get_digest (self->policy)) != 0)
    return refuse (
        c, "policy-changed", MD_BUS_ERROR_POLICY_CHANGED,
        _ ("The office's policy changed meanwhile. Open the application again and decide under "
           "the new rules."));
  return TRUE;
}

static char *
dup_local (gint64 wall_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (wall_us / G_USEC_PER_SEC);

  return time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M") : g_strdup ("");
}

/* By a clock that was set back it would be from before what it follows upon: the back office takes
 * no such decision, ever (MD_POLICY_THEN_BEFORE), so that it is not kept here either, and the
 * officer hears it while it can still be decided. */
static gboolean
check_time (Case *c, const MdContainer *container, const MdDecision *decision)
{
  guint version = 0;
  gint64 after = 0, made = 0;
  g_autofree char *now_text = NULL;
  g_autofree char *after_text = NULL;
  g_autofree char *message = NULL;

  if (!md_decision_find_latest (container, &version, &after)
      || !md_time_parse_rfc3339 (decision->time, &made, NULL)
      || made >= after - MD_POLICY_CLOCK_S * G_USEC_PER_SEC)
    return TRUE; /* what cannot be read is refused by what verifies it */
  now_text = dup_local (made);
  after_text = dup_local (after);
  message = g_strdup_printf (
      _ ("The clock of this terminal says %s, but the application was taken in, or decided on "
         "before, at %s. The back office would not take the decision, so it was not kept. Have the "
         "administrator put the clock right; then decide again."),
      now_text, after_text);
  return refuse (c, "clock", MD_BUS_ERROR_DECISION_INVALID, message);
}

/* Whether the policy in force hides some paper of the form from the officer. Of which paper an
 * attachment is, is sealed; how it is sealed does not tell, since the class of the paper may have
 * been another one by then, and a terminal of before said nothing of it. */
static gboolean
may_be_hidden (Case *c, const MdManifest *manifest)
{
  MdForm *form = forms_find (c->service, manifest->procedure, manifest->procedure_version);
  g_autofree const char **papers = form != NULL ? md_form_list_paper_ids (form) : NULL;

  for (gsize i = 0; papers != NULL && papers[i] != NULL; i++)
    if (!md_policy_may_see (c->service->policy, c->officer, md_form_get_profile (form),
                            md_form_get_paper_class (form, papers[i])))
      return TRUE;
  return FALSE;
}

/* How many of the attachments may be none of this officer's: what is not sealed to them cannot be
 * seen by them at any window, what is hidden from them not at this one. */
static guint
count_closed (Case *c, const MdContainer *container)
{
  const MdManifest *manifest = md_container_get_manifest (container);
  const gboolean hidden = may_be_hidden (c, manifest);
  g_autoptr (MdCertificate) own = md_certificate_new_from_der (c->officer->key_agreement, NULL);
  guint closed = 0;

  for (guint i = 0; own != NULL && i < manifest->parts->len; i++)
    {
      const MdManifestPart *part = g_ptr_array_index (manifest->parts, i);

      if (md_seal_is_attachment_name (part->name)
          && (hidden || !md_cms_is_recipient (md_container_get_entry (container, part->name), own)))
        closed++;
    }
  return closed;
}

/* Whoever agrees says of each attachment how they looked at it, and of none that it is not theirs
 * which is. */
static gboolean
check_scans (Case *c, const MdContainer *container, const MdDecision *decision)
{
  const MdManifest *manifest = md_container_get_manifest (container);

  if (decision->kind != MD_DECISION_APPROVE && decision->kind != MD_DECISION_CHECK)
    return TRUE;
  if (md_decision_count_scans (decision) == md_manifest_count_attachments (manifest, NULL, NULL))
    return decision->scans[MD_LOOK_CLOSED] == 0
           || decision->scans[MD_LOOK_CLOSED] <= count_closed (c, container)
           || refuse (c, "scans", MD_BUS_ERROR_DECISION_INVALID,
                      _ ("This window says of more scanned documents that they are not for you to "
                         "look at than the policy and the forms here do. Look at the papers "
                         "themselves, tick \"I looked at the paper itself\" beside each of them, "
                         "and decide anew; and tell the administrator."));
  return refuse (c, "scans", MD_BUS_ERROR_DECISION_INVALID,
                 _ ("The decision does not say how each scanned document was looked at. Open the "
                    "application again, look at each of them, and decide anew."));
}

/* What it says of a letter of delegation. */
static gboolean
check_delegation (Case *c, const MdContainer *container, const MdDecision *decision)
{
  if (letters_check_decision (c->service, c->intake, container, decision, &c->before, &c->error))
    return TRUE;
  c->cause = "delegation";
  return FALSE;
}

static MdDecision *
check (Case *c)
{
  Service *self = c->service;
  gint64 now = md_clock_get_wall_us (self->clock) / G_USEC_PER_SEC;
  g_autoptr (MdContainer) container = NULL;
  g_autoptr (MdDecision) decision = NULL;

  if (!check_right (c))
    return NULL;
  c->cause = "container";
  container = history_load (self, c->intake, &c->error);
  if (container == NULL)
    return NULL;
  c->cause = "verification";
  decision = md_decision_verify (container, c->files, self->staff_trust, now, &c->error);
  if (decision == NULL)
    {
      if (g_error_matches (c->error, MD_SEAL_ERROR, MD_SEAL_ERROR_SAME_PERSON))
        c->cause = "same-officer";
      return NULL;
    }
  if (!check_signer (c) || !check_content (c, decision) || !check_time (c, container, decision)
      || !check_agreement (c, container, decision) || !check_scans (c, container, decision)
      || !check_delegation (c, container, decision))
    return NULL;
  return g_steal_pointer (&decision);
}

static MdIntakeState
state_after (MdDecisionKind kind)
{
  static const MdIntakeState states[] = {
    [MD_DECISION_APPROVE] = MD_INTAKE_APPROVED, [MD_DECISION_RETURN] = MD_INTAKE_RETURNED,
    [MD_DECISION_REJECT] = MD_INTAKE_REJECTED,  [MD_DECISION_WITHDRAW] = MD_INTAKE_WITHDRAWN,
    [MD_DECISION_RESTORE] = MD_INTAKE_RECEIVED, [MD_DECISION_CHECK] = MD_INTAKE_RECEIVED,
  };

  return states[kind];
}

static GBytes *
make_body (const Case *c)
{
  g_autoptr (MdDecisionMessage) message
      = md_decision_message_new (c->files->decision, c->files->manifest, c->files->signature);

  return md_decision_message_encode (message);
}

static gboolean
store (Case *c, const MdDecision *decision, GBytes *body, const MdAuditEntry *entry)
{
  g_autofree char *signature_sha256
      = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, c->files->signature);
  g_autofree char *decision_sha256
      = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, c->files->decision);
  const MdDelegation *allowed = decision->delegation;
  const gboolean is_letter = g_str_equal (c->intake->procedure, MD_DELEGATION_PROCEDURE);
  MdOutboxLetter letter = { 0 };
  MdOutboxDecision act = { .id = c->intake->id,
                           .n = c->files->n,
                           .state = state_after (decision->kind),
                           .check = decision->kind == MD_DECISION_CHECK,
                           .officer = decision->officer,
                           .reason_code = decision->reason_code,
                           .body = body,
                           .signature_sha256 = signature_sha256 };

  if (allowed != NULL)
    {
      letter = (MdOutboxLetter){ .intake = c->before != NULL ? c->before->intake : NULL,
                                 .decision_sha256 = decision_sha256,
                                 .procedures = allowed->procedures,
                                 .from = allowed->from,
                                 .to = allowed->to,
                                 .principal = allowed->principal,
                                 .delegate = allowed->delegate,
                                 .ended = allowed->ended };
      act.letter = &letter;
      act.amends = allowed->amends;
    }
  if (is_letter && decision->kind == MD_DECISION_REJECT)
    act.keep_ms = KEEP_MS;
  return md_outbox_decide (c->service->outbox, &act, entry, &c->error);
}

/* Stored already: only the answer was lost. The container may be erased by now. */
static gboolean
is_repetition (Case *c, GBytes *body)
{
  gboolean known = FALSE;

  return md_outbox_knows (c->service->outbox, c->intake->id, c->files->n, body, &known, NULL)
         && known;
}

/* What the log says of it. (transfer full) */
static char *
describe (const Case *c, const MdDecision *decision)
{
  g_autoptr (GString) words = g_string_new (NULL);

  g_string_printf (words, "decision=%s", md_decision_kind_to_string (decision->kind));
  if (g_strcmp0 (decision->reason_code, UNREAD) == 0)
    g_string_append (words, " action=return-unread");
  if (decision->differences > 0)
    g_string_append_printf (words, " differences=%u", decision->differences);
  if (md_decision_count_scans (decision) > 0)
    g_string_append_printf (words, " scans=%u paper=%u closed=%u", decision->scans[MD_LOOK_SHOWN],
                            decision->scans[MD_LOOK_PAPER], decision->scans[MD_LOOK_CLOSED]);
  if (c->before != NULL)
    {
      g_autofree char *change = letters_describe_change (c->before, decision->delegation);

      g_string_append_printf (words, " %s", change);
    }
  return g_string_free (g_steal_pointer (&words), FALSE);
}

static void
run (Case *c, GDBusMethodInvocation *invocation)
{
  Service *self = c->service;
  MdAuditEntry entry = call_entry (c->officer, "decide");
  g_autoptr (MdDecision) decision = NULL;
  g_autoptr (GBytes) body = make_body (c);
  g_autofree char *detail = NULL;
  const char *state;

  if (is_repetition (c, body))
    {
      md_bus_terminal1_complete_decide (self->skeleton, invocation,
                                        md_intake_state_to_string (c->intake->state));
      return;
    }
  entry.object = c->intake->id;
  decision = check (c);
  if (decision == NULL)
    {
      call_refuse (self, invocation, &entry, c->cause, c->error);
      return;
    }
  detail = describe (c, decision);
  entry.detail = detail;
  entry.reason = decision->reason_code;
  if (!store (c, decision, body, &entry))
    {
      call_refuse (self, invocation, &entry, "not-stored", c->error);
      return;
    }
  state = md_intake_state_to_string (state_after (decision->kind));
  md_delivery_wake (self->delivery);
  service_refresh (self);
  md_bus_terminal1_emit_intake_changed (self->skeleton, c->intake->id, state);
  md_bus_terminal1_complete_decide (self->skeleton, invocation, state);
}

static MdDecisionFiles *
read_files (guint n, GVariant *files)
{
  GBytes *parts[3];
  MdDecisionFiles *result;

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (GVariant) part = g_variant_get_child_value (files, i);

      parts[i] = g_variant_get_data_as_bytes (part);
    }
  result = md_decision_files_new (n, parts[0], parts[1], parts[2]);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    g_bytes_unref (parts[i]);
  return result;
}

static gboolean
decide_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *session,
           const char *id, guint n, GVariant *files_variant, gpointer user_data)
{
  Service *self = user_data;
  g_autoptr (MdDecisionFiles) files = read_files (n, files_variant);
  g_autoptr (MdOutboxIntake) intake = NULL;
  Case c = { .service = self, .files = files };
  MdAuditEntry entry;

  c.officer = call_officer (self, invocation, session);
  if (c.officer == NULL)
    return TRUE;
  intake = md_outbox_get (self->outbox, id, &c.error);
  if (intake == NULL)
    {
      entry = call_entry (c.officer, "decide");
      call_refuse (self, invocation, &entry, "unknown-intake", c.error);
      return TRUE;
    }
  c.intake = intake;
  run (&c, invocation);
  md_outbox_letter_free (c.before);
  return TRUE;
}

void
decide_connect (Service *self)
{
  g_signal_connect (self->skeleton, "handle-decide", G_CALLBACK (decide_cb), self);
}
