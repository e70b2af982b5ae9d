// SPDX-License-Identifier: Apache-2.0
// Cards that answer without end: there is a bound to what is asked of them.
#include "script-backend.h"

#define OPENING                                                                                    \
  "> 00A40000\n< 6A86\n"                                                                           \
  "> 00A4040C0AD392F000260100000001\n< 9000\n"
#define SELECT_CERTIFICATE "> 00A4020C02000A\n< 9000\n"
#define MOST_READS 256

// A certificate of 4100 bytes: the first 256 of it at once, then PIECE bytes to each READ, as often
// as READS says.
static char *
script_of_pieces (guint piece, guint reads)
{
  GString *script = g_string_new (OPENING SELECT_CERTIFICATE "> 00B0000000\n< 30821000");
  for (guint i = 4; i < 256; i++)
    g_string_append (script, "AB");
  g_string_append (script, "9000\n");
  for (guint i = 0; i < reads; i++)
    {
      guint offset = 256 + i * piece;
      g_string_append_printf (script, "> 00B0%04X%02X\n< ", offset,
                              MIN (4100 - offset, 256) & 0xff);
      for (guint j = 0; j < piece; j++)
        g_string_append (script, "AB");
      g_string_append (script, "9000\n");
    }
  return g_string_free (script, FALSE);
}

static void
assert_refused (guint piece, guint reads)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *script = script_of_pieces (piece, reads);
  g_autoptr (ScriptBackend) backend = script_backend_new (script);
  {
    g_autoptr (MdCardConnection) connection = script_backend_open (backend);
    g_autoptr (MdMyNumberCard) card = md_mynumber_card_new (connection, NULL, &error);
    g_assert_no_error (error);
    g_autoptr (GBytes) der
        = md_mynumber_card_read_certificate (card, MD_CARD_CERTIFICATE_AUTH, NULL, &error);
    g_assert_null (der);
    g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PROTOCOL);
    g_assert_cmpuint (md_card_connection_get_exchanges (connection), ==, reads + 4);
  }
  script_backend_assert_done (backend);
}

// One byte to each READ: a file of 32 KB would take as many thousand commands.
static void
test_one_byte_a_read (void)
{
  assert_refused (1, MOST_READS);
}

// None at all ends it at once.
static void
test_nothing_a_read (void)
{
  assert_refused (0, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/card/card-bounds/one-byte-a-read", test_one_byte_a_read);
  g_test_add_func ("/card/card-bounds/nothing-a-read", test_nothing_a_read);
  return g_test_run ();
}
