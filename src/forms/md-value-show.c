// SPDX-License-Identifier: Apache-2.0
// Stored values as people and as rules read them.
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include <md-base.h>

#include "md-declaration.h"
#include "md-form-private.h"
#include "md-value.h"

MdRuleValue
_md_value_for_rule (MdField *field, const char *value)
{
  MdRuleValue answer = { .kind = MD_RULE_UNKNOWN };
  const char *point;

  if (!value)
    return answer;
  switch ((guint)field->type)
    {
    case MD_FIELD_DEC:
      answer.kind = MD_RULE_INT;
      answer.number = g_ascii_strtoll (value, NULL, 10);
      point = strchr (value, '.');
      for (const char *p = point ? point + 1 : ""; *p; p++)
        answer.number = answer.number * 10 + (*p - '0');
      break;
    case MD_FIELD_INT:
    case MD_FIELD_YEN:
      answer.kind = MD_RULE_INT;
      answer.number = g_ascii_strtoll (value, NULL, 10);
      break;
    case MD_FIELD_BOOL:
    case MD_FIELD_DECLARATION:
      answer.kind = MD_RULE_BOOL;
      answer.number = g_str_equal (value, "true");
      break;
    default:
      answer.kind = MD_RULE_TEXT;
      answer.text = value;
      answer.partial = field->type == MD_FIELD_DATE && strlen (value) < strlen ("YYYY-MM-DD");
    }
  return answer;
}

void
_md_value_span (const char *partial, char first[static 11], char last[static 11])
{
  const gboolean has_month = strlen (partial) == strlen ("YYYY-MM");
  const guint year = (guint)g_ascii_strtoull (partial, NULL, 10);
  const guint month = has_month ? (guint)g_ascii_strtoull (partial + 5, NULL, 10) : 0;

  g_snprintf (first, 11, "%s%s", partial, has_month ? "-01" : "-01-01");
  if (!has_month)
    g_snprintf (last, 11, "%s-12-31", partial);
  else
    g_snprintf (last, 11, "%s-%02u", partial,
                (guint)g_date_get_days_in_month ((GDateMonth)CLAMP (month, 1, 12),
                                                 (GDateYear)CLAMP (year, 1, 9999)));
}

/* 昭和25年3月日不詳, 昭和25年月日不詳; a year or month of two eras as it is counted by all:
 * 1989年月日不詳, 1989年1月日不詳. */
static char *
display_partial (const char *value)
{
  const gboolean has_month = strlen (value) > 4;
  md_autowipe char *era = NULL;
  char first[11], last[11];
  MdDate one, other;
  char *cut;

  _md_value_span (value, first, last);
  if (!md_date_parse (first, &one, NULL) || !md_date_parse (last, &other, NULL))
    return g_strdup (value);
  if (md_date_get_era (&one, NULL) != md_date_get_era (&other, NULL))
    return has_month ? g_strdup_printf ("%u年%u月日不詳", one.year, one.month)
                     : g_strdup_printf ("%u年月日不詳", one.year);
  era = md_era_format (&other);
  cut = strstr (era, has_month ? "月" : "年");
  if (cut)
    cut[strlen ("月")] = '\0';
  return g_strconcat (era, has_month ? "日不詳" : "月日不詳", NULL);
}

static char *
display_date (const char *value)
{
  MdDate date;

  if (md_forms_in_japanese () && strlen (value) < strlen ("YYYY-MM-DD"))
    return display_partial (value);

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
    case MD_FIELD_DECLARATION:
      return g_strdup (md_field_get_answer (field, g_str_equal (value, "true")));
    case MD_FIELD_ROWS:
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s entry", "%s entries",
                                           (gulong)g_ascii_strtoull (value, NULL, 10)),
                              value);
    case MD_FIELD_TEXT:
    case MD_FIELD_KANA:
    case MD_FIELD_CODE:
    case MD_FIELD_MYNUM:
    case MD_FIELD_TIME:
    case MD_FIELD_INT:
    case MD_FIELD_TEL:
    case MD_FIELD_DEC:
    case MD_FIELD_BLOB:
    case MD_N_FIELD_TYPES:
    default:
      return g_strdup (value);
    }
}
