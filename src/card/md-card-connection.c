// SPDX-License-Identifier: Apache-2.0
#include "md-card-connection.h"

#include "md-card-error.h"

// Short answers have 258 bytes, extended ones at most those of the largest file; a transport that
// hands over more gets an error, not a longer buffer.
#define SHORT_RESPONSE_SIZE 4096
#define LONG_RESPONSE_SIZE (MD_CARD_FILE_MAX + 2)
#define SHORT_EXPECTED 256

// How many GET RESPONSE one answer may need: a whole file in pieces of 256.
#define MAX_PIECES 256

struct _MdCardConnection
{
  GObject parent_instance;

  MdCardBackend *backend;
  char *reader;
  MdCardLink link;
  gboolean open;
  GError *failure;      // the first transport error: the card is gone for this conversation
  MdSecret *answer;     // of the card or the reader, while it is looked at
  gsize room;           // there
  gsize longest;        // bytes that one answer may be asked for; 0: not yet known
  MdCardMemory *memory; // may be NULL
  MdPinPad pad;
  gboolean pad_asked;
  guint exchanges;
  gint64 card_usec;
  gint64 answer_usec; // of card_usec, what the card itself took
  MdClock *clock;     // may be NULL
  guint patience_s;

  GMutex mutex; // of what other threads may ask for
  MdCardWait wait;
  gint64 overdue;
  MdCardPin unanswered;
};

G_DEFINE_FINAL_TYPE (MdCardConnection, md_card_connection, G_TYPE_OBJECT)

static void
md_card_connection_dispose (GObject *object)
{
  MdCardConnection *self = MD_CARD_CONNECTION (object);
  md_card_connection_close (self);
  g_clear_object (&self->backend);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (md_card_connection_parent_class)->dispose (object);
}

static void
md_card_connection_finalize (GObject *object)
{
  MdCardConnection *self = MD_CARD_CONNECTION (object);
  md_secret_unref (self->answer);
  md_card_memory_unref (self->memory);
  g_free (self->reader);
  g_clear_error (&self->failure);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (md_card_connection_parent_class)->finalize (object);
}

static void
md_card_connection_class_init (MdCardConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->dispose = md_card_connection_dispose;
  object_class->finalize = md_card_connection_finalize;
}

static void
md_card_connection_init (MdCardConnection *self)
{
  g_mutex_init (&self->mutex);
  self->patience_s = MD_CARD_PATIENCE_S;
  self->answer = md_secret_new (SHORT_RESPONSE_SIZE);
  self->room = SHORT_RESPONSE_SIZE;
}

MdCardConnection *
md_card_connection_open (MdCardBackend *backend, const char *reader, GCancellable *cancellable,
                         GError **error)
{
  g_return_val_if_fail (MD_IS_CARD_BACKEND (backend), NULL);
  g_return_val_if_fail (reader != NULL, NULL);

  g_autoptr (MdCardConnection) self = g_object_new (MD_TYPE_CARD_CONNECTION, NULL);
  self->backend = g_object_ref (backend);
  self->reader = g_strdup (reader);
  gint64 start = g_get_monotonic_time ();
  if (!md_card_backend_connect (backend, reader, &self->link, cancellable, error))
    return NULL;
  self->open = TRUE;
  self->card_usec += g_get_monotonic_time () - start;
  return g_steal_pointer (&self);
}

void
md_card_connection_close (MdCardConnection *self)
{
  g_return_if_fail (MD_IS_CARD_CONNECTION (self));
  if (!self->open)
    return;
  self->open = FALSE;
  md_card_backend_disconnect (self->backend, &self->link);
}

void
md_card_connection_set_patience (MdCardConnection *self, guint seconds)
{
  g_return_if_fail (MD_IS_CARD_CONNECTION (self));
  self->patience_s = seconds;
}

MdCardWait
md_card_connection_get_wait (MdCardConnection *self, gint64 *out_overdue)
{
  g_return_val_if_fail (MD_IS_CARD_CONNECTION (self), MD_CARD_WAIT_NOTHING);
  g_mutex_lock (&self->mutex);
  MdCardWait wait = self->wait;
  if (wait != MD_CARD_WAIT_NOTHING)
    *out_overdue = self->overdue;
  g_mutex_unlock (&self->mutex);
  return wait;
}

void
md_card_connection_set_unanswered (MdCardConnection *self, MdCardPin pin)
{
  g_return_if_fail (MD_IS_CARD_CONNECTION (self));
  g_mutex_lock (&self->mutex);
  self->unanswered = pin;
  g_mutex_unlock (&self->mutex);
}

MdCardPin
md_card_connection_get_unanswered (MdCardConnection *self)
{
  g_return_val_if_fail (MD_IS_CARD_CONNECTION (self), MD_CARD_PIN_NONE);
  g_mutex_lock (&self->mutex);
  MdCardPin pin = self->unanswered;
  g_mutex_unlock (&self->mutex);
  return pin;
}

void
md_card_connection_set_clock (MdCardConnection *self, MdClock *clock)
{
  g_return_if_fail (MD_IS_CARD_CONNECTION (self));
  g_set_object (&self->clock, clock);
}

static gint64
now_usec (const MdCardConnection *self)
{
  return self->clock != NULL ? md_clock_get_monotonic_ns (self->clock) / 1000
                             : g_get_monotonic_time ();
}

// Around each exchange. SECONDS: that a person has beside the reader's own patience. Returns when
// it began.
static gint64
begin_wait (MdCardConnection *self, MdCardWait wait, guint seconds)
{
  gint64 now = g_get_monotonic_time ();
  g_mutex_lock (&self->mutex);
  self->wait = wait;
  self->overdue = now + (gint64)(seconds + self->patience_s) * G_USEC_PER_SEC;
  g_mutex_unlock (&self->mutex);
  return now_usec (self);
}

static void
end_wait (MdCardConnection *self, gint64 start)
{
  g_mutex_lock (&self->mutex);
  self->wait = MD_CARD_WAIT_NOTHING;
  g_mutex_unlock (&self->mutex);
  self->card_usec += now_usec (self) - start;
}

const char *
md_card_connection_get_reader (MdCardConnection *self)
{
  g_return_val_if_fail (MD_IS_CARD_CONNECTION (self), NULL);
  return self->reader;
}

guint32
md_card_connection_get_events (MdCardConnection *self)
{
  g_return_val_if_fail (MD_IS_CARD_CONNECTION (self), 0);
  return self->link.events;
}

void
md_card_connection_keep_short (MdCardConnection *self)
{
  g_return_if_fail (MD_IS_CARD_CONNECTION (self));
  self->longest = SHORT_EXPECTED;
}

guint
md_card_connection_get_exchanges (MdCardConnection *self)
{
  g_return_val_if_fail (MD_IS_CARD_CONNECTION (self), 0);
  return self->exchanges;
}

gint64
md_card_connection_get_card_usec (MdCardConnection *self)
{
  g_return_val_if_fail (MD_IS_CARD_CONNECTION (self), 0);
  return self->card_usec;
}

// Whether the card has not yet taken all the time that there is for a conversation.
static gboolean
is_in_time (MdCardConnection *self, GError **error)
{
  if (self->answer_usec <= MD_CARD_CONVERSATION_S * (gint64)G_USEC_PER_SEC)
    return TRUE;
  md_card_error_set_detail (error, MD_CARD_ERROR_TIMEOUT, "%u commands in %" G_GINT64_FORMAT " s",
                            self->exchanges, self->answer_usec / G_USEC_PER_SEC);
  return FALSE;
}

// Whether another exchange may begin at all.
static gboolean
check_usable (MdCardConnection *self, GCancellable *cancellable, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (self->failure != NULL)
    {
      g_propagate_error (error, g_error_copy (self->failure));
      return FALSE;
    }
  if (!self->open)
    {
      md_card_error_set (error, MD_CARD_ERROR_REMOVED);
      return FALSE;
    }
  return is_in_time (self, error);
}

// One command over the wire. OUT_RESPONSE borrows from self->answer until the next exchange.
static gboolean
exchange (MdCardConnection *self, const MdCommand *command, MdResponse *out_response,
          GCancellable *cancellable, GError **error)
{
  if (!check_usable (self, cancellable, error))
    return FALSE;
  g_autoptr (GError) local_error = NULL;
  const gboolean extended = command->expected > SHORT_EXPECTED && self->longest > SHORT_EXPECTED;
  g_autoptr (GBytes) bytes = md_command_encode (
      command, extended ? MD_COMMAND_FORM_EXTENDED : MD_COMMAND_FORM_SHORT, &local_error);
  if (bytes == NULL)
    {
      md_card_error_set_detail (error, MD_CARD_ERROR_UNSUPPORTED, "%s", local_error->message);
      return FALSE;
    }

  MdCardExchange x
      = { .response = md_secret_resize (self->answer, self->room), .response_size = self->room };
  x.command = g_bytes_get_data (bytes, &x.command_length);
  gint64 before = self->card_usec;
  gint64 start = begin_wait (self, MD_CARD_WAIT_ANSWER, 0);
  gboolean ok
      = md_card_backend_transmit (self->backend, &self->link, &x, cancellable, &local_error);
  end_wait (self, start);
  self->answer_usec += self->card_usec - before;
  self->exchanges++;
  if (!ok)
    {
      self->failure = g_error_copy (local_error);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (!is_in_time (self, error)) // nobody waits for it any more, be it the last one
    return FALSE;
  if (!md_response_parse (x.response, x.response_length, out_response, NULL))
    {
      md_card_error_set_detail (error, MD_CARD_ERROR_PROTOCOL,
                                "answer of %" G_GSIZE_FORMAT " bytes", x.response_length);
      return FALSE;
    }
  return TRUE;
}

// Collects what the card announced by 61xx.
static gboolean
fetch_rest (MdCardConnection *self, MdWriter *data, MdResponse *response, GCancellable *cancellable,
            GError **error)
{
  for (guint piece = 0; md_sw_classify (response->sw) == MD_SW_CLASS_MORE; piece++)
    {
      if (piece >= MAX_PIECES || md_writer_failed (data))
        {
          md_card_error_set_detail (error, MD_CARD_ERROR_PROTOCOL, "answer without end");
          return FALSE;
        }
      MdCommand more = { .ins = 0xc0, .expected = md_sw_get_count (response->sw) };
      if (!exchange (self, &more, response, cancellable, error))
        return FALSE;
      md_writer_bytes (data, response->data, response->size);
    }
  return TRUE;
}

// The command, once more where the card asks for another Le, and all pieces of its answer. DATA
// gets what it says, RESPONSE its last piece.
static gboolean
converse (MdCardConnection *self, const MdCommand *command, MdWriter *data, MdResponse *response,
          GCancellable *cancellable, GError **error)
{
  if (!exchange (self, command, response, cancellable, error))
    return FALSE;
  if ((response->sw & 0xff00) == 0x6c00 && command->ins != 0x20 && command->expected > 0)
    {
      MdCommand again = *command;
      again.expected = md_sw_get_count (response->sw);
      if (!exchange (self, &again, response, cancellable, error))
        return FALSE;
    }
  md_writer_bytes (data, response->data, response->size);
  return fetch_rest (self, data, response, cancellable, error);
}

GBytes *
md_card_connection_send (MdCardConnection *self, const MdCommand *command, guint16 *out_sw,
                         GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_CARD_CONNECTION (self), NULL);
  g_return_val_if_fail (command != NULL && out_sw != NULL, NULL);

  MdResponse response;
  g_autoptr (MdWriter) data = md_writer_new_secret (MD_LIMIT_CARD_FILE);
  gboolean ok = converse (self, command, data, &response, cancellable, error);
  md_secret_clear (self->answer);
  if (!ok)
    return NULL;
  GBytes *result = md_writer_finish (data, NULL);
  if (result == NULL)
    md_card_error_set_detail (error, MD_CARD_ERROR_PROTOCOL, "answer too long");
  else
    *out_sw = response.sw;
  return result;
}

void
md_card_connection_set_memory (MdCardConnection *self, MdCardMemory *memory)
{
  g_return_if_fail (MD_IS_CARD_CONNECTION (self));
  md_card_memory_unref (self->memory);
  self->memory = memory != NULL ? md_card_memory_ref (memory) : NULL;
}

MdCardMemory *
md_card_connection_get_memory (MdCardConnection *self)
{
  g_return_val_if_fail (MD_IS_CARD_CONNECTION (self), NULL);
  return self->memory;
}

static GBytes *
control (MdCardConnection *self, guint32 code, GBytes *request, guint seconds,
         GCancellable *cancellable, GError **error)
{
  if (!check_usable (self, cancellable, error))
    return NULL;
  MdCardExchange x
      = { .response = md_secret_resize (self->answer, self->room), .response_size = self->room };
  if (request != NULL)
    x.command = g_bytes_get_data (request, &x.command_length);
  gint64 start = begin_wait (self, seconds > 0 ? MD_CARD_WAIT_KEYS : MD_CARD_WAIT_ANSWER, seconds);
  gboolean ok = md_card_backend_control (self->backend, &self->link, code, &x, cancellable, error);
  end_wait (self, start);
  GBytes *answer = ok ? md_bytes_new_secret (x.response, x.response_length) : NULL;
  md_secret_clear (self->answer);
  return answer;
}

GBytes *
md_card_connection_control (MdCardConnection *self, guint32 code, GBytes *request,
                            GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_CARD_CONNECTION (self), NULL);
  return control (self, code, request, 0, cancellable, error);
}

GBytes *
md_card_connection_await_keys (MdCardConnection *self, guint32 code, GBytes *request, guint seconds,
                               GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_CARD_CONNECTION (self) && seconds > 0, NULL);
  return control (self, code, request, seconds, cancellable, error);
}

static void
ask_for_pad (MdCardConnection *self, GCancellable *cancellable)
{
  gsize length = 0;
  g_autoptr (GBytes) features
      = md_card_connection_control (self, MD_CARD_CONTROL_FEATURES, NULL, cancellable, NULL);
  const guint8 *data = features != NULL ? g_bytes_get_data (features, &length) : NULL;
  if (!md_pin_pad_parse_features (data, length, &self->pad) || self->pad.properties == 0)
    return;
  g_autoptr (GBytes) properties
      = md_card_connection_control (self, self->pad.properties, NULL, cancellable, NULL);
  data = properties != NULL ? g_bytes_get_data (properties, &length) : NULL;
  if (data != NULL)
    md_pin_pad_parse_properties (data, length, &self->pad);
}

static void
know_pad (MdCardConnection *self, GCancellable *cancellable)
{
  if (!self->pad_asked)
    ask_for_pad (self, cancellable);
  self->pad_asked = TRUE;
}

// Extended length only where card and reader both say so: a reader that does not pass it may fail
// in ways that look like a lost card.
//
// The card says so in the historical bytes of its answer to reset, or nowhere. EF.ATR (2F01) would
// be the other place, and is not read: it lies under an MF, and no known My Number card has one
// (SELECT 3F00 answers 6A82; the card service data of the newer ones, C1, say no MF and no objects
// in EF.ATR; the first ones have no historical bytes at all). The card manager hands out the answer
// to reset of the contacts (5F51), which a contactless reader does not see; but selecting it ends
// the verified state, so that it would be two commands more before every PIN, which only the card's
// face repays, and one source alone tells of it. A phone or an officer's card has what it has in
// its answer to reset, too.
static void
choose_length (MdCardConnection *self, GCancellable *cancellable)
{
  MdAtr atr;
  gsize atr_length = MIN (self->link.atr_length, sizeof self->link.atr);
  self->longest = SHORT_EXPECTED;
  if (!md_atr_parse (self->link.atr, atr_length, &atr) || !atr.extended_length)
    return;
  gsize passes = self->link.reader_apdu_max;
  if (passes == 0)
    {
      know_pad (self, cancellable);
      passes = self->pad.max_apdu;
    }
  if (passes <= SHORT_EXPECTED)
    return;
  self->longest = MIN (passes, MD_CARD_FILE_MAX);
  md_secret_unref (self->answer);
  self->answer = md_secret_new (LONG_RESPONSE_SIZE);
  self->room = LONG_RESPONSE_SIZE;
}

gsize
md_card_connection_get_longest (MdCardConnection *self, GCancellable *cancellable)
{
  g_return_val_if_fail (MD_IS_CARD_CONNECTION (self), SHORT_EXPECTED);
  if (self->longest == 0)
    choose_length (self, cancellable);
  return self->longest;
}

const MdPinPad *
md_card_connection_get_pin_pad (MdCardConnection *self, GCancellable *cancellable)
{
  g_return_val_if_fail (MD_IS_CARD_CONNECTION (self), NULL);
  know_pad (self, cancellable);
  gboolean trusted = self->memory == NULL || md_card_memory_trusts_pad (self->memory, self->reader);
  return trusted && self->pad.verify != 0 ? &self->pad : NULL;
}

void
md_card_connection_blame_pad (MdCardConnection *self, GError **error)
{
  g_return_if_fail (MD_IS_CARD_CONNECTION (self));
  if (error == NULL || !g_error_matches (*error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_NEEDED))
    return;
  const MdCardPin pin = md_card_error_get_pin (*error);
  if (self->memory != NULL)
    md_card_memory_distrust_pad (self->memory, self->reader);
  g_clear_error (error);
  md_card_error_set_pin (error, MD_CARD_ERROR_PAD_FAILED, pin, MD_CARD_TRIES_UNKNOWN);
}
