// SPDX-License-Identifier: Apache-2.0
// What is read of the resident's card, and signatures.
#include "mynumber-fixture.h"

#include <locale.h>
#include <string.h>

#define DIGEST_INFO_PREFIX "3031300D060960864801650304020105000420"

static void
test_read_number (void)
{
  MyNumberFixture f;
  g_autoptr (GError) error = NULL;
  g_autoptr (MdSecret) pin = mynumber_secret ("1234");
  mynumber_set_up (&f, SELECT_TEXT SELECT_0011
                   "> 00200080\n< 63C3\n> 002000800431323334\n< 9000\n"
                   "> 00A4020C020001\n< 9000\n"
                   "> 00B0000011\n< FF100C353337363836363737313838FFFF9000\n");
  g_assert_true (md_mynumber_card_verify (f.card, MD_CARD_PIN_TEXT, pin, MD_CARD_VERIFY_DEFAULT,
                                          NULL, &error));
  g_autoptr (MdSecret) number = md_mynumber_card_read_number (f.card, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (md_secret_get_text (number), ==, "537686677188");
  mynumber_tear_down (&f);
}

static void
test_read_number_without_pin (void)
{
  MyNumberFixture f;
  g_autoptr (GError) error = NULL;
  mynumber_set_up (&f, SELECT_TEXT "> 00A4020C020001\n< 9000\n> 00B0000011\n< 6982\n");
  g_assert_null (md_mynumber_card_read_number (f.card, NULL, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_NEEDED);
  g_assert_cmpint (md_card_error_get_pin (error), ==, MD_CARD_PIN_TEXT);
  mynumber_tear_down (&f);
}

// A certificate of LENGTH bytes is read with 2 SELECT (the application is current: 1) and ceil
// (LENGTH / 256) READ.
static void
check_certificate (gsize length, gboolean end_of_file_warning)
{
  MyNumberFixture f;
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) script = g_string_new ("> 00A4020C02000A\n< 9000\n");
  g_autofree guint8 *der = g_malloc (length);
  mynumber_make_certificate (der, length);
  for (gsize offset = 0; offset < length; offset += 256)
    {
      gsize size = MIN (length - offset, 256);
      g_autofree char *hex = md_hex_encode (der + offset, size);
      g_string_append_printf (script, "> 00B0%04X%02X\n< %s%s\n", (guint)offset,
                              (guint)(size & 0xff), hex,
                              size < 256 && end_of_file_warning ? "6282" : "9000");
    }
  mynumber_set_up (&f, script->str);
  guint before = md_card_connection_get_exchanges (md_mynumber_card_get_connection (f.card));
  g_autoptr (GBytes) certificate
      = md_mynumber_card_read_certificate (f.card, MD_CARD_CERTIFICATE_AUTH, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) expected = g_bytes_new (der, length);
  g_assert_true (g_bytes_equal (certificate, expected));
  guint used = md_card_connection_get_exchanges (md_mynumber_card_get_connection (f.card)) - before;
  g_assert_cmpuint (used, ==, 1 + (length + 255) / 256);
  mynumber_tear_down (&f);
}

static void
test_certificate_in_fewest_commands (void)
{
  check_certificate (1300, FALSE);
  check_certificate (1301, TRUE);
  check_certificate (1024, FALSE);
  check_certificate (1025, FALSE);
  check_certificate (513, FALSE);
}

static void
test_certificate_garbage (void)
{
  static const struct
  {
    const char *script;
    int code;
  } rows[] = {
    { "> 00A4020C02000A\n< 6A82\n", MD_CARD_ERROR_NO_DATA },
    { "> 00A4020C02000A\n< 9000\n> 00B0000000\n< 9000\n", MD_CARD_ERROR_NO_DATA },
    { "> 00A4020C02000A\n< 9000\n> 00B0000000\n< FFFFFFFF9000\n", MD_CARD_ERROR_NO_DATA },
    { "> 00A4020C02000A\n< 9000\n> 00B0000000\n< 30820500AA9000\n> 00B0000500\n< 6B00\n",
      MD_CARD_ERROR_PROTOCOL },
    { "> 00A4020C02000A\n< 9000\n> 00B0000000\n< 30829000\n", MD_CARD_ERROR_PROTOCOL },
    { "> 00A4020C02000A\n< 9000\n> 00B0000000\n< 04020102 9000\n", MD_CARD_ERROR_PROTOCOL },
    { "> 00A4020C02000A\n< 9000\n> 00B0000000\n! removed\n", MD_CARD_ERROR_REMOVED },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MyNumberFixture f;
      g_autoptr (GError) error = NULL;
      mynumber_set_up (&f, rows[i].script);
      g_assert_null (
          md_mynumber_card_read_certificate (f.card, MD_CARD_CERTIFICATE_AUTH, NULL, &error));
      g_assert_error (error, MD_CARD_ERROR, rows[i].code);
      mynumber_tear_down (&f);
    }
}

// SIZE bytes from OFFSET on of a certificate file of 600 bytes, in hex.
static char *
file_part (guint offset, guint size)
{
  guint8 der[600];
  mynumber_make_certificate (der, sizeof der);
  return md_hex_encode (der + offset, size);
}

// FILE is asked for up to END, of a card or reader that gives MOST bytes at a time,
// until NEEDED have come. (transfer full)
static char *
script_in_pieces (GBytes *file, gsize needed, gsize end, gsize most)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (file, &size);
  GString *script = g_string_new (NULL);
  for (gsize at = 0; at < needed;)
    {
      const gsize wanted = MIN (end - at, 256);
      const gsize given = MIN (MIN (wanted, most), size - at);
      g_autofree char *hex = md_hex_encode (data + at, given);
      g_string_append_printf (script, "> 00B0%04X%02X\n< %s9000\n", (guint)at,
                              (guint)(wanted & 0xff), hex);
      at += given;
    }
  return g_string_free (script, FALSE);
}

// The first answer is no other than those behind it: where it is shorter than what was asked for,
// the file itself says whether that was all.
static void
test_short_first_answer (void)
{
  static const gsize most[] = { 255, 254, 250, 128, 100, 16, 4 };
  guint8 der[600];
  mynumber_make_certificate (der, sizeof der);
  g_autoptr (GBytes) expected = g_bytes_new (der, sizeof der);
  for (gsize i = 0; i < G_N_ELEMENTS (most); i++)
    {
      MyNumberFixture f;
      g_autoptr (GError) error = NULL;
      g_autofree char *pieces = script_in_pieces (expected, sizeof der, sizeof der, most[i]);
      g_autofree char *script = g_strconcat ("> 00A4020C02000A\n< 9000\n", pieces, NULL);
      mynumber_set_up (&f, script);
      g_autoptr (GBytes) certificate
          = md_mynumber_card_read_certificate (f.card, MD_CARD_CERTIFICATE_AUTH, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (certificate, expected));
      mynumber_tear_down (&f);
    }
}

// The number's file is read with its filler, where there is some: the card's record may be over
// both.
static void
test_short_answers_of_the_number (void)
{
  static const guint8 contents[] = { 0xff, 0x10, 0x0c, '5', '3', '7', '6',  '8', '6',
                                     '6',  '7',  '7',  '1', '8', '8', 0xff, 0xff };
  static const gsize sizes[] = { 17, 15 };
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (gsize most = 8; most < sizes[i]; most++)
      {
        MyNumberFixture f;
        g_autoptr (GError) error = NULL;
        g_autoptr (GBytes) file = g_bytes_new_static (contents, sizes[i]);
        g_autofree char *pieces = script_in_pieces (file, 15, 17, most);
        g_autofree char *script
            = g_strconcat (SELECT_TEXT "> 00A4020C020001\n< 9000\n", pieces, NULL);
        mynumber_set_up (&f, script);
        g_autoptr (MdSecret) number = md_mynumber_card_read_number (f.card, NULL, &error);
        g_assert_no_error (error);
        g_assert_cmpstr (md_secret_get_text (number), ==, "537686677188");
        mynumber_tear_down (&f);
      }
}

// Lengths that do not add up, at each place where there is one.
static void
test_certificate_lengths_that_lie (void)
{
  guint8 der[300];
  mynumber_make_certificate (der, sizeof der);
  const gsize places[] = { 1, 2, 3, 5, 6, 7, sizeof der - 4, sizeof der - 2 };
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    for (guint value = 0; value < 256; value++)
      {
        g_autoptr (GError) error = NULL;
        mynumber_make_certificate (der, sizeof der);
        if (der[places[i]] == value || (places[i] == sizeof der - 2 && value == 0x81))
          continue; // the last one says the same in another form
        der[places[i]] = (guint8)value;
        g_assert_null (md_card_parse_certificate (der, sizeof der, &error));
        g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PROTOCOL);
      }
}

// An answer that is longer than what was asked for is none: its bytes would stand in the file where
// others belong.
static void
test_more_than_asked_for (void)
{
  MyNumberFixture f;
  g_autoptr (GError) error = NULL;
  g_autofree char *head = file_part (0, 256);
  g_autofree char *script = g_strdup_printf ("> 00A4020C02000A\n< 9000\n"
                                             "> 00B0000000\n< %s00 9000\n"
                                             "> 00A4020C02000A\n< 9000\n"
                                             "> 00B0000000\n< %s9000\n"
                                             "> 00B0010000\n< %s00 9000\n",
                                             head, head, head);
  mynumber_set_up (&f, script);
  for (int i = 0; i < 2; i++)
    {
      g_clear_error (&error);
      g_assert_null (
          md_mynumber_card_read_certificate (f.card, MD_CARD_CERTIFICATE_AUTH, NULL, &error));
      g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PROTOCOL);
    }
  mynumber_tear_down (&f);
}

static void
test_sign_auth (void)
{
  MyNumberFixture f;
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) answer = g_string_new (NULL);
  for (int i = 0; i < 256; i++)
    g_string_append_printf (answer, "%02X", i);
  guint8 digest[32];
  for (guint i = 0; i < 32; i++)
    digest[i] = (guint8)i;
  g_autofree char *script = g_strdup_printf (
      "> 00A4020C020017\n< 9000\n"
      "> 802A008033" DIGEST_INFO_PREFIX
      "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F00\n< %s9000\n",
      answer->str);
  mynumber_set_up (&f, script);
  g_autoptr (GBytes) signature = md_mynumber_card_sign (
      f.card, MD_CARD_KEY_AUTH, md_card_profile_find ("rsa-2048"), digest, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (signature), ==, 256);
  mynumber_tear_down (&f);
}

static void
test_sign_failures (void)
{
  static const struct
  {
    const char *answer;
    int code;
  } rows[] = {
    { "< 6982\n", MD_CARD_ERROR_PIN_NEEDED }, { "< 0011229000\n", MD_CARD_ERROR_PROTOCOL },
    { "< 6985\n", MD_CARD_ERROR_PROTOCOL },   { "! removed\n", MD_CARD_ERROR_REMOVED },
    { "< 9000\n", MD_CARD_ERROR_PROTOCOL },
  };
  guint8 digest[32] = { 0 };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MyNumberFixture f;
      g_autoptr (GError) error = NULL;
      g_autofree char *script = g_strdup_printf (
          "> 00A4020C020017\n< 9000\n> 802A008033" DIGEST_INFO_PREFIX "%064d00\n%s", 0,
          rows[i].answer);
      mynumber_set_up (&f, script);
      g_assert_null (md_mynumber_card_sign (
          f.card, MD_CARD_KEY_AUTH, md_card_profile_find ("rsa-2048"), digest, NULL, &error));
      g_assert_error (error, MD_CARD_ERROR, rows[i].code);
      mynumber_tear_down (&f);
    }
}

#define ATR_OLD "3be000ff8131fe4514"
#define ATR_NEW "3bda13ff8131fb468012392f31c173c601c03b"
#define SELECT_000A "> 00A4020C02000A\n< 9000\n"

static void
read_certificate_with (const char *atr, gsize apdu_max, const char *rest)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *head = file_part (0, 256);
  g_autofree char *script
      = g_strconcat (OPENING SELECT_000A "> 00B0000000\n< ", head, "9000\n", rest, NULL);
  g_autoptr (ScriptBackend) backend = script_backend_new (script);
  script_backend_set_link (backend, atr, apdu_max);
  {
    g_autoptr (MdCardConnection) connection = script_backend_open (backend);
    g_autoptr (MdMyNumberCard) card = md_mynumber_card_new (connection, NULL, &error);
    g_assert_no_error (error);
    g_autoptr (GBytes) der
        = md_mynumber_card_read_certificate (card, MD_CARD_CERTIFICATE_AUTH, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (g_bytes_get_size (der), ==, 600);
  }
  script_backend_assert_done (backend);
}

// By its own key, without a PIN; the same for the same challenge, and what a card without such a
// key says. SHA-256 of "abc" is NIST's.
static void
test_answer_challenge (void)
{
  static const struct
  {
    const char *select, *answer;
    int code; // -1: answered
  } rows[] = {
    { "< 9000\n", NULL, -1 },
    { "< 6A82\n", "", MD_CARD_ERROR_NO_DATA },
    { "< 9000\n", "< 6982\n", MD_CARD_ERROR_PIN_NEEDED },
    { "< 9000\n", "< 6D00\n", MD_CARD_ERROR_UNSUPPORTED },
    { "< 9000\n", "< 6A86\n", MD_CARD_ERROR_UNSUPPORTED },
    { "< 9000\n", "< 6985\n", MD_CARD_ERROR_PROTOCOL },
    { "< 9000\n", "< 6700\n", MD_CARD_ERROR_PROTOCOL },
    { "< 9000\n", "< 0011229000\n", MD_CARD_ERROR_PROTOCOL },
    { "< 9000\n", "! removed\n", MD_CARD_ERROR_REMOVED },
  };
  g_autoptr (GString) hex = g_string_new (NULL);
  for (int i = 0; i < 256; i++)
    g_string_append_printf (hex, "%02X", i);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MyNumberFixture f;
      g_autoptr (GError) error = NULL;
      const gboolean asked = g_strcmp0 (rows[i].answer, "") != 0;
      g_autofree char *good = g_strconcat ("< ", hex->str, "9000\n", NULL);
      g_autofree char *script = g_strconcat (
          "> 00A4040C0AD3921000310001010408\n", rows[i].select,
          asked ? "> 802A000033" DIGEST_INFO_PREFIX
                  "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD00\n"
                : "",
          rows[i].answer != NULL ? rows[i].answer : good, NULL);
      g_test_message ("%" G_GSIZE_FORMAT, i);
      mynumber_set_up (&f, script);
      g_autoptr (GBytes) answer
          = md_mynumber_card_answer_challenge (f.card, (const guint8 *)"abc", 3, NULL, &error);
      if (rows[i].code < 0)
        g_assert_cmpuint (g_bytes_get_size (answer), ==, 256);
      else
        g_assert_error (error, MD_CARD_ERROR, rows[i].code);
      mynumber_tear_down (&f);
    }
}

// One command for the rest of a file where card and reader both offer it, pieces of 256 otherwise;
// no byte twice. A card that does not keep its word costs one command and is not asked again.
static void
test_extended_length (void)
{
  g_autofree char *rest = file_part (256, 344);
  g_autofree char *second = file_part (256, 256);
  g_autofree char *third = file_part (512, 88);
  g_autofree char *at_once = g_strdup_printf ("> 00B00100000158\n< %s9000\n", rest);
  g_autofree char *in_pieces
      = g_strdup_printf ("> 00B0010000\n< %s9000\n> 00B0020058\n< %s9000\n", second, third);
  g_autofree char *broken = g_strconcat ("> 00B00100000158\n< 6700\n", in_pieces, NULL);

  read_certificate_with (ATR_NEW, 65536, at_once);
  read_certificate_with (ATR_OLD, 65536, in_pieces);
  read_certificate_with (ATR_NEW, 256, in_pieces);
  read_certificate_with ("", 65536, in_pieces);
  read_certificate_with (ATR_NEW, 65536, broken);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add_func ("/card/mynumber-files/" name, func)
  ADD ("read-number", test_read_number);
  ADD ("read-number-without-pin", test_read_number_without_pin);
  ADD ("certificate-in-fewest-commands", test_certificate_in_fewest_commands);
  ADD ("certificate-garbage", test_certificate_garbage);
  ADD ("short-first-answer", test_short_first_answer);
  ADD ("short-answers-of-the-number", test_short_answers_of_the_number);
  ADD ("certificate-lengths-that-lie", test_certificate_lengths_that_lie);
  ADD ("more-than-asked-for", test_more_than_asked_for);
  ADD ("sign-auth", test_sign_auth);
  ADD ("sign-failures", test_sign_failures);
  ADD ("answer-challenge", test_answer_challenge);
  ADD ("extended-length", test_extended_length);
#undef ADD
  return g_test_run ();
}
