// SPDX-License-Identifier: Apache-2.0
/* The disks of a run: tests/power, with a life after each cut. */
#include "sim.h"

#define FAULT_WITHIN 40u

static PowerDisk *templates[2];

const PowerModel *
sim_disk_model (const Sim *sim, gboolean of_gateway)
{
  static const PowerModel sound = { .sector = 4096, .psow = FALSE, .garbage = 30 };
  static const PowerModel lying = { .sector = 4096, .garbage = 30, .syncs_lie = TRUE };

  return sim->sabotage == (of_gateway ? SIM_GATEWAY_DRIVE : SIM_TERMINAL_DRIVE) ? &lying : &sound;
}

static PowerDisk *
make_template (gboolean of_gateway)
{
  static const PowerModel model = { .sector = 4096 };
  PowerDisk *disk = power_disk_new (of_gateway ? "new-gateway" : "new-terminal", &model, FALSE);
  g_autofree char *path = power_disk_dup_path (disk, of_gateway ? "ledger.db" : "terminal.db");
  g_autoptr (GError) error = NULL;

  if (of_gateway)
    {
      const MdLedgerUse use = { .writable = TRUE, .office = "", .place = "gateway" };
      g_autofree char *address = g_strconcat ("sqlite:", path, NULL);
      g_autoptr (MdLedger) ledger = md_ledger_open (address, &use, &error);

      g_assert_no_error (error);
    }
  else
    {
      MdDb *db = md_db_open (path, MD_DB_READ_WRITE, &error);

      g_assert_no_error (error);
      g_assert_true (md_audit_migrate (db, &error) && md_outbox_migrate (db, &error));
      md_db_close (db);
    }
  return disk;
}

PowerDisk *
sim_disk_new (Sim *sim, const char *name, gboolean of_gateway)
{
  PowerDisk **place = &templates[of_gateway ? 1 : 0];

  if (*place == NULL)
    *place = make_template (of_gateway);
  return power_disk_copy (*place, name, sim_disk_model (sim, of_gateway), TRUE);
}

void
sim_disk_forget_templates (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (templates); i++)
    g_clear_pointer (&templates[i], power_disk_free);
}

PowerDisk *
sim_disk_cut (Sim *sim, PowerDisk *disk, const char *name, guint *life, guint at)
{
  g_autofree char *next = g_strdup_printf ("%s-%u", name, ++*life);
  g_autoptr (GPtrArray) promises = NULL;
  g_autoptr (PowerDisk) left
      = power_disk_cut (disk, "left", at, power_random (&sim->random), &promises);
  const gboolean of_gateway = g_str_has_prefix (name, "gateway");

  sim->counts.cuts++;
  return power_disk_copy (left, next, sim_disk_model (sim, of_gateway), TRUE);
}

void
sim_disk_trouble (Sim *sim, PowerDisk *disk)
{
  static const PowerFault faults[] = { POWER_FAULT_IO, POWER_FAULT_FULL };

  sim->counts.faults++;
  power_disk_fail (disk, power_disk_calls (disk) + power_below (&sim->random, FAULT_WITHIN),
                   faults[power_below (&sim->random, G_N_ELEMENTS (faults))], sim_chance (sim, 30));
}

void
sim_disk_calm (PowerDisk *disk)
{
  power_disk_fail (disk, G_MAXUINT, POWER_FAULT_NONE, FALSE);
}
