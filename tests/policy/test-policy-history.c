// SPDX-License-Identifier: Apache-2.0
/* What was made under a policy is judged by that policy, and only if it was in force then. */
#include <md-base.h>
#include <md-policy.h>
#include <string.h>

#define MINUTE (60 * G_TIME_SPAN_SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* The world's policy with another version, and with @word in the place of the office's name. */
static MdPolicy *
policy_of (guint version, const char *word)
{
  g_autofree char *path
      = g_build_filename (g_getenv ("MADOGUCHI_WORLD"), "policy", "policy.json", NULL);
  g_autofree char *text = NULL;
  g_autofree char *number = g_strdup_printf ("\"version\": %u,", version);
  g_autoptr (GString) changed = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  MdPolicy *policy;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  changed = g_string_new (text);
  g_assert_cmpuint (g_string_replace (changed, "\"version\": 1,", number, 1), ==, 1);
  g_assert_cmpuint (g_string_replace (changed, "Aozora Ward", word, 1), ==, 1);
  bytes = g_bytes_new (changed->str, changed->len);
  policy = md_policy_new_from_json (bytes, NULL, &error);
  g_assert_no_error (error);
  return policy;
}

static void
add (MdPolicyHistory *history, MdPolicy *policy, gint64 taken)
{
  g_autoptr (GError) error = NULL;
  const gboolean added = md_policy_history_add (history, policy, taken, &error);

  g_assert_no_error (error);
  g_assert_true (added);
}

static void
assert_not_added (MdPolicyHistory *history, MdPolicy *policy, MdPolicyError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (md_policy_history_add (history, policy, 0, &error));
  g_assert_error (error, MD_POLICY_ERROR, (int)code);
  g_assert_cmpuint (strlen (error->message), >, 30);
}

static void
test_no_rollback (void)
{
  g_autoptr (MdPolicyHistory) history = md_policy_history_new ();
  g_autoptr (MdPolicy) one = policy_of (1, "Aozora Ward");
  g_autoptr (MdPolicy) three = policy_of (3, "Aozora Ward");
  g_autoptr (MdPolicy) three_again = policy_of (3, "Aozora Ward");
  g_autoptr (MdPolicy) three_other = policy_of (3, "Midori Ward");
  g_autoptr (MdPolicy) two = policy_of (2, "Aozora Ward");

  g_assert_null (md_policy_history_get_newest (history));
  g_assert_null (md_policy_history_get_at (history, 5));
  add (history, one, 100);
  add (history, three, 200);
  add (history, three_again, 300); /* the same: nothing happens */
  g_assert_true (md_policy_history_get_newest (history) == three);
  assert_not_added (history, two, MD_POLICY_ERROR_OLDER);
  assert_not_added (history, one, MD_POLICY_ERROR_OLDER);
  assert_not_added (history, three_other, MD_POLICY_ERROR_CHANGED);
  g_assert_true (md_policy_history_get_newest (history) == three);
  g_assert_true (md_policy_history_get_at (history, 0) == one);
  g_assert_true (md_policy_history_get_at (history, 199) == one);
  g_assert_true (md_policy_history_get_at (history, 200) == three);
}

/* When a thing was made, what of its line is proven, and what comes of it. */
static void
assert_judged (const MdPolicyHistory *history, MdPolicy *policy, gint64 made, gint64 line_at,
               MdPolicyThen expected)
{
  MdPolicyNamed named = { .version = md_policy_get_version (policy),
                          .digest = md_policy_get_digest (policy),
                          .made = made,
                          .line_at = line_at };
  MdPolicy *found = NULL;

  g_assert_cmpint (md_policy_history_judge (history, &named, &found), ==, expected);
  g_assert_true (found == (expected == MD_POLICY_THEN_GOOD ? policy : NULL));
}

static void
test_time (void)
{
  g_autoptr (MdPolicyHistory) history = md_policy_history_new ();
  g_autoptr (MdPolicy) one = policy_of (1, "Aozora Ward");
  g_autoptr (MdPolicy) two = policy_of (2, "Aozora Ward");
  const gint64 issued = md_policy_get_issued (one);
  const gint64 end = md_policy_get_not_after (one);
  const gint64 change = issued + 30 * DAY;

  add (history, one, issued);
  assert_judged (history, one, issued + 300 * DAY, 0, MD_POLICY_THEN_GOOD);
  assert_judged (history, one, end, 0, MD_POLICY_THEN_GOOD);
  assert_judged (history, one, end + 1, 0, MD_POLICY_THEN_LATE);
  assert_judged (history, one, issued - HOUR, 0, MD_POLICY_THEN_GOOD); /* a clock that is behind */
  assert_judged (history, one, issued - HOUR - 1, 0, MD_POLICY_THEN_EARLY);

  add (history, two, change);
  assert_judged (history, one, change - DAY, 0, MD_POLICY_THEN_GOOD);
  assert_judged (history, one, change + 7 * DAY, 0, MD_POLICY_THEN_GOOD); /* without a line */
  assert_judged (history, one, change + 7 * DAY + 1, 0, MD_POLICY_THEN_LATE);
  assert_judged (history, one, change + 2 * HOUR, change + HOUR, MD_POLICY_THEN_GOOD);
  assert_judged (history, one, change + 2 * HOUR, change + HOUR + 1, MD_POLICY_THEN_LATE);
  assert_judged (history, two, change + 200 * DAY, change + 200 * DAY, MD_POLICY_THEN_GOOD);
}

static void
test_name (void)
{
  g_autoptr (MdPolicyHistory) history = md_policy_history_new ();
  g_autoptr (MdPolicy) one = policy_of (1, "Aozora Ward");
  g_autoptr (MdPolicy) one_other = policy_of (1, "Midori Ward");
  g_autoptr (MdPolicy) two = policy_of (2, "Aozora Ward");
  const gint64 now = md_policy_get_issued (one) + DAY;

  assert_judged (history, one, now, 0, MD_POLICY_THEN_UNKNOWN);
  add (history, one, now);
  assert_judged (history, one, now, 0, MD_POLICY_THEN_GOOD);
  assert_judged (history, one_other, now, 0, MD_POLICY_THEN_OTHER);
  assert_judged (history, two, now, 0, MD_POLICY_THEN_UNKNOWN);
  g_assert_cmpstr (md_policy_get_digest (one), !=, md_policy_get_digest (one_other));
  for (guint then = 0; then <= MD_POLICY_THEN_BEFORE; then++)
    g_assert_cmpuint (strlen (md_policy_then_get_text ((MdPolicyThen)then)), >, 10);
}

/* What follows upon another item chooses no rule from before it, by version or by time. */
static void
test_follows (void)
{
  g_autoptr (MdPolicyHistory) history = md_policy_history_new ();
  g_autoptr (MdPolicy) one = policy_of (1, "Aozora Ward");
  g_autoptr (MdPolicy) two = policy_of (2, "Aozora Ward");
  const gint64 change = md_policy_get_issued (one) + 30 * DAY;
  const struct
  {
    MdPolicy *policy;
    guint least;
    gint64 after, made;
    MdPolicyThen expected;
  } rows[] = {
    { one, 1, change, change, MD_POLICY_THEN_GOOD },
    { two, 1, change, change + DAY, MD_POLICY_THEN_GOOD },
    { one, 2, change, change + DAY, MD_POLICY_THEN_BEHIND },
    { one, 2, change, change - DAY, MD_POLICY_THEN_BEHIND },
    { two, 2, change, change - HOUR, MD_POLICY_THEN_GOOD }, /* a clock that was put back */
    { two, 2, change, change - HOUR - 1, MD_POLICY_THEN_BEFORE },
  };

  add (history, one, md_policy_get_issued (one));
  add (history, two, change);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const MdPolicyNamed named = { .version = md_policy_get_version (rows[i].policy),
                                    .digest = md_policy_get_digest (rows[i].policy),
                                    .made = rows[i].made,
                                    .least = rows[i].least,
                                    .after = rows[i].after };
      MdPolicy *found = NULL;

      g_test_message ("row %zu", i);
      g_assert_cmpint (md_policy_history_judge (history, &named, &found), ==, rows[i].expected);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/policy/policy-history/no-rollback", test_no_rollback);
  g_test_add_func ("/policy/policy-history/time", test_time);
  g_test_add_func ("/policy/policy-history/name", test_name);
  g_test_add_func ("/policy/policy-history/follows", test_follows);
  return g_test_run ();
}
