// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <string.h>

#include <md-base.h>

#include "md-form-private.h"
#include "md-rule-node.h"
#include "md-value.h"

typedef struct
{
  const MdRuleWorld *world;
  GStringChunk *scratch; /* texts that a rule makes */
} Run;

static MdRuleValue run_node (Run *run, const MdRule *self);

static const MdRuleValue unknown = { .kind = MD_RULE_UNKNOWN };

static MdRuleValue
from_boolean (gboolean value)
{
  return (MdRuleValue){ .kind = MD_RULE_BOOL, .number = value ? 1 : 0 };
}

static MdRuleValue
from_int (gint64 value)
{
  return (MdRuleValue){ .kind = MD_RULE_INT, .number = value };
}

static MdRuleValue
from_text (Run *run, const char *text)
{
  if (!run->scratch)
    run->scratch = g_string_chunk_new (64);
  return (MdRuleValue){ .kind = MD_RULE_TEXT, .text = g_string_chunk_insert (run->scratch, text) };
}

static MdRuleValue
from_truth (MdTruth truth)
{
  return truth == MD_TRUTH_UNKNOWN ? unknown : from_boolean (truth == MD_TRUTH_TRUE);
}

static MdRuleValue
run_arg (Run *run, const MdRule *self, guint i)
{
  return run_node (run, g_ptr_array_index (self->args, i));
}

/* Values of different kinds cannot be compared: unknown. */
static gboolean
compare (MdRuleValue a, MdRuleValue b, int *out_order)
{
  if (a.kind != b.kind || a.kind == MD_RULE_UNKNOWN)
    return FALSE;
  /* 1950-03 and 1950-03-07: it may be that day, or another. */
  if ((a.partial && g_str_has_prefix (b.text, a.text))
      || (b.partial && g_str_has_prefix (a.text, b.text)))
    return FALSE;
  if (a.kind == MD_RULE_TEXT)
    *out_order = g_strcmp0 (a.text, b.text);
  else
    *out_order = (a.number > b.number) - (a.number < b.number);
  return TRUE;
}

static MdRuleValue
run_compare (Run *run, const MdRule *self)
{
  int order;

  if (!compare (run_arg (run, self, 0), run_arg (run, self, 1), &order))
    return unknown;
  switch ((guint)self->op)
    {
    case MD_OP_EQ:
      return from_boolean (order == 0);
    case MD_OP_NE:
      return from_boolean (order != 0);
    case MD_OP_LT:
      return from_boolean (order < 0);
    case MD_OP_LE:
      return from_boolean (order <= 0);
    case MD_OP_GT:
      return from_boolean (order > 0);
    default:
      return from_boolean (order >= 0);
    }
}

static MdRuleValue
run_in (Run *run, const MdRule *self)
{
  MdRuleValue needle = run_arg (run, self, 0);
  const MdRule *list = g_ptr_array_index (self->args, 1);
  gboolean open = FALSE;

  if (needle.kind == MD_RULE_UNKNOWN)
    return unknown;
  for (guint i = 0; i < list->args->len; i++)
    {
      int order;

      if (!compare (needle, run_arg (run, list, i), &order))
        open = TRUE;
      else if (order == 0)
        return from_boolean (TRUE);
    }
  return open ? unknown : from_boolean (FALSE);
}

/* and: one false decides; or: one true decides; else one unknown leaves it open. */
static MdRuleValue
run_junction (Run *run, const MdRule *self, gboolean deciding)
{
  gboolean open = FALSE;

  for (guint i = 0; i < self->args->len; i++)
    {
      MdRuleValue value = run_arg (run, self, i);

      if (value.kind != MD_RULE_BOOL)
        open = TRUE;
      else if ((value.number != 0) == deciding)
        return from_boolean (deciding);
    }
  return open ? unknown : from_boolean (!deciding);
}

static MdRuleValue
run_not (Run *run, const MdRule *self)
{
  MdRuleValue value = run_arg (run, self, 0);

  return value.kind == MD_RULE_BOOL ? from_boolean (!value.number) : unknown;
}

static MdRuleValue
run_if (Run *run, const MdRule *self)
{
  MdRuleValue condition = run_arg (run, self, 0);

  if (condition.kind != MD_RULE_BOOL)
    return unknown;
  return run_arg (run, self, condition.number ? 1 : 2);
}

static MdRuleValue
run_sum (Run *run, const MdRule *self)
{
  MdRuleValue a = run_arg (run, self, 0), b = run_arg (run, self, 1);
  gint64 sum;
  gboolean wrong;

  if (a.kind != MD_RULE_INT || b.kind != MD_RULE_INT)
    return unknown;
  if (self->op == MD_OP_MULTIPLY)
    wrong = __builtin_mul_overflow (a.number, b.number, &sum);
  else
    wrong = self->op == MD_OP_ADD ? __builtin_add_overflow (a.number, b.number, &sum)
                                  : __builtin_sub_overflow (a.number, b.number, &sum);
  return wrong ? unknown : from_int (sum);
}

/* The smallest or largest; unknown as soon as one of them is. */
static MdRuleValue
run_extreme (Run *run, const MdRule *self)
{
  MdRuleValue best = run_arg (run, self, 0);

  for (guint i = 1; i < self->args->len && best.kind == MD_RULE_INT; i++)
    {
      MdRuleValue next = run_arg (run, self, i);

      if (next.kind != MD_RULE_INT)
        return unknown;
      if ((next.number > best.number) == (self->op == MD_OP_MAX))
        best = next;
    }
  return best.kind == MD_RULE_INT ? best : unknown;
}

/* Of somebody whose day of birth is not known: known where every day that it may be says the same.
 */
static MdRuleValue
run_age (Run *run, const MdRule *self)
{
  MdRuleValue birth = run_arg (run, self, 0), day = run_arg (run, self, 1);
  const gboolean legal = self->op == MD_OP_LEGAL_AGE;
  char first[11], last[11];
  int age;

  if (birth.kind != MD_RULE_TEXT || day.kind != MD_RULE_TEXT)
    return unknown;
  if (!birth.partial)
    age = md_value_age (birth.text, day.text, legal);
  else
    {
      _md_value_span (birth.text, first, last);
      age = md_value_age (last, day.text, legal);
      if (age != md_value_age (first, day.text, legal))
        return unknown;
    }
  return age < 0 ? unknown : from_int (age);
}

/* YYYY-MM; a date counts by its month. */
static gboolean
parse_ym (MdRuleValue value, int *out_year, int *out_month)
{
  const char *t = value.kind == MD_RULE_TEXT ? value.text : NULL;
  g_autofree char *month = NULL;

  if (!t || strlen (t) < 7 || t[4] != '-' || (t[7] != '\0' && t[7] != '-'))
    return FALSE;
  month = g_strndup (t + 5, 2);
  *out_year = (int)g_ascii_strtoll (t, NULL, 10);
  *out_month = (int)g_ascii_strtoll (month, NULL, 10);
  return *out_month >= 1 && *out_month <= 12;
}

/* Whole months from the first to the second. */
static MdRuleValue
run_months (Run *run, const MdRule *self)
{
  int y1, m1, y2, m2;

  if (!parse_ym (run_arg (run, self, 0), &y1, &m1) || !parse_ym (run_arg (run, self, 1), &y2, &m2))
    return unknown;
  return from_int ((gint64)(y2 - y1) * 12 + (m2 - m1));
}

static gboolean
parse_day (MdRuleValue value, GDate *out_day)
{
  MdDate date;

  if (value.kind != MD_RULE_TEXT || !md_date_parse (value.text, &date, NULL))
    return FALSE;
  g_date_set_dmy (out_day, date.day, (GDateMonth)date.month, date.year);
  return TRUE;
}

/* Days from the first to the second. */
static MdRuleValue
run_days (Run *run, const MdRule *self)
{
  GDate a, b;

  g_date_clear (&a, 1);
  g_date_clear (&b, 1);
  if (!parse_day (run_arg (run, self, 0), &a) || !parse_day (run_arg (run, self, 1), &b))
    return unknown;
  return from_int (g_date_days_between (&a, &b));
}

static MdRuleValue
run_ym (Run *run, const MdRule *self)
{
  MdRuleValue year = run_arg (run, self, 0), month = run_arg (run, self, 1);
  g_autofree char *text = NULL;

  if (year.kind != MD_RULE_INT || month.kind != MD_RULE_INT || year.number < 1 || year.number > 9999
      || month.number < 1 || month.number > 12)
    return unknown;
  text = g_strdup_printf ("%04d-%02d", (int)year.number, (int)month.number);
  return from_text (run, text);
}

/* The fiscal year: from April to March. */
static MdRuleValue
run_fiscal_year (Run *run, const MdRule *self)
{
  int year, month;

  if (!parse_ym (run_arg (run, self, 0), &year, &month))
    return unknown;
  return from_int (month >= 4 ? year : year - 1);
}

static MdRuleValue
from_day (Run *run, const MdDate *date)
{
  g_autofree char *iso = md_date_is_valid (date) ? md_date_format_iso (date) : NULL;

  return iso ? from_text (run, iso) : unknown;
}

static MdRuleValue
run_date (Run *run, const MdRule *self)
{
  MdRuleValue parts[3];

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      parts[i] = run_arg (run, self, i);
      if (parts[i].kind != MD_RULE_INT || parts[i].number < 1 || parts[i].number > 9999)
        return unknown;
    }
  return from_day (run, &(MdDate){ .year = (guint16)parts[0].number,
                                   .month = (guint8)MIN (parts[1].number, 99),
                                   .day = (guint8)MIN (parts[2].number, 99) });
}

/* A month stays a month, a day a day; the 31st becomes the last of a shorter month. */
static MdRuleValue
run_add_months (Run *run, const MdRule *self)
{
  MdRuleValue from = run_arg (run, self, 0), count = run_arg (run, self, 1);
  int year, month;
  gint64 months;
  MdDate date;

  if (count.kind != MD_RULE_INT || ABS (count.number) > 12000 || !parse_ym (from, &year, &month))
    return unknown;
  months = (gint64)year * 12 + month - 1 + count.number;
  if (months < 12 || months / 12 > 9999)
    return unknown;
  if (strlen (from.text) == 7)
    {
      g_autofree char *ym
          = g_strdup_printf ("%04d-%02d", (int)(months / 12), (int)(months % 12) + 1);

      return from_text (run, ym);
    }
  if (!md_date_parse (from.text, &date, NULL))
    return unknown;
  date.year = (guint16)(months / 12);
  date.month = (guint8)(months % 12 + 1);
  while (!md_date_is_valid (&date) && date.day > 28)
    date.day--;
  return from_day (run, &date);
}

static MdRuleValue
run_add_days (Run *run, const MdRule *self)
{
  MdRuleValue count = run_arg (run, self, 1);
  GDateMonth month;
  GDate day;

  g_date_clear (&day, 1);
  if (count.kind != MD_RULE_INT || ABS (count.number) > 100000
      || !parse_day (run_arg (run, self, 0), &day))
    return unknown;
  if (count.number < 0 && g_date_get_julian (&day) <= (guint32)-count.number)
    return unknown;
  if (count.number < 0)
    g_date_subtract_days (&day, (guint)-count.number);
  else
    g_date_add_days (&day, (guint)count.number);
  month = g_date_get_month (&day);
  return from_day (run, &(MdDate){ .year = g_date_get_year (&day),
                                   .month = (guint8)month,
                                   .day = g_date_get_day (&day) });
}

/* The entries of a list field, one a line; an empty list is unknown like every empty field. */
static MdRuleValue
run_list (Run *run, const MdRule *self)
{
  const MdRule *name = g_ptr_array_index (self->args, 0);
  MdRuleValue list = run->world->get_value (run->world->data, name->text);
  MdRuleValue wanted = self->op == MD_OP_HAS ? run_arg (run, self, 1) : from_int (0);
  g_auto (GStrv) lines = NULL;

  if (list.kind != MD_RULE_TEXT || wanted.kind == MD_RULE_UNKNOWN)
    return unknown;
  lines = g_strsplit (list.text, "\n", -1);
  if (self->op == MD_OP_LENGTH)
    return from_int (g_strv_length (lines));
  return from_boolean (wanted.text && g_strv_contains ((const char *const *)lines, wanted.text));
}

/* Any and all: one row decides, else one unknown leaves it open. Count, sum and largest pass over
 * what is unknown. */
static MdRuleValue
run_rows (Run *run, const MdRule *self)
{
  const MdRuleWorld *world = run->world;
  const MdRule *group = g_ptr_array_index (self->args, 0);
  MdRuleValue best = unknown;
  gint64 number = 0;
  gboolean open = FALSE;

  for (guint i = 0; world->enter_row (world->data, group->text, i); i++)
    {
      MdRuleValue value = self->args->len > 1 ? run_arg (run, self, 1) : from_boolean (TRUE);

      world->leave_row (world->data);
      open = open || value.kind == MD_RULE_UNKNOWN;
      if (value.kind == MD_RULE_BOOL && self->op == (value.number ? MD_OP_ANY : MD_OP_ALL))
        return from_boolean (self->op == MD_OP_ANY);
      if (value.kind == MD_RULE_INT && (best.kind == MD_RULE_UNKNOWN || value.number > best.number))
        best = value;
      if (value.kind != MD_RULE_UNKNOWN && __builtin_add_overflow (number, value.number, &number))
        return unknown;
    }
  if (self->op == MD_OP_ANY || self->op == MD_OP_ALL)
    return open ? unknown : from_boolean (self->op == MD_OP_ALL);
  return self->op == MD_OP_LARGEST ? best : from_int (number);
}

/* The trap of two check digits: 131016 is a municipality, 131011 its care insurance. */
static MdRuleValue
run_care_insurer (Run *run, const MdRule *self)
{
  MdRuleValue municipality = run_arg (run, self, 0);
  g_autofree char *text = NULL;

  if (municipality.kind == MD_RULE_TEXT)
    text = md_number_care_insurer_of (municipality.text);
  return text ? from_text (run, text) : unknown;
}

static MdRuleValue
run_characters (Run *run, const MdRule *self)
{
  MdRuleValue text = run_arg (run, self, 0);
  md_autowipe char *key = NULL;

  if (text.kind != MD_RULE_TEXT)
    return unknown;
  if (self->op == MD_OP_EXTERNAL)
    return from_int (md_text_count_external (text.text, run->world->characters));
  key = md_text_kana_search_key (text.text);
  return key ? from_text (run, key) : unknown;
}

/* An account as the passbook of Japan Post Bank has it. Of two
 * that do not go together only yucho_number says anything. */
static MdRuleValue
run_yucho (Run *run, const MdRule *self)
{
  MdRuleValue symbol = run_arg (run, self, 0);
  MdRuleValue number = self->args->len > 1 ? run_arg (run, self, 1) : from_text (run, "");
  md_autowipe char *text = NULL;
  gboolean fits;

  if (symbol.kind != MD_RULE_TEXT || number.kind != MD_RULE_TEXT)
    return unknown;
  fits = md_yucho_is_number (symbol.text, number.text);
  if (self->op == MD_OP_YUCHO_NUMBER)
    return from_boolean (fits);
  if (self->op == MD_OP_YUCHO_CHECK)
    return fits ? from_boolean (md_yucho_looks_right (symbol.text, number.text)) : unknown;
  text = self->op == MD_OP_YUCHO_BRANCH ? md_yucho_branch (symbol.text)
                                        : md_yucho_account (symbol.text, number.text);
  return text ? from_text (run, text) : unknown;
}

static MdRuleValue
run_same_number (Run *run, const MdRule *self)
{
  const MdRule *a = g_ptr_array_index (self->args, 0), *b = g_ptr_array_index (self->args, 1);

  return from_truth (run->world->same_number (run->world->data, a->text, b->text));
}

static MdRuleValue
run_municipality (Run *run, const MdRule *self)
{
  MdRuleValue a = run_arg (run, self, 0), b = run_arg (run, self, 1);

  return a.kind == MD_RULE_TEXT && b.kind == MD_RULE_TEXT
             ? from_boolean (md_address_same_municipality (a.text, b.text))
             : unknown;
}

/* What is known of numbers and characters. A list by itself is nothing. */
static MdRuleValue
run_known (Run *run, const MdRule *self)
{
  switch ((guint)self->op)
    {
    case MD_OP_CARE_INSURER:
      return run_care_insurer (run, self);
    case MD_OP_KANA_KEY:
    case MD_OP_EXTERNAL:
      return run_characters (run, self);
    case MD_OP_YUCHO_BRANCH:
    case MD_OP_YUCHO_ACCOUNT:
    case MD_OP_YUCHO_NUMBER:
    case MD_OP_YUCHO_CHECK:
      return run_yucho (run, self);
    case MD_OP_SAME_MUNICIPALITY:
      return run_municipality (run, self);
    default:
      return unknown;
    }
}

static MdRuleValue
run_node (Run *run, const MdRule *self)
{
  const MdRuleWorld *world = run->world;

  switch ((guint)self->op)
    {
    case MD_OP_CONST:
      return (MdRuleValue){ .kind = self->kind, .number = self->number, .text = self->text };
    case MD_OP_VAR:
      return world->get_value (world->data, self->name);
    case MD_OP_SETTING:
      return from_int (world->get_setting (world->data, self->name));
    case MD_OP_FILLED:
      return from_boolean (world->get_filled (world->data, self->name));
    case MD_OP_TODAY:
      return (MdRuleValue){ .kind = MD_RULE_TEXT, .text = world->today };
    case MD_OP_SAME_NUMBER:
      return run_same_number (run, self);
    case MD_OP_EQ:
    case MD_OP_NE:
    case MD_OP_LT:
    case MD_OP_LE:
    case MD_OP_GT:
    case MD_OP_GE:
      return run_compare (run, self);
    case MD_OP_IN:
      return run_in (run, self);
    case MD_OP_NOT:
      return run_not (run, self);
    case MD_OP_AND:
      return run_junction (run, self, FALSE);
    case MD_OP_OR:
      return run_junction (run, self, TRUE);
    case MD_OP_IF:
      return run_if (run, self);
    case MD_OP_ADD:
    case MD_OP_SUB:
    case MD_OP_MULTIPLY:
      return run_sum (run, self);
    case MD_OP_MIN:
    case MD_OP_MAX:
      return run_extreme (run, self);
    case MD_OP_AGE:
    case MD_OP_LEGAL_AGE:
      return run_age (run, self);
    case MD_OP_MONTHS:
      return run_months (run, self);
    case MD_OP_DAYS:
      return run_days (run, self);
    case MD_OP_YM:
      return run_ym (run, self);
    case MD_OP_FISCAL_YEAR:
      return run_fiscal_year (run, self);
    case MD_OP_DATE:
      return run_date (run, self);
    case MD_OP_ADD_MONTHS:
      return run_add_months (run, self);
    case MD_OP_ADD_DAYS:
      return run_add_days (run, self);
    case MD_OP_HAS:
    case MD_OP_LENGTH:
      return run_list (run, self);
    case MD_OP_COUNT:
    case MD_OP_ANY:
    case MD_OP_ALL:
    case MD_OP_SUM:
    case MD_OP_LARGEST:
      return run_rows (run, self);
    default:
      return run_known (run, self);
    }
}

MdTruth
_md_rule_test (const MdRule *self, const MdRuleWorld *world)
{
  Run run = { .world = world };
  MdRuleValue value = self ? run_node (&run, self) : unknown;

  g_clear_pointer (&run.scratch, g_string_chunk_free);
  if (value.kind != MD_RULE_BOOL)
    return MD_TRUTH_UNKNOWN;
  return value.number ? MD_TRUTH_TRUE : MD_TRUTH_FALSE;
}

char *
_md_rule_derive (const MdRule *self, const MdRuleWorld *world)
{
  Run run = { .world = world };
  MdRuleValue value = run_node (&run, self);
  char *text = NULL;

  if (value.kind == MD_RULE_TEXT)
    text = g_strdup (value.text);
  else if (value.kind == MD_RULE_INT)
    text = g_strdup_printf ("%" G_GINT64_FORMAT, value.number);
  else if (value.kind == MD_RULE_BOOL)
    text = g_strdup (value.number ? "true" : "false");
  g_clear_pointer (&run.scratch, g_string_chunk_free);
  return text;
}
