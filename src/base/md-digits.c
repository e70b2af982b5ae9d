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

/* --- An individual number in a text --- */

#define NUMBER_DIGITS 12u
#define MOST_GAP 3u /* characters between two groups of digits */

/* A text as ASCII digits, ' ' for what may stand between groups of them, and 'x' for everything
 * else; for each of these marks the place in the text that it comes from. */
typedef struct
{
  GString *marks;
  GArray *places; /* gsize */
} Marks;

static void
marks_clear (Marks *self)
{
  md_wipe (self->marks->str, self->marks->len);
  g_string_free (self->marks, TRUE);
  g_array_unref (self->places);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Marks, marks_clear)

/* What is taken for a digit: a kanji may stand beside a number in digits, and a digit in a circle
 * is one of a number or counts what a list has. */
typedef enum
{
  READ_PLAIN,
  READ_KANJI,
  READ_WITHOUT_CIRCLED,
  N_READINGS,
} Reading;

static gboolean
is_gap (gunichar c)
{
  return g_unichar_type (c) == G_UNICODE_DASH_PUNCTUATION || g_unichar_isspace (c) || c == '.'
         || c == '/' || c == '_'
         || c == 0x2212 /* − */ || c == 0x30fb /* ・ */ || c == 0x30fc /* ー */
         || c == 0xff0e /* ．*/ || c == 0xff0f /* ／ */ || c == 0xff65 /* ･ */
         || c == 0xff70 /* ｰ */;
}

/* The digit that a kanji is written for, or -1. */
static int
digit_of_kanji (gunichar c)
{
  static const gunichar digits[][5] = { { 0x3007, 0x96f6, 0x25cb /* ○ */, 0x25ef /* ◯ */ },
                                        { 0x4e00, 0x58f1 },
                                        { 0x4e8c, 0x5f10 },
                                        { 0x4e09, 0x53c2 },
                                        { 0x56db },
                                        { 0x4e94, 0x4f0d },
                                        { 0x516d },
                                        { 0x4e03 },
                                        { 0x516b },
                                        { 0x4e5d } };

  for (guint i = 0; i < G_N_ELEMENTS (digits); i++)
    for (guint k = 0; digits[i][k] != 0; k++)
      if (digits[i][k] == c)
        return (int)i;
  return -1;
}

static char
mark_of (gunichar c, Reading reading)
{
  const int digit = g_unichar_isdigit (c)   ? g_unichar_digit_value (c)
                    : reading == READ_KANJI ? digit_of_kanji (c)
                                            : -1;

  return digit >= 0 ? (char)('0' + digit) : is_gap (c) ? ' ' : 'x';
}

/* What nobody sees is not there; of a digit in a circle, or a small one, the digit counts. */
static void
add_marks (Marks *self, gsize place, gunichar c, Reading reading)
{
  gunichar plain[4] = { c };
  gsize n = 1;

  if (g_unichar_type (c) == G_UNICODE_FORMAT)
    return;
  if (g_unichar_type (c) == G_UNICODE_OTHER_NUMBER && reading != READ_WITHOUT_CIRCLED)
    n = MIN (g_unichar_fully_decompose (c, TRUE, plain, G_N_ELEMENTS (plain)),
             G_N_ELEMENTS (plain));
  for (gsize i = 0; i < n; i++)
    {
      g_string_append_c (self->marks, mark_of (plain[i], reading));
      g_array_append_val (self->places, place);
    }
}

static Marks
read_marks (const char *text, Reading reading)
{
  Marks self
      = { g_string_sized_new (strlen (text) + 1), g_array_new (FALSE, FALSE, sizeof (gsize)) };

  for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char (p, NULL))
    add_marks (&self, (gsize)(p - text), g_utf8_get_char (p), reading);
  return self;
}

/* How many marks twelve digits in groups of @group take at @marks; 0: there are none such. */
static gsize
measure (const char *marks, gsize group, char digits[static NUMBER_DIGITS + 1])
{
  gsize at = 0;

  for (gsize i = 0; i < NUMBER_DIGITS; i++)
    {
      const gsize gap = i > 0 && i % group == 0 ? strspn (marks + at, " ") : 0;

      if (i > 0 && i % group == 0 && (gap == 0 || gap > MOST_GAP))
        return 0;
      at += gap;
      if (!g_ascii_isdigit (marks[at]))
        return 0;
      digits[i] = marks[at++];
    }
  return g_ascii_isdigit (marks[at]) ? 0 : at;
}

/* Whether a row of digits goes on before or behind, with no more than a gap between. */
static gboolean
goes_on (const char *marks, gsize from, gsize to)
{
  const gsize gap = strspn (marks + to, " ");
  gsize before = from;

  while (before > 0 && marks[before - 1] == ' ')
    before--;
  return (gap > 0 && gap <= MOST_GAP && g_ascii_isdigit (marks[to + gap]))
         || (before > 0 && from - before <= MOST_GAP && g_ascii_isdigit (marks[before - 1]));
}

/* Two days, as a period is written: 07.04.01-08.03.31. */
static gboolean
are_days (const char *digits)
{
  for (guint i = 0; i < NUMBER_DIGITS; i += 6)
    {
      const int month = (digits[i + 2] - '0') * 10 + digits[i + 3] - '0';
      const int day = (digits[i + 4] - '0') * 10 + digits[i + 5] - '0';

      if (month < 1 || month > 12 || day < 1 || day > 31)
        return FALSE;
    }
  return TRUE;
}

/* The length of a number that begins at @from, or 0. In groups of four it is one among other
 * groups, too; in groups of another length, as nobody writes it out of habit, only by itself. */
static gsize
find_at (const char *marks, gsize from)
{
  static const gsize groups[] = { 12, 6, 4, 3, 2, 1 };
  char digits[NUMBER_DIGITS + 1] = "";
  gsize found = 0;

  for (guint i = 0; i < G_N_ELEMENTS (groups) && found == 0; i++)
    {
      const gsize length = measure (marks + from, groups[i], digits);

      if (length > 0 && md_number_is_valid (MD_NUMBER_INDIVIDUAL, digits)
          && (groups[i] == 12 || groups[i] == 4 || !goes_on (marks, from, from + length))
          && !((groups[i] == 6 || groups[i] == 2) && are_days (digits)))
        found = length;
    }
  md_wipe (digits, sizeof digits);
  return found;
}

/* Whether there is one; of each the digits become asterisks in @cover (nullable), where each
 * character of the text is one byte at its own place. */
static gboolean
find_numbers (const char *text, Reading reading, char *cover)
{
  g_auto (Marks) marks = read_marks (text, reading);
  gboolean found = FALSE;

  for (gsize i = 0; i < marks.marks->len && (!found || cover != NULL); i++)
    {
      const gsize length
          = i > 0 && g_ascii_isdigit (marks.marks->str[i - 1]) ? 0 : find_at (marks.marks->str, i);

      found = found || length > 0;
      for (gsize k = i; cover != NULL && k < i + length; k++)
        if (marks.marks->str[k] != ' ')
          cover[g_array_index (marks.places, gsize, k)] = '*';
    }
  return found;
}

/* Twelve digits in one piece, or in groups of one length: two telephone numbers side by side would
 * otherwise make one often enough to annoy. */
gboolean
md_text_contains_individual_number (const char *text)
{
  gboolean found = FALSE;

  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (Reading reading = READ_PLAIN; reading < N_READINGS && !found; reading++)
    found = find_numbers (text, reading, NULL);
  return found;
}

static char *
cover_once (const char *text)
{
  g_autofree char *cover = g_malloc0 (strlen (text) + 1);
  GString *result = g_string_sized_new (strlen (text) + 1);

  for (Reading reading = READ_PLAIN; reading < N_READINGS; reading++)
    (void)find_numbers (text, reading, cover);
  for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char (p, NULL))
    if (cover[p - text] == '*')
      g_string_append_c (result, '*');
    else
      g_string_append_len (result, p, g_utf8_find_next_char (p, NULL) - p);
  return g_string_free (result, FALSE);
}

/* What stood beside a number may be one by itself once that is gone. */
char *
md_text_cover_individual_numbers (const char *text)
{
  char *covered = g_strdup (text);

  while (md_text_contains_individual_number (covered))
    {
      char *more = cover_once (covered);

      md_wipe_free_text (covered);
      covered = more;
    }
  return covered;
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
