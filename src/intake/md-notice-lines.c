// SPDX-License-Identifier: Apache-2.0
// What a notice of the back office is about, for people.
#include "config.h"

#include <glib/gi18n.h>

#include "md-officer-private.h"

char *
_md_notice_dup_lines (const MdNotice *notice, MdCatalogue *catalogue)
{
  g_autoptr (GString) lines = g_string_new (NULL);

  for (guint i = 0; i < notice->lines->len; i++)
    {
      const MdNoticeLine *line = g_ptr_array_index (notice->lines, i);
      MdField *field = catalogue ? md_catalogue_get_field (catalogue, line->field) : NULL;
      MdConfirmationRule rule;
      const char *words = md_confirmation_rule_from_string (line->rule, &rule)
                              ? md_confirmation_rule_get_label (rule)
                              : line->rule;

      g_string_append (lines, i > 0 ? "\n" : "");
      if (field)
        g_string_append_printf (lines, _ ("%s: %s"), md_field_get_label (field), words);
      else
        g_string_append (lines, words);
    }
  return g_string_free (g_steal_pointer (&lines), FALSE);
}
