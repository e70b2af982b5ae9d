// SPDX-License-Identifier: Apache-2.0
/* A small catalogue of its own: types, versions and rules that no procedure of the office needs to
 * stand still for. */
#include "fixture.h"

#include <string.h>

static MdFormData *
sample_data (MdRole role, const char *today)
{
  MdViewer viewer = fixture_viewer (role);
  MdForm *form = md_catalogue_get_form_on (fixture_sample (), "common.sample", today);

  g_assert_nonnull (form);
  return md_form_data_new (form, &viewer, MD_STEP_ENTRY, today);
}

/* field, typed, stored (NULL: refused), shown in Japanese */
static const char *const rows[][4] = {
  { "t.met", "S25.3.7", "1950-03-07", "昭和25年3月7日" },
  { "t.met", "昭和25年3月吉日", "1950-03", "昭和25年3月日不詳" },
  { "t.met", "昭和25年3月不詳", "1950-03", "昭和25年3月日不詳" },
  { "t.met", "昭和25年3月日不詳", "1950-03", "昭和25年3月日不詳" },
  { "t.met", "S25.3.0", "1950-03", "昭和25年3月日不詳" },
  { "t.met", "1950/3/0", "1950-03", "昭和25年3月日不詳" },
  { "t.met", "1950-03-00", "1950-03", "昭和25年3月日不詳" },
  { "t.met", "1950-03", "1950-03", "昭和25年3月日不詳" },
  { "t.met", "昭和25年月日不詳", "1950", "昭和25年月日不詳" },
  { "t.met", "昭和25年不詳", "1950", "昭和25年月日不詳" },
  { "t.met", "S25.0.0", "1950", "昭和25年月日不詳" },
  { "t.met", "1950/0/0", "1950", "昭和25年月日不詳" },
  { "t.met", "1950", "1950", "昭和25年月日不詳" },
  { "t.met", "昭和64年月日不詳", "1989", "1989年月日不詳" },
  { "t.met", "平成元年月日不詳", "1989", "1989年月日不詳" },
  { "t.met", "1989年月日不詳", "1989", "1989年月日不詳" },
  { "t.met", "令和元年5月不詳", "2019-05", "令和元年5月日不詳" },
  { "t.met", "平成元年1月不詳", "1989-01", "1989年1月日不詳" },
  { "t.met", "昭和64年1月不詳", "1989-01", "1989年1月日不詳" },
  { "t.met", "1989年1月日不詳", "1989-01", "1989年1月日不詳" },
  { "t.met", "大正元年7月不詳", "1912-07", "1912年7月日不詳" },
  { "t.met", "昭和元年12月不詳", "1926-12", "1926年12月日不詳" },
  { "t.met", "不詳", NULL, NULL },
  { "t.met", "3月不詳", NULL, NULL },
  { "t.met", "昭和25年13月不詳", NULL, NULL },
  { "t.met", "2027/1/0", NULL, NULL },
  { "t.met", "1867", NULL, NULL },
  { "t.met", "1950/2/30", NULL, NULL },
  { "p.birth", "昭和25年3月不詳", NULL, NULL },
  { "t.psa", "4", "4.00", "4.00" },
  { "t.psa", "4.1", "4.10", "4.10" },
  { "t.psa", "００４．０５", "4.05", "4.05" },
  { "t.psa", "10000", "10000.00", "10000.00" },
  { "t.psa", "10000.01", NULL, NULL },
  { "t.psa", "4.123", NULL, NULL },
  { "t.psa", "-1", NULL, NULL },
  { "t.psa", ".5", NULL, NULL },
  { "t.psa", "4.1.2", NULL, NULL },
  { "t.psa", "4,1", NULL, NULL },
  { "t.psa", "9999999999", NULL, NULL },
  { "t.psa", "四", NULL, NULL },
};

static void
test_values (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MdField *field = md_catalogue_get_field (fixture_sample (), rows[i][0]);
      g_autoptr (GError) error = NULL;
      g_autofree char *value = md_value_parse (field, rows[i][1], FIXTURE_TODAY, &error);
      g_autofree char *again = NULL;
      g_autofree char *shown = NULL;
      g_autofree char *back = NULL;

      g_test_message ("%s \"%s\" -> %s", rows[i][0], rows[i][1], value ? value : error->message);
      g_assert_cmpstr (value, ==, rows[i][2]);
      if (!value)
        continue;
      again = md_value_parse (field, value, FIXTURE_TODAY, NULL);
      g_assert_cmpstr (again, ==, value);
      g_setenv ("LANGUAGE", "ja", TRUE);
      shown = md_value_to_display (field, value);
      g_unsetenv ("LANGUAGE");
      g_assert_cmpstr (shown, ==, rows[i][3]);
      back = md_value_parse (field, shown, FIXTURE_TODAY, NULL);
      g_assert_cmpstr (back, ==, value);
    }
}

/* birth, met, whether the check must speak: only of what is certain. */
static void
test_partial_in_rules (void)
{
  static const struct
  {
    const char *birth, *met;
    gboolean wrong;
  } cases[] = {
    { "1950-03-07", "1950-03-06", TRUE },   { "1950-03-07", "1950-03-07", FALSE },
    { "1950-03-07", "1950/3/0", FALSE },    { "1950-03-07", "1950/2/0", TRUE },
    { "1950-03-07", "1950/4/0", FALSE },    { "1950-03-07", "1950", FALSE },
    { "1950-03-07", "昭和24年不詳", TRUE }, { "1950-03-07", "1951", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MdFormData) data = sample_data (MD_ROLE_CLERK_NUMBER, FIXTURE_TODAY);

      g_test_message ("%s %s", cases[i].birth, cases[i].met);
      fixture_type (data, "p.name", "田中 太郎");
      fixture_type (data, "p.birth", cases[i].birth);
      fixture_type (data, "t.met", cases[i].met);
      (void)md_form_data_validate (data);
      g_assert_cmpint (fixture_says (data, NULL, "before the birth"), ==, cases[i].wrong);
    }
}

static void
test_decimals_in_rules (void)
{
  static const struct
  {
    const char *typed;
    gboolean high;
  } cases[]
      = { { "4", FALSE }, { "4.00", FALSE }, { "4.01", TRUE }, { "3.99", FALSE }, { "40", TRUE } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MdFormData) data = sample_data (MD_ROLE_CLERK_NUMBER, FIXTURE_TODAY);

      fixture_type (data, "t.psa", cases[i].typed);
      fixture_type (data, "t.state", "done");
      (void)md_form_data_validate (data);
      g_assert_cmpint (fixture_says (data, NULL, "reading is high"), ==, cases[i].high);
    }
}

static void
test_list_in_rules (void)
{
  g_autoptr (MdFormData) data = sample_data (MD_ROLE_CLERK_NUMBER, FIXTURE_TODAY);
  MdEntry *reading = md_form_data_get_entry (data, "t.psa");

  g_assert_false (md_entry_get_required (reading));
  fixture_type (data, "t.kinds", "step");
  g_assert_false (md_entry_get_required (reading));
  fixture_type (data, "t.kinds", "step\nrail");
  g_assert_true (md_entry_get_required (reading));
}

/* On 31 March 2027, the end of the fiscal year of that day. */
static void
test_age_at_the_end_of_the_year (void)
{
  g_autoptr (MdFormData) data = sample_data (MD_ROLE_CLERK_NUMBER, FIXTURE_TODAY);

  fixture_type (data, "p.birth", "1987-03-31");
  g_assert_cmpstr (md_form_data_get_value (data, "t.reached"), ==, "40");
  fixture_type (data, "p.birth", "1987-04-01");
  g_assert_cmpstr (md_form_data_get_value (data, "t.reached"), ==, "39");
}

/* An intake is taken with the version of its day, an application read with the one it names. */
static void
test_versions (void)
{
  static const struct
  {
    const char *day;
    guint version; /* 0: none */
  } days[] = { { "2026-03-31", 0 }, { "2026-04-01", 1 }, { "2026-12-31", 1 }, { "2027-01-01", 2 } };

  for (guint i = 0; i < G_N_ELEMENTS (days); i++)
    {
      MdForm *form = md_catalogue_get_form_on (fixture_sample (), "common.sample", days[i].day);
      g_autoptr (GListModel) found = md_catalogue_search (fixture_sample (), "みほん", days[i].day);

      g_assert_cmpuint (form ? md_form_get_version (form) : 0, ==, days[i].version);
      g_assert_cmpuint (g_list_model_get_n_items (found), ==, form ? 1 : 0);
    }
  g_assert_cmpuint (
      md_form_get_version (md_catalogue_get_form (fixture_sample (), "common.sample")), ==, 2);
  g_assert_cmpuint (
      md_form_get_version (md_catalogue_get_form_version (fixture_sample (), "common.sample", "1")),
      ==, 1);
  g_assert_null (md_catalogue_get_form_version (fixture_sample (), "common.sample", "3"));
  g_assert_null (md_catalogue_get_form_version (fixture_sample (), "common.sample", NULL));
  g_assert_null (md_catalogue_get_form_on (fixture_sample (), "common.other", "2026-05-01"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forms/sample/values", test_values);
  g_test_add_func ("/forms/sample/partial-in-rules", test_partial_in_rules);
  g_test_add_func ("/forms/sample/decimals-in-rules", test_decimals_in_rules);
  g_test_add_func ("/forms/sample/list-in-rules", test_list_in_rules);
  g_test_add_func ("/forms/sample/age-at-the-end-of-the-year", test_age_at_the_end_of_the_year);
  g_test_add_func ("/forms/sample/versions", test_versions);
  return g_test_run ();
}
