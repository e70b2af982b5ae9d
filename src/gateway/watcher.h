// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <event2/event.h>
#include "answer.h"

G_BEGIN_DECLS

/* /metrics and /healthz without TLS, for whoever watches this machine from this machine: on the
 * loopback alone. */
typedef struct _Watcher Watcher;

/* What only the server knows. */
typedef struct
{
  guint connections;
  gsize body_bytes;
  gboolean draining;
} WatcherNow;

/* @office and @counters are borrowed. Returns: (transfer full). */
Watcher *watcher_new (struct event_base *base, Office *office, const Counters *counters,
                      void (*look) (WatcherNow *out_now, gpointer user_data), gpointer user_data,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
void watcher_free (Watcher *watcher);

G_END_DECLS
