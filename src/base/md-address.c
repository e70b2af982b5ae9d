// SPDX-License-Identifier: Apache-2.0
#include "md-base.h"

#include <string.h>

#define IDEOGRAPHIC_SPACE 0x3000
#define WARD_NAME 5 // characters of a ward of a designated city, and its 区

static gboolean
is_of (gunichar c, const char *characters)
{
  return c != 0 && g_utf8_strchr (characters, -1, c) != NULL;
}

static const char *
skip_blanks (const char *text)
{
  while (*text == ' ' || g_utf8_get_char (text) == IDEOGRAPHIC_SPACE)
    text = g_utf8_find_next_char (text, NULL);
  return text;
}

// The end of "東京都", "北海道", "神奈川県"; the text itself where it begins with none.
static const char *
skip_prefecture (const char *text)
{
  const char *at = text;

  for (guint i = 0; i < 4 && *at != '\0'; i++, at = g_utf8_find_next_char (at, NULL))
    {
      const gunichar c = g_utf8_get_char (at);

      if ((i == 2 && is_of (c, "都道府県")) || (i == 3 && is_of (c, "県")))
        return g_utf8_find_next_char (at, NULL);
    }
  return text;
}

// Whether a ward's name follows.
static gboolean
names_ward (const char *text)
{
  for (guint i = 0; i < WARD_NAME && *text != '\0'; i++, text = g_utf8_find_next_char (text, NULL))
    if (i > 0 && is_of (g_utf8_get_char (text), "区"))
      return TRUE;
  return FALSE;
}

// Both went on from here: does what they share end in a name?
static gboolean
ends_name (const char *one, const char *other)
{
  return !is_of (g_utf8_get_char (one), "市町村郡") && !is_of (g_utf8_get_char (other), "市町村郡");
}

gboolean
md_address_same_municipality (const char *one, const char *other)
{
  const char *a, *b, *first_a, *first_b;
  gboolean in_city = FALSE, told = FALSE;

  g_return_val_if_fail (one && other, FALSE);

  a = skip_prefecture (skip_blanks (one));
  b = skip_prefecture (skip_blanks (other));
  // Where both name a prefecture it is the same one.
  if (a != skip_blanks (one) && b != skip_blanks (other)
      && (a - skip_blanks (one) != b - skip_blanks (other)
          || strncmp (skip_blanks (one), skip_blanks (other), (gsize)(a - skip_blanks (one))) != 0))
    return FALSE;
  first_a = a = skip_blanks (a);
  first_b = b = skip_blanks (b);
  while (*a != '\0' && g_utf8_get_char (a) == g_utf8_get_char (b))
    {
      const gunichar c = g_utf8_get_char (a);
      const gboolean first = a == first_a || b == first_b;

      a = skip_blanks (g_utf8_find_next_char (a, NULL));
      b = skip_blanks (g_utf8_find_next_char (b, NULL));
      if (first)
        continue;
      // A district (郡) is none, whatever stands in its name.
      if (is_of (c, "郡"))
        told = in_city = FALSE;
      else if (in_city && is_of (c, "区"))
        return TRUE;
      else if (!told && is_of (c, "市区町村") && ends_name (a, b))
        {
          told = TRUE;
          in_city = is_of (c, "市") && names_ward (a) && names_ward (b);
        }
    }
  return told && !in_city;
}
