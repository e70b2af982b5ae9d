// SPDX-License-Identifier: Apache-2.0
/* What stopped an intake at the counter, who let it go on, and what the office's own list says. */
#include "config.h"

#include "case-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* The officer may release what this clerk takes in, and signed with the certificate that the policy
 * lists. */
static gboolean
check_officer (const Case *self, const MdRelease *release, const MdCmsSigner *signer,
               GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  const MdPolicyStaff *staff = md_policy_get_staff (self->policy, release->officer);

  if (staff == NULL
      || !g_bytes_equal (staff->sign,
                         md_certificate_get_der (md_cms_signer_get_certificate (signer))))
    return _case_forged (error, self->entry->intake,
                         "the certificate of who released it is not the policy's");
  if (md_policy_may_release (self->policy, release->officer, release->role, manifest->clerk,
                             manifest->procedure)
      != MD_MAY_YES)
    return _case_forged (error, self->entry->intake, "who released it may not");
  return TRUE;
}

gboolean
_case_check_releases (Case *self, const MdTrust *trust, gint64 made_s, GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);

  self->releases = g_ptr_array_new_with_free_func ((GDestroyNotify)md_release_free);
  for (guint i = 0; i < manifest->releases->len; i++)
    {
      g_autoptr (GError) local = NULL;
      g_autoptr (MdCmsSigner) officer = NULL;
      MdRelease *release
          = md_container_verify_release (self->container, i, trust, made_s, &officer, &local);

      _case_begin (self, "release");
      if (release == NULL)
        return _case_forged (error, self->entry->intake, local->message);
      g_ptr_array_add (self->releases, release);
      if (!check_officer (self, release, officer, error))
        return FALSE;
      _case_passed (self, "hold %u by %s at %s", release->hold, release->officer, release->time);
    }
  return TRUE;
}

/* What the officer signed of kind and reason is what the evidence says. */
static gboolean
check_hold (const Case *self, const MdRelease *release, GError **error)
{
  const MdHold *hold = md_holds_find (self->holds, release->hold);
  const char *intake = self->entry->intake;
  g_autofree char *raised = hold != NULL ? md_hold_dup_raised (hold, intake) : NULL;
  g_autofree char *reason = hold != NULL ? md_hold_dup_reason (hold, intake) : NULL;

  if (g_strcmp0 (raised, release->raised) != 0 || g_strcmp0 (reason, release->reason) != 0)
    return _case_forged (error, intake, "something else was released than its evidence says");
  if (md_policy_get_release_reason (self->policy, hold->reason, hold->kind) == NULL)
    return _case_forged (error, intake, "it was released for a reason that the policy has not");
  return TRUE;
}

gboolean
_case_check_holds (Case *self, GError **error)
{
  _case_begin (self, "hold");
  if (self->holds->len != self->releases->len)
    return _case_forged (error, self->entry->intake,
                         "what stopped it and what was released are not the same");
  for (guint i = 0; i < self->releases->len; i++)
    if (!check_hold (self, g_ptr_array_index (self->releases, i), error))
      return FALSE;
  if (self->holds->len > 0)
    _case_passed (self, "what was released is what stopped it");
  return TRUE;
}

/* --- Who was named to the terminal's service --- */

static const char *
look_up (const char *field, gpointer values)
{
  return md_record_get_text (values, field);
}

static gboolean
check_part (const Case *self, const MdNaming *naming, MdNamedPart part, GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  g_autofree char *what = NULL;

  if (md_naming_fits (naming, part, manifest->intake, self->named_salt, manifest->named[part]))
    return TRUE;
  what = g_strdup_printf ("somebody else was named to the terminal's service (%s)",
                          md_named_part_to_id (part));
  return _case_forged (error, self->entry->intake, what);
}

/* Where no number of the person's own is sealed, none was told: that of a namesake would stop
 * nobody as one. */
gboolean
_case_check_named_number (Case *self, GError **error)
{
  g_auto (MdNaming) naming = { { NULL } };

  if (md_container_get_manifest (self->container)->named[0] == NULL)
    return TRUE;
  if (self->number != NULL)
    naming.digests[MD_NAMED_NUMBER] = md_naming_digest_number (md_number_get_digits (self->number));
  return check_part (self, &naming, MD_NAMED_NUMBER, error);
}

gboolean
_case_check_named (Case *self, GError **error)
{
  static const MdNamedPart parts[] = { MD_NAMED_WHO, MD_NAMED_SHOWN, MD_NAMED_ADDRESS };
  g_auto (MdNaming) naming = { { NULL } };

  G_STATIC_ASSERT (MD_MANIFEST_N_NAMED == MD_N_NAMED);
  if (md_container_get_manifest (self->container)->named[0] == NULL)
    return TRUE;
  _case_begin (self, "named");
  md_naming_fill (&naming, look_up, self->values, self->proof);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (!check_part (self, &naming, parts[i], error))
      return FALSE;
  if (md_container_get_entry (self->container, MD_SEAL_PART_NUMBER) == NULL
      && !_case_check_named_number (self, error))
    return FALSE;
  _case_passed (self, "the terminal's service was told of the same person");
  return TRUE;
}

/* --- The office's own list --- */

static guint
released_kinds (const Case *self)
{
  guint kinds = 0;

  for (guint i = 0; i < self->holds->len; i++)
    kinds |= 1u << ((const MdHold *)g_ptr_array_index (self->holds, i))->kind;
  return kinds;
}

void
_case_hold_against (Case *self, const HoldList *list)
{
  const MdCardAttributes *card = md_identity_proof_get_attributes (self->proof);
  guint listed;

  if (list == NULL)
    return;
  _case_begin (self, "list");
  listed = hold_list_find (list, md_record_get_text (self->values, "p.name"),
                           md_record_get_text (self->values, "p.birth"));
  if (card != NULL)
    listed |= hold_list_find (list, md_card_attributes_get_name (card),
                              md_card_attributes_get_birth (card));
  self->unreleased = listed & ~released_kinds (self);
  if (self->unreleased == 0)
    _case_passed (self, "nothing that was not released");
  else if (self->trail != NULL)
    case_trail_add (self->trail, CASE_CHECK_OPEN, "the office's own list stops it");
}

gboolean
case_is_released (const Case *self, GError **error)
{
  if (self->unreleased == 0)
    return TRUE;
  g_set_error (
      error, CASE_ERROR, CASE_ERROR_HELD,
      _ ("Intake %s is of somebody for whom the office's own list stops it, and no "
         "supervisor has released it. Do not work on it; ask the desk that keeps the list."),
      self->entry->receipt_number);
  return FALSE;
}
