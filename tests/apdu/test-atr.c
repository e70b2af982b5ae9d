// SPDX-License-Identifier: Apache-2.0
#include <md-apdu.h>
#include <md-base.h>

typedef struct
{
  const char *hex;
  gboolean valid;
  gsize historical;
  gboolean t1;
  gboolean chaining;
  gboolean extended;
} Row;

/* The answers of real cards and readers, and broken ones. */
static const Row rows[] = {
  /* My Number cards, contact: older, newer, another. */
  { "3be000ff8131fe4514", TRUE, 0, TRUE, FALSE, FALSE },
  { "3bda13ff8131fb468012392f31c173c601c03b", TRUE, 10, TRUE, TRUE, TRUE },
  { "3bc5ff8131fb458073c6010000", TRUE, 5, TRUE, FALSE, FALSE },
  /* Contactless, made up by readers. */
  { "3b888001000005e0b381a1007f", TRUE, 8, TRUE, FALSE, FALSE },
  { "3bf59100ff918171fe40004200010 0d1d6", TRUE, 5, TRUE, FALSE, FALSE },
  /* What a Type B card says of itself is not about commands, though it may look so; with eight
   * bytes of a Type A card's it is. */
  { "3b8880010073 51fff781d10073", TRUE, 8, TRUE, FALSE, FALSE },
  { "3b888001 80734f01c0900000e4", TRUE, 8, TRUE, TRUE, TRUE },
  /* The status in three bytes behind the objects. */
  { "3b080073c601c0000090 00", TRUE, 8, FALSE, TRUE, TRUE },
  /* Nothing, no answer to reset, parts that are missing, a chain without end. */
  { "", FALSE },
  { "3b", FALSE },
  { "00", FALSE },
  { "3be000", FALSE },
  { "3b0580", FALSE },
  { "3b80808080808080808080808080808080", FALSE },
  /* An object that reaches over the end says nothing. */
  { "3b0480 73c601", TRUE, 4, FALSE, FALSE, FALSE },
};

static void
test_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (GStrv) words = g_strsplit (rows[i].hex, " ", -1);
      g_autofree char *hex = g_strjoinv ("", words);
      g_autoptr (GBytes) bytes = md_hex_decode (hex, NULL);
      gsize size = 0;
      const guint8 *data = g_bytes_get_data (bytes, &size);
      MdAtr atr = { 0 };

      g_test_message ("%s", rows[i].hex);
      g_assert_cmpint (md_atr_parse (data, size, &atr), ==, rows[i].valid);
      g_assert_cmpuint (atr.historical_size, ==, rows[i].historical);
      g_assert_cmpint (atr.t1, ==, rows[i].t1);
      g_assert_cmpint (atr.chaining, ==, rows[i].chaining);
      g_assert_cmpint (atr.extended_length, ==, rows[i].extended);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/apdu/atr/rows", test_rows);
  return g_test_run ();
}
