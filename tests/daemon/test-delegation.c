// SPDX-License-Identifier: Apache-2.0
/* Letters of delegation: registered and decided upon like an application, and what an accepted one
 * lets its delegate file; and every way around that. Run by with-world, which sets MADOGUCHI_WORLD.
 */
#include "delegation-fixture.h"

#include <string.h>

/* --- An accepted letter --- */

/* The clerk is told what it allows now. */
static void
assert_says (const DeskCited *cited, int from_days, int to_days)
{
  g_autofree char *from = desk_day (from_days);
  g_autofree char *to = desk_day (to_days);
  const char *said = NULL;
  gboolean ended = TRUE;

  g_assert_true (g_variant_lookup (cited->allows, "from", "&s", &said));
  g_assert_cmpstr (said, ==, from);
  g_assert_true (g_variant_lookup (cited->allows, "to", "&s", &said));
  g_assert_cmpstr (said, ==, to);
  g_assert_true (g_variant_lookup (cited->allows, "ended", "b", &ended));
  g_assert_false (ended);
}

static void
test_cited (Fixture *f, gconstpointer data)
{
  g_autofree char *letter = letter_accept (f, &letter_good);
  g_autoptr (GVariant) reservation = NULL;
  g_auto (DeskCited) cited = { NULL };
  DeskFlaws named = { .letter_number = LETTER_NUMBER };
  g_autoptr (GError) error = NULL;

  service_restart (f, SIGKILL); /* what was accepted stays */
  reservation = letter_begin (f, "pension.exemption");
  g_assert_true (letter_cite (f, reservation, &letter_good, &cited, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (cited.intake, ==, letter);
  assert_says (&cited, letter_good.from_days, letter_good.to_days);
  service_assert_recorded (f, "delegation", "done", "letter=" LETTER_NUMBER);
  named.letter_intake = cited.intake;
  named.letter_decision = cited.decision;
  g_assert_true (letter_hand_in (f, reservation, &named, &error));
  g_assert_no_error (error);
  service_assert_recorded (f, "submit", "done", "delegation=" LETTER_NUMBER);
}

/* Refused, and the clerk can say of which days it is. */
static void
assert_told_days (Fixture *f, GVariant *reservation, guint nth, int from_days, int to_days)
{
  g_autofree char *from = desk_day (from_days);
  g_autofree char *to = desk_day (to_days);
  g_auto (DeskCited) cited = { NULL };
  g_autoptr (GError) error = NULL;

  g_assert_false (letter_cite_nth (f, reservation, nth, &letter_good, &cited, &error));
  g_assert_nonnull (strstr (error->message, from));
  g_assert_nonnull (strstr (error->message, to));
}

/* It is of these people, for these procedures, in these days, by this code, and of whom the intake
 * is. */
static void
test_not_covered (Fixture *f, gconstpointer data)
{
  static const DeskLetter other_delegate
      = { .code = LETTER_CODE, .principal = "principal", .delegate = "somebody" };
  static const DeskLetter other_principal
      = { .code = LETTER_CODE, .principal = "somebody", .delegate = "delegate" };
  static const DeskLetter other_code
      = { .code = "K7QD-2MXA-0HZ9-RTPC", .principal = "principal", .delegate = "delegate" };
  static const DeskLetter no_code
      = { .code = "1234", .principal = "principal", .delegate = "delegate" };
  g_autoptr (GVariant) pension = NULL;
  g_autoptr (GVariant) lem = NULL;
  g_autoptr (GVariant) of_another = NULL;
  g_auto (DeskCited) cited = { NULL };

  letter_accept_days (f, -30, -1);
  letter_accept_days (f, 1, 30);
  letter_accept_days (f, 0, 0);
  pension = letter_begin (f, "pension.exemption");
  lem = letter_begin (f, "lem.certificate");
  of_another = desk_reserve (f->desk, "pension.exemption", NULL);
  letter_assert_not_cited (f, pension, 1, &letter_good, "over");
  assert_told_days (f, pension, 1, -30, -1);
  letter_assert_not_cited (f, pension, 2, &letter_good, "early");
  assert_told_days (f, pension, 2, 1, 30);
  letter_assert_not_cited (f, lem, 3, &letter_good, "procedure");
  letter_assert_not_cited (f, pension, 3, &other_delegate, "delegate");
  letter_assert_not_cited (f, pension, 3, &other_principal, "principal");
  letter_assert_not_cited (f, pension, 3, &other_code, "principal");
  letter_assert_not_cited (f, pension, 3, &no_code, "no-code");
  letter_assert_not_cited (f, of_another, 3, &letter_good, "principal");
  g_assert_true (letter_cite_nth (f, pension, 3, &letter_good, &cited, NULL));
}

/* Only an accepted letter counts: not one that waits, was returned, refused or withdrawn. */
static void
test_not_accepted (Fixture *f, gconstpointer data)
{
  static const struct
  {
    guint n;
    MdDecisionKind kinds[2];
  } courses[] = { { 0, { 0 } },
                  { 1, { MD_DECISION_RETURN } },
                  { 1, { MD_DECISION_REJECT } },
                  { 2, { MD_DECISION_RETURN, MD_DECISION_WITHDRAW } } };

  for (guint i = 0; i < G_N_ELEMENTS (courses); i++)
    {
      const guint nth = 2 * i + 1; /* a letter and an application in each row */
      g_autofree char *letter = letter_register (f);
      g_autoptr (GVariant) reservation = NULL;
      g_auto (DeskCited) cited = { NULL };
      g_autoptr (GError) error = NULL;

      g_test_message ("row %u", i);
      for (guint k = 0; k < courses[i].n; k++)
        letter_decide (f, letter, courses[i].kinds[k]);
      reservation = letter_begin (f, "pension.exemption");
      g_assert_false (letter_cite_nth (f, reservation, nth, &letter_good, &cited, &error));
      g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_UNKNOWN_INTAKE);
      service_assert_recorded (f, "delegation", "refused", "cause=unknown-letter");
    }
}

/* --- A window that was changed --- */

/* It says in the manifest what the service did not check, or leaves out what it did, or names
 * another decision. */
static void
test_manifest (Fixture *f, gconstpointer data)
{
  g_autofree char *letter = letter_accept (f, &letter_good);
  g_autofree char *digest = g_strnfill (64, 'd');
  DeskFlaws named = { .letter_intake = letter, .letter_number = LETTER_NUMBER };
  g_autoptr (GVariant) first = letter_begin (f, "pension.exemption");
  g_autoptr (GVariant) second = NULL;
  g_auto (DeskCited) cited = { NULL };
  g_autoptr (GError) error = NULL;

  g_assert_true (letter_cite (f, first, &letter_good, &cited, &error));
  letter_assert_not_handed_in (f, first, NULL);
  named.letter_decision = digest;
  g_assert_false (letter_hand_in (f, first, &named, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_DELEGATED);
  g_clear_error (&error);
  /* What was checked for one intake is not checked for another. */
  named.letter_decision = cited.decision;
  second = letter_begin (f, "lem.certificate");
  letter_assert_not_handed_in (f, second, &named);
  g_assert_true (letter_hand_in (f, first, &named, &error));
  g_assert_no_error (error);
}

static void
name (Fixture *f, const char *intake, const char *who, const char *number)
{
  const DeskPerson person = { .who = who, .number = number };
  g_autoptr (GError) error = NULL;
  g_autofree char *holds = desk_name (f->desk, intake, &person, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (holds, ==, "");
}

/* It names somebody else once the letter was checked: what was checked does not hold for them, and
 * not for whoever was named before. */
static void
test_named_otherwise (Fixture *f, gconstpointer data)
{
  g_autofree char *letter = letter_accept (f, &letter_good);
  g_autoptr (GVariant) reservation = letter_begin (f, "pension.exemption");
  g_autofree char *intake = letter_id_of (reservation);
  g_auto (DeskCited) cited = { NULL };
  g_auto (DeskCited) again = { NULL };
  DeskFlaws named = { .letter_intake = letter, .letter_number = LETTER_NUMBER };
  g_autoptr (GError) error = NULL;

  g_assert_true (letter_cite (f, reservation, &letter_good, &cited, &error));
  named.letter_decision = cited.decision;
  name (f, intake, "somebody", "another");
  letter_assert_not_handed_in (f, reservation, &named);
  service_assert_recorded (f, "delegation", "done", "letter=none");
  letter_assert_not_cited (f, reservation, 1, &letter_good, "principal");
  name (f, intake, letter_good.principal, "one and the same");
  letter_assert_not_handed_in (f, reservation, &named);
  /* More of the same person changes nothing. */
  g_assert_true (letter_cite (f, reservation, &letter_good, &again, &error));
  name (f, intake, letter_good.principal, NULL);
  g_assert_true (letter_hand_in (f, reservation, &named, &error));
  g_assert_no_error (error);
}

/* By a letter on paper after all. */
static void
test_dropped (Fixture *f, gconstpointer data)
{
  g_autofree char *letter = letter_accept (f, &letter_good);
  g_autoptr (GVariant) reservation = letter_begin (f, "pension.exemption");
  g_autofree char *intake = letter_id_of (reservation);
  g_auto (DeskCited) cited = { NULL };
  g_autoptr (GError) error = NULL;

  g_assert_true (letter_cite (f, reservation, &letter_good, &cited, &error));
  g_assert_true (md_bus_terminal1_call_drop_delegation_sync (f->desk->proxy, f->desk->session,
                                                             intake, NULL, &error));
  service_assert_recorded (f, "delegation", "done", "letter=none");
  g_assert_true (letter_hand_in (f, reservation, NULL, &error));
  g_assert_no_error (error);
  /* And nothing is cited for what is handed in. */
  g_assert_false (letter_cite (f, reservation, &letter_good, &cited, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_WRONG_STATE);
}

/* By post it is the day of receipt that counts, for the letter as for the documents: it was in
 * force then, or was not yet; and that day lies neither ahead nor longer ago than the office lets
 * it. */
static void
test_received (Fixture *f, gconstpointer data)
{
  g_autofree char *letter = NULL;
  g_autofree char *then = desk_day (-5);
  g_autofree char *later = desk_day (-3);
  g_autofree char *tomorrow = desk_day (1);
  g_autofree char *long_ago = desk_day (-91);
  DeskLetter claim = letter_good;
  g_autoptr (GVariant) reservation = NULL;
  g_auto (DeskCited) cited = { NULL };
  DeskFlaws posted = { .letter_number = LETTER_NUMBER,
                       .method = "posted-copies",
                       .verdict = "documents",
                       .revocation = "none" };
  g_autoptr (GError) error = NULL;

  letter_accept_days (f, -30, -4);
  reservation = letter_begin (f, "pension.exemption");
  letter_assert_not_cited (f, reservation, 1, &letter_good, "over");
  claim.received = later;
  letter_assert_not_cited (f, reservation, 1, &claim, "over");
  claim.received = tomorrow;
  letter_assert_not_cited (f, reservation, 1, &claim, "receipt-day");
  claim.received = long_ago;
  letter_assert_not_cited (f, reservation, 1, &claim, "receipt-day");
  claim.received = then;
  g_assert_true (letter_cite_nth (f, reservation, 1, &claim, &cited, &error));
  g_assert_no_error (error);
  letter = g_strdup (cited.intake);
  posted.letter_intake = letter;
  posted.letter_decision = cited.decision;
  /* What the manifest says is judged again. */
  posted.received = later;
  g_assert_false (letter_hand_in (f, reservation, &posted, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_DELEGATED);
  g_clear_error (&error);
  posted.received = NULL;
  g_assert_false (letter_hand_in (f, reservation, &posted, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_CONTAINER_INVALID);
  g_clear_error (&error);
  service_assert_recorded (f, "submit", "refused", "cause=receipt-day");
  posted.received = then;
  g_assert_true (letter_hand_in (f, reservation, &posted, &error));
  g_assert_no_error (error);
}

/* --- The decision --- */

static void
assert_not_accepted (Fixture *f, const char *intake, const DeskLetter *letter)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (desk_accept_letter (f->desk, intake, letter, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_DECISION_INVALID);
  service_assert_recorded (f, "decide", "refused", "cause=delegation");
}

/* An approval says what it allows, of a letter and of nothing else, and of procedures that there
 * are. */
static void
test_decision (Fixture *f, gconstpointer data)
{
  DeskLetter unknown = letter_good;
  DeskLetter itself = letter_good;
  g_autofree char *letter = letter_register (f);
  g_autofree char *other = service_take_in (f);

  unknown.procedures = "pension.exemption no.such";
  itself.procedures = MD_DELEGATION_PROCEDURE;
  letter_be (f, "S0101");
  assert_not_accepted (f, letter, NULL);
  assert_not_accepted (f, letter, &unknown);
  assert_not_accepted (f, letter, &itself);
  assert_not_accepted (f, other, &letter_good);
}

/* Returned or refused, it can be restored by an officer who may decide, and then be accepted. */
static void
test_restored (Fixture *f, gconstpointer data)
{
  const MdDecisionKind first = data != NULL ? MD_DECISION_REJECT : MD_DECISION_RETURN;
  g_autofree char *letter = letter_register (f);
  g_autoptr (MdDecisionFiles) files = NULL;
  g_auto (DeskCited) cited = { NULL };
  g_autoptr (GVariant) reservation = NULL;
  g_autoptr (GError) error = NULL;

  letter_be (f, "S0101");
  g_assert_true (desk_decide (f->desk, letter, first, &error));
  g_assert_no_error (error);
  files = desk_decision (f->desk, letter, MD_DECISION_RESTORE, "S0101", "S0101", &error);
  g_assert_no_error (error);
  letter_be (f, "S0001");
  g_assert_false (desk_send_decision (f->desk, letter, files, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_SAME_OFFICER);
  g_clear_error (&error);
  letter_be (f, "S0101");
  g_assert_true (desk_send_decision (f->desk, letter, files, &error));
  g_assert_no_error (error);
  service_assert_recorded (f, "decide", "done", "decision=restore");
  g_assert_true (desk_accept_letter (f->desk, letter, &letter_good, &error));
  g_assert_no_error (error);
  reservation = letter_begin (f, "pension.exemption");
  g_assert_true (letter_cite (f, reservation, &letter_good, &cited, &error));
  g_assert_no_error (error);
}

static MdDecisionFiles *
made (Fixture *f, const char *letter, MdDecisionKind kind)
{
  const char *officer = kind == MD_DECISION_WITHDRAW ? "S0001" : "S0101";
  g_autoptr (GError) error = NULL;
  MdDecisionFiles *files = desk_decision (f->desk, letter, kind, officer, officer, &error);

  g_assert_no_error (error);
  return files;
}

/* What was made before the letter was accepted, and comes afterwards. */
static void
assert_too_late (Fixture *f, const char *officer, const char *letter, const MdDecisionFiles *files,
                 MdBusError code)
{
  g_autoptr (GError) error = NULL;

  letter_be (f, officer);
  g_assert_false (desk_send_decision (f->desk, letter, files, &error));
  g_assert_error (error, MD_BUS_ERROR, (gint)code);
}

/* Before acceptance it is corrected (returned and taken up again) or withdrawn; afterwards neither.
 */
static void
test_before_acceptance_only (Fixture *f, gconstpointer data)
{
  g_autofree char *letter = letter_register (f);
  g_autofree char *accepted = NULL;
  g_autoptr (GVariant) again = NULL;
  g_autoptr (MdDecisionFiles) return_late = NULL;
  g_autoptr (MdDecisionFiles) withdraw_late = NULL;
  g_autoptr (GError) error = NULL;

  letter_decide (f, letter, MD_DECISION_RETURN);
  letter_be (f, "S0001");
  again = desk_take_up (f->desk, letter, &error);
  g_assert_no_error (error);
  letter_decide (f, letter, MD_DECISION_WITHDRAW);
  accepted = letter_register (f);
  letter_be (f, "S0101");
  return_late = made (f, accepted, MD_DECISION_RETURN);
  letter_decide (f, accepted, MD_DECISION_RETURN);
  letter_be (f, "S0001");
  withdraw_late = made (f, accepted, MD_DECISION_WITHDRAW);
  letter_decide (f, accepted, MD_DECISION_RESTORE);
  g_assert_true (desk_accept_letter (f->desk, accepted, &letter_good, &error));
  g_assert_no_error (error);
  assert_too_late (f, "S0101", accepted, return_late, MD_BUS_ERROR_CONFLICT);
  assert_too_late (f, "S0001", accepted, withdraw_late, MD_BUS_ERROR_SAME_OFFICER);
  g_assert_null (desk_take_up (f->desk, accepted, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_WRONG_STATE);
}

#define ADD(name, value, function)                                                                 \
  g_test_add ("/daemon/delegation/" name, Fixture, value, service_set_up, function,                \
              letter_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("cited", NULL, test_cited);
  ADD ("not-covered", NULL, test_not_covered);
  ADD ("not-accepted", NULL, test_not_accepted);
  ADD ("manifest", NULL, test_manifest);
  ADD ("named-otherwise", NULL, test_named_otherwise);
  ADD ("dropped", NULL, test_dropped);
  ADD ("received", NULL, test_received);
  ADD ("decision", NULL, test_decision);
  ADD ("returned-and-restored", NULL, test_restored);
  ADD ("refused-and-restored", "refused", test_restored);
  ADD ("before-acceptance-only", NULL, test_before_acceptance_only);
  return service_run ();
}
