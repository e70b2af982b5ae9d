// SPDX-License-Identifier: Apache-2.0
/* The picture of a card's face. Its headers were looked at where it was read (src/identity), so
 * that no more is decoded here than cards have; a card may be forged all the same. */
#include "config.h"

#include <openjpeg.h>
#include <string.h>

#include "page.h"

typedef struct
{
  const guint8 *data;
  gsize size, at;
} Stream;

static OPJ_SIZE_T
read_cb (void *buffer, OPJ_SIZE_T size, void *data)
{
  Stream *stream = data;
  const gsize taken = MIN (size, stream->size - stream->at);

  if (taken == 0)
    return (OPJ_SIZE_T)-1;
  memcpy (buffer, stream->data + stream->at, taken);
  stream->at += taken;
  return taken;
}

static OPJ_OFF_T
skip_cb (OPJ_OFF_T count, void *data)
{
  Stream *stream = data;

  if (count < 0 || (guint64)count > stream->size - stream->at)
    return -1;
  stream->at += (gsize)count;
  return count;
}

static OPJ_BOOL
seek_cb (OPJ_OFF_T offset, void *data)
{
  Stream *stream = data;

  if (offset < 0 || (guint64)offset > stream->size)
    return OPJ_FALSE;
  stream->at = (gsize)offset;
  return OPJ_TRUE;
}

static void
keep_silent (const char *message, void *data)
{
}

/* What is not freed goes with the process. */
static opj_image_t *
decode (Stream *stream)
{
  opj_dparameters_t *parameters = g_new0 (opj_dparameters_t, 1);
  opj_stream_t *reader = opj_stream_create (4096, OPJ_TRUE);
  opj_codec_t *codec = opj_create_decompress (OPJ_CODEC_J2K);
  opj_image_t *image = NULL;

  if (reader == NULL || codec == NULL)
    return NULL;
  opj_stream_set_read_function (reader, read_cb);
  opj_stream_set_skip_function (reader, skip_cb);
  opj_stream_set_seek_function (reader, seek_cb);
  opj_stream_set_user_data (reader, stream, NULL);
  opj_stream_set_user_data_length (reader, stream->size);
  opj_set_info_handler (codec, keep_silent, NULL);
  opj_set_warning_handler (codec, keep_silent, NULL);
  opj_set_error_handler (codec, keep_silent, NULL);
  opj_set_default_decoder_parameters (parameters);
  if (!opj_setup_decoder (codec, parameters) || !opj_decoder_set_strict_mode (codec, OPJ_TRUE)
      || !opj_read_header (reader, codec, &image) || !opj_decode (codec, reader, image)
      || !opj_end_decompress (codec, reader))
    return NULL;
  return image;
}

static gboolean
is_whole (const opj_image_t *image)
{
  if (image->numcomps != 1 && image->numcomps != 3)
    return FALSE;
  for (guint i = 0; i < image->numcomps; i++)
    {
      const opj_image_comp_t *component = &image->comps[i];

      if (component->data == NULL || component->w == 0 || component->h == 0
          || component->w != image->comps[0].w || component->h != image->comps[0].h
          || component->prec < 1 || component->prec > 8 || component->sgnd != 0
          || (guint64)component->w * component->h > PAGE_PIXELS_MAX)
        return FALSE;
    }
  return TRUE;
}

static guint32
sample_at (const opj_image_t *image, guint component, gsize at)
{
  const opj_image_comp_t *of = &image->comps[component < image->numcomps ? component : 0];
  const int top = (1 << of->prec) - 1;

  return (guint32)(CLAMP (of->data[at], 0, top) * 255 / top);
}

cairo_surface_t *
page_draw_jp2 (GBytes *bytes, guint page, guint width, PageHead *head)
{
  Stream stream = { 0 };
  opj_image_t *image;
  cairo_surface_t *source;
  guchar *pixels;
  gsize columns, rows, stride;

  stream.data = g_bytes_get_data (bytes, &stream.size);
  image = page == 0 ? decode (&stream) : NULL;
  if (image == NULL || !is_whole (image))
    return NULL;
  columns = image->comps[0].w;
  rows = image->comps[0].h;
  source = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int)columns, (int)rows);
  pixels = cairo_image_surface_get_data (source);
  stride = (gsize)cairo_image_surface_get_stride (source);
  for (gsize y = 0; pixels != NULL && y < rows; y++)
    for (gsize x = 0; x < columns; x++)
      {
        const gsize at = y * columns + x;
        const guint32 dot = sample_at (image, 0, at) << 16 | sample_at (image, 1, at) << 8
                            | sample_at (image, 2, at);

        memcpy (pixels + y * stride + x * 4, &dot, sizeof dot);
      }
  cairo_surface_mark_dirty (source);
  head->pages = 1;
  head->whole = TRUE;
  return pixels != NULL ? page_paint (source, 1, width) : NULL;
}
