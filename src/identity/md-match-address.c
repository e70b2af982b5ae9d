// SPDX-License-Identifier: Apache-2.0
// Addresses: 丁目, 番地, 番, 号 and hyphens, kanji numerals, what may be left out.
#include "md-match-private.h"

#include <string.h>

// 47 names; 北海道 and 都 too.
static const char *const prefectures[] = {
  "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県",   "福島県", "茨城県",
  "栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県",
  "石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県",   "愛知県", "三重県",
  "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県",
  "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県",   "高知県", "福岡県",
  "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
};

guint
_md_match_prefecture_length (const MdMatchText *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (prefectures); i++)
    if (_md_match_text_has (text, 0, prefectures[i]))
      return (guint)g_utf8_strlen (prefectures[i], -1);
  return 0;
}

/* --- numbers --- */

// 〇 and 零, 一 to 九; 10, 100, 1000 for the units; -1.
static int
kanji_numeral (gunichar c)
{
  static const char digits[] = "〇一二三四五六七八九";
  const char *found = c == 0 ? NULL : g_utf8_strchr (digits, -1, c);

  if (found != NULL)
    return (int)g_utf8_pointer_to_offset (digits, found);
  if (c == 0x96f6) /* 零 */
    return 0;
  return c == 0x5341 ? 10 : c == 0x767e ? 100 : c == 0x5343 ? 1000 : -1;
}

static gboolean
is_number (gunichar c)
{
  return g_unichar_isdigit (c) || kanji_numeral (c) >= 0;
}

static gunichar
at (const MdMatchText *text, guint i)
{
  return i < text->n ? text->cells[i].c : 0;
}

static guint
after_number (const MdMatchText *text, guint i)
{
  while (is_number (at (text, i)))
    i++;
  return i;
}

static guint
after_blanks (const MdMatchText *text, guint i)
{
  while (i < text->n && _md_match_is_blank (at (text, i)))
    i++;
  return i;
}

// What may stand after a number of a block or house, and what makes it a part of a name instead
// (一番町, 二号館).
static const struct
{
  const char *unit;
  const char *not_before;
  gboolean joins; // only between two numbers
} units[] = {
  { "丁目", "", FALSE },
  { "番地の", "", TRUE },
  { "番地ノ", "", TRUE },
  { "番地", "", FALSE },
  { "番の", "", TRUE },
  { "番ノ", "", TRUE },
  { "番", "町街館棟丁通線地", FALSE },
  { "号室", "", FALSE },
  { "号", "館棟線地車階", FALSE },
  { "丁", "", TRUE },
  { "の", "", TRUE },
  { "ノ", "", TRUE },
};

// The end of the unit or dash that begins at I, I itself without one; a blank before a number is
// taken along.
static guint
after_unit (const MdMatchText *text, guint i)
{
  guint next;

  if (_md_match_is_dash (at (text, i)))
    return is_number (at (text, i + 1)) ? i + 1 : i;
  for (guint u = 0; u < G_N_ELEMENTS (units); u++)
    {
      const guint end = i + (guint)g_utf8_strlen (units[u].unit, -1);

      if (!_md_match_text_has (text, i, units[u].unit)
          || (at (text, end) != 0
              && g_utf8_strchr (units[u].not_before, -1, at (text, end)) != NULL))
        continue;
      next = after_blanks (text, end);
      if (_md_match_is_dash (at (text, next)) && is_number (at (text, next + 1)))
        next++;
      if (is_number (at (text, next)))
        return next;
      return units[u].joins ? i : end;
    }
  return i;
}

// Kanji are numbers only where an address has one: before a unit, or after one.
static gboolean
is_counted (const MdMatchText *text, guint start, guint end, gboolean joined)
{
  static const char others[] = "条線区階棟割番号";

  return joined || after_unit (text, end) > end
         || (at (text, end) != 0 && g_utf8_strchr (others, -1, at (text, end)) != NULL)
         || g_unichar_isdigit (at (text, start));
}

static guint
numeral_value (const MdMatchText *text, guint start, guint end)
{
  guint total = 0, part = 0;
  gboolean digits = FALSE;

  for (guint i = start; i < end; i++)
    {
      const gunichar c = text->cells[i].c;
      const int value = g_unichar_isdigit (c) ? g_unichar_digit_value (c) : kanji_numeral (c);

      if (value >= 10)
        {
          total += (part == 0 && !digits ? 1 : part) * (guint)value;
          part = 0;
          digits = FALSE;
          continue;
        }
      part = (part * 10 + (guint)value) % 1000000;
      digits = TRUE;
    }
  return total + part;
}

static void
push_number (MdMatchText *result, const MdMatchText *text, guint start, guint end)
{
  char digits[16];
  const guint value = numeral_value (text, start, end);

  g_snprintf (digits, sizeof digits, "%u", value);
  for (const char *p = digits; *p != '\0'; p++)
    _md_match_text_push (result, &text->cells[start], (gunichar)*p);
  md_wipe (digits, sizeof digits);
}

static gboolean
has_kanji_numeral (const MdMatchText *text, guint start, guint end)
{
  for (guint i = start; i < end; i++)
    if (kanji_numeral (text->cells[i].c) >= 0)
      return TRUE;
  return FALSE;
}

static void
push_digits (MdMatchText *result, const MdMatchText *text, guint start, guint end)
{
  for (guint i = start; i < end; i++)
    {
      const gunichar c = text->cells[i].c;

      _md_match_text_push (result, &text->cells[i],
                           g_unichar_isdigit (c) ? '0' + (gunichar)g_unichar_digit_value (c) : c);
    }
}

void
_md_match_fold_numerals (MdMatchText *text, MdMatchItem item)
{
  g_auto (MdMatchText) result;
  guint i = 0;
  gboolean joined = FALSE;

  _md_match_text_init (&result, text->n);
  while (i < text->n)
    {
      const guint end = after_number (text, i);
      guint next;

      if (end == i)
        {
          _md_match_text_push_all (&result, text, i, i + 1);
          i++;
          joined = FALSE;
          continue;
        }
      if (has_kanji_numeral (text, i, end) && is_counted (text, i, end, joined))
        push_number (&result, text, i, end);
      else
        push_digits (&result, text, i, end);
      next = after_unit (text, end);
      _md_match_text_push_all (&result, text, end, next);
      joined = next > end && is_number (at (text, next));
      i = next;
    }
  _md_match_text_swap (text, &result);
}

void
_md_match_fold_blocks (MdMatchText *text, MdMatchItem item)
{
  g_auto (MdMatchText) result;
  guint i = 0;

  _md_match_text_init (&result, text->n);
  while (i < text->n)
    {
      const guint end = after_number (text, i);
      const guint next = end > i ? after_unit (text, end) : i;

      if (end == i)
        {
          _md_match_text_push_all (&result, text, i, i + 1);
          i++;
          continue;
        }
      push_digits (&result, text, i, end);
      if (next > end && is_number (at (text, next)))
        _md_match_text_push (&result, &text->cells[end], '-');
      i = next;
    }
  _md_match_text_swap (text, &result);
}

/* --- 大字, 字 --- */

void
_md_match_fold_oaza (MdMatchText *text, MdMatchItem item)
{
  guint n = 0;

  for (guint i = 0; i < text->n; i++)
    {
      const gunichar before = n > 0 ? text->cells[n - 1].c : 0;
      const gboolean starts = before != 0 && g_utf8_strchr ("町村市区郡", -1, before) != NULL;

      if (_md_match_text_has (text, i, "大字") && starts)
        i++;
      else if (!(_md_match_text_has (text, i, "字") && before != 0
                 && (starts
                     || (i >= 2 && _md_match_is_han (before)
                         && g_utf8_strchr ("文十漢習赤", -1, before) == NULL))))
        text->cells[n++] = text->cells[i];
    }
  text->n = n;
}

/* --- building --- */

void
_md_match_find_numbers (const MdMatchText *text, guint *out_start, guint *out_end)
{
  guint i = 0;

  *out_start = *out_end = text->n;
  while (i < text->n)
    {
      const guint start = i;
      guint end = after_number (text, i);
      guint next = end > i ? after_unit (text, end) : i;
      const gboolean counted = end > i && is_counted (text, start, end, FALSE);

      while (next > end && is_number (at (text, next)))
        {
          end = after_number (text, next);
          next = after_unit (text, end);
        }
      /* 北１条, 三番町: a number of the town's name. */
      if (counted
          && (at (text, next) == 0
              || g_utf8_strchr ("条線区町村番丁通割", -1, at (text, next)) == NULL))
        {
          *out_start = start;
          *out_end = next;
          return;
        }
      i = MAX (next, start + 1);
    }
}

// The room at the end of a building's name: letters, digits and dashes.
static guint
room_start (const MdMatchText *text, guint from)
{
  guint start = text->n;

  while (start > from
         && (g_unichar_isdigit (at (text, start - 1)) || _md_match_is_dash (at (text, start - 1))
             || (at (text, start - 1) < 0x80 && g_ascii_isalpha ((char)at (text, start - 1)))))
    start--;
  return start;
}

static void
append_room (MdMatchText *head, const MdMatchText *whole, guint end)
{
  const guint room = room_start (whole, end);

  _md_match_text_push (head, &whole->cells[0], '-');
  _md_match_text_push_all (head, whole, room, whole->n);
}

gboolean
_md_match_equal_without_building (const MdMatchText *a, const MdMatchText *b)
{
  guint start_a, end_a, start_b, end_b;
  const MdMatchText *whole, *bare;
  g_auto (MdMatchText) head;

  _md_match_find_numbers (a, &start_a, &end_a);
  _md_match_find_numbers (b, &start_b, &end_b);
  _md_match_text_init (&head, a->n + b->n + 1);
  if (start_a == a->n || start_b == b->n || (end_a < a->n) == (end_b < b->n))
    return FALSE;
  if (_md_match_text_equal (a, end_a, b, end_b))
    return TRUE;
  whole = end_a < a->n ? a : b;
  bare = whole == a ? b : a;
  _md_match_text_push_all (&head, whole, 0, whole == a ? end_a : end_b);
  append_room (&head, whole, head.n);
  return _md_match_text_equal (&head, head.n, bare, bare->n);
}
