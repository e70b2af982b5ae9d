// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page.h"

/* A suspended intake, before it goes on. Model: CounterDraftModel. */

G_BEGIN_DECLS

#define COUNTER_TYPE_DRAFT_PAGE (counter_draft_page_get_type ())
G_DECLARE_FINAL_TYPE (CounterDraftPage, counter_draft_page, COUNTER, DRAFT_PAGE, CounterPage)

G_END_DECLS
