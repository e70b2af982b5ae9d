// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <stdio.h>

#include <jpeglib.h>
#include <unistd.h>

#include "page.h"

#define EIGHTHS 8u

/* The library expects not to be returned to, and there is nothing here to be kept. */
static void
give_up (j_common_ptr info)
{
  _exit (1);
}

static void
keep_silent (j_common_ptr info)
{
}

static void
keep_level_silent (j_common_ptr info, int level)
{
}

/* Decoded no larger than it is shown, as far as the library can. */
static void
choose_size (struct jpeg_decompress_struct *info, guint width)
{
  info->scale_denom = EIGHTHS;
  info->scale_num = 1;
  while (info->scale_num < EIGHTHS
         && (guint64)info->image_width * info->scale_num / EIGHTHS < width)
    info->scale_num++;
}

/* Ink, as printing houses have it, to what a screen has; Adobe writes how little ink there is. */
static void
from_ink (guint8 *row, guint columns, gboolean turned)
{
  for (guint x = 0; x < columns; x++)
    {
      guint8 *dot = row + (gsize)x * 4;
      guint rest[4];

      for (guint i = 0; i < 4; i++)
        rest[i] = turned ? dot[i] : 255u - dot[i];
      dot[0] = (guint8)(rest[2] * rest[3] / 255);
      dot[1] = (guint8)(rest[1] * rest[3] / 255);
      dot[2] = (guint8)(rest[0] * rest[3] / 255);
      dot[3] = 255;
    }
}

static cairo_surface_t *
decode (struct jpeg_decompress_struct *info)
{
  const gboolean ink = info->out_color_space == JCS_CMYK;
  cairo_surface_t *source
      = (guint64)info->output_width * info->output_height <= PAGE_SOURCE_MAX
            ? cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int)info->output_width,
                                          (int)info->output_height)
            : NULL;
  guint8 *pixels = source != NULL ? cairo_image_surface_get_data (source) : NULL;
  const gsize stride = pixels != NULL ? (gsize)cairo_image_surface_get_stride (source) : 0;

  while (pixels != NULL && info->output_scanline < info->output_height)
    {
      JSAMPROW row = pixels + (gsize)info->output_scanline * stride;

      if (jpeg_read_scanlines (info, &row, 1) != 1)
        return NULL;
      if (ink)
        from_ink (row, info->output_width, info->saw_Adobe_marker);
    }
  if (pixels == NULL)
    return NULL;
  cairo_surface_mark_dirty (source);
  return source;
}

cairo_surface_t *
page_draw_jpeg (GBytes *bytes, guint page, guint width, PageHead *head)
{
  struct jpeg_decompress_struct info = { 0 };
  struct jpeg_error_mgr errors = { 0 };
  cairo_surface_t *source;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  info.err = jpeg_std_error (&errors);
  errors.error_exit = give_up;
  errors.output_message = keep_silent;
  errors.emit_message = keep_level_silent;
  jpeg_create_decompress (&info);
  jpeg_mem_src (&info, data, size);
  if (page != 0 || jpeg_read_header (&info, TRUE) != JPEG_HEADER_OK)
    return NULL;
  info.out_color_space = info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK
                             ? JCS_CMYK
                             : JCS_EXT_BGRX;
  choose_size (&info, width);
  if (!jpeg_start_decompress (&info))
    return NULL;
  source = decode (&info);
  head->pages = 1;
  head->whole = TRUE;
  return source != NULL ? page_paint (source, 1, width) : NULL;
}
