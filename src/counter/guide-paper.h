// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "paper.h"

/* 手続きのご案内: what a resident takes home of the guide. It says what is due after an event,
 * where, by when and with what; it names nobody, and says nothing of the answers. */

G_BEGIN_DECLS

/* One thing to do; owns its texts. */
typedef struct
{
  char *title, *place;
  char *reason, *deadline; /* or NULL */
  char *bring, *bring_if;  /* a line each, or NULL */
  char *done;              /* what was done about it at the counter, or NULL */
  gboolean certain;        /* else it hangs on what was not answered */
} CounterGuideLine;

typedef struct
{
  char *office, *counter;
  char *time;       /* of the print, as it is read */
  char *event;      /* what happened */
  GPtrArray *lines; /* CounterGuideLine, owned */
} CounterGuideSheet;

CounterGuideSheet *counter_guide_sheet_new (void);
void counter_guide_sheet_free (CounterGuideSheet *sheet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CounterGuideSheet, counter_guide_sheet_free)
/* Appended, empty. Borrowed. */
CounterGuideLine *counter_guide_sheet_add (CounterGuideSheet *sheet);

/* On pages of that size, in points; what is to be done about one thing stays on one page, as far as
 * it fits. Transfer full. */
CounterPaper *counter_guide_paper_new (const CounterGuideSheet *sheet, double width, double height);

G_END_DECLS
