// SPDX-License-Identifier: Apache-2.0
/* Somebody went away from the counter without taking the staff card: the screen locks by itself. */
#include "counter.h"

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
  counter_turn (LOOK_MS);
  counter_assert_recorded (counter, "lock", "done cause=idle");
  /* Its officer comes back. */
  counter_login (counter, "S0001");
  g_assert_cmpint (md_desk_get_state (counter->desk), ==, MD_DESK_WORKING);
  counter_free (counter);
  counter_clock = NULL;
}

int
main (int argc, char **argv)
{
  g_autoptr (GTestDBus) bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_dbus_up (bus);
  g_test_add_func ("/intake/idle/locks", test_locks);
  status = g_test_run ();
  g_test_dbus_down (bus);
  return status;
}
