// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "correction.h"

#include <glib/gi18n.h>
#include <string.h>

#include "addition.h"
#include "paper.h"

#define SCHEMA "madoguchi-correction/1"

static const PaperText texts[] = {
  { "field", TRUE, 64, PAPER_DIGITS PAPER_LETTERS "._", NULL },
  { "value", FALSE, MD_LIMIT_FIELD_TEXT, NULL, "\n" },
  { "why", TRUE, MD_LIMIT_FIELD_TEXT, NULL, "\n", TRUE },
};

void
correction_free (Correction *self)
{
  if (self == NULL)
    return;
  g_free (self->field);
  md_wipe_free_text (self->value);
  md_wipe_free_text (self->why);
  g_free (self);
}

void
correction_change_clear (CorrectionChange *change)
{
  md_wipe_free_text (change->before);
  md_wipe_free_text (change->after);
}

/* --- The file --- */

static gboolean
take (const PaperPlace *at, const MdRecord *from, Correction *to, GError **error)
{
  static const char *const members[] = { "field", "value", "why", NULL };
  char **places[] = { &to->field, &to->value, &to->why };

  if (!md_record_is_object (from) || !md_record_has_only (from, members))
    return paper_complain (at, at->list, error);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const char *text = NULL;

      if (!paper_get_text (at, from, &texts[i], &text, error))
        return FALSE;
      *places[i] = g_strdup (text);
    }
  return TRUE;
}

GPtrArray *
correction_parse (const void *data, gsize size, GError **error)
{
  g_autoptr (MdRecord) root
      = paper_parse (data, size, SCHEMA, "corrections", CORRECTION_MAX, error);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)correction_free);
  const MdRecord *entries = md_record_get (root, "corrections");

  if (root == NULL)
    return NULL;
  for (gsize i = 0; i < md_record_get_size (entries); i++)
    {
      const PaperPlace at = { "corrections", (guint)i + 1 };
      Correction *correction = g_new0 (Correction, 1);

      g_ptr_array_add (list, correction);
      if (!take (&at, md_record_get_entry (entries, i), correction, error))
        return NULL;
    }
  return g_steal_pointer (&list);
}

/* --- The form's judgement --- */

static gboolean
unfit (const char *field, const char *what, GError **error)
{
  g_set_error (error, CASE_ERROR, CASE_ERROR_UNFIT, "%s: %s", field, what);
  return FALSE;
}

/* Numbers and rows, what the person declared, and what the program itself puts there, nobody
 * corrects here. */
static gboolean
check_field (const Case *subject, MdForm *form, const char *name, GError **error)
{
  MdField *field = form != NULL ? md_form_get_field (form, name) : NULL;
  MdFieldType type;

  if (g_str_has_prefix (subject->entry->procedure, MD_DELEGATION_PROCEDURE))
    return unfit (name,
                  _ ("A letter of delegation is not corrected here. Have it amended at the "
                     "counter."),
                  error);
  if (form == NULL)
    return unfit (name,
                  _ ("The form of this intake is not at this desk, so nobody can say what "
                     "fits it. Install the form first."),
                  error);
  if (field == NULL)
    return unfit (name, _ ("The form of this intake has no such field."), error);
  type = md_field_get_field_type (field);
  if (type == MD_FIELD_MYNUM)
    return unfit (name,
                  _ ("An individual number is not corrected here. Return the intake to its "
                     "counter, where it is read from the card again."),
                  error);
  if (type == MD_FIELD_ROWS || type == MD_FIELD_BLOB || type == MD_FIELD_DECLARATION
      || (md_field_get_sources (field) & (MD_SOURCE_TYPED | MD_SOURCE_CARD | MD_SOURCE_OFFICE))
             == 0)
    return unfit (name, _ ("This field is not corrected here. Return the intake to its counter."),
                  error);
  return addition_is_waiting (subject, name)
             ? unfit (name,
                      _ ("A correction of this field waits for a second person. Have that "
                         "confirmed or refused first."),
                      error)
             : TRUE;
}

/* The lines of a text as a list. */
static MdRecord *
list_record (const char *text)
{
  MdRecord *list = md_record_new_list ();

  while (text != NULL)
    {
      const char *end = strchr (text, '\n');

      md_record_append_text (list, text, end != NULL ? (gsize)(end - text) : strlen (text));
      text = end != NULL ? end + 1 : NULL;
    }
  return list;
}

/* Sets the member as the application has it. FALSE for what is none of its type. */
static gboolean
set_value (MdRecord *values, MdField *field, const char *text)
{
  const char *name = md_field_get_id (field);
  const MdFieldType type = md_field_get_field_type (field);
  gint64 number = 0;

  if (type == MD_FIELD_INT || type == MD_FIELD_YEN)
    {
      if (!g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &number, NULL))
        return FALSE;
      md_record_set_int (values, name, number);
    }
  else if (type == MD_FIELD_BOOL)
    {
      md_record_set_bool (values, name, strcmp (text, "true") == 0);
      return strcmp (text, "true") == 0 || strcmp (text, "false") == 0;
    }
  else if (type == MD_FIELD_LIST)
    md_record_take (values, name, list_record (text));
  else
    md_record_set_text (values, name, text);
  return TRUE;
}

/* What is to stand in a field instead. */
typedef struct
{
  const char *field;
  const char *value; /* "" for nothing */
} Instead;

static gboolean
take_value (const Case *subject, MdForm *form, const char *name, const Instead *instead,
            MdRecord *to)
{
  const char *text = instead != NULL && strcmp (instead->field, name) == 0
                         ? instead->value
                         : addition_find_corrected (subject, name);
  MdRecord *value = NULL;

  if (text == NULL)
    value = md_record_get (subject->values, name);
  if (text == NULL && value != NULL)
    md_record_take (to, name, md_record_ref (value));
  if (text == NULL || *text == '\0')
    return TRUE;
  return set_value (to, md_form_get_field (form, name), text);
}

/* The application as it was corrected until now, with one thing more (nullable). NULL where that is
 * of another type than its field. */
static MdSecret *
write_application (const Case *subject, MdForm *form, const Instead *instead)
{
  g_autofree const char **names = md_form_list_fields (form);
  g_autoptr (MdRecord) root = md_record_new_object ();
  MdRecord *values = md_record_new_object ();
  g_autofree char *version = g_strdup_printf ("%u", md_form_get_version (form));

  md_record_set_text (root, "schema", "madoguchi-application/1");
  md_record_set_text (root, "intake", subject->entry->intake);
  md_record_set_text (root, "procedure", md_form_get_id (form));
  md_record_set_text (root, "procedure_version", version);
  md_record_take (root, "values", values);
  if (subject->declarations != NULL)
    md_record_take (root, "declarations", md_record_ref (subject->declarations));
  for (guint i = 0; names[i] != NULL; i++)
    if (!take_value (subject, form, names[i], instead, values))
      return NULL;
  return md_record_write (root, FALSE);
}

/* Loaded by eyes to which every field is open, on the day on which it was taken in. NULL: it does
 * not fit. */
static MdFormData *
load (const Case *subject, MdForm *form, const Instead *instead)
{
  const MdViewer viewer
      = { md_policy_get_visibility (subject->policy), MD_ROLES_ALL,
          MD_SITUATION_OFFICE | MD_SITUATION_NUMBER | MD_SITUATION_OWN | MD_SITUATION_OPEN };
  g_autofree char *day = case_dup_day (subject);
  g_autoptr (MdSecret) text = write_application (subject, form, instead);
  g_autoptr (MdFormData) data = md_form_data_new (form, &viewer, MD_STEP_ENTRY, day);

  if (text == NULL || !md_form_data_load (data, text, NULL, subject->entry->intake, NULL))
    return NULL;
  (void)md_form_data_validate (data);
  return g_steal_pointer (&data);
}

/* What stops, each with its field; no value of the person's is in it. */
static char *
text_of (MdFinding *finding)
{
  MdEntry *entry = md_finding_get_entry (finding);

  return g_strdup_printf ("%s: %s", entry != NULL ? md_entry_get_label (entry) : "-",
                          md_finding_get_message (finding));
}

static GHashTable *
list_stops (MdFormData *data)
{
  GHashTable *stops = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GListModel *findings = md_form_data_get_findings (data);

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr (MdFinding) finding = g_list_model_get_item (findings, i);

      if (md_finding_get_stops (finding))
        g_hash_table_add (stops, text_of (finding));
    }
  return stops;
}

/* What was wrong before (a number that this desk does not see, a rule that came later) is not the
 * correction's. */
static gboolean
makes_no_new_stop (MdFormData *before, MdFormData *after, const char *field, GError **error)
{
  g_autoptr (GHashTable) old = list_stops (before);
  g_autoptr (GHashTable) new = list_stops (after);
  GHashTableIter iter;
  gpointer text = NULL;

  g_hash_table_iter_init (&iter, new);
  while (g_hash_table_iter_next (&iter, &text, NULL))
    if (!g_hash_table_contains (old, text))
      return unfit (field, text, error);
  return TRUE;
}

gboolean
correction_judge (const Case *subject, const Desk *desk, const Correction *correction,
                  CorrectionChange *out_change, GError **error)
{
  MdForm *form = desk_find_form (desk, md_container_get_manifest (subject->container));
  const Instead instead = { correction->field, correction->value != NULL ? correction->value : "" };
  g_autoptr (MdFormData) before = NULL;
  g_autoptr (MdFormData) after = NULL;
  const char *old = NULL, *new = NULL;

  if (!check_field (subject, form, correction->field, error))
    return FALSE;
  before = load (subject, form, NULL);
  if (before == NULL)
    return unfit (correction->field,
                  _ ("The application itself does not fit its form. Return it "
                     "to its counter."),
                  error);
  after = load (subject, form, &instead);
  if (after == NULL)
    return unfit (correction->field, _ ("The value does not fit the field."), error);
  old = md_form_data_get_value (before, correction->field);
  new = md_form_data_get_value (after, correction->field);
  if (*instead.value != '\0' && md_form_data_get_sealed (after, correction->field) == NULL)
    return unfit (correction->field,
                  _ ("As the application stands, the form does not ask for "
                     "this field."),
                  error);
  if (g_strcmp0 (old, new) == 0)
    return unfit (correction->field, _ ("That is what stands there already."), error);
  out_change->before = g_strdup (old != NULL ? old : "");
  out_change->after = g_strdup (new != NULL ? new : "");
  return makes_no_new_stop (before, after, correction->field, error);
}

void
correction_stop_clear (CorrectionStop *stop)
{
  g_free (stop->field);
  md_wipe_free_text (stop->value);
  g_free (stop->message);
}

gboolean
correction_find_stop (const Case *subject, const Desk *desk, const char *field, const char *value,
                      CorrectionStop *out_stop)
{
  MdForm *form = desk_find_form (desk, md_container_get_manifest (subject->container));
  const Instead instead = { field, value };
  const gboolean asked = form != NULL && md_form_get_field (form, field) != NULL;
  g_autoptr (MdFormData) before = asked ? load (subject, form, NULL) : NULL;
  g_autoptr (MdFormData) after = before != NULL ? load (subject, form, &instead) : NULL;
  g_autoptr (GHashTable) old = after != NULL ? list_stops (before) : NULL;
  GListModel *findings = after != NULL ? md_form_data_get_findings (after) : NULL;

  for (guint i = 0; findings != NULL && i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr (MdFinding) finding = g_list_model_get_item (findings, i);
      MdEntry *entry = md_finding_get_entry (finding);
      g_autofree char *text = text_of (finding);

      if (!md_finding_get_stops (finding) || entry == NULL || g_hash_table_contains (old, text))
        continue;
      out_stop->field = g_strdup (md_entry_get_id (entry));
      out_stop->value = g_strdup (md_form_data_get_value (after, out_stop->field));
      out_stop->message = g_strdup (md_finding_get_message (finding));
      return TRUE;
    }
  return FALSE;
}
