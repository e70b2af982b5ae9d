// SPDX-License-Identifier: Apache-2.0
// What of an opened application the back office's program may show.
#include "config.h"

#include "md-form-eyes.h"
#include "md-form-private.h"

static MdFilterQuestion
question_of (MdForm *self, const MdFormEyes *eyes)
{
  return (MdFilterQuestion){ .viewer = eyes->viewer,
                             .profile = self->profile,
                             .step = eyes->step,
                             .filled = TRUE,
                             .revealed = eyes->revealed };
}

MdView
md_form_look_at (MdForm *self, const MdFormEyes *eyes, const char *field_id)
{
  const MdFormItem *item = _md_form_get_item (self, field_id);
  MdFilterQuestion question = question_of (self, eyes);

  if (!item)
    return MD_VIEW_HIDDEN;
  question.field_id = field_id;
  question.sensitivity = md_field_get_sensitivity (item->field);
  question.process_item = md_field_is_process_item (item->field);
  question.internal = item->field->internal;
  question.in_procedure = TRUE;
  return md_filter (&question);
}

MdView
md_form_look_at_class (MdForm *self, const MdFormEyes *eyes, MdSensitivity sensitivity)
{
  MdFilterQuestion question = question_of (self, eyes);

  question.sensitivity = sensitivity;
  question.in_procedure = TRUE;
  return md_filter (&question);
}
