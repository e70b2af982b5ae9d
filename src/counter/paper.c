// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "paper.h"

#include <qrencode.h>

#define FAMILY "BIZ UDPGothic, Noto Sans CJK JP, sans-serif"
#define FAMILY_FIXED "BIZ UDGothic, Noto Sans CJK JP, monospace"
#define POINTS_PER_INCH 72
#define QUIET 4 /* modules of white that a reader needs around a code */

typedef enum
{
  KIND_TEXT,
  KIND_RULE,
  KIND_SHADE,
  KIND_CODE,
} Kind;

typedef struct
{
  Kind kind;
  guint page;
  CounterPlace place;
  CounterPen pen;
  PangoLayout *layout;
  double left; /* of its slot, before what the alignment leaves */
  QRcode *code;
  double weight;
} Thing;

struct _CounterPaper
{
  double width, height, scale;
  guint n_pages, page;
  PangoContext *context;
  GArray *things; /* Thing */
};

static const struct
{
  const char *family;
  double points;
  PangoWeight weight;
  double gray; /* 0: black */
  double spacing;
} pens[COUNTER_N_PENS] = {
  [COUNTER_PEN_TITLE] = { FAMILY, 16, PANGO_WEIGHT_BOLD, 0, 1.5 },
  [COUNTER_PEN_NUMBER] = { FAMILY_FIXED, 25, PANGO_WEIGHT_BOLD, 0, 0 },
  [COUNTER_PEN_HEAD] = { FAMILY, 10.5, PANGO_WEIGHT_BOLD, 0, 0 },
  [COUNTER_PEN_STRONG] = { FAMILY, 10.5, PANGO_WEIGHT_BOLD, 0, 0 },
  [COUNTER_PEN_TEXT] = { FAMILY, 10, PANGO_WEIGHT_NORMAL, 0, 0 },
  [COUNTER_PEN_LABEL] = { FAMILY, 8.5, PANGO_WEIGHT_NORMAL, 0.25, 0 },
  [COUNTER_PEN_SMALL] = { FAMILY, 8, PANGO_WEIGHT_NORMAL, 0.25, 0 },
};

static void
thing_clear (gpointer data)
{
  Thing *thing = data;

  g_clear_object (&thing->layout);
  g_clear_pointer (&thing->code, QRcode_free);
}

/* As wide on every printer: nothing is moved to the dots of a screen. */
static PangoContext *
make_context (void)
{
  g_autoptr (PangoFontMap) map = pango_cairo_font_map_new ();
  PangoContext *context;
  cairo_font_options_t *options = cairo_font_options_create ();

  pango_cairo_font_map_set_resolution (PANGO_CAIRO_FONT_MAP (map), POINTS_PER_INCH);
  context = pango_font_map_create_context (map);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options (context, options);
  pango_context_set_round_glyph_positions (context, FALSE);
  cairo_font_options_destroy (options);
  return context;
}

CounterPaper *
counter_paper_new (double width, double height, double scale)
{
  CounterPaper *self = g_new0 (CounterPaper, 1);

  self->width = width;
  self->height = height;
  self->scale = scale;
  self->n_pages = 1;
  self->context = make_context ();
  self->things = g_array_new (FALSE, TRUE, sizeof (Thing));
  g_array_set_clear_func (self->things, thing_clear);
  return self;
}

void
counter_paper_free (CounterPaper *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->things);
  g_object_unref (self->context);
  g_free (self);
}

double
counter_paper_get_width (const CounterPaper *self)
{
  return self->width;
}

double
counter_paper_get_height (const CounterPaper *self)
{
  return self->height;
}

guint
counter_paper_get_n_pages (const CounterPaper *self)
{
  return self->n_pages;
}

void
counter_paper_add_page (CounterPaper *self)
{
  self->page = self->n_pages++;
}

void
counter_paper_choose_page (CounterPaper *self, guint page)
{
  g_return_if_fail (page < self->n_pages);

  self->page = page;
}

/* --- text --- */

static PangoLayout *
make_layout (CounterPaper *self, CounterPen pen, double width, const char *text)
{
  PangoLayout *layout = pango_layout_new (self->context);
  const double size = pens[pen].points * self->scale * PANGO_SCALE;
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string (pens[pen].family);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  pango_font_description_set_weight (font, pens[pen].weight);
  pango_font_description_set_size (font, (int)size);
  pango_attr_list_insert (attributes,
                          pango_attr_letter_spacing_new ((int)(pens[pen].spacing * PANGO_SCALE)));
  pango_layout_set_attributes (layout, attributes);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_width (layout, (int)(width * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_spacing (layout, (int)(size / 5));
  pango_layout_set_text (layout, text, -1);
  return layout;
}

static double
height_of (PangoLayout *layout)
{
  int height = 0;

  pango_layout_get_size (layout, NULL, &height);
  return (double)height / PANGO_SCALE;
}

double
counter_paper_measure (CounterPaper *self, CounterPen pen, double width, const char *text)
{
  g_autoptr (PangoLayout) layout = make_layout (self, pen, width, text);

  return height_of (layout);
}

gsize
counter_paper_fit (CounterPaper *self, CounterPen pen, const CounterPlace *place, const char *text)
{
  g_autoptr (PangoLayout) layout = make_layout (self, pen, place->width, text);
  PangoLayoutIter *iter = pango_layout_get_iter (layout);
  gsize fits = 0;

  do
    {
      const PangoLayoutLine *line = pango_layout_iter_get_line_readonly (iter);
      PangoRectangle extents;

      pango_layout_iter_get_line_extents (iter, NULL, &extents);
      if (pango_units_to_double (extents.y + extents.height) > place->height)
        break;
      fits = (gsize)(line->start_index + line->length);
    }
  while (pango_layout_iter_next_line (iter));
  pango_layout_iter_free (iter);
  return fits;
}

double
counter_paper_put_text (CounterPaper *self, CounterPen pen, const CounterSlot *slot,
                        const char *text)
{
  Thing thing = { .kind = KIND_TEXT, .page = self->page, .pen = pen, .left = slot->x };
  PangoRectangle extents;

  thing.layout = make_layout (self, pen, slot->width, text);
  pango_layout_set_alignment (thing.layout, slot->align);
  pango_layout_get_extents (thing.layout, NULL, &extents);
  thing.place = (CounterPlace){ slot->x + pango_units_to_double (extents.x), slot->y,
                                pango_units_to_double (extents.width),
                                pango_units_to_double (extents.height) };
  g_array_append_val (self->things, thing);
  return thing.place.height;
}

/* --- lines and codes --- */

void
counter_paper_put_rule (CounterPaper *self, const CounterPlace *place, double weight)
{
  const Thing thing = { .kind = KIND_RULE, .page = self->page, .place = *place, .weight = weight };

  g_array_append_val (self->things, thing);
}

void
counter_paper_put_shade (CounterPaper *self, const CounterPlace *place)
{
  const Thing thing = { .kind = KIND_SHADE, .page = self->page, .place = *place };

  g_array_append_val (self->things, thing);
}

gboolean
counter_paper_put_code (CounterPaper *self, const CounterPlace *place, const char *text)
{
  Thing thing = { .kind = KIND_CODE, .page = self->page, .place = *place };

  thing.code = QRcode_encodeString (text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
  if (thing.code == NULL)
    return FALSE;
  g_array_append_val (self->things, thing);
  return TRUE;
}

/* --- drawing --- */

static void
draw_code (const Thing *thing, cairo_t *cr)
{
  const int n = thing->code->width;
  const double size = MIN (thing->place.width, thing->place.height) / (n + 2 * QUIET);

  cairo_save (cr);
  cairo_translate (cr, thing->place.x + QUIET * size, thing->place.y + QUIET * size);
  cairo_scale (cr, size, size);
  for (int y = 0; y < n; y++)
    for (int x = 0; x < n; x++)
      if ((thing->code->data[y * n + x] & 1) != 0)
        cairo_rectangle (cr, x, y, 1, 1);
  cairo_fill (cr);
  cairo_restore (cr);
}

static void
draw_rule (const Thing *thing, cairo_t *cr)
{
  const CounterPlace *at = &thing->place;

  cairo_set_line_width (cr, thing->weight);
  if (at->width > 0 && at->height > 0)
    cairo_rectangle (cr, at->x, at->y, at->width, at->height);
  else
    {
      cairo_move_to (cr, at->x, at->y);
      cairo_rel_line_to (cr, at->width, at->height);
    }
  cairo_stroke (cr);
}

static void
draw_thing (const Thing *thing, cairo_t *cr)
{
  const CounterPlace *at = &thing->place;
  const double gray = thing->kind == KIND_TEXT ? pens[thing->pen].gray : 0;

  cairo_set_source_rgb (cr, gray, gray, gray);
  switch (thing->kind)
    {
    case KIND_TEXT:
      cairo_move_to (cr, thing->left, at->y);
      pango_cairo_show_layout (cr, thing->layout);
      break;
    case KIND_RULE:
      draw_rule (thing, cr);
      break;
    case KIND_SHADE:
      cairo_set_source_rgb (cr, 0.91, 0.91, 0.91);
      cairo_rectangle (cr, at->x, at->y, at->width, at->height);
      cairo_fill (cr);
      break;
    case KIND_CODE:
    default:
      draw_code (thing, cr);
    }
}

void
counter_paper_draw (const CounterPaper *self, guint page, cairo_t *cr)
{
  for (guint i = 0; i < self->things->len; i++)
    {
      const Thing *thing = &g_array_index (self->things, Thing, i);

      if (thing->page == page)
        draw_thing (thing, cr);
    }
}

GArray *
counter_paper_list_marks (const CounterPaper *self)
{
  GArray *marks = g_array_new (FALSE, FALSE, sizeof (CounterMark));

  for (guint i = 0; i < self->things->len; i++)
    {
      const Thing *thing = &g_array_index (self->things, Thing, i);
      const CounterMark mark
          = { thing->page, thing->place,
              thing->layout != NULL ? pango_layout_get_text (thing->layout) : NULL };

      g_array_append_val (marks, mark);
    }
  return marks;
}
