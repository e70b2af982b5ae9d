// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-ledger-private.h"

#include <string.h>

/* Containers that come in chunks, until they are whole: then they are put as any other, and what
 * lies here goes in the same transaction. Whatever decides is read inside the transaction that
 * writes: two gateways on one store see one upload. */

/* Taking a container together is work, and it is asked for by a request without a body. */
#define TRY_AGAIN_US (2 * G_TIME_SPAN_SECOND)

typedef struct
{
  gint64 number; /* 0: there is none */
  guint64 size;
  guint64 stands;
  gint64 tried; /* when somebody last wanted it whole */
} Row;

#define OWN " WHERE office = ?1 AND terminal = ?2 AND intake = ?3 AND digest = ?4"

static void
bind_names (MdDbStatement *statement, const MdLedgerUpload *upload)
{
  md_db_bind_text (statement, 1, upload->office);
  md_db_bind_text (statement, 2, upload->terminal);
  md_db_bind_text (statement, 3, upload->intake);
  md_db_bind_text (statement, 4, upload->digest);
}

static gboolean
find (MdDb *db, const MdLedgerUpload *upload, Row *out_row, GError **error)
{
  g_autoptr (MdDbStatement) query
      = md_db_prepare (db, "SELECT number, size, stands, tried FROM ledger_uploads" OWN, error);
  MdDbStep step = MD_DB_STEP_ERROR;

  *out_row = (Row){ 0 };
  if (query == NULL)
    return FALSE;
  bind_names (query, upload);
  step = md_db_step (query, error);
  if (step == MD_DB_STEP_ROW)
    *out_row = (Row){ .number = md_db_column_int (query, 0),
                      .size = (guint64)md_db_column_int (query, 1),
                      .stands = (guint64)md_db_column_int (query, 2),
                      .tried = md_db_column_int (query, 3) };
  return step != MD_DB_STEP_ERROR;
}

/* --- The first chunk --- */

/* Counted is what they will be when they are whole: what was begun has room to its end. */
static gboolean
has_room (MdDb *db, const MdLedgerUpload *upload, gboolean *out_room, GError **error)
{
  g_autoptr (MdDbStatement) query = md_db_prepare (
      db,
      "SELECT count (*), CAST (coalesce (sum (size), 0) AS BIGINT) FROM ledger_uploads"
      " WHERE office = ?1 AND terminal = ?2",
      error);

  if (query == NULL)
    return FALSE;
  md_db_bind_text (query, 1, upload->office);
  md_db_bind_text (query, 2, upload->terminal);
  if (md_db_step (query, error) != MD_DB_STEP_ROW)
    return FALSE;
  *out_room = (guint64)md_db_column_int (query, 0) < upload->most
              && (guint64)md_db_column_int (query, 1) + upload->size <= upload->most_bytes;
  return TRUE;
}

static gboolean
begin (MdDb *db, const MdLedgerUpload *upload, Row *row, GError **error)
{
  g_autoptr (MdDbStatement) insert = NULL;
  gint64 last = 0;

  if (!md_db_get_int (db, "SELECT coalesce (max (number), 0) FROM ledger_uploads", &last, error))
    return FALSE;
  insert
      = md_db_prepare (db,
                       "INSERT INTO ledger_uploads (office, terminal, intake, digest, number,"
                       " size, stands, touched, tried) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, 0)",
                       error);
  if (insert == NULL)
    return FALSE;
  *row = (Row){ .number = last + 1, .size = upload->size };
  bind_names (insert, upload);
  md_db_bind_int (insert, 5, row->number);
  md_db_bind_int (insert, 6, (gint64)row->size);
  md_db_bind_int (insert, 7, upload->now);
  return md_db_run (insert, error);
}

/* --- Every chunk --- */

static gboolean
append (MdDb *db, const Row *row, GBytes *body, gint64 now, GError **error)
{
  const gint64 size = (gint64)g_bytes_get_size (body);
  g_autoptr (MdDbStatement) insert = md_db_prepare (
      db, "INSERT INTO ledger_chunks (upload, first, body) VALUES (?1, ?2, ?3)", error);
  g_autoptr (MdDbStatement) update = md_db_prepare (
      db, "UPDATE ledger_uploads SET stands = stands + ?2, touched = ?3 WHERE number = ?1", error);

  if (insert == NULL || update == NULL)
    return FALSE;
  md_db_bind_int (insert, 1, row->number);
  md_db_bind_int (insert, 2, (gint64)row->stands);
  md_db_bind_bytes (insert, 3, body);
  md_db_bind_int (update, 1, row->number);
  md_db_bind_int (update, 2, size);
  md_db_bind_int (update, 3, now);
  return md_db_run (insert, error) && md_db_run (update, error);
}

/* Small pieces alone could make rows without end, so that only the last one may be small. */
static gboolean
fits (const Row *row, const MdLedgerUpload *upload, guint64 offset, guint64 size)
{
  return upload->size == row->size && size > 0 && size <= row->size && offset <= row->size - size
         && (size >= upload->least || offset + size == row->size);
}

static MdLedgerChunk
judge (const Row *row, const MdLedgerUpload *upload, guint64 offset, guint64 size)
{
  if (!fits (row, upload, offset, size))
    return MD_LEDGER_CHUNK_MISFIT;
  if (offset == row->stands)
    return MD_LEDGER_CHUNK_ADDED;
  return offset + size <= row->stands ? MD_LEDGER_CHUNK_AGAIN : MD_LEDGER_CHUNK_ELSEWHERE;
}

static MdLedgerChunk
add_chunk (MdLedger *ledger, const MdLedgerUpload *upload, guint64 offset, GBytes *body,
           guint64 *out_stands, GError **error)
{
  MdDb *db = _md_ledger_db_get_writable (ledger, NULL, error);
  g_autoptr (MdDbTransaction) transaction = db != NULL ? md_db_begin (db, error) : NULL;
  const guint64 size = g_bytes_get_size (body);
  MdLedgerChunk chunk = MD_LEDGER_CHUNK_FAILED;
  gboolean room = TRUE;
  Row row;

  if (transaction == NULL || !find (db, upload, &row, error))
    return MD_LEDGER_CHUNK_FAILED;
  if (row.number == 0)
    row.size = upload->size;
  chunk = judge (&row, upload, offset, size);
  *out_stands = row.stands;
  if (chunk != MD_LEDGER_CHUNK_ADDED)
    return chunk;
  if (row.number == 0)
    {
      if (!has_room (db, upload, &room, error))
        return MD_LEDGER_CHUNK_FAILED;
      if (!room)
        return MD_LEDGER_CHUNK_FULL;
      if (!begin (db, upload, &row, error))
        return MD_LEDGER_CHUNK_FAILED;
    }
  if (!append (db, &row, body, upload->now, error)
      || !md_db_commit (g_steal_pointer (&transaction), error))
    return MD_LEDGER_CHUNK_FAILED;
  *out_stands = row.stands + size;
  return MD_LEDGER_CHUNK_ADDED;
}

static gboolean
look_up_upload (MdLedger *ledger, const MdLedgerUpload *upload, guint64 *out_size,
                guint64 *out_stands, GError **error)
{
  MdDb *db = _md_ledger_db_get_writable (ledger, NULL, error);
  Row row;

  if (db == NULL || !find (db, upload, &row, error))
    return FALSE;
  *out_size = row.size;
  *out_stands = row.stands;
  return TRUE;
}

/* --- The whole --- */

/* Its chunks one after the other, if they are @row->size bytes without a gap; else NULL, without
 * an error. */
static gboolean
read_chunks (MdDb *db, const Row *row, GBytes **out_body, GError **error)
{
  g_autoptr (MdDbStatement) query = md_db_prepare (
      db, "SELECT first, body FROM ledger_chunks WHERE upload = ?1 ORDER BY first", error);
  g_autoptr (GByteArray) whole = g_byte_array_sized_new ((guint)row->size);
  gboolean gap = FALSE;
  MdDbStep step = MD_DB_STEP_ERROR;

  *out_body = NULL;
  if (query == NULL)
    return FALSE;
  md_db_bind_int (query, 1, row->number);
  while ((step = md_db_step (query, error)) == MD_DB_STEP_ROW && !gap)
    {
      g_autoptr (GBytes) chunk = md_db_column_bytes (query, 1);
      const gsize size = chunk != NULL ? g_bytes_get_size (chunk) : 0;

      gap = size == 0 || md_db_column_int (query, 0) != (gint64)whole->len
            || whole->len + size > row->size;
      if (!gap)
        g_byte_array_append (whole, g_bytes_get_data (chunk, NULL), (guint)size);
    }
  if (step == MD_DB_STEP_ERROR)
    return FALSE;
  if (!gap && whole->len == row->size)
    *out_body = g_byte_array_free_to_bytes (g_steal_pointer (&whole));
  return TRUE;
}

static gboolean
erase (MdDb *db, gint64 number, GError **error)
{
  g_autoptr (MdDbStatement) chunks
      = md_db_prepare (db, "DELETE FROM ledger_chunks WHERE upload = ?1", error);
  g_autoptr (MdDbStatement) row
      = md_db_prepare (db, "DELETE FROM ledger_uploads WHERE number = ?1", error);

  if (chunks == NULL || row == NULL)
    return FALSE;
  md_db_bind_int (chunks, 1, number);
  md_db_bind_int (row, 1, number);
  return md_db_run (chunks, error) && md_db_run (row, error);
}

static gboolean
note_try (MdDb *db, const Row *row, gint64 now, GError **error)
{
  g_autoptr (MdDbStatement) update
      = md_db_prepare (db, "UPDATE ledger_uploads SET tried = ?2 WHERE number = ?1", error);

  if (update == NULL)
    return FALSE;
  md_db_bind_int (update, 1, row->number);
  md_db_bind_int (update, 2, now);
  return md_db_run (update, error);
}

/* What was asked for a moment ago is not asked again; a clock that was set back stops nobody. */
static gboolean
was_just_tried (const Row *row, gint64 now)
{
  return row->tried > 0 && now >= row->tried && now - row->tried < TRY_AGAIN_US;
}

static MdLedgerWhole
join_chunks (MdLedger *ledger, const MdLedgerUpload *upload, GBytes **out_body, GError **error)
{
  MdDb *db = _md_ledger_db_get_writable (ledger, NULL, error);
  g_autoptr (MdDbTransaction) transaction = db != NULL ? md_db_begin (db, error) : NULL;
  g_autoptr (GBytes) body = NULL;
  g_autofree char *digest = NULL;
  gboolean good = FALSE;
  Row row;

  if (transaction == NULL || !find (db, upload, &row, error))
    return MD_LEDGER_WHOLE_FAILED;
  if (row.number == 0 || row.stands < row.size)
    return MD_LEDGER_WHOLE_NOT_YET;
  if (was_just_tried (&row, upload->now))
    return MD_LEDGER_WHOLE_TOO_OFTEN;
  if (!read_chunks (db, &row, &body, error))
    return MD_LEDGER_WHOLE_FAILED;
  if (body != NULL)
    digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, body);
  good = g_strcmp0 (digest, upload->digest) == 0;
  if (!(good ? note_try (db, &row, upload->now, error) : erase (db, row.number, error))
      || !md_db_commit (g_steal_pointer (&transaction), error))
    return MD_LEDGER_WHOLE_FAILED;
  if (good)
    *out_body = g_steal_pointer (&body);
  return good ? MD_LEDGER_WHOLE_GOOD : MD_LEDGER_WHOLE_DAMAGED;
}

/* --- The end of uploads --- */

typedef struct
{
  gint64 number;
  char *terminal, *intake, *digest;
} Old;

static void
old_free (gpointer data)
{
  Old *old = data;

  g_free (old->terminal);
  g_free (old->intake);
  g_free (old->digest);
  g_free (old);
}

static gpointer
read_old (MdDbStatement *row)
{
  Old *old = g_new0 (Old, 1);

  old->number = md_db_column_int (row, 0);
  old->terminal = md_db_column_dup (row, 1);
  old->intake = md_db_column_dup (row, 2);
  old->digest = md_db_column_dup (row, 3);
  return old;
}

static GPtrArray *
list_old (MdDb *db, gint64 before, GError **error)
{
  g_autoptr (MdDbStatement) query = md_db_prepare (
      db, "SELECT number, terminal, intake, digest FROM ledger_uploads WHERE touched < ?1", error);

  if (query == NULL)
    return NULL;
  md_db_bind_int (query, 1, before);
  return md_db_collect (query, read_old, old_free, error);
}

static gboolean
record_erased (MdAudit *audit, const Old *old, GError **error)
{
  g_autofree char *detail = g_strdup_printf ("terminal=%s what=unfinished-upload", old->terminal);
  const MdAuditEntry entry = { .event = "erase",
                               .outcome = MD_AUDIT_DONE,
                               .object = old->intake,
                               .digest = old->digest,
                               .detail = detail };

  return md_audit_append (audit, &entry, error);
}

static gboolean
sweep_uploads (MdLedger *ledger, gint64 before, guint *out_erased, GError **error)
{
  MdAudit *audit = NULL;
  MdDb *db = _md_ledger_db_get_writable (ledger, &audit, error);
  /* Looked for first, because mostly there is nothing to write. */
  g_autoptr (GPtrArray) found = db != NULL ? list_old (db, before, error) : NULL;
  g_autoptr (GPtrArray) olds = NULL;
  g_autoptr (MdDbTransaction) transaction = NULL;

  *out_erased = 0;
  if (found == NULL || found->len == 0)
    return found != NULL;
  transaction = md_db_begin (db, error);
  if (transaction == NULL || (olds = list_old (db, before, error)) == NULL)
    return FALSE;
  for (guint i = 0; i < olds->len; i++)
    {
      const Old *old = olds->pdata[i];

      if (!erase (db, old->number, error) || !record_erased (audit, old, error))
        return FALSE;
    }
  *out_erased = olds->len;
  return md_db_commit (g_steal_pointer (&transaction), error);
}

static gboolean
drop_upload (MdLedger *ledger, const MdLedgerUpload *upload, GError **error)
{
  MdDb *db = _md_ledger_db_get_writable (ledger, NULL, error);
  g_autoptr (MdDbTransaction) transaction = db != NULL ? md_db_begin (db, error) : NULL;
  Row row;

  return transaction != NULL && find (db, upload, &row, error)
         && (row.number == 0
             || (erase (db, row.number, error)
                 && md_db_commit (g_steal_pointer (&transaction), error)));
}

static gboolean
run_for (MdDb *db, const char *sql, const MdLedgerEntry *entry, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (db, sql, error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 1, entry->office);
  md_db_bind_text (statement, 2, entry->terminal);
  md_db_bind_text (statement, 3, entry->intake);
  return md_db_run (statement, error);
}

gboolean
_md_ledger_db_end_uploads (MdDb *db, const MdLedgerEntry *entry, GError **error)
{
  return entry->n != 1
         || (run_for (db,
                      "DELETE FROM ledger_chunks WHERE upload IN (SELECT number FROM ledger_uploads"
                      " WHERE office = ?1 AND terminal = ?2 AND intake = ?3)",
                      entry, error)
             && run_for (db,
                         "DELETE FROM ledger_uploads"
                         " WHERE office = ?1 AND terminal = ?2 AND intake = ?3",
                         entry, error));
}

void
_md_ledger_db_offer_uploads (MdLedgerInterface *iface)
{
  iface->add_chunk = add_chunk;
  iface->look_up_upload = look_up_upload;
  iface->join_chunks = join_chunks;
  iface->drop_upload = drop_upload;
  iface->sweep_uploads = sweep_uploads;
}
