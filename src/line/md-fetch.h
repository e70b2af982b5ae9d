// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_LINE_INSIDE) && !defined(MD_LINE_COMPILATION)
#error "Only <md-line.h> can be included directly."
#endif

#include <gio/gio.h>

G_BEGIN_DECLS

/* Public files beside the line to the gateway: what is signed itself and nobody's secret
 * (revocation lists). Nothing of this terminal goes along, and nothing that comes is believed for
 * where it came from. */

/**
 * GETs @url, http only: no redirect, no proxy, no cookie, at most @max bytes, at most @timeout_s
 * seconds, and no longer than ten seconds without progress. Errors: MD_LINE_ERROR_CONFIG for what
 * is no such URL, OFFLINE when nothing or not all came, PROTOCOL for any status but 200 and for
 * what is too large; G_IO_ERROR_CANCELLED. Blocks; any thread. Returns: (transfer full).
 */
GBytes *md_fetch (const char *url, gsize max, guint timeout_s, GCancellable *cancellable,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
