// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PROTOCOL_INSIDE) && !defined(MD_PROTOCOL_COMPILATION)
#error "Only <md-protocol.h> can be included directly."
#endif

#include <glib.h>

G_BEGIN_DECLS

#define MD_RECEIPT_SCHEMA "madoguchi-receipt/1"

/* What a receipt says: the content of the CMS SignedData that answers an accepted PUT. */
typedef struct
{
  char *intake;     /* "id" on the wire */
  guint n;          /* 1: the intake; 2..: that decision ("item" on the wire) */
  char *digest;     /* SHA-256 of the PUT's body, lower-case hex */
  guint64 sequence; /* the gateway's, over all items, from 1, without a gap */
  char *time;       /* when the gateway stored it, RFC 3339 UTC with milliseconds */
  char *terminal;
  char *office;
} MdReceipt;

MdReceipt *md_receipt_new (void) G_GNUC_WARN_UNUSED_RESULT;
void md_receipt_free (MdReceipt *receipt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdReceipt, md_receipt_free)

/* The JSON to be signed. Returns: (transfer full). */
GBytes *md_receipt_encode (const MdReceipt *receipt) G_GNUC_WARN_UNUSED_RESULT;

/* The reverse, strict. The signature around it is the caller's to check first. Errors:
 * MD_PROTOCOL_ERROR. Returns: (transfer full). */
MdReceipt *md_receipt_decode (GBytes *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum
{
  MD_RECEIPT_MATCH,
  MD_RECEIPT_OTHER_INTAKE,
  MD_RECEIPT_OTHER_ITEM,
  MD_RECEIPT_OTHER_DIGEST,
  MD_RECEIPT_OTHER_TERMINAL,
} MdReceiptMatch;

/* Whether @receipt is for exactly the thing that was sent: the intake, the item, the SHA-256 (hex)
 * of its bytes, from this terminal of this office. Any thread. */
MdReceiptMatch md_receipt_match (const MdReceipt *receipt,
                                 const MdReceipt *sent) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
