// SPDX-License-Identifier: Apache-2.0
#include <md-card.h>

static void
assert_features (const char *hex, guint32 verify, guint32 modify, guint32 properties)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) list = md_hex_decode (hex, &error);
  g_assert_no_error (error);
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (list, &length);
  MdPinPad pad;
  gboolean any = md_pin_pad_parse_features (data, length, &pad);
  g_assert_cmpint (any, ==, (verify | modify | properties) != 0);
  g_assert_cmphex (pad.verify, ==, verify);
  g_assert_cmphex (pad.modify, ==, modify);
  g_assert_cmphex (pad.properties, ==, properties);
}

static void
test_features (void)
{
  assert_features ("", 0, 0, 0);
  assert_features ("060442330006", 0x42330006, 0, 0);
  assert_features ("0604423300060704423300071204423300120a0442330001", 0x42330006, 0x42330007,
                   0x42330012);
  assert_features ("06f04200", 0, 0, 0);                      // a length that lies
  assert_features ("06044233", 0, 0, 0);                      // the end is missing
  assert_features ("070442330007060442", 0, 0x42330007, 0);   // what came before is good
  assert_features ("0602aabb070442330007", 0, 0x42330007, 0); // no code of four bytes
}

static void
test_properties (void)
{
  static const guint8 list[] = { 0x06, 1, 4,  0x07, 1,    12,   0x02, 1, 3,    0x63, 2,
                                 1,    2, 10, 4,    0xff, 0xff, 1,    0, 0x07, 0x09, 1 };
  MdPinPad pad = { .verify = 1 };
  md_pin_pad_parse_properties (list, sizeof list, &pad);
  g_assert_cmpuint (pad.least, ==, 4);
  g_assert_cmpuint (pad.most, ==, 12); // the last entry is cut off
  g_assert_cmpuint (pad.validation, ==, 3);
  g_assert_cmpuint (pad.max_apdu, ==, 0x1ffff);
}

static const MdPinEntry four
    = { .least = 4, .most = 4, .block = 4, .ins = 0x20, .p1 = 0x00, .p2 = 0x80, .seconds = 30 };

static void
test_fits (void)
{
  MdPinPad pad = { .verify = 1 };
  g_assert_true (md_pin_pad_fits (&pad, &four));
  pad.least = 5;
  g_assert_false (md_pin_pad_fits (&pad, &four));
  pad = (MdPinPad){ .verify = 1, .least = 4, .most = 4 };
  g_assert_true (md_pin_pad_fits (&pad, &four));
  MdPinEntry staff = four;
  staff.least = 6;
  staff.most = staff.block = 8;
  g_assert_false (md_pin_pad_fits (&pad, &staff));
  pad = (MdPinPad){ .modify = 1 };
  g_assert_false (md_pin_pad_fits (&pad, &four));
}

static void
assert_bytes (GBytes *bytes, const char *hex)
{
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  g_autofree char *got = md_hex_encode (data, length);
  g_assert_cmpstr (got, ==, hex);
}

// Field by field as PC/SC part 10 has them: PIN_VERIFY_STRUCTURE and PIN_MODIFY_STRUCTURE.
static void
test_structures (void)
{
  MdPinPad pad = { .verify = 1, .modify = 2 };
  g_autoptr (GBytes) verify = md_pin_pad_build_verify (&pad, &four);
  assert_bytes (verify, "1e1e82040004040201110400000000"
                        "09000000"
                        "0020008004ffffffff");
  pad.validation = 1; // no OK key
  MdPinEntry change = four;
  change.ins = 0x24;
  change.p1 = 0x01;
  g_autoptr (GBytes) modify = md_pin_pad_build_modify (&pad, &change);
  assert_bytes (modify, "1e1e820400000004040101021104000102000000"
                        "09000000"
                        "0024018004ffffffff");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/card/pin-pad/features", test_features);
  g_test_add_func ("/card/pin-pad/properties", test_properties);
  g_test_add_func ("/card/pin-pad/fits", test_fits);
  g_test_add_func ("/card/pin-pad/structures", test_structures);
  return g_test_run ();
}
