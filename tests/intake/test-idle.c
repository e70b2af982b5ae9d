// SPDX-License-Identifier: Apache-2.0
/* Somebody went away from the counter without taking the staff card: the screen locks by itself. */
#include "holding.h"

#define SECOND G_USEC_PER_SEC

/* Long enough for the desk to have looked. */
#define LOOK_MS 2500

static void
test_locks (void)
{
  g_autoptr (MdTestClock) clock = md_test_clock_new (g_get_real_time ());
  Counter *counter;
  gint64 limit;

  counter_clock = MD_CLOCK (clock);
  counter = counter_new ();
  counter_login (counter, "S0001");
  limit = md_policy_get_limits (md_desk_get_policy (counter->desk))->idle_lock_s * SECOND;
  g_assert_cmpint (limit, >, 10 * SECOND);

  md_test_clock_advance_us (clock, limit - 5 * SECOND);
  counter_turn (LOOK_MS);
  g_assert_cmpint (md_desk_get_state (counter->desk), ==, MD_DESK_WORKING);
  /* A hand on the mouse: the time begins anew. */
  md_desk_touch (counter->desk);
  md_test_clock_advance_us (clock, limit - 5 * SECOND);
  counter_turn (LOOK_MS);
  g_assert_cmpint (md_desk_get_state (counter->desk), ==, MD_DESK_WORKING);

  md_test_clock_advance_us (clock, 10 * SECOND);
  counter_wait (counter->desk, "state", MD_DESK_LOCKED);
  counter_assert_recorded (counter, "lock", "done cause=idle");
  /* Its officer comes back. */
  counter_login (counter, "S0001");
  g_assert_cmpint (md_desk_get_state (counter->desk), ==, MD_DESK_WORKING);
  counter_free (counter);
  counter_clock = NULL;
}

/* --- what was read from a card --- */

/* A clerk at work with a whole intake of a resident whose card lies there, at "confirm". */
static MdIntake *
begin (Counter **out_counter, MdTestClock *clock)
{
  MdIntake *intake;

  counter_clock = MD_CLOCK (clock);
  *out_counter = counter_new ();
  counter_login (*out_counter, "S0001");
  intake = counter_take_in (*out_counter, "pension.exemption", "tanaka");
  g_assert_nonnull (counter_value (intake, "p.name"));
  g_assert_cmpstr (counter_value (intake, "n.bpn"), ==, "1234567890");
  return intake;
}

static gint64
limit_of (Counter *counter)
{
  return md_policy_get_limits (md_desk_get_policy (counter->desk))->idle_lock_s * SECOND;
}

static void
end (Counter *counter)
{
  counter_free (counter);
  counter_clock = NULL;
}

/* R-CARD-10: the idle limit passes. Whoever comes back asks for the card once more, and has nothing
 * to type again. */
static void
test_erases (void)
{
  g_autoptr (MdTestClock) clock = md_test_clock_new (g_get_real_time ());
  g_autoptr (GError) error = NULL;
  Counter *counter = NULL;
  MdIntake *intake = begin (&counter, clock);

  md_test_clock_advance_us (clock, limit_of (counter) + SECOND);
  counter_wait (counter->desk, "state", MD_DESK_LOCKED);
  counter_assert_erased (intake);
  counter_remove (counter, "resident");
  counter_login (counter, "S0001");
  counter_assert_trouble (intake);
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_CARD);
  g_assert_false (md_intake_advance (intake));
  counter_insert (counter, "resident", "tanaka");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (counter_identify (counter, intake, "tanaka", &error));
  g_assert_no_error (error);
  g_assert_nonnull (counter_value (intake, "p.name"));
  g_assert_true (md_intake_advance (intake));
  g_assert_true (md_intake_advance (intake));
  g_assert_true (counter_submit (counter, intake, "S0001", &error));
  g_assert_no_error (error);
  /* Handed in, and left standing. */
  md_test_clock_advance_us (clock, limit_of (counter) + SECOND);
  counter_wait (counter->desk, "state", MD_DESK_LOCKED);
  g_assert_null (md_intake_get_data (intake));
  g_assert_nonnull (md_intake_get_receipt_number (intake));
  end (counter);
}

/* The officer took the card and did not come back: the work is kept for as long as that, whoever
 * touches the mouse meanwhile. */
static void
test_erases_behind_the_lock (void)
{
  g_autoptr (MdTestClock) clock = md_test_clock_new (g_get_real_time ());
  Counter *counter = NULL;
  MdIntake *intake = begin (&counter, clock);

  counter_remove (counter, "staff");
  counter_wait (counter->desk, "state", MD_DESK_LOCKED);
  md_test_clock_advance_us (clock, limit_of (counter) - 5 * SECOND);
  md_desk_touch (counter->desk);
  counter_turn (LOOK_MS);
  g_assert_nonnull (counter_value (intake, "p.name"));
  md_test_clock_advance_us (clock, 10 * SECOND);
  await (!counter_value (intake, "p.name"));
  counter_assert_erased (intake);
  end (counter);
}

/* The limit passes over a stopped intake, and a supervisor releases it. */
static void
release_erased (Counter *counter, MdIntake *intake, MdTestClock *clock)
{
  g_autoptr (GError) error = NULL;

  md_intake_stop (intake, MD_HOLD_PROTECTED);
  counter_wait (intake, "wait", MD_WAIT_HELD);
  md_test_clock_advance_us (clock, limit_of (counter) + SECOND);
  counter_wait (counter->desk, "state", MD_DESK_LOCKED);
  counter_assert_erased (intake);
  md_test_clock_set_wall_us (clock, g_get_real_time ()); /* the service's own */
  counter_login (counter, "S0001");
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_HELD);
  (void)release (counter, intake, "S0101", &error);
  g_assert_no_error (error);
  counter_login (counter, "S0001");
}

/* Another resident's card in place of the one for which it was stopped. */
static void
assert_other_person (Counter *counter, MdIntake *intake)
{
  counter_swap (counter, "resident", "sato");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_false (counter_identify (counter, intake, "sato", NULL));
  g_assert_cmpint (md_intake_get_wait (intake), ==, MD_WAIT_REFUSED);
  counter_assert_recorded (counter, "identification", "refused cause=other-person");
}

/* What stopped the intake was about one person: nobody else goes on with it. */
static void
test_erased_and_stopped (void)
{
  g_autoptr (MdTestClock) clock = md_test_clock_new (g_get_real_time ());
  g_autoptr (GError) error = NULL;
  Counter *counter = NULL;
  MdIntake *intake = begin (&counter, clock);

  release_erased (counter, intake, clock);
  assert_other_person (counter, intake);
  counter_swap (counter, "resident", "tanaka");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (counter_identify (counter, intake, "tanaka", &error));
  g_assert_no_error (error);
  end (counter);
}

/* The code of a letter of delegation was given to the principal before: it stays. */
static void
test_erased_letter (void)
{
  g_autoptr (MdTestClock) clock = md_test_clock_new (g_get_real_time ());
  g_autofree char *code = NULL;
  g_autoptr (GError) error = NULL;
  Counter *counter;
  MdIntake *intake;

  counter_clock = MD_CLOCK (clock);
  counter = counter_new ();
  counter_login (counter, "S0001");
  intake = counter_begin (counter, MD_DELEGATION_PROCEDURE);
  counter_insert (counter, "resident", "tanaka");
  counter_wait (intake, "wait", MD_WAIT_PIN);
  g_assert_true (counter_identify (counter, intake, "tanaka", &error));
  g_assert_no_error (error);
  code = g_strdup (counter_value (intake, "g.code"));
  g_assert_nonnull (code);
  md_test_clock_advance_us (clock, limit_of (counter) + SECOND);
  counter_wait (counter->desk, "state", MD_DESK_LOCKED);
  g_assert_null (counter_value (intake, "p.name"));
  g_assert_cmpstr (counter_value (intake, "g.code"), ==, code);
  /* The next letter has another. */
  counter_login (counter, "S0001");
  md_intake_next_person (intake);
  intake = counter_begin (counter, MD_DELEGATION_PROCEDURE);
  g_assert_cmpstr (counter_value (intake, "g.code"), !=, code);
  end (counter);
}

/* The program is linked so that whoever asks what a card said comes here. */
gboolean __real_md_identity_proof_get_side (const MdIdentityProof *self, MdMatchItem item,
                                            MdMatchSide *out_side);
gboolean __wrap_md_identity_proof_get_side (const MdIdentityProof *self, MdMatchItem item,
                                            MdMatchSide *out_side);

static gboolean cards_say_nothing;

gboolean
__wrap_md_identity_proof_get_side (const MdIdentityProof *self, MdMatchItem item,
                                   MdMatchSide *out_side)
{
  return !cards_say_nothing && __real_md_identity_proof_get_side (self, item, out_side);
}

/* The card did not say of whom it was: then it was of nobody who is known again. */
static void
test_erased_of_nobody (void)
{
  g_autoptr (MdTestClock) clock = md_test_clock_new (g_get_real_time ());
  Counter *counter = NULL;
  MdIntake *intake = begin (&counter, clock);

  cards_say_nothing = TRUE;
  release_erased (counter, intake, clock);
  assert_other_person (counter, intake);
  cards_say_nothing = FALSE;
  end (counter);
}

int
main (int argc, char **argv)
{
  g_autoptr (GTestDBus) bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_dbus_up (bus);
  g_test_add_func ("/intake/idle/locks", test_locks);
  g_test_add_func ("/intake/idle/erases", test_erases);
  g_test_add_func ("/intake/idle/erases-behind-the-lock", test_erases_behind_the_lock);
  g_test_add_func ("/intake/idle/erased-and-stopped", test_erased_and_stopped);
  g_test_add_func ("/intake/idle/erased-letter", test_erased_letter);
  g_test_add_func ("/intake/idle/erased-of-nobody", test_erased_of_nobody);
  status = g_test_run ();
  g_test_dbus_down (bus);
  return status;
}
