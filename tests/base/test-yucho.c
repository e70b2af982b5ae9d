// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>

#include <string.h>

static void
test_transfer (void)
{
  static const struct
  {
    const char *symbol, *number, *branch, *account;
  } rows[] = {
    /* Savings: branch ends in 8, the last digit of the number goes. */
    { "14030", "12345671", "408", "1234567" },
    { "10170", "11", "018", "0000001" },
    { "19980", "10000001", "998", "1000000" },
    /* Transfer accounts: branch ends in 9, the number stays. */
    { "00190", "566468", "019", "0566468" },
    { "02880", "1", "289", "0000001" },
    /* One of the two is wrong. */
    { "14030", "12345672", "408", NULL },
    { "14030", "1", "408", NULL },
    { "14030", "123456711", "408", NULL },
    { "00190", "5664680", "019", NULL },
    { "00190", "", "019", NULL },
    { "00190", NULL, "019", NULL },
    { "00190", "56646x", "019", NULL },
    { "24030", "12345671", NULL, NULL },
    { "1403", "12345671", NULL, NULL },
    { "140300", "12345671", NULL, NULL },
    { "1403x", "12345671", NULL, NULL },
    { "", "12345671", NULL, NULL },
    { NULL, "12345671", NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *branch = md_yucho_branch (rows[i].symbol);
      g_autofree char *account = md_yucho_account (rows[i].symbol, rows[i].number);

      g_test_message ("%u", i);
      g_assert_cmpstr (branch, ==, rows[i].branch);
      g_assert_cmpstr (account, ==, rows[i].account);
      g_assert_cmpint (md_yucho_is_symbol (rows[i].symbol), ==, rows[i].branch != NULL);
      g_assert_cmpint (md_yucho_is_number (rows[i].symbol, rows[i].number), ==,
                       rows[i].account != NULL);
      if (rows[i].account == NULL)
        g_assert_false (md_yucho_looks_right (rows[i].symbol, rows[i].number));
    }
}

/* Accounts that charities publish for donations, and one of a savings account worked out by hand:
 * 1 + 0 + 0 + 0 + 0 + 2 + 1 + 6 + 6 + 4 + 15 + 3 + 1 = 39. */
static void
test_check_digit (void)
{
  static const char *const right[][2] = {
    { "00190", "566468" },
    { "00140", "569575" },
    { "00190", "31000" },
    { "10090", "11234561" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (right); i++)
    {
      const char own = right[i][0][3];

      g_test_message ("%s", right[i][0]);
      g_assert_true (md_yucho_looks_right (right[i][0], right[i][1]));
      for (char digit = '0'; digit <= '9'; digit++)
        {
          char symbol[] = "00000";

          memcpy (symbol, right[i][0], 5);
          symbol[3] = digit;
          g_assert_cmpint (md_yucho_looks_right (symbol, right[i][1]), ==, digit == own);
        }
    }
  g_assert_false (md_yucho_looks_right ("00191", "566468"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/yucho/transfer", test_transfer);
  g_test_add_func ("/base/yucho/check-digit", test_check_digit);
  return g_test_run ();
}
