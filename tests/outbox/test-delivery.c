// SPDX-License-Identifier: Apache-2.0
#include "outbox-fixture.h"

static char *
submitted (Fixture *f)
{
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (f);

  g_assert_true (fixture_submit (f, intake->id, "sealed", NULL));
  return g_steal_pointer (&intake->id);
}

static void
advance_ms (Fixture *f, gint64 ms)
{
  md_test_clock_advance_us (f->clock, ms * 1000);
}

static gint64
next_due (Fixture *f)
{
  gint64 wait = -2;

  g_assert_true (md_outbox_next_due (f->outbox, &wait, NULL));
  return wait;
}

static void
test_empty (Fixture *f, gconstpointer data)
{
  g_assert_null (fixture_claim (f, MD_OUTBOX_FRESH));
  g_assert_null (fixture_claim (f, MD_OUTBOX_RETRY));
  g_assert_cmpint (next_due (f), ==, -1);
}

static void
test_in_order_of_arrival (Fixture *f, gconstpointer data)
{
  g_autofree char *a = submitted (f);
  g_autofree char *b = submitted (f);
  g_autoptr (MdOutboxItem) first = fixture_claim (f, MD_OUTBOX_FRESH);
  g_autoptr (MdOutboxItem) second = fixture_claim (f, MD_OUTBOX_FRESH);

  g_assert_cmpstr (first->intake, ==, a);
  g_assert_cmpstr (first->item, ==, "intake");
  g_assert_cmpuint (first->n, ==, 1);
  g_assert_cmpuint (g_bytes_get_size (first->body), ==, 6);
  g_assert_cmpstr (second->intake, ==, b);
  g_assert_null (fixture_claim (f, MD_OUTBOX_FRESH));
}

static char *
submitted_urgently (Fixture *f)
{
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (f);

  g_assert_true (fixture_submit_urgent (f, intake->id, "sealed", NULL));
  return g_steal_pointer (&intake->id);
}

/* R-FORM-33: what is issued at once goes before all that came earlier, and so does what is decided
 * on it; the others keep their order. */
static void
test_urgent_first (Fixture *f, gconstpointer data)
{
  g_autofree char *a = submitted (f);
  g_autofree char *b = submitted (f);
  g_autofree char *urgent = submitted_urgently (f);
  g_autoptr (MdOutboxItem) first = fixture_claim (f, MD_OUTBOX_FRESH);
  g_autoptr (MdOutboxItem) decision = NULL;
  g_autoptr (MdOutboxItem) next = NULL;
  g_autoptr (MdOutboxItem) last = NULL;

  g_assert_cmpstr (first->intake, ==, urgent);
  g_assert_true (first->urgent);
  g_assert_true (fixture_decide (f, urgent, MD_INTAKE_APPROVED, NULL));
  g_assert_true (fixture_acknowledge (f, first, NULL, NULL));
  decision = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_cmpstr (decision->intake, ==, urgent);
  g_assert_cmpuint (decision->n, ==, 2);
  next = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_cmpstr (next->intake, ==, a);
  g_assert_false (next->urgent);
  last = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_cmpstr (last->intake, ==, b);
}

/* Nor does it wait behind what is tried again. */
static void
test_urgent_before_retry (Fixture *f, gconstpointer data)
{
  g_autofree char *a = submitted (f);
  g_autofree char *urgent = NULL;
  g_autoptr (MdOutboxItem) failed = fixture_claim (f, MD_OUTBOX_FRESH);
  g_autoptr (MdOutboxItem) first = NULL;
  g_autoptr (MdOutboxItem) second = NULL;

  g_assert_true (md_outbox_put_back (f->outbox, failed, 1000, FALSE, "line down", NULL));
  advance_ms (f, 2000);
  urgent = submitted_urgently (f);
  first = fixture_claim (f, MD_OUTBOX_RETRY);
  g_assert_cmpstr (first->intake, ==, urgent);
  second = fixture_claim (f, MD_OUTBOX_RETRY);
  g_assert_cmpstr (second->intake, ==, a);
}

/* However much that is urgent comes after them: what is new and what is tried again both get their
 * turn, among ten. */
static void
test_urgent_starves_nobody (Fixture *f, gconstpointer data)
{
  g_autofree char *again = submitted (f);
  g_autoptr (MdOutboxItem) failed = fixture_claim (f, MD_OUTBOX_FRESH);
  g_autofree char *fresh = submitted (f);
  gboolean seen_again = FALSE, seen_fresh = FALSE;
  guint urgent = 0;

  g_assert_true (md_outbox_put_back (f->outbox, failed, 1000, FALSE, "line down", NULL));
  advance_ms (f, 2000);
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *more = submitted_urgently (f);
      g_autofree char *still_more = submitted_urgently (f);
      g_autoptr (MdOutboxItem) item
          = fixture_claim (f, i % 2 == 0 ? MD_OUTBOX_FRESH : MD_OUTBOX_RETRY);

      urgent += item->urgent ? 1 : 0;
      seen_again = seen_again || g_str_equal (item->intake, again);
      seen_fresh = seen_fresh || g_str_equal (item->intake, fresh);
      g_assert_true (fixture_acknowledge (f, item, NULL, NULL));
    }
  g_assert_true (seen_again);
  g_assert_true (seen_fresh);
  g_assert_cmpuint (urgent, ==, 8);
}

/* The same when the line was down and all of it is tried again, whatever was tried last. */
static void
test_urgent_first_again (Fixture *f, gconstpointer data)
{
  g_autofree char *a = submitted (f);
  g_autofree char *urgent = submitted_urgently (f);
  g_autoptr (MdOutboxItem) one = fixture_claim (f, MD_OUTBOX_FRESH);
  g_autoptr (MdOutboxItem) other = fixture_claim (f, MD_OUTBOX_FRESH);
  g_autoptr (MdOutboxItem) first = NULL;
  g_autoptr (MdOutboxItem) second = NULL;

  g_assert_cmpstr (other->intake, ==, a);
  g_assert_true (md_outbox_put_back (f->outbox, other, 1000, FALSE, "line down", NULL));
  g_assert_true (md_outbox_put_back (f->outbox, one, 2000, FALSE, "line down", NULL));
  advance_ms (f, 2500);
  first = fixture_claim (f, MD_OUTBOX_RETRY);
  g_assert_cmpstr (first->intake, ==, urgent);
  second = fixture_claim (f, MD_OUTBOX_RETRY);
  g_assert_cmpstr (second->intake, ==, a);
  g_assert_null (fixture_claim (f, MD_OUTBOX_RETRY));
}

static void
test_decision_waits_for_its_intake (Fixture *f, gconstpointer data)
{
  g_autofree char *a = submitted (f);
  g_autoptr (MdOutboxItem) intake = NULL;
  g_autoptr (MdOutboxItem) decision = NULL;
  gboolean erased = TRUE;

  g_assert_true (fixture_decide (f, a, MD_INTAKE_APPROVED, NULL));
  intake = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_cmpuint (intake->n, ==, 1);
  g_assert_null (fixture_claim (f, MD_OUTBOX_FRESH));
  g_assert_true (fixture_acknowledge (f, intake, &erased, NULL));
  g_assert_false (erased);
  decision = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_cmpstr (decision->item, ==, "decision/2");
}

static void
test_erased_after_both_receipts (Fixture *f, gconstpointer data)
{
  g_autofree char *a = submitted (f);
  g_autoptr (MdOutboxItem) intake = fixture_claim (f, MD_OUTBOX_FRESH);
  g_autoptr (MdOutboxItem) decision = NULL;
  g_autoptr (MdOutboxIntake) stored = NULL;
  g_autoptr (GBytes) container = NULL;
  g_autoptr (GError) error = NULL;
  gboolean erased;

  g_assert_true (fixture_acknowledge (f, intake, &erased, NULL));
  g_assert_false (erased);
  stored = md_outbox_get (f->outbox, a, NULL);
  g_assert_cmpint (stored->delivery, ==, MD_DELIVERY_DELIVERED);
  /* The second officer still has to see it. */
  container = md_outbox_get_container (f->outbox, a, NULL);
  g_assert_nonnull (container);
  g_assert_true (fixture_decide (f, a, MD_INTAKE_APPROVED, NULL));
  decision = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_true (fixture_acknowledge (f, decision, &erased, NULL));
  g_assert_true (erased);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM payload"), ==, 0);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM outbox WHERE receipt IS NOT NULL"), ==,
                   2);
  g_assert_cmpint (
      fixture_int (f, "SELECT count (*) FROM audit WHERE event IN ('deliver', 'erase')"), ==, 3);
  g_clear_pointer (&container, g_bytes_unref);
  container = md_outbox_get_container (f->outbox, a, &error);
  g_assert_null (container);
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_ERASED);
}

/* A week without a line: decided before anything was sent. The first receipt erases nothing. */
static void
test_decided_before_it_was_sent (Fixture *f, gconstpointer data)
{
  g_autofree char *a = submitted (f);
  g_autoptr (MdOutboxItem) intake = NULL;
  g_autoptr (MdOutboxItem) decision = NULL;
  gboolean erased = TRUE;

  g_assert_true (fixture_decide (f, a, MD_INTAKE_APPROVED, NULL));
  intake = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_true (fixture_acknowledge (f, intake, &erased, NULL));
  g_assert_false (erased);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM payload"), ==, 2);
  decision = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_nonnull (decision);
  g_assert_true (fixture_acknowledge (f, decision, &erased, NULL));
  g_assert_true (erased);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM payload"), ==, 0);
}

/* What was returned is still needed: it goes when it is taken up again, or withdrawn. */
static void
test_returned_is_kept_until_settled (Fixture *f, gconstpointer data)
{
  g_autofree char *a = submitted (f);
  g_autoptr (MdOutboxItem) intake = fixture_claim (f, MD_OUTBOX_FRESH);
  g_autoptr (MdOutboxItem) decision = NULL;
  g_autoptr (MdOutboxIntake) again = NULL;
  g_autoptr (GBytes) container = NULL;
  gboolean erased = TRUE;

  g_assert_true (fixture_acknowledge (f, intake, NULL, NULL));
  g_assert_true (fixture_decide (f, a, MD_INTAKE_RETURNED, NULL));
  decision = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_true (fixture_acknowledge (f, decision, &erased, NULL));
  g_assert_false (erased);
  container = md_outbox_get_container (f->outbox, a, NULL);
  g_assert_nonnull (container);
  again = fixture_take_up (f, a, NULL);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM payload"), ==, 2);
  g_assert_true (fixture_submit (f, again->id, "anew", NULL));
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM payload"), ==, 1);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM audit WHERE event = 'erase'"), ==, 1);
}

/* Whoever asks again after all is over is told that it is stored; other bytes are not. */
static void
test_known_after_erasure (Fixture *f, gconstpointer data)
{
  g_autofree char *a = submitted (f);
  g_autoptr (MdOutboxItem) intake = fixture_claim (f, MD_OUTBOX_FRESH);
  g_autoptr (MdOutboxItem) decision = NULL;
  g_autoptr (GBytes) container = g_bytes_new_static ("sealed", 6);
  g_autoptr (GBytes) body = g_bytes_new_static ("decision", 8);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gboolean erased, known;

  g_assert_true (fixture_acknowledge (f, intake, NULL, NULL));
  g_assert_true (fixture_decide (f, a, MD_INTAKE_APPROVED, NULL));
  decision = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_true (fixture_acknowledge (f, decision, &erased, NULL));
  g_assert_true (erased);
  before = fixture_snapshot (f);
  g_assert_true (md_outbox_knows (f->outbox, a, 1, container, &known, NULL));
  g_assert_true (known);
  g_assert_true (md_outbox_knows (f->outbox, a, 2, body, &known, NULL));
  g_assert_true (known);
  g_assert_true (md_outbox_knows (f->outbox, a, 2, container, &known, NULL));
  g_assert_false (known);
  g_assert_true (md_outbox_knows (f->outbox, a, 3, body, &known, NULL));
  g_assert_false (known);
  g_assert_true (fixture_submit (f, a, "sealed", NULL));
  g_assert_true (fixture_decide (f, a, MD_INTAKE_APPROVED, NULL));
  after = fixture_snapshot (f);
  g_assert_cmpstr (before, ==, after);
}

static void
test_acknowledged_twice_is_once (Fixture *f, gconstpointer data)
{
  g_autofree char *a = submitted (f);
  g_autoptr (MdOutboxItem) item = fixture_claim (f, MD_OUTBOX_FRESH);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  g_assert_true (fixture_acknowledge (f, item, NULL, NULL));
  before = fixture_snapshot (f);
  g_assert_true (fixture_acknowledge (f, item, NULL, NULL));
  after = fixture_snapshot (f);
  g_assert_cmpstr (before, ==, after);
}

static void
test_put_back (Fixture *f, gconstpointer data)
{
  g_autofree char *a = submitted (f);
  g_autoptr (MdOutboxItem) item = fixture_claim (f, MD_OUTBOX_FRESH);
  g_autoptr (MdOutboxItem) again = NULL;
  g_autoptr (MdOutboxItem) third = NULL;

  g_assert_true (md_outbox_put_back (f->outbox, item, 5000, TRUE, "no answer", NULL));
  g_assert_cmpint (next_due (f), ==, 5000);
  g_assert_null (fixture_claim (f, MD_OUTBOX_FRESH));
  advance_ms (f, 4999);
  g_assert_null (fixture_claim (f, MD_OUTBOX_RETRY));
  advance_ms (f, 1);
  g_assert_cmpint (next_due (f), ==, 0);
  again = fixture_claim (f, MD_OUTBOX_RETRY);
  g_assert_cmpuint (again->attempts, ==, 1);
  g_assert_true (md_outbox_put_back (f->outbox, again, 10000, FALSE, "line down", NULL));
  g_assert_true (md_outbox_hurry (f->outbox, NULL));
  third = fixture_claim (f, MD_OUTBOX_RETRY);
  g_assert_cmpuint (third->attempts, ==, 1);
  g_assert_cmpstr (third->last_error, ==, "line down");
}

static void
test_one_waiting_does_not_hold_up_others (Fixture *f, gconstpointer data)
{
  g_autofree char *a = submitted (f);
  g_autofree char *b = submitted (f);
  g_autoptr (MdOutboxItem) item = fixture_claim (f, MD_OUTBOX_FRESH);
  g_autoptr (MdOutboxItem) other = NULL;

  g_assert_true (md_outbox_put_back (f->outbox, item, 900000, TRUE, "later", NULL));
  other = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_cmpstr (other->intake, ==, b);
}

static void
test_lease_runs_out (Fixture *f, gconstpointer data)
{
  g_autofree char *a = submitted (f);
  g_autoptr (MdOutboxItem) item = fixture_claim (f, MD_OUTBOX_FRESH);
  g_autoptr (MdOutboxItem) again = NULL;

  g_assert_cmpint (next_due (f), ==, 60000);
  advance_ms (f, 59999);
  g_assert_null (fixture_claim (f, MD_OUTBOX_RETRY));
  advance_ms (f, 1);
  again = fixture_claim (f, MD_OUTBOX_RETRY);
  g_assert_cmpstr (again->intake, ==, a);
}

/* What is on its way for long stays leased; once it is delivered, it is not called back. */
static void
test_lease_renewed (Fixture *f, gconstpointer data)
{
  g_autofree char *a = submitted (f);
  g_autoptr (MdOutboxItem) item = fixture_claim (f, MD_OUTBOX_FRESH);

  for (guint i = 0; i < 3; i++)
    {
      advance_ms (f, 50000);
      g_assert_true (md_outbox_renew_lease (f->outbox, item, 60000, NULL));
      g_assert_null (fixture_claim (f, MD_OUTBOX_RETRY));
      g_assert_cmpint (next_due (f), ==, 60000);
    }
  g_assert_true (fixture_acknowledge (f, item, NULL, NULL));
  g_assert_true (md_outbox_renew_lease (f->outbox, item, 60000, NULL));
  g_assert_cmpint (next_due (f), ==, -1);
}

/* While a large one is on its way, small ones of others go, from both ends; nothing of its own
 * does. */
static gboolean
claim_wanted (Fixture *f, MdOutboxPick pick, gsize largest, gboolean decisions,
              MdOutboxItem **out_item)
{
  const MdOutboxWant want = { .pick = pick, .largest = largest, .decisions = decisions };

  return md_outbox_claim_wanted (f->outbox, &want, 60000, out_item, NULL);
}

static void
test_small_past_large (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) reserved = fixture_reserve (f);
  g_autofree char *small = submitted (f);
  g_autoptr (MdOutboxItem) large = NULL;
  g_autoptr (MdOutboxItem) item = NULL;

  g_assert_true (fixture_submit (f, reserved->id, "sealed, and larger", NULL));
  g_assert_true (claim_wanted (f, MD_OUTBOX_FRESH, 6, FALSE, &item));
  g_assert_cmpstr (item->intake, ==, small);
  g_assert_true (md_outbox_put_back (f->outbox, item, 0, TRUE, "later", NULL));
  g_clear_pointer (&item, md_outbox_item_free);
  large = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_cmpstr (large->intake, ==, reserved->id);
  g_assert_true (fixture_decide (f, reserved->id, MD_INTAKE_APPROVED, NULL));
  g_assert_true (claim_wanted (f, MD_OUTBOX_FRESH, 1000, FALSE, &item));
  g_assert_null (item);
  g_assert_true (claim_wanted (f, MD_OUTBOX_RETRY, 5, FALSE, &item));
  g_assert_null (item);
  g_assert_true (claim_wanted (f, MD_OUTBOX_RETRY, 6, FALSE, &item));
  g_assert_cmpstr (item->intake, ==, small);
  g_assert_true (md_outbox_put_back (f->outbox, item, 0, TRUE, "later", NULL));
  g_clear_pointer (&item, md_outbox_item_free);
  g_assert_true (fixture_acknowledge (f, large, NULL, NULL));
  g_assert_true (claim_wanted (f, MD_OUTBOX_RETRY, G_MAXSIZE, TRUE, &item));
  g_assert_null (item);
  g_assert_true (claim_wanted (f, MD_OUTBOX_FRESH, G_MAXSIZE, TRUE, &item));
  g_assert_cmpstr (item->intake, ==, reserved->id);
  g_assert_cmpuint (item->n, ==, 2);
}

static void
test_leases_released_at_start (Fixture *f, gconstpointer data)
{
  g_autofree char *a = submitted (f);
  g_autoptr (MdOutboxItem) item = fixture_claim (f, MD_OUTBOX_FRESH);
  g_autoptr (MdOutboxItem) again = NULL;

  g_assert_true (md_outbox_release_leases (f->outbox, NULL));
  again = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_cmpstr (again->intake, ==, a);
}

static void
test_clock_set_back (Fixture *f, gconstpointer data)
{
  g_autofree char *a = submitted (f);
  g_autofree char *b = submitted (f);
  g_autoptr (MdOutboxItem) waiting = fixture_claim (f, MD_OUTBOX_FRESH);
  g_autoptr (MdOutboxItem) leased = fixture_claim (f, MD_OUTBOX_FRESH);
  g_autoptr (MdOutboxItem) one = NULL, two = NULL;

  g_assert_true (md_outbox_put_back (f->outbox, waiting, 5000, TRUE, "later", NULL));
  md_test_clock_set_wall_us (f->clock, G_USEC_PER_SEC);
  g_assert_cmpint (next_due (f), ==, 0);
  one = fixture_claim (f, MD_OUTBOX_RETRY);
  two = fixture_claim (f, MD_OUTBOX_RETRY);
  g_assert_nonnull (one);
  g_assert_nonnull (two);
  g_assert_cmpstr (one->intake, !=, two->intake);
}

static void
test_quarantine (Fixture *f, gconstpointer data)
{
  g_autofree char *a = submitted (f);
  g_autofree char *b = NULL;
  g_autoptr (MdOutboxItem) bad = fixture_claim (f, MD_OUTBOX_FRESH);
  g_autoptr (MdOutboxItem) good = NULL;
  g_autoptr (MdOutboxIntake) stored = NULL;
  g_autoptr (GPtrArray) queue = NULL;
  g_autoptr (GBytes) container = NULL;

  g_assert_true (fixture_decide (f, a, MD_INTAKE_APPROVED, NULL));
  g_assert_true (md_outbox_quarantine (f->outbox, bad, "conflict", "refused for good", NULL));
  b = submitted (f);
  good = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_cmpstr (good->intake, ==, b);
  g_assert_null (fixture_claim (f, MD_OUTBOX_FRESH));
  g_assert_null (fixture_claim (f, MD_OUTBOX_RETRY));
  stored = md_outbox_get (f->outbox, a, NULL);
  g_assert_cmpint (stored->delivery, ==, MD_DELIVERY_QUARANTINED);
  container = md_outbox_get_container (f->outbox, a, NULL);
  g_assert_nonnull (container);
  queue = md_outbox_list_queue (f->outbox, 10, NULL);
  g_assert_cmpuint (queue->len, ==, 3);
  g_assert_cmpstr (((MdOutboxItem *)g_ptr_array_index (queue, 0))->state, ==, "quarantined");
  for (guint i = 0; i < queue->len; i++) /* the decision says for what it waits */
    g_assert_cmpint (((MdOutboxItem *)g_ptr_array_index (queue, i))->behind, ==, i == 1);
  g_assert_cmpint (fixture_int (f,
                                "SELECT count (*) FROM audit WHERE event = 'deliver' AND outcome ="
                                " 'failed' AND detail = 'item=intake code=conflict'"),
                   ==, 1);
}

/* One whose contents the disk has lost or altered holds up nothing behind it, fresh or not. */
static void
test_damaged_contents (Fixture *f, gconstpointer data)
{
  static const char *const damages[] = { "DELETE FROM payload WHERE item = ?1",
                                         "UPDATE payload SET body = x'00' WHERE item = ?1" };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (damages); i++)
    {
      const MdOutboxPick pick = i % 2 == 0 ? MD_OUTBOX_FRESH : MD_OUTBOX_RETRY;
      g_autofree char *a = submitted (f);
      g_autofree char *b = submitted (f);
      g_autoptr (MdDbStatement) damage = md_db_prepare (f->db, damages[i / 2], NULL);
      g_autoptr (GPtrArray) queue = md_outbox_list_queue (f->outbox, 10, NULL);
      g_autoptr (MdOutboxItem) good = NULL;
      g_autoptr (GPtrArray) after = NULL;
      const MdOutboxItem *bad = g_ptr_array_index (queue, i);

      g_assert_cmpstr (bad->intake, ==, a);
      for (guint k = 0; pick == MD_OUTBOX_RETRY && k < 2; k++)
        {
          g_autoptr (MdOutboxItem) once = fixture_claim (f, MD_OUTBOX_FRESH);
          g_assert_true (md_outbox_put_back (f->outbox, once, 0, FALSE, "line", NULL));
        }
      md_db_bind_int (damage, 1, bad->sequence);
      g_assert_true (md_db_run (damage, NULL));
      good = fixture_claim (f, pick);
      g_assert_cmpstr (good->intake, ==, b);
      after = md_outbox_list_queue (f->outbox, 10, NULL);
      bad = g_ptr_array_index (after, i);
      g_assert_cmpstr (bad->state, ==, "quarantined");
      g_assert_nonnull (strstr (bad->last_error, bad->receipt_number));
      g_assert_true (fixture_acknowledge (f, good, NULL, NULL));
      g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM audit WHERE event = 'deliver' AND"
                                       " detail = 'item=intake code=payload-damaged'"),
                       ==, i + 1);
    }
}

/* What was wrong was put right at the other end (a renewed card is in its policy now): a person's
 * word brings the item back to the queue, and its decision after it. */
static void
test_a_way_out_of_quarantine (Fixture *f, gconstpointer data)
{
  g_autofree char *a = submitted (f);
  g_autoptr (MdOutboxItem) bad = fixture_claim (f, MD_OUTBOX_FRESH);
  g_autoptr (MdOutboxItem) again = NULL;
  g_autoptr (MdOutboxItem) decision = NULL;

  g_assert_true (fixture_decide (f, a, MD_INTAKE_APPROVED, NULL));
  g_assert_true (md_outbox_quarantine (f->outbox, bad, "signature-invalid", "refused", NULL));
  g_assert_null (fixture_claim (f, MD_OUTBOX_RETRY));
  g_assert_true (md_outbox_hurry (f->outbox, NULL));
  g_assert_null (fixture_claim (f, MD_OUTBOX_FRESH));
  again = fixture_claim (f, MD_OUTBOX_RETRY);
  g_assert_nonnull (again);
  g_assert_cmpint (again->sequence, ==, bad->sequence);
  g_assert_true (g_bytes_equal (again->body, bad->body));
  g_assert_true (fixture_acknowledge (f, again, NULL, NULL));
  decision = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_nonnull (decision);
  g_assert_cmpuint (decision->n, ==, 2);
}

/* Whoever watches from another connection sees the same. */
static void
test_two_connections (Fixture *f, gconstpointer data)
{
  g_autoptr (MdDb) db = md_db_open (f->path, MD_DB_READ_WRITE, NULL);
  g_autoptr (MdAudit) audit = md_audit_new (db, "139998", "T001", MD_CLOCK (f->clock));
  g_autoptr (MdOutbox) engine = md_outbox_new (db, audit, MD_CLOCK (f->clock));
  g_autoptr (MdOutboxItem) item = NULL;
  g_autoptr (MdOutboxIntake) stored = NULL;
  g_autofree char *a = submitted (f);

  g_assert_true (md_outbox_claim (engine, MD_OUTBOX_FRESH, 60000, &item, NULL));
  g_assert_null (fixture_claim (f, MD_OUTBOX_FRESH));
  stored = md_outbox_get (f->outbox, a, NULL);
  g_assert_cmpint (stored->delivery, ==, MD_DELIVERY_SENDING);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/outbox/delivery/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("empty", test_empty);
  ADD ("in-order-of-arrival", test_in_order_of_arrival);
  ADD ("decision-waits-for-its-intake", test_decision_waits_for_its_intake);
  ADD ("erased-after-both-receipts", test_erased_after_both_receipts);
  ADD ("decided-before-it-was-sent", test_decided_before_it_was_sent);
  ADD ("returned-is-kept-until-settled", test_returned_is_kept_until_settled);
  ADD ("known-after-erasure", test_known_after_erasure);
  ADD ("acknowledged-twice-is-once", test_acknowledged_twice_is_once);
  ADD ("put-back", test_put_back);
  ADD ("one-waiting-does-not-hold-up-others", test_one_waiting_does_not_hold_up_others);
  ADD ("lease-runs-out", test_lease_runs_out);
  ADD ("lease-renewed", test_lease_renewed);
  ADD ("small-past-large", test_small_past_large);
  ADD ("leases-released-at-start", test_leases_released_at_start);
  ADD ("clock-set-back", test_clock_set_back);
  ADD ("urgent-first", test_urgent_first);
  ADD ("urgent-first-again", test_urgent_first_again);
  ADD ("urgent-before-retry", test_urgent_before_retry);
  ADD ("urgent-starves-nobody", test_urgent_starves_nobody);
  ADD ("quarantine", test_quarantine);
  ADD ("damaged-contents", test_damaged_contents);
  ADD ("a-way-out-of-quarantine", test_a_way_out_of_quarantine);
  ADD ("two-connections", test_two_connections);
  return g_test_run ();
}
