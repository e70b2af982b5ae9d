// SPDX-License-Identifier: Apache-2.0
#include "md-base.h"

#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#define IDEOGRAPHIC_SPACE 0x3000u
#define MIDDLE_DOT 0x30fbu
#define LONG_MARK 0x30fcu
#define SOUND_MARK 0x3099u
#define HALF_SOUND_MARK 0x309au
#define MINUS_SIGN 0x2212u

static char *
normalise (const UNormalizer2 *normalizer, const char *text)
{
  UErrorCode status = U_ZERO_ERROR;
  glong length = 0;
  gunichar2 *source = text == NULL ? NULL : g_utf8_to_utf16 (text, -1, NULL, &length, NULL);
  gunichar2 *target;
  gint32 needed;
  char *result;

  if (source == NULL || length > G_MAXINT32 / 64)
    {
      g_free (source);
      return NULL;
    }
  needed = unorm2_normalize (normalizer, source, (gint32)length, NULL, 0, &status);
  status = U_ZERO_ERROR;
  target = g_new0 (gunichar2, (gsize)needed + 1);
  (void)unorm2_normalize (normalizer, source, (gint32)length, target, needed + 1, &status);
  result = U_FAILURE (status) ? NULL : g_utf16_to_utf8 (target, needed, NULL, NULL, NULL);
  md_wipe (source, (gsize)length * sizeof *source);
  md_wipe (target, (gsize)needed * sizeof *target);
  g_free (source);
  g_free (target);
  return result;
}

static const UNormalizer2 *
get_nfkc (void)
{
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2 *normalizer = unorm2_getNFKCInstance (&status);

  if (U_FAILURE (status))
    g_error ("ICU has no NFKC data: %s", u_errorName (status));
  return normalizer;
}

char *
md_text_nfkc (const char *text)
{
  return normalise (get_nfkc (), text);
}

/* What may be normalised without touching a kanji: the half- and full-width forms, the ideographic
 * space, and kana with its sound marks; not the spacing sound marks and the ligatures, which NFKC
 * would take apart. */
static gboolean
is_width_form (gunichar c)
{
  if (c == 0x309b || c == 0x309c || c == 0x309f || c == 0x30ff)
    return FALSE;
  return c == IDEOGRAPHIC_SPACE || (c >= 0x3041 && c <= 0x30ff) || (c >= 0xff00 && c <= 0xffef);
}

static char *
normalise_width (const char *text)
{
  g_autoptr (GString) result = g_string_sized_new (strlen (text) + 1);
  const char *p = text;

  while (*p != '\0')
    {
      const char *start = p;
      const gboolean width = is_width_form (g_utf8_get_char (p));
      g_autofree char *run = NULL;
      g_autofree char *narrow = NULL;

      while (*p != '\0' && is_width_form (g_utf8_get_char (p)) == width)
        p = g_utf8_find_next_char (p, NULL);
      run = g_strndup (start, (gsize)(p - start));
      narrow = width ? md_text_nfkc (run) : g_strdup (run);
      g_string_append (result, narrow);
      md_wipe (run, strlen (run));
      md_wipe (narrow, strlen (narrow));
    }
  return g_string_free (g_steal_pointer (&result), FALSE);
}

/* Each character of @text through @map (0 drops it). */
typedef gunichar (*CharacterMap) (gunichar before, gunichar c, gunichar after);

static char *
map_characters (const char *text, CharacterMap map)
{
  g_autoptr (GString) result = g_string_sized_new (strlen (text) * 3 + 1);
  gunichar before = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char (p, NULL))
    {
      const gunichar c = g_utf8_get_char (p);
      const gunichar mapped = map (before, c, g_utf8_get_char (g_utf8_find_next_char (p, NULL)));

      if (mapped != 0)
        g_string_append_unichar (result, mapped);
      before = c;
    }
  return g_string_free (g_steal_pointer (&result), FALSE);
}

/* As map_characters(), taking @text over. */
static char *
map_taking (char *text, CharacterMap map)
{
  char *result = text == NULL ? NULL : map_characters (text, map);

  md_wipe_free_text (text);
  return result;
}

/* Every run of blanks inside as one space, none at the ends; in place. */
static char *
tidy_blanks (char *text)
{
  char *to = text;
  gboolean wanted = FALSE;

  for (const char *from = text; *from != '\0';)
    {
      const char *next = g_utf8_find_next_char (from, NULL);
      const gboolean blank = g_unichar_isspace (g_utf8_get_char (from));

      if (!blank && wanted && to != text)
        *to++ = ' ';
      wanted = blank;
      if (!blank)
        {
          memmove (to, from, (gsize)(next - from));
          to += next - from;
        }
      from = next;
    }
  md_wipe (to, strlen (to));
  return text;
}

char *
md_text_tidy (const char *text)
{
  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    return NULL;
  return tidy_blanks (normalise_width (text));
}

static gunichar
to_katakana (gunichar c)
{
  if ((c >= 0x3041 && c <= 0x3096) || c == 0x309d || c == 0x309e)
    return c + 0x60;
  return c;
}

static gunichar
widen (gunichar before, gunichar c, gunichar after)
{
  if (c == ' ')
    return IDEOGRAPHIC_SPACE;
  return c > 0x20 && c < 0x7f ? c + 0xfee0 : to_katakana (c);
}

char *
md_text_to_kana (const char *text)
{
  return map_taking (md_text_tidy (text), widen);
}

gboolean
md_text_is_kana (const char *text)
{
  if (text == NULL || *text == '\0' || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char (p, NULL))
    {
      const gunichar c = g_utf8_get_char (p);

      if (!(c >= 0x30a1 && c <= 0x30fe) && c != IDEOGRAPHIC_SPACE && c != ' ')
        return FALSE;
    }
  return TRUE;
}

static gunichar
search_character (gunichar before, gunichar c, gunichar after)
{
  static const gunichar small[]
      = { 0x30a1, 0x30a3, 0x30a5, 0x30a7, 0x30a9, 0x30c3, 0x30e3, 0x30e5, 0x30e7, 0x30ee };

  if (c == SOUND_MARK || c == HALF_SOUND_MARK || c == MIDDLE_DOT || g_unichar_isspace (c))
    return 0;
  for (gsize i = 0; i < G_N_ELEMENTS (small); i++)
    if (c == small[i])
      return c + 1;
  if (c == 0x30f5)
    return 0x30ab; /* ヵ */
  return c == 0x30f6 ? 0x30b1 /* ヶ */ : c;
}

char *
md_text_kana_search_key (const char *text)
{
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2 *decompose = unorm2_getNFDInstance (&status);
  char *kana = md_text_to_kana (text);
  char *parts = normalise (decompose, kana);

  md_wipe_free_text (kana);
  return map_taking (parts, search_character);
}

static gunichar
match_character (gunichar before, gunichar c, gunichar after)
{
  if (g_unichar_isspace (c))
    return 0;
  if (c == MINUS_SIGN || u_hasBinaryProperty ((UChar32)c, UCHAR_DASH))
    return '-';
  if (c == LONG_MARK && g_unichar_isdigit (before) && (g_unichar_isdigit (after) || after == 0))
    return '-';
  return to_katakana (c);
}

char *
md_text_match_key (const char *text)
{
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2 *fold = unorm2_getNFKCCasefoldInstance (&status);

  return map_taking (normalise (fold, text), match_character);
}

static gunichar
digit_character (gunichar before, gunichar c, gunichar after)
{
  if (g_unichar_isdigit (c))
    return '0' + (gunichar)g_unichar_digit_value (c);
  if (g_unichar_isspace (c))
    return 0;
  if (c == MINUS_SIGN || c == LONG_MARK || u_hasBinaryProperty ((UChar32)c, UCHAR_DASH))
    return '-';
  return c;
}

char *
md_text_to_digits (const char *text)
{
  return map_taking (md_text_nfkc (text), digit_character);
}

static gsize
character_columns (gunichar c)
{
  const int width = u_getIntPropertyValue ((UChar32)c, UCHAR_EAST_ASIAN_WIDTH);

  if (g_unichar_iszerowidth (c) || g_unichar_ismark (c))
    return 0;
  /* Ambiguous ones (①, ○) are wide in Japanese print. */
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH || width == U_EA_AMBIGUOUS ? 2 : 1;
}

gsize
md_text_columns (const char *text)
{
  gsize columns = 0;

  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    return 0;
  for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char (p, NULL))
    columns += character_columns (g_utf8_get_char (p));
  return columns;
}

gsize
md_text_characters (const char *text)
{
  UErrorCode status = U_ZERO_ERROR;
  glong length = 0;
  gunichar2 *wide = text == NULL ? NULL : g_utf8_to_utf16 (text, -1, NULL, &length, NULL);
  UBreakIterator *iterator;
  gsize count = 0;

  if (wide == NULL || length > G_MAXINT32)
    {
      g_free (wide);
      return 0;
    }
  /* Not over UTF-8: ICU would make copies of its own, and leave them on the heap. */
  iterator = ubrk_open (UBRK_CHARACTER, "ja", wide, (gint32)length, &status);
  if (U_FAILURE (status))
    g_error ("ICU has no rules for characters: %s", u_errorName (status));
  while (ubrk_next (iterator) != UBRK_DONE)
    count++;
  ubrk_close (iterator);
  md_wipe (wide, (gsize)length * sizeof *wide);
  g_free (wide);
  return count;
}
