// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-forms.h>

#include "models.h"

/* How far one part of a form is, in a list of them. */

G_BEGIN_DECLS

/* ROW (CounterRowItem) says how much of SECTION (of MdEntry) is to be put right or still open. */
void counter_section_row_show (CounterModel *row, GListModel *section);

G_END_DECLS
