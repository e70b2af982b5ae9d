// SPDX-License-Identifier: Apache-2.0
#include "pcsc-fixture.h"

static void fake_backend_iface_init (MdCardBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeBackend, fake_backend, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (MD_TYPE_CARD_BACKEND,
                                                      fake_backend_iface_init))

static void
fake_backend_finalize (GObject *object)
{
  FakeBackend *self = FAKE_BACKEND (object);
  md_card_snapshot_free (self->world);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  G_OBJECT_CLASS (fake_backend_parent_class)->finalize (object);
}

static void
fake_backend_class_init (FakeBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_backend_finalize;
}

static void
fake_backend_init (FakeBackend *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->world = md_card_snapshot_new (FALSE);
}

static GStrv
fake_list (MdCardBackend *backend, GCancellable *cancellable, GError **error)
{
  return g_new0 (char *, 1);
}

static gboolean
fake_connect (MdCardBackend *backend, const char *reader, MdCardLink *out_link,
              GCancellable *cancellable, GError **error)
{
  FakeBackend *self = FAKE_BACKEND (backend);
  g_mutex_lock (&self->mutex);
  gboolean meant = self->hang_on == NULL || g_str_equal (reader, self->hang_on);
  self->hanging |= self->hang && meant;
  while (self->hang && meant)
    g_cond_wait (&self->changed, &self->mutex);
  self->hanging &= !meant;
  const MdCardReaderState *state = md_card_snapshot_find (self->world, reader);
  gboolean present = state != NULL && state->slot == MD_CARD_SLOT_PRESENT;
  if (present)
    {
      self->connected++;
      *out_link = (MdCardLink){ .events = state->events };
    }
  else
    md_card_error_set (error, state == NULL ? MD_CARD_ERROR_NO_READER : MD_CARD_ERROR_NO_CARD);
  g_mutex_unlock (&self->mutex);
  return present;
}

static gboolean
fake_transmit (MdCardBackend *backend, const MdCardLink *link, MdCardExchange *exchange,
               GCancellable *cancellable, GError **error)
{
  exchange->response[0] = 0x90;
  exchange->response[1] = 0x00;
  exchange->response_length = 2;
  return TRUE;
}

static gboolean
fake_answers (MdCardBackend *backend)
{
  FakeBackend *self = FAKE_BACKEND (backend);
  g_mutex_lock (&self->mutex);
  while (self->silent)
    g_cond_wait (&self->changed, &self->mutex);
  gboolean answers = !self->gone;
  g_mutex_unlock (&self->mutex);
  return answers;
}

static void
fake_disconnect (MdCardBackend *backend, const MdCardLink *link)
{
  FakeBackend *self = FAKE_BACKEND (backend);
  g_mutex_lock (&self->mutex);
  self->connected--;
  g_mutex_unlock (&self->mutex);
}

static void
wake (GCancellable *cancellable, FakeBackend *self)
{
  g_mutex_lock (&self->mutex);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

static MdCardSnapshot *
fake_watch (MdCardBackend *backend, const MdCardSnapshot *known, GCancellable *cancellable,
            GError **error)
{
  FakeBackend *self = FAKE_BACKEND (backend);
  gulong handler = g_cancellable_connect (cancellable, G_CALLBACK (wake), self, NULL);
  g_mutex_lock (&self->mutex);
  self->watches++;
  if (self->forbidden)
    {
      g_mutex_unlock (&self->mutex);
      g_cancellable_disconnect (cancellable, handler);
      md_card_error_set (error, MD_CARD_ERROR_NO_PERMISSION);
      return NULL;
    }
  while (known != NULL && md_card_snapshot_equal (known, self->world) && self->failing == 0
         && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait (&self->changed, &self->mutex);
  MdCardSnapshot *now = self->failing == 0 ? md_card_snapshot_copy (self->world) : NULL;
  if (now == NULL)
    {
      self->failing--;
      self->failed = self->watches;
    }
  g_mutex_unlock (&self->mutex);
  g_cancellable_disconnect (cancellable, handler);
  if (now == NULL)
    md_card_error_set (error, MD_CARD_ERROR_FAILED);
  if (now != NULL && g_cancellable_set_error_if_cancelled (cancellable, error))
    g_clear_pointer (&now, md_card_snapshot_free);
  return now;
}

static void
fake_backend_iface_init (MdCardBackendInterface *iface)
{
  iface->list = fake_list;
  iface->connect = fake_connect;
  iface->transmit = fake_transmit;
  iface->disconnect = fake_disconnect;
  iface->watch = fake_watch;
  iface->answers = fake_answers;
}

static void
on_inserted (MdPcsc *pcsc, MdCardReader *reader, Fixture *f)
{
  g_string_append_printf (f->log, "+%c", md_card_reader_get_name (reader)[7]);
}

static void
on_removed (MdPcsc *pcsc, MdCardReader *reader, Fixture *f)
{
  g_string_append_printf (f->log, "-%c", md_card_reader_get_name (reader)[7]);
}

static void
on_state (MdPcsc *pcsc, GParamSpec *pspec, Fixture *f)
{
  g_string_append_printf (f->log, "s%u", md_pcsc_get_state (pcsc));
}

void
setup (Fixture *f, gconstpointer data)
{
  f->backend = g_object_new (FAKE_TYPE_BACKEND, NULL);
  f->pcsc = md_pcsc_new_for_backend (MD_CARD_BACKEND (f->backend));
  f->log = g_string_new (NULL);
  g_signal_connect (f->pcsc, "card-inserted", G_CALLBACK (on_inserted), f);
  g_signal_connect (f->pcsc, "card-removed", G_CALLBACK (on_removed), f);
  g_signal_connect (f->pcsc, "notify::state", G_CALLBACK (on_state), f);
}

void
teardown (Fixture *f, gconstpointer data)
{
  md_pcsc_stop (f->pcsc);
  g_assert_finalize_object (f->pcsc);
  g_object_unref (f->backend);
  g_string_free (f->log, TRUE);
}

void
set_world (Fixture *f, const char *text)
{
  g_autoptr (MdCardSnapshot) world = md_card_snapshot_new (text != NULL);
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", ",", -1);
  for (gsize i = 0; parts[i] != NULL && parts[i][0] != '\0'; i++)
    {
      const char *name = parts[i][0] == 'A' ? RESIDENT : STAFF;
      guint32 events = (guint32)(parts[i][1] - '0');
      MdCardSlot slot = parts[i][1] == '-' ? MD_CARD_SLOT_AWAY
                        : events % 2 == 1  ? MD_CARD_SLOT_PRESENT
                                           : MD_CARD_SLOT_EMPTY;
      g_ptr_array_add (world->readers, md_card_reader_state_new (name, slot, events + 1));
    }
  g_mutex_lock (&f->backend->mutex);
  md_card_snapshot_free (f->backend->world);
  f->backend->world = g_steal_pointer (&world);
  g_cond_broadcast (&f->backend->changed);
  g_mutex_unlock (&f->backend->mutex);
}

void
await_log (Fixture *f, const char *expected)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;
  while (!g_str_equal (f->log->str, expected) && g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  g_assert_cmpstr (f->log->str, ==, expected);
}
