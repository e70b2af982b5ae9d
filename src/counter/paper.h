// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>

/*
 * Pages of text, lines and codes: laid out first, in points from the top left of what can be
 * printed, then drawn on any cairo context. Knows nothing of printers, forms or offices.
 */

G_BEGIN_DECLS

typedef struct _CounterPaper CounterPaper;

/* What a text is; its size, weight and colour follow. */
typedef enum
{
  COUNTER_PEN_TITLE,  /* of the paper */
  COUNTER_PEN_NUMBER, /* the one that people look for */
  COUNTER_PEN_HEAD,   /* of a section */
  COUNTER_PEN_STRONG,
  COUNTER_PEN_TEXT,
  COUNTER_PEN_LABEL,
  COUNTER_PEN_SMALL,
  COUNTER_N_PENS
} CounterPen;

typedef struct
{
  double x, y, width, height;
} CounterPlace;

/* Where a text begins and how wide it may become; to the right of it or in its middle. */
typedef struct
{
  double x, y, width;
  PangoAlignment align;
} CounterSlot;

/* What stands where, for looking at it. */
typedef struct
{
  guint page; /* from 0 */
  CounterPlace place;
  const char *text; /* NULL: a rule, a box or a code */
} CounterMark;

/* With one page; width and height of what can be printed, in points. SCALE: of all letters. */
CounterPaper *counter_paper_new (double width, double height, double scale);
void counter_paper_free (CounterPaper *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CounterPaper, counter_paper_free)

double counter_paper_get_width (const CounterPaper *self);
double counter_paper_get_height (const CounterPaper *self);
guint counter_paper_get_n_pages (const CounterPaper *self);
/* Further pages begin blank; what is put goes onto the chosen one (at first the first). */
void counter_paper_add_page (CounterPaper *self);
void counter_paper_choose_page (CounterPaper *self, guint page);

/* How high this text is in that width. */
double counter_paper_measure (CounterPaper *self, CounterPen pen, double width, const char *text);
/* How many of its bytes, whole lines, are no higher than that; 0: not even one line. */
gsize counter_paper_fit (CounterPaper *self, CounterPen pen, const CounterPlace *place,
                         const char *text);
/* Copies the text; gives its height. */
double counter_paper_put_text (CounterPaper *self, CounterPen pen, const CounterSlot *slot,
                               const char *text);
/* A line as thick as WEIGHT where one side of the place is 0, a frame otherwise. */
void counter_paper_put_rule (CounterPaper *self, const CounterPlace *place, double weight);
/* Filled with a light grey. */
void counter_paper_put_shade (CounterPaper *self, const CounterPlace *place);
/* TEXT as a QR code, with its quiet zone inside of the place. FALSE: it is too long. */
gboolean counter_paper_put_code (CounterPaper *self, const CounterPlace *place, const char *text);

void counter_paper_draw (const CounterPaper *self, guint page, cairo_t *cr);

/* What was put, in that order; the array is the caller's, the texts are the paper's. */
GArray *counter_paper_list_marks (const CounterPaper *self);

G_END_DECLS
