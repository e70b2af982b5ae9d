// SPDX-License-Identifier: Apache-2.0
// Before the confirmation: what was typed against what the card says. Every difference is named;
// the form itself refuses one without a reason, and another number always.
#include "config.h"

#include "md-intake-flow-private.h"

static const char *const fields[]
    = { "p.name", "p.birth", "p.sex", "p.addr", "a.name", "a.birth", "a.addr" };

/* Typed before the card came, and only written otherwise: the card's form is the register's. A
 * correction that has its reason stays as the clerk wrote it. */
static gboolean
is_only_another_form (MdIntake *self, MdEntry *entry, const char *field)
{
  g_autoptr (MdMatchVerdict) verdict = _md_comparison_judge (self->data, self->proof, field);

  return verdict && md_entry_get_corrected (entry) && !md_entry_has_reason (entry)
         && md_match_verdict_get_match (verdict) <= MD_MATCH_SAME_FORM;
}

void
_md_intake_settle_forms (MdIntake *self)
{
  if (!self->proof)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      MdEntry *entry = md_form_data_get_entry (self->data, fields[i]);

      if (entry && is_only_another_form (self, entry, fields[i]))
        (void)md_entry_restore_card (entry);
    }
}

/* The number was read and stands in the form: they are the same, or the form did not let it pass.
 */
static void
record_number (MdIntake *self)
{
  MdNumber *number = md_identity_proof_get_number (self->proof);
  MdEntry *entry = md_form_data_get_entry (self->data, "p.mynum");
  const char *result = NULL;
  g_autoptr (GError) error = NULL;

  if (entry && md_entry_get_filled (entry))
    result = !number                                                        ? "impossible"
             : md_entry_holds_number (entry, md_number_get_digits (number)) ? "same"
                                                                            : "different";
  if (md_form_has_field (md_form_data_get_form (self->data), "e.num_match")
      && !md_form_data_set_system (self->data, "e.num_match", result, &error))
    g_debug ("the result of the comparison cannot be set: %s", error->message);
}

void
_md_intake_compare (MdIntake *self)
{
  g_list_store_remove_all (self->comparison);
  record_number (self);
  (void)_md_comparison_fill (self->comparison, self->data, self->proof);
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->comparison)); i > 0; i--)
    {
      g_autoptr (MdComparison) line
          = g_list_model_get_item (G_LIST_MODEL (self->comparison), i - 1);

      if (md_comparison_get_match (line) == MD_MATCH_SAME
          || md_comparison_get_match (line) == MD_MATCH_MISSING)
        g_list_store_remove (self->comparison, i - 1);
    }
  _md_intake_list_letter (self);
}

guint
_md_intake_count_differences (MdIntake *self)
{
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->comparison)); i++)
    {
      g_autoptr (MdComparison) line = g_list_model_get_item (G_LIST_MODEL (self->comparison), i);

      n += md_comparison_get_match (line) == MD_MATCH_DIFFERENT;
    }
  return n;
}
