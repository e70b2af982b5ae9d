// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>

static const char *const words[] = { "fresh", "stale", NULL, "absent" };
static const struct
{
  const char *id;
  guint8 odd;
} rows[] = { { "self", 1 }, { "head", 2 }, { "", 3 } };

static void
test_row (void)
{
  g_assert_cmpint (MD_TABLE_ROW (words, "fresh"), ==, 0);
  g_assert_cmpint (MD_TABLE_ROW (words, "absent"), ==, 3);
  g_assert_cmpint (MD_TABLE_ROW (words, "fres"), ==, -1);
  g_assert_cmpint (MD_TABLE_ROW (words, ""), ==, -1);
  g_assert_cmpint (MD_TABLE_ROW (words, NULL), ==, -1);
  g_assert_cmpint (MD_TABLE_ROW (rows, "head"), ==, 1);
  g_assert_cmpint (rows[MD_TABLE_ROW (rows, "head")].odd, ==, 2);
  g_assert_cmpint (MD_TABLE_ROW (rows, ""), ==, 2);
  g_assert_cmpint (MD_TABLE_ROW (rows, "other"), ==, -1);
  g_assert_cmpint (MD_TABLE_ROW (rows, NULL), ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/table/row", test_row);
  return g_test_run ();
}
