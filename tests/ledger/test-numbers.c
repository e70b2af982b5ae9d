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
  given = tell (fixture->ledger, told);
  assert_block (&given, 5001, 7000, FALSE);
  g_assert_cmpuint (given.highest, ==, 5000);
  g_assert_cmpstr (given.last, ==, A);
  g_assert_cmpuint (given.last_n, ==, 1);
  g_assert_cmpint (count (fixture, "SELECT count (*) FROM audit WHERE event = 'numbers'"), ==, 3);
}

/* The answer was lost, or the terminal has forgotten it: nobody can tell, and nobody gets it. */
static void
test_lost_answer (Fixture *fixture, gconstpointer data)
{
  MdLedgerStanding told = new_terminal;
  MdLedgerNumbers given = tell (fixture->ledger, told);

  assert_block (&given, 1, 2000, FALSE);
  told.left = 5000;
  given = tell (fixture->ledger, told);
  assert_block (&given, 2001, 4000, TRUE);
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
  given = tell (fixture->ledger, told);
  assert_block (&given, 6001, 8000, FALSE);
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

/* --- Two gateways on one store --- */

typedef struct
{
  MdLedger *ledger;
  const char *terminal;
} Asker;

static gpointer
ask_for_many (gpointer data)
{
  const Asker *asker = data;
  MdLedgerStanding told = new_terminal;

  told.terminal = asker->terminal;
  for (guint i = 0; i < 12; i++)
    told.newest = tell (asker->ledger, told).to;
  return NULL;
}

/* Whichever is asked, by whomever: no number is in two blocks. */
static void
test_two_gateways (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MdLedger) other = fixture_open (fixture, TRUE);
  Asker askers[] = { { fixture->ledger, "T001" }, { other, "T002" } };
  GThread *thread = g_thread_new ("gateway", ask_for_many, &askers[1]);

  (void)ask_for_many (&askers[0]);
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, func)                                                                           \
  g_test_add ("/ledger/numbers/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  CASE ("blocks", test_blocks);
  CASE ("lost-answer", test_lost_answer);
  CASE ("forgotten-blocks", test_forgotten_blocks);
  CASE ("range", test_range);
  CASE ("too-often", test_too_often);
  CASE ("two-gateways", test_two_gateways);
  CASE ("arriving", test_arriving);
  return g_test_run ();
}
