// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "paper-flow.h"

#include <string.h>

#define PAD 4.0
#define INSET 8.0
#define HAIR 0.4
#define SINK 1.2 /* brings the smaller letters of a label onto the line of its value */

static double
whole_width (const CounterFlow *self)
{
  return counter_paper_get_width (self->paper);
}

static void
go_on (CounterFlow *self)
{
  counter_paper_add_page (self->paper);
  self->y = 0;
  self->begin (self, self->what);
  self->top = self->y;
}

void
counter_flow_need (CounterFlow *self, double height)
{
  if (self->y + height > self->bottom && self->y > self->top)
    go_on (self);
}

void
counter_flow_skip (CounterFlow *self, double height)
{
  self->y += height;
}

/* Puts label and value, which fit. */
static void
put_beside (CounterFlow *self, CounterPen pen, const char *label, const char *value)
{
  const double value_width = whole_width (self) - self->label_width;
  const CounterSlot left
      = { PAD, self->y + PAD + SINK, self->label_width - 2 * PAD, PANGO_ALIGN_LEFT };
  const CounterSlot right = { self->label_width, self->y + PAD, value_width, PANGO_ALIGN_LEFT };
  const double one = counter_paper_put_text (self->paper, COUNTER_PEN_LABEL, &left, label);
  const double other = counter_paper_put_text (self->paper, pen, &right, value);

  self->y += MAX (one + SINK, other) + 2 * PAD;
  counter_paper_put_rule (self->paper, &(CounterPlace){ 0, self->y, whole_width (self), 0 }, HAIR);
}

/* How much of VALUE goes onto this page; 0: it goes to the next as a whole. */
static gsize
cut (CounterFlow *self, CounterPen pen, double label_height, const char *value)
{
  const double width = whole_width (self) - self->label_width;
  const double room = self->bottom - self->y - 2 * PAD;
  const double page = self->bottom - self->top - 2 * PAD;
  const double height
      = MAX (counter_paper_measure (self->paper, pen, width, value), label_height + SINK);
  gsize part;

  if (height <= room)
    return strlen (value);
  if (height <= page || room < label_height)
    return 0;
  part = counter_paper_fit (self->paper, pen, &(CounterPlace){ 0, 0, width, room }, value);
  return part;
}

void
counter_flow_put_row (CounterFlow *self, CounterPen pen, const char *label, const char *value)
{
  const double label_height
      = counter_paper_measure (self->paper, COUNTER_PEN_LABEL, self->label_width - 2 * PAD, label);
  const char *rest = value;

  do
    {
      gsize part = cut (self, pen, label_height, rest);

      if (part == 0 && self->y > self->top)
        {
          go_on (self);
          continue;
        }
      if (part == 0) /* a page that holds not even a line of it */
        part = strlen (rest);
      g_autofree char *piece = g_strndup (rest, part);
      put_beside (self, pen, label, piece);
      rest += part;
      rest += *rest == '\n';
    }
  while (*rest != '\0');
}

void
counter_flow_put_heading (CounterFlow *self, const char *text, double room)
{
  const double width = whole_width (self);
  const double height
      = counter_paper_measure (self->paper, COUNTER_PEN_HEAD, width - 2 * PAD, text);
  CounterSlot slot = { PAD, 0, width - 2 * PAD, PANGO_ALIGN_LEFT };

  counter_flow_need (self, height + 2 * PAD + room);
  counter_paper_put_shade (self->paper, &(CounterPlace){ 0, self->y, width, height + PAD });
  slot.y = self->y + PAD / 2;
  (void)counter_paper_put_text (self->paper, COUNTER_PEN_HEAD, &slot, text);
  self->y += height + PAD;
}

void
counter_flow_put_text (CounterFlow *self, CounterPen pen, const char *text)
{
  CounterSlot slot = { 0, 0, whole_width (self), PANGO_ALIGN_LEFT };

  counter_flow_need (self, counter_paper_measure (self->paper, pen, slot.width, text));
  slot.y = self->y;
  self->y += counter_paper_put_text (self->paper, pen, &slot, text);
}

void
counter_flow_put_framed (CounterFlow *self, CounterPen pen, const char *text)
{
  CounterSlot slot = { INSET, 0, whole_width (self) - 2 * INSET, PANGO_ALIGN_LEFT };
  const double height = counter_paper_measure (self->paper, pen, slot.width, text) + 2 * PAD;

  counter_flow_need (self, height);
  slot.y = self->y + PAD;
  (void)counter_paper_put_text (self->paper, pen, &slot, text);
  counter_paper_put_rule (self->paper, &(CounterPlace){ 0, self->y, whole_width (self), height },
                          0.8);
  self->y += height;
}

void
counter_flow_put_ends (CounterFlow *self, double part, const char *left, const char *right)
{
  const double first = whole_width (self) * part;
  const CounterSlot one = { 0, self->y, first, PANGO_ALIGN_LEFT };
  const CounterSlot other = { first, self->y, whole_width (self) - first, PANGO_ALIGN_RIGHT };
  const double height = counter_paper_put_text (self->paper, COUNTER_PEN_SMALL, &one, left);
  const double beside = counter_paper_put_text (self->paper, COUNTER_PEN_SMALL, &other, right);

  self->y += MAX (height, beside);
}

void
counter_flow_put_across (CounterFlow *self, double weight)
{
  counter_paper_put_rule (self->paper, &(CounterPlace){ 0, self->y, whole_width (self), 0 },
                          weight);
}
