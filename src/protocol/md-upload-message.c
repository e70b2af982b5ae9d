// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-upload-message.h"
#include "md-wire-json.h"
#include "md-wire.h"

#include <string.h>

#define MEMBERS 3u

GBytes *
md_upload_message_encode (const MdUploadMessage *message)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  char *text = NULL;

  json_object_set_int_member (object, "size", (gint64)message->size);
  json_object_set_int_member (object, "offset", (gint64)message->offset);
  json_object_set_boolean_member (object, "stored", message->stored);
  json_node_set_object (node, object);
  text = json_to_string (node, FALSE);
  return g_bytes_new_take (text, strlen (text));
}

static gboolean
malformed (const char *member, GError **error)
{
  g_set_error (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_MALFORMED,
               "member \"%s\" is not of its form", member);
  return FALSE;
}

static JsonNode *
find_value (JsonObject *object, const char *name, GType type)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type
             ? node
             : NULL;
}

static gboolean
read_size (JsonObject *object, const char *name, guint64 *out, GError **error)
{
  JsonNode *node = find_value (object, name, G_TYPE_INT64);
  const gint64 value = node != NULL ? json_node_get_int (node) : -1;

  if (value < 0 || value > MD_WIRE_MAX_CONTAINER)
    return malformed (name, error);
  *out = (guint64)value;
  return TRUE;
}

gboolean
md_upload_message_decode (GBytes *body, MdUploadMessage *out, GError **error)
{
  g_autoptr (JsonObject) object = NULL;
  JsonNode *stored = NULL;

  if (g_bytes_get_size (body) > MD_WIRE_MAX_UPLOAD)
    {
      g_set_error_literal (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_TOO_LARGE,
                           "the message is too large");
      return FALSE;
    }
  object = md_wire_json_parse (body, error);
  if (object == NULL)
    return FALSE;
  if (json_object_get_size (object) != MEMBERS)
    return malformed ("(their number)", error);
  if (!read_size (object, "size", &out->size, error)
      || !read_size (object, "offset", &out->offset, error))
    return FALSE;
  stored = find_value (object, "stored", G_TYPE_BOOLEAN);
  if (stored == NULL)
    return malformed ("stored", error);
  out->stored = json_node_get_boolean (stored);
  return out->offset <= out->size || malformed ("offset", error);
}

guint64
md_upload_length_parse (const char *value)
{
  guint64 size = 0;

  return value != NULL && value[0] >= '1' && value[0] <= '9'
                 && g_ascii_string_to_unsigned (value, 10, 1, MD_WIRE_MAX_CONTAINER, &size, NULL)
             ? size
             : 0;
}
