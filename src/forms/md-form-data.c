// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "md-form-data-private.h"
#include "md-value.h"

/* A condition may hang on a field that hangs on another, and so on; two that take turns end here.
 */
#define MAX_PASSES 16u

G_DEFINE_FINAL_TYPE (MdFormData, md_form_data, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
md_form_data_dispose (GObject *object)
{
  MdFormData *self = MD_FORM_DATA (object);

  for (guint i = 0; self->entries && i < self->entries->len; i++)
    {
      MdEntry *entry = g_ptr_array_index (self->entries, i);

      _md_entry_wipe (entry);
      entry->data = NULL;
    }
  g_clear_pointer (&self->parked, md_secret_unref);
  g_clear_object (&self->sections);
  g_clear_object (&self->missing);
  g_clear_object (&self->findings);
  g_clear_object (&self->attachments);
  g_clear_pointer (&self->expected, g_ptr_array_unref);
  G_OBJECT_CLASS (md_form_data_parent_class)->dispose (object);
}

static void
md_form_data_finalize (GObject *object)
{
  MdFormData *self = MD_FORM_DATA (object);

  g_clear_pointer (&self->by_id, g_hash_table_unref);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_object (&self->form);
  g_free (self->today);
  G_OBJECT_CLASS (md_form_data_parent_class)->finalize (object);
}

static void
md_form_data_class_init (MdFormDataClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = md_form_data_dispose;
  object_class->finalize = md_form_data_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", MD_TYPE_FORM_DATA, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
md_form_data_init (MdFormData *self)
{
  self->entries = g_ptr_array_new_with_free_func (g_object_unref);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->sections = g_list_store_new (MD_TYPE_FORM_SECTION);
  self->missing = g_list_store_new (MD_TYPE_ENTRY);
  self->findings = g_list_store_new (MD_TYPE_FINDING);
  self->attachments = g_list_store_new (MD_TYPE_ATTACHMENT);
}

const char *
md_form_data_get_today (MdFormData *self)
{
  return self->today;
}

MdEntry *
_md_form_data_lookup (MdFormData *self, const char *field_id)
{
  MdEntry *entry = self->row && field_id ? _md_row_find (self->row, field_id) : NULL;

  return entry || !field_id ? entry : g_hash_table_lookup (self->by_id, field_id);
}

/* --- keeping up to date --- */

static void
update_derived (MdFormData *self, const MdRuleWorld *world)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      MdEntry *entry = g_ptr_array_index (self->entries, i);
      md_autowipe char *value = NULL;

      if (!entry->item->derive)
        continue;
      value = _md_rule_derive (entry->item->derive, world);
      if (g_strcmp0 (value, entry->value) != 0)
        _md_entry_put (entry, value, MD_SOURCE_SYSTEM, TRUE);
    }
}

/* Which conditions hold. FALSE when none came true or false, so that nothing else can follow. */
static gboolean
update_conditions (MdFormData *self, const MdRuleWorld *world)
{
  gboolean changed = FALSE;

  for (guint i = 0; i < self->entries->len; i++)
    {
      MdEntry *entry = g_ptr_array_index (self->entries, i);
      const MdFormItem *item = entry->item;
      gboolean applies;

      self->row = entry->row;
      applies = item->section != MD_NO_SECTION
                && (!entry->row || _md_row_get_group (entry->row)->applies)
                && (!item->visible || _md_rule_test (item->visible, world) == MD_TRUTH_TRUE);
      self->row = NULL;
      changed = changed || applies != entry->applies;
      entry->applies = applies;
    }
  return changed;
}

static void
update_entries (MdFormData *self, const MdRuleWorld *world)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      MdEntry *entry = g_ptr_array_index (self->entries, i);
      gboolean required;

      self->row = entry->row;
      required = entry->applies && entry->item->required
                 && _md_rule_test (entry->item->required, world) == MD_TRUTH_TRUE;
      self->row = NULL;
      _md_entry_update (entry, entry->applies, required);
    }
}

static gboolean
entry_is_missing (MdEntry *entry)
{
  return entry->visible && entry->required && !entry->value && !entry->secret;
}

/* Only what came or went changes in the list, so that a row under the pointer stays. */
static void
update_missing (MdFormData *self)
{
  GListModel *list = G_LIST_MODEL (self->missing);
  guint position = 0;

  for (guint i = 0; i < self->entries->len; i++)
    {
      MdEntry *entry = g_ptr_array_index (self->entries, i);
      g_autoptr (MdEntry) there = g_list_model_get_item (list, position);

      if (entry_is_missing (entry) && there != entry)
        g_list_store_insert (self->missing, position, entry);
      else if (!entry_is_missing (entry) && there == entry)
        {
          g_list_store_remove (self->missing, position);
          continue;
        }
      if (entry_is_missing (entry))
        position++;
    }
}

static void
update_lists (MdFormData *self, const MdRuleWorld *world)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->sections));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MdFormSection) section = g_list_model_get_item (G_LIST_MODEL (self->sections), i);

      _md_form_section_update (section);
    }
  n = g_list_model_get_n_items (G_LIST_MODEL (self->attachments));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MdAttachment) attachment
          = g_list_model_get_item (G_LIST_MODEL (self->attachments), i);
      const MdFormPaper *paper = _md_attachment_get_paper (attachment);

      _md_attachment_set_due (attachment,
                              !paper->when || _md_rule_test (paper->when, world) == MD_TRUTH_TRUE);
    }
}

void
_md_form_data_update (MdFormData *self, const char *field_id)
{
  MdRuleWorld world = _md_form_data_world (self);
  guint passes = 0;

  if (self->updating || self->parked)
    return;
  self->updating = TRUE;
  do
    update_derived (self, &world);
  while (update_conditions (self, &world) && ++passes < MAX_PASSES);
  update_entries (self, &world);
  update_missing (self);
  update_lists (self, &world);
  self->updating = FALSE;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, field_id);
}

/* --- making it --- */

static void
add_entries (MdFormData *self)
{
  for (guint i = 0; i < self->form->items->len; i++)
    {
      MdFormItem *item = g_ptr_array_index (self->form->items, i);
      MdEntry *entry = _md_entry_new (self, item);

      g_ptr_array_add (self->entries, entry);
      g_hash_table_insert (self->by_id, item->field->id, entry);
      if (item->initial)
        _md_entry_put (entry, item->initial, MD_SOURCE_TYPED, FALSE);
    }
}

/* A field that these eyes may not see at all has no line. */
gboolean
_md_entry_has_line (MdEntry *entry)
{
  MdFilterQuestion question = _md_entry_question (entry);

  question.covered = FALSE;
  return md_filter (&question) != MD_VIEW_HIDDEN;
}

static void
add_sections (MdFormData *self)
{
  for (guint s = 0; s < self->form->headings->len; s++)
    {
      g_autoptr (MdFormSection) section
          = _md_form_section_new (&g_array_index (self->form->headings, MdFormHeading, s));

      for (guint i = 0; i < self->entries->len; i++)
        {
          MdEntry *entry = g_ptr_array_index (self->entries, i);

          if (entry->item->section == s && _md_entry_has_line (entry))
            _md_form_section_append (section, entry);
        }
      if (_md_form_section_get_n (section) > 0)
        g_list_store_append (self->sections, section);
    }
  for (guint i = 0; i < self->form->papers->len; i++)
    {
      g_autoptr (MdAttachment) attachment
          = _md_attachment_new (g_ptr_array_index (self->form->papers, i));

      g_list_store_append (self->attachments, attachment);
    }
}

/* Where there are some rows at least, they stand there to be filled in. */
static void
add_first_rows (MdFormData *self)
{
  for (guint i = 0; self->step == MD_STEP_ENTRY && i < self->entries->len; i++)
    {
      MdEntry *entry = g_ptr_array_index (self->entries, i);

      while (entry->rows && entry->rows->len < entry->item->min_rows)
        (void)_md_form_data_add_row (self, entry);
    }
}

MdFormData *
md_form_data_new (MdForm *form, const MdViewer *viewer, MdFilterStep step, const char *today)
{
  MdFormData *self = g_object_new (MD_TYPE_FORM_DATA, NULL);

  g_return_val_if_fail (MD_IS_FORM (form) && viewer && today, self);

  self->form = g_object_ref (form);
  self->viewer = *viewer;
  self->step = step;
  self->today = g_strdup (today);
  add_entries (self);
  add_sections (self);
  add_first_rows (self);
  _md_form_data_update (self, NULL);
  return self;
}

MdForm *
md_form_data_get_form (MdFormData *self)
{
  return self->form;
}

static void
hide_revealed (MdFormData *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    md_entry_set_revealed (g_ptr_array_index (self->entries, i), FALSE);
}

void
md_form_data_set_step (MdFormData *self, MdFilterStep step)
{
  self->step = step;
  hide_revealed (self);
  _md_form_data_update (self, NULL);
}

void
md_form_data_set_viewer (MdFormData *self, const MdViewer *viewer)
{
  self->viewer = *viewer;
  _md_form_data_update (self, NULL);
}

void
md_form_data_set_covered (MdFormData *self, gboolean covered)
{
  if (self->covered == covered)
    return;
  if (covered)
    {
      hide_revealed (self); /* whoever needs it afterwards says why again */
      _md_form_data_leave_choices (self);
    }
  self->covered = covered;
  _md_form_data_update (self, NULL);
}

GListModel *
md_form_data_get_sections (MdFormData *self)
{
  return G_LIST_MODEL (self->sections);
}

GListModel *
md_form_data_get_missing (MdFormData *self)
{
  return G_LIST_MODEL (self->missing);
}

GListModel *
md_form_data_get_findings (MdFormData *self)
{
  return G_LIST_MODEL (self->findings);
}

GListModel *
md_form_data_get_attachments (MdFormData *self)
{
  return G_LIST_MODEL (self->attachments);
}

MdEntry *
md_form_data_get_entry (MdFormData *self, const char *field_id)
{
  MdEntry *entry = _md_form_data_lookup (self, field_id);

  return entry && _md_entry_has_line (entry) ? entry : NULL;
}

const char *
md_form_data_get_value (MdFormData *self, const char *field_id)
{
  MdEntry *entry = _md_form_data_lookup (self, field_id);

  return entry ? entry->value : NULL;
}

static void
carry_over (MdEntry *entry, MdEntry *old)
{
  if (old->source == MD_SOURCE_TYPED && old->value && entry && !entry->item->derive
      && _md_entry_offers (entry, old->value) && _md_entry_carry_declaration (entry, old))
    {
      _md_entry_put (entry, old->value, MD_SOURCE_TYPED, FALSE);
      _md_entry_set_earlier (entry, old->earlier);
    }
}

static void
carry_over_rows (MdFormData *self, MdEntry *group, MdEntry *old)
{
  MdRow *from;

  for (guint i = 0; (from = _md_entry_get_nth_row (old, i)) && i < group->item->max_rows; i++)
    {
      GPtrArray *entries = _md_row_get_entries (from);
      MdRow *row = _md_entry_get_nth_row (group, i);

      if (!row)
        row = _md_form_data_add_row (self, group);
      for (guint k = 0; k < entries->len; k++)
        {
          MdEntry *one = g_ptr_array_index (entries, k);

          carry_over (_md_row_find (row, one->item->field->id), one);
        }
    }
}

static void
carry_over_papers (MdFormData *self, MdFormData *from)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (from->attachments)); i++)
    {
      g_autoptr (MdAttachment) old = g_list_model_get_item (G_LIST_MODEL (from->attachments), i);
      MdAttachment *paper = _md_form_data_find_paper (self, md_attachment_get_id (old));

      if (paper)
        _md_attachment_take_over (paper, old);
    }
}

void
md_form_data_carry_over (MdFormData *self, MdFormData *from)
{
  for (guint i = 0; i < from->entries->len; i++)
    {
      MdEntry *old = g_ptr_array_index (from->entries, i);
      MdEntry *entry = old->row ? NULL : _md_form_data_lookup (self, md_entry_get_id (old));

      if (entry && entry->rows && old->rows)
        carry_over_rows (self, entry, old);
      else if (entry && !entry->rows && !old->rows)
        carry_over (entry, old);
    }
  carry_over_papers (self, from);
  _md_form_data_update (self, NULL);
}

const char *
md_form_data_get_reason (MdFormData *self, const char *field_id)
{
  MdEntry *entry = _md_form_data_lookup (self, field_id);

  return entry ? entry->reason : NULL;
}

static void
prefill (MdFormData *self, const char *field_id, const char *value)
{
  MdEntry *entry = _md_form_data_lookup (self, field_id);

  if (entry && value && (entry->item->field->sources & MD_SOURCE_CARD))
    _md_entry_take_card (entry, value, NULL);
}

void
md_form_data_prefill_card (MdFormData *self, const MdCardValues *values)
{
  MdEntry *number = _md_form_data_lookup (self, "p.mynum");

  g_return_if_fail (MD_IS_FORM_DATA (self) && values);

  prefill (self, "p.name", values->name);
  prefill (self, "p.addr", values->address);
  prefill (self, "p.birth", values->birth);
  prefill (self, "p.sex", values->sex);
  /* Whoever may not see a number does not get it into the form either. */
  if (number && values->number && _md_entry_has_line (number))
    _md_entry_take_card (number, NULL, values->number);
  _md_form_data_update (self, NULL);
}

void
md_form_data_prefill_filer (MdFormData *self, const MdCardValues *values)
{
  g_return_if_fail (MD_IS_FORM_DATA (self) && values);

  prefill (self, "a.name", values->name);
  prefill (self, "a.addr", values->address);
  prefill (self, "a.birth", values->birth);
  _md_form_data_update (self, NULL);
}

gboolean
md_form_data_set_system (MdFormData *self, const char *field_id, const char *value, GError **error)
{
  MdEntry *entry = _md_form_data_lookup (self, field_id);
  MdSource office = MD_SOURCE_OFFICE;
  md_autowipe char *parsed = NULL;

  if (!entry || entry->item->field->type == MD_FIELD_MYNUM || entry->rows)
    {
      g_set_error (error, MD_FORMS_ERROR, MD_FORMS_ERROR_VALUE,
                   _ ("This form has no field \"%s\" to be filled in."), field_id);
      return FALSE;
    }
  if (value)
    {
      parsed = md_value_parse (entry->item->field, value, self->today, error);
      if (!parsed)
        {
          g_prefix_error (error, "%s: ", field_id);
          return FALSE;
        }
    }
  _md_entry_put (entry, parsed, (entry->item->field->sources & office) ? office : MD_SOURCE_SYSTEM,
                 TRUE);
  _md_form_data_update (self, field_id);
  return TRUE;
}

void
md_form_data_wipe (MdFormData *self)
{
  g_return_if_fail (MD_IS_FORM_DATA (self));

  g_clear_pointer (&self->parked, md_secret_unref);
  g_list_store_remove_all (self->findings);
  for (guint i = 0; i < self->entries->len; i++)
    {
      MdEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->rows)
        _md_form_data_drop_rows (self, entry);
      _md_entry_wipe (entry);
    }
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->attachments)); i++)
    {
      g_autoptr (MdAttachment) attachment
          = g_list_model_get_item (G_LIST_MODEL (self->attachments), i);

      _md_attachment_wipe (attachment);
    }
  self->updating = TRUE; /* no derived value may come back */
  for (guint i = 0; i < self->entries->len; i++)
    {
      _md_entry_update (g_ptr_array_index (self->entries, i), FALSE, FALSE);
      g_object_notify (g_ptr_array_index (self->entries, i), "text");
      g_object_notify (g_ptr_array_index (self->entries, i), "error");
    }
  g_list_store_remove_all (self->missing);
  self->updating = FALSE;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, NULL);
}

gboolean
md_form_data_is_empty (MdFormData *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    if (!_md_entry_is_empty (g_ptr_array_index (self->entries, i)))
      return FALSE;
  return !self->parked && g_list_model_get_n_items (G_LIST_MODEL (self->findings)) == 0;
}
