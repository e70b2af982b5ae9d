// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_POLICY_INSIDE) && !defined(MD_POLICY_COMPILATION)
#error "Include <md-policy.h> only."
#endif

#include <md-base.h>

#include "md-policy-object.h"

G_BEGIN_DECLS

/* Whether what came by post may have been received on that day. */
typedef enum
{
  MD_RECEIVED_GOOD,
  MD_RECEIVED_LATER,    /* that day has not come yet */
  MD_RECEIVED_LONG_AGO, /* longer ago than limits.post_days */
} MdReceived;

/* TODAY: the day on which it is taken in. */
MdReceived md_policy_judge_received (MdPolicy *self, const MdDate *received, const MdDate *today);

/* The same of what a manifest says: the day as text, and the way of identification with it. Only
 * what came by post (MD_METHOD_POSTED_COPIES) has one. RECEIVED may be NULL: it is not said. */
gboolean md_policy_takes_received (MdPolicy *self, const char *method, const char *received,
                                   const char *wall) G_GNUC_WARN_UNUSED_RESULT;

/* Whether a letter of delegation may hold from one day to the other (limits.letter_months). */
gboolean md_policy_allows_term (MdPolicy *self, const char *from,
                                const char *to) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
