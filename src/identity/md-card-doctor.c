// SPDX-License-Identifier: Apache-2.0
#include "md-card-doctor-private.h"

#include <glib/gi18n.h>

// How long the card service has to say what there is.
#define SERVICE_PATIENCE_S 20

static const struct
{
  const char *nick;
  const char *label;
} layers[] = {
  [MD_CARD_LAYER_USB] = { "usb", N_ ("USB") },
  [MD_CARD_LAYER_DRIVER] = { "driver", N_ ("Reader driver") },
  [MD_CARD_LAYER_SERVICE] = { "pcscd", N_ ("Card service") },
  [MD_CARD_LAYER_PERMISSION] = { "permission", N_ ("Permission") },
  [MD_CARD_LAYER_OTHER_PROGRAM] = { "other-program", N_ ("Other programs") },
  [MD_CARD_LAYER_CONTACT] = { "contact", N_ ("Contact with the card") },
  [MD_CARD_LAYER_APPLICATION] = { "application", N_ ("Application on the card") },
  [MD_CARD_LAYER_PIN] = { "pin", N_ ("PIN") },
  [MD_CARD_LAYER_CERTIFICATE] = { "certificate", N_ ("Certificate") },
  [MD_CARD_LAYER_EXPIRY] = { "expiry", N_ ("Expiry") },
};

const char *
md_card_layer_nick (MdCardLayer layer)
{
  g_return_val_if_fail (layer < G_N_ELEMENTS (layers), "");
  return layers[layer].nick;
}

const char *
md_card_layer_label (MdCardLayer layer)
{
  g_return_val_if_fail (layer < G_N_ELEMENTS (layers), "");
  return _ (layers[layer].label);
}

// --- Below the readers ---

static void
examine_usb (MdCardVisit *visit, const MdPcscSurvey *survey, guint readers)
{
  g_autofree char *seen
      = g_strdup_printf (ngettext ("%u card reader is plugged in.",
                                   "%u card readers are plugged in.", survey->usb_readers),
                         survey->usb_readers);
  if (survey->usb_readers > 0)
    _md_card_visit_good (visit, MD_CARD_LAYER_USB, seen);
  else if (readers > 0)
    _md_card_visit_good (visit, MD_CARD_LAYER_USB,
                         _ ("The readers in use are not connected by USB."));
  else if (survey->usb_unfit == NULL)
    _md_card_visit_bad (visit, MD_CARD_LAYER_USB, _ ("No card reader is plugged in."),
                        _ ("Plug the reader in, try another socket, and then another cable."));
  else
    _md_card_visit_good (visit, MD_CARD_LAYER_USB, _ ("A reader is plugged in."));
}

static void
examine_driver (MdCardVisit *visit, const MdPcscSurvey *survey, guint readers)
{
  g_autofree char *unfit
      = survey->usb_unfit != NULL ? g_strdup_printf (
            _ ("There is no driver for the %s on this system."), survey->usb_unfit)
                                  : NULL;
  // A virtual reader, or one at a serial line, says nothing of those on USB.
  if (survey->usb_readers > survey->usb_taken)
    _md_card_visit_for_administrator (
        visit, MD_CARD_LAYER_DRIVER, _ ("A reader is plugged in, but no driver took it."),
        _ ("Unplug the reader and plug it in again; if this stays, ask the administrator."),
        _ ("Install the package libccid, then unplug the reader and plug it in again."));
  else if (unfit != NULL)
    _md_card_visit_note (
        visit, MD_CARD_LAYER_DRIVER,
        survey->usb_readers == 0 ? MD_CARD_HEALTH_BAD : MD_CARD_HEALTH_WARNING, unfit,
        _ ("Use a reader of the CCID standard instead, as most for My Number cards are."));
  else if (readers > 0)
    _md_card_visit_good (visit, MD_CARD_LAYER_DRIVER, _ ("Every reader has its driver."));
  else
    _md_card_visit_note (visit, MD_CARD_LAYER_DRIVER, MD_CARD_HEALTH_UNKNOWN,
                         _ ("Could not be looked at."), NULL);
}

static void
blame_silent_service (MdCardVisit *visit)
{
  _md_card_visit_for_administrator (visit, MD_CARD_LAYER_SERVICE,
                                    _ ("The card service does not answer."),
                                    _ ("Ask the administrator to start the card service anew."),
                                    _ ("Start it anew: systemctl restart pcscd"));
}

// The service does not answer, or not to us.
static void
examine_service_trouble (MdCardVisit *visit, const MdPcscSurvey *survey, MdPcscState state)
{
  gboolean closed = survey->socket_there && !survey->socket_allowed;
  gboolean forbidden = closed || state == MD_PCSC_STATE_NO_PERMISSION;
  if (survey->usb_readers > 0 || survey->usb_unfit != NULL)
    examine_usb (visit, survey, 0);
  else
    _md_card_visit_note (visit, MD_CARD_LAYER_USB, MD_CARD_HEALTH_UNKNOWN,
                         _ ("Could not be looked at."), NULL);
  _md_card_visit_note (visit, MD_CARD_LAYER_DRIVER, MD_CARD_HEALTH_UNKNOWN,
                       _ ("Could not be looked at."), NULL);
  if (forbidden)
    {
      _md_card_visit_good (visit, MD_CARD_LAYER_SERVICE, _ ("The card service runs."));
      // Where the door itself is shut, no rule of polkit opens it.
      _md_card_visit_for_administrator (
          visit, MD_CARD_LAYER_PERMISSION, _ ("This user may not use the card service."),
          _ ("Ask the administrator to allow it."),
          closed ? _ ("Open /run/pcscd/pcscd.comm to all users again: systemctl restart "
                      "pcscd.socket")
                 : _ ("Allow it by a polkit rule for org.debian.pcsc-lite.access_pcsc and "
                      "access_card."));
    }
  else if (state == MD_PCSC_STATE_STARTING)
    blame_silent_service (visit);
  else if (!survey->service_installed)
    _md_card_visit_for_administrator (
        visit, MD_CARD_LAYER_SERVICE, _ ("The card service is not installed."),
        _ ("Ask the administrator to install the card service."), _ ("Install the package pcscd."));
  else
    _md_card_visit_for_administrator (visit, MD_CARD_LAYER_SERVICE,
                                      _ ("The card service does not run."),
                                      _ ("Ask the administrator to start the card service."),
                                      _ ("Start it: systemctl start pcscd.socket"));
  _md_card_visit_not_reached (visit,
                              forbidden ? MD_CARD_LAYER_OTHER_PROGRAM : MD_CARD_LAYER_PERMISSION);
}

// --- The whole examination ---

// Data of its task. A card may be silent for ever, and so may the card service: everything that
// talks to them is a job of the worker's, which gives it up.
typedef struct
{
  MdPcsc *pcsc;
  MdClock *clock;
  char *usb_folder;
  MdPcscSurvey survey;
  GPtrArray *findings;
  GStrv readers; // those that are left begin at NEXT
  guint next;
  gulong state_handler;
  GSource *overdue;   // while the service has not said anything
  GSource *cancelled; // the same
} Examination;

static void
end_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
await_no_more (Examination *self)
{
  if (self->state_handler != 0)
    g_signal_handler_disconnect (self->pcsc, self->state_handler);
  self->state_handler = 0;
  end_source (&self->overdue);
  end_source (&self->cancelled);
}

static void
examination_free (gpointer data)
{
  Examination *self = data;
  await_no_more (self);
  g_object_unref (self->pcsc);
  g_object_unref (self->clock);
  g_free (self->usb_folder);
  g_ptr_array_unref (self->findings);
  g_strfreev (self->readers);
  g_free (self);
}

static MdCardVisit
visit_of (Examination *self, const char *reader)
{
  return (MdCardVisit){ .findings = self->findings, .clock = self->clock, .reader = reader };
}

static gpointer
examine_job (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) findings = _md_card_findings_new ();
  MdCardVisit visit = { .findings = findings,
                        .clock = data,
                        .reader = md_card_connection_get_reader (connection),
                        .cancellable = cancellable };
  _md_card_visit_good (&visit, MD_CARD_LAYER_OTHER_PROGRAM, _ ("No other program holds the card."));
  return _md_card_visit_card (&visit, connection, error) ? g_steal_pointer (&findings) : NULL;
}

static void
findings_destroy (gpointer findings)
{
  g_ptr_array_unref (findings);
}

static void examine_next (GTask *task);

// The service was there, and answers nothing any more: whatever was said of it does not hold.
static void
examine_silence (Examination *self)
{
  MdCardVisit visit = visit_of (self, NULL);
  for (guint i = self->findings->len; i > 0; i--)
    {
      const MdCardFinding *finding = g_ptr_array_index (self->findings, i - 1);
      if (finding->layer == MD_CARD_LAYER_SERVICE || finding->layer == MD_CARD_LAYER_PERMISSION)
        g_ptr_array_remove_index (self->findings, i - 1);
    }
  blame_silent_service (&visit);
  _md_card_visit_not_reached (&visit, MD_CARD_LAYER_PERMISSION);
  self->next = g_strv_length (self->readers);
}

static gboolean
has_registered (MdPcsc *pcsc)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (pcsc)); i++)
    {
      g_autoptr (MdCardReader) reader = g_list_model_get_item (G_LIST_MODEL (pcsc), i);
      if (md_card_reader_is_registered (reader))
        return TRUE;
    }
  return FALSE;
}

// The office's rules are against it. Beside one that may be used it does no harm.
static void
examine_unregistered (Examination *self, MdCardVisit *visit)
{
  _md_card_visit_for_administrator (
      visit, MD_CARD_LAYER_PERMISSION, _ ("This reader is not registered for this terminal."),
      _ ("Use a registered reader, or ask the administrator to have this one registered."),
      _ ("Put its name, without the two numbers at the end, on the list terminals[].readers of the "
         "office's policy, or connect a reader that is on it."));
  if (has_registered (self->pcsc))
    ((MdCardFinding *)g_ptr_array_index (visit->findings, visit->findings->len - 1))->health
        = MD_CARD_HEALTH_WARNING;
  _md_card_visit_not_reached (visit, MD_CARD_LAYER_OTHER_PROGRAM);
}

static void
on_examined (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Examination *self = g_task_get_task_data (task);
  MdCardVisit visit = visit_of (self, self->readers[self->next]);
  g_autoptr (GError) error = NULL;
  GPtrArray *found = md_pcsc_run_finish (MD_PCSC (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_SERVICE_LOST))
    {
      examine_silence (self);
      examine_next (g_steal_pointer (&task));
      return;
    }
  if (found != NULL)
    g_ptr_array_extend_and_steal (self->findings, found);
  else if (g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NOT_REGISTERED))
    examine_unregistered (self, &visit);
  else
    _md_card_visit_refusal (&visit, error);
  self->next++;
  examine_next (g_steal_pointer (&task));
}

// The next of the readers, or the end.
static void
examine_next (GTask *task)
{
  Examination *self = g_task_get_task_data (task);
  if (self->readers[self->next] == NULL)
    {
      g_task_return_pointer (task, g_steal_pointer (&self->findings), findings_destroy);
      self->findings = _md_card_findings_new ();
      g_object_unref (task);
      return;
    }
  MdCardJob job = { .reader = self->readers[self->next],
                    .func = examine_job,
                    .data = g_object_ref (self->clock),
                    .data_free = g_object_unref,
                    .result_free = findings_destroy };
  md_pcsc_run_async (self->pcsc, &job, g_task_get_cancellable (task), on_examined, task);
}

static void
survey_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Examination *self = data;
  md_pcsc_survey (self->usb_folder, &self->survey);
  g_task_return_boolean (task, TRUE);
}

static void
on_surveyed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Examination *self = g_task_get_task_data (task);
  MdCardVisit visit = visit_of (self, NULL);
  MdPcscState state = md_pcsc_get_state (self->pcsc);
  self->readers = md_pcsc_list_names (self->pcsc);
  guint count = g_strv_length (self->readers);
  if (state != MD_PCSC_STATE_READY && state != MD_PCSC_STATE_NO_READER)
    {
      examine_service_trouble (&visit, &self->survey, state);
      g_clear_pointer (&self->readers, g_strfreev);
      self->readers = g_new0 (char *, 1);
    }
  else
    {
      examine_usb (&visit, &self->survey, count);
      examine_driver (&visit, &self->survey, count);
      _md_card_visit_good (&visit, MD_CARD_LAYER_SERVICE, _ ("The card service runs."));
      _md_card_visit_good (&visit, MD_CARD_LAYER_PERMISSION,
                           _ ("This user may use the card service."));
      if (count == 0)
        _md_card_visit_not_reached (&visit, MD_CARD_LAYER_OTHER_PROGRAM);
    }
  examine_next (g_steal_pointer (&task));
}

// What stands under the service is looked at when the service has had its say: its start is what
// makes a driver take a reader.
static void
survey (GTask *task)
{
  Examination *self = g_task_get_task_data (task);
  await_no_more (self);
  g_autoptr (GTask) look = g_task_new (NULL, NULL, on_surveyed, task);
  g_task_set_source_tag (look, survey);
  g_task_set_task_data (look, self, NULL); // TASK, which waits for it, keeps it
  g_task_run_in_thread (look, survey_thread);
}

static void
on_state (MdPcsc *pcsc, GParamSpec *pspec, gpointer task)
{
  survey (task);
}

static gboolean
on_overdue (gpointer task)
{
  survey (task);
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer data)
{
  g_autoptr (GTask) task = data;
  await_no_more (g_task_get_task_data (task));
  (void)g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

static void
await_state (GTask *task)
{
  Examination *self = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  if (cancellable != NULL)
    {
      self->cancelled = g_cancellable_source_new (cancellable);
      // A GCancellableSourceFunc has another shape than GSourceFunc; the source knows.
      g_source_set_callback (self->cancelled, G_SOURCE_FUNC (on_cancelled), task, NULL);
      g_source_attach (self->cancelled, g_task_get_context (task));
    }
  self->state_handler = g_signal_connect (self->pcsc, "notify::state", G_CALLBACK (on_state), task);
  self->overdue = g_timeout_source_new_seconds (SERVICE_PATIENCE_S);
  g_source_set_callback (self->overdue, on_overdue, task, NULL);
  g_source_attach (self->overdue, g_task_get_context (task));
}

void
md_card_doctor_examine_async (MdPcsc *pcsc, MdClock *clock, const char *usb_folder,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_return_if_fail (MD_IS_PCSC (pcsc) && MD_IS_CLOCK (clock));
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Examination *self = g_new0 (Examination, 1);
  g_task_set_source_tag (task, md_card_doctor_examine_async);
  self->pcsc = g_object_ref (pcsc);
  self->clock = g_object_ref (clock);
  self->usb_folder = g_strdup (usb_folder);
  self->findings = _md_card_findings_new ();
  g_task_set_task_data (task, self, examination_free);
  if (md_pcsc_get_state (pcsc) == MD_PCSC_STATE_STARTING)
    await_state (task);
  else
    survey (task);
}

GPtrArray *
md_card_doctor_examine_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
