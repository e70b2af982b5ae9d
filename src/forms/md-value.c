// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include <md-base.h>

#include "md-form-private.h"
#include "md-value.h"

#define MAX_LIST_ENTRIES 50u

static char *
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, MD_FORMS_ERROR, MD_FORMS_ERROR_VALUE, message);
  return NULL;
}

static gboolean
has_control_characters (const char *text, gboolean multiline)
{
  for (const char *p = text; *p; p = g_utf8_find_next_char (p, NULL))
    if (g_unichar_iscntrl (g_utf8_get_char (p)) && !(multiline && *p == '\n'))
      return TRUE;
  return FALSE;
}

/* Tidied line by line, so that a memo keeps its lines. */
static char *
tidy_lines (const char *text, gboolean multiline)
{
  md_autowipe_texts char **lines = NULL;

  if (!multiline)
    return md_text_tidy (text);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    {
      char *tidy = md_text_tidy (lines[i]);

      md_wipe_free_text (lines[i]);
      lines[i] = tidy ? tidy : g_strdup ("");
    }
  return g_strchomp (g_strjoinv ("\n", lines));
}

static gboolean
check_length (MdField *field, const char *text, GError **error)
{
  guint limit = field->max_length ? field->max_length : MD_LIMIT_FIELD_TEXT;

  if (md_text_characters (text) <= limit)
    return TRUE;
  g_set_error (error, MD_FORMS_ERROR, MD_FORMS_ERROR_VALUE,
               _ ("This is too long. Write it in %u characters at most."), limit);
  return FALSE;
}

static char *
parse_text (MdField *field, const char *text, const char *today, GError **error)
{
  md_autowipe char *tidy = tidy_lines (text, field->multiline);

  if (!tidy || has_control_characters (tidy, field->multiline))
    return refuse (error, _ ("There are characters that cannot be used. Type it again."));
  if (!check_length (field, tidy, error))
    return NULL;
  if (md_text_contains_individual_number (tidy))
    return refuse (error, _ ("An individual number must not be written here. Take it out; there is "
                             "a field of its own."));
  return g_steal_pointer (&tidy);
}

static char *
parse_kana (MdField *field, const char *text, const char *today, GError **error)
{
  md_autowipe char *kana = md_text_to_kana (text);

  if (!kana || !md_text_is_kana (kana))
    return refuse (error, _ ("Write it in kana, without kanji, digits or letters."));
  if (!check_length (field, kana, error))
    return NULL;
  return g_steal_pointer (&kana);
}

static char *
only_digits (const char *text)
{
  char *digits = md_text_to_digits (text);
  char *out = digits;

  for (const char *in = digits; in && *in; in++)
    if (*in != '-')
      *out++ = *in;
  if (out)
    *out = '\0';
  return digits;
}

static char *
parse_code (MdField *field, const char *text, const char *today, GError **error)
{
  md_autowipe char *code = field->digits ? only_digits (text) : md_text_tidy (text);

  if (!code || has_control_characters (code, FALSE) || !check_length (field, code, NULL)
      || (field->pattern && !g_regex_match (field->pattern, code, 0, NULL)))
    return refuse (error, field->format.ja ? _md_text_pick (&field->format)
                                           : _ ("This is not written as it should be. Check it."));
  return g_steal_pointer (&code);
}

static char *
parse_known_number (MdField *field, const char *text, const char *today, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (MdNumber) number = md_number_parse (field->number, text, &cause);

  return number ? g_strdup (md_secret_get_text (md_number_get_digits (number)))
                : refuse (error, cause->message);
}

static char *
parse_tel (MdField *field, const char *text, const char *today, GError **error)
{
  md_autowipe char *digits = only_digits (text);

  if (!digits || digits[0] != '0' || !(md_digits_is (digits, 10) || md_digits_is (digits, 11)))
    return refuse (error,
                   _ ("A telephone number begins with 0 and has 10 or 11 digits. Check it."));
  return g_steal_pointer (&digits);
}

/* Without what says that the day, or month and day, are unknown: 昭和25年3月不詳, 昭和25年3月吉日,
 * 昭和25年不詳, 1950/3/0, S25.0.0. NULL where nothing says so. */
static char *
cut_unknown (const char *text, gboolean *out_month_known)
{
  static const struct
  {
    const char *ending;
    gboolean month_known;
  } endings[]
      = { { "年月日不詳", FALSE }, { "年不詳", FALSE }, { "日不詳", TRUE }, { "不詳日", TRUE },
          { "不詳", TRUE },        { "吉日", TRUE },    { "月0日", TRUE },  { "/00/00", FALSE },
          { "/0/0", FALSE },       { ".0.0", FALSE },   { "-0-0", FALSE },  { "-00-00", FALSE },
          { "/0", TRUE },          { "/00", TRUE },     { ".0", TRUE },     { ".00", TRUE },
          { "-0", TRUE },          { "-00", TRUE } };
  md_autowipe char *plain = md_text_to_digits (text);

  for (guint i = 0; plain && i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (plain, endings[i].ending))
      {
        plain[strlen (plain) - strlen (endings[i].ending)] = '\0';
        *out_month_known = endings[i].month_known;
        return g_steal_pointer (&plain);
      }
  return NULL;
}

/* 昭和25, S25, 1950 -> 1950; of an era's last year a day that it still had. Caller owns. */
static char *
parse_year (const char *text)
{
  static const char *const endings[]
      = { "年12月31日", "年1月1日", ".12.31", ".1.1", "/12/31", "-12-31" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      md_autowipe char *whole = g_strconcat (text, endings[i], NULL);
      MdDate date;

      if (md_date_parse (whole, &date, NULL))
        return g_strdup_printf ("%04u", date.year);
    }
  return NULL;
}

/* YYYY-MM or YYYY; NULL when it is none. */
static char *
parse_partial (const char *text)
{
  gboolean month_known = FALSE;
  md_autowipe char *known = cut_unknown (text, &month_known);

  if (strlen (text) == 7 && text[4] == '-' && g_ascii_isdigit (text[3]))
    return md_ym_parse (text);
  if (strlen (text) == 4 && md_digits_is (text, 4))
    return g_strdup (text);
  if (!known)
    return NULL;
  return month_known ? md_ym_parse (known) : parse_year (known);
}

static char *
parse_date (MdField *field, const char *text, const char *today, GError **error)
{
  md_autowipe char *iso = NULL;
  MdDate date;

  if (md_date_parse (text, &date, NULL))
    iso = md_date_format_iso (&date);
  else if (field->partial)
    iso = parse_partial (text);
  if (!iso && field->partial)
    return refuse (error,
                   _ ("This is not a date. Write it as 昭和25年3月7日, and where the day is not "
                      "known 昭和25年3月不詳 or 1950/3/0."));
  if (!iso)
    return refuse (error,
                   _ ("This is not a date. Write it as 昭和25年3月7日, S25.3.7 or 1950/3/7."));
  if (field->not_before && strcmp (iso, field->not_before) < 0)
    return refuse (error, _ ("This date lies too far back. Check the era and the year."));
  if (field->not_future && strcmp (iso, today) > 0)
    return refuse (error, _ ("This date lies in the future. Check the era and the year."));
  return g_steal_pointer (&iso);
}

static char *
parse_ym (MdField *field, const char *text, const char *today, GError **error)
{
  char *ym = md_ym_parse (text);

  return ym ? ym
            : refuse (error, _ ("This is not a month. Write it as 令和8年7月, R8.7 or 2026/7."));
}

static char *
parse_number (MdField *field, const char *text, const char *today, GError **error)
{
  md_autowipe char *digits = md_text_to_digits (text);
  char *out = digits;
  gint64 value;

  for (const char *p = digits ? digits : ""; *p;)
    {
      const char *next = g_utf8_find_next_char (p, NULL);
      gunichar c = g_utf8_get_char (p);

      if (c != ',' && c != 0x3001 && c != 0xff0c && c != 0x5186 && c != 0x00a5 && c != 0xffe5)
        {
          memmove (out, p, (gsize)(next - p));
          out += next - p;
        }
      p = next;
    }
  if (out)
    *out = '\0';
  if (!digits
      || !g_ascii_string_to_signed (digits, 10, -999999999999999, 999999999999999, &value, NULL))
    return refuse (error, _ ("Write a whole number in digits."));
  if (field->has_range && (value < field->min || value > field->max))
    {
      g_set_error (error, MD_FORMS_ERROR, MD_FORMS_ERROR_VALUE,
                   _ ("This must be from %lld to %lld. Check it."), (long long)field->min,
                   (long long)field->max);
      return NULL;
    }
  return g_strdup_printf ("%" G_GINT64_FORMAT, value);
}

/* 4, 4.0, ４．００ -> "4.00". */
static char *
write_dec (MdField *field, const char *text)
{
  md_autowipe char *plain = md_text_to_digits (text);
  md_autowipe_texts char **parts = g_strsplit (plain ? plain : "", ".", 2);
  const char *whole = parts[0] ? parts[0] : "", *fraction = parts[0] && parts[1] ? parts[1] : "";
  const gsize length = strlen (fraction);

  if (!whole[0] || strlen (whole) > 9 || length > field->decimals
      || !md_digits_is (whole, strlen (whole)) || !md_digits_is (fraction, length))
    return NULL;
  return g_strdup_printf ("%" G_GINT64_FORMAT ".%s%.*s", g_ascii_strtoll (whole, NULL, 10),
                          fraction, (int)(field->decimals - length), "0000");
}

static char *
parse_dec (MdField *field, const char *text, const char *today, GError **error)
{
  md_autowipe char *value = write_dec (field, text);
  gint64 unit = 1, number;

  if (!value)
    return refuse (error, _ ("Write a number in digits, with a point before the decimals."));
  for (guint i = 0; i < field->decimals; i++)
    unit *= 10;
  number = _md_value_for_rule (field, value).number;
  if (!field->has_range
      || (number >= MAX (field->min, 0) * unit && number <= MIN (field->max, 999999999) * unit))
    return g_steal_pointer (&value);
  g_set_error (error, MD_FORMS_ERROR, MD_FORMS_ERROR_VALUE,
               _ ("This must be from %lld to %lld. Check it."), (long long)field->min,
               (long long)field->max);
  return NULL;
}

static char *
parse_enum (MdField *field, const char *text, const char *today, GError **error)
{
  return md_field_get_option_label (field, text) ? g_strdup (text)
                                                 : refuse (error, _ ("Choose one from the list."));
}

static char *
parse_bool (MdField *field, const char *text, const char *today, GError **error)
{
  if (g_str_equal (text, "true") || g_str_equal (text, "false"))
    return g_strdup (text);
  return refuse (error, _ ("Choose yes or no."));
}

static char *
parse_list (MdField *field, const char *text, const char *today, GError **error)
{
  md_autowipe_texts char **lines = g_strsplit (text, "\n", -1);

  if (g_strv_length (lines) > MAX_LIST_ENTRIES)
    return refuse (error, _ ("The list is too long."));
  for (guint i = 0; lines[i]; i++)
    {
      if (field->options->len > 0 && !md_field_get_option_label (field, lines[i]))
        return refuse (error, _ ("Choose from the list."));
      if (has_control_characters (lines[i], FALSE) || !check_length (field, lines[i], NULL))
        return refuse (
            error, _ ("An entry of the list is too long or holds characters that cannot be used."));
      if (md_text_contains_individual_number (lines[i]))
        return refuse (error, _ ("An individual number must not be written here. Take it out; "
                                 "there is a field of its own."));
    }
  return g_strdup (text);
}

static char *
parse_datetime (MdField *field, const char *text, const char *today, GError **error)
{
  gint64 time;

  return md_time_parse_rfc3339 (text, &time, NULL) ? g_strdup (text)
                                                   : refuse (error, _ ("This is not a time."));
}

static char *
parse_time (MdField *field, const char *text, const char *today, GError **error)
{
  static gsize once;
  static GRegex *regex;

  if (g_once_init_enter (&once))
    {
      regex = g_regex_new ("^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$", G_REGEX_DOLLAR_ENDONLY,
                           0, NULL);
      g_once_init_leave (&once, 1);
    }
  return g_regex_match (regex, text, 0, NULL) ? g_strdup (text)
                                              : refuse (error, _ ("This is not a time."));
}

static char *
parse_blob (MdField *field, const char *text, const char *today, GError **error)
{
  g_autoptr (GBytes) bytes = md_base64_decode (text, MD_LIMIT_FORM_FILE, NULL);

  return bytes ? g_strdup (text) : refuse (error, _ ("This is not what it should be."));
}

typedef char *(*ParseFunc) (MdField *, const char *, const char *, GError **);

static const ParseFunc parsers[MD_N_FIELD_TYPES] = {
  [MD_FIELD_TEXT] = parse_text,        [MD_FIELD_KANA] = parse_kana,
  [MD_FIELD_CODE] = parse_code,        [MD_FIELD_NUMBER] = parse_known_number,
  [MD_FIELD_DATE] = parse_date,        [MD_FIELD_YM] = parse_ym,
  [MD_FIELD_TIME] = parse_time,        [MD_FIELD_DATETIME] = parse_datetime,
  [MD_FIELD_INT] = parse_number,       [MD_FIELD_YEN] = parse_number,
  [MD_FIELD_ENUM] = parse_enum,        [MD_FIELD_BOOL] = parse_bool,
  [MD_FIELD_TEL] = parse_tel,          [MD_FIELD_LIST] = parse_list,
  [MD_FIELD_BLOB] = parse_blob,        [MD_FIELD_DEC] = parse_dec,
  [MD_FIELD_DECLARATION] = parse_bool,
};

char *
md_value_parse (MdField *field, const char *text, const char *today, GError **error)
{
  g_return_val_if_fail (MD_IS_FIELD (field) && text && today, NULL);

  if (!parsers[field->type] || !g_utf8_validate (text, -1, NULL))
    return refuse (error, _ ("There are characters that cannot be used. Type it again."));
  return parsers[field->type](field, text, today, error);
}

const char *
md_value_get_warning (MdField *field, const char *value)
{
  g_autoptr (MdNumber) number = NULL;

  g_return_val_if_fail (MD_IS_FIELD (field), NULL);

  if (field->type == MD_FIELD_NUMBER && value)
    number = md_number_parse (field->number, value, NULL);
  return number ? md_number_get_warning (number) : NULL;
}

char *
md_value_to_masked (MdField *field, const char *value)
{
  g_autoptr (MdNumber) number = NULL;

  g_return_val_if_fail (MD_IS_FIELD (field), NULL);

  if (field->type == MD_FIELD_NUMBER && value)
    number = md_number_parse (field->number, value, NULL);
  return number ? g_strdup (md_number_get_masked (number)) : NULL;
}

char *
md_ym_parse (const char *text)
{
  /* The 30th of the month in which an era began. */
  static const char *const endings[] = { "", "1日", "/1", "-1", ".1", "01", "30日", ".30", "-30" };
  md_autowipe char *plain = md_text_to_digits (text);

  for (guint i = 1; plain && i < G_N_ELEMENTS (endings); i++)
    {
      md_autowipe char *whole = g_strconcat (plain, endings[i], NULL);
      MdDate date;

      if (md_date_parse (whole, &date, NULL))
        return g_strdup_printf ("%04u-%02u", date.year, date.month);
    }
  return NULL;
}

int
md_value_age (const char *birth, const char *day, gboolean legal)
{
  MdDate born, on, reached;
  int age;

  if (!md_date_parse (birth, &born, NULL) || !md_date_parse (day, &on, NULL))
    return -1;
  age = md_date_age_on (&born, &on);
  if (!legal || age < 0)
    return age;
  md_date_legal_age_day (&born, (guint)age + 1, &reached);
  return md_date_compare (&reached, &on) <= 0 ? age + 1 : age;
}
