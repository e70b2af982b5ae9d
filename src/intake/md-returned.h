// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_INTAKE_INSIDE) && !defined(MD_INTAKE_COMPILATION)
#error "Include <md-intake.h>."
#endif

#include <md-base.h>
#include <md-seal.h>
#include "md-desk.h"

G_BEGIN_DECLS

#define MD_TYPE_RETURNED (md_returned_get_type ())
/* One application that another officer returned (or a letter of delegation that was refused; or
 * one that the back office gave back by a notice), before whoever may take it in: why it came back,
 * and the ways on. Taking it up again is a new intake, md_desk_take_up(); its content is sealed to
 * others and cannot be given back. Withdrawing is signed with the staff card. So is restoring it
 * (回復), by whoever may decide upon it: it waits for its decision again.
 *
 * Properties (read-only, notified): "wait" i (MdReturnedWait), "sentence" s, "trouble" MdTrouble or
 * NULL, "row" MdIntakeRow, "officer-name" s (who returned it), "decided-at" s (when), "reason" s
 * (a sentence), "advice" s (what to do about it), "lines" s (what a notice is about, one a line:
 * fields and rules, no value; else NULL). */
G_DECLARE_FINAL_TYPE (MdReturned, md_returned, MD, RETURNED, GObject)

MdReturnedWait md_returned_get_wait (MdReturned *self);
const char *md_returned_get_sentence (MdReturned *self);
MdTrouble *md_returned_get_trouble (MdReturned *self);

/* Whether whoever is logged in may settle it so: MD_DECISION_WITHDRAW (and take it up again) or
 * MD_DECISION_RESTORE. */
gboolean md_returned_may_settle (MdReturned *self, MdDecisionKind kind);

/* Whether whoever is logged in may take it up again. */
gboolean md_returned_may_take_up (MdReturned *self);

/* Whether it is a notice that may be settled without taking the application up again: somebody has
 * read it, and nothing more is to be done here. */
gboolean md_returned_may_acknowledge (MdReturned *self);
void md_returned_acknowledge_async (MdReturned *self, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
gboolean md_returned_acknowledge_finish (MdReturned *self, GAsyncResult *result, GError **error);

/* Reason codes for settling it so: GListModel of MdReason. Borrowed. */
GListModel *md_returned_get_reasons (MdReturned *self, MdDecisionKind kind);

/* Signs and files the withdrawal or the restoration. reason: a code; pin: NULL where it is typed at
 * the reader's keypad. */
void md_returned_settle_async (MdReturned *self, MdDecisionKind kind, const char *reason,
                               MdSecret *pin, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
gboolean md_returned_settle_finish (MdReturned *self, GAsyncResult *result, GError **error);

G_END_DECLS
