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

/* --- By hand --- */

static gboolean
park (Fixture *f, const MdOutboxIntake *intake, gboolean keep, GError **error)
{
  const MdAuditEntry entry = { .event = "park", .outcome = MD_AUDIT_DONE };
  const MdOutboxParking parking
      = { .receipt_number = intake->receipt_number, .by = "tanaka", .reason = "in-doubt" };
  MdOutboxParked parked = { 0 };

  return keep ? md_outbox_park (f->outbox, &parking, &entry, &parked, error)
              : md_outbox_let_go (f->outbox, &parking, &entry, &parked, error);
}

static void
assert_parked (Fixture *f, const char *id, guint items, MdDeliveryState delivery)
{
  g_autoptr (MdOutboxIntake) intake = md_outbox_get (f->outbox, id, NULL);
  MdOutboxCounts counts = { 0 };

  g_assert_cmpint (intake->delivery, ==, delivery);
  g_assert_true (md_outbox_count (f->outbox, &counts, NULL));
  g_assert_cmpuint (counts.parked, ==, items);
}

/* What is parked stays, and its decision with it, whoever has all tried again; others go on. */
static void
test_parked (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) first = fixture_reserve (f);
  g_autoptr (MdOutboxIntake) other = fixture_reserve (f);
  g_autoptr (MdOutboxItem) item = NULL;
  g_autoptr (GPtrArray) queue = NULL;
  g_autoptr (GError) error = NULL;
  gint64 wait = 0;

  g_assert_true (fixture_submit (f, first->id, "a", NULL));
  g_assert_true (fixture_submit (f, other->id, "b", NULL));
  g_assert_true (park (f, first, TRUE, NULL));
  g_assert_false (park (f, first, TRUE, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
  g_assert_true (fixture_decide (f, first->id, MD_INTAKE_APPROVED, NULL));
  queue = md_outbox_list_queue (f->outbox, 10, NULL);
  g_assert_cmpuint (queue->len, ==, 3);
  g_assert_cmpstr (((MdOutboxItem *)queue->pdata[0])->state, ==, "parked");
  g_assert_cmpstr (((MdOutboxItem *)queue->pdata[0])->parked_by, ==, "tanaka");
  g_assert_cmpstr (((MdOutboxItem *)queue->pdata[0])->parked_reason, ==, "in-doubt");
  assert_parked (f, first->id, 2, MD_DELIVERY_PARKED);
  item = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_cmpstr (item->intake, ==, other->id);
  g_assert_true (fixture_acknowledge (f, item, NULL, NULL));
  g_clear_pointer (&item, md_outbox_item_free);
  g_assert_true (md_outbox_hurry (f->outbox, NULL));
  g_assert_null (fixture_claim (f, MD_OUTBOX_FRESH));
  g_assert_null (fixture_claim (f, MD_OUTBOX_RETRY));
  g_assert_true (md_outbox_next_due (f->outbox, &wait, NULL));
  g_assert_cmpint (wait, ==, -1);
  g_clear_pointer (&queue, g_ptr_array_unref);
  queue = md_outbox_list_for_medium (f->outbox, 10, 1000, NULL);
  g_assert_cmpuint (queue->len, ==, 0);
  g_assert_true (park (f, first, FALSE, NULL));
  assert_parked (f, first->id, 0, MD_DELIVERY_WAITING);
  item = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_cmpstr (item->intake, ==, first->id);
  g_assert_cmpuint (item->n, ==, 1);
  g_assert_cmpint (
      fixture_int (f, "SELECT count (*) FROM audit WHERE event = 'park' AND outcome = 'done'"), ==,
      2);
}

/* What was on its way comes back and stays, or arrives; what is decided later stays nevertheless.
 */
static void
test_parked_on_its_way (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (f);
  g_autoptr (MdOutboxItem) item = NULL;

  g_assert_true (fixture_submit (f, intake->id, "a", NULL));
  item = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_true (park (f, intake, TRUE, NULL));
  assert_parked (f, intake->id, 1, MD_DELIVERY_SENDING);
  g_assert_true (md_outbox_put_back (f->outbox, item, 0, TRUE, "no line", NULL));
  assert_parked (f, intake->id, 1, MD_DELIVERY_PARKED);
  g_assert_null (fixture_claim (f, MD_OUTBOX_RETRY));
  g_assert_true (fixture_acknowledge (f, item, NULL, NULL));
  assert_parked (f, intake->id, 0, MD_DELIVERY_DELIVERED);
  g_assert_true (fixture_decide (f, intake->id, MD_INTAKE_APPROVED, NULL));
  assert_parked (f, intake->id, 1, MD_DELIVERY_PARKED);
  g_assert_null (fixture_claim (f, MD_OUTBOX_FRESH));
  g_assert_true (park (f, intake, FALSE, NULL));
  g_clear_pointer (&item, md_outbox_item_free);
  item = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_cmpuint (item->n, ==, 2);
  g_assert_false (park (f, intake, FALSE, NULL));
}

/* Claims from both ends until there is nothing; each goes. */
static void
assert_goes (Fixture *f, const MdOutboxIntake *intake, guint n)
{
  g_autoptr (MdOutboxItem) item = fixture_claim (f, MD_OUTBOX_RETRY);

  if (item == NULL)
    item = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_nonnull (item);
  g_assert_cmpstr (item->intake, ==, intake->id);
  g_assert_cmpuint (item->n, ==, n);
  g_assert_true (fixture_acknowledge (f, item, NULL, NULL));
}

static void
assert_nothing_goes (Fixture *f)
{
  g_assert_null (fixture_claim (f, MD_OUTBOX_RETRY));
  g_assert_null (fixture_claim (f, MD_OUTBOX_FRESH));
}

/* What takes a parked application up again is parked with it, whether it is there or comes later,
 * and all of it goes in its order. */
static void
test_parked_family (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) first = fixture_reserve (f);
  g_autoptr (MdOutboxIntake) second = NULL;
  g_autoptr (MdOutboxIntake) third = NULL;
  g_autoptr (MdOutboxItem) item = NULL;

  g_assert_true (fixture_submit (f, first->id, "a", NULL));
  assert_goes (f, first, 1);
  g_assert_true (fixture_decide (f, first->id, MD_INTAKE_RETURNED, NULL));
  second = fixture_take_up (f, first->id, NULL);
  g_assert_true (fixture_submit (f, second->id, "b", NULL));
  g_assert_true (park (f, first, TRUE, NULL));
  assert_parked (f, second->id, 2, MD_DELIVERY_PARKED);
  assert_nothing_goes (f);
  g_assert_true (fixture_decide (f, second->id, MD_INTAKE_RETURNED, NULL));
  third = fixture_take_up (f, second->id, NULL);
  g_assert_true (fixture_submit (f, third->id, "c", NULL));
  assert_parked (f, third->id, 4, MD_DELIVERY_PARKED);
  g_assert_false (park (f, third, TRUE, NULL));
  assert_nothing_goes (f);
  g_assert_true (park (f, first, FALSE, NULL));
  assert_goes (f, first, 2);
  assert_goes (f, second, 1);
  assert_goes (f, second, 2);
  assert_goes (f, third, 1);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM intake WHERE parked_by IS NOT NULL"), ==,
                   0);
}

/* What was parked by itself stays when that is let go which it came of. */
static void
test_parked_apart (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) first = fixture_reserve (f);
  g_autoptr (MdOutboxIntake) second = NULL;

  g_assert_true (fixture_submit (f, first->id, "a", NULL));
  g_assert_true (fixture_decide (f, first->id, MD_INTAKE_RETURNED, NULL));
  second = fixture_take_up (f, first->id, NULL);
  g_assert_true (fixture_submit (f, second->id, "b", NULL));
  g_assert_true (park (f, second, TRUE, NULL));
  md_test_clock_advance_us (f->clock, G_USEC_PER_SEC);
  g_assert_true (park (f, first, TRUE, NULL));
  assert_nothing_goes (f);
  g_assert_true (park (f, first, FALSE, NULL));
  assert_goes (f, first, 1);
  assert_goes (f, first, 2);
  assert_nothing_goes (f);
  assert_parked (f, second->id, 1, MD_DELIVERY_PARKED);
}

/* A correction waits for what it corrects, however often that was tried; another does not. */
static void
test_correction_waits (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) first = fixture_reserve (f);
  g_autoptr (MdOutboxIntake) other = fixture_reserve (f);
  g_autoptr (MdOutboxIntake) second = NULL;
  g_autoptr (MdOutboxItem) item = NULL;
  gint64 wait = 0;

  g_assert_true (fixture_submit (f, first->id, "a", NULL));
  g_assert_true (fixture_decide (f, first->id, MD_INTAKE_RETURNED, NULL));
  item = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_true (md_outbox_put_back (f->outbox, item, 60000, TRUE, "later", NULL));
  second = fixture_take_up (f, first->id, NULL);
  g_assert_true (fixture_submit (f, second->id, "b", NULL));
  g_assert_true (fixture_submit (f, other->id, "c", NULL));
  assert_goes (f, other, 1);
  assert_nothing_goes (f);
  g_assert_true (md_outbox_next_due (f->outbox, &wait, NULL));
  g_assert_cmpint (wait, ==, 60000);
  md_test_clock_advance_us (f->clock, 61 * G_USEC_PER_SEC);
  assert_goes (f, first, 1);
  assert_goes (f, first, 2);
  assert_goes (f, second, 1);
}

/* What the gateway refused, and what waits behind that for ever, holds up no correction: that is
 * the way out of it. */
static void
test_correction_of_what_was_refused (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) first = fixture_reserve (f);
  g_autoptr (MdOutboxIntake) second = NULL;
  g_autoptr (MdOutboxItem) item = NULL;

  g_assert_true (fixture_submit (f, first->id, "a", NULL));
  item = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_true (md_outbox_quarantine (f->outbox, item, "procedure-version", "no", NULL));
  g_assert_true (fixture_decide (f, first->id, MD_INTAKE_RETURNED, NULL));
  second = fixture_take_up (f, first->id, NULL);
  g_assert_true (fixture_submit (f, second->id, "b", NULL));
  assert_goes (f, second, 1);
  assert_nothing_goes (f);
}

/* Only what may stand in the log is taken. */
static void
test_park_words (Fixture *f, gconstpointer data)
{
  static const char *const names[] = { "", "a b", "\345\261\261", "u12345678", NULL };
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (f);
  const MdAuditEntry entry = { .event = "park", .outcome = MD_AUDIT_DONE };
  MdOutboxParking parking = { .receipt_number = intake->receipt_number, .reason = "in-doubt" };
  MdOutboxParked parked = { 0 };

  g_assert_true (fixture_submit (f, intake->id, "a", NULL));
  for (guint i = 0; names[i] != NULL; i++)
    {
      parking.by = names[i];
      g_assert_false (md_outbox_park (f->outbox, &parking, &entry, &parked, NULL));
      g_assert_false (md_outbox_let_go (f->outbox, &parking, &entry, &parked, NULL));
    }
  parking.by = "tanaka";
  parking.reason = "he moved to Osaka";
  g_assert_false (md_outbox_park (f->outbox, &parking, &entry, &parked, NULL));
  for (const char *const *reason = md_outbox_park_reasons (); *reason != NULL; reason++)
    {
      parking.reason = *reason;
      g_assert_true (md_outbox_park (f->outbox, &parking, &entry, &parked, NULL));
      g_assert_cmpuint (parked.items, ==, 1);
      g_assert_cmpstr (parked.intake, ==, intake->id);
      g_assert_true (md_outbox_let_go (f->outbox, &parking, &entry, &parked, NULL));
    }
}

/* One that was set aside is tried again alone, and a number that nobody knows is said. */
static void
test_released (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) first = fixture_reserve (f);
  g_autoptr (MdOutboxIntake) other = fixture_reserve (f);
  MdOutboxIntake nobody = { .receipt_number = (char[]){ "999-999999-9" } };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (MdOutboxItem) item = NULL;

      g_assert_true (fixture_submit (f, i == 0 ? first->id : other->id, "a", NULL));
      item = fixture_claim (f, MD_OUTBOX_FRESH);
      g_assert_true (md_outbox_quarantine (f->outbox, item, "id-conflict", "no", NULL));
    }
  g_assert_true (park (f, other, FALSE, NULL));
  {
    g_autoptr (MdOutboxItem) item = fixture_claim (f, MD_OUTBOX_RETRY);

    g_assert_cmpstr (item->intake, ==, other->id);
  }
  g_assert_null (fixture_claim (f, MD_OUTBOX_RETRY));
  g_assert_false (park (f, &nobody, FALSE, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/outbox/course/courses", Fixture, NULL, fixture_set_up, test_courses,
              fixture_tear_down);
  g_test_add ("/outbox/course/two-officers", Fixture, NULL, fixture_set_up, test_two_officers,
              fixture_tear_down);
  g_test_add ("/outbox/course/parked", Fixture, NULL, fixture_set_up, test_parked,
              fixture_tear_down);
  g_test_add ("/outbox/course/parked-on-its-way", Fixture, NULL, fixture_set_up,
              test_parked_on_its_way, fixture_tear_down);
  g_test_add ("/outbox/course/parked-family", Fixture, NULL, fixture_set_up, test_parked_family,
              fixture_tear_down);
  g_test_add ("/outbox/course/parked-apart", Fixture, NULL, fixture_set_up, test_parked_apart,
              fixture_tear_down);
  g_test_add ("/outbox/course/correction-waits", Fixture, NULL, fixture_set_up,
              test_correction_waits, fixture_tear_down);
  g_test_add ("/outbox/course/correction-of-what-was-refused", Fixture, NULL, fixture_set_up,
              test_correction_of_what_was_refused, fixture_tear_down);
  g_test_add ("/outbox/course/park-words", Fixture, NULL, fixture_set_up, test_park_words,
              fixture_tear_down);
  g_test_add ("/outbox/course/released", Fixture, NULL, fixture_set_up, test_released,
              fixture_tear_down);
  return g_test_run ();
}
