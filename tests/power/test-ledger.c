// SPDX-License-Identifier: Apache-2.0
/* What the gateway's ledger keeps when the power goes twice: the second time while it goes on with
 * what the first cut has left of its log. */
#include <md-ledger.h>
#include <string.h>

#include "power-disk.h"
#include "power-memory.h"

#define FIRST_ITEMS 4
#define LATER_ITEMS 2
#define FIRST_CUTS 60
#define VARIANTS 3

static GBytes *
make_receipt (const MdLedgerEntry *entry, gpointer user_data, GError **error)
{
  return g_bytes_new (entry->intake, strlen (entry->intake));
}

static MdLedger *
open_ledger (PowerDisk *disk, gboolean writable)
{
  const MdLedgerUse use = { .writable = writable, .office = "139998", .place = "gateway" };
  g_autofree char *path = power_disk_dup_path (disk, "ledger.db");
  g_autofree char *address = g_strconcat ("sqlite:", path, NULL);
  g_autoptr (GError) error = NULL;
  MdLedger *ledger = md_ledger_open (address, &use, &error);

  g_assert_no_error (error);
  return ledger;
}

/* The promise to the terminal is its receipt. */
static void
put (MdLedger *ledger, PowerDisk *disk, guint number)
{
  g_autofree char *intake = g_strdup_printf ("intake-%u", number);
  g_autoptr (GBytes) body = g_bytes_new_take (g_strnfill (700, 'b'), 700);
  g_autoptr (GBytes) receipt = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (MdLedgerEntry) entry = md_ledger_entry_new ();

  entry->intake = g_strdup (intake);
  entry->n = 1;
  entry->digest = g_strdup_printf ("%064u", number);
  entry->received = g_strdup ("2026-11-20T10:00:00+09:00");
  entry->office = g_strdup ("139998");
  entry->terminal = g_strdup ("T001");
  entry->receipt_number = g_strdup_printf ("T001-%u", number);
  entry->procedure = g_strdup ("p");
  entry->officer = g_strdup ("S0001");
  entry->policy_digest = g_strdup ("");
  entry->nonce = g_strdup ("");
  g_assert_cmpint (md_ledger_put (ledger, entry, body, make_receipt, NULL, &receipt, &error), ==,
                   MD_LEDGER_PUT_CREATED);
  g_assert_no_error (error);
  power_disk_promise (disk, intake);
}

static guint
count_lost (PowerDisk *left, const GPtrArray *promises)
{
  g_autoptr (MdLedger) ledger = open_ledger (left, TRUE);
  guint lost = 0;

  for (guint i = 0; i < promises->len; i++)
    {
      g_autoptr (MdLedgerEntry) entry = md_ledger_look_up (ledger, promises->pdata[i], 1, NULL);

      lost += entry == NULL ? 1 : 0;
    }
  return lost;
}

/* Goes on with what the first cut has left, and is cut off again at each place. */
static guint
live_on (PowerDisk *left, const GPtrArray *promises, const PowerModel *model, guint64 variant)
{
  g_autoptr (PowerDisk) disk = power_disk_copy (left, "again", model, TRUE);
  g_autoptr (MdLedger) ledger = NULL;
  guint lost = 0, now;

  for (guint i = 0; i < promises->len; i++)
    power_disk_promise (disk, promises->pdata[i]);
  ledger = open_ledger (disk, TRUE);
  for (guint i = 0; i < LATER_ITEMS; i++)
    put (ledger, disk, 100 + i);
  now = power_disk_now (disk);
  for (guint at = 1; at <= now; at++)
    {
      g_autoptr (GPtrArray) kept = NULL;
      g_autoptr (PowerDisk) rest = power_disk_cut (disk, "rest", at, variant, &kept);

      lost += count_lost (rest, kept);
    }
  return lost;
}

/* On a drive that may spoil the rest of the sector that it writes to. */
static void
test_twice (void)
{
  const PowerModel model = { .sector = 4096, .psow = FALSE, .garbage = 30 };
  g_autoptr (PowerDisk) disk = NULL;
  g_autoptr (MdLedger) ledger = NULL;
  guint lost = 0, now, from;

  power_random_seed (1);
  disk = power_disk_new ("first", &model, TRUE);
  ledger = open_ledger (disk, TRUE);
  from = power_disk_now (disk);
  for (guint i = 0; i < FIRST_ITEMS; i++)
    put (ledger, disk, i);
  now = power_disk_now (disk);
  g_assert_cmpuint (now, >, from);
  for (guint i = 0; i < FIRST_CUTS; i++)
    {
      const guint at = from + (now - from) * i / FIRST_CUTS;
      g_autoptr (GPtrArray) promises = NULL;
      g_autoptr (PowerDisk) left = power_disk_cut (disk, "left", at, i % VARIANTS, &promises);

      lost += live_on (left, promises, &model, i);
    }
  g_test_message ("lost: %u", lost);
  g_assert_cmpuint (lost, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  power_memory_install ();
  power_disk_install ();
  g_test_add_func ("/power/ledger/twice", test_twice);
  return g_test_run ();
}
