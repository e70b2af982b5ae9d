// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-standing.h"

/* Beside the kinds of decisions: another intake takes this one up again. */
#define REPLACE ((guint)MD_DECISION_WITHDRAW + 1)

/* All that may happen to an intake; whatever has no row here may not. A return is the one decision
 * that something may follow. */
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
  { MD_STANDING_RETURNED, MD_DECISION_WITHDRAW, MD_STANDING_WITHDRAWN },
  { MD_STANDING_RETURNED, REPLACE, MD_STANDING_REPLACED },
  /* Items of two intakes do not wait for each other on the line. */
  { MD_STANDING_RECEIVED, REPLACE, MD_STANDING_CLAIMED },
  { MD_STANDING_CLAIMED, MD_DECISION_RETURN, MD_STANDING_REPLACED },
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
  MdStanding standing = MD_STANDING_WITHDRAWN;

  (void)step (MD_STANDING_RECEIVED, (guint)last, &standing);
  return standing;
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
