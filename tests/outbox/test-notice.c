// SPDX-License-Identifier: Apache-2.0
/* Notices of the back office: kept in their order, and what was given back comes back once. */
#include "outbox-fixture.h"

static gboolean
keep (Fixture *f, guint number, const char *intake, GError **error)
{
  const MdAuditEntry entry = { .event = "notice", .reason = "number-check" };
  g_autoptr (GBytes) body = g_bytes_new_static ("signed", 6);
  const MdOutboxNotice notice
      = { .number = number, .body = body, .digest = "dd", .intake = intake };

  return md_outbox_keep_notice (f->outbox, &notice, &entry, error);
}

static gboolean
settle (Fixture *f, const char *intake, GError **error)
{
  const MdAuditEntry entry = { .event = "acknowledge", .staff = "S0001" };

  return md_outbox_read_notice (f->outbox, intake, &entry, error);
}

/* The id of an approved intake that is with the gateway and erased here; the caller frees it. */
static char *
approved (Fixture *f)
{
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (f);

  g_assert_true (fixture_submit (f, intake->id, "sealed", NULL));
  g_assert_true (fixture_decide (f, intake->id, MD_INTAKE_APPROVED, NULL));
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (MdOutboxItem) item = fixture_claim (f, MD_OUTBOX_FRESH);

      g_assert_nonnull (item);
      g_assert_true (fixture_acknowledge (f, item, NULL, NULL));
    }
  return g_steal_pointer (&intake->id);
}

static guint
returned (Fixture *f)
{
  g_autoptr (GPtrArray) list = md_outbox_list (f->outbox, MD_OUTBOX_LIST_RETURNED, 10, NULL);
  MdOutboxCounts counts;

  g_assert_true (md_outbox_count (f->outbox, &counts, NULL));
  g_assert_cmpuint (counts.returned, ==, list->len);
  return list->len;
}

static void
test_order (Fixture *f, gconstpointer data)
{
  g_autofree char *intake = approved (f);
  g_autofree char *digest = NULL;
  g_autoptr (GError) error = NULL;
  guint last = 7;

  g_assert_true (md_outbox_last_notice (f->outbox, &last, &digest, &error));
  g_assert_cmpuint (last, ==, 0);
  g_assert_cmpstr (digest, ==, "");
  for (guint i = 0; i < 3; i += 2)
    {
      g_assert_false (keep (f, i, intake, &error));
      g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_CONFLICT);
      g_clear_error (&error);
    }
  g_assert_true (keep (f, 1, intake, &error));
  g_assert_false (keep (f, 1, intake, NULL));
  g_assert_false (keep (f, 2, intake, &error)); /* it was given back already */
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
  g_clear_error (&error);
  g_assert_true (keep (f, 2, NULL, &error)); /* about none of ours: the next one follows upon it */
  g_clear_pointer (&digest, g_free);
  g_assert_true (md_outbox_last_notice (f->outbox, &last, &digest, &error));
  g_assert_cmpuint (last, ==, 2);
  g_assert_cmpstr (digest, ==, "dd");
  g_assert_cmpuint (returned (f), ==, 1);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM audit WHERE event = 'notice'"), ==, 2);
}

static void
test_states (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) reserved = fixture_reserve (f);
  g_autoptr (GError) error = NULL;

  g_assert_false (keep (f, 1, reserved->id, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
  g_clear_error (&error);
  g_assert_true (fixture_submit (f, reserved->id, "sealed", NULL));
  g_assert_false (keep (f, 1, reserved->id, NULL));
  g_assert_true (fixture_decide (f, reserved->id, MD_INTAKE_RETURNED, NULL));
  g_assert_false (keep (f, 1, reserved->id, NULL));
  g_assert_false (keep (f, 1, "0198c0de-0000-7000-8000-000000000001", &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN);
}

/* Taken up again as one that was returned, once; what is erased is not erased again. */
static void
test_taken_up (Fixture *f, gconstpointer data)
{
  g_autofree char *old = approved (f);
  g_autoptr (MdOutboxIntake) again = NULL;
  g_autoptr (MdOutboxIntake) second = NULL;
  g_autoptr (MdOutboxIntake) stored = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (fixture_take_up (f, old, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
  g_clear_error (&error);
  g_assert_true (keep (f, 1, old, &error));
  again = fixture_take_up (f, old, &error);
  second = fixture_take_up (f, old, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (returned (f), ==, 1);
  g_assert_true (fixture_submit (f, again->id, "anew", &error));
  g_assert_cmpuint (returned (f), ==, 0);
  g_assert_false (fixture_submit (f, second->id, "twice", &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
  stored = md_outbox_get (f->outbox, old, NULL);
  g_assert_cmpstr (stored->replaced_by, ==, again->id);
  g_assert_cmpuint (stored->notice, ==, 1);
  g_assert_cmpint (stored->state, ==, MD_INTAKE_APPROVED);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM audit WHERE event = 'erase'"), ==, 1);
}

static void
test_read (Fixture *f, gconstpointer data)
{
  g_autofree char *intake = approved (f);
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (settle (f, intake, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN);
  g_clear_error (&error);
  g_assert_null (md_outbox_get_notice (f->outbox, intake, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN);
  g_clear_error (&error);
  g_assert_true (keep (f, 1, intake, &error));
  body = md_outbox_get_notice (f->outbox, intake, &error);
  g_assert_cmpuint (g_bytes_get_size (body), ==, 6);
  g_assert_true (settle (f, intake, &error));
  g_assert_true (settle (f, intake, &error));
  g_assert_cmpuint (returned (f), ==, 0);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM audit WHERE event = 'acknowledge'"), ==,
                   1);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/outbox/notice/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("order", test_order);
  ADD ("states", test_states);
  ADD ("taken-up", test_taken_up);
  ADD ("read", test_read);
  return g_test_run ();
}
