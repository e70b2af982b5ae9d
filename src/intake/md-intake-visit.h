// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_INTAKE_INSIDE) && !defined(MD_INTAKE_COMPILATION)
#error "Include <md-intake.h>."
#endif

#include "md-intake-flow.h"

G_BEGIN_DECLS

/* Several procedures for one person, one intake after the other. Each is an intake of its own: its
 * number, its purpose explained, its proof by the person, the clerk's signature. What the card said
 * is not read again while it has not left the reader, so only the PIN that has it sign is asked
 * for; and what the person said is there already, marked (MdEntry "carried"). Both are forgotten
 * with the card, at the lock, when nobody works, and at the next person. */

typedef enum
{
  MD_VISIT_LEFT, /* still to be taken in */
  MD_VISIT_NOW,  /* it is the one in work */
  MD_VISIT_DONE, /* taken in: "receipt-number" */
} MdVisitState;

#define MD_TYPE_VISIT_STEP (md_visit_step_get_type ())
/* One procedure of the plan; nothing of the person is in it. Properties (read-only, notified):
 * "title" s, "state" i (MdVisitState), "receipt-number" s or NULL. */
G_DECLARE_FINAL_TYPE (MdVisitStep, md_visit_step, MD, VISIT_STEP, GObject)
MdForm *md_visit_step_get_form (MdVisitStep *self);
MdVisitState md_visit_step_get_state (MdVisitStep *self);
const char *md_visit_step_get_receipt_number (MdVisitStep *self);
/* Done: labels of the papers that were handed in, or of those that are missing, NULL-terminated;
 * and what was explained, or NULL. Borrowed. */
const char *const *md_visit_step_get_papers (MdVisitStep *self, gboolean handed_in);
const char *md_visit_step_get_explained (MdVisitStep *self);
/* Its certificate is still to be checked for revocation. */
gboolean md_visit_step_get_deferred (MdVisitStep *self);

/* What is planned, a GListModel of MdVisitStep in the order in which it is taken in; empty where
 * nothing is. A procedure that is chosen beside the plan joins it. Borrowed. */
GListModel *md_intake_get_visit (MdIntake *self);
/* In step procedure, before choosing: FORMS (of MdForm) in place of what is left. */
void md_intake_plan_visit (MdIntake *self, GListModel *forms);

/* Step done, and nothing of the plan is left: the steps that are done and of the same person as
 * this one, which is among them, for one slip; empty where that cannot be said. (transfer full) */
GListModel *md_intake_list_joint (MdIntake *self) G_GNUC_WARN_UNUSED_RESULT;
/* What the person is told before anything is asked: what the data are used for, and the number
 * where it is taken. A procedure is chosen. (transfer full) */
char *md_intake_dup_notice (MdIntake *self) G_GNUC_WARN_UNUSED_RESULT;

/* The same, where somebody was here and was told; else NULL. (transfer full) */
char *md_intake_dup_explained (MdIntake *self) G_GNUC_WARN_UNUSED_RESULT;

/* Step done: what comes next; NULL: nothing is left. Borrowed. */
MdForm *md_intake_get_next_of_visit (MdIntake *self);
/* Step done: goes on with the same person, as md_intake_choose_async() with what comes next. */
void md_intake_go_on_async (MdIntake *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean md_intake_go_on_finish (MdIntake *self, GAsyncResult *result, GError **error);

/* Whether what the card says is known from the intake before, so that only the PIN of its key is
 * asked for ("needs-text-pin" is FALSE then). */
gboolean md_intake_get_read_before (MdIntake *self);

G_END_DECLS
