// SPDX-License-Identifier: Apache-2.0
#include "ledger-fixture.h"

#include <md-seal.h>

/* What may follow upon what, as the ledger holds it whatever its caller has checked. */

#define REPLACE ((guint)MD_N_DECISIONS)
#define N_ACTS (REPLACE + 1)
#define MAX_ACTS 3u

/* An intake's name that no other has. */
static char *
next_intake (void)
{
  static guint count = 0;

  return g_strdup_printf ("0193a5a0-1c2d-7e3f-8a4b-%012u", ++count);
}

static MdLedgerPut
put_intake (Fixture *fixture, const char *intake, const char *replaces)
{
  MdLedgerPut put = MD_LEDGER_PUT_FAILED;

  fixture->replaces = replaces;
  put = fixture_put (fixture, intake, 1, NULL, intake, NULL);
  fixture->replaces = NULL;
  return put;
}

/* Puts one act upon @intake, whose next item is *@n. */
static MdLedgerPut
put_act (Fixture *fixture, const char *intake, guint *n, guint act)
{
  g_autofree char *other = NULL;
  MdLedgerPut put = MD_LEDGER_PUT_FAILED;

  if (act == REPLACE)
    {
      other = next_intake ();
      return put_intake (fixture, other, intake);
    }
  put = fixture_put (fixture, intake, *n, md_decision_kind_to_string ((MdDecisionKind)act),
                     "decision", NULL);
  if (put == MD_LEDGER_PUT_CREATED)
    *n += 1;
  return put;
}

/* Every course of up to three acts: each act is stored if and only if the table has it; what was
 * refused has changed nothing. */
static void
test_courses (Fixture *fixture, gconstpointer data)
{
  const MdLedgerPut refusals[2] = { MD_LEDGER_PUT_OUT_OF_ORDER, MD_LEDGER_PUT_NOT_RETURNED };
  guint n_courses = 1;

  for (guint i = 0; i < MAX_ACTS; i++)
    n_courses *= N_ACTS;
  for (guint course = 0; course < n_courses; course++)
    {
      g_autofree char *intake = next_intake ();
      MdStanding standing = MD_STANDING_RECEIVED;
      guint n = 2;

      g_assert_cmpint (put_intake (fixture, intake, NULL), ==, MD_LEDGER_PUT_CREATED);
      for (guint i = 0, number = course; i < MAX_ACTS; i++, number /= N_ACTS)
        {
          const guint act = number % N_ACTS;
          const gboolean taken
              = standing == MD_STANDING_CLAIMED || standing == MD_STANDING_REPLACED;
          const gboolean may = act == REPLACE
                                   ? md_standing_replace (standing, &standing)
                                   : md_standing_decide (standing, (MdDecisionKind)act, &standing);
          const MdLedgerPut expected = may                       ? MD_LEDGER_PUT_CREATED
                                       : act == REPLACE && taken ? MD_LEDGER_PUT_ALREADY_REPLACED
                                                                 : refusals[act == REPLACE];

          g_assert_cmpint (put_act (fixture, intake, &n, act), ==, expected);
        }
    }
}

/* The new intake may come before the one it takes up again, and that one's return last of all; a
 * second one that takes it up is refused at every moment. */
static void
test_any_order (Fixture *fixture, gconstpointer data)
{
  g_autofree char *old = next_intake ();
  g_autofree char *one = next_intake ();
  g_autofree char *two = next_intake ();

  g_assert_cmpint (put_intake (fixture, one, old), ==, MD_LEDGER_PUT_CREATED);
  g_assert_cmpint (put_intake (fixture, two, old), ==, MD_LEDGER_PUT_ALREADY_REPLACED);
  g_assert_cmpint (put_intake (fixture, one, old), ==, MD_LEDGER_PUT_SAME);
  g_assert_cmpint (put_intake (fixture, old, NULL), ==, MD_LEDGER_PUT_CREATED);
  g_assert_cmpint (put_intake (fixture, two, old), ==, MD_LEDGER_PUT_ALREADY_REPLACED);
  g_assert_cmpint (fixture_put (fixture, old, 2, "approve", "no", NULL), ==,
                   MD_LEDGER_PUT_OUT_OF_ORDER);
  g_assert_cmpint (fixture_put (fixture, old, 2, "return", "yes", NULL), ==, MD_LEDGER_PUT_CREATED);
  g_assert_cmpint (put_intake (fixture, two, old), ==, MD_LEDGER_PUT_ALREADY_REPLACED);
  g_assert_cmpint (fixture_put (fixture, old, 3, "withdraw", "no", NULL), ==,
                   MD_LEDGER_PUT_OUT_OF_ORDER);
  /* and the new one goes its own way */
  g_assert_cmpint (fixture_put (fixture, one, 2, "return", "again", NULL), ==,
                   MD_LEDGER_PUT_CREATED);
  g_assert_cmpint (put_intake (fixture, two, one), ==, MD_LEDGER_PUT_CREATED);
}

/* What another terminal sends has no say in this one's intakes, whether it comes before or after.
 */
static void
test_another_terminal (Fixture *fixture, gconstpointer data)
{
  g_autofree char *known = next_intake ();
  g_autofree char *later = next_intake ();
  g_autofree char *before = next_intake ();
  g_autofree char *after = next_intake ();

  g_assert_cmpint (put_intake (fixture, known, NULL), ==, MD_LEDGER_PUT_CREATED);
  fixture->terminal = "T002";
  g_assert_cmpint (put_intake (fixture, after, known), ==, MD_LEDGER_PUT_REPLACES_OTHER);
  g_assert_cmpint (put_intake (fixture, before, later), ==, MD_LEDGER_PUT_CREATED);
  fixture->terminal = NULL;
  g_assert_cmpint (put_intake (fixture, later, NULL), ==, MD_LEDGER_PUT_CREATED);
  g_assert_cmpint (fixture_put (fixture, later, 2, "approve", "yes", NULL), ==,
                   MD_LEDGER_PUT_CREATED);
}

/* A word that is no decision is stored as none. */
static void
test_unknown_kind (Fixture *fixture, gconstpointer data)
{
  g_autofree char *intake = next_intake ();

  g_assert_cmpint (put_intake (fixture, intake, NULL), ==, MD_LEDGER_PUT_CREATED);
  g_assert_cmpint (fixture_put (fixture, intake, 2, "accept", "x", NULL), ==,
                   MD_LEDGER_PUT_OUT_OF_ORDER);
  g_assert_cmpint (fixture_put (fixture, intake, 2, NULL, "x", NULL), ==,
                   MD_LEDGER_PUT_OUT_OF_ORDER);
}

#define ACCEPTED "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define CHANGED "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define OTHER "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"

static void
say (Fixture *fixture, const char *cites, const char *allows, const char *amends)
{
  fixture->cites = cites;
  fixture->allows = allows;
  fixture->amends = amends;
}

/* One decision upon a letter takes the place of another once, and what cites the first comes before
 * or not at all. */
static void
test_letters (Fixture *fixture, gconstpointer data)
{
  g_autofree char *letter = next_intake ();
  g_autofree char *change = next_intake ();
  g_autofree char *late = next_intake ();
  g_autofree char *before = next_intake ();
  g_autofree char *after = next_intake ();
  g_auto (MdLedgerLetter) place = { 0 };
  g_auto (MdLedgerLetter) nothing = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (put_intake (fixture, letter, NULL), ==, MD_LEDGER_PUT_CREATED);
  say (fixture, NULL, ACCEPTED, NULL);
  g_assert_cmpint (fixture_put (fixture, letter, 2, "approve", "1", NULL), ==,
                   MD_LEDGER_PUT_CREATED);
  say (fixture, ACCEPTED, NULL, NULL);
  g_assert_cmpint (put_intake (fixture, change, NULL), ==, MD_LEDGER_PUT_CREATED);
  g_assert_cmpint (put_intake (fixture, late, NULL), ==, MD_LEDGER_PUT_CREATED);
  g_assert_cmpint (put_intake (fixture, before, NULL), ==, MD_LEDGER_PUT_CREATED);
  say (fixture, NULL, CHANGED, ACCEPTED);
  g_assert_cmpint (fixture_put (fixture, change, 2, "approve", "2", NULL), ==,
                   MD_LEDGER_PUT_CREATED);
  g_assert_cmpint (fixture_put (fixture, change, 2, "approve", "2", NULL), ==, MD_LEDGER_PUT_SAME);
  say (fixture, NULL, OTHER, ACCEPTED);
  g_assert_cmpint (fixture_put (fixture, late, 2, "approve", "3", NULL), ==,
                   MD_LEDGER_PUT_LETTER_CHANGED);
  say (fixture, ACCEPTED, NULL, NULL);
  g_assert_cmpint (put_intake (fixture, after, NULL), ==, MD_LEDGER_PUT_LETTER_CHANGED);
  g_assert_cmpint (put_intake (fixture, before, NULL), ==, MD_LEDGER_PUT_SAME);
  say (fixture, CHANGED, NULL, NULL);
  g_assert_cmpint (put_intake (fixture, after, NULL), ==, MD_LEDGER_PUT_CREATED);
  say (fixture, NULL, NULL, NULL);
  g_assert_cmpint (fixture_put (fixture, late, 2, "return", "4", NULL), ==, MD_LEDGER_PUT_CREATED);
  g_assert_true (md_ledger_look_up_letter (fixture->ledger, ACCEPTED, &place, &error));
  g_assert_cmpstr (place.intake, ==, letter);
  g_assert_cmpuint (place.n, ==, 2);
  g_assert_cmpuint (place.changed_at, ==, 6);
  g_assert_true (md_ledger_look_up_letter (fixture->ledger, OTHER, &nothing, &error));
  g_assert_null (nothing.intake);
  g_assert_cmpuint (nothing.changed_at, ==, 0);
}

static GBytes *
make_notice (const MdLedgerNotice *notice, const char *previous, gpointer user_data, GError **error)
{
  return g_bytes_new_static ("notice", 6);
}

static void
give_back (Fixture *fixture, const char *intake)
{
  const MdLedgerNotice notice = { .office = (char *)(gsize) "139998",
                                  .terminal = (char *)(gsize) "T001",
                                  .intake = (char *)(gsize)intake,
                                  .officer = (char *)(gsize) "B0002",
                                  .reason = (char *)(gsize) "wrong-entry",
                                  .time = (char *)(gsize) "2026-11-22T05:30:00.123Z" };
  g_autoptr (GError) error = NULL;

  g_assert_true (md_ledger_add_notice (fixture->ledger, &notice, make_notice, NULL, &error));
  g_assert_no_error (error);
}

/* Once the letter, or a change that it rests on, was given back, nothing comes by it any more, and
 * no change of it; what came before is decided upon as ever. */
static void
test_letter_given_back (Fixture *fixture, gconstpointer data)
{
  const gboolean of_the_change = data != NULL;
  g_autofree char *letter = next_intake ();
  g_autofree char *change = next_intake ();
  g_autofree char *open = next_intake ();
  g_autofree char *before = next_intake ();
  g_autofree char *after = next_intake ();
  g_auto (MdLedgerLetter) holds = { 0 };
  g_auto (MdLedgerLetter) place = { 0 };

  g_assert_cmpint (put_intake (fixture, letter, NULL), ==, MD_LEDGER_PUT_CREATED);
  say (fixture, NULL, ACCEPTED, NULL);
  g_assert_cmpint (fixture_put (fixture, letter, 2, "approve", "1", NULL), ==,
                   MD_LEDGER_PUT_CREATED);
  say (fixture, ACCEPTED, NULL, NULL);
  fixture->letter = letter;
  g_assert_cmpint (put_intake (fixture, change, NULL), ==, MD_LEDGER_PUT_CREATED);
  say (fixture, NULL, CHANGED, ACCEPTED);
  g_assert_cmpint (fixture_put (fixture, change, 2, "approve", "2", NULL), ==,
                   MD_LEDGER_PUT_CREATED);
  say (fixture, CHANGED, NULL, NULL);
  g_assert_cmpint (put_intake (fixture, before, NULL), ==, MD_LEDGER_PUT_CREATED);
  g_assert_cmpint (put_intake (fixture, open, NULL), ==, MD_LEDGER_PUT_CREATED);
  g_assert_true (md_ledger_look_up_letter (fixture->ledger, CHANGED, &holds, NULL));
  g_assert_null (holds.given_back);
  give_back (fixture, of_the_change ? change : letter);
  g_assert_true (md_ledger_look_up_letter (fixture->ledger, CHANGED, &place, NULL));
  g_assert_cmpstr (place.given_back, ==, of_the_change ? change : letter);
  g_assert_cmpint (put_intake (fixture, after, NULL), ==, MD_LEDGER_PUT_LETTER_GIVEN_BACK);
  g_assert_cmpint (put_intake (fixture, before, NULL), ==, MD_LEDGER_PUT_SAME);
  say (fixture, NULL, OTHER, CHANGED);
  g_assert_cmpint (fixture_put (fixture, open, 2, "approve", "3", NULL), ==,
                   MD_LEDGER_PUT_LETTER_GIVEN_BACK);
  say (fixture, NULL, NULL, NULL);
  fixture->letter = NULL;
  g_assert_cmpint (fixture_put (fixture, before, 2, "approve", "4", NULL), ==,
                   MD_LEDGER_PUT_CREATED);
}

/* A letter whose decisions were never taken down, from before that was done. */
static void
test_old_letter_given_back (Fixture *fixture, gconstpointer data)
{
  g_autofree char *letter = next_intake ();
  g_autofree char *after = next_intake ();

  g_assert_cmpint (put_intake (fixture, letter, NULL), ==, MD_LEDGER_PUT_CREATED);
  give_back (fixture, letter);
  say (fixture, ACCEPTED, NULL, NULL);
  fixture->letter = letter;
  g_assert_cmpint (put_intake (fixture, after, NULL), ==, MD_LEDGER_PUT_LETTER_GIVEN_BACK);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, data, func)                                                                     \
  g_test_add ("/ledger/order/" name, Fixture, data, fixture_set_up, func, fixture_tear_down)
  CASE ("courses", NULL, test_courses);
  CASE ("letters", NULL, test_letters);
  CASE ("letter-given-back", NULL, test_letter_given_back);
  CASE ("letter-change-given-back", "change", test_letter_given_back);
  CASE ("old-letter-given-back", NULL, test_old_letter_given_back);
  CASE ("any-order", NULL, test_any_order);
  CASE ("another-terminal", NULL, test_another_terminal);
  CASE ("unknown-kind", NULL, test_unknown_kind);
  return g_test_run ();
}
