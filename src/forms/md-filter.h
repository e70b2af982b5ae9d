// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_FORMS_INSIDE) && !defined(MD_FORMS_COMPILATION)
#error "Include <md-forms.h> only."
#endif

#include <md-policy.h>
#include "md-forms-types.h"

G_BEGIN_DECLS

/* Where the value is about to appear. */
typedef enum
{
  MD_STEP_ENTRY,    /* the clerk fills the form */
  MD_STEP_CONFIRM,  /* the clerk reads the application out */
  MD_STEP_RESIDENT, /* the resident's own display */
  MD_STEP_APPROVAL, /* another officer compares and decides */
  MD_STEP_LIST,     /* a row in a list, search results */
  MD_STEP_PRINT,
  MD_STEP_EXPORT, /* file, clipboard */
  MD_STEP_NOTICE, /* notification, window title, log */
  MD_STEP_DESK,   /* the back office opens one application, for a reason that was recorded before */
  MD_N_STEPS
} MdFilterStep;

/* What may be done with the value there; each is more than the one before. */
typedef enum
{
  MD_VIEW_HIDDEN, /* the field is not there at all: no row, no label, not in the accessibility tree
                   */
  MD_VIEW_PRESENCE, /* only "filled" or "empty" */
  MD_VIEW_MASKED,   /* number: last four digits; others: asterisks */
  MD_VIEW_READABLE,
  MD_VIEW_EDITABLE,
} MdView;

/* Who looks. Copied by value; table belongs to the policy. */
typedef struct
{
  const MdVisibility *table;
  MdRoles roles;
  MdSituation situation;
} MdViewer;

typedef struct
{
  MdViewer viewer;
  MdProfile profile;
  MdFilterStep step;
  const char *field_id;
  MdSensitivity sensitivity;
  gboolean process_item; /* catalogue SPI column "N": says something about the process, not about
                            the person */
  gboolean internal;     /* from staff to staff: the applicant never gets it */
  gboolean in_procedure; /* the form of this procedure has this field */
  gboolean writable;     /* typed at the counter and not locked */
  gboolean filled;
  gboolean revealed; /* an audited reveal is being held down; of the back office's program: it was
                        asked for, with a reason that was recorded before */
  gboolean covered;  /* the screen is hidden (F9) */
} MdFilterQuestion;

/* The privacy filter. Pure: depends on nothing but its argument. */
MdView md_filter (const MdFilterQuestion *question) G_GNUC_WARN_UNUSED_RESULT;

/* A value as such a view may show it. value: the full text for people; NULL or "" = empty. Returns
 * NULL when hidden (or empty, except for PRESENCE, which says so in words). A my-number is cut to
 * "********1234" unless READABLE. Caller owns; wipe with md_filter_wipe() when it may be a number.
 */
char *md_filter_render (MdView view, MdSensitivity sensitivity,
                        const char *value) G_GNUC_WARN_UNUSED_RESULT;
void md_filter_wipe (char *text);

/* TRUE when the roles may reveal this class in this profile at this step (the button is there). */
gboolean md_filter_may_reveal (const MdFilterQuestion *question) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
