// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_OUTBOX_INSIDE) && !defined(MD_OUTBOX_COMPILATION)
#error "Include <md-outbox.h>."
#endif

#include "md-outbox-types.h"

G_BEGIN_DECLS

/* What this terminal knows of its receipt numbers; all of them with the three digits @serial in
 * front. */
typedef struct
{
  guint serial;  /* 0: there was no policy yet */
  guint epoch;   /* of the terminal; 0: the gateway has not told it yet */
  guint highest; /* the highest that was given, or 0 */
  guint newest;  /* the last of the newest block, or 0; so it is in a file that was put back, */
  guint left;    /* of its blocks, and so is this: until the gateway is asked none is its own */
} MdOutboxNumbers;

gboolean md_outbox_describe_numbers (MdOutbox *self, MdOutboxNumbers *out,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the file was put back, as whoever did it marked it, and the gateway has not been asked
 * since. */
gboolean md_outbox_is_put_back (MdOutbox *self, gboolean *out_put_back,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether no block comes any more, because the newest one is the last of the policy's range or the
 * gateway has said so: what is left are the last numbers until a policy has more. */
gboolean md_outbox_are_last_numbers (MdOutbox *self, gboolean *out_last,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What the gateway says: what it has seen of this terminal, and maybe a block. */
typedef struct
{
  guint serial;
  guint epoch;
  guint highest;      /* the highest number that arrived there, or 0 */
  const char *last;   /* the intake of the last item that arrived in that epoch, */
  guint last_n;       /* and which item: 1 the intake itself; 0: none arrived */
  guint from, to;     /* both 0: no block */
  gboolean fresh;     /* it takes the place of all that is left */
  gboolean exhausted; /* there is none to give: the policy's range is used up */
} MdOutboxIssue;

/* An answer that leads so far above what is known here, alone or with all others of a day that led
 * further than a block that was needed, is taken over only when it is still given a day later: with
 * the gateway's numbers alone, which nobody signs, one answer or many small ones would use up the
 * range for ever. A terminal that was never told anything knows nothing and believes it. */
#define MD_OUTBOX_MOST_AHEAD 20000u

/* Takes the block, which waits until what is left before it is given, and the epoch; an audit
 * record
 * ("numbers") goes with it in one durable commit. What is of another serial than the policy's
 * changes nothing.
 *
 * A store that is older than what the gateway has seen of this terminal (it says a higher epoch,
 * has a higher number, or an item that is not known here), or that is marked by
 * md_outbox_mark_restored(), begins the next epoch: nothing that is left of its numbers is given,
 * but those of the block that came with it; everything that waits is sent at once, and it is
 * recorded
 * ("restored"). *@out_restored: ask again, to say so, and for a block where there was none.
 *
 * What lies outside the policy's range, or too far ahead, changes nothing and is recorded
 * ("numbers", refused): MD_OUTBOX_ERROR_BEYOND. */
gboolean md_outbox_take_numbers (MdOutbox *self, const MdOutboxIssue *issue, gboolean *out_restored,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
