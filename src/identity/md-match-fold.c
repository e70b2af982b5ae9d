// SPDX-License-Identifier: Apache-2.0
// The foldings, each for one reason, in the order in which they are made.
#include "md-match-private.h"

#define LONG_MARK 0x30fcu

typedef void (*FoldFunc) (MdMatchText *text, MdMatchItem item);
// What a character becomes; 0 drops it.
typedef gunichar (*CharacterFunc) (gunichar before, gunichar c, gunichar after);

static void
map_characters (MdMatchText *text, CharacterFunc map)
{
  gunichar before = 0;
  guint n = 0;

  for (guint i = 0; i < text->n; i++)
    {
      const gunichar c = text->cells[i].c;
      const gunichar to = map (before, c, i + 1 < text->n ? text->cells[i + 1].c : 0);

      before = c;
      if (to == 0)
        continue;
      text->cells[n] = text->cells[i];
      text->cells[n++].c = to;
    }
  text->n = n;
}

/* --- substitutes --- */

// What systems print for a character that they do not have; and 外字 of some other machine.
static gboolean
is_placeholder (gunichar c)
{
  return c == 0x3013 || c == 0x25a0 || c == 0x25a1 || c == 0x25cf || c == 0xfffd
         || (c >= 0xe000 && c <= 0xf8ff) || (c >= 0xf0000 && c <= 0x10fffd);
}

static void
fold_substitutes (MdMatchText *text, MdMatchItem item)
{
  for (guint i = 0; i < text->n; i++)
    if (text->cells[i].substitute || is_placeholder (text->cells[i].c))
      text->cells[i].c = MD_MATCH_ANY;
}

/* --- width, composition --- */

static gboolean
keeps_width (gunichar c)
{
  /* か with its mark stays one, and so does an accented letter: only what changes width. */
  return c == MD_MATCH_ANY || c == 0x309b || c == 0x309c || _md_match_is_han (c)
         || (_md_match_is_kana (c) && c < 0xff00) || (c < 0x2000 && g_unichar_isalpha (c));
}

static void
fold_width (MdMatchText *text, MdMatchItem item)
{
  g_auto (MdMatchText) result;

  _md_match_text_init (&result, text->n);
  for (guint i = 0; i < text->n; i++)
    {
      gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
      const gunichar c = text->cells[i].c;
      const gsize n
          = keeps_width (c) ? 0 : g_unichar_fully_decompose (c, TRUE, parts, G_N_ELEMENTS (parts));

      if (n == 0)
        _md_match_text_push (&result, &text->cells[i], c);
      for (gsize k = 0; k < MIN (n, G_N_ELEMENTS (parts)); k++)
        _md_match_text_push (&result, &text->cells[i], parts[k]);
    }
  _md_match_text_swap (text, &result);
}

// Marks after their character join it. Half-width kana have theirs always apart.
static void
fold_composition (MdMatchText *text, MdMatchItem item)
{
  guint n = 0;

  for (guint i = 0; i < text->n; i++)
    {
      const gunichar c = text->cells[i].c;
      const gunichar mark = c == 0x309b ? 0x3099 : c == 0x309c ? 0x309a : c;
      gunichar joined;

      if (n > 0 && g_unichar_combining_class (mark) != 0
          && g_unichar_compose (text->cells[n - 1].c, mark, &joined))
        text->cells[n - 1].c = joined;
      else
        text->cells[n++] = text->cells[i];
    }
  text->n = n;
}

static void
fold_width_and_marks (MdMatchText *text, MdMatchItem item)
{
  gboolean apart = FALSE;

  fold_width (text, item);
  for (guint i = 0; i < text->n; i++)
    apart = apart
            || (g_unichar_combining_class (text->cells[i].c) != 0
                && text->cells[i].c != text->cells[i].was);
  if (apart)
    fold_composition (text, item);
}

/* --- kanji --- */

static gunichar
drop_selector (gunichar before, gunichar c, gunichar after)
{
  return _md_match_is_selector (c) ? 0 : c;
}

static void
fold_selectors (MdMatchText *text, MdMatchItem item)
{
  map_characters (text, drop_selector);
}

// What Unicode says of a compatibility ideograph, then the table.
static gunichar
to_variant (gunichar before, gunichar c, gunichar after)
{
  gunichar plain = c;

  if (!_md_match_is_han (c))
    return c;
  (void)g_unichar_fully_decompose (c, FALSE, &plain, 1);
  return _md_match_variant (plain);
}

static void
fold_variants (MdMatchText *text, MdMatchItem item)
{
  map_characters (text, to_variant);
}

static gunichar
to_repeated (gunichar before, gunichar c, gunichar after)
{
  return c == 0x3005 && _md_match_is_han (before) ? before : c;
}

static void
fold_iteration (MdMatchText *text, MdMatchItem item)
{
  map_characters (text, to_repeated);
}

/* --- letters --- */

static gunichar
to_lower (gunichar before, gunichar c, gunichar after)
{
  return g_unichar_tolower (c);
}

static void
fold_case (MdMatchText *text, MdMatchItem item)
{
  map_characters (text, to_lower);
}

static gboolean
is_latin (gunichar c)
{
  return g_unichar_get_script (c) == G_UNICODE_SCRIPT_LATIN;
}

static gunichar
without_latin_mark (gunichar before, gunichar c, gunichar after)
{
  gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];

  if (is_latin (c) && c < 0xff00)
    return g_unichar_fully_decompose (c, FALSE, parts, G_N_ELEMENTS (parts)) > 0 ? parts[0] : c;
  if ((c == '\'' || c == 0x2019 || c == 0x2018 || c == '`' || c == '.')
      && (is_latin (before) || is_latin (after)))
    return 0;
  if (g_unichar_combining_class (c) != 0 && is_latin (before))
    return 0;
  return (c == ',' || _md_match_is_dash (c)) && is_latin (before) ? ' ' : c;
}

// A hyphen, a comma part like a blank: two of them are one.
static gunichar
one_blank (gunichar before, gunichar c, gunichar after)
{
  return c == ' ' && before == ' ' ? 0 : c;
}

static void
fold_latin_marks (MdMatchText *text, MdMatchItem item)
{
  map_characters (text, without_latin_mark);
  map_characters (text, one_blank);
}

/* --- kana --- */

static gunichar
to_one_dash (gunichar before, gunichar c, gunichar after)
{
  if (!_md_match_is_dash (c))
    return c;
  return _md_match_is_kana (before) || before == LONG_MARK ? LONG_MARK : '-';
}

static void
fold_dashes (MdMatchText *text, MdMatchItem item)
{
  map_characters (text, to_one_dash);
}

static gunichar
to_katakana (gunichar before, gunichar c, gunichar after)
{
  return (c >= 0x3041 && c <= 0x3096) || c == 0x309d || c == 0x309e ? c + 0x60 : c;
}

static void
fold_kana_kind (MdMatchText *text, MdMatchItem item)
{
  map_characters (text, to_katakana);
}

static gunichar
to_large (gunichar before, gunichar c, gunichar after)
{
  static const char small[] = "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ";

  if (c == 0x30f5)
    return 0x30ab; /* ヵ */
  if (c == 0x30f6)
    return 0x30b1; /* ヶ */
  return g_utf8_strchr (small, -1, c) != NULL ? c + 1 : c;
}

// Between kanji of a place name ヶ, ケ, が, ガ, ヵ and カ are one: 霞ヶ関, 霞が関.
static gunichar
to_place_kana (gunichar before, gunichar c, gunichar after)
{
  const gboolean between = _md_match_is_han (before) && _md_match_is_han (after);

  return between && g_utf8_strchr ("ヶケがガヵカ", -1, c) != NULL ? 0x30b1 : c;
}

static void
fold_small_kana (MdMatchText *text, MdMatchItem item)
{
  if (item == MD_MATCH_ITEM_ADDRESS)
    map_characters (text, to_place_kana);
  map_characters (text, to_large);
}

/* --- blanks --- */

static gunichar
without_blank (gunichar before, gunichar c, gunichar after)
{
  return _md_match_is_blank (c) || c == 0x30fb || c == 0xff65 ? 0 : c;
}

// In an address a blank parts two numbers.
static gunichar
without_address_blank (gunichar before, gunichar c, gunichar after)
{
  if (!_md_match_is_blank (c))
    return c;
  return g_unichar_isdigit (before) && g_unichar_isdigit (after) ? '-' : 0;
}

static void
fold_blanks (MdMatchText *text, MdMatchItem item)
{
  map_characters (text, item == MD_MATCH_ITEM_ADDRESS ? without_address_blank : without_blank);
}

static void
trim (MdMatchText *text)
{
  guint start = 0;

  while (text->n > 0 && _md_match_is_blank (text->cells[text->n - 1].c))
    text->n--;
  while (start < text->n && _md_match_is_blank (text->cells[start].c))
    start++;
  for (guint i = start; start > 0 && i < text->n; i++)
    text->cells[i - start] = text->cells[i];
  text->n -= start;
}

static void
drop_prefecture (MdMatchText *text)
{
  const guint length = _md_match_prefecture_length (text);

  for (guint i = length; i < text->n; i++)
    text->cells[i - length] = text->cells[i];
  text->n -= length;
}

static const struct
{
  MdMatchReason reason;
  FoldFunc fold;
} folds[] = {
  { MD_MATCH_REASON_SUBSTITUTE, fold_substitutes },
  { MD_MATCH_REASON_WIDTH, fold_width_and_marks },
  { MD_MATCH_REASON_COMPOSITION, fold_composition },
  { MD_MATCH_REASON_SELECTOR, fold_selectors },
  { MD_MATCH_REASON_VARIANT, fold_variants },
  { MD_MATCH_REASON_CASE, fold_case },
  { MD_MATCH_REASON_LATIN_MARK, fold_latin_marks },
  { MD_MATCH_REASON_LATIN_ORDER, _md_match_fold_latin_order },
  { MD_MATCH_REASON_DASH, fold_dashes },
  { MD_MATCH_REASON_SMALL_KANA, fold_small_kana },
  { MD_MATCH_REASON_KANA_KIND, fold_kana_kind },
  { MD_MATCH_REASON_ITERATION_MARK, fold_iteration },
  { MD_MATCH_REASON_OAZA, _md_match_fold_oaza },
  { MD_MATCH_REASON_NUMERAL, _md_match_fold_numerals },
  { MD_MATCH_REASON_BLOCK, _md_match_fold_blocks },
  { MD_MATCH_REASON_SPACE, fold_blanks },
};

void
_md_match_fold (MdMatchText *text, MdMatchItem item, MdMatchSet set, gboolean other_has_prefecture)
{
  trim (text);
  if ((set & MD_MATCH_BIT (MD_MATCH_REASON_PREFECTURE)) && !other_has_prefecture)
    drop_prefecture (text);
  for (guint i = 0; i < G_N_ELEMENTS (folds); i++)
    if (set & MD_MATCH_BIT (folds[i].reason))
      folds[i].fold (text, item);
  trim (text);
}
