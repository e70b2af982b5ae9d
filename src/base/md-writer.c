// SPDX-License-Identifier: Apache-2.0
#include "md-base.h"
#include "md-secret-arena.h"

#include <string.h>

struct _MdWriter
{
  guint8 *data;
  gsize size;
  gsize allocated;
  gsize max;
  gboolean failed;
  gboolean secret; /* in the arena */
};

MdWriter *
md_writer_new (gsize max)
{
  MdWriter *writer = g_new0 (MdWriter, 1);

  writer->max = max;
  return writer;
}

MdWriter *
md_writer_new_secret (gsize max)
{
  MdWriter *writer = md_writer_new (max);

  g_return_val_if_fail (max <= MD_LIMIT_SECRET, writer);
  writer->secret = TRUE;
  return writer;
}

static guint8 *
take_room (const MdWriter *writer, gsize size)
{
  if (size == 0)
    return NULL;
  return writer->secret ? md_secret_arena_alloc (size) : g_malloc (size);
}

static void
give_room (MdWriter *writer)
{
  if (writer->data != NULL && writer->secret)
    md_secret_arena_free (writer->data, writer->allocated);
  else
    {
      md_wipe (writer->data, writer->allocated);
      g_free (writer->data);
    }
}

/* Not realloc(): it may leave a copy behind that nobody wipes. */
static void
writer_move (MdWriter *writer, gsize allocated)
{
  guint8 *data = take_room (writer, allocated);

  if (writer->size > 0 && data != NULL)
    memcpy (data, writer->data, writer->size);
  give_room (writer);
  writer->data = data;
  writer->allocated = allocated;
}

void
md_writer_free (MdWriter *writer)
{
  if (writer == NULL)
    return;
  writer->size = 0;
  writer_move (writer, 0);
  g_free (writer);
}

gsize
md_writer_get_size (const MdWriter *writer)
{
  return writer->size;
}

gboolean
md_writer_failed (const MdWriter *writer)
{
  return writer->failed;
}

void
md_writer_bytes (MdWriter *writer, const void *data, gsize size)
{
  if (size > writer->max - writer->size)
    writer->failed = TRUE;
  if (writer->failed || size == 0)
    return;
  if (size > writer->allocated - writer->size)
    {
      const gsize wanted = MAX (MAX (64, writer->allocated * 2), writer->size + size);

      writer_move (writer, MAX (MIN (wanted, writer->max), writer->size + size));
    }
  memcpy (writer->data + writer->size, data, size);
  writer->size += size;
}

static void
write_be (MdWriter *writer, guint64 value, gsize size)
{
  guint8 bytes[8];

  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8)(value >> (8 * (size - 1 - i)));
  md_writer_bytes (writer, bytes, size);
}

void
md_writer_u8 (MdWriter *writer, guint8 value)
{
  write_be (writer, value, 1);
}

void
md_writer_u16be (MdWriter *writer, guint16 value)
{
  write_be (writer, value, 2);
}

void
md_writer_u32be (MdWriter *writer, guint32 value)
{
  write_be (writer, value, 4);
}

void
md_writer_u64be (MdWriter *writer, guint64 value)
{
  write_be (writer, value, 8);
}

void
md_writer_prefixed (MdWriter *writer, const void *data, gsize size)
{
  if (size > G_MAXUINT32)
    {
      writer->failed = TRUE;
      return;
    }
  md_writer_u32be (writer, (guint32)size);
  md_writer_bytes (writer, data, size);
}

void
md_writer_prefixed_text (MdWriter *writer, const char *text)
{
  md_writer_prefixed (writer, text, text == NULL ? 0 : strlen (text));
}

GBytes *
md_writer_finish (MdWriter *writer, GError **error)
{
  GBytes *bytes;

  if (writer->failed)
    {
      g_set_error (error, MD_BASE_ERROR, MD_BASE_ERROR_TOO_LARGE,
                   "The data grow over %" G_GSIZE_FORMAT " bytes", writer->max);
      return NULL;
    }
  bytes = writer->secret ? md_bytes_new_secret (writer->data, writer->size)
                         : md_bytes_new_wiped (writer->data, writer->size);
  writer->size = 0;
  writer_move (writer, 0);
  return bytes;
}
