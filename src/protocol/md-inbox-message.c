// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-inbox-message.h"
#include "md-wire-json.h"
#include "md-wire.h"

#include <string.h>

#define MEMBERS 3u

guint64
md_inbox_cursor (guint notice, guint policy)
{
  return (guint64)policy * (MD_WIRE_LAST_NOTICE + 1u) + notice;
}

GBytes *
md_inbox_message_encode (const MdInboxMessage *message)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  char *text = NULL;

  json_object_set_int_member (object, "after", (gint64)message->after);
  json_object_set_int_member (object, "notice", message->notice);
  json_object_set_int_member (object, "policy", message->policy);
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

static gboolean
read_number (JsonObject *object, const char *name, guint64 most, guint64 *out, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);
  const gboolean is_number = node != NULL && JSON_NODE_HOLDS_VALUE (node)
                             && json_node_get_value_type (node) == G_TYPE_INT64;
  const gint64 value = is_number ? json_node_get_int (node) : -1;

  if (value < 0 || (guint64)value > most)
    return malformed (name, error);
  *out = (guint64)value;
  return TRUE;
}

gboolean
md_inbox_message_decode (GBytes *body, MdInboxMessage *out, GError **error)
{
  g_autoptr (JsonObject) object = NULL;
  guint64 after = 0;
  guint64 notice = 0;
  guint64 policy = 0;

  if (g_bytes_get_size (body) > MD_WIRE_MAX_INBOX)
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
  if (!read_number (object, "after", MD_WIRE_MAX_CURSOR, &after, error)
      || !read_number (object, "notice", MD_WIRE_LAST_NOTICE, &notice, error)
      || !read_number (object, "policy", MD_WIRE_MAX_CURSOR / (MD_WIRE_LAST_NOTICE + 1u), &policy,
                       error))
    return FALSE;
  if (after != md_inbox_cursor ((guint)notice, (guint)policy))
    return malformed ("after", error);
  *out = (MdInboxMessage){ after, (guint)notice, (guint)policy };
  return TRUE;
}
