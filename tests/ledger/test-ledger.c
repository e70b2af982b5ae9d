// SPDX-License-Identifier: Apache-2.0
#include "ledger-fixture.h"

#include <md-db.h>

#define A "0193a5a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b"
#define B "0193a5a0-1c2d-7e3f-8a4b-5c6d7e8f9a0c"

/* Puts an intake that was begun with a fresh nonce. */
static MdLedgerPut
put_fresh (Fixture *fixture, const char *intake, const char *text, const char *nonce)
{
  MdLedgerPut outcome = MD_LEDGER_PUT_FAILED;

  fixture->nonce = nonce;
  outcome = fixture_put (fixture, intake, 1, NULL, text, NULL);
  fixture->nonce = NULL;
  return outcome;
}

static guint64
records (Fixture *fixture)
{
  guint64 intakes = 0;
  guint64 decisions = 0;
  guint64 notes = 0;

  g_assert_true (md_ledger_count (fixture->ledger, &intakes, &decisions, &notes, NULL));
  return notes;
}

static void
test_same_bytes_same_receipt (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = NULL;
  g_autofree char *again = NULL;

  g_assert_cmpint (fixture_put (fixture, A, 1, NULL, "container", &first), ==,
                   MD_LEDGER_PUT_CREATED);
  g_clear_object (&fixture->ledger);
  fixture->ledger = fixture_open (fixture, TRUE);
  g_assert_cmpint (fixture_put (fixture, A, 1, NULL, "container", &again), ==, MD_LEDGER_PUT_SAME);
  g_assert_cmpstr (first, ==, again);
  g_assert_cmpuint (fixture->receipts, ==, 1);
  g_assert_cmpuint (records (fixture), ==, 1);
}

/* A nonce begins one intake; the same item again is no second one. */
static void
test_nonce_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MdLedgerEntry) entry = NULL;

  g_assert_cmpint (put_fresh (fixture, A, "a", "77"), ==, MD_LEDGER_PUT_CREATED);
  g_assert_cmpint (put_fresh (fixture, B, "b", "77"), ==, MD_LEDGER_PUT_NONCE_USED);
  g_assert_cmpint (put_fresh (fixture, A, "a", "77"), ==, MD_LEDGER_PUT_SAME);
  g_assert_cmpint (put_fresh (fixture, B, "b", NULL), ==, MD_LEDGER_PUT_CREATED);
  g_assert_cmpuint (fixture->receipts, ==, 2);
  entry = md_ledger_look_up (fixture->ledger, A, 1, NULL);
  g_assert_cmpstr (entry->nonce, ==, "fresh");
  g_assert_cmpstr (entry->nonce_fresh, ==, "77");
  g_assert_cmpstr (entry->policy_digest, ==, "aa");
}

static gboolean
keep (Fixture *fixture, guint version, const char *digest, GError **error)
{
  g_autoptr (GBytes) bundle = g_bytes_new (digest, strlen (digest));
  MdLedgerPolicy policy = { .version = version,
                            .digest = (char *)(gsize)digest,
                            .bundle = bundle,
                            .taken = version * G_TIME_SPAN_DAY };

  return md_ledger_keep_policy (fixture->ledger, &policy, error);
}

/* Every policy stays, in order; one and the same version has one content; each is recorded once. */
static void
test_policies (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) error = NULL;
  const MdLedgerPolicy *first = NULL;

  g_assert_true (keep (fixture, 1, "one", &error));
  g_assert_true (keep (fixture, 7, "seven", &error));
  g_assert_true (keep (fixture, 1, "one", &error));
  g_assert_no_error (error);
  g_assert_false (keep (fixture, 7, "other", &error));
  g_assert_error (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_FAILED);
  g_assert_cmpuint (records (fixture), ==, 2);
  g_clear_object (&fixture->ledger);
  fixture->ledger = fixture_open (fixture, TRUE);
  list = md_ledger_list_policies (fixture->ledger, NULL);
  g_assert_cmpuint (list->len, ==, 2);
  first = list->pdata[0];
  g_assert_cmpuint (first->version, ==, 1);
  g_assert_cmpstr (first->digest, ==, "one");
  g_assert_cmpint (first->taken, ==, G_TIME_SPAN_DAY);
  g_assert_cmpuint (g_bytes_get_size (first->bundle), ==, 3);
}

static void
test_other_bytes_conflict (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GBytes) expected = g_bytes_new_static ("container", 9);

  g_assert_cmpint (fixture_put (fixture, A, 1, NULL, "container", NULL), ==, MD_LEDGER_PUT_CREATED);
  g_assert_cmpint (fixture_put (fixture, A, 1, NULL, "other", NULL), ==, MD_LEDGER_PUT_CONFLICT);
  g_assert_true (md_ledger_fetch (fixture->ledger, A, 1, &body, NULL, NULL));
  g_assert_cmpint (g_bytes_compare (body, expected), ==, 0);
}

static void
test_decisions_in_order (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (fixture_put (fixture, A, 2, "approve", "early", NULL), ==,
                   MD_LEDGER_PUT_NO_INTAKE);
  g_assert_cmpint (fixture_put (fixture, A, 1, NULL, "container", NULL), ==, MD_LEDGER_PUT_CREATED);
  g_assert_cmpint (fixture_put (fixture, A, 3, "approve", "gap", NULL), ==,
                   MD_LEDGER_PUT_OUT_OF_ORDER);
  g_assert_cmpint (fixture_put (fixture, A, 2, "return", "two", NULL), ==, MD_LEDGER_PUT_CREATED);
  g_assert_cmpint (fixture_put (fixture, A, 3, "approve", "no", NULL), ==,
                   MD_LEDGER_PUT_OUT_OF_ORDER);
  g_assert_cmpint (fixture_put (fixture, A, 3, "withdraw", "three", NULL), ==,
                   MD_LEDGER_PUT_CREATED);
  g_assert_cmpint (fixture_put (fixture, A, 4, "withdraw", "late", NULL), ==,
                   MD_LEDGER_PUT_OUT_OF_ORDER);
  g_assert_cmpint (fixture_put (fixture, A, 2, "return", "two", NULL), ==, MD_LEDGER_PUT_SAME);
  g_assert_cmpint (fixture_put (fixture, A, 2, "return", "zwei", NULL), ==, MD_LEDGER_PUT_CONFLICT);
}

static void
test_sequence_without_gap (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) rest = NULL;

  g_assert_cmpint (fixture_put (fixture, A, 1, NULL, "a", NULL), ==, MD_LEDGER_PUT_CREATED);
  g_assert_cmpint (fixture_put (fixture, A, 3, "approve", "gap", NULL), ==,
                   MD_LEDGER_PUT_OUT_OF_ORDER);
  fixture->receipts_fail = TRUE;
  g_assert_cmpint (fixture_put (fixture, B, 1, NULL, "b", NULL), ==, MD_LEDGER_PUT_FAILED);
  fixture->receipts_fail = FALSE;
  g_assert_cmpint (fixture_put (fixture, B, 1, NULL, "b", NULL), ==, MD_LEDGER_PUT_CREATED);
  g_assert_cmpint (fixture_put (fixture, A, 2, "approve", "c", NULL), ==, MD_LEDGER_PUT_CREATED);

  all = md_ledger_list (fixture->ledger, 0, 100, NULL);
  g_assert_cmpuint (all->len, ==, 3);
  for (guint i = 0; i < all->len; i++)
    g_assert_cmpuint (((MdLedgerEntry *)all->pdata[i])->sequence, ==, i + 1);
  rest = md_ledger_list (fixture->ledger, 1, 1, NULL);
  g_assert_cmpuint (rest->len, ==, 1);
  g_assert_cmpstr (((MdLedgerEntry *)rest->pdata[0])->intake, ==, B);
}

/* A failure inside the transaction leaves nothing: no item, no body, no record. */
static void
test_failure_stores_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->receipts_fail = TRUE;
  g_assert_cmpint (fixture_put (fixture, A, 1, NULL, "container", NULL), ==, MD_LEDGER_PUT_FAILED);
  g_assert_null (md_ledger_look_up (fixture->ledger, A, 1, &error));
  g_assert_error (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING);
  g_assert_cmpuint (records (fixture), ==, 0);
}

static void
test_audit_chain (Fixture *fixture, gconstpointer data)
{
  MdAuditEntry refusal = { .event = "refuse",
                           .outcome = MD_AUDIT_REFUSED,
                           .detail = "terminal=T002 code=terminal-unregistered" };
  MdAuditReport report = { .verdict = MD_AUDIT_BROKEN };
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (fixture_put (fixture, A, 1, NULL, "container", NULL), ==, MD_LEDGER_PUT_CREATED);
  g_assert_true (md_ledger_note (fixture->ledger, &refusal, &error));
  g_assert_no_error (error);
  g_assert_cmpint (fixture_put (fixture, A, 2, "approve", "decision", NULL), ==,
                   MD_LEDGER_PUT_CREATED);
  g_assert_true (md_ledger_verify_audit (fixture->ledger, &report, &error));
  g_assert_cmpint (report.verdict, ==, MD_AUDIT_INTACT);
  g_assert_cmpuint (report.count, ==, 3);
}

/* --- What was not taken --- */

static gboolean
refuse (MdLedger *ledger, const char *terminal, const char *intake, const char *code,
        const char *digest)
{
  const MdAuditEntry entry
      = { .event = "refuse", .outcome = MD_AUDIT_REFUSED, .object = intake, .detail = "what=PUT" };
  g_autoptr (MdLedgerRefusal) refusal = g_new0 (MdLedgerRefusal, 1);
  gboolean recorded = FALSE;
  g_autoptr (GError) error = NULL;

  refusal->office = g_strdup ("139998");
  refusal->terminal = g_strdup (terminal);
  refusal->intake = g_strdup (intake);
  refusal->what = g_strdup ("PUT:intake");
  refusal->code = g_strdup (code);
  refusal->digest = g_strdup (digest);
  g_assert_true (md_ledger_note_refusal (ledger, refusal, &entry, &recorded, &error));
  g_assert_no_error (error);
  return recorded;
}

static const MdLedgerRefusal *
nth (GPtrArray *refusals, guint n)
{
  g_assert_cmpuint (refusals->len, >, n);
  return refusals->pdata[n];
}

static void
test_refusals (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MdLedger) other = fixture_open (fixture, FALSE);
  g_autoptr (GPtrArray) refusals = NULL;

  g_assert_true (refuse (fixture->ledger, "T001", A, "signature-invalid", "d1"));
  g_assert_true (refuse (fixture->ledger, "T001", B, "number-used", NULL));
  g_assert_true (refuse (fixture->ledger, NULL, NULL, "tls-refused", NULL));
  g_assert_true (refuse (fixture->ledger, "T001", A, "signature-invalid", "d1"));
  g_assert_cmpint (fixture_put (fixture, B, 1, NULL, "container", NULL), ==, MD_LEDGER_PUT_CREATED);
  refusals = md_ledger_list_refusals (other, NULL);
  g_assert_cmpuint (refusals->len, ==, 2);
  g_assert_cmpuint (records (fixture), ==, 5);
  for (guint i = 0; i < 2; i++)
    {
      const MdLedgerRefusal *refusal = nth (refusals, i);
      const gboolean first = strcmp (refusal->intake, A) == 0;

      g_assert_cmpstr (refusal->office, ==, "139998");
      g_assert_cmpstr (refusal->terminal, ==, "T001");
      g_assert_cmpstr (refusal->what, ==, "PUT:intake");
      g_assert_cmpstr (refusal->code, ==, first ? "signature-invalid" : "number-used");
      g_assert_cmpstr (refusal->digest, ==, first ? "d1" : "");
      g_assert_cmpuint (refusal->times, ==, first ? 2 : 1);
      g_assert_cmpint (refusal->stored, ==, first ? MD_LEDGER_STORED_NOT : MD_LEDGER_STORED);
      g_assert_cmpstr (refusal->first, <=, refusal->last);
    }
}

/* However many there are, and whatever the chain has of them one by one: of each terminal the
 * latest stay, each once, and nobody's go for another's. */
static void
test_refusals_quota (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) refusals = NULL;
  guint n = 0;

  g_assert_true (refuse (fixture->ledger, "T001", A, "signature-invalid", "d1"));
  for (guint i = 0; i < MD_LEDGER_MAX_REFUSALS + 20; i++)
    {
      g_autofree char *digest = g_strdup_printf ("d-%u", i);

      n += refuse (fixture->ledger, "T002", A, "number-used", digest) ? 1 : 0;
    }
  g_assert_cmpuint (n, >=, MD_AUDIT_GATE_BURST);
  g_assert_cmpuint (n, <, MD_LEDGER_MAX_REFUSALS);
  (void)refuse (fixture->ledger, "T002", A, "number-used", "d-20"); /* the oldest that is kept */
  refusals = md_ledger_list_refusals (fixture->ledger, NULL);
  g_assert_cmpuint (refusals->len, ==, MD_LEDGER_MAX_REFUSALS + 1);
  g_assert_cmpstr (nth (refusals, 0)->digest, ==, "d-20");
  g_assert_cmpuint (nth (refusals, 0)->times, ==, 2);
  g_assert_cmpstr (nth (refusals, 1)->digest, ==, "d-219");
  g_assert_cmpstr (nth (refusals, MD_LEDGER_MAX_REFUSALS - 1)->digest, ==, "d-21");
  g_assert_cmpstr (nth (refusals, MD_LEDGER_MAX_REFUSALS)->terminal, ==, "T001");
  for (guint i = 0; i < 1000; i++)
    (void)refuse (fixture->ledger, "T003", A, "id-conflict", "d3");
  g_clear_pointer (&refusals, g_ptr_array_unref);
  refusals = md_ledger_list_refusals (fixture->ledger, NULL);
  g_assert_cmpuint (nth (refusals, 0)->times, ==, 1000);
}

/* What lies under the name of what was refused: those bytes of that terminal, or others. */
static void
test_refusals_of_others (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) refusals = NULL;
  g_autofree char *digest = NULL;

  g_assert_cmpint (fixture_put (fixture, A, 1, NULL, "container", NULL), ==, MD_LEDGER_PUT_CREATED);
  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "container", -1);
  g_assert_true (refuse (fixture->ledger, "T001", A, "id-conflict", "d1"));
  g_assert_true (refuse (fixture->ledger, "T002", A, "terminal-mismatch", digest));
  g_assert_true (refuse (fixture->ledger, "T001", A, "signature-invalid", digest));
  g_assert_true (refuse (fixture->ledger, "T001", B, "number-used", NULL));
  refusals = md_ledger_list_refusals (fixture->ledger, NULL);
  g_assert_cmpint (nth (refusals, 0)->stored, ==, MD_LEDGER_STORED_NOT);
  g_assert_cmpint (nth (refusals, 1)->stored, ==, MD_LEDGER_STORED);
  g_assert_cmpint (nth (refusals, 2)->stored, ==, MD_LEDGER_STORED_OTHER);
  g_assert_cmpint (nth (refusals, 3)->stored, ==, MD_LEDGER_STORED_OTHER);
}

/* A clock that was ahead keeps nothing that came since from the end. */
static void
test_refusals_clock (Fixture *fixture, gconstpointer data)
{
  MdDb *db = NULL;
  g_autoptr (GPtrArray) refusals = NULL;

  g_assert_true (refuse (fixture->ledger, "T001", A, "signature-invalid", "d1"));
  db = fixture_open_db (fixture);
  g_assert_true (md_db_exec (db, "UPDATE ledger_refusals SET last = '2099-01-01T00:00:00Z'", NULL));
  md_db_close (db);
  g_assert_true (refuse (fixture->ledger, "T001", B, "number-used", NULL));
  refusals = md_ledger_list_refusals (fixture->ledger, NULL);
  g_assert_cmpstr (nth (refusals, 0)->intake, ==, B);
  for (guint i = 0; i < MD_LEDGER_MAX_REFUSALS; i++)
    {
      g_autofree char *digest = g_strdup_printf ("d-%u", i);

      (void)refuse (fixture->ledger, "T001", B, "number-used", digest);
    }
  g_clear_pointer (&refusals, g_ptr_array_unref);
  refusals = md_ledger_list_refusals (fixture->ledger, NULL);
  for (guint i = 0; i < refusals->len; i++)
    g_assert_cmpstr (nth (refusals, i)->intake, ==, B);
}

/* Without room nothing is written: it is counted, and recorded when there is room again. */
static void
test_refusals_without_room (Fixture *fixture, gconstpointer data)
{
  const guint64 before = records (fixture);
  g_autoptr (GPtrArray) refusals = NULL;

  md_ledger_set_room (fixture->ledger, FALSE);
  for (guint i = 0; i < 5; i++)
    {
      g_assert_false (refuse (fixture->ledger, "T001", A, "signature-invalid", "d1"));
      g_assert_false (refuse (fixture->ledger, NULL, NULL, "tls-refused", NULL));
    }
  g_assert_true (md_ledger_settle_refusals (fixture->ledger, FALSE, NULL));
  g_assert_cmpuint (records (fixture), ==, before);
  md_ledger_set_room (fixture->ledger, TRUE);
  g_assert_true (md_ledger_settle_refusals (fixture->ledger, TRUE, NULL));
  g_assert_cmpuint (records (fixture), ==, before + 2);
  g_assert_true (refuse (fixture->ledger, "T001", A, "signature-invalid", "d1"));
  refusals = md_ledger_list_refusals (fixture->ledger, NULL);
  g_assert_cmpuint (refusals->len, ==, 1);
}

/* A ledger of before refusals were kept gets the table, and its records stay. Every later step is
 * undone, too. */
static void
test_refusals_come_later (Fixture *fixture, gconstpointer data)
{
  MdDb *db = NULL;
  g_autoptr (GPtrArray) refusals = NULL;

  g_assert_cmpint (fixture_put (fixture, A, 1, NULL, "container", NULL), ==, MD_LEDGER_PUT_CREATED);
  g_clear_object (&fixture->ledger);
  db = fixture_open_db (fixture);
  g_assert_true (md_db_exec (db,
                             "DROP TABLE ledger_refusals; DROP TABLE ledger_in_force;"
                             " ALTER TABLE ledger_blocks DROP COLUMN question;"
                             " ALTER TABLE ledger_terminals DROP COLUMN hour;"
                             " ALTER TABLE ledger_terminals DROP COLUMN begun;"
                             " DROP TABLE ledger_renewals;"
                             " UPDATE schema_version SET version = 14 WHERE component = 'ledger'",
                             NULL));
  md_db_close (db);
  fixture->ledger = fixture_open (fixture, TRUE);
  g_assert_true (refuse (fixture->ledger, "T001", B, "number-used", NULL));
  refusals = md_ledger_list_refusals (fixture->ledger, NULL);
  g_assert_cmpuint (refusals->len, ==, 1);
  g_assert_cmpuint (records (fixture), ==, 2);
}

static void
test_two_processes (Fixture *fixture, gconstpointer data)
{
  MdLedger *gateway = fixture->ledger;
  g_autoptr (MdLedger) desk = fixture_open (fixture, TRUE);
  g_autoptr (MdLedger) reader = fixture_open (fixture, FALSE);
  MdAuditEntry opening
      = { .event = "open", .outcome = MD_AUDIT_DONE, .staff = "B0001", .object = A };
  MdAuditReport report = { .verdict = MD_AUDIT_BROKEN };
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (fixture_put (fixture, A, 1, NULL, "container", NULL), ==, MD_LEDGER_PUT_CREATED);
  g_assert_true (md_ledger_note (desk, &opening, NULL));
  g_assert_cmpint (fixture_put (fixture, B, 1, NULL, "container", NULL), ==, MD_LEDGER_PUT_CREATED);
  g_assert_true (md_ledger_verify_audit (gateway, &report, NULL));
  g_assert_cmpint (report.verdict, ==, MD_AUDIT_INTACT);
  g_assert_cmpuint (report.count, ==, 3);
  list = md_ledger_list (reader, 0, 10, NULL);
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_false (md_ledger_note (reader, &opening, &error));
  g_assert_error (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_FAILED);
}

static void
test_addresses (void)
{
  const char *const unknown[] = { "mysql://db/ledger", "/var/lib/ledger.db", "" };
  MdLedgerUse use = { .writable = TRUE, .office = "139998", .place = "gateway" };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++)
    {
      g_autoptr (GError) local = NULL;
      g_assert_null (md_ledger_open (unknown[i], &use, &local));
      g_assert_error (local, MD_LEDGER_ERROR, MD_LEDGER_ERROR_ADDRESS);
    }
  g_assert_null (md_ledger_open ("sqlite:/nonexistent/folder/ledger.db", &use, &error));
  g_assert_error (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_FAILED);
}

static gboolean
complete (Fixture *fixture, const char *intake, const char *verdict, GError **error)
{
  g_autoptr (GBytes) evidence = g_bytes_new_static ("sealed", 6);
  const MdLedgerCompletion completion = { .intake = (char *)(gsize)intake,
                                          .time = (char *)(gsize) "2026-11-22T00:30:00.000Z",
                                          .officer = (char *)(gsize) "B0001",
                                          .verdict = (char *)(gsize)verdict,
                                          .evidence = evidence };

  return md_ledger_complete (fixture->ledger, &completion, error);
}

/* One completion for an intake, with its record; nobody changes it or takes it away. */
static void
test_completions (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdLedgerCompletion) found = NULL;
  g_autoptr (GBytes) evidence = g_bytes_new_static ("sealed", 6);
  MdDb *db = NULL;

  g_assert_null (md_ledger_look_up_completion (fixture->ledger, A, &error));
  g_assert_error (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_false (complete (fixture, A, "deferred", NULL));
  g_assert_cmpuint (records (fixture), ==, 0);
  g_assert_true (complete (fixture, A, "valid", NULL));
  g_assert_cmpuint (records (fixture), ==, 1);
  g_assert_false (complete (fixture, A, "revoked", &error));
  g_assert_error (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_COMPLETED);
  g_assert_cmpuint (records (fixture), ==, 1);
  g_assert_true (complete (fixture, B, "revoked", NULL));

  g_clear_object (&fixture->ledger);
  db = fixture_open_db (fixture);
  g_assert_false (md_db_exec (db, "UPDATE ledger_completions SET verdict = 'revoked'", NULL));
  g_assert_false (md_db_exec (db, "DELETE FROM ledger_completions", NULL));
  md_db_close (db);
  fixture->ledger = fixture_open (fixture, FALSE);
  g_assert_false (complete (fixture, "0193a5a0-1c2d-7e3f-8a4b-5c6d7e8f9a0d", "valid", NULL));
  found = md_ledger_look_up_completion (fixture->ledger, A, NULL);
  g_assert_cmpstr (found->verdict, ==, "valid");
  g_assert_cmpstr (found->officer, ==, "B0001");
  g_assert_cmpstr (found->time, ==, "2026-11-22T00:30:00.000Z");
  g_assert_true (g_bytes_equal (found->evidence, evidence));
}

/* --- Whose number it is --- */

static GBytes *
digest_of (char letter)
{
  g_autofree char *text = letter != 0 ? g_strnfill (32, letter) : NULL;

  return text != NULL ? g_bytes_new (text, 32) : NULL;
}

static gboolean
link_number (Fixture *fixture, const char *intake, const char *letters, GError **error)
{
  g_autoptr (MdLedgerBinding) binding = g_new0 (MdLedgerBinding, 1);

  binding->intake = g_strdup (intake);
  binding->made_with = digest_of (letters[0]);
  binding->addressee = letters[1] != '-' ? digest_of (letters[1]) : NULL;
  binding->person = digest_of (letters[2]);
  binding->number = digest_of (letters[3]);
  return md_ledger_bind (fixture->ledger, binding, "B0001", error);
}

/* The intakes that said something of this number or addressee before, by their last letters. */
static void
assert_bound (Fixture *fixture, const char *intake, const char *letters, const char *expected)
{
  g_autoptr (MdLedgerBinding) binding = g_new0 (MdLedgerBinding, 1);
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GString) said = g_string_new (NULL);

  binding->intake = g_strdup (intake);
  binding->made_with = digest_of (letters[0]);
  binding->addressee = letters[1] != '-' ? digest_of (letters[1]) : NULL;
  binding->person = digest_of (letters[2]);
  binding->number = digest_of (letters[3]);
  found = md_ledger_list_bound (fixture->ledger, binding, NULL);
  for (guint i = 0; i < found->len; i++)
    g_string_append_c (said, ((const MdLedgerBinding *)found->pdata[i])->intake[35]);
  g_assert_cmpstr (said->str, ==, expected);
}

static gboolean
confirm_by (Fixture *fixture, const char *rule, const char *intake, const char *letters,
            const char *state, GError **error)
{
  g_autoptr (MdLedgerConfirmation) said = g_new0 (MdLedgerConfirmation, 1);

  said->intake = g_strdup (intake);
  said->rule = g_strdup (rule);
  said->field = g_strdup ("p.mynum");
  said->key_a = digest_of (letters[0]);
  said->key_b = digest_of (letters[1]);
  said->state = g_strdup (state);
  said->officer = g_strdup ("B0002");
  said->reason = g_strdup ("C01");
  said->time = g_strdup ("2026-11-22T00:30:00.000Z");
  return md_ledger_confirm (fixture->ledger, said, error);
}

static gboolean
confirm (Fixture *fixture, const char *intake, const char *letters, const char *state,
         GError **error)
{
  return confirm_by (fixture, "number-changed", intake, letters, state, error);
}

/* What came before is found, once for each intake; the same again adds nothing; another key, which
 * would find nothing, is refused. */
static void
test_bindings (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  MdDb *db = NULL;

  g_assert_true (link_number (fixture, A, "kapn", NULL));
  g_assert_true (link_number (fixture, A, "kapn", NULL));
  g_assert_cmpuint (records (fixture), ==, 1);
  assert_bound (fixture, A, "kapn", "");
  g_assert_true (link_number (fixture, B, "kapm", NULL)); /* the same addressee */
  assert_bound (fixture, B, "kapm", "b");
  assert_bound (fixture, A, "kapn", ""); /* what came later is the later one's to explain */
  g_assert_true (link_number (fixture, A, "kbpm", NULL)); /* now it is known better */
  assert_bound (fixture, A, "kbpm", "c");
  assert_bound (fixture, B, "kapm", "");
  g_assert_false (link_number (fixture, B, "xapm", &error));
  g_assert_error (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_KEY);
  g_assert_true (confirm_by (fixture, "correction", B, "ab", "refused", NULL));
  assert_bound (fixture, A, "kbpm", "c"); /* it stands as it was taken in */
  g_assert_true (confirm (fixture, B, "ab", "refused", NULL));
  assert_bound (fixture, A, "kbpm", ""); /* what was refused counts no more */

  g_clear_object (&fixture->ledger);
  db = fixture_open_db (fixture);
  g_assert_false (md_db_exec (db, "UPDATE ledger_bindings SET intake = 'x'", NULL));
  g_assert_false (md_db_exec (db, "DELETE FROM ledger_bindings", NULL));
  g_assert_false (md_db_exec (db, "UPDATE ledger_confirmations SET state = 'confirmed'", NULL));
  g_assert_false (md_db_exec (db, "DELETE FROM ledger_confirmations", NULL));
  md_db_close (db);
  fixture->ledger = fixture_open (fixture, FALSE);
  g_assert_false (link_number (fixture, A, "kapn", NULL));
}

static void
test_confirmations (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = NULL;
  const MdLedgerConfirmation *first = NULL;

  g_assert_false (confirm (fixture, A, "ab", "open", NULL));
  g_assert_cmpuint (records (fixture), ==, 0);
  g_assert_true (confirm (fixture, A, "ab", "confirmed", NULL));
  g_assert_cmpuint (records (fixture), ==, 1);
  g_assert_false (confirm (fixture, A, "ab", "refused", &error));
  g_assert_error (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_CONFIRMED);
  g_assert_cmpuint (records (fixture), ==, 1);
  g_assert_true (confirm (fixture, A, "ac", "refused", NULL)); /* other values are another matter */
  g_assert_true (confirm (fixture, B, "ab", "refused", NULL));
  list = md_ledger_list_confirmations (fixture->ledger, A, NULL);
  g_assert_cmpuint (list->len, ==, 2);
  first = list->pdata[0];
  g_assert_cmpstr (first->state, ==, "confirmed");
  g_assert_cmpstr (first->officer, ==, "B0002");
  g_assert_cmpstr (first->reason, ==, "C01");
  g_assert_cmpuint (g_bytes_get_size (first->key_b), ==, 32);
}

static gboolean
add (Fixture *fixture, const char *intake, const char *kind, const char *name, GError **error)
{
  g_autoptr (MdLedgerAddition) addition = g_new0 (MdLedgerAddition, 1);

  addition->intake = g_strdup (intake);
  addition->kind = g_strdup (kind);
  addition->name = g_strdup (name);
  addition->officer = g_strdup ("B0001");
  addition->reason = g_strdup ("K01");
  addition->time = g_strdup ("2026-11-22T00:30:00.000Z");
  addition->seal = digest_of ('s');
  addition->body = g_bytes_new_static ("sealed", 6);
  return md_ledger_add (fixture->ledger, addition, "differ=1", error);
}

/* An inquiry has one answer for all intakes; corrections are counted for each. Nothing of it
 * changes or goes. */
static void
test_additions (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = NULL;
  const MdLedgerAddition *last = NULL;
  MdDb *db = NULL;

  g_assert_true (add (fixture, A, "reply", "Q1", NULL));
  g_assert_cmpuint (records (fixture), ==, 1);
  for (guint i = 0; i < 3; i++)
    {
      g_clear_error (&error);
      g_assert_false (add (fixture, i == 0 ? B : A, i == 1 ? "result" : "reply", "Q1", &error));
      g_assert_error (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_ADDED);
    }
  g_assert_true (add (fixture, A, "correction", "1", NULL));
  g_assert_true (add (fixture, B, "correction", "1", NULL));
  g_assert_false (add (fixture, A, "correction", "1", NULL));
  g_assert_false (add (fixture, A, "remark", "2", NULL));
  g_assert_true (add (fixture, A, "result", "1", NULL)); /* an inquiry may have that name, too */
  g_assert_cmpuint (records (fixture), ==, 4);
  list = md_ledger_list_additions (fixture->ledger, A, NULL);
  g_assert_cmpuint (list->len, ==, 3);
  last = list->pdata[2];
  g_assert_cmpstr (last->kind, ==, "result");
  g_assert_cmpstr (last->reason, ==, "K01");
  g_assert_cmpuint (g_bytes_get_size (last->body), ==, 6);

  g_clear_object (&fixture->ledger);
  db = fixture_open_db (fixture);
  g_assert_false (md_db_exec (db, "UPDATE ledger_additions SET officer = 'x'", NULL));
  g_assert_false (md_db_exec (db, "DELETE FROM ledger_additions", NULL));
  md_db_close (db);
  fixture->ledger = fixture_open (fixture, FALSE);
  g_assert_false (add (fixture, A, "reply", "Q2", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, func)                                                                           \
  g_test_add ("/ledger/ledger/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  CASE ("same-bytes-same-receipt", test_same_bytes_same_receipt);
  CASE ("nonce-once", test_nonce_once);
  CASE ("policies", test_policies);
  CASE ("other-bytes-conflict", test_other_bytes_conflict);
  CASE ("decisions-in-order", test_decisions_in_order);
  CASE ("sequence-without-gap", test_sequence_without_gap);
  CASE ("failure-stores-nothing", test_failure_stores_nothing);
  CASE ("audit-chain", test_audit_chain);
  CASE ("refusals", test_refusals);
  CASE ("refusals-quota", test_refusals_quota);
  CASE ("refusals-of-others", test_refusals_of_others);
  CASE ("refusals-clock", test_refusals_clock);
  CASE ("refusals-without-room", test_refusals_without_room);
  CASE ("refusals-come-later", test_refusals_come_later);
  CASE ("two-processes", test_two_processes);
  CASE ("completions", test_completions);
  CASE ("bindings", test_bindings);
  CASE ("confirmations", test_confirmations);
  CASE ("additions", test_additions);
  g_test_add_func ("/ledger/ledger/addresses", test_addresses);
  return g_test_run ();
}
