// SPDX-License-Identifier: Apache-2.0
// What the last validation found, followed while it is mended.
#include "config.h"

#include "md-form-data-private.h"

static gboolean
is_same (MdFinding *one, MdFinding *other)
{
  return md_finding_get_entry (one) == md_finding_get_entry (other)
         && md_finding_get_stops (one) == md_finding_get_stops (other)
         && g_strcmp0 (md_finding_get_message (one), md_finding_get_message (other)) == 0;
}

static gboolean
is_among (GPtrArray *findings, MdFinding *finding)
{
  for (guint i = 0; i < findings->len; i++)
    if (is_same (g_ptr_array_index (findings, i), finding))
      return TRUE;
  return FALSE;
}

static gboolean
was_found (MdFormData *self, MdFinding *finding)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->findings)); i++)
    {
      g_autoptr (MdFinding) before = g_list_model_get_item (G_LIST_MODEL (self->findings), i);

      if (is_same (before, finding))
        return TRUE;
    }
  return FALSE;
}

/* Whether it is the moment to say it: a check that fails while somebody still types waits for the
 * next validation. */
static gboolean
is_due (MdFormData *self, MdFinding *finding)
{
  MdEntry *entry = md_finding_get_entry (finding);

  if (was_found (self, finding))
    return TRUE;
  if (!entry)
    return !md_finding_get_stops (finding);
  if (!md_finding_get_stops (finding))
    return g_strcmp0 (md_entry_get_warning (entry), md_finding_get_message (finding)) == 0;
  return (entry->required && !entry->value && !entry->secret)
         || g_strcmp0 (entry->error, md_finding_get_message (finding)) == 0;
}

/* What LEFT says of the field; NULL: nothing. */
static const char *
message_of (GPtrArray *left, MdEntry *entry)
{
  for (guint i = 0; i < left->len; i++)
    {
      MdFinding *finding = g_ptr_array_index (left, i);

      if (md_finding_get_entry (finding) == entry && md_finding_get_stops (finding))
        return md_finding_get_message (finding);
    }
  return NULL;
}

/* Under the fields stands what is left, and not what is mended. */
static void
show_left (MdFormData *self, GPtrArray *left)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->findings)); i++)
    {
      g_autoptr (MdFinding) before = g_list_model_get_item (G_LIST_MODEL (self->findings), i);
      MdEntry *entry = md_finding_get_entry (before);

      if (!entry || !md_finding_get_stops (before))
        continue;
      if (is_among (left, before) ? !entry->error
                                  : g_strcmp0 (entry->error, md_finding_get_message (before)) == 0)
        _md_entry_show_error (entry, message_of (left, entry));
    }
}

GPtrArray *
md_form_data_review (MdFormData *self)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
  GPtrArray *left = NULL;

  g_return_val_if_fail (MD_IS_FORM_DATA (self), NULL);

  if (self->covered)
    return NULL;
  self->review = all;
  _md_form_data_look_through (self);
  self->review = NULL;
  left = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < all->len; i++)
    if (is_due (self, g_ptr_array_index (all, i)))
      g_ptr_array_add (left, g_object_ref (g_ptr_array_index (all, i)));
  show_left (self, left);
  return left;
}
