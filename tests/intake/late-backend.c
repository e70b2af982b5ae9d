// SPDX-License-Identifier: Apache-2.0
#include "late-backend.h"

#include <md-pcsc.h>

struct _LateBackend
{
  GObject parent_instance;

  MdCardBackend *real;
  GMutex mutex;
  GCond changed;
  gboolean held;
  gboolean forbidden;
};

static void late_backend_iface_init (MdCardBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LateBackend, late_backend, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (MD_TYPE_CARD_BACKEND,
                                                      late_backend_iface_init))

static void
late_backend_finalize (GObject *object)
{
  LateBackend *self = LATE_BACKEND (object);

  g_object_unref (self->real);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  G_OBJECT_CLASS (late_backend_parent_class)->finalize (object);
}

static void
late_backend_class_init (LateBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = late_backend_finalize;
}

static void
late_backend_init (LateBackend *self)
{
  self->real = MD_CARD_BACKEND (md_pcsc_backend_new ());
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
}

LateBackend *
late_backend_new (void)
{
  return g_object_new (LATE_TYPE_BACKEND, NULL);
}

void
late_backend_hold_news (LateBackend *self, gboolean hold)
{
  g_mutex_lock (&self->mutex);
  self->held = hold;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

void
late_backend_forbid (LateBackend *self, gboolean forbid)
{
  g_mutex_lock (&self->mutex);
  self->forbidden = forbid;
  g_mutex_unlock (&self->mutex);
}

static gboolean
is_forbidden (LateBackend *self)
{
  gboolean forbidden;

  g_mutex_lock (&self->mutex);
  forbidden = self->forbidden;
  g_mutex_unlock (&self->mutex);
  return forbidden;
}

/* Whether anything was held back. */
static gboolean
wait_for_release (LateBackend *self, GCancellable *cancellable)
{
  gboolean late = FALSE;

  g_mutex_lock (&self->mutex);
  while (self->held && !g_cancellable_is_cancelled (cancellable))
    {
      late = TRUE;
      g_cond_wait_until (&self->changed, &self->mutex,
                         g_get_monotonic_time () + G_USEC_PER_SEC / 10);
    }
  g_mutex_unlock (&self->mutex);
  return late;
}

static MdCardSnapshot *
late_watch (MdCardBackend *backend, const MdCardSnapshot *known, GCancellable *cancellable,
            GError **error)
{
  LateBackend *self = LATE_BACKEND (backend);
  MdCardSnapshot *now
      = is_forbidden (self) ? NULL : md_card_backend_watch (self->real, known, cancellable, error);

  if (is_forbidden (self))
    {
      g_clear_pointer (&now, md_card_snapshot_free);
      g_clear_error (error);
      md_card_error_set (error, MD_CARD_ERROR_NO_PERMISSION);
      return NULL;
    }
  if (!now || !wait_for_release (self, cancellable))
    return now;
  md_card_snapshot_free (now);
  return md_card_backend_watch (self->real, NULL, cancellable, error);
}

static GStrv
late_list (MdCardBackend *backend, GCancellable *cancellable, GError **error)
{
  return md_card_backend_list (LATE_BACKEND (backend)->real, cancellable, error);
}

static gboolean
late_connect (MdCardBackend *backend, const char *reader, MdCardLink *out_link,
              GCancellable *cancellable, GError **error)
{
  return md_card_backend_connect (LATE_BACKEND (backend)->real, reader, out_link, cancellable,
                                  error);
}

static gboolean
late_transmit (MdCardBackend *backend, const MdCardLink *link, MdCardExchange *exchange,
               GCancellable *cancellable, GError **error)
{
  return md_card_backend_transmit (LATE_BACKEND (backend)->real, link, exchange, cancellable,
                                   error);
}

static void
late_disconnect (MdCardBackend *backend, const MdCardLink *link)
{
  md_card_backend_disconnect (LATE_BACKEND (backend)->real, link);
}

static void
late_backend_iface_init (MdCardBackendInterface *iface)
{
  iface->list = late_list;
  iface->connect = late_connect;
  iface->transmit = late_transmit;
  iface->disconnect = late_disconnect;
  iface->watch = late_watch;
}
