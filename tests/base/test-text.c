// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>

#include <string.h>

typedef char *(*Transform) (const char *text);

static void
assert_gives (Transform transform, const char *text, const char *wanted)
{
  g_autofree char *got = transform (text);

  g_assert_cmpstr (got, ==, wanted);
}

static void
test_tidy (void)
{
  assert_gives (md_text_tidy, "ﾔﾏﾀﾞ　ﾀﾛｳ", "ヤマダ タロウ");
  assert_gives (md_text_tidy, "  青空区１－２－３　４０５号 ", "青空区1-2-3 405号");
  assert_gives (md_text_tidy, "カﾞ", "ガ");
  assert_gives (md_text_tidy, "a \t\n b", "a b");
  assert_gives (md_text_tidy, "", "");
  assert_gives (md_text_tidy, "   ", "");
}

/* NFC and NFKC would turn these into other characters, and the resident's name into another name.
 */
static void
test_names_stay (void)
{
  assert_gives (md_text_tidy, "\ufa19\u8c37 \ufa4f", "\ufa19\u8c37 \ufa4f");
  assert_gives (md_text_tidy, "髙﨑", "髙﨑");
  assert_gives (md_text_tidy, "葛\U000e0100城", "葛\U000e0100城");
  assert_gives (md_text_tidy, "゛㈱①", "゛㈱①");
}

static void
test_kana (void)
{
  assert_gives (md_text_to_kana, "やまだ たろう", "ヤマダ　タロウ");
  assert_gives (md_text_to_kana, "ﾌﾞﾗｳﾝ ｼﾞｮﾝ", "ブラウン　ジョン");
  assert_gives (md_text_to_kana, "ゔぃ", "ヴィ");
  assert_gives (md_text_to_kana, "Abc", "Ａｂｃ");
  g_assert_true (md_text_is_kana ("ヤマダ　タロウ"));
  g_assert_true (md_text_is_kana ("ジョー・ヴ"));
  g_assert_false (md_text_is_kana ("やまだ"));
  g_assert_false (md_text_is_kana ("ヤマダ太郎"));
  g_assert_false (md_text_is_kana (""));
  g_assert_false (md_text_is_kana (NULL));
}

static void
test_search_key (void)
{
  assert_gives (md_text_kana_search_key, "がっこう ぱー", "カツコウハー");
  assert_gives (md_text_kana_search_key, "ｼﾞｮﾝ・ﾌﾞﾗｳﾝ", "シヨンフラウン");
  assert_gives (md_text_kana_search_key, "ヴァヵヶヮ", "ウアカケワ");
}

static void
test_match_key (void)
{
  assert_gives (md_text_match_key, "あおぞら区１丁目２番３－４", "アオゾラ区1丁目2番3-4");
  assert_gives (md_text_match_key, "1−2‐3ー4", "1-2-3-4");
  assert_gives (md_text_match_key, "ABC マンション", "abcマンション");
  assert_gives (md_text_match_key, "\ufa19 \u8c37", "\u795e\u8c37");
  assert_gives (md_text_match_key, "葛\U000e0100城", "葛城");
}

static void
test_digits (void)
{
  assert_gives (md_text_to_digits, "１２３４ー５６７８", "1234-5678");
  assert_gives (md_text_to_digits, " 1234 5678 ", "12345678");
  assert_gives (md_text_to_digits, "٣一", "3一");
}

static void
test_bad_input (void)
{
  static const Transform all[] = { md_text_tidy,      md_text_to_kana,   md_text_kana_search_key,
                                   md_text_match_key, md_text_to_digits, md_text_nfkc };

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    {
      assert_gives (all[i], NULL, NULL);
      assert_gives (all[i], "\xff\xfe", NULL);
      assert_gives (all[i], "", "");
    }
  g_assert_cmpuint (md_text_columns ("\xff"), ==, 0);
  g_assert_cmpuint (md_text_characters (NULL), ==, 0);
  g_assert_false (md_text_is_kana ("\xff"));
}

static void
test_widths (void)
{
  g_assert_cmpuint (md_text_columns ("ab漢字"), ==, 6);
  g_assert_cmpuint (md_text_columns ("ｱﾞ①"), ==, 4);
  g_assert_cmpuint (md_text_columns ("か\u3099"), ==, 2);
  g_assert_cmpuint (md_text_characters ("葛\U000e0100城"), ==, 2);
  g_assert_cmpuint (md_text_characters ("か\u3099ab"), ==, 3);
  g_assert_cmpuint (md_text_characters (""), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/text/tidy", test_tidy);
  g_test_add_func ("/base/text/names-stay", test_names_stay);
  g_test_add_func ("/base/text/kana", test_kana);
  g_test_add_func ("/base/text/search-key", test_search_key);
  g_test_add_func ("/base/text/match-key", test_match_key);
  g_test_add_func ("/base/text/digits", test_digits);
  g_test_add_func ("/base/text/bad-input", test_bad_input);
  g_test_add_func ("/base/text/widths", test_widths);
  return g_test_run ();
}
