// SPDX-License-Identifier: Apache-2.0
#include "md-identity-compare.h"

#include <md-base.h>
#include <string.h>

static gboolean
is_empty (const char *text)
{
  return text == NULL || text[0] == '\0';
}

static MdMatch
match_text (const char *card, const char *form)
{
  if (is_empty (card) || is_empty (form))
    return MD_MATCH_UNKNOWN;
  if (g_str_equal (card, form))
    return MD_MATCH_SAME;
  char *card_key = md_text_match_key (card);
  char *form_key = md_text_match_key (form);
  gboolean same = card_key != NULL && form_key != NULL && g_str_equal (card_key, form_key);
  md_wipe_free_text (card_key);
  md_wipe_free_text (form_key);
  return same ? MD_MATCH_SAME_FORM : MD_MATCH_DIFFERENT;
}

// A date that the card has only in part (month or day 00) is compared digit by digit.
static MdMatch
match_birth (const char *card, const char *form)
{
  MdDate one;
  MdDate other;
  if (is_empty (card) || is_empty (form))
    return MD_MATCH_UNKNOWN;
  if (g_str_equal (card, form))
    return MD_MATCH_SAME;
  if (!md_date_parse_compact (card, &one, NULL) || !md_date_parse (form, &other, NULL))
    return MD_MATCH_DIFFERENT;
  return md_date_compare (&one, &other) == 0 ? MD_MATCH_SAME : MD_MATCH_DIFFERENT;
}

static MdMatch
match_code (const char *card, const char *form)
{
  if (is_empty (card) || is_empty (form))
    return MD_MATCH_UNKNOWN;
  return g_str_equal (card, form) ? MD_MATCH_SAME : MD_MATCH_DIFFERENT;
}

void
md_identity_compare (const MdCardAttributes *card, const MdAttributeClaim *claim,
                     MdAttributeMatch *out_match)
{
  g_return_if_fail (card != NULL && claim != NULL && out_match != NULL);
  *out_match = (MdAttributeMatch){
    .name = match_text (md_card_attributes_get_name (card), claim->name),
    .address = match_text (md_card_attributes_get_address (card), claim->address),
    .birth = match_birth (md_card_attributes_get_birth (card), claim->birth),
    .sex = match_code (md_card_attributes_get_sex_code (card), claim->sex),
  };
}

gboolean
md_attribute_match_holds (const MdAttributeMatch *match)
{
  g_return_val_if_fail (match != NULL, FALSE);
  return match->name != MD_MATCH_DIFFERENT && match->address != MD_MATCH_DIFFERENT
         && match->birth != MD_MATCH_DIFFERENT && match->sex != MD_MATCH_DIFFERENT;
}
