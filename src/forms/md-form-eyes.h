// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_FORMS_INSIDE) && !defined(MD_FORMS_COMPILATION)
#error "Include <md-forms.h> only."
#endif

#include "md-filter.h"
#include "md-form.h"

G_BEGIN_DECLS

/* Who looks at what was opened of an application, and where it is about to appear, for who has its
 * values and no MdFormData: the back office's program. */
typedef struct
{
  MdViewer viewer;
  MdFilterStep step;
  gboolean revealed; /* what the policy shows for a reason alone was asked for with one */
} MdFormEyes;

/* What md_filter() lets these eyes see of a field, as the form has it: its class, and whether it is
 * from staff to staff. HIDDEN for one that the form does not have. */
MdView md_form_look_at (MdForm *self, const MdFormEyes *eyes,
                        const char *field_id) G_GNUC_WARN_UNUSED_RESULT;

/* The same of what belongs to an application of this form and is no field of it, as a scanned paper
 * or the answer to an inquiry. */
MdView md_form_look_at_class (MdForm *self, const MdFormEyes *eyes,
                              MdSensitivity sensitivity) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
