// SPDX-License-Identifier: Apache-2.0
// That the card was not the person's but that of whoever files for the person: as it is kept in the
// evidence beside what the card said, and judged again.
#include "md-identity-proof.h"

#include "md-filer.h"
#include "md-identity-proof-private.h"

MdFilerKind
md_identity_proof_get_filer (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, MD_FILER_SELF);
  return self->papers != NULL ? self->papers->filer : self->filer;
}

const char *
md_identity_proof_get_authority_date (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, "");
  return self->papers != NULL ? self->papers->issued : self->filer_issued;
}

gboolean
md_identity_proof_is_of_filers_card (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, FALSE);
  return self->papers == NULL && self->filer != MD_FILER_SELF;
}

void
md_identity_proof_set_filer (MdIdentityProof *self, MdFilerKind filer, const char *issued)
{
  g_return_if_fail (self != NULL && self->papers == NULL && filer < MD_N_FILERS);
  self->filer = filer;
  g_strlcpy (self->filer_issued, issued != NULL ? issued : "", sizeof self->filer_issued);
}

gboolean
_md_filer_authority_is_good (const MdIdentityProof *self, MdPolicy *policy)
{
  MdDate day;
  md_date_from_wall_us (self->checked_at, &day);
  return md_filer_judge_authority (self->filer, self->filer_issued, &day,
                                   md_policy_get_limits (policy)->register_months)
         == MD_AUTHORITY_GOOD;
}

MdRecord *
_md_filer_to_json (MdFilerKind filer, const char *issued)
{
  MdRecord *object = md_record_new_object ();
  md_record_set_text (object, "kind", md_filer_to_id (filer));
  md_record_set_text (object, "authority", md_filer_get_authority (filer));
  md_record_set_text (object, "issued", issued);
  return object;
}

gboolean
_md_filer_from_json (const MdRecord *object, MdFilerKind *out_filer, char issued[static 11])
{
  const char *day = md_record_get_text (object, "issued");
  return md_record_is_object (object)
         && md_filer_from_id (md_record_get_text (object, "kind"), out_filer)
         && g_strcmp0 (md_record_get_text (object, "authority"),
                       md_filer_get_authority (*out_filer))
                == 0
         && day != NULL && g_strlcpy (issued, day, 11) < 11;
}

gboolean
_md_filer_decode (MdIdentityProof *self, const MdRecord *root)
{
  const MdRecord *object = md_record_get (root, "filer");
  if (object == NULL)
    return TRUE;
  return self->papers == NULL && _md_filer_from_json (object, &self->filer, self->filer_issued)
         && self->filer != MD_FILER_SELF;
}
