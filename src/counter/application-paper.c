// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "application-paper.h"

#include <glib/gi18n.h>

#include "paper-flow.h"

#define GAP 8.0
#define LABEL_PART 0.34
#define LEFT_PART 0.6 /* of a line with a text at either end */
#define FOOT 22.0     /* of each page, for its number */
#define ROW_MIN 30.0  /* of what has to stand below a heading */
#define SIGN_HEIGHT 92.0
#define SIGN_ROOM 34.0 /* for a name written by hand */

void
counter_application_free (CounterApplication *application)
{
  if (application == NULL)
    return;
  g_free (application->office);
  g_free (application->counter);
  g_free (application->time);
  g_free (application->procedure);
  g_clear_pointer (&application->lines, g_ptr_array_unref);
  g_strfreev (application->handed_in);
  g_strfreev (application->missing);
  g_free (application);
}

static void
begin_cb (CounterFlow *flow, gconstpointer what)
{
  const CounterApplication *application = what;

  counter_flow_put_ends (flow, LEFT_PART, application->procedure,
                         _ ("Application to be checked (continued)"));
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
put_title (CounterFlow *flow, const CounterApplication *application)
{
  g_autofree char *place = g_strdup_printf ("%s　%s", application->office, application->counter);

  counter_flow_put_ends (flow, LEFT_PART, place, application->time);
  flow->y += GAP;
  put_centred (flow, COUNTER_PEN_TITLE, _ ("Application to be checked"));
  flow->y += GAP / 2;
  put_centred (flow, COUNTER_PEN_STRONG, application->procedure);
  flow->y += GAP;
  counter_flow_put_framed (flow, COUNTER_PEN_TEXT,
                           _ ("This print is for checking what was entered. It is no copy of the "
                              "application. If something is not right, please say so before you "
                              "sign."));
  flow->y += GAP;
  flow->top = flow->y;
}

static void
put_lines (CounterFlow *flow, const CounterApplication *application)
{
  const char *heading = NULL;

  for (guint i = 0; i < application->lines->len; i++)
    {
      const MdFormLine *line = g_ptr_array_index (application->lines, i);

      if (g_strcmp0 (heading, line->heading) != 0)
        {
          if (heading != NULL)
            counter_flow_skip (flow, GAP);
          heading = line->heading;
          counter_flow_put_heading (flow, heading, ROW_MIN);
        }
      counter_flow_put_row (flow, COUNTER_PEN_TEXT, line->label, line->value);
    }
}

static void
put_papers_of (CounterFlow *flow, GStrv labels, const char *word)
{
  for (guint i = 0; labels != NULL && labels[i] != NULL; i++)
    counter_flow_put_row (flow, COUNTER_PEN_TEXT, labels[i], word);
}

static void
put_papers (CounterFlow *flow, const CounterApplication *application)
{
  if ((application->handed_in == NULL || application->handed_in[0] == NULL)
      && (application->missing == NULL || application->missing[0] == NULL))
    return;
  counter_flow_skip (flow, GAP);
  counter_flow_put_heading (flow, _ ("Papers with the application"), ROW_MIN);
  put_papers_of (flow, application->handed_in, _ ("Received"));
  put_papers_of (flow, application->missing, _ ("Not received"));
}

/* Stays together. */
static void
put_signature (CounterFlow *flow)
{
  const double width = counter_paper_get_width (flow->paper);
  const double half = width / 2;
  CounterSlot slot = { 0, 0, half - GAP, PANGO_ALIGN_LEFT };

  counter_flow_skip (flow, 2 * GAP);
  counter_flow_need (flow, SIGN_HEIGHT);
  counter_flow_put_text (flow, COUNTER_PEN_STRONG, _ ("All of the above is right."));
  slot.y = flow->y + SIGN_ROOM;
  (void)counter_paper_put_text (flow->paper, COUNTER_PEN_TEXT, &slot,
                                C_ ("day of a signature", "Date"));
  slot.x = half;
  slot.width = half;
  flow->y = slot.y
            + counter_paper_put_text (flow->paper, COUNTER_PEN_TEXT, &slot,
                                      _ ("Signature (applicant or filer)"));
  counter_paper_put_rule (flow->paper, &(CounterPlace){ 0, flow->y + 2, half - GAP, 0 }, 0.6);
  counter_paper_put_rule (flow->paper, &(CounterPlace){ half, flow->y + 2, half, 0 }, 0.6);
}

static void
number_pages (CounterFlow *flow)
{
  const guint n = counter_paper_get_n_pages (flow->paper);

  for (guint page = 0; page < n; page++)
    {
      g_autofree char *number = g_strdup_printf (_ ("Page %u of %u"), page + 1, n);

      counter_paper_choose_page (flow->paper, page);
      flow->y = counter_paper_get_height (flow->paper) - FOOT + GAP;
      put_centred (flow, COUNTER_PEN_SMALL, number);
    }
}

CounterPaper *
counter_application_paper_new (const CounterApplication *application, double width, double height)
{
  CounterPaper *paper = counter_paper_new (width, height, 1);
  CounterFlow flow = { .paper = paper,
                       .bottom = height - FOOT,
                       .label_width = width * LABEL_PART,
                       .begin = begin_cb,
                       .what = application };

  put_title (&flow, application);
  put_lines (&flow, application);
  put_papers (&flow, application);
  put_signature (&flow);
  number_pages (&flow);
  return paper;
}
