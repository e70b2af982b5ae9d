// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_BASE_INSIDE) && !defined(MD_BASE_COMPILATION)
#error "Include <md-base.h> instead."
#endif

#include <glib.h>

G_BEGIN_DECLS

/* An account of Japan Post Bank as its passbook names it: a symbol (記号) of five digits, 1xxxx for
 * savings and 0xxxx for transfer accounts, and a number (番号) of up to eight digits. The bank
 * publishes how branch and account number for a bank transfer follow from them (振込用の店名・預金
 * 種目・口座番号). Digits in ASCII, without blanks and dashes. */

/** Whether it is a symbol from which the bank's rule gives a branch. */
gboolean md_yucho_is_symbol (const char *symbol) G_GNUC_WARN_UNUSED_RESULT;

/** Whether it is a number such as this symbol has: two to eight digits ending in 1 with a savings
 * account, one to six with a transfer account. */
gboolean md_yucho_is_number (const char *symbol, const char *number) G_GNUC_WARN_UNUSED_RESULT;

/** The code of the branch, three digits; NULL if it is no symbol. Transfer full. */
char *md_yucho_branch (const char *symbol) G_GNUC_WARN_UNUSED_RESULT;

/** The account number, seven digits; NULL if the two do not go together. Transfer full, to be
 * wiped. */
char *md_yucho_account (const char *symbol, const char *number) G_GNUC_WARN_UNUSED_RESULT;

/** Whether the fourth digit of the symbol is the check digit of the two, and its last a zero. The
 * bank does not publish the formula; accounts that are published (of charities) follow it. So this
 * is for a warning and never for a refusal. FALSE if the two do not go together. */
gboolean md_yucho_looks_right (const char *symbol, const char *number) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
