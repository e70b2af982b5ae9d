// SPDX-License-Identifier: Apache-2.0
#include "md-pcsc-watcher.h"

#include "md-pcsc-worker.h"

// After a watch that failed, for another reason than a missing service or its rules: once in a row
// may be chance (readers came while they were counted), and nobody hears of it. After that it is
// told, with a pause before the next watch, and twice as long each time, up to the longest.
#define WATCH_ONCE_MORE_MS 200
#define WATCH_AGAIN_MS 2000
#define WATCH_AGAIN_MOST_MS (30 * 1000)

#define END_GRACE_USEC (G_USEC_PER_SEC / 4)

struct _MdPcscWatcher
{
  gatomicrefcount count; // one for the owner, one for each thread
  MdCardBackend *backend;
  GCancellable *stop;
  GMainContext *context;
  GWeakRef *pcsc; // read in the main context only
  GMutex mutex;
  GCond ended;
  gboolean running;
};

typedef struct
{
  GWeakRef *pcsc;
  MdCardSnapshot *snapshot;
} News;

static void
weak_ref_release (gpointer data)
{
  g_weak_ref_clear (data);
}

static void
watcher_unref (MdPcscWatcher *self)
{
  if (!g_atomic_ref_count_dec (&self->count))
    return;
  g_object_unref (self->backend);
  g_object_unref (self->stop);
  g_main_context_unref (self->context);
  g_atomic_rc_box_release_full (self->pcsc, weak_ref_release);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->ended);
  g_free (self);
}

static MdPcscWatcher *
watcher_ref (MdPcscWatcher *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

static void
news_free (gpointer data)
{
  News *news = data;
  g_atomic_rc_box_release_full (news->pcsc, weak_ref_release);
  md_card_snapshot_free (news->snapshot);
  g_free (news);
}

static gboolean
on_news (gpointer data)
{
  News *news = data;
  g_autoptr (MdPcsc) pcsc = g_weak_ref_get (news->pcsc);
  if (pcsc != NULL)
    _md_pcsc_apply (pcsc, news->snapshot);
  return G_SOURCE_REMOVE;
}

static void
tell (MdPcscWatcher *self, const MdCardSnapshot *snapshot)
{
  News *news = g_new0 (News, 1);
  news->pcsc = g_atomic_rc_box_acquire (self->pcsc);
  news->snapshot = md_card_snapshot_copy (snapshot);
  _md_pcsc_hand_over (self->context, on_news, news, news_free);
}

static void
sleep_or_stop (GCancellable *stop, guint told)
{
  const int pause = told == 0  ? WATCH_ONCE_MORE_MS
                    : told < 5 ? MIN (WATCH_AGAIN_MS << (told - 1), WATCH_AGAIN_MOST_MS)
                               : WATCH_AGAIN_MOST_MS;
  GPollFD fd;
  if (!g_cancellable_make_pollfd (stop, &fd))
    return;
  (void)g_poll (&fd, 1, pause);
  g_cancellable_release_fd (stop);
}

static void
tell_failure (MdPcscWatcher *self, gboolean forbidden)
{
  g_autoptr (MdCardSnapshot) nothing = md_card_snapshot_new (FALSE);
  nothing->forbidden = forbidden;
  tell (self, nothing);
}

static void
watch (MdPcscWatcher *self)
{
  g_autoptr (MdCardSnapshot) known = NULL;
  guint failures = 0; // in a row, and how many of them were told
  guint told = 0;
  while (!g_cancellable_is_cancelled (self->stop))
    {
      g_autoptr (GError) error = NULL;
      MdCardSnapshot *now = md_card_backend_watch (self->backend, known, self->stop, &error);
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        continue;
      gboolean forbidden = g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_PERMISSION);
      if (now != NULL)
        {
          tell (self, now);
          failures = told = 0;
        }
      else if (++failures > 1 || forbidden)
        {
          tell_failure (self, forbidden);
          told++;
        }
      if (now != NULL || told > 0)
        {
          g_clear_pointer (&known, md_card_snapshot_free);
          known = now;
        }
      if (now == NULL)
        sleep_or_stop (self->stop, told);
    }
}

static gpointer
watch_main (gpointer data)
{
  MdPcscWatcher *self = data;
  watch (self);
  g_mutex_lock (&self->mutex);
  self->running = FALSE;
  g_cond_broadcast (&self->ended);
  g_mutex_unlock (&self->mutex);
  watcher_unref (self);
  return NULL;
}

MdPcscWatcher *
_md_pcsc_watcher_new (MdCardBackend *backend, MdPcsc *pcsc, GMainContext *context)
{
  MdPcscWatcher *self = g_new0 (MdPcscWatcher, 1);
  g_atomic_ref_count_init (&self->count);
  self->backend = g_object_ref (backend);
  self->stop = g_cancellable_new ();
  self->context = g_main_context_ref (context);
  self->pcsc = g_atomic_rc_box_new0 (GWeakRef);
  g_weak_ref_init (self->pcsc, pcsc);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->ended);
  self->running = TRUE;
  g_thread_unref (g_thread_new ("card-watcher", watch_main, watcher_ref (self)));
  return self;
}

static gpointer
cancel_main (gpointer data)
{
  MdPcscWatcher *self = data;
  g_cancellable_cancel (self->stop);
  watcher_unref (self);
  return NULL;
}

// What ends the wait asks the service to end it (md-pcsc-system.c), and stays until it has: a
// service that hangs keeps it, and must not keep the caller.
void
_md_pcsc_watcher_cancel (MdPcscWatcher *self)
{
  g_thread_unref (g_thread_new ("card-watcher-end", cancel_main, watcher_ref (self)));
}

void
_md_pcsc_watcher_end (MdPcscWatcher *self)
{
  const gint64 end = g_get_monotonic_time () + END_GRACE_USEC;
  g_mutex_lock (&self->mutex);
  while (self->running && g_cond_wait_until (&self->ended, &self->mutex, end))
    ;
  g_mutex_unlock (&self->mutex);
  watcher_unref (self);
}
