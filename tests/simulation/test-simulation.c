// SPDX-License-Identifier: Apache-2.0
/* Many runs of a ward in trouble, and a few of one that is broken on purpose: README.md. */
#include <errno.h>
#include <stdlib.h>

#include "power-memory.h"
#include "sim.h"

#define RUNS 2000
#define SABOTAGE_RUNS 200
#define SAME_RUNS 20
#define FIRST_SEED 1
#define ENOUGH_RUNS 1000

static SimWard ward;

static guint64
read_number (const char *name, guint64 otherwise)
{
  const char *text = g_getenv (name);
  guint64 number = otherwise;

  if (text != NULL)
    g_assert_true (g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT64, &number, NULL));
  return number;
}

static void
add_counts (SimCounts *sum, const SimCounts *run)
{
  guint64 *to = (guint64 *)sum;
  const guint64 *from = (const guint64 *)run;

  for (guint i = 0; i < sizeof *sum / sizeof *to; i++)
    to[i] += from[i];
}

static void
test_runs (void)
{
  const guint64 runs = read_number ("MADOGUCHI_SIMULATIONS", RUNS);
  const guint64 first = read_number ("MADOGUCHI_SIMULATION_SEED", FIRST_SEED);
  SimCounts sum = { 0 };
  guint64 bad = 0;

  for (guint64 i = 0; i < runs; i++)
    {
      g_autoptr (Sim) sim = sim_run (&ward, first + i, SIM_SOUND);

      add_counts (&sum, &sim->counts);
      if (sim->trouble->len == 0)
        continue;
      bad++;
      g_printerr ("seed %" G_GUINT64_FORMAT ":\n%s", sim->seed, sim->trouble->str);
    }
  g_print ("# simulation: %" G_GUINT64_FORMAT " runs, %" G_GUINT64_FORMAT
           " stored, %" G_GUINT64_FORMAT " cuts, %" G_GUINT64_FORMAT
           " disk faults, %" G_GUINT64_FORMAT " requests lost, %" G_GUINT64_FORMAT
           " answers lost, %" G_GUINT64_FORMAT " altered, %" G_GUINT64_FORMAT
           " chunks, %" G_GUINT64_FORMAT " repeated, %" G_GUINT64_FORMAT
           " clocks set, %" G_GUINT64_FORMAT " disks put back, %" G_GUINT64_FORMAT
           " ledgers put back, %" G_GUINT64_FORMAT " numbers foreign, %" G_GUINT64_FORMAT
           " set aside, %" G_GUINT64_FORMAT " bad\n",
           runs, sum.stored, sum.cuts, sum.faults, sum.lost_requests, sum.lost_answers, sum.altered,
           sum.chunks, sum.repeated, sum.jumps, sum.restored, sum.ledgers_restored, sum.foreign,
           sum.set_aside, bad);
  g_assert_cmpuint (bad, ==, 0);
  {
    /* What never happened shows nothing. Where no one lies nothing is to be set aside, and where
     * somebody does, little. */
    const guint64 seen[] = { sum.stored,       sum.cuts,    sum.faults,   sum.lost_requests,
                             sum.lost_answers, sum.altered, sum.refused,  sum.chunks,
                             sum.repeated,     sum.jumps,   sum.restored, sum.ledgers_restored,
                             sum.foreign };

    for (guint i = 0; runs >= ENOUGH_RUNS && i < G_N_ELEMENTS (seen); i++)
      g_assert_cmpuint (seen[i], >, 0);
  }
}

/* One seed is one run. */
static void
test_same (void)
{
  for (guint64 seed = 1; seed <= SAME_RUNS; seed++)
    {
      g_autoptr (Sim) first = sim_run (&ward, seed, SIM_SOUND);
      g_autofree char *trace = g_strdup (sim_get_trace (first));
      g_autoptr (Sim) second = NULL;

      g_clear_pointer (&first, sim_free);
      second = sim_run (&ward, seed, SIM_SOUND);
      g_assert_cmpstr (sim_get_trace (second), ==, trace);
    }
}

static void
test_sabotage (gconstpointer data)
{
  const SimSabotage sabotage = (SimSabotage)GPOINTER_TO_UINT (data);
  guint found = 0;

  for (guint64 seed = 1; seed <= SABOTAGE_RUNS && found == 0; seed++)
    {
      g_autoptr (Sim) sim = sim_run (&ward, seed, sabotage);

      found += sim->trouble->len > 0 ? 1 : 0;
      if (found > 0)
        g_test_message ("seed %" G_GUINT64_FORMAT ": %s", seed, sim->trouble->str);
    }
  g_assert_cmpuint (found, >, 0);
}

/* What the programs say is no news here. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  return level <= G_LOG_LEVEL_WARNING ? g_log_writer_default (level, fields, n_fields, user_data)
                                      : G_LOG_WRITER_HANDLED;
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (write_log, NULL, NULL);
  sim_ward_set_up (&ward);
  power_memory_install ();
  power_disk_install ();
  g_test_add_func ("/simulation/same", test_same);
  g_test_add_func ("/simulation/runs", test_runs);
  g_test_add_data_func ("/simulation/sabotage/gateway-drive", GUINT_TO_POINTER (SIM_GATEWAY_DRIVE),
                        test_sabotage);
  g_test_add_data_func ("/simulation/sabotage/terminal-drive",
                        GUINT_TO_POINTER (SIM_TERMINAL_DRIVE), test_sabotage);
  g_test_add_data_func ("/simulation/sabotage/any-receipt", GUINT_TO_POINTER (SIM_ANY_RECEIPT),
                        test_sabotage);
  g_test_add_data_func ("/simulation/sabotage/untold", GUINT_TO_POINTER (SIM_UNTOLD),
                        test_sabotage);
  status = g_test_run ();
  sim_disk_forget_templates ();
  sim_ward_tear_down (&ward);
  return status;
}
