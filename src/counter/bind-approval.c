// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "bind.h"

#include "rows.h"

#include <glib/gi18n.h>

typedef struct
{
  CounterWindow *window;
  CounterModel *model;
  MdDesk *desk;
  GListModel *rows;     /* what waits */
  MdApproval *approval; /* the one opened, or NULL */
  GCancellable *cancellable;
  GSimpleAction *decision;
  MdDecisionKind kind;
  gboolean chosen; /* the officer has said which; nothing is decided by default */
  gboolean showing_content;
} Binding;

static const struct
{
  const char *name;
  MdDecisionKind kind;
  const char *primary;
} decisions[] = {
  { "approve", MD_DECISION_APPROVE, N_ ("Sign and approve") },
  { "return", MD_DECISION_RETURN, N_ ("Sign and return") },
  { "reject", MD_DECISION_REJECT, N_ ("Sign and refuse") },
};

static const struct
{
  MdApprovalWait wait;
  const char *stage;
  const char *icon;
  const char *state;
  const char *advice;
  gboolean pin;
  gboolean spins;
} looks[] = {
  { MD_APPROVAL_WAIT_LOADING, "unlock", "md-hanko-symbolic", "wait", NULL, FALSE, TRUE },
  { MD_APPROVAL_WAIT_PIN, "unlock", "md-staff-card-symbolic", "wait",
    N_ ("The application is kept sealed. Only the card of an officer who may approve opens it."),
    TRUE, FALSE },
  { MD_APPROVAL_WAIT_OPENING, "unlock", "md-staff-card-symbolic", "wait", NULL, FALSE, TRUE },
  { MD_APPROVAL_WAIT_DECISION, "open", "md-hanko-symbolic", "wait", NULL, TRUE, FALSE },
  { MD_APPROVAL_WAIT_SIGNING, "open", "md-hanko-symbolic", "wait", NULL, FALSE, TRUE },
  { MD_APPROVAL_WAIT_SENDING, "open", "md-hanko-symbolic", "wait", NULL, FALSE, TRUE },
  { MD_APPROVAL_WAIT_REFUSED, "unlock", "md-stop-symbolic", "stop", NULL, FALSE, FALSE },
  { MD_APPROVAL_WAIT_DONE, "unlock", "md-done-symbolic", "ok",
    N_ ("The decision is signed and kept; it is sent to the back office by itself."), FALSE,
    FALSE },
};

/* --- showing --- */

static void
show_row (Binding *self)
{
  g_autoptr (MdIntakeRow) row = NULL;

  g_object_get (self->approval, "row", &row, NULL);
  if (row == NULL)
    return;
  g_autofree char *title = counter_text_of (row, "procedure-title");
  g_autofree char *clerk = counter_text_of (row, "clerk-name");
  g_autofree char *time = counter_text_of (row, "time");
  g_autofree char *taken = g_strdup_printf (_ ("Taken in by %s at %s"), clerk, time);

  g_object_set (self->model, "procedure-title", title, "taken-by", taken, "receipt-number",
                md_intake_row_get_receipt_number (row), NULL);
}

static void
show_contents (Binding *self)
{
  guint differences = 0;
  g_autofree char *word = NULL;
  g_autoptr (GListModel) compare
      = counter_rows_of_comparison (md_approval_get_comparison (self->approval));
  g_autoptr (GListModel) checks = counter_rows_of_checks (md_approval_get_checks (self->approval));
  g_autoptr (GListModel) contents = counter_rows_readout (md_approval_get_data (self->approval));

  g_object_get (self->approval, "differences", &differences, NULL);
  word = differences > 0 ? g_strdup_printf (
             g_dngettext (GETTEXT_PACKAGE, "%u difference", "%u differences", differences),
             differences)
                         : g_strdup (_ ("No difference"));
  g_object_set (self->model, "compare", compare, "checks", checks, "contents", contents,
                "compare-word", word, "compare-state", differences > 0 ? "deferred" : "ok", NULL);
  self->showing_content = TRUE;
}

static void
show_primary (Binding *self, MdApprovalWait wait)
{
  const char *text = "";
  const char *action = "page.pin-done";

  if (wait == MD_APPROVAL_WAIT_PIN)
    text = _ ("Open");
  else if (wait == MD_APPROVAL_WAIT_DONE)
    {
      text = _ ("Back to the list");
      action = "approval.close";
    }
  else if (wait == MD_APPROVAL_WAIT_DECISION && self->chosen)
    text = _ (decisions[MIN ((guint)self->kind, G_N_ELEMENTS (decisions) - 1)].primary);
  g_object_set (self->model, "primary-text", text, "primary-action", action, NULL);
}

static void
show_trouble (Binding *self, MdApprovalWait wait)
{
  MdTrouble *trouble = md_approval_get_trouble (self->approval);
  gboolean beside = wait == MD_APPROVAL_WAIT_PIN || wait == MD_APPROVAL_WAIT_DECISION;
  const char *sentence = md_approval_get_sentence (self->approval);
  const char *title = trouble != NULL ? md_trouble_get_title (trouble) : "";
  const char *action = trouble != NULL ? md_trouble_get_action (trouble) : NULL;
  const char *meaning = trouble != NULL ? md_trouble_get_meaning (trouble) : NULL;
  g_autofree char *error
      = g_strdup_printf ("%s%s%s", title, action != NULL ? "\n" : "", action != NULL ? action : "");
  g_autofree char *advice
      = g_strdup_printf ("%s%s%s", meaning != NULL ? meaning : "", meaning != NULL ? "\n" : "",
                         action != NULL ? action : "");

  g_object_set (self->model, "error", trouble != NULL && beside ? error : "", "headline",
                trouble != NULL && !beside ? title : sentence, NULL);
  if (trouble != NULL && !beside)
    g_object_set (self->model, "advice", advice, NULL);
}

static void
show (Binding *self)
{
  MdApprovalWait wait;
  g_autofree char *outcome = NULL;

  if (self->approval == NULL)
    return;
  wait = md_approval_get_wait (self->approval);
  outcome = counter_text_of (self->approval, "outcome");
  if (wait == MD_APPROVAL_WAIT_DECISION && !self->showing_content)
    show_contents (self);
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    if (looks[i].wait == wait)
      g_object_set (self->model, "icon", looks[i].icon, "state", looks[i].state, "advice",
                    looks[i].advice != NULL ? _ (looks[i].advice) : "", "waits",
                    looks[i].spins ? md_approval_get_sentence (self->approval) : "",
                    "cancel-action", looks[i].spins ? "approval.cancel" : "", "wants-pin",
                    looks[i].pin && (wait == MD_APPROVAL_WAIT_PIN || self->chosen), "stage",
                    looks[i].stage, NULL);
  show_row (self);
  show_trouble (self, wait);
  if (wait == MD_APPROVAL_WAIT_DONE && *outcome != '\0')
    g_object_set (self->model, "headline", outcome, NULL);
  show_primary (self, wait);
  g_object_set (self->model, "back-text",
                wait == MD_APPROVAL_WAIT_DONE ? "" : _ ("Back to the list"), NULL);
}

static void
close_approval (Binding *self)
{
  if (self->approval != NULL)
    g_signal_handlers_disconnect_by_data (self->approval, self);
  g_clear_object (&self->approval);
  self->showing_content = self->chosen = FALSE;
  g_simple_action_set_state (self->decision, g_variant_new_string (""));
  g_object_set (self->model, "stage", "list", "compare", NULL, "checks", NULL, "contents", NULL,
                "receipt-number", "", "procedure-title", "", "taken-by", "", "error", "", "reason",
                "", "decision", "", "primary-text", "", "back-text", "", "waits", "", "wants-pin",
                FALSE, NULL);
}

/* --- acts --- */

static void
set_decision (Binding *self, guint i)
{
  self->kind = decisions[i].kind;
  self->chosen = TRUE;
  g_simple_action_set_state (self->decision, g_variant_new_string (decisions[i].name));
  g_autoptr (GListModel) reasons
      = counter_rows_of_reasons (md_approval_get_reasons (self->approval, self->kind));
  g_object_set (self->model, "reason", "", "reasons", reasons, "decision", decisions[i].name, NULL);
  show (self);
}

static void
decision_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Binding *self = data;

  for (guint i = 0; self->approval != NULL && i < G_N_ELEMENTS (decisions); i++)
    if (g_strcmp0 (g_variant_get_string (parameter, NULL), decisions[i].name) == 0)
      set_decision (self, i);
}

static void
reason_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_object_set (((Binding *)data)->model, "reason", g_variant_get_string (parameter, NULL), NULL);
}

static void
open_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Binding *self = data;
  GListModel *list = md_desk_get_approvals (self->desk);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (MdIntakeRow) row = g_list_model_get_item (list, i);

      if (g_strcmp0 (md_intake_row_get_intake (row), g_variant_get_string (parameter, NULL)) != 0)
        continue;
      close_approval (self);
      self->approval = g_object_ref (md_desk_begin_approval (self->desk, row));
      g_signal_connect_data (self->approval, "notify", G_CALLBACK (show), self, NULL,
                             G_CONNECT_SWAPPED);
      show (self);
      return;
    }
}

static void
close_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Binding *self = data;

  close_approval (self);
  md_desk_end_approval (self->desk);
  counter_window_show_page (self->window, "approvals");
}

static void
cancel_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Binding *self = data;

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!md_approval_open_finish (MD_APPROVAL (source), result, &error))
    g_debug ("approval: %s", error->message);
}

static void
decided_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!md_approval_decide_finish (MD_APPROVAL (source), result, &error))
    g_debug ("approval: %s", error->message);
}

static void
secret_cb (CounterModel *model, const char *purpose, MdSecret *secret, Binding *self)
{
  const char *reason = counter_model_text (model, "reason");

  if (self->approval == NULL)
    return;
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  if (md_approval_get_wait (self->approval) == MD_APPROVAL_WAIT_PIN)
    md_approval_open_async (self->approval, secret, self->cancellable, opened_cb, NULL);
  else if (md_approval_get_wait (self->approval) == MD_APPROVAL_WAIT_DECISION)
    md_approval_decide_async (self->approval, self->kind, *reason != '\0' ? reason : NULL, secret,
                              self->cancellable, decided_cb, NULL);
}

/* The desk closes the approval when it locks. */
static void
desk_state_cb (Binding *self)
{
  if (self->approval != NULL && md_desk_get_approval (self->desk) != self->approval)
    close_approval (self);
}

static void
count_cb (GListModel *rows, guint position, guint removed, guint added, Binding *self)
{
  g_object_set (self->model, "count", g_list_model_get_n_items (rows), NULL);
}

static void
binding_free (gpointer data)
{
  Binding *self = data;

  g_signal_handlers_disconnect_by_data (self->desk, self);
  g_signal_handlers_disconnect_by_data (self->rows, self);
  g_signal_handlers_disconnect_by_data (self->model, self);
  close_approval (self);
  g_clear_object (&self->cancellable);
  g_object_unref (self->decision);
  g_object_unref (self->rows);
  g_object_unref (self->model);
  g_object_unref (self->desk);
  g_free (self);
}

void
counter_bind_approval (CounterWindow *window, MdDesk *desk)
{
  static const GActionEntry entries[] = {
    { .name = "open", .activate = open_activated, .parameter_type = "s" },
    { .name = "decision", .activate = decision_activated, .parameter_type = "s", .state = "''" },
    { .name = "reason", .activate = reason_activated, .parameter_type = "s" },
    { .name = "close", .activate = close_activated },
    { .name = "cancel", .activate = cancel_activated },
  };
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  Binding *self = g_new0 (Binding, 1);

  self->window = window;
  self->model = g_object_ref (counter_window_get_models (window)->approval);
  self->desk = g_object_ref (desk);
  self->rows = counter_rows_of_intakes (md_desk_get_approvals (desk));
  g_object_set_data_full (G_OBJECT (window), "bind-approval", self, binding_free);
  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), self);
  self->decision = G_SIMPLE_ACTION (
      g_object_ref (g_action_map_lookup_action (G_ACTION_MAP (actions), "decision")));
  gtk_widget_insert_action_group (GTK_WIDGET (window), "approval", G_ACTION_GROUP (actions));
  g_signal_connect (self->rows, "items-changed", G_CALLBACK (count_cb), self);
  g_signal_connect (self->model, "secret", G_CALLBACK (secret_cb), self);
  g_signal_connect_data (desk, "notify::state", G_CALLBACK (desk_state_cb), self, NULL,
                         G_CONNECT_SWAPPED);
  g_object_set (self->model, "list", self->rows, "stage", "list", "count",
                g_list_model_get_n_items (self->rows), NULL);
}
