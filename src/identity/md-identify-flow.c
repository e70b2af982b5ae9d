// SPDX-License-Identifier: Apache-2.0
// The identification of a program with a main loop: the card's part on the worker, the end on a
// thread that waits for the answer about revocation, every step told in the main context.
#include "md-identify-private.h"

// One identification, shared by worker, waiting thread and main context; nobody but the one whose
// turn it is touches it.
typedef struct
{
  gatomicrefcount count;
  MdIdentifyRun run;
  GMainContext *context;
  GWeakRef identifier;    // read in the main context only
  gboolean asked;         // the worker's word: the card is done, revocation is not
  MdIdentityProof *proof; // while revocation is waited for
} Flow;

static Flow *
flow_ref (Flow *flow)
{
  g_atomic_ref_count_inc (&flow->count);
  return flow;
}

static void
flow_unref (gpointer data)
{
  Flow *flow = data;
  if (!g_atomic_ref_count_dec (&flow->count))
    return;
  _md_identify_run_clear (&flow->run);
  md_identity_proof_unref (flow->proof);
  g_main_context_unref (flow->context);
  g_weak_ref_clear (&flow->identifier);
  g_free (flow);
}

// --- Steps ---

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
    _md_identifier_tell (self, news->step, news->state);
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

// --- The card, then revocation ---

static Flow *
flow_new (MdIdentifier *self, const MdIdentifyRequest *request)
{
  Flow *flow = g_new0 (Flow, 1);
  g_atomic_ref_count_init (&flow->count);
  _md_identifier_prepare (self, request, &flow->run);
  flow->run.step = flow_step;
  flow->run.step_data = flow;
  flow->context = g_main_context_ref_thread_default ();
  g_weak_ref_init (&flow->identifier, self);
  return flow;
}

static void
proof_destroy (gpointer proof)
{
  md_identity_proof_unref (proof);
}

static gpointer
card_job (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  Flow *flow = data;
  MdIdentifyRun run = flow->run; // borrows from it
  run.cancellable = cancellable;
  MdIdentityProof *proof = _md_identify_with_card (&run, connection, &flow->asked, error);
  md_identify_request_forget (&flow->run.request); // revocation is waited for without the PINs
  return proof;
}

static void
wait_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Flow *flow = data;
  _md_identify_finish (flow->proof, flow->run.question);
  flow_step (MD_IDENTITY_STEP_REVOCATION, _md_identify_revocation_state (flow->proof), flow);
  g_task_return_pointer (task, g_steal_pointer (&flow->proof), proof_destroy);
}

static void
on_card_done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Flow *flow = g_task_get_task_data (task);
  GError *error = NULL;
  MdIdentityProof *proof = md_pcsc_run_finish (MD_PCSC (source), result, &error);
  if (proof == NULL)
    g_task_return_error (task, error);
  else if (!flow->asked)
    g_task_return_pointer (task, proof, proof_destroy);
  else
    {
      flow->proof = proof;
      g_task_set_check_cancellable (task, TRUE);
      g_task_set_return_on_cancel (task, TRUE);
      g_task_run_in_thread (task, wait_thread);
    }
}

void
md_identifier_identify_async (MdIdentifier *self, MdPcsc *pcsc, MdCardReader *reader,
                              const MdIdentifyRequest *request, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (MD_IS_IDENTIFIER (self) && MD_IS_PCSC (pcsc) && MD_IS_CARD_READER (reader));
  g_return_if_fail (md_identify_request_is_whole (request));
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, md_identifier_identify_async);
  g_task_set_check_cancellable (task, FALSE); // a reader may still wait at its keypad
  Flow *flow = flow_new (self, request);
  g_task_set_task_data (task, flow, flow_unref);

  MdCardJob job = { .reader = md_card_reader_get_name (reader),
                    .events = md_card_reader_get_events (reader),
                    .func = card_job,
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
