// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <event2/http.h>
#include "admission.h"
#include "office.h"

G_BEGIN_DECLS

/* Which policy each terminal has in force: a terminal names it (If-None-Match) when it has verified
 * it and put it to work, and not before; and the one that it was sent and did not take. */

typedef enum
{
  POLICIES_CURRENT,
  POLICIES_BEHIND,  /* an older one is in force there */
  POLICIES_REFUSED, /* and it did not take the one in force here */
  POLICIES_NEVER,   /* it never said that it has any */
  POLICIES_N,
} PoliciesStanding;

/* "current", "behind", "refused", "never". */
const char *policies_name (PoliciesStanding standing);

/* Takes down what the admitted @peer says of its policy with this request. TRUE: there is nothing
 * to send to it, since it has this very policy, or a newer one, or did not take this one. What is
 * newer in the store is in force here when it returns. */
gboolean policies_hear (Office *office, const Peer *peer, struct evhttp_request *request);

/* How many of the terminals that the policy in force lists stand where. All 0 without a policy. */
gboolean policies_count (const Office *office, guint out_counts[POLICIES_N],
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Prints where each terminal stands by the store that the settings name, for people or as JSON. */
gboolean policies_print (const GatewaySettings *settings, gboolean json,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
