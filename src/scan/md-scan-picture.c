// SPDX-License-Identifier: Apache-2.0
// The frames of JPEG and PNG: that they are whole, and how large the picture is. The picture itself
// stays packed.
#include "config.h"

#include <string.h>

#include "md-scan-private.h"

#define TRAILING_MAX 16u /* some scanners fill up to a block */
#define SCANS_MAX 100u   /* passes of a progressive JPEG; each costs a whole decoding */
#define CHUNKS_MAX 20000u

/* --- JPEG --- */

#define SOI 0xD8
#define EOI 0xD9
#define SOS 0xDA
#define IS_FRAME(m) ((m) >= 0xC0 && (m) <= 0xCF && (m) != 0xC4 && (m) != 0xC8 && (m) != 0xCC)
#define IS_RESTART(m) ((m) >= 0xD0 && (m) <= 0xD7)

/* To the next marker that is none of the picture's own; 0 when there is none. */
static guint8
skip_to_marker (MdReader *reader)
{
  while (!md_reader_failed (reader))
    {
      guint8 marker;

      if (md_reader_u8 (reader) != 0xFF)
        continue;
      while ((marker = md_reader_u8 (reader)) == 0xFF)
        ;
      if (marker != 0 && !IS_RESTART (marker))
        return marker;
    }
  return 0;
}

/* A marker between segments, where nothing else may stand. */
static guint8
read_marker (MdReader *reader)
{
  guint8 marker = md_reader_u8 (reader);

  if (marker != 0xFF)
    md_reader_fail (reader);
  while (marker == 0xFF)
    marker = md_reader_u8 (reader);
  return marker;
}

/* Baseline, extended and progressive with eight bits: what scanners write and everybody reads. */
static void
read_frame (MdReader *reader, guint8 marker, gsize left, MdScanFacts *facts)
{
  MdReader frame;

  md_reader_init (&frame, md_reader_bytes (reader, left), left);
  if (md_reader_failed (reader) || marker > 0xC2 || facts->width != 0 || md_reader_u8 (&frame) != 8)
    {
      md_reader_fail (reader);
      return;
    }
  facts->height = md_reader_u16be (&frame);
  facts->width = md_reader_u16be (&frame);
  if (md_reader_failed (&frame) || facts->width == 0)
    md_reader_fail (reader);
}

gboolean
_md_scan_inspect_jpeg (const guint8 *data, gsize size, GCancellable *cancellable,
                       MdScanFacts *facts, GError **error)
{
  MdReader reader;
  guint scans = 0;
  guint8 marker;

  md_reader_init (&reader, data, size);
  (void)md_reader_skip (&reader, 2);
  marker = read_marker (&reader);
  while (!md_reader_failed (&reader) && marker != EOI)
    {
      const guint16 length = md_reader_u16be (&reader);

      if (length < 2 || marker == SOI || marker == 0)
        md_reader_fail (&reader);
      else if (IS_FRAME (marker))
        read_frame (&reader, marker, length - 2u, facts);
      else
        (void)md_reader_skip (&reader, length - 2u);
      if (marker == SOS && ++scans > SCANS_MAX)
        return _md_scan_refuse (error, MD_SCAN_ERROR_TOO_MUCH);
      marker = marker == SOS ? skip_to_marker (&reader) : read_marker (&reader);
    }
  if (md_reader_failed (&reader) || scans == 0 || md_reader_remaining (&reader) > TRAILING_MAX)
    return _md_scan_refuse (error, MD_SCAN_ERROR_DAMAGED);
  facts->pages = 1;
  return _md_scan_check_size (facts->width, facts->height, error);
}

/* --- PNG --- */

#define IHDR 0x49484452u
#define IDAT 0x49444154u
#define IEND 0x49454E44u

gboolean
_md_scan_inspect_png (const guint8 *data, gsize size, GCancellable *cancellable, MdScanFacts *facts,
                      GError **error)
{
  MdReader reader;
  gboolean pixels = FALSE;
  guint32 kind = 0;

  md_reader_init (&reader, data, size);
  (void)md_reader_skip (&reader, 8);
  for (guint i = 0; i < CHUNKS_MAX && kind != IEND && !md_reader_failed (&reader); i++)
    {
      const guint32 length = md_reader_u32be (&reader);
      MdReader chunk;

      kind = md_reader_u32be (&reader);
      md_reader_init (&chunk, md_reader_bytes (&reader, length), length);
      (void)md_reader_skip (&reader, 4);
      if (md_reader_failed (&reader) || (i == 0) != (kind == IHDR) || (kind == IEND && length != 0))
        return _md_scan_refuse (error, MD_SCAN_ERROR_DAMAGED);
      pixels |= kind == IDAT;
      if (kind != IHDR)
        continue;
      facts->width = md_reader_u32be (&chunk);
      facts->height = md_reader_u32be (&chunk);
      if (length != 13)
        return _md_scan_refuse (error, MD_SCAN_ERROR_DAMAGED);
    }
  if (md_reader_failed (&reader) || kind != IEND || !pixels
      || md_reader_remaining (&reader) > TRAILING_MAX)
    return _md_scan_refuse (error, MD_SCAN_ERROR_DAMAGED);
  facts->pages = 1;
  return _md_scan_check_size (facts->width, facts->height, error);
}
