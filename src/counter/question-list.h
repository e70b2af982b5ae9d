// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "item-box.h"

/*
 * Questions with all their choices in sight, one press each; pressed again, a choice is taken back.
 * Items: CounterQuestionItem. An answer activates "intake.answer" with the question's id and the
 * choice's, "" where it is taken back; the button follows the item's "answer".
 */

G_BEGIN_DECLS

#define COUNTER_TYPE_QUESTION_LIST (counter_question_list_get_type ())
G_DECLARE_FINAL_TYPE (CounterQuestionList, counter_question_list, COUNTER, QUESTION_LIST,
                      CounterItemBox)

G_END_DECLS
