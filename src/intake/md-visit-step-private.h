// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_INTAKE_COMPILATION
#error "Private to src/intake."
#endif

#include <md-record.h>

#include "md-desk-private.h"
#include "md-intake-visit.h"

G_BEGIN_DECLS

struct _MdVisitStep
{
  GObject parent_instance;

  MdForm *form;
  MdVisitState state;
  char *receipt_number;
  /* As it was sealed. */
  GStrv handed_in, missing;
  char *explained;
  gboolean deferred; /* the certificate is still to be checked */
  char *of;          /* whose it is; NULL: nobody knows */
};

MdVisitStep *_md_visit_step_new (MdForm *form);
void _md_visit_step_set_state (MdVisitStep *self, MdVisitState state);
/* It was taken in. */
void _md_visit_step_end (MdVisitStep *self, const char *receipt_number);

/* As a member of a record, and back; NULL where its procedure is not in force any more. */
MdRecord *_md_visit_step_write (MdVisitStep *self);
MdVisitStep *_md_visit_step_read (MdDesk *desk, const MdRecord *object);

G_END_DECLS
