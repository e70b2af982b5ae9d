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

static char *
parse_date (MdField *field, const char *text, const char *today, GError **error)
{
  md_autowipe char *iso = NULL;
  MdDate date;

  if (!md_date_parse (text, &date, NULL))
    return refuse (error,
                   _ ("This is not a date. Write it as 昭和25年3月7日, S25.3.7 or 1950/3/7."));
  iso = md_date_format_iso (&date);
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
  [MD_FIELD_TEXT] = parse_text,  [MD_FIELD_KANA] = parse_kana,
  [MD_FIELD_CODE] = parse_code,  [MD_FIELD_NUMBER] = parse_known_number,
  [MD_FIELD_DATE] = parse_date,  [MD_FIELD_YM] = parse_ym,
  [MD_FIELD_TIME] = parse_time,  [MD_FIELD_DATETIME] = parse_datetime,
  [MD_FIELD_INT] = parse_number, [MD_FIELD_YEN] = parse_number,
  [MD_FIELD_ENUM] = parse_enum,  [MD_FIELD_BOOL] = parse_bool,
  [MD_FIELD_TEL] = parse_tel,    [MD_FIELD_LIST] = parse_list,
  [MD_FIELD_BLOB] = parse_blob,
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
  static const char *const endings[] = { "", "1日", "/1", "-1", ".1", "01" };
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

static char *
display_date (const char *value)
{
  MdDate date;

  if (!md_forms_in_japanese () || !md_date_parse (value, &date, NULL))
    return g_strdup (value);
  return md_era_format (&date);
}

static char *
display_ym (const char *value)
{
  md_autowipe char *first = g_strconcat (value, "-01", NULL);
  md_autowipe char *era = NULL;
  MdDate date;
  char *day;

  if (!md_forms_in_japanese () || !md_date_parse (first, &date, NULL))
    return g_strdup (value);
  era = md_era_format (&date);
  day = strstr (era, "月");
  if (day)
    day[strlen ("月")] = '\0';
  return g_steal_pointer (&era);
}

static char *
display_yen (const char *value)
{
  GString *text = g_string_new (value);
  gssize first = value[0] == '-' ? 1 : 0;

  for (gssize i = (gssize)text->len - 3; i > first; i -= 3)
    g_string_insert_c (text, i, ',');
  if (md_forms_in_japanese ())
    g_string_append (text, "円");
  else
    g_string_prepend (text, "¥");
  return g_string_free (text, FALSE);
}

static char *
display_number (MdField *field, const char *value)
{
  g_autoptr (MdNumber) number = md_number_parse (field->number, value, NULL);

  return number ? md_number_to_display (number) : g_strdup (value);
}

static char *
display_list (MdField *field, const char *value)
{
  md_autowipe_texts char **lines = g_strsplit (value, "\n", -1);

  for (guint i = 0; lines[i]; i++)
    {
      const char *label = md_field_get_option_label (field, lines[i]);

      if (label)
        {
          md_wipe_free_text (lines[i]);
          lines[i] = g_strdup (label);
        }
    }
  return g_strjoinv (md_forms_in_japanese () ? "、" : ", ", lines);
}

static char *
display_datetime (const char *value)
{
  gint64 time;

  if (!md_time_parse_rfc3339 (value, &time, NULL))
    return g_strdup (value);
  return md_time_format_tokyo (time,
                               md_forms_in_japanese () ? MD_TIME_STYLE_ERA : MD_TIME_STYLE_ISO);
}

char *
md_value_to_display (MdField *field, const char *value)
{
  const char *label;

  g_return_val_if_fail (MD_IS_FIELD (field), NULL);

  if (!value)
    return NULL;
  switch (field->type)
    {
    case MD_FIELD_DATE:
      return display_date (value);
    case MD_FIELD_YM:
      return display_ym (value);
    case MD_FIELD_DATETIME:
      return display_datetime (value);
    case MD_FIELD_YEN:
      return display_yen (value);
    case MD_FIELD_NUMBER:
      return display_number (field, value);
    case MD_FIELD_LIST:
      return display_list (field, value);
    case MD_FIELD_ENUM:
      label = md_field_get_option_label (field, value);
      return g_strdup (label ? label : value);
    case MD_FIELD_BOOL:
      return g_strdup (g_str_equal (value, "true") ? _ ("Yes") : _ ("No"));
    case MD_FIELD_TEXT:
    case MD_FIELD_KANA:
    case MD_FIELD_CODE:
    case MD_FIELD_MYNUM:
    case MD_FIELD_TIME:
    case MD_FIELD_INT:
    case MD_FIELD_TEL:
    case MD_FIELD_BLOB:
    case MD_N_FIELD_TYPES:
    default:
      return g_strdup (value);
    }
}
