// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_SEAL_INSIDE) && !defined(MD_SEAL_COMPILATION)
#error "Include <md-seal.h>"
#endif

#include "md-decision.h"

G_BEGIN_DECLS

/**
 * MdStanding: how an intake stands after what happened to it. What may happen next is one table in
 * md-standing.c; who signs a decision, who stores it and who opens the intake years later all ask
 * that table.
 * @MD_STANDING_RECEIVED: nothing has been decided
 * @MD_STANDING_CHECKED: the first of two officers agrees; it waits for the second
 * @MD_STANDING_CLAIMED: nothing has been decided as far as known here, and another intake takes it
 * up again: its return is on its way. Only who receives items in any order sees this.
 * @MD_STANDING_REPLACED: returned, and another intake has taken it up again
 */
typedef enum
{
  MD_STANDING_RECEIVED,
  MD_STANDING_APPROVED,
  MD_STANDING_RETURNED,
  MD_STANDING_REJECTED,
  MD_STANDING_WITHDRAWN,
  MD_STANDING_CLAIMED,
  MD_STANDING_REPLACED,
  MD_STANDING_CHECKED,
  MD_N_STANDINGS,
} MdStanding;

/** How an intake stands whose last decision is of this kind, before anything takes it up again. */
MdStanding md_standing_after (MdDecisionKind last);

/** Whether a decision of this kind may follow; @out (nullable) is how the intake stands then. */
gboolean md_standing_decide (MdStanding from, MdDecisionKind kind, MdStanding *out);

/** Whether another intake may take this one up again; @out as above. */
gboolean md_standing_replace (MdStanding from, MdStanding *out);

G_END_DECLS
