// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-filter.h"

/* Steps at which a person looks at one application, or hands one over, and may ask for more. */
static gboolean
step_may_reveal (MdFilterStep step)
{
  return step == MD_STEP_ENTRY || step == MD_STEP_CONFIRM || step == MD_STEP_APPROVAL
         || step == MD_STEP_DESK || step == MD_STEP_EXPORT;
}

/* Classes that have a place at this step at all, whatever the role. */
static gboolean
step_takes_class (MdFilterStep step, MdSensitivity sensitivity)
{
  if (step == MD_STEP_LIST)
    return sensitivity == MD_CLASS_BASIC || sensitivity == MD_CLASS_OTHER;
  return step != MD_STEP_NOTICE;
}

/* Where only staff look. */
static gboolean
step_is_of_staff (MdFilterStep step)
{
  return step == MD_STEP_ENTRY || step == MD_STEP_CONFIRM || step == MD_STEP_APPROVAL
         || step == MD_STEP_DESK;
}

static MdGrant
question_grant (const MdFilterQuestion *q)
{
  MdGrant grant = md_visibility_lookup_roles (q->viewer.table, q->profile, q->sensitivity,
                                              q->field_id, q->viewer.roles, q->viewer.situation);

  /* A number is never simply there to be read, whatever a table says. */
  if (q->sensitivity == MD_CLASS_MY_NUMBER)
    grant = MIN (grant, MD_GRANT_REVEAL);
  return grant;
}

static MdView
view_of_reveal (const MdFilterQuestion *q)
{
  if (q->step == MD_STEP_ENTRY && q->writable && !q->filled)
    return MD_VIEW_EDITABLE;
  return q->revealed && step_may_reveal (q->step) ? MD_VIEW_READABLE : MD_VIEW_MASKED;
}

static MdView
view_of_grant (MdGrant grant, const MdFilterQuestion *q)
{
  switch (grant)
    {
    case MD_GRANT_PRESENCE:
      return MD_VIEW_PRESENCE;
    case MD_GRANT_MASKED:
      return MD_VIEW_MASKED;
    case MD_GRANT_REVEAL:
      return view_of_reveal (q);
    case MD_GRANT_FULL:
      return q->step == MD_STEP_ENTRY && q->writable ? MD_VIEW_EDITABLE : MD_VIEW_READABLE;
    case MD_GRANT_NONE:
    default:
      return MD_VIEW_HIDDEN;
    }
}

MdView
md_filter (const MdFilterQuestion *question)
{
  MdGrant grant;
  MdView view;

  g_return_val_if_fail (question && question->viewer.table, MD_VIEW_HIDDEN);

  if (!question->in_procedure || (question->internal && !step_is_of_staff (question->step)))
    return MD_VIEW_HIDDEN;
  grant = question_grant (question);
  if (question->step == MD_STEP_NOTICE && question->process_item && grant == MD_GRANT_FULL)
    return MD_VIEW_READABLE;
  if (!step_takes_class (question->step, question->sensitivity))
    return MD_VIEW_HIDDEN;
  view = view_of_grant (grant, question);
  if (question->covered && !question->process_item)
    view = MIN (view, MD_VIEW_PRESENCE);
  /* A file has the number because it was asked for, or nothing of it: no last four digits. */
  if (question->step == MD_STEP_EXPORT && question->sensitivity == MD_CLASS_MY_NUMBER
      && view < MD_VIEW_READABLE)
    return MD_VIEW_HIDDEN;
  return view;
}

gboolean
md_filter_may_reveal (const MdFilterQuestion *question)
{
  MdFilterQuestion held;

  g_return_val_if_fail (question, FALSE);

  held = *question;
  held.revealed = TRUE;
  return question->filled && step_may_reveal (question->step)
         && question_grant (question) == MD_GRANT_REVEAL && md_filter (&held) == MD_VIEW_READABLE;
}

static char *
mask (MdSensitivity sensitivity, const char *value)
{
  g_autoptr (MdNumber) number = NULL;

  if (sensitivity != MD_CLASS_MY_NUMBER)
    return g_strdup ("***");
  number = md_number_parse (MD_NUMBER_INDIVIDUAL, value, NULL);
  return g_strdup (number ? md_number_get_masked (number) : "************");
}

char *
md_filter_render (MdView view, MdSensitivity sensitivity, const char *value)
{
  gboolean filled = value && value[0];

  switch (view)
    {
    case MD_VIEW_PRESENCE:
      return g_strdup (filled ? _ ("Filled in") : _ ("Empty"));
    case MD_VIEW_MASKED:
      return filled ? mask (sensitivity, value) : NULL;
    case MD_VIEW_READABLE:
    case MD_VIEW_EDITABLE:
      return filled ? g_strdup (value) : NULL;
    case MD_VIEW_HIDDEN:
    default:
      return NULL;
    }
}

void
md_filter_wipe (char *text)
{
  md_wipe_free_text (text);
}
