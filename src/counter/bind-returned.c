// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "bind-case.h"
#include "bind-staff-pin.h"

#include "rows.h"

#include <glib/gi18n.h>

typedef struct
{
  CounterCase shared;
  MdReturned *returned;   /* the one opened, or NULL */
  gboolean settling;      /* it is being settled, in this way: */
  MdDecisionKind settles; /* withdrawn or restored */
} Binding;

static const struct
{
  MdReturnedWait wait;
  const char *icon;
  const char *state;
  const char *advice;
  gboolean spins;
} looks[] = {
  { MD_RETURNED_WAIT_LOADING, "md-hanko-symbolic", "wait", NULL, TRUE },
  { MD_RETURNED_WAIT_CHOICE, "md-deferred-symbolic", "deferred", N_ ("Choose how it goes on."),
    FALSE },
  { MD_RETURNED_WAIT_SIGNING, "md-staff-card-symbolic", "wait", NULL, TRUE },
  { MD_RETURNED_WAIT_SENDING, "md-staff-card-symbolic", "wait", NULL, TRUE },
  { MD_RETURNED_WAIT_REFUSED, "md-stop-symbolic", "stop", NULL, FALSE },
  { MD_RETURNED_WAIT_DONE, "md-done-symbolic", "ok",
    N_ ("What you signed is kept; it is sent to the back office by itself."), FALSE },
};

/* The two ways of settling it with a signature. */
typedef struct
{
  const char *title, *note, *sign, *leave;
} Settlement;

static const Settlement *
settlement_of (MdDecisionKind kind)
{
  static const Settlement withdrawal
      = { N_ ("Withdraw"),
          N_ ("Only when the person says so. The withdrawal is signed with your card and sent to "
              "the back office."),
          N_ ("Sign and withdraw"), N_ ("Do not withdraw") };
  static const Settlement restoration
      = { N_ ("Restore"),
          N_ ("It waits for a decision again, as it was handed in. The restoration is signed with "
              "your card and sent to the back office."),
          N_ ("Sign and restore"), N_ ("Do not restore") };

  return kind == MD_DECISION_RESTORE ? &restoration : &withdrawal;
}

/* --- showing --- */

static void
show_reason (Binding *self)
{
  g_autofree char *reason = counter_text_of (self->returned, "reason");
  g_autofree char *advice = counter_text_of (self->returned, "advice");
  g_autofree char *officer = counter_text_of (self->returned, "officer-name");
  g_autofree char *time = counter_text_of (self->returned, "decided-at");
  g_autofree char *lines = counter_text_of (self->returned, "lines");
  g_autofree char *by
      = *officer != '\0' ? g_strdup_printf (_ ("%s, %s"), officer, time) : g_strdup ("");

  gboolean settled = md_returned_get_wait (self->returned) == MD_RETURNED_WAIT_DONE;

  g_object_set (self->shared.model, "reason", settled ? "" : reason, "what-to-do", advice,
                "returned-by", by, "lines", settled ? "" : lines, NULL);
}

static void
show_trouble (Binding *self, MdReturnedWait wait)
{
  MdTrouble *trouble = md_returned_get_trouble (self->returned);
  const char *title = trouble != NULL ? md_trouble_get_title (trouble) : "";
  const char *action = trouble != NULL ? md_trouble_get_action (trouble) : NULL;
  g_autofree char *both = counter_case_join (title, action);
  gboolean said = counter_staff_pin_says_all (self->shared.desk);

  g_object_set (self->shared.model, "error", wait == MD_RETURNED_WAIT_CHOICE && !said ? both : "",
                NULL);
  if (trouble != NULL && wait == MD_RETURNED_WAIT_REFUSED)
    g_object_set (self->shared.model, "headline", title, "advice", action, NULL);
}

static void
show_acts (Binding *self, MdReturnedWait wait)
{
  gboolean choice = wait == MD_RETURNED_WAIT_CHOICE;
  gboolean withdraws = md_returned_may_settle (self->returned, MD_DECISION_WITHDRAW);
  gboolean restores = md_returned_may_settle (self->returned, MD_DECISION_RESTORE);
  const Settlement *settlement = settlement_of (self->settles);
  const char *primary = "", *action = "";

  if (wait == MD_RETURNED_WAIT_DONE)
    {
      primary = _ ("Back to the list");
      action = "returned.close";
    }
  else if (choice && (self->settling || md_returned_may_take_up (self->returned)))
    {
      primary = self->settling ? _ (settlement->sign) : _ ("Take it up again");
      action = "returned.take-up";
    }
  g_object_set (
      self->shared.model, "can-choose", choice && !self->settling, "can-withdraw", withdraws,
      "can-restore", restores, "can-acknowledge", md_returned_may_acknowledge (self->returned),
      "settling", self->settling && wait != MD_RETURNED_WAIT_DONE, "settle-title",
      _ (settlement->title), "settle-note", _ (settlement->note), "wants-pin",
      choice && self->settling, "primary-text", primary, "primary-action", action, "back-text",
      wait == MD_RETURNED_WAIT_DONE ? ""
      : self->settling              ? _ (settlement->leave)
                                    : _ ("Back to the list"),
      NULL);
  if (choice && self->settling)
    counter_staff_pin_set_primary (self->shared.desk, self->shared.model, primary,
                                   "returned.enter");
}

/* A notice is settled here, and signed by nobody. */
static const char *
advice_of (Binding *self, MdReturnedWait wait, const char *advice)
{
  g_autoptr (MdIntakeRow) row = NULL;

  g_object_get (self->returned, "row", &row, NULL);
  if (wait == MD_RETURNED_WAIT_DONE && md_intake_row_get_notice (row) > 0)
    return _ ("This is in the log. Nothing is sent to the back office.");
  return advice != NULL ? _ (advice) : "";
}

static void
show (Binding *self)
{
  MdReturnedWait wait;
  const char *sentence;

  if (self->returned == NULL)
    return;
  wait = md_returned_get_wait (self->returned);
  sentence = md_returned_get_sentence (self->returned);
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    if (looks[i].wait == wait)
      g_object_set (self->shared.model, "icon", looks[i].icon, "state", looks[i].state, "headline",
                    sentence, "advice", advice_of (self, wait, looks[i].advice), "waits",
                    looks[i].spins ? sentence : "", "cancel-action",
                    looks[i].spins ? "returned.cancel" : "", "stage", "one", NULL);
  counter_case_show_row (&self->shared, self->returned);
  show_reason (self);
  show_trouble (self, wait);
  show_acts (self, wait);
}

/* What the card does for it ends with it. */
static void
close_returned (Binding *self)
{
  counter_case_stop_job (&self->shared);
  if (self->returned != NULL)
    g_signal_handlers_disconnect_by_data (self->returned, self);
  g_clear_object (&self->returned);
  self->settling = FALSE;
  g_object_set (self->shared.model, "stage", "list", "receipt-number", "", "procedure-title", "",
                "taken-by", "", "reason", "", "what-to-do", "", "returned-by", "", "lines", "",
                "chosen-reason", "", "error", "", "waits", "", "primary-text", "", "back-text", "",
                "can-choose", FALSE, "settling", FALSE, "wants-pin", FALSE, NULL);
}

/* --- acts --- */

static void
open_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Binding *self = data;
  g_autoptr (MdIntakeRow) row = counter_case_find_row (md_desk_get_returned (self->shared.desk),
                                                       g_variant_get_string (parameter, NULL));

  if (row == NULL)
    return;
  close_returned (self);
  self->returned = g_object_ref (md_desk_begin_returned (self->shared.desk, row));
  g_signal_connect_data (self->returned, "notify", G_CALLBACK (show), self, NULL,
                         G_CONNECT_SWAPPED);
  show (self);
  counter_window_show_page (self->shared.window, "returned");
}

static void
close_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Binding *self = data;

  close_returned (self);
  md_desk_end_returned (self->shared.desk);
  counter_window_show_page (self->shared.window, "returned");
}

static void
back_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Binding *self = data;

  if (!self->settling)
    {
      close_activated (action, parameter, data);
      return;
    }
  self->settling = FALSE;
  g_object_set (self->shared.model, "chosen-reason", "", NULL);
  show (self);
}

static void
begin_to_settle (Binding *self, MdDecisionKind kind)
{
  g_autoptr (GListModel) reasons = NULL;

  if (self->returned == NULL || !md_returned_may_settle (self->returned, kind))
    return;
  self->settling = TRUE;
  self->settles = kind;
  reasons = counter_rows_of_reasons (md_returned_get_reasons (self->returned, kind));
  g_object_set (self->shared.model, "reasons", reasons, NULL);
  md_staff_pin_want (md_desk_get_staff_pin (self->shared.desk));
  show (self);
}

static void
withdraw_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  begin_to_settle (data, MD_DECISION_WITHDRAW);
}

static void
restore_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  begin_to_settle (data, MD_DECISION_RESTORE);
}

static void
reason_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_object_set (((Binding *)data)->shared.model, "chosen-reason",
                g_variant_get_string (parameter, NULL), NULL);
}

static void
take_up_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Binding *self = data;
  g_autoptr (MdIntakeRow) row = NULL;

  if (self->returned == NULL)
    return;
  if (counter_model_flag (counter_window_get_models (self->shared.window)->desk, "intake-open"))
    {
      counter_window_tell (self->shared.window,
                           _ ("An intake is under way. Finish or end it first (F2 shows it)."));
      return;
    }
  g_object_get (self->returned, "row", &row, NULL);
  close_returned (self);
  md_desk_end_returned (self->shared.desk);
  gtk_widget_activate_action (GTK_WIDGET (self->shared.window), "intake.take-up", "s",
                              md_intake_row_get_intake (row));
}

static void
acknowledged_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!md_returned_acknowledge_finish (MD_RETURNED (source), result, &error))
    g_debug ("returned: %s", error->message);
}

static void
acknowledge_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Binding *self = data;

  if (self->returned != NULL && md_returned_may_acknowledge (self->returned))
    md_returned_acknowledge_async (self->returned, counter_case_begin_job (&self->shared),
                                   acknowledged_cb, NULL);
}

/* Stops what goes on: the card's work at once; of a fetch or a filing only the waiting for it. */
static void
cancel_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Binding *self = data;
  MdReturnedWait wait
      = self->returned != NULL ? md_returned_get_wait (self->returned) : MD_RETURNED_WAIT_DONE;

  if (wait == MD_RETURNED_WAIT_SIGNING)
    {
      counter_case_stop_job (&self->shared);
      return;
    }
  if (wait == MD_RETURNED_WAIT_SENDING)
    counter_case_tell_unsure (&self->shared);
  close_activated (action, parameter, data);
}

static void
settled_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!md_returned_settle_finish (MD_RETURNED (source), result, &error))
    g_debug ("returned: %s", error->message);
}

/* The PIN is there; NULL: it is typed at the reader's keypad. */
static void
take_pin (Binding *self, MdSecret *secret)
{
  if (self->returned != NULL && md_returned_get_wait (self->returned) == MD_RETURNED_WAIT_CHOICE)
    md_returned_settle_async (self->returned, self->settles,
                              counter_model_text (self->shared.model, "chosen-reason"), secret,
                              counter_case_begin_job (&self->shared), settled_cb, NULL);
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

/* The desk closes it when it locks. */
static void
desk_state_cb (Binding *self)
{
  if (self->returned != NULL && md_desk_get_returned_open (self->shared.desk) != self->returned)
    close_returned (self);
}

static void
binding_free (gpointer data)
{
  Binding *self = data;

  close_returned (self);
  counter_case_clear (&self->shared);
  g_free (self);
}

void
counter_bind_returned (CounterWindow *window, MdDesk *desk)
{
  static const GActionEntry entries[] = {
    { .name = "open", .activate = open_activated, .parameter_type = "s" },
    { .name = "close", .activate = close_activated },
    { .name = "back", .activate = back_activated },
    { .name = "take-up", .activate = take_up_activated },
    { .name = "withdraw", .activate = withdraw_activated },
    { .name = "restore", .activate = restore_activated },
    { .name = "acknowledge", .activate = acknowledge_activated },
    { .name = "reason", .activate = reason_activated, .parameter_type = "s" },
    { .name = "cancel", .activate = cancel_activated },
    { .name = "enter", .activate = enter_activated },
  };
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  Binding *self = g_new0 (Binding, 1);

  counter_case_init (&self->shared, window, counter_window_get_models (window)->returned, desk,
                     counter_rows_of_intakes (md_desk_get_returned (desk)));
  counter_case_show_list (&self->shared);
  g_object_set_data_full (G_OBJECT (window), "bind-returned", self, binding_free);
  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (window), "returned", G_ACTION_GROUP (actions));
  g_signal_connect (self->shared.model, "secret", G_CALLBACK (secret_cb), self);
  g_signal_connect_data (desk, "notify::state", G_CALLBACK (desk_state_cb), self, NULL,
                         G_CONNECT_SWAPPED);
  g_signal_connect_data (md_desk_get_staff_pin (desk), "notify", G_CALLBACK (show), self, NULL,
                         G_CONNECT_SWAPPED);
}
