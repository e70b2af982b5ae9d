// SPDX-License-Identifier: Apache-2.0
// The proof by the signature certificate: what the certificate says of its holder, beside what the
// card's text application says.
#include "md-identity-proof.h"

#include "md-identity-proof-private.h"

void
_md_identity_proof_take_signer (MdIdentityProof *self, MdCertificate *certificate)
{
  self->by_signature = TRUE;
  if (certificate == NULL)
    return;
  if (self->certificate == NULL)
    self->certificate = md_certificate_ref (certificate);
  self->holder = md_holder_new_from_certificate (certificate, NULL);
}

MdHolder *
md_identity_proof_get_holder (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->holder;
}

static MdMatchSide
side_of_card (const MdCardAttributes *card, MdMatchItem item)
{
  const char *texts[] = {
    [MD_MATCH_ITEM_NAME] = md_card_attributes_get_name (card),
    [MD_MATCH_ITEM_ADDRESS] = md_card_attributes_get_address (card),
    [MD_MATCH_ITEM_DATE] = md_card_attributes_get_birth (card),
    [MD_MATCH_ITEM_SEX] = md_card_attributes_get_sex_code (card),
  };
  return (MdMatchSide){ MD_MATCH_FROM_CARD, texts[item], NULL };
}

static MdMatchSide
side_of_holder (const MdHolder *holder, MdMatchItem item)
{
  static const char *const sexes[]
      = { [MD_HOLDER_SEX_MALE] = "1", [MD_HOLDER_SEX_FEMALE] = "2", [MD_HOLDER_SEX_UNKNOWN] = "3" };
  const MdMatchSide sides[] = {
    [MD_MATCH_ITEM_NAME]
    = { .text = md_holder_get_name (holder), .marks = md_holder_get_name_marks (holder) },
    [MD_MATCH_ITEM_ADDRESS]
    = { .text = md_holder_get_address (holder), .marks = md_holder_get_address_marks (holder) },
    [MD_MATCH_ITEM_DATE] = { .text = md_holder_get_birth (holder) },
    [MD_MATCH_ITEM_SEX] = { .text = sexes[md_holder_get_sex (holder)] },
  };
  return (MdMatchSide){ MD_MATCH_FROM_CERTIFICATE, sides[item].text, sides[item].marks };
}

gboolean
md_identity_proof_get_side (const MdIdentityProof *self, MdMatchItem item, MdMatchSide *out_side)
{
  g_return_val_if_fail (self != NULL && out_side != NULL && item != MD_MATCH_ITEM_KANA, FALSE);
  if (self->attributes != NULL)
    *out_side = side_of_card (self->attributes, item);
  else if (self->holder != NULL)
    *out_side = side_of_holder (self->holder, item);
  else
    return FALSE;
  return TRUE;
}

gboolean
_md_identity_holder_fits (const MdIdentityProof *self)
{
  static const MdMatchItem items[]
      = { MD_MATCH_ITEM_NAME, MD_MATCH_ITEM_ADDRESS, MD_MATCH_ITEM_DATE, MD_MATCH_ITEM_SEX };
  gboolean fits = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (items) && self->attributes != NULL; i++)
    {
      const MdMatchSide card = side_of_card (self->attributes, items[i]);
      const MdMatchSide holder = side_of_holder (self->holder, items[i]);
      g_autoptr (MdMatchVerdict) verdict = md_match (items[i], &card, &holder);
      fits = fits && md_match_verdict_get_match (verdict) != MD_MATCH_DIFFERENT;
    }
  return fits;
}

MdIdentityVerdict
_md_identity_recheck_holder (const MdIdentityProof *self, MdIdentityVerdict verdict)
{
  if (md_identity_verdict_get_permission (verdict) == MD_IDENTITY_STOP)
    return verdict;
  if (self->holder == NULL)
    return MD_IDENTITY_BAD_CERTIFICATE;
  return _md_identity_holder_fits (self) ? verdict : MD_IDENTITY_BAD_DATA;
}
