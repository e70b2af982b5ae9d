// SPDX-License-Identifier: Apache-2.0
/* R-CARD-10: what was read from a card is in view while that card lies there. */
#include "counter.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#define SECOND G_USEC_PER_SEC

typedef struct
{
  MdTestClock *clock;
  Counter *counter;
  MdIntake *intake;
} Visit;

/* The desk knows that a card has come, or has gone. */
static void
wait_slot (Visit *self, MdCardSlot slot)
{
  MdPcsc *pcsc = self->counter->pcsc;

  await (md_card_reader_get_slot (md_pcsc_get_reader (pcsc, MD_CARD_ROLE_RESIDENT)) == slot);
}

/* One counter for all of them, at which S0001 is at work. */
static void
set_up (Visit *self)
{
  if (md_desk_get_state (self->counter->desk) != MD_DESK_WORKING)
    counter_login (self->counter, "S0001");
}

static void
tear_down (Visit *self)
{
  if (self->intake)
    md_intake_next_person (self->intake);
  self->intake = NULL;
  counter_remove (self->counter, "resident");
  wait_slot (self, MD_CARD_SLOT_EMPTY);
}

static void
take_in (Visit *self)
{
  self->intake = counter_take_in (self->counter, "pension.exemption", "tanaka");
}

static const char *
value (Visit *self, const char *field)
{
  return counter_value (self->intake, field);
}

static char *
dup_display (Visit *self, const char *field)
{
  MdEntry *entry = md_form_data_get_entry (md_intake_get_data (self->intake), field);
  const char *display = md_entry_get_display (entry);

  return g_strdup (display ? display : "");
}

static char *
dup_name (Visit *self)
{
  char *name = NULL;

  g_object_get (md_intake_get_person (self->intake), "name", &name, NULL);
  return name ? name : g_strdup ("");
}

/* Nothing can be read, asked or done; WHY is said. */
static void
assert_covered (Visit *self, MdIntakeAway why)
{
  static const char *const fields[] = { "p.name", "p.birth", "p.addr", "p.sex", "n.bpn" };
  g_autofree char *name = NULL;

  counter_wait (self->intake, "away", (int)why);
  g_assert_cmpint (md_intake_get_wait (self->intake), ==, MD_WAIT_AWAY);
  g_assert_cmpstr (md_intake_get_sentence (self->intake), !=, "");
  name = dup_name (self);
  g_assert_cmpstr (name, ==, "");
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autofree char *display = dup_display (self, fields[i]);
      MdEntry *entry = md_form_data_get_entry (md_intake_get_data (self->intake), fields[i]);

      g_assert_null (value (self, fields[i]));
      g_assert_null (md_entry_get_text (entry));
      g_assert_cmpstr (display, ==, "Filled in");
    }
  g_assert_false (md_intake_advance (self->intake));
  g_assert_false (md_intake_go_back (self->intake));
  g_assert_false (md_intake_get_can_stop (self->intake));
  g_assert_false (counter_submit (self->counter, self->intake, "S0001", NULL));
}

static void
lift (Visit *self)
{
  counter_remove (self->counter, "resident");
  assert_covered (self, MD_AWAY_LIFTED);
}

static guint
seconds_left (Visit *self)
{
  guint left = 0;

  g_object_get (self->intake, "away-left", &left, NULL);
  return left;
}

static void
put_back (Visit *self, const char *card)
{
  counter_insert (self->counter, "resident", card);
  counter_wait (self->intake, "away", MD_AWAY_NOT);
  g_assert_nonnull (value (self, "p.name"));
}

static void
let_pass (Visit *self, guint seconds)
{
  md_test_clock_advance_us (self->clock, seconds * SECOND);
}

/* Slipped by a millimetre: covered at once, and back as it was, half a word that was being typed
 * included. No PIN is asked for. */
static void
test_comes_back (Visit *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL, *shown = NULL, *again = NULL;
  MdEntry *entry;

  take_in (self);
  g_assert_true (md_intake_go_back (self->intake));
  entry = md_form_data_get_entry (md_intake_get_data (self->intake), "n.unemp_date");
  counter_type (self->intake, "n.ex_special", "unemployment");
  md_entry_set_text (entry, "R8.3.");
  name = g_strdup (value (self, "p.name"));
  shown = dup_name (self);
  lift (self);
  g_assert_cmpuint (seconds_left (self), ==, 60);
  let_pass (self, 58);
  await (seconds_left (self) == 2);
  put_back (self, "tanaka");
  g_assert_cmpint (md_intake_get_step (self->intake), ==, MD_STEP_OF_CONTENT);
  g_assert_cmpstr (value (self, "p.name"), ==, name);
  again = dup_name (self);
  g_assert_cmpstr (again, ==, shown);
  g_assert_cmpstr (md_entry_get_text (entry), ==, "R8.3.");
  counter_type (self->intake, "n.unemp_date", "R8.3.31");
  /* Once more, where it is read out; to the end. */
  g_assert_true (md_intake_advance (self->intake));
  lift (self);
  put_back (self, "tanaka");
  g_assert_cmpint (md_intake_get_wait (self->intake), ==, MD_WAIT_STAFF_PIN);
  g_assert_true (counter_submit (self->counter, self->intake, "S0001", &error));
  g_assert_no_error (error);
  g_assert_cmpint (md_intake_get_wait (self->intake), ==, MD_WAIT_TAKE_CARD);
  /* Handed in: the ordinary end. */
  counter_remove (self->counter, "resident");
  counter_wait (self->intake, "wait", MD_WAIT_NOTHING);
  g_assert_null (md_intake_get_data (self->intake));
  g_assert_cmpint (md_intake_get_away (self->intake), ==, MD_AWAY_NOT);
  g_assert_nonnull (md_intake_get_receipt_number (self->intake));
}

/* Another resident's card, and an officer's: it stays covered, says so, and is in the log. */
static void
test_another_card (Visit *self)
{
  static const char *const others[] = { "suzuki", "staff-S0002", "nocert" };
  static const char said[] = "refused cause=other-card";

  take_in (self);
  counter_remove (self->counter, "resident");
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      const guint before = counter_count_recorded (self->counter, "identification", said);

      assert_covered (self, MD_AWAY_LIFTED);
      counter_insert (self->counter, "resident", others[i]);
      assert_covered (self, MD_AWAY_OTHER);
      await (counter_count_recorded (self->counter, "identification", said) == before + 1);
      counter_remove (self->counter, "resident");
    }
  assert_covered (self, MD_AWAY_LIFTED);
  /* One that is mute does not say. */
  g_free (counter_order (self->counter, "resident", "fault mute every"));
  counter_insert (self->counter, "resident", "tanaka");
  counter_wait (self->intake, "away", MD_AWAY_UNSURE);
  counter_remove (self->counter, "resident");
  g_free (counter_order (self->counter, "resident", "clear-faults"));
  assert_covered (self, MD_AWAY_LIFTED);
  put_back (self, "tanaka");
}

/* The time passes: erased, as where nobody works any more, and said; the intake goes on from the
 * PIN. */
static void
test_time_passes (Visit *self)
{
  g_autoptr (GError) error = NULL;

  take_in (self);
  lift (self);
  let_pass (self, 61);
  counter_wait (self->intake, "wait", MD_WAIT_CARD);
  counter_assert_erased (self->intake);
  g_assert_cmpint (md_intake_get_away (self->intake), ==, MD_AWAY_NOT);
  counter_assert_trouble (self->intake);
  counter_assert_recorded (self->counter, "identification", "done erased=card-away");
  g_assert_cmpint (md_desk_get_state (self->counter->desk), ==, MD_DESK_WORKING);
  counter_insert (self->counter, "resident", "tanaka");
  counter_wait (self->intake, "wait", MD_WAIT_PIN);
  g_assert_true (counter_identify (self->counter, self->intake, "tanaka", &error));
  g_assert_no_error (error);
  g_assert_nonnull (value (self, "p.name"));
  /* Another card lies there when it passes, and is asked for its own PINs. */
  counter_swap (self->counter, "resident", "suzuki");
  assert_covered (self, MD_AWAY_OTHER);
  let_pass (self, 61);
  counter_wait (self->intake, "wait", MD_WAIT_PIN);
  counter_assert_erased (self->intake);
}

static void
allow_no_time (JsonObject *root)
{
  json_object_set_int_member (json_object_get_object_member (root, "session"), "card_away_s", 0);
}

/* An office that lets nothing wait; and whoever ends it meanwhile. */
static void
test_at_once (Visit *self)
{
  take_in (self);
  lift (self);
  md_intake_next_person (self->intake);
  g_assert_true (md_intake_is_empty (self->intake));
  counter_renew_policy_with (self->counter, 2, allow_no_time);
  counter_login (self->counter, "S0001");
  take_in (self);
  counter_remove (self->counter, "resident");
  counter_wait (self->intake, "wait", MD_WAIT_CARD);
  counter_assert_erased (self->intake);
  counter_assert_recorded (self->counter, "identification", "done erased=card-away");
}

/* The reader is unplugged, or its service gone: as the card, and called by its name. */
static void
test_reader_goes (Visit *self)
{
  MdPcsc *pcsc = self->counter->pcsc;
  g_autofree char *name = g_strdup (md_pcsc_get_fixed (pcsc, MD_CARD_ROLE_RESIDENT));

  take_in (self);
  md_pcsc_set_role (pcsc, MD_CARD_ROLE_RESIDENT, "Unplugged 00 00");
  assert_covered (self, MD_AWAY_READER);
  md_pcsc_set_role (pcsc, MD_CARD_ROLE_RESIDENT, name);
  counter_wait (self->intake, "away", MD_AWAY_NOT);
  g_assert_nonnull (value (self, "p.name"));
  late_backend_forbid (self->counter->readers, TRUE);
  counter_remove (self->counter, "resident");
  assert_covered (self, MD_AWAY_SERVICE);
  late_backend_forbid (self->counter->readers, FALSE);
  put_back (self, "tanaka");
}

static void
submitted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  *(int *)data = md_intake_submit_finish (MD_INTAKE (source), result, &error);
}

/* Begins to seal with a staff card that takes its time, until the resident's was lifted. */
static int
lift_while_sealing (Visit *self, MdSecret *pin)
{
  g_autofree char *name = NULL;
  int submitted = -1;

  g_free (counter_order (self->counter, "staff", "fault delay 3000 every"));
  md_intake_submit_async (self->intake, pin, NULL, submitted_cb, &submitted);
  counter_remove (self->counter, "resident");
  counter_wait (self->intake, "away", MD_AWAY_LIFTED);
  g_assert_cmpint (submitted, ==, -1);
  g_assert_cmpint (md_intake_get_wait (self->intake), ==, MD_WAIT_SEALING);
  name = dup_name (self);
  g_assert_cmpstr (name, ==, "");
  g_free (counter_order (self->counter, "staff", "clear-faults"));
  await (submitted != -1);
  return submitted;
}

/* What is being signed and handed in ends first: with a receipt number and nothing of the person,
 * or where it failed, covered until the card is back. */
static void
test_while_sealing (Visit *self)
{
  g_autoptr (MdSecret) wrong = md_secret_new_from_text ("999999");
  g_autoptr (MdSecret) pin = counter_staff_secret (self->counter, "S0001", "pin");

  take_in (self);
  g_assert_false (lift_while_sealing (self, wrong));
  assert_covered (self, MD_AWAY_LIFTED);
  put_back (self, "tanaka");
  counter_assert_trouble (self->intake);
  counter_wait (self->intake, "wait", MD_WAIT_STAFF_PIN);
  g_assert_true (lift_while_sealing (self, pin));
  g_assert_cmpint (md_intake_get_step (self->intake), ==, MD_STEP_OF_DONE);
  g_assert_null (md_intake_get_data (self->intake));
  g_assert_nonnull (md_intake_get_receipt_number (self->intake));
}

/* Until the service has done all that the desk has asked of it so far. */
static void
catch_up (Counter *counter)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
      counter->connection, MD_BUS_NAME, MD_BUS_PATH, "org.freedesktop.DBus.Properties", "GetAll",
      g_variant_new ("(s)", MD_BUS_NAME), NULL, G_DBUS_CALL_FLAGS_NONE, PATIENCE / 1000, NULL,
      &error);

  g_assert_no_error (error);
}

/* Sealed, and the service is gone: the card is not needed any more, and nothing waits for it. */
static void
test_sealed (Visit *self)
{
  g_autoptr (GError) error = NULL;

  take_in (self);
  catch_up (self->counter); /* it knows of whom it is; nobody could say so again later */
  counter_stop_daemon (self->counter, SIGKILL);
  counter_wait (self->counter->desk, "state", MD_DESK_NO_SERVICE);
  g_assert_false (counter_submit (self->counter, self->intake, "S0001", NULL));
  g_assert_nonnull (value (self, "p.name"));
  counter_remove (self->counter, "resident");
  await (!value (self, "p.name"));
  g_assert_cmpint (md_intake_get_away (self->intake), ==, MD_AWAY_NOT);
  counter_start_daemon (self->counter);
  counter_login (self->counter, "S0001");
  counter_wait (self->intake, "wait", MD_WAIT_RETRY);
  (void)counter_submit (self->counter, self->intake, NULL, &error);
  g_assert_no_error (error);
}

/* The service ends while it is being told of whom it is: nothing is sealed before it knows, since
 * nobody could say it any more once the card is gone and what it said erased. */
static void
test_not_named (Visit *self)
{
  g_autoptr (MdSecret) pin = counter_staff_secret (self->counter, "S0001", "pin");
  g_autoptr (GError) error = NULL;
  int submitted = -1;

  take_in (self);
  catch_up (self->counter);
  g_assert_true (md_intake_go_back (self->intake));
  g_subprocess_send_signal (self->counter->daemon, SIGSTOP);
  g_assert_true (md_entry_unlock (
      md_form_data_get_entry (md_intake_get_data (self->intake), "p.name"), "聞き取り", NULL));
  counter_type (self->intake, "p.name", "田中　別子"); /* nobody has told that yet */
  g_assert_true (md_intake_advance (self->intake));
  md_intake_submit_async (self->intake, pin, NULL, submitted_cb, &submitted);
  counter_turn (500);
  g_assert_cmpint (submitted, ==, -1);
  counter_stop_daemon (self->counter, SIGKILL);
  await (submitted != -1);
  g_assert_cmpint (submitted, ==, FALSE);
  counter_wait (self->counter->desk, "state", MD_DESK_NO_SERVICE);
  lift (self);
  counter_start_daemon (self->counter);
  counter_login (self->counter, "S0001");
  put_back (self, "tanaka");
  counter_wait (self->intake, "wait", MD_WAIT_STAFF_PIN);
  (void)counter_submit (self->counter, self->intake, "S0001", &error);
  g_assert_no_error (error);
}

/* Stopped for a supervisor: covered like any other, and stopped still when the card is back or the
 * time has passed. */
static void
test_while_held (Visit *self)
{
  /* Whoever was stopped and given up is stopped again: not the one of the other tests. */
  self->intake = counter_take_in (self->counter, "pension.exemption", "suzuki");
  md_intake_stop (self->intake, MD_HOLD_PROTECTED);
  counter_wait (self->intake, "wait", MD_WAIT_HELD);
  lift (self);
  g_assert_null (strstr (md_intake_get_sentence (self->intake), "protect"));
  put_back (self, "suzuki");
  g_assert_cmpint (md_intake_get_wait (self->intake), ==, MD_WAIT_HELD);
  lift (self);
  let_pass (self, 61);
  counter_wait (self->intake, "wait", MD_WAIT_HELD);
  counter_assert_erased (self->intake);
}

/* Behind the lock, and under the curtain: what was covered stays so when the card is back. */
static void
test_covered_otherwise (Visit *self)
{
  g_autofree char *display = NULL;

  take_in (self);
  g_object_set (self->counter->desk, "covered", TRUE, NULL);
  lift (self);
  put_back (self, "tanaka");
  display = dup_display (self, "p.name");
  g_assert_cmpstr (display, ==, "Filled in");
  g_object_set (self->counter->desk, "covered", FALSE, NULL);
  g_free (display);
  display = dup_display (self, "p.name");
  g_assert_cmpstr (display, ==, value (self, "p.name"));
  counter_remove (self->counter, "staff");
  counter_wait (self->counter->desk, "state", MD_DESK_LOCKED);
  counter_remove (self->counter, "resident");
  counter_wait (self->intake, "away", MD_AWAY_LIFTED);
  let_pass (self, 61);
  counter_wait (self->intake, "away", MD_AWAY_NOT);
  counter_assert_erased (self->intake);
  counter_login (self->counter, "S0001");
  counter_assert_recorded (self->counter, "identification", "done erased=card-away");
}

static void
tag_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree char *tag = md_card_tag_ask_finish (result, NULL);

  *(gboolean *)data = TRUE;
}

/* What the card was asked before this has its answer. */
static void
wait_for_reader (Visit *self)
{
  MdPcsc *pcsc = self->counter->pcsc;
  g_autoptr (GBytes) key = md_card_tag_make_key ();
  gboolean done = FALSE;

  md_card_tag_ask_async (key, NULL, pcsc, md_pcsc_get_reader (pcsc, MD_CARD_ROLE_RESIDENT), NULL,
                         tag_cb, &done);
  await (done);
}

static void
copy_file (const char *from, const char *to)
{
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (to);
  g_autoptr (GError) error = NULL;

  (void)g_file_copy (source, target, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

/* A card called NAME with all that can be read of tanaka's, and for its own key what the file KEY
 * of hers has; NULL: none. */
static void
make_copy (Visit *self, const char *name, const char *key)
{
  g_autofree char *from = g_build_filename (self->counter->world, "cards", "tanaka", NULL);
  g_autofree char *to = g_build_filename (self->counter->world, "cards", name, NULL);
  g_autoptr (GDir) files = g_dir_open (from, 0, NULL);

  g_assert_cmpint (g_mkdir (to, 0700), ==, 0);
  for (const char *file = g_dir_read_name (files); file; file = g_dir_read_name (files))
    {
      const char *what = g_str_equal (file, "text-0013.key") ? key : file;
      g_autofree char *source = what ? g_build_filename (from, what, NULL) : NULL;
      g_autofree char *target = g_build_filename (to, file, NULL);

      if (what)
        copy_file (source, target);
    }
}

/* What can be read of a card can be copied: another card with her certificate does not uncover
 * anything. */
static void
test_copied_card (Visit *self)
{
  static const char said[] = "refused cause=other-card";
  guint before;

  make_copy (self, "tanaka-copied", "jpki-0017.key");
  make_copy (self, "tanaka-silent", NULL);
  take_in (self);
  wait_for_reader (self); /* it has answered by its own key */
  lift (self);
  before = counter_count_recorded (self->counter, "identification", said);
  counter_insert (self->counter, "resident", "tanaka-copied");
  assert_covered (self, MD_AWAY_OTHER);
  await (counter_count_recorded (self->counter, "identification", said) == before + 1);
  counter_remove (self->counter, "resident");
  assert_covered (self, MD_AWAY_LIFTED);
  counter_insert (self->counter, "resident", "tanaka-silent");
  assert_covered (self, MD_AWAY_UNSURE);
  counter_remove (self->counter, "resident");
  assert_covered (self, MD_AWAY_LIFTED);
  put_back (self, "tanaka");
}

/* By the signature certificate: its own cannot be read again, the other one can. */
static void
test_by_signature (Visit *self)
{
  g_autoptr (MdSecret) password = counter_pin (self->counter, "tanaka", "sign");
  g_autoptr (MdSecret) text = counter_pin (self->counter, "tanaka", "text");
  g_autoptr (GError) error = NULL;

  self->intake = counter_begin (self->counter, "pension.exemption");
  counter_insert (self->counter, "resident", "tanaka");
  counter_wait (self->intake, "wait", MD_WAIT_PIN);
  md_intake_use_signature (self->intake, TRUE);
  g_assert_true (counter_identify_with (self->intake, text, password, FALSE, &error));
  g_assert_no_error (error);
  g_assert_true (md_intake_advance (self->intake));
  wait_for_reader (self);
  counter_remove (self->counter, "resident");
  counter_wait (self->intake, "away", MD_AWAY_LIFTED);
  g_assert_null (value (self, "p.name"));
  put_back (self, "tanaka");
}

/* Documents were shown: a card on the reader is nobody's. */
static void
test_documents (Visit *self)
{
  self->intake = counter_by_licence (self->counter, "1234");
  counter_type (self->intake, "p.name", "田中 太郎");
  counter_insert (self->counter, "resident", "tanaka");
  wait_slot (self, MD_CARD_SLOT_PRESENT);
  counter_remove (self->counter, "resident");
  wait_slot (self, MD_CARD_SLOT_EMPTY);
  g_assert_cmpint (md_intake_get_away (self->intake), ==, MD_AWAY_NOT);
  g_assert_cmpstr (value (self, "p.name"), ==, "田中 太郎");
}

static void
revealed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  *(int *)data = md_desk_reveal_finish (MD_DESK (source), result, &error);
}

static int
reveal_and (Visit *self, MdEntry *number, gboolean cover)
{
  const gint64 until = g_get_monotonic_time () + 60 * SECOND;
  int revealed = -1;

  md_desk_reveal_async (self->counter->desk, number, "compare-document", NULL, revealed_cb,
                        &revealed);
  g_object_set (self->counter->desk, "covered", cover, NULL);
  while (revealed == -1)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, until);
      counter_turn (10);
    }
  return revealed;
}

/* The number was asked for, and is covered before the answer; or it was shown in full, and is
 * covered then. When it is uncovered nobody asks for it any more. */
static void
test_number_asked_for (Visit *self)
{
  MdEntry *number;

  take_in (self);
  number = md_form_data_get_entry (md_intake_get_data (self->intake), "p.mynum");
  g_assert_false (reveal_and (self, number, TRUE));
  g_object_set (self->counter->desk, "covered", FALSE, NULL);
  g_assert_true (g_str_has_prefix (md_entry_get_display (number), "********"));
  g_assert_true (reveal_and (self, number, FALSE));
  g_assert_false (g_str_has_prefix (md_entry_get_display (number), "********"));
  g_object_set (self->counter->desk, "covered", TRUE, NULL);
  g_object_set (self->counter->desk, "covered", FALSE, NULL);
  g_assert_true (g_str_has_prefix (md_entry_get_display (number), "********"));
}

static const struct
{
  const char *path;
  void (*run) (Visit *);
} tests[] = {
  { "/intake/away/comes-back", test_comes_back },
  { "/intake/away/another-card", test_another_card },
  { "/intake/away/copied-card", test_copied_card },
  { "/intake/away/time-passes", test_time_passes },
  { "/intake/away/reader-goes", test_reader_goes },
  { "/intake/away/while-sealing", test_while_sealing },
  { "/intake/away/while-held", test_while_held },
  { "/intake/away/covered-otherwise", test_covered_otherwise },
  { "/intake/away/by-signature", test_by_signature },
  { "/intake/away/documents", test_documents },
  { "/intake/away/number-asked-for", test_number_asked_for },
  { "/intake/away/sealed", test_sealed },
  { "/intake/away/not-named", test_not_named },
  { "/intake/away/at-once", test_at_once },
};

static Visit visit;

static void
run (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);

  set_up (&visit);
  tests[i].run (&visit);
  tear_down (&visit);
}

int
main (int argc, char **argv)
{
  g_autoptr (GTestDBus) bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_dbus_up (bus);
  visit.clock = md_test_clock_new (g_get_real_time ());
  counter_clock = MD_CLOCK (visit.clock);
  visit.counter = counter_new ();
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add_data_func (tests[i].path, GUINT_TO_POINTER (i), run);
  status = g_test_run ();
  counter_free (visit.counter);
  g_object_unref (visit.clock);
  g_test_dbus_down (bus);
  return status;
}
