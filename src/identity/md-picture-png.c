// SPDX-License-Identifier: Apache-2.0
// PNG as cards have it: grey or with a palette, up to eight bits, not interlaced. The check sums of
// the chunks are passed over: the card's signature stands for every byte.
#include "md-picture-private.h"

#include <gio/gio.h>
#include <string.h>

#define CHUNK_HEADER 0x49484452u  // IHDR
#define CHUNK_PALETTE 0x504c5445u // PLTE
#define CHUNK_DATA 0x49444154u    // IDAT
#define CHUNK_END 0x49454e44u     // IEND
#define GREY 0
#define INDEXED 3
#define MAX_CHUNKS 256
#define COMPRESSED_MAX 65536u

typedef struct
{
  guint32 width;
  guint32 height;
  guint8 depth;
  guint8 colour;
  guint8 levels[256]; // grey of each sample
  guint n_levels;
  gsize stride; // bytes of one row
} Png;

static gboolean
read_header (MdReader *reader, Png *png, GError **error)
{
  guint32 size = md_reader_u32be (reader);
  guint32 kind = md_reader_u32be (reader);
  png->width = md_reader_u32be (reader);
  png->height = md_reader_u32be (reader);
  png->depth = md_reader_u8 (reader);
  png->colour = md_reader_u8 (reader);
  guint8 compression = md_reader_u8 (reader);
  guint8 filter = md_reader_u8 (reader);
  guint8 interlace = md_reader_u8 (reader);
  (void)md_reader_skip (reader, 4);
  if (md_reader_failed (reader) || size != 13 || kind != CHUNK_HEADER)
    return _md_picture_refuse (error, "PNG without a header");
  if (!_md_picture_size_is_fine (png->width, png->height))
    return _md_picture_refuse (error, "PNG of that size");
  if ((png->depth != 1 && png->depth != 2 && png->depth != 4 && png->depth != 8)
      || (png->colour != GREY && png->colour != INDEXED) || compression != 0 || filter != 0
      || interlace != 0)
    return _md_picture_refuse (error, "PNG of another kind than cards have");
  png->stride = ((gsize)png->width * png->depth + 7) / 8;
  png->n_levels = png->colour == GREY ? 1u << png->depth : 0;
  for (guint i = 0; i < png->n_levels; i++)
    png->levels[i] = (guint8)(i * 255u / (png->n_levels - 1));
  return TRUE;
}

static void
read_palette (Png *png, const guint8 *data, gsize size)
{
  if (png->colour != INDEXED)
    return;
  png->n_levels = (guint)MIN (size / 3, G_N_ELEMENTS (png->levels));
  for (guint i = 0; i < png->n_levels; i++)
    png->levels[i]
        = (guint8)((data[3 * i] * 77u + data[3 * i + 1] * 150u + data[3 * i + 2] * 29u) >> 8);
}

// Gathers the compressed rows of all IDAT chunks.
static gboolean
read_chunks (MdReader *reader, Png *png, MdSecret *compressed, GError **error)
{
  for (guint count = 0; count < MAX_CHUNKS; count++)
    {
      guint32 size = md_reader_u32be (reader);
      guint32 kind = md_reader_u32be (reader);
      const guint8 *data = size <= COMPRESSED_MAX ? md_reader_bytes (reader, size) : NULL;
      (void)md_reader_skip (reader, 4);
      if (data == NULL || md_reader_failed (reader))
        return _md_picture_refuse (error, "PNG that ends too early");
      if (kind == CHUNK_END)
        return TRUE;
      if (kind == CHUNK_PALETTE)
        read_palette (png, data, size);
      else if (kind == CHUNK_DATA && !md_secret_append (compressed, data, size))
        return _md_picture_refuse (error, "PNG with too many bytes");
    }
  return _md_picture_refuse (error, "PNG without an end");
}

// Exactly SIZE bytes, never more, whatever the compressed bytes would unfold into.
static gboolean
inflate_rows (MdSecret *compressed, guint8 *rows, gsize size)
{
  g_autoptr (GZlibDecompressor) inflater = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
  const guint8 *data = md_secret_get_data (compressed);
  gsize left = md_secret_get_size (compressed);
  gsize done = 0;
  while (done < size && left > 0)
    {
      gsize taken = 0;
      gsize given = 0;
      GConverterResult result
          = g_converter_convert (G_CONVERTER (inflater), data, left, rows + done, size - done,
                                 G_CONVERTER_INPUT_AT_END, &taken, &given, NULL);
      if (result == G_CONVERTER_ERROR || (taken == 0 && given == 0))
        break;
      data += taken;
      left -= taken;
      done += given;
      if (result == G_CONVERTER_FINISHED)
        break;
    }
  return done == size;
}

static guint8
paeth (guint8 left, guint8 up, guint8 corner)
{
  int estimate = left + up - corner;
  int to_left = ABS (estimate - left);
  int to_up = ABS (estimate - up);
  int to_corner = ABS (estimate - corner);
  if (to_left <= to_up && to_left <= to_corner)
    return left;
  return to_up <= to_corner ? up : corner;
}

// Undoes the filter of one row in place. ABOVE is the row before it, or zeros. With at most eight
// bits a pixel, the neighbour on the left is the byte before.
static gboolean
unfilter (guint8 filter, guint8 *row, const guint8 *above, gsize stride)
{
  for (gsize i = 0; i < stride; i++)
    {
      guint8 left = i > 0 ? row[i - 1] : 0;
      guint8 corner = i > 0 ? above[i - 1] : 0;
      switch (filter)
        {
        case 0:
          return TRUE;
        case 1:
          row[i] = (guint8)(row[i] + left);
          break;
        case 2:
          row[i] = (guint8)(row[i] + above[i]);
          break;
        case 3:
          row[i] = (guint8)(row[i] + (left + above[i]) / 2);
          break;
        case 4:
          row[i] = (guint8)(row[i] + paeth (left, above[i], corner));
          break;
        default:
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
expand_row (const Png *png, const guint8 *row, guint8 *out_pixels)
{
  const guint mask = (1u << png->depth) - 1;
  for (guint x = 0; x < png->width; x++)
    {
      guint bit = x * png->depth;
      const guint byte = row[bit / 8];
      guint sample = byte >> (8 - png->depth - bit % 8) & mask;
      if (sample >= png->n_levels)
        return FALSE;
      out_pixels[x] = png->levels[sample];
    }
  return TRUE;
}

static MdPicture *
expand (const Png *png, guint8 *rows, GError **error)
{
  g_autoptr (MdSecret) pixels = md_secret_new ((gsize)png->width * png->height);
  guint8 *out = md_secret_resize (pixels, (gsize)png->width * png->height);
  g_autofree guint8 *blank = g_malloc0 (png->stride);
  const guint8 *above = blank;
  for (guint y = 0; y < png->height; y++)
    {
      guint8 *row = rows + y * (png->stride + 1);
      if (!unfilter (row[0], row + 1, above, png->stride)
          || !expand_row (png, row + 1, out + (gsize)y * png->width))
        {
          _md_picture_refuse (error, "PNG with rows that mean nothing");
          return NULL;
        }
      above = row + 1;
    }
  return _md_picture_new (png->width, png->height, g_steal_pointer (&pixels));
}

MdPicture *
_md_picture_decode_png (const guint8 *data, gsize size, GError **error)
{
  Png png = { 0 };
  MdReader reader;
  g_autoptr (MdSecret) compressed = md_secret_new (COMPRESSED_MAX);
  md_reader_init (&reader, data, size);
  if (!read_header (&reader, &png, error) || !read_chunks (&reader, &png, compressed, error))
    return NULL;
  gsize total = (png.stride + 1) * png.height;
  g_autoptr (MdSecret) rows = md_secret_new (total);
  guint8 *bytes = md_secret_resize (rows, total);
  if (!inflate_rows (compressed, bytes, total))
    {
      _md_picture_refuse (error, "PNG with too few rows");
      return NULL;
    }
  return expand (&png, bytes, error);
}
