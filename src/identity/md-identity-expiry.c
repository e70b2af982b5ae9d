// SPDX-License-Identifier: Apache-2.0
#include "md-identity-expiry.h"

#include "md-identity-proof-private.h"

static void
judge (const char *last_day, gint64 wall_us, guint months, MdIdentityLife *out_life)
{
  MdDate today;
  md_date_from_wall_us (wall_us, &today);
  *out_life = (MdIdentityLife){ .state = md_card_expiry_judge (last_day, &today, months) };
  if (out_life->state != MD_CARD_EXPIRY_UNKNOWN
      && !md_date_parse_compact (last_day, &out_life->day, NULL))
    out_life->state = MD_CARD_EXPIRY_UNKNOWN;
}

void
md_identity_judge_certificate (const MdCertificate *certificate, gint64 wall_us, guint months,
                               MdIdentityLife *out_life)
{
  g_return_if_fail (certificate != NULL && out_life != NULL);
  MdDate last;
  md_date_from_wall_us (md_certificate_get_not_after (certificate) * G_USEC_PER_SEC, &last);
  g_autofree char *last_day = md_date_format_compact (&last);
  judge (last_day, wall_us, months, out_life);
}

void
md_identity_proof_get_certificate_life (const MdIdentityProof *self, guint months,
                                        MdIdentityLife *out_life)
{
  g_return_if_fail (self != NULL && out_life != NULL);
  if (self->certificate != NULL)
    md_identity_judge_certificate (self->certificate, self->checked_at, months, out_life);
  else
    *out_life = (MdIdentityLife){ .state = MD_CARD_EXPIRY_UNKNOWN };
}

void
md_identity_proof_get_card_life (const MdIdentityProof *self, guint months,
                                 MdIdentityLife *out_life)
{
  g_return_if_fail (self != NULL && out_life != NULL);
  judge (md_identity_proof_get_expiry (self), self->checked_at, months, out_life);
}
