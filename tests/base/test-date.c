// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>

#include <string.h>
#include <unicode/ucal.h>

static void
assert_read (const char *text, const char *wanted)
{
  MdDate date = { 0 };
  g_autofree char *got = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (md_date_parse (text, &date, &error));
  got = md_date_format_iso (&date);
  g_assert_cmpstr (got, ==, wanted);
}

static void
test_parse (void)
{
  assert_read ("19800217", "1980-02-17");
  assert_read ("1980-02-17", "1980-02-17");
  assert_read ("1980/2/17", "1980-02-17");
  assert_read ("1980年2月17日", "1980-02-17");
  assert_read ("昭和55年2月17日", "1980-02-17");
  assert_read ("S55.2.17", "1980-02-17");
  assert_read ("s55-02-17", "1980-02-17");
  assert_read (" Ｓ５５．２．１７ ", "1980-02-17");
  assert_read ("昭和５５年２月１７日", "1980-02-17");
  assert_read ("令和元年5月1日", "2019-05-01");
  assert_read ("平成31年4月30日", "2019-04-30");
  assert_read ("昭和64年1月7日", "1989-01-07");
  assert_read ("昭和元年12月25日", "1926-12-25");
  assert_read ("M45.7.29", "1912-07-29");
}

static void
test_refused (void)
{
  static const char *const bad[]
      = { "",           "1980",           "1980-13-01",        "1980-02-30",     "19800230",
          "1981-02-29", "昭和65年1月1日", "昭和64年1月8日",    "平成元年1月7日", "令和元年4月30日",
          "S0.1.1",     "昭和年1月1日",   "昭和55年2月17日頃", "55.2.17x",       "X55.2.17",
          "0000-01-01", "1980-2",         "明治1年1月1日",     "1980--2-17",     "\xff",
          NULL };
  MdDate date = { 1, 1, 1 };

  g_assert_false (md_date_parse (NULL, &date, NULL));
  for (gsize i = 0; bad[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (md_date_parse (bad[i], &date, &error));
      g_assert_error (error, MD_BASE_ERROR, MD_BASE_ERROR_INVALID);
    }
  g_assert_false (md_date_parse_compact ("1980-217", &date, NULL));
  g_assert_cmpuint (date.year, ==, 1);
}

static void
assert_shown (const char *iso, const char *era, const char *brief, const char *digits)
{
  MdDate date;
  g_autofree char *long_form = NULL;
  g_autofree char *short_form = NULL;
  g_autofree char *key = NULL;
  g_autofree char *compact = NULL;
  g_auto (GStrv) parts = g_strsplit (iso, "-", 3);
  g_autofree char *joined = g_strjoinv ("", parts);

  g_assert_true (md_date_parse (iso, &date, NULL));
  long_form = md_era_format (&date);
  short_form = md_era_format_short (&date);
  key = md_era_format_digits (&date);
  compact = md_date_format_compact (&date);
  g_assert_cmpstr (long_form, ==, era);
  g_assert_cmpstr (short_form, ==, brief);
  g_assert_cmpstr (key, ==, digits);
  g_assert_cmpstr (compact, ==, joined);
}

static void
test_format (void)
{
  assert_shown ("1980-02-17", "昭和55年2月17日", "S55.2.17", "550217");
  assert_shown ("2019-04-30", "平成31年4月30日", "H31.4.30", "310430");
  assert_shown ("2019-05-01", "令和元年5月1日", "R1.5.1", "010501");
  assert_shown ("1989-01-07", "昭和64年1月7日", "S64.1.7", "640107");
  assert_shown ("1989-01-08", "平成元年1月8日", "H1.1.8", "010108");
  assert_shown ("1912-07-29", "明治45年7月29日", "M45.7.29", "450729");
  assert_shown ("1912-07-30", "大正元年7月30日", "T1.7.30", "010730");
  assert_shown ("1850-01-01", "1850年1月1日", "1850-01-01", NULL);
}

/* ICU's Japanese calendar is the witness: every day from the start of Taisho on has the same era
 * and year there. (Its Meiji begins on 1868-09-08, the day of the edict; the registers count from
 * 1868-01-25.) */
static void
test_against_icu (void)
{
  UErrorCode status = U_ZERO_ERROR;
  const UChar utc[] = { 'U', 'T', 'C', 0 };
  UCalendar *calendar = ucal_open (utc, -1, "ja_JP@calendar=japanese", UCAL_DEFAULT, &status);
  const int first_era = 232; /* Meiji, in ICU's numbering */

  g_assert_true (U_SUCCESS (status));
  for (gint64 day = -20975; day < 25000; day++) /* 1912-07-30 to 2038 */
    {
      const gint64 us = day * G_TIME_SPAN_DAY;
      MdDate date;
      guint year;
      MdEra era;

      md_date_from_wall_us (us, &date);
      era = md_date_get_era (&date, &year);
      ucal_setMillis (calendar, (double)(us / 1000), &status);
      g_assert_cmpint (ucal_get (calendar, UCAL_ERA, &status), ==, first_era + (int)era - 1);
      g_assert_cmpint (ucal_get (calendar, UCAL_YEAR, &status), ==, (int)year);
      g_assert_cmpint (ucal_get (calendar, UCAL_DAY_OF_MONTH, &status), ==, date.day);
      g_assert_true (U_SUCCESS (status));
    }
  ucal_close (calendar);
}

static void
assert_age (const char *birth_text, const char *on_text, int wanted)
{
  MdDate birth;
  MdDate on;

  g_assert_true (md_date_parse (birth_text, &birth, NULL));
  g_assert_true (md_date_parse (on_text, &on, NULL));
  g_assert_cmpint (md_date_age_on (&birth, &on), ==, wanted);
}

static void
test_age (void)
{
  assert_age ("1980-02-17", "2026-02-16", 45);
  assert_age ("1980-02-17", "2026-02-17", 46);
  assert_age ("1980-02-17", "1980-02-17", 0);
  assert_age ("1980-02-17", "1980-02-16", -1);
  assert_age ("2004-02-29", "2025-02-28", 20);
  assert_age ("2004-02-29", "2025-03-01", 21);
}

static void
test_legal_age (void)
{
  static const struct
  {
    const char *birth;
    guint age;
    const char *day;
  } rows[] = { { "2006-04-01", 20, "2026-03-31" }, { "1961-01-01", 65, "2025-12-31" },
               { "2004-02-29", 20, "2024-02-28" }, { "2004-02-29", 21, "2025-02-28" },
               { "2000-03-01", 20, "2020-02-29" }, { "1951-11-22", 75, "2026-11-21" } };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MdDate birth;
      MdDate day;
      g_autofree char *text = NULL;

      g_assert_true (md_date_parse (rows[i].birth, &birth, NULL));
      md_date_legal_age_day (&birth, rows[i].age, &day);
      text = md_date_format_iso (&day);
      g_assert_cmpstr (text, ==, rows[i].day);
    }
}

/* The day changes at midnight in Japan, 15:00 UTC. */
static void
test_day_in_japan (void)
{
  const gint64 midnight = G_GINT64_CONSTANT (1795273200000000); /* 2026-11-21T15:00:00Z */
  MdDate date;

  md_date_from_wall_us (midnight - 1, &date);
  g_assert_cmpuint (date.day, ==, 21);
  md_date_from_wall_us (midnight, &date);
  g_assert_cmpuint (date.day, ==, 22);
  g_assert_cmpuint (date.month, ==, 11);
  g_assert_cmpuint (date.year, ==, 2026);
}

static void
test_distances (void)
{
  static const struct
  {
    const char *from, *to;
    int days;
    guint months;
    const char *later;
  } rows[] = {
    { "2026-11-22", "2026-11-22", 0, 0, "2026-11-22" },
    { "2026-11-22", "2026-11-21", -1, 1, "2026-12-22" },
    { "2026-02-28", "2026-03-01", 1, 12, "2027-02-28" },
    { "2028-02-28", "2028-03-01", 2, 10, "2028-12-28" },
    { "2026-01-31", "2027-01-31", 365, 1, "2026-02-28" },
    { "2027-12-31", "2028-02-29", 60, 2, "2028-02-29" },
    { "2026-12-01", "2026-01-01", -334, 13, "2028-01-01" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = NULL;
      MdDate from, to, later;

      g_assert_true (md_date_parse (rows[i].from, &from, NULL));
      g_assert_true (md_date_parse (rows[i].to, &to, NULL));
      g_assert_cmpint (md_date_days_between (&from, &to), ==, rows[i].days);
      md_date_add_months (&from, rows[i].months, &later);
      text = md_date_format_iso (&later);
      g_assert_cmpstr (text, ==, rows[i].later);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/date/parse", test_parse);
  g_test_add_func ("/base/date/refused", test_refused);
  g_test_add_func ("/base/date/format", test_format);
  g_test_add_func ("/base/date/against-icu", test_against_icu);
  g_test_add_func ("/base/date/age", test_age);
  g_test_add_func ("/base/date/legal-age", test_legal_age);
  g_test_add_func ("/base/date/distances", test_distances);
  g_test_add_func ("/base/date/day-in-japan", test_day_in_japan);
  return g_test_run ();
}
