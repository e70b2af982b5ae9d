// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_INTAKE_INSIDE) && !defined(MD_INTAKE_COMPILATION)
#error "Include <md-intake.h>."
#endif

#include "md-intake-flow.h"

G_BEGIN_DECLS

/* What stops an intake (MD_WAIT_HELD), and the supervisor who lets it go on. Nothing else of the
 * intake works meanwhile but to end it. */

/* Whether the clerk may stop it now: something was told by the register, or by another desk. */
gboolean md_intake_get_can_stop (MdIntake *self);
/* The kinds that a clerk is told of; the others are found out here. */
gboolean md_intake_offers_stop (MdHoldKind kind);
void md_intake_stop (MdIntake *self, MdHoldKind kind);

/* In MD_WAIT_HELD: what stops it. It is for the clerk and the supervisor, never for the person at
 * the counter: no sentence, trouble or warning says it. */
MdHoldKind md_intake_get_hold (MdIntake *self);

/* Why it may be released: new GListModel of MdReason, of the office's own wording. Caller owns. */
GListModel *md_intake_dup_release_reasons (MdIntake *self) G_GNUC_WARN_UNUSED_RESULT;

/* The supervisor is here: from now on the staff card may be exchanged for theirs without locking
 * the desk. Taken back, released, or locked for another reason, the desk locks at once if the
 * clerk's card has left meanwhile. */
gboolean md_intake_get_supervisor_called (MdIntake *self);
void md_intake_call_supervisor (MdIntake *self, gboolean called);

/* The supervisor's own card and PIN (md-staff-pin.h: NULL at the keypad, and the last try only when
 * it was confirmed), and a reason's code. No PIN is presented to a card of somebody
 * who may not release. After a release to which the service gave no answer that one is sent again,
 * with its own reason, and neither card nor PIN is used. TRUE: the service has taken the release;
 * the desk is locked, for its clerk's card lies there no more. */
void md_intake_release_async (MdIntake *self, const char *reason, MdSecret *pin,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean md_intake_release_finish (MdIntake *self, GAsyncResult *result, GError **error);

G_END_DECLS
