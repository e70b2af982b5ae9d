// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <md-base.h>
#include <string.h>
#include "md-receipt.h"
#include "md-seal-json-private.h"

G_DEFINE_BOXED_TYPE (MdReceipt, md_receipt, md_receipt_copy, md_receipt_free)

static const struct
{
  gsize offset;
  const char *name;
  MdSealText kind;
} texts[] = {
  { G_STRUCT_OFFSET (MdReceipt, id), "id", MD_SEAL_TEXT_UUID7 },
  { G_STRUCT_OFFSET (MdReceipt, item), "item", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdReceipt, sha256), "digest", MD_SEAL_TEXT_SHA256 },
  { G_STRUCT_OFFSET (MdReceipt, time), "time", MD_SEAL_TEXT_TIME },
  { G_STRUCT_OFFSET (MdReceipt, terminal), "terminal", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdReceipt, office), "office", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdReceipt, nonce), "nonce", MD_SEAL_TEXT_EMPTY },
};

static char **
text_at (const MdReceipt *self, gsize index)
{
  return (char **)((guintptr)self + texts[index].offset);
}

MdReceipt *
md_receipt_new (void)
{
  return g_new0 (MdReceipt, 1);
}

MdReceipt *
md_receipt_copy (const MdReceipt *self)
{
  MdReceipt *copy = md_receipt_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    *text_at (copy, i) = g_strdup (*text_at (self, i));
  copy->sequence = self->sequence;
  return copy;
}

void
md_receipt_free (MdReceipt *self)
{
  if (self == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (*text_at (self, i));
  g_free (self);
}

static GBytes *
encode (const MdReceipt *self, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (!md_seal_text_fits (*text_at (self, i), texts[i].kind))
      {
        g_set_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED,
                     "\"%s\" is missing or impossible in the receipt", texts[i].name);
        return NULL;
      }
  json_builder_begin_object (builder);
  md_seal_json_add (builder, "schema", MD_RECEIPT_SCHEMA);
  md_seal_json_add (builder, "id", self->id);
  md_seal_json_add (builder, "item", self->item);
  md_seal_json_add (builder, "digest", self->sha256);
  md_seal_json_add_int (builder, "sequence", (gint64)self->sequence);
  md_seal_json_add (builder, "time", self->time);
  md_seal_json_add (builder, "terminal", self->terminal);
  md_seal_json_add (builder, "office", self->office);
  md_seal_json_add (builder, "nonce", self->nonce);
  json_builder_end_object (builder);
  return md_seal_json_write (builder);
}

GBytes *
md_receipt_sign (const MdReceipt *self, MdKey *key, const MdCertificate *certificate,
                 gint64 signing_time, GError **error)
{
  g_autoptr (GBytes) json = NULL;

  if (self->sequence < 1 || self->sequence > G_MAXINT64)
    {
      g_set_error_literal (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED,
                           "the receipt has no sequence number");
      return NULL;
    }
  json = encode (self, error);
  return json != NULL ? md_cms_sign_attached (json, key, certificate, NULL, signing_time, error)
                      : NULL;
}

static MdReceipt *
parse (GBytes *bytes, GError **error)
{
  g_autoptr (MdReceipt) self = md_receipt_new ();
  g_autoptr (JsonNode) root = md_seal_json_parse (bytes, error);
  g_autoptr (GBytes) again = NULL;
  MdSealJson json;

  if (root == NULL)
    return NULL;
  md_seal_json_open (&json, json_node_get_object (root));
  (void)md_seal_json_is (&json, "schema", MD_RECEIPT_SCHEMA);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    *text_at (self, i) = md_seal_json_text (&json, texts[i].name, texts[i].kind);
  self->sequence = (guint64)md_seal_json_int (&json, "sequence", 1, G_MAXINT64);
  if (!md_seal_json_finish (&json, error))
    return NULL;
  again = encode (self, error);
  if (again == NULL || !md_seal_json_matches (bytes, again, error))
    return NULL;
  return g_steal_pointer (&self);
}

static gboolean
is_expected (const MdReceipt *self, const MdReceipt *expected, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const char *wanted = *text_at (expected, i);

      if (wanted == NULL || texts[i].kind == MD_SEAL_TEXT_TIME
          || strcmp (wanted, *text_at (self, i)) == 0)
        continue;
      g_set_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MISMATCH,
                   "the receipt is for another item: its \"%s\" differs", texts[i].name);
      return FALSE;
    }
  return TRUE;
}

MdReceipt *
md_receipt_verify (GBytes *signed_receipt, const MdReceipt *expected, const MdTrust *receipt_trust,
                   gint64 time, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GBytes) json = NULL;
  g_autoptr (MdReceipt) self = NULL;
  g_autoptr (MdVerdict) verdict = NULL;
  g_autoptr (MdCmsSigner) signer = NULL;

  if (g_bytes_get_size (signed_receipt) <= MD_LIMIT_RECEIPT)
    signer = md_cms_verify_attached (signed_receipt, &json, &cause);
  if (signer == NULL)
    {
      g_set_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_SIGNATURE, "receipt: %s",
                   cause != NULL ? cause->message : "too large");
      return NULL;
    }
  verdict = md_trust_check (receipt_trust, md_cms_signer_get_certificate (signer),
                            md_cms_signer_get_chain (signer), time);
  if (md_verdict_get_status (verdict) != MD_VERDICT_VALID)
    {
      g_set_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_UNTRUSTED,
                   "the receipt's signer is not accepted: %s", md_verdict_get_detail (verdict));
      return NULL;
    }
  self = parse (json, error);
  if (self == NULL || !is_expected (self, expected, error))
    return NULL;
  return g_steal_pointer (&self);
}
