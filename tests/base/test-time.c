// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>

#include <string.h>

static void
assert_read (const char *text, gint64 wanted)
{
  gint64 got = -1;

  g_assert_true (md_time_parse_rfc3339 (text, &got, NULL));
  g_assert_cmpint (got, ==, wanted);
}

static void
test_format (void)
{
  g_autofree char *zero = md_time_format_rfc3339 (0);
  g_autofree char *cut = md_time_format_rfc3339 (G_GINT64_CONSTANT (1795239054123999));
  g_autofree char *before = md_time_format_rfc3339 (-1);

  g_assert_cmpstr (zero, ==, "1970-01-01T00:00:00.000Z");
  g_assert_cmpstr (cut, ==, "2026-11-21T05:30:54.123Z");
  g_assert_cmpstr (before, ==, "1969-12-31T23:59:59.999Z");
}

static void
test_parse (void)
{
  assert_read ("1970-01-01T00:00:00Z", 0);
  assert_read ("1970-01-01t00:00:00.5z", 500000);
  assert_read ("2026-11-21T05:30:54.123Z", G_GINT64_CONSTANT (1795239054123000));
  assert_read ("2026-11-21T14:30:54.123456789+09:00", G_GINT64_CONSTANT (1795239054123456));
  assert_read ("1969-12-31T16:00:00-08:00", 0);
  assert_read ("2016-12-31T23:59:60Z", G_GINT64_CONSTANT (1483228799000000));
  assert_read ("2024-02-29T00:00:00Z", G_GINT64_CONSTANT (1709164800000000));
}

static void
test_refused (void)
{
  static const char *const bad[] = { "",
                                     "2026",
                                     "2026-11-21",
                                     "2026-11-21T05:30Z",
                                     "2026-11-21T05:30:54",
                                     "2026-11-21T05:30:54.Z",
                                     "2026-11-21T05:30:54.1234567890Z",
                                     "2026-13-01T00:00:00Z",
                                     "2026-02-29T00:00:00Z",
                                     "2026-11-21T24:00:00Z",
                                     "2026-11-21T05:60:00Z",
                                     "2026-11-21T05:30:61Z",
                                     "2026-11-21T05:30:54Zx",
                                     "2026-11-21T05:30:54+0900",
                                     "2026-11-21T05:30:54+09:60",
                                     " 2026-11-21T05:30:54Z",
                                     "+026-11-21T05:30:54Z",
                                     "0000-01-01T00:00:00Z",
                                     "2026-1-21T05:30:54Z",
                                     NULL };
  gint64 got = 42;

  g_assert_false (md_time_parse_rfc3339 (NULL, &got, NULL));
  for (gsize i = 0; bad[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (md_time_parse_rfc3339 (bad[i], &got, &error));
      g_assert_error (error, MD_BASE_ERROR, MD_BASE_ERROR_INVALID);
    }
  g_assert_cmpint (got, ==, 42);
}

/* 23:30 UTC is already the next day in Japan, and here the next year of the era. */
static void
test_tokyo (void)
{
  const gint64 moment = G_GINT64_CONSTANT (1798759830000000); /* 2026-12-31T23:30:30Z */
  g_autofree char *era = md_time_format_tokyo (moment, MD_TIME_STYLE_ERA);
  g_autofree char *iso = md_time_format_tokyo (moment, MD_TIME_STYLE_ISO);
  g_autofree char *clock = md_time_format_tokyo (moment, MD_TIME_STYLE_CLOCK);
  g_autofree char *full = md_time_format_tokyo (moment, MD_TIME_STYLE_CLOCK_FULL);

  g_assert_cmpstr (era, ==, "令和9年1月1日 08:30");
  g_assert_cmpstr (iso, ==, "2027-01-01 08:30");
  g_assert_cmpstr (clock, ==, "08:30");
  g_assert_cmpstr (full, ==, "08:30:30");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/time/format", test_format);
  g_test_add_func ("/base/time/parse", test_parse);
  g_test_add_func ("/base/time/refused", test_refused);
  g_test_add_func ("/base/time/tokyo", test_tokyo);
  return g_test_run ();
}
