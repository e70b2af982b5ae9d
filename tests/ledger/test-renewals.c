// SPDX-License-Identifier: Apache-2.0
#include "ledger-fixture.h"

#include <string.h>

/* Requests of terminals for certificates of new keys. */

/* The request of a terminal for the key that DIGIT stands for. */
static MdLedgerRenewal *
make_renewal (const char *terminal, char digit)
{
  MdLedgerRenewal *renewal = g_new0 (MdLedgerRenewal, 1);

  renewal->office = g_strdup ("139998");
  renewal->terminal = g_strdup (terminal);
  renewal->key = g_strnfill (64, digit);
  renewal->request = g_bytes_new (&digit, 1);
  return renewal;
}

static MdLedgerRenewal *
ask (Fixture *fixture, const char *terminal, char digit, gboolean hand_out)
{
  g_autoptr (MdLedgerRenewal) asked = make_renewal (terminal, digit);
  g_autoptr (GError) error = NULL;
  MdLedgerRenewal *found = md_ledger_ask_renewal (fixture->ledger, asked, hand_out, &error);

  g_assert_true ((found == NULL)
                 == g_error_matches (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_TOO_OFTEN));
  return found;
}

static void
assert_state (Fixture *fixture, char digit, gboolean hand_out, MdLedgerRenewalState state)
{
  g_autoptr (MdLedgerRenewal) found = ask (fixture, "T001", digit, hand_out);

  g_assert_cmpint (found->state, ==, state);
  g_assert_true ((found->certificate != NULL) == (state == MD_LEDGER_RENEWAL_CERTIFIED));
}

static gboolean
decide (Fixture *fixture, const char *terminal, char digit, const char *certificate)
{
  g_autoptr (MdLedgerRenewal) renewal = make_renewal (terminal, digit);
  g_autoptr (GBytes) bytes
      = certificate != NULL ? g_bytes_new (certificate, strlen (certificate)) : NULL;
  g_autoptr (GError) error = NULL;
  const gboolean done = md_ledger_decide_renewal (fixture->ledger, renewal, bytes, &error);

  g_assert_true (done || g_error_matches (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING));
  return done;
}

static guint
count_records (Fixture *fixture)
{
  g_autoptr (GPtrArray) done = md_ledger_list_done (fixture->ledger, "renew", NULL);

  return done->len;
}

static void
test_course (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GBytes) third = NULL;
  const MdLedgerRenewal *one = NULL;

  for (guint i = 0; i < 3; i++)
    assert_state (fixture, 'a', TRUE, MD_LEDGER_RENEWAL_OPEN);
  g_assert_cmpuint (count_records (fixture), ==, 1);
  g_assert_true (decide (fixture, "T001", 'a', "one"));
  g_assert_true (decide (fixture, "T001", 'a', "two"));
  g_clear_object (&fixture->ledger);
  fixture->ledger = fixture_open (fixture, TRUE);
  assert_state (fixture, 'a', FALSE, MD_LEDGER_RENEWAL_CERTIFIED);
  g_assert_true (decide (fixture, "T001", 'a', "three"));
  assert_state (fixture, 'a', TRUE, MD_LEDGER_RENEWAL_CERTIFIED);
  assert_state (fixture, 'a', TRUE, MD_LEDGER_RENEWAL_CERTIFIED);
  g_assert_cmpuint (count_records (fixture), ==, 5); /* asked, three decisions, fetched */
  g_assert_false (decide (fixture, "T001", 'a', "four"));
  g_assert_false (decide (fixture, "T001", 'a', NULL));
  g_assert_cmpuint (count_records (fixture), ==, 5);
  all = md_ledger_list_renewals (fixture->ledger, NULL);
  g_assert_cmpuint (all->len, ==, 1);
  one = all->pdata[0];
  third = g_bytes_new ("three", 5);
  g_assert_true (g_bytes_equal (one->certificate, third));
  g_assert_nonnull (one->fetched);
}

static void
test_declined (Fixture *fixture, gconstpointer data)
{
  assert_state (fixture, 'a', TRUE, MD_LEDGER_RENEWAL_OPEN);
  g_assert_false (decide (fixture, "T001", 'b', NULL));
  g_assert_false (decide (fixture, "T002", 'a', NULL));
  g_assert_true (decide (fixture, "T001", 'a', NULL));
  assert_state (fixture, 'a', TRUE, MD_LEDGER_RENEWAL_DECLINED);
  g_assert_true (decide (fixture, "T001", 'a', "after all"));
  assert_state (fixture, 'a', TRUE, MD_LEDGER_RENEWAL_CERTIFIED);
}

static void
test_room (Fixture *fixture, gconstpointer data)
{
  const char digits[] = "abc";
  g_autoptr (MdLedgerRenewal) other = NULL;

  for (guint i = 0; i < MD_LEDGER_MAX_RENEWALS; i++)
    assert_state (fixture, digits[i], TRUE, MD_LEDGER_RENEWAL_OPEN);
  g_assert_null (ask (fixture, "T001", 'd', TRUE));
  other = ask (fixture, "T002", 'd', TRUE);
  g_assert_cmpint (other->state, ==, MD_LEDGER_RENEWAL_OPEN);
  assert_state (fixture, 'b', TRUE, MD_LEDGER_RENEWAL_OPEN);
  g_assert_true (decide (fixture, "T001", 'b', NULL));
  assert_state (fixture, 'd', TRUE, MD_LEDGER_RENEWAL_OPEN);
}

/* Nobody takes out of the store what a terminal was given, or writes another certificate there. */
static void
test_guarded (Fixture *fixture, gconstpointer data)
{
  MdDb *db = NULL;

  assert_state (fixture, 'a', TRUE, MD_LEDGER_RENEWAL_OPEN);
  g_assert_true (decide (fixture, "T001", 'a', "one"));
  assert_state (fixture, 'a', TRUE, MD_LEDGER_RENEWAL_CERTIFIED);
  db = fixture_open_db (fixture);
  g_assert_false (md_db_exec (db, "DELETE FROM ledger_renewals", NULL));
  g_assert_false (md_db_exec (db, "UPDATE ledger_renewals SET fetched = NULL", NULL));
  g_assert_false (md_db_exec (db, "UPDATE ledger_renewals SET terminal = 'T002'", NULL));
  md_db_close (db);
}

/* A ledger of before there were any. */
static void
test_older (Fixture *fixture, gconstpointer data)
{
  MdDb *db = NULL;

  g_clear_object (&fixture->ledger);
  db = fixture_open_db (fixture);
  g_assert_true (md_db_exec (db,
                             "DROP TABLE ledger_renewals; DROP TABLE ledger_in_force;"
                             " UPDATE schema_version SET version = 17 WHERE component = 'ledger'",
                             NULL));
  md_db_close (db);
  fixture->ledger = fixture_open (fixture, TRUE);
  assert_state (fixture, 'a', TRUE, MD_LEDGER_RENEWAL_OPEN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, func)                                                                           \
  g_test_add ("/ledger/renewals/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  CASE ("course", test_course);
  CASE ("declined", test_declined);
  CASE ("room", test_room);
  CASE ("guarded", test_guarded);
  CASE ("older", test_older);
  return g_test_run ();
}
