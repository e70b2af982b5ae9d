// SPDX-License-Identifier: Apache-2.0
#include "md-base.h"

#include <string.h>

#define SYMBOL_DIGITS 5u
#define NUMBER_DIGITS 8u
#define ACCOUNT_DIGITS 7u
#define CHECK_AT 3u

static gboolean
is_savings (const char *symbol)
{
  return symbol[0] == '1';
}

gboolean
md_yucho_is_symbol (const char *symbol)
{
  return symbol != NULL && md_digits_is (symbol, SYMBOL_DIGITS)
         && (symbol[0] == '0' || symbol[0] == '1');
}

gboolean
md_yucho_is_number (const char *symbol, const char *number)
{
  const gsize length = number != NULL ? strnlen (number, NUMBER_DIGITS + 1) : 0;

  if (!md_yucho_is_symbol (symbol) || length == 0 || !md_digits_is (number, length))
    return FALSE;
  return is_savings (symbol) ? length >= 2 && length <= NUMBER_DIGITS && number[length - 1] == '1'
                             : length <= 6;
}

char *
md_yucho_branch (const char *symbol)
{
  if (!md_yucho_is_symbol (symbol))
    return NULL;
  return g_strdup_printf ("%c%c%c", symbol[1], symbol[2], is_savings (symbol) ? '8' : '9');
}

/* Without the 1 that ends every number of a savings account, and with zeros in front. */
char *
md_yucho_account (const char *symbol, const char *number)
{
  char account[] = "0000000";
  char *whole;
  gsize length;

  if (!md_yucho_is_number (symbol, number))
    return NULL;
  length = strlen (number) - (is_savings (symbol) ? 1 : 0);
  memcpy (account + ACCOUNT_DIGITS - length, number, length);
  whole = g_strdup (account);
  md_wipe (account, sizeof account);
  return whole;
}

/* The thirteen digits of both, with weights 1, 3 and 2 in turn, and 9 less where twice a digit has
 * two digits. */
gboolean
md_yucho_looks_right (const char *symbol, const char *number)
{
  char digits[] = "0000000000000";
  const gsize all = sizeof digits - 1;
  guint sum = 0;

  if (!md_yucho_is_number (symbol, number) || symbol[SYMBOL_DIGITS - 1] != '0')
    return FALSE;
  memcpy (digits, symbol, SYMBOL_DIGITS);
  digits[CHECK_AT] = '0';
  memcpy (digits + all - strlen (number), number, strlen (number));
  for (gsize i = 0; i < all; i++)
    {
      const guint digit = (guint)(digits[i] - '0');

      if (i % 3 == 2)
        sum += digit < 5 ? digit * 2 : digit * 2 - 9;
      else
        sum += i % 3 == 1 ? digit * 3 : digit;
    }
  md_wipe (digits, sizeof digits);
  return sum % 10 == (guint)(symbol[CHECK_AT] - '0');
}
