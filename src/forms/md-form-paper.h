// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_FORMS_INSIDE) && !defined(MD_FORMS_COMPILATION)
#error "Include <md-forms.h> only."
#endif

#include "md-form-data.h"

G_BEGIN_DECLS

/* A field as it may stand on paper, or on a screen that is turned to the resident, in the user's
 * language. */
typedef struct
{
  char *heading; /* of its section */
  char *label;
  char *value; /* as the filter lets it be shown there: a number masked, never revealed */
} MdFormLine;

void md_form_line_free (MdFormLine *line);

/* What md_filter() lets these eyes print (MD_STEP_PRINT) of what is filled in and asked for as
 * things stand, in the order of the form: an array of MdFormLine, wiped when it is freed. Empty
 * while the data is covered. */
GPtrArray *md_form_data_list_printed (MdFormData *self) G_GNUC_WARN_UNUSED_RESULT;

/* The same on the screen that is turned to the resident (MD_STEP_RESIDENT). */
GPtrArray *md_form_data_list_for_resident (MdFormData *self) G_GNUC_WARN_UNUSED_RESULT;

/* One field as it may be printed; NULL where nothing of it may be printed, or nothing is in it. The
 * caller wipes it with md_filter_wipe(). */
char *md_form_data_dup_printed (MdFormData *self, const char *field_id) G_GNUC_WARN_UNUSED_RESULT;

/* Labels of the papers that belong to the application as things stand, NULL-terminated: those that
 * were handed in, or those that were not; without those of a class that md_filter() hides from
 * these eyes on paper. Caller owns. */
char **md_form_data_list_papers (MdFormData *self, gboolean handed_in) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
