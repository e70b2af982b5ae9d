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

/* How many officers must agree before an application of this procedure counts: 1 or 2. 0: the
 * policy does not know the procedure. */
guint md_policy_count_officers (MdPolicy *self, const char *procedure);

/* An officer's word for an application, before it counts. */
typedef struct
{
  const char *officer;
  const char *role; /* in which they speak, an id; NULL: in any of theirs */
  const char *procedure;
  const char *clerk;      /* who took it in */
  const char *checked_by; /* who checked it since it was last handed in or taken up; NULL: nobody */
  gboolean check;         /* it is the first of two; else it is the approval */
} MdPolicyAgreement;

/* Whether that word counts. Window, service, gateway and back office all ask this. Where two
 * officers have to agree, nothing is approved that was not checked, and nobody does both; where the
 * policy names the supervisor beside other roles, those check and the supervisor approves. What was
 * once checked has two officers, even if the policy asks for one by now. Persons are told apart by
 * staff ids here; by certificates and keys in md_decision_verify(). */
MdMay md_policy_may_agree (MdPolicy *self,
                           const MdPolicyAgreement *agreement) G_GNUC_WARN_UNUSED_RESULT;

/* The roles in which that word may be spoken; 0 where the policy does not know the procedure. */
MdRoles md_policy_get_agreeing_roles (MdPolicy *self, const char *procedure, gboolean check);

/* Whether as many different officers as have to agree on an application of this clerk are there. */
gboolean md_policy_has_officers (MdPolicy *self, const char *procedure, const char *clerk);

G_END_DECLS
