// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-forms.h>

#include "item-box.h"

/*
 * All that keeps a form from going on, part by part, in the words that stand under its fields; and
 * apart from it what is only warned of. Each line jumps to its field ("page.jump"). A line goes as
 * soon as it is put right.
 */

G_BEGIN_DECLS

#define COUNTER_TYPE_FINDING_LIST (counter_finding_list_get_type ())
G_DECLARE_FINAL_TYPE (CounterFindingList, counter_finding_list, COUNTER, FINDING_LIST, GtkWidget)

/* Lists what there is in FORM by now; what is covered stays as it was. Returns how many lines stop
 * it: with none of them it is out of sight. NULL empties it. */
guint counter_finding_list_show (CounterFindingList *self, MdFormData *form);

/* The id of the field of the one line that stops it; NULL: there are more, or it has no field. */
const char *counter_finding_list_get_only (CounterFindingList *self);

/* Puts the focus on the line of the field with this id, or else on the first that takes it. FALSE:
 * there is none. */
gboolean counter_finding_list_focus (CounterFindingList *self, const char *id);

G_END_DECLS
