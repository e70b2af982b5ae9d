// SPDX-License-Identifier: Apache-2.0
#include <md-seal.h>
#include "outbox-fixture.h"

/* The outbox knows states, not decisions; what it lets follow upon what must be what seal's table
 * says. */

#define REPLACE ((guint)MD_N_DECISIONS)
#define N_ACTS (REPLACE + 1)
#define MAX_ACTS 3u

static const MdIntakeState states[] = {
  [MD_DECISION_APPROVE] = MD_INTAKE_APPROVED, [MD_DECISION_RETURN] = MD_INTAKE_RETURNED,
  [MD_DECISION_REJECT] = MD_INTAKE_REJECTED,  [MD_DECISION_WITHDRAW] = MD_INTAKE_WITHDRAWN,
  [MD_DECISION_RESTORE] = MD_INTAKE_RECEIVED,
};

static gboolean
put (Fixture *f, const char *id, guint n, guint act)
{
  return act == MD_DECISION_CHECK ? fixture_put_check (f, id, n, NULL)
                                  : fixture_put_decision (f, id, n, states[act], NULL);
}

static gboolean
take_up (Fixture *f, const char *id)
{
  g_autoptr (MdOutboxIntake) again = fixture_take_up (f, id, NULL);

  return again != NULL && fixture_submit (f, again->id, "anew", NULL);
}

/* Terminals know the order of their own acts: what is not returned is not taken up again, and what
 * was taken up again is not restored. */
static gboolean
may (MdStanding *standing, guint act)
{
  if (act != REPLACE)
    return *standing != MD_STANDING_REPLACED
           && md_standing_decide (*standing, (MdDecisionKind)act, standing);
  return *standing == MD_STANDING_RETURNED && md_standing_replace (*standing, standing);
}

static void
test_courses (Fixture *f, gconstpointer data)
{
  guint n_courses = 1;

  for (guint i = 0; i < MAX_ACTS; i++)
    n_courses *= N_ACTS;
  for (guint course = 0; course < n_courses; course++)
    {
      g_autoptr (MdOutboxIntake) intake = fixture_reserve (f);
      MdStanding standing = MD_STANDING_RECEIVED;
      guint n = 2;

      g_assert_true (fixture_submit (f, intake->id, "sealed", NULL));
      for (guint i = 0, number = course; i < MAX_ACTS; i++, number /= N_ACTS)
        {
          const guint act = number % N_ACTS;
          const gboolean done
              = act == REPLACE ? take_up (f, intake->id) : put (f, intake->id, n, act);

          g_assert_cmpint (done, ==, may (&standing, act));
          n += done && act != REPLACE;
        }
    }
}

static void
assert_checked (Fixture *f, const char *id, MdIntakeState state, const char *by)
{
  g_autoptr (MdOutboxIntake) intake = md_outbox_get (f->outbox, id, NULL);

  g_assert_cmpint (intake->state, ==, state);
  g_assert_cmpstr (intake->checked_by, ==, by);
  g_assert_true ((intake->checked != NULL) == (by != NULL));
}

/* Of two officers: who checked it is known while it waits and once it is approved, and no more when
 * both have to agree anew. */
static void
test_two_officers (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (f);
  g_autoptr (GPtrArray) waiting = NULL;
  const char *id = intake->id;

  g_assert_true (fixture_submit (f, id, "sealed", NULL));
  assert_checked (f, id, MD_INTAKE_RECEIVED, NULL);
  g_assert_true (fixture_put_check (f, id, 2, NULL));
  assert_checked (f, id, MD_INTAKE_RECEIVED, "S0102");
  waiting = md_outbox_list (f->outbox, MD_OUTBOX_LIST_APPROVALS, 10, NULL);
  g_assert_cmpuint (waiting->len, ==, 1);
  g_assert_true (fixture_put_check (f, id, 2, NULL)); /* the answer was lost */
  g_assert_true (fixture_put_decision (f, id, 3, MD_INTAKE_RETURNED, NULL));
  assert_checked (f, id, MD_INTAKE_RETURNED, NULL);
  g_assert_true (fixture_put_decision (f, id, 4, MD_INTAKE_RECEIVED, NULL));
  assert_checked (f, id, MD_INTAKE_RECEIVED, NULL);
  g_assert_true (fixture_put_check (f, id, 5, NULL));
  g_assert_true (fixture_put_decision (f, id, 6, MD_INTAKE_APPROVED, NULL));
  assert_checked (f, id, MD_INTAKE_APPROVED, "S0102");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/outbox/course/courses", Fixture, NULL, fixture_set_up, test_courses,
              fixture_tear_down);
  g_test_add ("/outbox/course/two-officers", Fixture, NULL, fixture_set_up, test_two_officers,
              fixture_tear_down);
  return g_test_run ();
}
