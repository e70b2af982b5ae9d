// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "bind-intake.h"
#include "field-view.h"

void
counter_intake_reveal (IntakeBinding *self, const char *id)
{
  if (self->intake != NULL && md_intake_get_data (self->intake) != NULL)
    counter_field_show (self->window, self->desk, md_intake_get_data (self->intake), id);
}

void
counter_intake_show_reveal (IntakeBinding *self)
{
  MdFormData *data = self->intake != NULL ? md_intake_get_data (self->intake) : NULL;
  MdEntry *entry = data != NULL ? md_form_data_get_entry (data, "p.mynum") : NULL;
  gboolean may = FALSE;

  if (entry != NULL)
    g_object_get (entry, "may-reveal", &may, NULL);
  g_object_set (self->model, "can-reveal", may, NULL);
}
