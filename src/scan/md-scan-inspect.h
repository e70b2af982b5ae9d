// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_SCAN_INSIDE) && !defined(MD_SCAN_COMPILATION)
#error "Include <md-scan.h> only."
#endif

#include <gio/gio.h>
#include "md-scan-types.h"

G_BEGIN_DECLS

/**
 * Says by its content what @size bytes at @data are, and refuses what may not come in: what is
 * none of the four kinds, ends too early, has something behind its end, is too large to be shown,
 * is encrypted, or holds active content (scripts, embedded files, forms that send, links that start
 * a program). Reads each byte a bounded number of times; unpacks at most MD_SCAN_MAX_UNPACKED of a
 * PDF, a piece at a time. Any thread. ISO 32000-1 (PDF), ITU-T T.81 (JPEG), W3C PNG, TIFF 6.0.
 * A large one takes seconds. Error: MD_SCAN_ERROR, G_IO_ERROR_CANCELLED.
 */
gboolean md_scan_inspect (const guint8 *data, gsize size, GCancellable *cancellable,
                          MdScanFacts *out_facts, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
