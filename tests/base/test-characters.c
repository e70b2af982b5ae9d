// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>

/* How many are external in: unicode, windows-31j, jis-x-0208, jis-x-0213. */
static const struct
{
  const char *text;
  guint count[MD_N_CHARACTER_SETS];
} rows[] = {
  { "", { 0, 0, 0, 0 } },
  { "田中 太郎　A1-2", { 0, 0, 0, 0 } },
  { "ー〜々〆ヶ", { 0, 0, 0, 0 } },
  { "髙橋", { 0, 0, 1, 1 } },
  { "山﨑", { 0, 0, 1, 0 } },
  { "\xf0\xa0\xae\xb7野", { 0, 1, 1, 1 } },   /* U+20BB7 */
  { "\xef\xa8\x99谷", { 0, 0, 1, 0 } },       /* U+FA19, a compatibility ideograph */
  { "渡邉\xf3\xa0\x84\x82", { 1, 1, 1, 1 } }, /* with a variation selector */
  { "渡\xee\x80\x80", { 1, 1, 1, 1 } },       /* a private character */
  { "渡\xf3\xb0\x80\x80", { 1, 1, 1, 1 } },   /* one of plane 15 */
  { "髙髙\xf0\xa0\xae\xb7", { 0, 1, 3, 3 } },
};

static void
test_count (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint set = 0; set < MD_N_CHARACTER_SETS; set++)
      {
        g_test_message ("row %u in %s", i, md_character_set_to_id ((MdCharacterSet)set));
        g_assert_cmpuint (md_text_count_external (rows[i].text, (MdCharacterSet)set), ==,
                          rows[i].count[set]);
      }
  g_assert_cmpuint (md_text_count_external (NULL, MD_CHARACTERS_JIS_X_0208), ==, 0);
  g_assert_cmpuint (md_text_count_external ("\xff", MD_CHARACTERS_JIS_X_0208), ==, 0);
}

static void
test_name (void)
{
  g_autofree char *none = md_text_name_external ("髙橋", MD_CHARACTERS_WINDOWS_31J);
  g_autofree char *two = md_text_name_external ("髙\xf0\xa0\xae\xb7髙", MD_CHARACTERS_JIS_X_0208);
  g_autofree char *variant
      = md_text_name_external ("渡邉\xf3\xa0\x84\x82", MD_CHARACTERS_WINDOWS_31J);

  g_assert_null (none);
  g_assert_cmpstr (two, ==, "髙 (U+9AD9), \xf0\xa0\xae\xb7 (U+20BB7)");
  g_assert_cmpstr (variant, ==, "邉\xf3\xa0\x84\x82 (U+9089 U+E0102)");
}

static void
test_ids (void)
{
  MdCharacterSet set;

  for (guint i = 0; i < MD_N_CHARACTER_SETS; i++)
    {
      g_assert_true (md_character_set_from_id (md_character_set_to_id ((MdCharacterSet)i), &set));
      g_assert_cmpint ((int)set, ==, (int)i);
    }
  g_assert_false (md_character_set_from_id ("ascii", &set));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/characters/count", test_count);
  g_test_add_func ("/base/characters/name", test_name);
  g_test_add_func ("/base/characters/ids", test_ids);
  return g_test_run ();
}
