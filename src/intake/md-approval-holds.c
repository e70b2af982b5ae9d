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
                          "it; tell the administrator."));
  return FALSE;
}

/* The signature was checked with the container's; here it is held against what only the sealed
 * evidence tells. */
static gboolean
add_hold (MdApproval *self, const MdReleaseFiles *files, const GPtrArray *holds, GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  MdPolicy *policy = self->policy;
  g_autoptr (MdRelease) release = md_release_parse (files->release, error);
  const MdHold *hold = release ? md_holds_find (holds, release->hold) : NULL;
  g_autofree char *raised = hold ? md_hold_dup_raised (hold, manifest->intake) : NULL;
  g_autofree char *why = hold ? md_hold_dup_reason (hold, manifest->intake) : NULL;
  g_autofree char *word = NULL;
  g_autoptr (MdCheck) check = NULL;
  const MdPolicyReleaseReason *reason;
  const MdPolicyStaff *officer;

  if (!release)
    return FALSE;
  officer = md_policy_get_staff (policy, release->officer);
  reason = hold ? md_policy_get_release_reason (policy, hold->reason, hold->kind) : NULL;
  if (!reason || !officer || g_strcmp0 (raised, release->raised) != 0
      || g_strcmp0 (why, release->reason) != 0
      || md_policy_may_release (policy, release->officer, release->role, manifest->clerk)
             != MD_MAY_YES)
    return damaged (error);
  check = _md_check_new ("release", md_hold_kind_get_label (hold->kind));
  word = g_strdup_printf (_ ("Released by %s: %s"),
                          md_forms_in_japanese () ? officer->name_ja : officer->name_en,
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
    if (!add_hold (self, g_ptr_array_index (releases, i), holds, error))
      return FALSE;
  return TRUE;
}
