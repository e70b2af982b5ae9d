// SPDX-License-Identifier: Apache-2.0
// What stops an intake: raised by what was found here or by the clerk, released by a supervisor's
// own card while the session stays the clerk's.
#include "config.h"

#include <glib/gi18n.h>

#include <string.h>

#include <md-base.h>
#include <md-seal.h>

#include "md-intake-flow-private.h"
#include "md-intake-hold.h"

static void
clear_held (MdIntake *self)
{
  g_clear_pointer (&self->held, g_free);
  g_clear_pointer (&self->unanswered, md_release_files_free);
  self->raising = FALSE;
}

void
_md_intake_forget_holds (MdIntake *self)
{
  clear_held (self);
  self->to_raise = 0;
  if (self->from_service)
    g_ptr_array_set_size (self->from_service, 0);
  if (self->holds)
    g_ptr_array_set_size (self->holds, 0);
  if (self->releases)
    g_ptr_array_set_size (self->releases, 0);
  if (self->desk)
    _md_desk_expect_guest (self->desk, FALSE);
}

/* --- raise --- */

static void
raised_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (MdIntake) self = data;
  g_autoptr (GError) error = NULL;
  guint number = 0;
  gboolean raised = md_bus_terminal1_call_raise_hold_finish (MD_BUS_TERMINAL1 (source), &number,
                                                             result, &error);

  if (!self->desk || !self->held || !self->raising)
    return;
  self->raising = FALSE;
  if (raised)
    self->held->number = number;
  else
    _md_intake_set_trouble_error (self, error);
  _md_intake_update (self);
}

void
_md_intake_tell_hold (MdIntake *self)
{
  const char *session = _md_desk_get_session (self->desk);
  g_autofree char *raised = NULL;

  if (!self->held || self->held->number > 0 || self->raising || !session || !self->reservation)
    return;
  raised = md_hold_dup_raised (self->held, self->reservation->intake);
  self->raising = TRUE;
  md_bus_terminal1_call_raise_hold (_md_desk_get_proxy (self->desk), session,
                                    self->reservation->intake, raised, NULL, raised_cb,
                                    g_object_ref (self));
}

static void
raise_next (MdIntake *self)
{
  if (!self->held && self->from_service->len > 0)
    self->held = g_ptr_array_steal_index (self->from_service, 0);
  for (guint kind = 0; !self->held && kind < MD_N_HOLDS; kind++)
    if (self->to_raise & (1u << kind))
      {
        self->to_raise &= ~(1u << kind);
        self->held = md_hold_new ((MdHoldKind)kind);
      }
  _md_intake_tell_hold (self);
}

void
_md_intake_raise (MdIntake *self, MdHoldKind kind)
{
  self->to_raise |= 1u << kind;
  if (!self->held)
    raise_next (self);
  _md_intake_update (self);
}

static gboolean
knows_hold (MdIntake *self, guint number)
{
  return (self->held && self->held->number == number) || md_holds_find (self->holds, number) != NULL
         || md_holds_find (self->from_service, number) != NULL;
}

void
_md_intake_take_hold (MdIntake *self, guint number, const char *kind, const char *salt)
{
  MdHold *hold;
  MdHoldKind which;

  if (knows_hold (self, number) || !md_hold_kind_from_id (kind, &which)
      || strlen (salt) != 2 * MD_HOLD_SALT_SIZE)
    return;
  hold = md_hold_new (which);
  hold->number = number;
  g_strlcpy (hold->salt, salt, sizeof hold->salt);
  g_ptr_array_add (self->from_service, hold);
  /* What was sealed without its release goes nowhere. */
  g_clear_pointer (&self->container, g_bytes_unref);
  if (!self->proof) /* erased meanwhile */
    _md_intake_back_to_identify (self);
  raise_next (self);
}

/* The same person, for another procedure: what stopped the first intake stops this one, too. The
 * face is compared anew. */
void
_md_intake_hold_again (MdIntake *self)
{
  guint kinds = 0;

  for (guint i = 0; i < self->holds->len; i++)
    kinds |= 1u << ((const MdHold *)g_ptr_array_index (self->holds, i))->kind;
  _md_intake_forget_holds (self);
  /* What the service raises by itself it raises anew. */
  self->to_raise = kinds
                   & ~(1u << MD_HOLD_FACE | 1u << MD_HOLD_SAME_NAME | 1u << MD_HOLD_BEFORE
                       | 1u << MD_HOLD_REVOCATION);
  raise_next (self);
}

gboolean
md_intake_offers_stop (MdHoldKind kind)
{
  return kind < MD_N_HOLDS && kind != MD_HOLD_FACE && kind != MD_HOLD_REVOCATION
         && kind != MD_HOLD_BEFORE;
}

gboolean
md_intake_get_can_stop (MdIntake *self)
{
  g_return_val_if_fail (MD_IS_INTAKE (self), FALSE);

  return self->desk && self->reservation && self->busy == MD_BUSY_NOT && !self->held
         && self->away.why == MD_AWAY_NOT && !self->container && self->step >= MD_STEP_OF_IDENTIFY
         && self->step <= MD_STEP_OF_CONFIRM && self->holds->len < MD_HOLDS_MAX;
}

void
md_intake_stop (MdIntake *self, MdHoldKind kind)
{
  g_return_if_fail (MD_IS_INTAKE (self));

  if (md_intake_get_can_stop (self) && md_intake_offers_stop (kind))
    _md_intake_raise (self, kind);
}

MdHoldKind
md_intake_get_hold (MdIntake *self)
{
  g_return_val_if_fail (MD_IS_INTAKE (self) && self->held, MD_N_HOLDS);

  return self->held->kind;
}

GListModel *
md_intake_dup_release_reasons (MdIntake *self)
{
  GListStore *store = g_list_store_new (MD_TYPE_REASON);
  const GPtrArray *reasons;

  g_return_val_if_fail (MD_IS_INTAKE (self), G_LIST_MODEL (store));

  reasons = md_policy_get_release_reasons (md_desk_get_policy (self->desk));
  for (guint i = 0; self->held && i < reasons->len; i++)
    {
      const MdPolicyReleaseReason *row = g_ptr_array_index (reasons, i);

      if (row->kinds & (1u << self->held->kind))
        {
          g_autoptr (MdReason) reason
              = _md_reason_new (row->code, md_forms_in_japanese () ? row->name_ja : row->name_en);

          g_list_store_append (store, reason);
        }
    }
  return G_LIST_MODEL (store);
}

gboolean
md_intake_get_supervisor_called (MdIntake *self)
{
  g_return_val_if_fail (MD_IS_INTAKE (self), FALSE);

  return self->desk && self->held && _md_desk_expects_guest (self->desk);
}

void
md_intake_call_supervisor (MdIntake *self, gboolean called)
{
  g_return_if_fail (MD_IS_INTAKE (self));

  if (!self->desk || self->wait != MD_WAIT_HELD)
    return;
  _md_intake_set_trouble (self, NULL, self->refused);
  _md_desk_expect_guest (self->desk, called);
  _md_intake_tell_hold (self); /* if that failed before */
  g_object_notify (G_OBJECT (self), "wait");
}

/* --- release: on the worker --- */

typedef struct
{
  MdPolicy *policy;
  MdRelease *release; /* without officer and role */
  MdCertificate *clerk;
  char *clerk_id, *procedure;
  MdStaffEntry entry;
  gint64 now;
} ReleaseJob;

static void
release_job_free (gpointer data)
{
  ReleaseJob *job = data;

  g_object_unref (job->policy);
  md_release_free (job->release);
  g_clear_pointer (&job->clerk, md_certificate_unref);
  g_free (job->clerk_id);
  g_free (job->procedure);
  g_clear_pointer (&job->entry.pin, md_secret_unref);
  g_free (job);
}

static gboolean
refuse_card (GError **error, const char *message)
{
  g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_FOREIGN_CARD, message);
  return FALSE;
}

/* Whose card it is, and in which role they release. */
static gboolean
take_officer (ReleaseJob *job, MdCertificate *certificate, GError **error)
{
  const MdPolicyStaff *officer
      = md_policy_get_staff_by_certificate (job->policy, md_certificate_get_der (certificate));
  MdMay may = officer ? md_policy_may_release (job->policy, officer->id, NULL, job->clerk_id,
                                               job->procedure)
                      : MD_MAY_NOT_STAFF;
  MdRoles roles = officer ? officer->roles & md_policy_get_release_roles (job->policy) : 0;
  guint role = 0;

  if (may == MD_MAY_NOT_SAME)
    return refuse_card (error, _ ("This is your own card. Only another officer, the supervisor, "
                                  "can release the intake, with their own card."));
  if (may == MD_MAY_NOT_SECTION)
    return refuse_card (error, md_may_get_message (may));
  if (may != MD_MAY_YES)
    return refuse_card (error, _ ("The card on the staff reader is of somebody who may not release "
                                  "an intake. Call the supervisor."));
  while (!(roles & MD_ROLES (role)))
    role++;
  job->release->officer = g_strdup (officer->id);
  job->release->role = g_strdup (md_role_to_id ((MdRole)role));
  return TRUE;
}

static gpointer
release_func (MdCardConnection *connection, gpointer data, GCancellable *cancellable,
              GError **error)
{
  ReleaseJob *job = data;
  g_autoptr (MdStaffCard) card = md_staff_card_new (connection, cancellable, error);
  g_autoptr (MdCertificate) certificate = NULL;
  g_autoptr (MdKey) key = NULL;

  if (card)
    key = md_staff_key_new (card, MD_STAFF_SLOT_SIGN, &job->entry, &certificate, cancellable,
                            error);
  if (!key || !take_officer (job, certificate, error))
    return NULL;
  return md_release_sign (job->release, job->clerk, key, certificate, job->now, error);
}

static ReleaseJob *
release_job_new (MdIntake *self, MdSecret *pin, GError **error)
{
  const MdReservation *r = self->reservation;
  MdPolicy *policy = md_desk_get_policy (self->desk);
  ReleaseJob *job = g_new0 (ReleaseJob, 1);
  MdRelease *release = job->release = md_release_new ();

  release->intake = g_strdup (r->intake);
  release->hold = self->held->number;
  release->raised = md_hold_dup_raised (self->held, r->intake);
  release->reason = md_hold_dup_reason (self->held, r->intake);
  release->office = g_strdup (r->office);
  release->terminal = g_strdup (r->terminal);
  release->policy_version = md_policy_get_version (policy);
  release->policy_digest = g_strdup (md_policy_get_digest (policy));
  release->time = md_time_format_rfc3339 (md_clock_get_wall_us (_md_desk_get_clock (self->desk)));
  job->policy = g_object_ref (policy);
  job->entry = _md_staff_pin_use (md_desk_get_staff_pin (self->desk), pin);
  job->clerk_id = g_strdup (r->clerk);
  job->procedure = g_strdup (md_form_get_id (self->form));
  job->now = _md_desk_now (self->desk);
  job->clerk = md_certificate_new_from_der (_md_desk_staff (self->desk)->sign, error);
  if (job->clerk)
    return job;
  release_job_free (job);
  return NULL;
}

/* --- release: the flow --- */

/* Whose card it must not be is said with what to do here: at work it would be the clerk's own. */
static MdTrouble *
trouble_of (const GError *error)
{
  if (!g_error_matches (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_FOREIGN_CARD))
    return _md_trouble_new_from_error (error);
  return _md_trouble_new (error->message, _ ("Nothing was signed, and no PIN was sent to it."),
                          _ ("The supervisor puts their own card on the staff reader."), NULL);
}

static void
failed (MdIntake *self, GTask *task, GError *error)
{
  self->busy = MD_BUSY_NOT;
  if (self->desk && self->held)
    {
      if (!self->unanswered)
        *self->held->reason = '\0';
      _md_desk_record_failure (self->desk, "release", md_intake_get_id (self), error);
      _md_staff_pin_refused (md_desk_get_staff_pin (self->desk), error);
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_autoptr (MdTrouble) trouble = trouble_of (error);

          _md_intake_set_trouble (self, trouble, self->refused);
        }
      _md_intake_update (self);
    }
  g_task_return_error (task, error);
}

/* It goes on where it was stopped; a face is compared once more. */
static void
take_release (MdIntake *self, MdReleaseFiles *files)
{
  g_autoptr (MdTrouble) note
      = _md_trouble_new (_ ("A supervisor has released this intake."), NULL, NULL, NULL);
  MdHoldKind kind = self->held->kind;
  gboolean person = kind == MD_HOLD_FACE || kind == MD_HOLD_REVOCATION;
  int place = 0;

  /* As the manifest has them: by their numbers. */
  while (place < (int)self->holds->len
         && ((const MdHold *)g_ptr_array_index (self->holds, place))->number < self->held->number)
    place++;
  g_ptr_array_insert (self->holds, place, g_steal_pointer (&self->held));
  g_ptr_array_insert (self->releases, place, md_release_files_copy (files));
  g_clear_pointer (&self->unanswered, md_release_files_free);
  _md_intake_set_trouble (self, NULL, person ? FALSE : self->refused);
  if (person)
    self->stopped = FALSE;
  if (kind == MD_HOLD_REVOCATION)
    _md_intake_take_unknown (self);
  g_list_store_append (self->warnings, note);
  raise_next (self);
}

/* The service may have stored it although its answer is lost: then it takes no other, and the
 * manifest must carry this one. What it has refused counts for nothing. */
static void
keep_unanswered (MdIntake *self, const MdReleaseFiles *files, const GError *error)
{
  g_clear_pointer (&self->unanswered, md_release_files_free);
  if (self->held && error->domain != MD_BUS_ERROR)
    self->unanswered = md_release_files_copy (files);
}

static void
released_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  MdIntake *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!md_bus_terminal1_call_release_hold_finish (MD_BUS_TERMINAL1 (source), result, &error))
    {
      keep_unanswered (self, g_task_get_task_data (task), error);
      failed (self, task, error);
      return;
    }
  self->busy = MD_BUSY_NOT;
  if (self->desk && self->held)
    {
      take_release (self, g_task_get_task_data (task));
      _md_intake_update (self);
      _md_desk_expect_guest (self->desk, FALSE);
      _md_intake_resident_card (self);
    }
  g_task_return_boolean (task, TRUE);
}

static GVariant *
bytes_variant (GBytes *bytes)
{
  return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE);
}

/* TASK: (transfer full) */
static void
send_release (MdIntake *self, const MdReleaseFiles *files, GTask *task)
{
  g_task_set_task_data (task, md_release_files_copy (files), (GDestroyNotify)md_release_files_free);
  md_bus_terminal1_call_release_hold (
      _md_desk_get_proxy (self->desk), _md_desk_get_session (self->desk), self->reservation->intake,
      bytes_variant (files->release), bytes_variant (files->signature), NULL, released_cb, task);
}

static void
signed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  MdIntake *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (MdReleaseFiles) files = md_pcsc_run_finish (MD_PCSC (source), result, &error);

  if (files && self->desk && self->held && _md_desk_get_session (self->desk))
    {
      send_release (self, files, task);
      return;
    }
  if (!error)
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("The intake was given up."));
  failed (self, task, error);
  g_object_unref (task);
}

/* Takes the reason into the hold; FALSE when it is none of the office's for this. */
static gboolean
take_reason (MdIntake *self, const char *reason)
{
  return reason
         && md_policy_get_release_reason (md_desk_get_policy (self->desk), reason, self->held->kind)
         && g_strlcpy (self->held->reason, reason, sizeof self->held->reason)
                < sizeof self->held->reason;
}

static gboolean
check_may_release (MdIntake *self, const char *reason, GError **error)
{
  if (!self->desk || self->wait != MD_WAIT_HELD || !_md_desk_staff (self->desk)
      || !_md_desk_get_session (self->desk) || !md_intake_get_supervisor_called (self))
    g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_WRONG_STEP,
                         _ ("Nothing can be released now."));
  else if (self->held->number == 0)
    g_set_error_literal (
        error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_UNAVAILABLE,
        _ ("The service does not know yet that the intake is stopped. Try again."));
  else if (!self->unanswered && !take_reason (self, reason))
    g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED,
                         _ ("Choose a reason first."));
  else
    return TRUE;
  return FALSE;
}

/* What was signed already: no card and no PIN is asked for. TASK: (transfer full) */
static void
send_again (MdIntake *self, GTask *task)
{
  _md_intake_begin (self, MD_BUSY_RELEASING);
  _md_intake_set_trouble (self, NULL, self->refused);
  send_release (self, self->unanswered, task);
}

void
md_intake_release_async (MdIntake *self, const char *reason, MdSecret *pin,
                         GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  MdCardJob job = { .func = release_func,
                    .data_free = release_job_free,
                    .result_free = (GDestroyNotify)md_release_files_free };
  GError *error = NULL;

  g_task_set_source_tag (task, md_intake_release_async);
  if (check_may_release (self, reason, &error))
    {
      if (self->unanswered)
        {
          send_again (self, task);
          return;
        }
      job.data = release_job_new (self, pin, &error);
    }
  else if (g_error_matches (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_WRONG_STEP))
    {
      /* Asked twice, or for nothing: what is under way goes on. */
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  if (job.data)
    {
      GCancellable *until = _md_intake_begin (self, MD_BUSY_RELEASING);

      _md_intake_set_trouble (self, NULL, self->refused);
      if (_md_desk_run_staff_job (self->desk, &job, until, signed_cb, task, &error))
        return;
      release_job_free (job.data);
    }
  failed (self, task, error);
  g_object_unref (task);
}

gboolean
md_intake_release_finish (MdIntake *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
