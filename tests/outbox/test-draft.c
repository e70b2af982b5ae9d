// SPDX-License-Identifier: Apache-2.0
/* Applications that wait for their clerk: what becomes of them with the intake that works on them,
 * and that nothing of them is left in the file afterwards. */
#include <string.h>

#include "outbox-fixture.h"

#define HOUR_MS (3600 * G_GINT64_CONSTANT (1000))
#define MARKER "sealed-body-of-a-draft-"

static const MdAuditEntry suspend_entry = { .event = "suspend", .staff = "S0001" };
static const MdAuditEntry resume_entry = { .event = "resume", .staff = "S0001" };
static const MdAuditEntry erase_entry = { .event = "erase", .detail = "kind=draft" };
static const MdAuditEntry abandon_entry = { .event = "abandon", .staff = "S0001" };

static gboolean
keep (Fixture *f, const char *intake, const char *contents, GError **error)
{
  g_autoptr (GBytes) body = g_bytes_new (contents, strlen (contents));
  const MdOutboxKeep kept = { .intake = intake, .body = body, .keep_ms = 24 * HOUR_MS };

  return md_outbox_keep_draft (f->outbox, &kept, error);
}

static MdOutboxDraft *
suspend (Fixture *f, const char *intake, const char *contents, GError **error)
{
  g_autoptr (GBytes) body = g_bytes_new (contents, strlen (contents));
  const MdOutboxKeep kept = { .intake = intake, .body = body, .keep_ms = 24 * HOUR_MS };
  MdOutboxDraft *draft = NULL;

  return md_outbox_suspend (f->outbox, &kept, &suspend_entry, &draft, error) ? draft : NULL;
}

static MdOutboxIntake *
resume (Fixture *f, const char *draft, GError **error)
{
  const MdOutboxReserve reserve = {
    .procedure = "pension.exemption", .clerk = "S0001", .policy_version = 1, .nonce_state = "absent"
  };

  return md_outbox_resume (f->outbox, draft, &reserve, &resume_entry, error);
}

static guint
waiting (Fixture *f, const char *clerk)
{
  g_autoptr (GPtrArray) list = md_outbox_list_drafts (f->outbox, clerk, NULL);

  return list->len;
}

static gint64
stored (Fixture *f)
{
  return fixture_int (f, "SELECT count (*) FROM draft");
}

static void
assert_contents (Fixture *f, const char *draft, const char *contents)
{
  g_autoptr (GBytes) body = md_outbox_get_draft_body (f->outbox, draft, NULL);

  g_autoptr (GBytes) wanted = g_bytes_new (contents, strlen (contents));

  g_assert_true (body != NULL && g_bytes_equal (body, wanted));
}

static void
assert_gone (Fixture *f, const char *draft)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (md_outbox_get_draft (f->outbox, draft, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN);
  g_clear_error (&error);
  g_assert_null (md_outbox_get_draft_body (f->outbox, draft, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN);
  g_clear_error (&error);
  g_assert_null (resume (f, draft, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN);
}

/* R-SESS-03: put aside, and taken up again: the number is another one, and it is the same draft. */
static void
test_suspend_and_resume (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (f), next = NULL, again = NULL;
  g_autoptr (MdOutboxDraft) draft = NULL, second = NULL;
  g_autoptr (GError) error = NULL;

  draft = suspend (f, intake->id, "one", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (draft->begun, ==, intake->time);
  g_assert_cmpint (draft->until_ms, ==,
                   md_clock_get_wall_us (MD_CLOCK (f->clock)) / 1000 + 24 * HOUR_MS);
  g_clear_pointer (&intake, md_outbox_intake_free);
  g_assert_cmpuint (waiting (f, "S0001"), ==, 1);
  g_assert_cmpuint (waiting (f, "S0002"), ==, 0);
  g_assert_cmpuint (waiting (f, NULL), ==, 1);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM intake WHERE state = 'abandoned'"), ==,
                   1);

  next = resume (f, draft->id, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (waiting (f, "S0001"), ==, 0); /* somebody works on it */
  g_assert_null (resume (f, draft->id, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
  g_clear_error (&error);
  g_assert_false (md_outbox_erase_draft (f->outbox, draft->id, &erase_entry, NULL));
  assert_contents (f, draft->id, "one");

  second = suspend (f, next->id, "two", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (second->id, ==, draft->id);
  g_assert_cmpstr (second->begun, ==, draft->begun);
  assert_contents (f, draft->id, "two");
  again = resume (f, draft->id, &error);
  g_assert_no_error (error);
  g_assert_true (fixture_submit (f, again->id, "whole", &error));
  g_assert_no_error (error);
  g_assert_cmpint (stored (f), ==, 0);
  g_assert_true (md_outbox_take_erased (f->outbox));
  g_assert_false (md_outbox_take_erased (f->outbox));
}

/* R-SESS-03: the window stopped: it waits. The clerk gave it up: it is gone. */
static void
test_lost_and_given_up (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (f), other = fixture_reserve (f);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = NULL;

  g_assert_true (keep (f, intake->id, "one", &error));
  g_assert_true (keep (f, intake->id, "two", &error)); /* in place of the one before */
  g_assert_true (keep (f, other->id, "three", &error));
  g_assert_no_error (error);
  g_assert_cmpint (stored (f), ==, 2);
  g_assert_cmpuint (waiting (f, NULL), ==, 0);
  g_assert_true (md_outbox_lose (f->outbox, intake->id, &abandon_entry, &error));
  g_assert_true (md_outbox_abandon (f->outbox, other->id, &abandon_entry, &error));
  list = md_outbox_list_drafts (f->outbox, "S0001", NULL);
  g_assert_cmpuint (list->len, ==, 1);
  assert_contents (f, ((MdOutboxDraft *)g_ptr_array_index (list, 0))->id, "two");
  g_assert_cmpint (stored (f), ==, 1);
  /* What is over takes none. */
  g_assert_false (keep (f, other->id, "four", &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
}

static void
test_period (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (f), open = fixture_reserve (f);
  g_autoptr (MdOutboxDraft) draft = suspend (f, intake->id, "one", NULL);
  g_autoptr (GError) error = NULL;
  guint erased = 7;

  g_assert_true (keep (f, open->id, "two", NULL)); /* somebody works on this one all the time */
  md_test_clock_advance_us (f->clock, (24 * HOUR_MS - 1) * 1000);
  g_assert_true (md_outbox_sweep_drafts (f->outbox, &erase_entry, &erased, &error));
  g_assert_cmpuint (erased, ==, 0);
  md_test_clock_advance_us (f->clock, 1000);
  g_assert_cmpuint (waiting (f, NULL), ==, 0); /* nobody sees it, swept or not */
  assert_gone (f, draft->id);                  /* nor goes on with it from a list of before */
  g_assert_true (md_outbox_sweep_drafts (f->outbox, &erase_entry, &erased, &error));
  g_assert_cmpuint (erased, ==, 1);
  g_assert_cmpint (stored (f), ==, 1);
  g_assert_null (md_outbox_get_draft (f->outbox, draft->id, &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM audit WHERE event = 'erase'"), ==, 1);
}

static void
test_held (Fixture *f, gconstpointer data)
{
  static const MdAuditEntry hold_entry = { .event = "hold", .staff = "S0001" };
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (f);
  g_autoptr (GError) error = NULL;
  guint n = 0;

  g_assert_true (md_outbox_raise_hold (f->outbox, intake->id, "aa", &hold_entry, &n, &error));
  g_assert_null (suspend (f, intake->id, "one", &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_HELD);
  g_assert_cmpint (stored (f), ==, 0);
}

static void
test_room (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) last = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < MD_OUTBOX_MAX_DRAFTS; i++)
    {
      g_autoptr (MdOutboxIntake) intake = fixture_reserve (f);
      g_autoptr (MdOutboxDraft) draft = suspend (f, intake->id, "one", &error);

      g_assert_no_error (error);
    }
  last = fixture_reserve (f);
  g_assert_null (suspend (f, last->id, "one", &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_CONFLICT);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM intake WHERE state = 'reserved'"), ==, 1);
}

/* As the service's own thread does when something was erased. */
static gboolean
checkpoint (Fixture *f)
{
  return fixture_int (f, "PRAGMA wal_checkpoint(TRUNCATE)") == 0;
}

static gboolean
is_in_file (Fixture *f, const char *suffix, const char *needle)
{
  g_autofree char *path = g_strconcat (f->path, suffix, NULL);
  g_autofree char *bytes = NULL;
  gsize size = 0;

  return g_file_get_contents (path, &bytes, &size, NULL)
         && memmem (bytes, size, needle, strlen (needle)) != NULL;
}

/* However it ends, not even what was sealed is left in the file. */
static void
test_nothing_left (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) contents = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  guint erased;

  for (guint i = 0; i < 2000; i++) /* several pages */
    g_string_append (contents, MARKER);
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (MdOutboxIntake) intake = fixture_reserve (f), next = NULL;
      g_autoptr (MdOutboxDraft) draft = suspend (f, intake->id, contents->str, &error);

      g_assert_no_error (error);
      g_assert_true (checkpoint (f));
      g_assert_true (is_in_file (f, "", MARKER));
      if (i < 3)
        next = i < 2 ? resume (f, draft->id, NULL) : NULL;
      if (i == 0)
        g_assert_true (fixture_submit (f, next->id, "whole", NULL));
      else if (i == 1)
        g_assert_true (md_outbox_abandon (f->outbox, next->id, &abandon_entry, NULL));
      else if (i == 2)
        g_assert_true (md_outbox_erase_draft (f->outbox, draft->id, &erase_entry, NULL));
      else
        {
          md_test_clock_advance_us (f->clock, 25 * HOUR_MS * 1000);
          g_assert_true (md_outbox_sweep_drafts (f->outbox, &erase_entry, &erased, NULL));
        }
      g_assert_true (md_outbox_take_erased (f->outbox));
      g_assert_true (checkpoint (f));
      g_assert_false (is_in_file (f, "", MARKER));
      g_assert_false (is_in_file (f, "-wal", MARKER));
    }
}

/* What an act changes it changes whole: an intake that was handed in takes no draft with it. */
static void
test_refused_changes_nothing (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (f);
  g_autofree char *before = NULL, *after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (fixture_submit (f, intake->id, "whole", NULL));
  before = fixture_snapshot (f);
  g_assert_null (suspend (f, intake->id, "one", &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
  g_clear_error (&error);
  g_assert_null (suspend (f, "unknown", "one", &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN);
  g_clear_error (&error);
  g_assert_null (resume (f, "unknown", &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN);
  after = fixture_snapshot (f);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpint (stored (f), ==, 0);
}

static gboolean
keep_visit (Fixture *f, const char *intake, const char *contents, GError **error)
{
  g_autoptr (GBytes) body = g_bytes_new (contents, strlen (contents));
  const MdOutboxKeep kept = { .intake = intake, .body = body, .keep_ms = 24 * HOUR_MS };

  return md_outbox_keep_visit (f->outbox, &kept, "lem.certificate", error);
}

/* What a visit goes on with waits under the intake that was handed in, once, until it is resumed or
 * erased; of one that is open there is a draft already. */
static void
test_visit (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (f), next = NULL;
  g_autoptr (MdOutboxDraft) draft = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (keep_visit (f, intake->id, "one", &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
  g_clear_error (&error);
  g_assert_true (fixture_submit (f, intake->id, "whole", NULL));
  g_assert_true (keep_visit (f, intake->id, "one", &error));
  g_assert_true (keep_visit (f, intake->id, "two", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (waiting (f, "S0001"), ==, 1);
  g_assert_cmpuint (waiting (f, "S0002"), ==, 0);
  draft = md_outbox_get_draft (f->outbox, intake->id, &error);
  g_assert_cmpstr (draft->procedure, ==, "lem.certificate");
  g_assert_cmpstr (draft->begun, ==, intake->time);
  assert_contents (f, draft->id, "two");

  next = resume (f, draft->id, &error);
  g_assert_no_error (error);
  g_assert_false (keep_visit (f, intake->id, "three", &error));
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE);
  g_clear_error (&error);
  assert_contents (f, draft->id, "two");
  g_assert_true (fixture_submit (f, next->id, "whole", NULL));
  g_assert_cmpint (stored (f), ==, 0);
  g_assert_true (keep_visit (f, next->id, "four", &error));
  g_assert_true (md_outbox_erase_draft (f->outbox, next->id, &erase_entry, &error));
  g_assert_cmpint (stored (f), ==, 0);
}

#define ADD(name, func)                                                                            \
  g_test_add ("/outbox/draft/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("suspend-and-resume", test_suspend_and_resume);
  ADD ("lost-and-given-up", test_lost_and_given_up);
  ADD ("period", test_period);
  ADD ("held", test_held);
  ADD ("room", test_room);
  ADD ("nothing-left", test_nothing_left);
  ADD ("visit", test_visit);
  ADD ("refused-changes-nothing", test_refused_changes_nothing);
  return g_test_run ();
}
