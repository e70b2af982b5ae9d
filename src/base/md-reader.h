// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_BASE_INSIDE) && !defined(MD_BASE_COMPILATION)
#error "Include <md-base.h> instead."
#endif

#include <glib.h>

G_BEGIN_DECLS

/**
 * MdReader: a cursor over bytes that it does not own. Every read checks the bounds; the first read
 * that does not fit makes the reader fail for good: from then on every read gives 0 or NULL and
 * md_reader_failed() is TRUE. So a parser reads straight through and asks once at the end.
 */
typedef struct
{
  const guint8 *data;
  gsize size;
  gsize position;
  gboolean failed;
} MdReader;

/** Starts at the first of @size bytes at @data, which must outlive the reader. @data may be NULL if
 * @size is 0. */
void md_reader_init (MdReader *reader, const guint8 *data, gsize size);

/** As md_reader_init(), over @bytes (borrowed). */
void md_reader_init_bytes (MdReader *reader, GBytes *bytes);

/** Whether a read has failed since the start. */
gboolean md_reader_failed (const MdReader *reader) G_GNUC_WARN_UNUSED_RESULT;

/** Makes the reader fail, for a caller that found a value out of range. */
void md_reader_fail (MdReader *reader);

/** Bytes not yet read; 0 after a failure. */
gsize md_reader_remaining (const MdReader *reader);

/** One byte; 0 on failure. */
guint8 md_reader_u8 (MdReader *reader);

/** Two bytes, most significant first; 0 on failure. */
guint16 md_reader_u16be (MdReader *reader);

/** Four bytes, most significant first; 0 on failure. */
guint32 md_reader_u32be (MdReader *reader);

/** Eight bytes, most significant first; 0 on failure. */
guint64 md_reader_u64be (MdReader *reader);

/** The next byte without moving; FALSE (and no failure) at the end or after a failure. */
gboolean md_reader_peek (const MdReader *reader, guint8 *out_byte);

/** @size bytes as a pointer into the data (borrowed), or NULL on failure. With @size 0 the pointer
 * is not NULL unless the reader has failed or stands over no data at all. */
const guint8 *md_reader_bytes (MdReader *reader, gsize size);

/** A u32be length, at most @max, then that many bytes; NULL and failure if either does not fit. */
const guint8 *md_reader_prefixed (MdReader *reader, gsize max, gsize *out_size);

/** Moves over @size bytes; FALSE on failure. */
gboolean md_reader_skip (MdReader *reader, gsize size);

/** TRUE if nothing failed and nothing is left; else sets MD_BASE_ERROR_TRUNCATED or _INVALID (bytes
 * left over). */
gboolean md_reader_finish (const MdReader *reader, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
