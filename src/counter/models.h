// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model.h"

/*
 * All models of the counter's screens in one place, because each is only a table (models.c). States
 * are words: "ok", "wait", "deferred" (goes on, something is put off), "stop", "none"; the chip and
 * the row give each its icon, so that nothing is told by colour alone.
 */

G_BEGIN_DECLS

/* The frame around everything: office, clerk, line, counts, and the lists of home, approvals,
 * queue, log. */
#define COUNTER_TYPE_DESK_MODEL (counter_desk_model_get_type ())
COUNTER_DECLARE_MODEL (DeskModel, desk_model, DESK_MODEL)

/* The login screen, which is also the lock screen. */
#define COUNTER_TYPE_LOGIN_MODEL (counter_login_model_get_type ())
COUNTER_DECLARE_MODEL (LoginModel, login_model, LOGIN_MODEL)

/* One intake: the five steps and the person panel. */
#define COUNTER_TYPE_INTAKE_MODEL (counter_intake_model_get_type ())
COUNTER_DECLARE_MODEL (IntakeModel, intake_model, INTAKE_MODEL)

/* One approval: the comparison and the decision. */
#define COUNTER_TYPE_APPROVAL_MODEL (counter_approval_model_get_type ())
COUNTER_DECLARE_MODEL (ApprovalModel, approval_model, APPROVAL_MODEL)

/* One returned application: why, and the ways on. */
#define COUNTER_TYPE_RETURNED_MODEL (counter_returned_model_get_type ())
COUNTER_DECLARE_MODEL (ReturnedModel, returned_model, RETURNED_MODEL)

/* One suspended intake, before it goes on. */
#define COUNTER_TYPE_DRAFT_MODEL (counter_draft_model_get_type ())
COUNTER_DECLARE_MODEL (DraftModel, draft_model, DRAFT_MODEL)

/* The PIN of the officer's card, on the pages that ask for it. */
#define COUNTER_TYPE_STAFF_PIN_MODEL (counter_staff_pin_model_get_type ())
COUNTER_DECLARE_MODEL (StaffPinModel, staff_pin_model, STAFF_PIN_MODEL)

/* One line of a list. */
#define COUNTER_TYPE_ROW_ITEM (counter_row_item_get_type ())
COUNTER_DECLARE_MODEL (RowItem, row_item, ROW_ITEM)

/* One question of the guide. */
#define COUNTER_TYPE_QUESTION_ITEM (counter_question_item_get_type ())
COUNTER_DECLARE_MODEL (QuestionItem, question_item, QUESTION_ITEM)

/* One card reader. */
#define COUNTER_TYPE_READER_ITEM (counter_reader_item_get_type ())
COUNTER_DECLARE_MODEL (ReaderItem, reader_item, READER_ITEM)

/* One line of a comparison or of the read-out. */
#define COUNTER_TYPE_COMPARE_ITEM (counter_compare_item_get_type ())
COUNTER_DECLARE_MODEL (CompareItem, compare_item, COMPARE_ITEM)

G_END_DECLS
