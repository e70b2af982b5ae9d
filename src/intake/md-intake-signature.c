// SPDX-License-Identifier: Apache-2.0
// Step "identify" by the signature certificate and its password, and who may sign.
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-intake-flow-private.h"

static gboolean
accepts (MdIntake *self, const char *method)
{
  return self->desk && self->form
         && md_policy_may_identify (md_desk_get_policy (self->desk), md_form_get_id (self->form),
                                    method);
}

gboolean
_md_intake_accepts_pins (MdIntake *self)
{
  return accepts (self, MD_IDENTITY_METHOD_JPKI) || !accepts (self, MD_IDENTITY_METHOD_SIGN);
}

gboolean
_md_intake_can_sign (MdIntake *self)
{
  return accepts (self, MD_IDENTITY_METHOD_SIGN) && self->has_signature && self->tries_sign != 0
         && self->tries_sign != MD_CARD_TRIES_NONE;
}

/* The certificate says who it is; the individual number is behind the other PIN alone. One that is
 * locked keeps nobody from signing: the form asks why the number is missing. */
gboolean
_md_intake_needs_text_pin (MdIntake *self)
{
  if (md_intake_get_read_before (self))
    return FALSE;
  return !self->by_signature
         || (_md_intake_reads_number (self) && self->tries_text != 0
             && self->tries_text != MD_CARD_TRIES_NONE);
}

/* --- the choice --- */

gboolean
md_intake_get_can_use_signature (MdIntake *self)
{
  g_return_val_if_fail (MD_IS_INTAKE (self), FALSE);

  if (self->wait == MD_WAIT_FACE_ENTRY)
    return self->inspected && _md_intake_can_sign (self);
  return self->wait == MD_WAIT_PIN && !self->by_signature
         && accepts (self, MD_IDENTITY_METHOD_SIGN);
}

void
md_intake_use_signature (MdIntake *self, gboolean by_signature)
{
  g_return_if_fail (MD_IS_INTAKE (self));

  if (by_signature ? !md_intake_get_can_use_signature (self)
                   : !self->by_signature || !md_intake_get_can_use_pin (self))
    return;
  _md_intake_set_trouble (self, NULL, FALSE);
  g_list_store_remove_all (self->checks);
  if (by_signature && !_md_intake_can_sign (self))
    _md_intake_refuse_signature (self);
  else
    {
      self->by_signature = by_signature;
      self->by_face = self->face_chosen = FALSE;
    }
  _md_intake_update (self);
}

/* --- a card that cannot --- */

static MdTrouble *
no_certificate_trouble (gboolean pinless)
{
  if (pinless)
    return _md_trouble_new (
        _ ("This card has no signature certificate."),
        _ ("It was issued without a PIN (顔認証マイナンバーカード), so it cannot sign. Nothing was "
           "entered."),
        _ ("Identify the person in another way. Whoever wants to sign can have a PIN and a "
           "signature "
           "certificate set at the My Number card counter of this office."),
        NULL);
  return _md_trouble_new (
      _ ("This card has no signature certificate."),
      _ ("It is not issued to children under 15, nor to those who did not ask for it, and it ends "
         "when name or address changes. Nothing was entered."),
      _ ("For this application, identify the person in another way. A signature certificate can be "
         "applied for at the My Number card counter of this office."),
      NULL);
}

static MdTrouble *
locked_trouble (void)
{
  g_autoptr (GError) error = NULL;

  md_card_error_set_pin (&error, MD_CARD_ERROR_PIN_BLOCKED, MD_CARD_PIN_SIGN, 0);
  return _md_trouble_new_from_error (error);
}

void
_md_intake_refuse_signature (MdIntake *self)
{
  gboolean missing = !self->has_signature || self->tries_sign == MD_CARD_TRIES_NONE;
  gboolean pinless = missing && self->tries_auth == 0 && self->tries_text == 0;
  g_autoptr (MdTrouble) trouble = missing ? no_certificate_trouble (pinless) : locked_trouble ();

  _md_trouble_name_other_way (trouble);
  _md_intake_record (self, "refused",
                     missing ? "cause=no-signature-certificate method=" MD_IDENTITY_METHOD_SIGN
                             : "cause=pin-blocked method=" MD_IDENTITY_METHOD_SIGN,
                     NULL);
  _md_intake_set_trouble (self, trouble, !_md_intake_accepts_pins (self));
}

/* --- what comes of it --- */

/* The certificate can write fewer characters than the register. Where the card's own text was read,
 * that is what stands in the form. */
void
_md_intake_warn_of_substitutes (MdIntake *self)
{
  const MdHolder *holder = md_identity_proof_get_holder (self->proof);
  g_autoptr (MdTrouble) warning = NULL;

  if (!holder || md_identity_proof_get_attributes (self->proof)
      || !md_holder_has_substitutes (holder))
    return;
  warning = _md_trouble_new (
      _ ("The certificate writes some characters of the name or the address in another form."),
      _ ("It cannot write every character of the register, and puts a substitute (代替文字) in its "
         "place."),
      _ ("Compare name and address with the face of the card, and correct them in the contents."),
      NULL);
  g_list_store_append (self->warnings, warning);
}

static const char *
look_up (const char *field, gpointer data)
{
  return md_form_data_get_value (data, field);
}

/* The number that was read is the signer's, and stands in another person's application. */
static gboolean
is_signers_number (MdIntake *self)
{
  MdNumber *number = md_identity_proof_get_number (self->proof);
  MdEntry *entry = md_form_data_get_entry (self->data, "p.mynum");

  return number && entry && md_entry_holds_number (entry, md_number_get_digits (number));
}

static MdTrouble *
signer_trouble (MdSigner signer)
{
  if (signer == MD_SIGNER_DELEGATE)
    return _md_trouble_new (
        _ ("The individual number is that of the person who signed, not the applicant's."),
        _ ("It was read from the card of the person who files for the applicant."),
        _ ("Take it out of the contents, or enter the applicant's."), NULL);
  if (signer == MD_SIGNER_NO_AUTHORITY)
    return _md_trouble_new (
        _ ("The person who signed has shown no proof of authority."),
        _ ("Whoever signs for the applicant needs the paper for it: a letter of delegation, or a "
           "certificate of the register."),
        _ ("Ask for that paper and choose it in the contents, or have the applicant sign."), NULL);
  return _md_trouble_new (
      _ ("The person who signed is not the applicant."),
      _ ("Name, birth date or address in the contents are not those of the signature certificate. "
         "It was recorded."),
      _ ("Correct what was mistyped, or begin again with the applicant's own card. For whoever "
         "files for the applicant, begin a new intake, and say who files before the card is read."),
      NULL);
}

gboolean
_md_intake_check_signer (MdIntake *self)
{
  const MdHolder *holder = md_identity_proof_get_holder (self->proof);
  g_autofree char *detail = NULL;
  g_autoptr (MdTrouble) trouble = NULL;
  MdSigner signer;

  if (!holder)
    return TRUE;
  signer = md_signer_find (holder, look_up, self->data);
  if (signer == MD_SIGNER_APPLICANT || (signer == MD_SIGNER_DELEGATE && !is_signers_number (self)))
    {
      _md_intake_set_trouble (self, NULL, FALSE);
      return TRUE;
    }
  trouble = signer_trouble (signer);
  detail = g_strdup_printf ("cause=signer-%s method=" MD_IDENTITY_METHOD_SIGN,
                            signer == MD_SIGNER_DELEGATE ? "number" : md_signer_to_string (signer));
  _md_intake_record (self, "refused", detail, self->proof);
  _md_intake_set_trouble (self, trouble, FALSE);
  return FALSE;
}
