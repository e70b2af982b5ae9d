// SPDX-License-Identifier: Apache-2.0
#include <md-protocol.h>
#include <string.h>

#define SAYS(size, offset, stored) "{\"size\":" size ",\"offset\":" offset ",\"stored\":" stored "}"

static void
test_round_trip (void)
{
  static const struct
  {
    const char *text;
    MdUploadMessage message;
  } cases[] = {
    { SAYS ("0", "0", "false"), { 0, 0, FALSE } },
    { SAYS ("0", "0", "true"), { 0, 0, TRUE } },
    { SAYS ("33554432", "65536", "false"), { 33554432, 65536, FALSE } },
    { SAYS ("33554432", "33554432", "false"), { 33554432, 33554432, FALSE } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) body = g_bytes_new_static (cases[i].text, strlen (cases[i].text));
      g_autoptr (GBytes) again = md_upload_message_encode (&cases[i].message);
      g_autoptr (GError) error = NULL;
      MdUploadMessage message = { 7, 7, FALSE };

      g_assert_true (g_bytes_equal (body, again));
      g_assert_true (md_upload_message_decode (body, &message, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (message.size, ==, cases[i].message.size);
      g_assert_cmpuint (message.offset, ==, cases[i].message.offset);
      g_assert_cmpint (message.stored, ==, cases[i].message.stored);
    }
}

static void
test_refused (void)
{
  static const char *const texts[] = {
    "",
    "[]",
    "{}",
    SAYS ("1", "2", "false"), /* beyond its end */
    SAYS ("33554433", "0", "false"),
    SAYS ("-1", "0", "false"),
    SAYS ("1.0", "0", "false"),
    SAYS ("18446744073709551616", "0", "false"),
    SAYS ("\"1\"", "0", "false"),
    SAYS ("1", "[0]", "false"),
    SAYS ("1", "0", "0"),
    SAYS ("1", "0", "null"),
    "{\"size\":1,\"offset\":0}",
    "{\"size\":1,\"offset\":0,\"stored\":false,\"more\":1}",
    "{\"size\":1,\"size\":1,\"offset\":0,\"stored\":false}",
  };
  g_autofree char *long_text = g_strdup_printf (SAYS ("1", "%300s", "false"), "0");
  g_autoptr (GBytes) long_body = g_bytes_new_static (long_text, strlen (long_text));
  g_autoptr (GError) error = NULL;
  MdUploadMessage message = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GBytes) body = g_bytes_new_static (texts[i], strlen (texts[i]));
      g_autoptr (GError) local = NULL;

      if (md_upload_message_decode (body, &message, &local))
        g_error ("taken: %s", texts[i]);
      g_assert_true (local != NULL && local->domain == MD_PROTOCOL_ERROR);
    }
  g_assert_false (md_upload_message_decode (long_body, &message, &error));
  g_assert_error (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_TOO_LARGE);
}

static void
test_length (void)
{
  static const char *const bad[] = {
    "", "0", "01", "+1", "-1", " 1", "1 ", "1, 1", "0x10", "33554433", "99999999999999999999"
  };

  g_assert_cmpuint (md_upload_length_parse ("1"), ==, 1);
  g_assert_cmpuint (md_upload_length_parse ("33554432"), ==, MD_WIRE_MAX_CONTAINER);
  g_assert_cmpuint (md_upload_length_parse (NULL), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_cmpuint (md_upload_length_parse (bad[i]), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/upload/round-trip", test_round_trip);
  g_test_add_func ("/protocol/upload/refused", test_refused);
  g_test_add_func ("/protocol/upload/length", test_length);
  return g_test_run ();
}
