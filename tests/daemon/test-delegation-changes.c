// SPDX-License-Identifier: Apache-2.0
/* Letters of delegation that were accepted: amended, ended, and given back by the office. Run by
 * with-world, which sets MADOGUCHI_WORLD. */
#include "delegation-fixture.h"
#include "md-db.h"

/* --- Changed --- */

/* An intake that is to change the letter @number, as far as the officer; @out_claim is what an
 * approval would say. */
static char *
begin_change (Fixture *f, const DeskLetter *claim, DeskLetter *out_claim, DeskCited *out_cited)
{
  g_autoptr (GVariant) reservation = letter_begin (f, MD_DELEGATION_CHANGE);
  DeskFlaws named = { .letter_number = LETTER_NUMBER };
  g_autoptr (GError) error = NULL;

  g_assert_true (letter_cite (f, reservation, claim, out_cited, &error));
  g_assert_no_error (error);
  named.letter_intake = out_cited->intake;
  named.letter_decision = out_cited->decision;
  g_assert_true (letter_hand_in (f, reservation, &named, &error));
  g_assert_no_error (error);
  *out_claim = *claim;
  out_claim->of = out_cited->intake;
  out_claim->amends = out_cited->decision;
  return letter_id_of (reservation);
}

static void
approve_change (Fixture *f, const char *change, const DeskLetter *after)
{
  g_autoptr (GError) error = NULL;

  letter_be (f, "S0101");
  g_assert_true (desk_accept_letter (f->desk, change, after, &error));
  g_assert_no_error (error);
}

static void
refuse_change (Fixture *f, const char *change, const DeskLetter *after)
{
  g_autoptr (GError) error = NULL;

  letter_be (f, "S0101");
  g_assert_false (desk_accept_letter (f->desk, change, after, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_DECISION_INVALID);
  service_assert_recorded (f, "decide", "refused", "cause=delegation");
}

/* What was checked for an intake before the letter was changed does not count any more. */
static void
assert_not_by (Fixture *f, GVariant *reservation, const DeskCited *cited)
{
  const DeskFlaws named = { .letter_intake = cited->intake,
                            .letter_number = LETTER_NUMBER,
                            .letter_decision = cited->decision };
  g_autoptr (GError) error = NULL;

  letter_be (f, "S0001");
  g_assert_false (letter_hand_in (f, reservation, &named, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_DELEGATED);
}

/* R-IDN-12: staff amend it, a second officer approves, and from then on what it says now counts,
 * under the number that it had. The log has before and after, and who did it. */
static void
test_amended (Fixture *f, gconstpointer data)
{
  g_autofree char *letter = letter_accept (f, &letter_good);
  g_autofree char *change = NULL;
  g_autofree char *before = desk_day (30);
  g_autofree char *after = desk_day (60);
  g_autofree char *record = g_strdup_printf ("decision=approve letter=" LETTER_NUMBER
                                             " before=pension.exemption,care.certification..%s"
                                             " after=lem.certificate..%s",
                                             before, after);
  g_autoptr (GVariant) open = NULL;
  g_autoptr (GVariant) lem = NULL;
  g_auto (DeskCited) first = { NULL };
  g_auto (DeskCited) early = { NULL };
  g_auto (DeskCited) cited = { NULL };
  DeskFlaws named = { .letter_intake = letter, .letter_number = LETTER_NUMBER };
  DeskLetter amended;
  g_autoptr (GError) error = NULL;

  open = letter_begin (f, "pension.exemption");
  g_assert_true (letter_cite (f, open, &letter_good, &early, &error));
  change = begin_change (f, &letter_good, &amended, &first);
  amended.procedures = "lem.certificate";
  amended.to_days = 60;
  lem = letter_begin (f, "lem.certificate");
  letter_assert_not_cited (f, lem, 1, &letter_good, "procedure"); /* not approved yet */
  approve_change (f, change, &amended);
  service_assert_recorded (f, "decide", "done", record);
  service_restart (f, SIGKILL);
  assert_not_by (f, open, &early);
  g_clear_pointer (&open, g_variant_unref);
  g_clear_pointer (&lem, g_variant_unref);
  open = letter_begin (f, "pension.exemption");
  lem = letter_begin (f, "lem.certificate");
  letter_assert_not_cited (f, open, 1, &letter_good, "procedure");
  g_assert_true (letter_cite (f, lem, &letter_good, &cited, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (cited.intake, ==, letter);
  g_assert_cmpstr (cited.decision, !=, first.decision);
  assert_not_by (f, lem, &first);
  named.letter_decision = cited.decision;
  g_assert_true (letter_hand_in (f, lem, &named, &error));
  g_assert_no_error (error);
}

/* Ended by one of the two it allows nothing any more, not even what was checked just before. */
static void
test_ended (Fixture *f, gconstpointer data)
{
  g_autofree char *letter = letter_accept (f, &letter_good);
  g_autofree char *change = NULL;
  g_autoptr (GVariant) open = letter_begin (f, "pension.exemption");
  g_auto (DeskCited) early = { NULL };
  g_auto (DeskCited) cited = { NULL };
  DeskLetter ended;
  g_autoptr (GError) error = NULL;

  g_assert_true (letter_cite (f, open, &letter_good, &early, &error));
  change = begin_change (f, &letter_good, &ended, &cited);
  ended.to_days = 29;
  ended.ended = TRUE;
  refuse_change (f, change, &ended); /* and changes something else */
  ended.to_days = 30;
  approve_change (f, change, &ended);
  assert_not_by (f, open, &early);
  letter_assert_not_cited (f, open, 1, &letter_good, "ended");
  g_clear_pointer (&open, g_variant_unref);
  open = letter_begin (f, MD_DELEGATION_CHANGE);
  letter_assert_not_cited (f, open, 1, &letter_good, "ended");
}

/* Two changes that were taken in at the same time: what is approved second would undo the first
 * unseen, and does nothing. */
static void
test_amended_twice (Fixture *f, gconstpointer data)
{
  g_autofree char *letter = letter_accept (f, &letter_good);
  g_auto (DeskCited) one = { NULL };
  g_auto (DeskCited) other = { NULL };
  DeskLetter first, second;
  g_autofree char *change = begin_change (f, &letter_good, &first, &one);
  g_autofree char *late = begin_change (f, &letter_good, &second, &other);

  first.to_days = 60;
  second.procedures = "lem.certificate";
  approve_change (f, change, &first);
  refuse_change (f, late, &second);
  letter_be (f, "S0101");
  g_assert_true (desk_decide (f->desk, late, MD_DECISION_RETURN, NULL));
}

/* Of nobody else, from no other day, of no other decision, and nothing that the office does not
 * serve; and by nobody who may not. */
static void
test_not_amended (Fixture *f, gconstpointer data)
{
  static const DeskLetter other
      = { .code = LETTER_CODE, .principal = "principal", .delegate = "somebody" };
  g_autofree char *letter = letter_accept (f, &letter_good);
  g_autofree char *nothing = g_strnfill (64, 'e');
  g_autoptr (GVariant) reservation = letter_begin (f, MD_DELEGATION_CHANGE);
  g_auto (DeskCited) cited = { NULL };
  DeskLetter right, wrong;
  g_autofree char *change = NULL;
  g_autoptr (GError) error = NULL;

  letter_assert_not_cited (f, reservation, 1, &other, "delegate");
  g_assert_false (letter_hand_in (f, reservation, NULL, &error)); /* of no letter */
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_RESERVATION_MISMATCH);
  change = begin_change (f, &letter_good, &right, &cited);
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
  notice->receipt_number = g_strdup (LETTER_NUMBER);
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
  g_autofree char *letter = letter_accept (f, &letter_good);
  g_autoptr (GVariant) open = letter_begin (f, "pension.exemption");
  g_autoptr (GVariant) waiting = letter_begin (f, "care.certification");
  g_autoptr (GVariant) done = letter_begin (f, "care.certification");
  g_autofree char *waits = letter_id_of (waiting);
  g_autofree char *approved = letter_id_of (done);
  g_autofree char *again = NULL;
  g_autofree char *today = desk_day (0);
  g_auto (DeskCited) cited = { NULL };
  DeskFlaws named = { .letter_intake = letter, .letter_number = LETTER_NUMBER };
  g_autoptr (GError) error = NULL;

  g_assert_true (letter_cite (f, waiting, &letter_good, &cited, &error));
  named.letter_decision = cited.decision;
  g_assert_true (letter_hand_in (f, waiting, &named, &error));
  g_assert_true (letter_cite (f, done, &letter_good, &cited, &error));
  named.letter_decision = cited.decision;
  g_assert_true (letter_hand_in (f, done, &named, &error));
  g_assert_true (letter_cite (f, open, &letter_good, &cited, &error));
  named.letter_decision = cited.decision;
  g_assert_no_error (error);
  letter_decide (f, approved, MD_DECISION_APPROVE);
  give_back (f, letter);
  letter_be (f, "S0001");
  g_assert_false (letter_hand_in (f, open, &named, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_DELEGATED);
  g_assert_nonnull (strstr (error->message, today));
  g_clear_error (&error);
  letter_assert_not_cited (f, open, 1, &letter_good, "given-back");
  letter_assert_not_cited (f, open, 1, &other_code, "principal");
  letter_be (f, "S0101");
  g_assert_false (desk_decide (f->desk, waits, MD_DECISION_APPROVE, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_DECISION_INVALID);
  g_clear_error (&error);
  service_assert_recorded (f, "decide", "refused", "cause=delegation");
  letter_decide (f, waits, MD_DECISION_RETURN);
  again = letter_accept (f, &letter_good);
  g_clear_pointer (&open, g_variant_unref);
  open = letter_begin (f, "pension.exemption");
  g_assert_true (letter_cite_nth (f, open, 5, &letter_good, &cited, &error));
  g_assert_cmpstr (cited.intake, ==, again);
}

/* A change that was given back: what the letter says rests on it. */
static void
test_change_given_back (Fixture *f, gconstpointer data)
{
  g_autofree char *letter = letter_accept (f, &letter_good);
  g_auto (DeskCited) cited = { NULL };
  DeskLetter amended;
  g_autofree char *change = begin_change (f, &letter_good, &amended, &cited);
  g_autofree char *late = NULL;
  g_autoptr (GVariant) reservation = NULL;
  DeskLetter ended;

  amended.to_days = 60;
  approve_change (f, change, &amended);
  late = begin_change (f, &letter_good, &ended, &cited);
  ended.to_days = 60;
  ended.ended = TRUE;
  give_back (f, change);
  reservation = letter_begin (f, "pension.exemption");
  letter_assert_not_cited (f, reservation, 1, &letter_good, "given-back");
  refuse_change (f, late, &ended);
}

#define ADD(name, value, function)                                                                 \
  g_test_add ("/daemon/delegation-changes/" name, Fixture, value, service_set_up, function,        \
              letter_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("amended", NULL, test_amended);
  ADD ("ended", NULL, test_ended);
  ADD ("amended-twice", NULL, test_amended_twice);
  ADD ("not-amended", NULL, test_not_amended);
  ADD ("given-back", NULL, test_given_back);
  ADD ("change-given-back", NULL, test_change_given_back);
  return service_run ();
}
