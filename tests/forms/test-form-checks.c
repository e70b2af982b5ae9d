// SPDX-License-Identifier: Apache-2.0
/* What three forms of the office ask for and check by themselves: what depends on what, the days on
 * which an age is reached, and the kinds that there are. */
#include "fixture.h"

static void
test_conditions (void)
{
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  MdEntry *lost = md_form_data_get_entry (data, "n.unemp_date");
  MdEntry *agent = md_form_data_get_entry (data, "a.name");
  MdEntry *again = md_form_data_get_entry (data, "n.ex_cont");

  fixture_fill (data, "1985-04-01");
  g_assert_false (md_entry_get_visible (lost));
  fixture_type (data, "n.ex_special", "unemployment");
  g_assert_true (md_entry_get_visible (lost) && md_entry_get_required (lost));
  fixture_assert_stops_at (data, "n.unemp_date");
  fixture_type (data, "n.unemp_date", "R8.3.31");
  fixture_assert_valid (data);

  g_assert_true (md_entry_get_visible (again));
  fixture_type (data, "n.ex_kind", "half");
  g_assert_false (md_entry_get_visible (again));

  g_assert_false (md_entry_get_visible (agent));
  fixture_type (data, "a.kind", "agent");
  g_assert_true (md_entry_get_visible (agent) && md_entry_get_required (agent));
  fixture_assert_stops_at (data, "a.authority");
}

static void
test_pension_checks (void)
{
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);

  fixture_fill (data, "1985-04-01");
  fixture_type (data, "n.ex_to", "2026-06");
  fixture_assert_stops_at (data, "n.ex_to");
  fixture_type (data, "n.ex_to", "2027-07");
  fixture_assert_stops_at (data, "n.ex_to");
  fixture_type (data, "n.ex_to", "2027-06");
  fixture_assert_valid (data);
  fixture_type (data, "n.ex_from", "2026-06");
  fixture_assert_stops_at (data, "n.ex_from");

  /* CK-11: 2 years and 1 month back from November 2026 is October 2024. */
  fixture_type (data, "n.ex_year", "2024");
  fixture_type (data, "n.ex_to", "2025-06");
  fixture_type (data, "n.ex_from", "2024-10");
  fixture_assert_valid (data);
  fixture_type (data, "n.ex_from", "2024-09");
  fixture_assert_stops_at (data, "n.ex_from");
  fixture_type (data, "n.ex_from", "2024-10");
  fixture_type (data, "inc.declared", "not-yet");
  fixture_assert_valid (data);
  g_assert_true (fixture_has_finding (data, "inc.declared", FALSE));
}

/* 50 is reached on the day before the birthday; deferment is for the months before that one. */
static void
test_deferment_age (void)
{
  static const struct
  {
    const char *birth;
    gboolean valid;
  } rows[] = { { "1976-08-02", TRUE }, { "1976-08-01", FALSE }, { "1950-01-01", FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);

      fixture_fill (data, rows[i].birth);
      fixture_type (data, "n.ex_kind", "deferment");
      g_assert_cmpint (md_form_data_validate (data), ==, rows[i].valid);
      g_assert_cmpint (fixture_has_finding (data, "n.ex_kind", TRUE), ==, !rows[i].valid);
    }
}

/* R-FORM-24, R-FORM-25: the boundaries of 39/40 and 64/65, by the law's way of counting. */
static void
test_care_category (void)
{
  static const struct
  {
    const char *birth, *kind;
  } rows[] = { { "1986-11-23", NULL },     /* 40 tomorrow's morning: still 39 */
               { "1986-11-22", "second" }, /* 40 at the end of this day */
               { "1961-11-23", "second" },
               { "1961-11-22", "first" },
               { "1946-03-07", "first" } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MdFormData) data = fixture_data ("care.certification", MD_ROLE_CLERK_NUMBER);
      gboolean second = g_strcmp0 (rows[i].kind, "second") == 0;

      fixture_fill (data, rows[i].birth);
      g_assert_cmpstr (md_form_data_get_value (data, "k.kind"), ==, rows[i].kind);
      g_assert_cmpint (md_entry_get_required (md_form_data_get_entry (data, "k.spec_disease")), ==,
                       second);
      g_assert_cmpint (md_entry_get_required (md_form_data_get_entry (data, "k.mi_no")), ==,
                       second);
      g_assert_cmpint (md_form_data_validate (data), ==, g_strcmp0 (rows[i].kind, "first") == 0);
      g_assert_cmpint (fixture_has_finding (data, "k.kind", FALSE), ==, second);
      g_assert_cmpstr (md_form_data_get_value (data, "k.mi_notify"), ==,
                       rows[i].kind ? (second ? "true" : "false") : NULL);
      g_assert_cmpint (fixture_has_finding (data, "p.birth", TRUE), ==, rows[i].kind == NULL);
    }
}

/* R-FORM-30: 64/65 and 74/75. */
static void
test_lem_age (void)
{
  static const struct
  {
    const char *birth;
    gboolean valid, warns;
  } rows[] = { { "1961-11-23", FALSE, FALSE },
               { "1961-11-22", TRUE, TRUE },
               { "1951-11-23", TRUE, TRUE },
               { "1951-11-22", TRUE, FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MdFormData) data = fixture_data ("lem.certificate", MD_ROLE_CLERK_NUMBER);

      fixture_fill (data, rows[i].birth);
      g_assert_cmpint (md_form_data_validate (data), ==, rows[i].valid);
      g_assert_cmpint (fixture_has_finding (data, "p.birth", FALSE), ==, rows[i].warns);
    }
}

static void
test_lem_kind_is_derived (void)
{
  g_autoptr (MdFormData) data = fixture_data ("lem.certificate", MD_ROLE_CLERK_NUMBER);
  g_autoptr (GError) error = NULL;

  fixture_fill (data, "1948-01-15");
  g_assert_cmpstr (md_form_data_get_value (data, "l.cert_kind"), ==, "certificate");
  g_assert_true (md_form_data_set_system (data, "l.card_state", "registered", &error));
  g_assert_cmpstr (md_form_data_get_value (data, "l.cert_kind"), ==, "notice");
  fixture_type (data, "l.cert_reason", "special-care");
  g_assert_cmpstr (md_form_data_get_value (data, "l.cert_kind"), ==, "certificate");
  fixture_type (data, "a.kind", "ex-officio");
  fixture_assert_stops_at (data, "a.kind");
}

static void
assert_choices (MdFormData *data, const char *field, const char *const *expected)
{
  const char *const *labels;
  const char *const *codes = md_entry_get_choices (md_form_data_get_entry (data, field), &labels);

  g_assert_true (g_strv_equal (codes, expected));
  g_assert_cmpuint (g_strv_length ((char **)(guintptr)labels), ==,
                    g_strv_length ((char **)(guintptr)expected));
}

/* R-FORM-16: these six; the students' own form has theirs alone. */
static void
test_exemption_kinds (void)
{
  static const char *const five[]
      = { "full", "three-quarters", "half", "quarter", "deferment", NULL };
  static const char *const student[] = { "student", NULL };
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  g_autoptr (MdFormData) students = fixture_data ("pension.student", MD_ROLE_CLERK_NUMBER);

  assert_choices (data, "n.ex_kind", five);
  assert_choices (students, "n.ex_kind", student);
  fixture_fill (data, "1985-04-01");
  fixture_type (data, "n.ex_kind", "student");
  fixture_assert_stops_at (data, "n.ex_kind");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forms/form-checks/conditions", test_conditions);
  g_test_add_func ("/forms/form-checks/pension-checks", test_pension_checks);
  g_test_add_func ("/forms/form-checks/deferment-age", test_deferment_age);
  g_test_add_func ("/forms/form-checks/care-category", test_care_category);
  g_test_add_func ("/forms/form-checks/lem-age", test_lem_age);
  g_test_add_func ("/forms/form-checks/lem-kind-is-derived", test_lem_kind_is_derived);
  g_test_add_func ("/forms/form-checks/exemption-kinds", test_exemption_kinds);
  return g_test_run ();
}
