// SPDX-License-Identifier: Apache-2.0
#include <md-apdu.h>
#include <md-base.h>

typedef struct
{
  const char *hex;
  MdCommandForm form;
  gsize data_size;
  gsize expected;
} Row;

/* The four cases of ISO 7816-3, short and extended, each with the bytes that the standard
 * prescribes. */
static const Row rows[] = {
  { "00200080", MD_COMMAND_FORM_SHORT, 0, 0 },
  { "00b0000011", MD_COMMAND_FORM_SHORT, 0, 17 },
  { "00b0000000", MD_COMMAND_FORM_SHORT, 0, 256 },
  { "00200080040102030a", MD_COMMAND_FORM_SHORT, 4, 0 },
  { "00a4040002aabb00", MD_COMMAND_FORM_SHORT, 2, 256 },
  { "00b00000000000", MD_COMMAND_FORM_EXTENDED, 0, 65536 },
  { "00b00000000200", MD_COMMAND_FORM_EXTENDED, 0, 512 },
  { "002a0080000002aabb", MD_COMMAND_FORM_EXTENDED, 2, 0 },
  { "002a0080000002aabb0000", MD_COMMAND_FORM_EXTENDED, 2, 65536 },
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GBytes) bytes = md_hex_decode (rows[i].hex, NULL);
      g_autoptr (GBytes) again = NULL;
      MdCommand command;
      MdCommandForm form;
      gsize size;
      const guint8 *data = g_bytes_get_data (bytes, &size);

      g_assert_true (md_command_parse (data, size, &command, &form, NULL));
      g_assert_cmpint (command.cla, ==, 0);
      g_assert_cmpint (command.ins, ==, data[1]);
      g_assert_cmpint (command.p1, ==, data[2]);
      g_assert_cmpint (command.p2, ==, data[3]);
      g_assert_cmpuint (command.data_size, ==, rows[i].data_size);
      g_assert_cmpuint (command.expected, ==, rows[i].expected);
      if (rows[i].data_size > 0 || rows[i].expected > 0)
        g_assert_cmpint (form, ==, rows[i].form);
      again = md_command_encode (&command, rows[i].form, NULL);
      g_assert_true (g_bytes_equal (bytes, again));
    }
}

static void
test_limits (void)
{
  static guint8 data[65536];
  MdCommand command = { 0x00, 0xd6, 0, 0, data, 256, 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = md_command_encode (&command, MD_COMMAND_FORM_EXTENDED, NULL);

  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 263);
  g_assert_null (md_command_encode (&command, MD_COMMAND_FORM_SHORT, &error));
  g_assert_error (error, MD_APDU_ERROR, MD_APDU_ERROR_TOO_LARGE);
  command.data_size = 65536;
  g_assert_null (md_command_encode (&command, MD_COMMAND_FORM_EXTENDED, NULL));
  command.data_size = 0;
  command.expected = 257;
  g_assert_null (md_command_encode (&command, MD_COMMAND_FORM_SHORT, NULL));
  command.expected = 65537;
  g_assert_null (md_command_encode (&command, MD_COMMAND_FORM_EXTENDED, NULL));
}

static void
assert_refused (const char *hex, MdApduError code)
{
  g_autoptr (GBytes) bytes = md_hex_decode (hex, NULL);
  g_autoptr (GError) error = NULL;
  MdCommand command;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  g_assert_false (md_command_parse (data, size, &command, NULL, &error));
  g_assert_error (error, MD_APDU_ERROR, (int)code);
}

static void
test_malformed (void)
{
  assert_refused ("", MD_APDU_ERROR_TRUNCATED);
  assert_refused ("00a404", MD_APDU_ERROR_TRUNCATED);
  assert_refused ("00a4040005aabb", MD_APDU_ERROR_TRUNCATED);
  assert_refused ("00a4040002aabb0000", MD_APDU_ERROR_MALFORMED);
  assert_refused ("00a404000000", MD_APDU_ERROR_TRUNCATED);
  assert_refused ("00a40400000005aabb", MD_APDU_ERROR_TRUNCATED);
  assert_refused ("00a40400000002aabb00", MD_APDU_ERROR_TRUNCATED);
  assert_refused ("00a40400000002aabb000000", MD_APDU_ERROR_MALFORMED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/apdu/command/cases", test_cases);
  g_test_add_func ("/apdu/command/limits", test_limits);
  g_test_add_func ("/apdu/command/malformed", test_malformed);
  return g_test_run ();
}
