// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_BASE_INSIDE) && !defined(MD_BASE_COMPILATION)
#error "Include <md-base.h> instead."
#endif

#include <glib.h>
#include "md-clock.h"

G_BEGIN_DECLS

/** A UUID version 7 (RFC 9562) in lower case, at the time of @clock (NULL: the system's). Within
 * one process each is greater than the one before, also when the clock stands still or goes back.
 * Transfer full. */
char *md_uuid7_new (MdClock *clock) G_GNUC_WARN_UNUSED_RESULT;

/** Whether @text is a UUID version 7 in the canonical lower-case form. */
gboolean md_uuid7_is_valid (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/** The time in a valid UUID version 7, in milliseconds since 1970; -1 for anything else. */
gint64 md_uuid7_get_time_ms (const char *text);

/** Fills @data with the kernel's random numbers; the process ends if there are none, since nothing
 * safe can be done without. */
void md_random_fill (void *data, gsize size);

G_END_DECLS
