// SPDX-License-Identifier: Apache-2.0
#include "md-card-status.h"

#define SHORT_EXPECTED 256 // what one short answer may be asked for

const guint8 md_card_aid_jpki[10] = { 0xd3, 0x92, 0xf0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01 };
const guint8 md_card_aid_text[10] = { 0xd3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08 };
const guint8 md_card_aid_visual[10]
    = { 0xd3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02 };
const guint8 md_card_aid_juki[10] = { 0xd3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x01 };
const guint8 md_card_aid_common[10]
    = { 0xd3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00 };
const guint8 md_card_aid_manager[7] = { 0xa0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00 };

// What a class of status words means to us. Rows not listed are PROTOCOL.
static const struct
{
  MdSwClass sw_class;
  MdCardError code;
} meanings[] = {
  { MD_SW_CLASS_NOT_FOUND, MD_CARD_ERROR_NO_DATA },
  { MD_SW_CLASS_BAD_COMMAND, MD_CARD_ERROR_UNSUPPORTED },
  { MD_SW_CLASS_CARD_FAULT, MD_CARD_ERROR_FAILED },
};

static void
set_error (GError **error, guint16 sw)
{
  MdSwClass sw_class = md_sw_classify (sw);
  MdCardError code = MD_CARD_ERROR_PROTOCOL;
  for (gsize i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (meanings[i].sw_class == sw_class)
      code = meanings[i].code;
  md_card_error_set_detail (error, code, "%04x %s", sw, md_sw_get_name (sw));
}

void
md_card_error_from_sw (GError **error, guint16 sw, MdCardPin pin)
{
  if (sw == 0x6982)
    md_card_error_set_pin (error, MD_CARD_ERROR_PIN_NEEDED, pin, MD_CARD_TRIES_UNKNOWN);
  else
    set_error (error, sw);
}

void
md_card_error_from_verify (GError **error, guint16 sw, MdCardPin pin)
{
  MdSwClass sw_class = md_sw_classify (sw);
  if (sw_class == MD_SW_CLASS_BLOCKED)
    md_card_error_set_pin (error, MD_CARD_ERROR_PIN_BLOCKED, pin, 0);
  else if (sw_class == MD_SW_CLASS_WRONG_PIN)
    md_card_error_set_pin (error, MD_CARD_ERROR_PIN_WRONG, pin, md_sw_get_tries (sw));
  else
    set_error (error, sw);
}

GBytes *
md_card_send_expecting_ok (MdCardConnection *connection, const MdCommand *command, MdCardPin pin,
                           GCancellable *cancellable, GError **error)
{
  guint16 sw = 0;
  g_autoptr (GBytes) data = md_card_connection_send (connection, command, &sw, cancellable, error);
  if (data == NULL)
    return NULL;
  if (sw != MD_SW_OK)
    {
      md_card_error_from_sw (error, sw, pin);
      return NULL;
    }
  return g_steal_pointer (&data);
}

GBytes *
md_card_send_reading (MdCardConnection *connection, const MdCommand *command, MdCardPin pin,
                      GCancellable *cancellable, GError **error)
{
  guint16 sw = 0;
  MdCommand shorter = *command;
  shorter.expected = SHORT_EXPECTED;
  g_autoptr (GBytes) data = md_card_connection_send (connection, command, &sw, cancellable, error);
  if (data == NULL)
    return NULL;
  if (sw == 0x6700 && command->expected > SHORT_EXPECTED)
    {
      // It announced long answers and does not give them: short ones from here on.
      md_card_connection_keep_short (connection);
      return md_card_send_reading (connection, &shorter, pin, cancellable, error);
    }
  if (sw != MD_SW_OK && sw != 0x6282)
    {
      md_card_error_from_sw (error, sw, pin);
      return NULL;
    }
  gsize length = g_bytes_get_size (data);
  if (length > command->expected)
    {
      md_card_error_set_detail (error, MD_CARD_ERROR_PROTOCOL,
                                "%" G_GSIZE_FORMAT " bytes for %" G_GSIZE_FORMAT, length,
                                command->expected);
      return NULL;
    }
  return g_steal_pointer (&data);
}

gboolean
md_card_select_application (MdCardConnection *connection, const guint8 *aid, gsize length,
                            guint16 *out_sw, GCancellable *cancellable, GError **error)
{
  MdCommand select = { .ins = 0xa4, .p1 = 0x04, .p2 = 0x0c, .data = aid, .data_size = length };
  g_autoptr (GBytes) data
      = md_card_connection_send (connection, &select, out_sw, cancellable, error);
  return data != NULL;
}

gboolean
md_card_ask_tries (MdCardConnection *connection, MdCardPin pin, int verified, int *out_tries,
                   GCancellable *cancellable, GError **error)
{
  // A card may answer 9000 once to the empty VERIFY while the PIN stands verified, and only then
  // the count.
  MdCommand verify = { .ins = 0x20, .p2 = 0x80 };
  guint16 sw = MD_SW_OK;
  for (int attempt = 0; attempt < 2 && sw == MD_SW_OK; attempt++)
    {
      g_autoptr (GBytes) data
          = md_card_connection_send (connection, &verify, &sw, cancellable, error);
      if (data == NULL)
        return FALSE;
    }
  MdSwClass class = md_sw_classify (sw);
  if (class != MD_SW_CLASS_OK && class != MD_SW_CLASS_BLOCKED && class != MD_SW_CLASS_WRONG_PIN)
    {
      md_card_error_from_verify (error, sw, pin);
      return FALSE;
    }
  if (class == MD_SW_CLASS_OK)
    *out_tries = verified;
  else
    *out_tries = class == MD_SW_CLASS_BLOCKED ? 0 : md_sw_get_tries (sw);
  return TRUE;
}

gboolean
md_card_may_present (MdCardPin pin, int tries, gboolean confirmed, GError **error)
{
  if (tries == 0)
    md_card_error_set_pin (error, MD_CARD_ERROR_PIN_BLOCKED, pin, 0);
  else if (tries == 1 && !confirmed)
    md_card_error_set_pin (error, MD_CARD_ERROR_PIN_LAST_TRY, pin, 1);
  else if (tries < 0 && !confirmed)
    md_card_error_set_pin (error, MD_CARD_ERROR_PIN_UNCOUNTED, pin, MD_CARD_TRIES_UNKNOWN);
  else
    return TRUE;
  return FALSE;
}

static gboolean
send_pin (MdCardConnection *connection, MdCardPin pin, const MdSecret *data,
          GCancellable *cancellable, GError **error)
{
  MdCommand verify = { .ins = 0x20,
                       .p2 = 0x80,
                       .data = md_secret_get_data (data),
                       .data_size = md_secret_get_size (data) };
  guint16 sw = 0;
  g_autoptr (GBytes) answer
      = md_card_connection_send (connection, &verify, &sw, cancellable, error);
  if (answer == NULL)
    return FALSE;
  if (sw == MD_SW_OK)
    return TRUE;
  // What was sent has the right form, so such an answer is no judgement of it; a try may be gone.
  if (sw == 0x6700 || sw == 0x6a80)
    md_card_error_set_detail (error, MD_CARD_ERROR_PROTOCOL, "%04x %s", sw, md_sw_get_name (sw));
  else
    md_card_error_from_verify (error, sw, pin);
  return FALSE;
}

static gboolean
is_judgement (const GError *error)
{
  return error == NULL || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_WRONG)
         || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_BLOCKED);
}

static gboolean
present (MdCardConnection *connection, MdCardPin pin, const MdSecret *data,
         GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  const guint before = md_card_connection_get_exchanges (connection);
  md_card_connection_set_unanswered (connection, pin);
  gboolean accepted = send_pin (connection, pin, data, cancellable, &local_error);
  if (is_judgement (local_error) || md_card_connection_get_exchanges (connection) == before)
    md_card_connection_set_unanswered (connection, MD_CARD_PIN_NONE);
  else
    md_card_error_set_unanswered (&local_error, pin);
  if (!accepted)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return accepted;
}

// What is noted of a PIN is noted of the card, and of what lies in its place on the reader: a card
// that could not be recognised once may be recognised the next time, and is the same.
#define N_USES 2

static gboolean
was_refused (MdCardMemory *memory, const MdPinUse *uses, int tries)
{
  gboolean refused = FALSE;
  for (gsize i = 0; i < N_USES; i++)
    refused |= md_card_memory_was_refused (memory, &uses[i], tries);
  return refused;
}

// What the card said. Where it said nothing about the PIN, its counter will.
static void
note_answer (MdCardMemory *memory, const MdPinUse *uses, const GError *error)
{
  for (gsize i = 0; i < N_USES; i++)
    {
      if (error == NULL)
        md_card_memory_note_accepted (memory, &uses[i]);
      else if (is_judgement (error))
        md_card_memory_note_refused (memory, &uses[i], md_card_error_get_tries (error));
    }
}

gboolean
md_card_present_pin (MdCardConnection *connection, const MdPresentation *p,
                     GCancellable *cancellable, GError **error)
{
  MdCardMemory *memory = md_card_connection_get_memory (connection);
  if (memory == NULL || p->card == NULL)
    return present (connection, p->pin, p->data, cancellable, error);
  g_autofree char *place = md_card_name_by_place (connection);
  MdPinUse uses[N_USES];
  uses[0] = (MdPinUse){
    .card = p->card, .place = place, .nameless = p->nameless, .pin = p->pin, .secret = p->secret
  };
  uses[1] = uses[0];
  uses[1].card = place;
  const gboolean refused = was_refused (memory, uses, p->tries);
  if (refused || (!p->again && md_card_memory_may_have_refused (memory, &uses[0], p->tries)))
    {
      md_card_error_set_pin (error,
                             refused ? MD_CARD_ERROR_PIN_SAME : MD_CARD_ERROR_PIN_SENT_BEFORE,
                             p->pin, p->tries);
      return FALSE;
    }
  g_autoptr (GError) local_error = NULL;
  for (gsize i = 0; i < N_USES; i++)
    md_card_memory_note_sent (memory, &uses[i], p->tries);
  gboolean accepted = present (connection, p->pin, p->data, cancellable, &local_error);
  note_answer (memory, uses, local_error);
  if (!accepted)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return accepted;
}

char *
md_card_name_by_place (MdCardConnection *connection)
{
  return g_strdup_printf ("%s#%u", md_card_connection_get_reader (connection),
                          md_card_connection_get_events (connection));
}
