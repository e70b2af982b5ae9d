// SPDX-License-Identifier: Apache-2.0
// What the clerk explained and handed out during the visit, for the approving officer.
#include "config.h"

#include <glib/gi18n.h>

#include "md-approval-private.h"

gboolean
_md_approval_add_visit (MdApproval *self, const guint8 *evidence, gsize size, GError **error)
{
  g_autoptr (MdVisitRecord) visit = md_visit_record_decode (evidence, size, error);

  for (guint i = 0; visit && i < visit->ticks->len; i++)
    {
      const MdVisitTick *tick = g_ptr_array_index (visit->ticks, i);
      MdForm *form = md_desk_find_form (self->desk, tick->about);
      g_autofree char *title
          = g_strdup_printf (_ ("Guide: %s"), form ? md_form_get_title (form) : tick->title);
      g_autofree char *words = md_ticks_dup_words (tick->ticks);

      _md_approval_add_check (self, "guide", title, MD_CHECK_PASSED, words);
    }
  return visit != NULL;
}
