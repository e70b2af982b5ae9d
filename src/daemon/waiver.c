// SPDX-License-Identifier: Apache-2.0
/* Procedures that ask for nobody's identification. The policy alone does not make one of a
 * procedure whose form asks for somebody: a word too much in it would let anybody file. */
#include "waiver.h"

static gboolean
form_waives (Service *self, const char *procedure, const char *version)
{
  MdForm *form = NULL;

  if (self->catalogue != NULL)
    form = version != NULL ? md_catalogue_get_form_version (self->catalogue, procedure, version)
                           : md_catalogue_get_form (self->catalogue, procedure);
  return form != NULL && !md_form_needs_identification (form);
}

gboolean
waiver_is_given (Service *self, const char *procedure, const char *version)
{
  return md_policy_waives_identification (self->policy, procedure)
         && form_waives (self, procedure, version);
}

gboolean
waiver_is_doubtful (Service *self, const char *procedure)
{
  return md_policy_waives_identification (self->policy, procedure)
         && !form_waives (self, procedure, NULL);
}
