// SPDX-License-Identifier: Apache-2.0
#include "vcard-backend.h"

#include <string.h>

#include <vc-card.h>

struct _VcardBackend
{
  GObject parent_instance;

  VcCard *card;
  VcFault fault;
  guint at; /* 0: nothing goes wrong */
  guint commands;
  gboolean gone;
};

static void backend_iface_init (MdCardBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (VcardBackend, vcard_backend, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (MD_TYPE_CARD_BACKEND, backend_iface_init))

static void
vcard_backend_finalize (GObject *object)
{
  vc_card_free (VCARD_BACKEND (object)->card);
  G_OBJECT_CLASS (vcard_backend_parent_class)->finalize (object);
}

static void
vcard_backend_class_init (VcardBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vcard_backend_finalize;
}

static void
vcard_backend_init (VcardBackend *self)
{
}

VcardBackend *
vcard_backend_new (const char *dir)
{
  VcardBackend *self = g_object_new (VCARD_TYPE_BACKEND, NULL);
  g_autoptr (GError) error = NULL;

  self->card = vc_card_new (dir, &error);
  g_assert_no_error (error);
  return self;
}

static GStrv
backend_list (MdCardBackend *backend, GCancellable *cancellable, GError **error)
{
  return g_strsplit (VCARD_READER, " ", -1);
}

static gboolean
backend_connect (MdCardBackend *backend, const char *reader, MdCardLink *out_link,
                 GCancellable *cancellable, GError **error)
{
  VcardBackend *self = VCARD_BACKEND (backend);
  GBytes *atr = vc_card_get_atr (self->card);

  vc_card_power (self->card);
  self->commands = 0;
  self->gone = FALSE;
  *out_link = (MdCardLink){ .handle = 1, .events = 1, .reader_apdu_max = 65536 };
  out_link->atr_length = MIN (g_bytes_get_size (atr), sizeof out_link->atr);
  memcpy (out_link->atr, g_bytes_get_data (atr, NULL), out_link->atr_length);
  return TRUE;
}

static gboolean
fail (VcardBackend *self, MdCardError code, GError **error)
{
  self->gone = code == MD_CARD_ERROR_REMOVED;
  md_card_error_set (error, code);
  return FALSE;
}

static GBytes *
work_on (VcardBackend *self, const VcFault *fault, const MdCardExchange *exchange)
{
  g_autoptr (GBytes) answer = NULL;

  if (fault->kind == VC_FAULT_SW)
    {
      const guint8 sw[2] = { (guint8)(fault->value >> 8), (guint8)fault->value };

      return g_bytes_new (sw, sizeof sw);
    }
  if (fault->kind == VC_FAULT_RESET)
    vc_card_reset (self->card);
  answer = vc_card_transmit (self->card, exchange->command, exchange->command_length, NULL);
  return vc_fault_spoil (fault, answer);
}

static gboolean
backend_transmit (MdCardBackend *backend, const MdCardLink *link, MdCardExchange *exchange,
                  GCancellable *cancellable, GError **error)
{
  static const VcFault nothing = { .kind = VC_FAULT_NONE };
  VcardBackend *self = VCARD_BACKEND (backend);
  const VcFault *fault = ++self->commands == self->at ? &self->fault : &nothing;
  g_autoptr (GBytes) answer = NULL;

  if (self->gone || fault->kind == VC_FAULT_REMOVE)
    return fail (self, MD_CARD_ERROR_REMOVED, error);
  if (fault->kind == VC_FAULT_MUTE)
    return fail (self, MD_CARD_ERROR_TIMEOUT, error);
  answer = work_on (self, fault, exchange);
  if (fault->kind == VC_FAULT_REMOVE_AFTER)
    return fail (self, MD_CARD_ERROR_REMOVED, error);
  exchange->response_length = g_bytes_get_size (answer);
  g_assert_cmpuint (exchange->response_length, <=, exchange->response_size);
  memcpy (exchange->response, g_bytes_get_data (answer, NULL), exchange->response_length);
  return TRUE;
}

static void
backend_disconnect (MdCardBackend *backend, const MdCardLink *link)
{
  vc_card_power (VCARD_BACKEND (backend)->card);
}

static MdCardSnapshot *
backend_watch (MdCardBackend *backend, const MdCardSnapshot *known, GCancellable *cancellable,
               GError **error)
{
  MdCardSnapshot *snapshot = md_card_snapshot_new (TRUE);

  g_ptr_array_add (snapshot->readers,
                   md_card_reader_state_new (VCARD_READER, MD_CARD_SLOT_PRESENT, 1));
  return snapshot;
}

static void
backend_iface_init (MdCardBackendInterface *iface)
{
  iface->list = backend_list;
  iface->connect = backend_connect;
  iface->transmit = backend_transmit;
  iface->disconnect = backend_disconnect;
  iface->watch = backend_watch;
}

void
vcard_backend_set_fault (VcardBackend *self, const VcFault *fault, guint at)
{
  self->at = fault != NULL ? at : 0;
  if (fault != NULL)
    self->fault = *fault;
}

guint
vcard_backend_get_commands (VcardBackend *self)
{
  return self->commands;
}

MdCardConnection *
vcard_backend_open (VcardBackend *self)
{
  g_autoptr (GError) error = NULL;
  MdCardConnection *connection
      = md_card_connection_open (MD_CARD_BACKEND (self), VCARD_READER, NULL, &error);

  g_assert_no_error (error);
  return connection;
}
