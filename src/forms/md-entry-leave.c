// SPDX-License-Identifier: Apache-2.0
// What happens to a field when the clerk leaves it: its text is read and brought into its normal
// form, and where the policy shows its class only while it is held, it is covered, whatever kind of
// field it is. How it is emptied, to be filled in anew, and how it is shown while it is held.
#include "config.h"

#include "md-form-data-private.h"

static gboolean
is_number (const MdEntry *self)
{
  return self->item->field->type == MD_FIELD_MYNUM;
}

/* Said with one press, and so never half said. */
static gboolean
is_choice (const MdEntry *self)
{
  const MdFieldType type = self->item->field->type;

  return type == MD_FIELD_ENUM || type == MD_FIELD_BOOL || type == MD_FIELD_DECLARATION
         || (type == MD_FIELD_LIST && self->choices);
}

/* While a form is filled in, a group is its rows, each of which has its own answer. */
gboolean
_md_entry_counts_as_filled (MdEntry *self)
{
  if (self->rows && self->data->step == MD_STEP_ENTRY)
    return FALSE;
  return self->secret || (self->value && self->committed);
}

gboolean
md_entry_commit (MdEntry *self)
{
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (MD_IS_ENTRY (self), FALSE);

  if (!self->data || !self->text || is_number (self) || self->rows)
    return self->error == NULL;
  /* It was covered while somebody typed, who goes on afterwards. */
  if (self->data->covered && !is_choice (self))
    return self->error == NULL;
  self->committed = TRUE;
  if (!self->value)
    {
      md_wipe_free_text (_md_entry_read_text (self, &error));
      _md_entry_show_error (self, error ? error->message : NULL);
      return FALSE;
    }
  _md_entry_show_error (self, NULL);
  _md_entry_replace (&self->text, _md_entry_normal_text (self));
  g_object_notify (G_OBJECT (self), "text");
  _md_entry_update (self, self->applies, self->required);
  return TRUE;
}

/* Its value stands open, and would not once it was left. */
static gboolean
is_to_be_covered (MdEntry *self)
{
  MdFilterQuestion question = { 0 };

  if (!self->value || self->committed)
    return FALSE;
  question = _md_entry_question (self);
  question.filled = TRUE;
  question.revealed = question.covered = FALSE;
  return md_filter (&question) < MD_VIEW_READABLE;
}

static void
leave (MdFormData *self, const MdEntry *now, gboolean choices_alone)
{
  if (self->parked)
    return;
  for (guint i = 0; i < self->entries->len; i++)
    {
      MdEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry != now && !entry->composing && (!choices_alone || is_choice (entry))
          && is_to_be_covered (entry))
        (void)md_entry_commit (entry);
    }
}

void
md_form_data_leave (MdFormData *self, MdEntry *now)
{
  g_return_if_fail (MD_IS_FORM_DATA (self));
  leave (self, now, FALSE);
}

void
_md_form_data_leave_choices (MdFormData *self)
{
  leave (self, NULL, TRUE);
}

void
md_entry_set_composing (MdEntry *self, gboolean composing)
{
  g_return_if_fail (MD_IS_ENTRY (self));
  self->composing = composing;
}

void
md_entry_clear (MdEntry *self)
{
  g_return_if_fail (MD_IS_ENTRY (self));

  if (!self->data || self->locked || self->view == MD_VIEW_HIDDEN
      || self->data->step != MD_STEP_ENTRY || !(self->item->field->sources & MD_SOURCE_TYPED))
    return;
  md_form_data_leave (self->data, self);
  if (self->rows)
    _md_form_data_drop_rows (self->data, self);
  else
    _md_entry_put (self, NULL, MD_SOURCE_NONE, FALSE);
  _md_form_data_update (self->data, md_entry_get_id (self));
}

void
md_entry_set_revealed (MdEntry *self, gboolean revealed)
{
  g_return_if_fail (MD_IS_ENTRY (self));

  if (!self->data || self->revealed == revealed)
    return;
  self->revealed = revealed;
  _md_entry_update (self, self->applies, self->required);
}
