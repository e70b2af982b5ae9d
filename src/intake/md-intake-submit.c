// SPDX-License-Identifier: Apache-2.0
// Step "confirm": seal, sign with the staff card, hand over to the service.
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>
#include <md-seal.h>

#include "md-intake-flow-private.h"

/* One scan. The document may be wiped with the intake: the worker keeps its bytes. */
typedef struct
{
  MdSecret *bytes;
  MdScanKind kind;
  MdSensitivity class; /* of its paper: who may see it */
} SealScan;

/* Everything the worker needs; owns copies, so that the intake may be emptied while the card is
 * slow. */
typedef struct
{
  MdManifest *manifest;
  MdSecret *application, *number, *evidence;
  GPtrArray *scans; /* SealScan */
  MdStaffEntry entry;
  GPtrArray *application_to, *number_to; /* MdCertificate */
  GPtrArray *class_to[MD_N_CLASSES];     /* the same, of the classes of the scans; else NULL */
  GBytes *own_certificate;               /* DER of the clerk's signing certificate */
  gint64 now;
} SealJob;

static void
seal_scan_free (gpointer data)
{
  SealScan *scan = data;

  md_secret_unref (scan->bytes);
  g_free (scan);
}

static void
seal_job_free (gpointer data)
{
  SealJob *job = data;

  g_clear_pointer (&job->manifest, md_manifest_free);
  md_secret_unref (job->application);
  md_secret_unref (job->number);
  md_secret_unref (job->evidence);
  g_clear_pointer (&job->scans, g_ptr_array_unref);
  g_clear_pointer (&job->entry.pin, md_secret_unref);
  g_clear_pointer (&job->application_to, g_ptr_array_unref);
  g_clear_pointer (&job->number_to, g_ptr_array_unref);
  for (guint i = 0; i < MD_N_CLASSES; i++)
    g_clear_pointer (&job->class_to[i], g_ptr_array_unref);
  g_clear_pointer (&job->own_certificate, g_bytes_unref);
  g_free (job);
}

/* --- on the worker --- */

static gboolean
add_part (MdContainerBuilder *builder, const char *name, MdSecret *clear, GPtrArray *recipients,
          GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (!clear)
    return TRUE;
  bytes = g_bytes_new_static (md_secret_get_data (clear), md_secret_get_size (clear));
  return md_container_builder_add_part (builder, name, bytes, recipients, error);
}

/* Each as it was scanned, to those who may see the class of its paper; which paper that is stands
 * in the application. */
static gboolean
add_scans (MdContainerBuilder *builder, const SealJob *job, GError **error)
{
  for (guint i = 0; i < job->scans->len; i++)
    {
      const SealScan *scan = g_ptr_array_index (job->scans, i);
      const char *type = md_scan_kind_get_media_type (scan->kind);
      const char *readers
          = scan->class == MD_CLASS_MY_NUMBER ? MD_SEAL_READERS_NUMBER : MD_SEAL_READERS_CLASS;
      g_autoptr (GBytes) bytes
          = g_bytes_new_static (md_secret_get_data (scan->bytes), md_secret_get_size (scan->bytes));

      if (!md_container_builder_add_attachment (builder, bytes, type, readers,
                                                job->class_to[scan->class], error))
        return FALSE;
    }
  return TRUE;
}

static gpointer
seal_func (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  SealJob *job = data;
  g_autoptr (MdContainerBuilder) builder = md_container_builder_new (job->manifest);
  g_autoptr (MdStaffCard) card = NULL;
  g_autoptr (MdCertificate) certificate = NULL;
  g_autoptr (MdKey) key = NULL;

  if (!add_part (builder, MD_SEAL_PART_APPLICATION, job->application, job->application_to, error)
      || !add_part (builder, MD_SEAL_PART_NUMBER, job->number, job->number_to, error)
      || !add_part (builder, MD_SEAL_PART_EVIDENCE, job->evidence, job->application_to, error)
      || !add_scans (builder, job, error))
    return NULL;
  card = md_staff_card_new (connection, cancellable, error);
  key = card ? md_staff_key_new (card, MD_STAFF_SLOT_SIGN, &job->entry, &certificate, cancellable,
                                 error)
             : NULL;
  if (!key)
    return NULL;
  if (!g_bytes_equal (md_certificate_get_der (certificate), job->own_certificate))
    {
      g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_FOREIGN_CARD,
                           _ ("The card on the staff reader is not yours."));
      return NULL;
    }
  return md_container_builder_sign (builder, key, certificate, job->now, error);
}

/* --- making the job --- */

static void
fill_reception_fields (MdIntake *self)
{
  const MdReservation *r = self->reservation;
  const char *filed = md_form_data_get_today (self->data);
  g_autofree char *today = _md_desk_today (self->desk);
  g_autofree char *time = md_time_format_tokyo (
      md_clock_get_wall_us (_md_desk_get_clock (self->desk)), MD_TIME_STYLE_CLOCK_FULL);
  g_autofree char *form_code
      = g_strdup_printf ("%s/%u", md_form_get_id (self->form), md_form_get_version (self->form));
  const char *const fields[][2] = {
    { "m.recv_no", r->receipt_number },
    { "m.proc", md_form_get_id (self->form) },
    { "m.form_code", form_code },
    { "m.recv_date", filed },
    { "m.filed_date", filed },
    { "m.channel", _md_intake_channel (self) },
    { "m.office", r->office },
    { "m.clerk", r->clerk },
    { "m.terminal", r->terminal },
    { "m.reason", "application" },
    { "m.version", "1" },
    { "m.upd_date", today },
    { "m.upd_time", time },
  };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    _md_intake_set_field (self, fields[i][0], fields[i][1]);
}

static MdManifest *
make_manifest (MdIntake *self)
{
  const MdReservation *r = self->reservation;
  MdPolicy *policy = md_desk_get_policy (self->desk);
  const MdPapers *papers = md_identity_proof_get_papers (self->proof);
  MdManifest *manifest = md_manifest_new ();
  MdAssurance assurance;

  manifest->intake = g_strdup (r->intake);
  manifest->receipt_number = g_strdup (r->receipt_number);
  manifest->procedure = g_strdup (md_form_get_id (self->form));
  manifest->procedure_version = g_strdup_printf ("%u", md_form_get_version (self->form));
  manifest->office = g_strdup (r->office);
  manifest->terminal = g_strdup (r->terminal);
  manifest->clerk = g_strdup (r->clerk);
  if (self->replaces)
    manifest->replaces = g_strdup (md_intake_row_get_intake (self->replaces));
  manifest->differences = _md_intake_count_differences (self);
  manifest->number_missing = md_form_data_misses_number (self->data);
  manifest->policy_version = md_policy_get_version (policy);
  manifest->policy_digest = g_strdup (md_policy_get_digest (policy));
  manifest->wall = g_strdup (r->time);
  manifest->monotonic_ns = r->monotonic_ns;
  manifest->boot_id = g_strdup (r->boot_id);
  manifest->nonce_state = g_strdup (md_nonce_state_to_string (r->nonce_state));
  manifest->nonce = r->nonce ? md_hex_encode_bytes (r->nonce) : g_strdup ("");
  manifest->identification_method = g_strdup (md_identity_proof_get_method (self->proof));
  manifest->identification_verdict
      = g_strdup (md_identity_verdict_to_string (md_identity_proof_get_verdict (self->proof)));
  manifest->identification_revocation
      = g_strdup (md_revocation_source_to_string (md_identity_proof_get_revocation (self->proof)));
  if (md_method_get_assurance (manifest->identification_method, &assurance))
    manifest->identification_assurance = g_strdup (md_assurance_to_id (assurance));
  for (guint i = 0; i < MD_N_NAMED; i++)
    manifest->named[i] = g_strdup (self->bound[i]);
  manifest->delegation_intake = g_strdup (self->letter.intake);
  manifest->delegation_number = g_strdup (self->letter.number);
  manifest->delegation_decision = g_strdup (self->letter.decision);
  if (papers && papers->channel == MD_CHANNEL_POST)
    manifest->received = g_strdup (papers->received);
  for (guint i = 0; i < self->releases->len; i++)
    g_ptr_array_add (manifest->releases,
                     md_release_files_copy (g_ptr_array_index (self->releases, i)));
  return manifest;
}

/* Takes what the policy said. */
static GPtrArray *
read_certificates (GPtrArray *owned, GError **error)
{
  g_autoptr (GPtrArray) ders = owned;
  g_autoptr (GPtrArray) list
      = g_ptr_array_new_with_free_func ((GDestroyNotify)md_certificate_unref);

  if (!ders)
    return NULL;
  for (guint i = 0; i < ders->len; i++)
    {
      MdCertificate *certificate = md_certificate_new_from_der (g_ptr_array_index (ders, i), error);

      if (!certificate)
        return NULL;
      g_ptr_array_add (list, certificate);
    }
  return g_steal_pointer (&list);
}

static GPtrArray *
recipients (MdIntake *self, MdRecipients kind, GError **error)
{
  return read_certificates (md_policy_get_recipients (md_desk_get_policy (self->desk),
                                                      md_form_get_id (self->form),
                                                      md_form_get_profile (self->form), kind,
                                                      self->reservation->clerk, error),
                            error);
}

/* Of each class that is among the scans. */
static gboolean
find_readers (MdIntake *self, SealJob *job, GError **error)
{
  for (guint i = 0; i < job->scans->len; i++)
    {
      const MdSensitivity class = ((const SealScan *)g_ptr_array_index (job->scans, i))->class;

      if (job->class_to[class])
        continue;
      job->class_to[class] = read_certificates (
          md_policy_get_class_recipients (
              md_desk_get_policy (self->desk), md_form_get_id (self->form),
              md_form_get_profile (self->form), class, self->reservation->clerk, error),
          error);
      if (!job->class_to[class])
        return FALSE;
    }
  return TRUE;
}

/* What is to be sealed, in the clear. */
static gboolean
write_parts (MdIntake *self, SealJob *job, GError **error)
{
  const char *intake = self->reservation->intake;
  g_autoptr (GError) cause = NULL;

  g_autoptr (MdVisitRecord) visit = _md_intake_dup_visit_record (self);

  _md_intake_note_of_visit (self);
  job->evidence = md_identity_proof_encode_held (self->proof, self->holds, self->named_salt, visit);
  job->application = md_form_data_to_application (self->data, intake, &cause);
  if (!cause)
    job->number = md_form_data_to_number (self->data, intake, &cause); /* NULL: there is none */
  if (!cause && job->evidence && job->application)
    return TRUE;
  if (!cause)
    g_set_error_literal (&cause, MD_INTAKE_ERROR, MD_INTAKE_ERROR_DAMAGED,
                         _ ("The application cannot be written down. Begin the intake again; if it "
                            "happens again, call the administrator."));
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static GPtrArray *
hold_scans (MdIntake *self)
{
  g_autoptr (GPtrArray) documents = md_form_data_list_documents (self->data);
  g_autoptr (GArray) classes = md_form_data_list_document_classes (self->data);
  GPtrArray *scans = g_ptr_array_new_with_free_func (seal_scan_free);

  for (guint i = 0; i < documents->len; i++)
    {
      MdScanDocument *document = g_ptr_array_index (documents, i);
      SealScan *scan = g_new0 (SealScan, 1);

      scan->bytes = md_secret_ref (md_scan_document_get_bytes (document));
      scan->kind = md_scan_document_get_facts (document)->kind;
      scan->class = g_array_index (classes, MdSensitivity, i);
      g_ptr_array_add (scans, scan);
    }
  return scans;
}

static SealJob *
make_job (MdIntake *self, MdSecret *pin, GError **error)
{
  SealJob *job = g_new0 (SealJob, 1);
  const MdPolicyStaff *staff = _md_desk_staff (self->desk);

  fill_reception_fields (self);
  _md_intake_fill_number_source (self);
  job->manifest = make_manifest (self);
  job->entry = _md_staff_pin_use (md_desk_get_staff_pin (self->desk), pin);
  job->now = _md_desk_now (self->desk);
  job->own_certificate = g_bytes_ref (staff->sign);
  job->scans = hold_scans (self);
  if (write_parts (self, job, error))
    job->application_to = recipients (self, MD_RECIPIENTS_APPLICATION, error);
  if (job->application_to)
    job->number_to = recipients (self, MD_RECIPIENTS_NUMBER, error);
  if (job->number_to && find_readers (self, job, error))
    return job;
  seal_job_free (job);
  return NULL;
}

/* --- the flow --- */

static void
failed (MdIntake *self, GTask *task, GError *error)
{
  self->busy = MD_BUSY_NOT;
  if (self->desk)
    {
      _md_desk_record_failure (self->desk, "seal", md_intake_get_id (self), error);
      _md_staff_pin_refused (md_desk_get_staff_pin (self->desk), error);
      if (!_md_staff_pin_says_it (error))
        _md_intake_set_trouble_error (self, error);
      _md_intake_update (self);
    }
  g_task_return_error (task, error);
}

static void
submitted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  MdIntake *self = g_task_get_source_object (task);
  g_autofree char *number = NULL;
  g_autofree char *state = NULL;
  GError *error = NULL;

  if (!md_bus_terminal1_call_submit_intake_finish (MD_BUS_TERMINAL1 (source), &number, &state, NULL,
                                                   result, &error))
    {
      /* Sealed under rules that are no longer in force: sign again. */
      if (g_error_matches (error, MD_BUS_ERROR, MD_BUS_ERROR_POLICY_CHANGED))
        g_clear_pointer (&self->container, g_bytes_unref);
      /* The letter was changed meanwhile: it is asked about anew, and sealed with the answer. */
      if (g_error_matches (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_DELEGATED))
        {
          g_clear_pointer (&self->container, g_bytes_unref);
          _md_intake_doubt_letter (self);
        }
      if (!self->container && !self->proof) /* erased meanwhile */
        _md_intake_back_to_identify (self);
      failed (self, task, error);
      return;
    }
  self->busy = MD_BUSY_NOT;
  g_clear_pointer (&self->container, g_bytes_unref);
  if (self->desk)
    {
      _md_intake_scans_are_stored (self);
      _md_intake_end_of_visit (self);
      _md_intake_set_step (self, MD_STEP_OF_DONE);
      _md_intake_put_visit_aside (self);
      _md_intake_update (self);
      _md_desk_refresh_lists (self->desk);
    }
  g_task_return_boolean (task, TRUE);
}

static void
send_container (MdIntake *self, GTask *task)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  const char *session = _md_desk_get_session (self->desk);
  GError *error = NULL;
  GVariant *handle = NULL;

  if (!session)
    g_set_error_literal (&error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_UNAVAILABLE,
                         _ ("Log in again to hand it over."));
  else
    handle = md_bus_payload_append (fds, self->container, &error);
  if (!handle)
    {
      failed (self, task, error);
      g_object_unref (task);
      return;
    }
  _md_intake_set_busy (self, MD_BUSY_SENDING);
  _md_intake_note_scans (self);
  md_bus_terminal1_call_submit_intake (_md_desk_get_proxy (self->desk), session,
                                       self->reservation->intake, handle, fds, NULL, submitted_cb,
                                       task);
}

static void
sealed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  MdIntake *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GBytes) container = md_pcsc_run_finish (MD_PCSC (source), result, &error);

  if (container && self->desk && self->busy == MD_BUSY_SEALING)
    {
      self->container = g_steal_pointer (&container);
      send_container (self, task);
      return;
    }
  if (!error)
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("The intake was given up."));
  failed (self, task, error);
  g_object_unref (task);
}

static void
seal (MdIntake *self, GTask *task, MdSecret *pin)
{
  MdCardJob job = { .func = seal_func,
                    .data_free = seal_job_free,
                    .result_free = (GDestroyNotify)g_bytes_unref };
  GError *error = NULL;
  GCancellable *cancellable;

  job.data = make_job (self, pin, &error);
  if (job.data)
    {
      cancellable = _md_intake_begin (self, MD_BUSY_SEALING);
      if (g_task_get_cancellable (task))
        g_signal_connect_object (g_task_get_cancellable (task), "cancelled",
                                 G_CALLBACK (g_cancellable_cancel), cancellable, G_CONNECT_SWAPPED);
      if (_md_desk_run_staff_job (self->desk, &job, cancellable, sealed_cb, task, &error))
        return;
      seal_job_free (job.data);
    }
  failed (self, task, error);
  g_object_unref (task);
}

/* --- not before the service knows of whom it is --- */

/* What is sealed can be handed in when nothing of the person is left here, and that is just why it
 * cannot be told any more then whose it is. */
static void
wait_until_named (MdIntake *self, GTask *task, MdSecret *pin)
{
  self->to_sign.task = task;
  self->to_sign.pin = pin ? md_secret_ref (pin) : NULL;
  (void)_md_intake_begin (self, MD_BUSY_SEALING);
}

/* Nothing came between: the card is there, nothing has stopped it, nobody gave it up. */
static gboolean
may_go_on (MdIntake *self)
{
  return self->desk && self->busy == MD_BUSY_SEALING && self->proof && !self->held
         && self->away.why == MD_AWAY_NOT && !g_cancellable_is_cancelled (self->cancellable);
}

void
_md_intake_sign_named (MdIntake *self, const GError *error)
{
  GTask *task = g_steal_pointer (&self->to_sign.task);
  g_autoptr (MdSecret) pin = g_steal_pointer (&self->to_sign.pin);

  if (!task)
    return;
  if (error)
    failed (self, task, g_error_copy (error));
  else if (may_go_on (self))
    {
      seal (self, task, pin); /* owns the task */
      return;
    }
  else
    {
      g_task_return_new_error (task, MD_INTAKE_ERROR, MD_INTAKE_ERROR_WRONG_STEP, "%s",
                               _ ("The application cannot be handed over now."));
      if (self->desk && self->busy == MD_BUSY_SEALING)
        _md_intake_set_busy (self, MD_BUSY_NOT);
    }
  g_object_unref (task);
}

void
_md_intake_give_up_signing (MdIntake *self)
{
  g_autoptr (GError) error
      = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("The intake was given up."));

  _md_intake_sign_named (self, error);
}

/* A PIN is there, or is typed at the keypad. */
static gboolean
may_sign (MdIntake *self, MdSecret *pin)
{
  gboolean pad = FALSE;

  g_object_get (md_desk_get_staff_pin (self->desk), "pad", &pad, NULL);
  return _md_desk_staff (self->desk) && (pin || pad);
}

void
md_intake_submit_async (MdIntake *self, MdSecret *staff_pin, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, md_intake_submit_async);
  g_task_set_check_cancellable (task, FALSE); /* what was handed over is not taken back */
  if (!self->desk || self->step != MD_STEP_OF_CONFIRM || self->busy != MD_BUSY_NOT
      || (!self->proof && !self->container) || self->held || self->away.why != MD_AWAY_NOT
      || (!self->container && !may_sign (self, staff_pin)))
    {
      g_task_return_new_error (task, MD_INTAKE_ERROR, MD_INTAKE_ERROR_WRONG_STEP, "%s",
                               _ ("The application cannot be handed over now."));
      g_object_unref (task);
      return;
    }
  _md_intake_set_trouble (self, NULL, FALSE);
  if (self->proof)
    _md_intake_name_person (self, self->proof);
  if (self->container)
    send_container (self, task);
  else if (self->naming)
    wait_until_named (self, task, staff_pin);
  else
    seal (self, task, staff_pin);
}

gboolean
md_intake_submit_finish (MdIntake *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
