// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service.h"

/* Opens the terminal's database, and what works on it: for this service alone. Whether every page
 * of it is sound is looked at before anything else, unless the service ended well the last time:
 * then beside the work, and what is found is told as trouble. */
gboolean database_open (Service *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Closes it, and leaves word that it was closed well. */
void database_close (Service *self);
