// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_BASE_INSIDE) && !defined(MD_BASE_COMPILATION)
#error "Include <md-base.h> instead."
#endif

#include <glib.h>

G_BEGIN_DECLS

/** Whether @text is exactly @length ASCII digits. */
gboolean md_digits_is (const char *text, gsize length) G_GNUC_WARN_UNUSED_RESULT;

/** The modulus 10, weights 2 and 1 (Luhn) check digit, as a character, of the first @length digits
 * of @digits; '\0' if one is not a digit. */
char md_digits_modulus10 (const char *digits, gsize length);

/** Whether @text holds, among other things, twelve digits of any width or in kanji that are a valid
 * 個人番号, in one piece or in groups of one length (4-4-4, 6-6, each by itself) with dashes,
 * blanks or points between, and no digit next to them; for refusing it in free text. */
gboolean md_text_contains_individual_number (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/** @text with an asterisk for each digit of such a number; NULL for NULL. Transfer full, to be
 * wiped. */
char *md_text_cover_individual_numbers (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/** A receipt number: "NNN-NNNNNN-C", the terminal's three digits, six from its pool, and the
 * modulus 10 check digit over the nine. NULL if @terminal > 999 or @counter > 999999. Transfer
 * full. */
char *md_receipt_number_format (guint terminal, guint counter) G_GNUC_WARN_UNUSED_RESULT;

/** Reads a receipt number as printed, or typed in any width and with or without dashes; FALSE with
 * MD_BASE_ERROR_INVALID for another form or a wrong check digit. The outputs may be NULL. */
gboolean md_receipt_number_parse (const char *text, guint *out_terminal, guint *out_counter,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
