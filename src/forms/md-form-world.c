// SPDX-License-Identifier: Apache-2.0
// What the rules of a form may ask of its data: to them, an entry that does not count is empty.
#include "config.h"

#include "md-form-data-private.h"

gboolean
_md_entry_counts (const MdEntry *self)
{
  return self->applies || self->item->section == MD_NO_SECTION || self->item->derive;
}

static MdEntry *
lookup_counting (MdFormData *self, const char *field_id)
{
  MdEntry *entry = _md_form_data_lookup (self, field_id);

  return entry && _md_entry_counts (entry) ? entry : NULL;
}

static MdRuleValue
world_value (gpointer data, const char *field_id)
{
  MdEntry *entry = lookup_counting (data, field_id);

  return entry ? _md_value_for_rule (entry->item->field, entry->value)
               : (MdRuleValue){ .kind = MD_RULE_UNKNOWN };
}

static gboolean
world_filled (gpointer data, const char *field_id)
{
  MdEntry *entry = lookup_counting (data, field_id);

  return entry && (entry->value || entry->secret);
}

static gboolean
world_enter_row (gpointer data, const char *group, guint i)
{
  MdFormData *self = data;
  MdEntry *entry = g_hash_table_lookup (self->by_id, group);

  self->row = entry && _md_entry_counts (entry) ? _md_entry_get_nth_row (entry, i) : NULL;
  return self->row != NULL;
}

static void
world_leave_row (gpointer data)
{
  ((MdFormData *)data)->row = NULL;
}

static MdTruth
world_same_number (gpointer data, const char *a, const char *b)
{
  MdEntry *one = lookup_counting (data, a), *two = lookup_counting (data, b);

  if (!one || !two || !one->secret || !two->secret)
    return MD_TRUTH_UNKNOWN;
  return md_secret_equal (one->secret, two->secret) ? MD_TRUTH_TRUE : MD_TRUTH_FALSE;
}

static gint64
world_setting (gpointer data, const char *id)
{
  return _md_form_find_setting (MD_FORM_DATA (data)->form, id)->value; /* known since it was read */
}

MdRuleWorld
_md_form_data_world (MdFormData *self)
{
  return (MdRuleWorld){ .get_value = world_value,
                        .get_filled = world_filled,
                        .enter_row = world_enter_row,
                        .leave_row = world_leave_row,
                        .same_number = world_same_number,
                        .get_setting = world_setting,
                        .today = self->today,
                        .characters = _md_form_get_characters (self->form),
                        .data = self };
}
