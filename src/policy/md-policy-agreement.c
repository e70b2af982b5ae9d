// SPDX-License-Identifier: Apache-2.0
#include "md-policy-agreement.h"

guint
md_policy_count_officers (MdPolicy *self, const char *procedure)
{
  const MdPolicyProcedure *rules = md_policy_get_procedure (self, procedure);

  return rules ? rules->officers : 0;
}

guint
md_policy_demand_officers (MdPolicy *self, const char *procedure, guint form_officers)
{
  const guint officers = md_policy_count_officers (self, procedure);

  return officers > 0 ? MAX (officers, MIN (form_officers, MD_POLICY_MAX_OFFICERS)) : 0;
}

MdRoles
md_policy_get_agreeing_roles (MdPolicy *self, const char *procedure, guint form_officers,
                              gboolean check)
{
  const MdPolicyProcedure *rules = md_policy_get_procedure (self, procedure);
  const MdRoles superior = MD_ROLES (MD_ROLE_SUPERVISOR);
  const MdRoles roles = rules ? rules->approvers : 0;

  /* Of one role, or of roles with no order among them, each may do either. */
  if (!rules || md_policy_demand_officers (self, procedure, form_officers) < 2
      || !(roles & superior) || roles == superior)
    return roles;
  return check ? roles & ~superior : superior;
}

MdMay
md_policy_may_agree (MdPolicy *self, const MdPolicyAgreement *agreement)
{
  const MdPolicyStaff *staff = md_policy_get_staff (self, agreement->officer);
  const guint officers
      = md_policy_demand_officers (self, agreement->procedure, agreement->form_officers);
  MdRoles roles = md_policy_get_agreeing_roles (self, agreement->procedure,
                                                agreement->form_officers, agreement->check);
  MdRole role = MD_N_ROLES;
  MdMay may
      = md_policy_may_decide (self, agreement->officer, agreement->procedure, agreement->clerk);

  if (may != MD_MAY_YES)
    return may;
  if (agreement->check && officers < 2 && agreement->form_officers > 0)
    return MD_MAY_NOT_ASKED;
  if (!agreement->check && officers > 1 && !agreement->checked_by)
    return MD_MAY_NOT_CHECKED;
  if (g_strcmp0 (agreement->checked_by, agreement->officer) == 0)
    return MD_MAY_NOT_CHECKER;
  if (agreement->role)
    roles &= md_role_from_id (agreement->role, &role) ? MD_ROLES (role) : 0;
  return staff->roles & roles ? MD_MAY_YES : MD_MAY_NOT_STEP;
}

static gboolean
may (MdPolicy *self, const MdPolicyStaff *staff, const char *procedure, const char *clerk,
     MdRoles roles)
{
  return md_policy_may_decide (self, staff->id, procedure, clerk) == MD_MAY_YES
         && (staff->roles & roles);
}

gboolean
md_policy_has_officers (MdPolicy *self, const char *procedure, guint form_officers,
                        const char *clerk)
{
  const guint officers = md_policy_demand_officers (self, procedure, form_officers);
  const MdRoles checking = md_policy_get_agreeing_roles (self, procedure, form_officers, TRUE);
  const MdRoles approving = md_policy_get_agreeing_roles (self, procedure, form_officers, FALSE);
  const GPtrArray *all = md_policy_get_all_staff (self);
  guint checkers = 0, approvers = 0, people = 0;

  for (guint i = 0; i < all->len; i++)
    {
      const MdPolicyStaff *staff = g_ptr_array_index (all, i);
      const gboolean checks = may (self, staff, procedure, clerk, checking);
      const gboolean approves = may (self, staff, procedure, clerk, approving);

      checkers += checks ? 1 : 0;
      approvers += approves ? 1 : 0;
      people += checks || approves ? 1 : 0;
    }
  return officers > 0 && approvers > 0 && (officers < 2 || (checkers > 0 && people > 1));
}
