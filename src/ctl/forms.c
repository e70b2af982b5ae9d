// SPDX-License-Identifier: Apache-2.0
/* forms lint, list, show, diff: the definitions of the procedures. Without the service: whoever
 * writes one tries it before it is installed. */
#include "config.h"

#include <glib/gi18n.h>
#include <md-forms.h>
#include <string.h>

#include "output.h"
#include "verb.h"

static const char *
forms_folder (Context *context)
{
  return context->forms != NULL ? context->forms : MD_FORMSDIR;
}

/* --- lint --- */

static GVariant *
errors_to_variant (GPtrArray *errors)
{
  g_auto (GVariantBuilder) rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (guint i = 0; i < errors->len; i++)
    {
      const GError *error = g_ptr_array_index (errors, i);
      const char *file = md_forms_error_get_file (error);

      g_variant_builder_add_parsed (&rows, "{'file': <%s>, 'message': <%s>}",
                                    file != NULL ? file : "", error->message);
    }
  return g_variant_builder_end (&rows);
}

/* What is part of another procedure is told, since it is not counted. */
static void
print_amendments (MdCatalogue *catalogue)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (catalogue)); i++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (G_LIST_MODEL (catalogue), i);
      const char *amends = md_form_get_amends (form);

      if (amends != NULL)
        g_print (_ ("%s is counted as part of %s, whose registrations it changes.\n"),
                 md_form_get_id (form), amends);
    }
}

/* What the policy says otherwise, in sentences. */
static char **
list_differences (MdCatalogue *catalogue, MdPolicy *policy)
{
  g_auto (GStrv) officers = md_catalogue_list_disagreements (catalogue, policy);
  g_auto (GStrv) untaken = md_catalogue_tell_untaken (
      catalogue, policy, md_clock_get_wall_us (md_clock_get_system ()));
  g_autoptr (GStrvBuilder) sentences = g_strv_builder_new ();

  for (char **id = officers; *id != NULL; id++)
    {
      g_autofree char *sentence = md_catalogue_dup_disagreement (catalogue, policy, *id);

      g_strv_builder_add (sentences, sentence);
    }
  for (char **sentence = untaken; *sentence != NULL; sentence++)
    g_strv_builder_add (sentences, *sentence);
  return g_strv_builder_end (sentences);
}

/* Where the policy of --policy and the forms do not agree; and, which may be meant, what it keeps
 * from the opening desk. */
static Status
compare_with_policy (Context *context, MdCatalogue *catalogue, char ***out_differ, char ***out_kept)
{
  g_autoptr (MdPolicy) policy = NULL;
  g_autoptr (GBytes) json = NULL;
  g_autofree char *text = NULL;
  gsize size = 0;
  GError *error = NULL;

  *out_differ = g_new0 (char *, 1);
  *out_kept = g_new0 (char *, 1);
  if (context->policy == NULL)
    return STATUS_OK;
  if (!g_file_get_contents (context->policy, &text, &size, &error))
    return context_fail (error);
  json = g_bytes_new_take (g_steal_pointer (&text), size);
  policy = md_policy_new_from_json (json, NULL, &error);
  if (policy == NULL)
    return context_fail (error);
  g_strfreev (*out_kept);
  *out_kept = md_catalogue_list_kept (catalogue, policy);
  g_strfreev (*out_differ);
  *out_differ = list_differences (catalogue, policy);
  return STATUS_OK;
}

Status
verb_forms_lint (Context *context, const char *operand)
{
  g_autoptr (GPtrArray) errors = g_ptr_array_new_with_free_func ((GDestroyNotify)g_error_free);
  g_autoptr (MdCatalogue) catalogue
      = md_catalogue_lint (operand != NULL ? operand : forms_folder (context), errors);
  const guint n = md_catalogue_count_procedures (catalogue);
  const guint fields = md_catalogue_count_fields (catalogue);
  g_auto (GStrv) differ = NULL;
  g_auto (GStrv) kept = NULL;
  const Status status = compare_with_policy (context, catalogue, &differ, &kept);

  if (status != STATUS_OK)
    return status;
  if (context->json)
    output_json (g_variant_new_parsed (
        "{'procedures': <%u>, 'fields': <%u>, 'errors': <%@aa{sv}>, 'policy': <%^as>,"
        " 'desk': <%^as>}",
        n, fields, errors_to_variant (errors), differ, kept));
  else
    {
      for (guint i = 0; i < errors->len; i++)
        g_print ("%s\n", ((const GError *)g_ptr_array_index (errors, i))->message);
      print_amendments (catalogue);
      for (guint i = 0; differ[i] != NULL; i++)
        g_print ("%s\n", differ[i]);
      for (guint i = 0; kept[i] != NULL; i++)
        g_print ("%s\n", kept[i]);
      /* Read by programs: the same in every language. */
      g_print ("forms: %u procedures, %u fields, %u errors\n", n, fields, errors->len);
    }
  return errors->len == 0 && differ[0] == NULL ? STATUS_OK : STATUS_FINDING;
}

/* --- list --- */

static MdCatalogue *
load_folder (const char *folder, Status *out_status)
{
  GError *error = NULL;
  MdCatalogue *catalogue = md_catalogue_load (folder, &error);

  if (catalogue == NULL)
    *out_status = context_fail (error);
  return catalogue;
}

static GVariant *
form_to_row (MdForm *form)
{
  g_autofree const char **ids = md_form_list_fields (form);
  const char *to = md_form_get_to (form);

  return g_variant_new_parsed (
      "{'id': <%s>, 'version': <%u>, 'office': <%s>, 'from': <%s>, 'to': <%s>, 'fields': <%u>,"
      " 'retention': <%s>, 'title': <%s>}",
      md_form_get_id (form), md_form_get_version (form), md_form_get_domain (form),
      md_form_get_from (form), to != NULL ? to : "", g_strv_length ((char **)(gpointer)ids),
      md_form_get_retention (form), md_form_get_title (form));
}

static void
tell_none (Context *context, const char *office)
{
  if (office == NULL)
    g_printerr (
        _ ("There is no procedure in %s. Name the folder of the definitions with --forms.\n"),
        forms_folder (context));
  else
    g_printerr (_ ("No procedure of \"%s\" is there. The offices are pension, care, lem, health, "
                   "juki and common.\n"),
                office);
}

Status
verb_forms_list (Context *context, const char *operand)
{
  static const Column columns[] = {
    { "id", N_ ("Procedure") },
    { "version", N_ ("Version") },
    { "from", N_ ("In force from") },
    { "to", N_ ("In force until") },
    { "fields", N_ ("Number of fields") },
    { "retention", N_ ("Retention rule") },
    { "title", N_ ("Name of the procedure") },
    { NULL, NULL },
  };
  Status status = STATUS_OK;
  g_autoptr (MdCatalogue) catalogue = load_folder (forms_folder (context), &status);
  g_auto (GVariantBuilder) rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  g_autoptr (GVariant) table = NULL;

  if (catalogue == NULL)
    return status;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (catalogue)); i++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (G_LIST_MODEL (catalogue), i);

      if (operand == NULL || g_str_equal (md_form_get_domain (form), operand))
        g_variant_builder_add_value (&rows, form_to_row (form));
    }
  table = g_variant_ref_sink (g_variant_builder_end (&rows));
  if (g_variant_n_children (table) == 0)
    {
      tell_none (context, operand);
      return STATUS_FAILED;
    }
  if (context->json)
    output_json (table);
  else
    output_table (table, columns);
  return STATUS_OK;
}

/* --- show --- */

/* "ID" (the newest version) or "ID@2". */
static MdForm *
find_form (MdCatalogue *catalogue, const char *name)
{
  const char *at = strchr (name, '@');
  g_autofree char *id = at != NULL ? g_strndup (name, (gsize)(at - name)) : g_strdup (name);
  MdForm *form = at != NULL ? md_catalogue_get_form_version (catalogue, id, at + 1)
                            : md_catalogue_get_form (catalogue, id);

  if (form == NULL)
    g_printerr (_ ("There is no procedure \"%s\". \"madoguchictl forms list\" names them all.\n"),
                name);
  return form;
}

static GVariant *
facts_to_variant (GPtrArray *facts)
{
  g_auto (GVariantBuilder) rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (guint i = 0; i < facts->len; i++)
    {
      const MdFormFact *fact = g_ptr_array_index (facts, i);

      g_variant_builder_add_parsed (
          &rows, "{'key': <%s>, 'subject': <%s>, 'text': <%s>, 'set': <%s>}", fact->key,
          fact->subject, fact->text, fact->set != NULL ? fact->set : "");
    }
  return g_variant_builder_end (&rows);
}

Status
verb_forms_show (Context *context, const char *operand)
{
  Status status = STATUS_OK;
  g_autoptr (MdCatalogue) catalogue = load_folder (forms_folder (context), &status);
  MdForm *form = catalogue != NULL ? find_form (catalogue, operand) : NULL;
  g_autoptr (GPtrArray) facts = NULL;

  if (catalogue == NULL)
    return status;
  if (form == NULL)
    return STATUS_FAILED;
  facts = md_form_list_facts (form);
  if (context->json)
    {
      output_json (facts_to_variant (facts));
      return STATUS_OK;
    }
  g_print ("%s@%u\n", md_form_get_id (form), md_form_get_version (form));
  for (guint i = 0; i < facts->len; i++)
    {
      const MdFormFact *fact = g_ptr_array_index (facts, i);

      g_autofree char *from
          = fact->set != NULL ? g_strdup_printf (_ (" (from the set %s)"), fact->set) : NULL;

      g_print (g_str_has_prefix (fact->key, "section.") ? "\n%s: %s%s\n" : "%s: %s%s\n",
               fact->subject, fact->text, from != NULL ? from : "");
    }
  return STATUS_OK;
}

/* --- diff --- */

/* What is said of one procedure: lines for people, or rows. */
static void
tell_changes (MdForm *before, MdForm *after, GVariantBuilder *rows)
{
  g_auto (GStrv) changes = md_form_list_changes (before, after);
  MdForm *known = after != NULL ? after : before;

  for (guint i = 0; changes[i] != NULL; i++)
    g_variant_builder_add_parsed (rows, "{'id': <%s>, 'change': <%s>}", md_form_get_id (known),
                                  changes[i]);
}

static void
compare_folders (MdCatalogue *before, MdCatalogue *after, GVariantBuilder *rows)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (before)); i++)
    {
      g_autoptr (MdForm) was = g_list_model_get_item (G_LIST_MODEL (before), i);
      g_autofree char *version = g_strdup_printf ("%u", md_form_get_version (was));

      tell_changes (was, md_catalogue_get_form_version (after, md_form_get_id (was), version),
                    rows);
    }
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (after)); i++)
    {
      g_autoptr (MdForm) is = g_list_model_get_item (G_LIST_MODEL (after), i);
      g_autofree char *version = g_strdup_printf ("%u", md_form_get_version (is));

      if (md_catalogue_get_form_version (before, md_form_get_id (is), version) == NULL)
        tell_changes (md_catalogue_get_form (before, md_form_get_id (is)), is, rows);
    }
}

static Status
print_changes (Context *context, GVariant *table)
{
  GVariantIter rows;
  GVariant *row;

  if (context->json)
    {
      output_json (table);
      return STATUS_OK;
    }
  if (g_variant_n_children (table) == 0)
    g_print ("%s\n", _ ("Nothing is different."));
  g_variant_iter_init (&rows, table);
  while ((row = g_variant_iter_next_value (&rows)) != NULL)
    {
      g_autofree char *id = output_text (row, "id");
      g_autofree char *change = output_text (row, "change");

      g_print ("%s: %s\n", id, change);
      g_variant_unref (row);
    }
  return STATUS_OK;
}

static Status
compare_versions (Context *context, GVariantBuilder *rows)
{
  Status status = STATUS_OK;
  g_autoptr (MdCatalogue) catalogue = load_folder (forms_folder (context), &status);
  MdForm *before, *after;

  if (catalogue == NULL)
    return status;
  before = find_form (catalogue, context->operands[0]);
  after = before != NULL ? find_form (catalogue, context->operands[1]) : NULL;
  if (after == NULL)
    return STATUS_FAILED;
  tell_changes (before, after, rows);
  return STATUS_OK;
}

static Status
compare_two_folders (Context *context, GVariantBuilder *rows)
{
  Status status = STATUS_OK;
  g_autoptr (MdCatalogue) before = load_folder (context->operands[0], &status);
  g_autoptr (MdCatalogue) after
      = before != NULL ? load_folder (context->operands[1], &status) : NULL;

  if (after != NULL)
    compare_folders (before, after, rows);
  return status;
}

Status
verb_forms_diff (Context *context, const char *operand)
{
  g_auto (GVariantBuilder) rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  /* Of a folder that is misspelt the other one says what was meant. */
  const gboolean folders = g_file_test (operand, G_FILE_TEST_IS_DIR)
                           || g_file_test (context->operands[1], G_FILE_TEST_IS_DIR);
  const Status status
      = folders ? compare_two_folders (context, &rows) : compare_versions (context, &rows);
  g_autoptr (GVariant) table = NULL;

  if (status != STATUS_OK)
    return status;
  table = g_variant_ref_sink (g_variant_builder_end (&rows));
  return print_changes (context, table);
}
