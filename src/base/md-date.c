// SPDX-License-Identifier: Apache-2.0
#include "md-base.h"

#include <string.h>

typedef struct
{
  MdEra era;
  char letter;
  const char *name;
  MdDate first;
} EraRow;

/* Newest first. A table rather than ICU's calendar: five rows, and the days on which an era begins
 * are ours to state; a test holds them against ICU. Meiji counts from the day its edict was given
 * under the calendar of the registers (1868-01-25). */
static const EraRow eras[] = {
  { MD_ERA_REIWA, 'R', "令和", { 2019, 5, 1 } },   { MD_ERA_HEISEI, 'H', "平成", { 1989, 1, 8 } },
  { MD_ERA_SHOWA, 'S', "昭和", { 1926, 12, 25 } }, { MD_ERA_TAISHO, 'T', "大正", { 1912, 7, 30 } },
  { MD_ERA_MEIJI, 'M', "明治", { 1868, 1, 25 } },
};

static guint
days_in_month (guint year, guint month)
{
  static const guint8 days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  const gboolean leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

  return month == 2 && leap ? 29 : days[month - 1];
}

gboolean
md_date_is_valid (const MdDate *date)
{
  return date->year >= 1 && date->year <= 9999 && date->month >= 1 && date->month <= 12
         && date->day >= 1 && date->day <= days_in_month (date->year, date->month);
}

int
md_date_compare (const MdDate *a, const MdDate *b)
{
  if (a->year != b->year)
    return a->year - b->year;
  if (a->month != b->month)
    return a->month - b->month;
  return a->day - b->day;
}

static const EraRow *
era_row (const MdDate *date)
{
  for (gsize i = 0; md_date_is_valid (date) && i < G_N_ELEMENTS (eras); i++)
    if (md_date_compare (date, &eras[i].first) >= 0)
      return &eras[i];
  return NULL;
}

MdEra
md_date_get_era (const MdDate *date, guint *out_year)
{
  const EraRow *row = era_row (date);

  if (out_year != NULL)
    *out_year = row == NULL ? date->year : date->year - row->first.year + 1u;
  return row == NULL ? MD_ERA_NONE : row->era;
}

char *
md_date_format_compact (const MdDate *date)
{
  return g_strdup_printf ("%04u%02u%02u", date->year, date->month, date->day);
}

char *
md_date_format_iso (const MdDate *date)
{
  return g_strdup_printf ("%04u-%02u-%02u", date->year, date->month, date->day);
}

char *
md_era_format (const MdDate *date)
{
  const EraRow *row = era_row (date);
  guint year;

  (void)md_date_get_era (date, &year);
  if (row != NULL && year == 1)
    return g_strdup_printf ("%s元年%u月%u日", row->name, date->month, date->day);
  return g_strdup_printf ("%s%u年%u月%u日", row == NULL ? "" : row->name, year, date->month,
                          date->day);
}

char *
md_era_format_short (const MdDate *date)
{
  const EraRow *row = era_row (date);
  guint year;

  (void)md_date_get_era (date, &year);
  if (row == NULL)
    return md_date_format_iso (date);
  return g_strdup_printf ("%c%u.%u.%u", row->letter, year, date->month, date->day);
}

char *
md_era_format_digits (const MdDate *date)
{
  guint year;

  if (md_date_get_era (date, &year) == MD_ERA_NONE)
    return NULL;
  return g_strdup_printf ("%02u%02u%02u", year % 100, date->month, date->day);
}

/* --- reading --- */

/* Takes the name, the letter or the two-letter sign of an era from the front of *@text. */
static const EraRow *
take_era (const char **text)
{
  for (gsize i = 0; i < G_N_ELEMENTS (eras); i++)
    {
      if (g_str_has_prefix (*text, eras[i].name))
        {
          *text += strlen (eras[i].name);
          return &eras[i];
        }
      if (g_ascii_toupper (**text) == eras[i].letter)
        {
          *text += 1;
          return &eras[i];
        }
    }
  return NULL;
}

/* A number of one to @max_digits digits, or 元 for 1; 0 if there is none. */
static guint
take_number (const char **text, guint max_digits)
{
  guint value = 0;

  if (g_str_has_prefix (*text, "元"))
    {
      *text += strlen ("元");
      return 1;
    }
  for (guint i = 0; i < max_digits && g_ascii_isdigit (**text); i++)
    value = value * 10 + (guint)g_ascii_digit_value (*(*text)++);
  return value;
}

static gboolean
take_mark (const char **text, const char *kanji)
{
  if (g_str_has_prefix (*text, kanji))
    {
      *text += strlen (kanji);
      return TRUE;
    }
  if (**text == '\0' || strchr (".-/", **text) == NULL)
    return FALSE;
  *text += 1;
  return TRUE;
}

static gboolean
take_date (const char *text, MdDate *out_date)
{
  const EraRow *era = take_era (&text);
  const guint year = take_number (&text, 4);
  guint month;
  guint day;
  MdDate date;

  if (year == 0 || !take_mark (&text, "年"))
    return FALSE;
  month = take_number (&text, 2);
  if (!take_mark (&text, "月"))
    return FALSE;
  day = take_number (&text, 2);
  if (g_str_has_prefix (text, "日"))
    text += strlen ("日");
  date.year = (guint16)(era == NULL ? year : era->first.year + year - 1);
  date.month = (guint8)month;
  date.day = (guint8)day;
  if (*text != '\0' || !md_date_is_valid (&date) || (era != NULL && era_row (&date) != era))
    return FALSE;
  *out_date = date;
  return TRUE;
}

static gboolean
refuse_date (GError **error)
{
  g_set_error_literal (error, MD_BASE_ERROR, MD_BASE_ERROR_INVALID,
                       "This is not a date, or there is no such day");
  return FALSE;
}

gboolean
md_date_parse_compact (const char *text, MdDate *out_date, GError **error)
{
  MdDate date;
  guint number;

  if (!md_digits_is (text, 8))
    return refuse_date (error);
  number = (guint)g_ascii_strtoull (text, NULL, 10);
  date.year = (guint16)(number / 10000);
  date.month = (guint8)(number / 100 % 100);
  date.day = (guint8)(number % 100);
  if (!md_date_is_valid (&date))
    return refuse_date (error);
  *out_date = date;
  return TRUE;
}

gboolean
md_date_parse (const char *text, MdDate *out_date, GError **error)
{
  md_autowipe char *narrow = md_text_nfkc (text);
  gboolean read;

  if (narrow == NULL)
    return refuse_date (error);
  g_strstrip (narrow);
  read = md_digits_is (narrow, 8) ? md_date_parse_compact (narrow, out_date, NULL)
                                  : take_date (narrow, out_date);
  md_wipe (narrow, strlen (narrow));
  return read ? TRUE : refuse_date (error);
}

/* --- reckoning --- */

void
md_date_from_wall_us (gint64 wall_us, MdDate *out_date)
{
  const gint64 tokyo_us = wall_us + G_TIME_SPAN_HOUR * 9;
  const gint64 day_us = (tokyo_us % G_TIME_SPAN_DAY + G_TIME_SPAN_DAY) % G_TIME_SPAN_DAY;
  g_autoptr (GDateTime) day
      = g_date_time_new_from_unix_utc ((tokyo_us - day_us) / G_TIME_SPAN_SECOND);

  memset (out_date, 0, sizeof *out_date);
  if (day == NULL)
    return;
  out_date->year = (guint16)g_date_time_get_year (day);
  out_date->month = (guint8)g_date_time_get_month (day);
  out_date->day = (guint8)g_date_time_get_day_of_month (day);
}

int
md_date_days_between (const MdDate *from, const MdDate *to)
{
  GDate a, b;

  g_date_clear (&a, 1);
  g_date_clear (&b, 1);
  g_date_set_dmy (&a, from->day, (GDateMonth)from->month, from->year);
  g_date_set_dmy (&b, to->day, (GDateMonth)to->month, to->year);
  return g_date_days_between (&a, &b);
}

void
md_date_add_months (const MdDate *date, guint months, MdDate *out_date)
{
  const guint month = date->month - 1u + months;
  MdDate later = *date;

  later.year = (guint16)(date->year + month / 12);
  later.month = (guint8)(month % 12 + 1);
  later.day = (guint8)MIN (date->day, days_in_month (later.year, later.month));
  *out_date = later;
}

int
md_date_age_on (const MdDate *birth, const MdDate *on)
{
  const gboolean before_birthday
      = on->month < birth->month || (on->month == birth->month && on->day < birth->day);

  return md_date_compare (on, birth) < 0 ? -1 : on->year - birth->year - (before_birthday ? 1 : 0);
}

void
md_date_legal_age_day (const MdDate *birth, guint age, MdDate *out_day)
{
  MdDate day = *birth;

  day.year = (guint16)(day.year + age);
  if (day.day > 1)
    day.day--; /* the 29th of February gives the 28th, which every year has */
  else
    {
      day.month = (guint8)(day.month == 1 ? 12 : day.month - 1);
      day.year = (guint16)(day.month == 12 ? day.year - 1 : day.year);
      day.day = (guint8)days_in_month (day.year, day.month);
    }
  *out_day = day;
}
