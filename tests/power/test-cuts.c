// SPDX-License-Identifier: Apache-2.0
/* The power goes while the outbox works, at every write and sync, and what the drive has kept by
 * then is opened again. */
#include <string.h>

#include "power-acts.h"
#include "power-judge.h"
#include "power-memory.h"

#define START_US (G_GINT64_CONSTANT (1795147200) * G_USEC_PER_SEC)
#define ACTS_OF_A_LIFE 40u
#define CUTS_IN_THE_CHECK 20000u

typedef struct
{
  const char *name;
  PowerModel model;
  gboolean sabotaged;
  gboolean normal;
} Setting;

typedef struct
{
  const Setting *setting;
  PowerRandom random;
  MdTestClock *clock;
  PowerDisk *template;
  PowerDisk *old;  /* as the first version of the outbox left it */
  PowerDisk *next; /* what the life after this one begins with, or NULL */
  GPtrArray *promises;
  Findings findings;
  guint lives;
  guint wanted;
  guint shown;
} Run;

static const PowerModel plain = { .sector = 512, .psow = TRUE };

static PowerDisk *
make_template (MdTestClock *clock)
{
  PowerDisk *disk = power_disk_new ("template", &plain, FALSE);
  g_autoptr (GError) error = NULL;
  Branch *branch = branch_open (disk, clock, 1, FALSE, &error);

  g_assert_no_error (error);
  branch_free (branch);
  return disk;
}

static PowerDisk *
make_old (void)
{
  PowerDisk *disk = power_disk_new ("old", &plain, FALSE);
  g_autofree char *path = power_disk_dup_path (disk, "terminal.db");
  g_autofree char *from
      = g_build_filename (g_getenv ("MADOGUCHI_SOURCE"), "tests", "outbox", "outbox-1.sql", NULL);
  g_autofree char *sql = NULL;
  g_autoptr (MdDb) db = md_db_open (path, MD_DB_READ_WRITE, NULL);

  g_assert_nonnull (db);
  g_assert_true (g_file_get_contents (from, &sql, NULL, NULL));
  g_assert_true (md_db_exec (db, sql, NULL));
  return disk;
}

/* A disk for the next life: of a terminal just installed, of one of the first version, of one that
 * works already, or of one that lost its power a moment ago. */
static PowerDisk *
begin_life (Run *run)
{
  const PowerModel *model = &run->setting->model;
  const guint dice = power_below (&run->random, 16);
  PowerDisk *disk;

  if (run->next != NULL && dice > 1)
    {
      disk = power_disk_copy (run->next, "life", model, TRUE);
      for (guint i = 0; i < run->promises->len; i++)
        power_disk_promise (disk, run->promises->pdata[i]);
      return disk;
    }
  if (dice == 0)
    return power_disk_new ("life", model, TRUE);
  if (dice == 1)
    return power_disk_copy (run->old, "life", model, TRUE);
  return power_disk_copy (run->template, "life", model, TRUE);
}

static void
show (Run *run, const Branch *branch, guint at, const char *why)
{
  if (run->shown++ < 3)
    g_test_message ("%s: life %u, cut at %u of %u: %s", run->setting->name, run->lives, at,
                    power_disk_now (branch->disk), why);
}

static void
cut_all (Run *run, const Branch *branch, PowerDisk *disk)
{
  const guint now = power_disk_now (disk);

  for (guint at = 1; at <= now && run->findings.cuts < run->wanted; at++)
    {
      g_autoptr (GPtrArray) promises = NULL;
      g_autofree char *why = NULL;
      g_autoptr (PowerDisk) left = power_disk_cut (disk, "left", at, run->lives, &promises);

      judge_cut (branch, left, promises, at, &run->findings, &why);
      if (why != NULL)
        show (run, branch, at, why);
    }
}

/* The next life goes on from a cut of this one, every second time; not where the disk is none to
 * rely on. */
static void
end_life (Run *run, PowerDisk *disk)
{
  const guint at = 1 + power_below (&run->random, power_disk_now (disk));

  g_clear_pointer (&run->next, power_disk_free);
  g_clear_pointer (&run->promises, g_ptr_array_unref);
  if (!run->setting->sabotaged && power_below (&run->random, 2) == 0)
    run->next = power_disk_cut (disk, "next", at, run->lives, &run->promises);
}

static void
live (Run *run)
{
  g_autoptr (PowerDisk) disk = begin_life (run);
  g_autoptr (GError) error = NULL;
  Branch *branch = branch_open (disk, run->clock, run->random.state, run->setting->normal, &error);

  g_assert_no_error (error);
  run->lives++;
  for (guint i = 0; i < ACTS_OF_A_LIFE; i++)
    acts_any (branch);
  branch_stop (branch);
  cut_all (run, branch, disk);
  branch_free (branch);
  end_life (run, disk);
}

static Findings
run_setting (const Setting *setting, guint cuts, guint64 seed)
{
  Run run = { .setting = setting, .random = { seed }, .wanted = cuts };

  power_random_seed (seed);
  run.clock = md_test_clock_new (START_US);
  run.template = make_template (run.clock);
  run.old = make_old ();
  while (run.findings.cuts < cuts)
    live (&run);
  power_disk_free (run.template);
  power_disk_free (run.old);
  power_disk_free (run.next);
  g_clear_pointer (&run.promises, g_ptr_array_unref);
  g_object_unref (run.clock);
  g_print ("power: %s: %u cuts in %u lives, %u lost, %u doubled, %u half, %u damaged, %u left on "
           "the disk\n",
           setting->name, run.findings.cuts, run.lives, run.findings.of[FOUND_LOST],
           run.findings.of[FOUND_DOUBLED], run.findings.of[FOUND_HALF],
           run.findings.of[FOUND_DAMAGED], run.findings.of[FOUND_LEFT]);
  return run.findings;
}

static guint n_cuts = CUTS_IN_THE_CHECK;
static guint64 first_seed = 1;
static Findings total;

static void
test_holds (gconstpointer data)
{
  const Findings findings = run_setting (data, n_cuts / 2, first_seed);

  total.cuts += findings.cuts;
  for (guint i = FOUND_WELL + 1; i < N_FOUND; i++)
    total.of[i] += findings.of[i];
  for (guint i = FOUND_WELL + 1; i < N_FOUND; i++)
    g_assert_cmpuint (findings.of[i], ==, 0);
}

static void
test_is_found (gconstpointer data)
{
  const Findings findings = run_setting (data, 1000, 1);

  g_assert_cmpuint (findings.of[FOUND_LOST], >, 0);
}

static const Setting honest[] = {
  { .name = "small-sectors", .model = { .sector = 512, .psow = TRUE, .garbage = 30 } },
  { .name = "no-powersafe-overwrite", .model = { .sector = 4096, .psow = FALSE, .garbage = 30 } },
};

/* Each must be seen. The last one is SQLite as it comes, on a drive without powersafe overwrite:
 * why md_db_open() asks for psow=0. */
static const Setting sabotages[] = {
  { .name = "synchronous-normal",
    .model = { .sector = 512, .psow = TRUE },
    .sabotaged = TRUE,
    .normal = TRUE },
  { .name = "syncs-lie",
    .model = { .sector = 512, .psow = TRUE, .syncs_lie = TRUE },
    .sabotaged = TRUE },
  { .name = "powersafe-overwrite-believed",
    .model = { .sector = 4096, .psow = FALSE, .garbage = 30, .says_psow = TRUE },
    .sabotaged = TRUE },
};

static guint64
number_of (const char *variable, guint64 otherwise)
{
  const char *text = g_getenv (variable);

  return text != NULL ? g_ascii_strtoull (text, NULL, 10) : otherwise;
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  power_memory_install ();
  power_disk_install ();
  n_cuts = (guint)number_of ("MADOGUCHI_CUTS", CUTS_IN_THE_CHECK);
  first_seed = number_of ("MADOGUCHI_CUTS_SEED", 1);
  for (gsize i = 0; i < G_N_ELEMENTS (honest); i++)
    {
      g_autofree char *path = g_strdup_printf ("/power/cuts/%s", honest[i].name);

      g_test_add_data_func (path, &honest[i], test_holds);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (sabotages); i++)
    {
      g_autofree char *path = g_strdup_printf ("/power/sabotage/%s", sabotages[i].name);

      g_test_add_data_func (path, &sabotages[i], test_is_found);
    }
  status = g_test_run ();
  g_print ("power: %u cuts, %u lost, %u doubled\n", total.cuts,
           total.of[FOUND_LOST] + total.of[FOUND_HALF] + total.of[FOUND_DAMAGED],
           total.of[FOUND_DOUBLED]);
  return status;
}
