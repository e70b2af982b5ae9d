// SPDX-License-Identifier: Apache-2.0
#include "md-base.h"

#include <string.h>

static const struct
{
  const char *id;
  const char *codes; /* as the C library calls its table; NULL: none is needed */
} sets[MD_N_CHARACTER_SETS] = {
  [MD_CHARACTERS_UNICODE] = { "unicode", NULL },
  [MD_CHARACTERS_WINDOWS_31J] = { "windows-31j", "CP932" },
  [MD_CHARACTERS_JIS_X_0208] = { "jis-x-0208", "ISO-2022-JP" },
  [MD_CHARACTERS_JIS_X_0213] = { "jis-x-0213", "EUC-JISX0213" },
};

const char *
md_character_set_to_id (MdCharacterSet set)
{
  g_return_val_if_fail (set < MD_N_CHARACTER_SETS, NULL);
  return sets[set].id;
}

gboolean
md_character_set_from_id (const char *id, MdCharacterSet *out_set)
{
  const int row = MD_TABLE_ROW (sets, id);

  if (row >= 0)
    *out_set = (MdCharacterSet)row;
  return row >= 0;
}

static gboolean
is_selector (gunichar c)
{
  return (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef);
}

static gboolean
is_private (gunichar c)
{
  return g_unichar_type (c) == G_UNICODE_PRIVATE_USE;
}

/* One character, and nothing left in the converter. */
static gboolean
has_code (GIConv converter, const char *character, gsize length)
{
  char code[16], copy[8];
  char *in = copy, *out = code;
  gsize left = length, room = sizeof code;
  gsize result;

  memcpy (copy, character, length);
  result = g_iconv (converter, &in, &left, &out, &room);
  (void)g_iconv (converter, NULL, NULL, &out, &room);
  md_wipe (code, sizeof code);
  md_wipe (copy, sizeof copy);
  return result == 0;
}

/* A character and the selectors behind it. */
static const char *
skip (const char *p)
{
  for (p = g_utf8_find_next_char (p, NULL); is_selector (g_utf8_get_char (p));)
    p = g_utf8_find_next_char (p, NULL);
  return p;
}

static gboolean
is_external (GIConv converter, const char *from, const char *to)
{
  const char *next = g_utf8_find_next_char (from, NULL);
  const gunichar c = g_utf8_get_char (from);

  if (c < 0x80)
    return FALSE;
  if (next != to || is_private (c))
    return TRUE;
  return converter != NULL && !has_code (converter, from, (gsize)(next - from));
}

/* "葛󠄀 (U+845B U+E0100)" */
static void
append_name (GString *names, const char *from, const char *to)
{
  const char *before = " (";

  g_string_append_len (names, from, to - from);
  for (const char *p = from; p < to; p = g_utf8_find_next_char (p, NULL))
    {
      g_string_append_printf (names, "%sU+%04X", before, g_utf8_get_char (p));
      before = " ";
    }
  g_string_append_c (names, ')');
}

static void
add_name (GString *names, const char *from, const char *to)
{
  g_autoptr (GString) name = g_string_sized_new (64);

  append_name (name, from, to);
  if (strstr (names->str, name->str) == NULL)
    {
      if (names->len > 0)
        g_string_append (names, ", ");
      g_string_append_len (names, name->str, (gssize)name->len);
    }
  md_wipe (name->str, name->len);
}

static guint
find (const char *text, MdCharacterSet set, GString *names)
{
  GIConv converter = NULL;
  guint count = 0;

  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    return 0;
  if (sets[set].codes != NULL)
    converter = g_iconv_open (sets[set].codes, "UTF-8");
  if (converter == (GIConv)-1)
    g_error ("The C library has no table of %s.", sets[set].codes);
  for (const char *p = text, *next; *p != '\0'; p = next)
    {
      next = skip (p);
      if (!is_external (converter, p, next))
        continue;
      count++;
      if (names != NULL)
        add_name (names, p, next);
    }
  if (converter != NULL)
    (void)g_iconv_close (converter);
  return count;
}

guint
md_text_count_external (const char *text, MdCharacterSet set)
{
  g_return_val_if_fail (set < MD_N_CHARACTER_SETS, 0);
  return find (text, set, NULL);
}

char *
md_text_name_external (const char *text, MdCharacterSet set)
{
  GString *names;

  g_return_val_if_fail (set < MD_N_CHARACTER_SETS, NULL);
  names = g_string_sized_new ((text != NULL ? strlen (text) : 0) * 8 + 64); /* never moved */
  return g_string_free (names, find (text, set, names) == 0);
}
