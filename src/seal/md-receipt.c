// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <md-base.h>
#include <string.h>
#include "md-receipt.h"
#include "md-seal-record-private.h"

G_DEFINE_BOXED_TYPE (MdReceipt, md_receipt, md_receipt_copy, md_receipt_free)

static const MdSealTextRow rows[] = {
  { G_STRUCT_OFFSET (MdReceipt, id), "id", MD_SEAL_TEXT_UUID7 },
  { G_STRUCT_OFFSET (MdReceipt, item), "item", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdReceipt, sha256), "digest", MD_SEAL_TEXT_SHA256 },
  { G_STRUCT_OFFSET (MdReceipt, time), "time", MD_SEAL_TEXT_TIME },
  { G_STRUCT_OFFSET (MdReceipt, terminal), "terminal", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdReceipt, office), "office", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdReceipt, nonce), "nonce", MD_SEAL_TEXT_EMPTY },
};

static const MdSealTexts texts = MD_SEAL_TEXTS (rows);

MdReceipt *
md_receipt_new (void)
{
  return g_new0 (MdReceipt, 1);
}

MdReceipt *
md_receipt_copy (const MdReceipt *self)
{
  MdReceipt *copy = md_receipt_new ();

  md_seal_texts_copy (&texts, self, copy);
  copy->sequence = self->sequence;
  return copy;
}

void
md_receipt_free (MdReceipt *self)
{
  if (self == NULL)
    return;
  md_seal_texts_clear (&texts, self);
  g_free (self);
}

static gboolean
check (gconstpointer record, GError **error)
{
  return md_seal_nothing_wrong (md_seal_texts_find_wrong (&texts, record), "receipt", error);
}

static void
write_members (gconstpointer record, JsonBuilder *builder)
{
  const MdReceipt *self = record;

  md_seal_json_add (builder, "id", self->id);
  md_seal_json_add (builder, "item", self->item);
  md_seal_json_add (builder, "digest", self->sha256);
  md_seal_json_add_int (builder, "sequence", (gint64)self->sequence);
  md_seal_json_add (builder, "time", self->time);
  md_seal_json_add (builder, "terminal", self->terminal);
  md_seal_json_add (builder, "office", self->office);
  md_seal_json_add (builder, "nonce", self->nonce);
}

static void
read_members (gpointer record, MdSealJson *json)
{
  MdReceipt *self = record;

  md_seal_texts_read (&texts, self, json);
  self->sequence = (guint64)md_seal_json_int (json, "sequence", 1, G_MAXINT64);
}

static const MdSealEntry entry = { MD_RECEIPT_SCHEMA, check, write_members, read_members };

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
  json = md_seal_entry_encode (&entry, self, error);
  return json != NULL ? md_cms_sign_attached (json, key, certificate, NULL, signing_time, error)
                      : NULL;
}

static gboolean
is_expected (const MdReceipt *self, const MdReceipt *expected, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const char *wanted = *md_seal_text_at (&rows[i], expected);

      if (wanted == NULL || rows[i].kind == MD_SEAL_TEXT_TIME
          || strcmp (wanted, *md_seal_text_at (&rows[i], self)) == 0)
        continue;
      g_set_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MISMATCH,
                   "the receipt is for another item: its \"%s\" differs", rows[i].name);
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
  self = md_receipt_new ();
  if (!md_seal_entry_parse (&entry, json, self, error) || !is_expected (self, expected, error))
    return NULL;
  return g_steal_pointer (&self);
}
