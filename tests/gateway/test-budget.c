// SPDX-License-Identifier: Apache-2.0
#include "budget.h"

#define MIB ((gsize)1 << 20)
#define LARGEST (32 * MIB)
#define TOTAL (256 * MIB)

static void
test_share (void)
{
  g_autoptr (Budget) budget = budget_new (TOTAL, LARGEST, 4);

  g_assert_cmpint (budget_take (budget, "a", LARGEST), ==, BUDGET_TAKEN);
  g_assert_cmpint (budget_take (budget, "a", LARGEST), ==, BUDGET_TAKEN);
  g_assert_cmpint (budget_take (budget, "a", 2 * MIB), ==, BUDGET_TOO_MUCH);
  g_assert_cmpint (budget_take (budget, "a", MIB), ==, BUDGET_TAKEN);
  budget_give_back (budget, "a", LARGEST);
  g_assert_cmpint (budget_take (budget, "a", 2 * MIB), ==, BUDGET_TAKEN);
  g_assert_cmpuint (budget_taken (budget), ==, LARGEST + 3 * MIB);
}

static void
test_ordinary_ones_go_through (void)
{
  g_autoptr (Budget) budget = budget_new (TOTAL, LARGEST, 4);
  static const char *const names[] = { "a", "b", "c" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    for (guint k = 0; k < 2; k++)
      g_assert_cmpint (budget_take (budget, names[i], LARGEST), ==, BUDGET_TAKEN);
  g_assert_cmpint (budget_take (budget, "d", 2 * MIB), ==, BUDGET_BUSY);
  for (guint i = 0; i < 64; i++)
    {
      g_autofree char *name = g_strdup_printf ("t%u", i / 4);

      g_assert_cmpint (budget_take (budget, name, MIB), ==, BUDGET_TAKEN);
    }
  g_assert_cmpint (budget_take (budget, "t0", 1), ==, BUDGET_TOO_MUCH);
  g_assert_cmpint (budget_take (budget, "t90", MIB), ==, BUDGET_BUSY);
  g_assert_cmpuint (budget_taken (budget), ==, TOTAL);
}

static void
test_small_memory (void)
{
  g_autoptr (Budget) budget = budget_new (64 * MIB, LARGEST, 4);

  g_assert_cmpint (budget_take (budget, "a", LARGEST), ==, BUDGET_TAKEN);
  g_assert_cmpint (budget_take (budget, "b", LARGEST), ==, BUDGET_BUSY);
  budget_give_back (budget, "a", LARGEST);
  g_assert_cmpint (budget_take (budget, "b", LARGEST), ==, BUDGET_TAKEN);
}

static void
test_connections (void)
{
  g_autoptr (Budget) budget = budget_new (TOTAL, LARGEST, 2);

  g_assert_true (budget_enter (budget, "a"));
  g_assert_true (budget_enter (budget, "a"));
  g_assert_false (budget_enter (budget, "a"));
  g_assert_true (budget_enter (budget, "b"));
  budget_leave (budget, "a");
  g_assert_false (budget_enter (budget, "a"));
  for (guint i = 0; i < 3; i++)
    budget_leave (budget, "a");
  g_assert_true (budget_enter (budget, "a"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gateway/budget/share", test_share);
  g_test_add_func ("/gateway/budget/ordinary-ones-go-through", test_ordinary_ones_go_through);
  g_test_add_func ("/gateway/budget/small-memory", test_small_memory);
  g_test_add_func ("/gateway/budget/connections", test_connections);
  return g_test_run ();
}
