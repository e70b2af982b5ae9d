// SPDX-License-Identifier: Apache-2.0
/* forms guide: 手続きナビ at the command line, for whoever writes guide.json and for a branch
 * without a window. */
#include "config.h"

#include <glib/gi18n.h>
#include <md-base.h>
#include <md-forms.h>
#include <string.h>

#include "output.h"
#include "verb.h"

/* --- Events --- */

static Status
list_events (Context *context, MdCatalogue *catalogue)
{
  static const Column columns[] = {
    { "id", N_ ("Life event") },
    { "title", N_ ("Name of the event") },
    { NULL, NULL },
  };
  GListModel *events = md_catalogue_get_events (catalogue);
  g_auto (GVariantBuilder) rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  g_autoptr (GVariant) table = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (events); i++)
    {
      g_autoptr (MdLifeEvent) event = g_list_model_get_item (events, i);

      g_variant_builder_add_parsed (&rows, "{'id': <%s>, 'title': <%s>}",
                                    md_life_event_get_id (event), md_life_event_get_title (event));
    }
  table = g_variant_ref_sink (g_variant_builder_end (&rows));
  if (context->json)
    output_json (table);
  else
    output_table (table, columns);
  return STATUS_OK;
}

/* --- Answers --- */

static MdField *
find_question (MdLifeEvent *event, const char *id)
{
  GListModel *questions = md_life_event_get_questions (event);

  for (guint i = 0; i < g_list_model_get_n_items (questions); i++)
    {
      g_autoptr (MdField) question = g_list_model_get_item (questions, i);

      if (g_str_equal (md_field_get_id (question), id))
        return question;
    }
  return NULL;
}

static gboolean
is_answer (MdField *question, const char *code)
{
  if (md_field_get_field_type (question) == MD_FIELD_BOOL)
    return g_str_equal (code, "true") || g_str_equal (code, "false");
  return md_field_get_option_label (question, code) != NULL;
}

/* "age=75,facility=false"; FALSE after saying what is wrong with it. */
static gboolean
read_answers (MdLifeEvent *event, const char *text, GHashTable *out_answers)
{
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", ",", -1);

  for (guint i = 0; parts[i] != NULL && text != NULL; i++)
    {
      g_auto (GStrv) pair = g_strsplit (parts[i], "=", 2);
      MdField *question = pair[0] != NULL ? find_question (event, pair[0]) : NULL;

      if (question == NULL || pair[1] == NULL || !is_answer (question, pair[1]))
        {
          g_printerr (_ ("\"%s\" answers no question of \"%s\". Write QUESTION=ANSWER as \"forms "
                         "guide %s\" lists them, with commas between.\n"),
                      parts[i], md_life_event_get_id (event), md_life_event_get_id (event));
          return FALSE;
        }
      g_hash_table_replace (out_answers, g_steal_pointer (&pair[0]), g_steal_pointer (&pair[1]));
    }
  return TRUE;
}

/* --- What is due --- */

static char *
today (void)
{
  MdDate date;

  md_date_from_wall_us (g_get_real_time (), &date);
  return md_date_format_iso (&date);
}

static GVariant *
due_to_row (MdDue *due)
{
  MdForm *form = md_due_get_form (due);
  const char *deadline = md_due_get_deadline (due), *place = md_due_get_place (due);

  return g_variant_new_parsed (
      "{'procedure': <%s>, 'title': <%s>, 'certain': <%b>, 'reason': <%s>, 'deadline': <%s>,"
      " 'place': <%s>, 'bring': <%@as>, 'bring_if': <%@as>}",
      form != NULL ? md_form_get_id (form) : "", md_due_get_title (due), md_due_is_certain (due),
      md_due_get_reason (due), deadline != NULL ? deadline : "", place != NULL ? place : "",
      g_variant_new_strv (md_due_get_bring (due), -1),
      g_variant_new_strv (md_due_get_bring_if (due), -1));
}

static void
print_papers (const char *heading, const char *const *papers)
{
  if (papers[0] != NULL)
    g_print ("    %s\n", heading);
  for (guint i = 0; papers[i] != NULL; i++)
    g_print ("      - %s\n", papers[i]);
}

static void
print_due (MdDue *due)
{
  MdForm *form = md_due_get_form (due);
  const char *deadline = md_due_get_deadline (due);

  g_print ("%s %s%s%s\n", md_due_is_certain (due) ? "*" : "?", md_due_get_title (due),
           form != NULL ? "  " : "", form != NULL ? md_form_get_id (form) : "");
  if (md_due_get_place (due) != NULL)
    g_print ("    %s\n", md_due_get_place (due));
  g_print ("    %s\n", md_due_get_reason (due));
  if (deadline != NULL)
    g_print ("    %s\n", deadline);
  print_papers (_ ("To bring"), md_due_get_bring (due));
  print_papers (_ ("Where it applies"), md_due_get_bring_if (due));
}

static void
print_questions (MdLifeEvent *event)
{
  GListModel *questions = md_life_event_get_questions (event);

  g_print ("%s\n", md_life_event_get_title (event));
  for (guint i = 0; i < g_list_model_get_n_items (questions); i++)
    {
      g_autoptr (MdField) question = g_list_model_get_item (questions, i);
      const MdFieldOption *options;
      guint n;

      g_print ("  %s: %s\n", md_field_get_id (question), md_field_get_label (question));
      options = md_field_get_options (question, &n);
      for (guint k = 0; k < n; k++)
        g_print ("      %s: %s\n", options[k].code,
                 md_field_get_option_label (question, options[k].code));
      if (n == 0)
        g_print ("      true: %s\n      false: %s\n", _ ("Yes"), _ ("No"));
    }
  g_print ("\n");
}

static Status
tell_due (Context *context, MdLifeEvent *event, GHashTable *answers)
{
  g_autofree char *day = today ();
  g_autoptr (GListModel) due = md_life_event_list_due (event, answers, day);
  g_auto (GVariantBuilder) rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  if (!context->json)
    print_questions (event);
  for (guint i = 0; i < g_list_model_get_n_items (due); i++)
    {
      g_autoptr (MdDue) one = g_list_model_get_item (due, i);

      if (context->json)
        g_variant_builder_add_value (&rows, due_to_row (one));
      else
        print_due (one);
    }
  if (context->json)
    output_json (g_variant_builder_end (&rows));
  return STATUS_OK;
}

Status
verb_forms_guide (Context *context, const char *operand)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCatalogue) catalogue
      = md_catalogue_load (context->forms != NULL ? context->forms : MD_FORMSDIR, &error);
  g_autoptr (GHashTable) answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  MdLifeEvent *event;

  if (catalogue == NULL)
    return context_fail (g_steal_pointer (&error));
  if (operand == NULL)
    return list_events (context, catalogue);
  event = md_catalogue_get_event (catalogue, operand);
  if (event == NULL)
    {
      g_printerr (_ ("There is no event \"%s\". \"madoguchictl forms guide\" names them all.\n"),
                  operand);
      return STATUS_FAILED;
    }
  if (!read_answers (event, context->operands[1], answers))
    return STATUS_USAGE;
  return tell_due (context, event, answers);
}
