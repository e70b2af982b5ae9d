// SPDX-License-Identifier: Apache-2.0
// The plain text of evidence.cms. It is written by hand through MdWriter, which wipes what it grows
// out of: a JSON library would leave the person's name on the heap. Reading happens at the back
// office, with json-glib.
#include "md-identity-proof.h"

#include "md-identity-proof-private.h"

#include <json-glib/json-glib.h>
#include <md-policy.h>
#include <string.h>

#define SCHEMA "madoguchi-evidence/1"
#define EVIDENCE_MAX (512u * 1024)
#define BLOB_MAX MD_LIMIT_OCSP_RESPONSE

static void
write_raw (MdWriter *writer, const char *text)
{
  md_writer_bytes (writer, text, strlen (text));
}

// A JSON string; NULL is written as null.
static void
write_string (MdWriter *writer, const char *text)
{
  if (text == NULL)
    {
      write_raw (writer, "null");
      return;
    }
  md_writer_u8 (writer, '"');
  for (const char *p = text; *p != '\0'; p++)
    {
      guint8 byte = (guint8)*p;
      if (byte == '"' || byte == '\\')
        md_writer_u8 (writer, '\\');
      if (byte >= 0x20)
        md_writer_u8 (writer, byte);
      else
        {
          char escape[7];
          g_snprintf (escape, sizeof escape, "\\u%04x", byte);
          write_raw (writer, escape);
        }
    }
  md_writer_u8 (writer, '"');
}

// ,"name": in front of a value; FIRST leaves the comma out.
static void
write_name (MdWriter *writer, const char *name, gboolean first)
{
  if (!first)
    md_writer_u8 (writer, ',');
  write_string (writer, name);
  md_writer_u8 (writer, ':');
}

static void
write_member (MdWriter *writer, const char *name, const char *text)
{
  write_name (writer, name, FALSE);
  write_string (writer, text);
}

static void
write_bytes (MdWriter *writer, const char *name, GBytes *bytes)
{
  g_autofree char *base64 = bytes != NULL ? md_base64_encode (bytes) : NULL;
  write_member (writer, name, base64);
}

static void
write_challenge (MdWriter *writer, const MdPresenceChallenge *challenge)
{
  const MdPresenceParts *parts = md_presence_challenge_get_parts (challenge);
  write_name (writer, "challenge", FALSE);
  md_writer_u8 (writer, '{');
  write_name (writer, "tag", TRUE);
  write_string (writer, MD_PRESENCE_TAG);
  write_member (writer, "intake", parts->intake);
  write_member (writer, "terminal", parts->terminal);
  write_member (writer, "procedure", parts->procedure);
  write_member (writer, "time", parts->time);
  write_member (writer, "nonce_state", md_nonce_state_to_string (parts->nonce_state));
  write_bytes (writer, "nonce", parts->nonce);
  md_writer_u8 (writer, '}');
  g_autofree char *digest
      = md_hex_encode (md_presence_challenge_get_digest (challenge), MD_PKI_DIGEST_SIZE);
  write_member (writer, "digest", digest);
}

static void
write_revocation (MdWriter *writer, const MdIdentityProof *self)
{
  write_name (writer, "revocation", FALSE);
  md_writer_u8 (writer, '{');
  write_name (writer, "source", TRUE);
  write_string (writer, md_revocation_source_to_string (self->revocation));
  if (self->ocsp_response != NULL)
    write_bytes (writer, "ocsp", self->ocsp_response);
  if (self->revocation == MD_REVOCATION_SOURCE_CRL)
    {
      g_autofree char *update = md_time_format_rfc3339 (self->crl_this_update * G_USEC_PER_SEC);
      write_name (writer, "crl", FALSE);
      md_writer_u8 (writer, '{');
      write_name (writer, "issuer", TRUE);
      write_string (writer, self->crl_issuer);
      write_member (writer, "number", self->crl_number);
      write_member (writer, "this_update", update);
      md_writer_u8 (writer, '}');
    }
  md_writer_u8 (writer, '}');
}

static void
write_card (MdWriter *writer, const MdCardAttributes *attributes)
{
  write_name (writer, "card", FALSE);
  if (attributes == NULL)
    {
      write_raw (writer, "null");
      return;
    }
  md_writer_u8 (writer, '{');
  write_name (writer, "name", TRUE);
  write_string (writer, md_card_attributes_get_name (attributes));
  write_member (writer, "address", md_card_attributes_get_address (attributes));
  write_member (writer, "birth", md_card_attributes_get_birth (attributes));
  write_member (writer, "sex", md_card_attributes_get_sex_code (attributes));
  md_writer_u8 (writer, '}');
}

MdSecret *
md_identity_proof_encode (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_autoptr (MdWriter) writer = md_writer_new (EVIDENCE_MAX);
  g_autofree char *checked_at = md_time_format_rfc3339 (self->checked_at);
  md_writer_u8 (writer, '{');
  write_name (writer, "schema", TRUE);
  write_string (writer, SCHEMA);
  write_member (writer, "intake", md_presence_challenge_get_parts (self->challenge)->intake);
  write_member (writer, "method", md_identity_proof_get_method (self));
  write_challenge (writer, self->challenge);
  write_bytes (writer, "signature", self->signature);
  write_bytes (writer, "certificate",
               self->certificate != NULL ? md_certificate_get_der (self->certificate) : NULL);
  write_bytes (writer, "ca", self->card_ca);
  write_revocation (writer, self);
  write_member (writer, "verdict", md_identity_verdict_to_string (self->verdict));
  write_member (writer, "detail", md_identity_proof_get_detail (self));
  write_member (writer, "checked_at", checked_at);
  write_card (writer, self->attributes);
  md_writer_u8 (writer, '}');

  g_autoptr (GBytes) json = md_writer_finish (writer, NULL);
  g_return_val_if_fail (json != NULL, NULL); // every part has a limit far below EVIDENCE_MAX
  return md_secret_new_from_data (g_bytes_get_data (json, NULL), g_bytes_get_size (json));
}

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, MD_IDENTITY_ERROR, MD_IDENTITY_ERROR_MALFORMED,
               "the evidence of identification is damaged: %s", what);
  return FALSE;
}

// A member that is a string, or NULL.
static const char *
get_string (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

static JsonObject *
get_object (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

// Base64, or absent (null); FALSE when it is there and wrong.
static gboolean
get_bytes (JsonObject *object, const char *name, GBytes **out_bytes, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);
  *out_bytes = NULL;
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  const char *text = get_string (object, name);
  *out_bytes = text != NULL ? md_base64_decode (text, BLOB_MAX, NULL) : NULL;
  return *out_bytes != NULL || refuse (error, name);
}

static MdPresenceChallenge *
decode_challenge (JsonObject *root, GError **error)
{
  JsonObject *object = get_object (root, "challenge");
  g_autoptr (GBytes) nonce = NULL;
  if (object == NULL || g_strcmp0 (get_string (object, "tag"), MD_PRESENCE_TAG) != 0)
    {
      refuse (error, "challenge");
      return NULL;
    }
  MdPresenceParts parts = { .intake = get_string (object, "intake"),
                            .terminal = get_string (object, "terminal"),
                            .procedure = get_string (object, "procedure"),
                            .time = get_string (object, "time") };
  if (!get_bytes (object, "nonce", &nonce, error))
    return NULL;
  if (!md_nonce_state_from_string (get_string (object, "nonce_state"), &parts.nonce_state)
      || g_strcmp0 (parts.intake, get_string (root, "intake")) != 0)
    {
      refuse (error, "challenge");
      return NULL;
    }
  parts.nonce = nonce;
  MdPresenceChallenge *challenge = md_presence_challenge_new (&parts, NULL);
  if (challenge == NULL)
    {
      refuse (error, "challenge");
      return NULL;
    }
  g_autofree char *digest
      = md_hex_encode (md_presence_challenge_get_digest (challenge), MD_PKI_DIGEST_SIZE);
  if (g_strcmp0 (digest, get_string (root, "digest")) != 0)
    {
      md_presence_challenge_unref (challenge);
      refuse (error, "digest");
      return NULL;
    }
  return challenge;
}

static gboolean
decode_revocation (MdIdentityProof *self, JsonObject *root, GError **error)
{
  static const MdRevocationSource sources[]
      = { MD_REVOCATION_SOURCE_NONE, MD_REVOCATION_SOURCE_OCSP, MD_REVOCATION_SOURCE_CRL };
  JsonObject *object = get_object (root, "revocation");
  const char *source = object != NULL ? get_string (object, "source") : NULL;
  gboolean known = FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (sources); i++)
    if (g_strcmp0 (source, md_revocation_source_to_string (sources[i])) == 0)
      {
        self->revocation = sources[i];
        known = TRUE;
      }
  if (!known)
    return refuse (error, "revocation");
  if (!get_bytes (object, "ocsp", &self->ocsp_response, error))
    return FALSE;
  JsonObject *crl = get_object (object, "crl");
  gint64 update = 0;
  if (crl == NULL)
    return self->revocation != MD_REVOCATION_SOURCE_CRL || refuse (error, "crl");
  if (!md_time_parse_rfc3339 (get_string (crl, "this_update"), &update, NULL))
    return refuse (error, "crl");
  self->crl_issuer = g_strdup (get_string (crl, "issuer"));
  self->crl_number = g_strdup (get_string (crl, "number"));
  self->crl_this_update = update / G_USEC_PER_SEC;
  return TRUE;
}

static gboolean
decode_card (MdIdentityProof *self, JsonObject *root, GError **error)
{
  JsonObject *card = get_object (root, "card");
  if (card == NULL)
    return TRUE;
  const char *name = get_string (card, "name");
  const char *address = get_string (card, "address");
  const char *birth = get_string (card, "birth");
  const char *sex = get_string (card, "sex");
  if (name == NULL || address == NULL || birth == NULL || sex == NULL)
    return refuse (error, "card");
  self->attributes = md_card_attributes_new (name, address, birth, sex);
  return TRUE;
}

static gboolean
decode_proof (MdIdentityProof *self, JsonObject *root, GError **error)
{
  g_autoptr (GBytes) certificate = NULL;
  if (!get_bytes (root, "signature", &self->signature, error)
      || !get_bytes (root, "certificate", &certificate, error)
      || !get_bytes (root, "ca", &self->card_ca, error))
    return FALSE;
  if (certificate != NULL)
    {
      self->certificate = md_certificate_new_from_der (certificate, NULL);
      if (self->certificate == NULL)
        return refuse (error, "certificate");
    }
  if (!md_identity_verdict_from_string (get_string (root, "verdict"), &self->verdict))
    return refuse (error, "verdict");
  const char *checked_at = get_string (root, "checked_at");
  if (checked_at == NULL || !md_time_parse_rfc3339 (checked_at, &self->checked_at, NULL))
    return refuse (error, "checked_at");
  self->detail = g_strdup (get_string (root, "detail"));
  return decode_revocation (self, root, error) && decode_card (self, root, error);
}

MdIdentityProof *
md_identity_proof_decode (const guint8 *json, gsize length, GError **error)
{
  g_return_val_if_fail (json != NULL, NULL);
  // md_json_parse() bounds size and depth before json-glib, which recurses.
  g_autoptr (MdJson) reader
      = md_json_new ("evidence", MD_IDENTITY_ERROR, MD_IDENTITY_ERROR_MALFORMED);
  g_autoptr (GBytes) text = md_bytes_new_wiped (json, length);
  JsonObject *root = md_json_parse (reader, text, EVIDENCE_MAX);
  if (root == NULL)
    {
      refuse (error, "not JSON");
      return NULL;
    }
  if (g_strcmp0 (get_string (root, "schema"), SCHEMA) != 0)
    {
      refuse (error, "schema");
      return NULL;
    }
  g_autoptr (MdPresenceChallenge) challenge = decode_challenge (root, error);
  if (challenge == NULL)
    return NULL;
  g_autoptr (MdIdentityProof) self = _md_identity_proof_new (challenge);
  if (!decode_proof (self, root, error))
    return NULL;
  return g_steal_pointer (&self);
}
