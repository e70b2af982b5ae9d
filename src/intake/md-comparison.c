// SPDX-License-Identifier: Apache-2.0
// What the card says against what the form says: for the clerk before the confirmation, and for the
// officer who approves.
#include "config.h"

#include <md-base.h>

#include "md-intake-items-private.h"

typedef const char *(*CardFunc) (const MdCardAttributes *card);

static const struct
{
  const char *field;
  MdMatchItem item;
  CardFunc get;
} items[] = {
  { "p.name", MD_MATCH_ITEM_NAME, md_card_attributes_get_name },
  { "p.birth", MD_MATCH_ITEM_DATE, md_card_attributes_get_birth },
  { "p.sex", MD_MATCH_ITEM_SEX, md_card_attributes_get_sex_code },
  { "p.addr", MD_MATCH_ITEM_ADDRESS, md_card_attributes_get_address },
};

static const char *
sex_option (MdCardSex sex)
{
  if (sex == MD_CARD_SEX_MALE)
    return "male";
  return sex == MD_CARD_SEX_FEMALE ? "female" : NULL;
}

/* As the form would store it. */
static char *
card_value (MdCardAttributes *card, guint i)
{
  MdDate date;

  if (items[i].item == MD_MATCH_ITEM_SEX)
    return g_strdup (sex_option (md_card_attributes_get_sex (card)));
  if (items[i].item == MD_MATCH_ITEM_DATE)
    return md_date_parse_compact (items[i].get (card), &date, NULL) ? md_date_format_iso (&date)
                                                                    : NULL;
  return g_strdup (items[i].get (card));
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

/* A form narrows what is typed into it, and a card is always wide: that is nobody's difference. */
static MdMatchVerdict *
judge (MdFormData *data, MdCardAttributes *card, guint i)
{
  const char *on_card = items[i].get (card);
  const char *on_form = md_form_data_get_value (data, items[i].field);
  md_autowipe char *card_narrow = md_text_tidy (on_card);
  md_autowipe char *form_narrow = md_text_tidy (on_form);
  const MdMatchSide side = { MD_MATCH_FROM_CARD, card_narrow ? card_narrow : on_card, NULL };
  const MdMatchSide form = { MD_MATCH_FROM_TYPED, form_narrow ? form_narrow : on_form, NULL };

  return md_match (items[i].item, &side, &form);
}

MdMatchVerdict *
_md_comparison_judge (MdFormData *data, MdCardAttributes *card, const char *field)
{
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    if (g_str_equal (items[i].field, field))
      return judge (data, card, i);
  return NULL;
}

static MdComparison *
make_line (MdFormData *data, MdCardAttributes *card, guint i, MdEntry *entry)
{
  const char *field = items[i].field;
  g_autoptr (MdMatchVerdict) verdict = judge (data, card, i);
  md_autowipe char *value = card_value (card, i);
  md_autowipe char *shown = render (data, field, value);
  md_autowipe char *why
      = md_match_verdict_dup_words (verdict, md_entry_get_view (entry) >= MD_VIEW_READABLE);
  const MdComparisonParts parts = { .label = md_field_get_label (md_entry_get_field (entry)),
                                    .card = shown,
                                    .application = md_entry_get_display (entry),
                                    .reason = md_form_data_get_reason (data, field),
                                    .why = why,
                                    .match = md_match_verdict_get_match (verdict) };

  return _md_comparison_new (&parts);
}

guint
_md_comparison_fill (GListStore *store, MdFormData *data, MdCardAttributes *card)
{
  guint differences = 0;

  g_list_store_remove_all (store);
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      MdEntry *entry = md_form_data_get_entry (data, items[i].field);
      g_autoptr (MdComparison) line = entry ? make_line (data, card, i, entry) : NULL;

      if (line && md_comparison_get_match (line) == MD_MATCH_DIFFERENT)
        g_list_store_insert (store, differences++, line);
      else if (line)
        g_list_store_append (store, line);
    }
  return differences;
}
