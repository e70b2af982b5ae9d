// SPDX-License-Identifier: Apache-2.0
#include "mishap-watch.h"

#include <stdio.h>
#include <unistd.h>

struct _MishapWatch
{
  GMutex mutex;
  GCond changed;
  GThread *thread;
  gboolean over;
  gint64 limit_usec;
  gboolean exits;
  MishapNameFunc name; // NULL: nothing is watched
  gconstpointer data;
  gint64 since;
};

static gint64
took (const MishapWatch *self)
{
  return g_get_monotonic_time () - self->since;
}

static void
give_up (MishapWatch *self)
{
  g_autofree char *name = self->name (self->data);
  g_print ("WRONG %s: not over after %" G_GINT64_FORMAT " s of the machine's own time\n", name,
           took (self) / G_USEC_PER_SEC);
  (void)fflush (stdout);
  _exit (1);
}

// Looks once in each limit, so that nobody needs to be woken for a cell that ends.
static gpointer
watch_main (gpointer data)
{
  MishapWatch *self = data;
  g_mutex_lock (&self->mutex);
  while (!self->over)
    {
      (void)g_cond_wait_until (&self->changed, &self->mutex,
                               g_get_monotonic_time () + self->limit_usec);
      if (self->name != NULL && self->exits && took (self) > self->limit_usec)
        give_up (self);
    }
  g_mutex_unlock (&self->mutex);
  return NULL;
}

MishapWatch *
mishap_watch_new (void)
{
  MishapWatch *self = g_new0 (MishapWatch, 1);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->limit_usec = MISHAP_WATCH_MSEC * G_GINT64_CONSTANT (1000);
  self->exits = TRUE;
  self->thread = g_thread_new ("watch", watch_main, self);
  return self;
}

void
mishap_watch_free (MishapWatch *self)
{
  g_mutex_lock (&self->mutex);
  self->over = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->mutex);
  g_thread_join (self->thread);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  g_free (self);
}

void
mishap_watch_set_limit (MishapWatch *self, guint msec, gboolean exits)
{
  g_mutex_lock (&self->mutex);
  self->limit_usec = (gint64)msec * 1000;
  self->exits = exits;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->mutex);
}

void
mishap_watch_begin (MishapWatch *self, MishapNameFunc name, gconstpointer data)
{
  g_mutex_lock (&self->mutex);
  self->name = name;
  self->data = data;
  self->since = g_get_monotonic_time ();
  g_mutex_unlock (&self->mutex);
}

gboolean
mishap_watch_end (MishapWatch *self)
{
  g_mutex_lock (&self->mutex);
  self->name = NULL;
  const gboolean in_time = took (self) <= self->limit_usec;
  g_mutex_unlock (&self->mutex);
  return in_time;
}
