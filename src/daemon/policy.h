// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service.h"

/* The terminal's policy: the newest of the file, the copy in the database, and what the line
 * brings. A version once accepted is never undercut, and a bad file leaves the last good copy at
 * work. */

/* The policy while its time lasts, else NULL. One rule for a service that runs and one that starts:
 * a policy that has ended gives nobody the right to log in, take in or decide. What was sealed
 * under it is still delivered, and its receipts are verified with its anchors. */
MdPolicy *policy_in_force (Service *self);

/* Notices that the policy's time is over (or not any more, when the clock was wrong): ends the
 * session, tells, records. Call it often. */
void policy_watch (Service *self);

/* Reads file and copy, and puts the better one to work. */
void policy_load (Service *self);

/* A bundle that came over the line. */
void policy_receive (Service *self, GBytes *bundle, const char *etag);
