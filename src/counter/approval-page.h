// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page.h"

/* What waits for approval, and the comparison of one. Models: CounterApprovalModel; the list from
 * CounterDeskModel. */

G_BEGIN_DECLS

#define COUNTER_TYPE_APPROVAL_PAGE (counter_approval_page_get_type ())
G_DECLARE_FINAL_TYPE (CounterApprovalPage, counter_approval_page, COUNTER, APPROVAL_PAGE,
                      CounterPage)

G_END_DECLS
