// SPDX-License-Identifier: Apache-2.0
/* A staff card: PIV (NIST SP 800-73-4) with P-256 keys. 9A and 9D want the PIN once, 9C right
 * before every signature, 9E never. Objects longer than 256 bytes come in pieces (61xx, GET
 * RESPONSE); long commands go in by chaining. */
#include "vc-profile.h"

#include <openssl/ec.h>

#include <string.h>

#define PIN_OBJECT "piv-80"
#define PIN_TRIES 3
#define PIN_SIZE 8
#define PIN_MIN 6
#define MAX_CHAIN 4096
#define MAX_SHORT 256u
#define ALGORITHM_P256 0x11
#define POINT_SIZE 65

typedef struct
{
  VcStore *store;
  gboolean selected;
  gboolean verified;
  gboolean fresh;       /* the PIN was presented by the command before this one */
  GByteArray *chain;    /* data of chained commands so far */
  guint8 chain_head[3]; /* INS P1 P2 of the chain */
  GByteArray *pending;  /* answer not yet fetched */
} State;

static const guint8 piv_aid[]
    = { 0xA0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00, 0x01, 0x00 };

/* The shortest AID that still selects: the registered provider. */
#define MIN_AID 5

/* Application property template: the application's own identifier and whose it is. */
static const guint8 property_template[]
    = { 0x61, 0x11, 0x4F, 0x06, 0x00, 0x00, 0x10, 0x00, 0x01, 0x00,
        0x79, 0x07, 0x4F, 0x05, 0xA0, 0x00, 0x00, 0x03, 0x08 };

typedef enum
{
  PIN_ALWAYS,
  PIN_ONCE,
  PIN_NEVER,
} PinRule;

static const struct
{
  guint8 reference;
  PinRule rule;
  gboolean agrees; /* key agreement instead of signature */
} slots[] = {
  { 0x9A, PIN_ONCE, FALSE },
  { 0x9C, PIN_ALWAYS, FALSE },
  { 0x9D, PIN_ONCE, TRUE },
  { 0x9E, PIN_NEVER, FALSE },
};

static void
forget (State *state)
{
  state->verified = FALSE;
  state->fresh = FALSE;
  g_byte_array_set_size (state->chain, 0);
  g_byte_array_set_size (state->pending, 0);
}

static guint16
handle_select (State *state, VcExchange *exchange)
{
  const MdCommand *command = &exchange->command;

  if (command->p1 != 0x04)
    return VC_SW_NOT_FOUND;
  if (command->data_size < MIN_AID || command->data_size > sizeof piv_aid
      || memcmp (command->data, piv_aid, command->data_size) != 0)
    return VC_SW_NOT_FOUND;
  if (!state->selected)
    forget (state);
  state->selected = TRUE;
  g_byte_array_append (exchange->answer, property_template, sizeof property_template);
  return VC_SW_OK;
}

/* --- Data objects --- */

static guint16
handle_get_data (State *state, VcExchange *exchange)
{
  const MdCommand *command = &exchange->command;
  g_autoptr (GString) name = g_string_new ("piv-");
  MdTlv tag;
  GBytes *object;
  gsize size;
  const guint8 *data;

  if (command->p1 != 0x3F || command->p2 != 0xFF)
    return VC_SW_PARAMETERS;
  if (!md_tlv_find (command->data, command->data_size, 0x5C, &tag, NULL) || tag.size > 3)
    return VC_SW_DATA;
  for (gsize i = 0; i < tag.size; i++)
    g_string_append_printf (name, "%02X", tag.value[i]);
  g_string_append (name, ".do");
  object = vc_store_get_file (state->store, name->str);
  if (!object)
    return VC_SW_NOT_FOUND;
  data = g_bytes_get_data (object, &size);
  g_byte_array_append (exchange->answer, data, (guint)size);
  return VC_SW_OK;
}

/* --- PIN --- */

/* Length of the PIN in its field of eight, filled up with FF; 0 if the field is malformed. */
static gsize
unpad (const guint8 *field, gsize size)
{
  gsize length = 0;

  if (size != PIN_SIZE)
    return 0;
  while (length < size && field[length] != 0xFF)
    length++;
  for (gsize i = length; i < size; i++)
    if (field[i] != 0xFF)
      return 0;
  return length >= PIN_MIN ? length : 0;
}

static guint16
pin_failed (State *state)
{
  guint tries = vc_store_get_tries (state->store, PIN_OBJECT, PIN_TRIES);

  state->verified = FALSE;
  return (guint16)(VC_SW_TRIES | tries);
}

static guint16
handle_verify (State *state, VcExchange *exchange)
{
  const MdCommand *command = &exchange->command;
  gsize length = unpad (command->data, command->data_size);
  guint tries = vc_store_get_tries (state->store, PIN_OBJECT, PIN_TRIES);

  if (command->p2 != 0x80)
    return VC_SW_REFERENCE;
  if (command->p1 == 0xFF && command->data_size == 0)
    {
      state->verified = FALSE;
      return VC_SW_OK;
    }
  if (command->p1 != 0x00)
    return VC_SW_PARAMETERS;
  if (command->data_size == 0)
    return state->verified ? VC_SW_OK : tries == 0 ? VC_SW_BLOCKED : (guint16)(VC_SW_TRIES | tries);
  if (tries == 0)
    return VC_SW_BLOCKED;
  if (length == 0)
    return VC_SW_DATA;
  if (!vc_store_check_pin (state->store, PIN_OBJECT, PIN_TRIES, command->data, length))
    return pin_failed (state);
  state->verified = TRUE;
  state->fresh = TRUE;
  return VC_SW_OK;
}

static guint16
handle_change_pin (State *state, VcExchange *exchange)
{
  const MdCommand *command = &exchange->command;
  gsize old, new;

  if (command->p1 != 0x00 || command->p2 != 0x80)
    return VC_SW_REFERENCE;
  if (command->data_size != 2 * PIN_SIZE)
    return VC_SW_LENGTH;
  if (vc_store_get_tries (state->store, PIN_OBJECT, PIN_TRIES) == 0)
    return VC_SW_BLOCKED;
  old = unpad (command->data, PIN_SIZE);
  new = unpad (command->data + PIN_SIZE, PIN_SIZE);
  if (old == 0 || new == 0)
    return VC_SW_DATA;
  if (!vc_store_check_pin (state->store, PIN_OBJECT, PIN_TRIES, command->data, old))
    return pin_failed (state);
  return vc_store_set_pin (state->store, PIN_OBJECT, command->data + PIN_SIZE, new) ? VC_SW_OK
                                                                                    : VC_SW_FAULT;
}

/* --- GENERAL AUTHENTICATE --- */

static EVP_PKEY *
peer_from_point (const EVP_PKEY *own, const guint8 *point, gsize size)
{
  EVP_PKEY *peer = EVP_PKEY_new ();

  if (peer && EVP_PKEY_copy_parameters (peer, own) == 1
      && EVP_PKEY_set1_encoded_public_key (peer, point, size) == 1)
    return peer;
  EVP_PKEY_free (peer);
  return NULL;
}

static gboolean
derive (EVP_PKEY *own, const guint8 *point, gsize size, GByteArray *out)
{
  EVP_PKEY *peer = size == POINT_SIZE ? peer_from_point (own, point, size) : NULL;
  EVP_PKEY_CTX *ctx = peer ? EVP_PKEY_CTX_new (own, NULL) : NULL;
  guint8 shared[64];
  gsize length = sizeof shared;
  gboolean good = ctx && EVP_PKEY_derive_init (ctx) == 1
                  && EVP_PKEY_derive_set_peer (ctx, peer) == 1
                  && EVP_PKEY_derive (ctx, shared, &length) == 1;

  if (good)
    g_byte_array_append (out, shared, (guint)length);
  OPENSSL_cleanse (shared, sizeof shared);
  EVP_PKEY_CTX_free (ctx);
  EVP_PKEY_free (peer);
  return good;
}

static gboolean
may_use (const State *state, PinRule rule)
{
  switch (rule)
    {
    case PIN_ALWAYS:
      return state->verified && state->fresh;
    case PIN_ONCE:
      return state->verified;
    case PIN_NEVER:
    default:
      return TRUE;
    }
}

/* Wraps RESULT as 7C { 82 RESULT }. */
static void
append_result (VcExchange *exchange, const GByteArray *result)
{
  g_autoptr (MdWriter) inner = md_writer_new (MAX_SHORT);
  g_autoptr (MdWriter) outer = md_writer_new (MAX_SHORT + 8);
  g_autoptr (GBytes) value = NULL;
  g_autoptr (GBytes) whole = NULL;

  md_tlv_write (inner, 0x82, result->data, result->len);
  value = md_writer_finish (inner, NULL);
  md_tlv_write_bytes (outer, 0x7C, value);
  whole = md_writer_finish (outer, NULL);
  g_byte_array_append (exchange->answer, g_bytes_get_data (whole, NULL),
                       (guint)g_bytes_get_size (whole));
}

static guint16
use_key (State *state, VcExchange *exchange, EVP_PKEY *key, gboolean agrees)
{
  const guint32 path[] = { 0x7C, agrees ? 0x85 : 0x81, 0 };
  g_autoptr (GByteArray) result = g_byte_array_new ();
  MdTlv input;
  gboolean good;

  if (!md_tlv_find_path (exchange->command.data, exchange->command.data_size, path, &input, NULL))
    return VC_SW_DATA;
  good = agrees ? derive (key, input.value, input.size, result)
                : input.size == 32 && vc_sign (key, 0, FALSE, input.value, input.size, result);
  if (!good)
    return VC_SW_DATA;
  exchange->delay_ms = vc_store_get_quirk_number (state->store, "sign_delay_ms");
  append_result (exchange, result);
  return VC_SW_OK;
}

static guint16
handle_authenticate (State *state, VcExchange *exchange)
{
  const MdCommand *command = &exchange->command;
  g_autofree char *name = g_strdup_printf ("piv-%02X", command->p2);
  EVP_PKEY *key = vc_store_get_key (state->store, name);

  if (command->p1 != ALGORITHM_P256)
    return VC_SW_PARAMETERS;
  for (gsize i = 0; key && i < G_N_ELEMENTS (slots); i++)
    {
      if (slots[i].reference != command->p2)
        continue;
      if (!may_use (state, slots[i].rule))
        return VC_SW_SECURITY;
      return use_key (state, exchange, key, slots[i].agrees);
    }
  return VC_SW_PARAMETERS;
}

/* --- Long commands and long answers --- */

/* Keeps what does not fit into this answer, and says how much waits. */
static guint16
cut (State *state, VcExchange *exchange, guint16 sw)
{
  guint rest, wanted = (guint)exchange->command.expected;

  /* Le absent: everything as if 256 were asked for, since some readers drop Le of a chained
   * command. */
  if (wanted == 0)
    wanted = MAX_SHORT;
  if (exchange->answer->len <= wanted)
    return sw;
  rest = exchange->answer->len - wanted;
  g_byte_array_set_size (state->pending, 0);
  g_byte_array_append (state->pending, exchange->answer->data + wanted, rest);
  g_byte_array_set_size (exchange->answer, wanted);
  return (guint16)(0x6100 | (rest > 0xFF ? 0x00 : rest));
}

static guint16
handle_get_response (State *state, VcExchange *exchange)
{
  if (state->pending->len == 0)
    return VC_SW_CONDITIONS;
  g_byte_array_append (exchange->answer, state->pending->data, state->pending->len);
  g_byte_array_set_size (state->pending, 0);
  return VC_SW_OK;
}

static guint16
collect (State *state, const MdCommand *command)
{
  const guint8 head[3] = { command->ins, command->p1, command->p2 };

  if (state->chain->len > 0 && memcmp (head, state->chain_head, sizeof head) != 0)
    {
      g_byte_array_set_size (state->chain, 0);
      return VC_SW_CONDITIONS;
    }
  if (state->chain->len + command->data_size > MAX_CHAIN)
    {
      g_byte_array_set_size (state->chain, 0);
      return VC_SW_LENGTH;
    }
  memcpy (state->chain_head, head, sizeof head);
  g_byte_array_append (state->chain, command->data, (guint)command->data_size);
  return VC_SW_OK;
}

static const struct
{
  guint8 ins;
  gboolean needs_application;
  guint16 (*handler) (State *state, VcExchange *exchange);
} commands[] = {
  { 0xA4, FALSE, handle_select },      { 0xCB, TRUE, handle_get_data },
  { 0x20, TRUE, handle_verify },       { 0x24, TRUE, handle_change_pin },
  { 0x87, TRUE, handle_authenticate }, { 0xC0, FALSE, handle_get_response },
};

static guint16
run (State *state, VcExchange *exchange)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      if (commands[i].ins != exchange->command.ins)
        continue;
      if (commands[i].needs_application && !state->selected)
        return VC_SW_CONDITIONS;
      return commands[i].handler (state, exchange);
    }
  return VC_SW_INSTRUCTION;
}

static guint16
run_chained (State *state, VcExchange *exchange)
{
  guint16 sw = collect (state, &exchange->command);

  if (sw != VC_SW_OK)
    return sw;
  exchange->command.data = state->chain->data;
  exchange->command.data_size = state->chain->len;
  sw = run (state, exchange);
  g_byte_array_set_size (state->chain, 0);
  return sw;
}

static guint16
handle (gpointer data, VcExchange *exchange)
{
  State *state = data;
  const MdCommand *command = &exchange->command;
  guint16 sw;

  if (command->cla == 0x10)
    return collect (state, command);
  if (command->cla != 0x00)
    return command->cla & 0x03 ? VC_SW_CHANNEL : VC_SW_CLASS;
  sw = state->chain->len > 0 ? run_chained (state, exchange) : run (state, exchange);
  /* What one PIN opens for 9C is the very next command, or the end of the chain that began next. */
  if (command->ins != 0x20)
    state->fresh = FALSE;
  if (command->ins != 0xC0)
    g_byte_array_set_size (state->pending, 0);
  return cut (state, exchange, sw);
}

static gpointer
start (VcStore *store)
{
  State *state = g_new0 (State, 1);

  state->store = store;
  state->chain = g_byte_array_new ();
  state->pending = g_byte_array_new ();
  return state;
}

static void
stop (gpointer data)
{
  State *state = data;

  g_byte_array_unref (state->chain);
  g_byte_array_unref (state->pending);
  g_free (state);
}

static void
power (gpointer data, gboolean warm)
{
  State *state = data;

  state->selected = FALSE;
  forget (state);
}

static guint
count_verified (gpointer data)
{
  const State *state = data;

  return state->verified ? 1 : 0;
}

const VcProfile vc_profile_piv = {
  .name = "piv",
  .start = start,
  .stop = stop,
  .power = power,
  .handle = handle,
  .count_verified = count_verified,
};
