// SPDX-License-Identifier: Apache-2.0
/* The reader doctor on the settings page: which layer is at fault when cards cannot be read. */
#include "config.h"

#include "bind.h"

#include "doctor-report.h"
#include "rows.h"

#include <glib/gi18n.h>
#include <md-identity.h>

static CounterModel *
row_of (const MdCardFinding *finding)
{
  static const struct
  {
    const char *state;
    const char *word;
  } looks[] = {
    [MD_CARD_HEALTH_GOOD] = { "ok", N_ ("In order") },
    [MD_CARD_HEALTH_WARNING] = { "deferred", N_ ("Attention") },
    [MD_CARD_HEALTH_BAD] = { "stop", N_ ("At fault") },
    [MD_CARD_HEALTH_UNKNOWN] = { "none", N_ ("Not known") },
  };
  const char *label = md_card_layer_label (finding->layer);
  g_autofree char *title = finding->reader != NULL
                               ? g_strdup_printf (_ ("%s (%s)"), label, finding->reader)
                               : g_strdup (label);
  g_autofree char *below = g_strdup_printf ("%s%s%s", finding->what,
                                            *finding->remedy != '\0' ? "\n" : "", finding->remedy);

  return g_object_new (COUNTER_TYPE_ROW_ITEM, "title", title, "subtitle", below, "state",
                       looks[finding->health].state, "word", _ (looks[finding->health].word), NULL);
}

/* What is at fault or needs a look; where nothing does, what was found in order. */
static void
show_findings (CounterModel *model, GPtrArray *findings)
{
  g_autoptr (GListStore) rows = g_list_store_new (COUNTER_TYPE_ROW_ITEM);
  gboolean troubles = FALSE;

  for (guint i = 0; i < findings->len; i++)
    {
      const MdCardFinding *finding = g_ptr_array_index (findings, i);

      troubles = troubles || finding->health == MD_CARD_HEALTH_BAD
                 || finding->health == MD_CARD_HEALTH_WARNING;
    }
  for (guint i = 0; i < findings->len; i++)
    {
      const MdCardFinding *finding = g_ptr_array_index (findings, i);
      gboolean fine = finding->health == MD_CARD_HEALTH_GOOD;

      if ((troubles && fine)
          || (finding->health == MD_CARD_HEALTH_UNKNOWN && *finding->remedy == '\0'))
        continue;
      g_autoptr (CounterModel) row = row_of (finding);
      g_list_store_append (rows, row);
    }
  g_object_set (model, "doctor", rows, "doctor-note",
                troubles ? _ ("This needs a look:") : _ ("Nothing is at fault."), NULL);
}

/* --- when it may look --- */

typedef struct
{
  CounterModel *desk;
  MdPcsc *pcsc;
  GSimpleAction *examine, *save;
  GCancellable *running; /* of the look under way, or NULL */
  GCancellable *gone;    /* with the window */
  char *report;          /* of what is shown, or NULL */
} Doctor;

/* What was found, or NULL; what became of an older report goes with it. */
static void
keep_report (Doctor *self, GPtrArray *findings)
{
  g_clear_pointer (&self->report, g_free);
  self->report = findings != NULL ? md_card_doctor_write_report (findings) : NULL;
  g_simple_action_set_enabled (self->save, self->report != NULL);
  g_object_set (self->desk, "can-save-report", self->report != NULL, "report-note", "", NULL);
}

/* One look at a time, and none while an intake needs the cards. */
static void
show_chance (Doctor *self)
{
  gboolean intake = counter_model_flag (self->desk, "intake-open");

  if (intake && self->running != NULL)
    g_cancellable_cancel (self->running);
  g_simple_action_set_enabled (self->examine, !intake && self->running == NULL);
  keep_report (self, NULL);
  if (intake)
    g_object_set (
        self->desk, "doctor", NULL, "doctor-note",
        _ ("An intake is under way, and the cards are in use. The readers can be examined "
           "after it."),
        NULL);
  else if (self->running == NULL)
    g_object_set (self->desk, "doctor", NULL, "doctor-note", "", NULL);
}

static void
examined_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CounterWindow) window = data;
  Doctor *self = g_object_get_data (G_OBJECT (window), "bind-doctor");
  g_autoptr (GPtrArray) findings = md_card_doctor_examine_finish (result, NULL);

  if (self == NULL)
    return;
  g_clear_object (&self->running);
  show_chance (self);
  if (findings == NULL)
    return;
  show_findings (self->desk, findings);
  keep_report (self, findings);
}

static void
saved_cb (const char *said, gpointer data)
{
  Doctor *self = data;

  g_simple_action_set_enabled (self->save, self->report != NULL);
  g_object_set (self->desk, "report-note", self->report != NULL ? said : "", NULL);
}

/* One place is asked for at a time. */
static void
save_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CounterWindow *window = data;
  Doctor *self = g_object_get_data (G_OBJECT (window), "bind-doctor");

  g_simple_action_set_enabled (action, FALSE);
  counter_doctor_report_save (GTK_WINDOW (window), self->report, self->gone, saved_cb, self);
}

static void
examine_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CounterWindow *window = data;
  Doctor *self = g_object_get_data (G_OBJECT (window), "bind-doctor");

  self->running = g_cancellable_new ();
  show_chance (self);
  g_object_set (self->desk, "doctor", NULL, "doctor-note",
                _ ("Looking at the readers. Leave the cards where they are."), NULL);
  md_card_doctor_examine_async (self->pcsc, md_clock_get_system (), NULL, self->running,
                                examined_cb, g_object_ref (window));
}

static void
doctor_free (gpointer data)
{
  Doctor *self = data;

  if (self->running != NULL)
    g_cancellable_cancel (self->running);
  g_clear_object (&self->running);
  g_cancellable_cancel (self->gone);
  g_object_unref (self->gone);
  g_free (self->report);
  g_signal_handlers_disconnect_by_data (self->desk, self);
  g_object_unref (self->desk);
  g_object_unref (self->pcsc);
  g_object_unref (self->examine);
  g_object_unref (self->save);
  g_free (self);
}

void
counter_bind_doctor (CounterWindow *window, MdDesk *desk)
{
  static const GActionEntry entries[] = { { .name = "examine", .activate = examine_activated },
                                          { .name = "save-report", .activate = save_activated } };
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  Doctor *self = g_new0 (Doctor, 1);

  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), window);
  self->desk = g_object_ref (counter_window_get_models (window)->desk);
  self->pcsc = g_object_ref (md_desk_get_pcsc (desk));
  self->examine = G_SIMPLE_ACTION (
      g_object_ref (g_action_map_lookup_action (G_ACTION_MAP (actions), "examine")));
  self->save = G_SIMPLE_ACTION (
      g_object_ref (g_action_map_lookup_action (G_ACTION_MAP (actions), "save-report")));
  self->gone = g_cancellable_new ();
  keep_report (self, NULL);
  g_object_set_data_full (G_OBJECT (window), "bind-doctor", self, doctor_free);
  g_signal_connect_data (self->desk, "notify::intake-open", G_CALLBACK (show_chance), self, NULL,
                         G_CONNECT_SWAPPED);
  gtk_widget_insert_action_group (GTK_WIDGET (window), "readers", G_ACTION_GROUP (actions));
}
