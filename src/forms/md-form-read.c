// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include <md-base.h>

#include "md-form-private.h"
#include "md-inquiry.h"

#define MAX_FIELDS_OF_SECTION 7u
#define MAX_SECTIONS 40u
#define MAX_CHECKS 100u
#define MAX_COLUMNS 12u
#define MAX_ROWS 30u

typedef const char *const Members[];

/* While a form is read: the form, the dictionary, the reader. */
typedef struct
{
  MdForm *form;
  MdJson *json;
  GHashTable *fields;
  MdFormSets *sets;
  GPtrArray *lists;        /* of each section, array of MdFormUse */
  const MdFormItem *group; /* whose columns a rule may name */
  gboolean strict;
  MdRuleScope scope;
} Reader;

static gboolean
has_field (gpointer data, const char *id)
{
  const Reader *reader = data;
  const MdFormItem *item = _md_form_get_item (reader->form, id);

  return item && (!item->group || item->group == reader->group);
}

static gboolean
enter_rows (gpointer data, const char *id)
{
  Reader *reader = data;
  const MdFormItem *item = _md_form_get_item (reader->form, id);

  if (reader->group || !item || !item->columns)
    return FALSE;
  reader->group = item;
  return TRUE;
}

static void
leave_rows (gpointer data)
{
  ((Reader *)data)->group = NULL;
}

static gboolean
has_setting (gpointer data, const char *id)
{
  return _md_form_find_setting (((Reader *)data)->form, id) != NULL;
}

static MdField *
get_field (gpointer data, const char *id)
{
  return md_form_get_field (((Reader *)data)->form, id);
}

/* wanted: what it has to give, or MD_RULE_UNKNOWN. */
static MdRule *
read_rule_of (Reader *reader, JsonObject *object, const char *member, MdRuleKind wanted)
{
  MdRuleKind kind;
  MdRule *rule;

  if (!md_json_has (reader->json, object, member))
    return NULL;
  md_json_enter (reader->json, "%s", member);
  rule = _md_rule_read (reader->json, json_object_get_member (object, member), &reader->scope);
  kind = rule ? _md_rule_gives (rule, &reader->scope) : MD_RULE_UNKNOWN;
  if (kind != MD_RULE_UNKNOWN && wanted != MD_RULE_UNKNOWN && kind != wanted)
    md_json_fail (reader->json, NULL,
                  wanted == MD_RULE_BOOL
                      ? _ ("This rule must say true or false. Compare with something.")
                      : _ ("This rule gives another kind of value than the field holds."));
  md_json_leave (reader->json);
  return rule;
}

static MdRule *
read_rule (Reader *reader, JsonObject *object, const char *member)
{
  return read_rule_of (reader, object, member, MD_RULE_BOOL);
}

static void
read_settings (Reader *reader, JsonObject *root)
{
  static Members members = { "value", "source", NULL };
  MdJson *json = reader->json;
  JsonObject *object = md_json_object (json, root, "settings");
  g_autoptr (GList) ids = object ? json_object_get_members (object) : NULL;

  for (GList *l = ids; l && !md_json_failed (json); l = l->next)
    {
      JsonObject *entry;
      MdFormSetting setting;

      md_json_enter (json, "settings");
      entry = md_json_object (json, object, l->data);
      md_json_enter (json, "%s", (const char *)l->data);
      md_json_only (json, entry, members);
      setting.id = g_strdup (l->data);
      setting.value = md_json_int (json, entry, "value", G_MININT32, G_MAXINT32);
      setting.source = g_strdup (md_json_string (json, entry, "source"));
      g_array_append_val (reader->form->settings, setting);
      md_json_leave (json);
      md_json_leave (json);
    }
}

static MdFormItem *
add_item (Reader *reader, const char *id, guint section, MdFormItem *group)
{
  MdField *field = id ? g_hash_table_lookup (reader->fields, id) : NULL;
  MdFormItem *item;

  if (id && !field)
    md_json_fail (reader->json, NULL,
                  _ ("The field \"%s\" is not in fields.json. Correct it or add it there."), id);
  if (field && md_form_has_field (reader->form, id))
    md_json_fail (reader->json, NULL, _ ("The field \"%s\" is in this form twice. Take one out."),
                  id);
  if (!field || md_json_failed (reader->json))
    return NULL;
  item = g_new0 (MdFormItem, 1);
  item->field = g_object_ref (field);
  item->section = section;
  item->group = group;
  g_ptr_array_add (group ? group->columns : reader->form->items, item);
  g_hash_table_insert (reader->form->by_id, field->id, item);
  return item;
}

static void
add_system_items (Reader *reader, JsonObject *root)
{
  static Members members = { "field", NULL };
  MdJson *json = reader->json;
  g_autoptr (GPtrArray) uses = _md_form_sets_expand (reader->sets, json, root, "system", TRUE);

  for (guint i = 0; i < uses->len && !md_json_failed (json); i++)
    {
      const MdFormUse *use = g_ptr_array_index (uses, i);
      const char *id = use->text;
      MdFormItem *item;

      md_json_enter (json, "system[%u]", use->at);
      if (use->object)
        md_json_only (json, use->object, members);
      if (use->object)
        id = md_json_string (json, use->object, "field");
      item = add_item (reader, id, MD_NO_SECTION, NULL);
      if (item)
        item->set = g_strdup (use->set);
      md_json_leave (json);
    }
}

/* What can stand in a row: one value, typed or from the back office. */
static void
check_column (MdJson *json, MdField *field)
{
  if (field->type == MD_FIELD_ROWS || field->type == MD_FIELD_LIST || field->type == MD_FIELD_BLOB
      || field->type == MD_FIELD_DECLARATION
      || !(field->sources & (MD_SOURCE_TYPED | MD_SOURCE_OFFICE)))
    md_json_fail (json, "field",
                  _ ("\"%s\" cannot stand in a row: a column is typed or comes from the back "
                     "office, and is neither a list, a declaration nor rows."),
                  field->id);
}

static void
add_columns (Reader *reader, JsonObject *object, MdFormItem *group, guint section)
{
  MdJson *json = reader->json;
  JsonArray *columns = md_json_array (json, object, "columns");
  const guint n = columns ? json_array_get_length (columns) : 0;

  if (columns && (n == 0 || n > MAX_COLUMNS))
    md_json_fail (json, "columns", _ ("A row has 1 to %u columns."), MAX_COLUMNS);
  group->columns = g_ptr_array_new_with_free_func (_md_form_item_free);
  for (guint i = 0; i < n && !md_json_failed (json); i++)
    {
      const char *id;
      MdFormItem *item;

      md_json_enter (json, "columns[%u]", i);
      id = md_json_string (json, md_json_element_object (json, columns, i), "field");
      item = add_item (reader, id, section, group);
      if (item)
        check_column (json, item->field);
      md_json_leave (json);
    }
}

static void
add_field (Reader *reader, const MdFormUse *use, guint section)
{
  MdJson *json = reader->json;
  JsonObject *object = use->object;
  MdFormItem *item = add_item (reader, md_json_string (json, object, "field"), section, NULL);

  if (!item)
    return;
  item->set = g_strdup (use->set);
  if (item->field->type == MD_FIELD_ROWS)
    add_columns (reader, object, item, section);
  else if (md_json_has (json, object, "columns"))
    md_json_fail (json, "columns", _ ("Only a field of type \"rows\" has columns."));
}

static const char *
heading_id (MdForm *form, guint i)
{
  return g_array_index (form->headings, MdFormHeading, i).id;
}

static const char *
check_id (MdForm *form, guint i)
{
  return ((const MdFormCheck *)g_ptr_array_index (form->checks, i))->id;
}

static const char *
paper_id (MdForm *form, guint i)
{
  return ((const MdFormPaper *)g_ptr_array_index (form->papers, i))->id;
}

/* The member "id", which none of the N before it has. */
static char *
read_id (MdJson *json, JsonObject *object, guint n, const char *(*id_of) (MdForm *, guint),
         MdForm *form)
{
  const char *id = md_json_string (json, object, "id");

  for (guint i = 0; id && i < n; i++)
    if (g_strcmp0 (id_of (form, i), id) == 0)
      md_json_fail (json, "id", _ ("\"%s\" is there twice. Give it a name of its own."), id);
  return g_strdup (id);
}

/* First pass: which fields there are, so that rules may look ahead. */
static void
add_sections (Reader *reader, JsonObject *root)
{
  static Members members = { "id", "title", "fields", NULL };
  MdJson *json = reader->json;
  JsonArray *sections = md_json_array (json, root, "sections");
  guint n = sections ? json_array_get_length (sections) : 0;

  if (sections && (n == 0 || n > MAX_SECTIONS))
    md_json_fail (json, "sections", _ ("A form has 1 to %u sections."), MAX_SECTIONS);
  for (guint i = 0; i < n && !md_json_failed (json); i++)
    {
      MdFormHeading heading = { 0 };
      JsonObject *section;
      GPtrArray *fields;

      md_json_enter (json, "sections[%u]", i);
      section = md_json_element_object (json, sections, i);
      md_json_only (json, section, members);
      heading.id = read_id (json, section, reader->form->headings->len, heading_id, reader->form);
      _md_text_read (&heading.title, json, section, "title");
      g_array_append_val (reader->form->headings, heading);
      fields = _md_form_sets_expand (reader->sets, json, section, "fields", FALSE);
      g_ptr_array_add (reader->lists, fields);
      if (fields->len == 0 || fields->len > MAX_FIELDS_OF_SECTION)
        md_json_fail (json, "fields",
                      _ ("A section has 1 to %u fields, so that they stay in sight of its heading. "
                         "Split it."),
                      MAX_FIELDS_OF_SECTION);
      for (guint k = 0; k < fields->len && !md_json_failed (json); k++)
        {
          const MdFormUse *use = g_ptr_array_index (fields, k);

          md_json_enter (json, "fields[%u]", use->at);
          add_field (reader, use, i);
          md_json_leave (json);
        }
      md_json_leave (json);
    }
}

static void
check_codes (Reader *reader, const MdFormItem *item)
{
  MdJson *json = reader->json;

  for (guint i = 0; item->options && item->options[i]; i++)
    if (!md_field_get_option_label (item->field, item->options[i]))
      md_json_fail (json, "options", _ ("The field has no choice \"%s\"."), item->options[i]);
  if (!item->initial)
    return;
  if (item->field->type != MD_FIELD_ENUM || !md_field_get_option_label (item->field, item->initial))
    md_json_fail (json, "default", _ ("\"%s\" is not one of the field's choices."), item->initial);
}

static void read_columns (Reader *reader, JsonObject *object, MdFormItem *group);

static void
read_item (Reader *reader, JsonObject *object)
{
  static Members members = { "field",   "required",    "visible", "derive", "options",
                             "default", "declaration", "decline", NULL };
  static Members rows = { "field", "required", "visible", "columns", "min", "max", NULL };
  MdJson *json = reader->json;
  MdFormItem *item
      = g_hash_table_lookup (reader->form->by_id, md_json_string (json, object, "field"));
  const char *initial = md_json_string_or (json, object, "default", NULL);

  md_json_only (json, object, item->columns ? rows : members);
  item->required = read_rule (reader, object, "required");
  item->visible = read_rule (reader, object, "visible");
  item->derive = read_rule_of (reader, object, "derive", _md_rule_kind_of_field (item->field));
  item->initial = g_strdup (initial);
  _md_form_item_read_declaration (item, json, object);
  if (md_json_has (json, object, "options"))
    item->options = md_json_strings (json, object, "options", 1);
  check_codes (reader, item);
  if (item->derive && !(item->field->sources & MD_SOURCE_SYSTEM))
    md_json_fail (json, "derive", _ ("Only a field of source \"system\" can be derived."));
  if (item->columns)
    read_columns (reader, object, item);
}

static void
read_columns (Reader *reader, JsonObject *object, MdFormItem *group)
{
  MdJson *json = reader->json;
  JsonArray *columns = json_object_get_array_member (object, "columns");

  group->max_rows = MAX_ROWS;
  if (md_json_has (json, object, "max"))
    group->max_rows = (guint)md_json_int (json, object, "max", 1, MAX_ROWS);
  if (md_json_has (json, object, "min"))
    group->min_rows = (guint)md_json_int (json, object, "min", 0, group->max_rows);
  reader->group = group;
  for (guint i = 0; i < json_array_get_length (columns) && !md_json_failed (json); i++)
    {
      md_json_enter (json, "columns[%u]", i);
      read_item (reader, json_array_get_object_element (columns, i));
      md_json_leave (json);
    }
  reader->group = NULL;
}

/* Second pass: the rules. */
static void
read_items (Reader *reader)
{
  MdJson *json = reader->json;

  for (guint i = 0; i < reader->lists->len && !md_json_failed (json); i++)
    {
      GPtrArray *fields = g_ptr_array_index (reader->lists, i);

      md_json_enter (json, "sections[%u]", i);
      for (guint k = 0; k < fields->len && !md_json_failed (json); k++)
        {
          const MdFormUse *use = g_ptr_array_index (fields, k);

          md_json_enter (json, "fields[%u]", use->at);
          read_item (reader, use->object);
          md_json_leave (json);
        }
      md_json_leave (json);
    }
}

/* A check of each row of a group: its rules and its field are about that row. */
static void
read_check_rows (Reader *reader, JsonObject *object, MdFormCheck *check)
{
  const char *id = md_json_string_or (reader->json, object, "rows", NULL);

  if (!id)
    return;
  if (enter_rows (reader, id))
    check->group = (MdFormItem *)g_hash_table_lookup (reader->form->by_id, id);
  else
    md_json_fail (reader->json, "rows", _ ("The form has no group of rows \"%s\"."), id);
}

/* What a check compares with is a setting: it has a source, and the office finds it there. */
static void
check_figures (Reader *reader, const MdRule *rule, const char *member)
{
  g_autofree char *figure = rule && reader->strict ? _md_rule_find_figure (rule) : NULL;

  if (figure)
    md_json_fail (reader->json, member,
                  _ ("%s stands in the rule as a figure. Make it one of the settings, with its "
                     "source, and name that."),
                  figure);
}

static void
read_check (Reader *reader, JsonObject *object)
{
  static Members members = { "id", "field", "rows", "when", "assert", "severity", "message", NULL };
  MdJson *json = reader->json;
  MdFormCheck *check = g_new0 (MdFormCheck, 1);
  const char *severity = md_json_string (json, object, "severity");

  check->id = read_id (json, object, reader->form->checks->len, check_id, reader->form);
  g_ptr_array_add (reader->form->checks, check);
  md_json_only (json, object, members);
  check->field = g_strdup (md_json_string (json, object, "field"));
  read_check_rows (reader, object, check);
  if (check->field && !has_field (reader, check->field))
    md_json_fail (json, "field", _ ("The form has no field \"%s\"."), check->field);
  if (severity && !g_str_equal (severity, "error") && !g_str_equal (severity, "warning"))
    md_json_fail (json, "severity", _ ("This must be \"error\" or \"warning\"."));
  check->stops = g_strcmp0 (severity, "error") == 0;
  check->when = read_rule (reader, object, "when");
  if (!md_json_has (json, object, "assert"))
    md_json_fail (json, "assert", _ ("This member is missing. Add it."));
  check->assertion = read_rule (reader, object, "assert");
  check_figures (reader, check->when, "when");
  check_figures (reader, check->assertion, "assert");
  _md_text_read (&check->message, json, object, "message");
  _md_form_check_message (reader->form, &check->message, json);
  reader->group = NULL;
}

/* By which inquiries the paper may be left out. */
static guint
read_waived_by (Reader *reader, JsonObject *object)
{
  g_auto (GStrv) ids = md_json_has (reader->json, object, "waived_by")
                           ? md_json_strings (reader->json, object, "waived_by", 1)
                           : NULL;
  guint bits = 0;

  for (guint i = 0; ids && ids[i]; i++)
    {
      MdInquiry inquiry;

      if (!md_inquiry_from_id (ids[i], &inquiry))
        md_json_fail (reader->json, "waived_by",
                      _ ("There is no inquiry \"%s\". Use tax, register, welfare, care, insurance "
                         "or disability."),
                      ids[i]);
      else if (reader->strict && !_md_form_may_inquire (reader->form, inquiry))
        md_json_fail (reader->json, "waived_by",
                      _ ("Pension and juki have no link to the network of inquiries: there only "
                         "tax, register or welfare, which are asked in the office, may stand for "
                         "a paper."));
      else if (bits & (1u << inquiry))
        md_json_fail (reader->json, "waived_by", _ ("\"%s\" stands there twice."), ids[i]);
      else
        bits |= 1u << inquiry;
    }
  return bits;
}

/* Forms of before do not say it, or say of one without a number what cannot be: that is for whoever
 * writes definitions, and no reason not to work with them. */
static void
read_class (Reader *reader, JsonObject *object, MdFormPaper *paper)
{
  const gboolean without = reader->form->profile == MD_PROFILE_V4;
  const char *class_id = md_json_has (reader->json, object, "class")
                             ? md_json_string (reader->json, object, "class")
                             : NULL;

  paper->sensitivity = without ? MD_CLASS_BASIC : MD_CLASS_MY_NUMBER; /* until it is said */
  if (!class_id)
    {
      if (reader->strict)
        md_json_fail (reader->json, "class",
                      _ ("Say of which class is what is seen on this paper: my-number where an "
                         "individual number may stand on it, else basic-4, health, income, "
                         "welfare, contact or other."));
    }
  else if (!md_sensitivity_from_id (class_id, &paper->sensitivity))
    md_json_fail (reader->json, "class", _ ("There is no field class \"%s\"."), class_id);
  else if (reader->strict && without && paper->sensitivity == MD_CLASS_MY_NUMBER)
    md_json_fail (reader->json, "class",
                  _ ("A form of profile V4 has no individual number: take \"%s\" out."), paper->id);
}

static void
read_paper (Reader *reader, JsonObject *object)
{
  static Members members = { "id", "label", "when", "required", "class", "waived_by", NULL };
  MdFormPaper *paper = g_new0 (MdFormPaper, 1);

  paper->sensitivity = MD_CLASS_MY_NUMBER;
  paper->id = read_id (reader->json, object, reader->form->papers->len, paper_id, reader->form);
  g_ptr_array_add (reader->form->papers, paper);
  md_json_only (reader->json, object, members);
  _md_text_read (&paper->label, reader->json, object, "label");
  paper->when = read_rule (reader, object, "when");
  paper->required = md_json_boolean (reader->json, object, "required");
  read_class (reader, object, paper);
  paper->waived_by = read_waived_by (reader, object);
}

static void
read_each (Reader *reader, JsonObject *root, const char *member,
           void (*read) (Reader *, JsonObject *))
{
  MdJson *json = reader->json;
  JsonArray *array = md_json_array (json, root, member);
  guint n = array ? json_array_get_length (array) : 0;

  if (n > MAX_CHECKS)
    md_json_fail (json, member, _ ("This list may have %u entries at most."), MAX_CHECKS);
  for (guint i = 0; i < n && !md_json_failed (json); i++)
    {
      md_json_enter (json, "%s[%u]", member, i);
      read (reader, md_json_element_object (json, array, i));
      md_json_leave (json);
    }
}

/* What the catalogue's rules say about every form. */
static void
check_form (Reader *reader)
{
  MdForm *form = reader->form;
  const MdFormItem *kind = _md_form_get_item (form, "a.kind");
  GHashTableIter items;
  gpointer item;

  if (g_hash_table_size (form->by_id) > MD_LIMIT_FORM_FIELDS)
    md_json_fail (reader->json, NULL, _ ("A form has %u fields at most."), MD_LIMIT_FORM_FIELDS);
  g_hash_table_iter_init (&items, form->by_id);
  while (form->profile == MD_PROFILE_V4 && g_hash_table_iter_next (&items, NULL, &item))
    if (((const MdFormItem *)item)->field->sensitivity == MD_CLASS_MY_NUMBER)
      md_json_fail (reader->json, "profile",
                    _ ("A form of profile V4 has no individual number: take \"%s\" out."),
                    ((const MdFormItem *)item)->field->id);
  for (guint i = 0; kind && kind->options && kind->options[i]; i++)
    if (!g_strv_contains ((const char *const *)form->may_file, kind->options[i]))
      md_json_fail (reader->json, "may_file",
                    _ ("\"a.kind\" offers \"%s\", who may not file here."), kind->options[i]);
}

MdForm *
_md_form_read (MdJson *json, JsonObject *root, GHashTable *fields, MdFormSets *sets,
               gboolean strict)
{
  MdForm *form = g_object_new (MD_TYPE_FORM, NULL);
  g_autoptr (GPtrArray) lists = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);
  Reader reader = {
    .form = form,
    .json = json,
    .fields = fields,
    .sets = sets,
    .lists = lists,
    .strict = strict,
    .scope = { .has_field = has_field,
               .has_setting = has_setting,
               .get_field = get_field,
               .enter_rows = enter_rows,
               .leave_rows = leave_rows },
  };

  reader.scope.data = &reader;
  _md_form_read_head (form, json, root);
  read_settings (&reader, root);
  add_sections (&reader, root);
  add_system_items (&reader, root);
  read_items (&reader);
  read_each (&reader, root, "checks", read_check);
  read_each (&reader, root, "attachments", read_paper);
  if (!md_json_failed (json))
    check_form (&reader);
  return form;
}
