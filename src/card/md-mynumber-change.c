// SPDX-License-Identifier: Apache-2.0
// A new PIN in place of the one that its holder has just shown to know.
#include "md-card-pin.h"
#include "md-card-status.h"
#include "md-mynumber-private.h"

#define INS_CHANGE 0x24
#define NEW_ONLY 0x01
#define CURRENT_FILE 0x80

// The printed digits are what is printed.
static gboolean
is_chosen (MdCardPin pin)
{
  return pin == MD_CARD_PIN_AUTH || pin == MD_CARD_PIN_TEXT || pin == MD_CARD_PIN_SIGN;
}

// What was refused before as a wrong one is the right one now.
static void
note_changed (MdMyNumberCard *self, MdCardPin pin, const MdSecret *secret)
{
  MdCardMemory *memory = md_card_connection_get_memory (self->connection);
  const MdPinUse use = { .card = "", .place = "", .pin = pin, .secret = secret };
  md_card_memory_note_accepted (self->refused, &use);
  if (memory == NULL)
    return;
  g_autofree char *place = md_card_name_by_place (self->connection);
  MdPinUse there = { .card = place, .place = place, .pin = pin, .secret = secret };
  md_card_memory_note_accepted (memory, &there);
  if (self->name == NULL)
    return;
  there.card = self->name;
  there.nameless = self->nameless;
  md_card_memory_note_accepted (memory, &there);
}

gboolean
md_mynumber_card_change (MdMyNumberCard *self, MdCardPin pin, const MdSecret *secret,
                         GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self) && is_chosen (pin) && secret != NULL, FALSE);
  const gboolean opened = (self->accepted & 1u << pin) != 0;
  if (!opened || !md_card_pin_is_plausible (pin, secret))
    {
      md_card_error_set_pin (error, opened ? MD_CARD_ERROR_PIN_FORMAT : MD_CARD_ERROR_PIN_NEEDED,
                             pin, MD_CARD_TRIES_UNKNOWN);
      return FALSE;
    }
  const MdCommand command = { .ins = INS_CHANGE,
                              .p1 = NEW_ONLY,
                              .p2 = CURRENT_FILE,
                              .data = md_secret_get_data (secret),
                              .data_size = md_secret_get_size (secret) };
  guint16 sw = 0;
  if (!_md_mynumber_select_pin (self, pin, cancellable, error))
    return FALSE;
  g_autoptr (GBytes) answer
      = md_card_connection_send (self->connection, &command, &sw, cancellable, error);
  if (answer == NULL)
    return FALSE;
  if (sw != MD_SW_OK)
    {
      md_card_error_set_detail (error, MD_CARD_ERROR_PROTOCOL, "%04x %s", sw, md_sw_get_name (sw));
      return FALSE;
    }
  note_changed (self, pin, secret);
  return TRUE;
}
