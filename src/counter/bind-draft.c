// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "bind-case.h"
#include "bind-staff-pin.h"

#include "dialog.h"
#include "rows.h"

#include <glib/gi18n.h>

/* The list of suspended intakes, and the one that is opened from it. */
typedef struct
{
  CounterCase shared;
  CounterModel *desk_model; /* which shows the list */
  MdDraft *draft;           /* the one opened, or NULL */
} Binding;

static const struct
{
  MdDraftWait wait;
  const char *icon;
  const char *state;
  const char *advice;
  gboolean spins, erases;
} looks[] = {
  { MD_DRAFT_WAIT_LOADING, "md-hanko-symbolic", "wait", NULL, TRUE, FALSE },
  { MD_DRAFT_WAIT_PIN, "md-staff-card-symbolic", "wait",
    N_ ("Ask the person for the card or the documents again: what was typed comes back, who it is "
        "has to be shown anew."),
    FALSE, TRUE },
  { MD_DRAFT_WAIT_OPENING, "md-staff-card-symbolic", "wait", NULL, TRUE, FALSE },
  { MD_DRAFT_WAIT_ERASING, "md-staff-card-symbolic", "wait", NULL, TRUE, FALSE },
  { MD_DRAFT_WAIT_OTHER, "md-hanko-symbolic", "none",
    N_ ("Only that officer can open it. You may erase it when it is not needed any more."), FALSE,
    TRUE },
  { MD_DRAFT_WAIT_REFUSED, "md-stop-symbolic", "stop", NULL, FALSE, TRUE },
  { MD_DRAFT_WAIT_DONE, "md-done-symbolic", "ok", NULL, FALSE, FALSE },
};

/* --- showing --- */

static void
show_row (Binding *self)
{
  g_autoptr (MdDraftRow) row = NULL;

  g_object_get (self->draft, "row", &row, NULL);
  g_autofree char *title = counter_text_of (row, "procedure-title");
  g_autofree char *clerk = counter_text_of (row, "clerk-name");
  g_autofree char *begun = counter_text_of (row, "begun");
  g_autofree char *until = counter_text_of (row, "kept-until");

  g_object_set (self->shared.model, "procedure-title", title, "clerk", clerk, "begun", begun,
                "kept-until", until, NULL);
}

static void
show_trouble (Binding *self, gboolean asks)
{
  MdTrouble *trouble = md_draft_get_trouble (self->draft);
  const char *title = trouble != NULL ? md_trouble_get_title (trouble) : NULL;
  const char *meaning = trouble != NULL ? md_trouble_get_meaning (trouble) : NULL;
  const char *action = trouble != NULL ? md_trouble_get_action (trouble) : NULL;
  g_autofree char *advice = counter_case_join (meaning, action);
  g_autofree char *error = counter_case_join (title, action);

  g_object_set (self->shared.model, "error",
                asks && !counter_staff_pin_says_all (self->shared.desk) ? error : "", NULL);
  if (trouble != NULL && !asks)
    g_object_set (self->shared.model, "headline", title, "advice", advice, NULL);
}

static void
show (Binding *self)
{
  const char *sentence;
  MdDraftWait wait;
  gboolean asks;

  if (self->draft == NULL)
    return;
  wait = md_draft_get_wait (self->draft);
  asks = wait == MD_DRAFT_WAIT_PIN;
  sentence = md_draft_get_sentence (self->draft);
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    if (looks[i].wait == wait)
      g_object_set (self->shared.model, "icon", looks[i].icon, "state", looks[i].state, "headline",
                    sentence, "advice", looks[i].advice != NULL ? _ (looks[i].advice) : "", "waits",
                    looks[i].spins ? sentence : "", "can-erase", looks[i].erases, NULL);
  g_object_set (self->shared.model, "cancel-action",
                wait == MD_DRAFT_WAIT_OPENING ? "draft.cancel" : "", "wants-pin", asks,
                "primary-text", "", "primary-action", "", "back-text", _ ("Back to the list"),
                NULL);
  show_row (self);
  show_trouble (self, asks);
  if (asks)
    counter_staff_pin_set_primary (self->shared.desk, self->shared.model, _ ("Open and go on"),
                                   "draft.enter");
}

static void
close_draft (Binding *self)
{
  counter_case_stop_job (&self->shared);
  if (self->draft != NULL)
    g_signal_handlers_disconnect_by_data (self->draft, self);
  g_clear_object (&self->draft);
  g_object_set (self->shared.model, "procedure-title", "", "clerk", "", "begun", "", "kept-until",
                "", "error", "", "waits", "", "primary-text", "", "wants-pin", FALSE, "can-erase",
                FALSE, NULL);
}

static void
leave (Binding *self, const char *page)
{
  close_draft (self);
  md_desk_end_draft (self->shared.desk);
  counter_window_show_page (self->shared.window, page);
}

/* --- acts --- */

static MdDraftRow *
find_row (Binding *self, const char *id)
{
  GListModel *list = md_desk_get_drafts (self->shared.desk);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (MdDraftRow) row = g_list_model_get_item (list, i);

      if (g_strcmp0 (md_draft_row_get_draft (row), id) == 0)
        return g_steal_pointer (&row);
    }
  return NULL;
}

static void
open_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Binding *self = data;
  g_autoptr (MdDraftRow) row = find_row (self, g_variant_get_string (parameter, NULL));

  if (row == NULL)
    return;
  if (counter_model_flag (self->desk_model, "intake-open"))
    {
      counter_window_tell (self->shared.window,
                           _ ("An intake is under way. Finish or end it first (F2 shows it)."));
      return;
    }
  close_draft (self);
  self->draft = g_object_ref (md_desk_begin_draft (self->shared.desk, row));
  g_signal_connect_data (self->draft, "notify", G_CALLBACK (show), self, NULL, G_CONNECT_SWAPPED);
  counter_window_show_page (self->shared.window, "draft");
  show (self);
}

static void
back_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  leave (data, "home");
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CounterWindow) window = data;
  g_autoptr (GError) error = NULL;

  if (md_draft_open_finish (MD_DRAFT (source), result, &error))
    {
      gtk_widget_activate_action (GTK_WIDGET (window), "draft.back", NULL);
      gtk_widget_activate_action (GTK_WIDGET (window), "intake.resume", NULL);
    }
  else
    g_debug ("draft: %s", error->message);
}

/* The PIN is there; NULL: it is typed at the reader's keypad. */
static void
take_pin (Binding *self, MdSecret *secret)
{
  if (self->draft != NULL && md_draft_get_wait (self->draft) == MD_DRAFT_WAIT_PIN)
    md_draft_open_async (self->draft, secret, counter_case_begin_job (&self->shared), opened_cb,
                         g_object_ref (self->shared.window));
}

static void
secret_cb (CounterModel *model, const char *purpose, MdSecret *secret, Binding *self)
{
  take_pin (self, secret);
}

static void
enter_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  take_pin (data, NULL);
}

static void
cancel_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  counter_case_stop_job (&((Binding *)data)->shared);
}

static void
erased_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CounterWindow) window = data;
  g_autoptr (GError) error = NULL;

  if (md_draft_erase_finish (MD_DRAFT (source), result, &error))
    {
      gtk_widget_activate_action (GTK_WIDGET (window), "draft.back", NULL);
      counter_window_tell (window, _ ("The suspended intake is erased."));
    }
  else
    g_debug ("draft: %s", error->message);
}

static void
erase_answered (AdwMessageDialog *dialog, const char *answer, Binding *self)
{
  if (g_strcmp0 (answer, "erase") == 0 && self->draft != NULL)
    md_draft_erase_async (self->draft, NULL, erased_cb, g_object_ref (self->shared.window));
}

static void
erase_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Binding *self = data;
  GtkWidget *dialog = adw_message_dialog_new (
      GTK_WINDOW (self->shared.window), _ ("Erase this suspended intake?"),
      _ ("What was typed is erased for good. That it was erased is recorded with your name."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "keep", _ ("Keep it"), "erase",
                                    _ ("Erase it"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "erase",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  g_signal_connect (dialog, "response", G_CALLBACK (erase_answered), self);
  counter_dialog_show (GTK_WINDOW (self->shared.window), dialog);
}

/* --- life --- */

/* The desk closes it when it locks. */
static void
desk_state_cb (Binding *self)
{
  if (self->draft == NULL || md_desk_get_draft_open (self->shared.desk) == self->draft)
    return;
  close_draft (self);
  counter_window_show_page (self->shared.window, "home");
}

static void
count_cb (GListModel *rows, guint position, guint removed, guint added, Binding *self)
{
  g_object_set (self->desk_model, "draft-count", g_list_model_get_n_items (rows), NULL);
}

static void
binding_free (gpointer data)
{
  Binding *self = data;

  close_draft (self);
  counter_case_clear (&self->shared);
  g_object_unref (self->desk_model);
  g_free (self);
}

void
counter_bind_draft (CounterWindow *window, MdDesk *desk)
{
  static const GActionEntry entries[] = {
    { .name = "open", .activate = open_activated, .parameter_type = "s" },
    { .name = "back", .activate = back_activated },
    { .name = "enter", .activate = enter_activated },
    { .name = "cancel", .activate = cancel_activated },
    { .name = "erase", .activate = erase_activated },
  };
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  Binding *self = g_new0 (Binding, 1);

  counter_case_init (&self->shared, window, counter_window_get_models (window)->draft, desk,
                     counter_rows_of_drafts (md_desk_get_drafts (desk)));
  self->desk_model = g_object_ref (counter_window_get_models (window)->desk);
  g_object_set_data_full (G_OBJECT (window), "bind-draft", self, binding_free);
  g_object_set (self->desk_model, "drafts", self->shared.rows, NULL);
  g_signal_connect (self->shared.rows, "items-changed", G_CALLBACK (count_cb), self);
  count_cb (self->shared.rows, 0, 0, 0, self);
  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (window), "draft", G_ACTION_GROUP (actions));
  g_signal_connect (self->shared.model, "secret", G_CALLBACK (secret_cb), self);
  g_signal_connect_data (desk, "notify::state", G_CALLBACK (desk_state_cb), self, NULL,
                         G_CONNECT_SWAPPED);
  g_signal_connect_data (md_desk_get_staff_pin (desk), "notify", G_CALLBACK (show), self, NULL,
                         G_CONNECT_SWAPPED);
}
