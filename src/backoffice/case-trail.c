// SPDX-License-Identifier: Apache-2.0
/* What was checked of a case, line by line. */
#include "config.h"

#include "case-private.h"

static void
check_free (gpointer data)
{
  CaseCheck *check = data;

  g_free (check->detail);
  g_free (check);
}

CaseTrail *
case_trail_new (void)
{
  CaseTrail *trail = g_new0 (CaseTrail, 1);

  trail->checks = g_ptr_array_new_with_free_func (check_free);
  trail->stage = "receipt";
  return trail;
}

void
case_trail_free (CaseTrail *trail)
{
  if (trail == NULL)
    return;
  g_ptr_array_unref (trail->checks);
  g_free (trail);
}

void
case_trail_add (CaseTrail *trail, CaseCheckState state, const char *detail)
{
  CaseCheck *check = g_new0 (CaseCheck, 1);

  check->what = trail->stage;
  check->state = state;
  check->detail = g_strdup (detail);
  g_ptr_array_add (trail->checks, check);
}

void
_case_begin (Case *self, const char *stage)
{
  if (self->trail != NULL)
    self->trail->stage = stage;
}

void
_case_passed (Case *self, const char *format, ...)
{
  g_autofree char *detail = NULL;
  va_list arguments;

  if (self->trail == NULL)
    return;
  va_start (arguments, format);
  detail = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  case_trail_add (self->trail, CASE_CHECK_PASSED, detail);
}
