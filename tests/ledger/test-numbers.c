// SPDX-License-Identifier: Apache-2.0
#include "ledger-fixture.h"

/* Receipt numbers: whose block is which, and which number arrived. */

#define A "0193a5a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b"
#define B "0193a5a0-1c2d-7e3f-8a4b-5c6d7e8f9a0c"
#define C "0193a5a0-1c2d-7e3f-8a4b-5c6d7e8f9a0d"
#define HOUR (G_TIME_SPAN_HOUR + 1)

static const MdLedgerStanding new_terminal = {
  .office = "139998",
  .terminal = "T001",
  .serial = 1,
  .from = 1,
  .to = 99999,
  .size = 2000,
  .low = 1000,
  .now = 1000000,
};

static MdLedgerNumbers
tell (MdLedger *ledger, MdLedgerStanding told)
{
  MdLedgerNumbers given = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (md_ledger_tell_numbers (ledger, &told, &given, &error));
  g_assert_no_error (error);
  return given;
}

static void
assert_block (const MdLedgerNumbers *given, guint from, guint to, gboolean fresh)
{
  g_assert_cmpuint (given->from, ==, from);
  g_assert_cmpuint (given->to, ==, to);
  g_assert_cmpint (given->fresh, ==, fresh);
}

static gint64
count (Fixture *fixture, const char *sql)
{
  MdDb *db = fixture_open_db (fixture);
  gint64 value = -1;

  g_assert_true (md_db_get_int (db, sql, &value, NULL));
  md_db_close (db);
  return value;
}

/* Above what was given, what arrived and what the terminal says; once it has many, none. */
static void
test_blocks (Fixture *fixture, gconstpointer data)
{
  MdLedgerStanding told = new_terminal;
  MdLedgerNumbers given = { 0 };

  told.highest = 57;
  told.left = 999;
  given = tell (fixture->ledger, told);
  assert_block (&given, 58, 2057, FALSE);
  g_assert_cmpuint (given.epoch, ==, 1);
  told.epoch = 1;
  told.newest = 2057;
  told.left = 2000;
  given = tell (fixture->ledger, told);
  assert_block (&given, 0, 0, FALSE);
  told.left = 999;
  given = tell (fixture->ledger, told);
  assert_block (&given, 2058, 4057, FALSE);
  fixture->number = "001-005000-3";
  g_assert_cmpint (fixture_put (fixture, A, 1, NULL, "a", NULL), ==, MD_LEDGER_PUT_CREATED);
  told.newest = 4057;
  told.highest = 5000;
  given = tell (fixture->ledger, told);
  assert_block (&given, 5001, 7000, FALSE);
  g_assert_cmpuint (given.highest, ==, 5000);
  g_assert_cmpstr (given.last, ==, A);
  g_assert_cmpuint (given.last_n, ==, 1);
  g_assert_cmpint (count (fixture, "SELECT count (*) FROM audit WHERE event = 'numbers'"), ==, 3);
}

/* The answer was lost: the same question has the same block, as often as it is asked; another one,
 * after a restart, does not: nobody can tell whether the terminal has forgotten it, and nobody gets
 * its numbers. */
static void
test_lost_answer (Fixture *fixture, gconstpointer data)
{
  MdLedgerStanding told = new_terminal;
  MdLedgerNumbers given = { 0 };

  told.question = "one";
  told.highest = 57;
  for (guint i = 0; i < 50; i++)
    {
      told.highest++;
      told.left = 999 - i;
      given = tell (fixture->ledger, told);
      assert_block (&given, 59, 2058, FALSE);
    }
  g_assert_cmpint (count (fixture, "SELECT count (*) FROM ledger_blocks"), ==, 1);
  told.question = "two";
  told.left = 5000;
  given = tell (fixture->ledger, told);
  assert_block (&given, 2059, 4058, TRUE);
  /* It had the block, and says its question once more. */
  told.newest = 4058;
  given = tell (fixture->ledger, told);
  assert_block (&given, 0, 0, FALSE);
}

/* A lost answer, and then a long time without a line: what was given of the policy's range above
 * that block is the terminal's own. */
static void
test_lost_answer_and_line (Fixture *fixture, gconstpointer data)
{
  MdLedgerStanding told = new_terminal;
  MdLedgerNumbers given = tell (fixture->ledger, told);

  assert_block (&given, 1, 2000, FALSE);
  told.highest = 2100;
  given = tell (fixture->ledger, told);
  assert_block (&given, 2101, 4100, TRUE);
  fixture->number_to = 99999;
  fixture->number = "001-002058-4";
  g_assert_cmpint (fixture_put (fixture, A, 1, NULL, "a", NULL), ==, MD_LEDGER_PUT_CREATED);
}

/* Whoever has the terminal's key once says a very late epoch: the next one is the next one. */
static void
test_epochs (Fixture *fixture, gconstpointer data)
{
  MdLedgerStanding told = new_terminal;
  MdLedgerNumbers given = tell (fixture->ledger, told);

  told.newest = 2000;
  told.left = 2000;
  for (guint i = 2; i <= 3; i++)
    {
      told.epoch = 99999;
      given = tell (fixture->ledger, told);
      assert_block (&given, 0, 0, FALSE);
      g_assert_cmpuint (given.epoch, ==, i);
    }
  told.epoch = 2; /* of a file that was put back: at once with a block in place of its own */
  given = tell (fixture->ledger, told);
  assert_block (&given, 2001, 4000, TRUE);
  g_assert_cmpuint (given.epoch, ==, 3);
  g_assert_cmpint (count (fixture, "SELECT count (*) FROM audit WHERE event = 'epoch' AND"
                                   " detail LIKE 'terminal=T001 epoch=_ told=99999'"),
                   ==, 2);
}

/* So does it where a number has arrived that it knows nothing of. */
static void
test_older_number (Fixture *fixture, gconstpointer data)
{
  MdLedgerStanding told = new_terminal;
  MdLedgerNumbers given = tell (fixture->ledger, told);

  fixture->number = "001-000041-2";
  g_assert_cmpint (fixture_put (fixture, A, 1, NULL, "a", NULL), ==, MD_LEDGER_PUT_CREATED);
  told.newest = 2000;
  told.left = 1990;
  told.highest = 40;
  given = tell (fixture->ledger, told);
  assert_block (&given, 2001, 4000, TRUE);
  g_assert_cmpuint (given.highest, ==, 41);
}

/* A policy from before may give two terminals one serial and a range each: neither has to do with
 * the numbers of the other. A new terminal that inherits a serial is told of none that arrived from
 * another. */
static void
test_shared_serial (Fixture *fixture, gconstpointer data)
{
  MdLedgerStanding one = new_terminal;
  MdLedgerStanding two = new_terminal;
  MdLedgerNumbers given = { 0 };
  g_autofree char *between = md_receipt_number_format (1, 4999);

  one.to = 2500;
  two.terminal = "T002";
  two.from = 2501;
  fixture->number = "001-005000-3";
  fixture->terminal = "T002";
  g_assert_cmpint (fixture_put (fixture, A, 1, NULL, "a", NULL), ==, MD_LEDGER_PUT_CREATED);
  two.highest = 5000;
  given = tell (fixture->ledger, two);
  assert_block (&given, 5001, 7000, FALSE);
  one.highest = 500;
  given = tell (fixture->ledger, one);
  assert_block (&given, 501, 2500, FALSE);
  g_assert_cmpuint (given.highest, ==, 0);
  fixture->number_to = 99999;
  fixture->number = "001-002058-4"; /* T001's */
  g_assert_cmpint (fixture_put (fixture, B, 1, NULL, "b", NULL), ==, MD_LEDGER_PUT_NUMBER_FOREIGN);
  fixture->terminal = NULL;
  g_assert_cmpint (fixture_put (fixture, B, 1, NULL, "b", NULL), ==, MD_LEDGER_PUT_CREATED);
  fixture->terminal = "T002"; /* between the blocks: its own, of before it had any */
  fixture->number = between;
  g_assert_cmpint (fixture_put (fixture, C, 1, NULL, "c", NULL), ==, MD_LEDGER_PUT_CREATED);
  two.terminal = "T003";
  two.highest = 0;
  given = tell (fixture->ledger, two);
  assert_block (&given, 7001, 9000, FALSE);
  g_assert_cmpuint (given.highest, ==, 0);
  fixture->terminal = NULL;
}

/* Of a store that was put back: what the terminal holds stays its own. */
static void
test_forgotten_blocks (Fixture *fixture, gconstpointer data)
{
  MdLedgerStanding told = new_terminal;
  MdLedgerNumbers given = { 0 };

  told.newest = 6000;
  told.left = 3000;
  given = tell (fixture->ledger, told);
  assert_block (&given, 0, 0, FALSE);
  fixture->number_to = 99999;
  fixture->number = "001-005000-3";
  g_assert_cmpint (fixture_put (fixture, A, 1, NULL, "a", NULL), ==, MD_LEDGER_PUT_CREATED);
  told.left = 10;
  told.highest = 5000;
  given = tell (fixture->ledger, told);
  assert_block (&given, 6001, 8000, FALSE);
}

/* The same while the terminal goes on sending: what lies in the forgotten block is refused until
 * the terminal has said what it holds, and is then its own, though an older block of it is known.
 */
static void
test_forgotten_later (Fixture *fixture, gconstpointer data)
{
  MdLedgerStanding told = new_terminal;
  MdLedgerNumbers given = tell (fixture->ledger, told);

  fixture->number_to = 99999;
  fixture->number = "001-005000-3"; /* of 4001 to 6000, which the store gave and does not know */
  g_assert_cmpint (fixture_put (fixture, A, 1, NULL, "a", NULL), ==, MD_LEDGER_PUT_NUMBER_FOREIGN);
  told.epoch = 1;
  told.newest = 6000;
  told.highest = 5001;
  told.left = 1000;
  given = tell (fixture->ledger, told);
  assert_block (&given, 0, 0, FALSE);
  g_assert_cmpint (fixture_put (fixture, A, 1, NULL, "a", NULL), ==, MD_LEDGER_PUT_CREATED);
}

static void
test_range (Fixture *fixture, gconstpointer data)
{
  MdLedgerStanding told = new_terminal;
  MdLedgerNumbers given = { 0 };

  told.from = 100;
  told.to = 2500;
  given = tell (fixture->ledger, told);
  assert_block (&given, 100, 2099, FALSE);
  told.newest = 2099;
  given = tell (fixture->ledger, told);
  assert_block (&given, 2100, 2500, FALSE);
  told.newest = 2500;
  given = tell (fixture->ledger, told);
  assert_block (&given, 0, 0, FALSE);
  g_assert_true (given.exhausted);
  told.to = 9000;
  given = tell (fixture->ledger, told);
  assert_block (&given, 2501, 4500, FALSE);
}

static void
test_too_often (Fixture *fixture, gconstpointer data)
{
  MdLedgerStanding told = new_terminal;
  MdLedgerNumbers given = { 0 };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 30; i++)
    given = tell (fixture->ledger, told);
  g_assert_false (md_ledger_tell_numbers (fixture->ledger, &told, &given, &error));
  g_assert_error (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_TOO_OFTEN);
  told.now += HOUR;
  given = tell (fixture->ledger, told);
  assert_block (&given, 60001, 62000, TRUE);
}

static void
assert_too_often (Fixture *fixture, MdLedgerStanding told)
{
  MdLedgerNumbers given = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (md_ledger_tell_numbers (fixture->ledger, &told, &given, &error));
  g_assert_error (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_TOO_OFTEN);
}

/* What a terminal says that it holds is counted, too: neither one by one nor all at once. Of a
 * store that forgot much it comes back hour by hour, and then the terminal has a block again. */
static void
test_told_too_often (Fixture *fixture, gconstpointer data)
{
  MdLedgerStanding told = new_terminal;
  MdLedgerNumbers given = { 0 };

  told.newest = 99000;
  told.left = 10;
  for (guint i = 0; i < 3; i++)
    assert_too_often (fixture, told);
  g_assert_cmpint (count (fixture, "SELECT max (last) FROM ledger_blocks"), ==, 60000);
  told.now += HOUR;
  given = tell (fixture->ledger, told);
  assert_block (&given, 99001, 99999, FALSE);
  g_assert_cmpint (count (fixture, "SELECT count (*) FROM ledger_blocks"), ==, 3);
  fixture->number_to = 99999;
  fixture->number = "001-005000-3";
  g_assert_cmpint (fixture_put (fixture, A, 1, NULL, "a", NULL), ==, MD_LEDGER_PUT_CREATED);
  told.serial = 2;
  told.left = 2000;
  for (guint i = 1; i <= 30; i++)
    {
      told.newest = i;
      given = tell (fixture->ledger, told);
    }
  told.newest++;
  assert_too_often (fixture, told);
  g_assert_cmpint (count (fixture, "SELECT count (*) FROM ledger_blocks"), ==, 33);
}

/* Nor does it write records of epochs for ever, with one question each; and what arrived last from
 * it is kept until it has begun the next one. */
static void
test_epochs_too_often (Fixture *fixture, gconstpointer data)
{
  MdLedgerStanding told = new_terminal;
  MdLedgerNumbers given = tell (fixture->ledger, told);

  fixture->number = "001-000041-2";
  g_assert_cmpint (fixture_put (fixture, A, 1, NULL, "a", NULL), ==, MD_LEDGER_PUT_CREATED);
  told.newest = told.left = 2000;
  told.highest = 41;
  told.epoch = 99999;
  for (guint i = 0; i < 30; i++)
    {
      given = tell (fixture->ledger, told);
      g_assert_cmpuint (given.last_n, ==, 0); /* it may be of another one's epoch */
    }
  assert_too_often (fixture, told);
  told.epoch = 31;
  given = tell (fixture->ledger, told);
  g_assert_cmpstr (given.last, ==, A);
  told.epoch = 32;
  assert_too_often (fixture, told);
  told.now += HOUR;
  given = tell (fixture->ledger, told);
  g_assert_cmpuint (given.epoch, ==, 32);
  g_assert_cmpuint (given.last_n, ==, 0);
  g_assert_cmpint (count (fixture, "SELECT count (*) FROM audit WHERE event = 'epoch'"), ==, 31);
}

/* --- Two gateways on one store --- */

static gpointer
ask_for_many (gpointer data)
{
  MdLedgerStanding told = new_terminal;

  for (guint i = 0; i < 12; i++)
    {
      const MdLedgerNumbers given = tell (data, told);

      g_assert_cmpuint (given.highest, ==, 0);
      told.newest = given.to;
    }
  return NULL;
}

/* Whichever is asked, and though what the terminal says to one is not what it says to the other: no
 * number is in two blocks. */
static void
test_two_gateways (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MdLedger) other = fixture_open (fixture, TRUE);
  GThread *thread = g_thread_new ("gateway", ask_for_many, other);

  (void)ask_for_many (fixture->ledger);
  g_thread_join (thread);
  g_assert_cmpint (count (fixture, "SELECT count (*) FROM ledger_blocks"), ==, 24);
  g_assert_cmpint (count (fixture, "SELECT count (*) FROM ledger_blocks a JOIN ledger_blocks b"
                                   " ON a.first < b.first AND a.last >= b.first"),
                   ==, 0);
  g_assert_cmpint (count (fixture, "SELECT count (*) FROM audit WHERE event = 'numbers'"), ==, 24);
}

/* --- What arrives --- */

static void
assert_put (Fixture *fixture, const char *intake, const char *number, MdLedgerPut expected)
{
  fixture->number = number;
  g_assert_cmpint (fixture_put (fixture, intake, 1, NULL, intake, NULL), ==, expected);
}

static void
test_arriving (Fixture *fixture, gconstpointer data)
{
  MdLedgerStanding told = new_terminal;
  MdLedgerNumbers given = { 0 };

  fixture->number_to = 99999;
  assert_put (fixture, A, "001-000041-2", MD_LEDGER_PUT_CREATED); /* before there were blocks */
  assert_put (fixture, B, "001-100000-7", MD_LEDGER_PUT_NUMBER_FOREIGN);
  assert_put (fixture, B, "001-000041-2", MD_LEDGER_PUT_NUMBER_USED);
  assert_put (fixture, A, "001-000041-2", MD_LEDGER_PUT_SAME);
  told.highest = 57;
  given = tell (fixture->ledger, told);
  assert_block (&given, 58, 2057, FALSE);
  assert_put (fixture, B, "001-000042-0", MD_LEDGER_PUT_CREATED); /* was on its way */
  assert_put (fixture, C, "001-002058-4", MD_LEDGER_PUT_NUMBER_FOREIGN);
  fixture->terminal = "T002";
  assert_put (fixture, C, "001-002057-6", MD_LEDGER_PUT_NUMBER_FOREIGN);
  fixture->terminal = NULL;
  assert_put (fixture, C, "001-002057-6", MD_LEDGER_PUT_CREATED);
  g_assert_cmpint (count (fixture, "SELECT count (*) FROM ledger_numbers"), ==, 3);
}

/* --- From before --- */

/* A store with rows of the release before numbers were looked at, on either engine: they count. */
static void
test_migrated (Fixture *fixture, gconstpointer data)
{
  MdLedgerStanding told = new_terminal;
  MdLedgerNumbers given = { 0 };
  MdDb *db = NULL;
  g_autoptr (GError) error = NULL;

  assert_put (fixture, A, "001-000041-2", MD_LEDGER_PUT_CREATED);
  g_assert_cmpint (fixture_put (fixture, A, 2, "approve", "d", NULL), ==, MD_LEDGER_PUT_CREATED);
  fixture->terminal = "T002";
  assert_put (fixture, B, "002-000001-4", MD_LEDGER_PUT_CREATED);
  fixture->terminal = NULL;
  g_clear_object (&fixture->ledger);
  db = fixture_open_db (fixture);
  g_assert_true (
      md_db_exec (db,
                  "DROP TABLE ledger_numbers; DROP TABLE ledger_blocks; DROP TABLE"
                  " ledger_terminals; DROP TABLE ledger_chunks; DROP TABLE ledger_uploads;"
                  "DROP TABLE ledger_refusals; DROP TABLE ledger_renewals;"
                  "DROP TABLE ledger_in_force; UPDATE schema_version SET version = 12"
                  " WHERE component = 'ledger'",
                  &error));
  g_assert_no_error (error);
  md_db_close (db);
  fixture->ledger = fixture_open (fixture, TRUE);
  g_assert_cmpint (count (fixture, "SELECT count (*) FROM ledger_numbers"), ==, 2);
  g_assert_cmpint (count (fixture, "SELECT sum (epoch) FROM ledger_terminals"), ==, 2);
  told.highest = 41;
  given = tell (fixture->ledger, told);
  assert_block (&given, 42, 2041, FALSE);
  g_assert_cmpuint (given.highest, ==, 41);
  g_assert_cmpstr (given.last, ==, A);
  g_assert_cmpuint (given.last_n, ==, 2);
  assert_put (fixture, C, "001-000041-2", MD_LEDGER_PUT_NUMBER_USED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, func)                                                                           \
  g_test_add ("/ledger/numbers/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  CASE ("blocks", test_blocks);
  CASE ("lost-answer", test_lost_answer);
  CASE ("lost-answer-and-line", test_lost_answer_and_line);
  CASE ("epochs", test_epochs);
  CASE ("older-number", test_older_number);
  CASE ("shared-serial", test_shared_serial);
  CASE ("told-too-often", test_told_too_often);
  CASE ("epochs-too-often", test_epochs_too_often);
  CASE ("forgotten-blocks", test_forgotten_blocks);
  CASE ("forgotten-later", test_forgotten_later);
  CASE ("range", test_range);
  CASE ("too-often", test_too_often);
  CASE ("two-gateways", test_two_gateways);
  CASE ("arriving", test_arriving);
  CASE ("migrated", test_migrated);
  return g_test_run ();
}
