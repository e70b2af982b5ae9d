// SPDX-License-Identifier: Apache-2.0
// Step "identify" without a PIN: the clerk compares the card's photograph with the person.
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-intake-flow-private.h"

gboolean
_md_intake_accepts_face (MdIntake *self)
{
  return self->desk && self->form
         && md_policy_may_identify (md_desk_get_policy (self->desk), md_form_get_id (self->form),
                                    MD_IDENTITY_METHOD_FACE);
}

gboolean
_md_intake_takes_number (MdIntake *self)
{
  return self->data && md_form_data_get_entry (self->data, "p.mynum") != NULL;
}

void
_md_intake_drop_sight (MdIntake *self)
{
  g_clear_pointer (&self->sight, md_identity_proof_unref);
}

/* --- the card's own print of what no character set has --- */

static const char *const printed[MD_CARD_IMAGE_PHOTO]
    = { [MD_CARD_IMAGE_NAME] = "p.name", [MD_CARD_IMAGE_ADDRESS] = "p.addr" };

static gboolean
needs_print (MdIntake *self, guint which)
{
  MdEntry *entry = self->data ? md_form_data_get_entry (self->data, printed[which]) : NULL;
  md_autowipe char *external = entry ? md_entry_dup_external (entry) : NULL;

  return external != NULL;
}

void
_md_intake_drop_prints (MdIntake *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->prints); i++)
    g_clear_pointer (&self->prints[i], md_picture_unref);
}

/* Of whoever files there is no field that it would stand beside. */
static void
keep_prints (MdIntake *self, MdPicture *const *pictures)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->prints); i++)
    if (!self->by_filer && pictures[i] && needs_print (self, i))
      self->prints[i] = md_picture_ref (pictures[i]);
}

/* Only while somebody works with the card there, and may read what it stands beside. */
static MdPicture *
find_print (MdIntake *self, MdCardImage which)
{
  if (which >= MD_CARD_IMAGE_PHOTO || self->away.why != MD_AWAY_NOT || !self->desk
      || md_desk_get_state (self->desk) != MD_DESK_WORKING || !needs_print (self, which))
    return NULL;
  return self->prints[which];
}

gboolean
md_intake_get_can_use_face (MdIntake *self)
{
  g_return_val_if_fail (MD_IS_INTAKE (self), FALSE);

  return self->wait == MD_WAIT_PIN && _md_intake_accepts_face (self);
}

gboolean
md_intake_get_can_use_pin (MdIntake *self)
{
  g_return_val_if_fail (MD_IS_INTAKE (self), FALSE);

  return (self->wait == MD_WAIT_FACE_ENTRY || (self->wait == MD_WAIT_PIN && self->by_signature))
         && self->pin_works && _md_intake_accepts_pins (self);
}

void
md_intake_use_face (MdIntake *self, gboolean by_face)
{
  g_return_if_fail (MD_IS_INTAKE (self));

  if (by_face ? !md_intake_get_can_use_face (self)
              : !self->by_face || !md_intake_get_can_use_pin (self))
    return;
  self->by_signature = FALSE;
  _md_intake_set_trouble (self, NULL, FALSE);
  g_list_store_remove_all (self->checks);
  self->by_face = self->face_chosen = by_face;
  self->inspected = FALSE;
  _md_intake_inspect (self);
}

gboolean
md_intake_open_face_finish (MdIntake *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* The card has passed; that its photograph was shown is recorded, whatever the answer will be. */
gboolean
_md_intake_take_sight (MdIntake *self, MdIdentityProof *proof)
{
  _md_intake_record (self, "done", "method=" MD_IDENTITY_METHOD_FACE " shown=photograph", proof);
  self->sight = md_identity_proof_ref (proof);
  _md_intake_check (self, MD_IDENTITY_STEP_VERIFY, MD_CHECK_RUNNING);
  /* It may have been taken away while revocation was asked. */
  _md_intake_resident_card (self);
  return TRUE;
}

MdPicture *
md_intake_get_picture (MdIntake *self, MdCardImage which)
{
  g_return_val_if_fail (MD_IS_INTAKE (self), NULL);

  return self->sight ? md_identity_proof_get_picture (self->sight, which)
                     : find_print (self, which);
}

char *
md_intake_dup_card_expiry (MdIntake *self)
{
  MdDate day;

  g_return_val_if_fail (MD_IS_INTAKE (self), NULL);

  if (!self->sight
      || !md_date_parse_compact (md_identity_proof_get_expiry (self->sight), &day, NULL))
    return NULL;
  return md_forms_in_japanese () ? md_era_format (&day) : md_date_format_iso (&day);
}

gboolean
md_intake_answer_face (MdIntake *self, MdFaceAnswer answer)
{
  g_autoptr (MdIdentityProof) proof = NULL;
  g_autoptr (GError) error = NULL;
  MdPicture *pictures[MD_CARD_IMAGE_PHOTO] = { NULL };
  gboolean taken;

  g_return_val_if_fail (MD_IS_INTAKE (self), FALSE);

  if (!self->desk || self->wait != MD_WAIT_FACE || answer == MD_FACE_ANSWER_NONE)
    return FALSE;
  proof = g_steal_pointer (&self->sight);
  for (guint i = 0; i < G_N_ELEMENTS (pictures); i++)
    if (md_identity_proof_get_picture (proof, (MdCardImage)i))
      pictures[i] = md_picture_ref (md_identity_proof_get_picture (proof, (MdCardImage)i));
  md_identity_proof_answer (proof, answer);
  _md_intake_check (self, MD_IDENTITY_STEP_VERIFY,
                    answer == MD_FACE_ANSWER_SAME ? MD_CHECK_PASSED : MD_CHECK_REFUSED);
  taken = _md_intake_take_proof (self, proof, &error);
  if (taken)
    keep_prints (self, pictures);
  for (guint i = 0; i < G_N_ELEMENTS (pictures); i++)
    g_clear_pointer (&pictures[i], md_picture_unref);
  _md_intake_update (self);
  return taken;
}
