// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-forms.h>

#include "paper.h"

/* The filled application, for the resident to check and to sign before it is taken in. */

G_BEGIN_DECLS

/* What stands on it; owns its texts. */
typedef struct
{
  char *office, *counter;
  char *time; /* of the print, as it is read */
  char *procedure;
  GPtrArray *lines;         /* MdFormLine, as md_form_data_list_printed() */
  GStrv handed_in, missing; /* papers that are there, and those that are to come */
} CounterApplication;

void counter_application_free (CounterApplication *application);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CounterApplication, counter_application_free)

/* On pages of that size, in points: sections, each page with its number, and at the end the place
 * for day and signature. Transfer full. */
CounterPaper *counter_application_paper_new (const CounterApplication *application, double width,
                                             double height);

G_END_DECLS
