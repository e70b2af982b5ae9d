// SPDX-License-Identifier: Apache-2.0
/* Letters of delegation that were accepted at another terminal of the office: asked for at a real
 * gateway. Run by with-world, which sets MADOGUCHI_WORLD. */
#include "delegation-fixture.h"

#define OTHERS_NUMBER 6u

static void
give_back_at_the_gateway (Fixture *f, const char *letter)
{
  g_autofree char *path = g_build_filename (f->desk->world, "gateway", "ledger.db", NULL);
  g_autofree char *sql = g_strdup_printf (
      "INSERT INTO ledger_notices (office, terminal, number, intake, officer, reason, time, digest,"
      " body) VALUES ('139998', 'T009', 1, '%s', 'B0002', 'wrong-entry',"
      " '2026-11-21T15:30:00.000Z', '', x'00')",
      letter);

  service_write_database (path, sql);
}

static void
assert_not_told (Fixture *f, GVariant *reservation, guint nth, const char *cause)
{
  g_auto (DeskCited) cited = { NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *detail = g_strdup_printf ("cause=%s", cause);

  g_assert_false (letter_cite_nth (f, reservation, nth, &letter_good, &cited, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_UNKNOWN_INTAKE);
  service_assert_recorded (f, "delegation", "refused", detail);
}

/* A letter that another terminal accepted; its intake. */
static char *
accept_elsewhere (Fixture *f)
{
  char *letter;

  for (guint i = 1; i < OTHERS_NUMBER; i++) /* numbers that the other one is to give, too */
    g_variant_unref (letter_begin (f, "pension.exemption"));
  letter = letter_accept (f, &letter_good);
  service_await_delivered (f);
  service_become_another (f);
  return letter;
}

/* Judged as one of this terminal's, by what the gateway says each time: so nobody files by what is
 * over elsewhere; and not at all without a line. */
static void
test_elsewhere (Fixture *f, gconstpointer data)
{
  static const DeskLetter other_code
      = { .code = "K7QD-2MXA-0HZ9-RTPC", .principal = "principal", .delegate = "delegate" };
  GSubprocess *gateway = service_start_gateway (f);
  g_autofree char *letter = accept_elsewhere (f);
  g_autofree char *number = md_receipt_number_format (1, OTHERS_NUMBER);
  g_autoptr (GVariant) waiting = letter_begin (f, "pension.exemption");
  g_autofree char *waits = letter_id_of (waiting);
  g_autoptr (GVariant) change = NULL;
  g_autoptr (GVariant) late = NULL;
  g_auto (DeskCited) cited = { NULL };
  DeskFlaws named = { .letter_number = number, .letter_intake = letter };
  g_autoptr (GError) error = NULL;

  letter_assert_not_cited (f, waiting, OTHERS_NUMBER, &other_code, "principal");
  g_assert_true (letter_cite_nth (f, waiting, OTHERS_NUMBER, &letter_good, &cited, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (cited.intake, ==, letter);
  named.letter_decision = cited.decision;
  g_assert_true (letter_hand_in (f, waiting, &named, &error));
  g_assert_no_error (error);
  service_await_delivered (f); /* the gateway judged it as any */
  change = letter_begin (f, MD_DELEGATION_CHANGE);
  letter_assert_not_cited (f, change, OTHERS_NUMBER, &letter_good, "elsewhere");
  assert_not_told (f, change, 999999, "unknown-letter");
  give_back_at_the_gateway (f, letter);
  late = letter_begin (f, "pension.exemption");
  letter_assert_not_cited (f, late, OTHERS_NUMBER, &letter_good, "given-back");
  letter_be (f, "S0101");
  g_assert_false (desk_decide (f->desk, waits, MD_DECISION_APPROVE, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_DECISION_INVALID);
  letter_be (f, "S0001");
  assert_not_told (f, late, 1, "unknown-letter"); /* of this terminal: nobody is asked */
  service_stop_gateway (gateway);
  assert_not_told (f, late, 999999, "no-line");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/daemon/delegation-elsewhere/elsewhere", Fixture, NULL, service_set_up,
              test_elsewhere, letter_tear_down);
  return service_run ();
}
