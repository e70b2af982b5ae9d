// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gio/gio.h>
#include <string.h>

/* Small documents of each kind, made here: nobody's papers. */

/* 16 x 8, grey, baseline; the picture itself is nonsense, its frame is not. */
static const guint8 sample_jpeg[]
    = { 0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x10, 'J',  'F',  'I',  'F',  0,    1,    1,
        0,    0,    1,    0,    1,    0,    0,    0xFF, 0xC0, 0x00, 0x0B, 0x08, 0x00,
        0x08, 0x00, 0x10, 0x01, 0x01, 0x11, 0x00, 0xFF, 0xDA, 0x00, 0x08, 0x01, 0x01,
        0x00, 0x00, 0x3F, 0x00, 0x12, 0xFF, 0x00, 0x34, 0xFF, 0xD0, 0x56, 0xFF, 0xD9 };
#define SAMPLE_JPEG_SIDES 25 /* height, width: two bytes each */

static const guint8 sample_png[]
    = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0,   0,   0,   13,  'I', 'H', 'D',
        'R',  0,   0,   0,   16,   0,    0,    0,    8,   8,   0,   0,   0,   0,   1,
        2,    3,   4,   0,   0,    0,    2,    'I',  'D', 'A', 'T', 'x', 'y', 1,   2,
        3,    4,   0,   0,   0,    0,    'I',  'E',  'N', 'D', 1,   2,   3,   4 };
#define SAMPLE_PNG_WIDTH 16

/* Two pages in little-endian order: each with width, height, one strip of four bytes at 8. */
#define TIFF_PAGE(next)                                                                            \
  4, 0, 0, 1, 3, 0, 1, 0, 0, 0, 16, 0, 0, 0, 1, 1, 3, 0, 1, 0, 0, 0, 8, 0, 0, 0, 17, 1, 4, 0, 1,   \
      0, 0, 0, 8, 0, 0, 0, 23, 1, 4, 0, 1, 0, 0, 0, 4, 0, 0, 0, next, 0, 0, 0
static const guint8 sample_tiff[]
    = { 'I', 'I', 42, 0, 12, 0, 0, 0, 1, 2, 3, 4, TIFF_PAGE (66), TIFF_PAGE (0) };
#define SAMPLE_TIFF_SECOND_NEXT (66 + 2 + 48)

#define PDF_HEAD "%PDF-1.5\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
#define PDF_TAIL "\nstartxref\n9\n%%EOF\n"
#define PDF_PAGE "3 0 obj\n<</Type /Page/Parent 2 0 R>>\nendobj\n"

/* A PDF with OBJECTS between its head and its end. */
static inline GByteArray *
sample_pdf (const char *objects)
{
  GByteArray *pdf = g_byte_array_new ();

  g_byte_array_append (pdf, (const guint8 *)PDF_HEAD, strlen (PDF_HEAD));
  g_byte_array_append (pdf, (const guint8 *)objects, (guint)strlen (objects));
  g_byte_array_append (pdf, (const guint8 *)PDF_TAIL, strlen (PDF_TAIL));
  return pdf;
}

/* SIZE bytes of TEXT again and again, packed. */
static inline GByteArray *
sample_packed (const char *text, gsize size)
{
  GByteArray *out = g_byte_array_new ();
  g_autoptr (GZlibCompressor) zlib = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 9);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (memory, G_CONVERTER (zlib));
  g_autoptr (GBytes) bytes = NULL;
  gsize done = 0, length = strlen (text);

  while (done < size)
    {
      const gsize n = MIN (length, size - done);

      g_assert_true (g_output_stream_write_all (stream, text, n, NULL, NULL, NULL));
      done += n;
    }
  g_assert_true (g_output_stream_close (stream, NULL, NULL));
  bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
  g_byte_array_append (out, g_bytes_get_data (bytes, NULL), (guint)g_bytes_get_size (bytes));
  return out;
}

/* A PDF with a page in the open and one stream of that DICTIONARY. */
static inline GByteArray *
sample_pdf_stream (const char *dictionary, const GByteArray *stream)
{
  GByteArray *pdf = g_byte_array_new ();
  g_autofree char *head
      = g_strconcat (PDF_HEAD PDF_PAGE "4 0 obj\n<<", dictionary, ">>\nstream\r\n", NULL);
  static const char end[] = "\nendstream\nendobj\n" PDF_TAIL;

  g_byte_array_append (pdf, (const guint8 *)head, (guint)strlen (head));
  g_byte_array_append (pdf, stream->data, stream->len);
  g_byte_array_append (pdf, (const guint8 *)end, sizeof end - 1);
  return pdf;
}
