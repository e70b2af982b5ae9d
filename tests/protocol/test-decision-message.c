// SPDX-License-Identifier: Apache-2.0
#include <md-protocol.h>
#include <string.h>

static MdDecisionMessage *
decode (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return md_decision_message_decode (bytes, error);
}

static void
test_round_trip (void)
{
  g_autoptr (GBytes) a = g_bytes_new_static ("{\"a\":1}", 7);
  g_autoptr (GBytes) b = g_bytes_new_static ("<xml/>", 6);
  g_autoptr (GBytes) c = g_bytes_new_static ("\x30\x00\xff", 3);
  g_autoptr (MdDecisionMessage) message = md_decision_message_new (a, b, c);
  g_autoptr (GBytes) once = md_decision_message_encode (message);
  g_autoptr (GBytes) twice = md_decision_message_encode (message);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdDecisionMessage) back = md_decision_message_decode (once, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (once, twice));
  g_assert_true (g_bytes_equal (back->decision, a));
  g_assert_true (g_bytes_equal (back->manifest, b));
  g_assert_true (g_bytes_equal (back->signature, c));
}

static void
test_refuses (void)
{
  const char *const bad[] = {
    "{}",
    "{\"decision\":\"AA==\",\"manifest\":\"AA==\"}",
    "{\"decision\":\"AA==\",\"manifest\":\"AA==\",\"signature\":\"AA==\",\"more\":\"AA==\"}",
    "{\"decision\":\"AA==\",\"manifest\":\"AA==\",\"other\":\"AA==\"}",
    "{\"decision\":\"\",\"manifest\":\"AA==\",\"signature\":\"AA==\"}",
    "{\"decision\":\"AA=\",\"manifest\":\"AA==\",\"signature\":\"AA==\"}",
    "{\"decision\":\"AB==\",\"manifest\":\"AA==\",\"signature\":\"AA==\"}",
    "{\"decision\":\"A A==\",\"manifest\":\"AA==\",\"signature\":\"AA==\"}",
    "{\"decision\":1,\"manifest\":\"AA==\",\"signature\":\"AA==\"}",
    "{\"decision\":\"AA==\",\"decision\":\"AA==\",\"manifest\":\"AA==\",\"signature\":\"AA==\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MdDecisionMessage) message = decode (bad[i], &error);
      if (message != NULL)
        g_error ("taken: %s", bad[i]);
      g_assert_error (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_MALFORMED);
    }
}

static void
test_too_large (void)
{
  g_autofree char *text = g_strnfill (MD_WIRE_MAX_DECISION + 1, ' ');
  g_autoptr (GError) error = NULL;
  g_autoptr (MdDecisionMessage) message = decode (text, &error);

  g_assert_null (message);
  g_assert_error (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_TOO_LARGE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/decision-message/round-trip", test_round_trip);
  g_test_add_func ("/protocol/decision-message/refuses", test_refuses);
  g_test_add_func ("/protocol/decision-message/too-large", test_too_large);
  return g_test_run ();
}
