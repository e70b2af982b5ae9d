// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "slip-paper.h"

#include <glib/gi18n.h>

#include <md-forms.h>

#include "paper-flow.h"

#define CODE 74.0    /* points: a code of 21 modules that any telephone reads */
#define NARROW 252.0 /* points: A6, for which the sizes below are meant */
#define SCALE_MAX 1.2
#define LEAD 2.5
#define GAP 6.0
#define LABEL_PART 0.27
#define LEFT_PART 0.5 /* of a line with a text at either end */

CounterSlip *
counter_slip_copy (const CounterSlip *slip)
{
  CounterSlip *copy = g_new0 (CounterSlip, 1);

  copy->office = g_strdup (slip->office);
  copy->counter = g_strdup (slip->counter);
  copy->clerk = g_strdup (slip->clerk);
  copy->time = g_strdup (slip->time);
  copy->receipt = g_strdup (slip->receipt);
  copy->procedure = g_strdup (slip->procedure);
  copy->name = g_strdup (slip->name);
  copy->explained = g_strdup (slip->explained);
  copy->guided = g_strdup (slip->guided);
  copy->handed_in = g_strdupv (slip->handed_in);
  copy->missing = g_strdupv (slip->missing);
  copy->told_alone = g_strdupv (slip->told_alone);
  copy->deferred = slip->deferred;
  return copy;
}

void
counter_slip_free (CounterSlip *slip)
{
  if (slip == NULL)
    return;
  g_free (slip->office);
  g_free (slip->counter);
  g_free (slip->clerk);
  g_free (slip->time);
  g_free (slip->receipt);
  g_free (slip->procedure);
  md_filter_wipe (slip->name);
  g_free (slip->explained);
  g_free (slip->guided);
  g_strfreev (slip->handed_in);
  g_strfreev (slip->missing);
  g_strfreev (slip->told_alone);
  g_free (slip);
}

/* Where there is more room the letters are larger. */
static double
scale_of (double width)
{
  return CLAMP (width / NARROW, 1, SCALE_MAX);
}

/* A further page says only whose it is. */
static void
begin_cb (CounterFlow *flow, gconstpointer what)
{
  const CounterSlip *slip = what;

  counter_flow_put_ends (flow, LEFT_PART, _ ("Receipt slip"), slip->receipt);
  flow->y += GAP;
  counter_flow_put_across (flow, 0.4);
}

static void
put_title (CounterFlow *flow, const CounterSlip *slip, const char *words)
{
  const CounterSlot slot = { 0, 0, counter_paper_get_width (flow->paper), PANGO_ALIGN_CENTER };
  CounterSlot title = slot;

  counter_flow_put_ends (flow, LEFT_PART, slip->office, slip->time);
  title.y = flow->y + GAP;
  flow->y = title.y + counter_paper_put_text (flow->paper, COUNTER_PEN_TITLE, &title, words) + GAP;
}

/* The number, large, and its code beside it. */
static void
put_number (CounterFlow *flow, const CounterSlip *slip)
{
  const double width = counter_paper_get_width (flow->paper);
  const double size = CODE * scale_of (width);
  const CounterPlace code = { width - size, flow->y + LEAD, size, size };
  CounterSlot slot = { 0, flow->y + 2 * GAP, width - size - GAP, PANGO_ALIGN_LEFT };

  counter_flow_put_across (flow, 1.2);
  slot.y += counter_paper_put_text (flow->paper, COUNTER_PEN_LABEL, &slot, _ ("Receipt number"))
            + LEAD;
  slot.y += counter_paper_put_text (flow->paper, COUNTER_PEN_NUMBER, &slot, slip->receipt) + LEAD;
  slot.y += counter_paper_put_text (flow->paper, COUNTER_PEN_SMALL, &slot,
                                    _ ("Please say this number when you ask."));
  (void)counter_paper_put_code (flow->paper, &code, slip->receipt);
  flow->y = MAX (slot.y + GAP, code.y + code.height + LEAD);
  counter_flow_put_across (flow, 1.2);
}

/* One paper a line; or that there is none. */
static char *
join (GStrv labels, const char *none)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; labels != NULL && labels[i] != NULL; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", labels[i]);
  return g_strdup (text->len > 0 ? text->str : none);
}

static void
put_papers (CounterFlow *flow, const CounterSlip *slip)
{
  const gboolean waits = slip->missing != NULL && slip->missing[0] != NULL;
  g_autofree char *there = join (slip->handed_in, _ ("None"));
  g_autofree char *missing = join (slip->missing, _ ("None"));

  counter_flow_put_row (flow, COUNTER_PEN_TEXT, _ ("Papers handed over"), there);
  counter_flow_put_row (flow, waits ? COUNTER_PEN_STRONG : COUNTER_PEN_TEXT, _ ("Papers missing"),
                        missing);
  if (waits) /* the clerk agrees on the day with the resident, and writes it */
    counter_flow_put_row (flow, COUNTER_PEN_TEXT, _ ("Due by"), _ ("________________"));
}

static void
put_name (CounterFlow *flow, const CounterSlip *slip)
{
  md_autowipe char *name
      = slip->name != NULL ? g_strdup_printf (C_ ("a resident on a slip", "%s"), slip->name) : NULL;

  if (name != NULL)
    counter_flow_put_row (flow, COUNTER_PEN_STRONG, _ ("Name"), name);
}

static void
put_explained (CounterFlow *flow, const CounterSlip *slip)
{
  if (slip->explained != NULL)
    counter_flow_put_row (flow, COUNTER_PEN_TEXT, _ ("Explained"), slip->explained);
  if (slip->guided != NULL)
    counter_flow_put_row (flow, COUNTER_PEN_TEXT, _ ("Guidance"), slip->guided);
}

static void
put_told_alone (CounterFlow *flow, const CounterSlip *slip)
{
  g_autofree char *told = join (slip->told_alone, "");

  if (*told != '\0')
    counter_flow_put_row (flow, COUNTER_PEN_TEXT, _ ("Guidance only"), told);
}

static void
put_deferred (CounterFlow *flow)
{
  counter_flow_skip (flow, GAP);
  counter_flow_put_framed (
      flow, COUNTER_PEN_STRONG,
      _ ("The office will finish the check of your certificate later. There is nothing you "
         "have to do."));
}

/* Who can be asked, at the foot of the last page. */
static void
put_foot (CounterFlow *flow, const CounterSlip *slip, double height)
{
  g_autofree char *who
      = g_strdup_printf (_ ("%s %s (in charge: %s)"), slip->office, slip->counter, slip->clerk);
  g_autofree char *ask = g_strdup_printf (_ ("Questions: %s"), who);

  flow->y = height;
  counter_flow_put_across (flow, 0.8);
  flow->y += GAP;
  flow->bottom = G_MAXDOUBLE;
  counter_flow_put_text (flow, COUNTER_PEN_SMALL, ask);
  counter_flow_skip (flow, LEAD);
  counter_flow_put_text (flow, COUNTER_PEN_SMALL,
                         _ ("Please keep this slip until you have heard from us. Your individual "
                            "number is not on it."));
}

static double
foot_height (CounterPaper *paper)
{
  return 4 * counter_paper_measure (paper, COUNTER_PEN_SMALL, 1000, "X") + 2 * GAP;
}

CounterPaper *
counter_slip_paper_new (const CounterSlip *slip, double width, double height)
{
  CounterPaper *paper = counter_paper_new (width, height, scale_of (width));
  const double foot = height - foot_height (paper);
  CounterFlow flow = { .paper = paper,
                       .bottom = foot - GAP,
                       .label_width = width * LABEL_PART,
                       .begin = begin_cb,
                       .what = slip };

  put_title (&flow, slip, _ ("Receipt slip"));
  put_number (&flow, slip);
  counter_flow_put_row (&flow, COUNTER_PEN_STRONG, _ ("Procedure"), slip->procedure);
  put_name (&flow, slip);
  put_papers (&flow, slip);
  put_explained (&flow, slip);
  put_told_alone (&flow, slip);
  if (slip->deferred)
    put_deferred (&flow);
  put_foot (&flow, slip, foot);
  return paper;
}

/* A number is never parted from its code and its procedure. */
static void
put_one_of_many (CounterFlow *flow, const CounterSlip *slip)
{
  flow->what = slip;
  counter_flow_need (flow, CODE * scale_of (counter_paper_get_width (flow->paper)) + 8 * GAP);
  put_number (flow, slip);
  counter_flow_put_row (flow, COUNTER_PEN_STRONG, _ ("Procedure"), slip->procedure);
  put_papers (flow, slip);
  put_explained (flow, slip);
  counter_flow_skip (flow, 2 * GAP);
}

CounterPaper *
counter_slip_paper_new_joint (const GPtrArray *slips, double width, double height)
{
  const CounterSlip *last = g_ptr_array_index (slips, slips->len - 1);
  CounterPaper *paper = counter_paper_new (width, height, scale_of (width));
  const double foot = height - foot_height (paper);
  CounterFlow flow = { .paper = paper,
                       .bottom = foot - GAP,
                       .label_width = width * LABEL_PART,
                       .begin = begin_cb,
                       .what = last };
  g_autofree char *count = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u application", "%u applications", slips->len), slips->len);
  gboolean deferred = FALSE;

  put_title (&flow, last, _ ("Receipt slip of this visit"));
  counter_flow_put_row (&flow, COUNTER_PEN_STRONG, _ ("Taken in"), count);
  put_name (&flow, last);
  counter_flow_skip (&flow, GAP);
  for (guint i = 0; i < slips->len; i++)
    {
      const CounterSlip *slip = g_ptr_array_index (slips, i);

      put_one_of_many (&flow, slip);
      deferred |= slip->deferred;
    }
  put_told_alone (&flow, last);
  if (deferred)
    put_deferred (&flow);
  put_foot (&flow, last, foot);
  return paper;
}
