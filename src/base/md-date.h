// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_BASE_INSIDE) && !defined(MD_BASE_COMPILATION)
#error "Include <md-base.h> instead."
#endif

#include <glib.h>

G_BEGIN_DECLS

/** A day of the (proleptic) Gregorian calendar. All zero means "unknown". */
typedef struct
{
  guint16 year;
  guint8 month;
  guint8 day;
} MdDate;

/** The eras since the calendar reform, numbered as JPKI certificates and the registers number them.
 */
typedef enum
{
  MD_ERA_NONE = 0, /* before 1868-01-25, or the day is unknown */
  MD_ERA_MEIJI = 1,
  MD_ERA_TAISHO = 2,
  MD_ERA_SHOWA = 3,
  MD_ERA_HEISEI = 4,
  MD_ERA_REIWA = 5,
} MdEra;

/** Whether the day exists (years 1 to 9999). */
gboolean md_date_is_valid (const MdDate *date) G_GNUC_WARN_UNUSED_RESULT;

/** Less than, equal to or greater than 0. */
int md_date_compare (const MdDate *a, const MdDate *b);

/** Reads "19800217", "1980-02-17", "1980/2/17", "昭和55年2月17日", "昭和元年12月25日", "S55.2.17",
 * "S55-2-17", with full-width digits and letters too; refuses days that do not exist and era years
 * that the era did not have (昭和65年). Else FALSE with MD_BASE_ERROR_INVALID. */
gboolean md_date_parse (const char *text, MdDate *out_date,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Reads exactly eight ASCII digits YYYYMMDD. */
gboolean md_date_parse_compact (const char *text, MdDate *out_date,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** "19800217". Transfer full. */
char *md_date_format_compact (const MdDate *date) G_GNUC_WARN_UNUSED_RESULT;

/** "1980-02-17". Transfer full. */
char *md_date_format_iso (const MdDate *date) G_GNUC_WARN_UNUSED_RESULT;

/** "昭和55年2月17日", the first year as 元年; before Meiji "1850年1月1日". Transfer full. */
char *md_era_format (const MdDate *date) G_GNUC_WARN_UNUSED_RESULT;

/** "S55.2.17"; before Meiji as md_date_format_iso(). Transfer full. */
char *md_era_format_short (const MdDate *date) G_GNUC_WARN_UNUSED_RESULT;

/** The six digits of 照合番号B and of the birth-date key: era year, month, day ("550217"). NULL
 * before Meiji. Transfer full. */
char *md_era_format_digits (const MdDate *date) G_GNUC_WARN_UNUSED_RESULT;

/** The era of the day and its year in it (first year is 1); @out_year may be NULL. */
MdEra md_date_get_era (const MdDate *date, guint *out_year);

/** The day in Japan at a moment. */
void md_date_from_wall_us (gint64 wall_us, MdDate *out_date);

/** How many days @to lies after @from, less than 0 where it lies before. Both are valid. */
int md_date_days_between (const MdDate *from, const MdDate *to);

/** The same day so many months later, or the last of that month where it has no such day. */
void md_date_add_months (const MdDate *date, guint months, MdDate *out_date);

/** Whole years on the day @on, counted by birthdays; -1 if @on is before @birth. Somebody born on
 * 29 February has the birthday on 1 March of other years. */
int md_date_age_on (const MdDate *birth, const MdDate *on);

/** The day on which the law says that @age years are reached: the day before the birthday
 * (年齢計算ニ関スル法律). */
void md_date_legal_age_day (const MdDate *birth, guint age, MdDate *out_day);

G_END_DECLS
