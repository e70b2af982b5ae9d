// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_SCAN_COMPILATION
#error "Private to src/scan."
#endif

#include <gio/gio.h>
#include "md-scan-types.h"

G_BEGIN_DECLS

/* Sets the error with the words for people that belong to it; FALSE. */
gboolean _md_scan_refuse (GError **error, MdScanError code);

/* Whether a picture of that size can be shown; else TOO_MUCH (DAMAGED for none at all). */
gboolean _md_scan_check_size (guint width, guint height, GError **error);

/* By its first bytes alone. FALSE: none of ours. */
gboolean _md_scan_tell_kind (const guint8 *data, gsize size, MdScanKind *out_kind);

gboolean _md_scan_inspect_pdf (const guint8 *data, gsize size, GCancellable *cancellable,
                               MdScanFacts *facts, GError **error);
gboolean _md_scan_inspect_jpeg (const guint8 *data, gsize size, GCancellable *cancellable,
                                MdScanFacts *facts, GError **error);
gboolean _md_scan_inspect_png (const guint8 *data, gsize size, GCancellable *cancellable,
                               MdScanFacts *facts, GError **error);
gboolean _md_scan_inspect_tiff (const guint8 *data, gsize size, GCancellable *cancellable,
                                MdScanFacts *facts, GError **error);

G_END_DECLS
