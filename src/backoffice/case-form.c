// SPDX-License-Identifier: Apache-2.0
/* The opened application against the form by which it was filled in. */
#include "config.h"

#include "case-private.h"

#include <glib/gi18n.h>

/* The fields of the form without the columns of its rows. Caller frees the vector alone. */
static const char **
list_items (MdForm *form)
{
  g_autofree const char **names = md_form_list_fields (form);
  const char **items = NULL;
  gsize n = 0;

  while (names[n] != NULL)
    n++;
  items = g_new0 (const char *, n + 1);
  n = 0;
  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_autofree const char **columns = md_form_list_columns (form, names[i]);

      items[n++] = names[i];
      for (gsize k = 0; columns[k] != NULL; k++)
        i++;
    }
  return items;
}

static gboolean
rows_have_only (const MdRecord *rows, MdForm *form, const char *group)
{
  g_autofree const char **columns = md_form_list_columns (form, group);

  for (gsize i = 0; i < md_record_get_size (rows); i++)
    {
      const MdRecord *row = md_record_get_entry (rows, i);

      if (md_record_is_object (row) && !md_record_has_only (row, columns))
        return FALSE;
    }
  return TRUE;
}

static gboolean
has_only_items (const MdRecord *values, MdForm *form)
{
  g_autofree const char **names = list_items (form);

  if (!md_record_has_only (values, names))
    return FALSE;
  for (gsize i = 0; names[i] != NULL; i++)
    if (!rows_have_only (md_record_get (values, names[i]), form, names[i]))
      return FALSE;
  return TRUE;
}

gboolean
_case_check_form (Case *self, const Desk *desk, GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  MdForm *form = desk_find_form (desk, manifest);

  _case_begin (self, "form");
  if (desk->catalogue == NULL)
    {
      g_set_error (error, CASE_ERROR, CASE_ERROR_SETTINGS,
                   _ ("The forms of this desk cannot be read (%s), so nobody can say which items "
                      "the application may hold. Put that right, or name another folder as "
                      "forms_dir; \"madoguchictl forms lint\" lists all that is wrong."),
                   desk->forms_trouble->message);
      return FALSE;
    }
  if (form == NULL)
    {
      g_set_error (error, CASE_ERROR, CASE_ERROR_SETTINGS,
                   _ ("Intake %s was filled in by version %s of the form \"%s\", which is not "
                      "registered at this desk. Put its definition into forms_dir, where it is one "
                      "of the office's."),
                   self->entry->receipt_number, manifest->procedure_version, manifest->procedure);
      return FALSE;
    }
  if (!has_only_items (self->values, form))
    return _case_forged (error, self->entry->intake,
                         "the application holds an item that its form does not have");
  _case_passed (self, "has the items of its form, version %s, and no other",
                manifest->procedure_version);
  return TRUE;
}
