// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_INTAKE_INSIDE) && !defined(MD_INTAKE_COMPILATION)
#error "Include <md-intake.h>."
#endif

#include <md-base.h>
#include <md-seal.h>
#include "md-desk.h"

G_BEGIN_DECLS

#define MD_TYPE_APPROVAL (md_approval_get_type ())
/* One application before another officer: a comparison, then the checks, then the content.
 *
 * Properties (read-only, notified): "wait" i (MdApprovalWait), "sentence" s, "busy" b, "trouble"
 * MdTrouble or NULL, "row" MdIntakeRow, "form" MdForm, "data" MdFormData (step APPROVAL; NULL until
 * opened), "person" MdPerson, "comparison" GListModel of MdComparison (differences first),
 * "differences" u, "unseen" u (those of them that are not ticked: while there is one, nothing is
 * approved), "unlooked" u (scanned documents that were not looked at, to the same effect; see
 * md-approval-looks.h), "checks" GListModel of MdCheck, "outcome" s (for people, when done). */
G_DECLARE_FINAL_TYPE (MdApproval, md_approval, MD, APPROVAL, GObject)

MdApprovalWait md_approval_get_wait (MdApproval *self);
const char *md_approval_get_sentence (MdApproval *self);
MdTrouble *md_approval_get_trouble (MdApproval *self);
/* What does not fit together, with MD_APPROVAL_WAIT_UNFIT; else NULL. Borrowed. */
MdTrouble *md_approval_get_finding (MdApproval *self);
/* Whether somebody may have meant it, so that the administrator hears of it. */
gboolean md_approval_is_grave (MdApproval *self);
/* Whether it could not be read here, which may be the fault of this terminal or of what sealed it:
 * with MD_APPROVAL_WAIT_REFUSED it can be returned all the same, once that was confirmed. */
gboolean md_approval_is_unread (MdApproval *self);
/* The officer says (or takes back) that the administrator has made sure that no terminal can read
 * it: MD_APPROVAL_WAIT_UNFIT with a reason of its own, or MD_APPROVAL_WAIT_REFUSED again. FALSE:
 * nothing changes. */
gboolean md_approval_confirm_unread (MdApproval *self, gboolean confirmed);
MdFormData *md_approval_get_data (MdApproval *self);
GListModel *md_approval_get_comparison (MdApproval *self);
GListModel *md_approval_get_checks (MdApproval *self);

/* Reason codes to choose from: GListModel of MdReason; empty for approve and check; the one that is
 * left where it waits with MD_APPROVAL_WAIT_UNFIT. Borrowed. */
GListModel *md_approval_get_reasons (MdApproval *self, MdDecisionKind kind);

/* Whose word is due: MD_DECISION_CHECK where two officers have to agree and nobody has checked it
 * yet, else MD_DECISION_APPROVE. */
MdDecisionKind md_approval_get_agreement (MdApproval *self);
/* Why whoever is at work may not speak it (returning and refusing stay open); NULL: they may. */
const char *md_approval_get_obstacle (MdApproval *self);
/* What there is to know where two have to agree; "" elsewhere. */
const char *md_approval_get_officers_note (MdApproval *self);

/* The officer has seen (or takes back to have seen) the difference in this field of the form.
 * FALSE: nothing differs there, or nothing can be decided now. */
gboolean md_approval_tick (MdApproval *self, const char *field, gboolean seen);
guint md_approval_get_unseen (MdApproval *self);

/* The officer's PIN (NULL: typed at the reader's keypad, here as below) opens the parts with the
 * card's key-agreement key. */
void md_approval_open_async (MdApproval *self, MdSecret *pin, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
gboolean md_approval_open_finish (MdApproval *self, GAsyncResult *result, GError **error);

/* Signs and files the decision. reason: a code, required but for approve and check. Of those two
 * only the one that is due (md_approval_get_agreement()). What does not fit together
 * (MD_APPROVAL_WAIT_UNFIT) can be returned, and nothing else. */
void md_approval_decide_async (MdApproval *self, MdDecisionKind kind, const char *reason,
                               MdSecret *pin, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
gboolean md_approval_decide_finish (MdApproval *self, GAsyncResult *result, GError **error);

/* Overwrites and empties what was opened. */
void md_approval_wipe (MdApproval *self);

G_END_DECLS
