// SPDX-License-Identifier: Apache-2.0
#include "md-pcsc-backend.h"

#include "md-pcsc-private.h"

#include <string.h>
#include <winscard.h>

#define PNP_NAME "\\\\?PnP?\\Notification"

// The service has no more readers than this, and SCardGetStatusChange takes no more entries: the
// one for new readers is left out where it has them all and none can come.
#define MAX_READERS PCSCLITE_MAX_READERS_CONTEXTS

// How often the names are asked for while readers come.
#define LIST_ATTEMPTS 5

// One wait for changes. The library itself wakes this often while it waits for ever; coming back
// costs no more, and catches a reader that came between listing and waiting.
#define WATCH_SLICE_MS 60000

// How long a card that another program held a moment ago may take to become free.
#define BUSY_GRACE_MS 300

// How long pcscd may take to notice that a card is gone after a command failed.
#define GONE_GRACE_MS 1000

struct _MdPcscBackend
{
  GObject parent_instance;

  MdPcscContexts *contexts;   // for list and for conversations
  SCARDCONTEXT watch_context; // for the watcher
  gboolean has_watch_context;
};

// A conversation has a context of its own: the library lets only one call at a time pass through
// each, and a card that does not answer must not keep those on other readers from theirs.
typedef struct
{
  SCARDCONTEXT context;
  gboolean lost; // the service that knew it is gone
  SCARDHANDLE handle;
  DWORD protocol;
  char *reader;
  gboolean spoken; // the card has answered in this conversation
  MdCardLink link; // as it was found
} Card;

static void md_pcsc_backend_iface_init (MdCardBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MdPcscBackend, md_pcsc_backend, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (MD_TYPE_CARD_BACKEND,
                                                      md_pcsc_backend_iface_init))

static void
drop_context (SCARDCONTEXT *context, gboolean *has)
{
  if (*has)
    SCardReleaseContext (*context);
  *has = FALSE;
}

static void
md_pcsc_backend_finalize (GObject *object)
{
  MdPcscBackend *self = MD_PCSC_BACKEND (object);
  md_pcsc_contexts_free (self->contexts);
  drop_context (&self->watch_context, &self->has_watch_context);
  G_OBJECT_CLASS (md_pcsc_backend_parent_class)->finalize (object);
}

static void
md_pcsc_backend_class_init (MdPcscBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = md_pcsc_backend_finalize;
}

static void
md_pcsc_backend_init (MdPcscBackend *self)
{
  self->contexts = md_pcsc_contexts_new ();
}

MdPcscBackend *
md_pcsc_backend_new (void)
{
  return g_object_new (MD_TYPE_PCSC_BACKEND, NULL);
}

static gboolean
set_error (GError **error, LONG rv, const char *call)
{
  MdCardError code = md_pcsc_code_for_rv (rv);
  if (code == MD_CARD_ERROR_NO_SERVICE && md_pcsc_socket_is_forbidden ())
    code = MD_CARD_ERROR_NO_PERMISSION;
  else if (code == MD_CARD_ERROR_NO_SERVICE && !md_pcsc_is_installed ())
    code = MD_CARD_ERROR_NOT_INSTALLED;
  if (rv == SCARD_E_CANCELLED)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  else
    md_card_error_set_detail (error, code, "%s: %s", call, pcsc_stringify_error (rv));
  return FALSE;
}

// The same in the middle of a conversation: a service that is gone was there a moment ago.
static gboolean
set_error_within (Card *card, GError **error, LONG rv, const char *call)
{
  if (md_pcsc_code_for_rv (rv) != MD_CARD_ERROR_NO_SERVICE)
    return set_error (error, rv, call);
  card->lost = TRUE;
  md_card_error_set_detail (error, MD_CARD_ERROR_SERVICE_LOST, "%s: %s", call,
                            pcsc_stringify_error (rv));
  return FALSE;
}

static gboolean
service_is_gone (LONG rv)
{
  return md_pcsc_code_for_rv (rv) == MD_CARD_ERROR_NO_SERVICE;
}

// No service, or one that does not let us in.
static gboolean
service_is_closed (LONG rv)
{
  return service_is_gone (rv) || md_pcsc_code_for_rv (rv) == MD_CARD_ERROR_NO_PERMISSION;
}

static LONG
ensure_context (SCARDCONTEXT *context, gboolean *has)
{
  if (*has)
    return SCARD_S_SUCCESS;
  LONG rv = SCardEstablishContext (SCARD_SCOPE_SYSTEM, NULL, NULL, context);
  *has = rv == SCARD_S_SUCCESS;
  return rv;
}

// The names as the service has them, one after the other. Readers may come between asking for their
// number and for their names: asked anew then.
static LONG
read_names (SCARDCONTEXT context, char **out_buffer)
{
  LONG rv = SCARD_E_INSUFFICIENT_BUFFER;
  for (int attempt = 0; attempt < LIST_ATTEMPTS && rv == SCARD_E_INSUFFICIENT_BUFFER; attempt++)
    {
      DWORD size = 0;
      rv = SCardListReaders (context, NULL, NULL, &size);
      g_free (*out_buffer);
      *out_buffer = g_malloc0 (size + 2);
      if (rv == SCARD_S_SUCCESS)
        rv = SCardListReaders (context, NULL, *out_buffer, &size);
    }
  return rv;
}

// The readers by name; *OUT_NAMES is empty where there is none.
static LONG
list_readers (SCARDCONTEXT context, GStrv *out_names)
{
  g_autofree char *buffer = NULL;
  LONG rv = read_names (context, &buffer);
  if (rv != SCARD_S_SUCCESS && rv != SCARD_E_NO_READERS_AVAILABLE)
    return rv;

  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  gsize count = 0;
  if (rv == SCARD_S_SUCCESS)
    for (const char *name = buffer; *name != '\0' && count < MAX_READERS; name += strlen (name) + 1)
      {
        g_strv_builder_add (names, name);
        count++;
      }
  *out_names = g_strv_builder_end (names);
  return SCARD_S_SUCCESS;
}

static GStrv
md_pcsc_backend_list (MdCardBackend *backend, GCancellable *cancellable, GError **error)
{
  MdPcscBackend *self = MD_PCSC_BACKEND (backend);
  GStrv names = NULL;
  LONG rv = SCARD_S_SUCCESS;
  for (int attempt = 0; attempt < 2; attempt++)
    {
      SCARDCONTEXT context = 0;
      rv = md_pcsc_contexts_take (self->contexts, &context);
      if (rv != SCARD_S_SUCCESS)
        break;
      rv = list_readers (context, &names);
      md_pcsc_contexts_give_back (self->contexts, context, service_is_gone (rv));
      if (!service_is_gone (rv))
        break;
    }
  if (rv != SCARD_S_SUCCESS)
    {
      set_error (error, rv, "SCardListReaders");
      return NULL;
    }
  return names;
}

static guint32
events_of (DWORD event_state)
{
  return (guint32)((event_state >> 16) & 0xffff) + 1;
}

// Waits until the card on READER is free for an exclusive connection, so that SCardConnect never
// blocks behind somebody's transaction.
static LONG
wait_until_free (SCARDCONTEXT context, const char *reader, guint32 *out_events)
{
  SCARD_READERSTATE state = { .szReader = reader, .dwCurrentState = SCARD_STATE_UNAWARE };
  gint64 end = g_get_monotonic_time () + BUSY_GRACE_MS * 1000;
  LONG rv = SCardGetStatusChange (context, 0, &state, 1);
  while (rv == SCARD_S_SUCCESS)
    {
      *out_events = events_of (state.dwEventState);
      if ((state.dwEventState & (SCARD_STATE_UNKNOWN | SCARD_STATE_UNAVAILABLE)) != 0)
        return SCARD_E_UNKNOWN_READER;
      if ((state.dwEventState & SCARD_STATE_PRESENT) == 0)
        return SCARD_E_NO_SMARTCARD;
      if ((state.dwEventState & (SCARD_STATE_EXCLUSIVE | SCARD_STATE_INUSE)) == 0)
        return SCARD_S_SUCCESS;
      gint64 left = (end - g_get_monotonic_time ()) / 1000;
      if (left <= 0)
        return SCARD_E_SHARING_VIOLATION;
      state.dwCurrentState = state.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
      rv = SCardGetStatusChange (context, (DWORD)left, &state, 1);
      if (rv == SCARD_E_TIMEOUT)
        return SCARD_E_SHARING_VIOLATION;
    }
  return rv;
}

static LONG
connect_once (MdPcscBackend *self, const char *reader, Card *card, guint32 *out_events)
{
  LONG rv = md_pcsc_contexts_take (self->contexts, &card->context);
  if (rv != SCARD_S_SUCCESS)
    return rv;
  rv = wait_until_free (card->context, reader, out_events);
  if (rv == SCARD_S_SUCCESS)
    rv = SCardConnect (card->context, reader, SCARD_SHARE_EXCLUSIVE,
                       SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card->handle, &card->protocol);
  if (rv != SCARD_S_SUCCESS)
    md_pcsc_contexts_give_back (self->contexts, card->context, service_is_gone (rv));
  return rv;
}

// What the card said when it got power; nothing when the service does not know.
static void
read_atr (const Card *card, MdCardLink *link)
{
  DWORD length = sizeof link->atr;
  if (SCardStatus (card->handle, NULL, NULL, NULL, NULL, link->atr, &length) == SCARD_S_SUCCESS)
    link->atr_length = MIN (length, sizeof link->atr);
}

static gboolean
md_pcsc_backend_connect (MdCardBackend *backend, const char *reader, MdCardLink *out_link,
                         GCancellable *cancellable, GError **error)
{
  MdPcscBackend *self = MD_PCSC_BACKEND (backend);
  Card found = { 0 };
  guint32 events = 0;
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  LONG rv = connect_once (self, reader, &found, &events);
  if (service_is_closed (rv)) // once more with a new context: pcscd may have been restarted
    rv = connect_once (self, reader, &found, &events);
  if (rv != SCARD_S_SUCCESS)
    {
      set_error (error, rv, "SCardConnect");
      if (rv == SCARD_E_SHARING_VIOLATION && error != NULL)
        {
          g_autofree char *holder = md_pcsc_name_other_programs ();
          md_card_error_set_holder (*error, holder);
        }
      return FALSE;
    }
  Card *card = g_new0 (Card, 1);
  *card = found;
  card->reader = g_strdup (reader);
  *out_link = (MdCardLink){ .handle = (guintptr)card, .events = events };
  read_atr (card, out_link);
  card->link = *out_link;
  return TRUE;
}

// A command failed without a clear reason: if the card is gone, say so.
static LONG
explain_failure (const Card *card, LONG rv)
{
  if (rv != SCARD_E_NOT_TRANSACTED && rv != SCARD_W_RESET_CARD && rv != SCARD_W_UNPOWERED_CARD)
    return rv;
  SCARD_READERSTATE state = { .szReader = card->reader, .dwCurrentState = SCARD_STATE_UNAWARE };
  gint64 end = g_get_monotonic_time () + GONE_GRACE_MS * 1000;
  LONG status = SCardGetStatusChange (card->context, 0, &state, 1);
  while (status == SCARD_S_SUCCESS)
    {
      if ((state.dwEventState & SCARD_STATE_PRESENT) == 0)
        return SCARD_W_REMOVED_CARD;
      gint64 left = (end - g_get_monotonic_time ()) / 1000;
      if (left <= 0)
        return rv;
      state.dwCurrentState = state.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
      status = SCardGetStatusChange (card->context, (DWORD)left, &state, 1);
    }
  return status == SCARD_E_TIMEOUT ? rv : status;
}

static LONG
transmit_once (const Card *card, MdCardExchange *exchange)
{
  const SCARD_IO_REQUEST *pci = card->protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
  DWORD length = exchange->response_size;
  LONG rv = SCardTransmit (card->handle, pci, exchange->command, exchange->command_length, NULL,
                           exchange->response, &length);
  // Some drivers call it a success when the card was pulled out, with nothing in the answer.
  if (rv == SCARD_S_SUCCESS && length == 0)
    rv = SCARD_E_NOT_TRANSACTED;
  exchange->response_length = rv == SCARD_S_SUCCESS ? length : 0;
  return rv;
}

// After a sleep or a reset of the bus the service believes that the card has power, and it has not.
// That shows at the first command; when that is a SELECT, it may be sent again to the freshly
// powered card.
static gboolean
wake_up (Card *card, const MdCardExchange *exchange, LONG rv)
{
  const guint8 ins_select = 0xa4;
  if (card->spoken || exchange->command_length < 2 || exchange->command[1] != ins_select)
    return FALSE;
  if (rv != SCARD_E_NOT_TRANSACTED && rv != SCARD_W_UNPOWERED_CARD && rv != SCARD_W_RESET_CARD
      && rv != SCARD_F_COMM_ERROR)
    return FALSE;
  card->spoken = TRUE; // once
  return SCardReconnect (card->handle, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
                         SCARD_UNPOWER_CARD, &card->protocol)
         == SCARD_S_SUCCESS;
}

// Whether the card that has power again is the one that was connected: nothing was taken away or
// put there since, and it says the same at power-on.
static gboolean
is_same_card (const Card *card)
{
  MdCardLink now = { 0 };
  SCARD_READERSTATE state = { .szReader = card->reader, .dwCurrentState = SCARD_STATE_UNAWARE };
  read_atr (card, &now);
  return SCardGetStatusChange (card->context, 0, &state, 1) == SCARD_S_SUCCESS
         && events_of (state.dwEventState) == card->link.events
         && now.atr_length == card->link.atr_length
         && memcmp (now.atr, card->link.atr, now.atr_length) == 0;
}

static gboolean
md_pcsc_backend_transmit (MdCardBackend *backend, const MdCardLink *link, MdCardExchange *exchange,
                          GCancellable *cancellable, GError **error)
{
  Card *card = (Card *)link->handle;
  LONG rv = transmit_once (card, exchange);
  if (rv != SCARD_S_SUCCESS && wake_up (card, exchange, rv))
    rv = is_same_card (card) ? transmit_once (card, exchange) : SCARD_W_REMOVED_CARD;
  if (rv != SCARD_S_SUCCESS)
    {
      rv = explain_failure (card, rv);
      return set_error_within (card, error, rv, "SCardTransmit");
    }
  card->spoken = TRUE;
  return TRUE;
}

static gboolean
md_pcsc_backend_control (MdCardBackend *backend, const MdCardLink *link, guint32 code,
                         MdCardExchange *exchange, GCancellable *cancellable, GError **error)
{
  Card *card = (Card *)link->handle;
  DWORD length = 0;
  LONG rv = SCardControl (card->handle, code, exchange->command, exchange->command_length,
                          exchange->response, exchange->response_size, &length);
  if (rv != SCARD_S_SUCCESS)
    return set_error_within (card, error, rv, "SCardControl");
  exchange->response_length = MIN (length, exchange->response_size);
  return TRUE;
}

static void
md_pcsc_backend_disconnect (MdCardBackend *backend, const MdCardLink *link)
{
  Card *card = (Card *)link->handle;
  LONG rv = SCardDisconnect (card->handle, SCARD_UNPOWER_CARD);
  md_pcsc_contexts_give_back (MD_PCSC_BACKEND (backend)->contexts, card->context,
                              card->lost || service_is_gone (rv));
  g_free (card->reader);
  g_free (card);
}

static MdCardSlot
slot_of (DWORD event_state)
{
  if ((event_state & (SCARD_STATE_UNKNOWN | SCARD_STATE_UNAVAILABLE)) != 0)
    return MD_CARD_SLOT_AWAY;
  if ((event_state & SCARD_STATE_PRESENT) == 0)
    return MD_CARD_SLOT_EMPTY;
  return (event_state & SCARD_STATE_MUTE) != 0 ? MD_CARD_SLOT_MUTE : MD_CARD_SLOT_PRESENT;
}

static MdCardSnapshot *
snapshot_of (const SCARD_READERSTATE *states, gsize count)
{
  MdCardSnapshot *snapshot = md_card_snapshot_new (TRUE);
  for (gsize i = 0; i < count; i++)
    {
      DWORD event = states[i].dwEventState;
      MdCardReaderState *state
          = md_card_reader_state_new (states[i].szReader, slot_of (event), events_of (event));
      state->raw = (guint32)(event & ~(DWORD)SCARD_STATE_CHANGED);
      g_ptr_array_add (snapshot->readers, state);
    }
  return snapshot;
}

// One look where the readers are others than BEFORE, else one wait for a change.
static LONG
look (MdPcscBackend *self, const MdCardSnapshot *before, MdPcscWait *wait,
      MdCardSnapshot **out_snapshot)
{
  g_auto (GStrv) names = NULL;
  SCARD_READERSTATE states[MAX_READERS] = { 0 };
  LONG rv = list_readers (self->watch_context, &names);
  if (rv != SCARD_S_SUCCESS)
    return rv;

  gsize count = g_strv_length (names);
  gboolean same_readers = before != NULL && before->service && before->readers->len == count;
  for (gsize i = 0; i < count; i++)
    {
      const MdCardReaderState *known
          = before != NULL ? md_card_snapshot_find (before, names[i]) : NULL;
      states[i].szReader = names[i];
      states[i].dwCurrentState = known != NULL ? known->raw : SCARD_STATE_UNAWARE;
      same_readers = same_readers && known != NULL;
    }
  for (gsize i = 0; !same_readers && i < count; i++)
    states[i].dwCurrentState = SCARD_STATE_UNAWARE; // answers at once, even where nothing changed
  gsize entries = MIN (count + 1, MAX_READERS);
  if (entries > count)
    states[count].szReader = PNP_NAME;

  if (!same_readers)
    rv = count > 0 ? SCardGetStatusChange (self->watch_context, 0, states, (DWORD)count)
                   : SCARD_S_SUCCESS;
  else if (md_pcsc_wait_begin (wait))
    {
      rv = SCardGetStatusChange (self->watch_context, WATCH_SLICE_MS, states, (DWORD)entries);
      md_pcsc_wait_end (wait);
    }
  else
    rv = SCARD_E_CANCELLED;

  if (rv == SCARD_S_SUCCESS)
    *out_snapshot = snapshot_of (states, count);
  return rv;
}

// Waits for the first snapshot that tells something else than KNOWN; the raw words in between move
// on.
static MdCardSnapshot *
watch_readers (MdPcscBackend *self, const MdCardSnapshot *known, MdPcscWait *wait, GError **error)
{
  g_autoptr (MdCardSnapshot) before = known != NULL ? md_card_snapshot_copy (known) : NULL;
  while (TRUE)
    {
      g_autoptr (MdCardSnapshot) now = NULL;
      LONG rv = look (self, before, wait, &now);
      if (rv == SCARD_E_TIMEOUT || rv == SCARD_E_UNKNOWN_READER)
        {
          if (md_pcsc_wait_is_cancelled (wait))
            rv = SCARD_E_CANCELLED;
          else
            continue;
        }
      if (rv != SCARD_S_SUCCESS)
        {
          set_error (error, rv, "SCardGetStatusChange");
          return NULL;
        }
      if (known == NULL || !md_card_snapshot_equal (known, now))
        return g_steal_pointer (&now);
      g_clear_pointer (&before, md_card_snapshot_free);
      before = g_steal_pointer (&now);
    }
}

// Watches the readers with a context that is made where there is none. NULL with *OUT_RV: the
// service is not there, or not for us; NULL with ERROR: anything else.
static MdCardSnapshot *
watch_with_context (MdPcscBackend *self, const MdCardSnapshot *known, LONG *out_rv,
                    GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  *out_rv = ensure_context (&self->watch_context, &self->has_watch_context);
  if (*out_rv != SCARD_S_SUCCESS)
    {
      if (!service_is_closed (*out_rv))
        set_error (error, *out_rv, "SCardEstablishContext");
      return NULL;
    }
  g_autoptr (MdPcscWait) wait = md_pcsc_wait_new (self->watch_context, cancellable);
  MdCardSnapshot *now = watch_readers (self, known, wait, &local_error);
  if (g_error_matches (local_error, MD_CARD_ERROR, MD_CARD_ERROR_NO_SERVICE))
    {
      md_pcsc_wait_detach (wait);
      drop_context (&self->watch_context, &self->has_watch_context);
      *out_rv = SCARD_E_NO_SERVICE;
    }
  else if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return now;
}

// What there is to tell of a service that cannot be used, by RV: who hangs up refuses this user, or
// is about to end. The one goes on doing so.
static MdCardSnapshot *
judge_closed (LONG rv, const MdCardSnapshot *known, const MdPcscDoor *door, gboolean *out_tell)
{
  MdCardSnapshot *nothing = md_card_snapshot_new (FALSE);
  // The library tells it from a service that is not there only where it had time for its first
  // word.
  gboolean hung_up
      = !md_pcsc_socket_is_forbidden ()
        && (md_pcsc_code_for_rv (rv) == MD_CARD_ERROR_NO_PERMISSION || md_pcsc_socket_is_open ());
  gboolean was_forbidden = known != NULL && known->forbidden;
  gboolean settling
      = hung_up && !was_forbidden && (door == NULL || md_pcsc_door_is_settling (door));
  nothing->forbidden = hung_up ? !settling : md_pcsc_socket_is_forbidden ();
  *out_tell = known != NULL ? !md_card_snapshot_equal (known, nothing) : !settling;
  return nothing;
}

static MdCardSnapshot *
md_pcsc_backend_watch (MdCardBackend *backend, const MdCardSnapshot *known,
                       GCancellable *cancellable, GError **error)
{
  MdPcscBackend *self = MD_PCSC_BACKEND (backend);
  g_autoptr (MdPcscDoor) door = NULL;
  while (!g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      LONG rv = SCARD_S_SUCCESS;
      g_autoptr (GError) local_error = NULL;
      MdCardSnapshot *now = watch_with_context (self, known, &rv, cancellable, &local_error);
      if (now != NULL)
        return now;
      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
      gboolean tell = FALSE;
      g_autoptr (MdCardSnapshot) nothing = judge_closed (rv, known, door, &tell);
      if (tell)
        return g_steal_pointer (&nothing);
      if (door != NULL)
        md_pcsc_door_wait (door, nothing->forbidden, cancellable);
      else
        door = md_pcsc_door_new (); // and one look more, now that nothing can be missed
    }
  return NULL;
}

static void
md_pcsc_backend_iface_init (MdCardBackendInterface *iface)
{
  iface->list = md_pcsc_backend_list;
  iface->connect = md_pcsc_backend_connect;
  iface->transmit = md_pcsc_backend_transmit;
  iface->disconnect = md_pcsc_backend_disconnect;
  iface->watch = md_pcsc_backend_watch;
  iface->control = md_pcsc_backend_control;
  iface->answers = md_pcsc_service_answers;
}
