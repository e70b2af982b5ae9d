// SPDX-License-Identifier: Apache-2.0
// What was typed into an application, put aside and taken up again: written and read in the locked
// pages of src/record.
#include "config.h"

#include <glib/gi18n.h>
#include <md-record.h>
#include <string.h>

#include "md-form-data-private.h"
#include "md-form-draft.h"
#include "md-value.h"

#define SCHEMA_STEM "madoguchi-draft/"
#define SCHEMA SCHEMA_STEM "1"

struct _MdFormDraft
{
  MdRecord *root;
  GHashTable *scans; /* MdScanDocument by its record in ROOT; NULL: not read yet */
};

static const char *const fact_names[MD_N_DRAFT_FACTS] = {
  [MD_DRAFT_CLERK] = "clerk",         [MD_DRAFT_TERMINAL] = "terminal", [MD_DRAFT_STEP] = "step",
  [MD_DRAFT_NOTICE_AT] = "notice_at", [MD_DRAFT_REPLACES] = "replaces", [MD_DRAFT_WHOSE] = "whose",
  [MD_DRAFT_WHOSE_KEY] = "whose_key", [MD_DRAFT_VISIT] = "visit",
};

/* --- writing --- */

/* With its names, so that it can be told even by a form that does not have it any more. */
static MdRecord *
name (const char *id, const MdText *label)
{
  MdRecord *object = md_record_new_object ();

  md_record_set_text (object, "id", id);
  md_record_set_text (object, "ja", label->ja);
  md_record_set_text (object, "en", label->en);
  return object;
}

static gboolean
is_for_clerk (const MdEntry *entry)
{
  return entry->item->section != MD_NO_SECTION && !entry->item->derive;
}

/* What a clerk typed into it. A value that its field took is kept as it was stored, anything else
 * as it stands there; of a number only that there was one. */
static MdRecord *
write_entry (const MdEntry *entry)
{
  MdRecord *object;

  if (entry->source != MD_SOURCE_TYPED || (!entry->text && !entry->value && !entry->secret))
    return NULL;
  object = name (entry->item->field->id, &entry->item->field->label);
  if (entry->value)
    md_record_set_text (object, "value", entry->value);
  else if (entry->text)
    md_record_set_text (object, "text", entry->text);
  if (entry->earlier)
    md_record_set_text (object, "earlier", entry->earlier);
  return object;
}

static void
append (MdRecord *values, const MdEntry *entry)
{
  MdRecord *object = is_for_clerk (entry) ? write_entry (entry) : NULL;

  if (object)
    md_record_append_take (values, object);
}

static MdRecord *
write_rows (MdEntry *group)
{
  MdRecord *object = name (group->item->field->id, &group->item->field->label);
  MdRecord *list = md_record_new_list ();
  MdRow *row;

  for (guint i = 0; (row = _md_entry_get_nth_row (group, i)); i++)
    {
      GPtrArray *entries = _md_row_get_entries (row);
      MdRecord *values = md_record_new_list ();

      for (guint k = 0; k < entries->len; k++)
        append (values, g_ptr_array_index (entries, k));
      md_record_append_take (list, values);
    }
  md_record_take (object, "rows", list);
  return object;
}

static MdRecord *
write_values (MdFormData *self)
{
  MdRecord *values = md_record_new_list ();

  for (guint i = 0; i < self->entries->len; i++)
    {
      MdEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->row)
        continue;
      if (!entry->rows)
        append (values, entry);
      else if (_md_entry_count_rows (entry) > 0)
        md_record_append_take (values, write_rows (entry));
    }
  return values;
}

static MdRecord *
write_papers (MdFormData *self)
{
  MdRecord *papers = md_record_new_list ();
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (self->attachments));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MdAttachment) paper = g_list_model_get_item (G_LIST_MODEL (self->attachments), i);

      MdRecord *object;

      if (md_attachment_get_how (paper) == MD_PAPER_NOT_THERE)
        continue;
      object = name (md_attachment_get_id (paper), &_md_attachment_get_paper (paper)->label);
      _md_attachment_to_draft (paper, object);
      md_record_append_take (papers, object);
    }
  return papers;
}

MdSecret *
md_form_data_to_draft (MdFormData *self, const char *const facts[MD_N_DRAFT_FACTS], GError **error)
{
  g_autoptr (MdRecord) root = NULL;
  MdSecret *text;

  g_return_val_if_fail (MD_IS_FORM_DATA (self) && facts && !self->parked, NULL);

  root = md_record_new_object ();
  md_record_set_text (root, "schema", SCHEMA);
  md_record_set_text (root, "procedure", self->form->id);
  md_record_set_int (root, "version", self->form->version);
  for (guint i = 0; i < MD_N_DRAFT_FACTS; i++)
    if (facts[i])
      md_record_set_text (root, fact_names[i], facts[i]);
  md_record_take (root, "values", write_values (self));
  md_record_take (root, "papers", write_papers (self));
  text = md_record_write (root, FALSE);
  if (!text)
    g_set_error_literal (error, MD_FORMS_ERROR, MD_FORMS_ERROR_DATA,
                         _ ("What was typed cannot be put aside: it holds a text that cannot be "
                            "written down, or too much of it. Go on with the intake, or end it."));
  return text;
}

/* --- reading --- */

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, MD_FORMS_ERROR, MD_FORMS_ERROR_DATA, message);
  return FALSE;
}

static gboolean
check (const MdRecord *root, GError **error)
{
  const char *schema = md_record_get_text (root, "schema");

  if (schema && g_str_has_prefix (schema, SCHEMA_STEM) && !g_str_equal (schema, SCHEMA))
    return refuse (error, _ ("A newer version of the program put this intake aside. Continue it "
                             "where that version runs, or tell the administrator."));
  if (g_strcmp0 (schema, SCHEMA) == 0 && md_record_get_text (root, "procedure")
      && md_record_is_list (md_record_get (root, "values"))
      && md_record_is_list (md_record_get (root, "papers")))
    return TRUE;
  return refuse (error, _ ("What was put aside is damaged and cannot be read. Erase it, and take "
                           "the application in anew."));
}

MdFormDraft *
md_form_draft_parse (const void *data, gsize size, GError **error)
{
  g_autoptr (MdRecord) root = md_record_parse (data, size, MD_LIMIT_SECRET, NULL);
  MdFormDraft *self;

  if (!check (root, error))
    return NULL;
  self = g_new0 (MdFormDraft, 1);
  self->root = g_steal_pointer (&root);
  return self;
}

void
md_form_draft_read_scans (MdFormDraft *self, GCancellable *cancellable)
{
  const MdRecord *papers = md_record_get (self->root, "papers"), *paper, *kept;

  g_clear_pointer (&self->scans, g_hash_table_unref);
  self->scans = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  for (gsize i = 0; (paper = md_record_get_entry (papers, i)); i++)
    for (gsize k = 0; (kept = md_record_get_entry (md_record_get (paper, "documents"), k)); k++)
      {
        MdScanDocument *document = _md_attachment_read_kept (kept, cancellable);

        if (document)
          (void)g_hash_table_insert (self->scans, (gpointer)(guintptr)kept, document);
      }
}

void
md_form_draft_free (MdFormDraft *self)
{
  if (!self)
    return;
  g_clear_pointer (&self->scans, g_hash_table_unref);
  md_record_unref (self->root);
  g_free (self);
}

const char *
md_form_draft_get_procedure (const MdFormDraft *self)
{
  return md_record_get_text (self->root, "procedure");
}

const char *
md_form_draft_get_fact (const MdFormDraft *self, MdDraftFact fact)
{
  return md_record_get_text (self->root, fact_names[fact]);
}

/* --- what still fits --- */

static void
leave_out (GPtrArray *left, const MdRecord *named, MdEntry *entry)
{
  const char *label = entry ? md_entry_get_label (entry)
                            : md_record_get_text (named, md_forms_in_japanese () ? "ja" : "en");

  if (label && !g_ptr_array_find_with_equal_func (left, label, g_str_equal, NULL))
    g_ptr_array_add (left, g_strdup (label));
}

/* A yes is one to the words that were asked then. */
static gboolean
means_the_same (const MdField *field, const MdRecord *stored)
{
  return field->type != MD_FIELD_BOOL
         || g_strcmp0 (md_record_get_text (stored, "ja"), field->label.ja) == 0;
}

static gboolean
put_value (MdEntry *entry, const MdRecord *stored, const char *value)
{
  MdField *field = entry->item->field;
  md_autowipe char *parsed = md_value_parse (field, value, entry->data->today, NULL);

  if (!parsed || !_md_entry_offers (entry, parsed) || !means_the_same (field, stored))
    return FALSE;
  _md_entry_put (entry, field->type == MD_FIELD_TEXT ? value : parsed, MD_SOURCE_TYPED, FALSE);
  return TRUE;
}

/* What had been said before that, where the field would still take it. */
static void
put_earlier (MdEntry *entry, const MdRecord *stored)
{
  const char *earlier = md_record_get_text (stored, "earlier");
  md_autowipe char *parsed
      = earlier ? md_value_parse (entry->item->field, earlier, entry->data->today, NULL) : NULL;

  if (parsed && _md_entry_offers (entry, parsed))
    _md_entry_set_earlier (entry, entry->item->field->type == MD_FIELD_TEXT ? earlier : parsed);
}

/* It was no value when it was put aside: the clerk was typing it, and goes on. */
static gboolean
put_text (MdEntry *entry, const char *text)
{
  if (entry->item->field->type == MD_FIELD_BOOL || entry->item->field->type == MD_FIELD_ENUM)
    return FALSE;
  _md_entry_put (entry, NULL, MD_SOURCE_NONE, FALSE);
  _md_entry_replace (&entry->text, g_strdup (text));
  entry->source = MD_SOURCE_TYPED;
  g_object_notify (G_OBJECT (entry), "text");
  return TRUE;
}

static gboolean
take_entry (MdEntry *entry, const MdRecord *stored)
{
  const char *value = md_record_get_text (stored, "value");
  const char *text = md_record_get_text (stored, "text");

  /* What somebody agrees to is put before them anew, as a number is asked for anew. */
  if (entry->rows || !is_for_clerk (entry) || entry->item->field->type == MD_FIELD_MYNUM
      || entry->item->field->type == MD_FIELD_DECLARATION)
    return FALSE;
  put_earlier (entry, stored);
  return value ? put_value (entry, stored, value) : text && put_text (entry, text);
}

/* NULL: the form has no room for the row any more. */
static void
take_row (MdRow *row, const MdRecord *values, GPtrArray *left)
{
  const MdRecord *stored;

  for (gsize i = 0; (stored = md_record_get_entry (values, i)); i++)
    {
      const char *id = md_record_get_text (stored, "id");
      MdEntry *entry = row && id ? _md_row_find (row, id) : NULL;

      if (!entry || !take_entry (entry, stored))
        leave_out (left, stored, entry);
    }
}

static void
take_rows (MdFormData *self, MdEntry *group, const MdRecord *stored, GPtrArray *left)
{
  const MdRecord *list = md_record_get (stored, "rows");
  const gsize n = md_record_get_size (list);

  if (!group->rows || !md_record_is_list (list))
    {
      leave_out (left, stored, group);
      return;
    }
  _md_form_data_drop_rows (self, group);
  for (gsize i = 0; i < n; i++)
    take_row (i < group->item->max_rows ? _md_form_data_add_row (self, group) : NULL,
              md_record_get_entry (list, i), left);
}

static gboolean
has (const MdRecord *values, const char *field_id)
{
  const MdRecord *stored;

  for (gsize i = 0; (stored = md_record_get_entry (values, i)); i++)
    if (g_strcmp0 (md_record_get_text (stored, "id"), field_id) == 0)
      return TRUE;
  return FALSE;
}

/* What a form begins with was emptied by the clerk, where the draft has nothing of it. */
static void
empty_defaults (MdFormData *self, const MdFormDraft *draft)
{
  const MdRecord *values = md_record_get (draft->root, "values");
  gint64 version = 0;

  if (!md_record_as_int (md_record_get (draft->root, "version"), &version)
      || version != self->form->version)
    return;
  for (guint i = 0; i < self->entries->len; i++)
    {
      MdEntry *entry = g_ptr_array_index (self->entries, i);

      if (!entry->row && !entry->rows && entry->item->initial && entry->source == MD_SOURCE_TYPED
          && !has (values, entry->item->field->id))
        _md_entry_put (entry, NULL, MD_SOURCE_NONE, FALSE);
    }
}

static void
take_papers (MdFormData *self, const MdFormDraft *draft, GPtrArray *left)
{
  const MdRecord *papers = md_record_get (draft->root, "papers"), *stored;

  for (gsize i = 0; (stored = md_record_get_entry (papers, i)); i++)
    {
      const char *id = md_record_get_text (stored, "id");
      MdAttachment *paper = id ? _md_form_data_find_paper (self, id) : NULL;

      if (!paper || !_md_attachment_take_draft (paper, stored, draft->scans))
        leave_out (left, stored, NULL);
    }
}

GPtrArray *
md_form_data_take_draft (MdFormData *self, const MdFormDraft *draft)
{
  GPtrArray *left = g_ptr_array_new_with_free_func (g_free);
  const MdRecord *values = md_record_get (draft->root, "values"), *stored;

  g_return_val_if_fail (MD_IS_FORM_DATA (self) && !self->parked, left);

  empty_defaults (self, draft);
  for (gsize i = 0; (stored = md_record_get_entry (values, i)); i++)
    {
      const char *id = md_record_get_text (stored, "id");
      MdEntry *entry = id ? _md_form_data_lookup (self, id) : NULL;

      if (entry && md_record_get (stored, "rows"))
        take_rows (self, entry, stored, left);
      else if (!entry || !take_entry (entry, stored))
        leave_out (left, stored, entry);
    }
  _md_form_data_update (self, NULL);
  take_papers (self, draft, left);
  return left;
}

/* --- for the next application of the same person --- */

/* Nobody has said anything of it for this application. */
static gboolean
is_untouched (const MdEntry *entry)
{
  const char *initial = entry->item->initial;

  if (entry->secret || entry->locked || entry->carried)
    return FALSE;
  return entry->value ? initial && g_str_equal (entry->value, initial) : !entry->text;
}

/* Once it is filled, too: what would only be masked again is asked for. */
static gboolean
is_for_these_eyes (MdEntry *entry)
{
  MdFilterQuestion question = _md_entry_question (entry);

  question.filled = TRUE;
  question.covered = FALSE;
  return md_filter (&question) == MD_VIEW_EDITABLE;
}

static gboolean
may_carry (MdEntry *entry)
{
  const MdField *field = entry->item->field;

  return !field->anew && !field->process_item && is_untouched (entry) && is_for_these_eyes (entry);
}

static void
carry (MdEntry *entry, const MdRecord *stored)
{
  if (entry && md_record_get_text (stored, "value") && may_carry (entry)
      && take_entry (entry, stored))
    _md_entry_set_earlier (entry, entry->value);
}

static gboolean
are_untouched (MdEntry *group)
{
  MdRow *row;

  for (guint i = 0; (row = _md_entry_get_nth_row (group, i)); i++)
    if (!_md_row_is_blank (row))
      return FALSE;
  return TRUE;
}

static void
carry_rows (MdFormData *self, MdEntry *group, const MdRecord *list)
{
  const gsize n = MIN (md_record_get_size (list), group->item->max_rows);

  if (!md_record_is_list (list) || !are_untouched (group) || !is_for_these_eyes (group))
    return;
  for (gsize i = 0; i < n; i++)
    {
      const MdRecord *values = md_record_get_entry (list, i), *stored;
      MdRow *row = _md_entry_get_nth_row (group, (guint)i);

      if (!row)
        row = _md_form_data_add_row (self, group);
      for (gsize k = 0; (stored = md_record_get_entry (values, k)); k++)
        carry (_md_row_find (row, md_record_get_text (stored, "id")), stored);
    }
  _md_entry_set_earlier (group, group->value);
}

void
md_form_data_take_earlier (MdFormData *self, const MdFormDraft *draft)
{
  const MdRecord *values = md_record_get (draft->root, "values"), *stored;

  g_return_if_fail (MD_IS_FORM_DATA (self) && !self->parked);

  for (gsize i = 0; (stored = md_record_get_entry (values, i)); i++)
    {
      const char *id = md_record_get_text (stored, "id");
      MdEntry *entry = id ? _md_form_data_lookup (self, id) : NULL;

      if (entry && entry->rows)
        carry_rows (self, entry, md_record_get (stored, "rows"));
      else
        carry (entry, stored);
    }
  _md_form_data_update (self, NULL);
}
