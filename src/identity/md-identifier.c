// SPDX-License-Identifier: Apache-2.0
#include "md-identifier.h"

#include "md-identify-private.h"

struct _MdIdentifier
{
  GObject parent_instance;

  MdTrust *trust;
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
md_identifier_set_card_authorities (MdIdentifier *self, MdCardAuthorities *authorities)
{
  g_return_if_fail (MD_IS_IDENTIFIER (self));
  gboolean useful = authorities != NULL && !md_card_authorities_is_empty (authorities);
  md_card_authorities_unref (self->authorities);
  self->authorities = useful ? md_card_authorities_ref (authorities) : NULL;
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

// --- The whole flow ---

// One run of the flow, shared by the worker and the main context.
typedef struct
{
  gatomicrefcount count;
  MdIdentifyRun run;
  GMainContext *context;
  GWeakRef identifier; // read in the main context only
  char *reader;
  guint32 events;
  gboolean asked; // written by the worker before it hands over
} Flow;

static void
run_clear (MdIdentifyRun *run)
{
  md_trust_unref (run->trust);
  md_card_authorities_unref (run->authorities);
  g_object_unref (run->clock);
  _md_revocation_question_unref (run->question);
  md_presence_challenge_unref (run->challenge);
  g_clear_pointer (&run->text_pin, md_secret_unref);
  g_clear_pointer (&run->auth_pin, md_secret_unref);
  g_clear_pointer (&run->front, md_secret_unref);
  g_clear_pointer (&run->back, md_secret_unref);
}

static MdIdentityProof *
run_with_card (const MdIdentifyRun *run, MdCardConnection *connection, gboolean *out_asked,
               GError **error)
{
  return run->by_face ? _md_identify_by_face (run, connection, out_asked, error)
                      : _md_identify_with_card (run, connection, out_asked, error);
}

static void
flow_unref (gpointer data)
{
  Flow *flow = data;
  if (!g_atomic_ref_count_dec (&flow->count))
    return;
  run_clear (&flow->run);
  g_main_context_unref (flow->context);
  g_weak_ref_clear (&flow->identifier);
  g_free (flow->reader);
  g_free (flow);
}

static Flow *
flow_ref (Flow *flow)
{
  g_atomic_ref_count_inc (&flow->count);
  return flow;
}

typedef struct
{
  Flow *flow;
  MdIdentityStep step;
  MdIdentityStepState state;
} StepNews;

static void
step_news_free (gpointer data)
{
  StepNews *news = data;
  flow_unref (news->flow);
  g_free (news);
}

static gboolean
on_step (gpointer data)
{
  StepNews *news = data;
  g_autoptr (MdIdentifier) self = g_weak_ref_get (&news->flow->identifier);
  if (self != NULL)
    g_signal_emit (self, signals[SIGNAL_STEP], 0, (int)news->step, (int)news->state);
  return G_SOURCE_REMOVE;
}

// From any thread: the step is told in the main context, in order.
static void
flow_step (MdIdentityStep step, MdIdentityStepState state, gpointer data)
{
  Flow *flow = data;
  StepNews *news = g_new0 (StepNews, 1);
  news->flow = flow_ref (flow);
  news->step = step;
  news->state = state;
  g_autoptr (GSource) source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_step, news, step_news_free);
  g_source_attach (source, flow->context);
}

static gboolean
request_is_whole (const MdIdentifyRequest *request)
{
  if (request != NULL && request->by_face)
    return request->challenge != NULL && (request->front != NULL || request->back != NULL);
  return request != NULL && request->challenge != NULL
         && (request->auth_pin != NULL) == !request->on_pad
         && (request->text_pin == NULL || !request->on_pad);
}

static void
run_init (MdIdentifyRun *run, MdIdentifier *self, const MdIdentifyRequest *request)
{
  *run = (MdIdentifyRun){
    .trust = md_trust_ref (self->trust),
    .authorities = self->authorities != NULL ? md_card_authorities_ref (self->authorities) : NULL,
    .clock = g_object_ref (self->clock),
    .question = _md_revocation_question_new (self->revocation, self->revocation_lock),
    .challenge = md_presence_challenge_ref (request->challenge),
    .text_pin = request->text_pin != NULL ? md_secret_ref (request->text_pin) : NULL,
    .auth_pin = request->auth_pin != NULL ? md_secret_ref (request->auth_pin) : NULL,
    .on_pad = request->on_pad,
    .read_text = request->on_pad ? request->read_text : request->text_pin != NULL,
    .read_number = request->read_number,
    .by_face = request->by_face,
    .front = request->front != NULL ? md_secret_ref (request->front) : NULL,
    .back = request->back != NULL ? md_secret_ref (request->back) : NULL,
    .confirmed_last_try = request->confirmed_last_try,
    .renewal_months = request->renewal_months,
  };
}

static Flow *
flow_new (MdIdentifier *self, MdCardReader *reader, const MdIdentifyRequest *request)
{
  Flow *flow = g_new0 (Flow, 1);
  g_atomic_ref_count_init (&flow->count);
  run_init (&flow->run, self, request);
  flow->run.step = flow_step;
  flow->run.step_data = flow;
  flow->context = g_main_context_ref_thread_default ();
  g_weak_ref_init (&flow->identifier, self);
  flow->reader = g_strdup (md_card_reader_get_name (reader));
  flow->events = md_card_reader_get_events (reader);
  return flow;
}

static gpointer
identify_job (MdCardConnection *connection, gpointer data, GCancellable *cancellable,
              GError **error)
{
  Flow *flow = data;
  MdIdentifyRun run = flow->run;
  run.cancellable = cancellable;
  return run_with_card (&run, connection, &flow->asked, error);
}

static void
proof_destroy (gpointer proof)
{
  md_identity_proof_unref (proof);
}

// The end, when the card has done its part and revocation was asked: waits on a thread of GTask's
// pool.
typedef struct
{
  Flow *flow;
  MdIdentityProof *proof;
} Ending;

static void
ending_free (gpointer data)
{
  Ending *ending = data;
  flow_unref (ending->flow);
  md_identity_proof_unref (ending->proof);
  g_free (ending);
}

static void
ending_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Ending *ending = data;
  _md_identify_finish (ending->proof, ending->flow->run.question);
  flow_step (MD_IDENTITY_STEP_REVOCATION, _md_identify_revocation_state (ending->proof),
             ending->flow);
  g_task_return_pointer (task, md_identity_proof_ref (ending->proof), proof_destroy);
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  MdIdentityProof *proof = g_task_propagate_pointer (G_TASK (result), &error);
  if (proof != NULL)
    g_task_return_pointer (task, proof, proof_destroy);
  else
    g_task_return_error (task, error);
}

static void
on_card_done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  MdIdentifier *self = g_task_get_source_object (task);
  Flow *flow = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (MdIdentityProof) proof = md_pcsc_run_finish (MD_PCSC (source), result, &error);
  if (proof == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (!flow->asked)
    {
      g_task_return_pointer (task, g_steal_pointer (&proof), proof_destroy);
      return;
    }
  Ending *ending = g_new0 (Ending, 1);
  ending->flow = flow_ref (flow);
  ending->proof = g_steal_pointer (&proof);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (GTask) wait = g_task_new (self, cancellable, on_ended, g_steal_pointer (&task));
  g_task_set_source_tag (wait, on_card_done);
  g_task_set_task_data (wait, ending, ending_free);
  g_task_set_return_on_cancel (wait, TRUE);
  g_task_run_in_thread (wait, ending_thread);
}

void
md_identifier_identify_async (MdIdentifier *self, MdPcsc *pcsc, MdCardReader *reader,
                              const MdIdentifyRequest *request, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (MD_IS_IDENTIFIER (self) && MD_IS_PCSC (pcsc) && MD_IS_CARD_READER (reader));
  g_return_if_fail (request_is_whole (request));
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, md_identifier_identify_async);
  g_task_set_check_cancellable (task, FALSE); // a reader may still wait at its keypad
  Flow *flow = flow_new (self, reader, request);
  g_task_set_task_data (task, flow, flow_unref);

  MdCardJob job = { .reader = flow->reader,
                    .events = flow->events,
                    .func = identify_job,
                    .data = flow_ref (flow),
                    .data_free = flow_unref,
                    .result_free = proof_destroy };
  md_pcsc_run_async (pcsc, &job, cancellable, on_card_done, g_steal_pointer (&task));
}

MdIdentityProof *
md_identifier_identify_finish (MdIdentifier *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

MdIdentityProof *
md_identifier_identify (MdIdentifier *self, MdCardConnection *connection,
                        const MdIdentifyRequest *request, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_IDENTIFIER (self) && MD_IS_CARD_CONNECTION (connection), NULL);
  g_return_val_if_fail (request_is_whole (request), NULL);
  MdIdentifyRun run;
  gboolean asked = FALSE;
  run_init (&run, self, request);
  run.cancellable = cancellable;
  g_autoptr (MdIdentityProof) proof = run_with_card (&run, connection, &asked, error);
  if (proof != NULL && asked)
    _md_identify_finish (proof, run.question);
  run_clear (&run);
  return g_steal_pointer (&proof);
}
