// SPDX-License-Identifier: Apache-2.0
// The self-test that nothing of a person is left: after the next person, a suspended intake, a card
// that is away, and at the lock. Whoever works here is told in the window, until it is closed.
#include "config.h"

#include "bind-intake.h"
#include "left.h"

/* Those on their way to the card are not left behind. */
static guint
find_pins (IntakeBinding *self)
{
  if (self->identifying)
    return COUNTER_LEFT_NOTHING;
  return self->text_pin != NULL || self->auth_pin != NULL || self->password != NULL
                 || self->front != NULL || self->back != NULL
             ? COUNTER_LEFT_PIN
             : COUNTER_LEFT_NOTHING;
}

static void
tell (IntakeBinding *self, guint left)
{
  g_autofree char *words = counter_left_dup_words (left);

  if (words == NULL)
    return;
  g_message ("something of the last person is left: 0x%x", left);
  for (guint i = 0; counter_left_get_cause (left, i) != NULL; i++)
    md_desk_record_left (self->desk, counter_left_get_cause (left, i));
  counter_window_warn (self->window, words);
}

void
counter_intake_check_gone (IntakeBinding *self, MdIntake *intake)
{
  tell (self, counter_left_find (GTK_WINDOW (self->window), FALSE) | find_pins (self)
                  | (md_intake_is_empty (intake) ? 0u : COUNTER_LEFT_INTAKE));
}

static gboolean
is_covered (IntakeBinding *self)
{
  return md_desk_get_state (self->desk) != MD_DESK_WORKING
         || (self->intake != NULL && md_intake_get_away (self->intake) != MD_AWAY_NOT);
}

/* Once everything has heard of it; who came back meanwhile types again. */
static gboolean
check_covered_cb (gpointer window)
{
  IntakeBinding *self = g_object_get_data (window, "bind-intake");

  if (self != NULL && is_covered (self))
    tell (self, counter_left_find (GTK_WINDOW (window), TRUE) | find_pins (self));
  return G_SOURCE_REMOVE;
}

void
counter_intake_check_covered (IntakeBinding *self)
{
  if (is_covered (self))
    g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, check_covered_cb, g_object_ref (self->window),
                     g_object_unref);
}

void
counter_intake_check_erased (IntakeBinding *self)
{
  if (self->intake != NULL && md_intake_take_not_erased (self->intake))
    tell (self, COUNTER_LEFT_INTAKE);
}

void
counter_intake_leave_desk (IntakeBinding *self)
{
  if (self->intake != NULL && !self->identifying)
    {
      counter_intake_forget_pins (self);
      g_object_set (self->model, "face-stage", "", NULL); /* what was typed of it goes */
      counter_intake_show (self);
    }
  counter_intake_check_covered (self);
}
