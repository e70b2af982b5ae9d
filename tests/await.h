// SPDX-License-Identifier: Apache-2.0
// Waiting in a test for what another thread or program does.
#pragma once

#include <glib.h>

// How long anything may take on a machine that is busy with other things.
#define PATIENCE (90 * G_USEC_PER_SEC)

// Turns the main loop until CONDITION holds.
#define await(condition)                                                                           \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 end_ = g_get_monotonic_time () + PATIENCE;                                              \
    while (!(condition) && g_get_monotonic_time () < end_)                                         \
      if (!g_main_context_iteration (NULL, FALSE))                                                 \
        g_usleep (2000);                                                                           \
    g_assert_true (condition);                                                                     \
  }                                                                                                \
  G_STMT_END
