// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-wire-json.h"
#include "md-wire.h"

#include <string.h>

#define MAX_DEPTH 16u
#define MAX_NAMES 4096u

/* A scanner that knows just enough JSON to refuse what json-glib would forgive: it walks the tokens
 * once, keeps one set of names per open object, and leaves the grammar itself to json-glib. */
typedef struct
{
  const char *at;
  const char *end;
  guint depth;
  guint names;
  gboolean begun;
  gboolean expect_name;        /* the next string is a member's name */
  GHashTable *open[MAX_DEPTH]; /* the names seen; NULL for an array */
} Scan;

static void
scan_clear (Scan *scan)
{
  for (guint i = 0; i < MAX_DEPTH; i++)
    g_clear_pointer (&scan->open[i], g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scan, scan_clear)

/* The string whose opening quote is at scan->at; moves behind the closing one. Returns NULL if it
 * does not close. */
static char *
scan_string (Scan *scan)
{
  const char *start = scan->at + 1;

  for (scan->at = start; scan->at < scan->end; scan->at++)
    {
      guchar c = (guchar)*scan->at;
      if (c == '"')
        return g_strndup (start, (gsize)(scan->at++ - start));
      if (c < 0x20)
        return NULL;
      if (c == '\\' && ++scan->at == scan->end)
        return NULL;
    }
  return NULL;
}

static gboolean
scan_name (Scan *scan, char *name)
{
  g_autofree char *owned = name;

  /* An escape in a name could spell one name in two ways. */
  if (scan->depth == 0 || ++scan->names > MAX_NAMES || strchr (owned, '\\') != NULL)
    return FALSE;
  scan->expect_name = FALSE;
  return g_hash_table_add (scan->open[scan->depth - 1], g_steal_pointer (&owned));
}

static gboolean
scan_open (Scan *scan, gboolean object)
{
  if (scan->depth == MAX_DEPTH)
    return FALSE;
  scan->open[scan->depth++]
      = object ? g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) : NULL;
  scan->expect_name = object;
  return TRUE;
}

static gboolean
scan_close (Scan *scan, gboolean object)
{
  if (scan->depth == 0 || (scan->open[scan->depth - 1] != NULL) != object)
    return FALSE;
  g_clear_pointer (&scan->open[--scan->depth], g_hash_table_unref);
  scan->expect_name = FALSE;
  return TRUE;
}

static gboolean
scan_token (Scan *scan)
{
  char c = *scan->at;

  /* Around the object stand blanks alone. */
  if (scan->depth == 0 && !(c == '{' && !scan->begun) && strchr (" \t\r\n", c) == NULL)
    return FALSE;
  scan->begun = scan->begun || c == '{';
  if (c == '"')
    {
      char *string = scan_string (scan);
      if (string == NULL)
        return FALSE;
      if (scan->expect_name)
        return scan_name (scan, string);
      g_free (string);
      return TRUE;
    }
  scan->at++;
  if (c == '{' || c == '[')
    return scan_open (scan, c == '{');
  if (c == '}' || c == ']')
    return scan_close (scan, c == '}');
  if (c == ',')
    {
      scan->expect_name = scan->depth > 0 && scan->open[scan->depth - 1] != NULL;
      return TRUE;
    }
  /* What is left: blanks, ':', numbers, true, false, null. No quote but ", no comment can start. */
  return c != '\0' && (strchr (" \t\r\n:+-.", c) != NULL || g_ascii_isalnum (c));
}

static gboolean
is_strict (const char *text, gsize size)
{
  g_auto (Scan) scan = { .at = text, .end = text + size };

  while (scan.at < scan.end)
    if (!scan_token (&scan))
      return FALSE;
  return scan.depth == 0;
}

JsonObject *
md_wire_json_parse (GBytes *text, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  gsize size = 0;
  const char *data = g_bytes_get_data (text, &size);
  JsonNode *root = NULL;

  if (size == 0 || !g_utf8_validate (data, (gssize)size, NULL) || !is_strict (data, size)
      || !json_parser_load_from_data (parser, data, (gssize)size, NULL))
    {
      g_set_error_literal (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_MALFORMED,
                           "not strict JSON");
      return NULL;
    }
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_MALFORMED,
                           "not a JSON object");
      return NULL;
    }
  return json_object_ref (json_node_get_object (root));
}

const char *
md_wire_json_string (JsonObject *object, const char *name, gsize max, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);
  const char *value = NULL;

  if (node != NULL && JSON_NODE_HOLDS_VALUE (node)
      && json_node_get_value_type (node) == G_TYPE_STRING)
    value = json_node_get_string (node);
  if (value == NULL || strlen (value) > max)
    {
      g_set_error (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_MALFORMED,
                   "member \"%s\" is missing, no string, or too long", name);
      return NULL;
    }
  return value;
}
