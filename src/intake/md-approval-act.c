// SPDX-License-Identifier: Apache-2.0
// What the officer's card does: opens the parts, signs the decision.
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-approval-private.h"
#include "md-officer-private.h"

/* --- on the worker --- */

static gpointer
open_func (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  MdOfficerJob *job = data;
  MdOpened *opened = g_new0 (MdOpened, 1);
  g_autoptr (MdCertificate) certificate = NULL;
  g_autoptr (MdKey) key
      = _md_officer_job_key (job, connection, MD_STAFF_SLOT_OPEN, &certificate, cancellable, error);
  GBytes *number = md_container_get_entry (job->container, MD_SEAL_PART_NUMBER);
  gboolean good = key != NULL;

  if (good)
    opened->application = md_container_open_part (job->container, MD_SEAL_PART_APPLICATION, key,
                                                  certificate, error);
  good = good && opened->application;
  if (good)
    opened->evidence
        = md_container_open_part (job->container, MD_SEAL_PART_EVIDENCE, key, certificate, error);
  good = good && opened->evidence;
  if (good && job->number && number && md_cms_is_recipient (number, certificate))
    {
      opened->number
          = md_container_open_part (job->container, MD_SEAL_PART_NUMBER, key, certificate, error);
      good = opened->number != NULL;
    }
  good = good
         && _md_approval_open_scans (job->container, key, certificate, cancellable, &opened->scans,
                                     error);
  if (good)
    return opened;
  _md_opened_free (opened);
  return NULL;
}

/* --- opening --- */

/* A failure after which the officer may try again (wrong PIN, card moved): of opening or of
 * deciding, whichever WAIT goes back to. */
static void
try_again (MdApproval *self, GTask *task, GError *error, MdApprovalWait wait)
{
  g_autoptr (MdTrouble) trouble = NULL;

  if (self->desk)
    {
      _md_desk_record_failure (self->desk, wait == MD_APPROVAL_WAIT_PIN ? "open" : "decide",
                               md_intake_row_get_intake (self->row), error);
      _md_staff_pin_refused (md_desk_get_staff_pin (self->desk), error);
      trouble = _md_staff_pin_says_it (error) ? NULL : _md_trouble_new_from_error (error);
      _md_approval_set_trouble (self, trouble);
      _md_approval_set_wait (self, wait);
    }
  g_task_return_error (task, error);
}

static void
record_opened (MdApproval *self)
{
  MdScreenEvent event = { .event = "reference",
                          .outcome = "done",
                          .object = md_intake_row_get_intake (self->row),
                          .detail = "action=open" };

  _md_desk_record_async (self->desk, &event, NULL, NULL);
}

static gboolean
is_card_trouble (const GError *error)
{
  return error->domain == MD_CARD_ERROR || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
         || g_error_matches (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_FOREIGN_CARD);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  MdApproval *self = g_task_get_source_object (task);
  GError *error = NULL;
  MdOpened *opened = md_pcsc_run_finish (MD_PCSC (source), result, &error);
  gboolean shown = FALSE;

  if (opened && self->desk)
    {
      record_opened (self);
      shown = _md_approval_show (self, opened, &error);
    }
  g_clear_pointer (&opened, _md_opened_free);
  if (shown)
    {
      _md_approval_set_wait (self, MD_APPROVAL_WAIT_DECISION);
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (!error)
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("The approval was closed."));
  if (self->desk && !is_card_trouble (error))
    {
      _md_approval_find (self, error);
      g_task_return_error (task, error);
      return;
    }
  try_again (self, task, error, MD_APPROVAL_WAIT_PIN);
}

static gboolean
may_number (MdApproval *self)
{
  MdViewer viewer = _md_desk_viewer (self->desk, FALSE, TRUE);

  return md_visibility_lookup_roles (viewer.table, md_form_get_profile (self->form),
                                     MD_CLASS_MY_NUMBER, NULL, viewer.roles, viewer.situation)
         >= MD_GRANT_REVEAL;
}

static GTask *
begin (MdApproval *self, gpointer tag, MdApprovalWait wanted, GCancellable *cancellable,
       GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  if (self->desk && self->wait == wanted && _md_desk_staff (self->desk))
    return task;
  g_task_return_new_error (task, MD_INTAKE_ERROR, MD_INTAKE_ERROR_WRONG_STEP, "%s",
                           _ ("This cannot be done now."));
  g_object_unref (task);
  return NULL;
}

void
md_approval_open_async (MdApproval *self, MdSecret *pin, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = begin (self, md_approval_open_async, MD_APPROVAL_WAIT_PIN, cancellable, callback,
                       user_data);
  MdCardJob job
      = { .func = open_func, .data_free = _md_officer_job_free, .result_free = _md_opened_free };
  MdOfficerJob *officer;
  GError *error = NULL;

  if (!task)
    return;
  officer = _md_officer_job_new (self->desk, self->container, pin,
                                 _md_desk_staff (self->desk)->key_agreement);
  officer->number = may_number (self);
  job.data = officer;
  _md_approval_set_trouble (self, NULL);
  _md_approval_set_wait (self, MD_APPROVAL_WAIT_OPENING);
  if (_md_desk_run_staff_job (self->desk, &job, cancellable ? cancellable : self->cancellable,
                              opened_cb, task, &error))
    return;
  _md_officer_job_free (officer);
  try_again (self, task, error, MD_APPROVAL_WAIT_PIN);
  g_object_unref (task);
}

gboolean
md_approval_open_finish (MdApproval *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- deciding --- */

/* Where it waits for a decision. */
static MdApprovalWait
deciding_wait (MdApproval *self)
{
  return self->unfit ? MD_APPROVAL_WAIT_UNFIT : MD_APPROVAL_WAIT_DECISION;
}

static const char *
outcome_label (MdDecisionKind kind)
{
  switch (kind)
    {
    case MD_DECISION_APPROVE:
      return _ ("Approved.");
    case MD_DECISION_RETURN:
      return _ ("Returned to the clerk.");
    case MD_DECISION_REJECT:
      return _ ("Refused.");
    case MD_DECISION_CHECK:
      return _ ("Checked. Another officer has to approve it.");
    case MD_DECISION_WITHDRAW:
    case MD_DECISION_RESTORE:
    case MD_N_DECISIONS:
    default:
      return _ ("Withdrawn.");
    }
}

static void
decided_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  MdApproval *self = g_task_get_source_object (task);
  const MdDecisionKind *kind = g_task_get_task_data (task);
  g_autofree char *state = NULL;
  GError *error = NULL;

  if (!md_bus_terminal1_call_decide_finish (MD_BUS_TERMINAL1 (source), &state, result, &error))
    {
      try_again (self, task, error, deciding_wait (self));
      return;
    }
  if (self->desk)
    {
      g_free (self->outcome);
      self->outcome = g_strdup (outcome_label (*kind));
      g_object_notify (G_OBJECT (self), "outcome");
      _md_approval_set_wait (self, MD_APPROVAL_WAIT_DONE);
      _md_desk_refresh_lists (self->desk);
    }
  g_task_return_boolean (task, TRUE);
}

static void
signed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  MdApproval *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (MdDecisionFiles) files = md_pcsc_run_finish (MD_PCSC (source), result, &error);

  if (files && self->desk && _md_desk_get_session (self->desk))
    {
      _md_approval_set_wait (self, MD_APPROVAL_WAIT_SENDING);
      md_bus_terminal1_call_decide (_md_desk_get_proxy (self->desk),
                                    _md_desk_get_session (self->desk),
                                    md_intake_row_get_intake (self->row), files->n,
                                    _md_officer_files_variant (files), NULL, decided_cb, task);
      return;
    }
  if (!error)
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("The approval was closed."));
  try_again (self, task, error, deciding_wait (self));
  g_object_unref (task);
}

/* By which an officer agrees. */
static gboolean
agrees (MdDecisionKind kind)
{
  return kind == MD_DECISION_APPROVE || kind == MD_DECISION_CHECK;
}

/* A reason is one of those offered for this decision; an approval has none. */
static gboolean
reason_is_right (MdApproval *self, MdDecisionKind kind, const char *reason)
{
  if (agrees (kind))
    return !reason || !reason[0];
  return _md_reasons_have (md_approval_get_reasons (self, kind), reason);
}

/* What the checks refuse cannot be approved. */
static gboolean
approval_is_open (MdApproval *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->checks)); i++)
    {
      g_autoptr (MdCheck) check = g_list_model_get_item (G_LIST_MODEL (self->checks), i);

      if (md_check_get_state (check) == MD_CHECK_REFUSED)
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_decision (MdApproval *self, MdDecisionKind kind, const char *reason, GError **error)
{
  const char *obstacle = agrees (kind) ? md_approval_get_obstacle (self) : NULL;

  if (self->unfit && kind != MD_DECISION_RETURN)
    g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED,
                         _ ("What was sealed does not fit together. It can be returned to the "
                            "clerk, and nothing else."));
  else if (!reason_is_right (self, kind, reason))
    g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED,
                         _ ("Choose a reason first."));
  else if (obstacle)
    g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED, obstacle);
  else if (agrees (kind) && !approval_is_open (self))
    g_set_error_literal (
        error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED,
        _ ("A check did not pass, so this cannot be approved. Return it to the clerk."));
  else if (agrees (kind) && md_approval_get_unseen (self) > 0)
    g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED,
                         _ ("Tick each difference as seen first. What you do not agree with, "
                            "return to the clerk."));
  else if (agrees (kind) && md_approval_get_unlooked (self) > 0)
    g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED,
                         _ ("Look at each page of the scanned documents first, or tick that you "
                            "looked at the paper itself."));
  else
    return TRUE;
  return FALSE;
}

/* Which differences the officer ticked; that it was done stands in the signed decision. */
static void
record_seen (MdApproval *self)
{
  g_autofree char *fields = _md_approval_dup_seen (self);
  g_autofree char *detail = g_strconcat ("action=compare seen=", fields, NULL);
  MdScreenEvent event = { .event = "reference",
                          .outcome = "done",
                          .object = md_intake_row_get_intake (self->row),
                          .detail = detail };

  _md_desk_record_async (self->desk, &event, NULL, NULL);
}

/* How each scanned document was looked at; how many were how stands in the signed decision. */
static void
record_looks (MdApproval *self, MdDecision *decision)
{
  g_autofree char *scans = _md_approval_describe_looks (self, decision->scans);
  g_autofree char *detail = g_strconcat ("action=look scans=", *scans ? scans : "none", NULL);
  MdScreenEvent event = { .event = "reference",
                          .outcome = "done",
                          .object = md_intake_row_get_intake (self->row),
                          .detail = detail };

  _md_desk_record_async (self->desk, &event, NULL, NULL);
}

static MdDecision *
make_decision (MdApproval *self, MdDecisionKind kind, const char *reason)
{
  MdDecision *decision = _md_officer_decision (self->desk, self->container, kind, reason,
                                               _md_approval_get_roles (self, kind));

  if (agrees (kind) && self->differences > 0)
    {
      decision->differences = self->differences;
      record_seen (self);
    }
  if (agrees (kind) && g_list_model_get_n_items (G_LIST_MODEL (self->looks)) > 0)
    record_looks (self, decision);
  _md_approval_record_unread (self);
  if (kind == MD_DECISION_APPROVE)
    decision->delegation = _md_approval_read_letter (self);
  return decision;
}

void
md_approval_decide_async (MdApproval *self, MdDecisionKind kind, const char *reason, MdSecret *pin,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task = begin (self, md_approval_decide_async, deciding_wait (self), cancellable, callback,
                       user_data);
  MdCardJob job = { .func = _md_officer_job_decide,
                    .data_free = _md_officer_job_free,
                    .result_free = (GDestroyNotify)md_decision_files_free };
  MdOfficerJob *officer;
  GError *error = NULL;

  if (!task)
    return;
  if (!check_decision (self, kind, reason, &error))
    {
      try_again (self, task, error, deciding_wait (self));
      g_object_unref (task);
      return;
    }
  g_task_set_task_data (task, g_memdup2 (&kind, sizeof kind), g_free);
  officer
      = _md_officer_job_new (self->desk, self->container, pin, _md_desk_staff (self->desk)->sign);
  officer->decision = make_decision (self, kind, reason);
  job.data = officer;
  _md_approval_set_trouble (self, NULL);
  _md_approval_set_wait (self, MD_APPROVAL_WAIT_SIGNING);
  if (_md_desk_run_staff_job (self->desk, &job, cancellable ? cancellable : self->cancellable,
                              signed_cb, task, &error))
    return;
  _md_officer_job_free (officer);
  try_again (self, task, error, deciding_wait (self));
  g_object_unref (task);
}

gboolean
md_approval_decide_finish (MdApproval *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
