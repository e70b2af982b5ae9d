// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "phrases.h"

#include <string.h>

/* --- letters --- */

typedef enum
{
  OTHER,
  SPACE,
  HIRAGANA,
  WORD,  /* kanji, katakana, figures, letters: what a phrase begins with */
  OPEN,  /* opening brackets */
  CLOSE, /* closing brackets, commas, full stops: what a phrase ends with */
} Kind;

static gboolean
is_one_of (gunichar letter, const char *letters)
{
  return g_utf8_strchr (letters, -1, letter) != NULL;
}

static Kind
kind_of (gunichar letter)
{
  if (g_unichar_isspace (letter))
    return SPACE;
  if (is_one_of (letter, "「『（【〈《“(["))
    return OPEN;
  if (is_one_of (letter, "、。，．！？：；・」』）】〉》”)]"))
    return CLOSE;
  if (letter >= 0x3041 && letter <= 0x309f)
    return HIRAGANA;
  if ((letter >= 0x30a0 && letter <= 0x30ff) || (letter >= 0x3400 && letter <= 0x9fff)
      || letter == 0x3005 /* 々 */ || g_unichar_isalnum (letter))
    return WORD;
  return OTHER;
}

/* --- phrases --- */

/* Kana between two other letters: a particle ends a phrase; one kana that is none belongs to a word
 * (受け付け, 取り消し). */
static gboolean
ends_phrase (const char *text, const char *last)
{
  static const char particles[] = "はがをにでともへのやか";
  const char *before = g_utf8_find_prev_char (text, last);

  return is_one_of (g_utf8_get_char (last), particles)
         || (before != NULL && kind_of (g_utf8_get_char (before)) == HIRAGANA);
}

/* Letters that lean on what stands before them: お持ちの方, あおぞら区, カードの側. */
static gboolean
leans (gunichar letter)
{
  return is_one_of (letter, "区市町村都道府県郡丁目番号様方側内外中後前等的者用名年月日時分回件");
}

/* あと belongs to the figure that it counts: あと2回入力できます. */
static gboolean
counts_on (const char *text, gsize position)
{
  static const char more[] = "あと";
  const gsize size = sizeof more - 1;

  return position >= size && memcmp (text + position - size, more, size) == 0
         && g_unichar_isdigit (g_utf8_get_char (text + position));
}

gboolean
counter_phrases_may_break (const char *text, gsize position)
{
  const char *here = text + position, *last;
  Kind before, after;

  if (position == 0 || *here == '\0')
    return TRUE;
  last = g_utf8_find_prev_char (text, here);
  before = kind_of (g_utf8_get_char (last));
  after = kind_of (g_utf8_get_char (here));
  if (before == SPACE || after == SPACE)
    return TRUE;
  if (after == CLOSE || before == OPEN)
    return FALSE;
  if (before == CLOSE || after == OPEN)
    return TRUE;
  return before == HIRAGANA && after == WORD && !leans (g_utf8_get_char (here))
         && !counts_on (text, position) && ends_phrase (text, last);
}

static gboolean
is_japanese (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char (p, NULL))
    {
      gunichar letter = g_utf8_get_char (p);

      if (letter >= 0x3041 && letter <= 0x9fff)
        return TRUE;
    }
  return FALSE;
}

PangoAttrList *
counter_phrases_attributes (const char *text)
{
  PangoAttrList *list = NULL;
  gsize start = 0;

  if (!g_utf8_validate (text, -1, NULL) || !is_japanese (text))
    return NULL;
  for (const char *p = g_utf8_find_next_char (text, NULL); list == NULL || start < strlen (text);
       p = g_utf8_find_next_char (p, NULL))
    {
      gsize here = (gsize)(p - text);
      PangoAttribute *phrase;

      if (!counter_phrases_may_break (text, here))
        continue;
      phrase = pango_attr_word_new ();
      phrase->start_index = (guint)start;
      phrase->end_index = (guint)here;
      list = list != NULL ? list : pango_attr_list_new ();
      pango_attr_list_insert (list, phrase);
      start = here;
    }
  return list;
}

/* --- labels --- */

/* With a line-height of the style sheet GTK 4.8 breaks lines after any letter, in any language. So
   labels that wrap have theirs from here; "phrased" takes the style sheet's away. */
static double
line_height (GtkWidget *label)
{
  if (gtk_widget_has_css_class (label, "para"))
    return 1.4;
  if (gtk_widget_has_css_class (label, "sentence"))
    return 1.3;
  return 1.2;
}

static void
keep_phrases (GtkLabel *label)
{
  g_autoptr (PangoAttrList) attributes = counter_phrases_attributes (gtk_label_get_text (label));

  if (attributes == NULL)
    attributes = pango_attr_list_new ();
  pango_attr_list_insert (attributes,
                          pango_attr_line_height_new (line_height (GTK_WIDGET (label))));
  gtk_label_set_attributes (label, attributes);
}

static gboolean
mapped_hook (GSignalInvocationHint *hint, guint n_values, const GValue *values, gpointer data)
{
  GtkWidget *widget = g_value_get_object (values);

  if (!GTK_IS_LABEL (widget) || !gtk_label_get_wrap (GTK_LABEL (widget))
      || gtk_widget_has_css_class (widget, "phrased"))
    return TRUE;
  gtk_widget_add_css_class (widget, "phrased");
  g_signal_connect (widget, "notify::label", G_CALLBACK (keep_phrases), NULL);
  keep_phrases (GTK_LABEL (widget));
  return TRUE;
}

void
counter_phrases_watch (void)
{
  (void)g_signal_add_emission_hook (g_signal_lookup ("map", GTK_TYPE_WIDGET), 0, mapped_hook, NULL,
                                    NULL);
}
