// SPDX-License-Identifier: Apache-2.0
/* bench-counts DIR: what the service asks with every receipt, with 1,000 and with 100,000 items
 * that wait to be sent. Prints both medians and their ratio; fails above a ratio of 1.5. */
#include <stdio.h>
#include <stdlib.h>
#include <glib/gstdio.h>

#include "md-outbox.h"

#define FEW 1000u
#define MANY 100000u
#define ROUNDS 501
#define GATE 1.5

static MdOutbox *
make_outbox (const char *dir, guint items)
{
  g_autofree char *path = g_strdup_printf ("%s/counts-%u.db", dir, items);
  g_autofree char *fill = g_strdup_printf (
      "WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < %u)"
      " INSERT INTO intake (id, receipt_number, procedure, clerk, policy_version, time, "
      "monotonic_ns,"
      "  boot_id, nonce_state, state) SELECT i, i, 'p', 'S', 1, '', 0, '', 'absent', 'approved'"
      " FROM s;"
      "INSERT INTO outbox (intake, n, digest, size, state, created, due_ms)"
      " SELECT id, 1, '', 1, 'waiting', '', 0 FROM intake",
      items);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  MdDb *db;

  (void)g_unlink (path);
  (void)g_unlink (log);
  db = md_db_open (path, MD_DB_READ_WRITE, NULL);
  g_assert (db != NULL && md_audit_migrate (db, NULL) && md_outbox_migrate (db, NULL)
            && md_db_exec (db, fill, NULL));
  return md_outbox_new (db, md_audit_new (db, "139998", "T001", md_clock_get_system ()),
                        md_clock_get_system ());
}

/* Microseconds. */
static double
count (MdOutbox *outbox, guint items)
{
  gint64 start = g_get_monotonic_time ();
  MdOutboxCounts counts = { 0 };
  gboolean counted = TRUE;

  for (guint i = 0; i < 10; i++)
    counted = counted && md_outbox_count (outbox, &counts, NULL);
  g_assert (counted && counts.unsent == items);
  return (double)(g_get_monotonic_time () - start) / 10;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

int
main (int argc, char **argv)
{
  const char *dir = argc > 1 ? argv[1] : ".";
  MdOutbox *few = make_outbox (dir, FEW);
  MdOutbox *many = make_outbox (dir, MANY);
  static double times[2][ROUNDS];
  double ratio;

  for (guint i = 0; i < ROUNDS; i++)
    {
      times[0][i] = count (few, FEW);
      times[1][i] = count (many, MANY);
    }
  qsort (times[0], ROUNDS, sizeof times[0][0], compare);
  qsort (times[1], ROUNDS, sizeof times[1][0], compare);
  ratio = times[1][ROUNDS / 2] / times[0][ROUNDS / 2];
  printf ("counts of %u items: %.1f us; of %u: %.1f us; ratio %.2f, gate %.1f\n", FEW,
          times[0][ROUNDS / 2], MANY, times[1][ROUNDS / 2], ratio, GATE);
  return ratio <= GATE ? 0 : 1;
}
