// SPDX-License-Identifier: Apache-2.0
#include "md-card-backend.h"

#include "md-card-error.h"

G_DEFINE_INTERFACE (MdCardBackend, md_card_backend, G_TYPE_OBJECT)

static void
md_card_backend_default_init (MdCardBackendInterface *iface)
{
}

MdCardReaderState *
md_card_reader_state_new (const char *name, MdCardSlot slot, guint32 events)
{
  MdCardReaderState *state = g_new0 (MdCardReaderState, 1);
  state->name = g_strdup (name);
  state->slot = slot;
  state->events = events;
  return state;
}

void
md_card_reader_state_free (MdCardReaderState *state)
{
  if (state == NULL)
    return;
  g_free (state->name);
  g_free (state);
}

static void
reader_state_destroy (gpointer state)
{
  md_card_reader_state_free (state);
}

MdCardSnapshot *
md_card_snapshot_new (gboolean service)
{
  MdCardSnapshot *self = g_new0 (MdCardSnapshot, 1);
  self->service = service;
  self->readers = g_ptr_array_new_with_free_func (reader_state_destroy);
  return self;
}

const MdCardReaderState *
md_card_snapshot_find (const MdCardSnapshot *self, const char *reader)
{
  for (guint i = 0; i < self->readers->len; i++)
    {
      const MdCardReaderState *state = g_ptr_array_index (self->readers, i);
      if (g_str_equal (state->name, reader))
        return state;
    }
  return NULL;
}

MdCardSnapshot *
md_card_snapshot_copy (const MdCardSnapshot *self)
{
  MdCardSnapshot *copy = md_card_snapshot_new (self->service);
  copy->forbidden = self->forbidden;
  for (guint i = 0; i < self->readers->len; i++)
    {
      const MdCardReaderState *state = g_ptr_array_index (self->readers, i);
      MdCardReaderState *other = md_card_reader_state_new (state->name, state->slot, state->events);
      other->raw = state->raw;
      g_ptr_array_add (copy->readers, other);
    }
  return copy;
}

gboolean
md_card_snapshot_equal (const MdCardSnapshot *a, const MdCardSnapshot *b)
{
  if (a->service != b->service || a->forbidden != b->forbidden
      || a->readers->len != b->readers->len)
    return FALSE;
  for (guint i = 0; i < a->readers->len; i++)
    {
      const MdCardReaderState *one = g_ptr_array_index (a->readers, i);
      const MdCardReaderState *other = g_ptr_array_index (b->readers, i);
      if (!g_str_equal (one->name, other->name) || one->slot != other->slot
          || one->events != other->events)
        return FALSE;
    }
  return TRUE;
}

void
md_card_snapshot_free (MdCardSnapshot *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->readers);
  g_free (self);
}

GStrv
md_card_backend_list (MdCardBackend *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_CARD_BACKEND (self), NULL);
  return MD_CARD_BACKEND_GET_IFACE (self)->list (self, cancellable, error);
}

gboolean
md_card_backend_connect (MdCardBackend *self, const char *reader, MdCardLink *out_link,
                         GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_CARD_BACKEND (self), FALSE);
  return MD_CARD_BACKEND_GET_IFACE (self)->connect (self, reader, out_link, cancellable, error);
}

gboolean
md_card_backend_transmit (MdCardBackend *self, const MdCardLink *link, MdCardExchange *exchange,
                          GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_CARD_BACKEND (self), FALSE);
  return MD_CARD_BACKEND_GET_IFACE (self)->transmit (self, link, exchange, cancellable, error);
}

gboolean
md_card_backend_control (MdCardBackend *self, const MdCardLink *link, guint32 code,
                         MdCardExchange *exchange, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_CARD_BACKEND (self), FALSE);
  MdCardBackendInterface *iface = MD_CARD_BACKEND_GET_IFACE (self);
  if (iface->control != NULL)
    return iface->control (self, link, code, exchange, cancellable, error);
  md_card_error_set (error, MD_CARD_ERROR_UNSUPPORTED);
  return FALSE;
}

void
md_card_backend_disconnect (MdCardBackend *self, const MdCardLink *link)
{
  g_return_if_fail (MD_IS_CARD_BACKEND (self));
  MD_CARD_BACKEND_GET_IFACE (self)->disconnect (self, link);
}

gboolean
md_card_backend_answers (MdCardBackend *self)
{
  g_return_val_if_fail (MD_IS_CARD_BACKEND (self), FALSE);
  MdCardBackendInterface *iface = MD_CARD_BACKEND_GET_IFACE (self);
  return iface->answers == NULL || iface->answers (self);
}

MdCardSnapshot *
md_card_backend_watch (MdCardBackend *self, const MdCardSnapshot *known, GCancellable *cancellable,
                       GError **error)
{
  g_return_val_if_fail (MD_IS_CARD_BACKEND (self), NULL);
  return MD_CARD_BACKEND_GET_IFACE (self)->watch (self, known, cancellable, error);
}
