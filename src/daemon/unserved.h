// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service.h"

/* Watches a connection for calls that the bus library refuses by itself: a method, interface,
 * object or property that does not exist, arguments of another signature. Each is in the log as
 * event "call", or counted where too many come. */
Unserved *unserved_watch (Service *service, GDBusConnection *connection) G_GNUC_WARN_UNUSED_RESULT;

/* Nothing is recorded any more; SELF is gone. */
void unserved_end (Unserved *self);
