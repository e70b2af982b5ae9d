// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>

#include <string.h>

static void
test_is (void)
{
  g_assert_true (md_digits_is ("0123", 4));
  g_assert_false (md_digits_is ("0123", 3));
  g_assert_false (md_digits_is ("01a3", 4));
  g_assert_false (md_digits_is ("０", 3));
  g_assert_false (md_digits_is (NULL, 0));
  g_assert_true (md_digits_is ("", 0));
}

static void
test_modulus10 (void)
{
  g_assert_cmpint (md_digits_modulus10 ("3312001", 7), ==, '5');
  g_assert_cmpint (md_digits_modulus10 ("33x2001", 7), ==, '\0');
}

static void
test_number_in_text (void)
{
  g_assert_true (md_text_contains_individual_number ("番号は123456789018です"));
  g_assert_true (md_text_contains_individual_number ("１２３４ ５６７８ ９０１８"));
  g_assert_true (md_text_contains_individual_number ("1234-5678-9018"));
  g_assert_true (md_text_contains_individual_number ("1111 1234 5678 9018"));
  g_assert_true (md_text_contains_individual_number ("番号：１２３４５６７８９０１８"));
  g_assert_false (md_text_contains_individual_number ("99123456789018"));
  g_assert_false (md_text_contains_individual_number ("12-3456-789018"));
  g_assert_false (md_text_contains_individual_number ("1234567 89018"));
  g_assert_false (md_text_contains_individual_number ("123456789012"));
  g_assert_false (md_text_contains_individual_number ("12345678と9018"));
  g_assert_false (md_text_contains_individual_number ("電話 090-1234-5678"));
  g_assert_false (md_text_contains_individual_number (""));
  g_assert_false (md_text_contains_individual_number (NULL));
  g_assert_false (md_text_contains_individual_number ("\xff"
                                                      "123456789018"));
}

/* However a person writes it that a machine would not: nothing of it is to get by. */
static void
test_number_written_otherwise (void)
{
  static const char *const numbers[] = { "一二三四五六七八九〇一八",
                                         "一二三四 五六七八 九〇一八",
                                         "１２３４五六七八９０１八",
                                         "壱弐参四伍六七八九零壱八",
                                         "1 2 3 4 5 6 7 8 9 0 1 8",
                                         "123 456 789 018",
                                         "123456-789018",
                                         "12-34-56-78-90-18",
                                         "1234 - 5678 - 9018",
                                         "1234・5678・9018",
                                         "1234.5678.9018",
                                         "1234／5678／9018",
                                         "1234\n5678\n9018",
                                         "1234\u200b56789018",
                                         "①②③④⑤⑥⑦⑧⑨⓪①⑧",
                                         "1234ー5678ー9018",
                                         "1234\u00a05678\u00a09018",
                                         "第一回 123456789018",
                                         "番号一1234 5678 9018",
                                         "①123456789018",
                                         "② 1234 5678 9018",
                                         "123456789018①",
                                         "一二三四五六七八九○一八",
                                         "一二三四五六七八九◯一八",
                                         "1234５６７８9018" };
  static const char *const others[] = { "1 2 3 4 5 6 7 8 9 0 1 8 9",
                                        "123-456-789-018-1",
                                        "090-1234-5678",
                                        "03-1234-5678 03-1234-5678",
                                        "2026-11-20 1234",
                                        "令和八年十一月二十日",
                                        "一二三四五六七八九〇一九",
                                        "001-000042-0",
                                        "開封一丁目9番12号 03-1234-5678",
                                        "1 3 4 5 6 7 8 9 0 1 8 4 5 6 7 8",
                                        "07.04.01-08.03.31",
                                        "07/04/01-08/03/31",
                                        "07-10-01-08-06-30",
                                        "05.10.01-06.09.30" };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      md_autowipe char *covered = md_text_cover_individual_numbers (numbers[i]);

      g_test_message ("%s", numbers[i]);
      g_assert_true (md_text_contains_individual_number (numbers[i]));
      g_assert_false (md_text_contains_individual_number (covered));
    }
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_test_message ("%s", others[i]);
      g_assert_false (md_text_contains_individual_number (others[i]));
    }
}

static void
test_number_covered (void)
{
  static const struct
  {
    const char *text, *covered;
  } cases[] = {
    { "番号は123456789018です。電話 090-1234-5678", "番号は************です。電話 090-1234-5678" },
    { "１２３４－５６７８－９０１８、一二三四五六七八九〇一八", "****－****－****、************" },
    { "2222 1234 5678 9018 1234 5678 9018", "2222 **** **** **** **** **** ****" },
    { "⑫3456789018", "***********" },
    { "所得はありません。", "所得はありません。" },
    { "", "" },
    { NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      md_autowipe char *covered = md_text_cover_individual_numbers (cases[i].text);

      g_assert_cmpstr (covered, ==, cases[i].covered);
    }
}

static void
test_receipt_number (void)
{
  g_autofree char *number = md_receipt_number_format (1, 42);
  guint terminal = 0;
  guint counter = 0;

  g_assert_cmpstr (number, ==, "001-000042-0");
  g_assert_true (md_receipt_number_parse (number, &terminal, &counter, NULL));
  g_assert_cmpuint (terminal, ==, 1);
  g_assert_cmpuint (counter, ==, 42);
  g_assert_true (md_receipt_number_parse ("００１ー００００４２－０", NULL, NULL, NULL));
  g_assert_true (md_receipt_number_parse ("0010000420", &terminal, &counter, NULL));
  g_assert_null (md_receipt_number_format (1000, 0));
  g_assert_null (md_receipt_number_format (0, 1000000));
}

static void
test_receipt_number_refused (void)
{
  static const char *const bad[] = { "",           "001-000042-2", "001-000043-0", "010-000042-0",
                                     "001-000042", "001-00042-0",  "A01-000042-0", NULL };

  g_assert_false (md_receipt_number_parse (NULL, NULL, NULL, NULL));
  for (gsize i = 0; bad[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (md_receipt_number_parse (bad[i], NULL, NULL, &error));
      g_assert_error (error, MD_BASE_ERROR, MD_BASE_ERROR_INVALID);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/digits/is", test_is);
  g_test_add_func ("/base/digits/modulus10", test_modulus10);
  g_test_add_func ("/base/digits/number-in-text", test_number_in_text);
  g_test_add_func ("/base/digits/number-written-otherwise", test_number_written_otherwise);
  g_test_add_func ("/base/digits/number-covered", test_number_covered);
  g_test_add_func ("/base/digits/receipt-number", test_receipt_number);
  g_test_add_func ("/base/digits/receipt-number-refused", test_receipt_number_refused);
  return g_test_run ();
}
