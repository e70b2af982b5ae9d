// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-standing.h"

/* Beside the kinds of decisions: another intake takes this one up again. */
#define REPLACE ((guint)MD_N_DECISIONS)

/* All that may happen to an intake; whatever has no row here may not. Upon a return something may
 * follow, upon a refusal its undoing; what was approved or withdrawn stays so. */
static const struct
{
  MdStanding from;
  guint act;
  MdStanding to;
} course[] = {
  { MD_STANDING_RECEIVED, MD_DECISION_APPROVE, MD_STANDING_APPROVED },
  { MD_STANDING_RECEIVED, MD_DECISION_RETURN, MD_STANDING_RETURNED },
  { MD_STANDING_RECEIVED, MD_DECISION_REJECT, MD_STANDING_REJECTED },
  { MD_STANDING_RECEIVED, MD_DECISION_WITHDRAW, MD_STANDING_WITHDRAWN },
  /* How many must agree is the policy's to say; whoever approves is not who checked. After a return
   * or a refusal both agree anew. */
  { MD_STANDING_RECEIVED, MD_DECISION_CHECK, MD_STANDING_CHECKED },
  { MD_STANDING_CHECKED, MD_DECISION_APPROVE, MD_STANDING_APPROVED },
  { MD_STANDING_CHECKED, MD_DECISION_RETURN, MD_STANDING_RETURNED },
  { MD_STANDING_CHECKED, MD_DECISION_REJECT, MD_STANDING_REJECTED },
  { MD_STANDING_CHECKED, MD_DECISION_WITHDRAW, MD_STANDING_WITHDRAWN },
  { MD_STANDING_RETURNED, MD_DECISION_WITHDRAW, MD_STANDING_WITHDRAWN },
  { MD_STANDING_RETURNED, REPLACE, MD_STANDING_REPLACED },
  /* Items of two intakes do not wait for each other on the line. */
  { MD_STANDING_RECEIVED, REPLACE, MD_STANDING_CLAIMED },
  { MD_STANDING_CHECKED, REPLACE, MD_STANDING_CLAIMED },
  { MD_STANDING_CLAIMED, MD_DECISION_CHECK, MD_STANDING_CLAIMED },
  { MD_STANDING_CLAIMED, MD_DECISION_RETURN, MD_STANDING_REPLACED },
  { MD_STANDING_RETURNED, MD_DECISION_RESTORE, MD_STANDING_RECEIVED },
  { MD_STANDING_REJECTED, MD_DECISION_RESTORE, MD_STANDING_RECEIVED },
  /* Returned, restored and returned again: what takes it up may have come after the first return.
   */
  { MD_STANDING_REPLACED, MD_DECISION_RESTORE, MD_STANDING_CLAIMED },
};

static gboolean
step (MdStanding from, guint act, MdStanding *out)
{
  for (gsize i = 0; i < G_N_ELEMENTS (course); i++)
    if (course[i].from == from && course[i].act == act)
      {
        if (out != NULL)
          *out = course[i].to;
        return TRUE;
      }
  return FALSE;
}

MdStanding
md_standing_after (MdDecisionKind last)
{
  for (gsize i = 0; i < G_N_ELEMENTS (course); i++)
    if (course[i].act == (guint)last)
      return course[i].to;
  return MD_STANDING_WITHDRAWN;
}

gboolean
md_standing_decide (MdStanding from, MdDecisionKind kind, MdStanding *out)
{
  return step (from, (guint)kind, out);
}

gboolean
md_standing_replace (MdStanding from, MdStanding *out)
{
  return step (from, REPLACE, out);
}
