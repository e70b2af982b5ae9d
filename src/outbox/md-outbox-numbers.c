// SPDX-License-Identifier: Apache-2.0
/* Receipt numbers: issued to the terminal in advance, so that a slip printed offline is valid for
 * ever. */
#include <glib/gi18n.h>

#include "md-outbox-intake.h"
#include "md-outbox-numbers.h"
#include "md-outbox-private.h"

/* The wire has no later one. Where a terminal has come so far, it stays there. */
#define MAX_EPOCH 99999u

/* The highest number that was given under the serial ?1. */
#define HIGHEST_GIVEN                                                                              \
  "coalesce ((SELECT CAST (substr (max (receipt_number), 5, 6) AS INTEGER) FROM intake"            \
  " WHERE receipt_number BETWEEN substr ('00' || ?1, -3) || '-'"                                   \
  "  AND substr ('00' || ?1, -3) || '.'), 0)"

static gboolean
set_meta (MdDb *db, const char *name, gint64 number, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare_for (db,
                           "INSERT INTO meta (name, number) VALUES (?1, ?2)"
                           " ON CONFLICT (name) DO UPDATE SET number = excluded.number",
                           name, error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 2, number);
  return md_db_run (statement, error);
}

/* Another serial starts with what was given under it before; blocks are of the one that was. */
static gboolean
change_serial (MdOutbox *self, guint serial, GError **error)
{
  g_autoptr (MdDbStatement) blocks
      = md_db_prepare (self->db,
                       "DELETE FROM number_block WHERE NOT EXISTS"
                       " (SELECT 1 FROM receipt_pool WHERE terminal_number = ?1)",
                       error);
  g_autoptr (MdDbStatement) pool
      = md_db_prepare (self->db,
                       "UPDATE receipt_pool SET terminal_number = ?1, issued = 0, newest = 0,"
                       " next = 1, highest = " HIGHEST_GIVEN " WHERE terminal_number <> ?1",
                       error);

  if (blocks == NULL || pool == NULL)
    return FALSE;
  md_db_bind_int (blocks, 1, serial);
  md_db_bind_int (pool, 1, serial);
  return md_db_run (blocks, error) && md_db_run (pool, error);
}

/* That the range is used up was said of another one. */
static gboolean
forget_exhausted (MdOutbox *self, guint serial, guint to, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (self->db,
                       "DELETE FROM meta WHERE name = 'exhausted' AND NOT EXISTS"
                       " (SELECT 1 FROM receipt_pool p, meta r WHERE p.terminal_number = ?1"
                       "   AND r.name = 'range-last' AND r.number = ?2)",
                       error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 1, serial);
  md_db_bind_int (statement, 2, to);
  return md_db_run (statement, error);
}

gboolean
md_outbox_set_pool (MdOutbox *self, guint terminal_number, guint from, guint to, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  g_autoptr (MdDbStatement) statement = NULL;

  if (transaction == NULL || !forget_exhausted (self, terminal_number, to, error)
      || !change_serial (self, terminal_number, error))
    return FALSE;
  statement
      = md_db_prepare (self->db,
                       "INSERT INTO receipt_pool (id, terminal_number, last, highest, next)"
                       " VALUES (1, ?1, ?3, " HIGHEST_GIVEN ", max (?2, 1 + " HIGHEST_GIVEN "))"
                       " ON CONFLICT (id) DO UPDATE SET last = excluded.last,"
                       "  next = max (next, excluded.next, highest + 1) WHERE issued = 0",
                       error);
  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 1, terminal_number);
  md_db_bind_int (statement, 2, from);
  md_db_bind_int (statement, 3, to);
  return md_db_run (statement, error) && set_meta (self->db, "range-first", from, error)
         && set_meta (self->db, "range-last", to, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

/* Of blocks alone, or of the policy's range as well while there is no block. */
#define WAITING "coalesce ((SELECT sum (last - first + 1) FROM number_block), 0)"
#define LEFT "coalesce ((SELECT max (last - next + 1, 0) FROM receipt_pool), 0) + " WAITING
#define LEFT_OF_BLOCKS "iif (issued = 1, max (last - next + 1, 0), 0) + " WAITING

gboolean
md_outbox_numbers_left (MdOutbox *self, guint *out_left, GError **error)
{
  gint64 left;

  if (!md_db_get_int (self->db, "SELECT " LEFT, &left, error))
    return FALSE;
  *out_left = (guint)left;
  return TRUE;
}

/* Where the one before is used up, the next block that waits takes its place, from above the
 * highest that was given: what came back with an older file may have been used since. */
static gboolean
open_next_block (MdOutbox *self, GError **error)
{
  return md_db_exec (self->db,
                     "DELETE FROM number_block WHERE last <= (SELECT highest FROM receipt_pool)",
                     error)
         && md_db_exec (self->db,
                        "UPDATE receipt_pool SET issued = 1,"
                        " next = max (highest + 1, (SELECT min (first) FROM number_block)),"
                        " last = (SELECT last FROM number_block ORDER BY first LIMIT 1)"
                        " WHERE next > last AND EXISTS (SELECT 1 FROM number_block)",
                        error)
         && md_db_exec (self->db,
                        "DELETE FROM number_block WHERE last = (SELECT last FROM receipt_pool)"
                        " AND (SELECT issued FROM receipt_pool) = 1",
                        error);
}

/* What is next in an older file may be on the slip of somebody who was here after it was made. */
static gboolean
trusts_numbers (MdOutbox *self, GError **error)
{
  gboolean doubts = FALSE;

  if (!md_outbox_doubts_numbers (self->db, &doubts, error))
    return FALSE;
  if (doubts)
    g_set_error_literal (
        error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_NO_NUMBERS,
        _ ("This terminal was put back to an older state, and has not reached the back office "
           "since: it gives no receipt numbers before, because they may be given already. Take "
           "this person in at another counter, and tell the administrator."));
  return !doubts;
}

char *
_md_outbox_take_number (MdOutbox *self, GError **error)
{
  g_autoptr (MdDbStatement) statement = NULL;
  g_autofree char *number = NULL;
  MdDbStep step;

  if (!trusts_numbers (self, error) || !open_next_block (self, error))
    return NULL;
  statement
      = md_db_prepare (self->db,
                       "UPDATE receipt_pool SET next = next + 1, highest = max (highest, next)"
                       " WHERE next <= last RETURNING terminal_number, next - 1",
                       error);
  if (statement == NULL)
    return NULL;
  step = md_db_step (statement, error);
  if (step == MD_DB_STEP_ERROR)
    return NULL;
  if (step == MD_DB_STEP_ROW)
    number = md_receipt_number_format ((guint)md_db_column_int (statement, 0),
                                       (guint)md_db_column_int (statement, 1));
  if (number == NULL)
    {
      g_set_error_literal (
          error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_NO_NUMBERS,
          _ ("This terminal has no receipt numbers left. New ones come over the line to the back "
             "office. Call the administrator; take this person in at another counter."));
      return NULL;
    }
  return step == MD_DB_STEP_ROW && md_db_run (statement, error) ? g_steal_pointer (&number) : NULL;
}

/* --- A file that was put back --- */

gboolean
md_outbox_mark_restored (MdDb *db, gint64 time_ms, gboolean knows_given, GError **error)
{
  return set_meta (db, "restored", time_ms, error)
         && (!knows_given || set_meta (db, "restored-given", time_ms, error));
}

gboolean
md_outbox_when_restored (MdOutbox *self, gint64 *out_time_ms, GError **error)
{
  return md_db_get_int (self->db,
                        "SELECT coalesce ((SELECT number FROM meta WHERE name = 'restored'), 0)",
                        out_time_ms, error);
}

/* The mark, where NAME does not say the same of that time. */
#define NUMBER_OF(name) "coalesce ((SELECT number FROM meta WHERE name = '" name "'), -1)"
#define MARKED_BUT(name) "name = 'restored' AND number <> " NUMBER_OF (name)
#define UNASKED MARKED_BUT ("restored-known")
#define UNKNOWN UNASKED " AND " MARKED_BUT ("restored-given")

gboolean
md_outbox_is_put_back (MdOutbox *self, gboolean *out_marked, GError **error)
{
  gint64 marked = 0;

  if (!md_db_get_int (self->db, "SELECT EXISTS (SELECT 1 FROM meta WHERE " UNASKED ")", &marked,
                      error))
    return FALSE;
  *out_marked = marked != 0;
  return TRUE;
}

gboolean
md_outbox_doubts_numbers (MdDb *db, gboolean *out_doubts, GError **error)
{
  gint64 doubts = 0;

  if (!md_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM meta WHERE " UNKNOWN ")", &doubts, error))
    return FALSE;
  *out_doubts = doubts != 0;
  return TRUE;
}

/* --- Issued by the gateway --- */

gboolean
md_outbox_describe_numbers (MdOutbox *self, MdOutboxNumbers *out, GError **error)
{
  g_autoptr (MdDbStatement) query = md_db_prepare (
      self->db,
      "SELECT terminal_number, epoch, highest, newest, " LEFT_OF_BLOCKS " FROM receipt_pool",
      error);
  gboolean marked = FALSE;
  MdDbStep step;

  *out = (MdOutboxNumbers){ 0 };
  if (query == NULL)
    return FALSE;
  step = md_db_step (query, error);
  if (step == MD_DB_STEP_ROW)
    *out = (MdOutboxNumbers){ .serial = (guint)md_db_column_int (query, 0),
                              .epoch = (guint)md_db_column_int (query, 1),
                              .highest = (guint)md_db_column_int (query, 2),
                              .newest = (guint)md_db_column_int (query, 3),
                              .left = (guint)md_db_column_int (query, 4) };
  if (step == MD_DB_STEP_ERROR || !md_outbox_is_put_back (self, &marked, error))
    return FALSE;
  if (marked)
    out->newest = out->left = 0;
  return TRUE;
}

gboolean
md_outbox_are_last_numbers (MdOutbox *self, gboolean *out_last, GError **error)
{
  gint64 last = 0;

  if (!md_db_get_int (self->db,
                      "SELECT EXISTS (SELECT 1 FROM meta WHERE name = 'exhausted')"
                      " OR EXISTS (SELECT 1 FROM receipt_pool p, meta r"
                      "  WHERE r.name = 'range-last' AND max (p.highest, p.newest) >= r.number)",
                      &last, error))
    return FALSE;
  *out_last = last != 0;
  return TRUE;
}

/* Once, and not with each answer. */
static gboolean
note_exhausted (MdOutbox *self, GError **error)
{
  return md_db_exec (
      self->db, "INSERT INTO meta (name, number) VALUES ('exhausted', 1) ON CONFLICT DO NOTHING",
      error);
}

static gboolean
record_block (MdOutbox *self, const MdOutboxIssue *issue, GError **error)
{
  g_autofree char *detail = g_strdup_printf ("from=%u to=%u cause=%s", issue->from, issue->to,
                                             issue->fresh ? "fresh" : "low");
  const MdAuditEntry entry = { .event = "numbers", .outcome = MD_AUDIT_DONE, .detail = detail };

  return md_audit_append (self->audit, &entry, error);
}

/* The rest of the policy's range, or of everything, is given up: what it is from now on is known to
 * be nobody else's. */
static gboolean
keep_block (MdOutbox *self, const MdOutboxIssue *issue, GError **error)
{
  g_autoptr (MdDbStatement) insert
      = md_db_prepare (self->db, "INSERT INTO number_block (first, last) VALUES (?1, ?2)", error);
  g_autoptr (MdDbStatement) pool
      = md_db_prepare (self->db,
                       "UPDATE receipt_pool SET newest = ?1,"
                       " last = iif (issued = 0 OR ?2, next - 1, last), issued = 1",
                       error);

  if (insert == NULL || pool == NULL
      || !md_db_exec (self->db, "DELETE FROM meta WHERE name = 'exhausted'", error)
      || (issue->fresh && !md_db_exec (self->db, "DELETE FROM number_block", error)))
    return FALSE;
  md_db_bind_int (insert, 1, issue->from);
  md_db_bind_int (insert, 2, issue->to);
  md_db_bind_int (pool, 1, issue->to);
  md_db_bind_int (pool, 2, issue->fresh ? 1 : 0);
  return md_db_run (insert, error) && md_db_run (pool, error) && record_block (self, issue, error);
}

/* What was given while the gateway was asked lies in the block, and does not come again. */
static gboolean
skip_given (MdOutbox *self, GError **error)
{
  return open_next_block (self, error)
         && md_db_exec (self->db, "UPDATE receipt_pool SET next = max (next, highest + 1)", error);
}

/* --- A store that is older than what was seen of the terminal --- */

static gboolean
knows_item (MdOutbox *self, const MdOutboxIssue *issue, gboolean *out_knows, GError **error)
{
  g_autoptr (MdDbStatement) query
      = md_db_prepare (self->db, "SELECT 1 FROM outbox WHERE intake = ?1 AND n = ?2", error);
  MdDbStep step;

  if (query == NULL)
    return FALSE;
  md_db_bind_text (query, 1, issue->last);
  md_db_bind_int (query, 2, issue->last_n);
  step = md_db_step (query, error);
  *out_knows = step == MD_DB_STEP_ROW;
  return step != MD_DB_STEP_ERROR;
}

/* By what it shows that this store is older; NULL where nothing does. */
static gboolean
find_cause (MdOutbox *self, const MdOutboxIssue *issue, const MdOutboxNumbers *own,
            const char **out_cause, GError **error)
{
  gboolean marked = FALSE;
  gboolean knows = TRUE;

  if (!md_outbox_is_put_back (self, &marked, error)
      || (issue->last_n > 0 && !knows_item (self, issue, &knows, error)))
    return FALSE;
  *out_cause = issue->epoch > MAX (own->epoch, 1) ? "later-epoch"
               : issue->highest > own->highest    ? "later-number"
               : !knows                           ? "later-item"
               : marked                           ? "put-back"
                                                  : NULL;
  return TRUE;
}

/* A block that comes with it is recorded there and above all that anybody knows of: it is kept. */
static gboolean
begin_epoch (MdOutbox *self, const MdOutboxIssue *issue, const MdOutboxNumbers *own, GError **error)
{
  const MdOutboxIssue block = { .from = issue->from, .to = issue->to, .fresh = TRUE };
  g_autoptr (MdDbStatement) pool
      = md_db_prepare (self->db,
                       "UPDATE receipt_pool SET epoch = ?1, highest = max (highest, ?2),"
                       " next = last + 1, newest = 0, issued = 1",
                       error);

  if (pool == NULL || !md_db_exec (self->db, "DELETE FROM number_block", error))
    return FALSE;
  md_db_bind_int (pool, 1, MIN (MAX (issue->epoch, own->epoch) + 1, MAX_EPOCH));
  md_db_bind_int (pool, 2, issue->highest);
  return md_db_run (pool, error)
         && (issue->to == 0 || (keep_block (self, &block, error) && skip_given (self, error)));
}

/* Whatever of it has arrived, the gateway answers as it did then. */
static gboolean
send_all (MdOutbox *self, GError **error)
{
  g_autoptr (MdDbStatement) items
      = md_db_prepare (self->db, "UPDATE outbox SET due_ms = ?1 WHERE state = 'waiting'", error);

  if (items == NULL)
    return FALSE;
  md_db_bind_int (items, 1, _md_outbox_now_ms (self));
  return md_db_run (items, error);
}

static gboolean
note_restored (MdOutbox *self, const char *cause, GError **error)
{
  g_autofree char *detail = g_strdup_printf ("cause=%s", cause);
  const MdAuditEntry entry = { .event = "restored", .outcome = MD_AUDIT_DONE, .detail = detail };

  const gint64 now = _md_outbox_now_ms (self);

  return set_meta (self->db, "restored", now, error)
         && set_meta (self->db, "restored-known", now, error)
         && md_audit_append (self->audit, &entry, error);
}

/* --- What cannot be --- */

/* What an answer is held against. */
typedef struct
{
  gint64 first, last; /* of the policy's range; last 0: not known yet */
  gint64 known;       /* the highest number that was given, or came in a block */
  gboolean told;      /* the gateway has said something before */
  gint64 refused_at;  /* since when its answers are too far, milliseconds; 0: they are not */
  gint64 refused_end; /* up to where the last one that was refused led; 0: none */
  gint64 led_since;   /* since when, milliseconds, */
  gint64 led;         /* it was led ahead so far without need */
} Bounds;

#define TOO_FAR "too-far"
/* A terminal asks for a block when it has fewer than these, and no block is larger. */
#define NEEDS_MORE 1000u
#define ONE_BLOCK 2000
#define META(name) "coalesce ((SELECT number FROM meta WHERE name = '" name "'), 0)"

static gboolean
read_bounds (MdOutbox *self, Bounds *out, GError **error)
{
  g_autoptr (MdDbStatement) query = md_db_prepare (
      self->db,
      "SELECT " META ("range-first") ", " META (
          "range-last") ","
                        " max (highest, newest), epoch > 0 OR issued = 1,"
                        " " META ("refused-at") ", " META ("refused-end") ", " META (
                            "led-since") ", " META ("led") " FROM receipt_pool",
      error);

  if (query == NULL || md_db_step (query, error) != MD_DB_STEP_ROW)
    return FALSE;
  *out = (Bounds){ .first = md_db_column_int (query, 0),
                   .last = md_db_column_int (query, 1),
                   .known = md_db_column_int (query, 2),
                   .told = md_db_column_int (query, 3) != 0,
                   .refused_at = md_db_column_int (query, 4),
                   .refused_end = md_db_column_int (query, 5),
                   .led_since = md_db_column_int (query, 6),
                   .led = md_db_column_int (query, 7) };
  return TRUE;
}

#define DAY_MS (G_TIME_SPAN_DAY / 1000)

/* How far it leads ahead, beyond a block that this terminal needs now. */
static gint64
count_led (const MdOutboxIssue *issue, const MdOutboxNumbers *own, const Bounds *bounds)
{
  const gint64 known = MAX (bounds->known, bounds->first - 1);
  const gint64 led = MAX ((gint64)MAX (issue->highest, issue->to) - known, 0);
  const gboolean needed = own->left < NEEDS_MORE && !issue->fresh && issue->from == known + 1
                          && issue->highest <= own->highest;

  return bounds->told && !(needed && led <= ONE_BLOCK) ? led : 0;
}

/* The same of all that was taken within a day. */
static gint64
count_led_today (MdOutbox *self, const Bounds *bounds)
{
  const gint64 since = _md_outbox_now_ms (self) - bounds->led_since;

  return since >= 0 && since < DAY_MS ? bounds->led : 0;
}

static gboolean
note_led (MdOutbox *self, const Bounds *bounds, gint64 led, GError **error)
{
  const gint64 before = count_led_today (self, bounds);

  return led == 0
         || (set_meta (self->db, "led", before + led, error)
             && (before > 0 || set_meta (self->db, "led-since", _md_outbox_now_ms (self), error)));
}

/* A word for the log; NULL where it may be. @led: as above. */
static const char *
find_flaw (MdOutbox *self, const MdOutboxIssue *issue, const Bounds *bounds, gint64 led)
{
  const gint64 end = MAX (issue->highest, issue->to);
  const gint64 waited = _md_outbox_now_ms (self) - bounds->refused_at;

  if (bounds->last == 0)
    return NULL;
  if (end > bounds->last || (issue->to > 0 && issue->from < bounds->first))
    return "out-of-range";
  if (led > 0 && led + count_led_today (self, bounds) > MD_OUTBOX_MOST_AHEAD
      && (bounds->refused_at == 0 || waited < DAY_MS))
    return TOO_FAR;
  return NULL;
}

/* Recorded once as long as it says the same. FALSE, always. */
static gboolean
refuse_issue (MdOutbox *self, const MdOutboxIssue *issue, const Bounds *bounds, const char *flaw,
              GError **error)
{
  const gint64 now = _md_outbox_now_ms (self);
  const gint64 end = MAX (issue->highest, issue->to);
  g_autofree char *detail = g_strdup_printf ("from=%u to=%u highest=%u cause=%s", issue->from,
                                             issue->to, issue->highest, flaw);
  const MdAuditEntry entry = { .event = "numbers", .outcome = MD_AUDIT_REFUSED, .detail = detail };
  const gboolean begins
      = g_str_equal (flaw, TOO_FAR) && (bounds->refused_at == 0 || bounds->refused_at > now);

  if ((begins && !set_meta (self->db, "refused-at", now, error))
      || (end != bounds->refused_end
          && (!set_meta (self->db, "refused-end", end, error)
              || !md_audit_append (self->audit, &entry, error))))
    return FALSE;
  g_set_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_BEYOND,
               "the gateway leads the receipt numbers to %" G_GINT64_FORMAT " (%s)", end, flaw);
  return FALSE;
}

static gboolean
forget_refused (MdOutbox *self, GError **error)
{
  return md_db_exec (self->db, "DELETE FROM meta WHERE name IN ('refused-at', 'refused-end')",
                     error);
}

static gboolean
take_issue (MdOutbox *self, const MdOutboxIssue *issue, GError **error)
{
  g_autoptr (MdDbStatement) epoch
      = md_db_prepare (self->db, "UPDATE receipt_pool SET epoch = max (epoch, ?1)", error);

  if (epoch == NULL)
    return FALSE;
  md_db_bind_int (epoch, 1, issue->epoch);
  return md_db_run (epoch, error) && (issue->to == 0 || keep_block (self, issue, error))
         && skip_given (self, error);
}

/* Inside the transaction. */
static gboolean
take_plausible (MdOutbox *self, const MdOutboxIssue *issue, gboolean *out_restored, GError **error)
{
  MdOutboxNumbers own = { 0 };
  const char *cause = NULL;

  if ((issue->exhausted && !note_exhausted (self, error))
      || !md_outbox_describe_numbers (self, &own, error)
      || !find_cause (self, issue, &own, &cause, error))
    return FALSE;
  if (cause == NULL && issue->to == 0 && issue->epoch <= own.epoch)
    return TRUE;
  *out_restored = cause != NULL;
  if (cause == NULL)
    return take_issue (self, issue, error);
  return begin_epoch (self, issue, &own, error) && send_all (self, error)
         && note_restored (self, cause, error);
}

gboolean
md_outbox_take_numbers (MdOutbox *self, const MdOutboxIssue *issue, gboolean *out_restored,
                        GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  MdOutboxNumbers own = { 0 };
  Bounds bounds = { 0 };
  const char *flaw = NULL;
  gint64 led = 0;
  g_autoptr (GError) refusal = NULL;

  *out_restored = FALSE;
  if (transaction == NULL || !md_outbox_describe_numbers (self, &own, error))
    return FALSE;
  if (issue->serial != own.serial)
    return TRUE;
  if (!read_bounds (self, &bounds, error))
    return FALSE;
  led = count_led (issue, &own, &bounds);
  flaw = find_flaw (self, issue, &bounds, led);
  if (flaw == NULL)
    return take_plausible (self, issue, out_restored, error) && note_led (self, &bounds, led, error)
           && (bounds.refused_end == 0 || forget_refused (self, error))
           && md_db_commit (g_steal_pointer (&transaction), error);
  (void)refuse_issue (self, issue, &bounds, flaw, &refusal);
  if (g_error_matches (refusal, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_BEYOND)
      && !md_db_commit (g_steal_pointer (&transaction), error))
    return FALSE;
  g_propagate_error (error, g_steal_pointer (&refusal));
  return FALSE;
}
