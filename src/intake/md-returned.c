// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-officer-private.h"
#include "md-returned.h"

struct _MdReturned
{
  GObject parent_instance;

  MdDesk *desk; /* owns us; NULL once ended */
  MdIntakeRow *row;
  MdReturnedWait wait;
  MdTrouble *trouble;
  GCancellable *cancellable;
  MdContainer *container;
  MdDecision *decision;   /* the return or refusal, as it was signed */
  MdNotice *notice;       /* by which the back office gave it back; then the two are NULL */
  MdDecisionKind settles; /* how it is being settled */
  GListModel *withdraw_reasons, *restore_reasons;
};

G_DEFINE_FINAL_TYPE (MdReturned, md_returned, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_WAIT,
  PROP_SENTENCE,
  PROP_TROUBLE,
  PROP_ROW,
  PROP_OFFICER_NAME,
  PROP_DECIDED_AT,
  PROP_REASON,
  PROP_ADVICE,
  PROP_LINES,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* --- the object --- */

static char *
text_of_notice (MdReturned *self, guint id)
{
  const char *label = md_return_reason_get_label (self->notice->reason);

  switch (id)
    {
    case PROP_OFFICER_NAME:
      return g_strdup_printf (_ ("Back office (%s)"), self->notice->officer);
    case PROP_DECIDED_AT:
      return _md_words_moment (self->notice->time);
    case PROP_REASON:
      return g_strdup (label ? label : self->notice->reason);
    case PROP_LINES:
      return _md_notice_dup_lines (self->notice,
                                   self->desk ? md_desk_get_catalogue (self->desk) : NULL);
    default:
      return g_strdup (md_return_reason_get_advice (self->notice->reason));
    }
}

static char *
text_of_decision (MdReturned *self, guint id)
{
  switch (id)
    {
    case PROP_OFFICER_NAME:
      return g_strdup (_md_words_staff_id (self->desk ? md_desk_get_policy (self->desk) : NULL,
                                           self->decision->officer));
    case PROP_DECIDED_AT:
      return _md_words_moment (self->decision->time);
    case PROP_LINES:
      return NULL;
    case PROP_REASON:
      return g_strdup (_md_reason_label (self->decision->reason_code));
    default:
      return g_strdup (_md_reason_advice (self->decision->reason_code));
    }
}

static void
md_returned_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MdReturned *self = MD_RETURNED (object);

  if (id == PROP_WAIT)
    g_value_set_int (value, (int)self->wait);
  else if (id == PROP_SENTENCE)
    g_value_set_string (value, md_returned_get_sentence (self));
  else if (id == PROP_TROUBLE)
    g_value_set_object (value, self->trouble);
  else if (id == PROP_ROW)
    g_value_set_object (value, self->row);
  else if (self->notice)
    g_value_take_string (value, text_of_notice (self, id));
  else
    g_value_take_string (value, self->decision ? text_of_decision (self, id) : NULL);
}

static void
md_returned_dispose (GObject *object)
{
  MdReturned *self = MD_RETURNED (object);

  _md_returned_end (self);
  g_clear_object (&self->row);
  g_clear_object (&self->withdraw_reasons);
  g_clear_object (&self->restore_reasons);
  G_OBJECT_CLASS (md_returned_parent_class)->dispose (object);
}

static void
md_returned_class_init (MdReturnedClass *klass)
{
  static const struct
  {
    guint id;
    const char *name;
  } texts[] = { { PROP_SENTENCE, "sentence" },     { PROP_OFFICER_NAME, "officer-name" },
                { PROP_DECIDED_AT, "decided-at" }, { PROP_REASON, "reason" },
                { PROP_ADVICE, "advice" },         { PROP_LINES, "lines" } };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = md_returned_dispose;
  object_class->get_property = md_returned_get_property;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    properties[texts[i].id] = g_param_spec_string (texts[i].name, NULL, NULL, NULL, flags);
  properties[PROP_WAIT] = g_param_spec_int ("wait", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_TROUBLE] = g_param_spec_object ("trouble", NULL, NULL, MD_TYPE_TROUBLE, flags);
  properties[PROP_ROW] = g_param_spec_object ("row", NULL, NULL, MD_TYPE_INTAKE_ROW, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
md_returned_init (MdReturned *self)
{
  self->cancellable = g_cancellable_new ();
  self->settles = MD_DECISION_WITHDRAW;
  self->withdraw_reasons = _md_reasons_for_withdraw ();
  self->restore_reasons = _md_reasons_for_restore ();
}

static gboolean
restores (MdReturned *self)
{
  return self->settles == MD_DECISION_RESTORE;
}

MdReturnedWait
md_returned_get_wait (MdReturned *self)
{
  return self->wait;
}

const char *
md_returned_get_sentence (MdReturned *self)
{
  switch (self->wait)
    {
    case MD_RETURNED_WAIT_CHOICE:
      if (self->notice)
        return _ ("The back office asks for this application to be taken in again.");
      return self->decision && self->decision->kind == MD_DECISION_REJECT
                 ? _ ("This application was refused.")
                 : _ ("This application came back.");
    case MD_RETURNED_WAIT_SIGNING:
      return self->desk ? _md_staff_pin_sentence (
                 md_desk_get_staff_pin (self->desk),
                 restores (self) ? _ ("Signing the restoration. Do not move the staff card.")
                                 : _ ("Signing the withdrawal. Do not move the staff card."))
                        : NULL;
    case MD_RETURNED_WAIT_SENDING:
      if (self->notice)
        return _ ("Settling the notice.");
      return restores (self) ? _ ("Filing the restoration.") : _ ("Filing the withdrawal.");
    case MD_RETURNED_WAIT_REFUSED:
      return _ ("This application cannot be opened here.");
    case MD_RETURNED_WAIT_DONE:
      if (self->notice)
        return _ ("The notice is settled.");
      return restores (self) ? _ ("The application waits for a decision again.")
                             : _ ("The application is withdrawn.");
    case MD_RETURNED_WAIT_LOADING:
    default:
      return _ ("Fetching the application.");
    }
}

MdTrouble *
md_returned_get_trouble (MdReturned *self)
{
  return self->trouble;
}

GListModel *
md_returned_get_reasons (MdReturned *self, MdDecisionKind kind)
{
  return kind == MD_DECISION_RESTORE ? self->restore_reasons : self->withdraw_reasons;
}

gboolean
md_returned_may_settle (MdReturned *self, MdDecisionKind kind)
{
  const MdManifest *manifest;
  MdPolicy *policy;
  const char *staff;

  if (!self->desk || !self->decision || !_md_desk_staff (self->desk))
    return FALSE;
  manifest = md_container_get_manifest (self->container);
  policy = md_desk_get_policy (self->desk);
  staff = md_desk_get_staff_id (self->desk);
  return md_standing_decide (md_standing_after (self->decision->kind), kind, NULL)
         && (kind == MD_DECISION_RESTORE
                 ? md_policy_may_decide (policy, staff, manifest->procedure, manifest->clerk)
                 : md_policy_may_take_in (policy, staff, manifest->procedure))
                == MD_MAY_YES;
}

gboolean
md_returned_may_take_up (MdReturned *self)
{
  if (!self->notice)
    return md_returned_may_settle (self, MD_DECISION_WITHDRAW);
  return self->desk && _md_desk_staff (self->desk)
         && md_policy_may_take_in (md_desk_get_policy (self->desk),
                                   md_desk_get_staff_id (self->desk), self->notice->procedure)
                == MD_MAY_YES;
}

gboolean
md_returned_may_acknowledge (MdReturned *self)
{
  return self->notice && self->wait == MD_RETURNED_WAIT_CHOICE;
}

static void
set_wait (MdReturned *self, MdReturnedWait wait, MdTrouble *trouble)
{
  if (g_set_object (&self->trouble, trouble))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TROUBLE]);
  if (self->wait == wait)
    return;
  self->wait = wait;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WAIT]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SENTENCE]);
}

/* --- fetching --- */

/* All of it; or at least the officer's word, where that is that something else of it does not hold,
 * or where a card that signed it before has run out or been replaced meanwhile: it can be taken up
 * again all the same. */
static gboolean
verify (MdReturned *self, const MdDecisionFiles *files, GError **error)
{
  const gint64 now = _md_desk_now (self->desk);
  g_autoptr (MdTrust) trust = md_policy_create_trust (md_desk_get_policy (self->desk),
                                                      MD_TRUST_PROFILE_STAFF_SIGN, error);
  g_autoptr (MdDecision) last = NULL;
  g_autoptr (GError) wrong = NULL;

  if (!trust)
    return FALSE;
  if (md_container_verify (self->container, trust, now, &wrong))
    return TRUE;
  last = files ? md_decision_verify (self->container, files, trust, now, NULL) : NULL;
  if (last
      && (g_strcmp0 (last->reason_code, "contents-unfit") == 0
          || g_error_matches (wrong, MD_SEAL_ERROR, MD_SEAL_ERROR_UNTRUSTED)))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

/* Who returned it and why is believed only with the signature. */
static gboolean
take_decision (MdReturned *self, GError **error)
{
  guint n = md_container_get_last_signature (self->container);
  g_autoptr (MdDecisionFiles) files = n > 1 ? md_container_dup_decision (self->container, n) : NULL;

  if (!verify (self, files, error))
    return FALSE;
  if (files)
    self->decision = md_decision_parse (files->decision, NULL);
  if (self->decision
      && md_standing_decide (md_standing_after (self->decision->kind), MD_DECISION_RESTORE, NULL)
      && g_strcmp0 (md_container_get_manifest (self->container)->intake,
                    md_intake_row_get_intake (self->row))
             == 0)
    return TRUE;
  _md_words_refuse_other (error);
  return FALSE;
}

static void
show_loaded (MdReturned *self)
{
  for (guint id = PROP_OFFICER_NAME; id < N_PROPS; id++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
  set_wait (self, MD_RETURNED_WAIT_CHOICE, NULL);
}

static void
refuse_loaded (MdReturned *self, const GError *error)
{
  g_autoptr (MdTrouble) trouble = _md_trouble_new_from_error (error);

  _md_desk_record_failure (self->desk, "open", md_intake_row_get_intake (self->row), error);
  set_wait (self, MD_RETURNED_WAIT_REFUSED, trouble);
}

/* Who gave it back and why is believed only with the signature of the back office. */
static gboolean
take_notice (MdReturned *self, GBytes *body, GError **error)
{
  g_autoptr (MdTrust) trust
      = md_policy_create_notice_trust (md_desk_get_policy (self->desk), error);
  g_autoptr (MdNotice) notice = trust ? md_notice_verify (body, trust, 0, error) : NULL;

  if (!notice)
    return FALSE;
  if (g_strcmp0 (notice->intake, md_intake_row_get_intake (self->row)) == 0)
    {
      self->notice = g_steal_pointer (&notice);
      return TRUE;
    }
  _md_words_refuse_other (error);
  return FALSE;
}

static void
notice_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (MdReturned) self = data;
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;

  if (md_bus_terminal1_call_get_notice_finish (MD_BUS_TERMINAL1 (source), &variant, result, &error))
    body = g_variant_get_data_as_bytes (variant);
  if (!self->desk)
    return;
  if (body && take_notice (self, body, &error))
    show_loaded (self);
  else
    refuse_loaded (self, error);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (MdReturned) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MdContainer) container
      = _md_desk_get_intake_finish (MD_BUS_TERMINAL1 (source), result, NULL, &error);

  if (!self->desk)
    return;
  self->container = g_steal_pointer (&container);
  if (self->container && take_decision (self, &error))
    show_loaded (self);
  else
    refuse_loaded (self, error);
}

MdReturned *
_md_returned_new (MdDesk *desk, MdIntakeRow *row)
{
  MdReturned *self = g_object_new (MD_TYPE_RETURNED, NULL);

  self->desk = desk;
  self->row = g_object_ref (row);
  if (md_intake_row_get_notice (row) > 0)
    md_bus_terminal1_call_get_notice (_md_desk_get_proxy (desk), _md_desk_get_session (desk),
                                      md_intake_row_get_intake (row), self->cancellable, notice_cb,
                                      g_object_ref (self));
  else
    md_bus_terminal1_call_get_intake (_md_desk_get_proxy (desk), _md_desk_get_session (desk),
                                      md_intake_row_get_intake (row), NULL, self->cancellable,
                                      loaded_cb, g_object_ref (self));
  return self;
}

void
_md_returned_end (MdReturned *self)
{
  self->desk = NULL;
  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->trouble);
  g_clear_pointer (&self->decision, md_decision_free);
  g_clear_pointer (&self->notice, md_notice_free);
  g_clear_pointer (&self->container, md_container_unref);
}

/* --- settling --- */

/* A failure after which the clerk may try again (wrong PIN, card moved). */
static void
try_again (MdReturned *self, GTask *task, GError *error)
{
  g_autoptr (MdTrouble) trouble = NULL;

  if (self->desk)
    {
      _md_desk_record_failure (self->desk, restores (self) ? "restore" : "withdraw",
                               md_intake_row_get_intake (self->row), error);
      _md_staff_pin_refused (md_desk_get_staff_pin (self->desk), error);
      if (!_md_staff_pin_says_it (error))
        trouble = _md_trouble_new_from_error (error);
      set_wait (self, MD_RETURNED_WAIT_CHOICE, trouble);
      md_staff_pin_want (md_desk_get_staff_pin (self->desk));
    }
  g_task_return_error (task, error);
}

static void
decided_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  MdReturned *self = g_task_get_source_object (task);
  g_autofree char *state = NULL;
  GError *error = NULL;

  if (!md_bus_terminal1_call_decide_finish (MD_BUS_TERMINAL1 (source), &state, result, &error))
    {
      try_again (self, task, error);
      return;
    }
  if (self->desk)
    {
      set_wait (self, MD_RETURNED_WAIT_DONE, NULL);
      _md_desk_refresh_lists (self->desk);
    }
  g_task_return_boolean (task, TRUE);
}

static void
signed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  MdReturned *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (MdDecisionFiles) files = md_pcsc_run_finish (MD_PCSC (source), result, &error);

  if (files && self->desk && _md_desk_get_session (self->desk))
    {
      set_wait (self, MD_RETURNED_WAIT_SENDING, NULL);
      md_bus_terminal1_call_decide (_md_desk_get_proxy (self->desk),
                                    _md_desk_get_session (self->desk),
                                    md_intake_row_get_intake (self->row), files->n,
                                    _md_officer_files_variant (files), NULL, decided_cb, task);
      return;
    }
  if (!error)
    error
        = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("The application was closed."));
  try_again (self, task, error);
  g_object_unref (task);
}

static MdOfficerJob *
settlement (MdReturned *self, const char *reason, MdSecret *pin)
{
  const MdPolicyProcedure *rules = md_policy_get_procedure (
      md_desk_get_policy (self->desk), md_container_get_manifest (self->container)->procedure);
  MdOfficerJob *job
      = _md_officer_job_new (self->desk, self->container, pin, _md_desk_staff (self->desk)->sign);

  job->decision = _md_officer_decision (self->desk, self->container, self->settles, reason,
                                        !rules            ? 0
                                        : restores (self) ? rules->approvers
                                                          : rules->clerks);
  return job;
}

void
md_returned_settle_async (MdReturned *self, MdDecisionKind kind, const char *reason, MdSecret *pin,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  MdCardJob job = { .func = _md_officer_job_decide,
                    .data_free = _md_officer_job_free,
                    .result_free = (GDestroyNotify)md_decision_files_free };
  GError *error = NULL;

  g_task_set_source_tag (task, md_returned_settle_async);
  if (self->wait != MD_RETURNED_WAIT_CHOICE || !md_returned_may_settle (self, kind))
    {
      /* What is under way goes on. */
      g_task_return_new_error (task, MD_INTAKE_ERROR, MD_INTAKE_ERROR_WRONG_STEP, "%s",
                               _ ("This cannot be done now."));
      g_object_unref (task);
      return;
    }
  self->settles = kind;
  if (!_md_reasons_have (md_returned_get_reasons (self, kind), reason))
    g_set_error_literal (&error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED,
                         _ ("Choose a reason first."));
  if (!error)
    {
      job.data = settlement (self, reason, pin);
      set_wait (self, MD_RETURNED_WAIT_SIGNING, NULL);
      if (_md_desk_run_staff_job (self->desk, &job, cancellable ? cancellable : self->cancellable,
                                  signed_cb, task, &error))
        return;
      _md_officer_job_free (job.data);
    }
  try_again (self, task, error);
  g_object_unref (task);
}

gboolean
md_returned_settle_finish (MdReturned *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- a notice of the back office --- */

static void
acknowledged_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  MdReturned *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!md_bus_terminal1_call_acknowledge_notice_finish (MD_BUS_TERMINAL1 (source), result, &error))
    {
      g_autoptr (MdTrouble) trouble = _md_trouble_new_from_error (error);

      if (self->desk)
        set_wait (self, MD_RETURNED_WAIT_CHOICE, trouble);
      g_task_return_error (task, error);
      return;
    }
  if (self->desk)
    {
      set_wait (self, MD_RETURNED_WAIT_DONE, NULL);
      _md_desk_refresh_lists (self->desk);
    }
  g_task_return_boolean (task, TRUE);
}

void
md_returned_acknowledge_async (MdReturned *self, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, md_returned_acknowledge_async);
  if (!md_returned_may_acknowledge (self) || !_md_desk_get_session (self->desk))
    {
      g_task_return_new_error (task, MD_INTAKE_ERROR, MD_INTAKE_ERROR_WRONG_STEP, "%s",
                               _ ("This cannot be done now."));
      g_object_unref (task);
      return;
    }
  set_wait (self, MD_RETURNED_WAIT_SENDING, NULL);
  md_bus_terminal1_call_acknowledge_notice (
      _md_desk_get_proxy (self->desk), _md_desk_get_session (self->desk),
      md_intake_row_get_intake (self->row), cancellable, acknowledged_cb, task);
}

gboolean
md_returned_acknowledge_finish (MdReturned *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
