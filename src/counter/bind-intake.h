// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-intake.h>

#include "guide-paper.h"
#include "slip-paper.h"
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
  gboolean deferred;    /* something was left for later, when it was handed in */
  CounterSlip *slip;    /* what the receipt slip will say, as far as it is known; or NULL */
  gboolean small_slips; /* A6, else A5 */
  /* Of the last slip and the last application that were printed, or NULL. */
  GtkPrintSettings *slip_settings, *application_settings, *guide_settings, *joint_settings;
  GtkWidget *resident;        /* what the resident sees, not owned; NULL: nothing */
  GtkWindow *resident_window; /* on another display, not owned; NULL: the clerk's is turned */
  GSimpleAction *show_resident;
  GSimpleAction *print, *print_joint;
  MdFormData *read_out; /* what the list that is read out is of, not owned; or NULL */
  /* The resident's PINs: until both are there, and the one that was right while the other is asked
   * again; gone with the card, the step and the person. */
  MdSecret *text_pin, *auth_pin;
  MdSecret *password;     /* of the signature certificate, in place of the second */
  MdSecret *front, *back; /* what is printed on the card, on its way to it */
  guint last_printed;     /* of which of it the last try, or that the card may have refused it
                             before, was named; the next act is meant */
  MdCardPin again;        /* of two, only this one was refused */
  gboolean identifying;
  gboolean takes_number;  /* of this person, by documents */
  gboolean papers_ready;  /* the part of the documents that is asked for is complete */
  gboolean brought_ready; /* who brought it is said, where nobody is identified */
  GSimpleAction *next;
  /* MD_IDENTIFY_CONFIRMS() of each PIN whose last try the resident means, and _CONFIRMS_AGAIN();
   * gone like the PINs. */
  guint sure_of;
  guint
      sent_before; /* MD_IDENTIFY_CONFIRMS_AGAIN() of each that the card may have refused before */
  GCancellable *cancellable; /* of the reading under way */
} IntakeBinding;

/* Shows @intake from now on; NULL empties everything. */
void counter_intake_watch (IntakeBinding *self, MdIntake *intake);

/* The model as the intake stands. */
void counter_intake_show (IntakeBinding *self);

/* Whether the primary act can be done: in the first step a procedure has to be chosen. */
void counter_intake_enable_next (IntakeBinding *self);

/* bind-intake-reveal.c: whether the number may be shown in full; the field with this id, held down.
 */
void counter_intake_show_reveal (IntakeBinding *self);
void counter_intake_reveal (IntakeBinding *self, const char *id);

/* bind-intake-pins.c: the PINs, or the password; the acts. */
void counter_intake_show_pins (IntakeBinding *self, gboolean asks);
gboolean counter_intake_take_pin (IntakeBinding *self, const char *purpose, MdSecret *secret);
void counter_intake_next_of_pins (IntakeBinding *self);
void counter_intake_bind_pins (IntakeBinding *self, GActionMap *actions);

/* Wipes what was typed. */
void counter_intake_forget_pins (IntakeBinding *self);

/* bind-intake-face.c: what stands in for the PINs, as the intake waits for it; the acts. */
void counter_intake_show_face (IntakeBinding *self);
gboolean counter_intake_take_printed (IntakeBinding *self, const char *purpose, MdSecret *secret);
void counter_intake_answer_face (IntakeBinding *self);
void counter_intake_bind_face (IntakeBinding *self, GActionMap *actions);

/* bind-intake-papers.c: identification without a card; the acts. */
void counter_intake_show_papers (IntakeBinding *self);
void counter_intake_take_papers (IntakeBinding *self);
void counter_intake_bind_papers (IntakeBinding *self, GActionMap *actions);

/* bind-intake-brought.c: where nobody is identified, who brought it; the act. */
void counter_intake_show_brought (IntakeBinding *self);
void counter_intake_take_brought (IntakeBinding *self);
void counter_intake_bind_brought (IntakeBinding *self, GActionMap *actions);

/* bind-intake-choose.c: this procedure is chosen, after a question where scans are lost by it. */
void counter_intake_choose (IntakeBinding *self, MdForm *form);

/* bind-intake-scans.c: scans of the papers; the acts. */
void counter_intake_show_scans (IntakeBinding *self);
void counter_intake_bind_scans (IntakeBinding *self, GActionMap *actions);

/* bind-intake-left.c: the self-test that nothing of a person is left, in the work or in the window;
 * whoever works here is told if something is. Of INTAKE, after it was emptied and is shown no more;
 * while the card is away or the screen locked; of what a card said, after it was to be erased. */
void counter_intake_check_gone (IntakeBinding *self, MdIntake *intake);
void counter_intake_check_covered (IntakeBinding *self);
void counter_intake_check_erased (IntakeBinding *self);
/* Nobody works here any more: no PIN and nothing of a card's face waits for
 * the next one, and the self-test of what is covered.
 */
void counter_intake_leave_desk (IntakeBinding *self);

/* bind-intake-away.c: the resident's card is not on the reader. */
void counter_intake_show_away (IntakeBinding *self);
void counter_intake_show_checks (IntakeBinding *self);

/* bind-intake-guide.c: the guide as it begins, unanswered; the acts. */
void counter_intake_begin_guide (IntakeBinding *self);
void counter_intake_bind_guide (IntakeBinding *self, GActionMap *actions);
/* What is due after the event that is shown, for the resident; NULL: none is. Caller owns. */
CounterGuideSheet *counter_intake_make_guide_sheet (IntakeBinding *self);
/* The guide as it came back with a suspended intake. */
void counter_intake_restore_guide (IntakeBinding *self);
/* What is due, listed again. */
void counter_intake_renew_due (IntakeBinding *self);

/* bind-intake-visit.c: several procedures for one person; the acts. */
void counter_intake_show_visit (IntakeBinding *self);
/* Whether it was taken in during this visit. */
gboolean counter_intake_is_done (IntakeBinding *self, const char *procedure);
/* What is ticked in the guide, to be begun by the primary act. */
void counter_intake_show_ticks (IntakeBinding *self);
/* Makes it the plan, where the guide is open; gives what is begun with, or NULL. Borrowed. */
MdForm *counter_intake_plan (IntakeBinding *self);
/* FALSE: nothing comes next. */
gboolean counter_intake_go_on (IntakeBinding *self);
void counter_intake_bind_visit (IntakeBinding *self, GActionMap *actions);

/* bind-intake-hold.c: what stops the intake; the acts. */
void counter_intake_show_hold (IntakeBinding *self);
void counter_intake_release (IntakeBinding *self, MdSecret *pin);
void counter_intake_show_address (IntakeBinding *self);
/* The supervisor is here; once they are, what is typed at the keypad releases it. */
void counter_intake_call_supervisor (IntakeBinding *self);
/* TRUE: the supervisor had been called. */
gboolean counter_intake_call_off (IntakeBinding *self);
void counter_intake_bind_hold (IntakeBinding *self, GActionMap *actions);

/* bind-intake-print.c: the papers; the act. */
void counter_intake_note_slip (IntakeBinding *self);
/* Whether it can be done now; where it cannot any more, what was begun is called off. */
void counter_intake_show_print (IntakeBinding *self);
void counter_intake_bind_print (IntakeBinding *self, GActionMap *actions);
/* bind-intake-resident.c: the application before the resident's eyes. Takes it away where it may
 * not be there any more; the act. */
void counter_intake_show_resident (IntakeBinding *self);
void counter_intake_bind_resident (IntakeBinding *self, GActionMap *actions);
void counter_intake_free_resident (IntakeBinding *self);
/* A cancellable for an act of the person's, in place of the one before. Borrowed. */
GCancellable *counter_intake_begin (IntakeBinding *self);

/* Whether it can be suspended now, and what has to be entered again of one that was. */
void counter_intake_show_suspend (IntakeBinding *self);

void counter_intake_go (IntakeBinding *self, const char *step);

G_END_DECLS
