// SPDX-License-Identifier: Apache-2.0
/* A My Number card: JPKI, 券面事項入力補助 (text), 券面事項確認 (visual), 住基 (juki), 共通カード
 * (common), and the issuer security domain. Secure messaging and terminal authentication, which a
 * counter does not use, are answered and refused. */
#include "vc-mynumber.h"

#include <openssl/rand.h>

#include <string.h>

#define TERMINAL_CERTIFICATE_SIZE 307

typedef guint16 (*Handler) (VcMyNumber *state, VcExchange *exchange);

char *
vc_mynumber_name (const VcMyNumber *state, guint16 id)
{
  return g_strdup_printf ("%s-%04X", state->application->name, id);
}

guint32
vc_mynumber_bit (guint16 id)
{
  return 1u << (id & 0x1F);
}

gboolean
vc_mynumber_is_open (const VcMyNumber *state, const VcEf *file)
{
  if (file->openers[0] == 0)
    return TRUE;
  for (gsize i = 0; i < VC_MAX_OPENERS && file->openers[i]; i++)
    if (state->verified & vc_mynumber_bit (file->openers[i]))
      return TRUE;
  return FALSE;
}

static GBytes *
get_contents (const VcMyNumber *state, const VcEf *file, const char *suffix)
{
  g_autofree char *object = vc_mynumber_name (state, file->id);
  g_autofree char *name = g_strconcat (object, suffix, NULL);

  return vc_store_get_file (state->store, name);
}

static void
append (VcExchange *exchange, const guint8 *data, gsize size)
{
  g_byte_array_append (exchange->answer, data, (guint)size);
}

/* P2 names the current EF (80) or one by its short identifier, which then becomes the current one.
 */
guint16
vc_mynumber_choose_file (VcMyNumber *state, guint8 p2)
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
select_application (VcMyNumber *state, VcExchange *exchange)
{
  const MdCommand *command = &exchange->command;
  const VcApplication *found = vc_application_find (command->data, command->data_size);

  if (!found
      || (vc_store_has_quirk (state->store, "jpki_only") && strcmp (found->name, "jpki") != 0))
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
select_file (VcMyNumber *state, VcExchange *exchange)
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
handle_select (VcMyNumber *state, VcExchange *exchange)
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
with_prefix (VcMyNumber *state, GBytes *contents)
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
get_readable (VcMyNumber *state, const VcEf *file)
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
read_at (VcMyNumber *state, VcExchange *exchange, gsize offset)
{
  g_autoptr (GBytes) contents = NULL;
  const guint8 *data;
  gsize size, wanted = exchange->command.expected;

  if (!state->file)
    return VC_SW_NO_FILE;
  if (state->file->kind != VC_EF_DATA)
    return VC_SW_FILE_TYPE;
  if (!vc_mynumber_is_open (state, state->file))
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
handle_read_binary (VcMyNumber *state, VcExchange *exchange)
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
handle_read_record (VcMyNumber *state, VcExchange *exchange)
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
handle_get_data (VcMyNumber *state, VcExchange *exchange)
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

static guint16
handle_challenge (VcMyNumber *state, VcExchange *exchange)
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
handle_session_key (VcMyNumber *state, VcExchange *exchange)
{
  if (state->application->session_key)
    return state->application->session_key;
  return state->verified ? VC_SW_NOT_SUPPORTED : VC_SW_SECURITY;
}

static guint16
handle_terminal_certificate (VcMyNumber *state, VcExchange *exchange)
{
  return exchange->command.data_size == TERMINAL_CERTIFICATE_SIZE ? VC_SW_DATA : VC_SW_LENGTH;
}

static guint16
handle_get_response (VcMyNumber *state, VcExchange *exchange)
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
  { 0x00, 0x20, vc_mynumber_verify },
  { 0x00, 0x24, vc_mynumber_change_reference },
  { 0x80, 0x32, vc_mynumber_change_key },
  { 0x80, 0x2A, vc_mynumber_sign },
  { 0x00, 0x88, vc_mynumber_internal_authenticate },
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
  VcMyNumber *state = data;
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
  VcMyNumber *state = g_new0 (VcMyNumber, 1);

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
  VcMyNumber *state = data;

  if (warm && vc_store_has_quirk (state->store, "sticky_warm_reset"))
    return;
  state->application = &vc_isd;
  state->file = NULL;
  state->verified = 0;
}

static guint
count_verified (gpointer data)
{
  const VcMyNumber *state = data;
  guint count = 0;

  for (guint bit = 0; bit < 32; bit++)
    count += state->verified >> bit & 1u;
  return count;
}

const VcProfile vc_profile_mynumber = {
  .name = "mynumber",
  .start = start,
  .stop = stop,
  .power = power,
  .handle = handle,
  .count_verified = count_verified,
};
