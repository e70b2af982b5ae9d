// SPDX-License-Identifier: Apache-2.0
/* How long each kind of data is kept, as a policy says it or not, and what no policy may say. */
#include <string.h>

#include <md-base.h>

#include "fixture.h"

/* The ward's policy with this member "retention". */
static MdPolicy *
with (const char *retention, GError **error)
{
  MdPolicyExpect expect = fixture_here_and_now ();
  g_autoptr (GBytes) json = fixture_read ("policy", "policy.json");
  g_autofree char *text = g_strndup (g_bytes_get_data (json, NULL), g_bytes_get_size (json));
  char *end = strrchr (text, '}');
  g_autofree char *whole = NULL;
  g_autoptr (GBytes) bytes = NULL;

  *end = '\0';
  whole = g_strdup_printf ("%s, \"retention\": { %s } }", text, retention);
  bytes = g_bytes_new (whole, strlen (whole));
  return md_policy_new_from_json (bytes, &expect, error);
}

static MdPolicy *
taken (const char *retention)
{
  g_autoptr (GError) error = NULL;
  MdPolicy *policy = with (retention, &error);

  g_assert_no_error (error);
  return policy;
}

static char *
describe (MdPolicy *policy, const char *id)
{
  MdRetentionKind kind = MD_N_RETENTIONS;
  MdRetention retention;

  g_assert_true (md_retention_kind_from_id (id, &kind));
  g_assert_cmpstr (md_retention_kind_to_id (kind), ==, id);
  retention = md_policy_get_retention (policy, kind);
  return md_retention_describe (&retention);
}

#define assert_kept(policy, id, expected)                                                          \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *found = describe (policy, id);                                                \
                                                                                                   \
    g_assert_cmpstr (found, ==, expected);                                                         \
  }                                                                                                \
  G_STMT_END

/* Where a policy says nothing every kind has a period all the same. */
static void
test_usual (void)
{
  static const char *const usual[][2] = {
    { "document-rule", "5 years" },
    { "queue", "erased at once" },
    { "draft", "24 hours" },
    { "letter", "90 days" },
    { "notice", "90 days" },
    { "work-record", "5 years" },
    { "log", "always" },
    { "identity", "365 days" },
    { "file-pension", "always" },
    { "file-care", "always" },
    { "file-late-elderly", "always" },
    { "file-health", "always" },
    { "file-register", "150 years" },
    { "file-data-use", "5 years" },
    { "file-other", "always" },
  };
  g_autoptr (MdPolicy) policy = fixture_policy ();

  G_STATIC_ASSERT (G_N_ELEMENTS (usual) == MD_N_RETENTIONS);
  for (guint i = 0; i < G_N_ELEMENTS (usual); i++)
    {
      assert_kept (policy, usual[i][0], usual[i][1]);
      g_assert_null (md_policy_get_retention (policy, (MdRetentionKind)i).source);
      g_assert_cmpuint (strlen (md_retention_kind_get_label ((MdRetentionKind)i)), >, 4);
    }
}

static void
test_said (void)
{
  g_autoptr (MdPolicy) policy
      = taken ("\"document-rule\": { \"years\": 10, \"source\": \"文書規程第29条\" },"
               "\"queue\": { \"hours\": 8, \"source\": \"端末は一時保管\" },"
               "\"identity\": { \"days\": 30, \"source\": \"全項目評価書 II-6\" },"
               "\"file-care\": { \"always\": true, \"source\": \"住宅改修の生涯限度\" },"
               "\"file-late-elderly\": { \"years\": 20, \"source\": \"全項目評価書 II-6\" }");

  assert_kept (policy, "document-rule", "10 years");
  assert_kept (policy, "queue", "8 hours");
  assert_kept (policy, "identity", "30 days");
  assert_kept (policy, "file-care", "always");
  assert_kept (policy, "file-late-elderly", "20 years");
  assert_kept (policy, "file-register", "150 years");
  g_assert_cmpstr (md_policy_get_retention (policy, MD_RETENTION_DOCUMENT_RULE).source, ==,
                   "文書規程第29条");
  /* What follows the document rule follows it where nothing is said of it. */
  assert_kept (policy, "work-record", "10 years");
}

/* What the policy says, and what the refusal has to name. */
static void
test_bounds (void)
{
  static const struct
  {
    const char *said, *path, *word;
  } rows[] = {
    { "\"identity\": { \"days\": 366, \"source\": \"x\" }", "retention.identity", "365 days" },
    { "\"identity\": { \"days\": 0, \"source\": \"x\" }", "retention.identity", "365 days" },
    { "\"identity\": { \"always\": true, \"source\": \"x\" }", "retention.identity", "365 days" },
    { "\"identity\": { \"years\": 1, \"source\": \"x\" }", "retention.identity", "years" },
    { "\"queue\": { \"hours\": 25, \"source\": \"x\" }", "retention.queue", "24 hours" },
    { "\"queue\": { \"always\": true, \"source\": \"x\" }", "retention.queue", "24 hours" },
    { "\"work-record\": { \"years\": 4, \"source\": \"x\" }", "retention.work-record",
      "document rule" },
    { "\"document-rule\": { \"years\": 10, \"source\": \"x\" },"
      "\"work-record\": { \"years\": 9, \"source\": \"x\" }",
      "retention.work-record", "document rule" },
    { "\"work-record\": { \"years\": 9, \"source\": \"x\" },"
      "\"document-rule\": { \"years\": 10, \"source\": \"x\" }",
      "retention.work-record", "document rule" },
    { "\"file-other\": { \"years\": 4, \"source\": \"x\" }", "retention.file-other",
      "document rule" },
    { "\"log\": { \"years\": 100, \"source\": \"x\" }", "retention.log", "never erased" },
    { "\"file-late-elderly\": { \"years\": 19, \"source\": \"x\" }", "retention.file-late-elderly",
      "20 years" },
    { "\"file-register\": { \"years\": 149, \"source\": \"x\" }", "retention.file-register",
      "150 years" },
    { "\"file-data-use\": { \"years\": 4, \"source\": \"x\" }", "retention.file-data-use",
      "5 years" },
    { "\"notice\": { \"days\": 0, \"source\": \"x\" }", "retention.notice", "3660 days" },
    { "\"draft\": { \"hours\": 1, \"source\": \"x\" }", "retention", "limits.draft_hours" },
    { "\"letter\": { \"days\": 1, \"source\": \"x\" }", "retention", "limits.letter_days" },
    { "\"queue\": { \"hours\": 8 }", "retention.queue", "source" },
    { "\"queue\": { \"hours\": 8, \"source\": \"\" }", "retention.queue", "source" },
    { "\"queue\": { \"source\": \"x\" }", "retention.queue", "hours" },
    { "\"queue\": { \"hours\": -1, \"source\": \"x\" }", "retention.queue", "hours" },
    { "\"file-care\": { \"always\": true, \"years\": 5, \"source\": \"x\" }", "retention.file-care",
      "always" },
    { "\"que\": { \"hours\": 8, \"source\": \"x\" }", "retention", "que" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MdPolicy) policy = with (rows[i].said, &error);

      g_test_message ("%s", rows[i].said);
      g_assert_null (policy);
      g_assert_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_INVALID);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, rows[i].path));
      g_assert_nonnull (strstr (error->message, rows[i].word));
    }
  g_clear_object (&(MdPolicy *){ taken ("\"work-record\": { \"years\": 5, \"source\": \"x\" }") });
  g_clear_object (&(MdPolicy *){ taken ("\"log\": { \"always\": true, \"source\": \"x\" }") });
}

static void
assert_over (MdRetention retention, const char *now, const char *expected)
{
  gint64 at = 0, since = 0;
  g_autofree char *found = NULL;

  g_assert_true (md_time_parse_rfc3339 (now, &at, NULL));
  g_assert_true (md_retention_get_over (&retention, at, &since));
  found = md_time_format_rfc3339 (since);
  g_assert_cmpstr (found, ==, expected);
}

/* By the calendar of Japan, past 2038, and over leap days: never a day too early. */
static void
test_over (void)
{
  const MdRetention none = { .unit = MD_RETENTION_HOURS };
  const MdRetention hours = { .unit = MD_RETENTION_HOURS, .number = 8 };
  const MdRetention year = { .unit = MD_RETENTION_DAYS, .number = 365 };
  const MdRetention five = { .unit = MD_RETENTION_YEARS, .number = 5 };
  const MdRetention life = { .unit = MD_RETENTION_YEARS, .number = 150 };
  const MdRetention beyond = { .unit = MD_RETENTION_YEARS, .number = 9000 };
  const MdRetention always = { .always = TRUE };
  gint64 since = 0;

  assert_over (none, "2026-11-23T18:00:00.500Z", "2026-11-23T18:00:00.500Z");
  assert_over (hours, "2027-01-01T04:00:00.000Z", "2026-12-31T20:00:00.000Z");
  assert_over (year, "2028-02-29T00:00:00.000Z", "2027-03-01T00:00:00.000Z");
  assert_over (five, "2031-11-23T18:00:00.500Z", "2026-11-23T18:00:00.500Z");
  /* What began on 29 February in Japan is over on 1 March, not the day before. */
  assert_over (five, "2033-02-28T14:59:59.000Z", "2028-02-28T14:59:59.000Z");
  assert_over (five, "2033-02-28T15:00:00.000Z", "2028-02-29T15:00:00.000Z");
  assert_over (five, "2032-02-28T15:00:00.000Z", "2027-02-27T15:00:00.000Z");
  assert_over (life, "2176-11-23T00:00:00.000Z", "2026-11-23T00:00:00.000Z");
  g_assert_false (md_retention_get_over (&beyond, 0, &since));
  g_assert_false (md_retention_get_over (&always, 0, &since));
}

static void
test_procedures (void)
{
  g_assert_cmpint (md_retention_kind_of_procedure ("juki.jlis"), ==, MD_RETENTION_IDENTITY);
  g_assert_cmpint (md_retention_kind_of_procedure ("juki.jlis2"), ==, MD_RETENTION_FILE_REGISTER);
  g_assert_cmpint (md_retention_kind_of_procedure ("common.data_use"), ==,
                   MD_RETENTION_FILE_DATA_USE);
  g_assert_cmpint (md_retention_kind_of_procedure ("pension.death"), ==, MD_RETENTION_FILE_PENSION);
  g_assert_cmpint (md_retention_kind_of_procedure ("pensions"), ==, MD_RETENTION_FILE_OTHER);
  g_assert_cmpint (md_retention_kind_of_procedure (""), ==, MD_RETENTION_FILE_OTHER);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/policy/retention/usual", test_usual);
  g_test_add_func ("/policy/retention/said", test_said);
  g_test_add_func ("/policy/retention/bounds", test_bounds);
  g_test_add_func ("/policy/retention/over", test_over);
  g_test_add_func ("/policy/retention/procedures", test_procedures);
  return g_test_run ();
}
