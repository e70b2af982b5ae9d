// SPDX-License-Identifier: Apache-2.0
#include "mynumber-fixture.h"

#define PIV_OPENING "> 00A4040009A0000003080000100000\n< 61114F0600001000010079079000\n"
#define HIDDEN_STILL "9000\n> 00200080\n< 9000"
#define HIDDEN HIDDEN_STILL "\n"
#define POINT                                                                                      \
  "040102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F20"                             \
  "2102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F40"

typedef struct
{
  ScriptBackend *backend;
  MdStaffCard *card;
} Fixture;

static void
setup (Fixture *f, const char *transcript)
{
  g_autoptr (GError) error = NULL;
  f->backend = script_backend_new (PIV_OPENING);
  script_backend_add (f->backend, transcript);
  g_autoptr (MdCardConnection) connection = script_backend_open (f->backend);
  f->card = md_staff_card_new (connection, NULL, &error);
  g_assert_no_error (error);
}

static void
teardown (Fixture *f)
{
  g_clear_object (&f->card);
  script_backend_assert_done (f->backend);
  g_clear_object (&f->backend);
}

static void
test_recognise_refuses_others (void)
{
  static const struct
  {
    const char *script;
    int code;
  } rows[] = {
    { "> 00A4040009A0000003080000100000\n< 6A82\n> 00A4040C0AD392F000260100000001\n< 9000\n",
      MD_CARD_ERROR_WRONG_CARD },
    { "> 00A4040009A0000003080000100000\n< 6D00\n> 00A4040C0AD392F000260100000001\n< 6A82\n",
      MD_CARD_ERROR_UNKNOWN_CARD },
    { "> 00A4040009A0000003080000100000\n! removed\n", MD_CARD_ERROR_REMOVED },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ScriptBackend) backend = script_backend_new (rows[i].script);
      {
        g_autoptr (MdCardConnection) connection = script_backend_open (backend);
        g_assert_null (md_staff_card_new (connection, NULL, &error));
        g_assert_error (error, MD_CARD_ERROR, rows[i].code);
      }
      script_backend_assert_done (backend);
    }
}

// A certificate of 300 bytes comes in two pieces, announced by 61xx.
static void
test_certificate_in_pieces (void)
{
  Fixture f;
  g_autoptr (GError) error = NULL;
  guint8 certificate[296];
  mynumber_make_certificate (certificate, sizeof certificate);
  g_autofree char *hex = md_hex_encode (certificate, sizeof certificate);
  g_autoptr (GString) object = g_string_new ("5382013370820128");
  g_string_append (object, hex);
  g_string_append (object, "710100FE00");
  g_string_append (object, "FFFF"); // filler inside 53 is passed over
  g_autofree char *first = g_strndup (object->str, 512);
  g_autofree char *script = g_strdup_printf (
      "> 00CB3FFF055C035FC10A00\n< %s6137\n> 00C0000037\n< %s9000\n", first, object->str + 512);
  setup (&f, script);
  g_autoptr (GBytes) der
      = md_staff_card_read_certificate (f.card, MD_STAFF_SLOT_SIGN, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (der), ==, 296);
  teardown (&f);
}

static void
test_certificate_missing (void)
{
  Fixture f;
  g_autoptr (GError) error = NULL;
  setup (&f, "> 00CB3FFF055C035FC10B00\n< 6A82\n> 00CB3FFF055C035FC10100\n< 53009000\n");
  g_assert_null (md_staff_card_read_certificate (f.card, MD_STAFF_SLOT_OPEN, NULL, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_DATA);
  g_clear_error (&error);
  g_assert_null (md_staff_card_read_certificate (f.card, MD_STAFF_SLOT_CARD_AUTH, NULL, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_DATA);
  teardown (&f);
}

// An answer that announces more and more never ends in memory.
static void
test_endless_answer (void)
{
  Fixture f;
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) script = g_string_new ("> 00CB3FFF055C035FC10A00\n< 6100\n");
  for (int i = 0; i < 256; i++)
    g_string_append (script, "> 00C0000000\n< AA6100\n");
  setup (&f, script->str);
  g_assert_null (md_staff_card_read_certificate (f.card, MD_STAFF_SLOT_SIGN, NULL, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PROTOCOL);
  teardown (&f);
}

static void
test_verify (void)
{
  static const struct
  {
    const char *tries;
    gboolean last_try;
    const char *answer;
    int code;
    int tries_left;
  } rows[] = {
    { "63C3", FALSE, "< 9000\n", -1, 0 },
    { "63C3", FALSE, "< 63C2\n", MD_CARD_ERROR_PIN_WRONG, 2 },
    { "63C1", TRUE, "< 6983\n", MD_CARD_ERROR_PIN_BLOCKED, 0 },
    { "63C1", FALSE, NULL, MD_CARD_ERROR_PIN_LAST_TRY, 1 },
    { "6300", FALSE, NULL, MD_CARD_ERROR_PIN_UNCOUNTED, MD_CARD_TRIES_UNKNOWN },
    { "6300", TRUE, "< 9000\n", -1, 0 },
    { "6983", TRUE, NULL, MD_CARD_ERROR_PIN_BLOCKED, 0 },
    // Another program's entry stands: taken back, if the card knows how.
    { HIDDEN "> 0020FF80\n< 9000\n> 00200080\n< 63C2", FALSE, "< 9000\n", -1, 0 },
    { HIDDEN "> 0020FF80\n< 9000\n> 00200080\n< 63C1", FALSE, NULL, MD_CARD_ERROR_PIN_LAST_TRY, 1 },
    { HIDDEN "> 0020FF80\n< 6A86\n> 00200080\n< " HIDDEN_STILL, FALSE, NULL,
      MD_CARD_ERROR_PIN_UNCOUNTED, MD_CARD_TRIES_UNKNOWN },
    { "63C3", FALSE, "! removed\n", MD_CARD_ERROR_REMOVED, -1 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Fixture f;
      g_autoptr (GError) error = NULL;
      g_autoptr (MdSecret) pin = md_secret_new_from_text ("123456");
      g_autofree char *script
          = g_strdup_printf ("> 00200080\n< %s\n%s%s", rows[i].tries,
                             rows[i].answer != NULL ? "> 0020008008313233343536FFFF\n" : "",
                             rows[i].answer != NULL ? rows[i].answer : "");
      setup (&f, script);
      gboolean ok = md_staff_card_verify (f.card, pin, rows[i].last_try, NULL, &error);
      g_assert_cmpint (ok, ==, rows[i].code < 0);
      if (!ok)
        {
          g_assert_error (error, MD_CARD_ERROR, rows[i].code);
          g_assert_cmpint (md_card_error_get_tries (error), ==, rows[i].tries_left);
        }
      teardown (&f);
    }
}

static void
test_verify_never_twice_and_never_nonsense (void)
{
  Fixture f;
  g_autoptr (GError) error = NULL;
  g_autoptr (MdSecret) wrong = md_secret_new_from_text ("12345678");
  g_autoptr (MdSecret) letters = md_secret_new_from_text ("abcdef");
  g_autoptr (MdSecret) shorter = md_secret_new_from_text ("12345");
  setup (&f, "> 00200080\n< 63C3\n> 00200080083132333435363738\n< 63C2\n");
  for (int i = 0; i < 2; i++)
    {
      g_assert_false (md_staff_card_verify (f.card, wrong, FALSE, NULL, &error));
      g_assert_error (error, MD_CARD_ERROR,
                      (i == 0 ? MD_CARD_ERROR_PIN_WRONG : MD_CARD_ERROR_PIN_SAME));
      g_clear_error (&error);
    }
  g_assert_false (md_staff_card_verify (f.card, letters, FALSE, NULL, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_FORMAT);
  g_clear_error (&error);
  g_assert_false (md_staff_card_verify (f.card, shorter, FALSE, NULL, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_FORMAT);
  teardown (&f);
}

static void
test_last_try_confirmed_once (void)
{
  Fixture f;
  g_autoptr (GError) error = NULL;
  g_autoptr (MdSecret) pin = md_secret_new_from_text ("123456");
  setup (&f, "> 00200080\n< 63C1\n> 0020008008313233343536FFFF\n< 9000\n"
             "> 00200080\n< 63C1\n");
  g_assert_true (md_staff_card_verify (f.card, pin, TRUE, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (md_staff_card_verify (f.card, pin, FALSE, NULL, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_LAST_TRY);
  teardown (&f);
}

static void
test_sign (void)
{
  Fixture f;
  g_autoptr (GError) error = NULL;
  guint8 digest[32] = { 0xab };
  setup (&f, "> 0087119E267C2482008120AB000000000000000000000000000000000000000000000000000000"
             "0000000000\n"
             "< 7C0A82083006020101020101 9000\n"
             "> 0087119C267C2482008120AB000000000000000000000000000000000000000000000000000000"
             "0000000000\n"
             "< 6982\n");
  // Le follows the data: the script has it as the last byte.
  g_autoptr (GBytes) signature
      = md_staff_card_sign (f.card, MD_STAFF_SLOT_CARD_AUTH, digest, 32, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (signature), ==, 8);
  g_assert_null (md_staff_card_sign (f.card, MD_STAFF_SLOT_SIGN, digest, 32, NULL, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_NEEDED);
  g_assert_cmpint (md_card_error_get_pin (error), ==, MD_CARD_PIN_STAFF);
  teardown (&f);
}

static void
test_derive (void)
{
  Fixture f;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) point = md_hex_decode (POINT, &error);
  g_assert_no_error (error);
  setup (&f, "> 0087119D477C4582008541" POINT "00\n"
             "< 7C228220000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F 9000\n"
             "> 0087119D477C4582008541" POINT "00\n< 7C0382010A 9000\n");
  g_autoptr (MdSecret) shared = md_staff_card_derive (f.card, g_bytes_get_data (point, NULL),
                                                      g_bytes_get_size (point), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (md_secret_get_size (shared), ==, 32);
  g_assert_null (md_staff_card_derive (f.card, g_bytes_get_data (point, NULL),
                                       g_bytes_get_size (point), NULL, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PROTOCOL);
  teardown (&f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add_func ("/card/staff-card/" name, func)
  ADD ("recognise-refuses-others", test_recognise_refuses_others);
  ADD ("certificate-in-pieces", test_certificate_in_pieces);
  ADD ("certificate-missing", test_certificate_missing);
  ADD ("endless-answer", test_endless_answer);
  ADD ("verify", test_verify);
  ADD ("verify-never-twice-and-never-nonsense", test_verify_never_twice_and_never_nonsense);
  ADD ("last-try-confirmed-once", test_last_try_confirmed_once);
  ADD ("sign", test_sign);
  ADD ("derive", test_derive);
#undef ADD
  return g_test_run ();
}
