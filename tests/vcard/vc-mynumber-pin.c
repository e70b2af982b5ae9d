// SPDX-License-Identifier: Apache-2.0
/* VERIFY, and changing a PIN. */
#include "vc-mynumber.h"

static guint
get_tries (const VcMyNumber *state)
{
  g_autofree char *object = vc_mynumber_name (state, state->file->id);

  return vc_store_get_tries (state->store, object, state->file->tries);
}

static guint16
locked_sw (const VcMyNumber *state)
{
  return vc_store_get_quirk_sw (state->store, "lock_sw", VC_SW_BLOCKED_JICSAP);
}

static guint16
tell_tries (const VcMyNumber *state)
{
  guint tries = get_tries (state);

  if (tries == 0 && vc_store_has_quirk (state->store, "lock_empty"))
    return locked_sw (state);
  if ((state->verified & vc_mynumber_bit (state->file->id))
      && vc_store_has_quirk (state->store, "verified_9000"))
    return VC_SW_OK;
  return (guint16)(VC_SW_TRIES | tries);
}

guint16
vc_mynumber_verify (VcMyNumber *state, VcExchange *exchange)
{
  const MdCommand *command = &exchange->command;
  guint16 chosen = vc_mynumber_choose_file (state, command->p2);
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
  object = vc_mynumber_name (state, state->file->id);
  state->verified &= ~vc_mynumber_bit (state->file->id);
  if (!vc_store_check_pin (state->store, object, state->file->tries, command->data,
                           command->data_size))
    return (guint16)(VC_SW_TRIES | get_tries (state));
  state->verified |= vc_mynumber_bit (state->file->id);
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
change_pin (VcMyNumber *state, VcExchange *exchange, VcChange how)
{
  const MdCommand *command = &exchange->command;
  guint16 chosen = vc_mynumber_choose_file (state, command->p2);
  g_autofree char *object = NULL;

  if (chosen != VC_SW_OK)
    return chosen;
  if (state->file->kind != VC_EF_PIN || state->file->change != how)
    return VC_SW_CONDITIONS;
  if (!(state->verified & vc_mynumber_bit (state->file->id)))
    return VC_SW_SECURITY;
  if (!is_acceptable_pin (state->file, command->data, command->data_size))
    return VC_SW_DATA;
  object = vc_mynumber_name (state, state->file->id);
  return vc_store_set_pin (state->store, object, command->data, command->data_size) ? VC_SW_OK
                                                                                    : VC_SW_FAULT;
}

guint16
vc_mynumber_change_reference (VcMyNumber *state, VcExchange *exchange)
{
  if (exchange->command.p1 != 0x01)
    return VC_SW_PARAMETERS;
  return change_pin (state, exchange, VC_CHANGE_REFERENCE);
}

guint16
vc_mynumber_change_key (VcMyNumber *state, VcExchange *exchange)
{
  if (exchange->command.p1 != 0x00)
    return VC_SW_PARAMETERS;
  return change_pin (state, exchange, VC_CHANGE_KEY);
}
