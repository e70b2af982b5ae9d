// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <poppler.h>

#include "page.h"

/* A font that the file does not bring along is not here either. */
static gboolean
has_its_fonts (PopplerDocument *document, guint pages)
{
  PopplerFontInfo *fonts = poppler_font_info_new (document);
  PopplerFontsIter *iter = NULL;
  gboolean all = TRUE;

  if (!poppler_font_info_scan (fonts, (int)pages, &iter) || iter == NULL)
    return TRUE;
  do
    all = all && poppler_fonts_iter_is_embedded (iter);
  while (poppler_fonts_iter_next (iter));
  poppler_fonts_iter_free (iter);
  return all;
}

/* Nothing is given back: the process ends with it. */
cairo_surface_t *
page_draw_pdf (GBytes *bytes, guint page, guint width, PageHead *head)
{
  PopplerDocument *document = poppler_document_new_from_bytes (bytes, NULL, NULL);
  const int pages = document != NULL ? poppler_document_get_n_pages (document) : 0;
  PopplerPage *one
      = pages > 0 && page < (guint)pages ? poppler_document_get_page (document, (int)page) : NULL;
  double page_width = 0, page_height = 0, scale = 0;
  cairo_surface_t *surface;
  cairo_t *cr;

  if (one == NULL)
    return NULL;
  poppler_page_get_size (one, &page_width, &page_height);
  surface = page_make (page_width, page_height, width, &scale);
  if (surface == NULL)
    return NULL;
  cr = cairo_create (surface);
  cairo_scale (cr, scale, scale);
  poppler_page_render (one, cr);
  if (cairo_status (cr) != CAIRO_STATUS_SUCCESS)
    g_clear_pointer (&surface, cairo_surface_destroy);
  cairo_destroy (cr);
  head->pages = (guint32)pages;
  head->whole = has_its_fonts (document, (guint)pages) ? 1 : 0;
  return surface;
}
