// SPDX-License-Identifier: Apache-2.0
// Readers with a keypad, honest and lying, whose cable is pulled and whose machine sleeps: the
// driver of tests/ifd in the real pcscd. Runs inside `tests/isolated with-world --pads --ocsp`.
#include "pad-fixture.h"

#include <gio/gunixsocketaddress.h>
#include <locale.h>
#include <string.h>

// --- The keypad ---

static void
test_keypad_is_used (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  put_in (f, "tanaka");
  assert_card (f, 3, 3, TRUE);
  Count before = count ();
  pad ("type 2345");
  pad ("type 1234");
  g_assert_true (identify_on_pad (f, &error));
  g_assert_no_error (error);
  assert_counted (before, 2, 2);
  g_assert_cmpstr (f->steps->str, ==, "0(0)1(1)2(9(9)2)3(3)4(4)5(5)8(6(10(10)6)7(7)8)");
}

static void
test_what_the_person_does (Fixture *f, gconstpointer data)
{
  put_in (f, "tanaka");
  pad ("press cancel");
  assert_pad_fails (f, MD_CARD_ERROR_PAD_CANCELLED, 3);
  pad ("walk-away");
  assert_pad_fails (f, MD_CARD_ERROR_PAD_TIMEOUT, 3);
  pad ("type 12");
  assert_pad_fails (f, MD_CARD_ERROR_PIN_FORMAT, 3);
  assert_card (f, 3, 3, TRUE); // none of these is the keypad's fault, or costs a try
  pad ("type 9999");
  assert_pad_fails (f, MD_CARD_ERROR_PIN_WRONG, 2);
  assert_card (f, 3, 2, TRUE);
  pad ("type 2345");
  pad ("press cancel");
  assert_pad_fails (f, MD_CARD_ERROR_PAD_CANCELLED, 3);
  assert_card (f, 3, 3, TRUE);
}

static void
test_last_try_at_the_keypad (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  put_in (f, "lasttry");
  Count before = count ();
  assert_pad_fails (f, MD_CARD_ERROR_PIN_LAST_TRY, 1);
  assert_counted (before, 0, 0);
  MdIdentifyRequest request = request_on_pad ();
  request.confirmed = WARD_BOTH_PINS;
  pad ("type 2345");
  pad ("type 1234");
  g_assert_true (identify_with (f, &request, &error));
  g_assert_no_error (error);
  assert_counted (before, 2, 2);
}

// Keypads that do not do what they say: no try is lost, nothing is sent twice, the keys on the
// screen take over, and the keypad is left alone until the reader was plugged in again.
static void
test_lying_keypads (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *lie;
    guint sent;
  } rows[] = {
    { "lie unsupported", 0 }, { "lie fault-before", 0 }, { "lie empty", 0 },
    { "lie status 6d00", 0 }, { "lie status 6b80", 0 },  { "lie status 6982", 0 },
    { "lie status 63c1", 0 }, { "lie status 6983", 0 },  { "lie deaf", 0 },
    { "lie fault-after", 1 },
  };
  put_in (f, "tanaka");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].lie);
      Count before = count ();
      g_autoptr (GError) error = NULL;
      pad (rows[i].lie);
      if (rows[i].sent > 0)
        pad ("type 2345");
      g_assert_false (identify_on_pad (f, &error));
      g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PAD_FAILED);
      assert_counted (before, 1, rows[i].sent);
      assert_card (f, 3, 3, FALSE);
      assert_pad_fails (f, MD_CARD_ERROR_PAD_FAILED, MD_CARD_TRIES_UNKNOWN);
      assert_counted (before, 1, rows[i].sent); // not even asked again
      assert_keys_work (f);
      pad ("lie none");
      plug_in_again (f);
      assert_card (f, 3, 3, TRUE);
    }
}

// The PIN went to the card and was wrong, and the reader failed to say so.
static void
test_fault_after_a_wrong_pin (Fixture *f, gconstpointer data)
{
  put_in (f, "tanaka");
  Count before = count ();
  pad ("lie fault-after");
  pad ("type 9999");
  assert_pad_fails (f, MD_CARD_ERROR_PIN_WRONG, 2);
  assert_counted (before, 1, 1);
  pad ("lie none");
  assert_card (f, 3, 2, TRUE);
  assert_keys_work (f);
  assert_card (f, 3, 3, TRUE);
}

static void
test_lying_feature_lists (Fixture *f, gconstpointer data)
{
  static const char *const lists[]
      = { "features none", "features garbage", "features short", "features modify" };
  put_in (f, "tanaka");
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      pad (lists[i]);
      assert_card (f, 3, 3, FALSE);
    }
  assert_keys_work (f);
  pad ("features verify"); // and nothing about its properties
  assert_card (f, 3, 3, TRUE);
}

// The card is pulled out while the keypad waits.
static void
test_card_gone_at_the_keypad (Fixture *f, gconstpointer data)
{
  Answer answer = { 0 };
  MdIdentifyRequest request = request_on_pad ();
  put_in (f, "tanaka");
  md_identifier_identify_async (f->identifier, f->pcsc, reader_of (f, MD_CARD_ROLE_RESIDENT),
                                &request, NULL, on_identified, &answer);
  await (pad_says ("waiting=yes"));
  card ("remove");
  pad ("type 2345");
  await (answer.done);
  md_identify_request_clear (&request);
  g_assert_error (answer.error, MD_CARD_ERROR, MD_CARD_ERROR_REMOVED);
  g_clear_error (&answer.error);
  put_in (f, "tanaka");
  assert_card (f, 3, 3, TRUE);
}

// Given up by the clerk while the keypad waits: the answer does not wait for the keypad, and says
// that it still does. pcscd cannot hand a second request to a reader before the first one ends, so
// that a feature ABORT changes nothing.
static void
give_up_at_the_keypad (Fixture *f, const char *features)
{
  Answer answer = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  MdIdentifyRequest request = request_on_pad ();
  pad (features);
  put_in (f, "tanaka");
  md_identifier_identify_async (f->identifier, f->pcsc, reader_of (f, MD_CARD_ROLE_RESIDENT),
                                &request, cancellable, on_identified, &answer);
  await (pad_says ("waiting=yes"));
  g_cancellable_cancel (cancellable);
  await (answer.done);
  md_identify_request_clear (&request);
  g_assert_error (answer.error, MD_CARD_ERROR, MD_CARD_ERROR_PAD_WAITING);
  g_clear_error (&answer.error);
  g_assert_true (pad_says ("waiting=yes"));
  g_assert_cmpint (md_pcsc_get_held (f->pcsc), ==, MD_PCSC_HELD_BY_KEYPAD);
}

static const char *const with_and_without_abort[]
    = { "features verify modify tlv", "features verify modify tlv abort" };

static void
test_cancelled_at_the_keypad (Fixture *f, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (with_and_without_abort); i++)
    {
      Answer answer = { 0 };
      give_up_at_the_keypad (f, with_and_without_abort[i]);
      md_identifier_inspect_async (f->identifier, f->pcsc, reader_of (f, MD_CARD_ROLE_RESIDENT),
                                   NULL, on_inspected, &answer);
      for (int turn = 0; turn < 50; turn++)
        if (!g_main_context_iteration (NULL, FALSE))
          g_usleep (2000);
      g_assert_false (answer.done); // the next one waits
      pad ("press cancel");         // at the keypad, too
      await (answer.done);
      g_assert_no_error (answer.error);
      md_card_inspection_free (answer.result);
      await (md_pcsc_get_held (f->pcsc) == MD_PCSC_HELD_NOT);
      assert_card (f, 3, 3, TRUE);
      assert_keys_work (f);
    }
}

// What is typed after that goes to the card, as it was said: a right PIN opens nothing, and a wrong
// one costs a try, which the next look at the card tells.
static void
test_typed_after_giving_up (Fixture *f, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (with_and_without_abort); i++)
    {
      Count before = count ();
      give_up_at_the_keypad (f, with_and_without_abort[i]);
      card ("clear-log");
      pad ("type 2345");
      await (md_pcsc_get_held (f->pcsc) == MD_PCSC_HELD_NOT);
      assert_counted (before, 1, 1);
      g_assert_cmpuint (commands_so_far (), ==, 1); // the PIN, and nothing after it
      assert_card (f, 3, 3, TRUE);
      give_up_at_the_keypad (f, with_and_without_abort[i]);
      pad ("type 9999");
      assert_card (f, 3, 2, TRUE);
      assert_counted (before, 2, 2);
      assert_keys_work (f);
    }
}

static gpointer
change_pin (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (MdMyNumberCard) self = md_mynumber_card_new (connection, cancellable, error);
  if (self == NULL
      || !md_mynumber_card_enter (self, MD_CARD_PIN_AUTH, MD_CARD_VERIFY_DEFAULT, cancellable,
                                  error)
      || !md_mynumber_card_enter_new (self, MD_CARD_PIN_AUTH, cancellable, error))
    return NULL;
  return g_strdup ("changed");
}

static void
assert_change (Fixture *f, const char *old_pin, const char *twice, int code)
{
  Answer answer = { 0 };
  MdCardJob job = { .reader = COUNTER_PAD, .func = change_pin, .result_free = g_free };
  pad (old_pin);
  pad (twice);
  md_pcsc_run_async (f->pcsc, &job, NULL, on_run, &answer);
  await (answer.done);
  if (code < 0)
    g_assert_no_error (answer.error);
  else
    g_assert_error (answer.error, MD_CARD_ERROR, code);
  g_clear_error (&answer.error);
  g_free (answer.result);
}

static void
test_change_at_the_keypad (Fixture *f, gconstpointer data)
{
  put_in (f, "tanaka");
  assert_change (f, "type 1234", "type 5678 5679", MD_CARD_ERROR_PIN_FORMAT);
  assert_change (f, "type 1234", "press cancel", MD_CARD_ERROR_PAD_CANCELLED);
  assert_change (f, "type 1234", "type 5678 5678", -1);
  assert_keys_fail (f, NULL, NULL, MD_CARD_ERROR_PIN_WRONG, 2);
  assert_change (f, "type 5678", "type 1234 1234", -1);
  assert_card (f, 3, 3, TRUE);
}

// --- A card the wrong way round ---

static MdCardSlot
slot_of (Fixture *f)
{
  MdCardReader *reader = md_pcsc_get_reader (f->pcsc, MD_CARD_ROLE_RESIDENT);
  return reader != NULL ? md_card_reader_get_slot (reader) : MD_CARD_SLOT_AWAY;
}

// It lies there, and says nothing to the reader either: told as that, before anything is typed, and
// the right way round it is read as any other.
static void
test_wrong_way_round (Fixture *f, gconstpointer data)
{
  Answer answer = { 0 };
  g_autofree char *path = ward_path ("cards", "tanaka", NULL);
  g_autofree char *insert = g_strconcat ("insert ", path, NULL);
  card ("remove");
  await (slot_of (f) == MD_CARD_SLOT_EMPTY);
  pad ("mute");
  card (insert);
  await (slot_of (f) == MD_CARD_SLOT_MUTE);
  md_identifier_inspect_async (f->identifier, f->pcsc, reader_of (f, MD_CARD_ROLE_RESIDENT), NULL,
                               on_inspected, &answer);
  await (answer.done);
  g_assert_error (answer.error, MD_CARD_ERROR, MD_CARD_ERROR_MUTE);
  g_autoptr (MdCardText) text = md_identity_text_for_error (answer.error);
  g_assert_nonnull (strstr (text->meaning, "wrong way round"));
  g_clear_error (&answer.error);
  assert_keys_fail (f, NULL, NULL, MD_CARD_ERROR_MUTE, MD_CARD_TRIES_UNKNOWN);
  card ("remove");
  await (slot_of (f) == MD_CARD_SLOT_EMPTY);
  pad ("mute off");
  put_in (f, "tanaka");
  assert_card (f, 3, 3, TRUE);
  assert_keys_work (f);
}

// --- The cable, and sleep ---

static void
test_roles_over_the_cable (Fixture *f, gconstpointer data)
{
  put_in (f, "tanaka");
  pull_the_cable (f);
  await (g_list_model_get_n_items (G_LIST_MODEL (f->pcsc)) == 1);
  g_assert_nonnull (reader_of (f, MD_CARD_ROLE_STAFF)); // and does not stand in for the other
  pad ("plug");
  await (has_card (f, MD_CARD_ROLE_RESIDENT));
  g_assert_cmpint (md_card_reader_get_role (reader_of (f, MD_CARD_ROLE_RESIDENT)), ==,
                   MD_CARD_ROLE_RESIDENT);
  assert_keys_work (f);
}

// The machine slept between two residents: nobody notices.
static void
test_sleep_between (Fixture *f, gconstpointer data)
{
  put_in (f, "tanaka");
  assert_keys_work (f);
  for (int i = 0; i < 3; i++)
    {
      pad ("sleep");
      await_readable (f);
      assert_card (f, 3, 3, TRUE);
      pad ("sleep");
      await_readable (f);
      assert_keys_work (f);
    }
}

// The bus was reset between two residents: the reader goes and comes back, and so does its card.
static void
test_reset_between (Fixture *f, gconstpointer data)
{
  put_in (f, "tanaka");
  for (int i = 0; i < 3; i++)
    {
      pad ("reset");
      await_readable (f);
      assert_card (f, 3, 3, TRUE);
      assert_keys_work (f);
    }
}

// The machine sleeps, the bus is reset or the cable is pulled while the card is being read: a text
// of its own, never a wrong PIN, no try lost.
static void
test_in_the_middle (Fixture *f, gconstpointer data)
{
  const char *what = data;
  gboolean unplug = g_str_equal (what, "unplug");
  for (guint at = 3; at < 28; at += 5)
    {
      Answer answer = { 0 };
      MdIdentifyRequest request = ward_request (NULL, NULL);
      g_autofree char *fault = g_strdup_printf ("fault mute at %u", at);
      put_in (f, "tanaka");
      guint before = commands_so_far ();
      card (fault); // so that it surely is in the middle
      md_identifier_identify_async (f->identifier, f->pcsc, reader_of (f, MD_CARD_ROLE_RESIDENT),
                                    &request, NULL, on_identified, &answer);
      await (commands_so_far () >= before + at || answer.done);
      g_assert_false (answer.done);
      pad (what);
      await (answer.done);
      md_identify_request_clear (&request);
      g_assert_nonnull (answer.error);
      g_test_message ("%s at %u: %s", what, at, answer.error->message);
      g_assert_true (answer.error->domain == MD_CARD_ERROR);
      g_assert_true (answer.error->code == MD_CARD_ERROR_NO_READER
                     || answer.error->code == MD_CARD_ERROR_REMOVED
                     || answer.error->code == MD_CARD_ERROR_FAILED);
      g_clear_error (&answer.error);
      if (unplug)
        plug_in_again (f);
      await_readable (f);
      assert_card (f, 3, 3, TRUE);
    }
  assert_keys_work (f);
}

// --- Long commands ---

// How many commands one identification of the card takes, where the driver says ORDERS.
static guint
commands_with (Fixture *f, const char *text_pin, const char *auth_pin, const char *features,
               const char *apdu)
{
  g_autoptr (GError) error = NULL;
  MdIdentifyRequest request = ward_request (text_pin, auth_pin);
  pad (features);
  pad (apdu);
  guint before = commands_so_far ();
  g_assert_true (identify_with (f, &request, &error));
  g_assert_no_error (error);
  return commands_so_far () - before;
}

// Extended length only where both say so: the card in its answer to reset, the driver by
// dwMaxAPDUDataSize.
static void
test_long_commands (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *card, *text_pin, *auth_pin;
    gboolean extended; // says its answer to reset
  } rows[] = { { "tanaka", "2345", "1234", FALSE }, { "sato", "2603", "0814", TRUE } };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const char *text_pin = rows[i].text_pin, *auth_pin = rows[i].auth_pin;
      put_in (f, rows[i].card);
      guint by_short
          = commands_with (f, text_pin, auth_pin, "features verify modify tlv", "apdu 0");
      guint by_long
          = commands_with (f, text_pin, auth_pin, "features verify modify tlv", "apdu 65536");
      guint unsaid = commands_with (f, text_pin, auth_pin, "features verify modify", "apdu 65536");
      guint silent = commands_with (f, text_pin, auth_pin, "features none", "apdu 65536");
      g_test_message ("%s: %u commands, %u long", rows[i].card, by_short, by_long);
      g_assert_cmpuint (unsaid, ==, by_short);
      g_assert_cmpuint (silent, ==, by_short);
      if (rows[i].extended)
        g_assert_cmpuint (by_long, <, by_short);
      else
        g_assert_cmpuint (by_long, ==, by_short);
    }
}

// --- A wrong PIN is not sent twice ---

// VERIFY commands with a PIN in them that the card has heard since its log was cleared.
static guint
pins_heard (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = ward_path ("run", "vcard-resident.sock", NULL);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketConnection) connection
      = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_output_stream_write_all (
      g_io_stream_get_output_stream (G_IO_STREAM (connection)), "log\n", 4, NULL, NULL, &error));
  g_autoptr (GDataInputStream) input
      = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  guint heard = 0;
  for (g_autofree char *line = g_data_input_stream_read_line (input, NULL, NULL, NULL);
       line != NULL && !g_str_equal (line, ".");)
    {
      if (strstr (line, " 00 20 00 80 ") != NULL && strstr (line, "Lc=0 ") == NULL)
        heard++;
      g_free (line);
      line = g_data_input_stream_read_line (input, NULL, NULL, NULL);
    }
  return heard;
}

static void
take_out_and_in (Fixture *f)
{
  put_in (f, "tanaka");
}

static void
other_card_between (Fixture *f)
{
  put_in (f, "child");
  assert_card (f, 3, 3, TRUE);
  put_in (f, "tanaka");
}

static void
sleep_between (Fixture *f)
{
  pad ("sleep");
}

static const struct
{
  const char *name;
  void (*happens) (Fixture *f);
} between[] = {
  { "the card is taken out and put in again", take_out_and_in },
  { "another card lay there", other_card_between },
  { "the cable was pulled", plug_in_again },
  { "the machine slept", sleep_between },
};

static void
test_wrong_pin_is_remembered (Fixture *f, gconstpointer data)
{
  put_in (f, "tanaka");
  assert_keys_fail (f, NULL, "9999", MD_CARD_ERROR_PIN_WRONG, 2);
  for (gsize i = 0; i < G_N_ELEMENTS (between); i++)
    {
      g_test_message ("%s", between[i].name);
      between[i].happens (f);
      card ("clear-log");
      assert_keys_fail (f, NULL, "9999", MD_CARD_ERROR_PIN_SAME, 2);
      g_assert_cmpuint (pins_heard (), <=, 1); // at most the other PIN, which is right
    }
  assert_card (f, 2, 3, TRUE);
  put_in (f, "child"); // to whom it may be right
  card ("clear-log");
  assert_keys_fail (f, NULL, "9999", MD_CARD_ERROR_PIN_WRONG, 2);
  g_assert_cmpuint (pins_heard (), ==, 2);
  put_in (f, "child");
  assert_keys_work (f);
  put_in (f, "tanaka");
  assert_keys_work (f);
  card ("clear-log");
  assert_keys_fail (f, NULL, "9999", MD_CARD_ERROR_PIN_SAME, 3); // it is still wrong
  g_assert_cmpuint (pins_heard (), ==, 1);
  assert_card (f, 3, 3, TRUE);

  // A right PIN was accepted since, and the card was away: it may have been set to this one there.
  put_in (f, "tanaka");
  card ("clear-log");
  assert_keys_fail (f, NULL, "9999", MD_CARD_ERROR_PIN_WRONG, 2);
  g_assert_cmpuint (pins_heard (), ==, 2);
  assert_keys_work (f);
}

// Pulled out after the PIN was sent and before the answer came: the counter tells what became of
// it.
static void
test_answer_that_never_came (Fixture *f, gconstpointer data)
{
  put_in (f, "suzuki");
  guint before = commands_so_far ();
  assert_keys_fail (f, "8888", "4649", MD_CARD_ERROR_PIN_WRONG, 2);
  guint at = commands_so_far () - before; // the PIN was the last command
  g_autofree char *fault = g_strdup_printf ("fault remove-after at %u", at);
  put_in (f, "suzuki");
  card (fault);
  assert_keys_fail (f, "7777", "4649", MD_CARD_ERROR_REMOVED, MD_CARD_TRIES_UNKNOWN);
  put_in (f, "suzuki");
  card ("clear-log");
  MdIdentifyRequest request = ward_request ("7777", "4649");
  request.confirmed = WARD_BOTH_PINS;
  g_autoptr (GError) error = NULL;
  g_assert_false (identify_with (f, &request, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_SAME);
  g_assert_cmpint (md_card_error_get_tries (error), ==, 1);
  g_assert_cmpuint (pins_heard (), ==, 0);
  g_clear_error (&error);

  // The right one, of which the answer was lost too, is no wrong one.
  request = ward_request ("5963", "4649");
  request.confirmed = WARD_BOTH_PINS;
  card (fault);
  g_assert_false (identify_with (f, &request, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_REMOVED);
  g_clear_error (&error);
  put_in (f, "suzuki");
  request = ward_request ("5963", "4649");
  g_assert_true (identify_with (f, &request, &error));
  g_assert_no_error (error);
  assert_card (f, 3, 3, TRUE);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
#define ADD(name, data, func)                                                                      \
  g_test_add ("/identity/pads/" name, Fixture, data, setup, func, teardown)
  ADD ("keypad-is-used", NULL, test_keypad_is_used);
  ADD ("what-the-person-does", NULL, test_what_the_person_does);
  ADD ("last-try-at-the-keypad", NULL, test_last_try_at_the_keypad);
  ADD ("lying-keypads", NULL, test_lying_keypads);
  ADD ("fault-after-a-wrong-pin", NULL, test_fault_after_a_wrong_pin);
  ADD ("lying-feature-lists", NULL, test_lying_feature_lists);
  ADD ("card-gone-at-the-keypad", NULL, test_card_gone_at_the_keypad);
  ADD ("cancelled-at-the-keypad", NULL, test_cancelled_at_the_keypad);
  ADD ("typed-after-giving-up", NULL, test_typed_after_giving_up);
  ADD ("change-at-the-keypad", NULL, test_change_at_the_keypad);
  ADD ("wrong-way-round", NULL, test_wrong_way_round);
  ADD ("roles-over-the-cable", NULL, test_roles_over_the_cable);
  ADD ("sleep-between", NULL, test_sleep_between);
  ADD ("sleep-in-the-middle", "sleep", test_in_the_middle);
  ADD ("reset-between", NULL, test_reset_between);
  ADD ("reset-in-the-middle", "reset", test_in_the_middle);
  ADD ("unplugged-in-the-middle", "unplug", test_in_the_middle);
  ADD ("long-commands", NULL, test_long_commands);
  ADD ("wrong-pin-is-remembered", NULL, test_wrong_pin_is_remembered);
  ADD ("answer-that-never-came", NULL, test_answer_that_never_came);
#undef ADD
  return g_test_run ();
}
