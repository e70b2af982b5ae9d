// SPDX-License-Identifier: Apache-2.0
#include "md-pcsc-private.h"

struct _MdPcscContexts
{
  GMutex mutex;
  GArray *idle; // SCARDCONTEXT
};

MdPcscContexts *
md_pcsc_contexts_new (void)
{
  MdPcscContexts *self = g_new0 (MdPcscContexts, 1);
  g_mutex_init (&self->mutex);
  self->idle = g_array_new (FALSE, FALSE, sizeof (SCARDCONTEXT));
  return self;
}

LONG
md_pcsc_contexts_take (MdPcscContexts *self, SCARDCONTEXT *out_context)
{
  g_mutex_lock (&self->mutex);
  const guint count = self->idle->len;
  if (count > 0)
    {
      *out_context = g_array_index (self->idle, SCARDCONTEXT, count - 1);
      g_array_set_size (self->idle, count - 1);
    }
  g_mutex_unlock (&self->mutex);
  return count > 0 ? SCARD_S_SUCCESS
                   : SCardEstablishContext (SCARD_SCOPE_SYSTEM, NULL, NULL, out_context);
}

// Not under the lock: a service that hangs keeps whoever tells it something.
static void
release_idle (MdPcscContexts *self)
{
  g_mutex_lock (&self->mutex);
  g_autoptr (GArray) idle = self->idle;
  self->idle = g_array_new (FALSE, FALSE, sizeof (SCARDCONTEXT));
  g_mutex_unlock (&self->mutex);
  for (guint i = 0; i < idle->len; i++)
    SCardReleaseContext (g_array_index (idle, SCARDCONTEXT, i));
}

void
md_pcsc_contexts_give_back (MdPcscContexts *self, SCARDCONTEXT context, gboolean lost)
{
  if (lost)
    {
      SCardReleaseContext (context);
      release_idle (self);
      return;
    }
  g_mutex_lock (&self->mutex);
  g_array_append_val (self->idle, context);
  g_mutex_unlock (&self->mutex);
}

void
md_pcsc_contexts_free (MdPcscContexts *self)
{
  release_idle (self);
  g_array_unref (self->idle);
  g_mutex_clear (&self->mutex);
  g_free (self);
}
