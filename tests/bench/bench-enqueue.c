// SPDX-License-Identifier: Apache-2.0
/* bench-enqueue DIR [N]: a durable submission (state, queue row, payload and audit record in one
 * commit) against the bare insert of as many bytes with SQLite alone, both in WAL with
 * synchronous=FULL, one by one in turn so that both see the same disk. Prints both medians and the
 * ratio of the rates, ours over bare; fails under the gate of 0.40. */
#include <stdio.h>
#include <stdlib.h>
#include <sqlite3.h>

#include "md-outbox.h"

#define SIZE 20480
#define WARM_UP 20
#define GATE 0.40

static GBytes *
make_body (void)
{
  guint8 *data = g_malloc (SIZE);

  md_random_fill (data, SIZE);
  return g_bytes_new_take (data, SIZE);
}

/* --- Bare --- */

static sqlite3 *
bare_open (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, "bare.db", NULL);
  sqlite3 *db = NULL;

  g_assert (sqlite3_open (path, &db) == SQLITE_OK);
  g_assert (
      sqlite3_exec (db,
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
                    "CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB NOT NULL)",
                    NULL, NULL, NULL)
      == SQLITE_OK);
  return db;
}

/* Microseconds. */
static double
bare_insert (sqlite3_stmt *insert)
{
  g_autoptr (GBytes) body = make_body ();
  gsize size;
  const void *data = g_bytes_get_data (body, &size);
  gint64 start = g_get_monotonic_time ();
  gboolean done = sqlite3_bind_blob64 (insert, 1, data, size, SQLITE_STATIC) == SQLITE_OK
                  && sqlite3_step (insert) == SQLITE_DONE && sqlite3_reset (insert) == SQLITE_OK;

  g_assert (done);
  return (double)(g_get_monotonic_time () - start);
}

/* --- Ours --- */

static double
our_submission (MdOutbox *outbox)
{
  MdOutboxReserve reserve = {
    .procedure = "pension.exemption", .clerk = "S0001", .policy_version = 1, .nonce_state = "absent"
  };
  MdAuditEntry entry
      = { .event = "submit", .staff = "S0001", .staff_name = "受付 花子", .department = "区民課" };
  g_autoptr (GBytes) body = make_body ();
  g_autoptr (MdOutboxIntake) intake = md_outbox_reserve (outbox, &reserve, &entry, NULL);
  MdOutboxSubmission submission
      = { .id = intake->id, .container = body, .manifest_sha256 = "00", .signature_sha256 = "00" };
  gint64 start = g_get_monotonic_time ();
  gboolean stored = md_outbox_submit (outbox, &submission, &entry, NULL);

  g_assert (stored);
  return (double)(g_get_monotonic_time () - start);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

static double
median (double *values, guint n)
{
  qsort (values, n, sizeof *values, compare_doubles);
  return values[n / 2];
}

static void
run (MdOutbox *outbox, sqlite3 *plain, guint n, double *out_ours, double *out_bare)
{
  g_autofree double *ours = g_new0 (double, n);
  g_autofree double *bare = g_new0 (double, n);
  sqlite3_stmt *insert = NULL;

  g_assert (sqlite3_prepare_v2 (plain, "INSERT INTO t (body) VALUES (?1)", -1, &insert, NULL)
            == SQLITE_OK);
  for (guint i = 0; i < n + WARM_UP; i++)
    {
      bare[i % n] = bare_insert (insert);
      ours[i % n] = our_submission (outbox);
    }
  sqlite3_finalize (insert);
  *out_ours = median (ours, n);
  *out_bare = median (bare, n);
}

static void
clean_up (const char *dir)
{
  const char *names[]
      = { "ours.db", "ours.db-wal", "ours.db-shm", "bare.db", "bare.db-wal", "bare.db-shm" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *file = g_build_filename (dir, names[i], NULL);

      remove (file);
    }
  remove (dir);
}

int
main (int argc, char **argv)
{
  guint n = argc > 2 ? (guint)g_ascii_strtoull (argv[2], NULL, 10) : 500;
  g_autofree char *dir = g_build_filename (argv[1], "bench-enqueue-XXXXXX", NULL);
  g_autofree char *path = NULL;
  MdDb *db;
  MdAudit *audit;
  MdOutbox *outbox;
  sqlite3 *plain;
  gboolean ready;
  double ours, bare;

  g_assert (argc > 1 && n > 0 && g_mkdtemp (dir) != NULL);
  path = g_build_filename (dir, "ours.db", NULL);
  db = md_db_open (path, MD_DB_READ_WRITE, NULL);
  ready = db != NULL && md_audit_migrate (db, NULL) && md_outbox_migrate (db, NULL);
  g_assert (ready);
  audit = md_audit_new (db, "139998", "T001", md_clock_get_system ());
  outbox = md_outbox_new (db, audit, md_clock_get_system ());
  ready = md_outbox_set_pool (outbox, 1, 1, 999999, NULL);
  g_assert (ready);
  plain = bare_open (dir);
  run (outbox, plain, n, &ours, &bare);
  g_print (
      "durable submission of %d bytes: %.0f us; bare SQLite insert: %.0f us; ratio of the rates "
      "%.2f (gate %.2f)\n",
      SIZE, ours, bare, bare / ours, GATE);
  sqlite3_close (plain);
  md_outbox_free (outbox);
  md_audit_free (audit);
  md_db_close (db);
  clean_up (dir);
  return bare / ours < GATE ? 1 : 0;
}
