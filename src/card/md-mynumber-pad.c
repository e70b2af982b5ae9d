// SPDX-License-Identifier: Apache-2.0
#include "md-mynumber-pad.h"

#include "md-card-entry.h"
#include "md-mynumber-private.h"

#define INS_VERIFY 0x20
#define INS_CHANGE 0x24
#define CHANGE_NEW_ONLY 0x01

// The PINs that are digits alone, and not printed on the card.
static const struct
{
  MdCardPin pin;
  guint8 digits;
} keypad_pins[] = {
  { MD_CARD_PIN_AUTH, 4 },
  { MD_CARD_PIN_TEXT, 4 },
};

// FALSE: not to be typed at a keypad.
static gboolean
entry_of (MdCardPin pin, guint8 ins, guint8 p1, MdPinEntry *out_entry)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keypad_pins); i++)
    if (keypad_pins[i].pin == pin)
      {
        guint8 digits = keypad_pins[i].digits;
        *out_entry = (MdPinEntry){ .least = digits,
                                   .most = digits,
                                   .block = digits,
                                   .ins = ins,
                                   .p1 = p1,
                                   .p2 = 0x80,
                                   .seconds = MD_CARD_PAD_SECONDS };
        return TRUE;
      }
  return FALSE;
}

gboolean
md_mynumber_card_can_enter (MdMyNumberCard *self, MdCardPin pin, GCancellable *cancellable)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), FALSE);
  MdPinEntry entry;
  if (!entry_of (pin, INS_VERIFY, 0x00, &entry))
    return FALSE;
  const MdPinPad *pad = md_card_connection_get_pin_pad (self->connection, cancellable);
  return pad != NULL && md_pin_pad_fits (pad, &entry);
}

gboolean
md_mynumber_card_enter (MdMyNumberCard *self, MdCardPin pin, MdCardVerifyFlags flags,
                        GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), FALSE);
  MdPinEntry entry;
  if (!entry_of (pin, INS_VERIFY, 0x00, &entry)
      || !md_mynumber_card_can_enter (self, pin, cancellable))
    {
      md_card_error_set (error, MD_CARD_ERROR_PAD_FAILED);
      return FALSE;
    }
  int tries = MD_CARD_TRIES_UNKNOWN;
  if (!md_mynumber_card_may_verify (self, pin, flags, &tries, cancellable, error))
    return FALSE;
  _md_mynumber_forget_tries (self, pin);
  if (!md_card_enter_pin (self->connection, &entry, pin, tries, cancellable, error))
    return FALSE;
  self->accepted |= 1u << pin;
  return TRUE;
}

gboolean
md_mynumber_card_can_enter_new (MdMyNumberCard *self, MdCardPin pin, GCancellable *cancellable)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), FALSE);
  MdPinEntry entry;
  if (!entry_of (pin, INS_CHANGE, CHANGE_NEW_ONLY, &entry))
    return FALSE;
  const MdPinPad *pad = md_card_connection_get_pin_pad (self->connection, cancellable);
  return pad != NULL && pad->modify != 0 && md_pin_pad_fits (pad, &entry);
}

gboolean
md_mynumber_card_enter_new (MdMyNumberCard *self, MdCardPin pin, GCancellable *cancellable,
                            GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), FALSE);
  MdPinEntry entry;
  if (!entry_of (pin, INS_CHANGE, CHANGE_NEW_ONLY, &entry))
    {
      md_card_error_set (error, MD_CARD_ERROR_UNSUPPORTED);
      return FALSE;
    }
  _md_mynumber_forget_tries (self, pin);
  return _md_mynumber_select_pin (self, pin, cancellable, error)
         && md_card_enter_new_pin (self->connection, &entry, pin, cancellable, error);
}
