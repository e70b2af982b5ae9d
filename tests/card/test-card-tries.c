// SPDX-License-Identifier: Apache-2.0
// Tries left that a card does not tell, and PINs that it has refused: neither is guessed.
#include "mynumber-fixture.h"

#define PIV "> 00A4040009A0000003080000100000\n< 9000\n"
#define NAMELESS_STAFF                                                                             \
  "> 00CB3FFF055C035FC10200\n< 6A82\n"                                                             \
  "> 00CB3FFF055C035FC10100\n< 6A82\n"

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

// 9000 to the empty VERIFY is a count only of a PIN that this conversation has seen accepted.
static void
test_tries_of_a_verified_pin (void)
{
  Fixture f;
  int tries = MD_CARD_TRIES_NONE;
  g_autoptr (GError) error = NULL;
  g_autoptr (MdSecret) pin = md_secret_new_from_text ("1234");
  setup (&f, SELECT_0018 "> 00200080\n< 63C2\n> 002000800431323334\n< 9000\n" SELECT_0018
                         "> 00200080\n< 9000\n> 00200080\n< 9000\n");
  g_assert_true (md_mynumber_card_verify (f.card, MD_CARD_PIN_AUTH, pin, MD_CARD_VERIFY_DEFAULT,
                                          NULL, &error));
  g_assert_true (md_mynumber_card_get_tries (f.card, MD_CARD_PIN_AUTH, &tries, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (tries, ==, 3);
  teardown (&f);
}

// A card that never tells its tries: what it refused is not sent to it again all the same.
static void
test_uncounted_is_remembered (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdSecret) pin = md_secret_new_from_text ("1234");
  g_autoptr (MdCardMemory) memory = md_card_memory_new ();
  const char *const uncounted = NAMELESS SELECT_0018 "> 00200080\n< 6300\n";
  g_autofree char *first = g_strconcat (uncounted, "> 002000800431323334\n< 6300\n", NULL);
  const struct
  {
    const char *script;
    int code;
  } rows[] = { { first, MD_CARD_ERROR_PIN_WRONG }, { uncounted, MD_CARD_ERROR_PIN_SAME } };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Fixture f;
      setup (&f, rows[i].script);
      md_card_connection_set_memory (md_mynumber_card_get_connection (f.card), memory);
      g_assert_false (md_mynumber_card_verify (f.card, MD_CARD_PIN_AUTH, pin,
                                               MD_CARD_VERIFY_LAST_TRY, NULL, &error));
      g_assert_error (error, MD_CARD_ERROR, rows[i].code);
      g_assert_cmpint (md_card_error_get_tries (error), ==, MD_CARD_TRIES_UNKNOWN);
      g_clear_error (&error);
      teardown (&f);
    }
}

// Entering a PIN once more confirms nothing: without a word of its own the last try is not sent,
// however often it is typed; and a word holds for one try.
static void
test_staff_must_confirm (void)
{
  static const struct
  {
    const char *count;
    int code;
  } rows[] = { { "63C1", MD_CARD_ERROR_PIN_LAST_TRY }, { "6300", MD_CARD_ERROR_PIN_UNCOUNTED } };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MdSecret) pin = md_secret_new_from_text ("123456");
      g_autoptr (MdSecret) other = md_secret_new_from_text ("654321");
      g_autoptr (MdCardMemory) memory = md_card_memory_new ();
      g_autofree char *script = g_strdup_printf (
          PIV NAMELESS_STAFF "> 00200080\n< %s\n" // nothing is sent
                             "> 00200080\n< %s\n" // nor the second time
                             "> 00200080\n< %s\n> 0020008008313233343536FFFF\n< 9000\n"
                             "> 00200080\n< %s\n",
          rows[i].count, rows[i].count, rows[i].count, rows[i].count);
      g_autoptr (ScriptBackend) backend = script_backend_new (script);
      {
        g_autoptr (MdCardConnection) connection = script_backend_open (backend);
        md_card_connection_set_memory (connection, memory);
        g_autoptr (MdStaffCard) card = md_staff_card_new (connection, NULL, &error);
        g_assert_no_error (error);
        for (int typed = 0; typed < 2; typed++)
          {
            g_assert_false (md_staff_card_verify (card, pin, FALSE, NULL, &error));
            g_assert_error (error, MD_CARD_ERROR, rows[i].code);
            g_clear_error (&error);
          }
        g_assert_true (md_staff_card_verify (card, pin, TRUE, NULL, &error));
        g_assert_no_error (error);
        g_assert_false (md_staff_card_verify (card, other, FALSE, NULL, &error));
        g_assert_error (error, MD_CARD_ERROR, rows[i].code);
      }
      script_backend_assert_done (backend);
    }
}

static void
present_staff (const char *script, MdCardMemory *memory, GError **error)
{
  g_autoptr (ScriptBackend) backend = script_backend_new (script);
  g_autoptr (MdSecret) pin = md_secret_new_from_text ("123456");
  {
    g_autoptr (MdCardConnection) connection = script_backend_open (backend);
    md_card_connection_set_memory (connection, memory);
    g_autoptr (MdStaffCard) card = md_staff_card_new (connection, NULL, error);
    g_assert_false (md_staff_card_verify (card, pin, TRUE, NULL, error));
  }
  script_backend_assert_done (backend);
}

// Without a CHUID a staff card is known by the certificate that proves it; without either, what was
// sent to one like it is not sent again. Its service was started anew in between.
static void
test_staff_card_without_a_name (void)
{
  static const struct
  {
    const char *name;
    int code;
  } rows[] = {
    { "> 00CB3FFF055C035FC10200\n< 6A82\n> 00CB3FFF055C035FC10100\n< 5303AABBCC9000\n",
      MD_CARD_ERROR_PIN_SAME },
    { NAMELESS_STAFF, MD_CARD_ERROR_PIN_SENT_BEFORE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MdCardMemory) memory = md_card_memory_new ();
      g_autofree char *first = g_strconcat (
          PIV, rows[i].name, "> 00200080\n< 63C3\n> 0020008008313233343536FFFF\n! removed\n", NULL);
      g_autofree char *then = g_strconcat (PIV, rows[i].name, "> 00200080\n< 63C2\n", NULL);
      present_staff (first, memory, &error);
      g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_REMOVED);
      g_clear_error (&error);
      md_card_memory_forget_reader (memory, SCRIPT_READER);
      present_staff (then, memory, &error);
      g_assert_error (error, MD_CARD_ERROR, rows[i].code);
      g_assert_cmpint (md_card_error_get_tries (error), ==, 2);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add_func ("/card/card-tries/" name, func)
  ADD ("of-a-verified-pin", test_tries_of_a_verified_pin);
  ADD ("uncounted-is-remembered", test_uncounted_is_remembered);
  ADD ("staff-must-confirm", test_staff_must_confirm);
  ADD ("staff-card-without-a-name", test_staff_card_without_a_name);
#undef ADD
  return g_test_run ();
}
