// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_CARD_INSIDE) && !defined(MD_CARD_COMPILATION)
#error "include <md-card.h>, not this file"
#endif

#include <md-base.h>

G_BEGIN_DECLS

// 照合番号B: the fourteen digits on the front of the card that open 券面事項 in place of a PIN.
// Nobody has to count them out: the clerk types what is printed, in whatever form it is printed,
// and the digits are put together here.
//
//   birth date, six digits with the year of the era (昭和55年2月17日: 550217)
//   year until which the card is valid, four digits (2035)
//   security code, four digits on the front (2285)

// What the clerk types. Digits may be full-width; NULL counts as empty.
typedef struct
{
  const char *birth; // any form that md_date_parse() reads: 昭和55年2月17日, S55.2.17, 1980-02-17
  const char *expiry; // a year (2035, 令和17年) or the whole day as printed (2035年2月17日)
  const char *code;
} MdReferenceEntry;

// Parts of the entry, as flags.
typedef enum
{
  MD_REFERENCE_BIRTH = 1 << 0,
  MD_REFERENCE_EXPIRY = 1 << 1,
  MD_REFERENCE_CODE = 1 << 2,
} MdReferencePart;

// The value. On the stack; wipe it with md_wipe() when done.
typedef struct
{
  MdDate birth;
  guint expiry_year;
  char code[5];
} MdReferenceB;

// In which calendar the card has the birth date. Residents of foreign nationality have it printed
// in the Gregorian one; their digits are believed, not known, to be the last two of that year.
typedef enum
{
  MD_REFERENCE_ERA,
  MD_REFERENCE_GREGORIAN,
} MdReferenceCalendar;

// Reads ENTRY. Returns the parts that cannot be right, 0 when all are (then OUT_REFERENCE is set):
// a day that does not exist, lies after TODAY or before Meiji, a year in which no card can end, a
// code that is not four digits. For showing beside the entry while it is typed.
guint md_reference_b_parse (const MdReferenceEntry *entry, const MdDate *today,
                            MdReferenceB *out_reference) G_GNUC_WARN_UNUSED_RESULT;

// The fourteen digits. (transfer full)
MdSecret *md_reference_b_assemble (const MdReferenceB *self,
                                   MdReferenceCalendar calendar) G_GNUC_WARN_UNUSED_RESULT;

// Words for the first part in PARTS, in the current language: what it should look like. (transfer
// none)
const char *md_reference_part_get_hint (guint parts);

G_END_DECLS
