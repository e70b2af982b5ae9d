// SPDX-License-Identifier: Apache-2.0
/* Namesakes: what the service notices by itself, whoever speaks to it. Run by with-world, which
 * sets MADOGUCHI_WORLD. */
#include <string.h>
#include <glib/gstdio.h>

#include "md-audit.h"
#include "service-fixture.h"

static const DeskPerson first = { "name, birth date", "number 1", "card 1", "address 1" };
/* Another resident, of the same name and birth date. */
static const DeskPerson second = { "name, birth date", "number 2", "card 2", "address 2" };

/* A new intake of the officer who is logged in, of whom nothing is said yet. Caller owns. */
static char *
begin (Fixture *f, GVariant **out_reservation)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reservation = desk_reserve_only (f->desk, "pension.exemption", &error);
  char *intake = NULL;

  g_assert_no_error (error);
  g_variant_lookup (reservation, "intake", "s", &intake);
  if (out_reservation != NULL)
    *out_reservation = g_steal_pointer (&reservation);
  return intake;
}

/* What naming PERSON raises. */
static void
assert_raises (Fixture *f, const char *intake, const DeskPerson *person, const char *kinds)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *raised = desk_name (f->desk, intake, person, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (raised, ==, kinds);
}

static void
abandon (Fixture *f, const char *intake)
{
  g_assert_true (md_bus_terminal1_call_abandon_intake_sync (f->desk->proxy, f->desk->session,
                                                            intake, "next-person", NULL, NULL));
}

/* A whole intake of PERSON, whom nothing stops. */
static void
take_in (Fixture *f, const DeskPerson *person)
{
  g_autoptr (GVariant) reservation = NULL;
  g_autofree char *intake = begin (f, &reservation);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) container = NULL;
  g_autofree char *number = NULL;

  assert_raises (f, intake, person, "");
  container = desk_seal (f->desk, reservation, 4096, NULL, &error);
  g_assert_true (desk_submit (f->desk, intake, container, &number, &error));
  g_assert_no_error (error);
}

static gboolean
submit (Fixture *f, GVariant *reservation, const GPtrArray *releases, GError **error)
{
  g_autofree char *intake = NULL;
  g_autofree char *number = NULL;
  DeskFlaws with = { .releases = releases };
  g_autoptr (GBytes) container = desk_seal (f->desk, reservation, 4096, &with, error);

  g_variant_lookup (reservation, "intake", "s", &intake);
  return container != NULL && desk_submit (f->desk, intake, container, &number, error);
}

/* A window that says nothing of whom it is gets nothing in, and neither does one that says it
 * without a name. */
static void
test_nobody_is_silent (Fixture *f, gconstpointer data)
{
  g_autoptr (GVariant) reservation = NULL;
  g_autofree char *intake = NULL;
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  intake = begin (f, &reservation);
  g_assert_false (submit (f, reservation, NULL, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_RESERVATION_MISMATCH);
  service_assert_recorded (f, "submit", "refused", "cause=not-named");
  g_clear_error (&error);
  assert_raises (f, intake, &(DeskPerson){ .shown = "a document" }, "");
  g_assert_false (submit (f, reservation, NULL, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_RESERVATION_MISMATCH);
  g_clear_error (&error);
  assert_raises (f, intake, &first, "");
  service_restart (f, SIGKILL);
  service_login (f, "S0001");
  submit (f, reservation, NULL, &error);
  g_assert_no_error (error);
}

/* A window that tells the service of one person and seals another: the manifest has to say of whom
 * the service was told, last and in full, bound to this very intake. */
static void
test_a_window_that_lies (Fixture *f, gconstpointer data)
{
  static const DeskPerson part[] = { { "another", "number 1", "card 1", "address 1" },
                                     { "name, birth date", "another", "card 1", "address 1" },
                                     { "name, birth date", "number 1", "another", "address 1" },
                                     { "name, birth date", "number 1", "card 1", "another" },
                                     { "name, birth date", NULL, "card 1", "address 1" } };
  static const char other_salt[]
      = "0000000000000000000000000000000000000000000000000000000000000000";
  g_autoptr (GVariant) reservation = NULL;
  g_autofree char *intake = NULL;
  g_autofree char *number = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) good = NULL;

  service_login (f, "S0001");
  intake = begin (f, &reservation);
  assert_raises (f, intake, &first, "");
  for (gsize i = 0; i < G_N_ELEMENTS (part) + 2; i++)
    {
      const DeskFlaws lies = { .named = i < G_N_ELEMENTS (part) ? &part[i] : NULL,
                               .named_salt = i == G_N_ELEMENTS (part) ? other_salt : NULL,
                               .unnamed = i == G_N_ELEMENTS (part) + 1 };
      g_autoptr (GBytes) container = desk_seal (f->desk, reservation, 4096, &lies, &error);

      g_assert_no_error (error);
      g_assert_false (desk_submit (f->desk, intake, container, &number, &error));
      g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_RESERVATION_MISMATCH);
      service_assert_recorded (f, "submit", "refused", "cause=named-otherwise");
      g_clear_error (&error);
    }
  /* Somebody else is named once more after it was sealed: what stops them stops this. */
  good = desk_seal (f->desk, reservation, 4096, NULL, &error);
  assert_raises (f, intake, &(DeskPerson){ "another", "number 9", "card 9", "address 9" }, "");
  g_assert_false (desk_submit (f->desk, intake, good, &number, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_RESERVATION_MISMATCH);
  g_clear_error (&error);
  assert_raises (f, intake, &first, "");
  service_restart (f, SIGKILL);
  service_login (f, "S0001");
  desk_submit (f->desk, intake, good, &number, &error);
  g_assert_no_error (error);
}

/* So that the rows do not know each other. */
static DeskPerson
of_row (GPtrArray *texts, const DeskPerson *person, gsize row)
{
  const char *parts[] = { person->who, person->number, person->shown, person->address };

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i] != NULL)
      {
        g_ptr_array_add (texts, g_strdup_printf ("%s of row %zu", parts[i], row));
        parts[i] = g_ptr_array_index (texts, texts->len - 1);
      }
  return (DeskPerson){ parts[0], parts[1], parts[2], parts[3] };
}

static void
test_who_is_a_namesake (Fixture *f, gconstpointer data)
{
  static const struct
  {
    DeskPerson person;
    const char *raises;
  } rows[] = {
    /* The same person once more: by any one thing that shows it. */
    { { "name, birth date", "number 1", "card 1", "address 1" }, "" },
    { { "name, birth date", "number 1", "card 9", "address 9" }, "" }, /* a new card, moved */
    { { "name, birth date", "number 1", NULL, NULL }, "" },
    { { "name, birth date", NULL, "card 1", NULL }, "" },
    { { "name, birth date", NULL, NULL, "address 1" }, "" },
    /* Not shown to be. */
    { { "name, birth date", "number 2", "card 2", "address 2" }, "same-name-birthday" },
    { { "name, birth date", "number 2", "card 1", "address 1" }, "same-name-birthday" },
    { { "name, birth date", NULL, "card 2", NULL }, "same-name-birthday" },
    { { "name, birth date", NULL, NULL, "address 2" }, "same-name-birthday" },
    { { "name, birth date", NULL, NULL, NULL }, "same-name-birthday" },
    /* Another name, or another day. */
    { { "another name", "number 3", "card 3", "address 1" }, "" },
  };

  service_login (f, "S0001");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
      const DeskPerson before = of_row (texts, &first, i);
      const DeskPerson now = of_row (texts, &rows[i].person, i);
      g_autofree char *intake = NULL;

      g_test_message ("row %zu", i);
      take_in (f, &before);
      intake = begin (f, NULL);
      assert_raises (f, intake, &now, rows[i].raises);
    }
}

/* Whatever is said afterwards, it stays; and what was released is in the manifest. */
static void
test_stays_until_released (Fixture *f, gconstpointer data)
{
  g_autoptr (GVariant) reservation = NULL;
  g_autoptr (GVariant) holds = NULL;
  g_autoptr (GVariant) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (MdReleaseFiles) release = NULL;
  g_autoptr (GPtrArray) releases = g_ptr_array_new ();
  g_autofree char *intake = NULL;
  g_autofree char *raised = NULL;
  const char *kind, *salt;
  guint number;

  service_login (f, "S0001");
  take_in (f, &first);
  intake = begin (f, &reservation);
  holds = desk_name_full (f->desk, intake, &second, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_variant_n_children (holds), ==, 1);
  service_assert_recorded (f, "hold", "done", "hold=1");
  assert_raises (f, intake, &(DeskPerson){ "another name", "number 1" }, "same-name-birthday");
  service_restart (f, SIGKILL);
  service_login (f, "S0001");
  again = desk_name_full (f->desk, intake, &second, &error);
  g_assert_true (g_variant_equal (holds, again));
  g_assert_cmpuint (service_count_recorded (f, "hold", "done", ""), ==, 1);
  g_assert_false (submit (f, reservation, NULL, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_HELD);
  g_clear_error (&error);
  /* What the service bound itself to can be said in the evidence. */
  g_variant_get_child (holds, 0, "(u&s&s)", &number, &kind, &salt);
  raised = md_hold_bind (MD_HOLD_TAG_RAISED, intake, kind, salt);
  g_assert_cmpuint (number, ==, 1);
  release = desk_release (f->desk, reservation, raised, NULL, &error);
  g_assert_true (desk_send_release (f->desk, intake, release, &error));
  g_assert_no_error (error);
  g_ptr_array_add (releases, release);
  submit (f, reservation, releases, &error);
  g_assert_no_error (error);
}

/* Stopped by the clerk, or by another's face: ended and begun anew, at another window, by another
 * clerk, it is stopped again. */
static void
test_begun_anew (Fixture *f, gconstpointer data)
{
  g_autofree char *stopped = NULL;
  g_autofree char *anew = NULL;
  g_autofree char *other = NULL;
  g_autofree char *raised = desk_raised ('a');
  g_autoptr (GError) error = NULL;
  const DeskPerson document = { .shown = "licence 1234" };

  service_login (f, "S0001");
  stopped = begin (f, NULL);
  assert_raises (f, stopped, &first, "");
  g_assert_cmpuint (desk_raise (f->desk, stopped, raised, &error), ==, 1);
  other = begin (f, NULL); /* beside it */
  assert_raises (f, other, &first, "stopped-before");
  abandon (f, stopped);
  abandon (f, other);
  g_assert_true (desk_logout (f->desk, NULL));
  service_restart (f, SIGKILL);
  service_login (f, "S0002");
  {
    g_autoptr (GVariant) reservation = desk_reserve_only (f->desk, "lem.certificate", &error);

    g_assert_no_error (error);
    g_variant_lookup (reservation, "intake", "s", &anew);
    assert_raises (f, anew, &first, "stopped-before");
  }
  /* A document shown by somebody who is not on its photograph: no name was taken down. */
  service_login (f, "S0001");
  g_clear_pointer (&stopped, g_free);
  stopped = begin (f, NULL);
  assert_raises (f, stopped, &document, "");
  g_assert_cmpuint (desk_raise (f->desk, stopped, raised, &error), ==, 1);
  abandon (f, stopped);
  g_clear_pointer (&anew, g_free);
  anew = begin (f, NULL);
  assert_raises (f, anew, &document, "stopped-before");
}

/* Once a supervisor has let one of them go on, the person is not stopped for it any more. */
static void
test_released_since (Fixture *f, gconstpointer data)
{
  g_autoptr (GVariant) reservation = NULL;
  g_autofree char *stopped = NULL;
  g_autofree char *anew = NULL;
  g_autofree char *third = NULL;
  g_autofree char *raised = desk_raised ('a');
  g_autofree char *bound = NULL;
  g_autoptr (GVariant) holds = NULL;
  g_autoptr (MdReleaseFiles) release = NULL;
  g_autoptr (GError) error = NULL;
  const char *kind, *salt;

  service_login (f, "S0001");
  stopped = begin (f, NULL);
  assert_raises (f, stopped, &first, "");
  g_assert_cmpuint (desk_raise (f->desk, stopped, raised, &error), ==, 1);
  anew = begin (f, &reservation);
  holds = desk_name_full (f->desk, anew, &first, &error);
  g_variant_get_child (holds, 0, "(u&s&s)", NULL, &kind, &salt);
  bound = md_hold_bind (MD_HOLD_TAG_RAISED, anew, kind, salt);
  release = desk_release (f->desk, reservation, bound, NULL, &error);
  g_assert_true (desk_send_release (f->desk, anew, release, &error));
  third = begin (f, NULL);
  assert_raises (f, third, &first, "");
}

/* What had stopped the returned intake stops the one that takes it up again. */
static void
test_taken_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GVariant) reservation = NULL;
  g_autoptr (GVariant) again = NULL;
  g_autofree char *intake = NULL;
  g_autofree char *taken_up = NULL;
  g_autofree char *raised = desk_raised ('a');
  g_autoptr (MdReleaseFiles) release = NULL;
  g_autoptr (GPtrArray) releases = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  intake = begin (f, &reservation);
  assert_raises (f, intake, &first, "");
  g_assert_cmpuint (desk_raise (f->desk, intake, raised, &error), ==, 1);
  release = desk_release (f->desk, reservation, raised, NULL, &error);
  g_assert_true (desk_send_release (f->desk, intake, release, &error));
  g_ptr_array_add (releases, release);
  submit (f, reservation, releases, &error);
  g_assert_no_error (error);
  service_login (f, "S0101");
  g_assert_true (desk_decide (f->desk, intake, MD_DECISION_RETURN, &error));
  g_assert_no_error (error);
  service_login (f, "S0001");
  again = desk_take_up (f->desk, intake, &error);
  g_assert_no_error (error);
  g_variant_lookup (again, "intake", "s", &taken_up);
  assert_raises (f, taken_up, &first, "stopped-before");
  g_assert_false (submit (f, again, NULL, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_HELD);
}

/* No name, number or digest of them is on the disk, and no key to try them with. */
static void
test_the_disk_tells_nothing (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) log = NULL;
  g_autofree char *key = g_build_filename (f->state, "day.key", NULL);
  g_autofree char *intake = NULL;
  g_autofree char *anew = NULL;

  service_login (f, "S0001");
  intake = begin (f, NULL);
  assert_raises (f, intake, &first, "");
  log = service_read_log (f);
  for (guint i = 0; i < log->len; i++)
    g_assert_cmpstr (((const MdAuditRecord *)g_ptr_array_index (log, i))->subject, ==, "");
  /* The key is what makes them pseudonyms: without it nobody is known again. */
  g_assert_cmpint (g_unlink (key), ==, 0);
  service_restart (f, SIGTERM);
  service_login (f, "S0001");
  anew = begin (f, NULL);
  assert_raises (f, anew, &second, "");
}

static void
assert_refused (Fixture *f, const char *intake, GVariant *person, MdBusError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) holds = NULL;

  g_assert_false (md_bus_terminal1_call_name_person_sync (f->desk->proxy, f->desk->session, intake,
                                                          person, &holds, NULL, &error));
  g_assert_error (error, MD_BUS_ERROR, (gint)code);
}

static void
test_refuses (Fixture *f, gconstpointer data)
{
#define DIGEST "b'0123456789012345678901234567890'" /* and its end: 32 bytes */
  static const char *const wrong[] = { "{}",
                                       "{'number': <@ay [1]>}",
                                       "{'who': <@ay []>}",
                                       "{'who': <'a name'>}",
                                       "{'name': <'a name'>}",
                                       "{'who': <" DIGEST ">}", /* and no salt */
                                       "{'who': <" DIGEST ">, 'salt': <@ay [1]>}",
                                       "{'who': <" DIGEST ">, 'salt': <" DIGEST ">, 'x': <1>}",
                                       "{'salt': <" DIGEST ">}" };
  g_autofree char *intake = NULL;
  g_autofree char *submitted = NULL;
  g_autoptr (GError) error = NULL;
  DeskPerson many = first;

  service_login (f, "S0001");
  submitted = service_take_in (f);
  g_assert_null (desk_name (f->desk, submitted, &first, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_WRONG_STATE);
  g_clear_error (&error);
  intake = begin (f, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    assert_refused (f, intake, g_variant_parse (G_VARIANT_TYPE_VARDICT, wrong[i], NULL, NULL, NULL),
                    MD_BUS_ERROR_INVALID);
  /* By a number alone nobody is meant. */
  g_assert_null (desk_name (f->desk, intake, &(DeskPerson){ .number = "number 1" }, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_INVALID);
  g_clear_error (&error);
  service_login (f, "S0002");
  g_assert_null (desk_name (f->desk, intake, &first, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED);
  g_clear_error (&error);
  service_login (f, "S0001");
  g_clear_pointer (&intake, g_free);
  intake = begin (f, NULL);
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *who = g_strdup_printf ("name %u", i);
      g_autofree char *kinds = NULL;

      many.who = who;
      kinds = desk_name (f->desk, intake, &many, i < 4 ? NULL : &error);
      g_assert_cmpint (kinds != NULL, ==, i < 4);
    }
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_CONFLICT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test)                                                                            \
  g_test_add ("/daemon/naming/" path, Fixture, NULL, service_set_up, test, service_tear_down)
  ADD ("nobody-is-silent", test_nobody_is_silent);
  ADD ("a-window-that-lies", test_a_window_that_lies);
  ADD ("who-is-a-namesake", test_who_is_a_namesake);
  ADD ("stays-until-released", test_stays_until_released);
  ADD ("begun-anew", test_begun_anew);
  ADD ("released-since", test_released_since);
  ADD ("taken-up", test_taken_up);
  ADD ("the-disk-tells-nothing", test_the_disk_tells_nothing);
  ADD ("refuses", test_refuses);
#undef ADD
  return service_run ();
}
