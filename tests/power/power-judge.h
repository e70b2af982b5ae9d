// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "power-branch.h"

G_BEGIN_DECLS

/* What was found on a disk after a cut. */
typedef enum
{
  FOUND_WELL,
  FOUND_LOST,    /* something that was promised is not there, or not with its bytes */
  FOUND_DOUBLED, /* it would be sent again, or a number given twice */
  FOUND_HALF,    /* a state that never was */
  FOUND_DAMAGED, /* the service does not start, or a page or the audit chain does not hold */
  FOUND_LEFT,    /* erased bytes lie on the disk */
  N_FOUND
} Found;

typedef struct
{
  guint cuts;
  guint of[N_FOUND];
  guint went_on; /* of the cuts: those after which the work was gone on with as well */
} Findings;

/* Looks at the disk LEFT by a cut of BRANCH's disk at AT: opens it as the service does, and holds
 * it to PROMISES. At each eighth place the delivery then sends what waits, and a number is
 * reserved. Counts into FINDINGS; a sentence in OUT_WHY (transfer full) unless it is well. */
Found judge_cut (const Branch *branch, PowerDisk *left, const GPtrArray *promises, guint at,
                 Findings *findings, char **out_why);

G_END_DECLS
