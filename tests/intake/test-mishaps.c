// SPDX-License-Identifier: Apache-2.0
/* What goes wrong with residents' cards and their PINs. Each ends in words and in the log, and the
 * work goes on. */
#include "counter.h"

static void
take_card_away (Counter *counter, MdIntake *intake)
{
  counter_remove (counter, "resident");
  counter_wait (intake, "wait", MD_WAIT_CARD);
  g_assert_cmpuint (g_list_model_get_n_items (md_intake_get_checks (intake)), ==, 0);
}

static void
test_refused_cards (Counter *counter)
{
  static const struct
  {
    const char *card;
    const char *recorded;
  } cards[] = {
    { "expired", "refused verdict=expired revocation=none" },
    { "cardexpired", "refused verdict=past-last-day revocation=none" },
    { "revoked", "refused verdict=revoked revocation=ocsp reason=keyCompromise" },
    { "suspended", "refused verdict=suspended revocation=ocsp reason=certificateHold" },
    { "signcert", "refused verdict=wrong-profile revocation=none cause=signature-certificate" },
    { "servercert", "refused verdict=wrong-profile revocation=none cause=server-certificate" },
    { "foreign", "refused verdict=untrusted-issuer revocation=none cause=no-anchor" },
    { "notyet", "refused verdict=not-yet-valid revocation=none" },
    { "clone", "refused verdict=bad-proof revocation=none" },
    { "broken", "refused verdict=bad-certificate revocation=none" },
    { "tampered", "refused verdict=bad-data revocation=none" },
  };
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = counter_begin (counter, "pension.exemption");
  for (guint i = 0; i < G_N_ELEMENTS (cards); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", cards[i].card);
      counter_insert (counter, "resident", cards[i].card);
      counter_wait (intake, "wait", MD_WAIT_PIN);
      g_assert_false (counter_identify (counter, intake, cards[i].card, &error));
      g_assert_error (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED);
      g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_REFUSED);
      g_assert_false (md_intake_get_can_advance (intake));
      g_assert_false (md_intake_advance (intake));
      counter_assert_trouble (intake);
      counter_assert_recorded (counter, "identification", cards[i].recorded);
      take_card_away (counter, intake);
      g_assert_null (md_intake_get_trouble (intake));
    }
}

static void
test_pointless_cards (Counter *counter)
{
  static const char *const cards[] = { "locked", "textlocked", "nocert" };
  static const char *const causes[]
      = { "refused cause=pin-blocked", "refused cause=pin-blocked", "refused cause=no-data" };
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = counter_begin (counter, "lem.certificate");
  for (guint i = 0; i < G_N_ELEMENTS (cards); i++)
    {
      g_test_message ("%s", cards[i]);
      counter_insert (counter, "resident", cards[i]);
      counter_wait (intake, "wait", MD_WAIT_REFUSED);
      counter_assert_trouble (intake);
      counter_assert_recorded (counter, "identification", causes[i]);
      take_card_away (counter, intake);
    }
  /* Something that is no My Number card: said at once, and the reader waits for another. */
  counter_insert (counter, "resident", "unknown");
  await (md_intake_get_trouble (intake));
  counter_assert_trouble (intake);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_CARD);
  counter_assert_recorded (counter, "identification", "refused cause=unknown-card");
}

static void
test_wrong_pin (Counter *counter)
{
  g_autoptr (MdSecret) text = counter_pin (counter, "tanaka", "text");
  g_autoptr (MdSecret) wrong = md_secret_new_from_text ("9999");
  g_autoptr (GError) error = NULL;
  MdIntake *intake;
  int tries;

  counter_login (counter, "S0001");
  intake = counter_begin (counter, "pension.exemption");
  counter_insert (counter, "resident", "tanaka");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_object_get (intake, "tries-auth", &tries, NULL);
  g_assert_cmpint (tries, ==, 3);
  g_assert_false (counter_identify_with (intake, text, wrong, FALSE, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_WRONG);
  g_clear_error (&error);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  counter_wait (intake, "tries-auth", 2);
  counter_assert_trouble (intake);
  counter_assert_recorded (counter, "identification", "failed cause=pin-wrong");
  g_assert_true (counter_identify (counter, intake, "tanaka", &error));
  g_assert_no_error (error);
  g_assert_null (md_intake_get_trouble (intake));
  g_assert_true (md_intake_advance (intake));
}

/* The last try is spent only when the resident knows. */
static void
test_last_try (Counter *counter)
{
  g_autoptr (MdSecret) text = counter_pin (counter, "lasttry", "text");
  g_autoptr (MdSecret) auth = counter_pin (counter, "lasttry", "auth");
  g_autoptr (GError) error = NULL;
  gboolean last;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = counter_begin (counter, "lem.certificate");
  counter_insert (counter, "resident", "lasttry");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_object_get (intake, "last-try", &last, NULL);
  g_assert_true (last);
  g_assert_false (counter_identify_with (intake, text, auth, FALSE, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_LAST_TRY);
  g_clear_error (&error);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (counter_identify_with (intake, text, auth, TRUE, &error));
  g_assert_no_error (error);
}

/* A card that does not tell its tries: the resident is asked first, as for the last one. */
static void
test_uncounted (Counter *counter)
{
  g_autoptr (MdSecret) text = counter_pin (counter, "tanaka", "text");
  g_autoptr (MdSecret) auth = counter_pin (counter, "tanaka", "auth");
  g_autoptr (GError) error = NULL;
  gboolean last, uncounted;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = counter_begin (counter, "lem.certificate");
  g_free (counter_order (counter, "resident", "fault sw 6300 ins 20 every"));
  counter_insert (counter, "resident", "tanaka");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_object_get (intake, "last-try", &last, "uncounted", &uncounted, NULL);
  g_assert_false (last);
  g_assert_true (uncounted);
  g_assert_false (counter_identify_with (intake, text, auth, FALSE, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_UNCOUNTED);
  g_clear_error (&error);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  counter_assert_trouble (intake);
  g_free (counter_order (counter, "resident", "clear-faults"));
  g_assert_true (counter_identify_with (intake, text, auth, TRUE, &error));
  g_assert_no_error (error);
}

/* Pulled out at any command: an ordinary event that never looks like a wrong PIN. */
static void
test_pulled_out (Counter *counter)
{
  g_autoptr (GError) error = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = counter_begin (counter, "pension.exemption");
  for (guint at = 1; at <= 25; at += 4)
    {
      g_autofree char *fault = g_strdup_printf ("fault remove at %u", at);

      counter_insert (counter, "resident", "tanaka");
      counter_wait (intake, "wait", MD_WAIT_PIN);
      g_free (counter_order (counter, "resident", fault));
      g_assert_false (counter_identify (counter, intake, "tanaka", &error));
      g_test_message ("at %u: %s", at, error->message);
      g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_REMOVED);
      g_clear_error (&error);
      counter_wait (intake, "wait", MD_WAIT_CARD);
      counter_assert_trouble (intake);
      g_assert_false (md_intake_get_can_advance (intake));
    }
  counter_insert (counter, "resident", "tanaka");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  counter_wait (intake, "tries-auth", 3);
  g_assert_true (counter_identify (counter, intake, "tanaka", &error));
  g_assert_no_error (error);
}

/* Another card lies there, and nobody was told of an empty reader in between. */
static void
swap_unseen (Counter *counter, const char *card)
{
  late_backend_hold_news (counter->readers, TRUE);
  counter_insert (counter, "resident", card);
}

/* What was known of the first card is not taken for the second one's. */
static void
test_swapped_unseen (Counter *counter)
{
  g_autoptr (GError) error = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = counter_begin (counter, "lem.certificate");
  counter_insert (counter, "resident", "tanaka");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  swap_unseen (counter, "locked");
  late_backend_hold_news (counter->readers, FALSE);
  counter_wait (intake, "wait", MD_WAIT_REFUSED);

  /* A refusal goes with its card, too. */
  swap_unseen (counter, "tanaka");
  late_backend_hold_news (counter->readers, FALSE);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_null (md_intake_get_trouble (intake));
  g_assert_true (counter_identify (counter, intake, "tanaka", &error));
  g_assert_no_error (error);
}

/* Swapped under the PIN: it does not go to the other card, and that card is asked for its own. */
static void
test_swapped_under_the_pin (Counter *counter)
{
  g_autoptr (GError) error = NULL;
  MdIntake *intake;

  counter_login (counter, "S0001");
  intake = counter_begin (counter, "pension.exemption");
  counter_insert (counter, "resident", "tanaka");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  swap_unseen (counter, "sato");
  g_assert_false (counter_identify (counter, intake, "tanaka", &error));
  /* Between the two there may be none for a moment. */
  if (!g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_CARD))
    g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_REMOVED);
  g_clear_error (&error);
  late_backend_hold_news (counter->readers, FALSE);
  counter_wait (intake, "wait", MD_WAIT_PIN);
  counter_wait (intake, "tries-auth", 3);
  g_assert_null (md_intake_get_trouble (intake));
  g_assert_true (counter_identify (counter, intake, "sato", &error));
  g_assert_no_error (error);
}

static const CounterTest tests[] = {
  { "/intake/mishaps/refused-cards", test_refused_cards },
  { "/intake/mishaps/pointless-cards", test_pointless_cards },
  { "/intake/mishaps/wrong-pin", test_wrong_pin },
  { "/intake/mishaps/last-try", test_last_try },
  { "/intake/mishaps/uncounted", test_uncounted },
  { "/intake/mishaps/pulled-out", test_pulled_out },
  { "/intake/mishaps/swapped-unseen", test_swapped_unseen },
  { "/intake/mishaps/swapped-under-the-pin", test_swapped_under_the_pin },
};

int
main (int argc, char **argv)
{
  return counter_run (argc, argv, tests, G_N_ELEMENTS (tests));
}
