// SPDX-License-Identifier: Apache-2.0
/* Clocks and chance of a run, in place of the machine's (linked by --wrap). */
#include <openssl/rand.h>

#include "sim.h"

Sim *sim_running;

static gint64 wait_until = -1;

gint64 __real_g_get_real_time (void);
gint64 __wrap_g_get_real_time (void);
gint64 __real_g_get_monotonic_time (void);
gint64 __wrap_g_get_monotonic_time (void);
MdClock *__real_md_clock_get_system (void);
MdClock *__wrap_md_clock_get_system (void);
gboolean __real_g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time);
gboolean __wrap_g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time);
MdDbCheckpointer *__wrap_md_db_checkpointer_start (const char *path, GError **error);
void __wrap_md_db_checkpointer_stop (MdDbCheckpointer *self);

/* Whose clock is looked at. */
static MdClock *
clock_of (const Sim *sim)
{
  return MD_CLOCK (sim->acting != NULL ? sim->acting->clock : sim->gateway.clock);
}

gint64
__wrap_g_get_real_time (void)
{
  return sim_running != NULL ? md_clock_get_wall_us (clock_of (sim_running))
                             : __real_g_get_real_time ();
}

gint64
__wrap_g_get_monotonic_time (void)
{
  return sim_running != NULL ? sim_running->now * G_TIME_SPAN_MILLISECOND
                             : __real_g_get_monotonic_time ();
}

MdClock *
__wrap_md_clock_get_system (void)
{
  return sim_running != NULL ? clock_of (sim_running) : __real_md_clock_get_system ();
}

/* The engine waits: its turn is over. */
gboolean
__wrap_g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time)
{
  if (sim_running == NULL)
    return __real_g_cond_wait_until (cond, mutex, end_time);
  wait_until = end_time / G_TIME_SPAN_MILLISECOND;
  return FALSE;
}

gint64
sim_time_take_wait (void)
{
  const gint64 until = wait_until;

  wait_until = -1;
  return until;
}

/* The log is moved in turns of the run, and not by a thread of its own. */
MdDbCheckpointer *
__wrap_md_db_checkpointer_start (const char *path, GError **error)
{
  return NULL;
}

void
__wrap_md_db_checkpointer_stop (MdDbCheckpointer *self)
{
}

/* --- Chance --- */

static int
give_bytes (unsigned char *data, int size)
{
  power_random_fill (data, (gsize)size);
  return 1;
}

static int
give_status (void)
{
  return 1;
}

void
sim_time_seed (guint64 seed)
{
  static const RAND_METHOD method
      = { .bytes = give_bytes, .pseudorand = give_bytes, .status = give_status };

  power_random_seed (seed);
  g_random_set_seed ((guint32)(seed ^ (seed >> 32)));
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  g_assert_cmpint (RAND_set_rand_method (&method), ==, 1);
  G_GNUC_END_IGNORE_DEPRECATIONS
}
