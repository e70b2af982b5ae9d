// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_SCAN_INSIDE) && !defined(MD_SCAN_COMPILATION)
#error "Include <md-scan.h> only."
#endif

#include <sys/stat.h>

#include <gio/gio.h>
#include "md-scan-types.h"

G_BEGIN_DECLS

#define MD_TYPE_SCAN_DOCUMENT (md_scan_document_get_type ())
/** One document that was taken in: its bytes in the pages of a secret, what they are, and who
 * looked for viruses in it. It never has a file's name. Main thread; a new one may be handed over
 * from another thread once. */
G_DECLARE_FINAL_TYPE (MdScanDocument, md_scan_document, MD, SCAN_DOCUMENT, GObject)

/** Takes a reference of @bytes after md_scan_inspect(), whose errors come through: on a worker,
 * since a large one takes seconds. (transfer full) */
MdScanDocument *md_scan_document_new (MdSecret *bytes, GCancellable *cancellable,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** The same of one that was sealed before, whatever today's inspection says of it: only its kind,
 * told by its first bytes, must be one of ours. One that does not pass has no other facts, and is
 * not drawn. (transfer full) */
MdScanDocument *md_scan_document_new_sealed (MdSecret *bytes, GCancellable *cancellable,
                                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/** Whether md_scan_inspect() passed it. */
gboolean md_scan_document_get_passed (MdScanDocument *self);

/** The bytes; NULL once wiped. Borrowed. */
MdSecret *md_scan_document_get_bytes (MdScanDocument *self);
const MdScanFacts *md_scan_document_get_facts (MdScanDocument *self);
/** SHA-256 of the bytes, lower-case hexadecimal. Borrowed. */
const char *md_scan_document_get_sha256 (MdScanDocument *self);
gsize md_scan_document_get_size (MdScanDocument *self);

/** The virus scanner that found nothing in it; NULL: none looked. */
const char *md_scan_document_get_scanner (MdScanDocument *self);
/** @scanner: letters, digits, "-_." alone, else it counts as none. */
void md_scan_document_set_scanner (MdScanDocument *self, const char *scanner);

/** The file of the scan folder that it was read from: it may be removed once the document is safely
 * kept. */
gboolean md_scan_document_has_source (MdScanDocument *self);
/** @file: as it was when it was opened to be read. */
void md_scan_document_set_source (MdScanDocument *self, const char *path, const struct stat *file);
/** Removes that file if it is still the one that was read and nobody wrote to it since (size, time
 * to the nanosecond), and forgets it. FALSE: it stays. */
gboolean md_scan_document_remove_source (MdScanDocument *self);

/** "JPEG, 1 page, 350 KB, about 22 seconds on the line", for people. Caller owns. */
char *md_scan_document_describe (MdScanDocument *self) G_GNUC_WARN_UNUSED_RESULT;
/** "350 KB, about 22 seconds on the line". Caller owns. */
char *md_scan_describe_size (gsize size) G_GNUC_WARN_UNUSED_RESULT;

/** Gives the bytes back, whoever else still holds the document. Whoever has a reference of the
 * bytes themselves keeps them until it is dropped. */
void md_scan_document_wipe (MdScanDocument *self);

G_END_DECLS
