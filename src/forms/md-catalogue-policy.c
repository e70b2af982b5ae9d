// SPDX-License-Identifier: Apache-2.0
// What form and policy both say, held against one another.
#include "config.h"

#include <glib/gi18n.h>

#include "md-catalogue-policy.h"
#include "md-form-facts.h"

char **
md_catalogue_list_disagreements (MdCatalogue *self, MdPolicy *policy)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self)); i++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (G_LIST_MODEL (self), i);
      const guint officers = md_policy_count_officers (policy, md_form_get_id (form));

      if (officers > 0 && officers != md_form_get_officers (form))
        g_strv_builder_add (ids, md_form_get_id (form));
    }
  return g_strv_builder_end (ids);
}

char *
md_catalogue_dup_disagreement (MdCatalogue *self, MdPolicy *policy, const char *procedure)
{
  MdForm *form = md_catalogue_get_form (self, procedure);
  const guint officers = form ? md_form_get_officers (form) : 0;

  if (officers <= md_policy_count_officers (policy, procedure))
    return g_strdup_printf (_ ("%s: the policy asks for two officers to agree, the form for one. "
                               "Two have to. Write \"checks\": 2 into the form, too."),
                            procedure);
  if (!md_policy_has_officers (policy, procedure, officers, NULL))
    return g_strdup_printf (_ ("%s: the form asks for two officers to agree, the policy for one, "
                               "and it names too few for two: nothing can be approved. Name "
                               "another officer in the policy, with \"checks\": 2."),
                            procedure);
  return g_strdup_printf (_ ("%s: the form asks for two officers to agree, the policy for one. At "
                             "the terminals two have to; the gateway goes by the policy. Write "
                             "\"checks\": 2 into the policy, too."),
                          procedure);
}
