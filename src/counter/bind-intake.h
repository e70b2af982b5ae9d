// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-intake.h>

#include "window.h"

/* Shared by bind-intake.c (what the intake looks like) and bind-intake-acts.c (what the person
 * does). */

G_BEGIN_DECLS

typedef struct
{
  CounterWindow *window;
  CounterModel *model;
  CounterModel *desk_model;
  MdDesk *desk;
  MdIntake *intake; /* the one in work, or NULL */
  MdIntakeStep furthest;
  /* The resident's PINs: until both are there, and the one that was right while the other is asked
   * again; gone with the card, the step and the person. */
  MdSecret *text_pin, *auth_pin;
  gboolean asks_again; /* only one of the two */
  gboolean identifying;
  GSimpleAction *next;
  gboolean last_try_confirmed;
  GCancellable *cancellable; /* of the reading under way */
} IntakeBinding;

/* Shows @intake from now on; NULL empties everything. */
void counter_intake_watch (IntakeBinding *self, MdIntake *intake);

/* Whether the primary act can be done: in the first step a procedure has to be chosen. */
void counter_intake_enable_next (IntakeBinding *self);

/* Whether the number may be shown in full; asks why, has it recorded, and shows it for a while. */
void counter_intake_show_reveal (IntakeBinding *self);
void counter_intake_ask_reveal (IntakeBinding *self);

/* Wipes what was typed. */
void counter_intake_forget_pins (IntakeBinding *self);

void counter_intake_go (IntakeBinding *self, const char *step);

G_END_DECLS
