// SPDX-License-Identifier: Apache-2.0
/* The order of events: a day with trouble, then one without until nothing waits. */
#include <stdarg.h>
#include <stdio.h>

#include "sim.h"

#define DAY_MS (45 * 60 * G_GINT64_CONSTANT (1000))
#define HEALED_MS (32 * DAY_MS)

gboolean
sim_chance (Sim *sim, guint percent)
{
  return power_below (&sim->random, 100) < percent;
}

gint64
sim_between (Sim *sim, gint64 least, gint64 most)
{
  return least + power_below (&sim->random, (guint)(most - least + 1));
}

void
sim_pass (Sim *sim, gint64 ms)
{
  if (ms <= 0)
    return;
  sim->now += ms;
  md_test_clock_advance_us (sim->gateway.clock, ms * G_TIME_SPAN_MILLISECOND);
  for (guint i = 0; i < sim->n_terminals; i++)
    md_test_clock_advance_us (sim->terminals[i].clock, ms * G_TIME_SPAN_MILLISECOND);
}

void
sim_tell (Sim *sim, const char *format, ...)
{
  static int tells = -1;
  char text[256];
  va_list arguments;

  va_start (arguments, format);
  (void)g_vsnprintf (text, sizeof text, format, arguments);
  va_end (arguments);
  g_checksum_update (sim->trace, (const guchar *)&sim->now, sizeof sim->now);
  g_checksum_update (sim->trace, (const guchar *)text, -1);
  if (tells < 0)
    tells = g_getenv ("MADOGUCHI_SIMULATION_TELL") != NULL ? 1 : 0;
  if (tells > 0)
    fprintf (stderr, "%9.3f %s\n", (double)sim->now / 1000, text);
}

const char *
sim_get_trace (Sim *sim)
{
  return g_checksum_get_string (sim->trace);
}

static void
made_free (gpointer data)
{
  SimMade *made = data;

  g_free (made->intake);
  g_free (made->digest);
  g_free (made->number);
  g_free (made);
}

/* --- Events --- */

/* Whoever is next: a terminal's place, or one of these. */
#define THE_GATEWAY SIM_TERMINALS
#define THE_LINE (SIM_TERMINALS + 1)

static gint64
find_next (const Sim *sim, guint *out_who)
{
  gint64 next = sim_gateway_next (sim);

  *out_who = THE_GATEWAY;
  for (guint i = 0; i < sim->n_terminals; i++)
    if (sim_terminal_next (&sim->terminals[i]) < next)
      {
        next = sim_terminal_next (&sim->terminals[i]);
        *out_who = i;
      }
  if (sim_line_next (sim) < next)
    {
      next = sim_line_next (sim);
      *out_who = THE_LINE;
    }
  return next;
}

static void
go_on (Sim *sim)
{
  guint who = 0;
  const gint64 next = find_next (sim, &who);

  sim_pass (sim, next - sim->now);
  if (who == THE_GATEWAY)
    sim_gateway_go_on (sim);
  else if (who == THE_LINE)
    sim_line_go_on (sim);
  else
    sim_terminal_go_on (&sim->terminals[who]);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
heal (Sim *sim)
{
  sim->healed = TRUE;
  sim_gateway_heal (sim);
  for (guint i = 0; i < sim->n_terminals; i++)
    sim_terminal_heal (&sim->terminals[i]);
  sim_tell (sim, "healed");
}

static gboolean
is_quiet (Sim *sim)
{
  for (guint i = 0; i < sim->n_terminals; i++)
    if (!sim_terminal_is_idle (&sim->terminals[i]))
      return FALSE;
  return sim->gateway.office != NULL && sim->late->len == 0;
}

Sim *
sim_run (const SimWard *ward, guint64 seed, SimSabotage sabotage)
{
  Sim *sim = g_new0 (Sim, 1);

  sim_time_seed (seed);
  sim->ward = ward;
  sim->sabotage = sabotage;
  sim->seed = seed;
  sim->random.state = seed;
  sim->trace = g_checksum_new (G_CHECKSUM_SHA1);
  sim->trouble = g_string_new (NULL);
  sim->made = g_ptr_array_new_with_free_func (made_free);
  sim_line_init (sim);
  sim_gateway_init (&sim->gateway, sim);
  sim_running = sim;
  sim->is_honest = sim_chance (sim, 50);
  sim->restores = sim_chance (sim, 40) || sabotage == SIM_UNTOLD;
  sim->restores = sim->restores && sim->is_honest;
  sim->forgets = sim_chance (sim, 40) && sim->is_honest && !sim->restores;
  sim->n_terminals = 1 + power_below (&sim->random, SIM_TERMINALS);
  for (guint i = 0; i < sim->n_terminals; i++)
    sim_terminal_init (&sim->terminals[i], sim, i + 1);
  while (sim->now < DAY_MS)
    go_on (sim);
  heal (sim);
  while (sim->now < HEALED_MS && !is_quiet (sim))
    go_on (sim);
  sim_judge (sim);
  return sim;
}

void
sim_free (Sim *sim)
{
  if (sim == NULL)
    return;
  for (guint i = 0; i < sim->n_terminals; i++)
    sim_terminal_clear (&sim->terminals[i]);
  sim_gateway_clear (&sim->gateway);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  sim_running = NULL;
  g_ptr_array_unref (sim->made);
  g_ptr_array_unref (sim->late);
  g_checksum_free (sim->trace);
  g_string_free (sim->trouble, TRUE);
  g_free (sim);
}
