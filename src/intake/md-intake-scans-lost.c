// SPDX-License-Identifier: Apache-2.0
// Scans of papers that another procedure does not have: they go when it is chosen, and not unasked.
#include "config.h"

#include <glib/gi18n.h>

#include "md-intake-flow-private.h"
#include "md-intake-scans.h"

char *
md_intake_describe_lost_scans (MdIntake *self, MdForm *form)
{
  GListModel *papers = self->data ? md_form_data_get_attachments (self->data) : NULL;
  g_autoptr (GString) lost = g_string_new (NULL);

  if (form == self->form || self->step >= MD_STEP_OF_DONE)
    return NULL;
  for (guint i = 0; papers && i < g_list_model_get_n_items (papers); i++)
    {
      g_autoptr (MdAttachment) paper = g_list_model_get_item (papers, i);
      g_autofree char *there = md_form_dup_paper_label (form, md_attachment_get_id (paper));
      const guint n = g_list_model_get_n_items (md_attachment_get_documents (paper));
      g_autofree char *label = NULL;

      if (n == 0 || there)
        continue;
      g_object_get (paper, "label", &label, NULL);
      g_string_append_printf (lost, "%s%s", lost->len > 0 ? "\n" : "", label);
    }
  return lost->len > 0 ? g_string_free (g_steal_pointer (&lost), FALSE) : NULL;
}

void
md_intake_let_scans_go (MdIntake *self)
{
  self->scans_may_go = TRUE;
}

gboolean
_md_intake_check_scans (MdIntake *self, MdForm *form, GError **error)
{
  const gboolean may_go = self->scans_may_go;
  g_autofree char *lost = may_go ? NULL : md_intake_describe_lost_scans (self, form);

  self->scans_may_go = FALSE;
  if (!lost)
    return TRUE;
  g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED,
                       _ ("The other procedure has no place for some of the scans. Say first that "
                          "they may be erased, or stay with this procedure."));
  return FALSE;
}
