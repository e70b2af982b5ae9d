// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "md-audit-private.h"
#include "md-base.h"

#define MAX_RECORD (256u * 1024u)
#define HASH_SIZE 32

/* The zero byte at its end belongs to the prefix. */
static const char domain[] = "madoguchi audit record v1";

static const char *const outcomes[] = { "done", "refused", "failed" };

const char *
md_audit_outcome_to_string (MdAuditOutcome outcome)
{
  return outcomes[outcome];
}

gboolean
md_audit_outcome_from_string (const char *text, MdAuditOutcome *out_outcome)
{
  const int row = MD_TABLE_ROW (outcomes, text);

  if (row >= 0)
    *out_outcome = (MdAuditOutcome)row;
  return row >= 0;
}

MdAuditRecord *
md_audit_record_new (void)
{
  return g_new0 (MdAuditRecord, 1);
}

void
md_audit_record_free (MdAuditRecord *record)
{
  if (record == NULL)
    return;
  g_free (record->time);
  g_free (record->staff);
  g_free (record->staff_name);
  g_free (record->department);
  g_free (record->office);
  g_free (record->terminal);
  g_free (record->event);
  g_free (record->reason);
  g_free (record->reason_text);
  g_free (record->subject);
  g_free (record->object);
  g_free (record->digest);
  g_free (record->detail);
  g_free (record->peer_time);
  g_free (record);
}

static void
columns_of (const MdAuditRecord *record, MdAuditColumns *out_columns)
{
  const char *const texts[MD_AUDIT_TEXTS] = {
    record->time,       record->staff,
    record->staff_name, record->department,
    record->office,     record->terminal,
    record->event,      md_audit_outcome_to_string (record->outcome),
    record->reason,     record->reason_text,
    record->subject,    record->object,
    record->digest,     record->detail,
    record->peer_time,
  };

  out_columns->sequence = record->sequence;
  out_columns->previous = record->previous;
  for (gsize i = 0; i < MD_AUDIT_TEXTS; i++)
    {
      out_columns->texts[i].data = texts[i];
      out_columns->texts[i].size = texts[i] != NULL ? strlen (texts[i]) : 0;
    }
}

/* Where the canonical bytes go, piece by piece: FALSE where no more are taken. */
typedef gboolean (*TakeFunc) (gpointer to, const void *data, gsize size);

static gboolean
hand_over (const MdAuditColumns *columns, TakeFunc take, gpointer to)
{
  const guint64 sequence = GUINT64_TO_BE (columns->sequence);
  gsize total = sizeof domain + sizeof sequence + HASH_SIZE;
  gboolean taken = take (to, domain, sizeof domain) && take (to, &sequence, sizeof sequence);

  for (gsize i = 0; taken && i < MD_AUDIT_TEXTS; i++)
    {
      const MdAuditText *text = &columns->texts[i];
      const guint32 length = GUINT32_TO_BE ((guint32)MIN (text->size, MAX_RECORD));

      total += sizeof length + text->size;
      taken = total <= MAX_RECORD && take (to, &length, sizeof length)
              && (text->size == 0 || take (to, text->data, text->size));
    }
  return taken && take (to, columns->previous, HASH_SIZE);
}

static gboolean
take_bytes (gpointer to, const void *data, gsize size)
{
  md_writer_bytes (to, data, size);
  return TRUE;
}

GBytes *
md_audit_record_encode (const MdAuditRecord *record)
{
  g_autoptr (MdWriter) writer = md_writer_new (MAX_RECORD);
  MdAuditColumns columns;

  columns_of (record, &columns);
  return hand_over (&columns, take_bytes, writer) ? md_writer_finish (writer, NULL) : NULL;
}

/* Fetched once for the life of the process: fetching for each record makes the chain nearly twice
 * as slow. */
static const EVP_MD *
sha256 (void)
{
  static EVP_MD *algorithm;
  static gsize once;

  if (g_once_init_enter (&once))
    {
      algorithm = EVP_MD_fetch (NULL, "SHA256", NULL);
      g_once_init_leave (&once, 1);
    }
  return algorithm;
}

/* Most records fit into it: one call of libcrypto is cheaper than one for each column. */
typedef struct
{
  EVP_MD_CTX *context;
  guint8 data[1024];
  gsize size;
} Gathered;

static gboolean
flush (Gathered *gathered)
{
  const gsize size = gathered->size;

  gathered->size = 0;
  return EVP_DigestUpdate (gathered->context, gathered->data, size) == 1;
}

static gboolean
take_digest (gpointer to, const void *data, gsize size)
{
  Gathered *gathered = to;

  if (size > sizeof gathered->data - gathered->size && !flush (gathered))
    return FALSE;
  if (size > sizeof gathered->data)
    return EVP_DigestUpdate (gathered->context, data, size) == 1;
  memcpy (gathered->data + gathered->size, data, size);
  gathered->size += size;
  return TRUE;
}

void
_md_audit_columns_hash (const MdAuditColumns *columns, EVP_MD_CTX *context, guint8 out_hash[32])
{
  Gathered gathered;

  gathered.context = context;
  gathered.size = 0;
  /* A record that cannot be encoded (beyond the limit) or hashed fits no stored hash. */
  if (EVP_DigestInit_ex2 (context, sha256 (), NULL) != 1
      || !hand_over (columns, take_digest, &gathered) || !flush (&gathered)
      || EVP_DigestFinal_ex (context, out_hash, NULL) != 1)
    memset (out_hash, 0, HASH_SIZE);
}

void
md_audit_record_hash (const MdAuditRecord *record, guint8 out_hash[32])
{
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  MdAuditColumns columns;

  columns_of (record, &columns);
  _md_audit_columns_hash (&columns, context, out_hash);
  EVP_MD_CTX_free (context);
}

char *
md_audit_digest (GBytes *bytes)
{
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);
  guint8 hash[EVP_MAX_MD_SIZE];

  /* It fails only where libcrypto itself is broken; then nothing may be stored. */
  g_assert_cmpint (EVP_Digest (data, size, hash, NULL, sha256 (), NULL), ==, 1);
  return md_hex_encode (hash, 32);
}
