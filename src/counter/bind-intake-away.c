// SPDX-License-Identifier: Apache-2.0
// The resident's card is not on the reader: nothing of the person stands in any model that widgets
// show, and all of it again when the card is back.
#include "config.h"

#include "bind.h"

#include "bind-intake.h"
#include "rows.h"

#include <glib/gi18n.h>

#define CALM_S 10 /* more than that is told in steps of as much */

static char *
text_of_left (IntakeBinding *self)
{
  guint left = 0;

  if (md_intake_get_wait (self->intake) != MD_WAIT_AWAY)
    return g_strdup (""); /* what is under way ends first */
  g_object_get (self->intake, "away-left", &left, NULL);
  if (left > CALM_S)
    left = (left + CALM_S - 1) / CALM_S * CALM_S;
  return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "In %u second what was read from the card is erased.",
                   "In %u seconds what was read from the card is erased.", left),
      left);
}

static void
empty (IntakeBinding *self)
{
  counter_intake_forget_pins (self);
  g_object_set (self->model, "checks", NULL, "warnings", NULL, "readout", NULL, "comparison", NULL,
                "comparison-word", "", "letter-word", "", "expiry-title", "", "expiry-text", "",
                NULL);
  if (g_strcmp0 (counter_window_get_page (self->window), "intake") != 0)
    counter_window_tell (self->window, md_intake_get_sentence (self->intake));
}

void
counter_intake_show_checks (IntakeBinding *self)
{
  g_autoptr (GListModel) checks = counter_rows_of_checks (md_intake_get_checks (self->intake));
  g_autoptr (GListModel) warnings
      = counter_rows_of_troubles (md_intake_get_warnings (self->intake));

  g_object_set (self->model, "checks", checks, "warnings", warnings, NULL);
}

void
counter_intake_show_away (IntakeBinding *self)
{
  gboolean away = md_intake_get_away (self->intake) != MD_AWAY_NOT;
  gboolean before = counter_model_flag (self->model, "away");
  gboolean done = md_intake_get_step (self->intake) == MD_STEP_OF_DONE;
  g_autofree char *left = away ? text_of_left (self) : g_strdup ("");

  if (away && !before)
    {
      empty (self);
      counter_intake_check_covered (self);
    }
  else if (before && !away)
    counter_intake_show_checks (self);
  counter_intake_check_erased (self);
  /* Handed in, and the card is back with its holder: there is nobody to be shown any more. */
  g_object_set (self->model, "away", away, "away-left", left, "nobody",
                away || (done && !counter_model_flag (self->model, "person-known")), NULL);
  if (away)
    g_object_set (self->model, "failed", FALSE, "sign-error", "", "headline",
                  md_intake_get_sentence (self->intake), NULL);
}
