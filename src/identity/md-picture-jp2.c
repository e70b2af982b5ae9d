// SPDX-License-Identifier: Apache-2.0
// JPEG 2000. OpenJPEG decodes, in madoguchi-page behind its fence; before it sees a byte, the
// headers are read here and everything is refused that a photograph of a card does not need and
// that makes a decoder work or allocate out of proportion: many tiles, tiny precincts and code
// blocks, many layers, odd markers. It gets the codestream alone: a palette in the file's boxes
// would have it make hundreds of channels of one.
#include "md-picture-private.h"

#include <md-scan.h>

#define BOX_HEADER 0x6a703268u // jp2h
#define BOX_STREAM 0x6a703263u // jp2c
#define MAX_BOXES 32
#define MAX_MARKERS 64
#define MAX_TILES 16
#define MAX_TILE_PARTS 64
#define TILE_HEADER_SIZE 12 // SOT and its segment
#define MAX_LAYERS 32
#define MAX_LEVELS 8
#define MIN_BLOCK_EXPONENT 4 // 16 pixels
#define MAX_BLOCK_EXPONENT 6
#define MIN_PRECINCT_EXPONENT 5

// Markers of the codestream's main header.
enum
{
  MARKER_SOC = 0xff4f,
  MARKER_SIZ = 0xff51,
  MARKER_COD = 0xff52,
  MARKER_TLM = 0xff55,
  MARKER_QCD = 0xff5c,
  MARKER_COM = 0xff64,
  MARKER_SOT = 0xff90,
  MARKER_PLT = 0xff58,
  MARKER_SOD = 0xff93,
  MARKER_EOC = 0xffd9,
};

static gboolean
read_size (MdReader *reader, MdJp2Head *head, GError **error)
{
  (void)md_reader_u16be (reader); // capabilities
  guint32 width = md_reader_u32be (reader);
  guint32 height = md_reader_u32be (reader);
  guint32 left = md_reader_u32be (reader);
  guint32 top = md_reader_u32be (reader);
  guint32 tile_width = md_reader_u32be (reader);
  guint32 tile_height = md_reader_u32be (reader);
  guint32 tile_left = md_reader_u32be (reader);
  guint32 tile_top = md_reader_u32be (reader);
  guint16 components = md_reader_u16be (reader);
  if (md_reader_failed (reader) || !_md_picture_size_is_fine (width, height) || left != 0
      || top != 0 || tile_left != 0 || tile_top != 0)
    return _md_picture_refuse (error, "JPEG 2000 of that size");
  if (tile_width == 0 || tile_height == 0
      || ((width - 1) / tile_width + 1) * ((height - 1) / tile_height + 1) > MAX_TILES)
    return _md_picture_refuse (error, "JPEG 2000 with that many tiles");
  if (components != 1 && components != 3)
    return _md_picture_refuse (error, "JPEG 2000 with that many components");
  for (guint i = 0; i < components; i++)
    {
      guint8 depth = md_reader_u8 (reader);
      guint8 step_x = md_reader_u8 (reader);
      guint8 step_y = md_reader_u8 (reader);
      if (md_reader_failed (reader) || depth > 7 || step_x != 1 || step_y != 1)
        return _md_picture_refuse (error, "JPEG 2000 of another depth than cards have");
    }
  *head = (MdJp2Head){ .width = width, .height = height, .components = components };
  return TRUE;
}

static gboolean
check_coding (MdReader *reader, GError **error)
{
  guint8 style = md_reader_u8 (reader);
  (void)md_reader_u8 (reader); // progression order
  guint16 layers = md_reader_u16be (reader);
  (void)md_reader_u8 (reader); // component transformation
  guint8 levels = md_reader_u8 (reader);
  guint8 block_width = md_reader_u8 (reader);
  guint8 block_height = md_reader_u8 (reader);
  (void)md_reader_skip (reader, 2); // block style, wavelet
  gboolean good
      = !md_reader_failed (reader) && layers > 0 && layers <= MAX_LAYERS && levels <= MAX_LEVELS;
  block_width = (guint8)(block_width + 2);
  block_height = (guint8)(block_height + 2);
  good = good && block_width >= MIN_BLOCK_EXPONENT && block_width <= MAX_BLOCK_EXPONENT
         && block_height >= MIN_BLOCK_EXPONENT && block_height <= MAX_BLOCK_EXPONENT;
  for (guint i = 0; good && (style & 0x01) != 0 && i <= levels; i++)
    {
      guint8 precinct = md_reader_u8 (reader);
      good = !md_reader_failed (reader) && (precinct & 0x0f) >= MIN_PRECINCT_EXPONENT
             && precinct >> 4 >= MIN_PRECINCT_EXPONENT;
    }
  return good || _md_picture_refuse (error, "JPEG 2000 cut into too many pieces");
}

static gboolean
check_segment (guint16 marker, MdReader *segment, MdJp2Head *head, gboolean *out_has_coding,
               GError **error)
{
  switch (marker)
    {
    case MARKER_COD:
      *out_has_coding = TRUE;
      return check_coding (segment, error);
    case MARKER_SIZ:
      return head->width == 0 ? read_size (segment, head, error)
                              : _md_picture_refuse (error, "JPEG 2000 with two sizes");
    case MARKER_QCD:
    case MARKER_COM:
    case MARKER_TLM:
      return TRUE;
    default:
      return _md_picture_refuse (error, "JPEG 2000 with a marker that cards do not have");
    }
}

// The header of a tile part, which stands behind SOT. It may override the main header, so it may
// hold nothing but remarks and lengths. Goes on to the end of the part.
static gboolean
check_tile_part (MdReader *reader, GError **error)
{
  gsize start = reader->position - 2;
  guint16 length = md_reader_u16be (reader);
  (void)md_reader_u16be (reader); // tile
  guint32 part_size = md_reader_u32be (reader);
  (void)md_reader_u16be (reader); // which part, and of how many
  if (md_reader_failed (reader) || length != TILE_HEADER_SIZE - 2)
    return _md_picture_refuse (error, "JPEG 2000 with a broken tile");
  for (guint count = 0; count < MAX_MARKERS; count++)
    {
      guint16 marker = md_reader_u16be (reader);
      if (marker == MARKER_SOD)
        break;
      length = md_reader_u16be (reader);
      if ((marker != MARKER_COM && marker != MARKER_PLT) || length < 2
          || !md_reader_skip (reader, length - 2u))
        return _md_picture_refuse (error, "JPEG 2000 with a tile of its own rules");
    }
  gsize done = reader->position - start;
  gsize left = part_size == 0 ? md_reader_remaining (reader) : part_size - MIN (done, part_size);
  if (md_reader_failed (reader) || !md_reader_skip (reader, left))
    return _md_picture_refuse (error, "JPEG 2000 that ends too early");
  return TRUE;
}

// All tile parts; READER stands behind the first SOT.
static gboolean
check_tiles (MdReader *reader, GError **error)
{
  for (guint count = 0; count < MAX_TILE_PARTS; count++)
    {
      if (!check_tile_part (reader, error))
        return FALSE;
      if (md_reader_remaining (reader) == 0)
        return TRUE;
      guint16 marker = md_reader_u16be (reader);
      if (marker == MARKER_EOC)
        return TRUE;
      if (marker != MARKER_SOT)
        return _md_picture_refuse (error, "JPEG 2000 with something between its tiles");
    }
  return _md_picture_refuse (error, "JPEG 2000 with that many tiles");
}

// The main header: SOC SIZ, then segments up to the first tile; then the tiles.
static gboolean
check_stream (const guint8 *data, gsize size, MdJp2Head *head, GError **error)
{
  MdReader reader;
  gboolean has_coding = FALSE;
  md_reader_init (&reader, data, size);
  if (md_reader_u16be (&reader) != MARKER_SOC)
    return _md_picture_refuse (error, "JPEG 2000 without a start");
  for (guint count = 0; count < MAX_MARKERS; count++)
    {
      guint16 marker = md_reader_u16be (&reader);
      if (marker == MARKER_SOT && head->width > 0 && has_coding)
        return check_tiles (&reader, error);
      guint16 length = md_reader_u16be (&reader);
      const guint8 *body = length >= 2 ? md_reader_bytes (&reader, length - 2u) : NULL;
      if (body == NULL || (count == 0) != (marker == MARKER_SIZ))
        return _md_picture_refuse (error, "JPEG 2000 with a broken header");
      MdReader segment;
      md_reader_init (&segment, body, length - 2u);
      if (!check_segment (marker, &segment, head, &has_coding, error))
        return FALSE;
    }
  return _md_picture_refuse (error, "JPEG 2000 with a header without end");
}

// One box; the last one may say 0: up to the end.
static gboolean
next_box (MdReader *reader, guint32 *out_kind, const guint8 **out_body, gsize *out_size)
{
  guint32 size = md_reader_u32be (reader);
  *out_kind = md_reader_u32be (reader);
  if (size == 0)
    *out_size = md_reader_remaining (reader);
  else if (size >= 8)
    *out_size = size - 8;
  else
    md_reader_fail (reader); // a box of more than 4 GiB
  *out_body = md_reader_failed (reader) ? NULL : md_reader_bytes (reader, *out_size);
  return *out_body != NULL;
}

gboolean
_md_jp2_check (const guint8 *data, gsize size, MdJp2Head *out_head, GError **error)
{
  MdReader reader;
  MdJp2Head head = { 0 };
  gboolean has_header = FALSE;
  md_reader_init (&reader, data, size);
  for (guint count = 0; count < MAX_BOXES && md_reader_remaining (&reader) > 0; count++)
    {
      guint32 kind = 0;
      const guint8 *body = NULL;
      gsize body_size = 0;
      if (!next_box (&reader, &kind, &body, &body_size))
        return _md_picture_refuse (error, "JP2 with a broken box");
      has_header |= kind == BOX_HEADER;
      if (kind != BOX_STREAM)
        continue;
      if (!has_header)
        return _md_picture_refuse (error, "JP2 without a header");
      if (!check_stream (body, body_size, &head, error))
        return FALSE;
      head.stream = body;
      head.stream_size = body_size;
      *out_head = head;
      return TRUE;
    }
  return _md_picture_refuse (error, "JP2 without a picture");
}

// --- the picture ---

// Grey as the eye has it, from what was drawn: blue, green, red, and 255.
static MdPicture *
make_grey (const MdScanPage *page)
{
  const gsize total = (gsize)page->width * page->height;
  const guint8 *drawn = md_secret_get_data (page->pixels);
  g_autoptr (MdSecret) pixels = md_secret_new (total);
  guint8 *out = md_secret_resize (pixels, total);
  for (gsize at = 0; at < total; at++)
    out[at]
        = (guint8)((drawn[4 * at + 2] * 77u + drawn[4 * at + 1] * 150u + drawn[4 * at] * 29u) >> 8);
  return _md_picture_new (page->width, page->height, g_steal_pointer (&pixels));
}

MdPicture *
_md_picture_decode_jp2 (const guint8 *data, gsize size, GError **error)
{
  MdJp2Head head;
  if (!_md_jp2_check (data, size, &head, error))
    return NULL;
  g_autoptr (MdSecret) stream = md_secret_new_from_data (head.stream, head.stream_size);
  g_autoptr (MdScanPage) page = md_scan_draw_now (stream, 0, head.width, NULL, NULL);
  if (page != NULL && page->width == head.width && page->height == head.height)
    return make_grey (page);
  _md_picture_refuse (error, "damaged JPEG 2000");
  return NULL;
}
