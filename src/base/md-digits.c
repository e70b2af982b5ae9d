// SPDX-License-Identifier: Apache-2.0
#include "md-base.h"

#include <string.h>

gboolean
md_digits_is (const char *text, gsize length)
{
  return text != NULL && strlen (text) == length && strspn (text, "0123456789") == length;
}

char
md_digits_modulus10 (const char *digits, gsize length)
{
  guint sum = 0;

  for (gsize i = 0; i < length; i++)
    {
      const char digit = digits[length - 1 - i];
      const guint product = (guint)(digit - '0') * (i % 2 == 0 ? 2 : 1);

      if (!g_ascii_isdigit (digit))
        return '\0';
      sum += product / 10 + product % 10;
    }
  return (char)('0' + (10 - sum % 10) % 10);
}

/* @text with ASCII digits, "-" for any dash and " " for any blank; every other character as "x". */
static char *
digits_and_gaps (const char *text)
{
  md_autowipe char *narrow = md_text_nfkc (text);
  GString *result = g_string_sized_new (narrow == NULL ? 1 : strlen (narrow) + 1);

  for (const char *p = narrow; p != NULL && *p != '\0'; p = g_utf8_find_next_char (p, NULL))
    {
      const gunichar c = g_utf8_get_char (p);

      if (g_unichar_isdigit (c))
        g_string_append_c (result, (char)('0' + g_unichar_digit_value (c)));
      else if (g_unichar_type (c) == G_UNICODE_DASH_PUNCTUATION || c == 0x2212 || c == 0x30fc)
        g_string_append_c (result, '-');
      else
        g_string_append_c (result, g_unichar_isspace (c) ? ' ' : 'x');
    }
  return g_string_free (result, FALSE);
}

/* Whether @text begins with a 個人番号, in one piece or in three groups of four, and no digit
 * follows. */
static gboolean
begins_with_number (const char *text)
{
  const char *shape = strnlen (text, 14) == 14 && (text[4] == '-' || text[4] == ' ')
                          ? "0000 0000 0000"
                          : "000000000000";
  char digits[13] = "";
  gsize count = 0;
  gboolean valid;
  gsize i;

  for (i = 0; shape[i] != '\0'; i++)
    {
      if (shape[i] == '0' ? !g_ascii_isdigit (text[i]) : text[i] != '-' && text[i] != ' ')
        break;
      if (shape[i] == '0')
        digits[count++] = text[i];
    }
  valid = shape[i] == '\0' && !g_ascii_isdigit (text[i])
          && md_number_is_valid (MD_NUMBER_INDIVIDUAL, digits);
  md_wipe (digits, sizeof digits);
  return valid;
}

/* Only twelve digits in one piece, or written 4-4-4: two telephone numbers side by side would
 * otherwise make one often enough to annoy. */
gboolean
md_text_contains_individual_number (const char *text)
{
  md_autowipe char *digits = digits_and_gaps (text);
  gboolean found = FALSE;

  for (gsize i = 0; digits[i] != '\0' && !found; i++)
    if (i == 0 || !g_ascii_isdigit (digits[i - 1]))
      found = begins_with_number (digits + i);
  return found;
}

char *
md_receipt_number_format (guint terminal, guint counter)
{
  g_autofree char *digits = NULL;

  if (terminal > 999 || counter > 999999)
    return NULL;
  digits = g_strdup_printf ("%03u%06u", terminal, counter);
  return g_strdup_printf ("%.3s-%s-%c", digits, digits + 3, md_digits_modulus10 (digits, 9));
}

gboolean
md_receipt_number_parse (const char *text, guint *out_terminal, guint *out_counter, GError **error)
{
  g_autofree char *typed = md_text_to_digits (text);
  g_autoptr (GString) digits = g_string_new (typed);
  guint number;

  g_string_replace (digits, "-", "", 0);
  if (!md_digits_is (digits->str, 10) || digits->str[9] != md_digits_modulus10 (digits->str, 9))
    {
      g_set_error_literal (error, MD_BASE_ERROR, MD_BASE_ERROR_INVALID,
                           "This is not a receipt number, or a digit of it was mistyped");
      return FALSE;
    }
  g_string_truncate (digits, 9);
  number = (guint)g_ascii_strtoull (digits->str, NULL, 10);
  if (out_terminal != NULL)
    *out_terminal = number / 1000000;
  if (out_counter != NULL)
    *out_counter = number % 1000000;
  return TRUE;
}
