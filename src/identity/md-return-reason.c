// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-return-reason.h"

#include <glib/gi18n.h>
#include <md-base.h>

static const struct
{
  const char *code, *label, *advice;
} reasons[] = {
  { "number-check", N_ ("The individual number has to be checked again"),
    N_ ("Ask the person for the number again with a document that shows it, and take the "
        "application up again.") },
  { "wrong-entry", N_ ("Something is written wrongly"),
    N_ ("Go through the entries with the person, and take the application up again.") },
  { "identity-open", N_ ("The identification needs another look"),
    N_ ("Ask the person to come with the card; compare face, name and address with it, and take "
        "the application up again.") },
  { "person-check", N_ ("It is not clear whom it is about"),
    N_ ("Find out with the person which of the office's records is theirs, and take the "
        "application up again.") },
  { MD_RETURN_REASON_SECOND, N_ ("Two officers have to agree on it, and one did"),
    N_ ("Take the application up again, and have one officer check it and another approve it. "
        "Where the terminal asks for one officer only, have the administrator look at its "
        "forms.") },
};

char *
md_return_reason_dup_codes (void)
{
  g_autoptr (GString) codes = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    g_string_append_printf (codes, "%s%s", i > 0 ? " " : "", reasons[i].code);
  return g_string_free (g_steal_pointer (&codes), FALSE);
}

const char *
md_return_reason_get_label (const char *code)
{
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (g_strcmp0 (reasons[i].code, code) == 0)
      return _ (reasons[i].label);
  return NULL;
}

const char *
md_return_reason_get_advice (const char *code)
{
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (g_strcmp0 (reasons[i].code, code) == 0)
      return _ (reasons[i].advice);
  return NULL;
}
