// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <glib.h>

/** How often @text stands in this process's own writable memory: heap, stacks, data, locked pages,
 * freed blocks included; as UTF-8, UTF-16 and UCS-4. Each place is told with g_test_message(),
 * without the text. @text must be a literal or lie in read-only memory otherwise, or it would find
 * itself; what is looked for is kept masked. */
guint memory_scan (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/** What the kernel says of the page at @place: the flags of /proc/self/smaps ("dd": in no core
 * dump, "wf": wiped on fork, "lo": locked). NULL: there is none. Transfer full. */
char *memory_flags_of (gconstpointer place) G_GNUC_WARN_UNUSED_RESULT;

/** memory_scan() finds nothing. */
#define memory_assert_without(text) g_assert_cmpuint (memory_scan (text), ==, 0)
