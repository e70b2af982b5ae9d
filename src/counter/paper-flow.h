// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "paper.h"

/* Labels beside values, one under the other and from page to page. */

G_BEGIN_DECLS

typedef struct _CounterFlow CounterFlow;

struct _CounterFlow
{
  CounterPaper *paper;
  double y;           /* where the next one begins */
  double top, bottom; /* between which a page is filled; TOP is set by BEGIN */
  double label_width;
  /* Puts what stands at the top of a further page, and moves y and top below it. */
  void (*begin) (CounterFlow *flow, gconstpointer what);
  gconstpointer what;
};

/* Goes to a further page unless HEIGHT is left on this one. */
void counter_flow_need (CounterFlow *self, double height);

/* A label and, beside it, its value with a hairline below. What is too long for a page goes on on
 * the next. */
void counter_flow_put_row (CounterFlow *self, CounterPen pen, const char *label, const char *value);

/* A heading on a grey bar, never without ROOM for what follows it on the same page. */
void counter_flow_put_heading (CounterFlow *self, const char *text, double room);

/* A text from edge to edge. */
void counter_flow_put_text (CounterFlow *self, CounterPen pen, const char *text);

/* The same in a frame. */
void counter_flow_put_framed (CounterFlow *self, CounterPen pen, const char *text);

/* Two small texts at the two edges, the left one on PART (0 to 1) of the width. */
void counter_flow_put_ends (CounterFlow *self, double part, const char *left, const char *right);

/* A line from edge to edge, WEIGHT points thick. */
void counter_flow_put_across (CounterFlow *self, double weight);

void counter_flow_skip (CounterFlow *self, double height);

G_END_DECLS
