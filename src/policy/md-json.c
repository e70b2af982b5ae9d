// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <stdarg.h>
#include <string.h>

#include <md-base.h>

#include "md-json-private.h"
#include "md-json.h"

struct _MdJson
{
  char *source;
  GQuark domain;
  int code;
  GString *path;
  GArray *marks; /* lengths of path to go back to */
  JsonParser *parser;
  GBytes *text; /* parsed: lines can be told */
  guint line;   /* of a failure while parsing; 0: not known */
  GError *error;
};

MdJson *
md_json_new (const char *source, GQuark domain, int code)
{
  MdJson *self = g_new0 (MdJson, 1);

  self->source = g_strdup (source);
  self->domain = domain;
  self->code = code;
  self->path = g_string_new (NULL);
  self->marks = g_array_new (FALSE, FALSE, sizeof (gsize));
  return self;
}

void
md_json_free (MdJson *self)
{
  if (!self)
    return;
  g_free (self->source);
  g_string_free (self->path, TRUE);
  g_array_unref (self->marks);
  g_clear_object (&self->parser);
  g_clear_pointer (&self->text, g_bytes_unref);
  g_clear_error (&self->error);
  g_free (self);
}

/* json-glib tells "<data>:12:3: ..."; it cuts what it quotes anywhere, also within a character. */
static void
fail_syntax (MdJson *self, const char *told)
{
  g_autofree char *valid = g_utf8_make_valid (told, -1);
  const char *text = valid;
  char *rest;

  if (g_str_has_prefix (valid, "<data>:"))
    {
      self->line = (guint)g_ascii_strtoull (valid + strlen ("<data>:"), &rest, 10);
      text = strchr (rest, ' ');
    }
  md_json_fail (self, NULL, _ ("The file is not JSON: %s"),
                text ? text + strspn (text, " ") : valid);
}

/* json-glib descends by recursion; a bound on the depth goes before it. */
static gboolean
depth_is_sane (const char *text, gsize size)
{
  guint depth = 0;
  gboolean in_string = FALSE;

  for (gsize i = 0; i < size; i++)
    if (in_string)
      {
        if (text[i] == '\\')
          i++;
        else if (text[i] == '"')
          in_string = FALSE;
      }
    else if (text[i] == '"')
      in_string = TRUE;
    else if ((text[i] == '{' || text[i] == '[') && ++depth > MD_LIMIT_JSON_DEPTH)
      return FALSE;
    else if ((text[i] == '}' || text[i] == ']') && depth > 0)
      depth--;
  return TRUE;
}

JsonObject *
md_json_parse (MdJson *self, GBytes *text, gsize limit)
{
  gsize size;
  const char *data = g_bytes_get_data (text, &size);
  g_autoptr (GError) error = NULL;
  JsonNode *root;

  if (size > limit || !data)
    {
      md_json_fail (self, NULL, _ ("The file is empty or larger than %zu bytes."), limit);
      return NULL;
    }
  if (!g_utf8_validate (data, (gssize)size, NULL) || !depth_is_sane (data, size))
    {
      md_json_fail (self, NULL, _ ("The file is not UTF-8 text, or it is nested too deeply."));
      return NULL;
    }
  g_clear_object (&self->parser);
  self->parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (self->parser, data, (gssize)size, &error))
    {
      fail_syntax (self, error->message);
      return NULL;
    }
  self->text = g_bytes_ref (text);
  root = json_parser_get_root (self->parser);
  if (!root || !JSON_NODE_HOLDS_OBJECT (root))
    {
      md_json_fail (self, NULL, _ ("The file must hold one JSON object."));
      return NULL;
    }
  return json_node_get_object (root);
}

void
md_json_enter (MdJson *self, const char *format, ...)
{
  gsize mark = self->path->len;
  va_list args;

  g_array_append_val (self->marks, mark);
  if (self->path->len > 0)
    g_string_append_c (self->path, '.');
  va_start (args, format);
  g_string_append_vprintf (self->path, format, args);
  va_end (args);
}

void
md_json_leave (MdJson *self)
{
  g_return_if_fail (self->marks->len > 0);

  g_string_truncate (self->path, g_array_index (self->marks, gsize, self->marks->len - 1));
  g_array_set_size (self->marks, self->marks->len - 1);
}

/* "12:", or nothing where no line is to blame. */
static char *
line_of (MdJson *self, const char *path)
{
  gsize size;
  const char *text = self->text ? g_bytes_get_data (self->text, &size) : NULL;
  const guint line = text ? _md_json_find_line (text, size, path) : self->line;

  return line > 0 ? g_strdup_printf ("%u:", line) : g_strdup ("");
}

static void
set_error (MdJson *self, const char *member, const char *message)
{
  const char *dot = self->path->len > 0 && member ? "." : "";
  g_autofree char *path = NULL;
  g_autofree char *place = NULL;

  if (self->error)
    return;
  path = g_strconcat (self->path->str, dot, member, NULL);
  place = line_of (self, path);
  self->error = g_error_new (self->domain, self->code, "%s:%s %s%s%s", self->source, place, path,
                             path[0] ? ": " : "", message);
}

void
md_json_fail (MdJson *self, const char *member, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  set_error (self, member, message);
}

void
md_json_fail_take (MdJson *self, const char *member, GError *error)
{
  set_error (self, member, error->message);
  g_error_free (error);
}

gboolean
md_json_failed (const MdJson *self)
{
  return self->error != NULL;
}

gboolean
md_json_finish (MdJson *self, GError **error)
{
  if (!self->error)
    return TRUE;
  g_propagate_error (error, g_error_copy (self->error));
  return FALSE;
}

void
md_json_only (MdJson *self, JsonObject *object, const char *const *members)
{
  g_autoptr (GList) found = NULL;

  if (!object || self->error)
    return;
  found = json_object_get_members (object);
  for (GList *l = found; l; l = l->next)
    if (!g_strv_contains (members, l->data))
      md_json_fail (self, l->data,
                    _ ("There is no member of this name. Correct its spelling or take it out."));
}

static JsonNode *
get_member (MdJson *self, JsonObject *object, const char *member)
{
  JsonNode *node;

  if (!object || self->error)
    return NULL;
  node = json_object_get_member (object, member);
  if (!node)
    md_json_fail (self, member, _ ("This member is missing. Add it."));
  return node;
}

JsonObject *
md_json_object (MdJson *self, JsonObject *object, const char *member)
{
  JsonNode *node = get_member (self, object, member);

  if (node && JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  if (node)
    md_json_fail (self, member, _ ("This must be an object in braces {}."));
  return NULL;
}

JsonArray *
md_json_array (MdJson *self, JsonObject *object, const char *member)
{
  JsonNode *node = get_member (self, object, member);

  if (node && JSON_NODE_HOLDS_ARRAY (node))
    return json_node_get_array (node);
  if (node)
    md_json_fail (self, member, _ ("This must be a list in brackets []."));
  return NULL;
}

const char *
md_json_string (MdJson *self, JsonObject *object, const char *member)
{
  JsonNode *node = get_member (self, object, member);

  if (node && json_node_get_value_type (node) == G_TYPE_STRING && json_node_get_string (node)[0])
    return json_node_get_string (node);
  if (node)
    md_json_fail (self, member, _ ("This must be a text in quotation marks, and not empty."));
  return NULL;
}

gint64
md_json_int (MdJson *self, JsonObject *object, const char *member, gint64 min, gint64 max)
{
  JsonNode *node = get_member (self, object, member);
  gint64 value = 0;

  if (!node)
    return 0;
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    value = json_node_get_int (node);
  if (json_node_get_value_type (node) != G_TYPE_INT64 || value < min || value > max)
    {
      md_json_fail (self, member, _ ("This must be a whole number from %lld to %lld."),
                    (long long)min, (long long)max);
      return 0;
    }
  return value;
}

gboolean
md_json_boolean (MdJson *self, JsonObject *object, const char *member)
{
  JsonNode *node = get_member (self, object, member);

  if (node && json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return json_node_get_boolean (node);
  if (node)
    md_json_fail (self, member, _ ("This must be true or false."));
  return FALSE;
}

gint64
md_json_time (MdJson *self, JsonObject *object, const char *member)
{
  const char *text = md_json_string (self, object, member);
  gint64 time = 0;

  if (text && !md_time_parse_rfc3339 (text, &time, NULL))
    md_json_fail (self, member,
                  _ ("\"%s\" is not a time. Write it as in 2026-11-21T00:00:00.000Z."), text);
  return time;
}

char **
md_json_strings (MdJson *self, JsonObject *object, const char *member, guint min)
{
  JsonArray *array = md_json_array (self, object, member);
  g_autoptr (GPtrArray) strings = g_ptr_array_new_with_free_func (g_free);
  guint n = array ? json_array_get_length (array) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      gboolean good
          = json_node_get_value_type (node) == G_TYPE_STRING && json_node_get_string (node)[0];

      if (!good)
        md_json_fail (self, member, _ ("Every entry of this list must be a text, and not empty."));
      else
        g_ptr_array_add (strings, g_strdup (json_node_get_string (node)));
    }
  if (array && n < min)
    md_json_fail (self, member, _ ("This list must have at least %u entries."), min);
  g_ptr_array_add (strings, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&strings), FALSE);
}

gboolean
md_json_has (MdJson *self, JsonObject *object, const char *member)
{
  return object && !self->error && json_object_has_member (object, member);
}

const char *
md_json_string_or (MdJson *self, JsonObject *object, const char *member, const char *fallback)
{
  return md_json_has (self, object, member) ? md_json_string (self, object, member) : fallback;
}

gboolean
md_json_boolean_or (MdJson *self, JsonObject *object, const char *member, gboolean fallback)
{
  return md_json_has (self, object, member) ? md_json_boolean (self, object, member) : fallback;
}

gint64
md_json_int_or (MdJson *self, JsonObject *object, const char *member, gint64 fallback)
{
  if (!md_json_has (self, object, member))
    return fallback;
  return md_json_int (self, object, member, G_MININT64, G_MAXINT64);
}

JsonObject *
md_json_element_object (MdJson *self, JsonArray *array, guint i)
{
  JsonNode *node = array ? json_array_get_element (array, i) : NULL;

  if (node && JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  if (array)
    md_json_fail (self, NULL, _ ("Entry %u must be an object in braces {}."), i + 1);
  return NULL;
}
