// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>

#include <string.h>

static void
test_form (void)
{
  g_autoptr (MdTestClock) clock = md_test_clock_new (G_GINT64_CONSTANT (4102444800123456));
  g_autofree char *id = md_uuid7_new (MD_CLOCK (clock));

  g_assert_true (md_uuid7_is_valid (id));
  g_assert_true (g_uuid_string_is_valid (id));
  g_assert_cmpint (md_uuid7_get_time_ms (id), ==, G_GINT64_CONSTANT (4102444800123));
}

/* More than the counter holds in one millisecond, and a clock that goes back. */
static void
test_always_greater (void)
{
  g_autoptr (MdTestClock) clock = md_test_clock_new (G_GINT64_CONSTANT (4102444900000000));
  g_autofree char *last = md_uuid7_new (MD_CLOCK (clock));

  for (guint i = 0; i < 10000; i++)
    {
      char *next = md_uuid7_new (MD_CLOCK (clock));

      g_assert_cmpstr (next, >, last);
      g_free (last);
      last = next;
      if (i == 5000)
        md_test_clock_set_wall_us (clock, 1000000);
    }
}

static void
test_refused (void)
{
  static const char *const bad[] = { "",
                                     "018f2f6a-0000-4000-8000-000000000000",
                                     "018f2f6a-0000-7000-7000-000000000000",
                                     "018F2f6a-0000-7000-8000-000000000000",
                                     "018f2f6a00007000-8000-000000000000--",
                                     "018f2f6a-0000-7000-8000-00000000000",
                                     "018f2f6a-0000-7000-8000-0000000000000",
                                     "../f2f6a-0000-7000-8000-000000000000",
                                     NULL };

  g_assert_true (md_uuid7_is_valid ("018f2f6a-0000-7000-8000-000000000000"));
  g_assert_false (md_uuid7_is_valid (NULL));
  for (gsize i = 0; bad[i] != NULL; i++)
    {
      g_assert_false (md_uuid7_is_valid (bad[i]));
      g_assert_cmpint (md_uuid7_get_time_ms (bad[i]), ==, -1);
    }
}

static void
test_random (void)
{
  guint8 a[32] = { 0 };
  guint8 b[32] = { 0 };

  md_random_fill (a, sizeof a);
  md_random_fill (b, sizeof b);
  g_assert_true (memcmp (a, b, sizeof a) != 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/uuid/form", test_form);
  g_test_add_func ("/base/uuid/always-greater", test_always_greater);
  g_test_add_func ("/base/uuid/refused", test_refused);
  g_test_add_func ("/base/uuid/random", test_random);
  return g_test_run ();
}
