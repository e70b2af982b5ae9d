// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "bind-case.h"

#include "confirmation-print.h"
#include "print.h"
#include "rows.h"

#include <glib/gi18n.h>

#define DATA "bind-confirmation"

typedef struct
{
  CounterWindow *window;
  CounterModel *model;
  MdDesk *desk;
} Binding;

/* --- showing --- */

static void
count (Binding *self)
{
  GListModel *today = md_desk_get_today (self->desk);
  guint all = 0, open = 0;

  for (guint i = 0; i < g_list_model_get_n_items (today); i++)
    {
      g_autoptr (MdIntakeRow) row = g_list_model_get_item (today, i);
      g_autofree char *label = counter_text_of (row, "confirm-label");
      gboolean waits = g_strcmp0 (md_intake_row_get_state (row), "received") == 0;

      all += *label != '\0';
      open += *label != '\0' && waits;
    }
  g_autofree char *word
      = open > 0 ? g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u is not confirmed yet",
                                                 "%u are not confirmed yet", open),
                                    open)
                 : g_strdup (_ ("Nothing waits for confirmation"));

  g_object_set (self->model, "confirmation-count", all, "confirmation-open", open,
                "confirmation-word", word, "confirmation-state", open > 0 ? "wait" : "ok", NULL);
}

/* A row that stays is the same object, and says what has changed. */
static void
row_changed_cb (CounterWindow *window)
{
  count (g_object_get_data (G_OBJECT (window), DATA));
}

static void
rows_changed_cb (GListModel *today, guint position, guint removed, guint added, Binding *self)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (MdIntakeRow) row = g_list_model_get_item (today, i);

      g_signal_connect_object (row, "notify", G_CALLBACK (row_changed_cb), self->window,
                               G_CONNECT_SWAPPED);
    }
  count (self);
}

/* --- acts --- */

/* Where it is not this officer who looks at it: who does, or has. */
static char *
why_not (MdIntakeRow *row)
{
  const char *state = md_intake_row_get_state (row);
  g_autofree char *by = counter_text_of (row, "decided-by-name");
  g_autofree char *label = counter_text_of (row, "state-label");

  if (g_strcmp0 (state, "received") != 0)
    return *by != '\0' ? g_strdup_printf (_ ("%s: %s"), label, by) : g_strdup (label);
  return g_strdup (md_intake_row_get_own (row)
                       ? _ ("You took this one in. Another officer confirms it under Approvals.")
                       : _ ("An officer who may approve confirms it under Approvals."));
}

static void
open_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Binding *self = data;
  const char *intake = g_variant_get_string (parameter, NULL);
  g_autoptr (MdIntakeRow) waiting
      = counter_case_find_row (md_desk_get_approvals (self->desk), intake);
  g_autoptr (MdIntakeRow) row = counter_case_find_row (md_desk_get_today (self->desk), intake);
  gboolean approves = FALSE;

  g_object_get (self->desk, "may-approve", &approves, NULL);
  if (approves && waiting != NULL && !md_intake_row_get_own (waiting))
    {
      counter_window_show_page (self->window, "approvals");
      gtk_widget_activate_action (GTK_WIDGET (self->window), "approval.open", "s", intake);
    }
  else if (row != NULL)
    {
      g_autofree char *text = why_not (row);

      counter_window_tell (self->window, text);
    }
}

/* "あおぞら区 1番窓口 令和8年11月22日 ..." */
static char *
heading_of (Binding *self)
{
  return g_strdup_printf (
      _ ("%s, %s. Taken in on %s. Printed at %s by %s."),
      counter_model_text (self->model, "office"), counter_model_text (self->model, "counter"),
      counter_model_text (self->model, "date"), counter_model_text (self->model, "clock"),
      counter_model_text (self->model, "clerk"));
}

/* The texts live in KEPT. */
static void
add_line (GArray *lines, GPtrArray *kept, MdIntakeRow *row)
{
  static const char *const names[] = { "receipt-number", "time",          "procedure-title",
                                       "clerk-name",     "confirm-label", "decided-by-name" };
  const char *texts[G_N_ELEMENTS (names)];

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_ptr_array_add (kept, counter_text_of (row, names[i]));
      texts[i] = g_ptr_array_index (kept, kept->len - 1);
    }
  if (*texts[4] == '\0')
    return;
  if (*texts[5] != '\0')
    {
      g_autofree char *label = counter_text_of (row, "state-label");

      g_ptr_array_add (kept, g_strdup_printf (_ ("%s: %s"), label, texts[5]));
      texts[5] = g_ptr_array_index (kept, kept->len - 1);
    }
  g_array_append_val (lines, ((CounterConfirmationLine){ texts[0], texts[1], texts[2], texts[3],
                                                         texts[4], texts[5] }));
}

/* The window may be gone by now. */
static void
ended_cb (GtkPrintOperation *operation, CounterPrintEnd end, guint sheets, gpointer data)
{
  g_autoptr (CounterWindow) window = g_weak_ref_get (data);
  Binding *self = window != NULL ? g_object_get_data (G_OBJECT (window), DATA) : NULL;

  if (self != NULL && end == COUNTER_PRINT_DONE)
    md_desk_record_print (self->desk, "confirmations", NULL, sheets);
  else if (self != NULL && end == COUNTER_PRINT_FAILED)
    counter_window_tell (window, _ ("The list could not be printed. Look at the printer."));
}

static void
weak_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
print_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Binding *self = data;
  GListModel *today = md_desk_get_today (self->desk);
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (CounterConfirmationLine));
  g_autofree char *heading = heading_of (self);
  g_autoptr (GtkPrintOperation) operation = NULL;
  GWeakRef *window = g_new0 (GWeakRef, 1);

  for (guint i = 0; i < g_list_model_get_n_items (today); i++)
    {
      g_autoptr (MdIntakeRow) row = g_list_model_get_item (today, i);

      add_line (lines, kept, row);
    }
  operation = counter_confirmation_print_new (heading, lines);
  g_weak_ref_init (window, self->window);
  counter_print_run (operation, GTK_WINDOW (self->window), NULL, ended_cb, window, weak_free);
}

static void
binding_free (gpointer data)
{
  Binding *self = data;

  g_signal_handlers_disconnect_by_data (md_desk_get_today (self->desk), self);
  g_object_unref (self->desk);
  g_free (self);
}

void
counter_bind_confirmation (CounterWindow *window, MdDesk *desk)
{
  static const GActionEntry entries[] = {
    { .name = "open", .activate = open_activated, .parameter_type = "s" },
    { .name = "print", .activate = print_activated },
  };
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  Binding *self = g_new0 (Binding, 1);
  GListModel *today = md_desk_get_today (desk);
  g_autoptr (GListModel) rows = counter_rows_of_confirmations (today);

  self->window = window;
  self->model = counter_window_get_models (window)->desk;
  self->desk = g_object_ref (desk);
  g_object_set_data_full (G_OBJECT (window), DATA, self, binding_free);
  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (window), "confirmation", G_ACTION_GROUP (actions));
  g_signal_connect (today, "items-changed", G_CALLBACK (rows_changed_cb), self);
  g_object_set (self->model, "confirmations", rows, NULL);
  rows_changed_cb (today, 0, 0, g_list_model_get_n_items (today), self);
}
