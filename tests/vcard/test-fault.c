// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"
#include "vc-fault.h"

static void
test_parse (void)
{
  static const char *const bad[] = { "",
                                     "remove",
                                     "remove at",
                                     "remove at 0",
                                     "remove at x",
                                     "delay at 1",
                                     "delay x at 1",
                                     "sw 9000",
                                     "sw 12345 at 1",
                                     "explode at 1",
                                     "mute ins 2A",
                                     "mute ins 123 at 1",
                                     "mute at 1 more",
                                     "mute every more",
                                     "remove at -1" };
  g_autoptr (GError) error = NULL;
  VcFault fault;

  g_assert_true (vc_fault_parse ("sw 6F00 ins 2A at 3", &fault, &error));
  g_assert_cmpint (fault.kind, ==, VC_FAULT_SW);
  g_assert_cmphex (fault.value, ==, 0x6F00);
  g_assert_cmpint (fault.ins, ==, 0x2A);
  g_assert_cmpuint (fault.at, ==, 3);
  g_assert_false (fault.every);
  g_assert_true (vc_fault_parse ("delay 20 every", &fault, &error));
  g_assert_cmpuint (fault.value, ==, 20);
  g_assert_true (fault.every);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_false (vc_fault_parse (bad[i], &fault, &error));
      g_assert_error (error, VC_ERROR, VC_ERROR_SYNTAX);
      g_clear_error (&error);
    }
}

static void
add (GArray *faults, const char *text)
{
  g_autoptr (GError) error = NULL;
  VcFault fault;

  g_assert_true (vc_fault_parse (text, &fault, &error));
  g_array_append_val (faults, fault);
}

static void
test_when (void)
{
  g_autoptr (GArray) faults = g_array_new (FALSE, TRUE, sizeof (VcFault));

  add (faults, "remove at 3");
  add (faults, "mute ins 2A at 2");
  g_assert_cmpint (vc_faults_next (faults, 0x2A).kind, ==, VC_FAULT_NONE);
  g_assert_cmpint (vc_faults_next (faults, 0xA4).kind, ==, VC_FAULT_NONE);
  g_assert_cmpint (vc_faults_next (faults, 0xB0).kind, ==, VC_FAULT_REMOVE);
  g_assert_cmpint (vc_faults_next (faults, 0xB0).kind, ==, VC_FAULT_NONE);
  g_assert_cmpint (vc_faults_next (faults, 0x2A).kind, ==, VC_FAULT_MUTE);
  g_assert_cmpuint (faults->len, ==, 0);
  add (faults, "delay 5 every");
  g_assert_cmpint (vc_faults_next (faults, 0xA4).kind, ==, VC_FAULT_DELAY);
  g_assert_cmpint (vc_faults_next (faults, 0xA4).kind, ==, VC_FAULT_DELAY);
}

static void
assert_spoils (const char *text, gsize size, const char *sw)
{
  g_autoptr (GBytes) answer = from_hex ("000102030405060708099000");
  g_autoptr (GBytes) spoiled = NULL;
  g_autofree char *hex = NULL;
  g_autoptr (GError) error = NULL;
  VcFault fault;

  g_assert_true (vc_fault_parse (text, &fault, &error));
  spoiled = vc_fault_spoil (&fault, answer);
  g_assert_cmpuint (g_bytes_get_size (spoiled), ==, size);
  g_assert_false (g_bytes_equal (spoiled, answer));
  hex = to_hex (spoiled);
  g_assert_true (g_str_has_suffix (hex, sw));
}

static void
test_spoil (void)
{
  assert_spoils ("sw 6A82 at 1", 2, "6A82");
  assert_spoils ("garbage at 1", 12, "9000");
  assert_spoils ("short at 1", 7, "9000");
  assert_spoils ("long at 1", 312, "9000");
  assert_spoils ("one-byte at 1", 1, "00");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vcard/fault/parse", test_parse);
  g_test_add_func ("/vcard/fault/when", test_when);
  g_test_add_func ("/vcard/fault/spoil", test_spoil);
  return g_test_run ();
}
