// SPDX-License-Identifier: Apache-2.0
// What stops an intake, for those who may know, and the supervisor's release.
#include "config.h"

#include "bind.h"

#include "bind-intake.h"
#include "dialog.h"
#include "bind-staff-pin.h"
#include "rows.h"

#include <glib/gi18n.h>
#include <md-forms.h>

/* What the clerk does and does not say, as in the office's manual. */
static const char *const duties[] = {
  [MD_HOLD_PROTECTED]
  = N_ ("Tell nobody, not even the person at the counter, that there is a protection or why it "
        "takes time; say only that it takes a moment to check. Say no address aloud, hand out "
        "nothing, and do not turn the screen. Call the supervisor, who speaks with the person "
        "alone."),
  [MD_HOLD_SAME_NAME]
  = N_ ("Somebody else has this name and this day of birth. Say only that you make sure of the "
        "record; say nothing of the other person. The supervisor compares address and resident "
        "register."),
  [MD_HOLD_FACE]
  = N_ ("Accuse nobody: people change. Say only that a second officer looks, too. The supervisor "
        "compares the photograph or asks for another document."),
  [MD_HOLD_DECEASED]
  = N_ ("The record may be wrong, or somebody uses the papers of the dead. Say only that you make "
        "sure of the record. The supervisor looks it up in the resident register."),
  [MD_HOLD_NUMBER_ANOTHER]
  = N_ ("Say only that you make sure of the number; say nothing of the other person. The "
        "supervisor has it looked up."),
  [MD_HOLD_REVOCATION]
  = N_ ("The card may be forged, or the authority's service may be wrong. Say only that the check "
        "takes a moment. The supervisor looks at card, photograph and another document; the back "
        "office asks the authority again."),
  [MD_HOLD_BEFORE]
  = N_ ("Today, or before it was returned, an intake of this person was stopped, and nobody has "
        "released it for this one. Say only that you make sure of the record. The supervisor knows "
        "or asks the colleague why it was stopped."),
};

G_STATIC_ASSERT (G_N_ELEMENTS (duties) == MD_N_HOLDS);

static GListModel *
rows_of_reasons (IntakeBinding *self)
{
  g_autoptr (GListModel) reasons = md_intake_dup_release_reasons (self->intake);
  GListStore *rows = g_list_store_new (COUNTER_TYPE_ROW_ITEM);

  for (guint i = 0; i < g_list_model_get_n_items (reasons); i++)
    {
      g_autoptr (MdReason) reason = g_list_model_get_item (reasons, i);
      g_autoptr (CounterModel) row
          = g_object_new (COUNTER_TYPE_ROW_ITEM, "id", md_reason_get_code (reason), "title",
                          md_reason_get_label (reason), NULL);

      g_list_store_append (rows, row);
    }
  return G_LIST_MODEL (rows);
}

/* Title and what to do, under the reasons. */
static char *
error_text (MdTrouble *trouble)
{
  const char *action = trouble != NULL ? md_trouble_get_action (trouble) : NULL;

  return trouble == NULL ? g_strdup ("")
                         : g_strdup_printf ("%s\n%s", md_trouble_get_title (trouble),
                                            action != NULL ? action : "");
}

static void
show_nothing (IntakeBinding *self)
{
  g_object_set (self->model, "held", FALSE, "held-called", FALSE, "held-reasons", NULL,
                "held-reason", "", "held-what", "", "held-duty", "", "held-error", "", NULL);
}

static void
show_held (IntakeBinding *self, gboolean signing)
{
  MdHoldKind kind = md_intake_get_hold (self->intake);
  gboolean called = md_intake_get_supervisor_called (self->intake);
  gboolean before = counter_model_flag (self->model, "held-called");
  gboolean said = counter_staff_pin_says_all (self->desk);
  g_autofree char *error
      = error_text (called && !said ? md_intake_get_trouble (self->intake) : NULL);

  if (called && !before)
    {
      g_autoptr (GListModel) reasons = rows_of_reasons (self);

      g_object_set (self->model, "held-reasons", reasons, NULL);
    }
  if (!called)
    g_object_set (self->model, "held-reasons", NULL, "held-reason", "", NULL);
  g_object_set (self->model, "held", TRUE, "held-called", called, "held-what",
                md_hold_kind_get_label (kind), "held-duty", _ (duties[kind]), "held-error", error,
                "failed", FALSE, "headline", md_intake_get_sentence (self->intake), NULL);
  if (signing)
    return;
  g_object_set (self->model, "advice",
                called ? _ ("The supervisor puts their own card on the staff reader, chooses the "
                            "reason and enters the PIN of that card.")
                       : _ ("Please wait with the person. A second officer comes to the counter."),
                "primary-text", _ ("The supervisor is here"), "primary-action", "intake.next",
                "back-text", called ? _ ("Back") : "", NULL);
  if (called)
    counter_staff_pin_set_primary (self->desk, self->model, _ ("Release"), "intake.next");
}

/* Where somebody lives, who may be protected, does not stand on the screen while they wait before
 * it: it is read with what else is for the staff alone. */
void
counter_intake_show_address (IntakeBinding *self)
{
  MdIntakeWait wait = md_intake_get_wait (self->intake);
  gboolean held = wait == MD_WAIT_HELD || wait == MD_WAIT_RELEASING;
  g_autofree char *address = counter_text_of (md_intake_get_person (self->intake), "address");

  g_object_set (self->model, "address", held ? "" : address, "held-address", held ? address : "",
                NULL);
}

void
counter_intake_show_hold (IntakeBinding *self)
{
  MdIntakeWait wait = md_intake_get_wait (self->intake);

  g_object_set (self->model, "can-stop", md_intake_get_can_stop (self->intake), NULL);
  counter_intake_show_address (self);
  if (wait == MD_WAIT_HELD || wait == MD_WAIT_RELEASING)
    show_held (self, wait == MD_WAIT_RELEASING);
  else
    show_nothing (self);
}

/* --- acts --- */

static void
released_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CounterWindow) window = data;
  g_autoptr (GError) error = NULL;

  /* What went wrong is the intake's "trouble". */
  if (md_intake_release_finish (MD_INTAKE (source), result, &error))
    counter_window_tell (window, _ ("Released. The supervisor takes the card away; the clerk logs "
                                    "in again and goes on."));
}

void
counter_intake_release (IntakeBinding *self, MdSecret *pin)
{
  md_intake_release_async (self->intake, counter_model_text (self->model, "held-reason"), pin, NULL,
                           released_cb, g_object_ref (self->window));
}

static void
call (IntakeBinding *self, gboolean called)
{
  if (self->intake != NULL && md_intake_get_wait (self->intake) == MD_WAIT_HELD
      && md_intake_get_supervisor_called (self->intake) != called)
    md_intake_call_supervisor (self->intake, called);
}

void
counter_intake_call_supervisor (IntakeBinding *self)
{
  MdStaffPin *pin = md_desk_get_staff_pin (self->desk);
  gboolean pad = FALSE;

  g_object_get (pin, "pad", &pad, NULL);
  if (self->intake == NULL || !md_intake_get_supervisor_called (self->intake))
    call (self, TRUE);
  else if (pad && md_staff_pin_get_state (pin) == MD_STAFF_PIN_READY)
    counter_intake_release (self, NULL);
}

gboolean
counter_intake_call_off (IntakeBinding *self)
{
  gboolean called = self->intake != NULL && md_intake_get_supervisor_called (self->intake);

  call (self, FALSE);
  return called;
}

static void
supervisor_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  call (data, g_variant_get_boolean (parameter));
}

static void
reason_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;

  g_object_set (self->model, "held-reason", g_variant_get_string (parameter, NULL), NULL);
}

static void
stop_answered (AdwMessageDialog *dialog, const char *answer, IntakeBinding *self)
{
  MdHoldKind kind;

  if (self->intake != NULL && md_hold_kind_from_id (answer, &kind))
    md_intake_stop (self->intake, kind);
}

/* All kinds stand there, so that nobody who sees the question learns which one it is. */
static void
stop_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;
  GtkWidget *dialog;

  if (self->intake == NULL || !md_intake_get_can_stop (self->intake))
    return;
  dialog = adw_message_dialog_new (
      GTK_WINDOW (self->window), _ ("What has to be checked?"),
      _ ("Choose what the register or the other desk told you. The intake waits until a supervisor "
         "has released it."));
  for (guint kind = 0; kind < MD_N_HOLDS; kind++)
    if (md_intake_offers_stop ((MdHoldKind)kind))
      adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog),
                                       md_hold_kind_to_id ((MdHoldKind)kind),
                                       md_hold_kind_get_label ((MdHoldKind)kind));
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("Nothing, go on"));
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (stop_answered), self);
  counter_dialog_show (GTK_WINDOW (self->window), dialog);
}

void
counter_intake_bind_hold (IntakeBinding *self, GActionMap *actions)
{
  static const GActionEntry entries[] = {
    { .name = "stop", .activate = stop_activated },
    { .name = "supervisor", .activate = supervisor_activated, .parameter_type = "b" },
    { .name = "held-reason", .activate = reason_activated, .parameter_type = "s" },
  };

  g_action_map_add_action_entries (actions, entries, G_N_ELEMENTS (entries), self);
}
