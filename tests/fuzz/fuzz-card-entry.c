// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include <md-base.h>
#include <md-card.h>

#include <string.h>

/* What people type: a PIN of any kind, and the three parts of 照合番号B, one a line. What comes out
 * is what a card can be asked, or nothing. */

/* An entry that looks at each character as it is typed says the same of them. */
static void
check_folded (MdCardPin pin, const MdSecret *typed, const MdSecret *prepared, guint changes)
{
  const char *at = md_secret_get_text (typed);
  const guint8 *bytes = md_secret_get_data (prepared);
  guint made = MD_CARD_PIN_AS_TYPED;

  for (gsize i = 0; i < md_secret_get_size (prepared); i++)
    {
      g_assert_cmpuint (md_card_pin_fold (pin, g_utf8_get_char (at), &made), ==, bytes[i]);
      at += g_utf8_skip[(guint8)*at];
    }
  g_assert_cmpint (*at, ==, '\0');
  g_assert_cmpuint (made, ==, changes);
}

static void
check_pin (const guint8 *data, gsize size)
{
  g_autoptr (MdSecret) typed = md_secret_new_from_data (data, MIN (size, 256));

  for (guint pin = MD_CARD_PIN_AUTH; pin < MD_CARD_PIN_STAFF; pin++)
    {
      guint changes = 0;
      g_autoptr (MdSecret) prepared = md_card_pin_prepare ((MdCardPin)pin, typed, &changes, NULL);

      if (prepared == NULL)
        continue;
      g_assert_true (md_card_pin_is_plausible ((MdCardPin)pin, prepared));
      g_assert_cmpuint (md_secret_get_size (prepared), <=, MD_LIMIT_PIN);
      check_folded ((MdCardPin)pin, typed, prepared, changes);
      if (changes == MD_CARD_PIN_AS_TYPED)
        g_assert_true (md_secret_equal (prepared, typed));
    }
}

static void
check_reference (const guint8 *data, gsize size)
{
  static const MdDate today = { 2026, 11, 21 };
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 3);
  guint count = g_strv_length (lines);
  const MdReferenceEntry entry = { .birth = count > 0 ? lines[0] : NULL,
                                   .expiry = count > 1 ? lines[1] : NULL,
                                   .code = count > 2 ? lines[2] : NULL };
  MdReferenceB reference;
  guint wrong = md_reference_b_parse (&entry, &today, &reference);

  g_assert_true ((wrong == 0) == (*md_reference_part_get_hint (wrong) == '\0'));
  if (wrong != 0)
    return;
  for (guint calendar = MD_REFERENCE_ERA; calendar <= MD_REFERENCE_GREGORIAN; calendar++)
    {
      g_autoptr (MdSecret) digits
          = md_reference_b_assemble (&reference, (MdReferenceCalendar)calendar);

      g_assert_true (md_card_pin_is_plausible (MD_CARD_PIN_FACE_B, digits));
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  check_pin (data, size);
  check_reference (data, size);
  return 0;
}
