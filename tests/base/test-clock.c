// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>

#include <string.h>

static void
test_system (void)
{
  MdClock *clock = md_clock_get_system ();
  const gint64 before = g_get_real_time ();
  const gint64 wall = md_clock_get_wall_us (clock);
  const gint64 first = md_clock_get_monotonic_ns (clock);
  g_autofree char *boot_id = NULL;

  g_assert_cmpint (wall, >=, before);
  g_assert_cmpint (wall, <=, g_get_real_time ());
  g_assert_cmpint (md_clock_get_monotonic_ns (clock), >=, first);
  g_assert_cmpint (first, >, 0);
  g_assert_true (g_file_get_contents ("/proc/sys/kernel/random/boot_id", &boot_id, NULL, NULL));
  g_assert_cmpstr (md_clock_get_boot_id (clock), ==, g_strstrip (boot_id));
  g_assert_true (md_clock_get_system () == clock);
}

static void
test_stands_still (void)
{
  g_autoptr (MdTestClock) test = md_test_clock_new (1000);
  MdClock *clock = MD_CLOCK (test);

  g_assert_cmpint (md_clock_get_wall_us (clock), ==, 1000);
  md_test_clock_advance_us (test, 5);
  g_assert_cmpint (md_clock_get_wall_us (clock), ==, 1005);
  g_assert_cmpint (md_clock_get_monotonic_ns (clock), ==, 5000);
  md_test_clock_set_wall_us (test, 10);
  g_assert_cmpint (md_clock_get_wall_us (clock), ==, 10);
  g_assert_cmpint (md_clock_get_monotonic_ns (clock), ==, 5000);
}

static void
test_reboot (void)
{
  g_autoptr (MdTestClock) test = md_test_clock_new (0);
  MdClock *clock = MD_CLOCK (test);
  g_autofree char *boot_id = g_strdup (md_clock_get_boot_id (clock));

  md_test_clock_advance_us (test, 5);
  md_test_clock_reboot (test);
  g_assert_cmpint (md_clock_get_monotonic_ns (clock), ==, 0);
  g_assert_cmpstr (md_clock_get_boot_id (clock), !=, boot_id);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/clock/system", test_system);
  g_test_add_func ("/base/clock/stands-still", test_stands_still);
  g_test_add_func ("/base/clock/reboot", test_reboot);
  return g_test_run ();
}
