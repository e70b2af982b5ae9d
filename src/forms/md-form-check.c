// SPDX-License-Identifier: Apache-2.0
// Validation of a whole application: required fields, values, cross checks, papers.
#include "config.h"

#include <glib/gi18n.h>

#include "md-form-data-private.h"

static void
add_finding (MdFormData *self, MdEntry *entry, const char *message, gboolean stops)
{
  g_autoptr (MdFinding) finding = _md_finding_new (entry, message, stops);

  if (self->review)
    {
      g_ptr_array_add (self->review, g_steal_pointer (&finding));
      return;
    }
  g_list_store_append (self->findings, finding);
  if (entry && stops && !md_entry_get_error (entry))
    _md_entry_show_error (entry, message);
}

static const char *
missing_message (MdEntry *entry)
{
  if (entry->view != MD_VIEW_EDITABLE)
    return _ ("This is needed, but your role may not fill it in. Ask a colleague who may.");
  if (entry->rows)
    return _ ("Add at least one entry.");
  if (md_field_get_field_type (entry->item->field) == MD_FIELD_ENUM
      || md_field_get_field_type (entry->item->field) == MD_FIELD_BOOL)
    return _ ("Choose one.");
  if (md_field_get_field_type (entry->item->field) == MD_FIELD_DECLARATION)
    return _ ("Let the person read the text, and mark the answer.");
  return _ ("Fill this in.");
}

/* Beside the card: the number must be the card's, everything else has its reason (R-CARD-02). */
static void
check_card (MdFormData *self, MdEntry *entry)
{
  const char *complaint = _md_entry_complaint (entry);

  if (complaint)
    add_finding (self, entry, complaint, TRUE);
}

/* Rows without anything in them, and fewer than there must be. */
static void
check_rows (MdFormData *self, MdEntry *entry)
{
  const guint n = _md_entry_count_rows (entry);
  g_autofree char *message = NULL;

  for (guint i = 0; i < n; i++)
    if (_md_row_is_blank (_md_entry_get_nth_row (entry, i)))
      add_finding (self, _md_row_find_shown (_md_entry_get_nth_row (entry, i)),
                   _ ("Nothing is filled in here. Fill it in, or remove it."), TRUE);
  if (n == 0 || n >= entry->item->min_rows)
    return;
  message = g_strdup_printf (_ ("There must be at least %u entries."), entry->item->min_rows);
  add_finding (self, entry, message, TRUE);
}

/* What stands there is looked at only where nobody may be in the middle of typing it. */
static void
check_unread (MdFormData *self, MdEntry *entry)
{
  if (!self->review)
    (void)md_entry_commit (entry);
  if (md_entry_get_error (entry))
    add_finding (self, entry, md_entry_get_error (entry), TRUE);
}

static void
check_entry (MdFormData *self, MdEntry *entry)
{
  gboolean number = md_field_get_field_type (entry->item->field) == MD_FIELD_MYNUM;
  gboolean asked = entry->applies && entry->view != MD_VIEW_HIDDEN;

  if (asked && entry->text && !entry->value && !number)
    {
      check_unread (self, entry);
      return;
    }
  if (!self->review)
    _md_entry_show_error (entry, NULL);
  if (!asked)
    return;
  if (entry->required && !entry->value && !entry->secret)
    add_finding (self, entry, self->review && entry->error ? entry->error : missing_message (entry),
                 TRUE);
  check_rows (self, entry);
  check_card (self, entry);
  if (md_entry_get_warning (entry))
    add_finding (self, entry, md_entry_get_warning (entry), FALSE);
}

/* A required field that these eyes have no row for; a number may stay away. */
static void
check_hidden (MdFormData *self, MdEntry *entry)
{
  MdField *field = entry->item->field;

  if (!entry->applies || entry->value || entry->view != MD_VIEW_HIDDEN
      || md_field_get_sensitivity (field) == MD_CLASS_MY_NUMBER
      || !_md_rule_is_always (entry->item->required))
    return;
  add_finding (
      self, NULL,
      _ ("A required field is not open to your role. Ask a colleague who may take this in."), TRUE);
}

/* Of the row that the data look at, where they do. */
static void
run_check (MdFormData *self, const MdFormCheck *check, const MdRuleWorld *world)
{
  MdEntry *entry = _md_form_data_lookup (self, check->field);
  g_autofree char *message = NULL;

  if (check->when && _md_rule_test (check->when, world) != MD_TRUTH_TRUE)
    return;
  if (_md_rule_test (check->assertion, world) != MD_TRUTH_FALSE)
    return;
  message = _md_form_fill_message (self->form, _md_text_pick (&check->message));
  add_finding (self, entry && entry->visible ? entry : NULL, message, check->stops);
}

static void
run_checks (MdFormData *self)
{
  MdRuleWorld world = _md_form_data_world (self);

  for (guint i = 0; i < self->form->checks->len; i++)
    {
      const MdFormCheck *check = g_ptr_array_index (self->form->checks, i);
      const char *group = check->group ? check->group->field->id : NULL;

      if (!group)
        run_check (self, check, &world);
      for (guint row = 0; group && world.enter_row (self, group, row); row++)
        run_check (self, check, &world);
      self->row = NULL;
    }
}

static void
check_papers (MdFormData *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->attachments));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MdAttachment) attachment
          = g_list_model_get_item (G_LIST_MODEL (self->attachments), i);
      g_autofree char *message = NULL;

      if (!md_attachment_get_due (attachment) || !_md_attachment_is_required (attachment)
          || md_attachment_get_handed_in (attachment))
        continue;
      message = g_strdup_printf (_ ("Not handed in yet: %s. It can follow later."),
                                 _md_text_pick (&_md_attachment_get_paper (attachment)->label));
      add_finding (self, NULL, message, FALSE);
    }
}

void
_md_form_data_look_through (MdFormData *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      check_entry (self, g_ptr_array_index (self->entries, i));
      check_hidden (self, g_ptr_array_index (self->entries, i));
    }
  run_checks (self);
  check_papers (self);
}

gboolean
md_form_data_validate (MdFormData *self)
{
  guint n;

  g_return_val_if_fail (MD_IS_FORM_DATA (self), FALSE);

  g_list_store_remove_all (self->findings);
  md_form_data_leave (self, NULL);
  _md_form_data_look_through (self);
  n = g_list_model_get_n_items (G_LIST_MODEL (self->findings));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MdFinding) finding = g_list_model_get_item (G_LIST_MODEL (self->findings), i);

      if (md_finding_get_stops (finding))
        return FALSE;
    }
  return TRUE;
}

gboolean
md_form_data_misses_number (MdFormData *self)
{
  MdRuleWorld world = _md_form_data_world (self);
  MdEntry *number = _md_form_data_lookup (self, "p.mynum");

  g_return_val_if_fail (MD_IS_FORM_DATA (self), FALSE);

  if (!number || !number->applies || number->secret)
    return FALSE;
  return (number->item->required && _md_rule_test (number->item->required, &world) == MD_TRUTH_TRUE)
         || g_strcmp0 (md_form_data_get_value (self, "e.num_missing"), "no-authority") == 0;
}

char *
md_form_data_dup_cautions (MdFormData *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n;

  g_return_val_if_fail (MD_IS_FORM_DATA (self), NULL);

  n = g_list_model_get_n_items (G_LIST_MODEL (self->findings));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MdFinding) finding = g_list_model_get_item (G_LIST_MODEL (self->findings), i);
      MdEntry *entry = md_finding_get_entry (finding);

      if (md_finding_get_stops (finding))
        continue;
      if (text->len > 0)
        g_string_append_c (text, '\n');
      if (entry)
        g_string_append_printf (text, _ ("%s: %s"), md_entry_get_label (entry),
                                md_finding_get_message (finding));
      else
        g_string_append (text, md_finding_get_message (finding));
    }
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}
