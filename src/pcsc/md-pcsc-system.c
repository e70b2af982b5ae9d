// SPDX-License-Identifier: Apache-2.0
#include "md-pcsc-backend.h"
#include "md-pcsc-private.h"

#include <string.h>
#include <unistd.h>

#define CANCEL_AGAIN_USEC 10000

struct _MdPcscWait
{
  SCARDCONTEXT context;
  GCancellable *cancellable;
  gulong handler;
  GMutex mutex;
  GCond ended;
  gboolean waiting;
};

// Runs in the thread that cancels; stays until the waiting call is back.
static void
on_cancelled (GCancellable *cancellable, gpointer data)
{
  MdPcscWait *self = data;
  g_mutex_lock (&self->mutex);
  while (self->waiting)
    {
      SCardCancel (self->context);
      g_cond_wait_until (&self->ended, &self->mutex, g_get_monotonic_time () + CANCEL_AGAIN_USEC);
    }
  g_mutex_unlock (&self->mutex);
}

MdPcscWait *
md_pcsc_wait_new (SCARDCONTEXT context, GCancellable *cancellable)
{
  MdPcscWait *self = g_new0 (MdPcscWait, 1);
  self->context = context;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->ended);
  if (cancellable != NULL)
    {
      self->cancellable = g_object_ref (cancellable);
      self->handler = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), self, NULL);
    }
  return self;
}

gboolean
md_pcsc_wait_is_cancelled (MdPcscWait *self)
{
  return g_cancellable_is_cancelled (self->cancellable);
}

gboolean
md_pcsc_wait_begin (MdPcscWait *self)
{
  g_mutex_lock (&self->mutex);
  self->waiting = TRUE;
  g_mutex_unlock (&self->mutex);
  // Cancelled before: its handler found nobody waiting. Cancelled from here on: the handler finds
  // us.
  if (!md_pcsc_wait_is_cancelled (self))
    return TRUE;
  md_pcsc_wait_end (self);
  return FALSE;
}

void
md_pcsc_wait_end (MdPcscWait *self)
{
  g_mutex_lock (&self->mutex);
  self->waiting = FALSE;
  g_cond_broadcast (&self->ended);
  g_mutex_unlock (&self->mutex);
}

void
md_pcsc_wait_detach (MdPcscWait *self)
{
  if (self->handler != 0)
    g_cancellable_disconnect (self->cancellable, self->handler);
  self->handler = 0;
}

void
md_pcsc_wait_free (MdPcscWait *self)
{
  if (self == NULL)
    return;
  md_pcsc_wait_detach (self);
  g_clear_object (&self->cancellable);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->ended);
  g_free (self);
}

// Whether the program of a /proc folder has the PC/SC client library mapped.
static gboolean
uses_pcsc (const char *pid)
{
  g_autofree char *path = g_build_filename ("/proc", pid, "maps", NULL);
  g_autofree char *maps = NULL;
  return g_file_get_contents (path, &maps, NULL, NULL) && strstr (maps, "/libpcsclite.so") != NULL;
}

char *
md_pcsc_name_other_programs (void)
{
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *self = g_strdup_printf ("%d", (int)getpid ());
  if (proc == NULL)
    return NULL;
  for (const char *pid = g_dir_read_name (proc); pid != NULL; pid = g_dir_read_name (proc))
    {
      if (!g_ascii_isdigit (pid[0]) || g_str_equal (pid, self) || !uses_pcsc (pid))
        continue;
      g_autofree char *path = g_build_filename ("/proc", pid, "comm", NULL);
      g_autofree char *name = NULL;
      if (!g_file_get_contents (path, &name, NULL, NULL))
        continue;
      g_strchomp (name);
      if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
        g_ptr_array_add (names, g_steal_pointer (&name));
    }
  if (names->len == 0)
    return NULL;
  g_ptr_array_add (names, NULL);
  return g_strjoinv (", ", (char **)names->pdata);
}
