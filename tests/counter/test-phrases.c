// SPDX-License-Identifier: Apache-2.0
#include "phrases.h"

#include <string.h>

/* The text with a bar wherever a line may end. */
static char *
bars (const char *text)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < strlen (text); i++)
    {
      if (i > 0 && ((guchar)text[i] & 0xc0) != 0x80 && counter_phrases_may_break (text, i))
        g_string_append_c (out, '|');
      g_string_append_c (out, text[i]);
    }
  return g_string_free (out, FALSE);
}

static void
test_breaks (void)
{
  static const char *const cases[][2] = {
    { "職員用のリーダーに、ご自分の職員カードを置いてください。",
      "職員用の|リーダーに、|ご自分の|職員カードを|置いてください。" },
    { "申請を受け付けました。", "申請を|受け付けました。" },
    { "お持ちの方に確認してください（必須）。", "お持ちの方に|確認してください|（必須）。" },
    { "あと2回入力できます。", "あと2回入力できます。" },
    { "暗証番号が違います。あと1回です。", "暗証番号が|違います。|あと1回です。" },
    { "そのあと残り3回です。", "そのあと|残り3回です。" },
    { "失効・停止", "失効・|停止" },
    { "若葉三丁目4番5号 若葉ハイツ201", "若葉三丁目4番5号| |若葉ハイツ201" },
    { "ください。", "ください。" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *found = bars (cases[i][0]);

      g_assert_cmpstr (found, ==, cases[i][1]);
    }
}

/* Each phrase keeps its letters together; they follow one another without a gap. */
static void
test_attributes (void)
{
  static const char text[] = "カードを置いてください。";
  g_autoptr (PangoAttrList) list = counter_phrases_attributes (text);
  GSList *phrases;
  guint end = 0;

  g_assert_nonnull (list);
  phrases = pango_attr_list_get_attributes (list);
  g_assert_cmpuint (g_slist_length (phrases), ==, 2);
  for (GSList *l = phrases; l != NULL; l = l->next)
    {
      PangoAttribute *phrase = l->data;

      g_assert_true (phrase->klass->type == PANGO_ATTR_WORD);
      g_assert_cmpuint (phrase->start_index, ==, end);
      end = phrase->end_index;
    }
  g_assert_cmpuint (end, ==, strlen (text));
  g_slist_free_full (phrases, (GDestroyNotify)pango_attribute_destroy);
}

static void
test_left_alone (void)
{
  g_assert_null (counter_phrases_attributes (""));
  g_assert_null (counter_phrases_attributes ("Put the card on the reader."));
  g_assert_null (counter_phrases_attributes ("\xe3\x81"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/counter/phrases/breaks", test_breaks);
  g_test_add_func ("/counter/phrases/attributes", test_attributes);
  g_test_add_func ("/counter/phrases/left-alone", test_left_alone);
  return g_test_run ();
}
