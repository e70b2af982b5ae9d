// SPDX-License-Identifier: Apache-2.0
// The papers that a form names: what they are called, and of which class they are.
#include "config.h"

#include "md-form-private.h"

static const MdFormPaper *
find_paper (MdForm *self, const char *id)
{
  for (guint i = 0; i < self->papers->len; i++)
    {
      const MdFormPaper *known = g_ptr_array_index (self->papers, i);

      if (g_strcmp0 (known->id, id) == 0)
        return known;
    }
  return NULL;
}

char *
md_form_dup_paper_label (MdForm *self, const char *paper)
{
  const MdFormPaper *known = find_paper (self, paper);

  return known ? g_strdup (_md_text_pick (&known->label)) : NULL;
}

MdSensitivity
md_form_get_paper_class (MdForm *self, const char *paper)
{
  const MdFormPaper *known = find_paper (self, paper);

  return known ? known->sensitivity : MD_CLASS_MY_NUMBER;
}

const char **
md_form_list_paper_ids (MdForm *self)
{
  const char **ids = g_new0 (const char *, (gsize)self->papers->len + 1);

  for (guint i = 0; i < self->papers->len; i++)
    ids[i] = ((const MdFormPaper *)g_ptr_array_index (self->papers, i))->id;
  return ids;
}
