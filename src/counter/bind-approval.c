// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "bind-case.h"
#include "bind-staff-pin.h"

#include "field-view.h"
#include "rows.h"
#include "scan-view.h"

#include <glib/gi18n.h>

typedef struct
{
  CounterCase shared;
  MdApproval *approval;    /* the one opened, or NULL */
  GSimpleAction *decision; /* which one is chosen */
  GSimpleAction *approve;  /* chooses approval; off while a difference is not ticked */
  GSimpleAction *unread;   /* ticks that nobody can read it */
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
  { MD_APPROVAL_WAIT_UNFIT, "unlock", "md-stop-symbolic", "stop", NULL, TRUE, FALSE },
  { MD_APPROVAL_WAIT_REFUSED, "unlock", "md-stop-symbolic", "stop", NULL, FALSE, FALSE },
  { MD_APPROVAL_WAIT_DONE, "unlock", "md-done-symbolic", "ok",
    N_ ("The decision is signed and kept; it is sent to the back office by itself."), FALSE,
    FALSE },
};

/* --- showing --- */

static void
show_contents (Binding *self)
{
  guint differences = 0;
  g_autofree char *word = NULL;
  gboolean nothing;
  g_autoptr (GListModel) compare
      = counter_rows_of_ticks (md_approval_get_comparison (self->approval));
  g_autoptr (GListModel) checks = counter_rows_of_checks (md_approval_get_checks (self->approval));
  g_autoptr (GListModel) scans = counter_rows_of_looks (md_approval_get_looks (self->approval));
  g_autoptr (GListModel) contents
      = counter_rows_readout (md_approval_get_data (self->approval), "approval.reveal");

  g_object_get (self->approval, "differences", &differences, NULL);
  /* Where no card was read there is nothing to differ from: that is no "no difference". */
  nothing = g_list_model_get_n_items (compare) == 0;
  word = differences > 0 ? g_strdup_printf (
             g_dngettext (GETTEXT_PACKAGE, "%u difference", "%u differences", differences),
             differences)
                         : g_strdup (nothing ? _ ("No card was read") : _ ("No difference"));
  g_object_set (self->shared.model, "compare", compare, "checks", checks, "contents", contents,
                "scans", scans, "compare-word", word, "compare-state",
                differences > 0 ? "deferred"
                : nothing       ? "none"
                                : "ok",
                NULL);
  self->showing_content = TRUE;
}

/* Which of the buttons is down; "" for none. */
static void
set_choice (Binding *self, const char *name)
{
  g_simple_action_set_state (self->decision, g_variant_new_string (name));
  g_simple_action_set_state (self->approve,
                             g_variant_new_boolean (g_str_equal (name, decisions[0].name)));
}

static gboolean
agrees (const Binding *self)
{
  return self->kind == MD_DECISION_APPROVE || self->kind == MD_DECISION_CHECK;
}

/* What is left to be looked at; "" for nothing. */
static char *
describe_unseen (guint unseen, guint unlooked)
{
  g_autofree char *differences = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   "One difference is not ticked yet. Approval is possible once it has been seen.",
                   "%u differences are not ticked yet. Approval is possible once each has been "
                   "seen.",
                   unseen),
      unseen);
  g_autofree char *scans = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   "One scanned document has not been looked at. Show all of its pages, or tick "
                   "that you looked at the paper itself.",
                   "%u scanned documents have not been looked at. Show all of their pages, or tick "
                   "that you looked at the paper itself.",
                   unlooked),
      unlooked);

  return g_strconcat (unseen > 0 ? differences : "", unseen > 0 && unlooked > 0 ? "\n" : "",
                      unlooked > 0 ? scans : "", NULL);
}

/* Approval, or the check before it, counts each difference and each scan that the officer has seen;
 * without that it is not offered, nor to whom it does not fall. */
static void
show_unseen (Binding *self)
{
  const guint unseen = md_approval_get_unseen (self->approval);
  const guint unlooked = md_approval_get_unlooked (self->approval);
  const gboolean open = unseen == 0 && unlooked == 0;
  const char *obstacle = md_approval_get_obstacle (self->approval);
  g_autofree char *note = describe_unseen (unseen, unlooked);

  if ((!open || obstacle != NULL) && self->chosen && agrees (self))
    {
      self->chosen = FALSE;
      set_choice (self, "");
      g_object_set (self->shared.model, "decision", "", NULL);
    }
  g_simple_action_set_enabled (self->approve, open && obstacle == NULL);
  g_object_set (self->shared.model, "cannot-approve", unseen > 0, "tick-note",
                obstacle != NULL ? obstacle : note, NULL);
}

/* Whose word it is, where two officers have to agree. */
static void
show_officers (Binding *self)
{
  const gboolean checks = md_approval_get_agreement (self->approval) == MD_DECISION_CHECK;
  const gboolean may = md_approval_get_obstacle (self->approval) == NULL;

  g_object_set (self->shared.model, "officers-note",
                may ? md_approval_get_officers_note (self->approval) : "", "agree-text",
                checks ? _ ("Checked") : _ ("Approve"), NULL);
}

static const char *
sign_text (const Binding *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (decisions); i++)
    if (decisions[i].kind == self->kind)
      return _ (decisions[i].primary);
  return _ ("Sign the check");
}

static void
show_primary (Binding *self, MdApprovalWait wait)
{
  const char *text = "";
  const char *action = "";
  gboolean wants_pin = wait == MD_APPROVAL_WAIT_PIN || wait == MD_APPROVAL_WAIT_UNFIT
                       || (wait == MD_APPROVAL_WAIT_DECISION && self->chosen);

  if (wait == MD_APPROVAL_WAIT_PIN)
    text = _ ("Open");
  else if (wait == MD_APPROVAL_WAIT_UNFIT)
    text = _ ("Sign and return");
  else if (wait == MD_APPROVAL_WAIT_DONE)
    {
      text = _ ("Back to the list");
      action = "approval.close";
    }
  else if (wait == MD_APPROVAL_WAIT_DECISION && self->chosen)
    text = sign_text (self);
  if (wants_pin)
    counter_staff_pin_set_primary (self->shared.desk, self->shared.model, text, "approval.enter");
  else
    g_object_set (self->shared.model, "primary-text", text, "primary-action", action, NULL);
}

/* What was found, and the one thing that can be done about it here. */
static void
show_finding (Binding *self)
{
  MdTrouble *finding = md_approval_get_finding (self->approval);
  g_autoptr (MdReason) reason
      = g_list_model_get_item (md_approval_get_reasons (self->approval, MD_DECISION_RETURN), 0);
  g_autofree char *advice
      = counter_case_join (md_trouble_get_meaning (finding), md_trouble_get_action (finding));
  const gboolean unread = md_approval_is_unread (self->approval);
  g_autofree char *back = g_strdup_printf (
      unread ? _ ("With your PIN it goes back to the clerk unread. The reason that is recorded: "
                  "\"%s\".")
             : _ ("With your PIN it goes back to the clerk, who can take it up again. The "
                  "reason that is recorded: \"%s\"."),
      md_reason_get_label (reason));
  g_autofree char *all = counter_case_join (
      advice, md_approval_is_grave (self->approval)
                  ? _ ("Tell the administrator first, who may want to see it as it is. With your "
                       "PIN it then goes back to the clerk.")
                  : back);

  g_object_set (self->shared.model, "headline", md_trouble_get_title (finding), "advice", all,
                NULL);
}

/* What may be this terminal's fault is not returned with one act. */
static void
show_unread (Binding *self, MdApprovalWait wait)
{
  const gboolean unread = md_approval_is_unread (self->approval);
  g_autofree char *advice = NULL;

  g_object_set (self->shared.model, "unread", unread, NULL);
  g_simple_action_set_state (self->unread, g_variant_new_boolean (wait == MD_APPROVAL_WAIT_UNFIT));
  if (!unread || wait != MD_APPROVAL_WAIT_REFUSED)
    return;
  advice = counter_case_join (
      counter_model_text (self->shared.model, "advice"),
      _ ("It may be this terminal, whose forms or program are behind. Where the administrator has "
         "made sure that no other terminal can read it either, it can be returned to the clerk."));
  g_object_set (self->shared.model, "advice", advice, NULL);
}

static void
show_trouble (Binding *self, MdApprovalWait wait)
{
  MdTrouble *trouble = md_approval_get_trouble (self->approval);
  gboolean beside = wait == MD_APPROVAL_WAIT_PIN || wait == MD_APPROVAL_WAIT_DECISION
                    || wait == MD_APPROVAL_WAIT_UNFIT;
  gboolean said = counter_staff_pin_says_all (self->shared.desk);
  const char *sentence = md_approval_get_sentence (self->approval);
  const char *title = trouble != NULL ? md_trouble_get_title (trouble) : "";
  const char *action = trouble != NULL ? md_trouble_get_action (trouble) : NULL;
  const char *meaning = trouble != NULL ? md_trouble_get_meaning (trouble) : NULL;
  g_autofree char *error = counter_case_join (title, action);
  g_autofree char *advice = counter_case_join (meaning, action);

  g_object_set (self->shared.model, "error", trouble != NULL && beside && !said ? error : "",
                "headline", trouble != NULL && !beside ? title : sentence, NULL);
  if (trouble != NULL && !beside)
    g_object_set (self->shared.model, "advice", advice, NULL);
  if (wait == MD_APPROVAL_WAIT_UNFIT)
    show_finding (self);
  show_unread (self, wait);
}

static void
show (Binding *self)
{
  MdApprovalWait wait;
  g_autofree char *outcome = NULL;
  gboolean unfit;

  if (self->approval == NULL)
    return;
  unfit = md_approval_get_finding (self->approval) != NULL;
  wait = md_approval_get_wait (self->approval);
  outcome = counter_text_of (self->approval, "outcome");
  if (wait == MD_APPROVAL_WAIT_DECISION && !self->showing_content)
    show_contents (self);
  if (wait == MD_APPROVAL_WAIT_DECISION)
    {
      show_officers (self);
      show_unseen (self);
    }
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    if (looks[i].wait == wait)
      g_object_set (self->shared.model, "icon", looks[i].icon, "state", looks[i].state, "advice",
                    looks[i].advice != NULL ? _ (looks[i].advice) : "", "waits",
                    looks[i].spins ? md_approval_get_sentence (self->approval) : "",
                    "cancel-action", looks[i].spins ? "approval.cancel" : "", "wants-pin",
                    looks[i].pin && (wait != MD_APPROVAL_WAIT_DECISION || self->chosen), "stage",
                    unfit ? "unlock" : looks[i].stage, NULL);
  counter_case_show_row (&self->shared, self->approval);
  show_trouble (self, wait);
  if (wait == MD_APPROVAL_WAIT_DONE && *outcome != '\0')
    g_object_set (self->shared.model, "headline", outcome, NULL);
  show_primary (self, wait);
  g_object_set (self->shared.model, "back-text",
                wait == MD_APPROVAL_WAIT_DONE ? "" : _ ("Back to the list"), NULL);
}

/* What the card does for it ends with it. */
static void
close_approval (Binding *self)
{
  counter_case_stop_job (&self->shared);
  if (self->approval != NULL)
    g_signal_handlers_disconnect_by_data (self->approval, self);
  g_clear_object (&self->approval);
  self->showing_content = self->chosen = FALSE;
  set_choice (self, "");
  g_object_set (self->shared.model, "stage", "list", "compare", NULL, "checks", NULL, "contents",
                NULL, "scans", NULL, "receipt-number", "", "procedure-title", "", "taken-by", "",
                "error", "", "reason", "", "decision", "", "primary-text", "", "back-text", "",
                "waits", "", "wants-pin", FALSE, "cannot-approve", FALSE, "tick-note", "",
                "officers-note", "", "unread", FALSE, NULL);
}

/* --- acts --- */

static void
set_decision (Binding *self, guint i)
{
  self->kind = i == 0 ? md_approval_get_agreement (self->approval) : decisions[i].kind;
  self->chosen = TRUE;
  set_choice (self, decisions[i].name);
  g_autoptr (GListModel) reasons
      = counter_rows_of_reasons (md_approval_get_reasons (self->approval, self->kind));
  g_object_set (self->shared.model, "reason", "", "reasons", reasons, "decision", decisions[i].name,
                NULL);
  show (self);
}

/* What is ticked is ticked no more, and the other way round. */
static void
seen_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Binding *self = data;
  const char *field = g_variant_get_string (parameter, NULL);
  GListModel *lines = self->approval != NULL ? md_approval_get_comparison (self->approval) : NULL;

  for (guint i = 0; lines != NULL && i < g_list_model_get_n_items (lines); i++)
    {
      g_autoptr (MdComparison) line = g_list_model_get_item (lines, i);

      if (g_strcmp0 (md_comparison_get_field (line), field) == 0)
        (void)md_approval_tick (self->approval, field, !md_comparison_get_seen (line));
    }
}

static void
paper_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Binding *self = data;
  const char *which = g_variant_get_string (parameter, NULL);
  GListModel *looks_at = self->approval != NULL ? md_approval_get_looks (self->approval) : NULL;

  for (guint i = 0; looks_at != NULL && i < g_list_model_get_n_items (looks_at); i++)
    {
      g_autoptr (MdScanLook) look = g_list_model_get_item (looks_at, i);

      if (g_strcmp0 (md_scan_look_get_which (look), which) == 0)
        (void)md_approval_tick_paper (self->approval, which, !md_scan_look_get_paper (look));
    }
}

static void
decision_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Binding *self = data;

  for (guint i = 0; self->approval != NULL && i < G_N_ELEMENTS (decisions); i++)
    if (decisions[i].kind != MD_DECISION_APPROVE
        && g_strcmp0 (g_variant_get_string (parameter, NULL), decisions[i].name) == 0)
      set_decision (self, i);
}

static void
approve_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Binding *self = data;

  if (self->approval != NULL)
    set_decision (self, 0);
}

static void
unread_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Binding *self = data;
  g_autoptr (GVariant) state = g_action_get_state (G_ACTION (action));

  if (self->approval != NULL)
    (void)md_approval_confirm_unread (self->approval, !g_variant_get_boolean (state));
}

static void
reason_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_object_set (((Binding *)data)->shared.model, "reason", g_variant_get_string (parameter, NULL),
                NULL);
}

static void
open_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Binding *self = data;
  g_autoptr (MdIntakeRow) row = counter_case_find_row (md_desk_get_approvals (self->shared.desk),
                                                       g_variant_get_string (parameter, NULL));

  if (row == NULL)
    return;
  close_approval (self);
  self->approval = g_object_ref (md_desk_begin_approval (self->shared.desk, row));
  g_signal_connect_data (self->approval, "notify", G_CALLBACK (show), self, NULL,
                         G_CONNECT_SWAPPED);
  show (self);
}

static void
close_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Binding *self = data;

  close_approval (self);
  md_desk_end_approval (self->shared.desk);
  counter_window_show_page (self->shared.window, "approvals");
}

/* Stops what goes on: the card's work at once; of a fetch or a filing only the waiting for it. */
static void
cancel_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Binding *self = data;
  MdApprovalWait wait
      = self->approval != NULL ? md_approval_get_wait (self->approval) : MD_APPROVAL_WAIT_DONE;

  if (wait == MD_APPROVAL_WAIT_OPENING || wait == MD_APPROVAL_WAIT_SIGNING)
    {
      counter_case_stop_job (&self->shared);
      return;
    }
  if (wait == MD_APPROVAL_WAIT_SENDING)
    counter_case_tell_unsure (&self->shared);
  close_activated (action, parameter, data);
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
return_unfit (Binding *self, MdSecret *secret)
{
  g_autoptr (MdReason) reason
      = g_list_model_get_item (md_approval_get_reasons (self->approval, MD_DECISION_RETURN), 0);

  md_approval_decide_async (self->approval, MD_DECISION_RETURN, md_reason_get_code (reason), secret,
                            counter_case_begin_job (&self->shared), decided_cb, NULL);
}

/* The PIN is there; NULL: it is typed at the reader's keypad. */
static void
take_pin (Binding *self, MdSecret *secret)
{
  const char *reason = counter_model_text (self->shared.model, "reason");
  MdApprovalWait wait
      = self->approval != NULL ? md_approval_get_wait (self->approval) : MD_APPROVAL_WAIT_DONE;

  if (wait == MD_APPROVAL_WAIT_PIN)
    md_approval_open_async (self->approval, secret, counter_case_begin_job (&self->shared),
                            opened_cb, NULL);
  else if (wait == MD_APPROVAL_WAIT_DECISION)
    md_approval_decide_async (self->approval, self->kind, *reason != '\0' ? reason : NULL, secret,
                              counter_case_begin_job (&self->shared), decided_cb, NULL);
  else if (wait == MD_APPROVAL_WAIT_UNFIT)
    return_unfit (self, secret);
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

/* The desk closes the approval when it locks. */
static void
desk_state_cb (Binding *self)
{
  if (self->approval != NULL && md_desk_get_approval (self->shared.desk) != self->approval)
    close_approval (self);
}

static void
binding_free (gpointer data)
{
  Binding *self = data;

  close_approval (self);
  counter_case_clear (&self->shared);
  g_object_unref (self->decision);
  g_object_unref (self->approve);
  g_object_unref (self->unread);
  g_free (self);
}

static void
show_scan_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Binding *self = data;

  if (self->approval != NULL)
    counter_scan_show (self->shared.window, self->shared.desk,
                       md_approval_get_data (self->approval),
                       g_variant_get_string (parameter, NULL));
}

static void
reveal_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Binding *self = data;

  if (self->approval != NULL && md_approval_get_data (self->approval) != NULL)
    counter_field_show (self->shared.window, self->shared.desk,
                        md_approval_get_data (self->approval),
                        g_variant_get_string (parameter, NULL));
}

void
counter_bind_approval (CounterWindow *window, MdDesk *desk)
{
  static const GActionEntry entries[] = {
    { .name = "open", .activate = open_activated, .parameter_type = "s" },
    { .name = "decision", .activate = decision_activated, .parameter_type = "s", .state = "''" },
    { .name = "approve", .activate = approve_activated, .state = "false" },
    { .name = "unread", .activate = unread_activated, .state = "false" },
    { .name = "reason", .activate = reason_activated, .parameter_type = "s" },
    { .name = "seen", .activate = seen_activated, .parameter_type = "s" },
    { .name = "paper", .activate = paper_activated, .parameter_type = "s" },
    { .name = "close", .activate = close_activated },
    { .name = "cancel", .activate = cancel_activated },
    { .name = "enter", .activate = enter_activated },
    { .name = "show-scan", .activate = show_scan_activated, .parameter_type = "s" },
    { .name = "reveal", .activate = reveal_activated, .parameter_type = "s" },
  };
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  Binding *self = g_new0 (Binding, 1);

  counter_case_init (&self->shared, window, counter_window_get_models (window)->approval, desk,
                     counter_rows_of_intakes (md_desk_get_approvals (desk)));
  counter_case_show_list (&self->shared);
  g_object_set_data_full (G_OBJECT (window), "bind-approval", self, binding_free);
  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), self);
  self->decision = G_SIMPLE_ACTION (
      g_object_ref (g_action_map_lookup_action (G_ACTION_MAP (actions), "decision")));
  self->approve = G_SIMPLE_ACTION (
      g_object_ref (g_action_map_lookup_action (G_ACTION_MAP (actions), "approve")));
  self->unread = G_SIMPLE_ACTION (
      g_object_ref (g_action_map_lookup_action (G_ACTION_MAP (actions), "unread")));
  gtk_widget_insert_action_group (GTK_WIDGET (window), "approval", G_ACTION_GROUP (actions));
  g_signal_connect (self->shared.model, "secret", G_CALLBACK (secret_cb), self);
  g_signal_connect_data (desk, "notify::state", G_CALLBACK (desk_state_cb), self, NULL,
                         G_CONNECT_SWAPPED);
  g_signal_connect_data (md_desk_get_staff_pin (desk), "notify", G_CALLBACK (show), self, NULL,
                         G_CONNECT_SWAPPED);
}
