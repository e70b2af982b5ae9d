// SPDX-License-Identifier: Apache-2.0
// Where two officers have to agree: whose word is due, and who checked before.
#include "config.h"

#include <glib/gi18n.h>

#include "md-approval-private.h"
#include "md-intake-items-private.h"

static MdDecision *
find_check (MdApproval *self)
{
  return self->container ? md_decision_find_check (self->container, self->next_n) : NULL;
}

MdDecisionKind
md_approval_get_agreement (MdApproval *self)
{
  g_autoptr (MdDecision) before = find_check (self);

  return self->desk && self->form && !before
                 && md_policy_demand_officers (md_desk_get_policy (self->desk),
                                               md_form_get_id (self->form),
                                               md_form_get_officers (self->form))
                        > 1
             ? MD_DECISION_CHECK
             : MD_DECISION_APPROVE;
}

static MdMay
judge (MdApproval *self)
{
  g_autoptr (MdDecision) before = find_check (self);
  const MdPolicyAgreement agreement
      = { .officer = md_desk_get_staff_id (self->desk),
          .procedure = md_form_get_id (self->form),
          .clerk = md_container_get_manifest (self->container)->clerk,
          .checked_by = before ? before->officer : NULL,
          .check = md_approval_get_agreement (self) == MD_DECISION_CHECK,
          .form_officers = md_form_get_officers (self->form) };

  return md_policy_may_agree (md_desk_get_policy (self->desk), &agreement);
}

const char *
md_approval_get_obstacle (MdApproval *self)
{
  MdMay may;

  if (!self->desk || !self->form || !self->container)
    return NULL;
  may = judge (self);
  return may == MD_MAY_YES ? NULL : md_may_get_message (may);
}

const char *
md_approval_get_officers_note (MdApproval *self)
{
  g_autoptr (MdDecision) before = find_check (self);

  if (before)
    return _ ("One of two officers has checked this. It counts once another has approved it.");
  return md_approval_get_agreement (self) == MD_DECISION_CHECK
             ? _ ("Two officers have to agree on this: one checks it, then another approves it.")
             : "";
}

MdRoles
_md_approval_get_roles (MdApproval *self, MdDecisionKind kind)
{
  MdPolicy *policy = md_desk_get_policy (self->desk);
  const MdPolicyProcedure *rules = md_policy_get_procedure (policy, md_form_get_id (self->form));

  if (kind == MD_DECISION_APPROVE || kind == MD_DECISION_CHECK)
    return md_policy_get_agreeing_roles (policy, md_form_get_id (self->form),
                                         md_form_get_officers (self->form),
                                         kind == MD_DECISION_CHECK);
  return rules ? rules->approvers : 0;
}

void
_md_approval_add_officers (MdApproval *self)
{
  g_autoptr (MdDecision) before = find_check (self);
  MdPolicy *policy = md_desk_get_policy (self->desk);
  g_autofree char *moment = before ? _md_words_moment (before->time) : NULL;
  g_autofree char *word = NULL;

  if (before)
    {
      word = g_strdup_printf (_ ("%s, %s"), _md_words_staff_id (policy, before->officer), moment);
      _md_approval_add_check (self, "checked", _ ("Checked by the first officer"), MD_CHECK_PASSED,
                              word);
    }
  else if (md_approval_get_agreement (self) == MD_DECISION_CHECK)
    _md_approval_add_check (self, "checked", _ ("Officers who agree"), MD_CHECK_DEFERRED,
                            _ ("0 of 2"));
}
