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
  g_test_add_func ("/base/digits/receipt-number", test_receipt_number);
  g_test_add_func ("/base/digits/receipt-number-refused", test_receipt_number_refused);
  return g_test_run ();
}
