// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_SCAN_INSIDE) && !defined(MD_SCAN_COMPILATION)
#error "Include <md-scan.h> only."
#endif

#include "md-scan-document.h"

G_BEGIN_DECLS

/** One page of a document as pixels: rows of WIDTH times four bytes, blue, green, red, 255. */
typedef struct
{
  guint pages; /* of the document, as whoever drew it counts them */
  guint width, height;
  gboolean whole; /* FALSE: the file leaves something to the reader, a font, that may be missing */
  MdSecret *pixels;
} MdScanPage;

void md_scan_page_free (MdScanPage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdScanPage, md_scan_page_free)

/**
 * Draws page @number (from 0) of a document about @width pixels wide, in a process of its own
 * that can read the document, write the pixels and nothing else, for 20 seconds at most. Works on a
 * thread of its own. Error: MD_SCAN_ERROR_NOT_DRAWN, G_IO_ERROR_CANCELLED.
 */
void md_scan_draw_async (MdScanDocument *document, guint number, guint width,
                         GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data);
/** (transfer full) */
MdScanPage *md_scan_draw_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** The same of @bytes that nobody inspected, or of the codestream of a JPEG 2000, which is no
 * document; it waits, so on a worker thread. Exactly @width wide if that is the width it has.
 * (transfer full) */
MdScanPage *md_scan_draw_now (MdSecret *bytes, guint number, guint width, GCancellable *cancellable,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
