// SPDX-License-Identifier: Apache-2.0
/* The command "tally": how often each choice of a form was made. Of a person it writes nothing: the
 * columns are those below, a value is counted only where the form offers it as a choice, and what
 * few have chosen nobody can work out (cells.h). */
#include "config.h"

#include "cells.h"
#include "command.h"
#include "eyes.h"

#include <glib/gi18n.h>
#include <string.h>

#define TOLD "intakes="
#define COLUMNS "procedure,version,field,label,choice,choice_label,count\n"

/* What one version of the form was answered. */
typedef struct
{
  MdForm *form;
  GHashTable *counts; /* field id: guint of each choice, then of those without an answer */
  GHashTable *groups; /* column id: that of its group of rows; the form is our own reference */
  guint intakes;
  GPtrArray *ids;   /* of these intakes */
  GHashTable *kept; /* ids of fields that the policy does not let this desk hand over */
} Version;

typedef struct
{
  const char *procedure;
  GPtrArray *versions; /* Version */
} Tally;

static void
version_free (gpointer data)
{
  Version *version = data;

  g_object_unref (version->form);
  g_hash_table_unref (version->counts);
  g_hash_table_unref (version->groups);
  g_ptr_array_unref (version->ids);
  g_hash_table_unref (version->kept);
  g_free (version);
}

/* --- What is counted --- */

/* A field that offers choices, and no number, name or other text of a person, and that may be in a
 * file. */
static gboolean
is_counted (const Version *version, MdField *field)
{
  const MdFieldType type = md_field_get_field_type (field);
  guint n = 0;

  if (md_field_get_sensitivity (field) == MD_CLASS_MY_NUMBER
      || g_hash_table_contains (version->kept, md_field_get_id (field)))
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

/* Whether it was chosen for @id in this application: in any of the rows, for a column. */
static gboolean
has_choice (const Version *version, const MdRecord *values, const char *id, const char *choice)
{
  const char *group = g_hash_table_lookup (version->groups, id);
  const MdRecord *rows = group != NULL ? md_record_get (values, group) : NULL;

  if (group == NULL)
    return is_chosen (md_record_get (values, id), choice);
  for (gsize i = 0; md_record_is_list (rows) && i < md_record_get_size (rows); i++)
    if (is_chosen (md_record_get (md_record_get_entry (rows, i), id), choice))
      return TRUE;
  return FALSE;
}

/* Each choice that this application has counts once for it, in however many rows it stands. */
static void
count_field (Version *version, MdField *field, const MdRecord *values)
{
  const char *id = md_field_get_id (field);
  guint n_choices = 0;
  g_autofree const char **choices = list_choices (field, &n_choices);
  guint *n = g_hash_table_lookup (version->counts, id);
  gboolean any = FALSE;

  if (n == NULL)
    {
      n = g_new0 (guint, n_choices + 1);
      g_hash_table_insert (version->counts, g_strdup (id), n);
    }
  for (guint i = 0; i < n_choices; i++)
    if (has_choice (version, values, id, choices[i]))
      {
        n[i]++;
        any = TRUE;
      }
  n[n_choices] += any ? 0 : 1;
}

static Version *
version_new (MdForm *form)
{
  Version *version = g_new0 (Version, 1);
  g_autofree const char **names = md_form_list_fields (form);

  version->form = g_object_ref (form);
  version->ids = g_ptr_array_new_with_free_func (g_free);
  version->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  version->kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  version->groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_autofree const char **columns = md_form_list_columns (form, names[i]);

      for (gsize j = 0; columns[j] != NULL; j++)
        g_hash_table_insert (version->groups, g_strdup (columns[j]), g_strdup (names[i]));
    }
  return version;
}

static Version *
find_version (Tally *tally, MdForm *form)
{
  for (guint i = 0; i < tally->versions->len; i++)
    if (((Version *)tally->versions->pdata[i])->form == form)
      return tally->versions->pdata[i];
  g_ptr_array_add (tally->versions, version_new (form));
  return tally->versions->pdata[tally->versions->len - 1];
}

/* As in an export, of the field and of the group that it is a column of. */
static gboolean
may_go_out (const Version *version, const Eyes *eyes, const char *id)
{
  const char *group = g_hash_table_lookup (version->groups, id);

  return eyes_look (eyes, id) >= MD_VIEW_READABLE
         && (group == NULL || eyes_look (eyes, group) >= MD_VIEW_READABLE);
}

/* What may not go out of one of them is counted of none. */
static void
count_form (Tally *tally, MdForm *form, const Eyes *eyes)
{
  g_autofree const char **names = md_form_list_fields (form);
  Version *version = find_version (tally, form);

  for (gsize i = 0; names[i] != NULL; i++)
    {
      if (!may_go_out (version, eyes, names[i]))
        g_hash_table_add (version->kept, g_strdup (names[i]));
      if (is_counted (version, md_form_get_field (form, names[i])))
        count_field (version, md_form_get_field (form, names[i]), eyes->subject->values);
    }
  version->intakes++;
  g_ptr_array_add (version->ids, g_strdup (eyes->subject->entry->intake));
}

/* --- What was told before --- */

static gint
compare_ids (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Of whom the table is: the same for the same intakes, and it names none. Caller owns. */
static char *
digest_intakes (const Version *version)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  g_ptr_array_sort (version->ids, compare_ids);
  for (guint i = 0; i < version->ids->len; i++)
    g_checksum_update (checksum, version->ids->pdata[i], -1);
  return g_strdup (g_checksum_get_string (checksum));
}

/* What a table is of, in the log: "procedure@version". Caller owns. */
static char *
name_version (const Version *version)
{
  return g_strdup_printf ("%s@%u", md_form_get_id (version->form),
                          md_form_get_version (version->form));
}

/* Whether the difference of the two tables would be of few: at least so many intakes differ as
 * their numbers do, whichever came and went. A record that nobody understands forbids it, too. */
static gboolean
is_too_near (const Version *version, const char *digest, const MdLedgerDone *told, guint least)
{
  const char *number = g_str_has_prefix (told->detail, TOLD) ? told->detail + strlen (TOLD) : "";
  guint64 intakes = 0;

  if (strcmp (told->digest, digest) == 0)
    return FALSE;
  return !g_ascii_string_to_unsigned (number, 10, 0, G_MAXUINT, &intakes, NULL)
         || MAX (intakes, version->intakes) - MIN (intakes, version->intakes) < least;
}

/* @told: the tables of all procedures (MdLedgerDone). */
static gboolean
may_be_told (const Version *version, const char *digest, const GPtrArray *told, guint least)
{
  g_autofree char *name = name_version (version);

  for (guint i = 0; i < told->len; i++)
    {
      const MdLedgerDone *before = told->pdata[i];

      if (strcmp (before->object, name) == 0 && is_too_near (version, digest, before, least))
        return FALSE;
    }
  return TRUE;
}

/* Into the log before the table goes out: the next one is held against it. */
static gboolean
record_told (const Desk *desk, const Options *options, const Version *version, const char *digest,
             GError **error)
{
  g_autofree char *name = name_version (version);
  g_autofree char *detail = g_strdup_printf (TOLD "%u", version->intakes);
  const MdAuditEntry entry = { .event = "tally-told",
                               .outcome = MD_AUDIT_DONE,
                               .staff = options->officer,
                               .reason = options->reason,
                               .object = name,
                               .digest = digest,
                               .detail = detail };

  return md_ledger_note (desk->ledger, &entry, error);
}

/* --- What is told --- */

/* Of a field that takes one answer: its choices and those without one share out all intakes. */
static gboolean
withhold_of_one (const guint *n, guint n_choices, guint least, gboolean *few)
{
  const guint cells = n[n_choices] > 0 ? n_choices + 1 : n_choices;

  return cells_withhold (n, cells, least, few);
}

/* Of one that takes several, each choice is a table: those who made it, and those who did not. What
 * is known of one tells of the others, so that all are told or none. */
static gboolean
withhold_of_several (const guint *n, guint n_choices, guint least, guint intakes, gboolean *few)
{
  gboolean any = FALSE;

  for (guint i = 0; i < n_choices; i++)
    {
      const guint table[] = { n[i], intakes - n[i] };
      gboolean pair[G_N_ELEMENTS (table)];

      any = cells_withhold (table, G_N_ELEMENTS (table), least, pair) || any;
    }
  for (guint i = 0; i < n_choices; i++)
    few[i] = any;
  return any;
}

/* The choices of a field that are not told apart; NULL where all are told. Caller owns. */
static gboolean *
find_few (const Version *version, MdField *field, guint least)
{
  const char *id = md_field_get_id (field);
  const guint *n = g_hash_table_lookup (version->counts, id);
  guint n_choices = 0;
  g_autofree const char **choices = list_choices (field, &n_choices);
  g_autofree gboolean *few = g_new0 (gboolean, n_choices + 1);
  const gboolean several = md_field_get_field_type (field) == MD_FIELD_LIST
                           || g_hash_table_contains (version->groups, id);

  if (several ? withhold_of_several (n, n_choices, least, version->intakes, few)
              : withhold_of_one (n, n_choices, least, few))
    return g_steal_pointer (&few);
  return NULL;
}

/* In quotation marks, so that whatever a label holds stays in its cell. */
static void
put_cell (GString *out, const char *text, char end)
{
  g_auto (GStrv) parts = g_strsplit (text, "\"", -1);
  g_autofree char *doubled = g_strjoinv ("\"\"", parts);

  g_string_append_printf (out, "\"%s\"%c", doubled, end);
}

static const char *
label_of_choice (MdField *field, const char *choice)
{
  const char *label = md_field_get_option_label (field, choice);

  if (label != NULL)
    return label;
  return g_str_equal (choice, "true") ? _ ("Yes") : _ ("No");
}

/* @few: NULL tells all; @none: tells nothing. */
static void
put_field (GString *out, const Version *version, MdField *field, const gboolean *few, gboolean none)
{
  const guint *n = g_hash_table_lookup (version->counts, md_field_get_id (field));
  guint n_choices = 0;
  g_autofree const char **choices = list_choices (field, &n_choices);

  for (guint i = 0; i < n_choices; i++)
    {
      g_autofree char *count = g_strdup_printf ("%u", n[i]);

      put_cell (out, md_form_get_id (version->form), ',');
      g_string_append_printf (out, "%u,", md_form_get_version (version->form));
      put_cell (out, md_field_get_id (field), ',');
      put_cell (out, md_field_get_label (field), ',');
      put_cell (out, choices[i], ',');
      put_cell (out, label_of_choice (field, choices[i]), ',');
      put_cell (out, none || (few != NULL && few[i]) ? "few" : count, '\n');
    }
}

/* Of the fields that say something of one another, the first alone is told once anything has to be
 * withheld of any: the difference of two would be told otherwise. */
static void
put_version (GString *out, const Version *version, guint least)
{
  g_autofree const char **names = md_form_list_fields (version->form);
  g_auto (GStrv) groups = md_form_list_link_groups (version->form);
  g_autoptr (GHashTable) few
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);     /* field id */
  g_autoptr (GHashTable) small = g_hash_table_new (g_str_hash, g_str_equal); /* groups */
  g_autoptr (GHashTable) told = g_hash_table_new (g_str_hash, g_str_equal);  /* groups */

  for (gsize i = 0; names[i] != NULL; i++)
    {
      MdField *field = md_form_get_field (version->form, names[i]);
      gboolean *cells = is_counted (version, field) ? find_few (version, field, least) : NULL;

      if (cells == NULL)
        continue;
      g_hash_table_insert (few, g_strdup (names[i]), cells);
      g_hash_table_add (small, groups[i]);
    }
  for (gsize i = 0; names[i] != NULL; i++)
    {
      MdField *field = md_form_get_field (version->form, names[i]);

      if (is_counted (version, field))
        put_field (out, version, field, g_hash_table_lookup (few, names[i]),
                   !g_hash_table_add (told, groups[i]) && g_hash_table_contains (small, groups[i]));
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
  Eyes eyes;

  if (!g_str_equal (entry->procedure, tally->procedure))
    return STATUS_FINE;
  subject = case_examine_entry (desk, entry, NULL, &error);
  if (subject != NULL && strcmp (case_state (subject), "approved") != 0)
    return STATUS_FINE;
  if (subject == NULL || !case_is_agreed (subject, &error) || !case_open (subject, desk, &error)
      || !command_record (desk, options, "tally", subject, &error))
    {
      command_record_refusal (desk, options, "tally", entry->intake, error);
      return command_complain (error);
    }
  form = desk_find_form (desk, md_container_get_manifest (subject->container));
  eyes = eyes_new (desk, subject, MD_STEP_EXPORT, FALSE);
  count_form (tally, form, &eyes);
  return STATUS_FINE;
}

static gint
compare_versions (gconstpointer a, gconstpointer b)
{
  const Version *one = *(const Version *const *)a, *other = *(const Version *const *)b;

  return (gint)md_form_get_version (one->form) - (gint)md_form_get_version (other->form);
}

/* Whether the table of this version may be told; says why not. */
static gboolean
is_for_telling (const Desk *desk, const Version *version, const char *digest, const GPtrArray *told)
{
  const guint form = md_form_get_version (version->form);
  const char *id = md_form_get_id (version->form);

  if (version->intakes < desk->least)
    g_printerr (_ ("madoguchi-backoffice: version %u of %s is left out: there are too few "
                   "approved intakes of it\n"),
                form, id);
  else if (!may_be_told (version, digest, told, desk->least))
    g_printerr (_ ("madoguchi-backoffice: version %u of %s is left out: it differs from a table "
                   "that was told before by too few intakes, and the difference of the two would "
                   "tell of these. Wait until they differ by at least %u.\n"),
                form, id, desk->least);
  else
    return TRUE;
  return FALSE;
}

/* A version of fewer intakes than the least, or by fewer apart from one that was told, is left out.
 * *@out_table: NULL where nothing is left. Caller owns. FALSE: the ledger failed. */
static gboolean
draw_up (const Desk *desk, const Options *options, Tally *tally, GString **out_table,
         GError **error)
{
  g_autoptr (GString) out = g_string_new (COLUMNS);
  g_autoptr (GPtrArray) told = md_ledger_list_done (desk->ledger, "tally-told", error);
  gboolean any = FALSE;

  if (told == NULL)
    return FALSE;
  g_ptr_array_sort (tally->versions, compare_versions);
  for (guint i = 0; i < tally->versions->len; i++)
    {
      const Version *version = tally->versions->pdata[i];
      g_autofree char *digest = digest_intakes (version);

      if (!is_for_telling (desk, version, digest, told))
        continue;
      if (!record_told (desk, options, version, digest, error))
        return FALSE;
      put_version (out, version, desk->least);
      any = TRUE;
    }
  *out_table = any ? g_steal_pointer (&out) : NULL;
  return TRUE;
}

int
command_tally (Desk *desk, const Options *options, int argc, char **argv)
{
  g_autoptr (GPtrArray) versions = g_ptr_array_new_with_free_func (version_free);
  Tally tally = { .procedure = argv[0], .versions = versions };
  g_autoptr (GString) table = NULL;
  g_autoptr (GError) error = NULL;
  int status = STATUS_FINE;

  if (desk->catalogue == NULL)
    {
      g_printerr (_ ("madoguchi-backoffice: without the forms (forms_dir) nobody can say which "
                     "values are choices: %s\n"),
                  desk->forms_trouble->message);
      return STATUS_SETTINGS;
    }
  status = command_each (desk, options, tally_entry, &tally);
  if (!draw_up (desk, options, &tally, &table, &error))
    return command_complain (error);
  if (table == NULL)
    {
      g_printerr (_ ("madoguchi-backoffice: there are too few approved intakes of %s: what they "
                     "say would be known of these people\n"),
                  argv[0]);
      return STATUS_UNFIT;
    }
  if (!g_file_set_contents_full (argv[1], table->str, (gssize)table->len,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                 &error))
    return command_complain (error);
  return status;
}
