// SPDX-License-Identifier: Apache-2.0
// The application before the resident's eyes: when it may be there, and that it goes with all else.
#include "config.h"

#include "bind.h"

#include "bind-intake.h"
#include "resident-view.h"
#include "rows.h"

#include <glib/gi18n.h>

/* What is gone through with somebody at the counter, while it may be looked at. */
static gboolean
may_show (IntakeBinding *self)
{
  gboolean covered = FALSE;

  g_object_get (self->desk, "covered", &covered, NULL);
  return self->intake != NULL && !covered && md_desk_get_state (self->desk) == MD_DESK_WORKING
         && md_intake_get_step (self->intake) == MD_STEP_OF_CONFIRM
         && md_intake_get_away (self->intake) == MD_AWAY_NOT
         && md_intake_get_wait (self->intake) == MD_WAIT_STAFF_PIN
         && md_intake_is_read_out (self->intake);
}

/* Beside the act that comes next. */
static void
answered_cb (CounterResidentView *view, gboolean right, IntakeBinding *self)
{
  g_object_set (self->model, "note",
                right ? _ ("The resident looked at it: it is right.")
                      : _ ("The resident has something to say about it."),
                "note-state", right ? "ok" : "deferred", NULL);
}

static void
take_down (IntakeBinding *self)
{
  if (self->resident == NULL)
    return;
  counter_resident_view_empty (COUNTER_RESIDENT_VIEW (self->resident));
  /* A screen that is turned comes back with the lock, and with nothing else. */
  if (self->resident_window != NULL)
    gtk_window_destroy (self->resident_window);
}

static void
put_up (IntakeBinding *self)
{
  GtkWindow *parent = GTK_WINDOW (self->window);
  GtkWindow *other = counter_resident_view_on_other_display (parent);
  g_autoptr (GListModel) lines = counter_rows_for_resident (md_intake_get_data (self->intake));
  g_autofree char *title = counter_text_of (md_intake_get_form (self->intake), "title");
  GtkWidget *view = counter_resident_view_new (other == NULL, title, lines);

  g_signal_connect (view, "answered", G_CALLBACK (answered_cb), self);
  g_set_weak_pointer (&self->resident, view);
  g_set_weak_pointer (&self->resident_window, other);
  if (other == NULL)
    {
      counter_window_turn (self->window, view);
      return;
    }
  gtk_window_set_child (other, view);
  gtk_window_present (other);
  gtk_window_present (parent); /* who has the keyboard */
}

static void
show_resident_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;

  if (self->resident != NULL)
    take_down (self);
  else if (may_show (self))
    put_up (self);
}

void
counter_intake_show_resident (IntakeBinding *self)
{
  const gboolean may = may_show (self);

  if (!may)
    take_down (self);
  g_simple_action_set_enabled (self->show_resident, may);
}

void
counter_intake_free_resident (IntakeBinding *self)
{
  if (self->resident != NULL)
    g_signal_handlers_disconnect_by_data (self->resident, self);
  take_down (self);
  g_clear_weak_pointer (&self->resident);
  g_clear_weak_pointer (&self->resident_window);
  g_object_unref (self->show_resident);
}

void
counter_intake_bind_resident (IntakeBinding *self, GActionMap *actions)
{
  static const GActionEntry entries[]
      = { { .name = "show-resident", .activate = show_resident_activated } };

  g_action_map_add_action_entries (actions, entries, G_N_ELEMENTS (entries), self);
  self->show_resident
      = G_SIMPLE_ACTION (g_object_ref (g_action_map_lookup_action (actions, "show-resident")));
  g_simple_action_set_enabled (self->show_resident, FALSE);
  g_signal_connect_data (self->desk, "notify::state", G_CALLBACK (counter_intake_show_resident),
                         self, NULL, G_CONNECT_SWAPPED);
  g_signal_connect_data (self->desk, "notify::covered", G_CALLBACK (counter_intake_show_resident),
                         self, NULL, G_CONNECT_SWAPPED);
}
