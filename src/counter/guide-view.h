// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page.h"

/* 手続きナビ in step 1: what happened, a few questions, and what is due. Model: CounterIntakeModel.
 */

G_BEGIN_DECLS

#define COUNTER_TYPE_GUIDE_VIEW (counter_guide_view_get_type ())
G_DECLARE_FINAL_TYPE (CounterGuideView, counter_guide_view, COUNTER, GUIDE_VIEW, CounterPage)

G_END_DECLS
