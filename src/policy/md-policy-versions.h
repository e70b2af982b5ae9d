// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_POLICY_INSIDE) && !defined(MD_POLICY_COMPILATION)
#error "Include <md-policy.h> only."
#endif

#include "md-policy-object.h"

G_BEGIN_DECLS

/* Whether an intake may have been begun with that version of the procedure's form. */
typedef enum
{
  MD_VERSION_GOOD,
  MD_VERSION_UNKNOWN, /* the policy names others */
  MD_VERSION_NOT_YET, /* it begins on a later day */
  MD_VERSION_OVER,    /* its last day was before */
} MdVersionJudgement;

/* WALL (RFC 3339): when the intake was begun. What was begun on a version's last day is good
 * whenever it arrives. Of a procedure for which the policy names none every version is. */
MdVersionJudgement md_policy_judge_version (MdPolicy *self, const char *procedure,
                                            const char *version, const char *wall);

/* For the wire, in English. */
const char *md_version_judgement_get_text (MdVersionJudgement judgement);

G_END_DECLS
