// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_SEAL_INSIDE) && !defined(MD_SEAL_COMPILATION)
#error "Include <md-seal.h>"
#endif

#include "md-seal-types.h"
#include <md-pki.h>

G_BEGIN_DECLS

#define MD_TYPE_RECEIPT (md_receipt_get_type ())
#define MD_RECEIPT_SCHEMA "madoguchi-receipt/1"

/**
 * MdReceipt: a plain record; strings are owned.
 * @id: intake id; @item: "intake" or "decision/N"; @sha256: of the body that was PUT, lower-case
 * hexadecimal;
 * @sequence: the gateway's running number, from 1; @time: when it was stored, RFC 3339
 * @nonce: of an intake, what the gateway found of its nonce (MdNonceVerdict of protocol): "fresh",
 * "stale", "unproven", "absent"; of a decision ""
 */
struct _MdReceipt
{
  char *id;
  char *item;
  char *sha256;
  guint64 sequence;
  char *time;
  char *terminal;
  char *office;
  char *nonce;
};

GType md_receipt_get_type (void);
MdReceipt *md_receipt_new (void) G_GNUC_WARN_UNUSED_RESULT;
MdReceipt *md_receipt_copy (const MdReceipt *self) G_GNUC_WARN_UNUSED_RESULT;
void md_receipt_free (MdReceipt *self);

/** CMS SignedData in DER with the JSON inside. (transfer full) */
GBytes *md_receipt_sign (const MdReceipt *self, MdKey *key, const MdCertificate *certificate,
                         gint64 signing_time, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * Verifies a receipt: signature, path to @receipt_trust at @time, and that it is for this very
 * item: @expected id, item, sha256, terminal and office (NULL fields and sequence, time are not
 * compared). Only then may anything be erased. MALFORMED, SIGNATURE, UNTRUSTED, MISMATCH. (transfer
 * full)
 */
MdReceipt *md_receipt_verify (GBytes *signed_receipt, const MdReceipt *expected,
                              const MdTrust *receipt_trust, gint64 time,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdReceipt, md_receipt_free)

G_END_DECLS
