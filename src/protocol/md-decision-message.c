// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-decision-message.h"
#include "md-wire-json.h"
#include "md-wire.h"

#include <md-base.h>

MdDecisionMessage *
md_decision_message_new (GBytes *decision, GBytes *manifest, GBytes *signature)
{
  MdDecisionMessage *message = g_new0 (MdDecisionMessage, 1);

  message->decision = g_bytes_ref (decision);
  message->manifest = g_bytes_ref (manifest);
  message->signature = g_bytes_ref (signature);
  return message;
}

void
md_decision_message_free (MdDecisionMessage *message)
{
  if (message == NULL)
    return;
  g_clear_pointer (&message->decision, g_bytes_unref);
  g_clear_pointer (&message->manifest, g_bytes_unref);
  g_clear_pointer (&message->signature, g_bytes_unref);
  g_free (message);
}

static void
append_member (GString *json, const char *name, GBytes *bytes)
{
  gsize size = 0;
  const guchar *data = g_bytes_get_data (bytes, &size);
  g_autofree char *base64 = g_base64_encode (data, size);

  g_string_append_printf (json, "%s\"%s\":\"%s\"", json->len > 1 ? "," : "", name, base64);
}

GBytes *
md_decision_message_encode (const MdDecisionMessage *message)
{
  g_autoptr (GString) json = g_string_new ("{");

  append_member (json, "decision", message->decision);
  append_member (json, "manifest", message->manifest);
  append_member (json, "signature", message->signature);
  g_string_append_c (json, '}');
  return g_string_free_to_bytes (g_steal_pointer (&json));
}

static GBytes *
read_member (JsonObject *object, const char *name, GError **error)
{
  const char *text = md_wire_json_string (object, name, MD_WIRE_MAX_DECISION, error);
  g_autoptr (GBytes) bytes = NULL;

  if (text == NULL)
    return NULL;
  bytes = md_base64_decode (text, MD_WIRE_MAX_DECISION, NULL);
  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    {
      g_set_error (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_MALFORMED,
                   "member \"%s\" is empty or not base64", name);
      return NULL;
    }
  return g_steal_pointer (&bytes);
}

MdDecisionMessage *
md_decision_message_decode (GBytes *body, GError **error)
{
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (GBytes) decision = NULL;
  g_autoptr (GBytes) manifest = NULL;
  g_autoptr (GBytes) signature = NULL;

  if (g_bytes_get_size (body) > MD_WIRE_MAX_DECISION)
    {
      g_set_error_literal (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_TOO_LARGE,
                           "the decision is too large");
      return NULL;
    }
  object = md_wire_json_parse (body, error);
  if (object == NULL)
    return NULL;
  if (json_object_get_size (object) != 3)
    {
      g_set_error_literal (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_MALFORMED,
                           "a decision has exactly three members");
      return NULL;
    }
  if ((decision = read_member (object, "decision", error)) == NULL
      || (manifest = read_member (object, "manifest", error)) == NULL
      || (signature = read_member (object, "signature", error)) == NULL)
    return NULL;
  return md_decision_message_new (decision, manifest, signature);
}
