// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "paper.h"

/* 受付票: what the resident takes home once the application is taken in. */

G_BEGIN_DECLS

/* What stands on it; owns its texts. The QR code holds the receipt number and nothing else. */
typedef struct
{
  char *office, *counter, *clerk;
  char *time; /* of the reservation, as it is read */
  char *receipt;
  char *procedure;
  char *name;               /* as the filter lets it be printed, or NULL */
  char *explained;          /* what the data are used for, as it was explained, or NULL */
  char *guided;             /* what was ticked of the procedure in the guide, or NULL */
  GStrv handed_in, missing; /* papers that are there, and those that are to come */
  GStrv told_alone;         /* of the visit: what was explained and is not applied for; or NULL */
  gboolean deferred;        /* the certificate is still to be checked */
} CounterSlip;

CounterSlip *counter_slip_copy (const CounterSlip *slip);
void counter_slip_free (CounterSlip *slip);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CounterSlip, counter_slip_free)

/* On pages of that size, in points. Transfer full. */
CounterPaper *counter_slip_paper_new (const CounterSlip *slip, double width, double height);

/* One slip for a whole visit: each of SLIPS (CounterSlip, at least one) with its number and code,
 * and what is missing of it. Office, clerk, time and name are those of the last one. */
CounterPaper *counter_slip_paper_new_joint (const GPtrArray *slips, double width, double height);

G_END_DECLS
