// SPDX-License-Identifier: Apache-2.0
/* Letters of delegation: registered and decided upon like an application, and what an accepted one
 * lets its delegate file; and every way around that. Run by with-world, which sets MADOGUCHI_WORLD.
 */
#include "service-fixture.h"

#define CODE "K7QD-2MXA-0HZ9-RTPB"
#define FIRST_NUMBER "001-000001-6"

static const DeskLetter good = { .code = CODE,
                                 .principal = "principal",
                                 .delegate = "delegate",
                                 .procedures = "pension.exemption care.certification",
                                 .to_days = 30 };

/* --- Acts --- */

static char *
register_letter (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  char *intake;

  service_login (f, "S0001");
  intake = desk_take_in (f->desk, MD_DELEGATION_PROCEDURE, &error);
  g_assert_no_error (error);
  return intake;
}

static char *
accept_letter (Fixture *f, const DeskLetter *letter)
{
  g_autoptr (GError) error = NULL;
  char *intake = register_letter (f);

  service_login (f, "S0101");
  g_assert_true (desk_accept_letter (f->desk, intake, letter, &error));
  g_assert_no_error (error);
  service_login (f, "S0001");
  return intake;
}

/* An intake of the principal. */
static GVariant *
begin (Fixture *f, const char *procedure)
{
  const DeskPerson principal = { .who = good.principal, .number = "one and the same" };
  g_autofree char *intake = NULL;
  g_autofree char *holds = NULL;
  g_autoptr (GError) error = NULL;
  GVariant *reservation = desk_reserve_only (f->desk, procedure, &error);

  g_assert_no_error (error);
  g_assert_true (g_variant_lookup (reservation, "intake", "s", &intake));
  holds = desk_name (f->desk, intake, &principal, &error);
  g_assert_no_error (error);
  return reservation;
}

static char *
id_of (GVariant *reservation)
{
  char *intake = NULL;

  g_assert_true (g_variant_lookup (reservation, "intake", "s", &intake));
  return intake;
}

/* The letter of the number @nth. */
static gboolean
cite_nth (Fixture *f, GVariant *reservation, guint nth, const DeskLetter *letter,
          DeskCited *out_cited, GError **error)
{
  g_autofree char *intake = id_of (reservation);
  g_autofree char *number = md_receipt_number_format (1, nth);

  return desk_cite (f->desk, intake, number, letter, out_cited, error);
}

static gboolean
cite (Fixture *f, GVariant *reservation, const DeskLetter *letter, DeskCited *out_cited,
      GError **error)
{
  return cite_nth (f, reservation, 1, letter, out_cited, error);
}

static gboolean
hand_in (Fixture *f, GVariant *reservation, const DeskFlaws *flaws, GError **error)
{
  g_autofree char *intake = id_of (reservation);
  g_autofree char *number = NULL;
  g_autoptr (GBytes) container = desk_seal (f->desk, reservation, 1000, flaws, error);

  return container != NULL && desk_submit (f->desk, intake, container, &number, error);
}

static void
assert_not_cited (Fixture *f, GVariant *reservation, guint nth, const DeskLetter *claim,
                  const char *cause)
{
  g_auto (DeskCited) cited = { NULL, NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *detail = g_strdup_printf ("cause=%s", cause);

  g_assert_false (cite_nth (f, reservation, nth, claim, &cited, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_DELEGATED);
  service_assert_recorded (f, "delegation", "refused", detail);
}

/* --- An accepted letter --- */

static void
test_cited (Fixture *f, gconstpointer data)
{
  g_autofree char *letter = accept_letter (f, &good);
  g_autoptr (GVariant) reservation = NULL;
  g_auto (DeskCited) cited = { NULL, NULL };
  DeskFlaws named = { .letter_number = FIRST_NUMBER };
  g_autoptr (GError) error = NULL;

  service_restart (f, SIGKILL); /* what was accepted stays */
  service_login (f, "S0001");
  reservation = begin (f, "pension.exemption");
  g_assert_true (cite (f, reservation, &good, &cited, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (cited.intake, ==, letter);
  service_assert_recorded (f, "delegation", "done", "letter=" FIRST_NUMBER);
  named.letter_intake = cited.intake;
  named.letter_decision = cited.decision;
  g_assert_true (hand_in (f, reservation, &named, &error));
  g_assert_no_error (error);
  service_assert_recorded (f, "submit", "done", "delegation=" FIRST_NUMBER);
}

static void
accept_days (Fixture *f, int from, int to)
{
  DeskLetter letter = good;
  g_autofree char *intake = NULL;

  letter.from_days = from;
  letter.to_days = to;
  intake = accept_letter (f, &letter);
}

/* It is of these people, for these procedures, in these days, by this code, and of whom the intake
 * is. */
static void
test_not_covered (Fixture *f, gconstpointer data)
{
  static const DeskLetter other_delegate
      = { .code = CODE, .principal = "principal", .delegate = "somebody" };
  static const DeskLetter other_principal
      = { .code = CODE, .principal = "somebody", .delegate = "delegate" };
  static const DeskLetter other_code
      = { .code = "K7QD-2MXA-0HZ9-RTPC", .principal = "principal", .delegate = "delegate" };
  static const DeskLetter no_code
      = { .code = "1234", .principal = "principal", .delegate = "delegate" };
  g_autoptr (GVariant) pension = NULL;
  g_autoptr (GVariant) lem = NULL;
  g_autoptr (GVariant) of_another = NULL;
  g_auto (DeskCited) cited = { NULL, NULL };

  accept_days (f, -30, -1);
  accept_days (f, 1, 30);
  accept_days (f, 0, 0);
  pension = begin (f, "pension.exemption");
  lem = begin (f, "lem.certificate");
  of_another = desk_reserve (f->desk, "pension.exemption", NULL);
  assert_not_cited (f, pension, 1, &good, "over");
  assert_not_cited (f, pension, 2, &good, "early");
  assert_not_cited (f, lem, 3, &good, "procedure");
  assert_not_cited (f, pension, 3, &other_delegate, "delegate");
  assert_not_cited (f, pension, 3, &other_principal, "principal");
  assert_not_cited (f, pension, 3, &other_code, "principal");
  assert_not_cited (f, pension, 3, &no_code, "no-code");
  assert_not_cited (f, of_another, 3, &good, "principal");
  g_assert_true (cite_nth (f, pension, 3, &good, &cited, NULL));
}

/* Only an accepted letter counts: not one that waits, was returned, refused or withdrawn. */
static void
test_not_accepted (Fixture *f, gconstpointer data)
{
  static const MdDecisionKind kinds[]
      = { MD_DECISION_RETURN, MD_DECISION_REJECT, MD_DECISION_WITHDRAW };

  for (gsize i = 0; i <= G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *letter = register_letter (f);
      g_autoptr (GVariant) reservation = NULL;
      g_auto (DeskCited) cited = { NULL, NULL };
      g_autoptr (GError) error = NULL;
      g_autofree char *intake = NULL;
      g_autofree char *number = md_receipt_number_format (1, (guint)(2 * i + 1));

      if (i < G_N_ELEMENTS (kinds))
        {
          service_login (f, "S0101");
          (void)desk_decide (f->desk, letter, kinds[i], NULL);
          service_login (f, "S0001");
        }
      reservation = begin (f, "pension.exemption");
      intake = id_of (reservation);
      g_assert_false (desk_cite (f->desk, intake, number, &good, &cited, &error));
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
  g_autofree char *letter = accept_letter (f, &good);
  g_autofree char *digest = g_strnfill (64, 'd');
  DeskFlaws named = { .letter_intake = letter, .letter_number = FIRST_NUMBER };
  g_autoptr (GVariant) first = begin (f, "pension.exemption");
  g_autoptr (GVariant) second = NULL;
  g_auto (DeskCited) cited = { NULL, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_true (cite (f, first, &good, &cited, &error));
  g_assert_false (hand_in (f, first, NULL, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_RESERVATION_MISMATCH);
  g_clear_error (&error);
  named.letter_decision = digest;
  g_assert_false (hand_in (f, first, &named, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_RESERVATION_MISMATCH);
  g_clear_error (&error);
  /* What was checked for one intake is not checked for another. */
  named.letter_decision = cited.decision;
  second = begin (f, "lem.certificate");
  g_assert_false (hand_in (f, second, &named, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_RESERVATION_MISMATCH);
  service_assert_recorded (f, "submit", "refused", "cause=delegation");
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
  g_autofree char *letter = accept_letter (f, &good);
  g_autoptr (GVariant) reservation = begin (f, "pension.exemption");
  g_autofree char *intake = id_of (reservation);
  g_auto (DeskCited) cited = { NULL, NULL };
  g_auto (DeskCited) again = { NULL, NULL };
  DeskFlaws named = { .letter_intake = letter, .letter_number = FIRST_NUMBER };
  g_autoptr (GError) error = NULL;

  g_assert_true (cite (f, reservation, &good, &cited, &error));
  named.letter_decision = cited.decision;
  name (f, intake, "somebody", "another");
  g_assert_false (hand_in (f, reservation, &named, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_RESERVATION_MISMATCH);
  g_clear_error (&error);
  service_assert_recorded (f, "delegation", "done", "letter=none");
  assert_not_cited (f, reservation, 1, &good, "principal");
  name (f, intake, good.principal, "one and the same");
  g_assert_false (hand_in (f, reservation, &named, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_RESERVATION_MISMATCH);
  g_clear_error (&error);
  /* More of the same person changes nothing. */
  g_assert_true (cite (f, reservation, &good, &again, &error));
  name (f, intake, good.principal, NULL);
  g_assert_true (hand_in (f, reservation, &named, &error));
  g_assert_no_error (error);
}

/* By a letter on paper after all. */
static void
test_dropped (Fixture *f, gconstpointer data)
{
  g_autofree char *letter = accept_letter (f, &good);
  g_autoptr (GVariant) reservation = begin (f, "pension.exemption");
  g_autofree char *intake = id_of (reservation);
  g_auto (DeskCited) cited = { NULL, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_true (cite (f, reservation, &good, &cited, &error));
  g_assert_true (md_bus_terminal1_call_drop_delegation_sync (f->desk->proxy, f->desk->session,
                                                             intake, NULL, &error));
  service_assert_recorded (f, "delegation", "done", "letter=none");
  g_assert_true (hand_in (f, reservation, NULL, &error));
  g_assert_no_error (error);
  /* And nothing is cited for what is handed in. */
  g_assert_false (cite (f, reservation, &good, &cited, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_WRONG_STATE);
}

/* --- The decision --- */

/* An approval says what it allows, of a letter and of nothing else, and of procedures that there
 * are. */
static void
test_decision (Fixture *f, gconstpointer data)
{
  DeskLetter unknown = good;
  DeskLetter itself = good;
  g_autofree char *letter = register_letter (f);
  g_autofree char *other = service_take_in (f);
  g_autoptr (GError) error = NULL;

  unknown.procedures = "pension.exemption no.such";
  itself.procedures = MD_DELEGATION_PROCEDURE;
  service_login (f, "S0101");
  g_assert_false (desk_accept_letter (f->desk, letter, NULL, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_DECISION_INVALID);
  g_clear_error (&error);
  g_assert_false (desk_accept_letter (f->desk, letter, &unknown, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_DECISION_INVALID);
  g_clear_error (&error);
  g_assert_false (desk_accept_letter (f->desk, letter, &itself, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_DECISION_INVALID);
  g_clear_error (&error);
  g_assert_false (desk_accept_letter (f->desk, other, &good, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_DECISION_INVALID);
  service_assert_recorded (f, "decide", "refused", "cause=delegation");
}

/* Returned or refused, it can be restored by an officer who may decide, and then be accepted. */
static void
test_restored (Fixture *f, gconstpointer data)
{
  const MdDecisionKind first = data != NULL ? MD_DECISION_REJECT : MD_DECISION_RETURN;
  g_autofree char *letter = register_letter (f);
  g_autoptr (MdDecisionFiles) files = NULL;
  g_auto (DeskCited) cited = { NULL, NULL };
  g_autoptr (GVariant) reservation = NULL;
  g_autoptr (GError) error = NULL;

  service_login (f, "S0101");
  g_assert_true (desk_decide (f->desk, letter, first, &error));
  g_assert_no_error (error);
  files = desk_decision (f->desk, letter, MD_DECISION_RESTORE, "S0101", "S0101", &error);
  g_assert_no_error (error);
  service_login (f, "S0001");
  g_assert_false (desk_send_decision (f->desk, letter, files, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_SAME_OFFICER);
  g_clear_error (&error);
  service_login (f, "S0101");
  g_assert_true (desk_send_decision (f->desk, letter, files, &error));
  g_assert_no_error (error);
  service_assert_recorded (f, "decide", "done", "decision=restore");
  g_assert_true (desk_accept_letter (f->desk, letter, &good, &error));
  g_assert_no_error (error);
  service_login (f, "S0001");
  reservation = begin (f, "pension.exemption");
  g_assert_true (cite (f, reservation, &good, &cited, &error));
  g_assert_no_error (error);
}

/* Before acceptance it is corrected (returned and taken up again) or withdrawn; afterwards neither.
 */
static void
test_before_acceptance_only (Fixture *f, gconstpointer data)
{
  static const MdDecisionKind kinds[]
      = { MD_DECISION_WITHDRAW, MD_DECISION_RETURN, MD_DECISION_REJECT, MD_DECISION_RESTORE };
  g_autofree char *letter = register_letter (f);
  g_autofree char *accepted = NULL;
  g_autoptr (GVariant) again = NULL;
  g_autoptr (GError) error = NULL;

  service_login (f, "S0101");
  g_assert_true (desk_decide (f->desk, letter, MD_DECISION_RETURN, &error));
  service_login (f, "S0001");
  again = desk_take_up (f->desk, letter, &error);
  g_assert_no_error (error);
  g_assert_true (desk_decide (f->desk, letter, MD_DECISION_WITHDRAW, &error));
  g_assert_no_error (error);
  accepted = accept_letter (f, &good);
  g_assert_null (desk_take_up (f->desk, accepted, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_WRONG_STATE);
  g_clear_error (&error);
  service_login (f, "S0101");
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_assert_false (desk_decide (f->desk, accepted, kinds[i], &error));
      g_assert_nonnull (error);
      g_clear_error (&error);
    }
}

#define ADD(name, value, function)                                                                 \
  g_test_add ("/daemon/delegation/" name, Fixture, value, service_set_up, function, tear_down)

/* The fixture takes data for a damaged log. */
static void
tear_down (Fixture *f, gconstpointer data)
{
  service_tear_down (f, NULL);
}

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
  ADD ("decision", NULL, test_decision);
  ADD ("returned-and-restored", NULL, test_restored);
  ADD ("refused-and-restored", "refused", test_restored);
  ADD ("before-acceptance-only", NULL, test_before_acceptance_only);
  return service_run ();
}
