// SPDX-License-Identifier: Apache-2.0
/* What residents put on the reader and may have to be told about it: a card that ends soon, a phone
 * in its place. */
#include "counter.h"

#include <string.h>

static MdTrouble *
expiry_of (MdIntake *intake)
{
  MdTrouble *expiry = NULL;

  g_object_get (intake, "expiry", &expiry, NULL);
  return expiry;
}

static MdIntake *
identify (Counter *counter, const char *person)
{
  g_autoptr (GError) error = NULL;
  MdIntake *intake = counter_begin (counter, "lem.certificate");

  counter_insert (counter, "resident", person);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (counter_identify (counter, intake, person, &error));
  g_assert_no_error (error);
  return intake;
}

/* It is said which of the two ends, among the warnings, and the intake goes on. */
static void
check_ends_soon (Counter *counter, const char *person, const char *title, const char *says)
{
  MdIntake *intake = identify (counter, person);
  g_autoptr (MdTrouble) expiry = expiry_of (intake);
  g_autoptr (MdTrouble) warning = g_list_model_get_item (md_intake_get_warnings (intake), 0);

  g_assert_nonnull (expiry);
  g_assert_true (warning == expiry);
  g_assert_nonnull (strstr (md_trouble_get_title (expiry), title));
  g_assert_nonnull (strstr (md_trouble_get_meaning (expiry), says));
  g_assert_nonnull (strstr (md_trouble_get_action (expiry), "My Number card counter"));
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_NOTHING);
  g_assert_null (md_intake_get_trouble (intake));
  counter_assert_recorded (counter, "identification", "done verdict=valid");
  g_assert_true (md_intake_advance (intake));
  md_intake_next_person (intake);
  g_assert_true (md_intake_is_empty (intake));
  g_clear_object (&expiry);
  g_assert_null (expiry_of (intake));
}

static void
test_ends_soon (Counter *counter)
{
  g_autoptr (MdTrouble) none = NULL;

  counter_login (counter, "S0001");
  check_ends_soon (counter, "certsoon", "certificate", "The card itself can be used until 20");
  check_ends_soon (counter, "stay", "My Number card", "with its electronic certificate");
  none = expiry_of (identify (counter, "tanaka"));
  g_assert_null (none);
}

/* Where the words send the clerk to another way, the ways that are there stand below; or that there
 * is none. */
static void
assert_ways (MdIntake *intake, const char *there, const char *not_there)
{
  g_autofree char *ways = md_intake_dup_other_ways (intake);

  g_assert_nonnull (ways);
  g_test_message ("%s", ways);
  g_assert_nonnull (strstr (ways, there));
  g_assert_true (not_there == NULL || strstr (ways, not_there) == NULL);
}

static MdIntake *
refused (Counter *counter, const char *procedure, const char *person)
{
  g_autoptr (GError) error = NULL;
  MdIntake *intake = counter_begin (counter, procedure);

  counter_insert (counter, "resident", person);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_null (md_intake_dup_other_ways (intake)); /* nothing is wrong yet */
  g_assert_false (counter_identify (counter, intake, person, &error));
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_REFUSED);
  counter_remove (counter, "resident");
  return intake;
}

static void
test_other_ways (Counter *counter)
{
  g_autoptr (MdSecret) wrong = md_secret_new_from_text ("9999");
  g_autoptr (GError) error = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  /* Its certificate has run out: documents do as well. */
  intake = refused (counter, "pension.exemption", "expired");
  assert_ways (intake, "identity documents", "paper");
  g_assert_true (md_intake_get_can_use_papers (intake));
  md_intake_next_person (intake);
  /* Revoked: no document gets past it. */
  intake = refused (counter, "pension.exemption", "revoked");
  assert_ways (intake, "on paper", "documents");
  md_intake_next_person (intake);
  /* A wrong PIN, while it is asked for again. */
  intake = counter_begin (counter, "pension.exemption");
  counter_insert (counter, "resident", "tanaka");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_false (counter_identify_with (intake, wrong, wrong, FALSE, &error));
  counter_wait (intake, "wait", MD_WAIT_PIN);
  assert_ways (intake, "comparing the photograph", "the PINs");
  assert_ways (intake, "identity documents", "on paper");
  counter_remove (counter, "resident");
}

/* Told apart from a card before any PIN is typed; the card in its place goes on at once. */
static void
test_phone (Counter *counter)
{
  static const char *const phones[][2] = { { "android", "Android" }, { "iphone", "iPhone" } };
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = counter_begin (counter, "pension.exemption");
  for (guint i = 0; i < G_N_ELEMENTS (phones); i++)
    {
      counter_insert (counter, "resident", phones[i][0]);
      await (md_intake_get_trouble (intake));
      counter_assert_trouble (intake);
      g_assert_nonnull (
          strstr (md_trouble_get_title (md_intake_get_trouble (intake)), phones[i][1]));
      g_assert_nonnull (
          strstr (md_trouble_get_meaning (md_intake_get_trouble (intake)), "individual number"));
      g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_CARD);
      assert_ways (intake, "identity documents", NULL);
      counter_assert_recorded (counter, "identification", "refused cause=phone");
      counter_remove (counter, "resident");
      await (!md_intake_get_trouble (intake));
    }
  counter_insert (counter, "resident", "tanaka");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_null (md_intake_get_trouble (intake));
}

static const CounterTest tests[] = {
  { "/intake/residents/ends-soon", test_ends_soon },
  { "/intake/residents/phone", test_phone },
  { "/intake/residents/other-ways", test_other_ways },
};

int
main (int argc, char **argv)
{
  return counter_run (argc, argv, tests, G_N_ELEMENTS (tests));
}
