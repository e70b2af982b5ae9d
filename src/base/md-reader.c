// SPDX-License-Identifier: Apache-2.0
#include "md-base.h"

void
md_reader_init (MdReader *reader, const guint8 *data, gsize size)
{
  reader->data = data;
  reader->size = size;
  reader->position = 0;
  reader->failed = FALSE;
}

void
md_reader_init_bytes (MdReader *reader, GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  md_reader_init (reader, data, size);
}

gboolean
md_reader_failed (const MdReader *reader)
{
  return reader->failed;
}

void
md_reader_fail (MdReader *reader)
{
  reader->failed = TRUE;
}

gsize
md_reader_remaining (const MdReader *reader)
{
  return reader->failed ? 0 : reader->size - reader->position;
}

const guint8 *
md_reader_bytes (MdReader *reader, gsize size)
{
  const guint8 *bytes;

  if (reader->failed || size > reader->size - reader->position)
    {
      reader->failed = TRUE;
      return NULL;
    }
  bytes = reader->data == NULL ? NULL : reader->data + reader->position;
  reader->position += size;
  return bytes;
}

static guint64
read_be (MdReader *reader, gsize size)
{
  const guint8 *bytes = md_reader_bytes (reader, size);
  guint64 value = 0;

  if (bytes == NULL)
    return 0;
  for (gsize i = 0; i < size; i++)
    value = value << 8 | bytes[i];
  return value;
}

guint8
md_reader_u8 (MdReader *reader)
{
  return (guint8)read_be (reader, 1);
}

guint16
md_reader_u16be (MdReader *reader)
{
  return (guint16)read_be (reader, 2);
}

guint32
md_reader_u32be (MdReader *reader)
{
  return (guint32)read_be (reader, 4);
}

guint64
md_reader_u64be (MdReader *reader)
{
  return read_be (reader, 8);
}

gboolean
md_reader_peek (const MdReader *reader, guint8 *out_byte)
{
  if (md_reader_remaining (reader) == 0)
    return FALSE;
  *out_byte = reader->data[reader->position];
  return TRUE;
}

const guint8 *
md_reader_prefixed (MdReader *reader, gsize max, gsize *out_size)
{
  const gsize start = reader->position;
  const guint32 size = md_reader_u32be (reader);
  const guint8 *bytes;

  if (size > max)
    md_reader_fail (reader);
  bytes = md_reader_bytes (reader, size);
  if (reader->failed)
    {
      reader->position = start;
      return NULL;
    }
  *out_size = size;
  return bytes;
}

gboolean
md_reader_skip (MdReader *reader, gsize size)
{
  (void)md_reader_bytes (reader, size);
  return !reader->failed;
}

gboolean
md_reader_finish (const MdReader *reader, GError **error)
{
  if (reader->failed)
    {
      g_set_error_literal (error, MD_BASE_ERROR, MD_BASE_ERROR_TRUNCATED,
                           "The data end too early or hold a value out of range");
      return FALSE;
    }
  if (md_reader_remaining (reader) > 0)
    {
      g_set_error (error, MD_BASE_ERROR, MD_BASE_ERROR_INVALID,
                   "%" G_GSIZE_FORMAT " bytes follow the end of the data",
                   md_reader_remaining (reader));
      return FALSE;
    }
  return TRUE;
}
