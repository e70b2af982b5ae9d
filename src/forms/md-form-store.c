// SPDX-License-Identifier: Apache-2.0
// The clear text of application.cms and number.cms, written and read strictly in the locked pages
// of src/record.
#include "config.h"

#include <glib/gi18n.h>
#include <md-record.h>
#include <string.h>

#include "md-form-data-private.h"
#include "md-value.h"

#define APPLICATION_SCHEMA "madoguchi-application/1"
#define NUMBER_SCHEMA "madoguchi-number/1"

/* --- writing --- */

static MdRecord *
list_to_json (const char *value)
{
  MdRecord *list = md_record_new_list ();

  for (const char *line = value[0] != '\0' ? value : NULL; line != NULL;)
    {
      const char *end = strchr (line, '\n');

      md_record_append_text (list, line, end != NULL ? (gsize)(end - line) : strlen (line));
      line = end != NULL ? end + 1 : NULL;
    }
  return list;
}

static void
set_value (MdRecord *values, MdField *field, const char *value)
{
  if (field->type == MD_FIELD_INT || field->type == MD_FIELD_YEN)
    md_record_set_int (values, field->id, g_ascii_strtoll (value, NULL, 10));
  else if (field->type == MD_FIELD_BOOL || field->type == MD_FIELD_DECLARATION)
    md_record_set_bool (values, field->id, g_str_equal (value, "true"));
  else if (field->type == MD_FIELD_LIST)
    md_record_take (values, field->id, list_to_json (value));
  else
    md_record_set_text (values, field->id, value);
}

static gboolean
entry_is_stored (MdEntry *entry)
{
  return entry->value && _md_entry_counts (entry);
}

const char *
md_form_data_get_sealed (MdFormData *self, const char *field_id)
{
  MdEntry *entry = _md_form_data_lookup (self, field_id);

  return entry && entry_is_stored (entry) ? entry->value : NULL;
}

static char *
join_papers (MdFormData *self)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->attachments));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MdAttachment) attachment
          = g_list_model_get_item (G_LIST_MODEL (self->attachments), i);

      if (md_attachment_get_handed_in (attachment))
        g_ptr_array_add (ids, g_strdup (md_attachment_get_id (attachment)));
    }
  g_ptr_array_add (ids, NULL);
  return ids->len > 1 ? g_strjoinv ("\n", (char **)ids->pdata) : NULL;
}

static MdRecord *
head_to_json (const char *schema, const char *intake)
{
  MdRecord *root = md_record_new_object ();

  md_record_set_text (root, "schema", schema);
  md_record_set_text (root, "intake", intake);
  return root;
}

/* A list of objects, one a row; numbers: only the my-numbers of them, else only the rest. */
static MdRecord *
rows_to_json (MdEntry *group, gboolean numbers)
{
  MdRecord *list = md_record_new_list ();
  MdRow *row;

  for (guint i = 0; (row = _md_entry_get_nth_row (group, i)); i++)
    {
      GPtrArray *entries = _md_row_get_entries (row);
      MdRecord *object = md_record_new_object ();

      for (guint k = 0; k < entries->len; k++)
        {
          MdEntry *entry = g_ptr_array_index (entries, k);
          MdField *field = entry->item->field;

          if (numbers && entry->secret && entry->applies)
            md_record_set_text (object, field->id, md_secret_get_text (entry->secret));
          else if (!numbers && entry_is_stored (entry))
            set_value (object, field, entry->value);
        }
      md_record_append_take (list, object);
    }
  return list;
}

static MdRecord *
values_to_json (MdFormData *self)
{
  MdRecord *values = md_record_new_object ();

  for (guint i = 0; i < self->entries->len; i++)
    {
      MdEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->row || !entry_is_stored (entry))
        continue;
      if (entry->rows)
        md_record_take (values, entry->item->field->id, rows_to_json (entry, FALSE));
      else
        set_value (values, entry->item->field, entry->value);
    }
  return values;
}

/* field id -> why the clerk corrected what the card says */
static MdRecord *
corrections_to_json (MdFormData *self)
{
  MdRecord *corrections = md_record_new_object ();

  for (guint i = 0; i < self->entries->len; i++)
    {
      MdEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->corrected && entry->reason)
        md_record_set_text (corrections, md_entry_get_id (entry), entry->reason);
    }
  return corrections;
}

/* A list: which field was answered to which text, in which language. */
static MdRecord *
declarations_to_json (MdFormData *self)
{
  MdRecord *declarations = md_record_new_list ();

  for (guint i = 0; i < self->entries->len; i++)
    {
      MdRecord *shown = _md_entry_declaration_to_record (g_ptr_array_index (self->entries, i));

      if (shown)
        md_record_append_take (declarations, shown);
    }
  return declarations;
}

/* Left out where it holds nothing. Takes the object. */
static void
take_some (MdRecord *root, const char *member, MdRecord *object)
{
  if (md_record_get_size (object) > 0)
    md_record_take (root, member, object);
  else
    md_record_unref (object);
}

static MdSecret *
write_down (const MdRecord *root, GError **error)
{
  MdSecret *text = md_record_write (root, FALSE);

  if (!text)
    g_set_error_literal (error, MD_FORMS_ERROR, MD_FORMS_ERROR_DATA,
                         _ ("The application holds a text that cannot be written down. Begin the "
                            "intake again; if it happens again, call the administrator."));
  return text;
}

MdSecret *
md_form_data_to_application (MdFormData *self, const char *intake, GError **error)
{
  g_autofree char *version = NULL;
  g_autofree char *papers = NULL;
  g_autoptr (MdRecord) root = NULL;

  g_return_val_if_fail (MD_IS_FORM_DATA (self) && intake, NULL);

  if (!md_form_data_validate (self))
    {
      g_set_error_literal (
          error, MD_FORMS_ERROR, MD_FORMS_ERROR_INCOMPLETE,
          _ ("Something in the application is missing or wrong. Correct it first."));
      return NULL;
    }
  papers = join_papers (self);
  if (md_form_has_field (self->form, "m.attach")
      && !md_form_data_set_system (self, "m.attach", papers, error))
    return NULL;
  version = g_strdup_printf ("%u", self->form->version);
  root = head_to_json (APPLICATION_SCHEMA, intake);
  md_record_set_text (root, "procedure", self->form->id);
  md_record_set_text (root, "procedure_version", version);
  md_record_take (root, "values", values_to_json (self));
  take_some (root, "corrections", corrections_to_json (self));
  take_some (root, "declarations", declarations_to_json (self));
  take_some (root, "papers", _md_form_data_papers_to_record (self));
  return write_down (root, error);
}

static gboolean
has_numbers (MdEntry *group)
{
  MdRow *row;

  for (guint i = 0; group->applies && (row = _md_entry_get_nth_row (group, i)); i++)
    {
      GPtrArray *entries = _md_row_get_entries (row);

      for (guint k = 0; k < entries->len; k++)
        if (((MdEntry *)g_ptr_array_index (entries, k))->secret)
          return TRUE;
    }
  return FALSE;
}

MdSecret *
md_form_data_to_number (MdFormData *self, const char *intake, GError **error)
{
  g_autoptr (MdRecord) root = NULL;
  MdRecord *values;

  g_return_val_if_fail (MD_IS_FORM_DATA (self) && intake, NULL);

  root = head_to_json (NUMBER_SCHEMA, intake);
  values = md_record_new_object ();
  md_record_take (root, "values", values);
  for (guint i = 0; i < self->entries->len; i++)
    {
      MdEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->rows && has_numbers (entry))
        md_record_take (values, md_entry_get_id (entry), rows_to_json (entry, TRUE));
      else if (!entry->row && entry->secret && entry->applies)
        md_record_set_text (values, md_entry_get_id (entry), md_secret_get_text (entry->secret));
    }
  return md_record_get_size (values) > 0 ? write_down (root, error) : NULL;
}

/* --- reading --- */

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error (error, MD_FORMS_ERROR, MD_FORMS_ERROR_DATA, _ ("%s: %s"), _ ("The application"),
               message);
  return FALSE;
}

/* The form or the program here may be others than where it was sealed: no fault of what was. */
static gboolean
refuse_here (GError **error, const char *message)
{
  g_set_error (error, MD_FORMS_ERROR, MD_FORMS_ERROR_FORM, _ ("%s: %s"), _ ("The application"),
               message);
  return FALSE;
}

static gboolean
refuse_value (GError **error)
{
  return refuse_here (error, _ ("It holds a value that does not fit its field on this terminal. "
                                "Tell the administrator."));
}

static char *
list_from_json (const MdRecord *list)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func ((GDestroyNotify)md_wipe_free_text);

  for (gsize i = 0; i < md_record_get_size (list); i++)
    {
      const char *line = md_record_as_text (md_record_get_entry (list, i));

      if (!line)
        return NULL;
      g_ptr_array_add (lines, g_strdup (line));
    }
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **)lines->pdata);
}

/* (transfer full), the caller's to wipe; NULL when it is of another type than the field. */
static char *
text_from_json (MdField *field, const MdRecord *value)
{
  gboolean truth;
  gint64 number;

  if (field->type == MD_FIELD_INT || field->type == MD_FIELD_YEN)
    return md_record_as_int (value, &number) ? g_strdup_printf ("%" G_GINT64_FORMAT, number) : NULL;
  if (field->type == MD_FIELD_BOOL || field->type == MD_FIELD_DECLARATION)
    return md_record_as_bool (value, &truth) ? g_strdup (truth ? "true" : "false") : NULL;
  if (field->type == MD_FIELD_LIST)
    return md_record_is_list (value) ? list_from_json (value) : NULL;
  return g_strdup (md_record_as_text (value));
}

static gboolean
load_value (MdFormData *self, MdEntry *entry, const MdRecord *json)
{
  char *text, *value;
  gboolean fits;

  text = text_from_json (entry->item->field, json);
  value = text ? md_value_parse (entry->item->field, text, self->today, NULL) : NULL;
  fits = value != NULL;
  /* A text stays as it was sealed, character by character: it is compared with the card. */
  if (fits)
    _md_entry_put (entry, entry->item->field->type == MD_FIELD_TEXT ? text : value, MD_SOURCE_TYPED,
                   TRUE);
  md_wipe_free_text (text);
  md_wipe_free_text (value);
  return fits;
}

/* As many of the row's fields as there are members, each of which fits. */
static gboolean
load_row (MdFormData *self, MdRow *row, const MdRecord *object)
{
  GPtrArray *entries = _md_row_get_entries (row);
  gsize known = 0;

  for (guint i = 0; i < entries->len; i++)
    {
      MdEntry *entry = g_ptr_array_index (entries, i);
      const MdRecord *json = md_record_get (object, entry->item->field->id);

      if (!json || entry->item->field->type == MD_FIELD_MYNUM)
        continue;
      known++;
      if (!load_value (self, entry, json))
        return FALSE;
    }
  return known == md_record_get_size (object);
}

static gboolean
load_rows (MdFormData *self, MdEntry *group, const MdRecord *list)
{
  const gsize n = md_record_get_size (list);

  if (!md_record_is_list (list) || n == 0 || n > group->item->max_rows)
    return FALSE;
  _md_form_data_drop_rows (self, group);
  for (gsize i = 0; i < n; i++)
    {
      const MdRecord *object = md_record_get_entry (list, i);

      if (!md_record_is_object (object)
          || !load_row (self, _md_form_data_add_row (self, group), object))
        return FALSE;
    }
  return TRUE;
}

/* no field outside the form's definition, and nothing that does not fit its field. */
static gboolean
load_values (MdFormData *self, const MdRecord *values, GError **error)
{
  gsize known = 0;

  for (guint i = 0; i < self->entries->len; i++)
    {
      MdEntry *entry = g_ptr_array_index (self->entries, i);
      const MdRecord *json = entry->row ? NULL : md_record_get (values, md_entry_get_id (entry));

      if (!json || entry->item->field->type == MD_FIELD_MYNUM)
        continue;
      known++;
      if (!(entry->rows ? load_rows (self, entry, json) : load_value (self, entry, json)))
        return refuse_value (error);
    }
  return known == md_record_get_size (values)
         || refuse_here (error, _ ("It holds a field that this procedure does not have on this "
                                   "terminal. Tell the administrator."));
}

/* A part of this kind, of this intake, without any member but these. */
static MdRecord *
open_part (MdSecret *part, const char *schema, const char *intake, const char *const *members,
           GError **error)
{
  g_autoptr (MdRecord) root = md_record_parse (md_secret_get_data (part), md_secret_get_size (part),
                                               MD_LIMIT_FORM_FILE, NULL);

  if (!root)
    refuse (error, _ ("It is damaged and cannot be read."));
  else if (g_strcmp0 (md_record_get_text (root, "schema"), schema) != 0
           || !md_record_has_only (root, members)
           || !md_record_is_object (md_record_get (root, "values")))
    refuse_here (error, _ ("It is of another kind than this terminal knows. Tell the "
                           "administrator."));
  else if (g_strcmp0 (md_record_get_text (root, "intake"), intake) != 0)
    refuse (error, _ ("It belongs to another application. Do not use it."));
  else
    return g_steal_pointer (&root);
  return NULL;
}

static gboolean
load_corrections (MdFormData *self, const MdRecord *corrections, GError **error)
{
  if (corrections && !md_record_is_object (corrections))
    return refuse_value (error);
  for (guint i = 0; i < self->entries->len; i++)
    {
      MdEntry *entry = g_ptr_array_index (self->entries, i);
      const MdRecord *json = md_record_get (corrections, md_entry_get_id (entry));
      const char *reason = md_record_as_text (json);

      if (!json)
        continue;
      if (!reason || !reason[0])
        return refuse_value (error);
      md_wipe_free_text (entry->reason);
      entry->reason = g_strdup (reason);
    }
  return TRUE;
}

/* Each answer with the text that it was given to, which is this form's; and no text without. */
static gboolean
load_declarations (MdFormData *self, const MdRecord *declarations, GError **error)
{
  const gsize n = md_record_get_size (declarations);
  gboolean fits = !declarations || (md_record_is_list (declarations) && n > 0);

  for (guint i = 0; i < self->entries->len; i++)
    ((MdEntry *)g_ptr_array_index (self->entries, i))->shown = MD_TONGUE_NONE;
  for (gsize i = 0; i < n && fits; i++)
    {
      const MdRecord *shown = md_record_get_entry (declarations, i);
      MdEntry *entry = _md_form_data_lookup (self, md_record_get_text (shown, "field"));

      fits = entry && _md_entry_load_declaration (entry, shown);
    }
  for (guint i = 0; i < self->entries->len; i++)
    {
      const MdEntry *entry = g_ptr_array_index (self->entries, i);

      fits = fits
             && (entry->item->field->type != MD_FIELD_DECLARATION || !entry->value
                 || entry->shown != MD_TONGUE_NONE);
    }
  return fits
         || refuse_here (error, _ ("What was declared does not fit the text that this procedure "
                                   "shows on this terminal. Tell the administrator."));
}

static gboolean
load_application (MdFormData *self, MdSecret *part, const char *intake, GError **error)
{
  static const char *const members[]
      = { "schema",       "intake", "procedure", "procedure_version", "values", "corrections",
          "declarations", "papers", NULL };
  g_autoptr (MdRecord) root = open_part (part, APPLICATION_SCHEMA, intake, members, error);

  if (!root)
    return FALSE;
  if (g_strcmp0 (md_record_get_text (root, "procedure"), self->form->id) != 0)
    return refuse (error, _ ("It belongs to another procedure."));
  return load_values (self, md_record_get (root, "values"), error)
         && load_corrections (self, md_record_get (root, "corrections"), error)
         && load_declarations (self, md_record_get (root, "declarations"), error)
         && (_md_form_data_load_papers (self, md_record_get (root, "papers"))
             || refuse_here (error, _ ("What it says of its papers does not fit the procedure on "
                                       "this terminal. Tell the administrator.")));
}

/* FALSE: it is none, or stands where none belongs. */
static gboolean
put_number (MdEntry *entry, const char *digits)
{
  g_autoptr (MdSecret) secret = NULL;

  if (!digits || entry->item->field->type != MD_FIELD_MYNUM
      || !md_number_is_valid (MD_NUMBER_INDIVIDUAL, digits))
    return FALSE;
  secret = md_secret_new_from_text (digits);
  _md_entry_put_secret (entry, secret, MD_SOURCE_TYPED, TRUE);
  return TRUE;
}

/* A list as long as the rows of the application. */
static gboolean
put_numbers (MdEntry *group, const MdRecord *list)
{
  const guint n = _md_entry_count_rows (group);
  gboolean fits = md_record_is_list (list) && md_record_get_size (list) == n;

  for (guint i = 0; i < n && fits; i++)
    {
      const MdRecord *object = md_record_get_entry (list, i);
      GPtrArray *entries = _md_row_get_entries (_md_entry_get_nth_row (group, i));
      gsize known = 0;

      for (guint k = 0; k < entries->len; k++)
        {
          MdEntry *entry = g_ptr_array_index (entries, k);

          known += put_number (entry, md_record_get_text (object, entry->item->field->id)) ? 1 : 0;
        }
      fits = md_record_is_object (object) && known == md_record_get_size (object);
    }
  return fits;
}

static gboolean
load_number (MdFormData *self, MdSecret *part, const char *intake, GError **error)
{
  static const char *const members[] = { "schema", "intake", "values", NULL };
  g_autoptr (MdRecord) root = open_part (part, NUMBER_SCHEMA, intake, members, error);
  const MdRecord *values = md_record_get (root, "values");
  gsize known = 0;

  for (guint i = 0; root && i < self->entries->len; i++)
    {
      MdEntry *entry = g_ptr_array_index (self->entries, i);
      const MdRecord *value = entry->row ? NULL : md_record_get (values, md_entry_get_id (entry));

      if (value
          && (entry->rows ? put_numbers (entry, value)
                          : put_number (entry, md_record_as_text (value))))
        known++;
    }
  return root
         && (known == md_record_get_size (values)
             || refuse (error, _ ("It holds a number that does not fit.")));
}

gboolean
md_form_data_load (MdFormData *self, MdSecret *application, MdSecret *number, const char *intake,
                   GError **error)
{
  g_return_val_if_fail (MD_IS_FORM_DATA (self) && application && intake, FALSE);

  if (!load_application (self, application, intake, error)
      || (number && !load_number (self, number, intake, error)))
    {
      md_form_data_wipe (self);
      return FALSE;
    }
  _md_form_data_update (self, NULL);
  return TRUE;
}
