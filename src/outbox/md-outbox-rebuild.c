// SPDX-License-Identifier: Apache-2.0
/* Rows of intakes and of the queue, made anew by what the sealed items say of themselves. */
#include "md-outbox-intake.h"
#include "md-outbox-rebuild-private.h"

/* One payload, and what it says of itself. */
typedef struct
{
  gint64 item;
  guint n;
  MdOutboxIntake *says;
  char *digest;
  gsize size;
} Found;

static void
found_free (gpointer data)
{
  Found *found = data;

  md_outbox_intake_free (found->says);
  g_free (found->digest);
  g_free (found);
}

/* Runs SQL, whose first value is TEXT, and whose second and third are A and B. */
static gboolean
change (MdDb *db, const char *sql, const char *text, gint64 a, gint64 b, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare_for (db, sql, text, error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 2, a);
  md_db_bind_int (statement, 3, b);
  return md_db_run (statement, error);
}

/* The number that SQL finds for the same three, 0 where it finds none; -1 with ERROR. */
static gint64
look_up (MdDb *db, const char *sql, const char *text, gint64 number, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare_for (db, sql, text, error);
  MdDbStep step;

  if (statement == NULL)
    return -1;
  md_db_bind_int (statement, 2, number);
  step = md_db_step (statement, error);
  return step == MD_DB_STEP_ROW    ? md_db_column_int (statement, 0)
         : step == MD_DB_STEP_DONE ? 0
                                   : -1;
}

/* --- The intake --- */

/* Every column that the application says itself, in the order of their values from ?2 on. */
#define SAID                                                                                       \
  "receipt_number, procedure, clerk, policy_version, time, monotonic_ns, boot_id, nonce,"          \
  " nonce_state, container_sha256, manifest_sha256, size, replaces, differences, number_blank,"    \
  " released"
#define VALUES "?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17"

static gboolean
run_said (MdDb *db, const char *sql, const Found *found, GError **error)
{
  const MdOutboxIntake *says = found->says;
  g_autoptr (MdDbStatement) statement = md_db_prepare_for (db, sql, says->id, error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 2, says->receipt_number);
  md_db_bind_text (statement, 3, says->procedure);
  md_db_bind_text (statement, 4, says->clerk);
  md_db_bind_int (statement, 5, says->policy_version);
  md_db_bind_text (statement, 6, says->time);
  md_db_bind_int (statement, 7, says->monotonic_ns);
  md_db_bind_text (statement, 8, says->boot_id);
  md_db_bind_bytes (statement, 9, says->nonce);
  md_db_bind_text (statement, 10, says->nonce_state);
  md_db_bind_text (statement, 11, found->digest);
  md_db_bind_text (statement, 12, says->manifest_sha256);
  md_db_bind_int (statement, 13, (gint64)found->size);
  md_db_bind_text (statement, 14, says->replaces);
  md_db_bind_int (statement, 15, says->confirm.differences);
  md_db_bind_int (statement, 16, says->confirm.number_blank ? 1 : 0);
  md_db_bind_int (statement, 17, says->confirm.released);
  return md_db_run (statement, error);
}

/* Of one that nobody has decided on no more is known than what it says itself. */
static gboolean
set_undecided (MdDb *db, const Found *found, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare_for (db,
                           "UPDATE intake SET state = 'received', signature_sha256 = ?2,"
                           " decided_by = NULL, reason_code = NULL, checked_by = NULL,"
                           " checked = NULL WHERE id = ?1 AND NOT EXISTS"
                           " (SELECT 1 FROM outbox WHERE intake = ?1 AND n > 1)",
                           found->says->id, error);
  gint64 begun_us = 0;

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 2, found->says->signature_sha256);
  if (!md_time_parse_rfc3339 (found->says->time, &begun_us, NULL))
    begun_us = 0;
  return md_db_run (statement, error)
         && change (db,
                    "UPDATE intake SET erased_ms = NULL, submitted_ms = coalesce (submitted_ms, ?2)"
                    " WHERE id = ?1 AND ?3 = ?3",
                    found->says->id, begun_us / 1000, 0, error);
}

/* An intake whose id alone was spoilt has its number still. */
static gboolean
name_intake (MdDb *db, const Found *found, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare_for (
      db,
      "UPDATE OR IGNORE intake SET id = ?1 WHERE receipt_number = ?2 AND id <> ?1"
      " AND NOT EXISTS (SELECT 1 FROM intake i WHERE i.id = ?1)"
      " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.intake = intake.id)",
      found->says->id, error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 2, found->says->receipt_number);
  return md_db_run (statement, error);
}

static gboolean
keep_intake (MdDb *db, const Found *found, gboolean *out_made, GError **error)
{
  gint64 changed = 0;

  if (!name_intake (db, found, error))
    return FALSE;
  changed += md_db_changes (db);
  if (!run_said (db,
                 "INSERT OR IGNORE INTO intake (id, " SAID ", state) VALUES (?1, " VALUES
                 ", 'received')",
                 found, error))
    return FALSE;
  changed += md_db_changes (db);
  if (!run_said (db,
                 "UPDATE OR IGNORE intake SET (" SAID ") = (" VALUES ") WHERE id = ?1"
                 " AND (" SAID ") IS NOT (" VALUES ")",
                 found, error))
    return FALSE;
  *out_made = changed + md_db_changes (db) > 0;
  return set_undecided (db, found, error);
}

static gboolean
keep_decision (MdDb *db, const Found *found, GError **error)
{
  const MdOutboxIntake *says = found->says;
  g_autoptr (MdDbStatement) statement = md_db_prepare_for (
      db,
      "UPDATE intake SET state = ?2, decided_by = ?3, reason_code = ?4, signature_sha256 = ?5,"
      " checked_by = CASE WHEN ?2 = 'approved' THEN checked_by ELSE ?6 END,"
      " checked = CASE WHEN ?2 = 'approved' THEN checked ELSE ?7 END WHERE id = ?1",
      says->id, error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 2, md_intake_state_to_string (says->state));
  md_db_bind_text (statement, 3, says->decided_by);
  md_db_bind_text (statement, 4, says->reason_code);
  md_db_bind_text (statement, 5, says->signature_sha256);
  md_db_bind_text (statement, 6, says->checked_by);
  md_db_bind_text (statement, 7, says->checked);
  return md_db_run (statement, error);
}

/* --- The queue --- */

static gboolean
insert_row (MdDb *db, const Found *found, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare_for (
      db,
      "INSERT INTO outbox (intake, seq, n, digest, size, state, created, due_ms)"
      " SELECT ?1, ?2, ?3, ?4, ?5, 'waiting', time, 0 FROM intake WHERE id = ?1",
      found->says->id, error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 2, found->item);
  md_db_bind_int (statement, 3, found->n);
  md_db_bind_text (statement, 4, found->digest);
  md_db_bind_int (statement, 5, (gint64)found->size);
  return md_db_run (statement, error);
}

static gboolean
set_digest (MdDb *db, const Found *found, gint64 row, GError **error)
{
  return change (db,
                 "UPDATE outbox SET digest = ?1, size = ?3 WHERE seq = ?2"
                 " AND (digest <> ?1 OR size <> ?3)",
                 found->digest, row, (gint64)found->size, error);
}

/* To the row that it is of, in place of what lies there, unless that is the same. */
static gboolean
move_payload (MdDb *db, const Found *found, gint64 row, GError **error)
{
  return change (db, "DELETE FROM payload WHERE item = ?2 AND ?1 <> '' AND ?2 <> ?3", found->digest,
                 row, found->item, error)
         && change (db, "UPDATE payload SET item = ?2 WHERE item = ?3 AND ?1 <> ''", found->digest,
                    row, found->item, error);
}

/* What was delivered is another one unless its digest is the same. */
static gboolean
name_row (MdDb *db, const Found *found, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare_for (db,
                           "UPDATE OR IGNORE outbox SET intake = ?1, n = ?3,"
                           " state = iif (digest = ?4, state, 'waiting') WHERE seq = ?2",
                           found->says->id, error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 2, found->item);
  md_db_bind_int (statement, 3, found->n);
  md_db_bind_text (statement, 4, found->digest);
  return md_db_run (statement, error);
}

/* Its row is the one with its name, else the one with its number, else a new one. */
static gboolean
place (MdDb *db, Found *found, gboolean *out_made, GError **error)
{
  const char *id = found->says->id;
  const gint64 named
      = look_up (db, "SELECT seq FROM outbox WHERE intake = ?1 AND n = ?2", id, found->n, error);
  const gint64 numbered
      = look_up (db, "SELECT seq FROM outbox WHERE seq = ?2 AND ?1 <> ''", id, found->item, error);
  gboolean done;

  if (named < 0 || numbered < 0)
    return FALSE;
  if (named > 0 && named != found->item)
    done = move_payload (db, found, named, error);
  else if (named == 0 && numbered > 0)
    done = name_row (db, found, error);
  else
    done = named > 0 || insert_row (db, found, error);
  *out_made = *out_made || named != found->item;
  if (!done || !set_digest (db, found, named > 0 ? named : found->item, error))
    return FALSE;
  *out_made = *out_made || md_db_changes (db) > 0;
  return TRUE;
}

/* --- All of it --- */

/* What was decided is parsed alone: it is whole where its row or the log knows its digest, or where
 * neither knows anything of it. */
static gboolean
is_known (MdDb *db, const Found *found, gboolean *out_known, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare_for (
      db,
      "SELECT (SELECT count (*) FROM outbox WHERE intake = ?1 AND n = ?2 AND digest = ?3)"
      " OR NOT EXISTS (SELECT 1 FROM audit WHERE event = 'decide' AND object_id = ?1)"
      " OR EXISTS (SELECT 1 FROM audit WHERE object_id = ?1 AND object_digest = ?3)",
      found->says->id, error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 2, found->n);
  md_db_bind_text (statement, 3, found->digest);
  if (md_db_step (statement, error) != MD_DB_STEP_ROW)
    return FALSE;
  *out_known = md_db_column_int (statement, 0) != 0;
  return TRUE;
}

static gboolean
rebuild (MdDb *db, Found *found, MdOutboxMended *mended, GError **error)
{
  gboolean made = FALSE, known = TRUE;
  gint64 there;

  if (found->n == 1 ? !keep_intake (db, found, &made, error) : !is_known (db, found, &known, error))
    return FALSE;
  there = look_up (db, "SELECT 1 FROM intake WHERE id = ?1 AND ?2 > 0", found->says->id, 1, error);
  if (there == 0)
    _md_outbox_mended_add (mended, found->says->id, found->says->receipt_number, TRUE);
  if (there <= 0 || !known)
    return there >= 0;
  if (!place (db, found, &made, error) || (found->n > 1 && !keep_decision (db, found, error)))
    return FALSE;
  mended->rebuilt += made ? 1 : 0;
  return TRUE;
}

static Found *
read_payload (MdDb *db, gint64 item, MdOutboxReader read, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (db, "SELECT body FROM payload WHERE item = ?1", error);
  g_autoptr (GBytes) body = NULL;
  Found *found;

  if (statement == NULL)
    return NULL;
  md_db_bind_int (statement, 1, item);
  if (md_db_step (statement, error) != MD_DB_STEP_ROW)
    return NULL;
  body = md_db_column_bytes (statement, 0);
  found = g_new0 (Found, 1);
  found->item = item;
  found->says = read (body, &found->n);
  found->digest = md_audit_digest (body);
  found->size = g_bytes_get_size (body);
  return found;
}

static gpointer
read_number (MdDbStatement *statement)
{
  gint64 *number = g_new (gint64, 1);

  *number = md_db_column_int (statement, 0);
  return number;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const Found *one = *(const Found *const *)a, *other = *(const Found *const *)b;

  return one->n != other->n ? (one->n < other->n ? -1 : 1) : (one->item < other->item ? -1 : 1);
}

#define LAST_PARKING                                                                               \
  "(SELECT detail FROM audit WHERE event = 'park' AND outcome = 'done' AND object_id = intake.id"  \
  " ORDER BY seq DESC LIMIT 1)"
#define IS_PARKING LAST_PARKING " LIKE 'what=park reason=% by=% count=%'"
#define BETWEEN(before, after)                                                                     \
  "substr (d, instr (d, '" before "') + length ('" before "'),"                                    \
  " instr (d, '" after "') - instr (d, '" before "') - length ('" before "'))"
/* Whoever parked an application did not mean that a repair lets it go. A row of the queue that was
 * made anew has it from its intake, that from another of its rows or from what it came of, and one
 * of which no row was left from the log. */
static gboolean
keep_parked (MdDb *db, GError **error)
{
  return md_db_exec (
      db,
      "UPDATE intake SET (parked_by, parked_reason, parked) = (SELECT o.parked_by,"
      "  o.parked_reason, o.parked FROM outbox o WHERE o.intake = intake.id"
      "  AND o.parked_by IS NOT NULL AND o.state <> 'delivered' ORDER BY o.n LIMIT 1)"
      " WHERE parked_by IS NULL AND id IN (SELECT intake FROM outbox"
      "  WHERE parked_by IS NOT NULL AND state <> 'delivered');"
      "UPDATE intake SET (parked_by, parked_reason, parked) = (SELECT " BETWEEN (
          " by=",
          " count=") ", " BETWEEN (" reason=",
                                   " by=") ", (SELECT max (processed_at) FROM audit"
                                           "   WHERE event = 'park' AND outcome = 'done' AND "
                                           "object_id = intake.id)"
                                           "  FROM (SELECT " LAST_PARKING " AS d))"
                                           " WHERE parked_by IS NULL AND erased_ms IS NULL AND id "
                                           "IN (SELECT intake FROM outbox"
                                           "  WHERE state <> 'delivered') AND " IS_PARKING ";"
                                           "WITH RECURSIVE held (id, parked_by, parked_reason, "
                                           "parked) AS ("
                                           " SELECT id, parked_by, parked_reason, parked FROM "
                                           "intake WHERE parked_by IS NOT NULL"
                                           " UNION SELECT i.id, h.parked_by, h.parked_reason, "
                                           "h.parked FROM held h, intake i"
                                           "  WHERE i.parked_by IS NULL AND (i.replaces = h.id OR "
                                           "(i.cites = h.id AND i.changes = 1)))"
                                           "UPDATE intake SET (parked_by, parked_reason, parked) = "
                                           "(SELECT parked_by, parked_reason,"
                                           "  parked FROM held WHERE held.id = intake.id LIMIT 1)"
                                           " WHERE parked_by IS NULL AND id IN (SELECT id FROM "
                                           "held);"
                                           "UPDATE outbox SET (parked_by, parked_reason, parked) = "
                                           "(SELECT i.parked_by,"
                                           "  i.parked_reason, i.parked FROM intake i WHERE i.id = "
                                           "outbox.intake)"
                                           " WHERE parked_by IS NULL AND state <> 'delivered'",
      error);
}

/* Applications first, then what was decided on them, in its order. */
gboolean
_md_outbox_rebuild (MdDb *db, MdOutboxReader read, MdOutboxMended *mended, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (db, "SELECT item FROM payload ORDER BY item", error);
  g_autoptr (GPtrArray) items
      = statement != NULL ? md_db_collect (statement, read_number, g_free, error) : NULL;
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (found_free);

  g_clear_pointer (&statement, md_db_statement_free);
  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      Found *found = read_payload (db, *(const gint64 *)items->pdata[i], read, error);

      if (found == NULL)
        return FALSE;
      if (found->says != NULL)
        g_ptr_array_add (all, found);
      else
        found_free (found);
    }
  g_ptr_array_sort (all, compare);
  for (guint i = 0; i < all->len; i++)
    if (!rebuild (db, all->pdata[i], mended, error))
      return FALSE;
  return items != NULL && keep_parked (db, error)
         && md_db_exec (db,
                        "UPDATE outbox SET fresh = 1 WHERE fresh NOT IN (0, 1);"
                        "UPDATE outbox SET urgent = 0 WHERE urgent NOT IN (0, 1);"
                        "UPDATE intake SET replaced_by = NULL WHERE replaced_by NOT IN"
                        " (SELECT id FROM intake);"
                        "UPDATE intake SET next_n = (SELECT max (o.n) FROM outbox o"
                        "  WHERE o.intake = intake.id) + 1 WHERE erased_ms IS NULL"
                        " AND EXISTS (SELECT 1 FROM outbox o WHERE o.intake = intake.id)",
                        error);
}
