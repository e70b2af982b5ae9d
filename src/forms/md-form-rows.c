// SPDX-License-Identifier: Apache-2.0
// Rows of a group: they come and go with all their entries, which are entries of the form like any
// other.
#include "config.h"

#include <glib/gi18n.h>

#include "md-form-data-private.h"
#include "md-value.h"

struct _MdRow
{
  MdEntry *group;
  GPtrArray *entries; /* MdEntry, in the order of the columns */
  guint number;       /* from 1 */
};

void
_md_row_free (gpointer data)
{
  MdRow *self = data;

  for (guint i = 0; i < self->entries->len; i++)
    ((MdEntry *)g_ptr_array_index (self->entries, i))->row = NULL;
  g_ptr_array_unref (self->entries);
  g_free (self);
}

MdEntry *
_md_row_get_group (const MdRow *self)
{
  return self->group;
}

GPtrArray *
_md_row_get_entries (const MdRow *self)
{
  return self->entries;
}

MdEntry *
_md_row_find (const MdRow *self, const char *field_id)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      MdEntry *entry = g_ptr_array_index (self->entries, i);

      if (g_str_equal (entry->item->field->id, field_id))
        return entry;
    }
  return NULL;
}

gboolean
_md_row_is_blank (const MdRow *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      MdEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->text || entry->value || entry->secret)
        return FALSE;
    }
  return TRUE;
}

MdEntry *
_md_row_find_shown (const MdRow *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    if (_md_entry_has_line (g_ptr_array_index (self->entries, i)))
      return g_ptr_array_index (self->entries, i);
  return NULL;
}

guint
_md_entry_count_rows (MdEntry *group)
{
  return group->rows ? group->rows->len : 0;
}

MdRow *
_md_entry_get_nth_row (MdEntry *group, guint i)
{
  return i < _md_entry_count_rows (group) ? g_ptr_array_index (group->rows, i) : NULL;
}

/* Called "GROUP.2.FIELD" and "Household member 2: Name" from now on. */
static void
name_in_row (MdEntry *self, MdEntry *group, guint number)
{
  MdField *field = self->item->field;

  g_free (self->id);
  g_free (self->label);
  self->id = g_strdup_printf ("%s.%u.%s", group->item->field->id, number, field->id);
  self->label = g_strdup_printf (_ ("%s %u: %s"), md_field_get_label (group->item->field), number,
                                 md_field_get_label (field));
  g_object_notify (G_OBJECT (self), "id");
  g_object_notify (G_OBJECT (self), "label");
}

const char *
md_entry_get_label (MdEntry *self)
{
  return self->label ? self->label : md_field_get_label (self->item->field);
}

/* Names and counts anew; the group's value is how many there are. */
static void
number_rows (MdEntry *group)
{
  const guint n = _md_entry_count_rows (group);
  g_autofree char *count = n > 0 ? g_strdup_printf ("%u", n) : NULL;

  for (guint i = 0; i < n; i++)
    {
      MdRow *row = g_ptr_array_index (group->rows, i);

      row->number = i + 1;
      for (guint k = 0; k < row->entries->len; k++)
        name_in_row (g_ptr_array_index (row->entries, k), group, row->number);
    }
  _md_entry_put (group, count, MD_SOURCE_TYPED, FALSE);
}

/* The section that has the group, and where in it; NULL for these eyes. */
static MdFormSection *
find_section (MdFormData *self, MdEntry *group, guint *out_at)
{
  for (guint s = 0; s < g_list_model_get_n_items (G_LIST_MODEL (self->sections)); s++)
    {
      g_autoptr (MdFormSection) section = g_list_model_get_item (G_LIST_MODEL (self->sections), s);

      if (_md_form_section_find (section, group, out_at))
        return section; /* the list keeps it */
    }
  return NULL;
}

/* Behind the rows that the group has. */
static void
show_row (MdFormData *self, MdEntry *group, const MdRow *row)
{
  guint at = 0;
  MdFormSection *section = find_section (self, group, &at);

  if (!section)
    return;
  for (at++; _md_form_section_is_of_group (section, at, group);)
    at++;
  for (guint i = 0; i < row->entries->len; i++)
    {
      MdEntry *entry = g_ptr_array_index (row->entries, i);

      if (_md_entry_has_line (entry))
        _md_form_section_insert (section, at++, entry);
    }
}

/* A row without any value, whatever these eyes may do. */
MdRow *
_md_form_data_add_row (MdFormData *self, MdEntry *group)
{
  GPtrArray *columns = group->item->columns;
  MdRow *row = g_new0 (MdRow, 1);
  guint at = 0;

  g_ptr_array_find (self->entries, group, &at);
  at += 1 + _md_entry_count_rows (group) * columns->len;
  row->group = group;
  row->entries = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < columns->len; i++)
    {
      MdEntry *entry = _md_entry_new (self, g_ptr_array_index (columns, i));

      entry->row = row;
      g_ptr_array_add (row->entries, entry);
      g_ptr_array_insert (self->entries, (int)(at + i), g_object_ref (entry));
      if (entry->item->initial)
        _md_entry_put (entry, entry->item->initial, MD_SOURCE_TYPED, FALSE);
    }
  g_ptr_array_add (group->rows, row);
  number_rows (group);
  show_row (self, group, row);
  return row;
}

/* Nothing of it is left: not in the form, in a section, or in a list of what is missing or wrong.
 */
static void
drop_row (MdFormData *self, MdRow *row)
{
  MdEntry *group = row->group;
  guint at = 0;
  MdFormSection *section = find_section (self, group, &at);

  g_list_store_remove_all (self->findings); /* what they say may be about the row */
  for (guint i = 0; i < row->entries->len; i++)
    {
      g_autoptr (MdEntry) entry = g_object_ref (g_ptr_array_index (row->entries, i));

      if (section && _md_form_section_find (section, entry, &at))
        _md_form_section_remove (section, at);
      if (g_list_store_find (self->missing, entry, &at))
        g_list_store_remove (self->missing, at);
      _md_entry_wipe (entry);
      entry->data = NULL;
      g_ptr_array_remove (self->entries, entry);
    }
  g_ptr_array_remove (group->rows, row);
}

void
_md_form_data_drop_rows (MdFormData *self, MdEntry *group)
{
  while (_md_entry_count_rows (group) > 0)
    drop_row (self, g_ptr_array_index (group->rows, group->rows->len - 1));
  number_rows (group);
}

/* --- what the window may do --- */

gboolean
md_entry_is_group (MdEntry *self)
{
  return self->item->columns != NULL;
}

MdEntry *
md_entry_get_group (MdEntry *self)
{
  return self->row ? self->row->group : NULL;
}

guint
md_entry_get_n_rows (MdEntry *self)
{
  return _md_entry_count_rows (self);
}

gboolean
md_entry_may_add_row (MdEntry *self)
{
  return self->data && self->item->columns && self->view == MD_VIEW_EDITABLE && self->applies
         && _md_entry_count_rows (self) < self->item->max_rows;
}

MdEntry *
md_entry_add_row (MdEntry *self)
{
  MdRow *row;

  g_return_val_if_fail (MD_IS_ENTRY (self), NULL);

  if (!md_entry_may_add_row (self))
    return NULL;
  md_form_data_leave (self->data, NULL);
  row = _md_form_data_add_row (self->data, self);
  _md_form_data_update (self->data, md_entry_get_id (self));
  return _md_row_find_shown (row);
}

gboolean
md_entry_may_remove_row (MdEntry *self)
{
  return self->data && self->row && self->row->group->view == MD_VIEW_EDITABLE;
}

void
md_entry_remove_row (MdEntry *self)
{
  MdFormData *data = self->data;
  MdEntry *group;

  g_return_if_fail (MD_IS_ENTRY (self));

  if (!md_entry_may_remove_row (self))
    return;
  group = self->row->group;
  md_form_data_leave (data, NULL);
  drop_row (data, self->row);
  number_rows (group);
  _md_form_data_update (data, md_entry_get_id (group));
}

gboolean
md_entry_begins_row (MdEntry *self)
{
  return self->row && _md_row_find_shown (self->row) == self;
}

char *
md_entry_dup_row_label (MdEntry *self)
{
  return self->row ? g_strdup_printf (
             _ ("%s %u"), md_field_get_label (self->row->group->item->field), self->row->number)
                   : NULL;
}
