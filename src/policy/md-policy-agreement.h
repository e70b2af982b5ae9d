// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_POLICY_INSIDE) && !defined(MD_POLICY_COMPILATION)
#error "Include <md-policy.h> only."
#endif

#include "md-policy-object.h"

G_BEGIN_DECLS

/* How many different officers a procedure may ask for beside the clerk. Where two have to agree the
 * first checks (点検) and the second approves (承認). */
#define MD_POLICY_MAX_OFFICERS 2u

/* How many officers must agree before an application of this procedure counts: 1 or 2, by the
 * policy alone. 0: the policy does not know the procedure. */
guint md_policy_count_officers (MdPolicy *self, const char *procedure);

/* The same where the form asks for @form_officers (0: it is not known): the stricter of the two
 * holds. */
guint md_policy_demand_officers (MdPolicy *self, const char *procedure, guint form_officers);

/* An officer's word for an application, before it counts. */
typedef struct
{
  const char *officer;
  const char *role; /* in which they speak, an id; NULL: in any of theirs */
  const char *procedure;
  const char *clerk;      /* who took it in */
  const char *checked_by; /* who checked it since it was last handed in or taken up; NULL: nobody */
  gboolean check;         /* it is the first of two; else it is the approval */
  guint form_officers;    /* as many the form asks for; 0: whoever asks does not know the form */
} MdPolicyAgreement;

/* Whether that word counts. Window, service, gateway and back office all ask this. Where two
 * officers have to agree, nothing is approved that was not checked, and nobody does both; where the
 * policy names the supervisor beside other roles, those check and the supervisor approves. What was
 * once checked has two officers, even if the policy asks for one by now. Where the form asks for
 * more than the policy, who knows the form (window, service) lets nothing through with less; who
 * knows none (gateway), or judges by what held then (back office), goes by the policy, and takes a
 * check that this does not ask for. Persons are told apart by
 * staff ids here; by certificates and keys in md_decision_verify(). */
MdMay md_policy_may_agree (MdPolicy *self,
                           const MdPolicyAgreement *agreement) G_GNUC_WARN_UNUSED_RESULT;

/* The roles in which that word may be spoken, where @form_officers are asked for by the form (0: it
 * is not known); 0 where the policy does not know the procedure. */
MdRoles md_policy_get_agreeing_roles (MdPolicy *self, const char *procedure, guint form_officers,
                                      gboolean check);

/* Whether as many different officers as have to agree on an application of this clerk (NULL: of
 * anybody who may not agree) are there. */
gboolean md_policy_has_officers (MdPolicy *self, const char *procedure, guint form_officers,
                                 const char *clerk);

G_END_DECLS
