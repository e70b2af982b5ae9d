// SPDX-License-Identifier: Apache-2.0
#include "md-card-status.h"

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
  { MD_SW_CLASS_WRONG_PIN, MD_CARD_ERROR_PIN_WRONG },
  { MD_SW_CLASS_BLOCKED, MD_CARD_ERROR_PIN_BLOCKED },
  { MD_SW_CLASS_NOT_FOUND, MD_CARD_ERROR_NO_DATA },
  { MD_SW_CLASS_BAD_COMMAND, MD_CARD_ERROR_UNSUPPORTED },
  { MD_SW_CLASS_CARD_FAULT, MD_CARD_ERROR_FAILED },
};

static MdCardError
code_for_sw (guint16 sw)
{
  if (sw == 0x6982)
    return MD_CARD_ERROR_PIN_NEEDED;
  MdSwClass sw_class = md_sw_classify (sw);
  for (gsize i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (meanings[i].sw_class == sw_class)
      return meanings[i].code;
  return MD_CARD_ERROR_PROTOCOL;
}

void
md_card_error_from_sw (GError **error, guint16 sw, MdCardPin pin)
{
  MdCardError code = code_for_sw (sw);
  if (code == MD_CARD_ERROR_PIN_BLOCKED)
    md_card_error_set_pin (error, code, pin, 0);
  else if (code == MD_CARD_ERROR_PIN_WRONG || code == MD_CARD_ERROR_PIN_NEEDED)
    md_card_error_set_pin (error, code, pin, md_sw_get_tries (sw));
  else
    md_card_error_set_detail (error, code, "%04x %s", sw, md_sw_get_name (sw));
}

GBytes *
md_card_send_expecting_ok (MdCardConnection *connection, const MdCommand *command, MdCardPin pin,
                           GCancellable *cancellable, GError **error)
{
  guint16 sw = 0;
  g_autoptr (GBytes) data = md_card_connection_send (connection, command, &sw, cancellable, error);
  if (data == NULL)
    return NULL;
  if (sw != MD_SW_OK && sw != 0x6282)
    {
      md_card_error_from_sw (error, sw, pin);
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

int
md_card_ask_tries (MdCardConnection *connection, MdCardPin pin, int maximum,
                   GCancellable *cancellable, GError **error)
{
  // A card may answer 9000 once to the empty VERIFY while the PIN stands verified, and only then
  // the count.
  MdCommand verify = { .ins = 0x20, .p2 = 0x80 };
  for (int attempt = 0; attempt < 2; attempt++)
    {
      guint16 sw = 0;
      g_autoptr (GBytes) data
          = md_card_connection_send (connection, &verify, &sw, cancellable, error);
      if (data == NULL)
        return -1;
      if (sw == MD_SW_OK)
        continue;
      if (md_sw_classify (sw) == MD_SW_CLASS_BLOCKED)
        return 0;
      int tries = md_sw_get_tries (sw);
      if (tries >= 0)
        return tries;
      if (sw == 0x6300)
        return maximum;
      md_card_error_from_sw (error, sw, pin);
      return -1;
    }
  return maximum;
}

gboolean
md_card_may_present (MdCardPin pin, int tries, gboolean last_try, GError **error)
{
  if (tries <= 0)
    md_card_error_set_pin (error, MD_CARD_ERROR_PIN_BLOCKED, pin, 0);
  else if (tries == 1 && !last_try)
    md_card_error_set_pin (error, MD_CARD_ERROR_PIN_LAST_TRY, pin, 1);
  else
    return TRUE;
  return FALSE;
}

gboolean
md_card_present_pin (MdCardConnection *connection, MdCardPin pin, const MdSecret *data,
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
  if (sw == 0x6700 || sw == 0x6a80)
    md_card_error_set_pin (error, MD_CARD_ERROR_PIN_FORMAT, pin, MD_CARD_TRIES_UNKNOWN);
  else
    md_card_error_from_sw (error, sw, pin);
  return FALSE;
}
