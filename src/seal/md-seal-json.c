// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <md-base.h>
#include <string.h>
#include "md-seal-json-private.h"

G_DEFINE_QUARK (md_seal_error, md_seal_error)

static gboolean
is_word (const char *text, gsize size)
{
  if (size == 0 || size > MD_SEAL_MAX_TEXT)
    return FALSE;
  for (gsize i = 0; i < size; i++)
    if (!g_ascii_isalnum (text[i]) && strchr ("._:/+-", text[i]) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
is_sha256 (const char *text, gsize size)
{
  if (size != 64)
    return FALSE;
  for (gsize i = 0; i < size; i++)
    if (!g_ascii_isxdigit (text[i]) || g_ascii_isupper (text[i]))
      return FALSE;
  return TRUE;
}

static gboolean
is_time (const char *text, gsize size)
{
  gint64 time = 0;

  return is_word (text, size) && text[size - 1] == 'Z' && md_time_parse_rfc3339 (text, &time, NULL);
}

static gboolean
is_base64 (const char *text, gsize size)
{
  const gsize padding = size > 1 && text[size - 1] == '=' ? (text[size - 2] == '=' ? 2 : 1) : 0;

  if (size < 4 || size > MD_SEAL_MAX_BASE64 || size % 4 != 0)
    return FALSE;
  for (gsize i = 0; i < size - padding; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '+' && text[i] != '/')
      return FALSE;
  return TRUE;
}

static gboolean
is_day (const char *text)
{
  g_autofree char *again = NULL;
  MdDate day;

  if (text == NULL || !md_date_parse (text, &day, NULL))
    return FALSE;
  again = md_date_format_iso (&day);
  return strcmp (again, text) == 0;
}

gboolean
md_seal_text_fits (const char *text, MdSealText kind)
{
  const gsize size = text != NULL ? strlen (text) : 0;

  switch (kind)
    {
    case MD_SEAL_TEXT_EMPTY:
      return size == 0 || is_word (text, size);
    case MD_SEAL_TEXT_UUID7:
      return text != NULL && md_uuid7_is_valid (text);
    case MD_SEAL_TEXT_SHA256:
      return is_sha256 (text, size);
    case MD_SEAL_TEXT_TIME:
      return is_time (text, size);
    case MD_SEAL_TEXT_DAY:
      return is_day (text);
    case MD_SEAL_TEXT_BASE64:
      return is_base64 (text, size);
    case MD_SEAL_TEXT_WORD:
    default:
      return is_word (text, size);
    }
}

/* json-glib goes down once for every level; what comes from outside must not choose how deep. */
static gboolean
is_shallow (const char *text, gsize size)
{
  guint depth = 0;
  gboolean in_string = FALSE;

  for (gsize i = 0; i < size; i++)
    {
      const char c = text[i];

      if (in_string)
        {
          if (c == '\\')
            i++;
          else if (c == '"')
            in_string = FALSE;
        }
      else if (c == '"')
        in_string = TRUE;
      else if ((c == '{' || c == '[') && ++depth > MD_LIMIT_JSON_DEPTH)
        return FALSE;
      else if ((c == '}' || c == ']') && depth > 0)
        depth--;
    }
  return TRUE;
}

JsonNode *
md_seal_json_parse (GBytes *bytes, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  gsize size = 0;
  const char *text = g_bytes_get_data (bytes, &size);
  JsonNode *root = NULL;

  if (size > MD_SEAL_MAX_JSON)
    {
      g_set_error_literal (error, MD_SEAL_ERROR, MD_SEAL_ERROR_LIMIT, "a JSON entry is too large");
      return NULL;
    }
  if (size > 0 && is_shallow (text, size) && g_utf8_validate_len (text, size, NULL)
      && json_parser_load_from_data (parser, text, (gssize)size, NULL))
    root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED,
                           "an entry is not a JSON object");
      return NULL;
    }
  return json_node_ref (root);
}

void
md_seal_json_open (MdSealJson *self, JsonObject *object)
{
  *self = (MdSealJson){ .object = object };
}

static JsonNode *
get_member (MdSealJson *self, const char *name, GType type)
{
  JsonNode *node = NULL;

  if (self->failed != NULL)
    return NULL;
  if (self->object != NULL)
    node = json_object_get_member (self->object, name);
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != type)
    {
      self->failed = name;
      return NULL;
    }
  return node;
}

char *
md_seal_json_text (MdSealJson *self, const char *name, MdSealText kind)
{
  JsonNode *node = get_member (self, name, G_TYPE_STRING);

  if (node == NULL)
    return NULL;
  if (!md_seal_text_fits (json_node_get_string (node), kind))
    {
      self->failed = name;
      return NULL;
    }
  return json_node_dup_string (node);
}

gint64
md_seal_json_int (MdSealJson *self, const char *name, gint64 min, gint64 max)
{
  JsonNode *node = get_member (self, name, G_TYPE_INT64);
  const gint64 value = node != NULL ? json_node_get_int (node) : min;

  if (node != NULL && (value < min || value > max))
    self->failed = name;
  return self->failed == NULL ? value : min;
}

gboolean
md_seal_json_is (MdSealJson *self, const char *name, const char *value)
{
  JsonNode *node = get_member (self, name, G_TYPE_STRING);

  if (node != NULL && strcmp (json_node_get_string (node), value) != 0)
    self->failed = name;
  return self->failed == NULL;
}

MdSealJson
md_seal_json_enter (MdSealJson *self, const char *name)
{
  MdSealJson inside = { .failed = self->failed };
  JsonNode *node = NULL;

  if (self->failed != NULL)
    return inside;
  node = json_object_get_member (self->object, name);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      self->failed = name;
      inside.failed = name;
      return inside;
    }
  inside.object = json_node_get_object (node);
  return inside;
}

void
md_seal_json_list (MdSealJson *self, const char *name, guint max,
                   void (*read_one) (gpointer record, MdSealJson *inside), gpointer record)
{
  JsonNode *node = self->failed == NULL ? json_object_get_member (self->object, name) : NULL;
  JsonArray *array
      = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  const guint count = array != NULL ? json_array_get_length (array) : 0;

  if (self->failed != NULL)
    return;
  if (count < 1 || count > max)
    self->failed = name;
  for (guint i = 0; i < count && self->failed == NULL; i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      MdSealJson inside = { .failed = name };

      if (JSON_NODE_HOLDS_OBJECT (element))
        md_seal_json_open (&inside, json_node_get_object (element));
      read_one (record, &inside);
      self->failed = inside.failed;
    }
}

void
md_seal_json_know (MdSealJson *self, JsonObject *object, const char *const *known)
{
  g_autoptr (GList) members = object != NULL ? json_object_get_members (object) : NULL;

  for (GList *l = members; l != NULL && self->newer == NULL; l = l->next)
    if (!g_strv_contains (known, l->data))
      self->newer = l->data;
}

gboolean
md_seal_json_finish (const MdSealJson *self, GError **error)
{
  if (self->failed == NULL)
    return TRUE;
  g_set_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED,
               "\"%s\" is missing or impossible in a JSON entry", self->failed);
  return FALSE;
}

void
md_seal_json_add (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text != NULL ? text : "");
}

void
md_seal_json_add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

GBytes *
md_seal_json_write (JsonBuilder *builder)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  gsize size = 0;
  char *text;

  json_generator_set_root (generator, root);
  text = json_generator_to_data (generator, &size);
  return g_bytes_new_take (text, size);
}

gboolean
md_seal_json_matches (GBytes *given, GBytes *again, GError **error)
{
  if (again != NULL && g_bytes_equal (given, again))
    return TRUE;
  g_set_error_literal (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED,
                       "a JSON entry has members that do not belong there, or another form");
  return FALSE;
}
