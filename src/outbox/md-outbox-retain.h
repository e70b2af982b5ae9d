// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_OUTBOX_INSIDE) && !defined(MD_OUTBOX_COMPILATION)
#error "Include <md-outbox.h>."
#endif

#include "md-outbox-types.h"

G_BEGIN_DECLS

/* What is not needed any more, and goes when its period is over.
 *
 * A clock that is set years ahead must not make everything be over. So the outbox keeps the latest
 * time at which it was looked at, and doubts a clock that has gone on by more than the time that
 * passed: by the monotonic clock while the service runs, by two weeks from one run to the next. The
 * doubt is kept beside, and ends when the gateway's clock agrees, or when a day has passed without
 * another jump. */

/* Looks at the clock. CONFIRMED: the gateway's agrees with it now. *OUT_BELIEVED: by it things may
 * be over. One audit record when a doubt begins, one when it ends (event "clock"). */
gboolean md_outbox_judge_clock (MdOutbox *self, gboolean confirmed, gboolean *out_believed,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The gateway's time in the receipt that came last, microseconds since 1970; 0 where there is none.
 * What is kept for months or years is over by the earlier of both clocks. */
gboolean md_outbox_get_gateway_time (MdOutbox *self, gint64 *out_us,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How long an application stays after its last receipt, for all connections to this database, from
 * now on; 0: it goes with that receipt. POLICY: who says so. */
gboolean md_outbox_set_queue_period (MdOutbox *self, gint64 period_ms, guint policy,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What is over: by the policy POLICY, of each kind what was dealt with at that time or before;
 * 0: nothing is. */
typedef struct
{
  guint policy;
  gint64 notice_us; /* notices: that a person has read; their text goes, number and digest stay */
  gint64 work_record_us; /* the rows of applications that are erased, or were never taken in */
} MdOutboxOver;

/* Erases what is over, and applications whose queue period is, with a record of each kind or
 * application (event "erase"), in pieces that are each whole: what is interrupted goes on the next
 * time. *OUT_ERASED: how many. */
gboolean md_outbox_sweep_over (MdOutbox *self, const MdOutboxOver *over, guint *out_erased,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
