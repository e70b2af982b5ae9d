// SPDX-License-Identifier: Apache-2.0
#include "md-match-private.h"

#include <string.h>

void
_md_match_text_init (MdMatchText *self, guint room)
{
  self->n = 0;
  self->room = MAX (room, 1);
  self->cells = g_new0 (MdMatchCell, self->room);
}

void
_md_match_text_clear (MdMatchText *self)
{
  md_wipe (self->cells, self->room * sizeof *self->cells);
  g_clear_pointer (&self->cells, g_free);
  self->n = self->room = 0;
}

static void
push_cell (MdMatchText *self, MdMatchCell cell)
{
  if (self->n == self->room)
    {
      MdMatchText larger;

      _md_match_text_init (&larger, self->room * 2);
      memcpy (larger.cells, self->cells, self->n * sizeof *self->cells);
      larger.n = self->n;
      _md_match_text_swap (self, &larger);
      _md_match_text_clear (&larger);
    }
  self->cells[self->n++] = cell;
}

void
_md_match_text_push (MdMatchText *self, const MdMatchCell *cell, gunichar c)
{
  MdMatchCell copy = *cell;

  copy.c = c;
  push_cell (self, copy);
}

void
_md_match_text_push_all (MdMatchText *self, const MdMatchText *from, guint start, guint end)
{
  for (guint i = start; i < end; i++)
    push_cell (self, from->cells[i]);
}

void
_md_match_text_swap (MdMatchText *self, MdMatchText *with)
{
  MdMatchText held = *self;

  *self = *with;
  *with = held;
}

gboolean
_md_match_text_read (MdMatchText *self, const char *text, const char *marks)
{
  gsize left = marks ? strlen (marks) : 0;

  if (strnlen (text, MD_LIMIT_FIELD_TEXT * 4 + 1) > MD_LIMIT_FIELD_TEXT * 4
      || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  _md_match_text_init (self, (guint)g_utf8_strlen (text, -1));
  for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char (p, NULL))
    {
      const gunichar c = g_utf8_get_char (p);

      push_cell (self, (MdMatchCell){ .c = c,
                                      .was = c,
                                      .at = self->n,
                                      .substitute = self->n < left && marks[self->n] == '1' });
    }
  return TRUE;
}

gboolean
_md_match_text_has (const MdMatchText *self, guint at, const char *word)
{
  for (const char *p = word; *p != '\0'; p = g_utf8_find_next_char (p, NULL))
    if (at >= self->n || self->cells[at++].c != g_utf8_get_char (p))
      return FALSE;
  return TRUE;
}

char *
_md_match_text_to_utf8 (const MdMatchText *self)
{
  g_autoptr (GString) text = g_string_sized_new (self->n * 4 + 1); /* never grows */

  for (guint i = 0; i < self->n; i++)
    g_string_append_unichar (text, self->cells[i].c);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

gboolean
_md_match_is_blank (gunichar c)
{
  return g_unichar_isspace (c);
}

gboolean
_md_match_is_dash (gunichar c)
{
  return c == 0x2212 || c == 0x30fc || c == 0xff70 || c == 0x2500
         || g_unichar_type (c) == G_UNICODE_DASH_PUNCTUATION;
}

gboolean
_md_match_is_selector (gunichar c)
{
  return (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef);
}

gboolean
_md_match_is_han (gunichar c)
{
  return g_unichar_get_script (c) == G_UNICODE_SCRIPT_HAN
         && g_unichar_type (c) == G_UNICODE_OTHER_LETTER;
}

gboolean
_md_match_is_kana (gunichar c)
{
  return (c >= 0x3041 && c <= 0x3096) || (c >= 0x30a1 && c <= 0x30fa)
         || (c >= 0xff66 && c <= 0xff9d);
}

static guint
after_selectors (const MdMatchText *text, guint at, guint end)
{
  while (at < end && _md_match_is_selector (text->cells[at].c))
    at++;
  return at;
}

gboolean
_md_match_text_equal (const MdMatchText *a, guint end_a, const MdMatchText *b, guint end_b)
{
  guint i = 0, k = 0;

  while (i < end_a && k < end_b)
    {
      const gunichar one = a->cells[i++].c;
      const gunichar other = b->cells[k++].c;
      const gboolean any = one == MD_MATCH_ANY || other == MD_MATCH_ANY;

      if (!any && one != other)
        return FALSE;
      if (any && (_md_match_is_blank (one) || _md_match_is_blank (other)))
        return FALSE;
      if (any)
        {
          i = after_selectors (a, i, end_a);
          k = after_selectors (b, k, end_b);
        }
    }
  return i == end_a && k == end_b;
}
