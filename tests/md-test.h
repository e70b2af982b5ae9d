// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <glib.h>
#include <string.h>

/** Two byte strings are the same; g_assert_cmpmem() of GLib 2.74 does not compile under
 * -Wconversion. */
static inline void
md_assert_bytes (const void *got, gsize got_size, const void *wanted, gsize wanted_size)
{
  g_assert_cmpuint (got_size, ==, wanted_size);
  if (wanted_size > 0)
    g_assert_true (memcmp (got, wanted, wanted_size) == 0);
}
