// SPDX-License-Identifier: Apache-2.0
#include "card-model-private.h"

#include <md-apdu.h>
#include <md-card.h>

#include <string.h>

#define PIECE 200      /* of an answer that is fetched by GET RESPONSE */
#define VERIFY_HEAD 19 /* bytes of PIN_VERIFY_STRUCTURE before the command */
#define MODIFY_HEAD 24 /* ... and of PIN_MODIFY_STRUCTURE */

const ModelPin fuzz_model_pins[N_PINS] = {
  [MD_CARD_PIN_AUTH] = { MODEL_JPKI, 0x0018, 3 },
  [MD_CARD_PIN_TEXT] = { MODEL_TEXT, 0x0011, 3 },
  [MD_CARD_PIN_SIGN] = { MODEL_JPKI, 0x001b, 5 },
  [MD_CARD_PIN_TEXT_A] = { MODEL_TEXT, 0x0014, 10 },
  [MD_CARD_PIN_TEXT_B] = { MODEL_TEXT, 0x0015, 10 },
  [MD_CARD_PIN_FACE_A] = { MODEL_VISUAL, 0x0013, 10 },
  [MD_CARD_PIN_FACE_B] = { MODEL_VISUAL, 0x0012, 10 },
  [MD_CARD_PIN_STAFF] = { MODEL_PIV, 0, 3 },
};

void
fuzz_model_free (FuzzModel *self)
{
  if (self == NULL)
    return;
  model_files_free (self->files);
  g_byte_array_unref (self->rest);
  g_free (self);
}

static void
forget_verified (FuzzModel *self)
{
  for (guint i = 0; i < N_PINS; i++)
    self->pins[i].verified = self->pins[i].tell_once = FALSE;
}

void
fuzz_model_power (FuzzModel *self)
{
  self->application = MODEL_NONE;
  self->file = 0;
  self->fresh = TRUE;
  g_byte_array_set_size (self->rest, 0);
  forget_verified (self);
}

gboolean
fuzz_model_is_honest (const FuzzModel *self)
{
  return self->honest;
}

gboolean
fuzz_model_is_sound (const FuzzModel *self)
{
  return self->sound && !fuzz_model_has_quirk (self, MODEL_QUIRK_OTHER_CARD);
}

gboolean
fuzz_model_has_quirk (const FuzzModel *self, ModelQuirk quirk)
{
  return (self->quirks & quirk) != 0;
}

guint
fuzz_model_get_tries (const FuzzModel *self, guint pin)
{
  return self->pins[pin].tries;
}

guint
fuzz_model_get_mistakes (const FuzzModel *self, guint pin)
{
  return self->pins[pin].mistakes;
}

/* --- The commands --- */

static guint16
select_application (FuzzModel *self, const MdCommand *command)
{
  const ModelApplication application = model_find_application (command->data, command->data_size);

  if (application == MODEL_NONE || (application == MODEL_PIV) != self->staff)
    return 0x6a82;
  self->application = application;
  self->file = 0;
  forget_verified (self);
  return MD_SW_OK;
}

static guint
find_pin (const FuzzModel *self)
{
  for (guint i = MD_CARD_PIN_AUTH; i < N_PINS; i++)
    if (self->application == fuzz_model_pins[i].application
        && (self->application == MODEL_PIV || self->file == fuzz_model_pins[i].ef))
      return i;
  return 0;
}

static guint16
select_file (FuzzModel *self, const MdCommand *command)
{
  if (self->application == MODEL_NONE || command->data_size != 2)
    return 0x6a82;
  self->file = (guint32)command->data[0] << 8 | command->data[1];
  if (find_pin (self) == 0 && !model_is_key (self->application, self->file)
      && model_files_get (self->files, self->application, self->file, NULL) == NULL)
    return 0x6a82;
  return MD_SW_OK;
}

static guint16
word_for_tries (const FuzzModel *self, const Pin *pin, gboolean asked)
{
  if (pin->tries > 0)
    return fuzz_model_has_quirk (self, MODEL_QUIRK_NO_COUNT) ? 0x6300
                                                             : (guint16)(0x63c0 | pin->tries);
  if (asked && fuzz_model_has_quirk (self, MODEL_QUIRK_LOCK_63C0))
    return 0x63c0;
  return fuzz_model_has_quirk (self, MODEL_QUIRK_LOCK_6983) ? 0x6983 : 0x6984;
}

static gboolean
is_right (const FuzzModel *self, guint pin, const MdCommand *command)
{
  const gsize length = strlen (self->typed[pin]);
  const guint8 last = (guint8)(self->typed[pin][length - 1] + (self->pins[pin].other ? 1 : 0));

  return command->data_size >= length && memcmp (command->data, self->typed[pin], length - 1) == 0
         && command->data[length - 1] == last;
}

static guint16
verify (FuzzModel *self, const MdCommand *command)
{
  const guint which = find_pin (self);
  Pin *pin = &self->pins[which];

  if (which == 0)
    return 0x6986;
  if (command->data_size == 0 && pin->tell_once)
    {
      pin->tell_once = FALSE;
      return MD_SW_OK;
    }
  if (command->data_size == 0 || pin->tries == 0)
    return word_for_tries (self, pin, command->data_size == 0);
  if (!is_right (self, which, command))
    {
      pin->tries--;
      pin->mistakes++;
      return word_for_tries (self, pin, FALSE);
    }
  pin->tries = fuzz_model_pins[which].maximum;
  pin->verified = TRUE;
  pin->tell_once = fuzz_model_has_quirk (self, MODEL_QUIRK_VERIFIED_9000);
  return MD_SW_OK;
}

/* Whether one of the PINs that open the current file stands verified. */
static gboolean
is_open (const FuzzModel *self)
{
  const guint openers = model_get_openers (self->application, self->file);

  for (guint i = 0; i < N_PINS; i++)
    if ((openers & 1u << i) != 0 && self->pins[i].verified)
      return TRUE;
  return openers == 0;
}

static guint16
read_binary (FuzzModel *self, const MdCommand *command, GByteArray *answer)
{
  const gsize offset = (gsize)command->p1 << 8 | command->p2;
  gsize size = 0;
  const guint8 *file = model_files_get (self->files, self->application, self->file, &size);

  if (file == NULL)
    return 0x6986;
  if (!is_open (self))
    return 0x6982;
  if (offset > size || (offset == size && size > 0))
    return 0x6b00;
  size = MIN (size - offset, command->expected);
  g_byte_array_append (answer, file + offset, (guint)size);
  return size < command->expected && fuzz_model_has_quirk (self, MODEL_QUIRK_EOF_6282) ? 0x6282
                                                                                       : MD_SW_OK;
}

static guint16
get_object (FuzzModel *self, guint32 tag, GByteArray *answer)
{
  gsize size = 0;
  const guint8 *object = model_files_get (self->files, self->application, tag, &size);

  if (object == NULL)
    return 0x6a88;
  g_byte_array_append (answer, object, (guint)size);
  return MD_SW_OK;
}

/* The key of the card itself, which no PIN stands before. */
static guint16
use_own_key (FuzzModel *self, GByteArray *answer)
{
  gsize size = 0;
  const guint8 *signature
      = model_files_get (self->files, MODEL_JPKI, MODEL_SIGNATURES + MODEL_SIGNATURE_RSA, &size);

  if (signature == NULL)
    return 0x6a88;
  g_byte_array_append (answer, signature, (guint)size);
  return MD_SW_OK;
}

static guint16
use_key (FuzzModel *self, const MdCommand *command, GByteArray *answer)
{
  ModelSignature which = MODEL_SIGNATURE_PIV;

  if (self->application == MODEL_TEXT && command->p2 == 0x00)
    return use_own_key (self, answer);
  if (!is_open (self))
    return 0x6982;
  if (self->application == MODEL_JPKI && model_is_key (self->application, self->file))
    which = command->data_size != 48                       ? MODEL_SIGNATURE_RSA
            : fuzz_model_has_quirk (self, MODEL_QUIRK_DER) ? MODEL_SIGNATURE_DER
                                                           : MODEL_SIGNATURE_PLAIN;
  else if (self->application != MODEL_PIV)
    return 0x6985;
  else if (command->p2 != MD_STAFF_SLOT_CARD_AUTH && !self->pins[MD_CARD_PIN_STAFF].verified)
    return 0x6982;
  return get_object (self, MODEL_SIGNATURES + which, answer);
}

static guint16
dispatch (FuzzModel *self, const MdCommand *command, GByteArray *answer)
{
  switch (command->ins)
    {
    case 0xa4:
      if (command->p1 == 0x04)
        return select_application (self, command);
      return command->p1 == 0x02 ? select_file (self, command) : 0x6a86;
    case 0xb0:
      return read_binary (self, command, answer);
    case 0xb2:
      return get_object (self, self->file, answer);
    case 0xca:
      return get_object (self, (guint32)command->p1 << 8 | command->p2, answer);
    case 0xcb:
      return command->data_size == 5 ? get_object (self, command->data[4], answer) : 0x6a80;
    case 0x20:
      return verify (self, command);
    case 0x24:
      return MD_SW_OK;
    case 0x2a:
    case 0x87:
      return use_key (self, command, answer);
    default:
      return 0x6d00;
    }
}

static void
append_word (GByteArray *answer, guint16 word)
{
  const guint8 bytes[2] = { (guint8)(word >> 8), (guint8)(word & 0xff) };

  g_byte_array_append (answer, bytes, sizeof bytes);
}

/* Leaves what does not fit into one piece for GET RESPONSE. */
static guint16
keep_rest (FuzzModel *self, GByteArray *answer, guint16 word)
{
  const guint here = MIN (answer->len, PIECE);

  g_byte_array_set_size (self->rest, 0);
  if (!fuzz_model_has_quirk (self, MODEL_QUIRK_PIECES) || answer->len <= PIECE)
    return word;
  g_byte_array_append (self->rest, answer->data + here, answer->len - here);
  g_byte_array_set_size (answer, here);
  return (guint16)(0x6100 | (self->rest->len > 0xff ? 0 : self->rest->len));
}

/* MODEL_QUIRK_EXACT: the command has to say how many bytes there are. */
static guint16
demand_exact (FuzzModel *self, const MdCommand *command, guint16 word, GByteArray *answer)
{
  if (!fuzz_model_has_quirk (self, MODEL_QUIRK_EXACT) || answer->len == 0 || answer->len > 256
      || answer->len == command->expected)
    return word;
  word = (guint16)(0x6c00 | (answer->len & 0xff));
  g_byte_array_set_size (answer, 0);
  return word;
}

static void
carry_out (FuzzModel *self, const guint8 *bytes, gsize length, GByteArray *answer)
{
  MdCommand command;
  MdCommandForm form;
  guint16 word;
  const gboolean first = self->fresh;

  self->fresh = FALSE;
  if (!md_command_parse (bytes, length, &command, &form, NULL))
    g_assert_not_reached ();
  if (first && fuzz_model_has_quirk (self, MODEL_QUIRK_FIRST_6F00))
    word = 0x6f00;
  else if (form == MD_COMMAND_FORM_EXTENDED && fuzz_model_has_quirk (self, MODEL_QUIRK_SHORT_ONLY))
    word = 0x6700;
  else if (command.ins == 0xc0)
    {
      g_byte_array_append (answer, self->rest->data, self->rest->len);
      word = MD_SW_OK;
    }
  else
    word = demand_exact (self, &command, dispatch (self, &command, answer), answer);
  append_word (answer, keep_rest (self, answer, word));
}

/* --- The mishaps --- */

void
fuzz_model_set_transport_error (guint which, GError **error)
{
  static const MdCardError codes[]
      = { MD_CARD_ERROR_REMOVED,    MD_CARD_ERROR_MUTE,       MD_CARD_ERROR_TIMEOUT,
          MD_CARD_ERROR_NO_READER,  MD_CARD_ERROR_FAILED,     MD_CARD_ERROR_BUSY,
          MD_CARD_ERROR_NO_SERVICE, MD_CARD_ERROR_NO_CARD,    MD_CARD_ERROR_NO_PERMISSION,
          MD_CARD_ERROR_PROTOCOL,   MD_CARD_ERROR_UNSUPPORTED };
  const MdCardError code = codes[which % G_N_ELEMENTS (codes)];

  md_card_error_set (error, code);
  if (code == MD_CARD_ERROR_BUSY && error != NULL)
    md_card_error_set_holder (*error, "a browser");
}

static gboolean
fail (const Mishap *mishap, GError **error)
{
  fuzz_model_set_transport_error (mishap->value, error);
  return FALSE;
}

static gboolean
cancel (const Mishap *mishap, GCancellable *cancellable, GError **error)
{
  g_cancellable_cancel (cancellable);
  return (mishap->value & 1) == 0 || !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static void
spoil (FuzzModel *self, const Mishap *mishap, GByteArray *answer)
{
  const guint value = mishap->value;

  self->honest = FALSE;
  if (mishap->kind == MISHAP_WORD || mishap->kind == MISHAP_WORD_AFTER)
    {
      g_byte_array_set_size (answer, 0);
      append_word (answer, mishap->value);
    }
  else if (mishap->kind == MISHAP_SHORTER)
    g_byte_array_set_size (answer, answer->len - MIN (answer->len, value));
  else if (mishap->kind == MISHAP_LONGER)
    for (guint i = 0; i < value; i++)
      g_byte_array_append (answer, (const guint8 *)"\x5a", 1);
  else if (answer->len > 0)
    answer->data[value % answer->len] ^= (guint8)(1u << (value >> 13));
}

static const Mishap *
find_mishap (const FuzzModel *self)
{
  for (guint i = 0; i < self->n_mishaps; i++)
    if (self->mishaps[i].at == self->count)
      return &self->mishaps[i];
  return NULL;
}

gboolean
fuzz_model_transmit (FuzzModel *self, const guint8 *command, gsize length, GByteArray *answer,
                     GCancellable *cancellable, GError **error)
{
  const Mishap *mishap = find_mishap (self);

  self->count++;
  if (mishap != NULL && mishap->kind == MISHAP_FAIL_BEFORE)
    return fail (mishap, error);
  if (mishap == NULL || mishap->kind != MISHAP_WORD)
    carry_out (self, command, length, answer);
  if (mishap == NULL)
    return TRUE;
  if (mishap->kind == MISHAP_FAIL_AFTER)
    return fail (mishap, error);
  if (mishap->kind == MISHAP_CANCEL)
    return cancel (mishap, cancellable, error);
  spoil (self, mishap, answer);
  return TRUE;
}

/* --- The keypad --- */

/* PIN_VERIFY_STRUCTURE: its ulDataLength is right where that of PIN_MODIFY_STRUCTURE is not. */
static gboolean
is_verify (const guint8 *request, gsize length)
{
  return length > VERIFY_HEAD && request[VERIFY_HEAD - 4] == length - VERIFY_HEAD;
}

/* The PIN goes from the keypad to the card. The structure's last bytes are the command. */
static void
enter_pin (FuzzModel *self, const guint8 *request, gsize length, guint head, GByteArray *answer)
{
  static const char wrong[] = "9999";
  const guint which = find_pin (self);
  guint8 command[5 + 16];
  gsize room;

  g_assert_cmpuint (length, >=, head + 5u);
  room = request[head + 4];
  g_assert_cmpuint (length, ==, head + 5 + room);
  g_assert_cmpuint (room, <=, 16);
  memcpy (command, request + head, 5 + room);
  if (which != 0)
    memcpy (command + 5,
            fuzz_model_has_quirk (self, MODEL_QUIRK_PAD_WRONG) ? wrong : self->typed[which],
            MIN (room,
                 strlen (fuzz_model_has_quirk (self, MODEL_QUIRK_PAD_WRONG) ? wrong
                                                                            : self->typed[which])));
  carry_out (self, command, 5 + room, answer);
}

gboolean
fuzz_model_control (FuzzModel *self, guint32 code, GBytes *request, GByteArray *answer,
                    GCancellable *cancellable, GError **error)
{
  const Mishap *mishap = find_mishap (self);
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (request, &length);

  self->count++;
  if (mishap != NULL && (mishap->kind == MISHAP_FAIL_BEFORE || mishap->kind == MISHAP_FAIL_AFTER))
    return fail (mishap, error);
  if (mishap != NULL && mishap->kind == MISHAP_CANCEL && !cancel (mishap, cancellable, error))
    return FALSE;
  if (code == MD_CARD_CONTROL_FEATURES)
    g_byte_array_append (answer, self->features, (guint)self->features_size);
  else if (length == 0)
    g_byte_array_append (answer, self->properties, (guint)self->properties_size);
  else if (self->pad_word != 0)
    append_word (answer, self->pad_word);
  else
    enter_pin (self, data, length, is_verify (data, length) ? VERIFY_HEAD : MODIFY_HEAD, answer);
  if (mishap != NULL && mishap->kind != MISHAP_CANCEL)
    spoil (self, mishap, answer);
  return TRUE;
}
