// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-ledger-private.h"

/* The tables of a ledger on md-db, as they came to be. A step that has been in use is never
 * changed: what is wrong with it is put right by a later one. */

#define ITEMS_1                                                                                    \
  "CREATE TABLE ledger_items ("                                                                    \
  "  sequence INTEGER PRIMARY KEY,"                                                                \
  "  intake TEXT NOT NULL,"                                                                        \
  "  n INTEGER NOT NULL CHECK (n BETWEEN 1 AND 99),"                                               \
  "  digest TEXT NOT NULL,"                                                                        \
  "  received TEXT NOT NULL,"                                                                      \
  "  office TEXT NOT NULL,"                                                                        \
  "  terminal TEXT NOT NULL,"                                                                      \
  "  receipt_number TEXT NOT NULL,"                                                                \
  "  procedure TEXT NOT NULL,"                                                                     \
  "  officer TEXT NOT NULL,"                                                                       \
  "  decision TEXT CHECK ((decision IS NULL) = (n = 1)),"                                          \
  "  policy_version INTEGER NOT NULL,"                                                             \
  "  receipt BLOB NOT NULL,"                                                                       \
  "  UNIQUE (intake, n)"                                                                           \
  ") STRICT;"

#define BODIES                                                                                     \
  "CREATE TABLE ledger_bodies ("                                                                   \
  "  sequence INTEGER PRIMARY KEY REFERENCES ledger_items (sequence),"                             \
  "  body BLOB NOT NULL"                                                                           \
  ") STRICT;"

/* Of the third version there are two kinds: for a while step 1 made the columns policy_digest,
 * nonce and nonce_fresh, and a ledger of the second version got none of them. Both become the same
 * here. A column that the old table does not have is looked for further out and found there, in
 * "unknown". Nothing is known of items from before these columns, which is written as "". */
#define ITEMS_4                                                                                    \
  "ALTER TABLE ledger_bodies RENAME TO old_bodies;"                                                \
  "ALTER TABLE ledger_items RENAME TO old_items;"                                                  \
  "CREATE TABLE ledger_items ("                                                                    \
  "  sequence INTEGER PRIMARY KEY,"                                                                \
  "  intake TEXT NOT NULL,"                                                                        \
  "  n INTEGER NOT NULL CHECK (n BETWEEN 1 AND 99),"                                               \
  "  digest TEXT NOT NULL,"                                                                        \
  "  received TEXT NOT NULL,"                                                                      \
  "  office TEXT NOT NULL,"                                                                        \
  "  terminal TEXT NOT NULL,"                                                                      \
  "  receipt_number TEXT NOT NULL,"                                                                \
  "  procedure TEXT NOT NULL,"                                                                     \
  "  officer TEXT NOT NULL,"                                                                       \
  "  decision TEXT CHECK ((decision IS NULL) = (n = 1)),"                                          \
  "  policy_version INTEGER NOT NULL,"                                                             \
  "  policy_digest TEXT NOT NULL,"                                                                 \
  "  nonce TEXT NOT NULL,"                                                                         \
  "  nonce_fresh TEXT UNIQUE,"                                                                     \
  "  replaces TEXT,"                                                                               \
  "  receipt BLOB NOT NULL,"                                                                       \
  "  UNIQUE (intake, n)"                                                                           \
  ") STRICT;" BODIES                                                                               \
  "INSERT INTO ledger_items SELECT sequence, intake, n, digest, received, office, terminal,"       \
  "  receipt_number, procedure, officer, decision, policy_version,"                                \
  "  (SELECT policy_digest FROM old_items o WHERE o.sequence = i.sequence),"                       \
  "  (SELECT nonce FROM old_items o WHERE o.sequence = i.sequence),"                               \
  "  (SELECT nullif (nonce_fresh, '') FROM old_items o WHERE o.sequence = i.sequence),"            \
  "  replaces, receipt"                                                                            \
  "  FROM (SELECT sequence, intake, n, digest, received, office, terminal, receipt_number,"        \
  "    procedure, officer, decision, policy_version, replaces, receipt FROM old_items) i,"         \
  "    (SELECT '' AS policy_digest, '' AS nonce, '' AS nonce_fresh) unknown"                       \
  "  ORDER BY i.sequence;"                                                                         \
  "INSERT INTO ledger_bodies SELECT sequence, body FROM old_bodies;"                               \
  "DROP TABLE old_bodies;"                                                                         \
  "DROP TABLE old_items;"

/* What was found out once stays: nobody takes it back or replaces it. */
#define COMPLETIONS                                                                                \
  "CREATE TABLE ledger_completions ("                                                              \
  "  number INTEGER PRIMARY KEY,"                                                                  \
  "  intake TEXT NOT NULL UNIQUE,"                                                                 \
  "  time TEXT NOT NULL,"                                                                          \
  "  officer TEXT NOT NULL,"                                                                       \
  "  verdict TEXT NOT NULL CHECK (verdict IN ('valid', 'revoked')),"                               \
  "  evidence BLOB NOT NULL"                                                                       \
  ") STRICT;"                                                                                      \
  "CREATE TRIGGER ledger_completions_no_update BEFORE UPDATE ON ledger_completions"                \
  " BEGIN SELECT raise (ABORT, 'completions are append-only'); END;"                               \
  "CREATE TRIGGER ledger_completions_no_delete BEFORE DELETE ON ledger_completions"                \
  " BEGIN SELECT raise (ABORT, 'completions are append-only'); END;"

/* What the desk has taken down of numbers and of those who confirmed differences. The digests are
 * made with a key that only the desk has: to the gateway, and to a thief of the store, they are
 * noise. */
#define CONFIRMATIONS                                                                              \
  "CREATE TABLE ledger_bindings ("                                                                 \
  "  number INTEGER PRIMARY KEY,"                                                                  \
  "  intake TEXT NOT NULL,"                                                                        \
  "  made_with BLOB NOT NULL CHECK (length (made_with) = 32),"                                     \
  "  addressee_digest BLOB CHECK (length (addressee_digest) = 32),"                                \
  "  person_digest BLOB NOT NULL CHECK (length (person_digest) = 32),"                             \
  "  number_digest BLOB NOT NULL CHECK (length (number_digest) = 32)"                              \
  ") STRICT;"                                                                                      \
  "CREATE INDEX ledger_bindings_intake ON ledger_bindings (intake);"                               \
  "CREATE INDEX ledger_bindings_number ON ledger_bindings (number_digest);"                        \
  "CREATE INDEX ledger_bindings_addressee ON ledger_bindings (addressee_digest)"                   \
  " WHERE addressee_digest IS NOT NULL;"                                                           \
  "CREATE TRIGGER ledger_bindings_no_update BEFORE UPDATE ON ledger_bindings"                      \
  " BEGIN SELECT raise (ABORT, 'bindings are append-only'); END;"                                  \
  "CREATE TRIGGER ledger_bindings_no_delete BEFORE DELETE ON ledger_bindings"                      \
  " BEGIN SELECT raise (ABORT, 'bindings are append-only'); END;"                                  \
  "CREATE TABLE ledger_confirmations ("                                                            \
  "  number INTEGER PRIMARY KEY,"                                                                  \
  "  intake TEXT NOT NULL,"                                                                        \
  "  rule TEXT NOT NULL,"                                                                          \
  "  field TEXT NOT NULL,"                                                                         \
  "  key_a BLOB NOT NULL CHECK (length (key_a) = 32),"                                             \
  "  key_b BLOB NOT NULL CHECK (length (key_b) = 32),"                                             \
  "  state TEXT NOT NULL CHECK (state IN ('confirmed', 'refused')),"                               \
  "  officer TEXT NOT NULL,"                                                                       \
  "  reason TEXT NOT NULL,"                                                                        \
  "  time TEXT NOT NULL,"                                                                          \
  "  UNIQUE (intake, rule, field, key_a, key_b)"                                                   \
  ") STRICT;"                                                                                      \
  "CREATE TRIGGER ledger_confirmations_no_update BEFORE UPDATE ON ledger_confirmations"            \
  " BEGIN SELECT raise (ABORT, 'confirmations are append-only'); END;"                             \
  "CREATE TRIGGER ledger_confirmations_no_delete BEFORE DELETE ON ledger_confirmations"            \
  " BEGIN SELECT raise (ABORT, 'confirmations are append-only'); END;"

/* What goes back to the terminals. Nothing of it changes but that the terminal has fetched it. */
#define NOTICES                                                                                    \
  "CREATE TABLE ledger_notices ("                                                                  \
  "  sequence INTEGER PRIMARY KEY,"                                                                \
  "  office TEXT NOT NULL,"                                                                        \
  "  terminal TEXT NOT NULL,"                                                                      \
  "  number INTEGER NOT NULL CHECK (number > 0),"                                                  \
  "  intake TEXT NOT NULL UNIQUE,"                                                                 \
  "  officer TEXT NOT NULL,"                                                                       \
  "  reason TEXT NOT NULL,"                                                                        \
  "  time TEXT NOT NULL,"                                                                          \
  "  digest TEXT NOT NULL,"                                                                        \
  "  body BLOB NOT NULL,"                                                                          \
  "  fetched TEXT,"                                                                                \
  "  UNIQUE (office, terminal, number)"                                                            \
  ") STRICT;"                                                                                      \
  "CREATE TRIGGER ledger_notices_no_update BEFORE UPDATE ON ledger_notices"                        \
  " WHEN old.fetched IS NOT NULL OR new.fetched IS NULL OR new.sequence <> old.sequence"           \
  "  OR new.office <> old.office OR new.terminal <> old.terminal OR new.number <> old.number"      \
  "  OR new.intake <> old.intake OR new.officer <> old.officer OR new.reason <> old.reason"        \
  "  OR new.time <> old.time OR new.digest <> old.digest OR new.body <> old.body"                  \
  " BEGIN SELECT raise (ABORT, 'notices are append-only'); END;"                                   \
  "CREATE TRIGGER ledger_notices_no_delete BEFORE DELETE ON ledger_notices"                        \
  " BEGIN SELECT raise (ABORT, 'notices are append-only'); END;"

/* Which decision upon a letter of delegation took the place of which: no two of the same one. */
#define LETTERS                                                                                    \
  "CREATE TABLE ledger_letters ("                                                                  \
  "  sequence INTEGER PRIMARY KEY,"                                                                \
  "  decision TEXT NOT NULL UNIQUE CHECK (length (decision) = 64),"                                \
  "  amends TEXT UNIQUE CHECK (length (amends) = 64)"                                              \
  ") STRICT;"                                                                                      \
  "CREATE TRIGGER ledger_letters_no_update BEFORE UPDATE ON ledger_letters"                        \
  " BEGIN SELECT raise (ABORT, 'letters are append-only'); END;"                                   \
  "CREATE TRIGGER ledger_letters_no_delete BEFORE DELETE ON ledger_letters"                        \
  " BEGIN SELECT raise (ABORT, 'letters are append-only'); END;"

/* What was learnt of an intake later. An inquiry has one answer, whichever intake that is of. */
#define ADDITIONS                                                                                  \
  "CREATE TABLE ledger_additions ("                                                                \
  "  number INTEGER PRIMARY KEY,"                                                                  \
  "  intake TEXT NOT NULL,"                                                                        \
  "  kind TEXT NOT NULL CHECK (kind IN ('reply', 'result', 'correction')),"                        \
  "  name TEXT NOT NULL,"                                                                          \
  "  officer TEXT NOT NULL,"                                                                       \
  "  reason TEXT NOT NULL CHECK (kind <> 'correction' OR reason <> ''),"                           \
  "  time TEXT NOT NULL,"                                                                          \
  "  seal BLOB NOT NULL CHECK (length (seal) = 32),"                                               \
  "  body BLOB NOT NULL,"                                                                          \
  "  UNIQUE (intake, kind, name)"                                                                  \
  ") STRICT;"                                                                                      \
  "CREATE UNIQUE INDEX ledger_additions_inquiry ON ledger_additions (name)"                        \
  " WHERE kind <> 'correction';"                                                                   \
  "CREATE TRIGGER ledger_additions_no_update BEFORE UPDATE ON ledger_additions"                    \
  " BEGIN SELECT raise (ABORT, 'additions are append-only'); END;"                                 \
  "CREATE TRIGGER ledger_additions_no_delete BEFORE DELETE ON ledger_additions"                    \
  " BEGIN SELECT raise (ABORT, 'additions are append-only'); END;"

/* On PostgreSQL a ledger begins with the eleventh version, which makes everything. */
#define NONE ""

#define TOTALS(integer)                                                                            \
  "CREATE TABLE ledger_totals ("                                                                   \
  " id " integer " PRIMARY KEY CHECK (id = 1), intakes " integer " NOT NULL,"                      \
  " decisions " integer " NOT NULL)"
#define COUNT_ITEMS                                                                                \
  "INSERT INTO ledger_totals SELECT 1, count (*) FILTER (WHERE n = 1),"                            \
  " count (*) FILTER (WHERE n > 1) FROM ledger_items"

/* Receipt numbers that arrived; blocks of them that were given out; and what was seen of each
 * terminal. Of two intakes with one number, from before that was looked at, one has it. */
#define NUMBERS                                                                                    \
  "CREATE TABLE ledger_numbers ("                                                                  \
  "  office TEXT NOT NULL, serial INTEGER NOT NULL, counter INTEGER NOT NULL,"                     \
  "  intake TEXT NOT NULL, PRIMARY KEY (office, serial, counter)"                                  \
  ") STRICT, WITHOUT ROWID;"                                                                       \
  "CREATE TABLE ledger_blocks ("                                                                   \
  "  office TEXT NOT NULL, serial INTEGER NOT NULL, terminal TEXT NOT NULL,"                       \
  "  first INTEGER NOT NULL, last INTEGER NOT NULL CHECK (last >= first),"                         \
  "  issued INTEGER NOT NULL, PRIMARY KEY (office, serial, first)"                                 \
  ") STRICT, WITHOUT ROWID;"                                                                       \
  "CREATE TABLE ledger_terminals ("                                                                \
  "  office TEXT NOT NULL, terminal TEXT NOT NULL, epoch INTEGER NOT NULL,"                        \
  "  last INTEGER NOT NULL, PRIMARY KEY (office, terminal)"                                        \
  ") STRICT, WITHOUT ROWID;"                                                                       \
  "INSERT INTO ledger_numbers SELECT office, CAST (substr (receipt_number, 1, 3) AS INTEGER),"     \
  " CAST (substr (receipt_number, 5, 6) AS INTEGER), min (intake) FROM ledger_items"               \
  " WHERE n = 1 AND receipt_number LIKE '___-______-_' GROUP BY 1, 2, 3;"                          \
  "INSERT INTO ledger_terminals SELECT office, terminal, 1, max (sequence) FROM ledger_items"      \
  " GROUP BY office, terminal;"                                                                    \
  "CREATE TRIGGER ledger_numbers_no_update BEFORE UPDATE ON ledger_numbers"                        \
  " BEGIN SELECT raise (ABORT, 'numbers are append-only'); END;"                                   \
  "CREATE TRIGGER ledger_numbers_no_delete BEFORE DELETE ON ledger_numbers"                        \
  " BEGIN SELECT raise (ABORT, 'numbers are append-only'); END;"                                   \
  "CREATE TRIGGER ledger_blocks_no_update BEFORE UPDATE ON ledger_blocks"                          \
  " BEGIN SELECT raise (ABORT, 'blocks are append-only'); END;"                                    \
  "CREATE TRIGGER ledger_blocks_no_delete BEFORE DELETE ON ledger_blocks"                          \
  " BEGIN SELECT raise (ABORT, 'blocks are append-only'); END;"

/* Containers that are not whole yet. */
#define UPLOADS                                                                                    \
  "CREATE TABLE ledger_uploads ("                                                                  \
  "  number INTEGER PRIMARY KEY,"                                                                  \
  "  office TEXT NOT NULL, terminal TEXT NOT NULL, intake TEXT NOT NULL,"                          \
  "  digest TEXT NOT NULL CHECK (length (digest) = 64),"                                           \
  "  size INTEGER NOT NULL CHECK (size > 0),"                                                      \
  "  stands INTEGER NOT NULL CHECK (stands BETWEEN 0 AND size),"                                   \
  "  touched INTEGER NOT NULL, tried INTEGER NOT NULL,"                                            \
  "  UNIQUE (office, terminal, intake, digest)"                                                    \
  ") STRICT;"                                                                                      \
  "CREATE TABLE ledger_chunks ("                                                                   \
  "  upload INTEGER NOT NULL REFERENCES ledger_uploads (number),"                                  \
  "  first INTEGER NOT NULL, body BLOB NOT NULL CHECK (length (body) > 0),"                        \
  "  PRIMARY KEY (upload, first)"                                                                  \
  ") STRICT;"

/* What was not taken. It does not stay for ever: the audit chain does. */
#define REFUSALS                                                                                   \
  "CREATE TABLE ledger_refusals ("                                                                 \
  "  number INTEGER PRIMARY KEY, office TEXT NOT NULL, terminal TEXT NOT NULL,"                    \
  "  intake TEXT NOT NULL, what TEXT NOT NULL, code TEXT NOT NULL, digest TEXT NOT NULL,"          \
  "  first TEXT NOT NULL, last TEXT NOT NULL, times INTEGER NOT NULL,"                             \
  "  UNIQUE (office, terminal, intake, what, code, digest)"                                        \
  ") STRICT"

/* Requests for certificates. What the terminal has got does not change any more. */
#define RENEWALS                                                                                   \
  "CREATE TABLE ledger_renewals ("                                                                 \
  "  number INTEGER PRIMARY KEY, office TEXT NOT NULL, terminal TEXT NOT NULL,"                    \
  "  key TEXT NOT NULL CHECK (length (key) = 64), request BLOB NOT NULL, asked TEXT NOT NULL,"     \
  "  state TEXT NOT NULL CHECK (state IN ('open', 'certified', 'declined')),"                      \
  "  certificate BLOB CHECK ((certificate IS NOT NULL) = (state = 'certified')),"                  \
  "  decided TEXT, fetched TEXT CHECK (fetched IS NULL OR state = 'certified'),"                   \
  "  UNIQUE (office, terminal, key)"                                                               \
  ") STRICT;"                                                                                      \
  "CREATE TRIGGER ledger_renewals_no_update BEFORE UPDATE ON ledger_renewals"                      \
  " WHEN old.fetched IS NOT NULL OR new.office <> old.office OR new.terminal <> old.terminal"      \
  "  OR new.key <> old.key OR new.request <> old.request OR new.asked <> old.asked"                \
  " BEGIN SELECT raise (ABORT, 'renewals are append-only'); END;"                                  \
  "CREATE TRIGGER ledger_renewals_no_delete BEFORE DELETE ON ledger_renewals"                      \
  " BEGIN SELECT raise (ABORT, 'renewals are append-only'); END;"

/* The hour that is counted, in microseconds since 1970, and how many began in it. */
#define EPOCHS(integer)                                                                            \
  "ALTER TABLE ledger_terminals ADD COLUMN hour " integer " NOT NULL DEFAULT 0;"                   \
  "ALTER TABLE ledger_terminals ADD COLUMN begun " integer " NOT NULL DEFAULT 0"

/* What each terminal says of its policy. */
#define IN_FORCE(integer)                                                                          \
  "CREATE TABLE ledger_in_force ("                                                                 \
  " office TEXT NOT NULL, terminal TEXT NOT NULL, version " integer " NOT NULL,"                   \
  " since " integer " NOT NULL, seen " integer " NOT NULL, highest " integer " NOT NULL,"          \
  " refused " integer " NOT NULL, cause TEXT NOT NULL, hour " integer " NOT NULL,"                 \
  " told " integer " NOT NULL, PRIMARY KEY (office, terminal))"

static const MdDbMigration steps[] = {
  { "items and their bodies", ITEMS_1 BODIES, NONE },
  { "what an intake takes up again", "ALTER TABLE ledger_items ADD COLUMN replaces TEXT", NONE },
  { "policies and the keys of nonces",
    "CREATE TABLE ledger_policies ("
    "  version INTEGER PRIMARY KEY,"
    "  digest TEXT NOT NULL,"
    "  bundle BLOB NOT NULL,"
    "  taken INTEGER NOT NULL"
    ") STRICT;"
    "CREATE TABLE ledger_nonce_keys ("
    "  number INTEGER PRIMARY KEY,"
    "  made INTEGER NOT NULL,"
    "  key BLOB NOT NULL"
    ") STRICT;",
    NONE },
  { "one shape for every ledger", ITEMS_4, NONE },
  { "who takes an intake up again",
    "CREATE INDEX ledger_replaces ON ledger_items (replaces)"
    " WHERE replaces IS NOT NULL",
    NONE },
  { "deferred checks that were completed", COMPLETIONS, NONE },
  { "numbers as they were linked, and who confirmed differences", CONFIRMATIONS, NONE },
  { "notices to the terminals", NOTICES, NONE },
  { "what became of letters of delegation", LETTERS, NONE },
  { "letters of delegation by their numbers",
    "CREATE INDEX ledger_letter_numbers ON ledger_items (receipt_number)"
    " WHERE n = 1 AND procedure = 'common.delegation'",
    NONE },
  { "replies, results and corrections", ADDITIONS, _md_ledger_postgresql_tables },
  /* For whoever asks every few seconds, while there are millions of rows. */
  { "how many items there are", TOTALS ("INTEGER") " STRICT;" COUNT_ITEMS,
    TOTALS ("BIGINT") ";" COUNT_ITEMS },
  { "receipt numbers that were given out", NUMBERS, _md_ledger_postgresql_numbers },
  { "containers that come in chunks", UPLOADS, _md_ledger_postgresql_uploads },
  { "what was not taken", REFUSALS, _md_ledger_postgresql_refusals },
  { "which question a block answered",
    "ALTER TABLE ledger_blocks ADD COLUMN question TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE ledger_blocks ADD COLUMN question TEXT NOT NULL DEFAULT ''" },
  { "how many epochs a terminal begins within an hour", EPOCHS ("INTEGER"), EPOCHS ("BIGINT") },
  { "requests of terminals for certificates", RENEWALS, _md_ledger_postgresql_renewals },
  { "which policy each terminal has in force", IN_FORCE ("INTEGER") " STRICT",
    IN_FORCE ("BIGINT") },
};

gboolean
_md_ledger_db_migrate (MdDb *db, GError **error)
{
  return md_db_migrate (db, "ledger", steps, G_N_ELEMENTS (steps), error);
}

gboolean
_md_ledger_db_check_version (MdDb *db, GError **error)
{
  guint version = 0;

  if (!md_db_schema_version (db, "ledger", &version, error))
    return FALSE;
  if (version == G_N_ELEMENTS (steps))
    return TRUE;
  g_set_error_literal (
      error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_FAILED,
      version < G_N_ELEMENTS (steps)
          ? "it is of an older release; start the gateway of this one first, which "
            "brings it up to date"
          : "it is of a newer release; install that release");
  return FALSE;
}
