// SPDX-License-Identifier: Apache-2.0
// What the reader doctor says of the tries that a card has left.
#include "md-card-doctor-private.h"

#include <glib/gi18n.h>
#include <md-card.h>

static gboolean
is_printed (MdCardPin pin)
{
  return pin >= MD_CARD_PIN_TEXT_A && pin <= MD_CARD_PIN_FACE_B;
}

// The name of PIN; of the same digits in two applications the same. (transfer full)
static char *
name_of (MdCardPin pin)
{
  if (!is_printed (pin))
    return md_card_text_name_pin (pin);
  return g_strdup (
      pin == MD_CARD_PIN_TEXT_A || pin == MD_CARD_PIN_FACE_A
          ? _ ("照合番号A, the individual number on the back")
          : _ ("照合番号B, the birth date, expiry year and security code on the front"));
}

// Those with WANTED tries, by name, each once; NULL where there is none. OUT_CHOSEN (or NULL): one
// of them is not printed on the card. (transfer full)
static char *
name_pins (const MdPinTries *pins, gsize count, int wanted, gboolean *out_chosen)
{
  g_autoptr (GString) names = g_string_new (NULL);
  for (gsize i = 0; i < count; i++)
    {
      g_autofree char *name = name_of (pins[i].pin);
      if (pins[i].tries != wanted || strstr (names->str, name) != NULL)
        continue;
      g_string_append_printf (names, "%s%s", names->len > 0 ? C_ ("between names", ", ") : "",
                              name);
      if (out_chosen != NULL && !is_printed (pins[i].pin))
        *out_chosen = TRUE;
    }
  return names->len > 0 ? g_string_free (g_steal_pointer (&names), FALSE) : NULL;
}

gboolean
_md_card_visit_pins (MdCardVisit *visit, const MdPinTries *pins, gsize count)
{
  gboolean chosen = FALSE;
  g_autofree char *locked = name_pins (pins, count, 0, &chosen);
  g_autofree char *last = name_pins (pins, count, 1, NULL);
  g_autofree char *silent = name_pins (pins, count, MD_CARD_TRIES_UNKNOWN, NULL);
  g_autofree char *what = NULL;
  if (locked != NULL)
    {
      what = g_strdup_printf (_ ("Locked on this card: %s."), locked);
      _md_card_visit_bad (
          visit, MD_CARD_LAYER_PIN, what,
          chosen ? _ ("It is set again at the My Number card counter; a staff card's by the "
                      "administrator of staff cards.")
                 : _ ("It is released at the My Number card counter; until then, identify the "
                      "person in another way."));
    }
  else if (last != NULL || silent != NULL)
    {
      what = last != NULL ? g_strdup_printf (_ ("One last try is left on this card: %s."), last)
                          : g_strdup_printf (
                              _ ("The card does not tell how many tries are left: %s."), silent);
      _md_card_visit_note (visit, MD_CARD_LAYER_PIN, MD_CARD_HEALTH_WARNING, what,
                           _ ("Enter it only if it is certain."));
    }
  return what != NULL;
}
