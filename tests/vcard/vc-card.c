// SPDX-License-Identifier: Apache-2.0
#include "vc-card.h"
#include "vc-profile.h"

#include <string.h>

struct _VcCard
{
  VcStore *store;
  const VcProfile *profile;
  gpointer state;
  GBytes *atr;
  gboolean fresh; /* no command since the power came */
};

/* A card of another kind: it has no application that we know. */
static guint16
handle_unknown (gpointer state, VcExchange *exchange)
{
  return exchange->command.ins == 0xA4 ? VC_SW_NOT_FOUND : VC_SW_INSTRUCTION;
}

static const VcProfile profile_unknown = { .name = "unknown", .handle = handle_unknown };

static const VcProfile *const profiles[] = {
  &vc_profile_mynumber,
  &vc_profile_piv,
  &profile_unknown,
};

static const VcProfile *
find_profile (const char *name)
{
  for (gsize i = 0; name && i < G_N_ELEMENTS (profiles); i++)
    if (strcmp (profiles[i]->name, name) == 0)
      return profiles[i];
  return NULL;
}

static GBytes *
parse_hex (const char *text)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  gsize length = text ? strlen (text) : 0;

  if (length == 0 || length % 2 != 0)
    return NULL;
  for (gsize i = 0; i < length; i += 2)
    {
      int high = g_ascii_xdigit_value (text[i]), low = g_ascii_xdigit_value (text[i + 1]);
      guint8 byte = (guint8)((high << 4) | low);

      if (high < 0 || low < 0)
        return NULL;
      g_byte_array_append (bytes, &byte, 1);
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

VcCard *
vc_card_new (const char *dir, GError **error)
{
  g_autoptr (VcCard) card = g_new0 (VcCard, 1);

  card->store = vc_store_new (dir, error);
  if (!card->store)
    return NULL;
  card->profile = find_profile (vc_store_get_setting (card->store, "profile"));
  card->atr = parse_hex (vc_store_get_setting (card->store, "atr"));
  if (!card->profile || !card->atr)
    {
      g_set_error (error, VC_ERROR, VC_ERROR_DIRECTORY, "%s/card.ini: %s", dir,
                   card->profile ? "atr is not hexadecimal" : "profile is not one we can play");
      return NULL;
    }
  if (card->profile->start)
    card->state = card->profile->start (card->store);
  vc_card_power (card);
  return g_steal_pointer (&card);
}

void
vc_card_free (VcCard *card)
{
  if (!card)
    return;
  if (card->profile && card->profile->stop && card->state)
    card->profile->stop (card->state);
  vc_store_free (card->store);
  g_clear_pointer (&card->atr, g_bytes_unref);
  g_free (card);
}

const char *
vc_card_get_directory (VcCard *card)
{
  return vc_store_get_directory (card->store);
}

GBytes *
vc_card_get_atr (VcCard *card)
{
  return card->atr;
}

void
vc_card_power (VcCard *card)
{
  card->fresh = TRUE;
  if (card->profile->power)
    card->profile->power (card->state, FALSE);
}

void
vc_card_reset (VcCard *card)
{
  if (card->profile->power)
    card->profile->power (card->state, TRUE);
}

void
vc_card_keep_in_memory (VcCard *card)
{
  vc_store_keep_in_memory (card->store);
}

void
vc_card_restore (VcCard *card)
{
  vc_store_restore (card->store);
  vc_card_power (card);
}

guint
vc_card_get_tries (VcCard *card, const char *object, guint max)
{
  return vc_store_get_tries (card->store, object, max);
}

void
vc_card_set_tries (VcCard *card, const char *object, guint tries)
{
  vc_store_set_tries (card->store, object, tries);
}

guint
vc_card_count_verified (VcCard *card)
{
  return card->profile->count_verified ? card->profile->count_verified (card->state) : 0;
}

static guint16
handle (VcCard *card, const guint8 *apdu, gsize size, VcExchange *exchange)
{
  gboolean first = card->fresh;

  card->fresh = FALSE;
  if (first && vc_store_has_quirk (card->store, "first_6f00"))
    return VC_SW_FAULT;
  if (!md_command_parse (apdu, size, &exchange->command, &exchange->form, NULL))
    return VC_SW_LENGTH;
  if (exchange->form == MD_COMMAND_FORM_EXTENDED && vc_store_has_quirk (card->store, "short_only"))
    return VC_SW_LENGTH;
  return card->profile->handle (card->state, exchange);
}

GBytes *
vc_card_transmit (VcCard *card, const guint8 *apdu, gsize size, guint *out_delay_ms)
{
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  VcExchange exchange = { .answer = answer };
  guint16 sw = handle (card, apdu, size, &exchange);
  guint8 trailer[2] = { (guint8)(sw >> 8), (guint8)(sw & 0xFF) };

  if (out_delay_ms)
    *out_delay_ms = exchange.delay_ms;
  g_byte_array_append (answer, trailer, sizeof trailer);
  return g_byte_array_free_to_bytes (g_steal_pointer (&answer));
}
