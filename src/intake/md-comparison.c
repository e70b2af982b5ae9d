// SPDX-License-Identifier: Apache-2.0
// What the card says against what the form says: for the clerk before the confirmation, and for the
// officer who approves.
#include "config.h"

#include <md-base.h>

#include "md-intake-items-private.h"

static const struct
{
  const char *person, *filer;
  MdMatchItem item;
} items[] = {
  { "p.name", "a.name", MD_MATCH_ITEM_NAME },
  { "p.birth", "a.birth", MD_MATCH_ITEM_DATE },
  { "p.sex", NULL, MD_MATCH_ITEM_SEX }, /* a form does not ask for a filer's */
  { "p.addr", "a.addr", MD_MATCH_ITEM_ADDRESS },
};

/* Of whom the card is; NULL where the form does not ask. */
static const char *
field_of (const MdIdentityProof *proof, guint i)
{
  return md_identity_proof_is_of_filers_card (proof) ? items[i].filer : items[i].person;
}

/* As the form would store it. */
static char *
value_of (const MdMatchSide *side, MdMatchItem item)
{
  const MdCardSex sex
      = item == MD_MATCH_ITEM_SEX ? md_card_sex_from_code (side->text[0]) : MD_CARD_SEX_UNKNOWN;
  MdDate date;

  if (item == MD_MATCH_ITEM_SEX)
    return g_strdup (sex == MD_CARD_SEX_MALE     ? "male"
                     : sex == MD_CARD_SEX_FEMALE ? "female"
                                                 : NULL);
  if (item == MD_MATCH_ITEM_DATE)
    return md_date_parse_compact (side->text, &date, NULL) ? md_date_format_iso (&date) : NULL;
  return g_strdup (side->text);
}

/* The card's value, shown as the form's field would be for these eyes. */
static char *
render (MdFormData *data, const char *field, const char *value)
{
  MdField *definition = md_form_get_field (md_form_data_get_form (data), field);
  MdEntry *entry = md_form_data_get_entry (data, field);
  md_autowipe char *whole = value && definition ? md_value_to_display (definition, value) : NULL;

  if (!entry || !whole)
    return NULL;
  return md_filter_render (md_entry_get_view (entry), md_field_get_sensitivity (definition), whole);
}

MdMatchVerdict *
_md_comparison_judge (MdFormData *data, const MdIdentityProof *proof, const char *field)
{
  MdMatchSide side;

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    if (g_strcmp0 (field_of (proof, i), field) == 0
        && md_identity_proof_get_side (proof, items[i].item, &side))
      return md_match_on_form (items[i].item, &side, md_form_data_get_value (data, field));
  return NULL;
}

static MdComparison *
make_line (MdFormData *data, const MdMatchSide *side, MdMatchItem item, MdEntry *entry)
{
  const char *field = md_entry_get_id (entry);
  g_autoptr (MdMatchVerdict) verdict
      = md_match_on_form (item, side, md_form_data_get_value (data, field));
  md_autowipe char *value = value_of (side, item);
  md_autowipe char *shown = render (data, field, value);
  md_autowipe char *why
      = md_match_verdict_dup_words (verdict, md_entry_get_view (entry) >= MD_VIEW_READABLE);
  const MdComparisonParts parts = { .field = field,
                                    .label = md_field_get_label (md_entry_get_field (entry)),
                                    .card = shown,
                                    .application = md_entry_get_display (entry),
                                    .reason = md_form_data_get_reason (data, field),
                                    .why = why,
                                    .match = md_match_verdict_get_match (verdict) };

  return _md_comparison_new (&parts);
}

guint
_md_comparison_fill (GListStore *store, MdFormData *data, const MdIdentityProof *proof)
{
  guint differences = 0;
  MdMatchSide side;

  g_list_store_remove_all (store);
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      const char *field = field_of (proof, i);
      MdEntry *entry = field ? md_form_data_get_entry (data, field) : NULL;
      g_autoptr (MdComparison) line
          = entry && md_identity_proof_get_side (proof, items[i].item, &side)
                ? make_line (data, &side, items[i].item, entry)
                : NULL;

      if (line && md_comparison_get_match (line) == MD_MATCH_DIFFERENT)
        g_list_store_insert (store, differences++, line);
      else if (line)
        g_list_store_append (store, line);
    }
  return differences;
}
