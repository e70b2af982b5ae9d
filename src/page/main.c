// SPDX-License-Identifier: Apache-2.0
/* madoguchi-page PAGE WIDTH: draws one page of the document or picture at its standard input, and
 * writes a PageHead and the pixels. The document is hostile until shown otherwise, and the
 * libraries that read it are large: it is read before the fence is up and looked at behind it. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "page.h"

#define DOCUMENT_MAX (64u * 1024u * 1024u)
#define PIECE 65536u
#define SIDE_MAX 4000.0

cairo_surface_t *
page_make (double page_width, double page_height, guint width, double *out_scale)
{
  const gboolean has_size
      = page_width >= 1 && page_height >= 1 && page_width <= 1e6 && page_height <= 1e6;
  double scale = has_size ? MIN (width / page_width, SIDE_MAX / page_height) : 0;
  cairo_surface_t *surface;
  cairo_t *cr;

  while (scale > 0 && page_width * page_height * scale * scale > PAGE_PIXELS_MAX)
    scale *= 0.95;
  if (!has_size || page_width * scale < 1 || page_height * scale < 1)
    return NULL;
  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int)(page_width * scale),
                                        (int)(page_height * scale));
  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    {
      cairo_surface_destroy (surface);
      return NULL;
    }
  cr = cairo_create (surface);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_destroy (cr);
  *out_scale = scale;
  return surface;
}

cairo_surface_t *
page_paint (cairo_surface_t *source, double tall, guint width)
{
  double scale = 0;
  cairo_surface_t *surface
      = page_make (cairo_image_surface_get_width (source),
                   cairo_image_surface_get_height (source) * tall, width, &scale);
  cairo_t *cr;

  if (surface == NULL)
    return NULL;
  cr = cairo_create (surface);
  cairo_scale (cr, scale, scale * tall);
  cairo_set_source_surface (cr, source, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_GOOD);
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD); /* no paler at its edges */
  cairo_paint (cr);
  cairo_destroy (cr);
  return surface;
}

static GBytes *
read_all (void)
{
  g_autoptr (GByteArray) all = g_byte_array_sized_new (PIECE);
  guint8 piece[1024];
  ssize_t n;

  while ((n = read (STDIN_FILENO, piece, sizeof piece)) > 0 || (n < 0 && errno == EINTR))
    {
      if (n > 0 && all->len + (guint)n > DOCUMENT_MAX)
        return NULL;
      g_byte_array_append (all, piece, n > 0 ? (guint)n : 0);
    }
  return n == 0 ? g_byte_array_free_to_bytes (g_steal_pointer (&all)) : NULL;
}

static gboolean
write_all (gconstpointer data, gsize size)
{
  const guint8 *at = data;

  while (size > 0)
    {
      const ssize_t n = write (STDOUT_FILENO, at, size);

      if (n < 0 && errno != EINTR)
        return FALSE;
      at += MAX (n, 0);
      size -= (gsize)MAX (n, 0);
    }
  return TRUE;
}

static gboolean
write_page (cairo_surface_t *surface, PageHead *head)
{
  const guchar *pixels;
  int stride;
  gboolean good;

  cairo_surface_flush (surface);
  pixels = cairo_image_surface_get_data (surface);
  stride = cairo_image_surface_get_stride (surface);
  head->magic = PAGE_MAGIC;
  head->width = (guint32)cairo_image_surface_get_width (surface);
  head->height = (guint32)cairo_image_surface_get_height (surface);
  good = write_all (head, sizeof *head);
  for (guint32 y = 0; good && y < head->height; y++)
    good = write_all (pixels + (gsize)y * (gsize)stride, (gsize)head->width * 4);
  return good;
}

/* By its first bytes. */
static cairo_surface_t *
draw (GBytes *bytes, guint page, guint width, PageHead *head)
{
  static const struct
  {
    const char *start;
    gsize size;
    PageDraw *draw;
  } kinds[] = {
    { "%PDF-", 5, page_draw_pdf },
    { "\xff\xd8\xff", 3, page_draw_jpeg },
    { "\x89PNG\r\n\x1a\n", 8, page_draw_png },
    { "\xff\x4f\xff\x51", 4, page_draw_jp2 },
    { "II*", 4, page_draw_tiff }, /* with the 0 behind it */
    { "MM\0*", 4, page_draw_tiff },
  };
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (size > kinds[i].size && memcmp (data, kinds[i].start, kinds[i].size) == 0)
      return kinds[i].draw (bytes, page, width, head);
  return NULL;
}

int
main (int argc, char **argv)
{
  g_autoptr (GBytes) bytes = NULL;
  PageHead head = { 0 };
  cairo_surface_t *surface;
  const guint page = argc == 3 ? (guint)g_ascii_strtoull (argv[1], NULL, 10) : 0;
  const guint width = argc == 3 ? (guint)g_ascii_strtoull (argv[2], NULL, 10) : 0;

  if (width == 0 || width > SIDE_MAX || page >= 1000 || (bytes = read_all ()) == NULL
      || !page_fence ())
    return 2;
  surface = draw (bytes, page, width, &head);
  return surface != NULL && write_page (surface, &head) ? 0 : 1;
}
