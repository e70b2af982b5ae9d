// SPDX-License-Identifier: Apache-2.0
/* Each call of the file system fails in turn, and each allocation of SQLite finds nothing, once and
 * for ever, under each act: it is done, or refused in words, or done up to one of its commits; then
 * the same connection goes on, and what was durable stays when the power goes. */
#include "power-acts.h"
#include "power-memory.h"

#define START_US (G_GINT64_CONSTANT (1795147200) * G_USEC_PER_SEC)
#define ACTS_BEFORE 80u
#define VARIANTS 3u
#define SEED 3u
#define MOST_UNHARMED 60u

typedef struct
{
  const char *name;
  PowerFault fault; /* NONE: of memory */
  gboolean stays;
} Kind;

static const Kind kinds[] = {
  { "io-once", POWER_FAULT_IO, FALSE },          { "io-for-good", POWER_FAULT_IO, TRUE },
  { "short-read", POWER_FAULT_SHORT, FALSE },    { "disk-full-once", POWER_FAULT_FULL, FALSE },
  { "disk-full", POWER_FAULT_FULL, TRUE },       { "memory-once", POWER_FAULT_NONE, FALSE },
  { "memory-for-good", POWER_FAULT_NONE, TRUE },
};

static PowerDisk *template;
static const PowerModel model = { .sector = 512, .psow = TRUE, .garbage = 30 };

/* A disk in the middle of a day's work: something of everything. */
static void
make_template (void)
{
  g_autoptr (MdTestClock) clock = md_test_clock_new (START_US);
  g_autoptr (GError) error = NULL;
  Branch *branch;

  power_random_seed (1);
  template = power_disk_new ("template", &model, FALSE);
  branch = branch_open (template, clock, 1, FALSE, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < ACTS_BEFORE; i++)
    acts_any (branch);
  branch_free (branch);
}

/* --- One act, with one fault --- */

typedef struct
{
  const Kind *kind;
  guint act;
  GPtrArray *states; /* before, and after each of its commits, where nothing fails */
  guint n_hit;
} Trial;

typedef struct
{
  MdTestClock *clock;
  PowerDisk *disk;
  Branch *branch;
  gboolean changed; /* by the last act */
} Place;

static void
place_begin (Place *place, gboolean records)
{
  g_autoptr (GError) error = NULL;

  power_random_seed (7);
  place->clock = md_test_clock_new (START_US + G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC);
  place->disk = power_disk_copy (template, "place", &model, records);
  place->branch = branch_open_single (place->disk, place->clock, SEED, &error);
  g_assert_no_error (error);
}

static void
place_end (Place *place)
{
  branch_free (place->branch);
  power_disk_free (place->disk);
  g_object_unref (place->clock);
}

/* What the tables hold, without ids, times and digests, which are others each time. */
#define SHAPE                                                                                      \
  "SELECT coalesce ((SELECT group_concat (receipt_number || state || next_n || (erased_ms IS "     \
  "NULL)"                                                                                          \
  " || (replaced_by IS NULL) || (cites IS NULL) || (checked_by IS NULL) || named_as)"              \
  " FROM (SELECT * FROM intake ORDER BY receipt_number)), '') || '|' ||"                           \
  " coalesce ((SELECT group_concat (seq || state || n || fresh || attempts || (receipt IS NULL)"   \
  " || (lease_ms = 0)) FROM (SELECT * FROM outbox ORDER BY seq)), '') || '|' ||"                   \
  " coalesce ((SELECT group_concat (item) FROM (SELECT item FROM payload ORDER BY item)), '')"     \
  " || '|' || coalesce ((SELECT group_concat (seq || event) FROM (SELECT * FROM audit"             \
  " ORDER BY seq)), '') || '|' || (SELECT next FROM receipt_pool) || '|' ||"                       \
  " (SELECT count (*) || '.' || count (release) FROM hold) || '|' ||"                              \
  " (SELECT count (*) FROM named) || '|' || (SELECT count (*) FROM letter) || '|' ||"              \
  " (SELECT count (*) || '.' || count (read_ms) FROM notice) || '|' ||"                            \
  " (SELECT count (*) || '.' || count (intake) FROM draft)"

static char *
shape_of (MdDb *db)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (db, SHAPE, NULL);
  MdDbStep step = statement != NULL ? md_db_step (statement, NULL) : MD_DB_STEP_ERROR;

  g_assert_cmpint (step, ==, MD_DB_STEP_ROW);
  return md_db_column_dup (statement, 0);
}

static char *
state_of (MdDb *db)
{
  g_autoptr (GError) error = NULL;
  char *state = branch_state (db, &error);

  g_assert_no_error (error);
  return state;
}

typedef struct
{
  GPtrArray *states;
  MdDb *db;
} Notes;

/* The state before a transaction is that after the one before it. */
static int
note_state (const char *sql, gpointer user_data)
{
  const Notes *notes = user_data;

  if (g_str_equal (sql, "BEGIN IMMEDIATE"))
    g_ptr_array_add (notes->states, shape_of (notes->db));
  return 0;
}

/* The act where nothing fails. */
static void
rehearse (Trial *trial)
{
  Place place;
  Notes notes = { .states = trial->states };
  g_autoptr (GError) error = NULL;

  place_begin (&place, FALSE);
  notes.db = place.branch->db;
  g_ptr_array_add (trial->states, shape_of (notes.db));
  md_db_set_fault (notes.db, note_state, &notes);
  if (!acts_do (place.branch, trial->act, &error))
    g_assert_cmpuint (error->domain, ==, MD_OUTBOX_ERROR);
  md_db_set_fault (notes.db, NULL, NULL);
  g_ptr_array_add (trial->states, shape_of (notes.db));
  place_end (&place);
}

static gboolean
knows (const Trial *trial, const char *state)
{
  return g_ptr_array_find_with_equal_func (trial->states, state, g_str_equal, NULL);
}

static void
arm (const Trial *trial, Place *place, guint n)
{
  if (trial->kind->fault == POWER_FAULT_NONE)
    power_memory_fail (n, trial->kind->stays);
  else
    power_disk_fail (place->disk, power_disk_calls (place->disk) + n - 1, trial->kind->fault,
                     trial->kind->stays);
}

/* Whether it came to the fault. */
static gboolean
disarm (const Trial *trial, Place *place)
{
  const gboolean failed = trial->kind->fault == POWER_FAULT_NONE ? power_memory_failed ()
                                                                 : power_disk_failed (place->disk);

  power_memory_fail (0, FALSE);
  power_disk_fail (place->disk, 0, POWER_FAULT_NONE, FALSE);
  return failed;
}

/* The service goes on by the same connection, and what it then does durably is there after a cut,
 * with all that was there before it. */
static void
go_on (const Trial *trial, Place *place, guint n)
{
  const MdAuditEntry entry = { .event = "login", .outcome = MD_AUDIT_REFUSED };
  const guint now = power_disk_now (place->disk);
  g_autofree char *state = NULL;
  g_autoptr (GError) error = NULL;

  if (!md_audit_record_now (place->branch->audit, &entry, &error))
    g_error ("%s, %s at %u: nothing goes on: %s", acts_name (trial->act), trial->kind->name, n,
             error->message);
  g_assert_cmpuint (power_disk_now (place->disk), >, now);
  state = state_of (place->branch->db);
  for (guint variant = 0; variant < VARIANTS; variant++)
    {
      g_autoptr (GPtrArray) promises = NULL;
      g_autoptr (PowerDisk) left = power_disk_cut (
          place->disk, "left", power_disk_now (place->disk), variant + VARIANTS * n, &promises);
      g_autofree char *path = power_disk_dup_path (left, "terminal.db");
      g_autoptr (MdDb) db = md_db_open (path, MD_DB_READ_WRITE, &error);
      g_autofree char *after = NULL;
      MdAuditReport report;

      g_assert_no_error (error);
      g_assert_true (md_db_check_integrity (db, NULL));
      g_assert_true (md_audit_verify (db, &report, NULL));
      g_assert_cmpint (report.verdict, ==, MD_AUDIT_INTACT);
      after = state_of (db);
      if (!g_str_equal (after, state))
        g_error ("%s, %s at %u: what was durable is not there after a cut", acts_name (trial->act),
                 trial->kind->name, n);
    }
}

/* One fault under the act; FALSE when the act came to its end before it. */
static gboolean
try_at (Trial *trial, Place *place, guint n)
{
  gboolean done, failed;
  g_autoptr (GError) error = NULL;
  g_autofree char *shape = NULL;

  place->branch->random.state = SEED;
  arm (trial, place, n);
  done = acts_do (place->branch, trial->act, &error);
  failed = disarm (trial, place);
  g_assert_true (done == (error == NULL));
  g_assert_true (done || *error->message != '\0');
  g_assert_false (md_db_in_transaction (place->branch->db));
  shape = shape_of (place->branch->db);
  if (!knows (trial, shape))
    g_error ("%s, %s at %u: half done: %s after %s (%s)", acts_name (trial->act), trial->kind->name,
             n, shape, (const char *)trial->states->pdata[0],
             error != NULL ? error->message : "done");
  if (done)
    g_assert_cmpstr (shape, ==, trial->states->pdata[trial->states->len - 1]);
  place->changed = !g_str_equal (shape, trial->states->pdata[0]);
  trial->n_hit += failed ? 1 : 0;
  return failed;
}

/* Every call: each time on a disk of its own. Some calls cannot fail in this way: on until none of
 * many does. */
static void
try_calls (Trial *trial)
{
  guint missed = 0;

  for (guint n = 1; missed < MOST_UNHARMED; n++)
    {
      Place place;

      place_begin (&place, TRUE);
      if (try_at (trial, &place, n))
        {
          missed = 0;
          go_on (trial, &place, n);
        }
      else
        missed++;
      place_end (&place);
    }
}

/* Every allocation: by one connection as long as nothing came of the act. */
static void
try_allocations (Trial *trial)
{
  gboolean failed = TRUE;
  Place place;

  place_begin (&place, FALSE);
  for (guint n = 1; failed; n++)
    {
      failed = try_at (trial, &place, n);
      if (!place.changed)
        continue;
      place_end (&place);
      place_begin (&place, FALSE);
    }
  place_end (&place);
}

/* The service's start, from a log that a cut has left. TRUE when it came to the fault. */
static gboolean
try_start (const Kind *kind, PowerDisk *after_cut, guint n)
{
  const Trial trial = { .kind = kind };
  g_autoptr (PowerDisk) disk = power_disk_copy (after_cut, "start", &model, FALSE);
  g_autofree char *path = power_disk_dup_path (disk, "terminal.db");
  g_autoptr (GError) error = NULL;
  Place place = { .disk = disk };
  MdDb *db;
  gboolean started, failed;

  arm (&trial, &place, n);
  db = md_db_open (path, MD_DB_READ_WRITE, &error);
  started = db != NULL && md_db_check_integrity (db, &error) && md_audit_migrate (db, &error)
            && md_outbox_migrate (db, &error);
  failed = disarm (&trial, &place);
  g_assert_true (started == (error == NULL));
  g_assert_true (started || *error->message != '\0');
  md_db_close (db);
  db = md_db_open (path, MD_DB_READ_WRITE, NULL);
  g_assert_true (db != NULL && md_db_check_integrity (db, NULL));
  g_assert_true (md_audit_migrate (db, NULL) && md_outbox_migrate (db, NULL));
  md_db_close (db);
  return failed;
}

static guint
try_starts (const Kind *kind)
{
  g_autoptr (GPtrArray) promises = NULL;
  g_autoptr (PowerDisk) after_cut = NULL;
  guint hit = 0, missed = 0;
  Place place;

  place_begin (&place, TRUE);
  g_assert_true (acts_do (place.branch, 0, NULL));
  after_cut = power_disk_cut (place.disk, "cut", power_disk_now (place.disk), 1, &promises);
  place_end (&place);
  for (guint n = 1; missed < MOST_UNHARMED; n++)
    {
      const gboolean failed = try_start (kind, after_cut, n);

      hit += failed ? 1 : 0;
      missed = failed ? 0 : missed + 1;
    }
  return hit;
}

static void
test_kind (gconstpointer data)
{
  const Kind *kind = data;
  guint hit = try_starts (kind);

  for (guint act = 0; act < acts_count (); act++)
    {
      g_autoptr (GPtrArray) states = g_ptr_array_new_with_free_func (g_free);
      Trial trial = { .kind = kind, .act = act, .states = states };

      rehearse (&trial);
      if (kind->fault == POWER_FAULT_NONE)
        try_allocations (&trial);
      else
        try_calls (&trial);
      hit += trial.n_hit;
    }
  g_print ("power: %s: %u faults under the start and %u acts, each refused or done\n", kind->name,
           hit, acts_count ());
  g_assert_cmpuint (hit, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  power_memory_install ();
  power_disk_install ();
  make_template ();
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *path = g_strdup_printf ("/power/faults/%s", kinds[i].name);

      g_test_add_data_func (path, &kinds[i], test_kind);
    }
  return g_test_run ();
}
