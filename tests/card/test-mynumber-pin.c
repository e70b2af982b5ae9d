// SPDX-License-Identifier: Apache-2.0
// PINs of the resident's card: tries left, presenting, what is never sent.
#include "mynumber-fixture.h"

// A PIN that stands verified hides its count.
#define HIDDEN_STILL "> 00200080\n< 9000\n> 00200080\n< 9000"
#define HIDDEN HIDDEN_STILL "\n"
#define NO_TEXT "> 00A4040C0AD3921000310001010408\n< 6A82\n"
#define JPKI "> 00A4040C0AD392F000260100000001\n< 9000\n"

#include <locale.h>
#include <memory-scan.h>
#include <string.h>

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
    // Another program's PIN stands: the card forgets it in another application, or hides the count.
    { HIDDEN SELECT_TEXT JPKI SELECT_0018 "> 00200080\n< 63C2\n", 2 },
    { HIDDEN NO_TEXT JPKI SELECT_0018 HIDDEN, MD_CARD_TRIES_UNKNOWN },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MyNumberFixture f;
      g_autoptr (GError) error = NULL;
      g_autofree char *script = g_strconcat (SELECT_0018, rows[i].answers, NULL);
      mynumber_set_up (&f, script);
      int tries = MD_CARD_TRIES_NONE;
      g_assert_true (md_mynumber_card_get_tries (f.card, MD_CARD_PIN_AUTH, &tries, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpint (tries, ==, rows[i].tries);
      mynumber_tear_down (&f);
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
    { SELECT_0018 "> 00200080\n< 6982\n", MD_CARD_ERROR_PROTOCOL },
    { SELECT_0018 "> 00200080\n< 6985\n", MD_CARD_ERROR_PROTOCOL },
    { SELECT_0018 "> 00200080\n< 6D00\n", MD_CARD_ERROR_UNSUPPORTED },
    { SELECT_0018 HIDDEN "> 00A4040C0AD3921000310001010408\n! removed\n", MD_CARD_ERROR_REMOVED },
    { SELECT_0018 HIDDEN SELECT_TEXT JPKI "> 00A4020C020018\n"
                                          "! timeout\n",
      MD_CARD_ERROR_TIMEOUT },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MyNumberFixture f;
      g_autoptr (GError) error = NULL;
      int tries = MD_CARD_TRIES_NONE;
      mynumber_set_up (&f, rows[i].script);
      g_assert_false (md_mynumber_card_get_tries (f.card, MD_CARD_PIN_AUTH, &tries, NULL, &error));
      g_assert_cmpint (tries, ==, MD_CARD_TRIES_NONE); // not written
      g_assert_error (error, MD_CARD_ERROR, rows[i].code);
      mynumber_tear_down (&f);
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
    { "63C3", "< 6982\n", MD_CARD_ERROR_PROTOCOL, MD_CARD_TRIES_UNKNOWN },
    { "63C3", "< 6F00\n", MD_CARD_ERROR_FAILED, MD_CARD_TRIES_UNKNOWN },
    { "63C3", "< 6C04\n", MD_CARD_ERROR_PROTOCOL, MD_CARD_TRIES_UNKNOWN },
    { "63C1", NULL, MD_CARD_ERROR_PIN_LAST_TRY, 1 },
    { "6300", NULL, MD_CARD_ERROR_PIN_UNCOUNTED, MD_CARD_TRIES_UNKNOWN },
    { "9000\n> 00200080\n< 9000\n" NO_TEXT JPKI SELECT_0018 HIDDEN_STILL, NULL,
      MD_CARD_ERROR_PIN_UNCOUNTED, MD_CARD_TRIES_UNKNOWN },
    { "63C0", NULL, MD_CARD_ERROR_PIN_BLOCKED, 0 },
    { "6984", NULL, MD_CARD_ERROR_PIN_BLOCKED, 0 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MyNumberFixture f;
      g_autoptr (GError) error = NULL;
      g_autoptr (MdSecret) pin = mynumber_secret ("1234");
      g_autofree char *script
          = g_strdup_printf (SELECT_0018 "> 00200080\n< %s\n%s%s", rows[i].tries,
                             rows[i].answer != NULL ? "> 002000800431323334\n" : "",
                             rows[i].answer != NULL ? rows[i].answer : "");
      mynumber_set_up (&f, script);
      gboolean ok = md_mynumber_card_verify (f.card, MD_CARD_PIN_AUTH, pin, MD_CARD_VERIFY_DEFAULT,
                                             NULL, &error);
      g_assert_cmpint (ok, ==, rows[i].code < 0);
      if (rows[i].code >= 0)
        {
          g_assert_error (error, MD_CARD_ERROR, rows[i].code);
          g_assert_cmpint (md_card_error_get_tries (error), ==, rows[i].tries_left);
          g_assert_null (strstr (error->message, "1234"));
          // Sent, and no word about it: nobody may say that no try was used.
          gboolean judged = rows[i].code == MD_CARD_ERROR_PIN_WRONG
                            || rows[i].code == MD_CARD_ERROR_PIN_BLOCKED;
          gboolean unanswered = rows[i].answer != NULL && !judged;
          g_assert_cmpint (md_card_error_is_unanswered (error), ==, unanswered);
          g_assert_cmpint (
              md_card_connection_get_unanswered (md_mynumber_card_get_connection (f.card))
                  == MD_CARD_PIN_AUTH,
              ==, unanswered);
          g_assert_true (!unanswered || md_card_error_get_pin (error) == MD_CARD_PIN_AUTH);
        }
      mynumber_tear_down (&f);
    }
}

static void
look_where (const MdCardExchange *exchange, gpointer data)
{
  guint *looked = data;
  g_autofree char *command = memory_flags_of (exchange->command);
  g_autofree char *response = memory_flags_of (exchange->response);
  g_assert_nonnull (strstr (command, " dd"));
  g_assert_nonnull (strstr (response, " dd"));
  ++*looked;
}

// The PIN on its way, and what comes back, lie in the pages of secrets.
static void
test_verify_from_locked_pages (void)
{
  MyNumberFixture f;
  guint looked = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (MdSecret) pin = mynumber_secret ("1234");
  mynumber_set_up (&f, SELECT_0018 "> 00200080\n< 63C3\n> 002000800431323334\n< 9000\n");
  script_backend_set_look (f.backend, look_where, &looked);
  g_assert_true (md_mynumber_card_verify (f.card, MD_CARD_PIN_AUTH, pin, MD_CARD_VERIFY_DEFAULT,
                                          NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (looked, ==, 3);
  mynumber_tear_down (&f);
}

static void
test_verify_last_try_confirmed (void)
{
  static const char *const counts[] = { "63C1", "6300" };
  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      MyNumberFixture f;
      g_autoptr (GError) error = NULL;
      g_autoptr (MdSecret) pin = mynumber_secret ("1234");
      g_autofree char *script = g_strdup_printf (
          SELECT_0018 "> 00200080\n< %s\n> 002000800431323334\n< 9000\n", counts[i]);
      mynumber_set_up (&f, script);
      g_assert_true (md_mynumber_card_verify (f.card, MD_CARD_PIN_AUTH, pin,
                                              MD_CARD_VERIFY_LAST_TRY, NULL, &error));
      g_assert_no_error (error);
      mynumber_tear_down (&f);
    }
}

// A new PIN: only behind the old one, only one that can be it, and once.
static void
test_change (void)
{
  static const struct
  {
    const char *fresh;
    const char *answer; // NULL: nothing is sent
    int code;           // -1: changed
  } rows[] = {
    { "8642", "< 9000\n", -1 },
    { "86421", NULL, MD_CARD_ERROR_PIN_FORMAT },
    { "864A", NULL, MD_CARD_ERROR_PIN_FORMAT },
    { "8642", "< 6982\n", MD_CARD_ERROR_PROTOCOL },
    { "8642", "< 6A80\n", MD_CARD_ERROR_PROTOCOL },
    { "8642", "< 6581\n", MD_CARD_ERROR_FAILED }, // it may have written it before it failed
    { "8642", "< 6F00\n", MD_CARD_ERROR_FAILED },
    { "8642", "< 6281\n", MD_CARD_ERROR_FAILED },
    { "8642", "< 90\n", MD_CARD_ERROR_FAILED }, // of its answer a byte came
    { "8642", "! removed\n", MD_CARD_ERROR_REMOVED },
    { "8642", "! timeout\n", MD_CARD_ERROR_TIMEOUT },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MyNumberFixture f;
      g_autoptr (GError) error = NULL;
      g_autoptr (MdSecret) pin = mynumber_secret ("1234");
      g_autoptr (MdSecret) fresh = mynumber_secret (rows[i].fresh);
      g_autofree char *script = g_strconcat (
          SELECT_0018 "> 00200080\n< 63C3\n> 002000800431323334\n< 9000\n",
          rows[i].answer ? SELECT_0018 "> 002401800438363432\n" : "", rows[i].answer, NULL);
      mynumber_set_up (&f, script);
      g_assert_false (md_mynumber_card_change (f.card, MD_CARD_PIN_AUTH, fresh, NULL, &error));
      g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_NEEDED);
      g_clear_error (&error);
      g_assert_true (md_mynumber_card_verify (f.card, MD_CARD_PIN_AUTH, pin, MD_CARD_VERIFY_DEFAULT,
                                              NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpint (md_mynumber_card_change (f.card, MD_CARD_PIN_AUTH, fresh, NULL, &error), ==,
                       rows[i].code < 0);
      if (rows[i].code >= 0)
        g_assert_error (error, MD_CARD_ERROR, rows[i].code);
      mynumber_tear_down (&f);
    }
}

// The same wrong PIN again: refused here, nothing goes to the card.
static void
test_verify_never_twice (void)
{
  MyNumberFixture f;
  g_autoptr (GError) error = NULL;
  g_autoptr (MdSecret) pin = mynumber_secret ("1234");
  mynumber_set_up (&f, SELECT_0018 "> 00200080\n< 63C3\n> 002000800431323334\n< 63C2\n");
  for (int i = 0; i < 3; i++)
    {
      g_clear_error (&error);
      g_assert_false (md_mynumber_card_verify (f.card, MD_CARD_PIN_AUTH, pin,
                                               MD_CARD_VERIFY_DEFAULT, NULL, &error));
      g_assert_error (error, MD_CARD_ERROR,
                      (i == 0 ? MD_CARD_ERROR_PIN_WRONG : MD_CARD_ERROR_PIN_SAME));
      g_assert_cmpint (md_card_error_get_tries (error), ==, 2);
    }
  mynumber_tear_down (&f);
}

static void
present_remembered (MyNumberFixture *f, MdCardMemory *memory, GError **error)
{
  g_autoptr (MdSecret) pin = mynumber_secret ("1234");
  md_card_connection_set_memory (md_mynumber_card_get_connection (f->card), memory);
  g_assert_false (md_mynumber_card_verify (f->card, MD_CARD_PIN_AUTH, pin, MD_CARD_VERIFY_DEFAULT,
                                           NULL, error));
}

// The card could not be recognised, took the PIN, refused it and said something else: its counter
// tells that the PIN was wrong, and its place on the reader which card it was.
static void
test_verify_never_twice_whatever_was_said (void)
{
  static const char *const words[] = { "6982", "6A82", "6A88", "6D00", "6E00", "6700", "6F00" };
  guint8 der[300];
  mynumber_make_certificate (der, sizeof der);
  g_autofree char *head = md_hex_encode (der, 256);
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      MyNumberFixture f;
      g_autoptr (GError) error = NULL;
      g_autoptr (MdCardMemory) memory = md_card_memory_new ();
      g_autofree char *script = g_strdup_printf (
          NAMELESS SELECT_0018 "> 00200080\n< 63C3\n> 002000800431323334\n< %s\n" OPENING
                               "> 00A4020C02000A\n< 9000\n"
                               "> 00B0000000\n< %s9000\n" SELECT_0018 "> 00200080\n< 63C2\n",
          words[i], head);
      mynumber_set_up (&f, script);
      present_remembered (&f, memory, NULL);
      g_autoptr (MdCardConnection) connection
          = g_object_ref (md_mynumber_card_get_connection (f.card));
      g_clear_object (&f.card); // another look at the same card
      f.card = md_mynumber_card_new (connection, NULL, &error);
      g_assert_no_error (error);
      present_remembered (&f, memory, &error);
      g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_SAME);
      g_assert_cmpint (md_card_error_get_tries (error), ==, 2);
      g_clear_object (&connection);
      mynumber_tear_down (&f);
    }
}

#define NUMBER "222222222225"
#define NUMBER_HEX "323232323232323232323235"
#define SELECT_0014 "> 00A4020C020014\n< 9000\n"

// The certificate of the card that lies there, in pieces of MOST bytes, as far as it tells which
// card it is.
static char *
recognition (const guint8 *der, guint most)
{
  GString *script = g_string_new ("> 00A4020C02000A\n< 9000\n");
  for (guint at = 0; at < 256; at += MIN (most, 256 - at))
    {
      g_autofree char *hex = md_hex_encode (der + at, MIN (most, 256 - at));
      g_string_append_printf (script, "> 00B0%04X%02X\n< %s9000\n", at, (256 - at) & 0xff, hex);
    }
  return g_string_free (script, FALSE);
}

static void
present_digits (ScriptBackend *backend, MdCardMemory *memory, GError **error)
{
  g_autoptr (MdCardConnection) connection = script_backend_open (backend);
  md_card_connection_set_memory (connection, memory);
  g_autoptr (MdMyNumberCard) card = md_mynumber_card_new (connection, NULL, error);
  g_autoptr (MdSecret) digits = mynumber_secret (NUMBER);
  g_assert_false (md_mynumber_card_verify (card, MD_CARD_PIN_TEXT_A, digits, MD_CARD_VERIFY_DEFAULT,
                                           NULL, error));
}

// What is printed on a card is a number like another: its answer was lost with the card, which
// comes back, and has a try less. It is known again however much of it the reader gives at a time.
static void
test_digits_never_twice (void)
{
  static const guint most[] = { 256, 254, 100 };
  guint8 der[600];
  mynumber_make_certificate (der, sizeof der);
  g_autofree char *first = recognition (der, 256);
  for (gsize i = 0; i < G_N_ELEMENTS (most); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MdCardMemory) memory = md_card_memory_new ();
      g_autofree char *again = recognition (der, most[i]);
      g_autofree char *script
          = g_strconcat (OPENING, first,
                         SELECT_TEXT SELECT_0014 "> 00200080\n< 63CA\n> 002000800C" NUMBER_HEX
                                                 "\n! removed\n" OPENING,
                         again, SELECT_TEXT SELECT_0014 "> 00200080\n< 63C9\n", NULL);
      g_autoptr (ScriptBackend) backend = script_backend_new (script);
      present_digits (backend, memory, &error);
      g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_REMOVED);
      g_clear_error (&error);
      present_digits (backend, memory, &error);
      g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_SAME);
      g_assert_cmpint (md_card_error_get_tries (error), ==, 9);
      script_backend_assert_done (backend);
    }
}

// Present 1234 to the card of SCRIPT, which is put there anew: on a reader that counts from the
// start.
static void
present_anew (const char *script, MdCardMemory *memory, MdCardVerifyFlags flags, GError **error)
{
  g_autoptr (ScriptBackend) backend = script_backend_new (OPENING);
  g_autoptr (MdSecret) pin = mynumber_secret ("1234");
  script_backend_add (backend, script);
  md_card_memory_forget_reader (memory, SCRIPT_READER);
  {
    g_autoptr (MdCardConnection) connection = script_backend_open (backend);
    md_card_connection_set_memory (connection, memory);
    g_autoptr (MdMyNumberCard) card = md_mynumber_card_new (connection, NULL, error);
    g_assert_nonnull (card);
    g_assert_false (md_mynumber_card_verify (card, MD_CARD_PIN_AUTH, pin, flags, NULL, error));
  }
  script_backend_assert_done (backend);
}

#define NO_CERTIFICATE "> 00A4020C02000A\n< 6A82\n"
#define GARBLED "> 00A4020C02000A\n< 9000\n> 00B0000000\n< AABBCC9000\n"
#define SERIAL "34303030303030313237313938343331333232313230333530323137"
#define ZEROES "30303030303030303030303030303031333232313230333530323137"
#define CARD_NUMBER "> 00CA004500\n< 313233349000\n"
#define JPKI_AUTH JPKI SELECT_0018

// A card without a certificate that can be read: its serial number tells it, in one place or the
// other, and what tells every card alike tells nothing. What has no name at all may be the card
// that never answered: its PIN goes there once more only where somebody wants that.
static void
test_never_twice_without_a_certificate (void)
{
  static const struct
  {
    const char *first, *then;
    int code;
  } rows[] = {
    { NO_CERTIFICATE SELECT_COMMON "> 00B2010400\n< 011C" SERIAL "9000\n" JPKI_AUTH,
      NO_CERTIFICATE SELECT_COMMON "> 00B2010400\n< 011C" SERIAL "9000\n" JPKI_AUTH,
      MD_CARD_ERROR_PIN_SAME },
    { NO_CERTIFICATE SELECT_COMMON "> 00B2010400\n< 6D00\n" SELECT_MANAGER CARD_NUMBER JPKI_AUTH,
      NO_CERTIFICATE SELECT_COMMON "> 00B2010400\n< 6F00\n" SELECT_MANAGER CARD_NUMBER JPKI_AUTH,
      MD_CARD_ERROR_PIN_SAME },
    { NAMELESS SELECT_0018, NAMELESS SELECT_0018, MD_CARD_ERROR_PIN_SENT_BEFORE },
    { NO_CERTIFICATE SELECT_COMMON "> 00B2010400\n< 011C" ZEROES "9000\n" SELECT_MANAGER
                                   "> 00CA004500\n< 6A88\n" JPKI_AUTH,
      NAMELESS SELECT_0018, MD_CARD_ERROR_PIN_SENT_BEFORE },
    // It could not be read then; now it can, or the other way.
    { GARBLED SELECT_COMMON "> 00B2010400\n< 011C" SERIAL "9000\n" JPKI_AUTH, NULL,
      MD_CARD_ERROR_PIN_SENT_BEFORE },
    { NULL, GARBLED SELECT_COMMON "> 00B2010400\n< 011C" SERIAL "9000\n" JPKI_AUTH,
      MD_CARD_ERROR_PIN_SENT_BEFORE },
  };
  guint8 der[300];
  mynumber_make_certificate (der, sizeof der);
  g_autofree char *certificate = recognition (der, 256);
  g_autofree char *recognised = g_strconcat (certificate, SELECT_0018, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MdCardMemory) memory = md_card_memory_new ();
      const char *before = rows[i].first != NULL ? rows[i].first : recognised;
      const char *after = rows[i].then != NULL ? rows[i].then : recognised;
      g_autofree char *first
          = g_strconcat (before, "> 00200080\n< 63C3\n> 002000800431323334\n! removed\n", NULL);
      g_autofree char *then = g_strconcat (after, "> 00200080\n< 63C2\n", NULL);
      g_autofree char *meant = g_strconcat (then, "> 002000800431323334\n< 63C1\n", NULL);
      g_test_message ("%" G_GSIZE_FORMAT, i);
      present_anew (first, memory, MD_CARD_VERIFY_DEFAULT, &error);
      g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_REMOVED);
      g_clear_error (&error);
      present_anew (then, memory, MD_CARD_VERIFY_LAST_TRY, &error); // which means something else
      g_assert_error (error, MD_CARD_ERROR, rows[i].code);
      g_assert_cmpint (md_card_error_get_tries (error), ==, 2);
      g_assert_cmpint (md_card_error_get_pin (error), ==, MD_CARD_PIN_AUTH);
      g_clear_error (&error);
      const gboolean same = rows[i].code == MD_CARD_ERROR_PIN_SAME;
      present_anew (same ? then : meant, memory, MD_CARD_VERIFY_SENT_BEFORE, &error);
      g_assert_error (error, MD_CARD_ERROR,
                      (same ? MD_CARD_ERROR_PIN_SAME : MD_CARD_ERROR_PIN_WRONG));
    }
}

// To know the card again, the beginning of its certificate is enough; who wants all of it reads the
// rest.
static void
test_certificate_is_begun_once (void)
{
  MyNumberFixture f;
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCardMemory) memory = md_card_memory_new ();
  g_autoptr (MdSecret) pin = mynumber_secret ("1234");
  guint8 der[300];
  mynumber_make_certificate (der, sizeof der);
  g_autofree char *head = recognition (der, 256);
  g_autofree char *rest = md_hex_encode (der + 256, sizeof der - 256);
  g_autofree char *script
      = g_strconcat (head, SELECT_0018 "> 00200080\n< 63C3\n> 002000800431323334\n< 9000\n",
                     "> 00A4020C02000A\n< 9000\n> 00B001002C\n< ", rest, "9000\n", NULL);
  mynumber_set_up (&f, script);
  md_card_connection_set_memory (md_mynumber_card_get_connection (f.card), memory);
  g_assert_true (md_mynumber_card_verify (f.card, MD_CARD_PIN_AUTH, pin, MD_CARD_VERIFY_DEFAULT,
                                          NULL, &error));
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GBytes) certificate
          = md_mynumber_card_read_certificate (f.card, MD_CARD_CERTIFICATE_AUTH, NULL, &error);
      g_autoptr (GBytes) expected = g_bytes_new (der, sizeof der);
      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (certificate, expected));
    }
  mynumber_tear_down (&f);
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
  MyNumberFixture f;
  mynumber_set_up (&f, "");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MdSecret) pin = mynumber_secret (rows[i].text);
      g_assert_cmpint (md_card_pin_is_plausible (rows[i].pin, pin), ==, rows[i].plausible);
      if (rows[i].plausible)
        continue;
      g_autoptr (GError) error = NULL;
      g_assert_false (
          md_mynumber_card_verify (f.card, rows[i].pin, pin, MD_CARD_VERIFY_DEFAULT, NULL, &error));
      g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_FORMAT);
    }
  mynumber_tear_down (&f);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add_func ("/card/mynumber-pin/" name, func)
  ADD ("tries", test_tries);
  ADD ("tries-failures", test_tries_failures);
  ADD ("verify-outcomes", test_verify_outcomes);
  ADD ("verify-from-locked-pages", test_verify_from_locked_pages);
  ADD ("verify-last-try-confirmed", test_verify_last_try_confirmed);
  ADD ("verify-never-twice", test_verify_never_twice);
  ADD ("verify-never-twice-whatever-was-said", test_verify_never_twice_whatever_was_said);
  ADD ("digits-never-twice", test_digits_never_twice);
  ADD ("never-twice-without-a-certificate", test_never_twice_without_a_certificate);
  ADD ("certificate-is-begun-once", test_certificate_is_begun_once);
  ADD ("verify-refuses-impossible-pins", test_verify_refuses_impossible_pins);
  ADD ("change", test_change);
#undef ADD
  return g_test_run ();
}
