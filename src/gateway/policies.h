// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <event2/http.h>
#include "answer.h"

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

/* The answer to GET /v1/policy, and takes down what @peer says of its own with it: nothing is sent
 * to whoever has this very policy, or a newer one, or did not take this one. What is newer in the
 * store is in force here when it returns. */
void policies_answer (Office *office, const Peer *peer, struct evhttp_request *request,
                      Answer *answer);

/* How many of the terminals that the policy in force lists stand where. All 0 without a policy. */
gboolean policies_count (const Office *office, guint out_counts[POLICIES_N],
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Prints where each terminal stands by the store that the settings name, for people or as JSON. */
gboolean policies_print (const GatewaySettings *settings, gboolean json,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
