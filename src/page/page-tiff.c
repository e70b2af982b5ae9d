// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <string.h>
#include <tiffio.h>

#include "page.h"

typedef struct
{
  const guint8 *data;
  gsize size, at;
} Memory;

static tmsize_t
read_cb (thandle_t handle, void *out, tmsize_t n)
{
  Memory *memory = handle;
  const gsize left = memory->at < memory->size ? memory->size - memory->at : 0;
  const gsize some = n > 0 ? MIN ((gsize)n, left) : 0;

  if (some > 0)
    memcpy (out, memory->data + memory->at, some);
  memory->at += some;
  return (tmsize_t)some;
}

static tmsize_t
write_cb (thandle_t handle, void *data, tmsize_t n)
{
  return 0;
}

static toff_t
seek_cb (thandle_t handle, toff_t offset, int whence)
{
  Memory *memory = handle;
  const toff_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? memory->at : memory->size;

  memory->at = (gsize)(from + offset);
  return memory->at;
}

static int
close_cb (thandle_t handle)
{
  return 0;
}

static toff_t
size_cb (thandle_t handle)
{
  return ((Memory *)handle)->size;
}

/* libtiff says red first, in the first byte; cairo says blue. */
static void
swap (guint32 *pixels, gsize n)
{
  for (gsize i = 0; i < n; i++)
    pixels[i] = 0xff000000u | (pixels[i] & 0x0000ff00u) | (pixels[i] & 0xffu) << 16
                | (pixels[i] >> 16 & 0xffu);
}

static cairo_surface_t *
draw (guint32 *pixels, guint32 columns, guint32 rows, double tall, guint width)
{
  cairo_surface_t *source = cairo_image_surface_create_for_data (
      (guchar *)pixels, CAIRO_FORMAT_RGB24, (int)columns, (int)rows, (int)columns * 4);
  cairo_surface_t *surface = page_paint (source, tall, width);

  cairo_surface_destroy (source);
  return surface;
}

/* A fax has other dots across than down: how much taller a dot is than wide. */
static double
tallness (TIFF *tiff)
{
  float x = 0, y = 0;

  if (TIFFGetField (tiff, TIFFTAG_XRESOLUTION, &x) != 1
      || TIFFGetField (tiff, TIFFTAG_YRESOLUTION, &y) != 1 || !(x >= 1) || !(y >= 1))
    return 1;
  return CLAMP ((double)x / (double)y, 0.25, 4);
}

cairo_surface_t *
page_draw_tiff (GBytes *bytes, guint page, guint width, PageHead *head)
{
  Memory memory = { 0 };
  guint32 columns = 0, rows = 0;
  cairo_surface_t *surface = NULL;
  g_autofree guint32 *pixels = NULL;
  TIFF *tiff;

  memory.data = g_bytes_get_data (bytes, &memory.size);
  (void)TIFFSetErrorHandler (NULL);
  (void)TIFFSetWarningHandler (NULL);
  tiff = TIFFClientOpen ("scan", "rm", &memory, read_cb, write_cb, seek_cb, close_cb, size_cb, NULL,
                         NULL);
  if (tiff == NULL)
    return NULL;
  head->pages = TIFFNumberOfDirectories (tiff);
  head->whole = TRUE;
  if (TIFFSetDirectory (tiff, (tdir_t)page) == 1
      && TIFFGetField (tiff, TIFFTAG_IMAGEWIDTH, &columns) == 1
      && TIFFGetField (tiff, TIFFTAG_IMAGELENGTH, &rows) == 1 && columns > 0 && rows > 0
      && (guint64)columns * rows <= PAGE_SOURCE_MAX)
    pixels = g_try_new (guint32, (gsize)columns * rows);
  if (pixels != NULL
      && TIFFReadRGBAImageOriented (tiff, columns, rows, pixels, ORIENTATION_TOPLEFT, 1) == 1)
    {
      swap (pixels, (gsize)columns * rows);
      surface = draw (pixels, columns, rows, tallness (tiff), width);
    }
  TIFFClose (tiff);
  return surface;
}
