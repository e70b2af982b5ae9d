// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-forms-types.h"

G_DEFINE_QUARK (md - forms - error - quark, md_forms_error)

gboolean
md_forms_in_japanese (void)
{
  const char *const *names = g_get_language_names ();

  return names[0] && g_str_has_prefix (names[0], "ja");
}
