// SPDX-License-Identifier: Apache-2.0
#include "md-base.h"

#include <string.h>

#define US_PER_SECOND G_GINT64_CONSTANT (1000000)
#define TOKYO_OFFSET_US (9 * 3600 * US_PER_SECOND) /* no summer time since 1951 */

static GDateTime *
date_time_at (gint64 wall_us, gint64 *out_us)
{
  const gint64 rest = (wall_us % US_PER_SECOND + US_PER_SECOND) % US_PER_SECOND;

  *out_us = rest;
  return g_date_time_new_from_unix_utc ((wall_us - rest) / US_PER_SECOND);
}

char *
md_time_format_rfc3339 (gint64 wall_us)
{
  gint64 us;
  g_autoptr (GDateTime) moment = date_time_at (wall_us, &us);
  g_autofree char *seconds = NULL;

  g_return_val_if_fail (moment != NULL, NULL);
  seconds = g_date_time_format (moment, "%Y-%m-%dT%H:%M:%S");
  return g_strdup_printf ("%s.%03dZ", seconds, (int)(us / 1000));
}

char *
md_time_format_tokyo (gint64 wall_us, MdTimeStyle style)
{
  gint64 us;
  g_autoptr (GDateTime) moment = date_time_at (wall_us + TOKYO_OFFSET_US, &us);
  g_autofree char *day = NULL;
  g_autofree char *clock = NULL;
  MdDate date;

  g_return_val_if_fail (moment != NULL, NULL);
  clock = g_date_time_format (moment, style == MD_TIME_STYLE_CLOCK_FULL ? "%H:%M:%S" : "%H:%M");
  if (style == MD_TIME_STYLE_CLOCK || style == MD_TIME_STYLE_CLOCK_FULL)
    return g_steal_pointer (&clock);
  md_date_from_wall_us (wall_us, &date);
  day = style == MD_TIME_STYLE_ERA ? md_era_format (&date) : md_date_format_iso (&date);
  return g_strdup_printf ("%s %s", day, clock);
}

/* --- reading --- */

typedef struct
{
  const char *rest;
  gboolean failed;
} Scanner;

static gint
scan_digits (Scanner *scanner, gsize count)
{
  gint value = 0;

  for (gsize i = 0; i < count && !scanner->failed; i++)
    {
      scanner->failed = !g_ascii_isdigit (*scanner->rest);
      if (!scanner->failed)
        value = value * 10 + g_ascii_digit_value (*scanner->rest++);
    }
  return value;
}

static char
scan_one_of (Scanner *scanner, const char *set)
{
  if (scanner->failed || *scanner->rest == '\0' || strchr (set, *scanner->rest) == NULL)
    {
      scanner->failed = TRUE;
      return '\0';
    }
  return *scanner->rest++;
}

static gint64
scan_fraction_us (Scanner *scanner)
{
  gint64 us = 0;
  gint64 unit = 100000;
  gsize count = 0;

  if (scanner->failed || *scanner->rest != '.')
    return 0;
  scanner->rest++;
  for (; g_ascii_isdigit (*scanner->rest); scanner->rest++, unit /= 10, count++)
    us += g_ascii_digit_value (*scanner->rest) * unit;
  if (count == 0 || count > 9)
    scanner->failed = TRUE;
  return us;
}

static gint64
scan_offset_us (Scanner *scanner)
{
  const char sign = scan_one_of (scanner, "Zz+-");
  gint hours;
  gint minutes;

  if (scanner->failed || sign == 'Z' || sign == 'z')
    return 0;
  hours = scan_digits (scanner, 2);
  (void)scan_one_of (scanner, ":");
  minutes = scan_digits (scanner, 2);
  if (hours > 23 || minutes > 59)
    scanner->failed = TRUE;
  return (hours * 60 + minutes) * 60 * US_PER_SECOND * (sign == '-' ? -1 : 1);
}

static gint64
scan_seconds (Scanner *scanner)
{
  gint part[6];
  g_autoptr (GDateTime) moment = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (part); i++)
    {
      static const char *const separators[] = { "", "-", "-", "Tt ", ":", ":" };

      if (i > 0)
        (void)scan_one_of (scanner, separators[i]);
      part[i] = scan_digits (scanner, i == 0 ? 4 : 2);
    }
  if (!scanner->failed)
    moment = g_date_time_new_utc (part[0], part[1], part[2], part[3], part[4],
                                  part[5] == 60 ? 59 : part[5]);
  if (moment == NULL)
    {
      scanner->failed = TRUE;
      return 0;
    }
  return g_date_time_to_unix (moment);
}

gboolean
md_time_parse_rfc3339 (const char *text, gint64 *out_wall_us, GError **error)
{
  Scanner scanner = { text, text == NULL };
  const gint64 seconds = scan_seconds (&scanner);
  const gint64 fraction = scan_fraction_us (&scanner);
  const gint64 offset = scan_offset_us (&scanner);

  if (scanner.failed || *scanner.rest != '\0')
    {
      g_set_error_literal (error, MD_BASE_ERROR, MD_BASE_ERROR_INVALID,
                           "The text is not a time of the form 2026-11-21T05:30:54.123Z");
      return FALSE;
    }
  *out_wall_us = seconds * US_PER_SECOND + fraction - offset;
  return TRUE;
}
