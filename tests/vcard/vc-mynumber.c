// SPDX-License-Identifier: Apache-2.0
/* A My Number card: JPKI, 券面事項入力補助 (text), 券面事項確認 (visual), 住基 (juki), 共通カード
 * (common), and the issuer security domain. Secure messaging and terminal authentication, which a
 * counter does not use, are answered and refused. */
#include "vc-mynumber-files.h"
#include "vc-profile.h"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>

#include <string.h>

#define SIGNATURE_SIZE 256
#define MAX_SIGNATURE_INPUT 245
#define P384_SIZE 48 /* of a digest of SHA-384, and of r and s */
#define TERMINAL_CERTIFICATE_SIZE 307

typedef struct
{
  VcStore *store;
  const VcApplication *application;
  const VcEf *file;
  guint32 verified; /* bit n: PIN EF 000n or 001n of the current application */
} State;

typedef guint16 (*Handler) (State *state, VcExchange *exchange);

static char *
object_name (const State *state, guint16 id)
{
  return g_strdup_printf ("%s-%04X", state->application->name, id);
}

static guint32
bit_of (guint16 id)
{
  return 1u << (id & 0x1F);
}

static gboolean
is_open (const State *state, const VcEf *file)
{
  if (file->openers[0] == 0)
    return TRUE;
  for (gsize i = 0; i < VC_MAX_OPENERS && file->openers[i]; i++)
    if (state->verified & bit_of (file->openers[i]))
      return TRUE;
  return FALSE;
}

static GBytes *
get_contents (const State *state, const VcEf *file, const char *suffix)
{
  g_autofree char *object = object_name (state, file->id);
  g_autofree char *name = g_strconcat (object, suffix, NULL);

  return vc_store_get_file (state->store, name);
}

static void
append (VcExchange *exchange, const guint8 *data, gsize size)
{
  g_byte_array_append (exchange->answer, data, (guint)size);
}

/* --- SELECT --- */

static void
append_fci (VcExchange *exchange, const VcApplication *application)
{
  guint8 header[4]
      = { 0x6F, (guint8)(application->aid_size + 2), 0x84, (guint8)application->aid_size };

  append (exchange, header, sizeof header);
  append (exchange, application->aid, application->aid_size);
}

static guint16
select_application (State *state, VcExchange *exchange)
{
  const MdCommand *command = &exchange->command;
  const VcApplication *found = vc_application_find (command->data, command->data_size);

  if (!found)
    return VC_SW_NOT_FOUND;
  if (found != state->application || vc_store_has_quirk (state->store, "reselect_clears"))
    state->verified = 0;
  state->application = found;
  state->file = NULL;
  if (command->p2 == 0x00)
    append_fci (exchange, found);
  return VC_SW_OK;
}

static guint16
select_file (State *state, VcExchange *exchange)
{
  const MdCommand *command = &exchange->command;
  const VcEf *file;

  if (command->data_size != 2)
    return VC_SW_LENGTH;
  file = vc_application_get_file (state->application,
                                  (guint16)((command->data[0] << 8) | command->data[1]));
  if (!file)
    return VC_SW_NOT_FOUND;
  if (file->kind == VC_EF_DATA && !get_contents (state, file, ".ef"))
    return VC_SW_NOT_FOUND;
  state->file = file;
  return VC_SW_OK;
}

static guint16
handle_select (State *state, VcExchange *exchange)
{
  const MdCommand *command = &exchange->command;

  if (command->p1 == 0x00 && command->data_size == 0)
    return state->application == &vc_isd ? VC_SW_PARAMETERS : VC_SW_OK;
  if (command->p1 == 0x00) /* a card without MF */
    return VC_SW_NOT_FOUND;
  if (command->p2 != 0x0C && command->p2 != 0x00)
    return VC_SW_PARAMETERS;
  switch (command->p1)
    {
    case 0x02:
      return select_file (state, exchange);
    case 0x04:
      return select_application (state, exchange);
    default:
      return VC_SW_PARAMETERS;
    }
}

/* --- READ BINARY, READ RECORD, GET DATA --- */

/* The two bytes before the FF20 of the four attributes that some cards were seen to deliver. */
static GBytes *
with_prefix (State *state, GBytes *contents)
{
  static const guint8 prefix[2] = { 0x00, 0x68 };
  gsize size;
  const guint8 *data = g_bytes_get_data (contents, &size);
  GByteArray *longer = g_byte_array_sized_new ((guint)size + sizeof prefix);

  g_byte_array_append (longer, prefix, sizeof prefix);
  g_byte_array_append (longer, data, (guint)size);
  return g_byte_array_free_to_bytes (longer);
}

static GBytes *
get_readable (State *state, const VcEf *file)
{
  GBytes *contents = get_contents (state, file, ".ef");

  if (!contents)
    return NULL;
  if (file->id == 0x0002 && strcmp (state->application->name, "text") == 0
      && vc_store_has_quirk (state->store, "text_prefix"))
    return with_prefix (state, contents);
  return g_bytes_ref (contents);
}

static guint16
read_at (State *state, VcExchange *exchange, gsize offset)
{
  g_autoptr (GBytes) contents = NULL;
  const guint8 *data;
  gsize size, wanted = exchange->command.expected;

  if (!state->file)
    return VC_SW_NO_FILE;
  if (state->file->kind != VC_EF_DATA)
    return VC_SW_FILE_TYPE;
  if (!is_open (state, state->file))
    return VC_SW_SECURITY;
  if (wanted == 0)
    return VC_SW_LENGTH;
  contents = get_readable (state, state->file);
  if (!contents)
    return VC_SW_NOT_FOUND;
  data = g_bytes_get_data (contents, &size);
  if (offset >= size)
    return VC_SW_OFFSET;
  append (exchange, data + offset, MIN (wanted, size - offset));
  if (wanted > size - offset && vc_store_has_quirk (state->store, "eof_6282"))
    return VC_SW_END_OF_FILE;
  return VC_SW_OK;
}

static guint16
handle_read_binary (State *state, VcExchange *exchange)
{
  const MdCommand *command = &exchange->command;
  const VcEf *file;

  if (command->data_size != 0)
    return VC_SW_LENGTH;
  if (!(command->p1 & 0x80))
    return read_at (state, exchange, (gsize)((command->p1 << 8) | command->p2));
  file = vc_application_get_file (state->application, command->p1 & 0x1F);
  if ((command->p1 & 0x60) || !file)
    return (command->p1 & 0x60) ? VC_SW_PARAMETERS : VC_SW_NOT_FOUND;
  state->file = file;
  return read_at (state, exchange, command->p2);
}

static guint16
handle_read_record (State *state, VcExchange *exchange)
{
  const MdCommand *command = &exchange->command;
  GBytes *record;
  gsize size;
  const guint8 *data;

  if ((command->p2 & 0x07) != 0x04 && (command->p2 & 0x07) != 0x05)
    return VC_SW_PARAMETERS;
  if (command->p2 >> 3)
    state->file = vc_application_get_file (state->application, command->p2 >> 3);
  if (!state->file)
    return command->p2 >> 3 ? VC_SW_NOT_FOUND : VC_SW_NO_FILE;
  if (state->file->kind != VC_EF_RECORD)
    return VC_SW_FILE_TYPE;
  record = command->p1 == 1 ? get_contents (state, state->file, ".rec") : NULL;
  if (!record)
    return VC_SW_RECORD;
  data = g_bytes_get_data (record, &size);
  if (command->expected == 0)
    return VC_SW_LENGTH;
  append (exchange, data, MIN (size, command->expected));
  return VC_SW_OK;
}

static guint16
handle_get_data (State *state, VcExchange *exchange)
{
  const MdCommand *command = &exchange->command;
  g_autofree char *name = g_strdup_printf ("isd-%02X%02X.do", command->p1, command->p2);
  GBytes *object = state->application == &vc_isd ? vc_store_get_file (state->store, name) : NULL;
  gsize size;
  const guint8 *data;

  if (!object)
    return VC_SW_REFERENCE;
  data = g_bytes_get_data (object, &size);
  if (command->expected == 0 || (size > 256 && command->expected <= 256))
    return VC_SW_LENGTH;
  append (exchange, data, MIN (size, command->expected));
  return VC_SW_OK;
}

/* --- VERIFY and changing a PIN --- */

static guint
get_tries (const State *state)
{
  g_autofree char *object = object_name (state, state->file->id);

  return vc_store_get_tries (state->store, object, state->file->tries);
}

static guint16
locked_sw (const State *state)
{
  return vc_store_get_quirk_sw (state->store, "lock_sw", VC_SW_BLOCKED_JICSAP);
}

/* P2 names the current EF (80) or one by its short identifier, which then becomes the current one.
 */
static guint16
choose_file (State *state, guint8 p2)
{
  const VcEf *file;

  if (p2 == 0x80)
    return state->file ? VC_SW_OK : VC_SW_NO_FILE;
  if (!(p2 & 0x80) || (p2 & 0x60))
    return VC_SW_PARAMETERS;
  file = vc_application_get_file (state->application, p2 & 0x1F);
  if (!file)
    return VC_SW_NOT_FOUND;
  state->file = file;
  return VC_SW_OK;
}

static guint16
tell_tries (const State *state)
{
  guint tries = get_tries (state);

  if (tries == 0 && vc_store_has_quirk (state->store, "lock_empty"))
    return locked_sw (state);
  if ((state->verified & bit_of (state->file->id))
      && vc_store_has_quirk (state->store, "verified_9000"))
    return VC_SW_OK;
  return (guint16)(VC_SW_TRIES | tries);
}

static guint16
handle_verify (State *state, VcExchange *exchange)
{
  const MdCommand *command = &exchange->command;
  guint16 chosen = choose_file (state, command->p2);
  g_autofree char *object = NULL;

  if (command->p1 != 0x00)
    return VC_SW_PARAMETERS;
  if (chosen != VC_SW_OK)
    return chosen;
  if (state->file->kind != VC_EF_PIN)
    return VC_SW_FILE_TYPE;
  if (command->data_size == 0)
    return tell_tries (state);
  if (get_tries (state) == 0)
    return locked_sw (state);
  object = object_name (state, state->file->id);
  state->verified &= ~bit_of (state->file->id);
  if (!vc_store_check_pin (state->store, object, state->file->tries, command->data,
                           command->data_size))
    return (guint16)(VC_SW_TRIES | get_tries (state));
  state->verified |= bit_of (state->file->id);
  return VC_SW_OK;
}

static gboolean
is_acceptable_pin (const VcEf *file, const guint8 *pin, gsize size)
{
  gboolean digit = FALSE, letter = FALSE;

  if (size < file->min || size > file->max)
    return FALSE;
  for (gsize i = 0; i < size; i++)
    {
      digit = digit || g_ascii_isdigit (pin[i]);
      letter = letter || g_ascii_isupper (pin[i]);
      if (!g_ascii_isdigit (pin[i]) && !(g_ascii_isupper (pin[i]) && file->max > 4))
        return FALSE;
    }
  return file->max == 4 || (digit && letter);
}

static guint16
change_pin (State *state, VcExchange *exchange, VcChange how)
{
  const MdCommand *command = &exchange->command;
  guint16 chosen = choose_file (state, command->p2);
  g_autofree char *object = NULL;

  if (chosen != VC_SW_OK)
    return chosen;
  if (state->file->kind != VC_EF_PIN || state->file->change != how)
    return VC_SW_CONDITIONS;
  if (!(state->verified & bit_of (state->file->id)))
    return VC_SW_SECURITY;
  if (!is_acceptable_pin (state->file, command->data, command->data_size))
    return VC_SW_DATA;
  object = object_name (state, state->file->id);
  return vc_store_set_pin (state->store, object, command->data, command->data_size) ? VC_SW_OK
                                                                                    : VC_SW_FAULT;
}

static guint16
handle_change_reference (State *state, VcExchange *exchange)
{
  if (exchange->command.p1 != 0x01)
    return VC_SW_PARAMETERS;
  return change_pin (state, exchange, VC_CHANGE_REFERENCE);
}

static guint16
handle_change_key (State *state, VcExchange *exchange)
{
  if (exchange->command.p1 != 0x00)
    return VC_SW_PARAMETERS;
  return change_pin (state, exchange, VC_CHANGE_KEY);
}

/* --- COMPUTE DIGITAL SIGNATURE, INTERNAL AUTHENTICATE --- */

typedef struct
{
  gboolean card_hashes;
  gboolean is_digest; /* the padding says SHA-256 */
  int padding;
} Scheme;

/* By P1. */
static const Scheme schemes[] = {
  { FALSE, FALSE, RSA_PKCS1_PADDING },    { TRUE, FALSE, RSA_PKCS1_PADDING },
  { FALSE, TRUE, RSA_PKCS1_PADDING },     { TRUE, TRUE, RSA_PKCS1_PADDING },
  { FALSE, TRUE, RSA_PKCS1_PSS_PADDING }, { TRUE, TRUE, RSA_PKCS1_PSS_PADDING },
};

static guint16
choose_key (State *state, guint8 p2)
{
  if (p2 != 0x00)
    return choose_file (state, p2);
  if (state->application->default_key == 0)
    return VC_SW_NO_FILE;
  state->file = vc_application_get_file (state->application, state->application->default_key);
  return VC_SW_OK;
}

/* r and s side by side, as some say the next generation of cards will give them. */
static void
make_plain (GByteArray *answer, gsize component)
{
  const guint8 *der = answer->data;
  ECDSA_SIG *value = d2i_ECDSA_SIG (NULL, &der, (long)answer->len);
  guint8 plain[2 * P384_SIZE];

  g_assert (value && component == P384_SIZE);
  BN_bn2binpad (ECDSA_SIG_get0_r (value), plain, (int)component);
  BN_bn2binpad (ECDSA_SIG_get0_s (value), plain + component, (int)component);
  ECDSA_SIG_free (value);
  g_byte_array_set_size (answer, 0);
  g_byte_array_append (answer, plain, (guint)(2 * component));
}

/* The next generation: the bare digest of SHA-384 in, an ECDSA signature out. */
static guint16
sign_ecdsa (State *state, VcExchange *exchange, EVP_PKEY *key)
{
  const MdCommand *command = &exchange->command;

  if (command->p1 != 0x00)
    return VC_SW_PARAMETERS;
  if (command->data_size != P384_SIZE || command->expected == 0)
    return VC_SW_LENGTH;
  exchange->delay_ms = vc_store_get_quirk_number (state->store, "sign_delay_ms");
  if (!vc_sign (key, 0, FALSE, command->data, command->data_size, exchange->answer))
    return VC_SW_CRYPTO;
  if (vc_store_has_quirk (state->store, "ecdsa_plain"))
    make_plain (exchange->answer, P384_SIZE);
  return VC_SW_OK;
}

static guint16
sign (State *state, VcExchange *exchange, const Scheme *scheme)
{
  const MdCommand *command = &exchange->command;
  g_autofree char *object = object_name (state, state->file->id);
  EVP_PKEY *key = vc_store_get_key (state->store, object);
  guint8 digest[SHA256_DIGEST_LENGTH];
  const guint8 *input = command->data;
  gsize size = command->data_size;

  if (!key)
    return VC_SW_REFERENCE;
  if (EVP_PKEY_get_base_id (key) == EVP_PKEY_EC)
    return sign_ecdsa (state, exchange, key);
  if (size == 0 || size > MAX_SIGNATURE_INPUT
      || (scheme->is_digest && !scheme->card_hashes && size != sizeof digest))
    return VC_SW_LENGTH;
  if (command->expected < SIGNATURE_SIZE)
    return command->expected == 0 ? VC_SW_LENGTH : VC_SW_EXACT_LENGTH;
  if (scheme->card_hashes)
    {
      SHA256 (command->data, command->data_size, digest);
      input = digest;
      size = sizeof digest;
    }
  exchange->delay_ms = vc_store_get_quirk_number (state->store, "sign_delay_ms");
  return vc_sign (key, scheme->padding, scheme->is_digest, input, size, exchange->answer)
             ? VC_SW_OK
             : VC_SW_CRYPTO;
}

static guint16
handle_sign (State *state, VcExchange *exchange)
{
  const MdCommand *command = &exchange->command;
  guint16 chosen;

  if (command->p1 >= G_N_ELEMENTS (schemes))
    return VC_SW_PARAMETERS;
  chosen = choose_key (state, command->p2);
  if (chosen != VC_SW_OK)
    return chosen;
  if (state->file->kind != VC_EF_KEY)
    return VC_SW_NO_FILE;
  if (!is_open (state, state->file))
    return VC_SW_SECURITY;
  return sign (state, exchange, &schemes[command->p1]);
}

static guint16
handle_internal_authenticate (State *state, VcExchange *exchange)
{
  if (strcmp (state->application->name, "common") != 0)
    return VC_SW_CONDITIONS;
  if (exchange->command.p1 != 0x00 || exchange->command.p2 != 0x99)
    return VC_SW_PARAMETERS;
  state->file = vc_application_get_file (state->application, 0x0019);
  return sign (state, exchange, &schemes[0]);
}

static guint16
handle_challenge (State *state, VcExchange *exchange)
{
  guint8 random[256];
  gsize size = exchange->command.expected;

  if (exchange->form == MD_COMMAND_FORM_EXTENDED)
    return VC_SW_CONDITIONS;
  if (size == 0 || size > sizeof random || RAND_bytes (random, (int)size) != 1)
    return VC_SW_LENGTH;
  append (exchange, random, size);
  return VC_SW_OK;
}

/* --- What a counter does not use: answered as measured, never granted --- */

static guint16
handle_session_key (State *state, VcExchange *exchange)
{
  if (state->application->session_key)
    return state->application->session_key;
  return state->verified ? VC_SW_NOT_SUPPORTED : VC_SW_SECURITY;
}

static guint16
handle_terminal_certificate (State *state, VcExchange *exchange)
{
  return exchange->command.data_size == TERMINAL_CERTIFICATE_SIZE ? VC_SW_DATA : VC_SW_LENGTH;
}

static guint16
handle_get_response (State *state, VcExchange *exchange)
{
  return VC_SW_CONDITIONS;
}

/* --- Dispatch --- */

static const struct
{
  guint8 cla, ins;
  Handler handler;
} commands[] = {
  { 0x00, 0xA4, handle_select },
  { 0x00, 0xB0, handle_read_binary },
  { 0x00, 0xB2, handle_read_record },
  { 0x00, 0xCA, handle_get_data },
  { 0x00, 0x20, handle_verify },
  { 0x00, 0x24, handle_change_reference },
  { 0x80, 0x32, handle_change_key },
  { 0x80, 0x2A, handle_sign },
  { 0x00, 0x88, handle_internal_authenticate },
  { 0x00, 0x84, handle_challenge },
  { 0x00, 0xC0, handle_get_response },
  { 0x80, 0xAE, handle_session_key },
  { 0x80, 0xA2, handle_terminal_certificate },
};

static guint16
refuse_class (guint8 cla)
{
  if (cla & 0x10)
    return VC_SW_CHAINING;
  if (cla & 0x03)
    return VC_SW_CHANNEL;
  return cla == 0x08 ? VC_SW_SECURE_MESSAGING : VC_SW_CLASS;
}

static guint16
handle (gpointer data, VcExchange *exchange)
{
  State *state = data;
  const MdCommand *command = &exchange->command;
  gboolean known = FALSE;

  if (command->cla != 0x00 && command->cla != 0x80)
    return refuse_class (command->cla);
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      if (commands[i].ins != command->ins)
        continue;
      if (commands[i].cla == command->cla)
        return commands[i].handler (state, exchange);
      known = TRUE;
    }
  return known ? VC_SW_CLASS : VC_SW_INSTRUCTION;
}

static gpointer
start (VcStore *store)
{
  State *state = g_new0 (State, 1);

  state->store = store;
  state->application = &vc_isd;
  return state;
}

static void
stop (gpointer data)
{
  g_free (data);
}

static void
power (gpointer data, gboolean warm)
{
  State *state = data;

  if (warm && vc_store_has_quirk (state->store, "sticky_warm_reset"))
    return;
  state->application = &vc_isd;
  state->file = NULL;
  state->verified = 0;
}

const VcProfile vc_profile_mynumber = {
  .name = "mynumber",
  .start = start,
  .stop = stop,
  .power = power,
  .handle = handle,
};
