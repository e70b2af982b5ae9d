// SPDX-License-Identifier: Apache-2.0
// Step "identify" where nobody is identified: who brought it, and that the procedure asks for
// nobody.
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-intake-brought.h"
#include "md-intake-flow-private.h"

gboolean
_md_intake_waives (MdIntake *self)
{
  return self->desk && self->form && !md_form_needs_identification (self->form)
         && md_policy_waives_identification (md_desk_get_policy (self->desk),
                                             md_form_get_id (self->form));
}

gboolean
_md_intake_check_waiver (MdIntake *self, MdForm *form, GError **error)
{
  if (!md_form_needs_identification (form)
      || !md_policy_waives_identification (md_desk_get_policy (self->desk), md_form_get_id (form)))
    return TRUE;
  g_set_error_literal (
      error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED,
      _ ("The office's policy takes this procedure in without identification, and its form asks "
         "for one. It cannot be taken in until one of the two is corrected: tell the "
         "administrator."));
  return FALSE;
}

const MdBrought *
md_intake_get_brought (MdIntake *self)
{
  g_return_val_if_fail (MD_IS_INTAKE (self), NULL);

  return &self->brought;
}

gboolean
md_intake_is_read_out (MdIntake *self)
{
  const MdBrought *brought;

  g_return_val_if_fail (MD_IS_INTAKE (self), FALSE);

  brought = self->proof ? md_identity_proof_get_brought (self->proof) : NULL;
  return !_md_intake_is_by_post (self)
         && !(brought
              && (md_brought_asks_organisation (brought->by)
                  || g_str_equal (md_brought_get_channel (brought), "ex-officio")));
}

MdBroughtFinding
md_intake_judge_brought (MdIntake *self, const MdBrought *brought)
{
  g_return_val_if_fail (MD_IS_INTAKE (self) && brought, MD_BROUGHT_UNSAID);

  return self->wait == MD_WAIT_BROUGHT ? md_brought_judge (brought, md_form_get_filers (self->form))
                                       : MD_BROUGHT_UNSAID;
}

static void
show_checks (MdIntake *self)
{
  g_autoptr (MdCheck) who = _md_check_new ("brought", _ ("Who brought it"));
  g_autoptr (MdCheck) identity = _md_check_new ("identity", _ ("Identification"));

  _md_check_set (who, MD_CHECK_PASSED, md_brought_get_label (self->brought.by), NULL);
  _md_check_set (identity, MD_CHECK_SKIPPED, _ ("Not needed"), NULL);
  g_list_store_remove_all (self->checks);
  g_list_store_append (self->checks, who);
  g_list_store_append (self->checks, identity);
}

gboolean
md_intake_take_brought (MdIntake *self, const MdBrought *brought)
{
  g_autoptr (MdPresenceChallenge) challenge = NULL;
  g_autoptr (MdIdentityProof) proof = NULL;
  g_autoptr (GError) error = NULL;
  gboolean taken = FALSE;

  if (md_intake_judge_brought (self, brought) != MD_BROUGHT_PASS)
    return FALSE;
  self->brought = *brought;
  _md_intake_set_trouble (self, NULL, FALSE);
  challenge = _md_intake_make_challenge (self, &error);
  if (challenge)
    {
      proof = md_identity_proof_new_from_brought (
          challenge, brought, md_desk_get_policy (self->desk),
          md_clock_get_wall_us (_md_desk_get_clock (self->desk)));
      taken = _md_intake_take_proof (self, proof, &error);
    }
  else
    _md_intake_set_trouble_error (self, error);
  if (taken)
    show_checks (self);
  _md_intake_update (self);
  return taken;
}

void
_md_intake_reopen_brought (MdIntake *self)
{
  if (!self->proof || !md_identity_proof_get_brought (self->proof))
    return;
  g_clear_pointer (&self->proof, md_identity_proof_unref);
  g_list_store_remove_all (self->checks);
  g_list_store_remove_all (self->warnings);
  _md_intake_fill_person (self);
}

void
_md_intake_fill_from_brought (MdIntake *self)
{
  _md_intake_set_field (self, "e.method", MD_IDENTITY_METHOD_NONE);
  _md_intake_set_field (self, "e.card_read", "none");
  if (md_form_has_field (self->form, "p.mynum") && !_md_intake_takes_number (self))
    _md_intake_set_field (self, "e.num_missing", "no-authority");
}

const char *
_md_intake_channel (MdIntake *self)
{
  const MdBrought *brought = self->proof ? md_identity_proof_get_brought (self->proof) : NULL;

  return brought ? md_brought_get_channel (brought) : md_channel_to_id (self->papers.channel);
}
