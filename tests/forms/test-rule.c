// SPDX-License-Identifier: Apache-2.0
/* The rule language by itself: three-valued logic, comparisons, dates, sums. */
#include <json-glib/json-glib.h>
#include <md-forms.h>

#include "md-rule-private.h"

/* The world of these tests: a text, a number, a flag, a date, and fields that are empty. */
static MdRuleValue
get_value (gpointer data, const char *id)
{
  if (g_str_equal (id, "t.kind"))
    return (MdRuleValue){ .kind = MD_RULE_TEXT, .text = "full" };
  if (g_str_equal (id, "t.year"))
    return (MdRuleValue){ .kind = MD_RULE_INT, .number = 2026 };
  if (g_str_equal (id, "t.flag"))
    return (MdRuleValue){ .kind = MD_RULE_BOOL, .number = 1 };
  if (g_str_equal (id, "t.birth"))
    return (MdRuleValue){ .kind = MD_RULE_TEXT, .text = "1961-11-22" };
  if (g_str_equal (id, "t.huge"))
    return (MdRuleValue){ .kind = MD_RULE_INT, .number = G_MAXINT64 };
  if (g_str_equal (id, "t.list"))
    return (MdRuleValue){ .kind = MD_RULE_TEXT, .text = "a\nb" };
  if (g_str_equal (id, "t.month"))
    return (MdRuleValue){ .kind = MD_RULE_TEXT, .text = "1950-03", .partial = TRUE };
  return (MdRuleValue){ .kind = MD_RULE_UNKNOWN };
}

static gboolean
get_filled (gpointer data, const char *id)
{
  return get_value (data, id).kind != MD_RULE_UNKNOWN;
}

static MdTruth
same_number (gpointer data, const char *a, const char *b)
{
  if (g_str_equal (a, "t.empty") || g_str_equal (b, "t.empty"))
    return MD_TRUTH_UNKNOWN;
  return g_str_equal (a, b) ? MD_TRUTH_TRUE : MD_TRUTH_FALSE;
}

static gint64
get_setting (gpointer data, const char *id)
{
  return 25;
}

static gboolean
knows (gpointer data, const char *id)
{
  return g_str_has_prefix (id, "t.");
}

static const MdRuleScope scope = { .has_field = knows, .has_setting = knows };
static const MdRuleWorld world = { .get_value = get_value,
                                   .get_filled = get_filled,
                                   .same_number = same_number,
                                   .get_setting = get_setting,
                                   .today = "2026-11-21",
                                   .characters = MD_CHARACTERS_JIS_X_0208 };

static MdRule *
read_rule (const char *text)
{
  g_autofree char *wrapped = g_strdup_printf ("{\"rule\": %s}", text);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (MdJson) json = md_json_new ("test", MD_FORMS_ERROR, MD_FORMS_ERROR_DEFINITION);
  g_autoptr (GError) error = NULL;
  MdRule *rule;

  json_parser_load_from_data (parser, wrapped, -1, &error);
  g_assert_no_error (error);
  rule = _md_rule_read (
      json, json_object_get_member (json_node_get_object (json_parser_get_root (parser)), "rule"),
      &scope);
  g_assert_true (md_json_finish (json, &error));
  g_assert_no_error (error);
  return rule;
}

#define T MD_TRUTH_TRUE
#define F MD_TRUTH_FALSE
#define U MD_TRUTH_UNKNOWN

static const struct
{
  const char *rule;
  MdTruth truth;
} rows[] = {
  { "true", T },
  { "false", F },
  { "null", U },
  { "{\"var\": \"t.flag\"}", T },
  { "{\"var\": \"t.empty\"}", U },
  { "{\"var\": \"t.kind\"}", U },
  { "{\"filled\": \"t.kind\"}", T },
  { "{\"filled\": \"t.empty\"}", F },
  { "{\"==\": [{\"var\": \"t.kind\"}, \"full\"]}", T },
  { "{\"!=\": [{\"var\": \"t.kind\"}, \"full\"]}", F },
  { "{\"==\": [{\"var\": \"t.empty\"}, \"full\"]}", U },
  { "{\"!=\": [{\"var\": \"t.empty\"}, \"full\"]}", U },
  { "{\"==\": [{\"var\": \"t.year\"}, \"2026\"]}", U },
  { "{\"==\": [{\"var\": \"t.flag\"}, true]}", T },
  { "{\"<\": [1, 2]}", T },
  { "{\"<\": [2, 2]}", F },
  { "{\"<=\": [2, 2]}", T },
  { "{\">\": [2, 2]}", F },
  { "{\">=\": [2, 2]}", T },
  { "{\"<\": [\"2026-07\", \"2026-11\"]}", T },
  { "{\"in\": [{\"var\": \"t.kind\"}, [\"half\", \"full\"]]}", T },
  { "{\"in\": [{\"var\": \"t.kind\"}, [\"half\"]]}", F },
  { "{\"in\": [{\"var\": \"t.kind\"}, []]}", F },
  { "{\"in\": [{\"var\": \"t.empty\"}, [\"half\"]]}", U },
  { "{\"in\": [{\"var\": \"t.kind\"}, [\"half\", {\"var\": \"t.empty\"}]]}", U },
  { "{\"in\": [{\"var\": \"t.kind\"}, [{\"var\": \"t.empty\"}, \"full\"]]}", T },
  { "{\"in\": [{\"var\": \"t.month\"}, [\"1950-03-07\"]]}", U },
  { "{\"!\": [true]}", F },
  { "{\"!\": [false]}", T },
  { "{\"!\": [null]}", U },
  { "{\"and\": [true, true]}", T },
  { "{\"and\": [true, null]}", U },
  { "{\"and\": [null, false]}", F },
  { "{\"or\": [false, false]}", F },
  { "{\"or\": [false, null]}", U },
  { "{\"or\": [null, true]}", T },
  { "{\"if\": [true, true, false]}", T },
  { "{\"if\": [false, true, false]}", F },
  { "{\"if\": [null, true, true]}", U },
  { "{\"==\": [{\"+\": [{\"var\": \"t.year\"}, 1]}, 2027]}", T },
  { "{\"==\": [{\"-\": [{\"var\": \"t.year\"}, 1]}, 2025]}", T },
  { "{\"<\": [0, {\"+\": [{\"var\": \"t.huge\"}, 1]}]}", U },
  { "{\"==\": [{\"setting\": \"t.any\"}, 25]}", T },
  { "{\"==\": [{\"age\": [{\"var\": \"t.birth\"}, {\"today\": []}]}, 64]}", T },
  { "{\"==\": [{\"legal_age\": [{\"var\": \"t.birth\"}, {\"today\": []}]}, 65]}", T },
  { "{\"==\": [{\"age\": [{\"var\": \"t.empty\"}, {\"today\": []}]}, 64]}", U },
  { "{\"==\": [{\"age\": [\"soon\", {\"today\": []}]}, 64]}", U },
  { "{\"==\": [{\"months\": [\"2024-10\", {\"today\": []}]}, 25]}", T },
  { "{\"==\": [{\"months\": [\"2027-01\", \"2026-12\"]}, -1]}", T },
  { "{\"==\": [{\"months\": [\"2026\", \"2026-12\"]}, 0]}", U },
  { "{\"==\": [{\"days\": [{\"today\": []}, \"2027-01-20\"]}, 60]}", T },
  { "{\"==\": [{\"days\": [\"2024-02-28\", \"2024-03-01\"]}, 2]}", T },
  { "{\"==\": [{\"ym\": [{\"var\": \"t.year\"}, 7]}, \"2026-07\"]}", T },
  { "{\"==\": [{\"ym\": [{\"var\": \"t.year\"}, 13]}, \"2026-13\"]}", U },
  { "{\"==\": [{\"*\": [{\"var\": \"t.year\"}, 2]}, 4052]}", T },
  { "{\"<\": [0, {\"*\": [{\"var\": \"t.huge\"}, 2]}]}", U },
  { "{\"==\": [{\"min\": [3, 1, 2]}, 1]}", T },
  { "{\"==\": [{\"max\": [3, 1, {\"var\": \"t.year\"}]}, 2026]}", T },
  { "{\"==\": [{\"max\": [3, {\"var\": \"t.empty\"}]}, 3]}", U },
  { "{\"==\": [{\"fy\": [\"2027-03-31\"]}, 2026]}", T },
  { "{\"==\": [{\"fy\": [\"2027-04\"]}, 2027]}", T },
  { "{\"==\": [{\"fy\": [\"2027\"]}, 2026]}", U },
  { "{\"==\": [{\"date\": [2027, 3, 31]}, \"2027-03-31\"]}", T },
  { "{\"==\": [{\"date\": [2027, 2, 29]}, \"2027-02-29\"]}", U },
  { "{\"==\": [{\"date\": [2027, 258, 1]}, \"2027-02-01\"]}", U },
  { "{\"==\": [{\"add_months\": [\"2026-11\", 2]}, \"2027-01\"]}", T },
  { "{\"==\": [{\"add_months\": [\"2026-01\", -1]}, \"2025-12\"]}", T },
  { "{\"==\": [{\"add_months\": [\"2026-12-31\", 2]}, \"2027-02-28\"]}", T },
  { "{\"==\": [{\"add_months\": [\"0001-01\", -12]}, \"0000-01\"]}", U },
  { "{\"==\": [{\"add_days\": [\"2024-02-28\", 2]}, \"2024-03-01\"]}", T },
  { "{\"==\": [{\"add_days\": [\"2024-03-01\", -1]}, \"2024-02-29\"]}", T },
  { "{\"==\": [{\"add_days\": [\"0001-01-01\", -1]}, \"0000-12-31\"]}", U },
  { "{\"has\": [\"t.list\", \"b\"]}", T },
  { "{\"has\": [\"t.list\", \"c\"]}", F },
  { "{\"has\": [\"t.empty\", \"c\"]}", U },
  { "{\"==\": [{\"length\": [\"t.list\"]}, 2]}", T },
  { "{\"==\": [{\"age\": [{\"var\": \"t.month\"}, \"2026-05-01\"]}, 76]}", T },
  { "{\"==\": [{\"age\": [{\"var\": \"t.month\"}, \"2026-03-15\"]}, 76]}", U },
  { "{\"<\": [{\"var\": \"t.month\"}, \"1950-04-01\"]}", T },
  { "{\"<\": [{\"var\": \"t.month\"}, \"1950-03-07\"]}", U },
  { "{\"<\": [\"1950-03-07\", {\"var\": \"t.month\"}]}", U },
  { "{\"==\": [{\"days\": [{\"var\": \"t.month\"}, \"1950-03-07\"]}, 6]}", U },
  { "{\"same_number\": [\"t.a\", \"t.a\"]}", T },
  { "{\"same_number\": [\"t.a\", \"t.b\"]}", F },
  { "{\"same_number\": [\"t.a\", \"t.empty\"]}", U },
};

static void
test_truth (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MdRule) rule = read_rule (rows[i].rule);

      g_test_message ("%s", rows[i].rule);
      g_assert_cmpint (_md_rule_test (rule, &world), ==, rows[i].truth);
    }
}

static void
test_derive (void)
{
  static const char *const derived[][2] = {
    { "\"certificate\"", "certificate" },
    { "{\"var\": \"t.year\"}", "2026" },
    { "{\"var\": \"t.flag\"}", "true" },
    { "{\"ym\": [2026, 7]}", "2026-07" },
    { "{\"care_insurer\": [\"131016\"]}", "131011" },
    { "{\"care_insurer\": [\"131011\"]}", NULL },
    { "{\"care_insurer\": [131016]}", NULL },
    { "{\"kana_key\": [\"ガッキ　ヅヵ・ハーヴァ\"]}", "カツキツカハーウア" },
    { "{\"kana_key\": [{\"var\": \"t.empty\"}]}", NULL },
    { "{\"external\": [\"髙橋\"]}", "1" },
    { "{\"external\": [\"田中\"]}", "0" },
    { "{\"external\": [{\"var\": \"t.empty\"}]}", NULL },
    { "{\"yucho_branch\": [\"00190\"]}", "019" },
    { "{\"yucho_branch\": [\"20190\"]}", NULL },
    { "{\"yucho_account\": [\"12310\", \"12345671\"]}", "1234567" },
    { "{\"yucho_account\": [\"12310\", \"12345672\"]}", NULL },
    { "{\"yucho_number\": [\"12310\", \"12345672\"]}", "false" },
    { "{\"yucho_number\": [\"12310\", {\"var\": \"t.empty\"}]}", NULL },
    { "{\"yucho_check\": [\"00190\", \"566468\"]}", "true" },
    { "{\"yucho_check\": [\"00180\", \"566468\"]}", "false" },
    { "{\"yucho_check\": [\"00180\", \"5664681\"]}", NULL },
    { "{\"yucho_branch\": [{\"var\": \"t.empty\"}]}", NULL },
    { "{\"same_municipality\": [\"東京都青空区架空1\", \"東京都青空区本町9\"]}", "true" },
    { "{\"same_municipality\": [\"東京都青空区架空1\", \"東京都みどり区本町9\"]}", "false" },
    { "{\"same_municipality\": [\"東京都青空区架空1\", {\"var\": \"t.empty\"}]}", NULL },
    { "{\"var\": \"t.empty\"}", NULL },
    { "{\"if\": [{\"filled\": \"t.empty\"}, \"a\", \"b\"]}", "b" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (derived); i++)
    {
      g_autoptr (MdRule) rule = read_rule (derived[i][0]);
      g_autofree char *value = _md_rule_derive (rule, &world);

      g_assert_cmpstr (value, ==, derived[i][1]);
    }
}

/* Only a rule that says so without looking counts as "always". */
static void
test_always (void)
{
  g_autoptr (MdRule) yes = read_rule ("true"), no = read_rule ("false"),
                     looks = read_rule ("{\"filled\": \"t.kind\"}");

  g_assert_true (_md_rule_is_always (yes));
  g_assert_false (_md_rule_is_always (no));
  g_assert_false (_md_rule_is_always (looks));
  g_assert_false (_md_rule_is_always (NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forms/rule/truth", test_truth);
  g_test_add_func ("/forms/rule/derive", test_derive);
  g_test_add_func ("/forms/rule/always", test_always);
  return g_test_run ();
}
