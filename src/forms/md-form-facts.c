// SPDX-License-Identifier: Apache-2.0
// A procedure in statements, for reading it and for comparing two versions.
#include "config.h"

#include <glib/gi18n.h>

#include "md-form-facts.h"
#include "md-form-private.h"

static void
fact_free (gpointer data)
{
  MdFormFact *fact = data;

  g_free (fact->key);
  g_free (fact->subject);
  g_free (fact->text);
  g_free (fact->set);
  g_free (fact);
}

/* Takes the subject and the text. */
static MdFormFact *
add (GPtrArray *facts, const char *kind, const char *id, char *subject, char *text)
{
  MdFormFact *fact = g_new0 (MdFormFact, 1);

  fact->key = g_strconcat (kind, id ? "." : NULL, id, NULL);
  fact->subject = subject;
  fact->text = text ? text : g_strdup ("");
  g_ptr_array_add (facts, fact);
  return fact;
}

static void
add_text (GPtrArray *facts, const char *key, const char *subject, const char *text)
{
  add (facts, key, NULL, g_strdup (subject), g_strdup (text));
}

static char *
join (char **words)
{
  return g_strjoinv (md_forms_in_japanese () ? "、" : ", ", words);
}

/* "required", "required when n.ex_cont == true"; nothing for a rule that is not there. */
static void
append_rule (GPtrArray *parts, const MdRule *rule, const char *always, const char *conditional)
{
  g_autofree char *text = rule ? _md_rule_to_text (rule) : NULL;

  if (!rule)
    return;
  if (_md_rule_is_always (rule))
    g_ptr_array_add (parts, g_strdup (always));
  else
    g_ptr_array_add (parts, g_strdup_printf ("%s %s", conditional, text));
}

static char *
finish (GPtrArray *parts)
{
  g_ptr_array_add (parts, NULL);
  return g_strjoinv ("; ", (char **)parts->pdata);
}

static void
append_options (GPtrArray *parts, const MdFormItem *item)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < item->field->options->len; i++)
    {
      const MdFieldOption *option = &g_array_index (item->field->options, MdFieldOption, i);

      if (!item->options || g_strv_contains ((const char *const *)item->options, option->code))
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", option->code);
    }
  if (text->len > 0)
    g_ptr_array_add (parts, g_strdup_printf (_ ("choices %s"), text->str));
}

static void
append_limits (GPtrArray *parts, MdField *field)
{
  if (field->max_length > 0)
    g_ptr_array_add (parts, g_strdup_printf (_ ("at most %u characters"), field->max_length));
  if (field->has_range)
    g_ptr_array_add (
        parts, g_strdup_printf ("%" G_GINT64_FORMAT "–%" G_GINT64_FORMAT, field->min, field->max));
  if (field->pattern)
    g_ptr_array_add (parts, g_strdup (g_regex_get_pattern (field->pattern)));
  if (field->type == MD_FIELD_NUMBER)
    g_ptr_array_add (parts, g_strdup (md_number_kind_get_id (field->number)));
  if (field->internal)
    g_ptr_array_add (parts, g_strdup (_ ("from staff to staff")));
  if (field->decimals > 0)
    g_ptr_array_add (parts, g_strdup_printf (_ ("%u decimals"), field->decimals));
  if (field->partial)
    g_ptr_array_add (parts, g_strdup (_ ("the day may be unknown")));
  if (field->not_before)
    g_ptr_array_add (parts, g_strdup_printf (_ ("not before %s"), field->not_before));
  if (field->not_future)
    g_ptr_array_add (parts, g_strdup (_ ("not in the future")));
}

/* In both languages: a person may agree to either. */
static void
append_declaration (GPtrArray *parts, const MdFormItem *item)
{
  if (item->field->type != MD_FIELD_DECLARATION)
    return;
  g_ptr_array_add (parts, g_strdup (item->decline ? _ ("yes or no") : _ ("only yes")));
  g_ptr_array_add (parts, g_strdup_printf (_ ("shown in Japanese: %s"), item->declaration.ja));
  g_ptr_array_add (parts, g_strdup_printf (_ ("shown in English: %s"), item->declaration.en));
}

static char *
describe_item (const MdFormItem *item)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  append_rule (parts, item->required, _ ("required"), _ ("required when"));
  append_rule (parts, item->visible, _ ("always there"), _ ("there when"));
  append_rule (parts, item->derive, _ ("computed"), _ ("computed as"));
  g_ptr_array_add (parts, g_strdup (_md_field_type_to_id (item->field->type)));
  g_ptr_array_add (
      parts, g_strdup_printf (_ ("class %s"), md_sensitivity_to_id (item->field->sensitivity)));
  append_options (parts, item);
  append_limits (parts, item->field);
  if (item->columns)
    g_ptr_array_add (parts, g_strdup_printf (_ ("%u to %u rows"), item->min_rows, item->max_rows));
  if (item->initial)
    g_ptr_array_add (parts, g_strdup_printf (_ ("at first %s"), item->initial));
  append_declaration (parts, item);
  return finish (parts);
}

static void
add_columns (GPtrArray *facts, const MdFormItem *group)
{
  for (guint i = 0; group->columns && i < group->columns->len; i++)
    {
      const MdFormItem *item = g_ptr_array_index (group->columns, i);

      add (facts, "field", item->field->id,
           g_strdup_printf (_ ("Column %s (%s) of %s"), item->field->id,
                            md_field_get_label (item->field), group->field->id),
           describe_item (item));
    }
}

static void
add_items (GPtrArray *facts, MdForm *form, guint section)
{
  for (guint i = 0; i < form->items->len; i++)
    {
      const MdFormItem *item = g_ptr_array_index (form->items, i);
      MdFormFact *fact;

      if (item->section != section)
        continue;
      fact = add (
          facts, "field", item->field->id,
          g_strdup_printf (_ ("Field %s (%s)"), item->field->id, md_field_get_label (item->field)),
          describe_item (item));
      fact->set = g_strdup (item->set);
      add_columns (facts, item);
    }
}

static void
add_sections (GPtrArray *facts, MdForm *form)
{
  for (guint i = 0; i < form->headings->len; i++)
    {
      const MdFormHeading *heading = &g_array_index (form->headings, MdFormHeading, i);

      add (facts, "section", heading->id, g_strdup_printf (_ ("Section %s"), heading->id),
           g_strdup (_md_text_pick (&heading->title)));
      add_items (facts, form, i);
    }
  add_items (facts, form, MD_NO_SECTION);
}

static void
add_checks (GPtrArray *facts, MdForm *form)
{
  for (guint i = 0; i < form->checks->len; i++)
    {
      const MdFormCheck *check = g_ptr_array_index (form->checks, i);
      g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

      g_ptr_array_add (parts, g_strdup (check->stops ? _ ("stops") : _ ("warns")));
      if (check->group)
        g_ptr_array_add (parts, g_strdup_printf (_ ("each row of %s"), check->group->field->id));
      append_rule (parts, check->when, _ ("always"), _ ("when"));
      append_rule (parts, check->assertion, _ ("never wrong"), _ ("unless"));
      g_ptr_array_add (parts, _md_form_fill_message (form, _md_text_pick (&check->message)));
      add (facts, "check", check->id,
           g_strdup_printf (_ ("Check %s at %s"), check->id, check->field), finish (parts));
    }
}

static void
add_papers (GPtrArray *facts, MdForm *form)
{
  for (guint i = 0; i < form->papers->len; i++)
    {
      const MdFormPaper *paper = g_ptr_array_index (form->papers, i);
      g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

      g_ptr_array_add (parts, g_strdup (_md_text_pick (&paper->label)));
      g_ptr_array_add (parts, g_strdup (paper->required ? _ ("required") : _ ("if there is one")));
      append_rule (parts, paper->when, _ ("always"), _ ("when"));
      g_ptr_array_add (parts, g_strdup_printf (_ ("scan of class %s"),
                                               md_sensitivity_to_id (paper->sensitivity)));
      add (facts, "paper", paper->id, g_strdup_printf (_ ("Paper %s"), paper->id), finish (parts));
    }
}

static void
add_settings (GPtrArray *facts, MdForm *form)
{
  for (guint i = 0; i < form->settings->len; i++)
    {
      const MdFormSetting *setting = &g_array_index (form->settings, MdFormSetting, i);

      add (facts, "setting", setting->id, g_strdup_printf (_ ("Setting %s"), setting->id),
           g_strdup_printf (_ ("%lld (source: %s)"), (long long)setting->value, setting->source));
    }
}

static char *
describe_approval (MdForm *form)
{
  g_autoptr (GString) roles = g_string_new (NULL);

  for (guint role = 0; role < MD_N_ROLES; role++)
    if (form->approvers & MD_ROLES (role))
      g_string_append_printf (roles, "%s%s", roles->len > 0 ? ", " : "",
                              md_role_to_id ((MdRole)role));
  return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u officer: %s", "%u different officers: %s", form->approvals),
      form->approvals, roles->str);
}

static void
add_head (GPtrArray *facts, MdForm *form)
{
  static const char profiles[] = "1234";

  add_text (facts, "title", _ ("Name of the procedure"), _md_text_pick (&form->title));
  add_text (facts, "kana", _ ("Reading in kana"), form->kana);
  add_text (facts, "domain", _ ("Section in charge"), md_form_get_domain_label (form));
  add (facts, "effective", NULL, g_strdup (_ ("In force")),
       g_strdup_printf ("%s – %s", form->from, form->to ? form->to : ""));
  if (form->immediate)
    add (facts, "immediate", NULL, g_strdup (_ ("Sent")), g_strdup (_ ("before all others")));
  if (form->amends)
    add_text (facts, "amends", _ ("Changes what was registered by"), form->amends);
  add (facts, "may_file", NULL, g_strdup (_ ("Who may file")), join (form->may_file));
  add (facts, "profile", NULL, g_strdup (_ ("Visibility table")),
       g_strdup_printf ("V%c", profiles[form->profile]));
  add_text (facts, "retention", _ ("Retention rule"), form->retention);
  if (form->assurance)
    add_text (facts, "assurance", _ ("Recommended identification"), form->assurance);
  if (form->approvers)
    add (facts, "approval", NULL, g_strdup (_ ("Recommended approval")), describe_approval (form));
  add (facts, "basis", NULL, g_strdup (_ ("Legal and source basis")), join (form->basis));
  add (facts, "keywords", NULL, g_strdup (_ ("Found by")), join (form->keywords));
  add_text (facts, "purpose", _ ("What the data are used for"), _md_text_pick (&form->purpose));
  if (form->number_purpose.ja)
    add_text (facts, "number_purpose", _ ("What the number is used for"),
              _md_text_pick (&form->number_purpose));
  add_text (facts, "guide", _ ("For the clerk"), _md_text_pick (&form->guide));
}

GPtrArray *
md_form_list_facts (MdForm *self)
{
  GPtrArray *facts = g_ptr_array_new_with_free_func (fact_free);

  g_return_val_if_fail (MD_IS_FORM (self), facts);

  add_head (facts, self);
  add_settings (facts, self);
  add_sections (facts, self);
  add_checks (facts, self);
  add_papers (facts, self);
  return facts;
}

/* --- between two versions --- */

static const MdFormFact *
find_fact (GPtrArray *facts, const char *key)
{
  for (guint i = 0; i < facts->len; i++)
    if (g_str_equal (((const MdFormFact *)g_ptr_array_index (facts, i))->key, key))
      return g_ptr_array_index (facts, i);
  return NULL;
}

/* What it says otherwise, or is called otherwise. */
static void
add_change (GPtrArray *out, const MdFormFact *was, const MdFormFact *is)
{
  g_autofree char *from = g_str_equal (was->subject, is->subject)
                              ? g_strdup (was->text)
                              : g_strdup_printf (_ ("%s: %s"), was->subject, was->text);

  g_ptr_array_add (
      out, g_strdup_printf (_ ("%s: changed from: %s; to: %s"), is->subject, from, is->text));
}

static void
compare (GPtrArray *before, GPtrArray *after, GPtrArray *out)
{
  for (guint i = 0; i < before->len; i++)
    {
      const MdFormFact *was = g_ptr_array_index (before, i);
      const MdFormFact *is = find_fact (after, was->key);

      if (!is)
        g_ptr_array_add (
            out, g_strdup_printf (_ ("%s: taken out; it was: %s"), was->subject, was->text));
      else if (!g_str_equal (was->text, is->text) || !g_str_equal (was->subject, is->subject))
        add_change (out, was, is);
    }
  for (guint i = 0; i < after->len; i++)
    {
      const MdFormFact *is = g_ptr_array_index (after, i);

      if (!find_fact (before, is->key))
        g_ptr_array_add (out, g_strdup_printf (_ ("%s: new: %s"), is->subject, is->text));
    }
}

char **
md_form_list_changes (MdForm *before, MdForm *after)
{
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func (g_free);

  if (!before && after)
    g_ptr_array_add (changes,
                     g_strdup_printf (_ ("A new procedure: %s"), md_form_get_title (after)));
  else if (before && !after)
    g_ptr_array_add (changes,
                     g_strdup_printf (_ ("The procedure is gone: %s"), md_form_get_title (before)));
  else if (before && after)
    {
      g_autoptr (GPtrArray) was = md_form_list_facts (before), is = md_form_list_facts (after);

      compare (was, is, changes);
    }
  g_ptr_array_add (changes, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&changes), FALSE);
}

guint
md_catalogue_count_fields (MdCatalogue *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self)); i++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (G_LIST_MODEL (self), i);
      g_autofree const char **ids = md_form_list_fields (form);

      for (guint k = 0; ids[k]; k++)
        g_hash_table_add (seen, (gpointer)(guintptr)ids[k]);
    }
  return g_hash_table_size (seen);
}

guint
md_catalogue_count_procedures (MdCatalogue *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self)); i++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (G_LIST_MODEL (self), i);

      if (!form->amends)
        g_hash_table_add (seen, form->id);
    }
  return g_hash_table_size (seen);
}

gboolean
md_form_is_immediate (MdForm *self)
{
  return self->immediate;
}

const char *
md_form_get_amends (MdForm *self)
{
  return self->amends;
}

const char *
md_form_get_from (MdForm *self)
{
  return self->from;
}

const char *
md_form_get_to (MdForm *self)
{
  return self->to;
}

guint
md_form_get_officers (MdForm *self)
{
  g_return_val_if_fail (MD_IS_FORM (self), 0);

  return self->approvals;
}
