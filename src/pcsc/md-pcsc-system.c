// SPDX-License-Identifier: Apache-2.0
#include "md-pcsc-private.h"

#define CANCEL_AGAIN_USEC 10000

// What a return code of PC/SC means to us. Rows not listed are FAILED.
static const struct
{
  LONG rv;
  MdCardError code;
} meanings[] = {
  { SCARD_E_NO_SERVICE, MD_CARD_ERROR_NO_SERVICE },
  { SCARD_E_SERVICE_STOPPED, MD_CARD_ERROR_NO_SERVICE },
  { SCARD_F_COMM_ERROR, MD_CARD_ERROR_NO_SERVICE },
  { SCARD_E_INVALID_HANDLE, MD_CARD_ERROR_NO_SERVICE }, // the context died with an old pcscd
  { SCARD_W_SECURITY_VIOLATION, MD_CARD_ERROR_NO_PERMISSION },
  { SCARD_E_NO_ACCESS, MD_CARD_ERROR_NO_PERMISSION },
  { SCARD_E_UNKNOWN_READER, MD_CARD_ERROR_NO_READER },
  { SCARD_E_READER_UNAVAILABLE, MD_CARD_ERROR_NO_READER },
  { SCARD_E_NO_READERS_AVAILABLE, MD_CARD_ERROR_NO_READER },
  { SCARD_E_NO_SMARTCARD, MD_CARD_ERROR_NO_CARD },
  { SCARD_W_REMOVED_CARD, MD_CARD_ERROR_REMOVED },
  { SCARD_E_SHARING_VIOLATION, MD_CARD_ERROR_BUSY },
  { SCARD_E_TIMEOUT, MD_CARD_ERROR_TIMEOUT },
  { SCARD_W_UNRESPONSIVE_CARD, MD_CARD_ERROR_MUTE },
  { SCARD_W_UNSUPPORTED_CARD, MD_CARD_ERROR_MUTE },
  { SCARD_W_UNPOWERED_CARD, MD_CARD_ERROR_MUTE },
  { SCARD_E_PROTO_MISMATCH, MD_CARD_ERROR_MUTE },
  { SCARD_E_UNSUPPORTED_FEATURE, MD_CARD_ERROR_UNSUPPORTED },
};

MdCardError
md_pcsc_code_for_rv (LONG rv)
{
  for (gsize i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (meanings[i].rv == rv)
      return meanings[i].code;
  return MD_CARD_ERROR_FAILED;
}

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

gboolean
md_pcsc_service_answers (MdCardBackend *backend)
{
  SCARDCONTEXT context;
  if (SCardEstablishContext (SCARD_SCOPE_SYSTEM, NULL, NULL, &context) != SCARD_S_SUCCESS)
    return FALSE;
  SCardReleaseContext (context);
  return TRUE;
}
