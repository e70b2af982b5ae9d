// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include <string.h>

#include <md-base.h>
#include <md-forms.h>

#include "../forms/fixture.h"

/* What is typed into a field of any type: a stored value that stays itself when read again and can
 * be shown, or a sentence for beside the field that does not repeat what was typed. */
static const char *const ids[]
    = { "p.name", "p.kana", "p.birth",   "p.sex",     "p.addr",  "p.mynum",
        "p.tel",  "n.bpn",  "n.ex_from", "k.insured", "k.mi_no", "l.insured" };

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, MIN (size, 8192));

  if (!g_utf8_validate (text, -1, NULL))
    return 0; /* GTK gives nothing else */
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      MdField *field = md_catalogue_get_field (fixture_catalogue (), ids[i]);
      g_autoptr (GError) error = NULL;
      g_autofree char *stored
          = field == NULL ? NULL : md_value_parse (field, text, "2026-11-21", &error);
      g_autofree char *again = NULL;
      g_autofree char *shown = NULL;

      g_assert_true (field == NULL || (stored == NULL) == (error != NULL));
      if (stored == NULL)
        continue;
      g_assert_true (g_utf8_validate (stored, -1, NULL));
      again = md_value_parse (field, stored, "2026-11-21", NULL);
      g_assert_cmpstr (stored, ==, again);
      shown = md_value_to_display (field, stored);
      g_assert_nonnull (shown);
    }
  return 0;
}
