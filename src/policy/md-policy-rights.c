// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-policy-private.h"
#include "md-policy-rights.h"

/* What comes with a role by itself, whatever procedures there are. */
static const struct
{
  MdRole role;
  guint rights;
} by_role[] = {
  { MD_ROLE_ADMIN, (guint)MD_RIGHT_LOG | (guint)MD_RIGHT_QUEUE },
  { MD_ROLE_AUDITOR, (guint)MD_RIGHT_LOG | (guint)MD_RIGHT_QUEUE },
  { MD_ROLE_SYNC, MD_RIGHT_QUEUE },
};

static guint
rights_upon (MdPolicy *self, const char *staff, const char *procedure)
{
  guint rights = MD_RIGHT_NONE;

  if (md_policy_may_take_in (self, staff, procedure) == MD_MAY_YES)
    rights |= (guint)MD_RIGHT_TAKE_IN | (guint)MD_RIGHT_QUEUE;
  if (md_policy_may_decide (self, staff, procedure, NULL) == MD_MAY_YES)
    rights |= (guint)MD_RIGHT_DECIDE | (guint)MD_RIGHT_QUEUE;
  return rights;
}

MdRights
md_policy_get_rights (MdPolicy *self, const char *staff)
{
  const MdPolicyStaff *person = md_policy_get_staff (self, staff);
  guint rights = MD_RIGHT_NONE;

  if (!person)
    return MD_RIGHT_NONE;
  for (gsize i = 0; i < G_N_ELEMENTS (by_role); i++)
    if (person->roles & MD_ROLES (by_role[i].role))
      rights |= by_role[i].rights;
  for (guint i = 0; i < self->procedures->len; i++)
    {
      const MdPolicyProcedure *procedure = g_ptr_array_index (self->procedures, i);

      rights |= rights_upon (self, staff, procedure->id);
    }
  return (MdRights)rights;
}

MdRoles
md_policy_get_desk_roles (MdPolicy *self)
{
  return self->desk_roles;
}
