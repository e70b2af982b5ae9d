// SPDX-License-Identifier: Apache-2.0
/* bench-enqueue DIR [ROUNDS]: a durable submission (state, queue row, payload and audit record in
 * one commit) against the bare insert of as many bytes with SQLite alone, both in WAL with
 * synchronous=FULL, in the same run and by turns. Prints both and their ratio, ours over bare;
 * fails under the gate of 0.40. */
#include <stdio.h>
#include <stdlib.h>
#include <sqlite3.h>

#include "md-outbox.h"

#define SIZE 20480
#define PER_ROUND 200
#define GATE 0.40

static double
seconds_since (gint64 start)
{
  return (double)(g_get_monotonic_time () - start) / (double)G_USEC_PER_SEC;
}

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

static double
bare_round (sqlite3 *db)
{
  g_autoptr (GPtrArray) bodies = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  sqlite3_stmt *insert = NULL;
  gint64 start;
  double taken;

  for (guint i = 0; i < PER_ROUND; i++)
    g_ptr_array_add (bodies, make_body ());
  g_assert (sqlite3_prepare_v2 (db, "INSERT INTO t (body) VALUES (?1)", -1, &insert, NULL)
            == SQLITE_OK);
  start = g_get_monotonic_time ();
  for (guint i = 0; i < PER_ROUND; i++)
    {
      gsize size;
      const void *data = g_bytes_get_data (g_ptr_array_index (bodies, i), &size);

      g_assert (sqlite3_bind_blob64 (insert, 1, data, size, SQLITE_STATIC) == SQLITE_OK);
      g_assert (sqlite3_step (insert) == SQLITE_DONE);
      g_assert (sqlite3_reset (insert) == SQLITE_OK);
    }
  taken = seconds_since (start);
  sqlite3_finalize (insert);
  return taken;
}

/* --- Ours --- */

static double
our_round (MdOutbox *outbox)
{
  g_autoptr (GPtrArray) bodies = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  g_autoptr (GPtrArray) intakes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)md_outbox_intake_free);
  MdOutboxReserve reserve = {
    .procedure = "pension.exemption", .clerk = "S0001", .policy_version = 1, .nonce_state = "absent"
  };
  MdAuditEntry entry
      = { .event = "submit", .staff = "S0001", .staff_name = "受付 花子", .department = "区民課" };
  gint64 start;

  for (guint i = 0; i < PER_ROUND; i++)
    {
      g_ptr_array_add (bodies, make_body ());
      g_ptr_array_add (intakes, md_outbox_reserve (outbox, &reserve, &entry, NULL));
    }
  start = g_get_monotonic_time ();
  for (guint i = 0; i < PER_ROUND; i++)
    {
      const MdOutboxIntake *intake = g_ptr_array_index (intakes, i);
      MdOutboxSubmission submission = { .id = intake->id,
                                        .container = g_ptr_array_index (bodies, i),
                                        .manifest_sha256 = "00",
                                        .signature_sha256 = "00" };
      gboolean stored = md_outbox_submit (outbox, &submission, &entry, NULL);

      g_assert (stored);
    }
  return seconds_since (start);
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

int
main (int argc, char **argv)
{
  guint rounds = argc > 2 ? (guint)g_ascii_strtoull (argv[2], NULL, 10) : 5;
  g_autofree double *ours = g_new0 (double, rounds);
  g_autofree double *bare = g_new0 (double, rounds);
  g_autofree char *dir = NULL;
  g_autofree char *path = NULL;
  g_autoptr (MdDb) db = NULL;
  g_autoptr (MdAudit) audit = NULL;
  g_autoptr (MdOutbox) outbox = NULL;
  sqlite3 *plain;
  double our_rate, bare_rate;

  g_assert (argc > 1 && rounds > 0);
  dir = g_build_filename (argv[1], "bench-enqueue-XXXXXX", NULL);
  g_assert (g_mkdtemp (dir) != NULL);
  path = g_build_filename (dir, "ours.db", NULL);
  db = md_db_open (path, MD_DB_READ_WRITE, NULL);
  g_assert (db != NULL && md_audit_migrate (db, NULL) && md_outbox_migrate (db, NULL));
  audit = md_audit_new (db, "139998", "T001", md_clock_get_system ());
  outbox = md_outbox_new (db, audit, md_clock_get_system ());
  g_assert (md_outbox_set_pool (outbox, 1, 1, 999999, NULL));
  plain = bare_open (dir);
  for (guint i = 0; i < rounds; i++)
    {
      bare[i] = bare_round (plain);
      ours[i] = our_round (outbox);
    }
  our_rate = PER_ROUND / median (ours, rounds);
  bare_rate = PER_ROUND / median (bare, rounds);
  g_print ("durable submission of %d bytes: %.0f/s; bare SQLite insert: %.0f/s; ratio %.2f (gate "
           "%.2f)\n",
           SIZE, our_rate, bare_rate, our_rate / bare_rate, GATE);
  sqlite3_close (plain);
  {
    const char *names[]
        = { "ours.db", "ours.db-wal", "ours.db-shm", "bare.db", "bare.db-wal", "bare.db-shm" };

    g_clear_pointer (&outbox, md_outbox_free);
    g_clear_pointer (&audit, md_audit_free);
    g_clear_pointer (&db, md_db_close);
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
      {
        g_autofree char *file = g_build_filename (dir, names[i], NULL);

        remove (file);
      }
    remove (dir);
  }
  return our_rate / bare_rate < GATE ? 1 : 0;
}
