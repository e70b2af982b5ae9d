// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>

#include "paper.h"

/* What the tests of a paper ask of what stands on it, and its pages as pictures to look at. */

/* In millimetres. */
typedef struct
{
  double width, height, margin;
} PaperSheet;

/* What a printer leaves of it, in points. */
double paper_sheet_width (const PaperSheet *self);
double paper_sheet_height (const PaperSheet *self);

/* Everything is within the page, and no text over another. */
void paper_check_places (const CounterPaper *paper);

/* FOLDER/NAME-1.png and on, a file a page; FOLDER NULL: none. */
void paper_leave_pictures (const CounterPaper *paper, const PaperSheet *sheet, const char *folder,
                           const char *name);
