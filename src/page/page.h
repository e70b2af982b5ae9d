// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

#define PAGE_PIXELS_MAX (4u * 1000u * 1000u)
#define PAGE_SOURCE_MAX (40u * 1000u * 1000u) /* pixels that are read for one page */
#define PAGE_MAGIC 0x4d445047u

/* What is said before the pixels, in the order of bytes of this machine: rows of WIDTH times four
 * bytes (blue, green, red, 255) follow. */
typedef struct
{
  guint32 magic;
  guint32 pages;         /* of the document */
  guint32 width, height; /* of this page as it is drawn */
  guint32 whole;         /* 0: something of it may be missing here, a font for one */
} PageHead;

/* From here on this process can read and write what it has open, and ask for memory: nothing else.
 * FALSE: it could not be fenced in, and nothing may be drawn. */
gboolean page_fence (void);

/* The page of that number, from 0 on, as WIDTH pixels wide as PAGE_PIXELS_MAX lets it be. NULL: it
 * cannot be drawn. What has one page alone has no other than 0. */
typedef cairo_surface_t *PageDraw (GBytes *bytes, guint page, guint width, PageHead *head);
PageDraw page_draw_pdf, page_draw_tiff, page_draw_jpeg, page_draw_png;
/* The codestream of a JPEG 2000, as it lies in the picture of a card's face: its components are
 * eight bits deep at most, one (grey) or three. */
PageDraw page_draw_jp2;

/* White, of the size at which a page of those sides is shown; NULL: it has none. */
cairo_surface_t *page_make (double page_width, double page_height, guint width, double *out_scale);

/* SOURCE upon white, of the size at which it is shown; its dots are TALL times taller than wide. */
cairo_surface_t *page_paint (cairo_surface_t *source, double tall, guint width);

G_END_DECLS
