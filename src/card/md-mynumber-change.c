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

// An answer that makes no sense says nothing about what the card did before it.
static void
doubt (GError **error, GError *local_error)
{
  if (g_error_matches (local_error, MD_CARD_ERROR, MD_CARD_ERROR_PROTOCOL))
    {
      md_card_error_set_detail (error, MD_CARD_ERROR_FAILED, "%s",
                                md_card_error_get_detail (local_error));
      g_error_free (local_error);
    }
  else
    g_propagate_error (error, local_error);
}

// The words by which a card says that it did nothing. Behind any other it may have written it.
static gboolean
is_refusal (guint16 sw)
{
  static const MdSwClass classes[]
      = { MD_SW_CLASS_WRONG_LENGTH, MD_SW_CLASS_WRONG_PIN, MD_SW_CLASS_BLOCKED,
          MD_SW_CLASS_SECURITY,     MD_SW_CLASS_NOT_FOUND, MD_SW_CLASS_BAD_COMMAND };
  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++)
    if (md_sw_classify (sw) == classes[i])
      return TRUE;
  return FALSE;
}

static gboolean
send_change (MdMyNumberCard *self, const MdCommand *command, GCancellable *cancellable,
             GError **error)
{
  guint16 sw = 0;
  GError *local_error = NULL;
  g_autoptr (GBytes) answer
      = md_card_connection_send (self->connection, command, &sw, cancellable, &local_error);
  if (answer == NULL)
    {
      doubt (error, local_error);
      return FALSE;
    }
  if (sw != MD_SW_OK)
    md_card_error_set_detail (error,
                              is_refusal (sw) ? MD_CARD_ERROR_PROTOCOL : MD_CARD_ERROR_FAILED,
                              "%04x %s", sw, md_sw_get_name (sw));
  return sw == MD_SW_OK;
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
  if (!_md_mynumber_select_pin (self, pin, cancellable, error)
      || !send_change (self, &command, cancellable, error))
    return FALSE;
  note_changed (self, pin, secret);
  return TRUE;
}
