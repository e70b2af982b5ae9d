// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_AUDIT_COMPILATION
#error "Private to this module."
#endif

#include <openssl/evp.h>

#include "md-audit-record.h"

G_BEGIN_DECLS

/* The columns of a record between its number and the hash before it, in their order. */
#define MD_AUDIT_TEXTS 15
#define MD_AUDIT_OUTCOME 7 /* among them */

typedef struct
{
  const void *data; /* NULL where there is nothing */
  gsize size;
} MdAuditText;

/* A record wherever it lies; everything is borrowed. */
typedef struct
{
  guint64 sequence;
  MdAuditText texts[MD_AUDIT_TEXTS];
  const guint8 *previous; /* 32 bytes */
} MdAuditColumns;

/* SHA-256 of its canonical bytes, with CONTEXT for what is between; as md_audit_record_hash(). */
void _md_audit_columns_hash (const MdAuditColumns *columns, EVP_MD_CTX *context,
                             guint8 out_hash[32]);

G_END_DECLS
