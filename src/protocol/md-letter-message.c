// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-letter-message.h"
#include "md-wire-json.h"
#include "md-wire.h"

#include <md-base.h>
#include <string.h>

#define MAX_PROCEDURES 8u
#define DAY_LENGTH 10u

static gboolean
is_digest (const char *text)
{
  return strlen (text) == 2 * MD_SHA256_SIZE
         && strspn (text, "0123456789abcdef") == 2 * MD_SHA256_SIZE;
}

static gboolean
is_day (const char *text)
{
  MdDate day;
  g_autofree char *again = NULL;

  if (strlen (text) != DAY_LENGTH || !md_date_parse (text, &day, NULL))
    return FALSE;
  again = md_date_format_iso (&day);
  return strcmp (text, again) == 0;
}

static gboolean
is_time (const char *text)
{
  gint64 time = 0;

  return md_time_parse_rfc3339 (text, &time, NULL);
}

/* An id as the catalogue has them: nothing that would have to be escaped anywhere. */
static gboolean
is_procedure (const char *text)
{
  return *text != '\0' && strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789._-") == strlen (text);
}

/* In the order of the body. */
static const struct
{
  gsize offset;
  const char *name;
  gboolean (*fits) (const char *text);
} texts[] = {
  { G_STRUCT_OFFSET (MdLetterMessage, intake), "intake", md_wire_is_intake_id },
  { G_STRUCT_OFFSET (MdLetterMessage, receipt_number), "receipt_number", md_wire_is_letter_number },
  { G_STRUCT_OFFSET (MdLetterMessage, decision), "decision", is_digest },
  { G_STRUCT_OFFSET (MdLetterMessage, from), "from", is_day },
  { G_STRUCT_OFFSET (MdLetterMessage, to), "to", is_day },
  { G_STRUCT_OFFSET (MdLetterMessage, principal), "principal", is_digest },
  { G_STRUCT_OFFSET (MdLetterMessage, delegate), "delegate", is_digest },
};

static char **
text_at (const MdLetterMessage *message, gsize index)
{
  return (char **)((guintptr)message + texts[index].offset);
}

MdLetterMessage *
md_letter_message_new (void)
{
  return g_new0 (MdLetterMessage, 1);
}

void
md_letter_message_free (MdLetterMessage *message)
{
  if (message == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (*text_at (message, i));
  g_strfreev (message->procedures);
  g_free (message->given_back);
  g_free (message);
}

GBytes *
md_letter_message_encode (const MdLetterMessage *message)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonArray *procedures = json_array_new ();
  char *text = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    json_object_set_string_member (object, texts[i].name, *text_at (message, i));
  for (guint i = 0; message->procedures[i] != NULL; i++)
    json_array_add_string_element (procedures, message->procedures[i]);
  json_object_set_array_member (object, "procedures", procedures);
  json_object_set_boolean_member (object, "ended", message->ended);
  if (message->given_back != NULL)
    json_object_set_string_member (object, "given_back", message->given_back);
  json_node_set_object (node, object);
  text = json_to_string (node, FALSE);
  return g_bytes_new_take (text, strlen (text));
}

/* --- Reading --- */

static void
set_malformed (const char *member, GError **error)
{
  g_set_error (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_MALFORMED,
               "member \"%s\" is not of its form", member);
}

static char *
read_text (JsonObject *object, const char *name, gboolean (*fits) (const char *text),
           GError **error)
{
  const char *text = md_wire_json_string (object, name, MD_WIRE_NAME_SIZE, error);

  if (text == NULL)
    return NULL;
  if (fits (text))
    return g_strdup (text);
  set_malformed (name, error);
  return NULL;
}

static char **
read_procedures (JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "procedures");
  JsonArray *array
      = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  const guint n = array != NULL ? json_array_get_length (array) : 0;
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();

  if (n < 1 || n > MAX_PROCEDURES)
    return NULL;
  for (guint i = 0; i < n; i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      const char *text
          = JSON_NODE_HOLDS_VALUE (element) && json_node_get_value_type (element) == G_TYPE_STRING
                ? json_node_get_string (element)
                : "";

      if (strlen (text) > MD_WIRE_NAME_SIZE || !is_procedure (text))
        return NULL;
      g_strv_builder_add (list, text);
    }
  return g_strv_builder_end (list);
}

static gboolean
read_ended (JsonObject *object, gboolean *out_ended)
{
  JsonNode *node = json_object_get_member (object, "ended");

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return FALSE;
  *out_ended = json_node_get_boolean (node);
  return TRUE;
}

static gboolean
read_members (JsonObject *object, MdLetterMessage *message, GError **error)
{
  const gboolean given_back = json_object_has_member (object, "given_back");

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if ((*text_at (message, i) = read_text (object, texts[i].name, texts[i].fits, error)) == NULL)
      return FALSE;
  if (given_back
      && (message->given_back = read_text (object, "given_back", is_time, error)) == NULL)
    return FALSE;
  message->procedures = read_procedures (object);
  if (message->procedures != NULL && read_ended (object, &message->ended)
      && json_object_get_size (object) == G_N_ELEMENTS (texts) + 2 + (given_back ? 1 : 0))
    return TRUE;
  set_malformed ("procedures", error);
  return FALSE;
}

MdLetterMessage *
md_letter_message_decode (GBytes *body, GError **error)
{
  g_autoptr (MdLetterMessage) message = md_letter_message_new ();
  g_autoptr (JsonObject) object = NULL;

  if (g_bytes_get_size (body) > MD_WIRE_MAX_LETTER)
    {
      g_set_error_literal (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_TOO_LARGE,
                           "the letter is too large");
      return NULL;
    }
  object = md_wire_json_parse (body, error);
  return object != NULL && read_members (object, message, error) ? g_steal_pointer (&message)
                                                                 : NULL;
}
