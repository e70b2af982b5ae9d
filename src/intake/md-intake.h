// SPDX-License-Identifier: Apache-2.0
#pragma once

/* intake: the counter's work as objects without widgets. Main thread only; everything that takes
 * time is async.
 *
 *   MdDesk      one terminal at work: the service (D-Bus), the readers, policy, forms, the officer,
 * the lists MdLogin     staff card + password -> a session of the desk MdIntake    one application:
 * procedure -> identify -> content -> confirm -> done MdApproval  one application before another
 * officer: open, compare, decide MdReturned  one that came back: take up again, withdraw
 *   MdVisitStep one of several procedures for the same person
 *   MdDraft     one that was suspended: go on with it, erase it
 *   MdCheck,
 * MdTrouble, MdPerson, MdComparison, MdIntakeRow, MdQueueRow   what lists and panels show
 *
 * A screen binds to properties (all notified) and calls the functions; it decides nothing. Every
 * object says at every moment what it waits for ("wait" and the sentence for people, "sentence"),
 * and every failure is an MdTrouble in the order of the screen: what happened, what it means, what
 * to do and who can help. */

#define MD_INTAKE_INSIDE
#include "md-intake-types.h"
#include "md-intake-items.h"
#include "md-desk.h"
#include "md-login.h"
#include "md-staff-pin.h"
#include "md-intake-flow.h"
#include "md-intake-visit.h"
#include "md-intake-guide.h"
#include "md-intake-hold.h"
#include "md-intake-papers.h"
#include "md-intake-scans.h"
#include "md-intake-brought.h"
#include "md-approval.h"
#include "md-approval-looks.h"
#include "md-returned.h"
#include "md-draft.h"
#undef MD_INTAKE_INSIDE
