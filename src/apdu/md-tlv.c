// SPDX-License-Identifier: Apache-2.0
#include "md-apdu.h"

#define MAX_TAG_BYTES 4
#define FILLER 0xff

void
md_tlv_reader_init (MdTlvReader *reader, const guint8 *data, gsize size)
{
  md_reader_init (&reader->cursor, data, size);
  reader->depth = 0;
}

gboolean
md_tlv_reader_failed (const MdTlvReader *reader)
{
  return md_reader_failed (&reader->cursor);
}

gboolean
md_tlv_is_constructed (const MdTlv *tlv)
{
  guint32 first = tlv->tag;

  while (first > 0xff)
    first >>= 8;
  return (first & 0x20) != 0;
}

/* Sets *out_tag to 0 if the bytes are no tag of at most four bytes. */
static gboolean
read_tag (MdReader *cursor, guint32 *out_tag)
{
  guint8 byte = md_reader_u8 (cursor);
  gboolean more = (byte & 0x1f) == 0x1f;
  guint32 tag = byte;

  for (guint count = 1; more && count < MAX_TAG_BYTES; count++)
    {
      byte = md_reader_u8 (cursor);
      tag = tag << 8 | byte;
      more = (byte & 0x80) != 0;
    }
  *out_tag = more ? 0 : tag;
  return !md_reader_failed (cursor);
}

/* Sets *out_valid to FALSE for the indefinite form and for more than three bytes of length. */
static gboolean
read_length (MdReader *cursor, gsize *out_length, gboolean *out_valid)
{
  const guint8 first = md_reader_u8 (cursor);
  const guint bytes = first & 0x7f;
  gsize length = 0;

  *out_valid = first < 0x80 || (bytes >= 1 && bytes <= 3);
  if (first < 0x80)
    *out_length = first;
  if (first < 0x80 || !*out_valid)
    return !md_reader_failed (cursor);
  for (guint i = 0; i < bytes; i++)
    length = length << 8 | md_reader_u8 (cursor);
  *out_length = length;
  return !md_reader_failed (cursor);
}

static gboolean
set_malformed (GError **error)
{
  g_set_error_literal (error, MD_APDU_ERROR, MD_APDU_ERROR_MALFORMED,
                       "The data on the card are not in the expected form (BER-TLV)");
  return FALSE;
}

gboolean
md_tlv_parse_header (const guint8 *data, gsize size, gsize *out_header, gsize *out_value,
                     GError **error)
{
  MdReader cursor;
  guint32 tag;
  gsize length = 0;
  gboolean valid = FALSE;

  md_reader_init (&cursor, data, size);
  if (!read_tag (&cursor, &tag) || (tag != 0 && !read_length (&cursor, &length, &valid)))
    {
      g_set_error_literal (error, MD_APDU_ERROR, MD_APDU_ERROR_TRUNCATED,
                           "The data on the card end within a header");
      return FALSE;
    }
  if (tag == 0 || !valid)
    return set_malformed (error);
  *out_header = cursor.position;
  *out_value = length;
  return TRUE;
}

/* See the header: 00, and FF unless it begins a tag. */
static void
skip_filler (MdReader *cursor)
{
  const guint8 *data = cursor->data;

  while (md_reader_remaining (cursor) > 0)
    {
      gsize run = 0;

      while (run < md_reader_remaining (cursor) && data[cursor->position + run] == FILLER)
        run++;
      if (run == 1 && md_reader_remaining (cursor) > 1 && data[cursor->position + 1] != 0)
        return;
      if (run == 0 && data[cursor->position] != 0)
        return;
      (void)md_reader_skip (cursor, MAX (run, 1));
    }
}

gboolean
md_tlv_reader_next (MdTlvReader *reader, MdTlv *out_tlv)
{
  MdReader *cursor = &reader->cursor;
  gsize start;
  gsize length = 0;
  gboolean valid = FALSE;
  MdTlv tlv = { 0 };

  skip_filler (cursor);
  if (md_reader_remaining (cursor) == 0)
    return FALSE;
  start = cursor->position;
  if (!read_tag (cursor, &tlv.tag) || tlv.tag == 0 || !read_length (cursor, &length, &valid)
      || !valid)
    {
      md_reader_fail (cursor);
      return FALSE;
    }
  tlv.value = md_reader_bytes (cursor, length);
  if (md_reader_failed (cursor))
    return FALSE;
  tlv.size = length;
  tlv.total = cursor->position - start;
  *out_tlv = tlv;
  return TRUE;
}

gboolean
md_tlv_reader_enter (MdTlvReader *reader, const MdTlv *tlv, MdTlvReader *out_inner)
{
  if (md_tlv_reader_failed (reader) || !md_tlv_is_constructed (tlv)
      || reader->depth >= MD_LIMIT_TLV_DEPTH)
    {
      md_reader_fail (&reader->cursor);
      return FALSE;
    }
  md_tlv_reader_init (out_inner, tlv->value, tlv->size);
  out_inner->depth = reader->depth + 1;
  return TRUE;
}

gboolean
md_tlv_find (const guint8 *data, gsize size, guint32 tag, MdTlv *out_tlv, GError **error)
{
  MdTlvReader reader;
  MdTlv tlv;

  md_tlv_reader_init (&reader, data, size);
  while (md_tlv_reader_next (&reader, &tlv))
    if (tlv.tag == tag)
      {
        *out_tlv = tlv;
        return TRUE;
      }
  if (md_tlv_reader_failed (&reader))
    return set_malformed (error);
  g_set_error (error, MD_APDU_ERROR, MD_APDU_ERROR_NOT_FOUND,
               "The data on the card lack the element %X", tag);
  return FALSE;
}

gboolean
md_tlv_find_path (const guint8 *data, gsize size, const guint32 *path, MdTlv *out_tlv,
                  GError **error)
{
  MdTlv tlv = { 0 };

  g_return_val_if_fail (path[0] != 0, FALSE);
  for (; *path != 0; path++)
    {
      if (!md_tlv_find (data, size, *path, &tlv, error))
        return FALSE;
      data = tlv.value;
      size = tlv.size;
    }
  *out_tlv = tlv;
  return TRUE;
}

/* Goes inwards with a stack of its own, so that no card can make us recurse. */
gboolean
md_tlv_check (const guint8 *data, gsize size, GError **error)
{
  MdTlvReader stack[MD_LIMIT_TLV_DEPTH + 1];
  guint top = 0;
  MdTlv tlv;

  md_tlv_reader_init (&stack[0], data, size);
  for (;;)
    {
      if (!md_tlv_reader_next (&stack[top], &tlv))
        {
          if (md_tlv_reader_failed (&stack[top]))
            return set_malformed (error);
          if (top == 0)
            return TRUE;
          top--;
        }
      else if (md_tlv_is_constructed (&tlv))
        {
          if (!md_tlv_reader_enter (&stack[top], &tlv, &stack[MIN (top + 1, MD_LIMIT_TLV_DEPTH)]))
            return set_malformed (error);
          top++;
        }
    }
}

static void
write_tag (MdWriter *writer, guint32 tag)
{
  for (int shift = 24; shift >= 0; shift -= 8)
    if (shift == 0 || tag >> shift != 0)
      md_writer_u8 (writer, (guint8)(tag >> shift));
}

void
md_tlv_write (MdWriter *writer, guint32 tag, const void *value, gsize size)
{
  g_return_if_fail (size <= 0xffffff);
  write_tag (writer, tag);
  if (size > 0xffff)
    {
      md_writer_u8 (writer, 0x83);
      md_writer_u8 (writer, (guint8)(size >> 16));
      md_writer_u16be (writer, (guint16)(size & 0xffff));
    }
  else if (size > 0xff)
    {
      md_writer_u8 (writer, 0x82);
      md_writer_u16be (writer, (guint16)size);
    }
  else
    {
      if (size > 0x7f)
        md_writer_u8 (writer, 0x81);
      md_writer_u8 (writer, (guint8)size);
    }
  md_writer_bytes (writer, value, size);
}

void
md_tlv_write_bytes (MdWriter *writer, guint32 tag, GBytes *value)
{
  gsize size;
  const void *data = g_bytes_get_data (value, &size);

  md_tlv_write (writer, tag, data, size);
}
