// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_FORMS_INSIDE) && !defined(MD_FORMS_COMPILATION)
#error "Include <md-forms.h> only."
#endif

#include "md-field.h"

G_BEGIN_DECLS

/* What a person typed -> the stored form of the field's type, pure functions.
 *
 * Stored forms: date YYYY-MM-DD (YYYY-MM or YYYY where the rest may be unknown), ym YYYY-MM,
 * int/yen decimal digits, dec with all its decimals, bool "true"/"false", tel digits, number the
 * digits (H in front where the kind has it), enum the code, list codes joined by newline, text
 * tidied (md_text_tidy), kana full-width katakana with one U+3000 between words. */

/* today: YYYY-MM-DD (for "not in the future"). Caller owns. Error: MD_FORMS_ERROR_VALUE, a sentence
 * for beside the field. */
char *md_value_parse (MdField *field, const char *text, const char *today,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What to tell about a stored value that is taken all the same: the check digit of a number whose
 * formula is only believed. NULL: nothing. Borrowed. */
const char *md_value_get_warning (MdField *field, const char *value);

/* How a stored number is shown masked: its last digits where they may be seen. NULL for every other
 * field. Caller owns. */
char *md_value_to_masked (MdField *field, const char *value) G_GNUC_WARN_UNUSED_RESULT;

/* Stored form -> text for people in the user's language ("昭和25年3月7日", "12,000円", the option's
 * label). Caller owns. */
char *md_value_to_display (MdField *field, const char *value) G_GNUC_WARN_UNUSED_RESULT;

/* R8.7, 令和8年7月, 2026/7, 2026-07, 202607 -> YYYY-MM; NULL when it is none. Caller owns. */
char *md_ym_parse (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* Completed years on a day, both YYYY-MM-DD; legal = TRUE counts as the law does: one grows older
 * on the day before the birthday (65 and 75). -1 when a date is wrong. */
int md_value_age (const char *birth, const char *day, gboolean legal);

G_END_DECLS
