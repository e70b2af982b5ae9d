// SPDX-License-Identifier: Apache-2.0
// Names: the order of Latin parts, and another name beside the name (旧氏, 通称).
#include "md-match-private.h"

#include <string.h>

/* --- Latin --- */

gboolean
_md_match_is_latin (const MdMatchText *text)
{
  gboolean any = FALSE;

  for (guint i = 0; i < text->n; i++)
    {
      const gunichar c = text->cells[i].c;
      const gboolean latin = g_unichar_get_script (c) == G_UNICODE_SCRIPT_LATIN;

      if (!latin && !_md_match_is_blank (c) && !_md_match_is_dash (c)
          && (c > 0x7f || !g_ascii_ispunct ((char)c)) && c != 0x2019
          && g_unichar_combining_class (c) == 0)
        return FALSE;
      any = any || latin;
    }
  return any;
}

typedef struct
{
  const MdMatchText *text;
  guint start, end;
} Part;

static int
compare_parts (const void *a, const void *b)
{
  const Part *one = a, *other = b;

  for (guint i = 0; one->start + i < one->end && other->start + i < other->end; i++)
    {
      const gunichar c = one->text->cells[one->start + i].c;
      const gunichar d = other->text->cells[other->start + i].c;

      if (c != d)
        return c < d ? -1 : 1;
    }
  return (int)(one->end - one->start) - (int)(other->end - other->start);
}

static gboolean
parts_names (gunichar c)
{
  return _md_match_is_blank (c) || c == ',';
}

void
_md_match_fold_latin_order (MdMatchText *text, MdMatchItem item)
{
  g_autofree Part *parts = g_new0 (Part, text->n + 1);
  g_auto (MdMatchText) result;
  guint n = 0;

  _md_match_text_init (&result, text->n + 1);
  if (!_md_match_is_latin (text))
    return;
  for (guint i = 0; i < text->n; i++)
    {
      if (parts_names (text->cells[i].c))
        continue;
      if (n > 0 && parts[n - 1].end == i)
        parts[n - 1].end = i + 1;
      else
        parts[n++] = (Part){ text, i, i + 1 };
    }
  qsort (parts, n, sizeof *parts, compare_parts);
  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        _md_match_text_push (&result, &text->cells[parts[i].start], ' ');
      _md_match_text_push_all (&result, text, parts[i].start, parts[i].end);
    }
  _md_match_text_swap (text, &result);
}

/* --- another name beside the name --- */

typedef struct
{
  guint open, close; // before [open, inside (start to close), behind close + 1
  guint start;       // of the other name, without its label
  MdMatchReason reason;
} Beside;

static const struct
{
  const char *label;
  MdMatchReason reason;
} labels[] = {
  { "旧氏", MD_MATCH_REASON_FORMER_NAME },
  { "旧姓", MD_MATCH_REASON_FORMER_NAME },
  { "通称名", MD_MATCH_REASON_ALIAS },
  { "通称", MD_MATCH_REASON_ALIAS },
};

static guint
after_label (const MdMatchText *name, guint at, MdMatchReason *out_reason)
{
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    if (_md_match_text_has (name, at, labels[i].label))
      {
        at += (guint)g_utf8_strlen (labels[i].label, -1);
        *out_reason = labels[i].reason;
        while (at < name->n
               && (_md_match_is_blank (name->cells[at].c) || name->cells[at].c == ':'
                   || name->cells[at].c == 0xff1a))
          at++;
        return at;
      }
  return at;
}

static gboolean
is_latin_before (const MdMatchText *name, guint end)
{
  MdMatchText before = { name->cells, end, end };

  return _md_match_is_latin (&before);
}

// In brackets, or behind 通称.
static gboolean
find_beside (const MdMatchText *name, Beside *out)
{
  *out = (Beside){ .open = name->n, .close = name->n, .reason = MD_N_MATCH_REASONS };
  for (guint i = 0; i < name->n; i++)
    {
      const gunichar c = name->cells[i].c;

      if (out->open == name->n && i > 0 && g_utf8_strchr ("[［(（〔【", -1, c) != NULL)
        {
          out->open = i;
          out->start = after_label (name, i + 1, &out->reason);
        }
      else if (out->open < name->n && g_utf8_strchr ("]］)）〕】", -1, c) != NULL)
        {
          out->close = i;
          break;
        }
      else if (out->open == name->n && i > 0 && _md_match_is_blank (name->cells[i - 1].c)
               && _md_match_text_has (name, i, "通称"))
        {
          out->open = i;
          out->start = after_label (name, i, &out->reason);
          break;
        }
    }
  if (out->open == name->n || out->start >= out->close)
    return FALSE;
  if (out->reason == MD_N_MATCH_REASONS)
    out->reason
        = is_latin_before (name, out->open) ? MD_MATCH_REASON_ALIAS : MD_MATCH_REASON_FORMER_NAME;
  return TRUE;
}

static void
push_behind (MdMatchText *to, const MdMatchText *name, const Beside *beside)
{
  if (beside->close < name->n)
    _md_match_text_push_all (to, name, beside->close + 1, name->n);
}

// The given name: what stands behind the brackets, else behind the first blank before them.
static void
push_given (MdMatchText *to, const MdMatchText *name, const Beside *beside)
{
  guint blank = 0;

  if (beside->close + 1 < name->n)
    {
      push_behind (to, name, beside);
      return;
    }
  while (blank < beside->open && !_md_match_is_blank (name->cells[blank].c))
    blank++;
  _md_match_text_push_all (to, name, blank, beside->open);
}

static gboolean
has_blank (const MdMatchText *name, guint start, guint end)
{
  for (guint i = start; i < end; i++)
    if (_md_match_is_blank (name->cells[i].c))
      return TRUE;
  return FALSE;
}

// Both have one: the same two names, however they stand beside each other.
static void
push_rewritten (MdMatchText *to, const MdMatchText *name, const Beside *beside)
{
  _md_match_text_push_all (to, name, 0, beside->open);
  push_behind (to, name, beside);
  _md_match_text_push (to, &name->cells[beside->open], '[');
  _md_match_text_push_all (to, name, beside->start, beside->close);
}

guint
_md_match_name_readings (const MdMatchText *name, const MdMatchText *other,
                         MdMatchReading *out_readings)
{
  Beside beside, others;
  const gboolean both = find_beside (other, &others);

  for (guint i = 0; i < MD_MATCH_READINGS; i++)
    {
      _md_match_text_init (&out_readings[i].text, name->n + 2);
      out_readings[i].reason = 0;
    }
  _md_match_text_push_all (&out_readings[0].text, name, 0, name->n);
  if (!find_beside (name, &beside))
    return 1;
  out_readings[1].reason = out_readings[2].reason = MD_MATCH_BIT (beside.reason);
  if (both)
    {
      push_rewritten (&out_readings[1].text, name, &beside);
      return 2;
    }
  _md_match_text_push_all (&out_readings[1].text, name, 0, beside.open);
  push_behind (&out_readings[1].text, name, &beside);
  _md_match_text_push_all (&out_readings[2].text, name, beside.start, beside.close);
  if (beside.reason == MD_MATCH_REASON_FORMER_NAME && !has_blank (name, beside.start, beside.close))
    push_given (&out_readings[2].text, name, &beside);
  return 3;
}

gboolean
_md_match_is_only_by_pairs (const MdMatchSide *name)
{
  g_auto (MdMatchText) text = { 0 };
  Beside beside;

  if (name->text == NULL || !_md_match_text_read (&text, name->text, name->marks))
    return FALSE;
  if (find_beside (&text, &beside))
    return TRUE;
  _md_match_fold (&text, MD_MATCH_ITEM_NAME, MD_MATCH_BIT (MD_MATCH_REASON_SUBSTITUTE), TRUE);
  for (guint i = 0; i < text.n; i++)
    if (text.cells[i].c == MD_MATCH_ANY)
      return TRUE;
  return FALSE;
}

/* --- where surname and given name part --- */

// Characters before the first blank; 0 without one.
static guint
surname_length (const MdMatchText *name)
{
  for (guint i = 0; i < name->n; i++)
    if (_md_match_is_blank (name->cells[i].c))
      return i;
  return 0;
}

gboolean
_md_match_names_part_elsewhere (const MdMatchText *a, const MdMatchText *b)
{
  const guint one = surname_length (a), other = surname_length (b);

  return one > 0 && other > 0 && one != other && !_md_match_is_latin (a) && !_md_match_is_latin (b);
}
