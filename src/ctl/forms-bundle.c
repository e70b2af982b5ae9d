// SPDX-License-Identifier: Apache-2.0
/* forms export, import, copy: definitions from office to office, and new ones from others. */
#include "config.h"

#include <glib/gi18n.h>
#include <md-forms.h>

#include "verb.h"

Status
verb_forms_export (Context *context, const char *operand)
{
  GError *error = NULL;
  g_autofree char *text = md_form_bundle_export (
      context->forms != NULL ? context->forms : MD_FORMSDIR, operand, &error);

  if (text == NULL)
    return context_fail (error);
  g_print ("%s\n", text);
  return STATUS_OK;
}

/* Not the installed folder: that is the package's. */
static gboolean
names_folder (Context *context)
{
  if (context->forms == NULL)
    g_printerr ("%s\n", _ ("Name the office's folder of definitions with --forms."));
  return context->forms != NULL;
}

Status
verb_forms_import (Context *context, const char *operand)
{
  GError *error = NULL;
  g_autofree char *text = NULL;
  gsize length = 0;

  if (!names_folder (context))
    return STATUS_USAGE;
  if (!g_file_get_contents (operand, &text, &length, &error)
      || !md_form_bundle_import (text, length, context->forms, &error))
    return context_fail (error);
  g_print ("%s\n", _ ("Taken in, as it was exported."));
  return STATUS_OK;
}

Status
verb_forms_copy (Context *context, const char *operand)
{
  GError *error = NULL;

  if (!names_folder (context))
    return STATUS_USAGE;
  if (!md_form_bundle_copy (context->forms, operand, context->operands[1], &error))
    return context_fail (error);
  g_print (_ ("%s is there. Change its texts, sections and checks, and lint the folder.\n"),
           context->operands[1]);
  return STATUS_OK;
}
