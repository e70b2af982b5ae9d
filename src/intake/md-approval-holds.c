// SPDX-License-Identifier: Apache-2.0
// What had stopped an application at the counter, and who let it go on: for the officer who
// decides.
#include "config.h"

#include <glib/gi18n.h>

#include "md-approval-private.h"

static gboolean
damaged (GError **error)
{
  g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_DAMAGED,
                       _ ("What was released is not what stopped this application. Do not approve "
                          "it."));
  return FALSE;
}

/* Who let it go on might, and signed with the certificate that the policy of that day lists. */
static gboolean
officer_fits (MdApproval *self, const MdRelease *release, const MdCmsSigner *signer)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  const MdPolicyStaff *officer = md_policy_get_staff (self->policy, release->officer);

  return officer
         && g_bytes_equal (officer->sign,
                           md_certificate_get_der (md_cms_signer_get_certificate (signer)))
         && md_policy_may_release (self->policy, release->officer, release->role, manifest->clerk,
                                   manifest->procedure)
                == MD_MAY_YES;
}

/* What was signed is what only the sealed evidence tells. */
static gboolean
hold_fits (const MdRelease *release, const MdHold *hold, const char *intake)
{
  g_autofree char *raised = hold ? md_hold_dup_raised (hold, intake) : NULL;
  g_autofree char *why = hold ? md_hold_dup_reason (hold, intake) : NULL;

  return hold && g_strcmp0 (raised, release->raised) == 0 && g_strcmp0 (why, release->reason) == 0;
}

/* The path of the signature was checked with the container's. */
static gboolean
add_hold (MdApproval *self, guint index, const GPtrArray *holds, GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  g_autoptr (MdCmsSigner) signer = NULL;
  g_autoptr (MdRelease) release
      = md_container_verify_release (self->container, index, NULL, 0, &signer, error);
  const MdHold *hold = release ? md_holds_find (holds, release->hold) : NULL;
  const MdPolicyReleaseReason *reason
      = hold ? md_policy_get_release_reason (self->policy, hold->reason, hold->kind) : NULL;
  g_autofree char *word = NULL;
  g_autoptr (MdCheck) check = NULL;
  const MdPolicyStaff *officer;

  if (!release)
    return FALSE;
  if (!reason || !officer_fits (self, release, signer)
      || !hold_fits (release, hold, manifest->intake))
    return damaged (error);
  officer = md_policy_get_staff (self->policy, release->officer);
  check = _md_check_new ("release", md_hold_kind_get_label (hold->kind));
  word = g_strdup_printf (_ ("Released by %s: %s"), _md_words_staff (officer),
                          md_forms_in_japanese () ? reason->name_ja : reason->name_en);
  _md_check_set (check, MD_CHECK_DEFERRED, C_ ("hold", "Released"), word);
  g_list_store_append (self->checks, check);
  return TRUE;
}

gboolean
_md_approval_add_holds (MdApproval *self, const GPtrArray *holds, GError **error)
{
  const GPtrArray *releases = md_container_get_manifest (self->container)->releases;

  if (holds->len != releases->len)
    return damaged (error);
  for (guint i = 0; i < releases->len; i++)
    if (!add_hold (self, i, holds, error))
      return FALSE;
  return TRUE;
}
