// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include <glib/gstdio.h>

#include "../db/schema-text.h"
#include "outbox-fixture.h"

static void
test_reserve (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) a = fixture_reserve (f);
  g_autoptr (MdOutboxIntake) b = fixture_reserve (f);
  guint terminal, counter;

  g_assert_true (md_uuid7_is_valid (a->id));
  g_assert_cmpstr (a->id, <, b->id);
  g_assert_true (md_receipt_number_parse (a->receipt_number, &terminal, &counter, NULL));
  g_assert_cmpuint (terminal, ==, 1);
  g_assert_cmpuint (counter, ==, 1);
  g_assert_cmpstr (a->receipt_number, !=, b->receipt_number);
  g_assert_cmpstr (a->time, ==, "2026-11-20T04:00:00.000Z");
  g_assert_cmpstr (a->nonce_state, ==, "fresh");
  g_assert_cmpint (a->state, ==, MD_INTAKE_RESERVED);
  g_assert_cmpint (a->delivery, ==, MD_DELIVERY_NONE);
  g_assert_cmpuint (a->next_n, ==, 2);
}

static void
test_pool_runs_out (Fixture *f, gconstpointer data)
{
  MdOutboxReserve reserve
      = { .procedure = "p", .clerk = "S0001", .policy_version = 1, .nonce_state = "absent" };
  MdAuditEntry entry = { .event = "reserve" };
  g_autoptr (MdOutboxIntake) first = fixture_reserve (f);
  g_autoptr (MdOutboxIntake) last = NULL;
  g_autoptr (GError) error = NULL;
  guint left;

  /* A pool set anew never gives a number a second time. */
  g_assert_true (md_outbox_set_pool (f->outbox, 1, 1, 2, NULL));
  g_assert_true (md_outbox_numbers_left (f->outbox, &left, NULL));
  g_assert_cmpuint (left, ==, 1);
  last = fixture_reserve (f);
  g_assert_cmpstr (first->receipt_number, !=, last->receipt_number);
  g_assert_null (md_outbox_reserve (f->outbox, &reserve, &entry, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_NO_NUMBERS);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM intake"), ==, 2);
}

static guint
next_number (Fixture *f)
{
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (f);
  guint terminal = 0;
  guint counter = 0;

  g_assert_true (md_receipt_number_parse (intake->receipt_number, &terminal, &counter, NULL));
  g_assert_cmpuint (terminal, ==, 1);
  return counter;
}

static void
issue (Fixture *f, guint from, guint to, gboolean fresh)
{
  const MdOutboxIssue given = { .serial = 1, .epoch = 1, .from = from, .to = to, .fresh = fresh };
  gboolean restored = TRUE;
  g_autoptr (GError) error = NULL;

  g_assert_true (md_outbox_take_numbers (f->outbox, &given, &restored, &error));
  g_assert_no_error (error);
  g_assert_false (restored);
}

static void
assert_numbers (Fixture *f, guint highest, guint newest, guint left)
{
  MdOutboxNumbers own = { 0 };

  g_assert_true (md_outbox_describe_numbers (f->outbox, &own, NULL));
  g_assert_cmpuint (own.serial, ==, 1);
  g_assert_cmpuint (own.highest, ==, highest);
  g_assert_cmpuint (own.newest, ==, newest);
  g_assert_cmpuint (own.left, ==, left);
}

static void
assert_restored_to (Fixture *f, MdOutboxIssue told)
{
  gboolean restored = FALSE;
  g_autoptr (GError) error = NULL;

  told.serial = told.epoch = 1;
  g_assert_true (md_outbox_take_numbers (f->outbox, &told, &restored, &error));
  g_assert_no_error (error);
  g_assert_true (restored);
}

/* One after the other, none twice, whatever the policy says in between. */
static void
test_blocks (Fixture *f, gconstpointer data)
{
  const MdOutboxIssue foreign = { .serial = 2, .epoch = 1, .from = 1, .to = 9 };
  gboolean restored = TRUE;

  g_assert_true (md_outbox_set_pool (f->outbox, 1, 1, 99999, NULL));
  g_assert_cmpuint (next_number (f), ==, 1);
  g_assert_cmpuint (next_number (f), ==, 2);
  assert_numbers (f, 2, 0, 0);
  /* The gateway heard of number 1 alone: number 2 was given while it was asked. */
  issue (f, 2, 4, FALSE);
  assert_numbers (f, 2, 4, 2);
  g_assert_true (md_outbox_set_pool (f->outbox, 1, 1, 99999, NULL));
  issue (f, 7, 8, FALSE);
  assert_numbers (f, 2, 8, 4);
  g_assert_cmpuint (next_number (f), ==, 3);
  g_assert_cmpuint (next_number (f), ==, 4);
  g_assert_cmpuint (next_number (f), ==, 7);
  g_assert_true (md_outbox_take_numbers (f->outbox, &foreign, &restored, NULL));
  assert_numbers (f, 7, 8, 1);
  issue (f, 20, 21, TRUE); /* in place of what is left */
  assert_numbers (f, 7, 21, 2);
  g_assert_cmpuint (next_number (f), ==, 20);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM audit WHERE event = 'numbers'"), ==, 3);
  /* Other digits, and the first ones again: what was given is given. */
  g_assert_true (md_outbox_set_pool (f->outbox, 2, 1, 99999, NULL));
  g_assert_true (md_outbox_set_pool (f->outbox, 1, 1, 99999, NULL));
  assert_numbers (f, 20, 0, 0);
  g_assert_cmpuint (next_number (f), ==, 21);
}

static void
assert_beyond (Fixture *f, MdOutboxIssue told, const char *flaw, gint64 records)
{
  MdOutboxNumbers before = { 0 };
  gboolean restored = TRUE;
  g_autoptr (GError) error = NULL;

  told.serial = told.epoch = 1;
  g_assert_true (md_outbox_describe_numbers (f->outbox, &before, NULL));
  g_assert_false (md_outbox_take_numbers (f->outbox, &told, &restored, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_BEYOND);
  g_assert_nonnull (strstr (error->message, flaw));
  g_assert_false (restored);
  assert_numbers (f, before.highest, before.newest, before.left);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM audit WHERE event = 'numbers' AND"
                                   " outcome = 'refused'"),
                   ==, records);
}

/* Nobody signs it: one answer, of a balancer that mixes them up, does not use the range up. What is
 * far ahead and true is said again on the next day. */
static void
test_beyond (Fixture *f, gconstpointer data)
{
  const MdOutboxIssue far = { .highest = 60000, .from = 60001, .to = 62000, .fresh = TRUE };

  g_assert_true (md_outbox_set_pool (f->outbox, 1, 101, 99999, NULL));
  issue (f, 101, 2100, FALSE);
  g_assert_cmpuint (next_number (f), ==, 101);
  assert_beyond (f, (MdOutboxIssue){ .highest = 999999 }, "out-of-range", 1);
  assert_beyond (f, (MdOutboxIssue){ .highest = 999999 }, "out-of-range", 1);
  assert_beyond (f, (MdOutboxIssue){ .from = 99001, .to = 100001 }, "out-of-range", 2);
  assert_beyond (f, (MdOutboxIssue){ .from = 100, .to = 2000 }, "out-of-range", 3);
  assert_beyond (f, (MdOutboxIssue){ .highest = 22101 }, "too-far", 4);
  assert_beyond (f, (MdOutboxIssue){ .highest = 999999 }, "out-of-range", 5);
  md_test_clock_advance_us (f->clock, G_TIME_SPAN_DAY);
  assert_beyond (f, (MdOutboxIssue){ .highest = 999999 }, "out-of-range", 5); /* for ever */
  issue (f, 2101, 4100, FALSE); /* it says what can be: what it said before is forgotten */
  assert_beyond (f, far, "too-far", 6);
  md_test_clock_advance_us (f->clock, G_TIME_SPAN_DAY - 1);
  assert_beyond (f, far, "too-far", 6);
  md_test_clock_advance_us (f->clock, 2000);
  assert_restored_to (f, far);
  g_assert_cmpuint (next_number (f), ==, 60001);
}

static MdOutboxIssue
fresh_block (guint from)
{
  return (MdOutboxIssue){ .serial = 1, .epoch = 1, .from = from, .to = from + 1999, .fresh = TRUE };
}

/* Neither do many answers, each of which leads a little further: on one day no more than one might.
 * A block that is needed comes whatever there was before, and so does the rest on the next day. */
static void
test_beyond_by_and_by (Fixture *f, gconstpointer data)
{
  gboolean restored = FALSE;
  guint from = 2001;

  g_assert_true (md_outbox_set_pool (f->outbox, 1, 1, 99999, NULL));
  issue (f, 1, 2000, FALSE);
  for (guint i = 0; i < 10; i++, from += 2000)
    {
      const MdOutboxIssue block = fresh_block (from);

      md_test_clock_advance_us (f->clock, G_TIME_SPAN_HOUR);
      g_assert_true (md_outbox_take_numbers (f->outbox, &block, &restored, NULL));
    }
  assert_beyond (f, fresh_block (from), "too-far", 1);
  for (guint i = 0; i < 1500; i++)
    (void)next_number (f);
  issue (f, from, from + 1999, FALSE); /* there are few left */
  assert_beyond (f, fresh_block (from + 2000), "too-far", 2);
  md_test_clock_advance_us (f->clock, 16 * G_TIME_SPAN_HOUR);
  {
    const MdOutboxIssue block = fresh_block (from + 2000);

    g_assert_true (md_outbox_take_numbers (f->outbox, &block, &restored, NULL));
  }
}

/* A block that is needed does not hide how far the rest of its answer leads. */
static void
test_beyond_behind_a_block (Fixture *f, gconstpointer data)
{
  MdOutboxIssue told = { .serial = 1, .epoch = 1, .from = 2001, .to = 2001, .highest = 4000 };
  gboolean restored = FALSE;

  g_assert_true (md_outbox_set_pool (f->outbox, 1, 1, 99999, NULL));
  issue (f, 1, 2000, FALSE);
  for (guint i = 0; i < 1500; i++)
    (void)next_number (f);
  while (told.highest <= 40000 && md_outbox_take_numbers (f->outbox, &told, &restored, NULL))
    {
      told.from = told.to = told.highest + 1;
      told.highest += 2000;
    }
  g_assert_cmpuint (told.highest, <=, 2000 + MD_OUTBOX_MOST_AHEAD + 2000);
}

static void
assert_last (Fixture *f, gboolean last)
{
  gboolean is = !last;

  g_assert_true (md_outbox_are_last_numbers (f->outbox, &is, NULL));
  g_assert_cmpint (is, ==, last);
}

/* That no more come is known while there are some: with the last block, or as soon as the gateway
 * has said it; until a policy has more. */
static void
test_last_numbers (Fixture *f, gconstpointer data)
{
  const MdOutboxIssue nothing = { .serial = 1, .epoch = 1, .exhausted = TRUE };
  gboolean restored = TRUE;

  g_assert_true (md_outbox_set_pool (f->outbox, 1, 1, 4000, NULL));
  issue (f, 1, 2000, FALSE);
  assert_last (f, FALSE);
  for (guint i = 0; i < 2; i++)
    g_assert_true (md_outbox_take_numbers (f->outbox, &nothing, &restored, NULL) && !restored);
  assert_last (f, TRUE);
  g_assert_true (md_outbox_set_pool (f->outbox, 1, 1, 4000, NULL)); /* at the next start */
  assert_last (f, TRUE);
  issue (f, 2001, 3000, FALSE);
  assert_last (f, FALSE);
  issue (f, 3001, 4000, FALSE);
  assert_last (f, TRUE);
  g_assert_true (md_outbox_take_numbers (f->outbox, &nothing, &restored, NULL) && !restored);
  assert_numbers (f, 0, 4000, 4000);
  g_assert_true (md_outbox_set_pool (f->outbox, 1, 1, 8000, NULL));
  assert_last (f, FALSE);
  g_assert_true (md_outbox_take_numbers (f->outbox, &nothing, &restored, NULL) && !restored);
  assert_last (f, TRUE);
  g_assert_true (md_outbox_set_pool (f->outbox, 2, 1, 8000, NULL)); /* other digits */
  assert_last (f, FALSE);
}

/* Nothing was ever said to it, as after it was set up anew: it may have given many. */
static void
test_believes_first (Fixture *f, gconstpointer data)
{
  g_assert_true (md_outbox_set_pool (f->outbox, 1, 1, 99999, NULL));
  assert_restored_to (f, (MdOutboxIssue){ .highest = 60000, .from = 60001, .to = 62000 });
  g_assert_cmpuint (next_number (f), ==, 60001);
}

/* Of a damaged file the rows of the numbers were not saved, but those of the intakes were. */
static void
test_pool_lost (Fixture *f, gconstpointer data)
{
  g_assert_true (md_outbox_set_pool (f->outbox, 1, 1, 99999, NULL));
  g_assert_cmpuint (next_number (f), ==, 1);
  g_assert_cmpuint (next_number (f), ==, 2);
  g_assert_true (md_db_exec (f->db, "DELETE FROM receipt_pool", NULL));
  g_assert_true (md_outbox_set_pool (f->outbox, 1, 1, 99999, NULL));
  assert_numbers (f, 2, 0, 0);
  g_assert_cmpuint (next_number (f), ==, 3);
}

/* Of a file that was put back: a block that waited in it has been opened since. */
static void
test_blocks_put_back (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (md_outbox_set_pool (f->outbox, 1, 1, 99999, NULL));
  issue (f, 2, 4, FALSE);
  issue (f, 5, 6, FALSE);
  issue (f, 7, 9, FALSE);
  g_assert_cmpuint (next_number (f), ==, 2);
  g_assert_true (md_db_exec (f->db, "UPDATE receipt_pool SET next = 9, highest = 8", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (next_number (f), ==, 9);
  assert_numbers (f, 9, 9, 0);
}

/* Which numbers were given after the backup nobody knows here: none is given before the gateway was
 * asked. Where the file that it replaced has told them, the work goes on. */
static void
test_doubtful (Fixture *f, gconstpointer data)
{
  const MdOutboxReserve reserve
      = { .procedure = "p", .clerk = "S0001", .policy_version = 1, .nonce_state = "absent" };
  const MdAuditEntry entry = { .event = "reserve" };
  const MdOutboxIssue told = { .serial = 1, .epoch = 2, .from = 801, .to = 803, .fresh = TRUE };
  gboolean doubts = TRUE;
  gboolean restored = FALSE;
  g_autoptr (GError) error = NULL;

  g_assert_true (md_outbox_set_pool (f->outbox, 1, 1, 99999, NULL));
  g_assert_true (md_outbox_mark_restored (f->db, 12345, FALSE, NULL));
  g_assert_true (md_outbox_doubts_numbers (f->db, &doubts, NULL) && doubts);
  g_assert_null (md_outbox_reserve (f->outbox, &reserve, &entry, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_NO_NUMBERS);
  g_assert_nonnull (strstr (error->message, "put back"));
  g_assert_true (md_outbox_mark_restored (f->db, 12346, TRUE, NULL));
  g_assert_true (md_outbox_doubts_numbers (f->db, &doubts, NULL) && !doubts);
  g_assert_true (md_outbox_is_put_back (f->outbox, &restored, NULL) && restored);
  g_assert_cmpuint (next_number (f), ==, 1);
  g_assert_true (md_outbox_mark_restored (f->db, 12347, FALSE, NULL));
  g_assert_true (md_outbox_take_numbers (f->outbox, &told, &restored, NULL) && restored);
  g_assert_true (md_outbox_doubts_numbers (f->db, &doubts, NULL) && !doubts);
  g_assert_cmpuint (next_number (f), ==, 801);
}

/* Its file was put back, and the first answer has a block: it is never without numbers. */
static void
test_older_keeps_block (Fixture *f, gconstpointer data)
{
  const MdOutboxIssue told
      = { .serial = 1, .epoch = 99999, .highest = 800, .from = 801, .to = 803, .fresh = TRUE };
  MdOutboxNumbers own = { 0 };
  gboolean restored = FALSE;
  g_autoptr (GError) error = NULL;

  g_assert_true (md_outbox_set_pool (f->outbox, 1, 1, 99999, NULL));
  issue (f, 2, 600, FALSE);
  assert_numbers (f, 0, 600, 599);
  g_assert_true (md_outbox_mark_restored (f->db, 12345, FALSE, NULL));
  assert_numbers (f, 0, 0, 0); /* says so, and gets a block at once */
  g_assert_true (md_outbox_is_put_back (f->outbox, &restored, NULL) && restored);
  g_assert_true (md_outbox_take_numbers (f->outbox, &told, &restored, &error));
  g_assert_no_error (error);
  g_assert_true (restored);
  assert_numbers (f, 800, 803, 3);
  g_assert_true (md_outbox_is_put_back (f->outbox, &restored, NULL) && !restored);
  g_assert_true (md_outbox_describe_numbers (f->outbox, &own, NULL));
  g_assert_cmpuint (own.epoch, ==, 99999); /* the last that the wire can say */
  g_assert_cmpuint (next_number (f), ==, 801);
}

static gint64
count_restored (Fixture *f, const char *detail)
{
  g_autoptr (MdDbStatement) query = md_db_prepare_for (
      f->db, "SELECT count (*) FROM audit WHERE event = 'restored' AND detail = ?1", detail, NULL);

  g_assert_cmpint (md_db_step (query, NULL), ==, MD_DB_STEP_ROW);
  return md_db_column_int (query, 0);
}

static void
assert_restored (Fixture *f, MdOutboxIssue issue, const char *cause)
{
  MdOutboxNumbers own = { 0 };
  g_autofree char *detail = g_strconcat ("cause=", cause, NULL);
  const gint64 records = count_restored (f, detail);
  gboolean restored = FALSE;
  g_autoptr (GError) error = NULL;

  issue.serial = 1;
  g_assert_true (md_outbox_take_numbers (f->outbox, &issue, &restored, &error));
  g_assert_no_error (error);
  g_assert_true (restored);
  g_assert_true (md_outbox_describe_numbers (f->outbox, &own, NULL));
  g_assert_cmpuint (own.epoch, ==, issue.epoch + 1);
  g_assert_cmpuint (own.left, ==, 0);
  g_assert_cmpint (count_restored (f, detail), ==, records + 1);
}

/* Whatever shows that the store is older: the next epoch, and none of the numbers that are left. */
static void
test_older (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (f);
  MdOutboxIssue issue = { .serial = 1, .epoch = 1, .last_n = 1, .last = intake->id };
  gboolean restored = TRUE;

  g_assert_true (fixture_submit (f, intake->id, "sealed", NULL));
  g_assert_true (md_outbox_take_numbers (f->outbox, &issue, &restored, NULL));
  g_assert_false (restored); /* that one is known here */
  issue.last_n = 2;
  assert_restored (f, issue, "later-item");
  assert_restored (f, (MdOutboxIssue){ .epoch = 2, .highest = 900 }, "later-number");
  assert_restored (f, (MdOutboxIssue){ .epoch = 7, .highest = 900 }, "later-epoch");
  g_assert_true (md_outbox_mark_restored (f->db, 12345, FALSE, NULL));
  assert_restored (f, (MdOutboxIssue){ .epoch = 8, .highest = 900 }, "put-back");
  issue = (MdOutboxIssue){
    .serial = 1, .epoch = 9, .highest = 900, .from = 901, .to = 903, .fresh = TRUE
  };
  g_assert_true (md_outbox_take_numbers (f->outbox, &issue, &restored, NULL));
  g_assert_false (restored);
  g_assert_cmpuint (next_number (f), ==, 901);
}

static void
test_submit (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (f);
  g_autoptr (MdOutboxIntake) stored = NULL;
  g_autoptr (GBytes) container = NULL;
  g_autoptr (GError) error = NULL;
  gint64 records = fixture_int (f, "SELECT count (*) FROM audit");

  g_assert_null (md_outbox_get_container (f->outbox, intake->id, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
  g_assert_true (fixture_submit (f, intake->id, "sealed", NULL));
  stored = md_outbox_get (f->outbox, intake->id, NULL);
  g_assert_cmpint (stored->state, ==, MD_INTAKE_RECEIVED);
  g_assert_cmpint (stored->delivery, ==, MD_DELIVERY_WAITING);
  g_assert_cmpuint (stored->size, ==, 6);
  container = md_outbox_get_container (f->outbox, intake->id, NULL);
  g_assert_cmpuint (g_bytes_get_size (container), ==, 6);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM audit"), ==, records + 1);
  g_assert_cmpint (
      fixture_int (f, "SELECT count (*) FROM audit WHERE event = 'submit' AND object_digest"
                      " = (SELECT container_sha256 FROM intake) AND object_id ="
                      " (SELECT id FROM intake)"),
      ==, 1);
}

static void
test_submit_again (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (f);
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  g_assert_true (fixture_submit (f, intake->id, "sealed", NULL));
  before = fixture_snapshot (f);
  g_assert_true (fixture_submit (f, intake->id, "sealed", NULL));
  g_assert_false (fixture_submit (f, intake->id, "other", &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_CONFLICT);
  after = fixture_snapshot (f);
  g_assert_cmpstr (before, ==, after);
}

static void
test_submit_unknown (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (fixture_submit (f, "0190f3f1-0000-7000-8000-000000000000", "sealed", &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN);
}

static void
test_abandon (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (f);
  MdAuditEntry entry = { .event = "abandon" };
  g_autoptr (GError) error = NULL;

  g_assert_true (md_outbox_abandon (f->outbox, intake->id, &entry, NULL));
  g_assert_false (fixture_submit (f, intake->id, "sealed", &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
}

static void
test_restored (Fixture *f, gconstpointer data)
{
  gint64 when = -1;

  g_assert_true (md_outbox_when_restored (f->outbox, &when, NULL));
  g_assert_cmpint (when, ==, 0);
  g_assert_true (md_outbox_mark_restored (f->db, 5, FALSE, NULL));
  g_assert_true (md_outbox_mark_restored (f->db, 7, FALSE, NULL));
  g_assert_true (md_outbox_when_restored (f->outbox, &when, NULL));
  g_assert_cmpint (when, ==, 7);
}

static void
test_decide (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (f);
  g_autoptr (MdOutboxIntake) stored = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  g_assert_false (fixture_decide (f, intake->id, MD_INTAKE_APPROVED, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
  g_assert_true (fixture_submit (f, intake->id, "sealed", NULL));
  g_assert_true (fixture_decide (f, intake->id, MD_INTAKE_APPROVED, NULL));
  stored = md_outbox_get (f->outbox, intake->id, NULL);
  g_assert_cmpint (stored->state, ==, MD_INTAKE_APPROVED);
  g_assert_cmpstr (stored->decided_by, ==, "S0101");
  g_assert_cmpuint (stored->next_n, ==, 3);
  g_assert_cmpstr (stored->signature_sha256, ==, "cc");
  before = fixture_snapshot (f);
  g_assert_true (fixture_decide (f, intake->id, MD_INTAKE_APPROVED, NULL));
  after = fixture_snapshot (f);
  g_assert_cmpstr (before, ==, after);
}

static guint
n_returned (Fixture *f)
{
  g_autoptr (GPtrArray) list = md_outbox_list (f->outbox, MD_OUTBOX_LIST_RETURNED, 100, NULL);
  MdOutboxCounts counts;

  g_assert_true (md_outbox_count (f->outbox, &counts, NULL));
  g_assert_cmpuint (counts.returned, ==, list->len);
  return list->len;
}

static char *
returned_intake (Fixture *f)
{
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (f);

  g_assert_true (fixture_submit (f, intake->id, "sealed", NULL));
  g_assert_true (fixture_decide (f, intake->id, MD_INTAKE_RETURNED, NULL));
  return g_steal_pointer (&intake->id);
}

/* The returned one waits until the new one is stored, then each names the other, and no third can
 * follow it. */
static void
test_take_up (Fixture *f, gconstpointer data)
{
  g_autofree char *old = returned_intake (f);
  g_autoptr (MdOutboxIntake) given_up = fixture_take_up (f, old, NULL);
  g_autoptr (MdOutboxIntake) one = fixture_take_up (f, old, NULL);
  g_autoptr (MdOutboxIntake) two = fixture_take_up (f, old, NULL);
  g_autoptr (MdOutboxIntake) settled = NULL;
  g_autoptr (GError) error = NULL;
  MdAuditEntry entry = { .event = "abandon", .staff = "S0001" };

  g_assert_cmpstr (one->replaces, ==, old);
  g_assert_true (md_outbox_abandon (f->outbox, given_up->id, &entry, NULL));
  g_assert_cmpuint (n_returned (f), ==, 1);
  (void)fixture_submit (f, one->id, "anew", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_returned (f), ==, 0);
  settled = md_outbox_get (f->outbox, old, NULL);
  g_assert_cmpstr (settled->replaced_by, ==, one->id);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM audit WHERE event = 'replace' AND"
                                   " object_id = (SELECT id FROM intake WHERE state = 'returned')"),
                   ==, 1);
  g_assert_false (fixture_submit (f, two->id, "anew, again", &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
  g_clear_error (&error);
  g_assert_null (fixture_take_up (f, old, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
  g_assert_false (fixture_withdraw (f, old, NULL));
  g_assert_true (fixture_submit (f, one->id, "anew", NULL)); /* only the answer was lost */
}

/* No decision upon it is stored any more, whichever it is. */
static void
assert_settled (Fixture *f, const char *id)
{
  static const MdIntakeState states[]
      = { MD_INTAKE_RECEIVED, MD_INTAKE_APPROVED, MD_INTAKE_RETURNED, MD_INTAKE_REJECTED,
          MD_INTAKE_WITHDRAWN };
  g_autofree char *before = fixture_snapshot (f);

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autofree char *after = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_false (fixture_put_decision (f, id, 3, states[i], &error));
      g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
      after = fixture_snapshot (f);
      g_assert_cmpstr (before, ==, after);
    }
}

/* R-FORM-42: an application is corrected three times. Of all its versions one is the latest; nobody
 * decides upon another any more, and only the latest waits for a decision. */
static void
test_versions (Fixture *f, gconstpointer data)
{
  g_autofree char *versions[4] = { returned_intake (f) };

  for (guint i = 1; i < G_N_ELEMENTS (versions); i++)
    {
      g_autoptr (MdOutboxIntake) next = fixture_take_up (f, versions[i - 1], NULL);
      g_autoptr (GPtrArray) waiting = NULL;

      g_assert_true (fixture_submit (f, next->id, "corrected", NULL));
      versions[i] = g_strdup (next->id);
      for (guint old = 0; old < i; old++)
        assert_settled (f, versions[old]);
      g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM intake WHERE replaced_by IS NULL"),
                       ==, 1);
      waiting = md_outbox_list (f->outbox, MD_OUTBOX_LIST_APPROVALS, 100, NULL);
      g_assert_cmpuint (waiting->len, ==, 1);
      g_assert_cmpstr (((MdOutboxIntake *)g_ptr_array_index (waiting, 0))->id, ==, versions[i]);
      g_assert_true (fixture_decide (
          f, versions[i], i + 1 < G_N_ELEMENTS (versions) ? MD_INTAKE_RETURNED : MD_INTAKE_APPROVED,
          NULL));
    }
}

static void
test_withdraw (Fixture *f, gconstpointer data)
{
  g_autofree char *old = returned_intake (f);
  g_autoptr (MdOutboxIntake) waiting = fixture_reserve (f);
  g_autoptr (MdOutboxIntake) again = fixture_take_up (f, old, NULL);
  g_autoptr (MdOutboxIntake) stored = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (fixture_submit (f, waiting->id, "sealed", NULL));
  g_assert_null (fixture_take_up (f, waiting->id, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
  g_clear_error (&error);
  g_assert_false (fixture_withdraw (f, waiting->id, NULL));
  g_assert_true (fixture_withdraw (f, old, NULL));
  g_assert_cmpuint (n_returned (f), ==, 0);
  stored = md_outbox_get (f->outbox, old, NULL);
  g_assert_cmpint (stored->state, ==, MD_INTAKE_WITHDRAWN);
  g_assert_cmpuint (stored->next_n, ==, 4);
  g_assert_false (fixture_submit (f, again->id, "anew", &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
}

static void
close_and_remove (MdDb *db, const char *path)
{
  const char *suffixes[] = { "", "-wal", "-shm" };

  md_db_close (db);
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *file = g_strconcat (path, suffixes[i], NULL);

      (void)g_unlink (file);
    }
}

static char *
schema_of_today (Fixture *f)
{
  g_autofree char *path = g_build_filename (f->dir, "today.db", NULL);
  MdDb *db = md_db_open (path, MD_DB_READ_WRITE, NULL);
  char *schema = NULL;

  g_assert_nonnull (db);
  g_assert_true (md_outbox_migrate (db, NULL));
  schema = schema_text (db);
  close_and_remove (db, path);
  return schema;
}

/* A database of the first version, with a returned intake in it, becomes the same as a new one. */
static void
test_migrates (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->dir, "before.db", NULL);
  g_autofree char *today = schema_of_today (f);
  g_autofree char *from
      = g_build_filename (g_getenv ("MADOGUCHI_SOURCE"), "tests", "outbox", "outbox-1.sql", NULL);
  g_autofree char *sql = NULL;
  g_autofree char *grown = NULL;
  MdDb *db = md_db_open (path, MD_DB_READ_WRITE, NULL);
  gint64 n = 0;

  g_assert_true (g_file_get_contents (from, &sql, NULL, NULL));
  g_assert_nonnull (db);
  g_assert_true (md_db_exec (db, sql, NULL));
  g_assert_true (md_outbox_migrate (db, NULL));
  g_assert_true (md_db_get_int (db,
                                "SELECT count (*) FROM intake WHERE state = 'returned'"
                                " AND replaces IS NULL AND replaced_by IS NULL",
                                &n, NULL));
  g_assert_cmpint (n, ==, 1);
  /* Each state and day has its count, as if it had been kept from the first. */
  g_assert_true (md_db_get_int (
      db,
      "SELECT count (*) FROM (SELECT state, count (*) AS n FROM outbox GROUP BY state) o"
      " JOIN (SELECT state, sum (n) AS n FROM outbox_count GROUP BY state) c USING (state, n)",
      &n, NULL));
  g_assert_cmpint (n, ==, 1);
  grown = schema_text (db);
  g_assert_cmpstr (grown, ==, today);
  close_and_remove (db, path);
}

/* Of a queue of any length: nobody goes through its rows. */
static void
test_counts_lie_with_the_rows (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (f);
  MdOutboxCounts counts;

  g_assert_true (fixture_submit (f, intake->id, "sealed", NULL));
  g_assert_true (md_db_exec (f->db, "UPDATE outbox_count SET n = n + 1000000", NULL));
  g_assert_true (md_outbox_count (f->outbox, &counts, NULL));
  g_assert_cmpuint (counts.unsent, ==, 1000001);
  g_assert_true (md_db_exec (f->db, "UPDATE outbox_count SET n = n - 1000000", NULL));
}

static void
test_counts (Fixture *f, gconstpointer data)
{
  MdOutboxCounts counts;
  MdOutboxFilter filter;
  const guint expected[] = { [MD_OUTBOX_LIST_ALL] = 4,
                             [MD_OUTBOX_LIST_TODAY] = 3,
                             [MD_OUTBOX_LIST_APPROVALS] = 1,
                             [MD_OUTBOX_LIST_RETURNED] = 1,
                             [MD_OUTBOX_LIST_UNSENT] = 3 };

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (MdOutboxIntake) intake = fixture_reserve (f);

      if (i > 0)
        g_assert_true (fixture_submit (f, intake->id, "sealed", NULL));
      if (i == 2)
        g_assert_true (fixture_decide (f, intake->id, MD_INTAKE_APPROVED, NULL));
      if (i == 3)
        g_assert_true (fixture_decide (f, intake->id, MD_INTAKE_RETURNED, NULL));
    }
  for (filter = MD_OUTBOX_LIST_ALL; filter <= MD_OUTBOX_LIST_UNSENT; filter++)
    {
      g_autoptr (GPtrArray) list = md_outbox_list (f->outbox, filter, 100, NULL);

      g_assert_cmpuint (list->len, ==, expected[filter]);
    }
  g_assert_true (md_outbox_count (f->outbox, &counts, NULL));
  g_assert_cmpuint (counts.unsent, ==, 5);
  g_assert_cmpuint (counts.approvals, ==, 1);
  g_assert_cmpuint (counts.returned, ==, 1);
  g_assert_cmpuint (counts.today, ==, 3);
  /* 13:00 in Japan, so eleven hours later it is another day. */
  md_test_clock_advance_us (f->clock, G_GINT64_CONSTANT (39599) * G_USEC_PER_SEC);
  g_assert_true (md_outbox_count (f->outbox, &counts, NULL));
  g_assert_cmpuint (counts.today, ==, 3);
  md_test_clock_advance_us (f->clock, G_USEC_PER_SEC);
  g_assert_true (md_outbox_count (f->outbox, &counts, NULL));
  g_assert_cmpuint (counts.today, ==, 0);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/outbox/act/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("reserve", test_reserve);
  ADD ("pool-runs-out", test_pool_runs_out);
  ADD ("restored", test_restored);
  ADD ("blocks", test_blocks);
  ADD ("pool-lost", test_pool_lost);
  ADD ("blocks-put-back", test_blocks_put_back);
  ADD ("older", test_older);
  ADD ("older-keeps-block", test_older_keeps_block);
  ADD ("doubtful", test_doubtful);
  ADD ("beyond", test_beyond);
  ADD ("beyond-by-and-by", test_beyond_by_and_by);
  ADD ("beyond-behind-a-block", test_beyond_behind_a_block);
  ADD ("believes-first", test_believes_first);
  ADD ("last-numbers", test_last_numbers);
  ADD ("submit", test_submit);
  ADD ("submit-again", test_submit_again);
  ADD ("submit-unknown", test_submit_unknown);
  ADD ("abandon", test_abandon);
  ADD ("decide", test_decide);
  ADD ("take-up", test_take_up);
  ADD ("versions", test_versions);
  ADD ("withdraw", test_withdraw);
  ADD ("migrates", test_migrates);
  ADD ("counts-lie-with-the-rows", test_counts_lie_with_the_rows);
  ADD ("counts", test_counts);
  return g_test_run ();
}
