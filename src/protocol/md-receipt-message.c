// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-receipt-message.h"
#include "md-wire-json.h"
#include "md-wire.h"

#include <string.h>

#define MAX_NAME 64u
#define MEMBERS 8u

MdReceipt *
md_receipt_new (void)
{
  return g_new0 (MdReceipt, 1);
}

void
md_receipt_free (MdReceipt *receipt)
{
  if (receipt == NULL)
    return;
  g_free (receipt->intake);
  g_free (receipt->digest);
  g_free (receipt->time);
  g_free (receipt->terminal);
  g_free (receipt->office);
  g_free (receipt);
}

GBytes *
md_receipt_encode (const MdReceipt *receipt)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *item = md_item_format (receipt->n);
  char *text = NULL;

  json_object_set_string_member (object, "schema", MD_RECEIPT_SCHEMA);
  json_object_set_string_member (object, "id", receipt->intake);
  json_object_set_string_member (object, "item", item);
  json_object_set_string_member (object, "digest", receipt->digest);
  json_object_set_int_member (object, "sequence", (gint64)receipt->sequence);
  json_object_set_string_member (object, "time", receipt->time);
  json_object_set_string_member (object, "terminal", receipt->terminal);
  json_object_set_string_member (object, "office", receipt->office);
  json_node_set_object (node, object);
  text = json_to_string (node, FALSE);
  return g_bytes_new_take (text, strlen (text));
}

static gboolean
malformed (GError **error, const char *member)
{
  g_set_error (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_MALFORMED,
               "member \"%s\" of the receipt is not of its form", member);
  return FALSE;
}

static gboolean
is_digest (const char *text)
{
  return strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}

static gboolean
read_sequence (JsonObject *object, guint64 *out)
{
  JsonNode *node = json_object_get_member (object, "sequence");

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_INT64 || json_node_get_int (node) < 1)
    return FALSE;
  *out = (guint64)json_node_get_int (node);
  return TRUE;
}

static gboolean
read_strings (JsonObject *object, MdReceipt *receipt, GError **error)
{
  const struct
  {
    const char *name;
    char **into;
  } members[] = {
    { "id", &receipt->intake },         { "digest", &receipt->digest }, { "time", &receipt->time },
    { "terminal", &receipt->terminal }, { "office", &receipt->office },
  };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      const char *value = md_wire_json_string (object, members[i].name, MAX_NAME, error);
      if (value == NULL)
        return FALSE;
      *members[i].into = g_strdup (value);
    }
  return TRUE;
}

MdReceipt *
md_receipt_decode (GBytes *json, GError **error)
{
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (MdReceipt) receipt = md_receipt_new ();
  g_autoptr (GDateTime) time = NULL;
  const char *text = NULL;

  if (g_bytes_get_size (json) > MD_WIRE_MAX_RECEIPT)
    {
      g_set_error_literal (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_TOO_LARGE,
                           "the receipt is too large");
      return NULL;
    }
  object = md_wire_json_parse (json, error);
  text = object != NULL ? md_wire_json_string (object, "schema", MAX_NAME, error) : NULL;
  if (text == NULL)
    return NULL;
  if (strcmp (text, MD_RECEIPT_SCHEMA) != 0)
    {
      g_set_error_literal (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_UNSUPPORTED,
                           "a receipt of another schema");
      return NULL;
    }
  text = md_wire_json_string (object, "item", MAX_NAME, error);
  if (text == NULL || !read_strings (object, receipt, error))
    return NULL;
  receipt->n = md_item_parse (text);
  time = g_date_time_new_from_iso8601 (receipt->time, NULL);
  if ((json_object_get_size (object) != MEMBERS && !malformed (error, "*"))
      || (receipt->n == 0 && !malformed (error, "item"))
      || (!md_wire_is_intake_id (receipt->intake) && !malformed (error, "id"))
      || (!is_digest (receipt->digest) && !malformed (error, "digest"))
      || (time == NULL && !malformed (error, "time"))
      || (!read_sequence (object, &receipt->sequence) && !malformed (error, "sequence")))
    return NULL;
  return g_steal_pointer (&receipt);
}

MdReceiptMatch
md_receipt_match (const MdReceipt *receipt, const MdReceipt *sent)
{
  if (g_strcmp0 (receipt->intake, sent->intake) != 0)
    return MD_RECEIPT_OTHER_INTAKE;
  if (receipt->n != sent->n)
    return MD_RECEIPT_OTHER_ITEM;
  if (g_strcmp0 (receipt->digest, sent->digest) != 0)
    return MD_RECEIPT_OTHER_DIGEST;
  if (g_strcmp0 (receipt->terminal, sent->terminal) != 0
      || g_strcmp0 (receipt->office, sent->office) != 0)
    return MD_RECEIPT_OTHER_TERMINAL;
  return MD_RECEIPT_MATCH;
}
