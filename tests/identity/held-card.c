// SPDX-License-Identifier: Apache-2.0
#include "held-card.h"

#include <string.h>

struct _HeldCard
{
  GObject parent_instance;

  VcCard *card;
  VcFault fault;
  guint at;
  guint commands;
  gboolean gone;
};

static void held_card_iface_init (MdCardBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (HeldCard, held_card, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (MD_TYPE_CARD_BACKEND, held_card_iface_init))

static void
held_card_finalize (GObject *object)
{
  vc_card_free (HELD_CARD (object)->card);
  G_OBJECT_CLASS (held_card_parent_class)->finalize (object);
}

static void
held_card_class_init (HeldCardClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = held_card_finalize;
}

static void
held_card_init (HeldCard *self)
{
}

static GStrv
held_card_list (MdCardBackend *backend, GCancellable *cancellable, GError **error)
{
  GStrv names = g_new0 (char *, 2);
  names[0] = g_strdup (HELD_READER);
  return names;
}

static gboolean
held_card_connect (MdCardBackend *backend, const char *reader, MdCardLink *out_link,
                   GCancellable *cancellable, GError **error)
{
  HeldCard *self = HELD_CARD (backend);
  vc_card_power (self->card);
  self->commands = 0;
  self->gone = FALSE;
  *out_link = (MdCardLink){ .events = 1 };
  return TRUE;
}

static gboolean
fail (HeldCard *self, MdCardError code, GError **error)
{
  self->gone = code == MD_CARD_ERROR_REMOVED;
  md_card_error_set (error, code);
  return FALSE;
}

static GBytes *
work_on (HeldCard *self, const VcFault *fault, const MdCardExchange *exchange)
{
  if (fault->kind == VC_FAULT_SW)
    {
      guint8 sw[2] = { (guint8)(fault->value >> 8), (guint8)fault->value };
      return g_bytes_new (sw, sizeof sw);
    }
  if (fault->kind == VC_FAULT_RESET)
    vc_card_reset (self->card);
  g_autoptr (GBytes) answer
      = vc_card_transmit (self->card, exchange->command, exchange->command_length, NULL);
  return vc_fault_spoil (fault, answer);
}

static gboolean
held_card_transmit (MdCardBackend *backend, const MdCardLink *link, MdCardExchange *exchange,
                    GCancellable *cancellable, GError **error)
{
  static const VcFault nothing = { .kind = VC_FAULT_NONE };
  HeldCard *self = HELD_CARD (backend);
  self->commands++;
  const VcFault *fault = self->commands == self->at ? &self->fault : &nothing;
  if (self->gone || fault->kind == VC_FAULT_REMOVE)
    return fail (self, MD_CARD_ERROR_REMOVED, error);
  if (fault->kind == VC_FAULT_MUTE)
    return fail (self, MD_CARD_ERROR_TIMEOUT, error);
  g_autoptr (GBytes) answer = work_on (self, fault, exchange);
  if (fault->kind == VC_FAULT_REMOVE_AFTER)
    return fail (self, MD_CARD_ERROR_REMOVED, error);
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (answer, &length);
  g_assert_cmpuint (length, <=, exchange->response_size);
  memcpy (exchange->response, data, length);
  exchange->response_length = length;
  return TRUE;
}

static void
held_card_disconnect (MdCardBackend *backend, const MdCardLink *link)
{
  vc_card_power (HELD_CARD (backend)->card);
}

static MdCardSnapshot *
held_card_watch (MdCardBackend *backend, const MdCardSnapshot *known, GCancellable *cancellable,
                 GError **error)
{
  md_card_error_set (error, MD_CARD_ERROR_UNSUPPORTED);
  return NULL;
}

static void
held_card_iface_init (MdCardBackendInterface *iface)
{
  iface->list = held_card_list;
  iface->connect = held_card_connect;
  iface->transmit = held_card_transmit;
  iface->disconnect = held_card_disconnect;
  iface->watch = held_card_watch;
}

HeldCard *
held_card_new (const char *dir)
{
  g_autoptr (GError) error = NULL;
  HeldCard *self = g_object_new (HELD_TYPE_CARD, NULL);
  self->card = vc_card_new (dir, &error);
  g_assert_no_error (error);
  return self;
}

void
held_card_set_fault (HeldCard *self, const VcFault *fault, guint at)
{
  self->at = fault != NULL ? at : 0;
  if (fault != NULL)
    self->fault = *fault;
}

guint
held_card_get_commands (HeldCard *self)
{
  return self->commands;
}

MdCardConnection *
held_card_open (HeldCard *self)
{
  g_autoptr (GError) error = NULL;
  MdCardConnection *connection
      = md_card_connection_open (MD_CARD_BACKEND (self), HELD_READER, NULL, &error);
  g_assert_no_error (error);
  return connection;
}
