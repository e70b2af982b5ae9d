// SPDX-License-Identifier: Apache-2.0
// A card or a certificate that ends soon: the clerk tells the resident. It stops nothing.
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-intake-flow-private.h"

static char *
in_words (const MdIdentityLife *life)
{
  return md_forms_in_japanese () ? md_era_format (&life->day) : md_date_format_iso (&life->day);
}

/* The card itself, and with it whatever certificate it has. */
static MdTrouble *
card_ends (const MdIdentityLife *card)
{
  g_autofree char *day = in_words (card);
  g_autofree char *meaning = g_strdup_printf (
      _ ("The card, with its electronic certificate, can be used until %s."), day);

  return _md_trouble_new (
      _ ("This My Number card expires soon."), meaning,
      _ ("The intake goes on. Tell the resident that a new card can be applied for now at the My "
         "Number card counter of this office; it takes some weeks."),
      NULL);
}

/* Until when the certificate is valid; the card's own last day is named where it is known. */
static char *
days_in_words (const MdIdentityLife *certificate, const MdIdentityLife *card, gboolean signs)
{
  g_autofree char *day = in_words (certificate);
  g_autofree char *card_day = card->state == MD_CARD_EXPIRY_FAR ? in_words (card) : NULL;

  if (signs)
    return g_strdup_printf (_ ("The signature certificate is valid until %s."), day);
  if (!card_day)
    return g_strdup_printf (_ ("The user certificate is valid until %s."), day);
  return g_strdup_printf (
      _ ("The user certificate is valid until %s. The card itself can be used until %s."), day,
      card_day);
}

/* Only the certificate. */
static MdTrouble *
certificate_ends (const MdIdentityLife *certificate, const MdIdentityLife *card, gboolean signs)
{
  g_autofree char *meaning = days_in_words (certificate, card, signs);

  return _md_trouble_new (
      _ ("The electronic certificate of this card expires soon."), meaning,
      _ ("The intake goes on. Tell the resident that it can be renewed now at the My Number card "
         "counter of this office, with this card and its PINs."),
      NULL);
}

guint
_md_intake_renewal_months (MdIntake *self)
{
  return md_policy_get_limits (md_desk_get_policy (self->desk))->renewal_months;
}

void
_md_intake_warn_of_expiry (MdIntake *self)
{
  guint months = _md_intake_renewal_months (self);
  MdIdentityLife card, certificate;
  MdTrouble *expiry = NULL;

  md_identity_proof_get_card_life (self->proof, months, &card);
  md_identity_proof_get_certificate_life (self->proof, months, &certificate);
  if (card.state == MD_CARD_EXPIRY_SOON)
    expiry = card_ends (&card);
  else if (certificate.state == MD_CARD_EXPIRY_SOON)
    expiry = certificate_ends (&certificate, &card,
                               md_identity_proof_get_holder (self->proof) != NULL);
  if (!expiry)
    return;
  self->expiry = expiry;
  g_list_store_append (self->warnings, expiry);
  g_object_notify (G_OBJECT (self), "expiry");
}

void
_md_intake_forget_expiry (MdIntake *self)
{
  if (!self->expiry)
    return;
  g_clear_object (&self->expiry);
  g_object_notify (G_OBJECT (self), "expiry");
}
