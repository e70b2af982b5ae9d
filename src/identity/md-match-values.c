// SPDX-License-Identifier: Apache-2.0
// Dates and codes of sex.
#include "md-match-private.h"

#include <string.h>

typedef struct
{
  guint year, month, day; // month and day 0: the register does not know
  gboolean era;           // written by era
} Day;

// The certificate's era digit stands before a western year: it must be the era of that day.
static gboolean
era_fits (char era, const MdDate *date)
{
  static const MdDate begins[]
      = { { 1868, 1, 25 }, { 1912, 7, 30 }, { 1926, 12, 25 }, { 1989, 1, 8 }, { 2019, 5, 1 } };
  const int which = era - '1';

  if (era == '0')
    return TRUE;
  if (which < 0 || which >= (int)G_N_ELEMENTS (begins))
    return FALSE;
  return md_date_compare (&begins[which], date) <= 0
         && (which + 1 == (int)G_N_ELEMENTS (begins)
             || md_date_compare (date, &begins[which + 1]) <= 0);
}

static guint
number_of (const char *text, gsize length)
{
  guint value = 0;

  for (gsize i = 0; i < length; i++)
    value = value * 10 + (guint)(text[i] - '0');
  return value;
}

static gboolean
read_compact (const char *digits, Day *out)
{
  MdDate date;

  *out
      = (Day){ number_of (digits, 4), number_of (digits + 4, 2), number_of (digits + 6, 2), FALSE };
  if (out->month == 0 || out->day == 0)
    return out->month <= 12 && out->day <= 31;
  return md_date_parse_compact (digits, &date, NULL);
}

static gboolean
read_certificate (const char *text, Day *out)
{
  MdDate date;

  if (!read_compact (text + 1, out))
    return FALSE;
  return out->month == 0 || out->day == 0
         || (md_date_parse_compact (text + 1, &date, NULL) && era_fits (text[0], &date));
}

static gboolean
read_day (const MdMatchSide *side, Day *out)
{
  md_autowipe char *narrow = md_text_tidy (side->text);
  MdDate date;

  if (narrow != NULL && side->source == MD_MATCH_FROM_CERTIFICATE && md_digits_is (narrow, 9))
    return read_certificate (narrow, out);
  if (narrow != NULL && md_digits_is (narrow, 8))
    return read_compact (narrow, out);
  if (narrow == NULL || !md_date_parse (narrow, &date, NULL))
    return FALSE;
  *out = (Day){ date.year, date.month, date.day, !g_ascii_isdigit (narrow[0]) };
  return TRUE;
}

static void
add (MdMatchVerdict *verdict, MdMatchReason reason)
{
  const MdMatchDetail detail = { .reason = reason };

  _md_match_verdict_add (verdict, &detail);
}

static void
add_parts (MdMatchVerdict *verdict, const Day *a, const Day *b)
{
  if (a->year != b->year)
    add (verdict, MD_MATCH_REASON_YEAR);
  if (a->month != b->month && a->month != 0 && b->month != 0)
    add (verdict, MD_MATCH_REASON_MONTH);
  if (a->day != b->day && a->day != 0 && b->day != 0)
    add (verdict, MD_MATCH_REASON_DAY);
  if ((a->month == 0) != (b->month == 0) || (a->day == 0) != (b->day == 0))
    add (verdict, MD_MATCH_REASON_DATE_IN_PART);
}

gboolean
_md_match_day_key (const MdMatchSide *side, char out_key[static MD_MATCH_DAY_SIZE])
{
  Day day = { 0 };
  const gboolean is_day = side->text != NULL && read_day (side, &day);

  if (is_day)
    g_snprintf (out_key, MD_MATCH_DAY_SIZE, "%04u%02u%02u", day.year, day.month, day.day);
  md_wipe (&day, sizeof day);
  return is_day;
}

MdMatchVerdict *
_md_match_dates (const MdMatchSide *a, const MdMatchSide *b)
{
  MdMatchVerdict *verdict;
  Day one = { 0 }, other = { 0 };

  if (!read_day (a, &one) || !read_day (b, &other))
    {
      verdict = _md_match_verdict_new (MD_MATCH_DIFFERENT);
      add (verdict, MD_MATCH_REASON_UNREADABLE);
    }
  else if (one.year != other.year || one.month != other.month || one.day != other.day)
    {
      verdict = _md_match_verdict_new (MD_MATCH_DIFFERENT);
      add_parts (verdict, &one, &other);
    }
  else if (one.era != other.era)
    {
      verdict = _md_match_verdict_new (MD_MATCH_SAME_FORM);
      add (verdict, MD_MATCH_REASON_ERA);
    }
  else
    verdict = _md_match_verdict_new (MD_MATCH_SAME);
  md_wipe (&one, sizeof one);
  md_wipe (&other, sizeof other);
  return verdict;
}

/* --- sex --- */

typedef enum
{
  SEX_UNREADABLE,
  SEX_UNSAID,
  SEX_MALE,
  SEX_FEMALE,
} Sex;

static const struct
{
  const char *word;
  Sex sex;
} sexes[] = {
  { "1", SEX_MALE },      { "male", SEX_MALE },     { "男", SEX_MALE },   { "男性", SEX_MALE },
  { "2", SEX_FEMALE },    { "female", SEX_FEMALE }, { "女", SEX_FEMALE }, { "女性", SEX_FEMALE },
  { "9", SEX_UNSAID },    { "0", SEX_UNSAID },      { "3", SEX_UNSAID },  { "不明", SEX_UNSAID },
  { "none", SEX_UNSAID },
};

static Sex
read_sex (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (sexes); i++)
    if (g_str_equal (text, sexes[i].word))
      return sexes[i].sex;
  return SEX_UNREADABLE;
}

MdMatchVerdict *
_md_match_sexes (const MdMatchSide *a, const MdMatchSide *b)
{
  const Sex one = read_sex (a->text), other = read_sex (b->text);
  const gboolean codes = g_ascii_isdigit (a->text[0]) && g_ascii_isdigit (b->text[0]);
  MdMatchVerdict *verdict;

  if (one == SEX_UNREADABLE || other == SEX_UNREADABLE)
    {
      verdict = _md_match_verdict_new (MD_MATCH_DIFFERENT);
      add (verdict, MD_MATCH_REASON_UNREADABLE);
      return verdict;
    }
  if ((one == SEX_UNSAID) != (other == SEX_UNSAID))
    return _md_match_verdict_new (MD_MATCH_MISSING);
  if (one != other)
    return _md_match_verdict_new (MD_MATCH_DIFFERENT);
  if (codes && !g_str_equal (a->text, b->text))
    {
      verdict = _md_match_verdict_new (MD_MATCH_SAME_FORM);
      add (verdict, MD_MATCH_REASON_SEX_CODE);
      return verdict;
    }
  return _md_match_verdict_new (MD_MATCH_SAME);
}
