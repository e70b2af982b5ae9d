// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include <md-base.h>

#include <string.h>

/* What people type: dates, times, numbers, names. UTF-8 comes out, and what is tidy stays as it is.
 */
static void
check_transforms (const char *text)
{
  g_autofree char *tidy = md_text_tidy (text);
  g_autofree char *twice = md_text_tidy (tidy);
  g_autofree char *kana = md_text_to_kana (text);
  g_autofree char *digits = md_text_to_digits (text);
  g_autofree char *key = md_text_kana_search_key (text);
  g_autofree char *match = md_text_match_key (text);
  const char *const all[] = { tidy, kana, digits, key, match };

  g_assert_cmpstr (tidy, ==, twice);
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    g_assert_true (all[i] == NULL || g_utf8_validate (all[i], -1, NULL));
}

static void
check_dates (const char *text)
{
  MdDate date;
  MdDate back;
  gint64 us;

  if (md_date_parse (text, &date, NULL))
    {
      g_autofree char *era = md_era_format (&date);

      g_assert_true (md_date_is_valid (&date));
      g_assert_true (md_date_parse (era, &back, NULL));
      g_assert_cmpint (md_date_compare (&date, &back), ==, 0);
    }
  if (md_time_parse_rfc3339 (text, &us, NULL))
    {
      g_autofree char *formatted = NULL;

      g_assert_cmpint (us, >, G_MININT64 / 4);
      if (us >= 0)
        formatted = md_time_format_rfc3339 (us);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, MIN (size, 4096));
  guint terminal = 0;
  guint counter = 0;
  g_autoptr (GBytes) bytes = NULL;

  check_transforms (text);
  check_dates (text);
  if (md_receipt_number_parse (text, &terminal, &counter, NULL))
    g_assert_true (terminal <= 999 && counter <= 999999);
  if (md_text_contains_individual_number (text))
    g_assert_cmpuint (strlen (text), >=, 12);
  g_assert_cmpuint (md_text_columns (text), <=, 2 * strlen (text));
  g_assert_cmpuint (md_text_characters (text), <=, strlen (text));
  (void)md_uuid7_get_time_ms (text);
  bytes = md_base64_decode (text, 1024, NULL);
  g_assert_true (bytes == NULL || g_bytes_get_size (bytes) <= 1024);
  return 0;
}
