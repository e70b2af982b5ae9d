// SPDX-License-Identifier: Apache-2.0
/* Letters of delegation: registered and decided upon like an application, and what an accepted one
 * lets its delegate file; and every way around that. Run by with-world, which sets MADOGUCHI_WORLD.
 */
#include "md-db.h"
#include "service-fixture.h"

#define CODE "K7QD-2MXA-0HZ9-RTPB"
#define FIRST_NUMBER "001-000001-6"

static const DeskLetter good = { .code = CODE,
                                 .principal = "principal",
                                 .delegate = "delegate",
                                 .procedures = "pension.exemption care.certification",
                                 .to_days = 30 };

/* --- Acts --- */

/* A login takes its time, as a password has to: only where somebody else is to act. */
static void
be (Fixture *f, const char *staff)
{
  if (g_strcmp0 (f->desk->staff, staff) != 0)
    service_login (f, staff);
}

static char *
register_letter (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  char *intake;

  be (f, "S0001");
  intake = desk_take_in (f->desk, MD_DELEGATION_PROCEDURE, &error);
  g_assert_no_error (error);
  return intake;
}

static char *
accept_letter (Fixture *f, const DeskLetter *letter)
{
  g_autoptr (GError) error = NULL;
  char *intake = register_letter (f);

  be (f, "S0101");
  g_assert_true (desk_accept_letter (f->desk, intake, letter, &error));
  g_assert_no_error (error);
  return intake;
}

/* An intake of the principal, by the clerk. */
static GVariant *
begin (Fixture *f, const char *procedure)
{
  const DeskPerson principal = { .who = good.principal, .number = "one and the same" };
  g_autofree char *intake = NULL;
  g_autofree char *holds = NULL;
  g_autoptr (GError) error = NULL;
  GVariant *reservation;

  be (f, "S0001");
  reservation = desk_reserve_only (f->desk, procedure, &error);
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
assert_not_handed_in (Fixture *f, GVariant *reservation, const DeskFlaws *flaws)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (hand_in (f, reservation, flaws, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_RESERVATION_MISMATCH);
  service_assert_recorded (f, "submit", "refused", "cause=delegation");
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

/* Whoever may: the clerk withdraws, the supervisor does the rest. */
static void
decide (Fixture *f, const char *letter, MdDecisionKind kind)
{
  g_autoptr (GError) error = NULL;

  be (f, kind == MD_DECISION_WITHDRAW ? "S0001" : "S0101");
  desk_decide (f->desk, letter, kind, &error);
  g_assert_no_error (error);
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
      g_autofree char *letter = register_letter (f);
      g_autoptr (GVariant) reservation = NULL;
      g_auto (DeskCited) cited = { NULL, NULL };
      g_autoptr (GError) error = NULL;

      g_test_message ("row %u", i);
      for (guint k = 0; k < courses[i].n; k++)
        decide (f, letter, courses[i].kinds[k]);
      reservation = begin (f, "pension.exemption");
      g_assert_false (cite_nth (f, reservation, nth, &good, &cited, &error));
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
  assert_not_handed_in (f, first, NULL);
  named.letter_decision = digest;
  g_assert_false (hand_in (f, first, &named, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_DELEGATED);
  g_clear_error (&error);
  /* What was checked for one intake is not checked for another. */
  named.letter_decision = cited.decision;
  second = begin (f, "lem.certificate");
  assert_not_handed_in (f, second, &named);
  g_assert_true (hand_in (f, first, &named, &error));
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
  assert_not_handed_in (f, reservation, &named);
  service_assert_recorded (f, "delegation", "done", "letter=none");
  assert_not_cited (f, reservation, 1, &good, "principal");
  name (f, intake, good.principal, "one and the same");
  assert_not_handed_in (f, reservation, &named);
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
  DeskLetter claim = good;
  g_autoptr (GVariant) reservation = NULL;
  g_auto (DeskCited) cited = { NULL, NULL };
  DeskFlaws posted = { .letter_number = FIRST_NUMBER,
                       .method = "posted-copies",
                       .verdict = "documents",
                       .revocation = "none" };
  g_autoptr (GError) error = NULL;

  accept_days (f, -30, -4);
  reservation = begin (f, "pension.exemption");
  assert_not_cited (f, reservation, 1, &good, "over");
  claim.received = later;
  assert_not_cited (f, reservation, 1, &claim, "over");
  claim.received = tomorrow;
  assert_not_cited (f, reservation, 1, &claim, "receipt-day");
  claim.received = long_ago;
  assert_not_cited (f, reservation, 1, &claim, "receipt-day");
  claim.received = then;
  g_assert_true (cite_nth (f, reservation, 1, &claim, &cited, &error));
  g_assert_no_error (error);
  letter = g_strdup (cited.intake);
  posted.letter_intake = letter;
  posted.letter_decision = cited.decision;
  /* What the manifest says is judged again. */
  posted.received = later;
  g_assert_false (hand_in (f, reservation, &posted, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_DELEGATED);
  g_clear_error (&error);
  posted.received = NULL;
  g_assert_false (hand_in (f, reservation, &posted, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_CONTAINER_INVALID);
  g_clear_error (&error);
  service_assert_recorded (f, "submit", "refused", "cause=receipt-day");
  posted.received = then;
  g_assert_true (hand_in (f, reservation, &posted, &error));
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
  DeskLetter unknown = good;
  DeskLetter itself = good;
  g_autofree char *letter = register_letter (f);
  g_autofree char *other = service_take_in (f);

  unknown.procedures = "pension.exemption no.such";
  itself.procedures = MD_DELEGATION_PROCEDURE;
  be (f, "S0101");
  assert_not_accepted (f, letter, NULL);
  assert_not_accepted (f, letter, &unknown);
  assert_not_accepted (f, letter, &itself);
  assert_not_accepted (f, other, &good);
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

  be (f, "S0101");
  g_assert_true (desk_decide (f->desk, letter, first, &error));
  g_assert_no_error (error);
  files = desk_decision (f->desk, letter, MD_DECISION_RESTORE, "S0101", "S0101", &error);
  g_assert_no_error (error);
  be (f, "S0001");
  g_assert_false (desk_send_decision (f->desk, letter, files, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_SAME_OFFICER);
  g_clear_error (&error);
  be (f, "S0101");
  g_assert_true (desk_send_decision (f->desk, letter, files, &error));
  g_assert_no_error (error);
  service_assert_recorded (f, "decide", "done", "decision=restore");
  g_assert_true (desk_accept_letter (f->desk, letter, &good, &error));
  g_assert_no_error (error);
  reservation = begin (f, "pension.exemption");
  g_assert_true (cite (f, reservation, &good, &cited, &error));
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

  be (f, officer);
  g_assert_false (desk_send_decision (f->desk, letter, files, &error));
  g_assert_error (error, MD_BUS_ERROR, (gint)code);
}

/* Before acceptance it is corrected (returned and taken up again) or withdrawn; afterwards neither.
 */
static void
test_before_acceptance_only (Fixture *f, gconstpointer data)
{
  g_autofree char *letter = register_letter (f);
  g_autofree char *accepted = NULL;
  g_autoptr (GVariant) again = NULL;
  g_autoptr (MdDecisionFiles) return_late = NULL;
  g_autoptr (MdDecisionFiles) withdraw_late = NULL;
  g_autoptr (GError) error = NULL;

  decide (f, letter, MD_DECISION_RETURN);
  be (f, "S0001");
  again = desk_take_up (f->desk, letter, &error);
  g_assert_no_error (error);
  decide (f, letter, MD_DECISION_WITHDRAW);
  accepted = register_letter (f);
  be (f, "S0101");
  return_late = made (f, accepted, MD_DECISION_RETURN);
  decide (f, accepted, MD_DECISION_RETURN);
  be (f, "S0001");
  withdraw_late = made (f, accepted, MD_DECISION_WITHDRAW);
  decide (f, accepted, MD_DECISION_RESTORE);
  g_assert_true (desk_accept_letter (f->desk, accepted, &good, &error));
  g_assert_no_error (error);
  assert_too_late (f, "S0101", accepted, return_late, MD_BUS_ERROR_CONFLICT);
  assert_too_late (f, "S0001", accepted, withdraw_late, MD_BUS_ERROR_SAME_OFFICER);
  g_assert_null (desk_take_up (f->desk, accepted, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_WRONG_STATE);
}

/* --- Changed --- */

/* An intake that is to change the letter @number, as far as the officer; @out_claim is what an
 * approval would say. */
static char *
begin_change (Fixture *f, const DeskLetter *claim, DeskLetter *out_claim, DeskCited *out_cited)
{
  g_autoptr (GVariant) reservation = begin (f, MD_DELEGATION_CHANGE);
  DeskFlaws named = { .letter_number = FIRST_NUMBER };
  g_autoptr (GError) error = NULL;

  g_assert_true (cite (f, reservation, claim, out_cited, &error));
  g_assert_no_error (error);
  named.letter_intake = out_cited->intake;
  named.letter_decision = out_cited->decision;
  g_assert_true (hand_in (f, reservation, &named, &error));
  g_assert_no_error (error);
  *out_claim = *claim;
  out_claim->of = out_cited->intake;
  out_claim->amends = out_cited->decision;
  return id_of (reservation);
}

static void
approve_change (Fixture *f, const char *change, const DeskLetter *after)
{
  g_autoptr (GError) error = NULL;

  be (f, "S0101");
  g_assert_true (desk_accept_letter (f->desk, change, after, &error));
  g_assert_no_error (error);
}

static void
refuse_change (Fixture *f, const char *change, const DeskLetter *after)
{
  g_autoptr (GError) error = NULL;

  be (f, "S0101");
  g_assert_false (desk_accept_letter (f->desk, change, after, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_DECISION_INVALID);
  service_assert_recorded (f, "decide", "refused", "cause=delegation");
}

/* R-IDN-12: staff amend it, a second officer approves, and from then on what it says now counts,
 * under the number that it had. The log has before and after, and who did it. */
static void
test_amended (Fixture *f, gconstpointer data)
{
  g_autofree char *letter = accept_letter (f, &good);
  g_autofree char *change = NULL;
  g_autofree char *before = desk_day (30);
  g_autofree char *after = desk_day (60);
  g_autofree char *record = g_strdup_printf ("decision=approve letter=" FIRST_NUMBER
                                             " before=pension.exemption,care.certification..%s"
                                             " after=lem.certificate..%s",
                                             before, after);
  g_autoptr (GVariant) open = NULL;
  g_autoptr (GVariant) lem = NULL;
  g_auto (DeskCited) first = { NULL, NULL };
  g_auto (DeskCited) early = { NULL, NULL };
  g_auto (DeskCited) cited = { NULL, NULL };
  DeskFlaws named = { .letter_intake = letter, .letter_number = FIRST_NUMBER };
  DeskLetter amended;
  g_autoptr (GError) error = NULL;

  open = begin (f, "pension.exemption");
  g_assert_true (cite (f, open, &good, &early, &error));
  change = begin_change (f, &good, &amended, &first);
  amended.procedures = "lem.certificate";
  amended.to_days = 60;
  lem = begin (f, "lem.certificate");
  assert_not_cited (f, lem, 1, &good, "procedure"); /* not approved yet */
  approve_change (f, change, &amended);
  service_assert_recorded (f, "decide", "done", record);
  service_restart (f, SIGKILL);
  g_clear_pointer (&open, g_variant_unref);
  g_clear_pointer (&lem, g_variant_unref);
  open = begin (f, "pension.exemption");
  lem = begin (f, "lem.certificate");
  assert_not_cited (f, open, 1, &good, "procedure");
  g_assert_true (cite (f, lem, &good, &cited, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (cited.intake, ==, letter);
  g_assert_cmpstr (cited.decision, !=, first.decision);
  named.letter_decision = first.decision;
  g_assert_false (hand_in (f, lem, &named, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_DELEGATED);
  g_clear_error (&error);
  named.letter_decision = cited.decision;
  g_assert_true (hand_in (f, lem, &named, &error));
  g_assert_no_error (error);
}

/* Ended by one of the two it allows nothing any more, not even what was checked just before. */
static void
test_ended (Fixture *f, gconstpointer data)
{
  g_autofree char *letter = accept_letter (f, &good);
  g_autofree char *change = NULL;
  g_autoptr (GVariant) open = begin (f, "pension.exemption");
  g_auto (DeskCited) early = { NULL, NULL };
  g_auto (DeskCited) cited = { NULL, NULL };
  DeskFlaws named = { .letter_intake = letter, .letter_number = FIRST_NUMBER };
  DeskLetter ended;
  g_autoptr (GError) error = NULL;

  g_assert_true (cite (f, open, &good, &early, &error));
  change = begin_change (f, &good, &ended, &cited);
  ended.to_days = 29;
  ended.ended = TRUE;
  refuse_change (f, change, &ended); /* and changes something else */
  ended.to_days = 30;
  approve_change (f, change, &ended);
  g_clear_pointer (&open, g_variant_unref);
  open = begin (f, "pension.exemption");
  assert_not_cited (f, open, 1, &good, "ended");
  named.letter_decision = early.decision;
  g_assert_false (hand_in (f, open, &named, &error));
  g_assert_nonnull (error);
  g_clear_pointer (&open, g_variant_unref);
  open = begin (f, MD_DELEGATION_CHANGE);
  assert_not_cited (f, open, 1, &good, "ended");
}

/* Two changes that were taken in at the same time: what is approved second would undo the first
 * unseen, and does nothing. */
static void
test_amended_twice (Fixture *f, gconstpointer data)
{
  g_autofree char *letter = accept_letter (f, &good);
  g_auto (DeskCited) one = { NULL, NULL };
  g_auto (DeskCited) other = { NULL, NULL };
  DeskLetter first, second;
  g_autofree char *change = begin_change (f, &good, &first, &one);
  g_autofree char *late = begin_change (f, &good, &second, &other);

  first.to_days = 60;
  second.procedures = "lem.certificate";
  approve_change (f, change, &first);
  refuse_change (f, late, &second);
  be (f, "S0101");
  g_assert_true (desk_decide (f->desk, late, MD_DECISION_RETURN, NULL));
}

/* Of nobody else, from no other day, of no other decision, and nothing that the office does not
 * serve; and by nobody who may not. */
static void
test_not_amended (Fixture *f, gconstpointer data)
{
  static const DeskLetter other
      = { .code = CODE, .principal = "principal", .delegate = "somebody" };
  g_autofree char *letter = accept_letter (f, &good);
  g_autofree char *nothing = g_strnfill (64, 'e');
  g_autoptr (GVariant) reservation = begin (f, MD_DELEGATION_CHANGE);
  g_auto (DeskCited) cited = { NULL, NULL };
  DeskLetter right, wrong;
  g_autofree char *change = NULL;
  g_autoptr (GError) error = NULL;

  assert_not_cited (f, reservation, 1, &other, "delegate");
  g_assert_false (hand_in (f, reservation, NULL, &error)); /* of no letter */
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_RESERVATION_MISMATCH);
  change = begin_change (f, &good, &right, &cited);
  right.to_days = 60;
#define WRONG(member, value) (wrong = right, wrong.member = (value), &wrong)
  refuse_change (f, change, NULL);
  refuse_change (f, change, WRONG (principal, "somebody"));
  refuse_change (f, change, WRONG (delegate, "somebody"));
  refuse_change (f, change, WRONG (from_days, 1));
  refuse_change (f, change, WRONG (to_days, 30)); /* nothing changes */
  refuse_change (f, change, WRONG (amends, NULL));
  refuse_change (f, change, WRONG (amends, nothing));
  refuse_change (f, change, WRONG (procedures, "no.such"));
  refuse_change (f, change, WRONG (procedures, MD_DELEGATION_CHANGE));
#undef WRONG
  approve_change (f, change, &right);
}

/* --- Given back by the office --- */

/* The office's first notice to this terminal, about INTAKE. */
static GBytes *
make_notice (Fixture *f, const char *intake)
{
  g_autofree char *certificate_path = g_build_filename (f->desk->world, "pki", "notice.crt", NULL);
  g_autofree char *key_path = g_build_filename (f->desk->world, "pki", "notice.key", NULL);
  g_autoptr (MdCertificate) certificate = NULL;
  g_autoptr (MdKey) key = NULL;
  g_autoptr (MdNotice) notice = md_notice_new ();
  g_autoptr (GError) error = NULL;
  GBytes *body;

  certificate = md_certificate_new_from_file (certificate_path, &error);
  key = md_key_new_from_file (key_path, NULL, &error);
  g_assert_no_error (error);
  notice->office = g_strdup ("139998");
  notice->terminal = g_strdup ("T001");
  notice->number = 1;
  notice->previous = g_strdup ("");
  notice->intake = g_strdup (intake);
  notice->receipt_number = g_strdup (FIRST_NUMBER);
  notice->procedure = g_strdup (MD_DELEGATION_PROCEDURE);
  notice->container = g_strnfill (64, 'c');
  notice->officer = g_strdup ("B0002");
  notice->reason = g_strdup ("wrong-entry");
  notice->time = md_time_format_rfc3339 (g_get_real_time ());
  md_notice_add_line (notice, "not-held", "");
  body = md_notice_sign (notice, key, certificate, g_get_real_time () / G_TIME_SPAN_SECOND, &error);
  g_assert_no_error (error);
  return body;
}

/* As if it had been fetched: how that is done, test-notices.py shows. */
static void
give_back (Fixture *f, const char *intake)
{
  g_autofree char *path = g_build_filename (f->state, "terminal.db", NULL);
  g_autoptr (GBytes) body = make_notice (f, intake);
  g_autofree char *hex = md_hex_encode_bytes (body);
  g_autofree char *sql = g_strdup_printf (
      "INSERT INTO notice (number, digest, body, intake) VALUES (1, 'dd', x'%s', '%s')", hex,
      intake);
  g_autoptr (GError) error = NULL;
  MdDb *db;

  service_stop (f, SIGKILL);
  db = md_db_open (path, MD_DB_READ_WRITE, &error);
  g_assert_no_error (error);
  g_assert_true (md_db_exec (db, sql, &error));
  g_assert_no_error (error);
  md_db_close (db);
  service_start (f);
}

/* R-IDN-10: from the notice on nothing is filed by it, not even what was checked just before, and
 * nothing is approved by it, in words with the day in Japan; and to nobody without its code. What
 * was approved before stays so, and a new letter is as good as any. */
static void
test_given_back (Fixture *f, gconstpointer data)
{
  static const DeskLetter other_code
      = { .code = "K7QD-2MXA-0HZ9-RTPC", .principal = "principal", .delegate = "delegate" };
  g_autofree char *letter = accept_letter (f, &good);
  g_autoptr (GVariant) open = begin (f, "pension.exemption");
  g_autoptr (GVariant) waiting = begin (f, "care.certification");
  g_autoptr (GVariant) done = begin (f, "care.certification");
  g_autofree char *waits = id_of (waiting);
  g_autofree char *approved = id_of (done);
  g_autofree char *again = NULL;
  g_autofree char *today = desk_day (0);
  g_auto (DeskCited) cited = { NULL, NULL };
  DeskFlaws named = { .letter_intake = letter, .letter_number = FIRST_NUMBER };
  g_autoptr (GError) error = NULL;

  g_assert_true (cite (f, waiting, &good, &cited, &error));
  named.letter_decision = cited.decision;
  g_assert_true (hand_in (f, waiting, &named, &error));
  g_assert_true (cite (f, done, &good, &cited, &error));
  named.letter_decision = cited.decision;
  g_assert_true (hand_in (f, done, &named, &error));
  g_assert_true (cite (f, open, &good, &cited, &error));
  named.letter_decision = cited.decision;
  g_assert_no_error (error);
  decide (f, approved, MD_DECISION_APPROVE);
  give_back (f, letter);
  be (f, "S0001");
  g_assert_false (hand_in (f, open, &named, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_DELEGATED);
  g_assert_nonnull (strstr (error->message, today));
  g_clear_error (&error);
  assert_not_cited (f, open, 1, &good, "given-back");
  assert_not_cited (f, open, 1, &other_code, "principal");
  be (f, "S0101");
  g_assert_false (desk_decide (f->desk, waits, MD_DECISION_APPROVE, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_DECISION_INVALID);
  g_clear_error (&error);
  service_assert_recorded (f, "decide", "refused", "cause=delegation");
  decide (f, waits, MD_DECISION_RETURN);
  again = accept_letter (f, &good);
  g_clear_pointer (&open, g_variant_unref);
  open = begin (f, "pension.exemption");
  g_assert_true (cite_nth (f, open, 5, &good, &cited, &error));
  g_assert_cmpstr (cited.intake, ==, again);
}

/* A change that was given back: what the letter says rests on it. */
static void
test_change_given_back (Fixture *f, gconstpointer data)
{
  g_autofree char *letter = accept_letter (f, &good);
  g_auto (DeskCited) cited = { NULL, NULL };
  DeskLetter amended;
  g_autofree char *change = begin_change (f, &good, &amended, &cited);
  g_autofree char *late = NULL;
  g_autoptr (GVariant) reservation = NULL;
  DeskLetter ended;

  amended.to_days = 60;
  approve_change (f, change, &amended);
  late = begin_change (f, &good, &ended, &cited);
  ended.to_days = 60;
  ended.ended = TRUE;
  give_back (f, change);
  reservation = begin (f, "pension.exemption");
  assert_not_cited (f, reservation, 1, &good, "given-back");
  refuse_change (f, late, &ended);
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
  ADD ("received", NULL, test_received);
  ADD ("amended", NULL, test_amended);
  ADD ("ended", NULL, test_ended);
  ADD ("amended-twice", NULL, test_amended_twice);
  ADD ("not-amended", NULL, test_not_amended);
  ADD ("given-back", NULL, test_given_back);
  ADD ("change-given-back", NULL, test_change_given_back);
  ADD ("decision", NULL, test_decision);
  ADD ("returned-and-restored", NULL, test_restored);
  ADD ("refused-and-restored", "refused", test_restored);
  ADD ("before-acceptance-only", NULL, test_before_acceptance_only);
  return service_run ();
}
