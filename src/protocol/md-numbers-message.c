// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-numbers-message.h"
#include "md-wire-json.h"
#include "md-wire.h"

#include <string.h>

#define MAX_SERIAL 999u

typedef struct
{
  const char *name;
  gsize offset;
  guint min, max;
} Member;

#define REQUEST(member, min, max)                                                                  \
  {                                                                                                \
#member, G_STRUCT_OFFSET(MdNumbersRequest, member), min, max                                   \
  }
#define ANSWER(member, min, max)                                                                   \
  {                                                                                                \
#member, G_STRUCT_OFFSET(MdNumbersAnswer, member), min, max                                    \
  }

/* In the order of the bodies. */
static const Member request_members[] = {
  REQUEST (serial, 1, MAX_SERIAL),       REQUEST (epoch, 0, MD_NUMBERS_MAX_EPOCH),
  REQUEST (highest, 0, MD_NUMBERS_LAST), REQUEST (newest, 0, MD_NUMBERS_LAST),
  REQUEST (left, 0, MD_NUMBERS_LAST),
};
static const Member answer_members[] = {
  ANSWER (serial, 1, MAX_SERIAL),       ANSWER (epoch, 1, MD_NUMBERS_MAX_EPOCH),
  ANSWER (highest, 0, MD_NUMBERS_LAST), ANSWER (last_n, 0, MD_WIRE_MAX_DECISIONS),
  ANSWER (from, 0, MD_NUMBERS_LAST),    ANSWER (to, 0, MD_NUMBERS_LAST),
};
/* And the question. */
#define REQUEST_SIZE (G_N_ELEMENTS (request_members) + 1)
/* And the two that are yes or no, and the intake. */
#define ANSWER_SIZE (G_N_ELEMENTS (answer_members) + 3)

static void
write_numbers (JsonObject *object, const Member *members, gsize n, gconstpointer from)
{
  for (gsize i = 0; i < n; i++)
    json_object_set_int_member (
        object, members[i].name,
        *(const guint *)(gconstpointer)((const guint8 *)from + members[i].offset));
}

static GBytes *
to_bytes (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  char *text = NULL;

  json_node_set_object (node, object);
  text = json_to_string (node, FALSE);
  return g_bytes_new_take (text, strlen (text));
}

GBytes *
md_numbers_request_encode (const MdNumbersRequest *request)
{
  g_autoptr (JsonObject) object = json_object_new ();

  write_numbers (object, request_members, G_N_ELEMENTS (request_members), request);
  json_object_set_string_member (object, "question", request->question);
  return to_bytes (object);
}

GBytes *
md_numbers_answer_encode (const MdNumbersAnswer *answer)
{
  g_autoptr (JsonObject) object = json_object_new ();

  write_numbers (object, answer_members, G_N_ELEMENTS (answer_members), answer);
  json_object_set_string_member (object, "last", answer->last);
  json_object_set_boolean_member (object, "fresh", answer->fresh);
  json_object_set_boolean_member (object, "exhausted", answer->exhausted);
  return to_bytes (object);
}

/* --- Reading --- */

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
read_numbers (JsonObject *object, const Member *members, gsize n, gpointer out, GError **error)
{
  for (gsize i = 0; i < n; i++)
    {
      JsonNode *node = find_value (object, members[i].name, G_TYPE_INT64);
      const gint64 value = node != NULL ? json_node_get_int (node) : -1;

      if (value < members[i].min || value > members[i].max)
        return malformed (members[i].name, error);
      *(guint *)(gpointer)((guint8 *)out + members[i].offset) = (guint)value;
    }
  return TRUE;
}

static gboolean
read_flag (JsonObject *object, const char *name, gboolean *out, GError **error)
{
  JsonNode *node = find_value (object, name, G_TYPE_BOOLEAN);

  if (node == NULL)
    return malformed (name, error);
  *out = json_node_get_boolean (node);
  return TRUE;
}

/* At most MOST members: what a later release says beside those that are known here is for others.
 */
static JsonObject *
parse (GBytes *body, gsize most, GError **error)
{
  g_autoptr (JsonObject) object = NULL;

  if (g_bytes_get_size (body) > MD_WIRE_MAX_NUMBERS)
    {
      g_set_error_literal (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_TOO_LARGE,
                           "the message is too large");
      return NULL;
    }
  object = md_wire_json_parse (body, error);
  if (object != NULL && json_object_get_size (object) > most)
    {
      (void)malformed ("(their number)", error);
      return NULL;
    }
  return g_steal_pointer (&object);
}

gboolean
md_numbers_request_decode (GBytes *body, MdNumbersRequest *out, GError **error)
{
  g_autoptr (JsonObject) object = parse (body, REQUEST_SIZE, error);
  const char *question = NULL;

  if (object == NULL
      || !read_numbers (object, request_members, G_N_ELEMENTS (request_members), out, error)
      || (question = md_wire_json_string (object, "question", MD_NUMBERS_QUESTION, error)) == NULL)
    return FALSE;
  if (strlen (question) != MD_NUMBERS_QUESTION
      || strspn (question, "0123456789abcdef") != MD_NUMBERS_QUESTION)
    return malformed ("question", error);
  (void)g_strlcpy (out->question, question, sizeof out->question);
  return TRUE;
}

gboolean
md_numbers_answer_decode (GBytes *body, MdNumbersAnswer *out, GError **error)
{
  g_autoptr (JsonObject) object = parse (body, G_MAXSIZE, error);
  const char *last = NULL;

  if (object == NULL
      || !read_numbers (object, answer_members, G_N_ELEMENTS (answer_members), out, error)
      || !read_flag (object, "fresh", &out->fresh, error)
      || !read_flag (object, "exhausted", &out->exhausted, error)
      || (last = md_wire_json_string (object, "last", sizeof out->last - 1, error)) == NULL)
    return FALSE;
  if ((out->last_n > 0) != md_wire_is_intake_id (last) || (out->last_n == 0 && *last != '\0'))
    return malformed ("last", error);
  if ((out->from == 0) != (out->to == 0) || out->from > out->to)
    return malformed ("from", error);
  (void)g_strlcpy (out->last, last, sizeof out->last);
  return TRUE;
}
