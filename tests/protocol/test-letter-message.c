// SPDX-License-Identifier: Apache-2.0
#include <md-protocol.h>
#include <string.h>

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define START                                                                                      \
  "{\"intake\":\"0193a5a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b\",\"receipt_number\":\"001-000001-6\","      \
  "\"decision\":\"" A "\",\"from\":\"2026-11-20\",\"to\":\"2027-03-31\",\"principal\":\"" A        \
  "\",\"delegate\":\"" A "\","
#define LIST "\"procedures\":[\"pension.exemption\",\"lem.certificate\"],"
#define END "\"ended\":false}"

static MdLetterMessage *
decode (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return md_letter_message_decode (bytes, error);
}

static void
test_round_trip (void)
{
  static const char *const texts[]
      = { START LIST END, START LIST "\"ended\":true}",
          START LIST "\"ended\":false,\"given_back\":\"2026-11-22T05:00:00.123Z\"}" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MdLetterMessage) message = decode (texts[i], &error);
      g_autoptr (GBytes) expected = g_bytes_new (texts[i], strlen (texts[i]));
      g_autoptr (GBytes) again = message != NULL ? md_letter_message_encode (message) : NULL;

      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (again, expected));
      g_assert_cmpint (message->ended, ==, i == 1);
      g_assert_cmpint (message->given_back != NULL, ==, i == 2);
    }
}

static void
test_refuses (void)
{
  static const char *const right[] = { "0193a5a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b",
                                       "001-000001-6",
                                       "2026-11-20",
                                       "\"principal\":\"aa",
                                       "\"pension.exemption\"",
                                       "[\"pension.exemption\",\"lem.certificate\"]",
                                       "\"ended\":false",
                                       "\"ended\":false",
                                       "\"ended\":false",
                                       "\"delegate\":\"aa" };
  static const char *const wrong[] = { "0193a5a0-1c2d-4e3f-8a4b-5c6d7e8f9a0b",
                                       "001-000001-7",
                                       "2026-11-31",
                                       "\"principal\":\"AA",
                                       "\"pension exemption\"",
                                       "[]",
                                       "\"ended\":0",
                                       "\"ended\":false,\"name\":\"x\"",
                                       "\"ended\":false,\"given_back\":\"yesterday\"",
                                       "\"delegate\":\"a" };

  for (guint i = 0; i < G_N_ELEMENTS (right); i++)
    {
      g_auto (GStrv) parts = g_strsplit (START LIST END, right[i], 2);
      g_autofree char *text = g_strjoinv (wrong[i], parts);
      g_autoptr (GError) error = NULL;
      g_autoptr (MdLetterMessage) message = decode (text, &error);

      g_assert_cmpuint (g_strv_length (parts), ==, 2);
      if (message != NULL)
        g_error ("taken: %s", text);
      g_assert_error (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_MALFORMED);
    }
}

static void
test_too_large (void)
{
  g_autofree char *blanks = g_strnfill (MD_WIRE_MAX_LETTER, ' ');
  g_autofree char *text = g_strconcat (START LIST END, blanks, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (decode (text, &error));
  g_assert_error (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_TOO_LARGE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/letter-message/round-trip", test_round_trip);
  g_test_add_func ("/protocol/letter-message/refuses", test_refuses);
  g_test_add_func ("/protocol/letter-message/too-large", test_too_large);
  return g_test_run ();
}
