// SPDX-License-Identifier: Apache-2.0
// What the reader doctor found, as a text for the help desk. Nothing personal is in the findings.
#include "md-card-doctor.h"

#include <glib/gi18n.h>

const char *
md_card_finding_get_advice (const MdCardFinding *self)
{
  g_return_val_if_fail (self != NULL, "");
  return *self->command != '\0' ? self->command : self->remedy;
}

char *
md_card_doctor_write_report (GPtrArray *findings)
{
  static const char *const marks[] = {
    [MD_CARD_HEALTH_GOOD] = N_ ("good   "),
    [MD_CARD_HEALTH_WARNING] = N_ ("look at"),
    [MD_CARD_HEALTH_BAD] = N_ ("BAD    "),
    [MD_CARD_HEALTH_UNKNOWN] = N_ ("unknown"),
  };
  g_return_val_if_fail (findings != NULL, NULL);
  GString *text = g_string_new (NULL);
  const char *reader = NULL;
  for (guint i = 0; i < findings->len; i++)
    {
      const MdCardFinding *finding = g_ptr_array_index (findings, i);
      const char *advice = md_card_finding_get_advice (finding);
      if (finding->health == MD_CARD_HEALTH_UNKNOWN && *advice == '\0')
        continue;
      if (g_strcmp0 (reader, finding->reader) != 0 && finding->reader != NULL)
        g_string_append_printf (text, "%s\n", finding->reader);
      reader = finding->reader;
      g_string_append_printf (text, "%s  %s: %s%s%s\n", gettext (marks[finding->health]),
                              md_card_layer_label (finding->layer), finding->what,
                              *advice != '\0' ? " -> " : "", advice);
    }
  return g_string_free (text, FALSE);
}
