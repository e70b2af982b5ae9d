// SPDX-License-Identifier: Apache-2.0
/* bench-growth DIR [ROWS]...: the queue of a terminal that grows: storing and giving out an item
 * with few, 1,000 and 100,000 in front of it (or as many as named); how often an act waits for the
 * disk; bytes on the disk for each item; storing while others are acknowledged and erased, and what
 * the file then grows. Fails above its bars. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <glib/gstdio.h>

#include "md-outbox.h"

#define SIZE 20480      /* of what is stored */
#define FRONT_SIZE 1024 /* of what waits already */
#define FEW 600         /* as many as are claimed */
#define ROUNDS 500
#define WARM_UP 20
#define ITEMS 1000 /* of the measure of bytes, and of what is erased */
#define MAX_QUEUES 5
#define LEASE_MS 600000

#define STORE_GATE(rows) ((rows) > 100000 ? 1.5 : (rows) > 1000 ? 1.3 : 1.2)
#define CLAIM_GATE 1.5
#define SYNC_GATE 1.10
#define BYTES_GATE 1.25
#define ERASING_GATE 3.0
#define GROWN_GATE 1.10

typedef struct
{
  guint rows;
  char *path;
  MdDb *db;
  MdAudit *audit;
  MdOutbox *outbox;
  MdDbCheckpointer *checkpointer;
  double *store; /* ROUNDS of each, microseconds */
  double *claim;
} Queue;

/* --- How often the disk is waited for --- */

static pthread_t acting;
static guint syncs; /* of the thread that acts; a checkpoint waits in its own */

/* In the place of the C library's: SQLite finds these first. */
int
fdatasync (int fd)
{
  if (pthread_equal (pthread_self (), acting))
    syncs++;
  return (int)syscall (SYS_fdatasync, fd);
}

int
fsync (int fd)
{
  if (pthread_equal (pthread_self (), acting))
    syncs++;
  return (int)syscall (SYS_fsync, fd);
}

/* --- Queues --- */

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

static void
fill (MdDb *db, guint rows)
{
  g_autofree char *body = g_strnfill (FRONT_SIZE, 'a');
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, body, FRONT_SIZE);
  g_autofree char *sql = g_strdup_printf (
      "BEGIN;"
      "CREATE TEMP TABLE s (i INTEGER PRIMARY KEY);"
      "WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < %u)"
      " INSERT INTO s SELECT i FROM c;"
      "INSERT INTO intake (id, receipt_number, procedure, clerk, policy_version, time,"
      "  monotonic_ns, boot_id, nonce_state, state)"
      " SELECT printf ('00000000-0000-7000-8000-%%012d', i), 'n' || i, 'pension.exemption',"
      "  'S0001', 1, '2026-11-21T05:30:00.123Z', 0, 'bench', 'absent', 'received' FROM s;"
      "INSERT INTO outbox (intake, n, digest, size, state, created, due_ms)"
      " SELECT printf ('00000000-0000-7000-8000-%%012d', i), 1, '%s', %d, 'waiting',"
      "  '2026-11-21T05:30:00.123Z', 0 FROM s;"
      "INSERT INTO payload (item, body) SELECT seq, CAST ('%s' AS BLOB) FROM outbox;"
      "DROP TABLE s;"
      "COMMIT",
      rows, digest, FRONT_SIZE, body);

  require (md_db_exec (db, sql, NULL) && md_db_checkpoint (db, TRUE, NULL));
}

static void
open_queue (Queue *queue, const char *dir, guint rows)
{
  queue->rows = rows;
  queue->store = g_new0 (double, ROUNDS);
  queue->claim = g_new0 (double, ROUNDS);
  queue->path = g_strdup_printf ("%s/growth-%u.db", dir, rows);
  remove_database (queue->path);
  queue->db = md_db_open (queue->path, MD_DB_READ_WRITE, NULL);
  require (queue->db != NULL && md_audit_migrate (queue->db, NULL)
           && md_outbox_migrate (queue->db, NULL));
  if (rows > 0)
    fill (queue->db, rows);
  queue->audit = md_audit_new (queue->db, "139998", "T001", md_clock_get_system ());
  queue->outbox = md_outbox_new (queue->db, queue->audit, md_clock_get_system ());
  require (md_outbox_set_pool (queue->outbox, 1, 1, 999999, NULL));
  queue->checkpointer = md_db_checkpointer_start (queue->path, NULL);
  require (queue->checkpointer != NULL);
}

static void
close_queue (Queue *queue)
{
  md_db_checkpointer_stop (queue->checkpointer);
  md_outbox_free (queue->outbox);
  md_audit_free (queue->audit);
  md_db_close (queue->db);
  remove_database (queue->path);
  g_free (queue->path);
  g_free (queue->store);
  g_free (queue->claim);
}

static GBytes *
random_body (gsize size)
{
  guint8 *data = g_malloc (size);

  md_random_fill (data, size);
  return g_bytes_new_take (data, size);
}

/* Microseconds. The number is reserved before. */
static double
store (MdOutbox *outbox, char **out_intake)
{
  const MdOutboxReserve reserve = {
    .procedure = "pension.exemption", .clerk = "S0001", .policy_version = 1, .nonce_state = "absent"
  };
  const MdAuditEntry entry
      = { .event = "submit", .staff = "S0001", .staff_name = "受付 花子", .department = "区民課" };
  g_autoptr (GBytes) body = random_body (SIZE);
  g_autoptr (MdOutboxIntake) intake = md_outbox_reserve (outbox, &reserve, &entry, NULL);
  MdOutboxSubmission submission
      = { .container = body, .manifest_sha256 = "00", .signature_sha256 = "00" };
  gint64 start;

  require (intake != NULL);
  submission.id = intake->id;
  syncs = 0;
  start = g_get_monotonic_time ();
  require (md_outbox_submit (outbox, &submission, &entry, NULL));
  start = g_get_monotonic_time () - start;
  if (out_intake != NULL)
    *out_intake = g_steal_pointer (&intake->id);
  return (double)start;
}

/* Microseconds; the item goes to the end of the queue, not to come again. */
static double
claim (MdOutbox *outbox)
{
  g_autoptr (MdOutboxItem) item = NULL;
  gint64 start = g_get_monotonic_time ();

  require (md_outbox_claim (outbox, MD_OUTBOX_FRESH, LEASE_MS, &item, NULL) && item != NULL);
  start = g_get_monotonic_time () - start;
  require (md_outbox_put_back (outbox, item, LEASE_MS, FALSE, "bench", NULL));
  return (double)start;
}

static int
compare (const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

/* The value below which PART of them lie, 0 to 1. */
static double
quantile (double *values, guint n, double part)
{
  qsort (values, n, sizeof *values, compare);
  return values[MIN (n - 1, (guint)(part * n))];
}

/* --- What is measured --- */

static gboolean
measure_growth (const char *dir, const guint *rows, guint n)
{
  Queue *queues = g_new0 (Queue, n);
  gboolean good = TRUE;
  double base_store, base_claim;

  for (guint q = 0; q < n; q++)
    open_queue (&queues[q], dir, rows[q]);
  for (guint i = 0; i < ROUNDS + WARM_UP; i++)
    for (guint q = 0; q < n; q++)
      {
        queues[q].claim[i % ROUNDS] = claim (queues[q].outbox);
        queues[q].store[i % ROUNDS] = store (queues[q].outbox, NULL);
      }
  base_store = quantile (queues[0].store, ROUNDS, 0.5);
  base_claim = quantile (queues[0].claim, ROUNDS, 0.5);
  for (guint q = 0; q < n; q++)
    {
      double stored = quantile (queues[q].store, ROUNDS, 0.5);
      double claimed = quantile (queues[q].claim, ROUNDS, 0.5);
      gboolean fits
          = stored / base_store <= STORE_GATE (rows[q]) && claimed / base_claim <= CLAIM_GATE;

      printf (
          "%7u items wait: stored in %.0f us, %.2f (gate %.1f); given out in %.1f us, %.2f (gate "
          "%.1f)\n",
          rows[q], stored, stored / base_store, STORE_GATE (rows[q]), claimed, claimed / base_claim,
          CLAIM_GATE);
      good = good && fits;
      close_queue (&queues[q]);
    }
  g_free (queues);
  return good;
}

static void
decide (MdOutbox *outbox, const char *id)
{
  g_autoptr (GBytes) body = random_body (2048);
  const MdAuditEntry entry = { .event = "decide", .staff = "S0101" };
  const MdOutboxDecision decision = { .id = id,
                                      .n = 2,
                                      .state = MD_INTAKE_APPROVED,
                                      .officer = "S0101",
                                      .reason_code = "",
                                      .body = body,
                                      .signature_sha256 = "cc" };

  syncs = 0;
  require (md_outbox_decide (outbox, &decision, &entry, NULL));
}

static gboolean
acknowledge (MdOutbox *outbox, guint64 sequence)
{
  g_autoptr (MdOutboxItem) item = NULL;
  g_autoptr (GBytes) receipt = random_body (1024);
  const MdOutboxReceipt given
      = { .receipt = receipt, .sequence = sequence, .time = "2026-11-21T05:31:00.000Z" };
  gboolean erased = FALSE;

  require (md_outbox_claim (outbox, MD_OUTBOX_FRESH, LEASE_MS, &item, NULL) && item != NULL);
  syncs = 0;
  require (md_outbox_acknowledge (outbox, item, &given, &erased, NULL));
  return erased;
}

static gboolean
print_syncs (const char *what, double each)
{
  printf ("%s waits for the disk %.2f times (gate %.2f)\n", what, each, SYNC_GATE);
  return each <= SYNC_GATE;
}

/* Until the log is in the database; bytes of the file. */
static double
size_of (Queue *queue)
{
  struct stat info;

  require (md_db_checkpoint (queue->db, TRUE, NULL) && stat (queue->path, &info) == 0);
  return (double)info.st_size;
}

typedef struct
{
  const char *path;
  gint erased;
} Erasing;

/* The delivery engine's side: a connection, a log and an outbox of its own. */
static gpointer
erase_all (gpointer data)
{
  Erasing *erasing = data;
  g_autoptr (MdDb) db = md_db_open (erasing->path, MD_DB_READ_WRITE, NULL);
  MdAudit *audit = md_audit_new (db, "139998", "T001", md_clock_get_system ());
  MdOutbox *outbox = md_outbox_new (db, audit, md_clock_get_system ());

  for (guint i = 0; i < 2 * ITEMS; i++)
    if (acknowledge (outbox, i + 1))
      g_atomic_int_inc (&erasing->erased);
  md_outbox_free (outbox);
  md_audit_free (audit);
  return NULL;
}

static gboolean
measure_erasing (Queue *queue)
{
  g_autofree double *alone = g_new0 (double, ITEMS / 2);
  g_autofree double *beside = g_new0 (double, ITEMS / 2);
  Erasing erasing = { .path = queue->path };
  double full, before, after, again;
  gint64 start;
  GThread *thread;
  guint n = 0;

  for (guint i = 0; i < ITEMS / 2; i++)
    alone[i] = store (queue->outbox, NULL);
  start = g_get_monotonic_time ();
  thread = g_thread_new ("erasing", erase_all, &erasing);
  while (n < ITEMS / 2)
    {
      beside[n++] = store (queue->outbox, NULL);
      if (g_atomic_int_get (&erasing.erased) == ITEMS)
        break;
    }
  g_thread_join (thread);
  start = g_get_monotonic_time () - start;
  require (erasing.erased == ITEMS);
  before = quantile (alone, ITEMS / 2, 0.99);
  after = quantile (beside, n, 0.99);
  printf ("%d acknowledged and erased in %.2f s; stored meanwhile: p99 %.0f us, alone %.0f us: "
          "%.2f (gate %.1f)\n",
          ITEMS, (double)start / G_USEC_PER_SEC, after, before, after / before, ERASING_GATE);
  /* The room of ITEMS is free now, and as many come again. */
  full = size_of (queue);
  for (guint i = 0; i < ITEMS; i++)
    (void)store (queue->outbox, NULL);
  again = size_of (queue);
  printf ("the file has %.1f MB with what was erased, %.1f MB after as many came again: %.2f (gate "
          "%.2f)\n",
          full / 1e6, again / 1e6, again / full, GROWN_GATE);
  return after / before <= ERASING_GATE && again / full <= GROWN_GATE;
}

static gboolean
measure_one (const char *dir)
{
  g_autoptr (GPtrArray) intakes = g_ptr_array_new_with_free_func (g_free);
  Queue queue = { 0 };
  guint stored = 0, decided = 0;
  double bytes;
  gboolean good;

  open_queue (&queue, dir, 0);
  for (guint i = 0; i < ITEMS; i++)
    {
      char *id = NULL;

      (void)store (queue.outbox, &id);
      stored += syncs;
      g_ptr_array_add (intakes, id);
    }
  bytes = size_of (&queue) / ((double)ITEMS * SIZE);
  printf ("%.2f bytes on the disk for each byte stored, with number, state and log (gate %.2f)\n",
          bytes, BYTES_GATE);
  for (guint i = 0; i < ITEMS; i++)
    {
      decide (queue.outbox, g_ptr_array_index (intakes, i));
      decided += syncs;
    }
  good = print_syncs ("a submission", (double)stored / ITEMS);
  good = print_syncs ("an approval", (double)decided / ITEMS) && good;
  good = measure_erasing (&queue) && good;
  close_queue (&queue);
  return good && bytes <= BYTES_GATE;
}

/* Two receipts for each: the second erases. */
static gboolean
measure_receipts (const char *dir)
{
  Queue queue = { 0 };
  guint total = 0;

  open_queue (&queue, dir, 0);
  for (guint i = 0; i < ROUNDS; i++)
    {
      g_autofree char *id = NULL;

      (void)store (queue.outbox, &id);
      decide (queue.outbox, id);
      (void)acknowledge (queue.outbox, 2 * i + 1);
      total += syncs;
      require (acknowledge (queue.outbox, 2 * i + 2));
      total += syncs;
    }
  close_queue (&queue);
  return print_syncs ("a receipt", (double)total / (2 * ROUNDS));
}

int
main (int argc, char **argv)
{
  guint rows[MAX_QUEUES] = { FEW, 1000, 100000 };
  guint n = 3;
  g_autofree char *dir = NULL;
  gboolean good;

  g_assert (argc > 1 && argc - 2 < MAX_QUEUES);
  for (int i = 2; i < argc; i++)
    rows[n = (guint)i - 1] = (guint)g_ascii_strtoull (argv[i], NULL, 10);
  if (argc > 2)
    n++;
  acting = pthread_self ();
  dir = g_build_filename (argv[1], "bench-growth-XXXXXX", NULL);
  require (g_mkdtemp (dir) != NULL);
  good = measure_growth (dir, rows, n);
  good = measure_receipts (dir) && good;
  good = measure_one (dir) && good;
  (void)g_rmdir (dir);
  return good ? 0 : 1;
}
