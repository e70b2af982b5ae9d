// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-ledger-private.h"

#include <string.h>

/* Receipt numbers: which block is whose, which number arrived with which intake, and what was seen
 * of each terminal. Everything is read inside the transaction that writes, and no other writes
 * while one is open: no two gateways give one number. */

/* No terminal gets more blocks within an hour, or as many numbers, whatever it asks for; nor does
 * it begin more epochs. */
#define BLOCKS_AN_HOUR 30

/* What the ledger knows of a terminal. */
typedef struct
{
  gboolean known;
  guint epoch;
  guint64 last; /* sequence of its last item in this epoch, 0: none */
  gint64 hour;  /* since when epochs are counted, microseconds, */
  gint64 begun; /* and how many it has begun since */
} Seen;

/* How far the numbers of a serial have come in the terminal's range: older policies may have given
 * the rest of it to another. */
typedef struct
{
  gint64 all;     /* in whoever's blocks */
  gint64 own;     /* in the terminal's own, but for the one that answered this question before */
  gint64 arrived; /* from whomever */
  gint64 first;   /* the block that answered this question before; both 0: none did */
  gint64 last;
} Ends;

static gboolean
step_one (MdDbStatement *query, gboolean *out_found, GError **error)
{
  const MdDbStep step = md_db_step (query, error);

  *out_found = step == MD_DB_STEP_ROW;
  return step != MD_DB_STEP_ERROR;
}

/* --- What arrives --- */

/* The two parts of a receipt number. FALSE for what is none, as items of earlier releases may have.
 */
static gboolean
parse_number (const MdLedgerEntry *entry, guint *out_serial, guint *out_counter)
{
  return md_receipt_number_parse (entry->receipt_number, out_serial, out_counter, NULL);
}

static gboolean
keep_seen (MdDb *db, const MdLedgerEntry *entry, GError **error)
{
  g_autoptr (MdDbStatement) upsert
      = md_db_prepare (db,
                       "INSERT INTO ledger_terminals (office, terminal, epoch, last)"
                       " VALUES (?1, ?2, 1, ?3)"
                       " ON CONFLICT (office, terminal) DO UPDATE SET last = excluded.last",
                       error);

  if (upsert == NULL)
    return FALSE;
  md_db_bind_text (upsert, 1, entry->office);
  md_db_bind_text (upsert, 2, entry->terminal);
  md_db_bind_int (upsert, 3, (gint64)entry->sequence);
  return md_db_run (upsert, error);
}

gboolean
_md_ledger_db_keep_number (MdDb *db, const MdLedgerEntry *entry, GError **error)
{
  guint serial = 0;
  guint counter = 0;
  g_autoptr (MdDbStatement) insert = NULL;

  if (!keep_seen (db, entry, error))
    return FALSE;
  if (entry->n != 1 || !parse_number (entry, &serial, &counter))
    return TRUE;
  insert = md_db_prepare (db,
                          "INSERT INTO ledger_numbers (office, serial, counter, intake)"
                          " VALUES (?1, ?2, ?3, ?4)",
                          error);
  if (insert == NULL)
    return FALSE;
  md_db_bind_text (insert, 1, entry->office);
  md_db_bind_int (insert, 2, serial);
  md_db_bind_int (insert, 3, counter);
  md_db_bind_text (insert, 4, entry->intake);
  return md_db_run (insert, error);
}

static gboolean
is_used (MdDb *db, const MdLedgerEntry *entry, guint serial, guint counter, gboolean *out_used,
         GError **error)
{
  g_autoptr (MdDbStatement) query = md_db_prepare (
      db, "SELECT 1 FROM ledger_numbers WHERE office = ?1 AND serial = ?2 AND counter = ?3", error);

  if (query == NULL)
    return FALSE;
  md_db_bind_text (query, 1, entry->office);
  md_db_bind_int (query, 2, serial);
  md_db_bind_int (query, 3, counter);
  return step_one (query, out_used, error);
}

static gboolean
has_block_before (MdDb *db, const MdLedgerEntry *entry, guint serial, guint counter,
                  gboolean *out_has, GError **error)
{
  g_autoptr (MdDbStatement) query
      = md_db_prepare (db,
                       "SELECT 1 FROM ledger_blocks WHERE office = ?1 AND serial = ?2"
                       " AND first <= ?3 AND terminal = ?4 LIMIT 1",
                       error);

  if (query == NULL)
    return FALSE;
  md_db_bind_text (query, 1, entry->office);
  md_db_bind_int (query, 2, serial);
  md_db_bind_int (query, 3, counter);
  md_db_bind_text (query, 4, entry->terminal);
  return step_one (query, out_has, error);
}

/* The block that the number lies in; below its first block is what the terminal gave out of the
 * policy's range before it had any. */
static gboolean
is_own (MdDb *db, const MdLedgerEntry *entry, guint serial, guint counter, gboolean *out_own,
        GError **error)
{
  g_autoptr (MdDbStatement) query = md_db_prepare (
      db,
      "SELECT terminal, last FROM ledger_blocks WHERE office = ?1 AND serial = ?2 AND first <= ?3"
      " ORDER BY first DESC LIMIT 1",
      error);
  gboolean found = FALSE;
  gboolean has = FALSE;

  if (query == NULL)
    return FALSE;
  md_db_bind_text (query, 1, entry->office);
  md_db_bind_int (query, 2, serial);
  md_db_bind_int (query, 3, counter);
  if (!step_one (query, &found, error))
    return FALSE;
  if (found && counter <= (guint)md_db_column_int (query, 1))
    *out_own = g_strcmp0 (md_db_column_text (query, 0), entry->terminal) == 0;
  else if (!has_block_before (db, entry, serial, counter, &has, error))
    return FALSE;
  else
    *out_own = !has && counter >= entry->number_from && counter <= entry->number_to;
  return TRUE;
}

MdLedgerPut
_md_ledger_db_judge_number (MdDb *db, const MdLedgerEntry *entry, GError **error)
{
  guint serial = 0;
  guint counter = 0;
  gboolean used = FALSE;
  gboolean own = FALSE;

  if (!parse_number (entry, &serial, &counter))
    return entry->number_to > 0 ? MD_LEDGER_PUT_NUMBER_FOREIGN : MD_LEDGER_PUT_CREATED;
  if (!is_used (db, entry, serial, counter, &used, error))
    return MD_LEDGER_PUT_FAILED;
  if (used)
    return MD_LEDGER_PUT_NUMBER_USED;
  if (entry->number_to == 0)
    return MD_LEDGER_PUT_CREATED;
  if (!is_own (db, entry, serial, counter, &own, error))
    return MD_LEDGER_PUT_FAILED;
  return own ? MD_LEDGER_PUT_CREATED : MD_LEDGER_PUT_NUMBER_FOREIGN;
}

/* --- What is given out --- */

static gboolean
read_seen (MdDb *db, const MdLedgerStanding *told, Seen *out, GError **error)
{
  g_autoptr (MdDbStatement) query = md_db_prepare (
      db,
      "SELECT epoch, last, hour, begun FROM ledger_terminals WHERE office = ?1 AND terminal = ?2",
      error);

  if (query == NULL)
    return FALSE;
  md_db_bind_text (query, 1, told->office);
  md_db_bind_text (query, 2, told->terminal);
  if (!step_one (query, &out->known, error))
    return FALSE;
  out->epoch = out->known ? (guint)md_db_column_int (query, 0) : 1;
  out->last = out->known ? (guint64)md_db_column_int (query, 1) : 0;
  out->hour = out->known ? md_db_column_int (query, 2) : 0;
  out->begun = out->known ? md_db_column_int (query, 3) : 0;
  return TRUE;
}

static gboolean
write_seen (MdDb *db, const MdLedgerStanding *told, const Seen *seen, GError **error)
{
  g_autoptr (MdDbStatement) upsert
      = md_db_prepare (db,
                       "INSERT INTO ledger_terminals (office, terminal, epoch, last, hour, begun)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (office, terminal)"
                       " DO UPDATE SET epoch = excluded.epoch, last = excluded.last,"
                       "  hour = excluded.hour, begun = excluded.begun",
                       error);

  if (upsert == NULL)
    return FALSE;
  md_db_bind_text (upsert, 1, told->office);
  md_db_bind_text (upsert, 2, told->terminal);
  md_db_bind_int (upsert, 3, seen->epoch);
  md_db_bind_int (upsert, 4, (gint64)seen->last);
  md_db_bind_int (upsert, 5, seen->hour);
  md_db_bind_int (upsert, 6, seen->begun);
  return md_db_run (upsert, error);
}

static gboolean
read_last (MdDb *db, guint64 sequence, MdLedgerNumbers *out, GError **error)
{
  g_autoptr (MdDbStatement) query
      = md_db_prepare (db, "SELECT intake, n FROM ledger_items WHERE sequence = ?1", error);
  gboolean found = FALSE;

  if (query == NULL)
    return FALSE;
  md_db_bind_int (query, 1, (gint64)sequence);
  if (!step_one (query, &found, error))
    return FALSE;
  if (found)
    {
      (void)g_strlcpy (out->last, md_db_column_text (query, 0), sizeof out->last);
      out->last_n = (guint)md_db_column_int (query, 1);
    }
  return TRUE;
}

/* A statement about the terminal's serial and range: ?1 to ?3 are bound. */
static MdDbStatement *
prepare_range (MdDb *db, const char *sql, const MdLedgerStanding *told, GError **error)
{
  MdDbStatement *query = md_db_prepare (db, sql, error);

  if (query == NULL)
    return NULL;
  md_db_bind_text (query, 1, told->office);
  md_db_bind_int (query, 2, told->serial);
  md_db_bind_int (query, 3, told->to);
  return query;
}

/* Of a terminal that had the serial before it, a new one knows nothing, and is not told. */
static gboolean
read_arrived (MdDb *db, const MdLedgerStanding *told, Ends *ends, MdLedgerNumbers *out,
              GError **error)
{
  g_autoptr (MdDbStatement) query
      = prepare_range (db,
                       "SELECT n.counter, i.terminal FROM ledger_numbers n"
                       " LEFT JOIN ledger_items i ON i.intake = n.intake AND i.n = 1"
                       " WHERE n.office = ?1 AND n.serial = ?2 AND n.counter BETWEEN ?4 AND ?3"
                       " ORDER BY n.counter DESC LIMIT 1",
                       told, error);
  gboolean found = FALSE;

  if (query == NULL)
    return FALSE;
  md_db_bind_int (query, 4, told->from);
  if (!step_one (query, &found, error))
    return FALSE;
  ends->arrived = found ? md_db_column_int (query, 0) : 0;
  if (found && g_strcmp0 (md_db_column_text (query, 1), told->terminal) == 0)
    out->highest = (guint)ends->arrived;
  return TRUE;
}

/* Blocks never overlap: the one that begins last ends last. */
static gboolean
read_ends (MdDb *db, const MdLedgerStanding *told, Ends *ends, MdLedgerNumbers *out, GError **error)
{
  g_autoptr (MdDbStatement) all = prepare_range (
      db,
      "SELECT last FROM ledger_blocks WHERE office = ?1 AND serial = ?2 AND first <= ?3"
      " ORDER BY first DESC LIMIT 1",
      told, error);
  g_autoptr (MdDbStatement) own
      = prepare_range (db,
                       "SELECT first, last, question FROM ledger_blocks WHERE office = ?1"
                       " AND serial = ?2 AND first <= ?3 AND terminal = ?4"
                       " ORDER BY first DESC LIMIT 2",
                       told, error);
  gboolean found = FALSE;

  if (all == NULL || own == NULL || !read_arrived (db, told, ends, out, error)
      || !step_one (all, &found, error))
    return FALSE;
  ends->all = found ? md_db_column_int (all, 0) : 0;
  md_db_bind_text (own, 4, told->terminal);
  if (!step_one (own, &found, error))
    return FALSE;
  if (found && told->question != NULL && g_str_equal (md_db_column_text (own, 2), told->question)
      && (gint64)MAX (told->highest, told->newest) < md_db_column_int (own, 1))
    {
      ends->first = md_db_column_int (own, 0);
      ends->last = md_db_column_int (own, 1);
      if (!step_one (own, &found, error))
        return FALSE;
    }
  ends->own = found ? md_db_column_int (own, 1) : 0;
  return TRUE;
}

static gboolean
record_block (MdAudit *audit, const MdLedgerStanding *told, guint first, guint last,
              const char *cause, GError **error)
{
  g_autofree char *detail = g_strdup_printf ("terminal=%s serial=%u from=%u to=%u cause=%s",
                                             told->terminal, told->serial, first, last, cause);
  const MdAuditEntry entry = { .event = "numbers", .outcome = MD_AUDIT_DONE, .detail = detail };

  return md_audit_append (audit, &entry, error);
}

static gboolean
insert_block (MdDb *db, const MdLedgerStanding *told, guint first, guint last, const char *question,
              GError **error)
{
  g_autoptr (MdDbStatement) insert
      = md_db_prepare (db,
                       "INSERT INTO ledger_blocks (office, serial, terminal, first, last, issued,"
                       " question) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                       error);

  if (insert == NULL)
    return FALSE;
  md_db_bind_text (insert, 1, told->office);
  md_db_bind_int (insert, 2, told->serial);
  md_db_bind_text (insert, 3, told->terminal);
  md_db_bind_int (insert, 4, first);
  md_db_bind_int (insert, 5, last);
  md_db_bind_int (insert, 6, told->now);
  md_db_bind_text (insert, 7, question != NULL ? question : "");
  return md_db_run (insert, error);
}

/* FALSE. */
static gboolean
refuse_often (const char *what, GError **error)
{
  g_set_error (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_TOO_OFTEN,
               "The terminal had %d %s within an hour", BLOCKS_AN_HOUR, what);
  return FALSE;
}

/* FALSE where there is none. */
static gboolean
check_room (const MdLedgerStanding *told, GError **error)
{
  if (told->full)
    g_set_error_literal (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_FULL, "There is no room");
  return !told->full;
}

#define OF_NUMBERS "blocks of receipt numbers"

/* How many numbers it may still have within this hour. Of its blocks the last ones are also the
 * latest. */
static gboolean
count_rest (MdDb *db, const MdLedgerStanding *told, gint64 *out_rest, GError **error)
{
  const gint64 most = (gint64)BLOCKS_AN_HOUR * told->size;
  g_autoptr (MdDbStatement) query = prepare_range (
      db,
      "SELECT count (*), CAST (coalesce (sum (last - first + 1), 0) AS BIGINT) FROM"
      " (SELECT first, last, issued FROM ledger_blocks WHERE office = ?1"
      "   AND serial = ?2 AND first <= ?3 AND terminal = ?4"
      "   ORDER BY first DESC LIMIT 30) AS latest WHERE issued > ?5",
      told, error);
  gboolean found = FALSE;

  if (query == NULL)
    return FALSE;
  md_db_bind_text (query, 4, told->terminal);
  md_db_bind_int (query, 5, told->now - G_TIME_SPAN_HOUR);
  if (!step_one (query, &found, error))
    return FALSE;
  *out_rest = md_db_column_int (query, 0) < BLOCKS_AN_HOUR
                  ? MAX (most - md_db_column_int (query, 1), 0)
                  : 0;
  return TRUE;
}

/* Cut above everything that anybody knows of. */
static gboolean
cut (MdDb *db, MdAudit *audit, const MdLedgerStanding *told, const Ends *ends, MdLedgerNumbers *out,
     GError **error)
{
  const gint64 known
      = MAX (MAX (ends->all, ends->arrived), (gint64)MAX (told->highest, told->newest));
  const gint64 first = MAX (known + 1, (gint64)told->from);
  const gint64 last = MIN (first + told->size - 1, (gint64)told->to);
  gint64 rest = 0;

  out->exhausted = first > last;
  if (out->exhausted)
    return TRUE;
  if (!count_rest (db, told, &rest, error))
    return FALSE;
  if (last - first + 1 > rest)
    return refuse_often (OF_NUMBERS, error);
  if (!check_room (told, error)
      || !insert_block (db, told, (guint)first, (guint)last, told->question, error)
      || !record_block (audit, told, (guint)first, (guint)last, out->fresh ? "fresh" : "low",
                        error))
    return FALSE;
  out->from = (guint)first;
  out->to = (guint)last;
  return TRUE;
}

/* The last number that the terminal has of those that the store does not know; less than *OUT_FIRST
 * where there is none. */
static gint64
find_forgotten (const MdLedgerStanding *told, const Ends *ends, gint64 *out_first)
{
  const gint64 last = told->newest > 0                  ? told->newest
                      : ends->all >= (gint64)told->from ? told->highest
                                                        : 0;

  *out_first = MAX (ends->all + 1, (gint64)told->from);
  return last <= (gint64)told->to ? last : 0;
}

/* A store that was put back from a backup has forgotten blocks that it gave. What the terminal says
 * it holds of its own range it may go on to use, and nobody else gets it. So is what it gave of
 * that range, above a block whose answer never came to it. Of many, as many as it may have within
 * an hour, which stay: the rest comes with a later question. */
static gboolean
remember (MdDb *db, MdAudit *audit, const MdLedgerStanding *told, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (db, error);
  MdLedgerNumbers out = { 0 };
  Ends ends = { 0 };
  gint64 first, last, rest;

  if (transaction == NULL || !read_ends (db, told, &ends, &out, error))
    return FALSE;
  last = find_forgotten (told, &ends, &first);
  if (last < first)
    return TRUE;
  if (!count_rest (db, told, &rest, error))
    return FALSE;
  last = MIN (last, first + rest - 1);
  return last < first
         || (check_room (told, error)
             && insert_block (db, told, (guint)first, (guint)last, NULL, error)
             && record_block (audit, told, (guint)first, (guint)last, "told", error)
             && md_db_commit (g_steal_pointer (&transaction), error));
}

static gboolean
record_epoch (MdAudit *audit, const MdLedgerStanding *told, guint epoch, GError **error)
{
  g_autofree char *detail
      = g_strdup_printf ("terminal=%s epoch=%u told=%u", told->terminal, epoch, told->epoch);
  const MdAuditEntry entry = { .event = "epoch", .outcome = MD_AUDIT_DONE, .detail = detail };

  return md_audit_append (audit, &entry, error);
}

/* One after the other: who says a very late one once, with a terminal's key, does not use them up.
 * The last item is of the epoch before, which the terminal may know nothing of, when the next one
 * has begun. */
static gboolean
follow_epoch (MdDb *db, MdAudit *audit, const MdLedgerStanding *told, Seen *seen, gboolean *out_new,
              GError **error)
{
  const gboolean later = told->epoch > seen->epoch;
  const gboolean counts = told->now - seen->hour < G_TIME_SPAN_HOUR && told->now >= seen->hour;

  *out_new = later || !seen->known;
  if (!*out_new)
    return TRUE;
  if (later && counts && seen->begun >= BLOCKS_AN_HOUR)
    return refuse_often ("epochs", error);
  if (!check_room (told, error))
    return FALSE;
  *seen = (Seen){ .known = TRUE,
                  .epoch = seen->epoch + (later ? 1 : 0),
                  .last = told->epoch > seen->epoch + 1 ? seen->last : 0,
                  .hour = counts ? seen->hour : told->now,
                  .begun = (counts ? seen->begun : 0) + (later ? 1 : 0) };
  return write_seen (db, told, seen, error)
         && (!later || record_epoch (audit, told, seen->epoch, error));
}

/* It does not know of its newest block, of what arrived from it, or of its epoch: it has forgotten
 * them, or the answer was lost. Its numbers, and those before, are not for it any more. */
static gboolean
is_older (const MdLedgerStanding *told, guint epoch, const Ends *ends, const MdLedgerNumbers *out)
{
  return (gint64)told->newest < ends->own || told->highest < out->highest
         || MAX (told->epoch, 1) < epoch;
}

/* Inside the transaction. */
static gboolean
tell (MdDb *db, MdAudit *audit, const MdLedgerStanding *told, MdLedgerNumbers *out,
      gboolean *out_changed, GError **error)
{
  Seen seen = { 0 };
  Ends ends = { 0 };
  gint64 first;

  if (!read_seen (db, told, &seen, error) || !read_ends (db, told, &ends, out, error))
    return FALSE;
  if (find_forgotten (told, &ends, &first) >= first)
    return refuse_often (OF_NUMBERS, error);
  if (!follow_epoch (db, audit, told, &seen, out_changed, error))
    return FALSE;
  out->epoch = seen.epoch;
  if (seen.last > 0 && told->epoch <= seen.epoch && !read_last (db, seen.last, out, error))
    return FALSE;
  out->fresh = is_older (told, seen.epoch, &ends, out);
  if (ends.last > 0)
    {
      out->from = (guint)ends.first;
      out->to = (guint)ends.last;
      return TRUE;
    }
  if (!out->fresh && told->left >= told->low)
    return TRUE;
  if (!cut (db, audit, told, &ends, out, error))
    return FALSE;
  *out_changed = *out_changed || out->to > 0;
  return TRUE;
}

gboolean
_md_ledger_db_tell_numbers (MdDb *db, MdAudit *audit, const MdLedgerStanding *told,
                            MdLedgerNumbers *out, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = NULL;
  gboolean changed = FALSE;

  *out = (MdLedgerNumbers){ 0 };
  if (!remember (db, audit, told, error))
    return FALSE;
  transaction = md_db_begin (db, error);
  return transaction != NULL && tell (db, audit, told, out, &changed, error)
         && (!changed || md_db_commit (g_steal_pointer (&transaction), error));
}
