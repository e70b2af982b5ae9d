// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service.h"

/* The terminal's policy: the newest of the file, the copy in the database, and what the line
 * brings. A version once accepted is never undercut, and a bad file leaves the last good copy at
 * work. */

/* Makes or updates the service's own table. */
gboolean policy_migrate (MdDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads file and copy, and puts the better one to work. */
void policy_load (Service *self);

/* A bundle that came over the line. */
void policy_receive (Service *self, GBytes *bundle, const char *etag);
