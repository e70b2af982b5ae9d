// SPDX-License-Identifier: Apache-2.0
#include "mynumber-fixture.h"

#include <locale.h>
#include <string.h>

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
  MyNumberFixture f;
  g_autoptr (GError) error = NULL;
  mynumber_set_up (&f,
                   "> 00A4040C0AD392F000260100000001\n< 9000\n" SELECT_TEXT
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
  mynumber_tear_down (&f);
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
      MyNumberFixture f;
      g_autoptr (GError) error = NULL;
      g_autofree char *script
          = g_strdup_printf ("> 00A4020C020006\n< 9000\n> 00B0000020\n< %s9000\n", rows[i].answer);
      mynumber_set_up (&f, script);
      MdTokenKind kind = MD_TOKEN_UNKNOWN;
      g_autofree char *label = NULL;
      g_assert_true (md_mynumber_card_read_token (f.card, &kind, &label, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpint (kind, ==, rows[i].kind);
      g_assert_cmpstr (label, ==, rows[i].label);
      mynumber_tear_down (&f);
    }
}

static void
test_common (void)
{
  MyNumberFixture f;
  g_autoptr (GError) error = NULL;
  mynumber_set_up (&f, "> 00A4040C0AD3921000310001010100\n< 9000\n> 00A4020C020001\n< 9000\n"
                       "> 00B2010400\n< "
                       "011C34303030303030313237313938343331333232313230333530323137 9000\n");
  MdCardCommon common;
  g_assert_true (md_mynumber_card_read_common (f.card, &common, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (common.serial, ==, "400000012719843");
  g_assert_cmpstr (common.municipality, ==, "13221");
  g_assert_cmpstr (common.expiry, ==, "20350217");
  mynumber_tear_down (&f);
}

// Where no PIN was presented, no word of a card is about one: it is neither wrong nor locked.
static void
test_words_about_no_pin (void)
{
  static const char *const words[] = { "6300", "63C2", "63C0", "6983", "6984" };
  static const char *const commands[] = {
    "> 00A4020C02000A\n< %s\n",
    "> 00A4020C02000A\n< 9000\n> 00B0000000\n< %s\n",
  };
  for (gsize w = 0; w < G_N_ELEMENTS (words); w++)
    for (gsize c = 0; c < G_N_ELEMENTS (commands); c++)
      {
        MyNumberFixture f;
        g_autoptr (GError) error = NULL;
        g_autoptr (GString) script = g_string_new (commands[c]);
        g_string_replace (script, "%s", words[w], 1);
        mynumber_set_up (&f, script->str);
        g_assert_null (
            md_mynumber_card_read_certificate (f.card, MD_CARD_CERTIFICATE_AUTH, NULL, &error));
        g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PROTOCOL);
        g_assert_cmpint (md_card_error_get_tries (error), ==, MD_CARD_TRIES_UNKNOWN);
        mynumber_tear_down (&f);
      }
}

// A card whose answers together take longer than anybody waits: the one that comes after that is
// not taken, and no other command is sent.
static void
test_patience (void)
{
  MyNumberFixture f;
  g_autoptr (GError) error = NULL;
  g_autoptr (MdTestClock) clock = md_test_clock_new (0);
  mynumber_set_up (&f, "> 00A4020C020018\n< 9000\n> 00200080\n< 63C3\n");
  md_card_connection_set_clock (md_mynumber_card_get_connection (f.card), MD_CLOCK (clock));
  int tries = MD_CARD_TRIES_UNKNOWN;
  script_backend_set_clock (f.backend, clock,
                            MD_CARD_CONVERSATION_S * (gint64)G_USEC_PER_SEC / 2 + 1);
  for (int i = 0; i < 2; i++)
    {
      g_clear_error (&error);
      g_assert_false (md_mynumber_card_get_tries (f.card, MD_CARD_PIN_AUTH, &tries, NULL, &error));
      g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_TIMEOUT);
    }
  g_assert_cmpint (tries, ==, MD_CARD_TRIES_UNKNOWN);
  mynumber_tear_down (&f);
}

// After the card left, nothing more goes over the wire: the script would notice.
static void
test_dead_connection_stays_dead (void)
{
  MyNumberFixture f;
  g_autoptr (GError) error = NULL;
  mynumber_set_up (&f, "> 00A4020C020018\n! removed\n");
  for (int i = 0; i < 3; i++)
    {
      g_clear_error (&error);
      int tries = MD_CARD_TRIES_UNKNOWN;
      g_assert_false (md_mynumber_card_get_tries (f.card, MD_CARD_PIN_AUTH, &tries, NULL, &error));
      g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_REMOVED);
    }
  mynumber_tear_down (&f);
}

static void
test_cancelled_before_sending (void)
{
  MyNumberFixture f;
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  mynumber_set_up (&f, "");
  g_cancellable_cancel (cancellable);
  int tries = MD_CARD_TRIES_UNKNOWN;
  g_assert_false (
      md_mynumber_card_get_tries (f.card, MD_CARD_PIN_AUTH, &tries, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  mynumber_tear_down (&f);
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
  ADD ("token-labels", test_token_labels);
  ADD ("common", test_common);
  ADD ("words-about-no-pin", test_words_about_no_pin);
  ADD ("patience", test_patience);
  ADD ("dead-connection-stays-dead", test_dead_connection_stays_dead);
  ADD ("cancelled-before-sending", test_cancelled_before_sending);
#undef ADD
  return g_test_run ();
}
