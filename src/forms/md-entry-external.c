// SPDX-License-Identifier: Apache-2.0
// Characters of a text that the back office does not have.
#include "config.h"

#include "md-form-data-private.h"

char *
md_entry_dup_external (MdEntry *self)
{
  MdField *field;

  g_return_val_if_fail (MD_IS_ENTRY (self), NULL);

  field = self->item->field;
  if (self->view < MD_VIEW_READABLE
      || (field->type != MD_FIELD_TEXT && field->type != MD_FIELD_KANA))
    return NULL;
  return md_text_name_external (self->value, field->characters);
}
