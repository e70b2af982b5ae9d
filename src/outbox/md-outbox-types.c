// SPDX-License-Identifier: Apache-2.0
#include "md-outbox-private.h"

GQuark
md_outbox_error_quark (void)
{
  return g_quark_from_static_string ("md-outbox-error-quark");
}

static const char *const intake_states[] = {
  "reserved", "received", "approved", "returned", "rejected", "withdrawn", "abandoned",
};

static const char *const delivery_states[] = {
  "none", "waiting", "sending", "delivered", "erased", "quarantined", "parked",
};

/* How many items there are in each state, and how many were delivered on each day of Japan: kept
 * with the rows, since the queue of a week is long and is counted with every receipt. */
#define COUNTED_DAY(of)                                                                            \
  "iif (" of "state = 'delivered', (" of "delivered_ms + 32400000) / 86400000, 0)"
#define COUNT_UP                                                                                   \
  "INSERT INTO outbox_count VALUES (NEW.state, " COUNTED_DAY (                                     \
      "NEW.") ", 1)"                                                                               \
              " ON CONFLICT DO UPDATE SET n = n + 1;"
#define COUNT_DOWN                                                                                 \
  "UPDATE outbox_count SET n = n - 1 WHERE state = OLD.state AND day = " COUNTED_DAY ("OLD.") ";"
#define STATE_COUNTS                                                                               \
  "CREATE TABLE outbox_count ("                                                                    \
  " state TEXT NOT NULL, day INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (state, day))"      \
  " STRICT, WITHOUT ROWID;"                                                                        \
  "INSERT INTO outbox_count SELECT state, " COUNTED_DAY (                                          \
      "") " AS counted_day, count (*) FROM outbox GROUP BY state, counted_day;"                    \
          "CREATE TRIGGER outbox_count_new AFTER INSERT ON outbox BEGIN " COUNT_UP " END;"         \
          "CREATE TRIGGER outbox_count_old AFTER DELETE ON outbox BEGIN " COUNT_DOWN " END;"       \
          "CREATE TRIGGER outbox_count_change AFTER UPDATE OF state, delivered_ms ON outbox "      \
          "BEGIN " COUNT_DOWN " " COUNT_UP " END"

/* Payloads lie apart, so that a change of state never rewrites them. due_ms and lease_ms are wall
 * clock milliseconds. */
static const MdDbMigration migrations[] = {
  { "intakes, queue, payloads, numbers",
    "CREATE TABLE intake ("
    " id TEXT PRIMARY KEY, receipt_number TEXT NOT NULL UNIQUE, procedure TEXT NOT NULL,"
    " clerk TEXT NOT NULL, policy_version INTEGER NOT NULL, time TEXT NOT NULL,"
    " monotonic_ns INTEGER NOT NULL, boot_id TEXT NOT NULL, nonce BLOB, nonce_state TEXT NOT NULL,"
    " state TEXT NOT NULL CHECK (state IN ('reserved', 'received', 'approved', 'returned',"
    "  'rejected', 'withdrawn', 'abandoned')),"
    " submitted_ms INTEGER, container_sha256 TEXT, manifest_sha256 TEXT, signature_sha256 TEXT,"
    " next_n INTEGER NOT NULL DEFAULT 2, decided_by TEXT, reason_code TEXT,"
    " size INTEGER NOT NULL DEFAULT 0, erased_ms INTEGER) STRICT, WITHOUT ROWID;"
    "CREATE INDEX intake_submitted ON intake (submitted_ms);"
    "CREATE INDEX intake_received ON intake (id) WHERE state = 'received';"
    "CREATE INDEX intake_returned ON intake (id) WHERE state = 'returned';"
    "CREATE TABLE outbox ("
    " seq INTEGER PRIMARY KEY AUTOINCREMENT, intake TEXT NOT NULL REFERENCES intake (id),"
    " n INTEGER NOT NULL, digest TEXT NOT NULL, size INTEGER NOT NULL,"
    " state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'delivered', 'quarantined')),"
    " fresh INTEGER NOT NULL DEFAULT 1, attempts INTEGER NOT NULL DEFAULT 0,"
    " created TEXT NOT NULL, due_ms INTEGER NOT NULL, lease_ms INTEGER NOT NULL DEFAULT 0,"
    " last_error TEXT, receipt BLOB, receipt_sequence INTEGER, receipt_time TEXT,"
    " delivered_ms INTEGER, UNIQUE (intake, n)) STRICT;"
    "CREATE INDEX outbox_unsent ON outbox (seq) WHERE state <> 'delivered';"
    "CREATE INDEX outbox_fresh ON outbox (seq) WHERE state = 'waiting' AND fresh = 1;"
    "CREATE INDEX outbox_retry ON outbox (due_ms) WHERE state = 'waiting' AND fresh = 0;"
    "CREATE INDEX outbox_leased ON outbox (lease_ms) WHERE state = 'sending';"
    "CREATE INDEX outbox_delivered ON outbox (delivered_ms) WHERE state = 'delivered';"
    "CREATE TABLE payload ("
    " item INTEGER PRIMARY KEY REFERENCES outbox (seq), body BLOB NOT NULL) STRICT;"
    "CREATE TABLE receipt_pool ("
    " id INTEGER PRIMARY KEY CHECK (id = 1), terminal_number INTEGER NOT NULL,"
    " last INTEGER NOT NULL, next INTEGER NOT NULL) STRICT" },
  /* The first column is written when a number is reserved, the second when the new intake is
   * submitted: until then the returned one waits for somebody. */
  { "a returned intake is taken up again by another",
    "ALTER TABLE intake ADD COLUMN replaces TEXT;"
    "ALTER TABLE intake ADD COLUMN replaced_by TEXT;"
    "DROP INDEX intake_returned;"
    "CREATE INDEX intake_returned ON intake (id)"
    " WHERE state = 'returned' AND replaced_by IS NULL" },
  /* What stops an intake, without a word of what it is: that lies in the window's memory, and later
   * in the sealed evidence. The release is what the manifest has to carry. */
  { "holds, and who released them",
    "CREATE TABLE hold ("
    " intake TEXT NOT NULL REFERENCES intake (id), n INTEGER NOT NULL, raised TEXT NOT NULL,"
    " release BLOB, signature BLOB, officer TEXT,"
    " PRIMARY KEY (intake, n), UNIQUE (intake, raised),"
    " CHECK ((release IS NULL) = (signature IS NULL) AND (release IS NULL) = (officer IS NULL))"
    ") STRICT, WITHOUT ROWID" },
  { "what is still to be asked about revocation",
    "ALTER TABLE intake ADD COLUMN deferred INTEGER NOT NULL DEFAULT 0" },
  /* Of whom the day's intakes are: pseudonyms under a key that does not lie on this disk, gone the
   * next day. No index: a day has some hundred at most. */
  { "of whom the day's intakes are",
    "CREATE TABLE named ("
    " intake TEXT NOT NULL REFERENCES intake (id), day TEXT NOT NULL, who TEXT NOT NULL,"
    " number TEXT NOT NULL, shown TEXT NOT NULL, address TEXT NOT NULL,"
    " PRIMARY KEY (intake, who)) STRICT, WITHOUT ROWID;"
    "ALTER TABLE intake ADD COLUMN named INTEGER NOT NULL DEFAULT 0" },
  /* As the manifest has to say it. */
  { "what was said of whom an intake is",
    "ALTER TABLE intake ADD COLUMN named_as TEXT NOT NULL DEFAULT ''" },
  { "what a second person has to look at",
    "ALTER TABLE intake ADD COLUMN differences INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE intake ADD COLUMN number_blank INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE intake ADD COLUMN released INTEGER NOT NULL DEFAULT 0" },
  /* Digests under a key that is the letter's code, which lies nowhere here. kept_ms: a refused one
   * may be restored until then, so its sealed copy stays. */
  { "accepted letters of delegation, and what is filed by them",
    "CREATE TABLE letter ("
    " intake TEXT PRIMARY KEY REFERENCES intake (id), decision_sha256 TEXT NOT NULL,"
    " procedures TEXT NOT NULL, valid_from TEXT NOT NULL, valid_to TEXT NOT NULL,"
    " principal TEXT NOT NULL, delegate TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "ALTER TABLE intake ADD COLUMN cites TEXT;"
    "ALTER TABLE intake ADD COLUMN kept_ms INTEGER;"
    "CREATE INDEX intake_kept ON intake (kept_ms) WHERE kept_ms > 0" },
  { "which of its people an intake was named as last",
    "ALTER TABLE named ADD COLUMN last INTEGER NOT NULL DEFAULT 0" },
  /* As they were signed; nobody is named in one. intake: NULL where it is none of this terminal's.
   * read_ms: somebody has read it, and does nothing more about it here. */
  { "notices of the back office",
    "CREATE TABLE notice ("
    " number INTEGER PRIMARY KEY, digest TEXT NOT NULL, body BLOB NOT NULL,"
    " intake TEXT REFERENCES intake (id), read_ms INTEGER, read_by TEXT) STRICT;"
    "CREATE UNIQUE INDEX notice_intake ON notice (intake) WHERE intake IS NOT NULL;"
    "CREATE INDEX notice_unread ON notice (intake) WHERE read_ms IS NULL" },
  /* The row says what holds now; what held before is in the log. It goes when the letter is long
   * over. */
  { "letters that were changed since they were accepted",
    "ALTER TABLE letter ADD COLUMN ended INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE intake ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX letter_valid_to ON letter (valid_to);"
    "CREATE INDEX intake_cites ON intake (cites) WHERE cites IS NOT NULL" },
  /* As the gateway told it when it was asked last; the same as of a letter of this terminal, and
   * its time of return in place of the notice, which another terminal has. */
  { "letters that were accepted at other terminals",
    "CREATE TABLE letter_elsewhere ("
    " intake TEXT PRIMARY KEY, receipt_number TEXT NOT NULL, decision_sha256 TEXT NOT NULL,"
    " procedures TEXT NOT NULL, valid_from TEXT NOT NULL, valid_to TEXT NOT NULL,"
    " principal TEXT NOT NULL, delegate TEXT NOT NULL, ended INTEGER NOT NULL, given_back TEXT)"
    " STRICT, WITHOUT ROWID" },
  /* What was typed lies in the body, sealed to the clerk's own card. */
  { "intakes that wait for their clerk to go on",
    "CREATE TABLE draft ("
    " id TEXT PRIMARY KEY, procedure TEXT NOT NULL, clerk TEXT NOT NULL, begun TEXT NOT NULL,"
    " until_ms INTEGER NOT NULL, replaces TEXT, intake TEXT UNIQUE REFERENCES intake (id),"
    " body BLOB NOT NULL) STRICT" },
  /* It waits still, in the state it was in: of the two who must agree one has. */
  { "who checked what waits for the approval of another",
    "ALTER TABLE intake ADD COLUMN checked_by TEXT;"
    "ALTER TABLE intake ADD COLUMN checked TEXT" },
  { "what has to be with the back office at once",
    "ALTER TABLE intake ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE outbox ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0;"
    "DROP INDEX outbox_fresh;"
    "CREATE INDEX outbox_fresh ON outbox (urgent DESC, seq)"
    " WHERE state = 'waiting' AND fresh = 1;"
    "CREATE INDEX outbox_urgent ON outbox (due_ms)"
    " WHERE state = 'waiting' AND fresh = 0 AND urgent = 1" },
  /* A connection to the bus, and which bus: neither comes again. NULL: of before. */
  { "at whose window an intake was begun", "ALTER TABLE intake ADD COLUMN owner TEXT" },
  { "how many items are in each state", STATE_COUNTS },
  { "when the file was put back from a backup",
    "CREATE TABLE meta (name TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID" },
  /* issued: last and next are of a block that the gateway gave; the other blocks wait. newest: the
   * last number of the newest one. epoch: 0 until the gateway has told it. */
  { "receipt numbers that the gateway issued",
    "CREATE TABLE number_block ("
    " first INTEGER PRIMARY KEY, last INTEGER NOT NULL CHECK (last >= first)) STRICT;"
    "ALTER TABLE receipt_pool ADD COLUMN issued INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE receipt_pool ADD COLUMN highest INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE receipt_pool ADD COLUMN newest INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE receipt_pool ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;"
    "UPDATE receipt_pool SET highest = next - 1" },
  /* What the ledger says never goes, while what it speaks of does: so it refers to none of it. */
  { "media, and the ledger of what went by them",
    "CREATE TABLE medium ("
    " id TEXT PRIMARY KEY, key_sha256 TEXT NOT NULL UNIQUE, registered TEXT NOT NULL, retired TEXT)"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE medium_bundle ("
    " id TEXT PRIMARY KEY, medium TEXT NOT NULL REFERENCES medium (id), officer TEXT NOT NULL,"
    " carrier TEXT NOT NULL, purpose TEXT NOT NULL, digest TEXT NOT NULL, list BLOB NOT NULL,"
    " signature BLOB NOT NULL, items INTEGER NOT NULL, size INTEGER NOT NULL,"
    " released TEXT NOT NULL, changed TEXT NOT NULL,"
    " state TEXT NOT NULL CHECK (state IN ('released', 'written', 'returned', 'erased', 'failed',"
    "  'lost'))) STRICT;"
    "CREATE INDEX medium_bundle_out ON medium_bundle (medium)"
    " WHERE state IN ('released', 'written', 'returned');"
    "CREATE TABLE medium_item ("
    " bundle TEXT NOT NULL REFERENCES medium_bundle (id), intake TEXT NOT NULL, n INTEGER NOT NULL,"
    " PRIMARY KEY (intake, n, bundle)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX medium_item_bundle ON medium_item (bundle)" },
  { "what the administrator keeps here", "ALTER TABLE outbox ADD COLUMN parked_by TEXT;"
                                         "ALTER TABLE outbox ADD COLUMN parked_reason TEXT;"
                                         "ALTER TABLE outbox ADD COLUMN parked TEXT;"
                                         "CREATE INDEX outbox_parked ON outbox (intake)"
                                         " WHERE parked_by IS NOT NULL AND state <> 'delivered'" },
  /* With all that comes of it later: an item gets it from here when it is made. */
  { "which applications the administrator keeps here",
    "ALTER TABLE intake ADD COLUMN parked_by TEXT;"
    "ALTER TABLE intake ADD COLUMN parked_reason TEXT;"
    "ALTER TABLE intake ADD COLUMN parked TEXT;"
    "CREATE INDEX intake_replaces ON intake (replaces) WHERE replaces IS NOT NULL;"
    "UPDATE intake SET (parked_by, parked_reason, parked)"
    " = (SELECT o.parked_by, o.parked_reason, o.parked FROM outbox o WHERE o.intake = intake.id"
    "  AND o.parked_by IS NOT NULL AND o.state <> 'delivered' ORDER BY o.n LIMIT 1)"
    " WHERE id IN (SELECT intake FROM outbox"
    "  WHERE parked_by IS NOT NULL AND state <> 'delivered')" },
  /* Nobody looked when a writing failed: what "failed" has said until now is "unclear". */
  { "what may be left on a medium, and the end of media",
    "ALTER TABLE medium ADD COLUMN disposed TEXT;"
    "ALTER TABLE medium ADD COLUMN method TEXT;"
    "CREATE TABLE kept_item AS SELECT * FROM medium_item;"
    "DROP TABLE medium_item;"
    "CREATE TABLE kept_bundle AS SELECT * FROM medium_bundle;"
    "DROP TABLE medium_bundle;"
    "CREATE TABLE medium_bundle ("
    " id TEXT PRIMARY KEY, medium TEXT NOT NULL REFERENCES medium (id), officer TEXT NOT NULL,"
    " carrier TEXT NOT NULL, purpose TEXT NOT NULL, digest TEXT NOT NULL, list BLOB NOT NULL,"
    " signature BLOB NOT NULL, items INTEGER NOT NULL, size INTEGER NOT NULL,"
    " released TEXT NOT NULL, changed TEXT NOT NULL,"
    " state TEXT NOT NULL CHECK (state IN ('released', 'written', 'returned', 'erased', 'failed',"
    "  'unclear', 'lost'))) STRICT;"
    "INSERT INTO medium_bundle SELECT * FROM kept_bundle;"
    "UPDATE medium_bundle SET state = 'unclear' WHERE state = 'failed';"
    "DROP TABLE kept_bundle;"
    "CREATE INDEX medium_bundle_out ON medium_bundle (medium)"
    " WHERE state IN ('released', 'written', 'returned', 'unclear');"
    "CREATE TABLE medium_item ("
    " bundle TEXT NOT NULL REFERENCES medium_bundle (id), intake TEXT NOT NULL, n INTEGER NOT NULL,"
    " PRIMARY KEY (intake, n, bundle)) STRICT, WITHOUT ROWID;"
    "INSERT INTO medium_item SELECT * FROM kept_item;"
    "DROP TABLE kept_item;"
    "CREATE INDEX medium_item_bundle ON medium_item (bundle)" },
  { "what goes when its period is over",
    "CREATE INDEX intake_erased ON intake (erased_ms) WHERE erased_ms IS NOT NULL;"
    "CREATE INDEX intake_abandoned ON intake (time) WHERE state = 'abandoned';"
    "CREATE INDEX intake_unerased ON intake (id) WHERE erased_ms IS NULL"
    " AND state IN ('approved', 'returned', 'rejected', 'withdrawn')" },
};

gboolean
md_outbox_migrate (MdDb *db, GError **error)
{
  return md_db_migrate (db, "outbox", migrations, G_N_ELEMENTS (migrations), error);
}

static const MdDbMigration settings[] = {
  { "settings of the service", "CREATE TABLE setting (name TEXT PRIMARY KEY, number INTEGER, bytes "
                               "BLOB) STRICT, WITHOUT ROWID" },
  { "every policy that was in force",
    "CREATE TABLE policy (version INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, bundle BLOB "
    "NOT NULL) STRICT" },
};

gboolean
md_outbox_migrate_settings (MdDb *db, GError **error)
{
  return md_db_migrate (db, "daemon", settings, G_N_ELEMENTS (settings), error);
}

const char *
md_intake_state_to_string (MdIntakeState state)
{
  return intake_states[state];
}

gboolean
md_intake_state_from_string (const char *text, MdIntakeState *out_state)
{
  const int row = MD_TABLE_ROW (intake_states, text);

  if (row >= 0)
    *out_state = (MdIntakeState)row;
  return row >= 0;
}

const char *
md_delivery_state_to_string (MdDeliveryState state)
{
  return delivery_states[state];
}

MdOutbox *
md_outbox_new (MdDb *db, MdAudit *audit, MdClock *clock)
{
  MdOutbox *self = g_new0 (MdOutbox, 1);

  self->db = db;
  self->audit = audit;
  self->clock = g_object_ref (clock);
  return self;
}

void
md_outbox_free (MdOutbox *self)
{
  if (self == NULL)
    return;
  g_object_unref (self->clock);
  g_free (self);
}

gint64
_md_outbox_now_ms (MdOutbox *self)
{
  return md_clock_get_wall_us (self->clock) / 1000;
}

char *
_md_outbox_now_text (MdOutbox *self)
{
  return md_time_format_rfc3339 (md_clock_get_wall_us (self->clock));
}

char *
_md_outbox_dup_text (MdOutbox *self, const char *sql, const char *id, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare_for (self->db, sql, id, error);
  MdDbStep step;

  if (statement == NULL)
    return NULL;
  step = md_db_step (statement, error);
  if (step == MD_DB_STEP_ERROR)
    return NULL;
  return g_strdup (step == MD_DB_STEP_ROW ? md_db_column_text (statement, 0) : "");
}
