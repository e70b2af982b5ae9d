// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "paper-check.h"

#define MM (72 / 25.4)
#define HAIR 0.01
#define SCALE 2.5

double
paper_sheet_width (const PaperSheet *self)
{
  return (self->width - 2 * self->margin) * MM;
}

double
paper_sheet_height (const PaperSheet *self)
{
  return (self->height - 2 * self->margin) * MM;
}

static gboolean
overlap (const CounterPlace *one, const CounterPlace *other)
{
  return one->x + HAIR < other->x + other->width && other->x + HAIR < one->x + one->width
         && one->y + HAIR < other->y + other->height && other->y + HAIR < one->y + one->height;
}

void
paper_check_places (const CounterPaper *paper)
{
  g_autoptr (GArray) marks = counter_paper_list_marks (paper);

  for (guint i = 0; i < marks->len; i++)
    {
      const CounterMark *mark = &g_array_index (marks, CounterMark, i);

      g_assert_cmpfloat (mark->place.x, >=, -HAIR);
      g_assert_cmpfloat (mark->place.y, >=, -HAIR);
      g_assert_cmpfloat (mark->place.x + mark->place.width, <=,
                         counter_paper_get_width (paper) + HAIR);
      g_assert_cmpfloat (mark->place.y + mark->place.height, <=,
                         counter_paper_get_height (paper) + HAIR);
      for (guint k = 0; mark->text != NULL && k < i; k++)
        {
          const CounterMark *before = &g_array_index (marks, CounterMark, k);

          if (before->text != NULL && before->page == mark->page
              && overlap (&before->place, &mark->place))
            g_error ("\"%s\" stands over \"%s\"", mark->text, before->text);
        }
    }
}

void
paper_leave_pictures (const CounterPaper *paper, const PaperSheet *sheet, const char *folder,
                      const char *name)
{
  for (guint page = 0; folder != NULL && page < counter_paper_get_n_pages (paper); page++)
    {
      g_autofree char *file = g_strdup_printf ("%s/%s-%u.png", folder, name, page + 1);
      cairo_surface_t *surface = cairo_image_surface_create (
          CAIRO_FORMAT_RGB24, (int)(sheet->width * MM * SCALE), (int)(sheet->height * MM * SCALE));
      cairo_t *cr = cairo_create (surface);

      cairo_set_source_rgb (cr, 1, 1, 1);
      cairo_paint (cr);
      cairo_scale (cr, SCALE, SCALE);
      cairo_translate (cr, sheet->margin * MM, sheet->margin * MM);
      counter_paper_draw (paper, page, cr);
      cairo_destroy (cr);
      g_assert_cmpint (cairo_surface_write_to_png (surface, file), ==, CAIRO_STATUS_SUCCESS);
      cairo_surface_destroy (surface);
    }
}
