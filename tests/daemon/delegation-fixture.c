// SPDX-License-Identifier: Apache-2.0
#include "delegation-fixture.h"

const DeskLetter letter_good = { .code = LETTER_CODE,
                                 .principal = "principal",
                                 .delegate = "delegate",
                                 .procedures = "pension.exemption care.certification",
                                 .to_days = 30 };

/* A login takes its time, as a password has to: only where somebody else is to act. */
void
letter_be (Fixture *f, const char *staff)
{
  if (g_strcmp0 (f->desk->staff, staff) != 0)
    service_login (f, staff);
}

char *
letter_register (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  char *intake;

  letter_be (f, "S0001");
  intake = desk_take_in (f->desk, MD_DELEGATION_PROCEDURE, &error);
  g_assert_no_error (error);
  return intake;
}

char *
letter_accept (Fixture *f, const DeskLetter *letter)
{
  g_autoptr (GError) error = NULL;
  char *intake = letter_register (f);

  letter_be (f, "S0101");
  g_assert_true (desk_accept_letter (f->desk, intake, letter, &error));
  g_assert_no_error (error);
  return intake;
}

GVariant *
letter_begin (Fixture *f, const char *procedure)
{
  const DeskPerson principal = { .who = letter_good.principal, .number = "one and the same" };
  g_autofree char *intake = NULL;
  g_autofree char *holds = NULL;
  g_autoptr (GError) error = NULL;
  GVariant *reservation;

  letter_be (f, "S0001");
  reservation = desk_reserve_only (f->desk, procedure, &error);
  g_assert_no_error (error);
  g_assert_true (g_variant_lookup (reservation, "intake", "s", &intake));
  holds = desk_name (f->desk, intake, &principal, &error);
  g_assert_no_error (error);
  return reservation;
}

char *
letter_id_of (GVariant *reservation)
{
  char *intake = NULL;

  g_assert_true (g_variant_lookup (reservation, "intake", "s", &intake));
  return intake;
}

gboolean
letter_cite_nth (Fixture *f, GVariant *reservation, guint nth, const DeskLetter *letter,
                 DeskCited *out_cited, GError **error)
{
  g_autofree char *intake = letter_id_of (reservation);
  g_autofree char *number = md_receipt_number_format (1, nth);

  return desk_cite (f->desk, intake, number, letter, out_cited, error);
}

gboolean
letter_cite (Fixture *f, GVariant *reservation, const DeskLetter *letter, DeskCited *out_cited,
             GError **error)
{
  return letter_cite_nth (f, reservation, 1, letter, out_cited, error);
}

gboolean
letter_hand_in (Fixture *f, GVariant *reservation, const DeskFlaws *flaws, GError **error)
{
  g_autofree char *intake = letter_id_of (reservation);
  g_autofree char *number = NULL;
  g_autoptr (GBytes) container = desk_seal (f->desk, reservation, 1000, flaws, error);

  return container != NULL && desk_submit (f->desk, intake, container, &number, error);
}

void
letter_assert_not_handed_in (Fixture *f, GVariant *reservation, const DeskFlaws *flaws)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (letter_hand_in (f, reservation, flaws, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_RESERVATION_MISMATCH);
  service_assert_recorded (f, "submit", "refused", "cause=delegation");
}

void
letter_assert_not_cited (Fixture *f, GVariant *reservation, guint nth, const DeskLetter *claim,
                         const char *cause)
{
  g_auto (DeskCited) cited = { NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *detail = g_strdup_printf ("cause=%s", cause);

  g_assert_false (letter_cite_nth (f, reservation, nth, claim, &cited, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_DELEGATED);
  service_assert_recorded (f, "delegation", "refused", detail);
}

void
letter_accept_days (Fixture *f, int from, int to)
{
  DeskLetter letter = letter_good;
  g_autofree char *intake = NULL;

  letter.from_days = from;
  letter.to_days = to;
  intake = letter_accept (f, &letter);
}

void
letter_decide (Fixture *f, const char *letter, MdDecisionKind kind)
{
  g_autoptr (GError) error = NULL;

  letter_be (f, kind == MD_DECISION_WITHDRAW ? "S0001" : "S0101");
  desk_decide (f->desk, letter, kind, &error);
  g_assert_no_error (error);
}

void
letter_tear_down (Fixture *f, gconstpointer data)
{
  service_tear_down (f, NULL);
}
