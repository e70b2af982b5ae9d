// SPDX-License-Identifier: Apache-2.0
#include "md-identifier.h"

#include "md-identify-private.h"

struct _MdIdentifier
{
  GObject parent_instance;

  MdTrust *trust;
  MdTrust *signature_trust;       // may be NULL
  MdCardAuthorities *authorities; // may be NULL
  MdRevocation *revocation;
  GMutex *revocation_lock; // counted
  MdClock *clock;
};

enum
{
  SIGNAL_STEP,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MdIdentifier, md_identifier, G_TYPE_OBJECT)

static void
clear_lock (gpointer lock)
{
  g_mutex_clear (lock);
}

static void
md_identifier_finalize (GObject *object)
{
  MdIdentifier *self = MD_IDENTIFIER (object);
  md_trust_unref (self->trust);
  g_clear_pointer (&self->signature_trust, md_trust_unref);
  md_card_authorities_unref (self->authorities);
  md_revocation_unref (self->revocation);
  g_atomic_rc_box_release_full (self->revocation_lock, clear_lock);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (md_identifier_parent_class)->finalize (object);
}

static void
md_identifier_class_init (MdIdentifierClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = md_identifier_finalize;
  signals[SIGNAL_STEP] = g_signal_new ("step", MD_TYPE_IDENTIFIER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_INT);
}

static void
md_identifier_init (MdIdentifier *self)
{
  self->revocation_lock = g_atomic_rc_box_new0 (GMutex);
  g_mutex_init (self->revocation_lock);
}

MdIdentifier *
md_identifier_new (MdTrust *trust, MdRevocation *revocation, MdClock *clock)
{
  g_return_val_if_fail (trust != NULL && revocation != NULL && MD_IS_CLOCK (clock), NULL);
  MdIdentifier *self = g_object_new (MD_TYPE_IDENTIFIER, NULL);
  self->trust = md_trust_ref (trust);
  self->revocation = md_revocation_ref (revocation);
  self->clock = g_object_ref (clock);
  return self;
}

void
md_identifier_set_revocation (MdIdentifier *self, MdRevocation *revocation)
{
  g_return_if_fail (MD_IS_IDENTIFIER (self) && revocation != NULL);
  MdRevocation *before = self->revocation;
  self->revocation = md_revocation_ref (revocation);
  md_revocation_unref (before);
}

void
md_identifier_set_signature_trust (MdIdentifier *self, MdTrust *trust)
{
  g_return_if_fail (MD_IS_IDENTIFIER (self) && trust != NULL);
  g_clear_pointer (&self->signature_trust, md_trust_unref);
  self->signature_trust = md_trust_ref (trust);
}

void
md_identifier_set_card_authorities (MdIdentifier *self, MdCardAuthorities *authorities)
{
  g_return_if_fail (MD_IS_IDENTIFIER (self));
  gboolean useful = authorities != NULL && !md_card_authorities_is_empty (authorities);
  md_card_authorities_unref (self->authorities);
  self->authorities = useful ? md_card_authorities_ref (authorities) : NULL;
}

void
_md_identifier_tell (MdIdentifier *self, MdIdentityStep step, MdIdentityStepState state)
{
  g_signal_emit (self, signals[SIGNAL_STEP], 0, (int)step, (int)state);
}

// --- Before the PIN ---

static gpointer
inspect_job (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  return _md_identify_inspect (connection, GPOINTER_TO_INT (data), cancellable, error);
}

static void
inspection_destroy (gpointer inspection)
{
  md_card_inspection_free (inspection);
}

static void
on_inspected (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  MdCardInspection *inspection = md_pcsc_run_finish (MD_PCSC (source), result, &error);
  if (inspection != NULL)
    g_task_return_pointer (task, inspection, inspection_destroy);
  else
    g_task_return_error (task, error);
}

static void
run_inspection (GTask *task, MdPcsc *pcsc, MdCardReader *reader, gboolean printed)
{
  MdCardJob job = { .reader = md_card_reader_get_name (reader),
                    .events = md_card_reader_get_events (reader),
                    .func = inspect_job,
                    .data = GINT_TO_POINTER (printed),
                    .result_free = inspection_destroy };
  md_pcsc_run_async (pcsc, &job, g_task_get_cancellable (task), on_inspected, task);
}

void
md_identifier_inspect_async (MdIdentifier *self, MdPcsc *pcsc, MdCardReader *reader,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (MD_IS_IDENTIFIER (self) && MD_IS_PCSC (pcsc) && MD_IS_CARD_READER (reader));
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, md_identifier_inspect_async);
  run_inspection (task, pcsc, reader, FALSE);
}

void
md_identifier_inspect_printed_async (MdIdentifier *self, MdPcsc *pcsc, MdCardReader *reader,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_return_if_fail (MD_IS_IDENTIFIER (self) && MD_IS_PCSC (pcsc) && MD_IS_CARD_READER (reader));
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, md_identifier_inspect_printed_async);
  run_inspection (task, pcsc, reader, TRUE);
}

MdCardInspection *
md_identifier_inspect_finish (MdIdentifier *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

// --- One run ---

void
_md_identifier_prepare (MdIdentifier *self, const MdIdentifyRequest *request,
                        MdIdentifyRun *out_run)
{
  const gboolean signs = request->way == MD_IDENTIFY_BY_SIGNATURE && self->signature_trust != NULL;
  *out_run = (MdIdentifyRun){
    .trust = md_trust_ref (signs ? self->signature_trust : self->trust),
    .authorities = self->authorities != NULL ? md_card_authorities_ref (self->authorities) : NULL,
    .clock = g_object_ref (self->clock),
    .question = _md_revocation_question_new (self->revocation, self->revocation_lock),
  };
  md_identify_request_copy (request, &out_run->request);
}

void
_md_identify_run_clear (MdIdentifyRun *run)
{
  md_trust_unref (run->trust);
  md_card_authorities_unref (run->authorities);
  g_object_unref (run->clock);
  _md_revocation_question_unref (run->question);
  md_identify_request_clear (&run->request);
}

MdIdentityProof *
_md_identifier_identify_telling (MdIdentifier *self, MdCardConnection *connection,
                                 const MdIdentifyRequest *request,
                                 const MdIdentifyListener *listener, GCancellable *cancellable,
                                 GError **error)
{
  MdIdentifyRun run;
  gboolean asked = FALSE;
  _md_identifier_prepare (self, request, &run);
  run.cancellable = cancellable;
  if (listener != NULL)
    {
      run.step = listener->func;
      run.step_data = listener->data;
    }
  g_autoptr (MdIdentityProof) proof = _md_identify_with_card (&run, connection, &asked, error);
  md_identify_request_forget (&run.request);
  if (proof != NULL && asked)
    _md_identify_finish (proof, run.question);
  _md_identify_run_clear (&run);
  return g_steal_pointer (&proof);
}

MdIdentityProof *
md_identifier_identify (MdIdentifier *self, MdCardConnection *connection,
                        const MdIdentifyRequest *request, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_IDENTIFIER (self) && MD_IS_CARD_CONNECTION (connection), NULL);
  g_return_val_if_fail (md_identify_request_is_whole (request), NULL);
  return _md_identifier_identify_telling (self, connection, request, NULL, cancellable, error);
}
