// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include <md-base.h>

#include "md-form-private.h"

#define MAX_DECIMALS 4u

G_DEFINE_FINAL_TYPE (MdField, md_field, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_ID,
  PROP_LABEL,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const char *const type_table[MD_N_FIELD_TYPES] = {
  [MD_FIELD_TEXT] = "text",
  [MD_FIELD_KANA] = "kana",
  [MD_FIELD_CODE] = "code",
  [MD_FIELD_MYNUM] = "mynum",
  [MD_FIELD_DATE] = "date",
  [MD_FIELD_YM] = "ym",
  [MD_FIELD_TIME] = "time",
  [MD_FIELD_INT] = "int",
  [MD_FIELD_DATETIME] = "datetime",
  [MD_FIELD_YEN] = "yen",
  [MD_FIELD_ENUM] = "enum",
  [MD_FIELD_BOOL] = "bool",
  [MD_FIELD_NUMBER] = "number",
  [MD_FIELD_TEL] = "tel",
  [MD_FIELD_LIST] = "list",
  [MD_FIELD_BLOB] = "blob",
  [MD_FIELD_DEC] = "dec",
  [MD_FIELD_ROWS] = "rows",
  [MD_FIELD_DECLARATION] = "declaration",
};

static const struct
{
  const char *id;
  MdSource source;
} source_table[] = {
  { "typed", MD_SOURCE_TYPED },
  { "card", MD_SOURCE_CARD },
  { "office", MD_SOURCE_OFFICE },
  { "system", MD_SOURCE_SYSTEM },
};

void
_md_text_read (MdText *out_text, MdJson *json, JsonObject *object, const char *member)
{
  static const char *const members[] = { "ja", "en", NULL };
  JsonObject *text = md_json_object (json, object, member);

  md_json_enter (json, "%s", member);
  md_json_only (json, text, members);
  out_text->ja = g_strdup (md_json_string (json, text, "ja"));
  out_text->en = g_strdup (md_json_string (json, text, "en"));
  md_json_leave (json);
}

void
_md_text_clear (MdText *text)
{
  g_clear_pointer (&text->ja, g_free);
  g_clear_pointer (&text->en, g_free);
}

const char *
_md_text_pick (const MdText *text)
{
  return md_forms_in_japanese () ? text->ja : text->en;
}

static void
option_clear (gpointer data)
{
  MdFieldOption *option = data;

  g_free ((gpointer)(guintptr)option->code);
  g_free ((gpointer)(guintptr)option->ja);
  g_free ((gpointer)(guintptr)option->en);
}

static void
md_field_finalize (GObject *object)
{
  MdField *self = MD_FIELD (object);

  g_free (self->id);
  g_free (self->not_before);
  _md_text_clear (&self->label);
  _md_text_clear (&self->hint);
  _md_text_clear (&self->format);
  g_clear_pointer (&self->options, g_array_unref);
  g_clear_pointer (&self->pattern, g_regex_unref);
  G_OBJECT_CLASS (md_field_parent_class)->finalize (object);
}

static void
md_field_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MdField *self = MD_FIELD (object);

  switch (id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_LABEL:
      g_value_set_string (value, md_field_get_label (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
md_field_class_init (MdFieldClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = md_field_finalize;
  object_class->get_property = md_field_get_property;
  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
md_field_init (MdField *self)
{
  self->options = g_array_new (FALSE, TRUE, sizeof (MdFieldOption));
  g_array_set_clear_func (self->options, option_clear);
}

static MdFieldType
read_type (MdJson *json, JsonObject *object)
{
  const char *text = md_json_string (json, object, "type");
  const int row = MD_TABLE_ROW (type_table, text);

  if (row >= 0)
    return (MdFieldType)row;
  if (text)
    md_json_fail (json, "type", _ ("There is no field type \"%s\"."), text);
  return MD_FIELD_TEXT;
}

const char *
_md_field_type_to_id (MdFieldType type)
{
  return type_table[type];
}

static MdSource
read_sources (MdJson *json, JsonObject *object)
{
  g_auto (GStrv) ids = md_json_strings (json, object, "source", 1);
  guint sources = 0;

  for (guint i = 0; ids[i]; i++)
    {
      const int row = MD_TABLE_ROW (source_table, ids[i]);

      if (row >= 0)
        sources |= (guint)source_table[row].source;
      else
        md_json_fail (json, "source",
                      _ ("There is no source \"%s\". Use typed, card, office or system."), ids[i]);
    }
  return (MdSource)sources;
}

static void
read_options (MdField *self, MdJson *json, JsonObject *object)
{
  static const char *const members[] = { "code", "ja", "en", NULL };
  JsonArray *array = md_json_array (json, object, "options");
  guint n = array ? json_array_get_length (array) : 0;

  for (guint i = 0; i < n && !md_json_failed (json); i++)
    {
      JsonObject *entry = md_json_element_object (json, array, i);
      MdFieldOption option;

      md_json_enter (json, "options[%u]", i);
      md_json_only (json, entry, members);
      if (md_field_get_option_label (self, md_json_string (json, entry, "code")))
        md_json_fail (json, "code",
                      _ ("This code is there twice. Every choice needs a code of its own."));
      option.code = g_strdup (md_json_string (json, entry, "code"));
      option.ja = g_strdup (md_json_string (json, entry, "ja"));
      option.en = g_strdup (md_json_string (json, entry, "en"));
      g_array_append_val (self->options, option);
      md_json_leave (json);
    }
}

static void
read_pattern (MdField *self, MdJson *json, JsonObject *object)
{
  const char *text = md_json_string (json, object, "pattern");
  GError *error = NULL;

  if (!text)
    return;
  self->pattern = g_regex_new (text, G_REGEX_OPTIMIZE | G_REGEX_DOLLAR_ENDONLY, 0, &error);
  if (!self->pattern)
    md_json_fail_take (json, "pattern", error);
  _md_text_read (&self->format, json, object, "format");
}

static void
read_kind (MdField *self, MdJson *json, JsonObject *object)
{
  const char *text = md_json_string (json, object, "kind");

  if (text
      && (!md_number_kind_from_id (text, &self->number) || self->number == MD_NUMBER_INDIVIDUAL))
    md_json_fail (json, "kind", _ ("There is no kind of number \"%s\"."), text);
}

static void
read_limits (MdField *self, MdJson *json, JsonObject *object)
{
  const char *not_after = md_json_string_or (json, object, "not_after", NULL);
  MdDate date;

  self->max_length = (guint)md_json_int_or (json, object, "max_length", 0);
  self->multiline = md_json_boolean_or (json, object, "multiline", FALSE);
  self->internal = md_json_boolean_or (json, object, "internal", FALSE);
  self->digits = md_json_boolean_or (json, object, "digits", FALSE);
  self->has_range = md_json_has (json, object, "min") || md_json_has (json, object, "max");
  self->min = md_json_int_or (json, object, "min", G_MININT64);
  self->max = md_json_int_or (json, object, "max", G_MAXINT64);
  self->decimals = (guint)md_json_int_or (json, object, "decimals", 0);
  self->partial = md_json_boolean_or (json, object, "partial", FALSE);
  self->not_before = g_strdup (md_json_string_or (json, object, "not_before", NULL));
  self->not_future = not_after != NULL;
  if (self->max_length > MD_LIMIT_FIELD_TEXT)
    md_json_fail (json, "max_length", _ ("A field holds at most %u characters."),
                  MD_LIMIT_FIELD_TEXT);
  if (not_after && !g_str_equal (not_after, "today"))
    md_json_fail (json, "not_after",
                  _ ("Only \"today\" may stand here; write other limits as a check of the form."));
  if (self->not_before && !md_date_parse (self->not_before, &date, NULL))
    md_json_fail (json, "not_before", _ ("This must be a date such as 1868-01-25."));
}

static void
check_consistent (MdField *self, MdJson *json)
{
  gboolean typed = (self->sources & MD_SOURCE_TYPED) != 0;

  if (self->type == MD_FIELD_ENUM && self->options->len == 0)
    md_json_fail (json, "options", _ ("A choice needs its options. Add them."));
  if (self->type == MD_FIELD_CODE && typed && !self->pattern)
    md_json_fail (
        json, "pattern",
        _ ("A code that is typed needs its pattern and a \"format\" sentence. Add them."));
  if ((self->type == MD_FIELD_TEXT || self->type == MD_FIELD_KANA) && typed
      && self->max_length == 0)
    md_json_fail (json, "max_length", _ ("A text that is typed needs a limit. Add it."));
  if ((self->type == MD_FIELD_DEC) != (self->decimals > 0) || self->decimals > MAX_DECIMALS)
    md_json_fail (json, "decimals", _ ("Type \"dec\", and no other, has 1 to %u decimals."),
                  MAX_DECIMALS);
  if (self->type == MD_FIELD_ROWS && self->sources != MD_SOURCE_TYPED)
    md_json_fail (json, "source", _ ("Rows are typed: this must be [\"typed\"]."));
  if (self->type == MD_FIELD_DECLARATION && self->sources != MD_SOURCE_TYPED)
    md_json_fail (json, "source",
                  _ ("A declaration is made at the counter: this must be [\"typed\"]."));
  if (self->partial && self->type != MD_FIELD_DATE)
    md_json_fail (json, "partial", _ ("Only a date may be known in part."));
  if ((self->type == MD_FIELD_MYNUM) != (self->sensitivity == MD_CLASS_MY_NUMBER))
    md_json_fail (json, "class", _ ("Type \"mynum\" and class \"my-number\" belong together."));
}

MdField *
_md_field_read (const char *id, MdJson *json, JsonObject *object)
{
  static const char *const members[]
      = { "ja",     "en",       "type",    "source",     "spi",        "class",
          "hint",   "options",  "pattern", "format",     "max_length", "multiline",
          "digits", "min",      "max",     "not_before", "not_after",  "basis",
          "kind",   "decimals", "partial", "internal",   "anew",       NULL };
  MdField *self = g_object_new (MD_TYPE_FIELD, NULL);
  const char *class_id = md_json_string (json, object, "class");
  const char *spi = md_json_string (json, object, "spi");
  g_auto (GStrv) basis = md_json_strings (json, object, "basis", 1);

  md_json_only (json, object, members);
  self->id = g_strdup (id);
  self->label.ja = g_strdup (md_json_string (json, object, "ja"));
  self->label.en = g_strdup (md_json_string (json, object, "en"));
  self->type = read_type (json, object);
  self->sources = read_sources (json, object);
  if (class_id && !md_sensitivity_from_id (class_id, &self->sensitivity))
    md_json_fail (json, "class", _ ("There is no field class \"%s\"."), class_id);
  if (spi && !g_str_equal (spi, "Y") && !g_str_equal (spi, "L") && !g_str_equal (spi, "N"))
    md_json_fail (json, "spi", _ ("This must be Y, L or N."));
  self->process_item = g_strcmp0 (spi, "N") == 0;
  self->anew = md_json_boolean_or (json, object, "anew", FALSE);
  if (md_json_has (json, object, "hint"))
    _md_text_read (&self->hint, json, object, "hint");
  if (md_json_has (json, object, "options"))
    read_options (self, json, object);
  if (md_json_has (json, object, "pattern"))
    read_pattern (self, json, object);
  if (self->type == MD_FIELD_NUMBER)
    read_kind (self, json, object);
  else if (self->type == MD_FIELD_DECLARATION)
    _md_field_read_declaration (self, json, object);
  else if (md_json_has (json, object, "kind"))
    md_json_fail (json, "kind",
                  _ ("Only a field of type \"number\" or \"declaration\" has a kind."));
  read_limits (self, json, object);
  if (!md_json_failed (json))
    check_consistent (self, json);
  return self;
}

MdField *
_md_field_read_question (const char *id, MdJson *json, JsonObject *object)
{
  static const char *const members[] = { "ja", "en", "hint", "options", NULL };
  MdField *self = g_object_new (MD_TYPE_FIELD, NULL);

  md_json_only (json, object, members);
  self->id = g_strdup (id);
  self->label.ja = g_strdup (md_json_string (json, object, "ja"));
  self->label.en = g_strdup (md_json_string (json, object, "en"));
  self->type = md_json_has (json, object, "options") ? MD_FIELD_ENUM : MD_FIELD_BOOL;
  self->sources = MD_SOURCE_TYPED;
  self->sensitivity = MD_CLASS_OTHER;
  self->process_item = TRUE;
  if (md_json_has (json, object, "hint"))
    _md_text_read (&self->hint, json, object, "hint");
  if (self->type == MD_FIELD_ENUM)
    read_options (self, json, object);
  if (self->type == MD_FIELD_ENUM && self->options->len < 2 && !md_json_failed (json))
    md_json_fail (json, "options", _ ("A question needs two choices or more."));
  return self;
}

const char *
md_field_get_id (MdField *self)
{
  return self->id;
}

MdFieldType
md_field_get_field_type (MdField *self)
{
  return self->type;
}

MdSensitivity
md_field_get_sensitivity (MdField *self)
{
  return self->sensitivity;
}

MdSource
md_field_get_sources (MdField *self)
{
  return self->sources;
}

gboolean
md_field_is_process_item (MdField *self)
{
  return self->process_item;
}

const char *
md_field_get_label (MdField *self)
{
  return _md_text_pick (&self->label);
}

const char *
md_field_get_label_in (MdField *self, gboolean japanese)
{
  return japanese ? self->label.ja : self->label.en;
}

const char *
md_field_get_hint (MdField *self)
{
  return _md_text_pick (&self->hint);
}

const MdFieldOption *
md_field_get_options (MdField *self, guint *out_n)
{
  *out_n = self->options->len;
  return (const MdFieldOption *)(gconstpointer)self->options->data;
}

const char *
md_field_get_option_label (MdField *self, const char *code)
{
  for (guint i = 0; code && i < self->options->len; i++)
    {
      const MdFieldOption *option = &g_array_index (self->options, MdFieldOption, i);

      if (g_str_equal (option->code, code))
        return md_forms_in_japanese () ? option->ja : option->en;
    }
  return NULL;
}

guint
md_field_get_max_length (MdField *self)
{
  return self->max_length;
}

gboolean
md_field_is_multiline (MdField *self)
{
  return self->multiline;
}
