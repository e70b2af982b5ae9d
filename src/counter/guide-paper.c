// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "guide-paper.h"

#include <glib/gi18n.h>

#include "paper-flow.h"

#define GAP 8.0
#define LABEL_PART 0.2
#define LEFT_PART 0.6
#define FOOT 40.0

static void
line_free (gpointer data)
{
  CounterGuideLine *line = data;

  g_free (line->title);
  g_free (line->place);
  g_free (line->reason);
  g_free (line->deadline);
  g_free (line->bring);
  g_free (line->bring_if);
  g_free (line->done);
  g_free (line);
}

CounterGuideSheet *
counter_guide_sheet_new (void)
{
  CounterGuideSheet *sheet = g_new0 (CounterGuideSheet, 1);

  sheet->lines = g_ptr_array_new_with_free_func (line_free);
  return sheet;
}

void
counter_guide_sheet_free (CounterGuideSheet *sheet)
{
  if (sheet == NULL)
    return;
  g_free (sheet->office);
  g_free (sheet->counter);
  g_free (sheet->time);
  g_free (sheet->event);
  g_ptr_array_unref (sheet->lines);
  g_free (sheet);
}

CounterGuideLine *
counter_guide_sheet_add (CounterGuideSheet *sheet)
{
  CounterGuideLine *line = g_new0 (CounterGuideLine, 1);

  g_ptr_array_add (sheet->lines, line);
  return line;
}

static void
begin_cb (CounterFlow *flow, gconstpointer what)
{
  const CounterGuideSheet *sheet = what;

  counter_flow_put_ends (flow, LEFT_PART, sheet->event, _ ("What there is to do (continued)"));
  flow->y += GAP / 2;
  counter_flow_put_across (flow, 0.4);
  flow->y += GAP / 2;
}

static void
put_centred (CounterFlow *flow, CounterPen pen, const char *text)
{
  const CounterSlot slot
      = { 0, flow->y, counter_paper_get_width (flow->paper), PANGO_ALIGN_CENTER };

  flow->y += counter_paper_put_text (flow->paper, pen, &slot, text);
}

static void
put_title (CounterFlow *flow, const CounterGuideSheet *sheet)
{
  g_autofree char *place = g_strdup_printf ("%s　%s", sheet->office, sheet->counter);
  g_autofree char *event = g_strdup_printf (_ ("After: %s"), sheet->event);

  counter_flow_put_ends (flow, LEFT_PART, place, sheet->time);
  flow->y += GAP;
  put_centred (flow, COUNTER_PEN_TITLE, _ ("What there is to do"));
  flow->y += GAP / 2;
  put_centred (flow, COUNTER_PEN_STRONG, event);
  flow->y += GAP;
  counter_flow_put_framed (flow, COUNTER_PEN_TEXT,
                           _ ("Please go to each counter by the day that is given, with what is "
                              "to be brought. Tick what is done."));
  flow->y += GAP;
  flow->top = flow->y;
}

typedef struct
{
  const char *label, *value;
} Row;

/* With a place to tick it off, and all of it together. */
static void
put_line (CounterFlow *flow, const CounterGuideLine *line)
{
  const Row rows[]
      = { { _ ("Where to go"), line->place },         { _ ("By when"), line->deadline },
          { _ ("Reason it is due"), line->reason },   { _ ("To bring"), line->bring },
          { _ ("Where it applies"), line->bring_if }, { _ ("Guidance"), line->done } };
  const double width = counter_paper_get_width (flow->paper);
  g_autofree char *title
      = g_strdup_printf (line->certain ? "□ %s" : _ ("□ %s (ask whether it applies)"), line->title);
  double height = counter_paper_measure (flow->paper, COUNTER_PEN_HEAD, width, title) + 2 * GAP;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].value != NULL && *rows[i].value != '\0')
      height += counter_paper_measure (flow->paper, COUNTER_PEN_TEXT, width * (1 - LABEL_PART),
                                       rows[i].value)
                + GAP;
  counter_flow_need (flow, MIN (height, (flow->bottom - flow->top) / 2));
  counter_flow_put_heading (flow, title, 2 * GAP);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].value != NULL && *rows[i].value != '\0')
      counter_flow_put_row (flow, COUNTER_PEN_TEXT, rows[i].label, rows[i].value);
  counter_flow_skip (flow, GAP);
}

static void
put_foot (CounterFlow *flow, double at)
{
  flow->y = at;
  flow->bottom = G_MAXDOUBLE;
  counter_flow_put_across (flow, 0.4);
  flow->y += GAP / 2;
  counter_flow_put_text (flow, COUNTER_PEN_SMALL,
                         _ ("By what was told at the counter; it may change with the case. No name "
                            "and no number is on this sheet."));
}

CounterPaper *
counter_guide_paper_new (const CounterGuideSheet *sheet, double width, double height)
{
  CounterPaper *paper = counter_paper_new (width, height, 1);
  CounterFlow flow = { .paper = paper,
                       .bottom = height - FOOT,
                       .label_width = width * LABEL_PART,
                       .begin = begin_cb,
                       .what = sheet };

  put_title (&flow, sheet);
  for (guint i = 0; i < sheet->lines->len; i++)
    put_line (&flow, g_ptr_array_index (sheet->lines, i));
  put_foot (&flow, height - FOOT + GAP);
  return paper;
}
