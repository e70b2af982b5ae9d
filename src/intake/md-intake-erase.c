// SPDX-License-Identifier: Apache-2.0
// What was read from a resident's card, and when it goes. With the card: what was only to be looked
// at (the face, tries, a number shown in full), and from the screen everything (md-intake-away.c).
// At the end of the intake, and where the card was away or nobody worked for as long as the policy
// allows: everything.
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include <md-base.h>

#include "md-intake-flow-private.h"

void
_md_intake_cover_number (MdIntake *self)
{
  MdEntry *number = self->data ? md_form_data_get_entry (self->data, "p.mynum") : NULL;

  if (number)
    md_entry_set_revealed (number, FALSE);
}

/* --- what stopped it was about somebody --- */

/* By what it is known again, in this process alone; NULL where the card did not say it: that is
 * nobody, and no other one either. */
char *
_md_intake_dup_whose (const guint8 *key, gsize size, const MdIdentityProof *proof)
{
  g_autoptr (GHmac) mac = g_hmac_new (G_CHECKSUM_SHA256, key, size);
  MdMatchSide name, birth;

  if (!md_identity_proof_get_side (proof, MD_MATCH_ITEM_NAME, &name)
      || !md_identity_proof_get_side (proof, MD_MATCH_ITEM_DATE, &birth))
    return NULL;
  g_hmac_update (mac, (const guchar *)name.text, (gssize)strlen (name.text) + 1);
  g_hmac_update (mac, (const guchar *)birth.text, (gssize)strlen (birth.text));
  return g_strdup (g_hmac_get_string (mac));
}

static char *
dup_whose (MdIntake *self, const MdIdentityProof *proof)
{
  return _md_intake_dup_whose (self->whose_key, sizeof self->whose_key, proof);
}

static void
remember_whose (MdIntake *self)
{
  const MdIdentityProof *proof = self->proof ? self->proof : self->unknown;

  if (self->erased_whose || (!self->held && self->holds->len == 0))
    return;
  md_random_fill (self->whose_key, sizeof self->whose_key);
  self->erased_whose = TRUE;
  self->whose = dup_whose (self, proof);
}

void
_md_intake_forget_whose (MdIntake *self)
{
  g_clear_pointer (&self->whose, g_free);
  md_wipe (self->whose_key, sizeof self->whose_key);
  self->erased_whose = FALSE;
}

gboolean
_md_intake_check_whose (MdIntake *self, const MdIdentityProof *proof, GError **error)
{
  g_autofree char *whose = self->erased_whose ? dup_whose (self, proof) : NULL;
  g_autoptr (MdTrouble) trouble = NULL;

  if (!_md_intake_check_suspended (self, proof, error))
    return FALSE;
  if (!self->erased_whose || (whose && g_strcmp0 (whose, self->whose) == 0))
    return TRUE;
  trouble = _md_trouble_new (
      _ ("This is not the person whose intake was stopped."),
      _ ("What a supervisor looks at, or has released, holds for that person only."),
      _ ("End this intake, and begin a new one for this person."), NULL);
  _md_intake_record (self, "refused", "cause=other-person", proof);
  _md_intake_set_trouble (self, trouble, TRUE);
  g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED,
                       md_trouble_get_title (trouble));
  return FALSE;
}

/* --- nobody works any more --- */

void
_md_intake_back_to_identify (MdIntake *self)
{
  while (self->step > MD_STEP_OF_IDENTIFY && self->step < MD_STEP_OF_DONE)
    _md_intake_set_step (self, self->step - 1);
}

/* Who files was said, not read. */
static void
forget_card (MdIntake *self)
{
  MdPapers papers = self->papers;
  gboolean by_filer = self->by_filer;

  _md_intake_forget_proof (self);
  if (by_filer)
    self->papers = papers;
  self->by_filer = by_filer;
  md_wipe (&papers, sizeof papers);
}

/* After it was handed in, its number is all that is left to be said. */
static void
erase_all (MdIntake *self)
{
  _md_intake_forget_proof (self);
  _md_intake_forget_named (self);
  _md_intake_forget_code (self);
  _md_intake_drop_data (self);
  _md_person_wipe (self->person);
  g_object_notify (G_OBJECT (self), "data");
}

/* What is sealed stays, to be sent as it is: nobody here can open it. */
static void
erase_card (MdIntake *self, const char *meaning)
{
  g_autoptr (MdTrouble) trouble = _md_trouble_new (
      _ ("What was read from the card has been erased."), meaning,
      _ ("Have the card put on the reader once more, and begin with the PIN again."), NULL);

  remember_whose (self);
  if (!self->container)
    _md_intake_back_to_identify (self);
  forget_card (self);
  _md_intake_forget_named (self);
  _md_intake_renew_data (self);
  _md_intake_cover (self);
  if (self->step >= MD_STEP_OF_CONFIRM)
    md_form_data_set_step (self->data, MD_STEP_CONFIRM);
  _md_person_wipe (self->person); /* whoever it is, until the card says it again */
  if (self->container)
    return;
  _md_intake_set_trouble (self, trouble, FALSE);
  self->removed = TRUE; /* to be read by whoever comes back */
}

/* The self-test of it: nothing that a card said is anywhere. */
static gboolean
is_erased (MdIntake *self)
{
  return !self->proof && !self->unknown && !self->sight && !self->named
         && !self->prints[MD_CARD_IMAGE_NAME] && !self->prints[MD_CARD_IMAGE_ADDRESS]
         && !self->away.key && !self->away.tag && _md_person_is_empty (self->person)
         && (!self->data || !md_form_data_holds_card (self->data));
}

gboolean
md_intake_take_not_erased (MdIntake *self)
{
  g_return_val_if_fail (MD_IS_INTAKE (self), FALSE);

  gboolean not_erased = self->not_erased;

  self->not_erased = FALSE;
  return not_erased;
}

gboolean
_md_intake_erase_card (MdIntake *self, gboolean away)
{
  const MdIdentityProof *proof = self->proof ? self->proof : self->unknown;

  if (!self->desk)
    return TRUE;
  _md_intake_forget_carried (self);
  if (self->busy != MD_BUSY_NOT)
    return FALSE;
  if (self->step == MD_STEP_OF_DONE)
    erase_all (self);
  else if (!proof || !md_identity_proof_is_by_card (proof))
    {
      _md_intake_update (self);
      return TRUE;
    }
  else
    erase_card (self, away ? _ ("The card was away from the reader for longer than the office "
                                "allows. What was typed is kept.")
                           : _ ("Nobody worked here for as long as the office allows. What was "
                                "typed is kept."));
  self->not_erased = !is_erased (self);
  _md_intake_update (self);
  return TRUE;
}
