// SPDX-License-Identifier: Apache-2.0
#include "md-card-reference.h"

#include "md-card-words.h"
#include <string.h>

#define FIRST_CARD_YEAR 2016 // the first cards were issued in January of that year
#define LONGEST_LIFE 11      // years: to the tenth birthday after issue

static gboolean
parse_birth (const char *text, const MdDate *today, MdDate *out_birth)
{
  MdDate birth;
  if (text == NULL || !md_date_parse (text, &birth, NULL))
    return FALSE;
  if (md_date_compare (&birth, today) > 0 || md_date_get_era (&birth, NULL) == MD_ERA_NONE)
    return FALSE;
  *out_birth = birth;
  return TRUE;
}

// A year alone, in either calendar, or the whole day.
static gboolean
parse_expiry (const char *text, const MdDate *today, guint *out_year)
{
  MdDate day;
  guint64 year = 0;
  g_autofree char *digits = text != NULL ? md_text_to_digits (text) : NULL;
  if (digits == NULL)
    return FALSE;
  g_autofree char *completed = g_strconcat (digits, "1月1日", NULL);
  if (g_str_has_suffix (digits, "年") && md_date_parse (completed, &day, NULL))
    year = day.year;
  else if (md_digits_is (digits, 4))
    year = g_ascii_strtoull (digits, NULL, 10);
  else if (md_date_parse (text, &day, NULL))
    year = day.year;
  *out_year = (guint)year;
  return year >= FIRST_CARD_YEAR && year <= (guint64)today->year + LONGEST_LIFE;
}

static gboolean
parse_code (const char *text, char out_code[5])
{
  g_autofree char *digits = text != NULL ? md_text_to_digits (text) : NULL;
  gboolean good = digits != NULL && md_digits_is (digits, 4);
  if (good)
    memcpy (out_code, digits, 5);
  if (digits != NULL)
    md_wipe (digits, strlen (digits));
  return good;
}

guint
md_reference_b_parse (const MdReferenceEntry *entry, const MdDate *today,
                      MdReferenceB *out_reference)
{
  g_return_val_if_fail (entry != NULL && today != NULL && out_reference != NULL,
                        MD_REFERENCE_BIRTH);
  MdReferenceB reference = { 0 };
  guint wrong = 0;
  if (!parse_birth (entry->birth, today, &reference.birth))
    wrong |= MD_REFERENCE_BIRTH;
  if (!parse_expiry (entry->expiry, today, &reference.expiry_year))
    wrong |= MD_REFERENCE_EXPIRY;
  if (!parse_code (entry->code, reference.code))
    wrong |= MD_REFERENCE_CODE;
  if (wrong == 0)
    *out_reference = reference;
  md_wipe (&reference, sizeof reference);
  return wrong;
}

MdSecret *
md_reference_b_assemble (const MdReferenceB *self, MdReferenceCalendar calendar)
{
  g_return_val_if_fail (self != NULL, NULL);
  guint era_year = 0;
  (void)md_date_get_era (&self->birth, &era_year);
  guint year = calendar == MD_REFERENCE_ERA ? era_year : self->birth.year % 100u;
  return md_secret_new_take_text (g_strdup_printf ("%02u%02u%02u%04u%s", year, self->birth.month,
                                                   self->birth.day, self->expiry_year, self->code));
}

const char *
md_reference_part_get_hint (guint parts)
{
  if (parts & MD_REFERENCE_BIRTH)
    return _ ("Birth date as printed on the card, for example S55.2.17 or 1980-02-17");
  if (parts & MD_REFERENCE_EXPIRY)
    return _ ("Year until which the card is valid, four digits as printed, for example 2035");
  if (parts & MD_REFERENCE_CODE)
    return _ ("Security code, the four digits on the front of the card");
  return "";
}
