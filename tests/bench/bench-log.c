// SPDX-License-Identifier: Apache-2.0
/* bench-log DIR [RECORDS]: the audit log. Reading all of it through against the same number of
 * hashes in memory, with 10,000 and with 100,000 records (or 10,000 and as many as named); the
 * memory that takes; a record of its own against a bare insert of as many bytes. Fails above its
 * bars. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <openssl/evp.h>
#include <sqlite3.h>
#include <glib/gstdio.h>

#include "md-audit.h"

#define FEW 10000u
#define MANY 100000u
#define ROUNDS 5 /* of the reading */
#define APPENDED 500
#define WARM_UP 20

#define VERIFY_GATE 3.0
#define GROWTH_GATE 1.25
#define MEMORY_GATE 16.0 /* MB more than before the reading */
#define APPEND_GATE 0.7

typedef struct
{
  guint records;
  char *path;
  MdDb *db;
  MdAudit *audit;
  gsize encoded; /* bytes of one record */
} Log;

static void
require (gboolean good)
{
  if (!good)
    g_error ("a step of the benchmark failed");
}

static void
remove_database (const char *path)
{
  const char *suffixes[] = { "", "-wal", "-shm" };

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *file = g_strconcat (path, suffixes[i], NULL);

      (void)g_unlink (file);
    }
}

static int
compare (const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

static double
median (double *values, guint n)
{
  qsort (values, n, sizeof *values, compare);
  return values[n / 2];
}

/* What is written at a counter all day. */
static const MdAuditEntry entry = { .event = "submit",
                                    .staff = "S0001",
                                    .staff_name = "受付 花子",
                                    .department = "区民課 年金係",
                                    .reason = "101",
                                    .reason_text = "免除申請の受付",
                                    .subject = "0123456789abcdef0123456789abcdef",
                                    .object = "018f3a5c-0000-7000-8000-000000000001",
                                    .digest = "9f86d081884c7d659a2feaa0c55ad015"
                                              "a3bf4f1b2b0b822cd15d6c15b0f00a08",
                                    .detail = "try=1 held=0" };

static void
open_log (Log *log, const char *dir, guint records)
{
  log->records = records;
  log->path = g_strdup_printf ("%s/log-%u.db", dir, records);
  remove_database (log->path);
  log->db = md_db_open (log->path, MD_DB_READ_WRITE, NULL);
  require (log->db != NULL && md_audit_migrate (log->db, NULL));
  log->audit = md_audit_new (log->db, "139998", "T001", md_clock_get_system ());
  for (guint done = 0; done < records;)
    {
      MdDbTransaction *transaction = md_db_begin (log->db, NULL);

      for (guint end = MIN (done + 1000, records); done < end; done++)
        require (md_audit_append (log->audit, &entry, NULL));
      require (md_db_commit (transaction, NULL));
    }
  require (md_db_checkpoint (log->db, TRUE, NULL));
}

static void
measure_record (Log *log)
{
  g_autoptr (GPtrArray) list = md_audit_list (log->db, 0, 1, NULL);
  g_autoptr (GBytes) bytes = NULL;

  require (list != NULL && list->len == 1);
  bytes = md_audit_record_encode (g_ptr_array_index (list, 0));
  log->encoded = g_bytes_get_size (bytes);
}

static void
close_log (Log *log)
{
  md_audit_free (log->audit);
  md_db_close (log->db);
  remove_database (log->path);
  g_free (log->path);
}

/* Seconds. */
static double
read_through (Log *log)
{
  gint64 start = g_get_monotonic_time ();
  MdAuditReport report;

  require (md_audit_verify (log->db, &report, NULL) && report.verdict == MD_AUDIT_INTACT
           && report.count == log->records);
  return (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC;
}

/* As many hashes of as many bytes, each over the one before. Seconds. */
static double
chain_in_memory (const Log *log)
{
  g_autofree guint8 *record = g_malloc0 (log->encoded);
  EVP_MD *sha256 = EVP_MD_fetch (NULL, "SHA256", NULL);
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  gint64 start = g_get_monotonic_time ();
  gboolean good = TRUE;

  for (guint i = 0; i < log->records; i++)
    good = good && EVP_DigestInit_ex2 (context, sha256, NULL) == 1
           && EVP_DigestUpdate (context, record, log->encoded) == 1
           && EVP_DigestFinal_ex (context, record + log->encoded - 32, NULL) == 1;
  start = g_get_monotonic_time () - start;
  require (good);
  EVP_MD_CTX_free (context);
  EVP_MD_free (sha256);
  return (double)start / G_USEC_PER_SEC;
}

/* The most this process ever had in memory, MB. */
static double
peak (void)
{
  g_autofree char *text = NULL;
  const char *line;

  require (g_file_get_contents ("/proc/self/status", &text, NULL, NULL));
  line = strstr (text, "VmHWM:");
  require (line != NULL);
  return g_ascii_strtod (line + strlen ("VmHWM:"), NULL) / 1000;
}

static gboolean
measure_reading (const char *dir, guint many)
{
  Log logs[2] = { { 0 } };
  double reading[2][ROUNDS], chain[2][ROUNDS], each[2], ratio, before, used;
  const guint records[2] = { FEW, many };

  for (guint l = 0; l < 2; l++)
    {
      open_log (&logs[l], dir, records[l]);
      measure_record (&logs[l]);
    }
  before = peak ();
  for (guint i = 0; i < ROUNDS; i++)
    for (guint l = 0; l < 2; l++)
      {
        chain[l][i] = chain_in_memory (&logs[l]);
        reading[l][i] = read_through (&logs[l]);
      }
  used = peak () - before;
  for (guint l = 0; l < 2; l++)
    each[l] = median (reading[l], ROUNDS) / records[l];
  ratio = median (reading[1], ROUNDS) / median (chain[1], ROUNDS);
  printf (
      "%u records of %zu bytes read through in %.3f s; hashed in memory %.3f s; ratio %.2f (gate "
      "%.1f)\n",
      many, logs[1].encoded, median (reading[1], ROUNDS), median (chain[1], ROUNDS), ratio,
      VERIFY_GATE);
  printf ("each of them %.2f us, of %u %.2f us: %.2f (gate %.2f); %.1f MB of memory more (gate "
          "%.0f)\n",
          each[1] * 1e6, FEW, each[0] * 1e6, each[1] / each[0], GROWTH_GATE, used, MEMORY_GATE);
  close_log (&logs[0]);
  close_log (&logs[1]);
  return ratio <= VERIFY_GATE && each[1] / each[0] <= GROWTH_GATE && used <= MEMORY_GATE;
}

static sqlite3 *
open_bare (const char *path)
{
  sqlite3 *db = NULL;

  remove_database (path);
  require (sqlite3_open (path, &db) == SQLITE_OK
           && sqlite3_exec (db,
                            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                            "PRAGMA wal_autocheckpoint=0;"
                            "CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB NOT NULL)",
                            NULL, NULL, NULL)
                  == SQLITE_OK);
  return db;
}

static gboolean
measure_append (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, "bare.db", NULL);
  sqlite3 *bare = open_bare (path);
  sqlite3_stmt *insert = NULL;
  Log log = { 0 };
  static double ours[APPENDED], theirs[APPENDED];
  static const guint8 body[512];
  double ratio;

  open_log (&log, dir, 1);
  measure_record (&log);
  require (log.encoded <= sizeof body
           && sqlite3_prepare_v2 (bare, "INSERT INTO t (body) VALUES (?1)", -1, &insert, NULL)
                  == SQLITE_OK);
  for (guint i = 0; i < APPENDED + WARM_UP; i++)
    {
      gint64 start = g_get_monotonic_time ();

      require (sqlite3_bind_blob64 (insert, 1, body, log.encoded, SQLITE_STATIC) == SQLITE_OK
               && sqlite3_step (insert) == SQLITE_DONE && sqlite3_reset (insert) == SQLITE_OK);
      theirs[i % APPENDED] = (double)(g_get_monotonic_time () - start);
      start = g_get_monotonic_time ();
      require (md_audit_record_now (log.audit, &entry, NULL));
      ours[i % APPENDED] = (double)(g_get_monotonic_time () - start);
    }
  ratio = median (theirs, APPENDED) / median (ours, APPENDED);
  printf ("a record of its own %.0f us; bare insert of as many bytes %.0f us; ratio of the rates "
          "%.2f (gate %.1f)\n",
          median (ours, APPENDED), median (theirs, APPENDED), ratio, APPEND_GATE);
  sqlite3_finalize (insert);
  sqlite3_close (bare);
  remove_database (path);
  close_log (&log);
  return ratio >= APPEND_GATE;
}

int
main (int argc, char **argv)
{
  guint many = argc > 2 ? (guint)g_ascii_strtoull (argv[2], NULL, 10) : MANY;
  g_autofree char *dir = NULL;
  gboolean good;

  g_assert (argc > 1 && many > FEW);
  dir = g_build_filename (argv[1], "bench-log-XXXXXX", NULL);
  require (g_mkdtemp (dir) != NULL);
  good = measure_reading (dir, many);
  good = measure_append (dir) && good;
  (void)g_rmdir (dir);
  return good ? 0 : 1;
}
