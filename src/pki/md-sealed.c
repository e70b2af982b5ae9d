// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <openssl/err.h>
#include <openssl/objects.h>
#include <md-base.h>
#include "md-openssl-private.h"
#include "md-sealed-private.h"

#define GCM_NONCE_SIZE 12
#define GCM_TAG_SIZE 16

/* A walk over DER with sticky failure: once something does not fit, everything after fails too. */
typedef struct
{
  const unsigned char *at;
  const unsigned char *end;
  gboolean failed;
} Der;

static gboolean
der_peek (const Der *der, int wanted_class, int wanted_tag)
{
  const unsigned char *at = der->at;
  long size = 0;
  int tag = 0;
  int class = 0;

  if (der->failed || at >= der->end
      || (ASN1_get_object (&at, &size, &tag, &class, der->end - at) & 0x80) != 0)
    {
      ERR_clear_error ();
      return FALSE;
    }
  return tag == wanted_tag && class == wanted_class;
}

/* Moves over the next value and gives its contents; fails on another tag or an indefinite length.
 */
static Der
der_next (Der *der, int wanted_class, int wanted_tag)
{
  Der inside = { .failed = TRUE };
  long size = 0;
  int tag = 0;
  int class = 0;
  int flags;

  if (!der_peek (der, wanted_class, wanted_tag))
    {
      der->failed = TRUE;
      return inside;
    }
  flags = ASN1_get_object (&der->at, &size, &tag, &class, der->end - der->at);
  if ((flags & 0x81) != 0 || size < 0 || size > der->end - der->at)
    {
      der->failed = TRUE;
      return inside;
    }
  inside.at = der->at;
  inside.end = der->at + size;
  inside.failed = FALSE;
  der->at += size;
  return inside;
}

static gboolean
der_is_object (const Der *value, int nid)
{
  const ASN1_OBJECT *object = OBJ_nid2obj (nid);
  const gsize size = (gsize)(value->end - value->at);

  return !value->failed && size == OBJ_length (object)
         && memcmp (value->at, OBJ_get0_data (object), size) == 0;
}

static gboolean
der_is_small (const Der *integer, guint8 value)
{
  return !integer->failed && integer->end - integer->at == 1 && integer->at[0] == value;
}

static gboolean
is_our_cipher (Der *encrypted)
{
  Der type = der_next (encrypted, V_ASN1_UNIVERSAL, V_ASN1_OBJECT);
  Der algorithm;
  Der oid;
  Der parameters;
  Der nonce;
  Der tag_size;

  algorithm = der_next (encrypted, V_ASN1_UNIVERSAL, V_ASN1_SEQUENCE);
  oid = der_next (&algorithm, V_ASN1_UNIVERSAL, V_ASN1_OBJECT);
  parameters = der_next (&algorithm, V_ASN1_UNIVERSAL, V_ASN1_SEQUENCE);
  nonce = der_next (&parameters, V_ASN1_UNIVERSAL, V_ASN1_OCTET_STRING);
  tag_size = der_next (&parameters, V_ASN1_UNIVERSAL, V_ASN1_INTEGER);
  return der_is_object (&type, NID_pkcs7_data) && der_is_object (&oid, NID_aes_256_gcm)
         && !nonce.failed && nonce.end - nonce.at == GCM_NONCE_SIZE
         && der_is_small (&tag_size, GCM_TAG_SIZE);
}

static guint
count_recipients (Der *recipients)
{
  guint count = 0;

  while (!recipients->failed && recipients->at < recipients->end && count <= MD_PKI_MAX_RECIPIENTS)
    {
      if (der_peek (recipients, V_ASN1_CONTEXT_SPECIFIC, 1))
        der_next (recipients, V_ASN1_CONTEXT_SPECIFIC, 1);
      else
        der_next (recipients, V_ASN1_UNIVERSAL, V_ASN1_SEQUENCE);
      count++;
    }
  return recipients->failed ? 0 : count;
}

static gboolean
fail (GError **error, MdPkiError code, const char *message)
{
  g_set_error_literal (error, MD_PKI_ERROR, (int)code, message);
  return FALSE;
}

gboolean
md_sealed_check (GBytes *sealed, guint *out_recipients, GError **error)
{
  gsize size = 0;
  const unsigned char *data = g_bytes_get_data (sealed, &size);
  Der all = { .at = data, .end = data + size, .failed = size == 0 };
  Der outer;
  Der type;
  Der wrapper;
  Der body;
  Der version;
  Der recipients;
  Der encrypted;
  Der tag;
  guint count;
  gboolean cipher;

  if (size > MD_LIMIT_CMS)
    return fail (error, MD_PKI_ERROR_TOO_LARGE, "the sealed part is too large");
  outer = der_next (&all, V_ASN1_UNIVERSAL, V_ASN1_SEQUENCE);
  type = der_next (&outer, V_ASN1_UNIVERSAL, V_ASN1_OBJECT);
  wrapper = der_next (&outer, V_ASN1_CONTEXT_SPECIFIC, 0);
  body = der_next (&wrapper, V_ASN1_UNIVERSAL, V_ASN1_SEQUENCE);
  if (body.failed || all.at != all.end || outer.at != outer.end || wrapper.at != wrapper.end)
    return fail (error, MD_PKI_ERROR_MALFORMED, "the bytes are not a sealed part");
  if (!der_is_object (&type, NID_id_smime_ct_authEnvelopedData))
    return fail (error, MD_PKI_ERROR_UNSUPPORTED, "the part is not AuthEnvelopedData");

  version = der_next (&body, V_ASN1_UNIVERSAL, V_ASN1_INTEGER);
  recipients = der_next (&body, V_ASN1_UNIVERSAL, V_ASN1_SET);
  encrypted = der_next (&body, V_ASN1_UNIVERSAL, V_ASN1_SEQUENCE);
  cipher = is_our_cipher (&encrypted);
  der_next (&encrypted, V_ASN1_CONTEXT_SPECIFIC, 0);
  tag = der_next (&body, V_ASN1_UNIVERSAL, V_ASN1_OCTET_STRING);
  count = count_recipients (&recipients);
  if (body.failed || encrypted.failed || body.at != body.end || encrypted.at != encrypted.end
      || count == 0 || !der_is_small (&version, 0))
    return fail (error, MD_PKI_ERROR_MALFORMED, "the bytes are not a sealed part of ours");
  if (count > MD_PKI_MAX_RECIPIENTS)
    return fail (error, MD_PKI_ERROR_TOO_LARGE, "the sealed part names too many recipients");
  if (!cipher || tag.end - tag.at != GCM_TAG_SIZE)
    return fail (error, MD_PKI_ERROR_UNSUPPORTED, "the part is not sealed with AES-256-GCM");
  if (out_recipients != NULL)
    *out_recipients = count;
  return TRUE;
}
