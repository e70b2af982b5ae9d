// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_APDU_INSIDE) && !defined(MD_APDU_COMPILATION)
#error "Include <md-apdu.h> instead."
#endif

#include <glib.h>
#include <md-base.h>

G_BEGIN_DECLS

/**
 * BER-TLV as cards write it: tags of one to four bytes (kept as they stand: 0x7F49, 0x5F2001),
 * definite lengths of one to four bytes (00-7F, 81, 82, 83); the indefinite length and longer ones
 * are refused. Filler between elements is passed over: 00, and FF in runs of two or more or before
 * 00 or the end; a single FF before anything else begins a tag, as in FF20. A value never reaches
 * over the end of what holds it.
 */
typedef struct
{
  guint32 tag;
  const guint8 *value; /* borrowed from the bytes that were read */
  gsize size;
  gsize total; /* header and value */
} MdTlv;

/** Walks the elements of one level. Put it on the stack; the bytes must outlive it. */
typedef struct
{
  MdReader cursor;
  guint depth;
} MdTlvReader;

/** Starts in front of the first element. */
void md_tlv_reader_init (MdTlvReader *reader, const guint8 *data, gsize size);

/** The next element; FALSE at the end and on malformed bytes: md_tlv_reader_failed() tells which.
 */
gboolean md_tlv_reader_next (MdTlvReader *reader, MdTlv *out_tlv) G_GNUC_WARN_UNUSED_RESULT;

/** Whether malformed bytes were met. */
gboolean md_tlv_reader_failed (const MdTlvReader *reader) G_GNUC_WARN_UNUSED_RESULT;

/** A reader of the elements inside @tlv, one level deeper; FALSE (and @reader fails) if @tlv is
 * primitive or deeper than MD_LIMIT_TLV_DEPTH. */
gboolean md_tlv_reader_enter (MdTlvReader *reader, const MdTlv *tlv,
                              MdTlvReader *out_inner) G_GNUC_WARN_UNUSED_RESULT;

/** Whether the tag says that the value is made of elements. */
gboolean md_tlv_is_constructed (const MdTlv *tlv) G_GNUC_WARN_UNUSED_RESULT;

/** Reads tag and length alone, so that a file can be read from a card without asking for more than
 * it has: @out_header bytes of header,
 * @out_value bytes to follow. FALSE with MD_APDU_ERROR_TRUNCATED (more bytes may help) or
 * _MALFORMED. */
gboolean md_tlv_parse_header (const guint8 *data, gsize size, gsize *out_header, gsize *out_value,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** The first element with @tag at the top level; FALSE with MD_APDU_ERROR_NOT_FOUND or _MALFORMED.
 */
gboolean md_tlv_find (const guint8 *data, gsize size, guint32 tag, MdTlv *out_tlv,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Follows @path, a list of tags ended by 0, inwards ({ 0xFF20, 0xDF22, 0 }). Errors as
 * md_tlv_find(). */
gboolean md_tlv_find_path (const guint8 *data, gsize size, const guint32 *path, MdTlv *out_tlv,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Whether all of the bytes are well-formed BER-TLV down to the primitive elements, within the
 * depth limit; sets MD_APDU_ERROR_MALFORMED. Some tags of the My Number card (FF10) say
 * "constructed" over plain digits; they do not pass. */
gboolean md_tlv_check (const guint8 *data, gsize size, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Appends an element with the shortest length form. */
void md_tlv_write (MdWriter *writer, guint32 tag, const void *value, gsize size);

/** Appends an element whose value is @value, for building inside out. */
void md_tlv_write_bytes (MdWriter *writer, guint32 tag, GBytes *value);

G_END_DECLS
