// SPDX-License-Identifier: Apache-2.0
#include <string.h>
#include <openssl/evp.h>

#include "md-audit-record.h"
#include "md-base.h"

#define MAX_RECORD (256u * 1024u)

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

GBytes *
md_audit_record_encode (const MdAuditRecord *record)
{
  g_autoptr (MdWriter) writer = md_writer_new (MAX_RECORD);
  const char *columns[] = {
    record->time,       record->staff,
    record->staff_name, record->department,
    record->office,     record->terminal,
    record->event,      md_audit_outcome_to_string (record->outcome),
    record->reason,     record->reason_text,
    record->subject,    record->object,
    record->digest,     record->detail,
    record->peer_time,
  };

  md_writer_bytes (writer, domain, sizeof domain);
  md_writer_u64be (writer, record->sequence);
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    md_writer_prefixed_text (writer, columns[i]);
  md_writer_bytes (writer, record->previous, sizeof record->previous);
  return md_writer_finish (writer, NULL);
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

void
md_audit_record_hash (const MdAuditRecord *record, guint8 out_hash[32])
{
  g_autoptr (GBytes) bytes = md_audit_record_encode (record);
  gsize size = 0;
  const void *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;

  /* A record that cannot be encoded (beyond the limit) or hashed fits no stored hash. */
  memset (out_hash, 0, 32);
  if (data != NULL && EVP_Digest (data, size, out_hash, NULL, sha256 (), NULL) != 1)
    memset (out_hash, 0, 32);
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
