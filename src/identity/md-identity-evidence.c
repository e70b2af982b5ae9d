// SPDX-License-Identifier: Apache-2.0
// The plain text of evidence.cms, written and read in the locked pages of src/record.
#include "md-identity-proof.h"

#include "md-hold-private.h"
#include "md-identity-proof-private.h"

#include <md-record.h>
#include <string.h>

#define SCHEMA "madoguchi-evidence/1"
#define BLOB_MAX MD_LIMIT_OCSP_RESPONSE

static void
set_bytes (MdRecord *object, const char *name, GBytes *bytes)
{
  g_autofree char *base64 = bytes != NULL ? md_base64_encode (bytes) : NULL;
  md_record_set_text (object, name, base64);
}

static MdRecord *
challenge_to_json (const MdPresenceChallenge *challenge)
{
  const MdPresenceParts *parts = md_presence_challenge_get_parts (challenge);
  MdRecord *object = md_record_new_object ();
  g_autoptr (GBytes) message = md_presence_challenge_dup_message (challenge);
  md_record_set_text (object, "tag", MD_PRESENCE_TAG);
  md_record_set_text (object, "intake", parts->intake);
  md_record_set_text (object, "terminal", parts->terminal);
  md_record_set_text (object, "procedure", parts->procedure);
  md_record_set_text (object, "time", parts->time);
  md_record_set_text (object, "nonce_state", md_nonce_state_to_string (parts->nonce_state));
  set_bytes (object, "nonce", parts->nonce);
  set_bytes (object, "message", message); // for who verifies it without this program
  return object;
}

static MdRecord *
revocation_to_json (const MdIdentityProof *self)
{
  MdRecord *object = md_record_new_object ();
  md_record_set_text (object, "source", md_revocation_source_to_string (self->revocation));
  if (self->ocsp_response != NULL)
    set_bytes (object, "ocsp", self->ocsp_response);
  if (self->revocation == MD_REVOCATION_SOURCE_CRL)
    {
      g_autofree char *update = md_time_format_rfc3339 (self->crl_this_update * G_USEC_PER_SEC);
      MdRecord *crl = md_record_new_object ();
      md_record_set_text (crl, "issuer", self->crl_issuer);
      md_record_set_text (crl, "number", self->crl_number);
      md_record_set_text (crl, "this_update", update);
      md_record_set_text (crl, "sha256", self->crl_sha256);
      set_bytes (crl, "der", self->crl);
      md_record_take (object, "crl", crl);
    }
  return object;
}

static MdRecord *
card_to_json (const MdCardAttributes *attributes)
{
  MdRecord *object = md_record_new_object ();
  md_record_set_text (object, "name", md_card_attributes_get_name (attributes));
  md_record_set_text (object, "address", md_card_attributes_get_address (attributes));
  md_record_set_text (object, "birth", md_card_attributes_get_birth (attributes));
  md_record_set_text (object, "sex", md_card_attributes_get_sex_code (attributes));
  return object;
}

MdSecret *
md_identity_proof_encode (const MdIdentityProof *self)
{
  return md_identity_proof_encode_held (self, NULL, NULL, NULL);
}

MdSecret *
md_identity_proof_encode_held (const MdIdentityProof *self, const GPtrArray *holds,
                               const char *salt, const MdVisitRecord *visit)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_autoptr (MdRecord) root = md_record_new_object ();
  g_autofree char *checked_at = md_time_format_rfc3339 (self->checked_at);
  g_autofree char *digest
      = md_hex_encode (md_presence_challenge_get_digest (self->challenge), MD_PKI_DIGEST_SIZE);
  md_record_set_text (root, "schema", SCHEMA);
  md_record_set_text (root, "intake", md_presence_challenge_get_parts (self->challenge)->intake);
  md_record_set_text (root, "method", md_identity_proof_get_method (self));
  md_record_take (root, "challenge", challenge_to_json (self->challenge));
  md_record_set_text (root, "digest", digest);
  set_bytes (root, "signature", self->signature);
  set_bytes (root, "certificate",
             self->certificate != NULL ? md_certificate_get_der (self->certificate) : NULL);
  md_record_take (root, "revocation", revocation_to_json (self));
  md_record_set_text (root, "verdict", md_identity_verdict_to_string (self->verdict));
  md_record_set_text (root, "detail", md_identity_proof_get_detail (self));
  md_record_set_text (root, "checked_at", checked_at);
  if (self->face != NULL)
    md_record_take (root, "face", _md_identity_face_to_json (self->face));
  if (self->papers != NULL)
    md_record_take (root, "documents", _md_papers_to_json (self->papers));
  if (self->waiver != NULL)
    md_record_take (root, "unidentified", _md_waiver_to_json (self->waiver));
  if (md_identity_proof_is_of_filers_card (self))
    md_record_take (root, "filer", _md_filer_to_json (self->filer, self->filer_issued));
  if (self->attributes != NULL)
    md_record_take (root, "card", card_to_json (self->attributes));
  else
    md_record_set_text (root, "card", NULL);
  if (self->read_for != NULL)
    md_record_set_text (root, "card_read_for", self->read_for);
  if (holds != NULL && holds->len > 0)
    md_record_take (root, "holds", _md_holds_to_json (holds));
  if (salt != NULL)
    md_record_set_text (root, MD_NAMING_SALT, salt);
  if (visit != NULL && visit->ticks->len > 0)
    md_record_take (root, "visit", md_visit_record_to_json (visit));
  return md_record_write (root, FALSE);
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
get_string (const MdRecord *object, const char *name)
{
  return md_record_get_text (object, name);
}

// Base64, or absent (null); FALSE when it is there and wrong.
static gboolean
get_bytes (const MdRecord *object, const char *name, GBytes **out_bytes, GError **error)
{
  const MdRecord *member = md_record_get (object, name);
  *out_bytes = NULL;
  if (member == NULL || md_record_is_null (member))
    return TRUE;
  const char *text = md_record_as_text (member);
  *out_bytes = text != NULL ? md_base64_decode (text, BLOB_MAX, NULL) : NULL;
  return *out_bytes != NULL || refuse (error, name);
}

// The challenge's own bytes, where they are there (they were not, once), are those of its parts.
static gboolean
message_fits (const MdPresenceChallenge *challenge, const MdRecord *object)
{
  g_autoptr (GBytes) expected = md_presence_challenge_dup_message (challenge);
  g_autoptr (GBytes) found = NULL;
  return get_bytes (object, "message", &found, NULL)
         && (found == NULL || g_bytes_equal (found, expected));
}

static MdPresenceChallenge *
decode_challenge (const MdRecord *root, GError **error)
{
  const MdRecord *object = md_record_get (root, "challenge");
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
  if (g_strcmp0 (digest, get_string (root, "digest")) != 0 || !message_fits (challenge, object))
    {
      md_presence_challenge_unref (challenge);
      refuse (error, "digest");
      return NULL;
    }
  return challenge;
}

static gboolean
decode_revocation (MdIdentityProof *self, const MdRecord *root, GError **error)
{
  static const MdRevocationSource sources[]
      = { MD_REVOCATION_SOURCE_NONE, MD_REVOCATION_SOURCE_OCSP, MD_REVOCATION_SOURCE_CRL };
  const MdRecord *object = md_record_get (root, "revocation");
  const char *source = get_string (object, "source");
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
  const MdRecord *crl = md_record_get (object, "crl");
  gint64 update = 0;
  if (!md_record_is_object (crl))
    return self->revocation != MD_REVOCATION_SOURCE_CRL || refuse (error, "crl");
  if (!md_time_parse_rfc3339 (get_string (crl, "this_update"), &update, NULL))
    return refuse (error, "crl");
  self->crl_issuer = g_strdup (get_string (crl, "issuer"));
  self->crl_number = g_strdup (get_string (crl, "number"));
  self->crl_this_update = update / G_USEC_PER_SEC;
  self->crl_sha256 = g_strdup (get_string (crl, "sha256"));
  return get_bytes (crl, "der", &self->crl, error);
}

static gboolean
decode_card (MdIdentityProof *self, const MdRecord *root, GError **error)
{
  const MdRecord *card = md_record_get (root, "card");
  if (!md_record_is_object (card))
    return TRUE;
  const char *name = get_string (card, "name");
  const char *address = get_string (card, "address");
  const char *birth = get_string (card, "birth");
  const char *sex = get_string (card, "sex");
  if (name == NULL || address == NULL || birth == NULL || sex == NULL)
    return refuse (error, "card");
  self->attributes = md_card_attributes_new (name, address, birth, sex);
  self->read_for = g_strdup (get_string (root, "card_read_for"));
  return self->read_for == NULL || md_uuid7_is_valid (self->read_for)
         || refuse (error, "card_read_for");
}

// Papers stand for themselves, and so does that there was nobody: nothing of a card is beside them.
static gboolean
has_card (const MdIdentityProof *self, const MdRecord *root)
{
  return self->signature != NULL || self->certificate != NULL
         || md_record_get (root, "face") != NULL
         || md_record_is_object (md_record_get (root, "card"));
}

static gboolean
decode_waiver (MdIdentityProof *self, const MdRecord *root, GError **error)
{
  return (!has_card (self, root) && md_record_get (root, "documents") == NULL
          && md_record_get (root, "filer") == NULL
          && g_strcmp0 (get_string (root, "method"), MD_IDENTITY_METHOD_NONE) == 0
          && _md_waiver_from_json (self, md_record_get (root, "unidentified")))
         || refuse (error, "unidentified");
}

static gboolean
decode_papers (MdIdentityProof *self, const MdRecord *root, GError **error)
{
  if (has_card (self, root))
    return refuse (error, "documents");
  return _md_papers_from_json (self, get_string (root, "method"), md_record_get (root, "documents"))
         || refuse (error, "documents");
}

// Only that method has a face, and it must have one.
static gboolean
decode_face (MdIdentityProof *self, const MdRecord *root, GError **error)
{
  const MdRecord *face = md_record_get (root, "face");
  const char *method = get_string (root, "method");
  gboolean by_face = g_strcmp0 (method, MD_IDENTITY_METHOD_FACE) == 0;
  if (md_record_get (root, "unidentified") != NULL)
    return decode_waiver (self, root, error);
  if (md_record_is_object (md_record_get (root, "documents")))
    return decode_papers (self, root, error);
  self->by_signature = g_strcmp0 (method, MD_IDENTITY_METHOD_SIGN) == 0;
  if (!by_face && !self->by_signature && g_strcmp0 (method, MD_IDENTITY_METHOD_JPKI) != 0)
    return refuse (error, "method");
  if (self->by_signature)
    _md_identity_proof_take_signer (self, self->certificate);
  if (by_face != md_record_is_object (face))
    return refuse (error, "face");
  return !by_face || _md_identity_face_from_json (self, face) || refuse (error, "face");
}

static gboolean
decode_proof (MdIdentityProof *self, const MdRecord *root, GError **error)
{
  g_autoptr (GBytes) certificate = NULL;
  if (!get_bytes (root, "signature", &self->signature, error)
      || !get_bytes (root, "certificate", &certificate, error))
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
  return decode_face (self, root, error) && decode_revocation (self, root, error)
         && decode_card (self, root, error)
         && (_md_filer_decode (self, root) || refuse (error, "filer"));
}

MdIdentityProof *
md_identity_proof_decode (const guint8 *json, gsize length, GError **error)
{
  g_return_val_if_fail (json != NULL, NULL);
  g_autoptr (MdRecord) root = md_record_parse (json, length, MD_IDENTITY_EVIDENCE_MAX, NULL);
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
