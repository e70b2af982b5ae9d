// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_POLICY_INSIDE) && !defined(MD_POLICY_COMPILATION)
#error "Include <md-policy.h> only."
#endif

#include "md-policy-object.h"

G_BEGIN_DECLS

/* What a person may do here at all, whatever it is about: which pages the window has, and which
 * calls the service takes. What it is about is asked about after that (md_policy_may_take_in(),
 * ...).
 */
typedef enum
{
  MD_RIGHT_NONE = 0,
  MD_RIGHT_TAKE_IN = 1 << 0, /* there is a procedure that this person may take in */
  MD_RIGHT_DECIDE = 1 << 1,  /* ... or decide on */
  MD_RIGHT_LOG = 1 << 2,     /* the audit log: an auditor or an administrator */
  MD_RIGHT_QUEUE = 1 << 3,   /* what waits for the line, by receipt number */
} MdRights;

/* Either of the two that work on applications. */
#define MD_RIGHTS_CASES ((guint)MD_RIGHT_TAKE_IN | (guint)MD_RIGHT_DECIDE)

/* The rights of this person, MD_RIGHT_NONE where the policy does not know one. */
MdRights md_policy_get_rights (MdPolicy *self, const char *staff) G_GNUC_WARN_UNUSED_RESULT;

/* With the eyes of which roles the back office's program looks at what arrived: it has keys and no
 * person, so the policy says. A supervisor's where it does not. */
MdRoles md_policy_get_desk_roles (MdPolicy *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
