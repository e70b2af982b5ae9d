// SPDX-License-Identifier: Apache-2.0
#include <md-protocol.h>
#include <string.h>

#define SAYS(after, notice, policy)                                                                \
  "{\"after\":" after ",\"notice\":" notice ",\"policy\":" policy "}"

static void
test_round_trip (void)
{
  static const struct
  {
    const char *text;
    MdInboxMessage message;
  } cases[] = {
    { SAYS ("0", "0", "0"), { 0, 0, 0 } },
    { SAYS ("7000000003", "3", "7"), { G_GUINT64_CONSTANT (7000000003), 3, 7 } },
    { SAYS ("999999999999999", "999999999", "999999"), { MD_WIRE_MAX_CURSOR, 999999999, 999999 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) body = g_bytes_new_static (cases[i].text, strlen (cases[i].text));
      g_autoptr (GBytes) again = md_inbox_message_encode (&cases[i].message);
      g_autoptr (GError) error = NULL;
      MdInboxMessage message = { 7, 7, 7 };

      g_assert_true (g_bytes_equal (body, again));
      g_assert_true (md_inbox_message_decode (body, &message, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (message.after, ==, cases[i].message.after);
      g_assert_cmpuint (message.notice, ==, cases[i].message.notice);
      g_assert_cmpuint (message.policy, ==, cases[i].message.policy);
    }
}

/* Neither part ever falls, and so neither does the whole. */
static void
test_cursor (void)
{
  g_assert_cmpuint (md_inbox_cursor (1, 7), >, md_inbox_cursor (0, 7));
  g_assert_cmpuint (md_inbox_cursor (0, 8), >, md_inbox_cursor (MD_WIRE_LAST_NOTICE, 7));
  g_assert_cmpuint (md_inbox_cursor (MD_WIRE_LAST_NOTICE, 999999), ==, MD_WIRE_MAX_CURSOR);
}

static void
test_refused (void)
{
  static const char *const texts[] = {
    "",
    "[]",
    "{}",
    SAYS ("7000000003", "3", "8"), /* not of these two */
    SAYS ("-1", "0", "0"),
    SAYS ("0.0", "0", "0"),
    SAYS ("\"0\"", "0", "0"),
    SAYS ("1000000000", "1000000000", "0"),
    SAYS ("1000000000000000", "0", "1000000"),
    SAYS ("18446744073709551616", "0", "0"),
    SAYS ("0", "null", "0"),
    "{\"after\":0,\"notice\":0}",
    "{\"after\":0,\"notice\":0,\"policy\":0,\"more\":1}",
    "{\"after\":0,\"after\":0,\"notice\":0,\"policy\":0}",
  };
  g_autofree char *long_text = g_strdup_printf (SAYS ("0", "%300s", "0"), "0");
  g_autoptr (GBytes) long_body = g_bytes_new_static (long_text, strlen (long_text));
  g_autoptr (GError) error = NULL;
  MdInboxMessage message = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GBytes) body = g_bytes_new_static (texts[i], strlen (texts[i]));
      g_autoptr (GError) local = NULL;

      g_assert_false (md_inbox_message_decode (body, &message, &local));
      g_assert_error (local, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_MALFORMED);
    }
  g_assert_false (md_inbox_message_decode (long_body, &message, &error));
  g_assert_error (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_TOO_LARGE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/inbox-message/round-trip", test_round_trip);
  g_test_add_func ("/protocol/inbox-message/cursor", test_cursor);
  g_test_add_func ("/protocol/inbox-message/refused", test_refused);
  return g_test_run ();
}
