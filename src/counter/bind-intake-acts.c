// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "bind.h"

#include "bind-intake.h"
#include "dialog.h"
#include "rows.h"

#include <glib/gi18n.h>

/* A failure of the calls below is also the intake's "trouble", which the screen shows. */
static void
note (GError *error)
{
  if (error != NULL)
    g_debug ("intake: %s", error->message);
}

static void
submitted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  (void)md_intake_submit_finish (MD_INTAKE (source), result, &error);
  note (error);
}

GCancellable *
counter_intake_begin (IntakeBinding *self)
{
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  return self->cancellable;
}

static void
secret_cb (CounterModel *model, const char *purpose, MdSecret *secret, IntakeBinding *self)
{
  if (self->intake == NULL)
    return;
  if (counter_intake_take_pin (self, purpose, secret)
      || counter_intake_take_printed (self, purpose, secret))
    return;
  if (g_strcmp0 (purpose, "staff-pin") == 0)
    md_intake_submit_async (self->intake, secret, counter_intake_begin (self), submitted_cb, NULL);
  else if (g_strcmp0 (purpose, "release-pin") == 0)
    counter_intake_release (self, secret);
}

/* --- the primary act of each step --- */

/* The form lists what stops it; here stands what it is, or how much. What only warns does not hold
 * anybody up. */
static void
show_what_stops (IntakeBinding *self)
{
  GListModel *findings = md_form_data_get_findings (md_intake_get_data (self->intake));
  const char *label = NULL, *words = NULL;
  g_autofree char *message = NULL;
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr (MdFinding) finding = g_list_model_get_item (findings, i);
      MdEntry *entry = md_finding_get_entry (finding);

      if (!md_finding_get_stops (finding))
        continue;
      n++;
      label = entry != NULL ? md_entry_get_label (entry) : NULL;
      words = md_finding_get_message (finding); /* held by the list, as the label is */
    }
  if (n == 0)
    return;
  message
      = n > 1 ? g_strdup_printf (
            g_dngettext (GETTEXT_PACKAGE, "%u item to put right", "%u items to put right", n), n)
        : label != NULL ? g_strdup_printf (_ ("Please look at: %s"), label)
                        : g_strdup (words);
  g_object_set (self->model, "stopped", FALSE, NULL);
  g_object_set (self->model, "note", message, "note-state", "deferred", "stopped", TRUE, NULL);
}

/* All of it is put right, or it is asked anew. */
static void
stopped_cb (IntakeBinding *self)
{
  if (!counter_model_flag (self->model, "stopped"))
    g_object_set (self->model, "note", "", NULL);
}

static void
next_person (IntakeBinding *self)
{
  MdIntake *intake = g_object_ref (self->intake);

  counter_intake_watch (self, NULL);
  md_intake_next_person (intake);
  counter_intake_check_gone (self, intake);
  g_object_unref (intake);
  counter_window_show_page (self->window, "home");
}

/* The procedure that the list marks: the best match of the search, or the one chosen before. */
static void
take_marked (IntakeBinding *self)
{
  MdForm *form = counter_intake_plan (self);

  if (form != NULL)
    counter_intake_choose (self, form);
  else
    g_object_set (self->model, "note", _ ("Please choose a procedure."), "note-state", "deferred",
                  NULL);
}

/* The contents are complete, and whoever signed may not file them. */
static void
note_trouble (IntakeBinding *self)
{
  MdTrouble *trouble = md_intake_get_trouble (self->intake);
  g_autofree char *text = NULL;

  if (trouble == NULL)
    return;
  text = g_strdup_printf ("%s %s", md_trouble_get_title (trouble), md_trouble_get_action (trouble));
  g_object_set (self->model, "note", text, "note-state", "stop", NULL);
}

static void
next_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;
  MdIntakeWait wait;

  if (self->intake == NULL)
    return;
  wait = md_intake_get_wait (self->intake);
  g_object_set (self->model, "note", "", NULL);
  if (md_intake_get_step (self->intake) == MD_STEP_OF_DONE)
    {
      if (!counter_intake_go_on (self))
        next_person (self);
    }
  else if (wait == MD_WAIT_HELD)
    counter_intake_call_supervisor (self);
  else if (wait == MD_WAIT_NOTICE)
    md_intake_acknowledge_notice (self->intake);
  else if (wait == MD_WAIT_PIN)
    counter_intake_next_of_pins (self);
  else if (wait == MD_WAIT_FACE)
    counter_intake_answer_face (self);
  else if (wait == MD_WAIT_FILER || wait == MD_WAIT_DOCUMENTS || wait == MD_WAIT_COMPARE)
    counter_intake_take_papers (self);
  else if (wait == MD_WAIT_BROUGHT)
    counter_intake_take_brought (self);
  else if (wait == MD_WAIT_RETRY || wait == MD_WAIT_STAFF_PIN) /* sealed, or at the keypad */
    md_intake_submit_async (self->intake, NULL, counter_intake_begin (self), submitted_cb, NULL);
  else if (md_intake_get_step (self->intake) == MD_STEP_OF_PROCEDURE)
    take_marked (self);
  else if (!md_intake_advance (self->intake)
           && md_intake_get_step (self->intake) == MD_STEP_OF_CONTENT)
    {
      show_what_stops (self);
      note_trouble (self);
    }
}

void
counter_intake_enable_next (IntakeBinding *self)
{
  gboolean chooses
      = self->intake != NULL && md_intake_get_step (self->intake) == MD_STEP_OF_PROCEDURE;
  gboolean chosen = *counter_model_text (self->model, "procedure") != '\0';
  gboolean looks = self->intake != NULL && md_intake_get_wait (self->intake) == MD_WAIT_FACE;
  gboolean answered = *counter_model_text (self->model, "face-answer") != '\0';

  gboolean papers = *counter_model_text (self->model, "papers-stage") != '\0';
  gboolean brought = counter_model_flag (self->model, "brought-asked");

  g_simple_action_set_enabled (self->next, (!chooses || chosen) && (!looks || answered)
                                               && (!papers || self->papers_ready)
                                               && (!brought || self->brought_ready));
  if (chooses && !(chosen && counter_model_flag (self->model, "guide-open")))
    g_object_set (self->model, "note", chosen ? "" : _ ("Please choose a procedure."), "note-state",
                  "none", NULL);
}

/* --- the other acts --- */

static void
back_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;

  if (self->intake == NULL)
    return;
  g_object_set (self->model, "note", "", NULL);
  if (counter_intake_call_off (self))
    return;
  if (!md_intake_go_back (self->intake))
    counter_window_show_page (self->window, "home"); /* the intake stays open */
}

static void
choose_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;
  MdForm *form = md_desk_find_form (self->desk, g_variant_get_string (parameter, NULL));

  if (self->intake != NULL && form != NULL)
    counter_intake_choose (self, form);
}

static void
search_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;
  g_autoptr (GListModel) forms
      = md_desk_search_forms (self->desk, g_variant_get_string (parameter, NULL));
  g_autoptr (GListModel) rows = counter_rows_of_forms (forms);
  g_autoptr (MdForm) best = NULL;

  if (*g_variant_get_string (parameter, NULL) != '\0')
    best = g_list_model_get_item (forms, 0);
  g_object_set (self->model, "procedures", rows, "procedure",
                best != NULL ? md_form_get_id (best) : "", NULL);
}

/* What is left of the visit is not taken in today. */
static void
next_person_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;

  if (self->intake != NULL && md_intake_get_step (self->intake) == MD_STEP_OF_DONE)
    next_person (self);
}

static void
go_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  counter_intake_go (data, g_variant_get_string (parameter, NULL));
}

static void
reveal_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  counter_intake_reveal (data, g_variant_get_string (parameter, NULL));
}

static void
cancel_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

static void
abandon_answered (AdwMessageDialog *dialog, const char *answer, IntakeBinding *self)
{
  if (g_strcmp0 (answer, "end") == 0 && self->intake != NULL)
    next_person (self);
}

static void
abandon_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;
  GtkWidget *dialog = adw_message_dialog_new (
      GTK_WINDOW (self->window), _ ("End this intake?"),
      _ ("What was typed is erased and the number is given up. Nothing is sent."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "stay", _ ("Go on with it"), "end",
                                    _ ("End the intake"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "end",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "stay");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "stay");
  g_signal_connect (dialog, "response", G_CALLBACK (abandon_answered), self);
  counter_dialog_show (GTK_WINDOW (self->window), dialog);
}

/* --- suspended --- */

void
counter_intake_show_suspend (IntakeBinding *self)
{
  const gboolean can = md_intake_get_can_suspend (self->intake);
  g_autofree char *labels = counter_text_of (self->intake, "left-out");
  g_autofree char *told
      = *labels != '\0' ? g_strdup_printf (
            _ ("Please enter these again, they could not be brought back:\n%s"), labels)
                        : g_strdup ("");

  g_object_set (self->model, "can-suspend", can, "left-out", told, NULL);
}

static void
suspended_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CounterWindow) window = data;
  IntakeBinding *self = g_object_get_data (G_OBJECT (window), "bind-intake");
  g_autoptr (GError) error = NULL;

  if (!md_intake_suspend_finish (MD_INTAKE (source), result, &error))
    {
      counter_window_tell (window, error->message);
      return;
    }
  if (self == NULL || self->intake != MD_INTAKE (source))
    return;
  counter_intake_watch (self, NULL);
  counter_intake_check_gone (self, MD_INTAKE (source));
  counter_window_show_page (window, "home");
  counter_window_tell (window, _ ("The intake is suspended. It waits on this page."));
}

static void
suspend_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;

  if (self->intake != NULL && md_intake_get_can_suspend (self->intake))
    md_intake_suspend_async (self->intake, NULL, suspended_cb, g_object_ref (self->window));
}

static void
resume_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;

  counter_intake_watch (self, md_desk_get_intake (self->desk));
  counter_window_show_page (self->window, "intake");
}

static void
new_intake_cb (IntakeBinding *self)
{
  counter_intake_watch (self, md_desk_begin_intake (self->desk));
  counter_window_show_page (self->window, "intake");
}

/* A returned application is taken up again: its procedure stands already. */
static void
take_up_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;
  GListModel *list = md_desk_get_returned (self->desk);

  for (guint i = 0; self->intake == NULL && i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (MdIntakeRow) row = g_list_model_get_item (list, i);
      MdForm *form = md_desk_find_form (self->desk, md_intake_row_get_procedure (row));

      if (form == NULL
          || g_strcmp0 (md_intake_row_get_intake (row), g_variant_get_string (parameter, NULL))
                 != 0)
        continue;
      counter_intake_watch (self, md_desk_take_up (self->desk, row));
      counter_window_show_page (self->window, "intake");
      counter_intake_choose (self, form);
    }
}

/* Another officer took over: the workflow wiped the intake of the one before. */
static void
desk_state_cb (IntakeBinding *self)
{
  MdIntake *intake = md_desk_get_intake (self->desk);

  if (md_desk_get_state (self->desk) != MD_DESK_WORKING)
    counter_intake_leave_desk (self);
  if (md_desk_get_state (self->desk) == MD_DESK_WORKING && self->intake != NULL
      && intake != self->intake)
    {
      counter_intake_watch (self, intake);
      counter_window_show_page (self->window, intake != NULL ? "intake" : "home");
    }
}

static void
binding_free (gpointer data)
{
  IntakeBinding *self = data;

  g_signal_handlers_disconnect_by_data (self->desk, self);
  g_signal_handlers_disconnect_by_data (md_desk_get_staff_pin (self->desk), self);
  counter_intake_watch (self, NULL);
  g_clear_object (&self->cancellable);
  g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->slip_settings);
  g_clear_object (&self->application_settings);
  g_clear_object (&self->guide_settings);
  g_clear_object (&self->joint_settings);
  counter_intake_free_resident (self);
  g_object_unref (self->print);
  g_object_unref (self->print_joint);
  g_object_unref (self->next);
  g_object_unref (self->model);
  g_object_unref (self->desk_model);
  g_object_unref (self->desk);
  g_free (self);
}

void
counter_bind_intake (CounterWindow *window, MdDesk *desk)
{
  static const GActionEntry entries[] = {
    { .name = "next", .activate = next_activated },
    { .name = "back", .activate = back_activated },
    { .name = "next-person", .activate = next_person_activated },
    { .name = "choose", .activate = choose_activated, .parameter_type = "s" },
    { .name = "search", .activate = search_activated, .parameter_type = "s" },
    { .name = "go", .activate = go_activated, .parameter_type = "s" },
    { .name = "cancel", .activate = cancel_activated },
    { .name = "reveal", .activate = reveal_activated, .parameter_type = "s" },
    { .name = "abandon", .activate = abandon_activated },
    { .name = "take-up", .activate = take_up_activated, .parameter_type = "s" },
    { .name = "suspend", .activate = suspend_activated },
    { .name = "resume", .activate = resume_activated },
  };
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  IntakeBinding *self = g_new0 (IntakeBinding, 1);

  self->window = window;
  self->model = g_object_ref (counter_window_get_models (window)->intake);
  self->desk_model = g_object_ref (counter_window_get_models (window)->desk);
  self->desk = g_object_ref (desk);
  g_object_set_data_full (G_OBJECT (window), "bind-intake", self, binding_free);
  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), self);
  counter_intake_bind_pins (self, G_ACTION_MAP (actions));
  counter_intake_bind_face (self, G_ACTION_MAP (actions));
  counter_intake_bind_papers (self, G_ACTION_MAP (actions));
  counter_intake_bind_brought (self, G_ACTION_MAP (actions));
  counter_intake_bind_scans (self, G_ACTION_MAP (actions));
  counter_intake_bind_hold (self, G_ACTION_MAP (actions));
  counter_intake_bind_print (self, G_ACTION_MAP (actions));
  counter_intake_bind_resident (self, G_ACTION_MAP (actions));
  counter_intake_bind_guide (self, G_ACTION_MAP (actions));
  counter_intake_bind_visit (self, G_ACTION_MAP (actions));
  gtk_widget_insert_action_group (GTK_WIDGET (window), "intake", G_ACTION_GROUP (actions));
  g_signal_connect_data (window, "new-intake", G_CALLBACK (new_intake_cb), self, NULL,
                         G_CONNECT_SWAPPED);
  self->next = G_SIMPLE_ACTION (
      g_object_ref (g_action_map_lookup_action (G_ACTION_MAP (actions), "next")));
  g_signal_connect (self->model, "secret", G_CALLBACK (secret_cb), self);
  g_signal_connect_data (self->model, "notify::stopped", G_CALLBACK (stopped_cb), self, NULL,
                         G_CONNECT_SWAPPED);
  g_signal_connect_data (self->model, "notify::procedure", G_CALLBACK (counter_intake_enable_next),
                         self, NULL, G_CONNECT_SWAPPED);
  g_signal_connect_data (self->model, "notify::face-answer",
                         G_CALLBACK (counter_intake_enable_next), self, NULL, G_CONNECT_SWAPPED);
  g_signal_connect_data (desk, "notify::state", G_CALLBACK (desk_state_cb), self, NULL,
                         G_CONNECT_SWAPPED);
  g_signal_connect_data (md_desk_get_staff_pin (desk), "notify", G_CALLBACK (counter_intake_show),
                         self, NULL, G_CONNECT_SWAPPED);
}
