// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <string.h>

#include "page.h"

typedef struct
{
  const guint8 *data;
  gsize left;
} Rest;

static cairo_status_t
read_cb (void *closure, guchar *out, guint size)
{
  Rest *rest = closure;

  if (size > rest->left)
    return CAIRO_STATUS_READ_ERROR;
  memcpy (out, rest->data, size);
  rest->data += size;
  rest->left -= size;
  return CAIRO_STATUS_SUCCESS;
}

cairo_surface_t *
page_draw_png (GBytes *bytes, guint page, guint width, PageHead *head)
{
  Rest rest = { 0 };
  cairo_surface_t *source;

  rest.data = g_bytes_get_data (bytes, &rest.left);
  source = page == 0 ? cairo_image_surface_create_from_png_stream (read_cb, &rest) : NULL;
  if (source == NULL || cairo_surface_status (source) != CAIRO_STATUS_SUCCESS)
    return NULL;
  head->pages = 1;
  head->whole = TRUE;
  return page_paint (source, 1, width);
}
