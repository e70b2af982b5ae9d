// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"

#include <string.h>

/* field, typed, stored (NULL: refused) */
static const char *const rows[][3] = {
  { "p.birth", "S25.3.7", "1950-03-07" },
  { "p.birth", "昭和25年3月7日", "1950-03-07" },
  { "p.birth", "1950/3/7", "1950-03-07" },
  { "p.birth", "1950-03-07", "1950-03-07" },
  { "p.birth", "19500307", "1950-03-07" },
  { "p.birth", "ｓ２５．３．７", "1950-03-07" },
  { "p.birth", "令和元年5月1日", "2019-05-01" },
  { "p.birth", "昭和65年1月1日", NULL },
  { "p.birth", "1950/2/30", NULL },
  { "p.birth", "2026-11-22", NULL },
  { "p.birth", "2026-11-21", "2026-11-21" },
  { "p.birth", "1867-12-31", NULL },
  { "p.birth", "きのう", NULL },
  { "n.ex_from", "R8.7", "2026-07" },
  { "n.ex_from", "令和8年7月", "2026-07" },
  { "n.ex_from", "2026/7", "2026-07" },
  { "n.ex_from", "2026-07", "2026-07" },
  { "n.ex_from", "202607", "2026-07" },
  { "n.ex_from", "2026/13", NULL },
  { "n.ex_from", "7月", NULL },
  { "p.kana", "たなか　たろう", "タナカ　タロウ" },
  { "p.kana", "ﾀﾅｶ ﾀﾛｳ", "タナカ　タロウ" },
  { "p.kana", "たなかたろう", "タナカタロウ" },
  { "p.kana", "田中", NULL },
  { "p.kana", "Tanaka", NULL },
  { "p.name", " 田中  太郎 ", "田中 太郎" },
  { "p.name", "髙橋\xef\xa8\x91", "髙橋\xef\xa8\x91" },
  { "p.name", "田中\a", NULL },
  { "p.tel", "０９０－１２３４－５６７８", "09012345678" },
  { "p.tel", "03-1234-5678", "0312345678" },
  { "p.tel", "1234567890", NULL },
  { "p.tel", "090123456789", NULL },
  { "p.zip", "123-4567", "1234567" },
  { "p.zip", "12-3456", NULL },
  { "n.bpn", "1234-567890", "1234567890" },
  { "n.bpn", "123456789", NULL },
  { "n.bpn", "１２３４－５６７８９０", "1234567890" },
  { "k.mi_no", "06139463", "06139463" },
  { "k.mi_no", "13-8057", "138057" },
  { "k.mi_no", "06139999", NULL },
  { "k.mi_no", "1399999", NULL },
  { "k.insured", "h234567890", "H234567890" },
  { "k.insured", "A234567890", NULL },
  { "k.insurer", "131011", "131011" },
  { "k.insurer", "131016", NULL },
  { "l.insured", "12345678", "12345678" },
  { "l.insured", "1234567", NULL },
  { "k.mi_sign", "青空・12-34", "青空・12-34" },
  { "k.mi_sign", "123456789012345678901", NULL },
  { "n.ex_year", "２０２６", "2026" },
  { "n.ex_year", "1960", NULL },
  { "n.ex_year", "二千", NULL },
  { "inc.total", "-1,234,567円", "-1234567" },
  { "inc.pens_rev", "-1", NULL },
  { "inc.pens_rev", "99999999999999999999", NULL },
  { "n.ex_kind", "full", "full" },
  { "n.ex_kind", "Full", NULL },
  { "n.ex_cont", "true", "true" },
  { "n.ex_cont", "yes", NULL },
  { "e.compare", "name\nbirth", "name\nbirth" },
  { "e.compare", "name\nshoe", NULL },
  { "e.notice_at", "2026-11-21T05:30:00.000Z", "2026-11-21T05:30:00.000Z" },
  { "e.notice_at", "14:30", NULL },
  { "m.upd_time", "14:30:59", "14:30:59" },
  { "m.upd_time", "24:00", NULL },
  { "m.memo", "一行目 \n二行目", "一行目\n二行目" },
  { "m.memo", "番号 123456789018 を確認", NULL },
  { "m.memo", "番号 1234 5678 9018", NULL },
  { "m.memo", "番号 １２３４－５６７８－９０１８", NULL },
  { "m.memo", "電話 123456789012", "電話 123456789012" },
  { "p.mynum", "123456789018", NULL },
};

static void
test_parse (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MdField *field = md_catalogue_get_field (fixture_catalogue (), rows[i][0]);
      g_autoptr (GError) error = NULL;
      g_autofree char *value = NULL;

      g_assert_nonnull (field);
      value = md_value_parse (field, rows[i][1], FIXTURE_TODAY, &error);
      g_test_message ("%s \"%s\" -> %s", rows[i][0], rows[i][1], value ? value : error->message);
      g_assert_cmpstr (value, ==, rows[i][2]);
      if (!rows[i][2])
        g_assert_error (error, MD_FORMS_ERROR, MD_FORMS_ERROR_VALUE);
    }
}

/* What was stored is read back as itself. */
static void
test_stored_is_stable (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MdField *field = md_catalogue_get_field (fixture_catalogue (), rows[i][0]);
      g_autoptr (GError) error = NULL;
      g_autofree char *again = NULL;

      if (!rows[i][2])
        continue;
      again = md_value_parse (field, rows[i][2], FIXTURE_TODAY, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (again, ==, rows[i][2]);
    }
}

/* Which check failed, in words; and nothing where the digit is right or nobody knows the rule. */
static void
test_number_sentences (void)
{
  static const char *const refused[][3] = { { "k.mi_no", "06139999", "check digit" },
                                            { "k.mi_no", "1399999", "6 or 8 digits, and 7" },
                                            { "n.bpn", "123456789", "10 digits, and 9" },
                                            { "n.bpn", "123456789O", "Only digits" },
                                            { "k.insured", "1H34567890", "an H may" } };
  static const char *const told[][3] = { { "l.insured", "12345678", "last digit" },
                                         { "l.insured", "12345674", NULL },
                                         { "k.insured", "1234567890", NULL },
                                         { "p.zip", "1234567", NULL } };

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      MdField *field = md_catalogue_get_field (fixture_catalogue (), refused[i][0]);
      g_autoptr (GError) error = NULL;

      g_assert_null (md_value_parse (field, refused[i][1], FIXTURE_TODAY, &error));
      g_assert_nonnull (strstr (error->message, refused[i][2]));
    }
  for (guint i = 0; i < G_N_ELEMENTS (told); i++)
    {
      MdField *field = md_catalogue_get_field (fixture_catalogue (), told[i][0]);
      const char *warning = md_value_get_warning (field, told[i][1]);

      g_assert_true (told[i][2] ? warning && strstr (warning, told[i][2]) : !warning);
    }
}

/* Only a number knows which of its digits may be seen. */
static void
test_masked (void)
{
  static const char *const masked[][3] = { { "n.bpn", "1234567890", "******7890" },
                                           { "l.insured", "12345678", "******78" },
                                           { "k.mi_no", "138057", "******" },
                                           { "n.bpn", "no number", NULL },
                                           { "p.zip", "1234567", NULL } };

  for (guint i = 0; i < G_N_ELEMENTS (masked); i++)
    {
      MdField *field = md_catalogue_get_field (fixture_catalogue (), masked[i][0]);
      g_autofree char *text = md_value_to_masked (field, masked[i][1]);

      g_assert_cmpstr (text, ==, masked[i][2]);
    }
}

/* The refusal never repeats what was typed: it may be a number. */
static void
test_messages_do_not_repeat (void)
{
  MdField *memo = md_catalogue_get_field (fixture_catalogue (), "m.memo");
  g_autoptr (GError) error = NULL;

  g_assert_null (md_value_parse (memo, "123456789018", FIXTURE_TODAY, &error));
  g_assert_null (strstr (error->message, "1234"));
}

static void
test_length (void)
{
  MdField *name = md_catalogue_get_field (fixture_catalogue (), "p.name");
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *fits = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 100; i++)
    g_string_append (text, "田");
  fits = md_value_parse (name, text->str, FIXTURE_TODAY, &error);
  g_assert_no_error (error);
  g_string_append (text, "田");
  g_assert_null (md_value_parse (name, text->str, FIXTURE_TODAY, &error));
  g_assert_error (error, MD_FORMS_ERROR, MD_FORMS_ERROR_VALUE);
}

static void
test_age (void)
{
  g_assert_cmpint (md_value_age ("1961-11-22", "2026-11-21", FALSE), ==, 64);
  g_assert_cmpint (md_value_age ("1961-11-22", "2026-11-21", TRUE), ==, 65);
  g_assert_cmpint (md_value_age ("1961-11-23", "2026-11-21", TRUE), ==, 64);
  g_assert_cmpint (md_value_age ("2027-01-01", "2026-11-21", TRUE), ==, -1);
  g_assert_cmpint (md_value_age ("x", "2026-11-21", TRUE), ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forms/value/parse", test_parse);
  g_test_add_func ("/forms/value/stored-is-stable", test_stored_is_stable);
  g_test_add_func ("/forms/value/number-sentences", test_number_sentences);
  g_test_add_func ("/forms/value/masked", test_masked);
  g_test_add_func ("/forms/value/messages-do-not-repeat", test_messages_do_not_repeat);
  g_test_add_func ("/forms/value/length", test_length);
  g_test_add_func ("/forms/value/age", test_age);
  return g_test_run ();
}
