// SPDX-License-Identifier: Apache-2.0
#include <md-seal.h>
#include "seal-maker.h"

#define REPLACE ((guint)MD_N_DECISIONS)
#define N_ACTS (REPLACE + 1)
#define MAX_ACTS 3u

/* Every course that an intake may take, in words, and how it stands then. All others of up to three
 * steps may not be. */
static const struct
{
  const char *course;
  MdStanding standing;
} legal[] = {
  { "approve", MD_STANDING_APPROVED },
  { "return", MD_STANDING_RETURNED },
  { "reject", MD_STANDING_REJECTED },
  { "withdraw", MD_STANDING_WITHDRAWN },
  { "replace", MD_STANDING_CLAIMED },
  { "return withdraw", MD_STANDING_WITHDRAWN },
  { "return replace", MD_STANDING_REPLACED },
  { "replace return", MD_STANDING_REPLACED },
  /* What was returned or refused is taken up anew, and decided upon once more. */
  { "return restore", MD_STANDING_RECEIVED },
  { "reject restore", MD_STANDING_RECEIVED },
  { "return restore approve", MD_STANDING_APPROVED },
  { "return restore return", MD_STANDING_RETURNED },
  { "return restore reject", MD_STANDING_REJECTED },
  { "return restore withdraw", MD_STANDING_WITHDRAWN },
  { "return restore replace", MD_STANDING_CLAIMED },
  { "reject restore approve", MD_STANDING_APPROVED },
  { "reject restore return", MD_STANDING_RETURNED },
  { "reject restore reject", MD_STANDING_REJECTED },
  { "reject restore withdraw", MD_STANDING_WITHDRAWN },
  { "reject restore replace", MD_STANDING_CLAIMED },
  /* Two officers: the first checks, the second approves, or what else. Nobody checks twice, and
   * what was returned or refused is checked anew. */
  { "check", MD_STANDING_CHECKED },
  { "check approve", MD_STANDING_APPROVED },
  { "check return", MD_STANDING_RETURNED },
  { "check reject", MD_STANDING_REJECTED },
  { "check withdraw", MD_STANDING_WITHDRAWN },
  { "check return withdraw", MD_STANDING_WITHDRAWN },
  { "check return restore", MD_STANDING_RECEIVED },
  { "check reject restore", MD_STANDING_RECEIVED },
  { "return restore check", MD_STANDING_CHECKED },
  { "reject restore check", MD_STANDING_CHECKED },
  { "check replace", MD_STANDING_CLAIMED },
  { "replace check", MD_STANDING_CLAIMED },
  { "check return replace", MD_STANDING_REPLACED },
  { "check replace return", MD_STANDING_REPLACED },
  { "replace check return", MD_STANDING_REPLACED },
  /* That it was checked already its own container tells: see /seal/decision/two-officers. */
  { "check replace check", MD_STANDING_CLAIMED },
  { "replace check check", MD_STANDING_CLAIMED },
  /* Another intake that takes it up came before its second return. */
  { "return replace restore", MD_STANDING_CLAIMED },
  { "replace return restore", MD_STANDING_CLAIMED },
};

static gboolean
step (MdStanding from, guint act, MdStanding *out)
{
  return act == REPLACE ? md_standing_replace (from, out)
                        : md_standing_decide (from, (MdDecisionKind)act, out);
}

/* The course of number @number among those of @length steps. */
static void
check_course (guint number, guint length, guint *n_legal)
{
  g_autoptr (GString) course = g_string_new (NULL);
  MdStanding standing = MD_STANDING_RECEIVED;
  gboolean may = TRUE;

  for (guint i = 0; i < length; i++, number /= N_ACTS)
    {
      const guint act = number % N_ACTS;

      g_string_append_printf (course, "%s%s", i > 0 ? " " : "",
                              act == REPLACE ? "replace"
                                             : md_decision_kind_to_string ((MdDecisionKind)act));
      may = may && step (standing, act, &standing);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (legal); i++)
    if (g_str_equal (legal[i].course, course->str))
      {
        g_test_message ("%s", course->str);
        g_assert_true (may);
        g_assert_cmpint (standing, ==, legal[i].standing);
        *n_legal += 1;
        return;
      }
  if (may)
    g_error ("\"%s\" may not be", course->str);
}

static void
test_courses (void)
{
  guint n_legal = 0;
  guint n_courses = 1;

  for (guint length = 1; length <= MAX_ACTS; length++)
    {
      n_courses *= N_ACTS;
      for (guint number = 0; number < n_courses; number++)
        check_course (number, length, &n_legal);
    }
  g_assert_cmpuint (n_legal, ==, G_N_ELEMENTS (legal));
}

/* What is refused leaves the standing alone, and the last decision alone says how an intake stands.
 */
static void
test_after (void)
{
  MdStanding standing = MD_STANDING_APPROVED;

  g_assert_false (md_standing_decide (standing, MD_DECISION_RETURN, &standing));
  g_assert_false (md_standing_replace (standing, &standing));
  g_assert_cmpint (standing, ==, MD_STANDING_APPROVED);
  g_assert_cmpint (md_standing_after (MD_DECISION_APPROVE), ==, MD_STANDING_APPROVED);
  g_assert_cmpint (md_standing_after (MD_DECISION_RETURN), ==, MD_STANDING_RETURNED);
  g_assert_cmpint (md_standing_after (MD_DECISION_REJECT), ==, MD_STANDING_REJECTED);
  g_assert_cmpint (md_standing_after (MD_DECISION_WITHDRAW), ==, MD_STANDING_WITHDRAWN);
  g_assert_cmpint (md_standing_after (MD_DECISION_RESTORE), ==, MD_STANDING_RECEIVED);
  g_assert_cmpint (md_standing_after (MD_DECISION_CHECK), ==, MD_STANDING_CHECKED);
}

/* Whoever makes a decision is held to the table: every kind after every other. */
static void
test_made (Office *office, gconstpointer data)
{
  const MakerSpec spec = { .cn = "S0103",
                           .serial_number = "S0103",
                           .key_usage = "critical,digitalSignature",
                           .issuer = office->staff_ca };
  g_autoptr (MakerIdentity) other_officer = maker_issue (&spec);
  g_autoptr (MdKey) other_key = maker_key (other_officer);

  for (guint first = 0; first < MD_N_DECISIONS; first++)
    for (guint second = 0; first != MD_DECISION_RESTORE && second < MD_N_DECISIONS; second++)
      {
        g_autoptr (MdContainer) container = office_container (office);
        g_autoptr (MdContainer) two = NULL;
        g_autoptr (MdDecision) decision = office_approval ();
        g_autoptr (MdDecisionFiles) one = NULL;
        g_autoptr (MdDecisionFiles) other = NULL;
        g_autoptr (GBytes) bytes = NULL;
        g_autoptr (GError) error = NULL;
        const gboolean may = (first == MD_DECISION_RETURN && second == MD_DECISION_WITHDRAW)
                             || (first == MD_DECISION_CHECK && second < MD_DECISION_RESTORE)
                             || (second == MD_DECISION_RESTORE
                                 && (first == MD_DECISION_RETURN || first == MD_DECISION_REJECT));

        g_free (decision->reason_code);
        decision->reason_code = g_strdup ("R01");
        decision->kind = (MdDecisionKind)first;
        one = md_decision_make (container, decision, office->supervisor_key,
                                office->supervisor->certificate, maker_now (), &error);
        g_assert_no_error (error);
        bytes = md_container_append_decision (container, one, NULL);
        two = md_container_parse (bytes, NULL);
        decision->kind = (MdDecisionKind)second;
        if (first == MD_DECISION_CHECK) /* by another: nobody approves what they checked */
          {
            g_free (decision->officer);
            decision->officer = g_strdup ("S0103");
          }
        other = md_decision_make (two, decision,
                                  first == MD_DECISION_CHECK ? other_key : office->supervisor_key,
                                  first == MD_DECISION_CHECK ? other_officer->certificate
                                                             : office->supervisor->certificate,
                                  maker_now (), &error);
        if (may)
          g_assert_no_error (error);
        else
          g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_ORDER);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/seal/standing/courses", test_courses);
  g_test_add_func ("/seal/standing/after", test_after);
  g_test_add ("/seal/standing/made", Office, NULL, office_set_up, test_made, office_tear_down);
  return g_test_run ();
}
