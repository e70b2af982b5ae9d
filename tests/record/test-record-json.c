// SPDX-License-Identifier: Apache-2.0
/* Personal JSON: read strictly, written readably, and gone from memory afterwards. */
#include <memory-scan.h>
#include <md-record.h>

#include <string.h>

#define LIMIT 65536u
#define NAME "記録 試次郎"
#define ADDRESS "青空区一丁目二番三号"

static MdRecord *
parse (const char *text, GError **error)
{
  return md_record_parse (text, strlen (text), LIMIT, error);
}

static void
assert_refused (const char *text, MdRecordError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (parse (text, &error));
  g_assert_error (error, MD_RECORD_ERROR, (int)code);
  g_assert_null (strstr (error->message, "himitsu"));
}

static void
test_reads (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdRecord) root
      = parse ("{\"a\":\"\\u7a93\\u53e3\",\"n\":7,\"b\":true,\"l\":[\"x\",\"y\"]}", &error);
  static const char *const all[] = { "a", "n", "b", "l", "more", NULL };
  static const char *const some[] = { "a", "n", "b", NULL };
  gboolean truth = FALSE;
  gint64 number = 0;

  g_assert_no_error (error);
  g_assert_cmpstr (md_record_get_text (root, "a"), ==, "窓口");
  g_assert_true (md_record_as_int (md_record_get (root, "n"), &number));
  g_assert_cmpint (number, ==, 7);
  g_assert_true (md_record_as_bool (md_record_get (root, "b"), &truth));
  g_assert_true (truth);
  g_assert_false (md_record_as_int (md_record_get (root, "a"), &number));
  g_assert_false (md_record_as_bool (NULL, &truth));
  g_assert_cmpuint (md_record_get_size (md_record_get (root, "l")), ==, 2);
  g_assert_cmpstr (md_record_as_text (md_record_get_entry (md_record_get (root, "l"), 1)), ==, "y");
  g_assert_null (md_record_get_entry (md_record_get (root, "l"), 2));
  g_assert_null (md_record_get_text (root, "missing"));
  g_assert_true (md_record_has_only (root, all));
  g_assert_false (md_record_has_only (root, some));
}

static void
test_refuses (void)
{
  assert_refused ("", MD_RECORD_ERROR_LIMIT);
  assert_refused ("himitsu", MD_RECORD_ERROR_MALFORMED);
  assert_refused ("[\"himitsu\"]", MD_RECORD_ERROR_MALFORMED);
  assert_refused ("{\"a\":\"himitsu\"", MD_RECORD_ERROR_MALFORMED);
  assert_refused ("{\"a\":\"himitsu\"} x", MD_RECORD_ERROR_MALFORMED);
  assert_refused ("{\"himitsu\":1,\"himitsu\":2}", MD_RECORD_ERROR_MALFORMED);
  assert_refused ("{\"himitsu\":1,\"himits\\u0075\":2}", MD_RECORD_ERROR_MALFORMED);
  assert_refused ("{\"a\":\"himitsu\xff\"}", MD_RECORD_ERROR_MALFORMED);
  assert_refused ("{\"a\":\"himitsu\\ud800\"}", MD_RECORD_ERROR_MALFORMED);
  assert_refused ("{\"a\":\"himitsu\\u0000\"}", MD_RECORD_ERROR_MALFORMED);
  assert_refused ("{\"a\":\"himitsu\n\"}", MD_RECORD_ERROR_MALFORMED);
}

static char *
nested (guint levels)
{
  GString *text = g_string_new ("{\"a\":");

  for (guint i = 1; i < levels; i++)
    g_string_append_c (text, '[');
  for (guint i = 1; i < levels; i++)
    g_string_append_c (text, ']');
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

static char *
many (guint values)
{
  GString *text = g_string_new ("{\"a\":[0");

  for (guint i = 1; i < values; i++)
    g_string_append (text, ",0");
  g_string_append (text, "]}");
  return g_string_free (text, FALSE);
}

static void
test_limits (void)
{
  g_autofree char *deepest = nested (MD_LIMIT_JSON_DEPTH);
  g_autofree char *deeper = nested (MD_LIMIT_JSON_DEPTH + 1);
  g_autofree char *most = many (MD_RECORD_MAX_VALUES - 2);
  g_autofree char *more = many (MD_RECORD_MAX_VALUES + 1);
  g_autoptr (MdRecord) deep = parse (deepest, NULL);
  g_autoptr (MdRecord) long_one = parse (most, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (deep);
  g_assert_nonnull (long_one);
  assert_refused (deeper, MD_RECORD_ERROR_LIMIT);
  assert_refused (more, MD_RECORD_ERROR_LIMIT);
  g_assert_null (md_record_parse ("{\"a\":1}", 7, 6, &error));
  g_assert_error (error, MD_RECORD_ERROR, MD_RECORD_ERROR_LIMIT);
}

static void
test_writes (void)
{
  g_autoptr (MdRecord) root = md_record_new_object ();
  g_autoptr (MdSecret) text = NULL;
  g_autoptr (MdSecret) pretty = NULL;

  md_record_set_text (root, "z", "\"窓\"\\口\n\x01");
  md_record_set_text (root, "a", NULL);
  md_record_set_int (root, "n", 7);
  text = md_record_write (root, FALSE);
  g_assert_cmpstr (md_secret_get_text (text), ==,
                   "{\"z\":\"\\\"窓\\\"\\\\口\\n\\u0001\",\"a\":null,\"n\":7}");
  pretty = md_record_write (root, TRUE);
  g_assert_nonnull (strstr (md_secret_get_text (pretty), "\n  \"n\": 7\n"));
}

/* The scan itself: it finds each form, and nothing where nothing is. */
static void
test_scan_finds (void)
{
  static const char text[] = "探索 対象";
  g_autofree char *plain = g_strdup (text);
  g_autofree gunichar2 *wide = g_utf8_to_utf16 (text, -1, NULL, NULL, NULL);
  g_autofree gunichar *wider = g_utf8_to_ucs4 (text, -1, NULL, NULL, NULL);

  g_assert_cmpuint (memory_scan (text), ==, 3);
  md_wipe (plain, strlen (plain));
  g_assert_cmpuint (memory_scan (text), ==, 2);
  md_wipe (wide, 10);
  md_wipe (wider, 20);
  memory_assert_without (text);
}

static void
pass_through (void)
{
  g_autoptr (MdRecord) root = md_record_new_object ();
  g_autoptr (MdRecord) again = NULL;
  g_autoptr (MdRecord) broken = NULL;
  g_autoptr (MdSecret) text = NULL;
  g_autoptr (GError) error = NULL;

  md_record_set_text (root, "name", NAME);
  md_record_set_text (root, "address", ADDRESS);
  text = md_record_write (root, TRUE);
  again = md_record_parse (md_secret_get_data (text), md_secret_get_size (text), LIMIT, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (memory_scan (NAME), >=, 2);
  /* Cut off in the middle: what was read until then must go too. */
  broken = md_record_parse (md_secret_get_data (text), md_secret_get_size (text) - 3, LIMIT, NULL);
  g_assert_null (broken);
}

/* What cannot be written down is not left out in silence. */
static void
test_leaves_nothing_out (void)
{
  g_autoptr (MdRecord) root = md_record_new_object ();
  g_autoptr (MdRecord) list = md_record_new_list ();
  g_autoptr (MdSecret) whole = NULL;

  md_record_set_text (root, "name", NAME);
  whole = md_record_write (root, FALSE);
  g_assert_nonnull (whole);
  md_record_set_text (root, "address", "\xe9\x9d");
  g_assert_null (md_record_write (root, FALSE));
  md_record_append_text (list, "\xff", 1);
  g_assert_null (md_record_write (list, FALSE));
}

static void
test_leaves_nothing (void)
{
  pass_through ();
  memory_assert_without (NAME);
  memory_assert_without (ADDRESS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/record/record-json/reads", test_reads);
  g_test_add_func ("/record/record-json/refuses", test_refuses);
  g_test_add_func ("/record/record-json/limits", test_limits);
  g_test_add_func ("/record/record-json/writes", test_writes);
  g_test_add_func ("/record/record-json/leaves-nothing-out", test_leaves_nothing_out);
  g_test_add_func ("/record/record-json/leaves-nothing", test_leaves_nothing);
  g_test_add_func ("/memory/memory-scan/finds", test_scan_finds);
  return g_test_run ();
}
