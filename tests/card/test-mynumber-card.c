// SPDX-License-Identifier: Apache-2.0
#include "script-backend.h"

#include <locale.h>
#include <string.h>

#define OPENING                                                                                    \
  "> 00A40000\n< 6A86\n"                                                                           \
  "> 00A4040C0AD392F000260100000001\n< 9000\n"
#define SELECT_TEXT "> 00A4040C0AD3921000310001010408\n< 9000\n"
#define SELECT_0011 "> 00A4020C020011\n< 9000\n"
#define SELECT_0018 "> 00A4020C020018\n< 9000\n"
#define DIGEST_INFO_PREFIX "3031300D060960864801650304020105000420"

typedef struct
{
  ScriptBackend *backend;
  MdMyNumberCard *card;
} Fixture;

// A recognised card that goes on with TRANSCRIPT.
static void
setup (Fixture *f, const char *transcript)
{
  g_autoptr (GError) error = NULL;
  f->backend = script_backend_new (OPENING);
  script_backend_add (f->backend, transcript);
  g_autoptr (MdCardConnection) connection = script_backend_open (f->backend);
  f->card = md_mynumber_card_new (connection, NULL, &error);
  g_assert_no_error (error);
}

static void
teardown (Fixture *f)
{
  g_clear_object (&f->card);
  script_backend_assert_done (f->backend);
  g_clear_object (&f->backend);
}

static MdSecret *
secret (const char *text)
{
  return md_secret_new_from_text (text);
}

static void
test_recognise_absorbs_first_fault (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScriptBackend) backend
      = script_backend_new ("> 00A40000\n< 6F00\n"
                            "> 00A4040C0AD392F000260100000001\n< 9000\n");
  {
    g_autoptr (MdCardConnection) connection = script_backend_open (backend);
    g_autoptr (MdMyNumberCard) card = md_mynumber_card_new (connection, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (md_card_connection_get_exchanges (connection), ==, 2);
  }
  script_backend_assert_done (backend);
}

static void
assert_not_recognised (const char *transcript, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScriptBackend) backend = script_backend_new (transcript);
  {
    g_autoptr (MdCardConnection) connection = script_backend_open (backend);
    g_autoptr (MdMyNumberCard) card = md_mynumber_card_new (connection, NULL, &error);
    g_assert_error (error, MD_CARD_ERROR, code);
    g_assert_null (card);
  }
  script_backend_assert_done (backend);
}

static void
test_recognise_refuses_others (void)
{
  assert_not_recognised ("> 00A40000\n< 6A86\n"
                         "> 00A4040C0AD392F000260100000001\n< 6A82\n"
                         "> 00A4040009A0000003080000100000\n< 6A82\n",
                         MD_CARD_ERROR_UNKNOWN_CARD);
  assert_not_recognised ("> 00A40000\n< 6E00\n"
                         "> 00A4040C0AD392F000260100000001\n< 6D00\n"
                         "> 00A4040009A0000003080000100000\n< 6102\n"
                         "> 00C0000002\n< 4F009000\n",
                         MD_CARD_ERROR_WRONG_CARD);
  assert_not_recognised ("> 00A40000\n! removed\n", MD_CARD_ERROR_REMOVED);
  assert_not_recognised ("> 00A40000\n< 90\n", MD_CARD_ERROR_PROTOCOL);
  assert_not_recognised ("> 00A40000\n< 6A86\n"
                         "> 00A4040C0AD392F000260100000001\n! timeout\n",
                         MD_CARD_ERROR_TIMEOUT);
}

// What the card answers for, and no more; the application that was current is selected anew after.
static void
test_applications (void)
{
  Fixture f;
  g_autoptr (GError) error = NULL;
  setup (&f, "> 00A4040C0AD392F000260100000001\n< 9000\n" SELECT_TEXT
             "> 00A4040C0AD3921000310001010402\n< 6A82\n"
             "> 00A4040C0AD3921000310001010401\n< 9000\n"
             "> 00A4040C0AD3921000310001010100\n< 6A82\n"
             "> 00A4040C0AD392F000260100000001\n< 9000\n" SELECT_0018 "> 00200080\n< 63C3\n");
  g_autofree char *applications = md_mynumber_card_list_applications (f.card, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (applications, ==, "JPKI, TEXT, JUKI");
  int tries = MD_CARD_TRIES_UNKNOWN;
  g_assert_true (md_mynumber_card_get_tries (f.card, MD_CARD_PIN_AUTH, &tries, NULL, &error));
  g_assert_cmpint (tries, ==, 3);
  teardown (&f);
}

static void
test_token_labels (void)
{
  static const struct
  {
    const char *answer;
    MdTokenKind kind;
    const char *label;
  } rows[] = {
    { "4A504B49415049434354 4F4B454E32 2020202020202020202020202020202020", MD_TOKEN_CARD,
      "JPKIAPICCTOKEN2" },
    { "4A504B49415049434354 4F4B454E 202020202020202020202020202020202020", MD_TOKEN_OLD_CARD,
      "JPKIAPICCTOKEN" },
    { "4A504B4941504750534554 4F4B454E 2020202020202020202020202020202020", MD_TOKEN_ANDROID,
      "JPKIAPGPSETOKEN" },
    { "4A504B494150494F53544F4B454E", MD_TOKEN_IPHONE, "JPKIAPIOSTOKEN" },
    { "FFFF00", MD_TOKEN_UNKNOWN, "" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Fixture f;
      g_autoptr (GError) error = NULL;
      g_autofree char *script
          = g_strdup_printf ("> 00A4020C020006\n< 9000\n> 00B0000020\n< %s9000\n", rows[i].answer);
      setup (&f, script);
      MdTokenKind kind = MD_TOKEN_UNKNOWN;
      g_autofree char *label = NULL;
      g_assert_true (md_mynumber_card_read_token (f.card, &kind, &label, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpint (kind, ==, rows[i].kind);
      g_assert_cmpstr (label, ==, rows[i].label);
      teardown (&f);
    }
}

static void
test_tries (void)
{
  static const struct
  {
    const char *answers;
    int tries;
  } rows[] = {
    { "> 00200080\n< 63C3\n", 3 },
    { "> 00200080\n< 63C1\n", 1 },
    { "> 00200080\n< 63C0\n", 0 },
    { "> 00200080\n< 6983\n", 0 },
    { "> 00200080\n< 6984\n", 0 },
    { "> 00200080\n< 9000\n> 00200080\n< 63C3\n", 3 },
    // It does not tell: that is no number of tries.
    { "> 00200080\n< 6300\n", MD_CARD_TRIES_UNKNOWN },
    { "> 00200080\n< 9000\n> 00200080\n< 6300\n", MD_CARD_TRIES_UNKNOWN },
    { "> 00200080\n< 9000\n> 00200080\n< 9000\n", MD_CARD_TRIES_UNKNOWN },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Fixture f;
      g_autoptr (GError) error = NULL;
      g_autofree char *script = g_strconcat (SELECT_0018, rows[i].answers, NULL);
      setup (&f, script);
      int tries = MD_CARD_TRIES_NONE;
      g_assert_true (md_mynumber_card_get_tries (f.card, MD_CARD_PIN_AUTH, &tries, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpint (tries, ==, rows[i].tries);
      teardown (&f);
    }
}

static void
test_tries_failures (void)
{
  static const struct
  {
    const char *script;
    int code;
  } rows[] = {
    { "> 00A4020C020018\n< 6A82\n", MD_CARD_ERROR_NO_DATA },
    { SELECT_0018 "> 00200080\n! removed\n", MD_CARD_ERROR_REMOVED },
    { SELECT_0018 "> 00200080\n< 6985\n", MD_CARD_ERROR_PROTOCOL },
    { SELECT_0018 "> 00200080\n< 6D00\n", MD_CARD_ERROR_UNSUPPORTED },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Fixture f;
      g_autoptr (GError) error = NULL;
      int tries = MD_CARD_TRIES_NONE;
      setup (&f, rows[i].script);
      g_assert_false (md_mynumber_card_get_tries (f.card, MD_CARD_PIN_AUTH, &tries, NULL, &error));
      g_assert_cmpint (tries, ==, MD_CARD_TRIES_NONE); // not written
      g_assert_error (error, MD_CARD_ERROR, rows[i].code);
      teardown (&f);
    }
}

// Every way a VERIFY can end: the error, and the tries that travel with it.
static void
test_verify_outcomes (void)
{
  static const struct
  {
    const char *tries;
    const char *answer; // NULL: must not be sent
    int code;           // -1: accepted
    int tries_left;
  } rows[] = {
    { "63C3", "< 9000\n", -1, 0 },
    { "63C3", "< 63C2\n", MD_CARD_ERROR_PIN_WRONG, 2 },
    { "63C2", "< 63C1\n", MD_CARD_ERROR_PIN_WRONG, 1 },
    { "63C2", "< 63C0\n", MD_CARD_ERROR_PIN_BLOCKED, 0 },
    { "63C3", "< 6983\n", MD_CARD_ERROR_PIN_BLOCKED, 0 },
    { "63C3", "< 6984\n", MD_CARD_ERROR_PIN_BLOCKED, 0 },
    { "63C3", "< 6300\n", MD_CARD_ERROR_PIN_WRONG, MD_CARD_TRIES_UNKNOWN },
    { "63C3", "< 6700\n", MD_CARD_ERROR_PROTOCOL, MD_CARD_TRIES_UNKNOWN },
    { "63C3", "< 6A80\n", MD_CARD_ERROR_PROTOCOL, MD_CARD_TRIES_UNKNOWN },
    { "63C3", "! removed\n", MD_CARD_ERROR_REMOVED, MD_CARD_TRIES_UNKNOWN },
    { "63C3", "! timeout\n", MD_CARD_ERROR_TIMEOUT, MD_CARD_TRIES_UNKNOWN },
    { "63C3", "< 6F00\n", MD_CARD_ERROR_FAILED, MD_CARD_TRIES_UNKNOWN },
    { "63C3", "< 6C04\n", MD_CARD_ERROR_PROTOCOL, MD_CARD_TRIES_UNKNOWN },
    { "63C1", NULL, MD_CARD_ERROR_PIN_LAST_TRY, 1 },
    { "6300", NULL, MD_CARD_ERROR_PIN_UNCOUNTED, MD_CARD_TRIES_UNKNOWN },
    { "9000\n> 00200080\n< 9000", NULL, MD_CARD_ERROR_PIN_UNCOUNTED, MD_CARD_TRIES_UNKNOWN },
    { "63C0", NULL, MD_CARD_ERROR_PIN_BLOCKED, 0 },
    { "6984", NULL, MD_CARD_ERROR_PIN_BLOCKED, 0 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Fixture f;
      g_autoptr (GError) error = NULL;
      g_autoptr (MdSecret) pin = secret ("1234");
      g_autofree char *script
          = g_strdup_printf (SELECT_0018 "> 00200080\n< %s\n%s%s", rows[i].tries,
                             rows[i].answer != NULL ? "> 002000800431323334\n" : "",
                             rows[i].answer != NULL ? rows[i].answer : "");
      setup (&f, script);
      gboolean ok = md_mynumber_card_verify (f.card, MD_CARD_PIN_AUTH, pin, MD_CARD_VERIFY_DEFAULT,
                                             NULL, &error);
      g_assert_cmpint (ok, ==, rows[i].code < 0);
      if (rows[i].code >= 0)
        {
          g_assert_error (error, MD_CARD_ERROR, rows[i].code);
          g_assert_cmpint (md_card_error_get_tries (error), ==, rows[i].tries_left);
          g_assert_null (strstr (error->message, "1234"));
        }
      teardown (&f);
    }
}

static void
test_verify_last_try_confirmed (void)
{
  static const char *const counts[] = { "63C1", "6300" };
  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      Fixture f;
      g_autoptr (GError) error = NULL;
      g_autoptr (MdSecret) pin = secret ("1234");
      g_autofree char *script = g_strdup_printf (
          SELECT_0018 "> 00200080\n< %s\n> 002000800431323334\n< 9000\n", counts[i]);
      setup (&f, script);
      g_assert_true (md_mynumber_card_verify (f.card, MD_CARD_PIN_AUTH, pin,
                                              MD_CARD_VERIFY_LAST_TRY, NULL, &error));
      g_assert_no_error (error);
      teardown (&f);
    }
}

// The same wrong PIN again: refused here, nothing goes to the card.
static void
test_verify_never_twice (void)
{
  Fixture f;
  g_autoptr (GError) error = NULL;
  g_autoptr (MdSecret) pin = secret ("1234");
  setup (&f, SELECT_0018 "> 00200080\n< 63C3\n> 002000800431323334\n< 63C2\n");
  for (int i = 0; i < 3; i++)
    {
      g_clear_error (&error);
      g_assert_false (md_mynumber_card_verify (f.card, MD_CARD_PIN_AUTH, pin,
                                               MD_CARD_VERIFY_DEFAULT, NULL, &error));
      g_assert_error (error, MD_CARD_ERROR,
                      (i == 0 ? MD_CARD_ERROR_PIN_WRONG : MD_CARD_ERROR_PIN_SAME));
      g_assert_cmpint (md_card_error_get_tries (error), ==, 2);
    }
  teardown (&f);
}

static void
test_verify_refuses_impossible_pins (void)
{
  static const struct
  {
    MdCardPin pin;
    const char *text;
    gboolean plausible;
  } rows[] = {
    { MD_CARD_PIN_AUTH, "1234", TRUE },
    { MD_CARD_PIN_AUTH, "123", FALSE },
    { MD_CARD_PIN_AUTH, "12345", FALSE },
    { MD_CARD_PIN_AUTH, "12a4", FALSE },
    { MD_CARD_PIN_AUTH, "", FALSE },
    { MD_CARD_PIN_TEXT, "0000", TRUE },
    { MD_CARD_PIN_TEXT, "１２３４", FALSE },
    { MD_CARD_PIN_SIGN, "ABC123", TRUE },
    { MD_CARD_PIN_SIGN, "abc123", FALSE },
    { MD_CARD_PIN_SIGN, "ABCDEF", FALSE },
    { MD_CARD_PIN_SIGN, "123456", FALSE },
    { MD_CARD_PIN_SIGN, "AB12", FALSE },
    { MD_CARD_PIN_SIGN, "ABCDEFGH12345678", TRUE },
    { MD_CARD_PIN_SIGN, "ABCDEFGH123456789", FALSE },
  };
  Fixture f;
  setup (&f, "");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MdSecret) pin = secret (rows[i].text);
      g_assert_cmpint (md_card_pin_is_plausible (rows[i].pin, pin), ==, rows[i].plausible);
      if (rows[i].plausible)
        continue;
      g_autoptr (GError) error = NULL;
      g_assert_false (
          md_mynumber_card_verify (f.card, rows[i].pin, pin, MD_CARD_VERIFY_DEFAULT, NULL, &error));
      g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_FORMAT);
    }
  teardown (&f);
}

static void
test_read_number (void)
{
  Fixture f;
  g_autoptr (GError) error = NULL;
  g_autoptr (MdSecret) pin = secret ("1234");
  setup (&f, SELECT_TEXT SELECT_0011 "> 00200080\n< 63C3\n> 002000800431323334\n< 9000\n"
                                     "> 00A4020C020001\n< 9000\n"
                                     "> 00B0000011\n< FF100C353337363836363737313838FFFF9000\n");
  g_assert_true (md_mynumber_card_verify (f.card, MD_CARD_PIN_TEXT, pin, MD_CARD_VERIFY_DEFAULT,
                                          NULL, &error));
  g_autoptr (MdSecret) number = md_mynumber_card_read_number (f.card, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (md_secret_get_text (number), ==, "537686677188");
  teardown (&f);
}

static void
test_read_number_without_pin (void)
{
  Fixture f;
  g_autoptr (GError) error = NULL;
  setup (&f, SELECT_TEXT "> 00A4020C020001\n< 9000\n> 00B0000011\n< 6982\n");
  g_assert_null (md_mynumber_card_read_number (f.card, NULL, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_NEEDED);
  g_assert_cmpint (md_card_error_get_pin (error), ==, MD_CARD_PIN_TEXT);
  teardown (&f);
}

// A certificate of LENGTH bytes is read with 2 SELECT (the application is current: 1) and ceil
// (LENGTH / 256) READ.
static void
check_certificate (gsize length, gboolean end_of_file_warning)
{
  Fixture f;
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) script = g_string_new ("> 00A4020C02000A\n< 9000\n");
  g_autofree guint8 *der = g_malloc (length);
  for (gsize i = 0; i < length; i++)
    der[i] = (guint8)(i * 7);
  der[0] = 0x30;
  der[1] = 0x82;
  der[2] = (guint8)((length - 4) >> 8);
  der[3] = (guint8)((length - 4) & 0xff);
  for (gsize offset = 0; offset < length; offset += 256)
    {
      gsize size = MIN (length - offset, 256);
      g_autofree char *hex = md_hex_encode (der + offset, size);
      g_string_append_printf (script, "> 00B0%04X%02X\n< %s%s\n", (guint)offset,
                              (guint)(size & 0xff), hex,
                              size < 256 && end_of_file_warning ? "6282" : "9000");
    }
  setup (&f, script->str);
  guint before = md_card_connection_get_exchanges (md_mynumber_card_get_connection (f.card));
  g_autoptr (GBytes) certificate
      = md_mynumber_card_read_certificate (f.card, MD_CARD_CERTIFICATE_AUTH, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) expected = g_bytes_new (der, length);
  g_assert_true (g_bytes_equal (certificate, expected));
  guint used = md_card_connection_get_exchanges (md_mynumber_card_get_connection (f.card)) - before;
  g_assert_cmpuint (used, ==, 1 + (length + 255) / 256);
  teardown (&f);
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
    { "> 00A4020C02000A\n< 9000\n> 00B0000000\n< 30820500AA9000\n", MD_CARD_ERROR_PROTOCOL },
    { "> 00A4020C02000A\n< 9000\n> 00B0000000\n< 04020102 9000\n", MD_CARD_ERROR_PROTOCOL },
    { "> 00A4020C02000A\n< 9000\n> 00B0000000\n! removed\n", MD_CARD_ERROR_REMOVED },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Fixture f;
      g_autoptr (GError) error = NULL;
      setup (&f, rows[i].script);
      g_assert_null (
          md_mynumber_card_read_certificate (f.card, MD_CARD_CERTIFICATE_AUTH, NULL, &error));
      g_assert_error (error, MD_CARD_ERROR, rows[i].code);
      teardown (&f);
    }
}

static void
test_sign_auth (void)
{
  Fixture f;
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
  setup (&f, script);
  g_autoptr (GBytes) signature = md_mynumber_card_sign (
      f.card, MD_CARD_KEY_AUTH, md_card_profile_find ("rsa-2048"), digest, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (signature), ==, 256);
  teardown (&f);
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
      Fixture f;
      g_autoptr (GError) error = NULL;
      g_autofree char *script = g_strdup_printf (
          "> 00A4020C020017\n< 9000\n> 802A008033" DIGEST_INFO_PREFIX "%064d00\n%s", 0,
          rows[i].answer);
      setup (&f, script);
      g_assert_null (md_mynumber_card_sign (
          f.card, MD_CARD_KEY_AUTH, md_card_profile_find ("rsa-2048"), digest, NULL, &error));
      g_assert_error (error, MD_CARD_ERROR, rows[i].code);
      teardown (&f);
    }
}

static void
test_common (void)
{
  Fixture f;
  g_autoptr (GError) error = NULL;
  setup (&f, "> 00A4040C0AD3921000310001010100\n< 9000\n> 00A4020C020001\n< 9000\n"
             "> 00B2010400\n< "
             "011C34303030303030313237313938343331333232313230333530323137 9000\n");
  MdCardCommon common;
  g_assert_true (md_mynumber_card_read_common (f.card, &common, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (common.serial, ==, "400000012719843");
  g_assert_cmpstr (common.municipality, ==, "13221");
  g_assert_cmpstr (common.expiry, ==, "20350217");
  teardown (&f);
}

// After the card left, nothing more goes over the wire: the script would notice.
static void
test_dead_connection_stays_dead (void)
{
  Fixture f;
  g_autoptr (GError) error = NULL;
  setup (&f, "> 00A4020C020018\n! removed\n");
  for (int i = 0; i < 3; i++)
    {
      g_clear_error (&error);
      int tries = MD_CARD_TRIES_UNKNOWN;
      g_assert_false (md_mynumber_card_get_tries (f.card, MD_CARD_PIN_AUTH, &tries, NULL, &error));
      g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_REMOVED);
    }
  teardown (&f);
}

static void
test_cancelled_before_sending (void)
{
  Fixture f;
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  setup (&f, "");
  g_cancellable_cancel (cancellable);
  int tries = MD_CARD_TRIES_UNKNOWN;
  g_assert_false (
      md_mynumber_card_get_tries (f.card, MD_CARD_PIN_AUTH, &tries, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  teardown (&f);
}

#define ATR_OLD "3be000ff8131fe4514"
#define ATR_NEW "3bda13ff8131fb468012392f31c173c601c03b"
#define SELECT_000A "> 00A4020C02000A\n< 9000\n"

// SIZE bytes from OFFSET on of a certificate file of 600 bytes, in hex.
static char *
file_part (guint offset, guint size)
{
  static const guint8 header[] = { 0x30, 0x82, 0x02, 0x54 };
  GString *text = g_string_new (NULL);
  for (guint i = offset; i < offset + size; i++)
    g_string_append_printf (text, "%02X", i < sizeof header ? header[i] : i & 0xff);
  return g_string_free (text, FALSE);
}

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
#define ADD(name, func) g_test_add_func ("/card/mynumber-card/" name, func)
  ADD ("recognise-absorbs-first-fault", test_recognise_absorbs_first_fault);
  ADD ("recognise-refuses-others", test_recognise_refuses_others);
  ADD ("applications", test_applications);
  ADD ("extended-length", test_extended_length);
  ADD ("token-labels", test_token_labels);
  ADD ("tries", test_tries);
  ADD ("tries-failures", test_tries_failures);
  ADD ("verify-outcomes", test_verify_outcomes);
  ADD ("verify-last-try-confirmed", test_verify_last_try_confirmed);
  ADD ("verify-never-twice", test_verify_never_twice);
  ADD ("verify-refuses-impossible-pins", test_verify_refuses_impossible_pins);
  ADD ("read-number", test_read_number);
  ADD ("read-number-without-pin", test_read_number_without_pin);
  ADD ("certificate-in-fewest-commands", test_certificate_in_fewest_commands);
  ADD ("certificate-garbage", test_certificate_garbage);
  ADD ("sign-auth", test_sign_auth);
  ADD ("sign-failures", test_sign_failures);
  ADD ("common", test_common);
  ADD ("dead-connection-stays-dead", test_dead_connection_stays_dead);
  ADD ("cancelled-before-sending", test_cancelled_before_sending);
#undef ADD
  return g_test_run ();
}
