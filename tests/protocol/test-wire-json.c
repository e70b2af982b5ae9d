// SPDX-License-Identifier: Apache-2.0
#include <md-protocol.h>
#include <string.h>

static gboolean
takes (const char *text, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = md_wire_json_parse (bytes, &error);

  g_assert_true ((object == NULL) == (error != NULL));
  if (error != NULL)
    g_assert_error (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_MALFORMED);
  return object != NULL;
}

static void
test_strict (void)
{
  const char *const good[] = {
    "{}",
    " {\"a\" : [1, -2.5e3, true, null, \"x\\\"\\u3042\"], \"b\":{\"a\":{}}}\r\n",
    "{\"\xe5\x8c\xba\":\"\xe5\x8c\xba\"}",
  };
  const char *const bad[] = {
    "",
    "null",
    "[]",
    "[{}]",
    "\"x\"",
    "{",
    "{}}",
    "{]",
    "{\"a\":1",
    "{\"a\":1,}",
    "{\"a\":1,\"a\":2}",
    "{\"a\":1,\"b\":{\"c\":1,\"c\":2}}",
    "{\"\\u0061\":1}",
    "{'a':1}",
    "{\"a\":1} /* comment */",
    "{\"a\":1} // comment",
    "{/*\"*/\"a\":1}",
    "{\"a\":1} {}",
    "{\"a\":\"line\nfeed\"}",
    "{\"a\":\"open",
    "{\"a\":\"open\\",
    "{\"a\":\"\xff\"}",
    "{a:1}",
    "var x = {}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    if (!takes (good[i], strlen (good[i])))
      g_error ("refused: %s", good[i]);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    if (takes (bad[i], strlen (bad[i])))
      g_error ("taken: %s", bad[i]);
  g_assert_false (takes ("{\"a\":\"x\0y\"}", 11));
}

/* json-glib recurses: a megabyte of brackets must not reach it. */
static void
test_depth (void)
{
  g_autoptr (GString) deep = g_string_new ("{\"a\":");

  for (guint i = 0; i < 1u << 20; i++)
    g_string_append_c (deep, '[');
  g_assert_false (takes (deep->str, deep->len));
  g_assert_true (takes ("{\"a\":[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]}", 36));
  g_assert_false (takes ("{\"a\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}", 38));
}

static void
test_strings (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("{\"s\":\"abc\",\"n\":1,\"o\":{}}", 24);
  g_autoptr (JsonObject) object = md_wire_json_parse (bytes, NULL);
  const char *const wrong[] = { "n", "o", "missing" };

  g_assert_nonnull (object);
  g_assert_cmpstr (md_wire_json_string (object, "s", 3, NULL), ==, "abc");
  g_assert_null (md_wire_json_string (object, "s", 2, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (md_wire_json_string (object, wrong[i], 9, &error));
      g_assert_error (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_MALFORMED);
      g_assert_nonnull (strstr (error->message, wrong[i]));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/wire-json/strict", test_strict);
  g_test_add_func ("/protocol/wire-json/depth", test_depth);
  g_test_add_func ("/protocol/wire-json/strings", test_strings);
  return g_test_run ();
}
