// SPDX-License-Identifier: Apache-2.0
/* What was erased is in no page, no freed page and no log of the disk, also when the power goes
 * right after: each way that something is erased by. */
#include <string.h>

#include "power-acts.h"
#include "power-memory.h"

#define START_US (G_GINT64_CONSTANT (1795147200) * G_USEC_PER_SEC)
#define HOUR_MS (3600 * G_GINT64_CONSTANT (1000))

typedef struct
{
  MdTestClock *clock;
  PowerDisk *disk;
  Branch *branch;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  const PowerModel model = { .sector = 512, .psow = TRUE };

  f->clock = md_test_clock_new (START_US);
  f->disk = power_disk_new ("erased", &model, TRUE);
  f->branch = branch_open (f->disk, f->clock, 1, FALSE, NULL);
  g_assert_nonnull (f->branch);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  branch_free (f->branch);
  power_disk_free (f->disk);
  g_object_unref (f->clock);
}

/* --- Steps --- */

static char *
reserve (Fixture *f, const char *replaces)
{
  const MdOutboxReserve reserve = { .procedure = "p",
                                    .clerk = "S0001",
                                    .policy_version = 1,
                                    .nonce_state = "absent",
                                    .replaces = replaces };
  const MdAuditEntry entry = { .event = "reserve" };
  g_autoptr (MdOutboxIntake) intake = md_outbox_reserve (f->branch->outbox, &reserve, &entry, NULL);

  g_assert_nonnull (intake);
  return g_strdup (intake->id);
}

static void
submit (Fixture *f, const char *id)
{
  g_autoptr (GBytes) container = acts_body (id, 1);
  const MdOutboxSubmission submission
      = { .id = id, .container = container, .manifest_sha256 = "aa", .signature_sha256 = "bb" };
  const MdAuditEntry entry = { .event = "submit" };

  g_assert_true (md_outbox_submit (f->branch->outbox, &submission, &entry, NULL));
}

static void
decide (Fixture *f, const char *id, MdIntakeState state, gint64 keep_ms)
{
  g_autoptr (GBytes) body = acts_body (id, 2);
  const MdOutboxDecision decision = { .id = id,
                                      .n = 2,
                                      .state = state,
                                      .officer = "S0101",
                                      .reason_code = "",
                                      .body = body,
                                      .signature_sha256 = "cc",
                                      .keep_ms = keep_ms };
  const MdAuditEntry entry = { .event = "decide" };

  g_assert_true (md_outbox_decide (f->branch->outbox, &decision, &entry, NULL));
}

/* Everything that waits, each with its receipt. TRUE when one of them was erased by it. */
static gboolean
deliver (Fixture *f)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("receipt", 7);
  const MdOutboxReceipt receipt = { .receipt = bytes, .sequence = 1, .time = "" };
  gboolean any = FALSE;

  while (TRUE)
    {
      g_autoptr (MdOutboxItem) item = NULL;
      gboolean erased = FALSE;

      g_assert_true (md_outbox_claim (f->branch->source, MD_OUTBOX_FRESH, 60000, &item, NULL));
      if (item == NULL)
        return any;
      g_assert_true (md_outbox_acknowledge (f->branch->source, item, &receipt, &erased, NULL));
      any = any || erased;
    }
}

static void
keep_draft (Fixture *f, const char *id, const char *name)
{
  g_autoptr (GBytes) body = acts_body (name, 1);
  const MdOutboxKeep keep = { .intake = id, .body = body, .keep_ms = HOUR_MS };

  g_assert_true (md_outbox_keep_draft (f->branch->outbox, &keep, NULL));
}

/* --- What is looked for --- */

static gboolean
holds (PowerDisk *disk, const char *name)
{
  g_autofree char *marker = acts_marker (name);

  return power_disk_holds (disk, marker, strlen (marker));
}

/* The service tidies up after the act, and then the power goes: nothing that was written since has
 * to have reached the disk. */
static void
assert_gone (Fixture *f, const char *name)
{
  g_assert_true (acts_tidy (f->branch, NULL));
  g_assert_false (holds (f->disk, name));
  for (guint variant = 0; variant < 50; variant++)
    {
      g_autoptr (GPtrArray) promises = NULL;
      g_autoptr (PowerDisk) left
          = power_disk_cut (f->disk, "left", power_disk_now (f->disk), variant, &promises);

      g_assert_false (holds (left, name));
    }
}

static void
test_delivered (Fixture *f, gconstpointer data)
{
  g_autofree char *id = reserve (f, NULL);

  submit (f, id);
  decide (f, id, MD_INTAKE_APPROVED, 0);
  g_assert_true (holds (f->disk, id));
  g_assert_true (deliver (f));
  g_assert_true (holds (f->disk, id)); /* in the log, which is why it is emptied */
  g_assert_true (md_db_checkpoint (f->branch->log_db, TRUE, NULL));
  assert_gone (f, id);
}

/* A returned one that is with the back office already, when it is taken up again. */
static void
test_taken_up (Fixture *f, gconstpointer data)
{
  g_autofree char *id = reserve (f, NULL);
  g_autofree char *again = NULL;

  submit (f, id);
  decide (f, id, MD_INTAKE_RETURNED, 0);
  g_assert_false (deliver (f));
  again = reserve (f, id);
  g_assert_true (holds (f->disk, id));
  submit (f, again);
  assert_gone (f, id);
  g_assert_true (holds (f->disk, again));
}

/* A refused one that was kept for a while goes with the next reservation. */
static void
test_kept (Fixture *f, gconstpointer data)
{
  g_autofree char *id = reserve (f, NULL);
  g_autofree char *next = NULL;

  submit (f, id);
  decide (f, id, MD_INTAKE_REJECTED, HOUR_MS);
  g_assert_false (deliver (f));
  md_test_clock_advance_us (f->clock, 2 * HOUR_MS * 1000);
  g_assert_true (holds (f->disk, id));
  next = reserve (f, NULL);
  assert_gone (f, id);
}

static void
test_draft (Fixture *f, gconstpointer data)
{
  g_autofree char *id = reserve (f, NULL);

  keep_draft (f, id, "first");
  keep_draft (f, id, "second");
  g_assert_true (holds (f->disk, "second"));
  submit (f, id);
  assert_gone (f, "second");
  assert_gone (f, "first");
}

/* Nor is it in a copy that is made afterwards, whose freed pages come along: of that a backup is
 * made. */
static void
test_copied (Fixture *f, gconstpointer data)
{
  g_autofree char *id = reserve (f, NULL);
  g_autofree char *waits = reserve (f, NULL);
  g_autofree char *path = power_disk_dup_path (f->disk, "copy.db");
  g_autoptr (MdDb) copy = NULL;
  g_autoptr (MdDbStatement) body = NULL;
  g_autoptr (GError) error = NULL;

  keep_draft (f, id, "draft");
  submit (f, id);
  decide (f, id, MD_INTAKE_APPROVED, 0);
  g_assert_true (deliver (f));
  submit (f, waits);
  g_assert_true (md_db_copy (f->branch->path, path, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (md_db_checkpoint (f->branch->log_db, TRUE, NULL));
  g_assert_true (holds (f->disk, waits));
  assert_gone (f, id);
  assert_gone (f, "draft");
  copy = md_db_open (path, MD_DB_READ_WRITE, NULL);
  body = md_db_prepare (copy, "SELECT body FROM payload", NULL);
  g_assert_cmpint (md_db_step (body, NULL), ==, MD_DB_STEP_ROW);
}

/* As long as somebody reads from the log it is not emptied, and whoever asked for it is told. */
static void
test_somebody_reads (Fixture *f, gconstpointer data)
{
  g_autofree char *id = reserve (f, NULL);
  g_autoptr (MdDbStatement) reading = NULL;
  g_autoptr (GError) error = NULL;

  submit (f, id);
  reading = md_db_prepare (f->branch->reader, "SELECT id FROM intake", NULL);
  g_assert_cmpint (md_db_step (reading, NULL), ==, MD_DB_STEP_ROW);
  g_assert_false (md_db_checkpoint (f->branch->log_db, TRUE, &error));
  g_assert_error (error, MD_DB_ERROR, MD_DB_ERROR_BUSY);
  g_clear_pointer (&reading, md_db_statement_free);
  g_assert_true (md_db_checkpoint (f->branch->log_db, TRUE, NULL));
}

#define ADD(path, test) g_test_add ("/power/erased/" path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  power_memory_install ();
  power_disk_install ();
  ADD ("delivered", test_delivered);
  ADD ("taken-up", test_taken_up);
  ADD ("kept", test_kept);
  ADD ("draft", test_draft);
  ADD ("copied", test_copied);
  ADD ("somebody-reads", test_somebody_reads);
  return g_test_run ();
}
