// SPDX-License-Identifier: Apache-2.0
#include "md-card-pin.h"

#include <string.h>

// One row per PIN of the resident's card.
typedef struct
{
  int maximum; // tries of a fresh one
  gsize min_length;
  gsize max_length;
  gboolean letters; // A-Z too, and at least one of them and one digit
} PinRule;

static const PinRule rules[] = {
  [MD_CARD_PIN_AUTH] = { 3, 4, 4, FALSE },      [MD_CARD_PIN_TEXT] = { 3, 4, 4, FALSE },
  [MD_CARD_PIN_SIGN] = { 5, 6, 16, TRUE },      [MD_CARD_PIN_TEXT_A] = { 10, 12, 12, FALSE },
  [MD_CARD_PIN_TEXT_B] = { 10, 14, 14, FALSE }, [MD_CARD_PIN_FACE_A] = { 10, 12, 12, FALSE },
  [MD_CARD_PIN_FACE_B] = { 10, 14, 14, FALSE },
};

#define FULL_WIDTH_FIRST 0xff01u // the full-width form of '!', 0x21
#define FULL_WIDTH_LAST 0xff5eu

int
md_card_pin_get_maximum (MdCardPin pin)
{
  g_return_val_if_fail (pin > MD_CARD_PIN_NONE && pin < G_N_ELEMENTS (rules), 0);
  return rules[pin].maximum;
}

gboolean
md_card_pin_is_plausible (MdCardPin pin, const MdSecret *secret)
{
  g_return_val_if_fail (pin > MD_CARD_PIN_NONE && pin < G_N_ELEMENTS (rules), FALSE);
  const PinRule *rule = &rules[pin];
  gsize size = md_secret_get_size (secret);
  const guint8 *data = md_secret_get_data (secret);
  gboolean has_letter = FALSE;
  gboolean has_digit = FALSE;
  if (size < rule->min_length || size > rule->max_length)
    return FALSE;
  for (gsize i = 0; i < size; i++)
    {
      gboolean digit = g_ascii_isdigit (data[i]);
      if (!digit && !(rule->letters && g_ascii_isupper (data[i])))
        return FALSE;
      has_digit |= digit;
      has_letter |= !digit;
    }
  if (pin == MD_CARD_PIN_TEXT_A || pin == MD_CARD_PIN_FACE_A)
    return md_number_is_valid (MD_NUMBER_INDIVIDUAL, md_secret_get_text (secret));
  return !rule->letters || (has_letter && has_digit);
}

// One typed character as the card knows it; 0 when there is no such one.
static guint8
fold (gunichar c, guint *changes)
{
  if (c >= FULL_WIDTH_FIRST && c <= FULL_WIDTH_LAST)
    {
      c = c - FULL_WIDTH_FIRST + '!';
      *changes |= MD_CARD_PIN_NARROWED;
    }
  if (c >= 'a' && c <= 'z')
    {
      c = c - 'a' + 'A';
      *changes |= MD_CARD_PIN_RAISED;
    }
  return c > 0x20 && c < 0x7f ? (guint8)c : 0;
}

guint8
md_card_pin_fold (MdCardPin pin, gunichar typed, guint *changes)
{
  guint made = MD_CARD_PIN_AS_TYPED;
  g_return_val_if_fail (pin > MD_CARD_PIN_NONE && pin < G_N_ELEMENTS (rules) && changes != NULL, 0);
  const guint8 byte = fold (typed, &made);
  if (!g_ascii_isdigit (byte) && !(rules[pin].letters && g_ascii_isupper (byte)))
    return 0;
  *changes |= made;
  return byte;
}

MdSecret *
md_card_pin_prepare (MdCardPin pin, const MdSecret *typed, guint *out_changes, GError **error)
{
  g_return_val_if_fail (typed != NULL, NULL);
  const char *text = md_secret_get_text (typed);
  gsize size = md_secret_get_size (typed);
  g_autoptr (MdSecret) prepared = md_secret_new (MD_LIMIT_PIN);
  gboolean good = strlen (text) == size && g_utf8_validate_len (text, size, NULL);
  guint changes = MD_CARD_PIN_AS_TYPED;
  for (const char *at = text; good && *at != '\0'; at += g_utf8_skip[(guint8)*at])
    {
      guint8 byte = fold (g_utf8_get_char (at), &changes);
      good = byte != 0 && md_secret_append (prepared, &byte, 1);
    }
  if (!good || !md_card_pin_is_plausible (pin, prepared))
    {
      md_card_error_set_pin (error, MD_CARD_ERROR_PIN_FORMAT, pin, MD_CARD_TRIES_UNKNOWN);
      return NULL;
    }
  if (out_changes != NULL)
    *out_changes = changes;
  return g_steal_pointer (&prepared);
}
