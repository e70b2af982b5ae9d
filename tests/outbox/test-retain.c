// SPDX-License-Identifier: Apache-2.0
/* What is over goes by itself, for good, and with a record; and no clock that is set ahead makes
 * everything be over. */
#include <string.h>

#include "outbox-fixture.h"

#define HOUR_US (G_TIME_SPAN_HOUR)
#define DAY_US (G_TIME_SPAN_DAY)
#define YEAR_US (365 * DAY_US)
#define MARKER "sealed-contents-that-have-to-go"
#define NOTICE "text-of-a-notice-that-has-to-go"

/* Taken in, approved, and all with the back office. */
static char *
delivered (Fixture *f)
{
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (f);
  gboolean erased = TRUE;

  g_assert_true (fixture_submit (f, intake->id, MARKER, NULL));
  g_assert_true (fixture_decide (f, intake->id, MD_INTAKE_APPROVED, NULL));
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (MdOutboxItem) item = fixture_claim (f, MD_OUTBOX_FRESH);

      g_assert_true (fixture_acknowledge (f, item, &erased, NULL));
    }
  return g_strdup (intake->id);
}

static guint
sweep (Fixture *f, const MdOutboxOver *over)
{
  const MdOutboxOver none = { .policy = 7 };
  guint erased = 0;
  g_autoptr (GError) error = NULL;

  g_assert_true (md_outbox_sweep_over (f->outbox, over != NULL ? over : &none, &erased, &error));
  g_assert_no_error (error);
  return erased;
}

static gint64
now (Fixture *f)
{
  return md_clock_get_wall_us (MD_CLOCK (f->clock));
}

static gboolean
believed (Fixture *f, gboolean confirmed)
{
  gboolean believes = FALSE;
  g_autoptr (GError) error = NULL;

  g_assert_true (md_outbox_judge_clock (f->outbox, confirmed, &believes, &error));
  g_assert_no_error (error);
  return believes;
}

/* The service ends and begins again: what was looked at last is only in the database. */
static void
begin_anew (Fixture *f)
{
  md_outbox_free (f->outbox);
  f->outbox = md_outbox_new (f->db, f->audit, MD_CLOCK (f->clock));
}

/* The raw bytes of the database and its log. */
static gboolean
lies_in_file (Fixture *f, const char *text)
{
  static const char *const suffixes[] = { "", "-wal" };
  gboolean found = FALSE;

  g_assert_true (md_db_checkpoint (f->db, TRUE, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = g_strconcat (f->path, suffixes[i], NULL);
      g_autofree char *bytes = NULL;
      gsize size = 0;

      if (g_file_get_contents (path, &bytes, &size, NULL))
        found = found || memmem (bytes, size, text, strlen (text)) != NULL;
    }
  return found;
}

static char *
last_erasure (Fixture *f)
{
  g_autoptr (GPtrArray) list = md_audit_list_erasures (f->db, 0, 1000, NULL);
  const MdAuditRecord *record = NULL;

  g_assert_nonnull (list);
  g_assert_cmpuint (list->len, >, 0);
  record = g_ptr_array_index (list, list->len - 1);
  g_assert_cmpstr (record->event, ==, "erase");
  g_assert_cmpuint (strlen (record->time), ==, strlen ("2026-11-20T04:00:00.000Z"));
  return g_strdup (record->detail);
}

static void
assert_erasure (Fixture *f, const char *expected)
{
  g_autofree char *found = last_erasure (f);

  g_assert_cmpstr (found, ==, expected);
}

/* --- Delivered applications --- */

/* Hours after the last receipt, counted by the policy; then nothing of it is in the file. */
static void
test_queue (Fixture *f, gconstpointer data)
{
  g_autofree char *id = NULL;
  g_autoptr (GBytes) container = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (md_outbox_set_queue_period (f->outbox, 8 * 3600 * 1000, 7, NULL));
  id = delivered (f);
  g_assert_cmpuint (sweep (f, NULL), ==, 0);
  g_assert_true (lies_in_file (f, MARKER));
  md_test_clock_advance_us (f->clock, 8 * HOUR_US - 1000);
  g_assert_cmpuint (sweep (f, NULL), ==, 0);
  container = md_outbox_get_container (f->outbox, id, &error);
  g_assert_no_error (error);
  g_assert_nonnull (container);
  md_test_clock_advance_us (f->clock, 1000);
  g_assert_cmpuint (sweep (f, NULL), ==, 1);
  g_assert_cmpuint (sweep (f, NULL), ==, 0);
  g_assert_false (lies_in_file (f, MARKER));
  assert_erasure (f, "count=1 by=policy version=7");
  g_assert_true (md_outbox_take_erased (f->outbox));
  g_clear_pointer (&container, g_bytes_unref);
  container = md_outbox_get_container (f->outbox, id, &error);
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_ERASED);
}

/* A shorter period holds for what lies there already; without one it goes with the receipt. */
static void
test_queue_shortened (Fixture *f, gconstpointer data)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  g_assert_true (md_outbox_set_queue_period (f->outbox, 24 * 3600 * 1000, 7, NULL));
  first = delivered (f);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM payload"), ==, 2);
  g_assert_true (md_outbox_set_queue_period (f->outbox, 0, 8, NULL));
  g_assert_cmpuint (sweep (f, NULL), ==, 1);
  second = delivered (f);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM payload"), ==, 0);
  assert_erasure (f, "count=1 by=policy version=8");
}

/* What is not delivered stays, however long; and so does what is not decided, or is returned. */
static void
test_undelivered_stays (Fixture *f, gconstpointer data)
{
  const MdOutboxOver over = { .policy = 7,
                              .notice_us = G_GINT64_CONSTANT (4000000000) * G_USEC_PER_SEC,
                              .work_record_us = G_GINT64_CONSTANT (4000000000) * G_USEC_PER_SEC };
  g_autoptr (MdOutboxIntake) undecided = fixture_reserve (f);
  g_autoptr (MdOutboxIntake) approved = fixture_reserve (f);
  g_autoptr (MdOutboxIntake) later = fixture_reserve (f);

  g_assert_true (fixture_submit (f, undecided->id, MARKER, NULL));
  g_assert_true (fixture_submit (f, approved->id, MARKER, NULL));
  g_assert_true (fixture_decide (f, approved->id, MD_INTAKE_APPROVED, NULL));
  md_test_clock_advance_us (f->clock, 10 * YEAR_US);
  g_assert_cmpuint (sweep (f, &over), ==, 0);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM payload"), ==, 3);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM intake"), ==, 3);
}

/* A clock that was ahead when the receipt came, and is right now. */
static void
test_queue_clock_back (Fixture *f, gconstpointer data)
{
  const gint64 right = now (f);
  g_autofree char *id = NULL;

  g_assert_true (md_outbox_set_queue_period (f->outbox, 8 * 3600 * 1000, 7, NULL));
  md_test_clock_set_wall_us (f->clock, right + 10 * YEAR_US);
  id = delivered (f);
  md_test_clock_set_wall_us (f->clock, right);
  g_assert_cmpuint (sweep (f, NULL), ==, 1);
}

/* --- Notices and records of work --- */

static void
keep_notice (Fixture *f, guint number, const char *intake)
{
  g_autofree char *digest = g_strdup_printf ("d%u", number);
  g_autoptr (GBytes) body = g_bytes_new_static (NOTICE, strlen (NOTICE));
  const MdOutboxNotice notice
      = { .number = number, .digest = digest, .body = body, .intake = intake };
  const MdAuditEntry entry = { .event = "notice" };
  g_autoptr (GError) error = NULL;

  g_assert_true (md_outbox_keep_notice (f->outbox, &notice, &entry, &error));
  g_assert_no_error (error);
}

static void
test_notices (Fixture *f, gconstpointer data)
{
  const MdAuditEntry entry = { .event = "acknowledge", .staff = "S0101" };
  g_autofree char *id = delivered (f);
  g_autoptr (GBytes) body = NULL;
  g_autofree char *digest = NULL;
  g_autoptr (GError) error = NULL;
  guint last = 0;
  MdOutboxOver over = { .policy = 7 };

  keep_notice (f, 1, id);
  over.notice_us = now (f) + DAY_US;
  g_assert_cmpuint (sweep (f, &over), ==, 0); /* nobody has read it */
  g_assert_true (md_outbox_read_notice (f->outbox, id, &entry, NULL));
  over.notice_us = now (f) - 1000;
  g_assert_cmpuint (sweep (f, &over), ==, 0);
  g_assert_true (lies_in_file (f, NOTICE));
  over.notice_us = now (f);
  g_assert_cmpuint (sweep (f, &over), ==, 1);
  g_assert_cmpuint (sweep (f, &over), ==, 0);
  g_assert_false (lies_in_file (f, NOTICE));
  assert_erasure (f, "kind=notice count=1 by=policy version=7");
  body = md_outbox_get_notice (f->outbox, id, &error);
  g_assert_null (body);
  g_assert_error (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN);
  /* The next one still has to follow upon it. */
  g_assert_true (md_outbox_last_notice (f->outbox, &last, &digest, NULL));
  g_assert_cmpuint (last, ==, 1);
  g_assert_cmpstr (digest, ==, "d1");
}

static void
test_work_records (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) abandoned = fixture_reserve (f);
  const MdAuditEntry left = { .event = "abandon", .staff = "S0001" };
  g_autofree char *old = delivered (f);
  g_autofree char *noticed = delivered (f);
  g_autofree char *young = NULL;
  g_autofree char *next = NULL;
  MdOutboxOver over = { .policy = 7 };
  g_autofree char *receipt = NULL;

  g_assert_true (md_outbox_abandon (f->outbox, abandoned->id, &left, NULL));
  keep_notice (f, 1, noticed);
  receipt = g_strdup (abandoned->receipt_number);
  over.work_record_us = now (f);
  md_test_clock_advance_us (f->clock, HOUR_US);
  young = delivered (f);
  g_assert_true (lies_in_file (f, old));
  g_assert_cmpuint (sweep (f, &over), ==, 2);
  g_assert_cmpuint (sweep (f, &over), ==, 0);
  assert_erasure (f, "kind=work-record count=2 by=policy version=7");
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM intake"), ==, 2);
  g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM outbox"), ==, 4);
  g_assert_false (lies_in_file (f, receipt)); /* it stood nowhere else: the log names the intake */
  /* However old, one row tells which receipt numbers were given. */
  over.work_record_us = now (f) + YEAR_US;
  md_test_clock_advance_us (f->clock, 2 * YEAR_US);
  next = delivered (f);
  over.work_record_us = now (f) + YEAR_US;
  md_test_clock_advance_us (f->clock, 2 * YEAR_US);
  g_assert_cmpuint (sweep (f, &over), ==, 1);
  g_assert_cmpint (
      fixture_int (f, "SELECT count (*) FROM intake WHERE receipt_number LIKE '001-000005-%'"), ==,
      1);
}

/* --- The clock --- */

static gint64
doubts (Fixture *f)
{
  return fixture_int (f, "SELECT count (*) FROM audit WHERE event = 'clock'");
}

/* While the service runs: time that has not passed is not believed, until the gateway's clock says
 * the same, or a day is gone. */
static void
test_clock_ahead (Fixture *f, gconstpointer data)
{
  const gint64 right = now (f);

  g_assert_true (believed (f, FALSE));
  md_test_clock_advance_us (f->clock, DAY_US); /* a machine that slept: both clocks went on */
  g_assert_true (believed (f, FALSE));
  md_test_clock_set_wall_us (f->clock, right + 10 * YEAR_US);
  g_assert_false (believed (f, TRUE)); /* what the gateway said last is from before */
  md_test_clock_advance_us (f->clock, 5 * G_USEC_PER_SEC);
  g_assert_false (believed (f, TRUE));
  g_assert_cmpint (doubts (f), ==, 1);
  md_test_clock_set_wall_us (f->clock, right + DAY_US + 5 * G_USEC_PER_SEC);
  g_assert_true (believed (f, FALSE)); /* put right */
  g_assert_cmpint (doubts (f), ==, 2);
}

static void
test_clock_confirmed (Fixture *f, gconstpointer data)
{
  g_assert_true (believed (f, FALSE));
  md_test_clock_set_wall_us (f->clock, now (f) + 30 * DAY_US);
  g_assert_false (believed (f, FALSE));
  md_test_clock_advance_us (f->clock, 10 * 60 * G_USEC_PER_SEC);
  g_assert_false (believed (f, FALSE));
  g_assert_true (believed (f, TRUE));
  g_assert_true (believed (f, FALSE));
  g_assert_cmpint (doubts (f), ==, 2);
}

static void
test_clock_waited (Fixture *f, gconstpointer data)
{
  g_assert_true (believed (f, FALSE));
  md_test_clock_set_wall_us (f->clock, now (f) + 30 * DAY_US);
  for (guint hour = 0; hour < 24; hour++)
    {
      g_assert_false (believed (f, FALSE));
      md_test_clock_advance_us (f->clock, HOUR_US);
    }
  g_assert_true (believed (f, FALSE));
}

/* From one run to the next: a long holiday is none of it, years are; and the doubt outlives the
 * run. */
static void
test_clock_restart (Fixture *f, gconstpointer data)
{
  g_assert_true (believed (f, FALSE));
  begin_anew (f);
  md_test_clock_advance_us (f->clock, 10 * DAY_US);
  md_test_clock_reboot (f->clock);
  g_assert_true (believed (f, FALSE));
  begin_anew (f);
  md_test_clock_advance_us (f->clock, 3 * YEAR_US);
  md_test_clock_reboot (f->clock);
  g_assert_false (believed (f, FALSE));
  for (guint i = 0; i < 3; i++)
    {
      begin_anew (f);
      md_test_clock_reboot (f->clock);
      g_assert_false (believed (f, FALSE));
    }
  g_assert_true (believed (f, TRUE)); /* in this run the gateway has said nothing before */
}

static void
test_gateway_time (Fixture *f, gconstpointer data)
{
  g_autofree char *id = NULL;
  gint64 told = -1;

  g_assert_true (md_outbox_get_gateway_time (f->outbox, &told, NULL));
  g_assert_cmpint (told, ==, 0);
  id = delivered (f);
  g_assert_true (md_outbox_get_gateway_time (f->outbox, &told, NULL));
  g_assert_cmpint (told, >, 0);
  g_assert_cmpint (told, <, G_GINT64_CONSTANT (1795147200) * G_USEC_PER_SEC + YEAR_US);
}

/* --- Crashes --- */

/* The power goes at every step of it: then either it is there and nothing was recorded, or it is
 * gone with its record, and the next sweep ends what was begun. */
typedef struct
{
  guint left;
} Cut;

static int
cut_cb (const char *sql, gpointer user_data)
{
  Cut *cut = user_data;

  if (cut->left == 0)
    return 10; /* SQLITE_IOERR */
  cut->left--;
  return 0;
}

static void
test_cut (Fixture *f, gconstpointer data)
{
  MdOutboxOver over = { .policy = 7 };
  guint steps = 0;

  for (guint at = 0;; at++)
    {
      Cut cut = { .left = at };
      g_autofree char *id = NULL;
      g_autoptr (GError) error = NULL;
      gboolean whole;
      guint erased;
      gint64 payloads, recorded;

      g_assert_true (md_outbox_set_queue_period (f->outbox, 60 * 1000, 7, NULL));
      id = delivered (f);
      md_test_clock_advance_us (f->clock, G_TIME_SPAN_MINUTE);
      over.work_record_us = now (f) - G_TIME_SPAN_MINUTE;
      recorded = fixture_int (f, "SELECT count (*) FROM audit WHERE event = 'erase'"
                                 " AND object_id <> ''");
      f->failing = TRUE;
      md_db_set_fault (f->db, cut_cb, &cut);
      whole = md_outbox_sweep_over (f->outbox, &over, &erased, &error);
      md_db_set_fault (f->db, NULL, NULL);
      f->failing = FALSE;
      payloads = fixture_int (f, "SELECT count (*) FROM payload");
      g_assert_cmpint (
          fixture_int (f, "SELECT count (*) FROM audit WHERE event = 'erase' AND object_id <> ''"),
          ==, recorded + (payloads == 0));
      (void)sweep (f, &over);
      g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM payload"), ==, 0);
      g_assert_cmpint (
          fixture_int (f, "SELECT count (*) FROM audit WHERE event = 'erase' AND object_id <> ''"),
          ==, recorded + 1);
      steps = at;
      if (whole)
        break;
    }
  g_assert_cmpuint (steps, >, 10);
}

#define ADD(name, func)                                                                            \
  g_test_add ("/outbox/retain/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("queue", test_queue);
  ADD ("queue-shortened", test_queue_shortened);
  ADD ("undelivered-stays", test_undelivered_stays);
  ADD ("queue-clock-back", test_queue_clock_back);
  ADD ("notices", test_notices);
  ADD ("work-records", test_work_records);
  ADD ("clock-ahead", test_clock_ahead);
  ADD ("clock-confirmed", test_clock_confirmed);
  ADD ("clock-waited", test_clock_waited);
  ADD ("clock-restart", test_clock_restart);
  ADD ("gateway-time", test_gateway_time);
  ADD ("cut", test_cut);
  return g_test_run ();
}
