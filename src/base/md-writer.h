// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_BASE_INSIDE) && !defined(MD_BASE_COMPILATION)
#error "Include <md-base.h> instead."
#endif

#include <glib.h>
#include "md-secret.h"

G_BEGIN_DECLS

/**
 * MdWriter: a growing byte buffer with a stated maximum. A write that would pass the maximum makes
 * the writer fail for good; ask once, at md_writer_finish(). What it grows out of and what it gives
 * is wiped when freed, so that it may hold PINs and form values.
 */
typedef struct _MdWriter MdWriter;

/** An empty writer that will never hold more than @max bytes. Transfer full. */
MdWriter *md_writer_new (gsize max) G_GNUC_WARN_UNUSED_RESULT;

/** The same in the pages of a secret, and what it gives, too: for PINs and what cards say. @max is
 * at most MD_LIMIT_SECRET. */
MdWriter *md_writer_new_secret (gsize max) G_GNUC_WARN_UNUSED_RESULT;

/** Wipes and frees; NULL is allowed. */
void md_writer_free (MdWriter *writer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdWriter, md_writer_free)

/** Bytes written so far. */
gsize md_writer_get_size (const MdWriter *writer);

/** Whether the maximum was exceeded. */
gboolean md_writer_failed (const MdWriter *writer) G_GNUC_WARN_UNUSED_RESULT;

/** Appends one byte. */
void md_writer_u8 (MdWriter *writer, guint8 value);

/** Appends two bytes, most significant first. */
void md_writer_u16be (MdWriter *writer, guint16 value);

/** Appends four bytes, most significant first. */
void md_writer_u32be (MdWriter *writer, guint32 value);

/** Appends eight bytes, most significant first. */
void md_writer_u64be (MdWriter *writer, guint64 value);

/** Appends @size bytes. */
void md_writer_bytes (MdWriter *writer, const void *data, gsize size);

/** Appends a u32be length and then the @size bytes. */
void md_writer_prefixed (MdWriter *writer, const void *data, gsize size);

/** As md_writer_prefixed(), with the bytes of @text without its end mark; NULL counts as "". */
void md_writer_prefixed_text (MdWriter *writer, const char *text);

/** The bytes, which are wiped when the last reference goes (transfer full), and empties the writer;
 * NULL with MD_BASE_ERROR_TOO_LARGE if the maximum was exceeded. */
GBytes *md_writer_finish (MdWriter *writer, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
