// SPDX-License-Identifier: Apache-2.0
#include "mishap-card.h"

#include "mishap-steps.h"

#include <string.h>

const PinPlace mishap_pins[N_PIN_PLACES] = {
  { "jpki-0018", 'j', 0x0018, 3 },    { "jpki-001B", 'j', 0x001b, 5 },
  { "text-0011", 't', 0x0011, 3 },    { "text-0014", 't', 0x0014, 10 },
  { "text-0015", 't', 0x0015, 10 },   { "visual-0011", 'v', 0x0011, 10 },
  { "visual-0012", 'v', 0x0012, 10 }, { "visual-0013", 'v', 0x0013, 10 },
  { "common-001C", 'c', 0x001c, 3 },
};

struct _MishapCard
{
  GObject parent_instance;

  MdTestClock *clock;
  VcCard *card;
  VcCard *first; // that lay there when the mishap was planned
  VcCard *other;
  gboolean extended;
  Mishap mishap;
  guint at;
  GMutex mutex; // of EVENTS, which are watched from another thread
  GCond changed;
  guint32 events;
  Step current; // what the card was asked last, and so where it stands
  gboolean talking;
  gboolean gone; // the conversation was told that it is over
  MishapCount count;
  GPtrArray *steps;
  const MdSecret *keys_text; // borrowed; NULL: there is no keypad
  const MdSecret *keys_auth;
  gboolean keyed; // the command on its way comes from the keypad
  Mutant mutant;
  GHashTable *seen; // MUTANT_OTHER_DATA: command -> the first answer to it
};

static void mishap_card_iface_init (MdCardBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MishapCard, mishap_card, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (MD_TYPE_CARD_BACKEND, mishap_card_iface_init))

static void
mishap_card_finalize (GObject *object)
{
  MishapCard *self = MISHAP_CARD (object);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->seen, g_hash_table_unref);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  G_OBJECT_CLASS (mishap_card_parent_class)->finalize (object);
}

static void
mishap_card_class_init (MishapCardClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mishap_card_finalize;
}

static void
bytes_unref (gpointer bytes)
{
  g_bytes_unref (bytes);
}

static void
mishap_card_init (MishapCard *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->events = 1;
  self->seen = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, bytes_unref, bytes_unref);
}

MishapCard *
mishap_card_new (MdTestClock *clock)
{
  MishapCard *self = g_object_new (MISHAP_TYPE_CARD, NULL);
  self->clock = g_object_ref (clock);
  return self;
}

void
mishap_card_put (MishapCard *self, VcCard *card, gboolean extended)
{
  g_mutex_lock (&self->mutex);
  if (self->card != card)
    self->events++;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
  self->card = card;
  self->extended = extended;
}

void
mishap_card_set_keys (MishapCard *self, const MdSecret *text, const MdSecret *auth)
{
  self->keys_text = text;
  self->keys_auth = auth;
}

void
mishap_card_plan (MishapCard *self, const Mishap *mishap, guint at, VcCard *other)
{
  self->mishap = mishap != NULL ? *mishap : (Mishap){ .kind = MISHAP_NONE };
  self->at = at;
  self->first = self->card;
  self->other = other;
  self->count = (MishapCount){ 0 };
}

void
mishap_card_record (MishapCard *self, GPtrArray *steps)
{
  self->steps = steps;
}

MishapCount
mishap_card_get_count (MishapCard *self)
{
  return self->count;
}

void
mishap_card_set_mutant (MishapCard *self, Mutant mutant)
{
  self->mutant = mutant;
}

static GStrv
mishap_card_list (MdCardBackend *backend, GCancellable *cancellable, GError **error)
{
  GStrv names = g_new0 (char *, 2);
  names[0] = g_strdup (MISHAP_READER);
  return names;
}

static gboolean
mishap_card_connect (MdCardBackend *backend, const char *reader, MdCardLink *out_link,
                     GCancellable *cancellable, GError **error)
{
  static const guint8 extended_atr[] = { 0x3b, 0xda, 0x13, 0xff, 0x81, 0x31, 0xfb, 0x46, 0x80, 0x12,
                                         0x39, 0x2f, 0x31, 0xc1, 0x73, 0xc6, 0x01, 0xc0, 0x3b };
  MishapCard *self = MISHAP_CARD (backend);
  if (self->mishap.kind == MISHAP_CONNECT)
    {
      md_card_error_set (error, (MdCardError)self->mishap.value);
      return FALSE;
    }
  self->count.connects++;
  self->talking = TRUE;
  self->gone = FALSE;
  vc_card_power (self->card);
  self->current = (Step){ .application = '-' };
  *out_link = (MdCardLink){ .events = self->events };
  if (self->extended)
    {
      memcpy (out_link->atr, extended_atr, sizeof extended_atr);
      out_link->atr_length = sizeof extended_atr;
      out_link->reader_apdu_max = 65536;
    }
  return TRUE;
}

static gboolean
fail (MishapCard *self, GError **error)
{
  MdCardError code
      = self->mishap.kind == MISHAP_SWAP ? MD_CARD_ERROR_REMOVED : (MdCardError)self->mishap.value;
  // A driver that fails with its keypad says nothing of the card.
  self->gone = !self->keyed || code != MD_CARD_ERROR_FAILED;
  if (code == MD_CARD_ERROR_REMOVED)
    {
      vc_card_power (self->card);
      self->events++;
    }
  if (self->mutant == MUTANT_CALLS_IT_PIN)
    code = MD_CARD_ERROR_PIN_WRONG;
  md_card_error_set (error, code);
  return FALSE;
}

PinCount
mishap_count_of (const MishapCount *count, const char *object)
{
  for (gsize i = 0; i < N_PIN_PLACES; i++)
    if (g_str_equal (mishap_pins[i].object, object))
      return count->pins[i];
  g_error ("no such PIN: %s", object);
}

// A PIN that reached the card, by what the card said to it.
static void
count_pin (MishapCard *self, GBytes *answer)
{
  guint16 word = mishap_word_of (answer);
  const Step *at = &self->current;
  if ((at->verb != STEP_PRESENT && at->verb != STEP_ENTER) || self->card != self->first)
    return;
  for (gsize i = 0; i < N_PIN_PLACES; i++)
    {
      if (mishap_pins[i].application != at->application || mishap_pins[i].ef != at->ef)
        continue;
      self->count.pins[i].right += word == 0x9000;
      self->count.pins[i].wrong += (word & 0xfff0) == 0x63c0;
    }
}

static GBytes *
work (MishapCard *self, const MdCardExchange *exchange)
{
  GBytes *answer = vc_card_transmit (self->card, exchange->command, exchange->command_length, NULL);
  mishap_step_follow (&self->current, exchange->command, exchange->command_length, self->keyed);
  count_pin (self, answer);
  if (self->steps != NULL)
    mishap_steps_add (self->steps, &self->current, answer);
  return answer;
}

static GBytes *
with_word (GBytes *answer, gsize size, const guint8 *more, gsize more_size, guint16 word)
{
  GByteArray *result = g_byte_array_new ();
  guint8 sw[2] = { (guint8)(word >> 8), (guint8)(word & 0xff) };
  if (size > 0)
    g_byte_array_append (result, g_bytes_get_data (answer, NULL), (guint)size);
  if (more_size > 0)
    g_byte_array_append (result, more, (guint)more_size);
  g_byte_array_append (result, sw, sizeof sw);
  return g_byte_array_free_to_bytes (result);
}

// The same noise in every run.
static void
scramble (guint8 *data, gsize size, guint32 seed)
{
  guint32 noise = 0x2545f491u + seed * 0x9e3779b9u;
  for (gsize i = 0; i < size; i++)
    {
      noise = noise * 1664525u + 1013904223u;
      data[i] ^= (guint8)(noise >> 24);
    }
}

GBytes *
mishap_spoil (const Mishap *mishap, GBytes *answer)
{
  static const guint8 too_much[1024] = { 0 };
  gsize size = g_bytes_get_size (answer) - 2;
  guint16 word = mishap_word_of (answer);
  g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (answer, NULL), size + 2);
  switch (mishap->kind)
    {
    case MISHAP_WORD_AFTER:
      return with_word (answer, size, NULL, 0, (guint16)mishap->value);
    case MISHAP_FRAGMENT:
      return g_bytes_new (data, mishap->value);
    case MISHAP_CUT:
      return with_word (answer, MIN (size, mishap->value), NULL, 0, word);
    case MISHAP_GROW:
      return with_word (answer, size, too_much, MIN (mishap->value, sizeof too_much), word);
    case MISHAP_NOISE:
      if (mishap->position < size)
        scramble (data + mishap->position, size - mishap->position, mishap->value);
      return g_bytes_new (data, size + 2);
    case MISHAP_BYTE:
      if (mishap->position < size)
        data[mishap->position] = (guint8)mishap->value;
      return g_bytes_new (data, size + 2);
    case MISHAP_NONE:
    case MISHAP_CONNECT:
    case MISHAP_FAIL:
    case MISHAP_FAIL_AFTER:
    case MISHAP_SWAP:
    case MISHAP_SLIP:
    case MISHAP_RESET:
    case MISHAP_WORD:
    case MISHAP_SLOW:
    case MISHAP_MUTE:
    default:
      return g_bytes_ref (answer);
    }
}

static gboolean
give (MdCardExchange *exchange, GBytes *answer, GError **error)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (answer, &size);
  if (size > exchange->response_size) // as PC/SC has it
    {
      md_card_error_set (error, MD_CARD_ERROR_FAILED);
      return FALSE;
    }
  if (size > 0)
    memcpy (exchange->response, data, size);
  exchange->response_length = size;
  return TRUE;
}

// The first answer that any card gave to a command, for ever.
static GBytes *
mix_up (MishapCard *self, const MdCardExchange *exchange, GBytes *answer)
{
  g_autoptr (GBytes) command = g_bytes_new (exchange->command, exchange->command_length);
  GBytes *first = g_hash_table_lookup (self->seen, command);
  if (exchange->command[1] != 0xb0 || mishap_word_of (answer) != 0x9000)
    return g_bytes_ref (answer);
  if (first == NULL)
    g_hash_table_insert (self->seen, g_steal_pointer (&command), g_bytes_ref (answer));
  return g_bytes_ref (first != NULL ? first : answer);
}

static gboolean
is_beginning (const Step *step)
{
  return step->verb == STEP_READ && step->offset == 0;
}

static GBytes *
answer_to (MishapCard *self, const Mishap *mishap, const MdCardExchange *exchange)
{
  if (mishap->kind == MISHAP_WORD)
    return with_word (NULL, 0, NULL, 0, (guint16)mishap->value);
  if (mishap->kind == MISHAP_RESET || mishap->kind == MISHAP_SLIP)
    vc_card_power (self->card);
  if (mishap->kind == MISHAP_SLIP)
    {
      self->card = self->other;
      vc_card_power (self->card);
    }
  g_autoptr (GBytes) answer = work (self, exchange);
  if ((self->mutant == MUTANT_SENDS_TWICE && mishap->kind == MISHAP_FAIL_AFTER)
      || (self->mutant == MUTANT_READS_TWICE && is_beginning (&self->current)))
    {
      g_autoptr (GBytes) again = work (self, exchange);
    }
  if (self->mutant == MUTANT_OTHER_DATA)
    return mix_up (self, exchange, answer);
  if (self->mutant == MUTANT_CALLS_IT_SUCCESS && mishap->kind == MISHAP_CUT)
    return g_steal_pointer (&answer);
  return mishap_spoil (mishap, answer);
}

// No answer comes, and none is given up before somebody says so.
static gboolean
stay_mute (MishapCard *self, const MdCardExchange *exchange, GCancellable *cancellable,
           GError **error)
{
  GPollFD fd;
  if (self->mishap.value != 0)
    {
      g_autoptr (GBytes) answer = work (self, exchange);
    }
  if (!g_cancellable_make_pollfd (cancellable, &fd))
    g_error ("nobody could ever give up");
  while (!g_cancellable_is_cancelled (cancellable))
    (void)g_poll (&fd, 1, -1);
  g_cancellable_release_fd (cancellable);
  self->gone = TRUE;
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

// One command to the card, whoever sends it.
static gboolean
pass_on (MishapCard *self, MdCardExchange *exchange, GCancellable *cancellable, GError **error)
{
  static const Mishap nothing = { .kind = MISHAP_NONE };
  const Mishap *mishap = self->count.commands == self->at ? &self->mishap : &nothing;
  if (self->mutant == MUTANT_STALLS && self->count.commands == 0)
    g_usleep (MISHAP_STALL_MSEC * 1000);
  self->count.commands++;
  md_test_clock_advance_us (self->clock, MISHAP_USUAL_USEC);
  if (self->gone || !self->talking)
    {
      self->count.stray++;
      md_card_error_set (error, MD_CARD_ERROR_REMOVED);
      return FALSE;
    }
  if (mishap->kind == MISHAP_SWAP)
    {
      gboolean failed = fail (self, error);
      self->card = self->other;
      return failed;
    }
  if (mishap->kind == MISHAP_FAIL)
    return fail (self, error);
  if (mishap->kind == MISHAP_MUTE)
    return stay_mute (self, exchange, cancellable, error);
  if (mishap->kind == MISHAP_SLOW)
    md_test_clock_advance_us (self->clock, (gint64)mishap->value * G_USEC_PER_SEC);
  g_autoptr (GBytes) answer = answer_to (self, mishap, exchange);
  if (mishap->kind == MISHAP_FAIL_AFTER)
    return fail (self, error);
  return give (exchange, answer, error);
}

static gboolean
mishap_card_transmit (MdCardBackend *backend, const MdCardLink *link, MdCardExchange *exchange,
                      GCancellable *cancellable, GError **error)
{
  return pass_on (MISHAP_CARD (backend), exchange, cancellable, error);
}

// --- The keypad: PC/SC part 10 ---

#define PAD_VERIFY 0x42330006u
#define PAD_COMMAND_AT 19 // in PIN_VERIFY_STRUCTURE
#define PAD_DIGITS 4

// The keypad fills the digits into the command that it was given.
static gboolean
enter (MishapCard *self, MdCardExchange *exchange, GCancellable *cancellable, GError **error)
{
  const MdSecret *keys = self->current.application == 't' ? self->keys_text : self->keys_auth;
  guint8 command[5 + PAD_DIGITS];
  g_assert_cmpuint (exchange->command_length, ==, PAD_COMMAND_AT + sizeof command);
  g_assert_cmpuint (md_secret_get_size (keys), ==, PAD_DIGITS);
  memcpy (command, exchange->command + PAD_COMMAND_AT, 5);
  memcpy (command + 5, md_secret_get_data (keys), PAD_DIGITS);
  MdCardExchange keyed = { .command = command,
                           .command_length = sizeof command,
                           .response = exchange->response,
                           .response_size = exchange->response_size };
  self->keyed = TRUE;
  gboolean sent = pass_on (self, &keyed, cancellable, error);
  self->keyed = FALSE;
  exchange->response_length = keyed.response_length;
  return sent;
}

static gboolean
mishap_card_control (MdCardBackend *backend, const MdCardLink *link, guint32 code,
                     MdCardExchange *exchange, GCancellable *cancellable, GError **error)
{
  static const guint8 features[] = { 0x06, 0x04, 0x42, 0x33, 0x00, 0x06 };
  MishapCard *self = MISHAP_CARD (backend);
  if (self->keys_text != NULL && code == PAD_VERIFY)
    return enter (self, exchange, cancellable, error);
  if (self->keys_text != NULL && code == MD_CARD_CONTROL_FEATURES)
    {
      g_autoptr (GBytes) list = g_bytes_new_static (features, sizeof features);
      return give (exchange, list, error);
    }
  md_card_error_set (error, MD_CARD_ERROR_UNSUPPORTED);
  return FALSE;
}

static void
mishap_card_disconnect (MdCardBackend *backend, const MdCardLink *link)
{
  MishapCard *self = MISHAP_CARD (backend);
  self->talking = FALSE;
  if (self->mutant != MUTANT_NEVER_ENDS)
    self->count.disconnects++;
  if (self->mutant != MUTANT_KEEPS_POWER)
    vc_card_power (self->card);
}

static void
wake (GCancellable *cancellable, MishapCard *self)
{
  g_mutex_lock (&self->mutex);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

static MdCardSnapshot *
mishap_card_watch (MdCardBackend *backend, const MdCardSnapshot *known, GCancellable *cancellable,
                   GError **error)
{
  MishapCard *self = MISHAP_CARD (backend);
  gulong handler = g_cancellable_connect (cancellable, G_CALLBACK (wake), self, NULL);
  g_mutex_lock (&self->mutex);
  while (known != NULL && known->readers->len == 1
         && md_card_snapshot_find (known, MISHAP_READER)->events == self->events
         && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait (&self->changed, &self->mutex);
  MdCardReaderState *state
      = md_card_reader_state_new (MISHAP_READER, MD_CARD_SLOT_PRESENT, self->events);
  g_mutex_unlock (&self->mutex);
  g_cancellable_disconnect (cancellable, handler);
  g_autoptr (MdCardSnapshot) now = md_card_snapshot_new (TRUE);
  g_ptr_array_add (now->readers, state);
  return g_cancellable_set_error_if_cancelled (cancellable, error) ? NULL : g_steal_pointer (&now);
}

static void
mishap_card_iface_init (MdCardBackendInterface *iface)
{
  iface->list = mishap_card_list;
  iface->connect = mishap_card_connect;
  iface->transmit = mishap_card_transmit;
  iface->control = mishap_card_control;
  iface->disconnect = mishap_card_disconnect;
  iface->watch = mishap_card_watch;
}
