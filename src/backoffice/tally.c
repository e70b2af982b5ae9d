// SPDX-License-Identifier: Apache-2.0
/* The command "tally": how often each choice of a form was made. Of a person it writes nothing: the
 * columns are those below, a value is counted only where the form offers it as a choice, and what
 * few have chosen is not told apart. */
#include "config.h"

#include "command.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>

#define COLUMNS "procedure,version,field,label,choice,choice_label,count\n"

typedef struct
{
  const char *procedure;
  GHashTable *forms; /* of each version: MdForm (its own key), borrowed: GHashTable of Count */
  guint intakes;
} Tally;

/* --- What is counted --- */

/* A field that offers choices, and no number, name or other text of a person. */
static gboolean
is_counted (MdField *field)
{
  const MdFieldType type = md_field_get_field_type (field);
  guint n = 0;

  if (md_field_get_sensitivity (field) == MD_CLASS_MY_NUMBER)
    return FALSE;
  (void)md_field_get_options (field, &n);
  return type == MD_FIELD_BOOL || type == MD_FIELD_DECLARATION
         || ((type == MD_FIELD_ENUM || type == MD_FIELD_LIST) && n > 0);
}

/* The choices of a field, by their codes; "true" and "false" where it is yes or no.
 * NULL-terminated; caller frees the vector. */
static const char **
list_choices (MdField *field, guint *out_n)
{
  static const char *const answers[] = { "true", "false" };
  guint n = 0;
  const MdFieldOption *options = md_field_get_options (field, &n);
  const char **list = g_new0 (const char *, MAX (n, G_N_ELEMENTS (answers)) + 1);

  *out_n = n > 0 ? n : (guint)G_N_ELEMENTS (answers);
  for (guint i = 0; i < *out_n; i++)
    list[i] = n > 0 ? options[i].code : answers[i];
  return list;
}

static gboolean
is_chosen (const MdRecord *value, const char *choice)
{
  gboolean answer;

  for (gsize i = 0; md_record_is_list (value) && i < md_record_get_size (value); i++)
    if (is_chosen (md_record_get_entry (value, i), choice))
      return TRUE;
  if (md_record_as_bool (value, &answer))
    return g_str_equal (choice, answer ? "true" : "false");
  return g_strcmp0 (md_record_as_text (value), choice) == 0;
}

static guint
look_up (GHashTable *counts, const char *key)
{
  gconstpointer n = g_hash_table_lookup (counts, key);

  return GPOINTER_TO_UINT (n);
}

/* One more for each choice of @field that this application has; a choice in a row counts once. */
static void
count_field (GHashTable *counts, MdField *field, const MdRecord *value)
{
  guint n_choices = 0;
  g_autofree const char **choices = list_choices (field, &n_choices);

  for (guint i = 0; i < n_choices; i++)
    {
      char *key = g_strdup_printf ("%s %s", md_field_get_id (field), choices[i]);
      guint n = look_up (counts, key);

      g_hash_table_replace (counts, key,
                            GUINT_TO_POINTER (n + (is_chosen (value, choices[i]) ? 1 : 0)));
    }
}

static void
count_form (Tally *tally, MdForm *form, const MdRecord *values)
{
  g_autofree const char **names = md_form_list_fields (form);
  GHashTable *counts = g_hash_table_lookup (tally->forms, form);

  if (counts == NULL)
    {
      counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_hash_table_insert (tally->forms, g_object_ref (form), counts);
    }
  for (gsize i = 0; names[i] != NULL; i++)
    if (is_counted (md_form_get_field (form, names[i])))
      count_field (counts, md_form_get_field (form, names[i]), md_record_get (values, names[i]));
  tally->intakes++;
}

/* --- What is written --- */

/* In quotation marks wherever there is anything but letters, digits and the like. */
static void
put_cell (GString *out, const char *text, char end)
{
  g_auto (GStrv) parts = g_strsplit (text, "\"", -1);
  g_autofree char *doubled = g_strjoinv ("\"\"", parts);

  g_string_append_printf (out, "\"%s\"%c", doubled, end);
}

/* The choices of a field that few have made: those below the least, and where that is one alone,
 * the next smallest as well, since one could be worked out from the number of all. */
static GHashTable *
find_few (const guint *n, guint n_choices, guint least)
{
  GHashTable *few = g_hash_table_new (NULL, NULL);
  gssize next = -1;

  for (guint i = 0; i < n_choices; i++)
    if (n[i] > 0 && n[i] < least)
      g_hash_table_add (few, GUINT_TO_POINTER (i + 1));
    else if (n[i] > 0 && (next < 0 || n[i] < n[next]))
      next = (gssize)i;
  if (g_hash_table_size (few) == 1 && next >= 0)
    g_hash_table_add (few, GUINT_TO_POINTER ((guint)next + 1));
  return few;
}

static const char *
label_of_choice (MdField *field, const char *choice)
{
  const char *label = md_field_get_option_label (field, choice);

  if (label != NULL)
    return label;
  return g_str_equal (choice, "true") ? _ ("Yes") : _ ("No");
}

static void
put_field (GString *out, const Desk *desk, MdForm *form, MdField *field, GHashTable *counts)
{
  guint n_choices = 0;
  g_autofree const char **choices = list_choices (field, &n_choices);
  g_autofree guint *n = g_new0 (guint, n_choices + 1);
  g_autoptr (GHashTable) few = NULL;

  for (guint i = 0; i < n_choices; i++)
    {
      g_autofree char *key = g_strdup_printf ("%s %s", md_field_get_id (field), choices[i]);

      n[i] = look_up (counts, key);
    }
  few = find_few (n, n_choices, desk->least);
  for (guint i = 0; i < n_choices; i++)
    {
      g_autofree char *count = g_strdup_printf ("%u", n[i]);

      put_cell (out, md_form_get_id (form), ',');
      g_string_append_printf (out, "%u,", md_form_get_version (form));
      put_cell (out, md_field_get_id (field), ',');
      put_cell (out, md_field_get_label (field), ',');
      put_cell (out, choices[i], ',');
      put_cell (out, label_of_choice (field, choices[i]), ',');
      put_cell (out, g_hash_table_contains (few, GUINT_TO_POINTER (i + 1)) ? "few" : count, '\n');
    }
}

static void
put_form (GString *out, const Desk *desk, MdForm *form, GHashTable *counts)
{
  g_autofree const char **names = md_form_list_fields (form);

  for (gsize i = 0; names[i] != NULL; i++)
    {
      MdField *field = md_form_get_field (form, names[i]);

      if (is_counted (field))
        put_field (out, desk, form, field, counts);
    }
}

/* --- The command --- */

/* Each intake that is opened for it is in the log, as any other that is opened. */
static int
tally_entry (Desk *desk, const Options *options, const MdLedgerEntry *entry, gpointer user_data)
{
  Tally *tally = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (Case) subject = NULL;
  MdForm *form = NULL;

  if (!g_str_equal (entry->procedure, tally->procedure))
    return STATUS_FINE;
  subject = case_examine_entry (desk, entry, NULL, &error);
  if (subject != NULL && strcmp (case_state (subject), "approved") != 0)
    return STATUS_FINE;
  if (subject == NULL || !case_open (subject, desk, &error)
      || !command_record (desk, options, "tally", subject, &error))
    {
      command_record_refusal (desk, options, "tally", entry->intake, error);
      return command_complain (error);
    }
  form = desk_find_form (desk, md_container_get_manifest (subject->container));
  count_form (tally, form, subject->values);
  return STATUS_FINE;
}

static gboolean
write_tally (const Desk *desk, const Tally *tally, const char *path, GError **error)
{
  g_autoptr (GString) out = g_string_new (COLUMNS);
  GHashTableIter iter;
  gpointer form, counts;

  g_hash_table_iter_init (&iter, tally->forms);
  while (g_hash_table_iter_next (&iter, &form, &counts))
    put_form (out, desk, form, counts);
  return g_file_set_contents_full (path, out->str, (gssize)out->len,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

int
command_tally (Desk *desk, const Options *options, int argc, char **argv)
{
  g_autoptr (GHashTable) forms
      = g_hash_table_new_full (NULL, NULL, g_object_unref, (GDestroyNotify)g_hash_table_unref);
  Tally tally = { .procedure = argv[0], .forms = forms };
  g_autoptr (GError) error = NULL;
  int status = STATUS_FINE;

  if (options->reason == NULL)
    {
      g_printerr (_ ("madoguchi-backoffice: a tally needs a --reason CODE, which is recorded\n"));
      return STATUS_USAGE;
    }
  if (desk->catalogue == NULL)
    {
      g_printerr (_ ("madoguchi-backoffice: without the forms (forms_dir) nobody can say which "
                     "values are choices\n"));
      return STATUS_SETTINGS;
    }
  status = command_each (desk, options, tally_entry, &tally);
  /* Of fewer than the least there is nothing to be told at all. */
  if (tally.intakes < desk->least)
    {
      g_printerr (_ ("madoguchi-backoffice: there are too few approved intakes of %s: what they "
                     "say would be known of these people\n"),
                  argv[0]);
      return STATUS_UNFIT;
    }
  if (!write_tally (desk, &tally, argv[1], &error))
    return command_complain (error);
  return status;
}
