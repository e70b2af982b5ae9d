// SPDX-License-Identifier: Apache-2.0
#include "card-backend.h"

#include <string.h>

#define INS_VERIFY 0x20

struct _FuzzBackend
{
  GObject parent_instance;
  const FuzzCardFuncs *funcs;
  gpointer card;
  gboolean extended;
  gboolean ask;

  guint32 events;
  gboolean connected;
  gboolean gone;   /* the transport has failed */
  gboolean pieces; /* the last answer is not yet whole, or its command comes again */
  guint pins;
  guint allowed;
  guint exchanges;
};

static void fuzz_backend_iface_init (MdCardBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FuzzBackend, fuzz_backend, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (MD_TYPE_CARD_BACKEND,
                                                      fuzz_backend_iface_init))

/* --- Where the last PIN lay --- */

static const guint8 *pin_place;
static gsize pin_size;

void __real_explicit_bzero (void *place, size_t size);
void __wrap_explicit_bzero (void *place, size_t size);
void __wrap___explicit_bzero_chk (void *place, size_t size, size_t room);

/* The linker (--wrap) brings every wipe here. */
void
__wrap_explicit_bzero (void *place, size_t size)
{
  const guint8 *start = place;

  if (pin_place != NULL && start <= pin_place && start + size >= pin_place + pin_size)
    pin_place = NULL;
  __real_explicit_bzero (place, size);
}

/* What a build with _FORTIFY_SOURCE calls. */
void
__wrap___explicit_bzero_chk (void *place, size_t size, size_t room)
{
  g_assert_cmpuint (size, <=, room);
  __wrap_explicit_bzero (place, size);
}

static void
note_pin (FuzzBackend *self, const MdCardExchange *exchange)
{
  self->pins++;
  g_assert_cmpuint (self->pins, <=, self->allowed);
  pin_place = exchange->command + 5;
  pin_size = exchange->command_length - 5;
}

/* The first byte is zero, and each of the others is what the one before it is. */
static gboolean
is_wiped (const MdCardExchange *exchange)
{
  return exchange->response[0] == 0
         && memcmp (exchange->response, exchange->response + 1, exchange->response_size - 1) == 0;
}

/* --- The transport --- */

static GStrv
fuzz_list (MdCardBackend *backend, GCancellable *cancellable, GError **error)
{
  return g_strsplit (FUZZ_READER, ",", 0);
}

static gboolean
fuzz_connect (MdCardBackend *backend, const char *reader, MdCardLink *out_link,
              GCancellable *cancellable, GError **error)
{
  /* Historical bytes of category 80 with the card's capabilities. */
  static const guint8 long_atr[] = { 0x3b, 0x05, 0x80, 0x73, 0x00, 0x00, 0xc0 };
  FuzzBackend *self = FUZZ_BACKEND (backend);

  g_assert_false (self->connected);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  self->connected = TRUE;
  self->gone = self->pieces = FALSE;
  self->exchanges = 0;
  self->funcs->power (self->card);
  out_link->handle = 1;
  out_link->events = self->events;
  if (self->extended)
    {
      memcpy (out_link->atr, long_atr, sizeof long_atr);
      out_link->atr_length = sizeof long_atr;
      out_link->reader_apdu_max = self->ask ? 0 : 65535;
    }
  return TRUE;
}

static void
check_command (FuzzBackend *self, const MdCardExchange *exchange, GCancellable *cancellable)
{
  g_assert_true (self->connected);
  g_assert_false (self->gone);
  g_assert_false (g_cancellable_is_cancelled (cancellable));
  g_assert_null (pin_place);
  g_assert_cmpuint (exchange->command_length, >=, 4);
  self->exchanges++;
  g_assert_true (self->exchanges <= FUZZ_CONVERSATION_MAX || self->funcs == &fuzz_script_funcs);
  g_assert_true (self->pieces || is_wiped (exchange));
  if (exchange->command[1] == INS_VERIFY && exchange->command_length > 5)
    note_pin (self, exchange);
}

/* Hands the answer over, as much of it as there is room for: a driver has to. */
static gboolean
hand_over (const GByteArray *answer, MdCardExchange *exchange, GError **error)
{
  if (answer->len > exchange->response_size)
    {
      md_card_error_set (error, MD_CARD_ERROR_PROTOCOL);
      return FALSE;
    }
  if (answer->len > 0)
    memcpy (exchange->response, answer->data, answer->len);
  exchange->response_length = answer->len;
  return TRUE;
}

static gboolean
fuzz_transmit (MdCardBackend *backend, const MdCardLink *link, MdCardExchange *exchange,
               GCancellable *cancellable, GError **error)
{
  FuzzBackend *self = FUZZ_BACKEND (backend);
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  guint8 high;

  check_command (self, exchange, cancellable);
  self->gone = !self->funcs->transmit (self->card, exchange->command, exchange->command_length,
                                       answer, cancellable, error)
               || !hand_over (answer, exchange, error);
  high = answer->len >= 2 ? answer->data[answer->len - 2] : 0;
  self->pieces = high == 0x61 || high == 0x6c;
  return !self->gone;
}

static gboolean
fuzz_control (MdCardBackend *backend, const MdCardLink *link, guint32 code,
              MdCardExchange *exchange, GCancellable *cancellable, GError **error)
{
  FuzzBackend *self = FUZZ_BACKEND (backend);
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  g_autoptr (GBytes) request = g_bytes_new_static (exchange->command, exchange->command_length);

  g_assert_true (self->connected);
  g_assert_false (self->gone);
  g_assert_false (g_cancellable_is_cancelled (cancellable));
  g_assert_true (is_wiped (exchange));
  return self->funcs->control (self->card, code, request, answer, cancellable, error)
         && hand_over (answer, exchange, error);
}

static void
fuzz_disconnect (MdCardBackend *backend, const MdCardLink *link)
{
  FuzzBackend *self = FUZZ_BACKEND (backend);

  g_assert_true (self->connected);
  self->connected = FALSE;
}

static MdCardSnapshot *
fuzz_watch (MdCardBackend *backend, const MdCardSnapshot *known, GCancellable *cancellable,
            GError **error)
{
  MdCardSnapshot *snapshot = md_card_snapshot_new (TRUE);

  g_ptr_array_add (snapshot->readers,
                   md_card_reader_state_new (FUZZ_READER, MD_CARD_SLOT_PRESENT, 1));
  return snapshot;
}

static void
fuzz_backend_iface_init (MdCardBackendInterface *iface)
{
  iface->list = fuzz_list;
  iface->connect = fuzz_connect;
  iface->transmit = fuzz_transmit;
  iface->disconnect = fuzz_disconnect;
  iface->watch = fuzz_watch;
  iface->control = fuzz_control;
}

static void
fuzz_backend_class_init (FuzzBackendClass *klass)
{
}

static void
fuzz_backend_init (FuzzBackend *self)
{
}

FuzzBackend *
fuzz_backend_new (const FuzzCardFuncs *funcs, gpointer card, gboolean extended, gboolean ask)
{
  FuzzBackend *self = g_object_new (FUZZ_TYPE_BACKEND, NULL);

  self->funcs = funcs;
  self->card = card;
  self->extended = extended;
  self->ask = ask;
  self->events = 1;
  pin_place = NULL;
  return self;
}

void
fuzz_backend_reinsert (FuzzBackend *self)
{
  self->events++;
}

void
fuzz_backend_allow_pin (FuzzBackend *self)
{
  self->allowed = self->pins + 1;
}

guint
fuzz_backend_get_pins (FuzzBackend *self)
{
  return self->pins;
}

void
fuzz_backend_finish (FuzzBackend *self)
{
  g_assert_false (self->connected);
  g_assert_null (pin_place);
}

/* --- The script --- */

static gboolean
script_transmit (gpointer card, const guint8 *command, gsize length, GByteArray *answer,
                 GCancellable *cancellable, GError **error)
{
  MdReader *script = card;
  guint8 kind = md_reader_u8 (script);
  const guint8 *bytes;
  gsize size;

  if (kind == SCRIPT_CANCEL)
    {
      g_cancellable_cancel (cancellable);
      kind = md_reader_u8 (script);
    }
  if (kind == SCRIPT_ERROR)
    {
      fuzz_model_set_transport_error (md_reader_u8 (script), error);
      return FALSE;
    }
  size = kind == SCRIPT_LONG ? md_reader_u16be (script) : kind;
  bytes = md_reader_bytes (script, size);
  if (bytes == NULL)
    {
      md_card_error_set (error, MD_CARD_ERROR_REMOVED);
      return FALSE;
    }
  g_byte_array_append (answer, bytes, (guint)size);
  return TRUE;
}

static gboolean
script_control (gpointer card, guint32 code, GBytes *request, GByteArray *answer,
                GCancellable *cancellable, GError **error)
{
  return script_transmit (card, NULL, 0, answer, cancellable, error);
}

static void
script_power (gpointer card)
{
}

const FuzzCardFuncs fuzz_script_funcs = { script_transmit, script_control, script_power };

static gboolean
model_transmit (gpointer card, const guint8 *command, gsize length, GByteArray *answer,
                GCancellable *cancellable, GError **error)
{
  return fuzz_model_transmit (card, command, length, answer, cancellable, error);
}

static gboolean
model_control (gpointer card, guint32 code, GBytes *request, GByteArray *answer,
               GCancellable *cancellable, GError **error)
{
  return fuzz_model_control (card, code, request, answer, cancellable, error);
}

static void
model_power (gpointer card)
{
  fuzz_model_power (card);
}

const FuzzCardFuncs fuzz_model_funcs = { model_transmit, model_control, model_power };
