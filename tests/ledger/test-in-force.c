// SPDX-License-Identifier: Apache-2.0
#include "ledger-fixture.h"

#include <string.h>

/* Which policy each terminal says that it has in force. */

#define SECOND G_TIME_SPAN_SECOND
#define START (G_GINT64_CONSTANT (1790000000) * SECOND)

static void
tell (MdLedger *ledger, const char *terminal, guint version, guint refused, const char *cause,
      gint64 now)
{
  const MdLedgerInForce told = { .office = (char *)(gsize) "139998",
                                 .terminal = (char *)(gsize)terminal,
                                 .version = version,
                                 .refused = refused,
                                 .cause = (char *)(gsize)cause,
                                 .seen = now };
  g_autoptr (GError) error = NULL;

  g_assert_true (md_ledger_tell_in_force (ledger, &told, &error));
  g_assert_no_error (error);
}

/* What another one that opens the store finds of the terminal that stands at @n. */
static MdLedgerInForce *
look (Fixture *fixture, guint n, guint of)
{
  g_autoptr (MdLedger) other = fixture_open (fixture, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = md_ledger_list_in_force (other, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, of);
  return g_ptr_array_steal_index (list, n);
}

static void
assert_said (Fixture *fixture, guint version, guint highest, guint refused, const char *cause)
{
  g_autoptr (MdLedgerInForce) said = look (fixture, 0, 1);

  g_assert_cmpstr (said->office, ==, "139998");
  g_assert_cmpstr (said->terminal, ==, "T001");
  g_assert_cmpuint (said->version, ==, version);
  g_assert_cmpuint (said->highest, ==, highest);
  g_assert_cmpuint (said->refused, ==, refused);
  g_assert_cmpstr (said->cause, ==, cause);
}

/* "outcome detail" of every record about this, joined. */
static char *
records (Fixture *fixture)
{
  MdDb *db = fixture_open_db (fixture);
  g_autoptr (MdDbStatement) query = md_db_prepare (
      db, "SELECT outcome, detail FROM audit WHERE event = 'acknowledge' ORDER BY seq", NULL);
  GString *text = g_string_new (NULL);

  while (md_db_step (query, NULL) == MD_DB_STEP_ROW)
    g_string_append_printf (text, "%s %s\n", md_db_column_text (query, 0),
                            md_db_column_text (query, 1));
  g_clear_pointer (&query, md_db_statement_free);
  md_db_close (db);
  return g_string_free (text, FALSE);
}

static void
assert_records (Fixture *fixture, const char *wanted)
{
  g_autofree char *found = records (fixture);
  MdAuditReport report = { .verdict = MD_AUDIT_BROKEN };

  g_assert_cmpstr (found, ==, wanted);
  g_assert_true (md_ledger_verify_audit (fixture->ledger, &report, NULL));
  g_assert_cmpint (report.verdict, ==, MD_AUDIT_INTACT);
}

static void
test_newer (Fixture *fixture, gconstpointer data)
{
  tell (fixture->ledger, "T001", 4, 0, NULL, START);
  tell (fixture->ledger, "T001", 4, 0, NULL, START + 10 * SECOND);
  tell (fixture->ledger, "T001", 6, 0, NULL, START + 20 * SECOND);
  assert_said (fixture, 6, 6, 0, "");
  assert_records (fixture, "done terminal=T001 version=4 before=0\n"
                           "done terminal=T001 version=6 before=4\n");
}

/* Since when is what it was said first; what is no news is written down now and then alone. */
static void
test_since (Fixture *fixture, gconstpointer data)
{
  const gint64 hour = G_TIME_SPAN_HOUR;

  for (gint64 passed = 0; passed <= hour; passed += 10 * SECOND)
    tell (fixture->ledger, "T001", 4, 0, NULL, START + passed);
  {
    g_autoptr (MdLedgerInForce) said = look (fixture, 0, 1);

    g_assert_cmpint (said->since, ==, START);
    g_assert_cmpint (said->seen, >, START + hour - 10 * G_TIME_SPAN_MINUTE);
  }
  /* A clock that was put back is no reason to be silent for as long. */
  tell (fixture->ledger, "T001", 4, 0, NULL, START - hour);
  {
    g_autoptr (MdLedgerInForce) said = look (fixture, 0, 1);

    g_assert_cmpint (said->seen, ==, START - hour);
    g_assert_cmpint (said->since, ==, START);
  }
  assert_records (fixture, "done terminal=T001 version=4 before=0\n");
}

/* A backup was put back: recorded, and remembered until it has caught up. */
static void
test_older (Fixture *fixture, gconstpointer data)
{
  tell (fixture->ledger, "T001", 6, 0, NULL, START);
  tell (fixture->ledger, "T001", 4, 0, NULL, START + SECOND);
  assert_said (fixture, 4, 6, 0, "");
  tell (fixture->ledger, "T001", 6, 0, NULL, START + 2 * SECOND);
  assert_said (fixture, 6, 6, 0, "");
  assert_records (fixture, "done terminal=T001 version=6 before=0\n"
                           "failed terminal=T001 version=4 before=6 cause=older highest=6\n"
                           "done terminal=T001 version=6 before=4\n");
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  tell (fixture->ledger, "T001", 4, 5, "signature", START);
  tell (fixture->ledger, "T001", 4, 5, "signature", START + SECOND);
  assert_said (fixture, 4, 4, 5, "signature");
  /* It names none that is known here: that takes nothing back. */
  tell (fixture->ledger, "T001", 0, 5, "foreign", START + 2 * SECOND);
  assert_said (fixture, 4, 4, 5, "foreign");
  tell (fixture->ledger, "T001", 6, 0, NULL, START + 3 * SECOND);
  assert_said (fixture, 6, 6, 0, "");
  assert_records (fixture, "done terminal=T001 version=4 before=0\n"
                           "refused terminal=T001 version=5 cause=signature\n"
                           "refused terminal=T001 version=5 cause=foreign\n"
                           "done terminal=T001 version=6 before=4\n");
}

/* Whoever says nothing is not written down; one terminal says nothing for another. */
static void
test_apart (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MdLedgerInForce) other = NULL;

  tell (fixture->ledger, "T003", 0, 0, NULL, START);
  tell (fixture->ledger, "T001", 4, 0, NULL, START);
  tell (fixture->ledger, "T002", 6, 0, NULL, START);
  other = look (fixture, 1, 2);
  g_assert_cmpstr (other->terminal, ==, "T002");
  g_assert_cmpuint (other->version, ==, 6);
}

/* Two gateways on one store: each finds what the other was told. */
static void
test_two_gateways (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MdLedger) other = fixture_open (fixture, TRUE);

  tell (fixture->ledger, "T001", 6, 0, NULL, START);
  tell (other, "T001", 6, 0, NULL, START + SECOND);
  tell (other, "T001", 4, 0, NULL, START + 2 * SECOND);
  tell (fixture->ledger, "T001", 6, 0, NULL, START + 3 * SECOND);
  assert_said (fixture, 6, 6, 0, "");
  assert_records (fixture, "done terminal=T001 version=6 before=0\n"
                           "failed terminal=T001 version=4 before=6 cause=older highest=6\n"
                           "done terminal=T001 version=6 before=4\n");
}

/* One that says another thing each time has what it said last kept, and the chain to itself no
 * more than 30 times an hour. */
static void
test_flood (Fixture *fixture, gconstpointer data)
{
  g_autofree char *found = NULL;
  g_auto (GStrv) lines = NULL;

  for (guint i = 0; i < 200; i++)
    tell (fixture->ledger, "T001", 4 + i % 2, 0, NULL, START + i * SECOND);
  assert_said (fixture, 5, 5, 0, "");
  found = records (fixture);
  lines = g_strsplit (found, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 31);
  tell (fixture->ledger, "T001", 4, 0, NULL, START + G_TIME_SPAN_HOUR);
  g_clear_pointer (&lines, g_strfreev);
  g_free (found);
  found = records (fixture);
  lines = g_strsplit (found, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 32);
}

static void
keep (MdLedger *ledger, guint version)
{
  g_autoptr (GBytes) bundle = g_bytes_new_static ("bundle", 6);
  g_autofree char *digest = g_strdup_printf ("digest-%u", version);
  const MdLedgerPolicy policy
      = { .version = version, .digest = digest, .bundle = bundle, .taken = START };

  g_assert_true (md_ledger_keep_policy (ledger, &policy, NULL));
}

static void
test_newer_policies (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MdLedger) other = fixture_open (fixture, TRUE);
  g_autoptr (GPtrArray) list = NULL;

  keep (fixture->ledger, 4);
  keep (other, 6);
  keep (other, 7);
  list = md_ledger_list_newer_policies (fixture->ledger, 4, NULL);
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_cmpuint (((const MdLedgerPolicy *)list->pdata[0])->version, ==, 6);
  g_clear_pointer (&list, g_ptr_array_unref);
  list = md_ledger_list_newer_policies (fixture->ledger, 7, NULL);
  g_assert_cmpuint (list->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, func)                                                                           \
  g_test_add ("/ledger/in-force/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  CASE ("newer", test_newer);
  CASE ("since", test_since);
  CASE ("older", test_older);
  CASE ("refused", test_refused);
  CASE ("apart", test_apart);
  CASE ("two-gateways", test_two_gateways);
  CASE ("flood", test_flood);
  CASE ("newer-policies", test_newer_policies);
  return g_test_run ();
}
