// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_INTAKE_INSIDE) && !defined(MD_INTAKE_COMPILATION)
#error "Include <md-intake.h>."
#endif

#include <md-identity.h>
#include "md-intake-types.h"

G_BEGIN_DECLS

#define MD_TYPE_TROUBLE (md_trouble_get_type ())
/* What went wrong, in the order of the screen. Immutable. Properties: "title" (what happened),
 * "meaning" (for this person), "action" (what to do, who can help), "detail" (for the help desk,
 * behind 詳細; may be NULL), "other-way" b (another way of identification may help:
 * md_intake_dup_other_ways()). Strings are translated. */
G_DECLARE_FINAL_TYPE (MdTrouble, md_trouble, MD, TROUBLE, GObject)
const char *md_trouble_get_title (MdTrouble *self);
const char *md_trouble_get_meaning (MdTrouble *self);
const char *md_trouble_get_action (MdTrouble *self);
const char *md_trouble_get_detail (MdTrouble *self);
gboolean md_trouble_get_other_way (MdTrouble *self);

#define MD_TYPE_CHECK (md_check_get_type ())
/* One check and its verdict. Properties: "id" s, "title" s, "state" i (MdCheckState), "verdict" s
 * (one word: 有効, 失効, 未確認 ...), "detail" s. */
G_DECLARE_FINAL_TYPE (MdCheck, md_check, MD, CHECK, GObject)
const char *md_check_get_id (MdCheck *self);
const char *md_check_get_title (MdCheck *self);
MdCheckState md_check_get_state (MdCheck *self);
const char *md_check_get_verdict (MdCheck *self);

#define MD_TYPE_PERSON (md_person_get_type ())
/* The person panel, through the privacy filter. Properties, all strings (NULL = not there for these
 * eyes or not known): "name", "kana", "birth" (era), "age", "sex", "address", "number" (last four
 * digits), "identified" (how and with what verdict); "deferred" b: identified, but revocation is
 * still to be asked; "present" b: there is a person at all. */
G_DECLARE_FINAL_TYPE (MdPerson, md_person, MD, PERSON, GObject)

#define MD_TYPE_COMPARISON (md_comparison_get_type ())
/* One line of the comparison of card and form. Properties: "field" s (its id), "label" s, "card" s,
 * "application" s, "match" i (MdMatch), "different" b, "word" s (一致, 表記の違い, 相違, 未確認),
 * "why" s (what differs and why, in words, NULL), "reason" s (why the clerk corrected it, NULL),
 * "seen" b (the approving officer ticked it; see md_approval_tick()). Differences come first in the
 * list. */
G_DECLARE_FINAL_TYPE (MdComparison, md_comparison, MD, COMPARISON, GObject)
const char *md_comparison_get_label (MdComparison *self);
MdMatch md_comparison_get_match (MdComparison *self);
const char *md_comparison_get_field (MdComparison *self);
gboolean md_comparison_get_seen (MdComparison *self);

#define MD_TYPE_INTAKE_ROW (md_intake_row_get_type ())
/* One intake in a list; nothing personal. Properties, strings: "intake" (UUID), "receipt-number",
 * "procedure" (id), "procedure-title", "clerk", "clerk-name", "state" (word of the service,
 * "replaced" or "given-back"), "state-label" (for people), "delivery", "delivery-label", "time"
 * (wall clock of the counter, "14:30"), "reason-label"; "own" b: this officer took it in;
 * "deferred" b: the back office has still to ask about revocation; "notice" u: by which of its
 * notices it gave it back, or 0. */
G_DECLARE_FINAL_TYPE (MdIntakeRow, md_intake_row, MD, INTAKE_ROW, GObject)
const char *md_intake_row_get_intake (MdIntakeRow *self);
const char *md_intake_row_get_receipt_number (MdIntakeRow *self);
const char *md_intake_row_get_procedure (MdIntakeRow *self);
const char *md_intake_row_get_state (MdIntakeRow *self);
guint md_intake_row_get_notice (MdIntakeRow *self);
gboolean md_intake_row_get_own (MdIntakeRow *self);

#define MD_TYPE_DRAFT_ROW (md_draft_row_get_type ())
/* One suspended intake; nothing personal. Properties, strings: "draft" (UUID), "procedure" (id),
 * "procedure-title", "clerk-name", "begun" and "kept-until" (day and time), "replaces" (UUID of the
 * returned intake that it takes up again); "own" b: this officer suspended it. */
G_DECLARE_FINAL_TYPE (MdDraftRow, md_draft_row, MD, DRAFT_ROW, GObject)
const char *md_draft_row_get_draft (MdDraftRow *self);
const char *md_draft_row_get_procedure (MdDraftRow *self);
gboolean md_draft_row_get_own (MdDraftRow *self);

#define MD_TYPE_QUEUE_ROW (md_queue_row_get_type ())
/* One item without a receipt. Properties: "intake" s, "receipt-number" s, "item-label" s,
 * "state-label" s, "attempts" u, "next-try" s, "last-error" s, "reason" s (why it does not go,
 * where that is about this item: not that the line is down), "created" s, "deferred" b as above,
 * "item" s (as QueueList). */
G_DECLARE_FINAL_TYPE (MdQueueRow, md_queue_row, MD, QUEUE_ROW, GObject)

#define MD_TYPE_REASON (md_reason_get_type ())
/* A reason code with its words: properties "code" s, "label" s. */
G_DECLARE_FINAL_TYPE (MdReason, md_reason, MD, REASON, GObject)
const char *md_reason_get_code (MdReason *self);
const char *md_reason_get_label (MdReason *self);

G_END_DECLS
