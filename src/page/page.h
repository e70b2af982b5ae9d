// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

#define PAGE_PIXELS_MAX (4u * 1000u * 1000u)
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
 * cannot be drawn. */
cairo_surface_t *page_draw_pdf (GBytes *bytes, guint page, guint width, PageHead *head);
cairo_surface_t *page_draw_tiff (GBytes *bytes, guint page, guint width, PageHead *head);

/* White, of the size at which a page of those sides is shown; NULL: it has none. */
cairo_surface_t *page_make (double page_width, double page_height, guint width, double *out_scale);

G_END_DECLS
