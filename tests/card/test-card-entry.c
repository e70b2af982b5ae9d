// SPDX-License-Identifier: Apache-2.0
// PINs typed at the reader's keypad, over a scripted reader: who is to blame for what.
#include "script-backend.h"

#define OPENING                                                                                    \
  "> 00A40000\n< 6A86\n"                                                                           \
  "> 00A4040C0AD392F000260100000001\n< 9000\n"
#define KEYPAD "= 42000D48\n< 06 04 42330006 07 04 42330007\n"
#define SELECT_0018 "> 00A4020C020018\n< 9000\n"
#define TRIES_3 "> 00200080\n< 63C3\n"
#define VERIFY "= 42330006 1E1E82040004040201110400000000090000000020008004FFFFFFFF\n"
#define MODIFY "= 42330007 1E1E820400000004040102021104000102000000090000000024018004FFFFFFFF\n"

typedef gboolean (*Act) (MdMyNumberCard *card, GError **error);

static gboolean
enter (MdMyNumberCard *card, GError **error)
{
  return md_mynumber_card_enter (card, MD_CARD_PIN_AUTH, MD_CARD_VERIFY_LAST_TRY, NULL, error);
}

static gboolean
enter_new (MdMyNumberCard *card, GError **error)
{
  return md_mynumber_card_enter_new (card, MD_CARD_PIN_AUTH, NULL, error);
}

static const struct
{
  const char *name;
  Act act;
  const char *script;
  int code;        // -1: accepted
  int tries;       // that travel with the error
  gboolean trusts; // the keypad afterwards
} rows[] = {
  { "accepted", enter, KEYPAD SELECT_0018 TRIES_3 VERIFY "< 9000\n", -1, 0, TRUE },
  { "wrong", enter, KEYPAD SELECT_0018 TRIES_3 VERIFY "< 63C2\n> 00200080\n< 63C2\n",
    MD_CARD_ERROR_PIN_WRONG, 2, TRUE },
  { "pad-fails", enter, KEYPAD SELECT_0018 TRIES_3 VERIFY "! failed\n" TRIES_3,
    MD_CARD_ERROR_PAD_FAILED, 3, FALSE },
  { "pad-fails-then-card-gone", enter,
    KEYPAD SELECT_0018 TRIES_3 VERIFY "! failed\n> 00200080\n! removed\n", MD_CARD_ERROR_REMOVED,
    MD_CARD_TRIES_UNKNOWN, TRUE },
  { "card-gone", enter, KEYPAD SELECT_0018 TRIES_3 VERIFY "! removed\n", MD_CARD_ERROR_REMOVED,
    MD_CARD_TRIES_UNKNOWN, TRUE },
  { "reader-gone", enter, KEYPAD SELECT_0018 TRIES_3 VERIFY "! no-reader\n",
    MD_CARD_ERROR_NO_READER, MD_CARD_TRIES_UNKNOWN, TRUE },
  { "service-gone", enter, KEYPAD SELECT_0018 TRIES_3 VERIFY "! no-service\n",
    MD_CARD_ERROR_NO_SERVICE, MD_CARD_TRIES_UNKNOWN, TRUE },
  // Fewer tries had been announced than there were: the card's own count is told, and a keypad that
  // passes on the card's word is not to blame.
  { "wrong-where-too-few-were-announced", enter,
    KEYPAD SELECT_0018 "> 00200080\n< 63C1\n" VERIFY "< 63C2\n> 00200080\n< 63C2\n",
    MD_CARD_ERROR_PIN_WRONG, 2, TRUE },
  { "wrong-where-one-too-few-was-announced", enter,
    KEYPAD SELECT_0018 "> 00200080\n< 63C2\n" VERIFY "< 63C2\n> 00200080\n< 63C2\n",
    MD_CARD_ERROR_PIN_WRONG, 2, TRUE },
  // Its word is another one than the card's. Without a number in it, the count may have gone up
  // because the PIN was right.
  { "says-wrong-and-the-count-rose", enter,
    KEYPAD SELECT_0018 "> 00200080\n< 63C1\n" VERIFY "< 6300\n" TRIES_3, MD_CARD_ERROR_PAD_FAILED,
    3, FALSE },
  { "says-wrong", enter, KEYPAD SELECT_0018 TRIES_3 VERIFY "< 63C2\n" TRIES_3,
    MD_CARD_ERROR_PAD_FAILED, 3, FALSE },
  { "says-wrong-without-a-number", enter, KEYPAD SELECT_0018 TRIES_3 VERIFY "< 6300\n" TRIES_3,
    MD_CARD_ERROR_PAD_FAILED, 3, FALSE },
  { "says-wrong-where-too-few-were-announced", enter,
    KEYPAD SELECT_0018 "> 00200080\n< 63C1\n" VERIFY "< 63C2\n" TRIES_3, MD_CARD_ERROR_PAD_FAILED,
    3, FALSE },
  // The card does not tell its tries: the keypad's word is all there is.
  { "uncounted-wrong", enter,
    KEYPAD SELECT_0018 "> 00200080\n< 6300\n" VERIFY "< 6300\n> 00200080\n< 6300\n",
    MD_CARD_ERROR_PIN_WRONG, MD_CARD_TRIES_UNKNOWN, TRUE },
  { "uncounted-cancelled", enter,
    KEYPAD SELECT_0018 "> 00200080\n< 6300\n" VERIFY "< 6401\n> 00200080\n< 6300\n",
    MD_CARD_ERROR_PAD_CANCELLED, MD_CARD_TRIES_UNKNOWN, TRUE },
  { "uncounted-fails", enter,
    KEYPAD SELECT_0018 "> 00200080\n< 6300\n" VERIFY "! failed\n> 00200080\n< 6300\n",
    MD_CARD_ERROR_PAD_FAILED, MD_CARD_TRIES_UNKNOWN, FALSE },
  // A new PIN, typed twice.
  { "new-accepted", enter_new, SELECT_0018 KEYPAD MODIFY "< 9000\n", -1, 0, TRUE },
  { "new-differs", enter_new, SELECT_0018 KEYPAD MODIFY "< 6402\n", MD_CARD_ERROR_PIN_FORMAT,
    MD_CARD_TRIES_UNKNOWN, TRUE },
  { "new-card-gone", enter_new, SELECT_0018 KEYPAD MODIFY "! removed\n", MD_CARD_ERROR_REMOVED,
    MD_CARD_TRIES_UNKNOWN, TRUE },
  { "new-reader-gone", enter_new, SELECT_0018 KEYPAD MODIFY "! no-reader\n",
    MD_CARD_ERROR_NO_READER, MD_CARD_TRIES_UNKNOWN, TRUE },
  { "new-fails-then-card-gone", enter_new,
    SELECT_0018 KEYPAD MODIFY "! failed\n> 00200080\n! removed\n", MD_CARD_ERROR_REMOVED,
    MD_CARD_TRIES_UNKNOWN, TRUE },
  { "new-pad-fails", enter_new, SELECT_0018 KEYPAD MODIFY "! failed\n" TRIES_3,
    MD_CARD_ERROR_PAD_FAILED, 3, FALSE },
  // What the card says of its tries then is no word about the new PIN.
  { "new-pad-fails-and-the-card-is-odd", enter_new,
    SELECT_0018 KEYPAD MODIFY "! failed\n> 00200080\n< 6D00\n", MD_CARD_ERROR_PAD_FAILED,
    MD_CARD_TRIES_UNKNOWN, FALSE },
  { "new-pad-fails-and-the-card-is-garbled", enter_new,
    SELECT_0018 KEYPAD MODIFY "! failed\n> 00200080\n< 90\n", MD_CARD_ERROR_PAD_FAILED,
    MD_CARD_TRIES_UNKNOWN, FALSE },
};

static void
test_row (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCardMemory) memory = md_card_memory_new ();
  g_autoptr (ScriptBackend) backend = script_backend_new (OPENING);
  script_backend_add (backend, rows[i].script);
  {
    g_autoptr (MdCardConnection) connection = script_backend_open (backend);
    md_card_connection_set_memory (connection, memory);
    g_autoptr (MdMyNumberCard) card = md_mynumber_card_new (connection, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpint (rows[i].act (card, &error), ==, rows[i].code < 0);
  }
  if (rows[i].code < 0)
    g_assert_no_error (error);
  else
    {
      g_assert_error (error, MD_CARD_ERROR, rows[i].code);
      g_assert_cmpint (md_card_error_get_tries (error), ==, rows[i].tries);
      g_autoptr (MdCardText) text = md_card_text_for_error (error);
      g_test_message ("%s | %s | %s", text->title, text->meaning, text->action);
    }
  g_assert_cmpint (md_card_memory_trusts_pad (memory, SCRIPT_READER), ==, rows[i].trusts);
  script_backend_assert_done (backend);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/card/card-entry/", rows[i].name, NULL);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_row);
    }
  return g_test_run ();
}
