// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_POLICY_INSIDE) && !defined(MD_POLICY_COMPILATION)
#error "Include <md-policy.h> only."
#endif

#include "md-policy-object.h"

G_BEGIN_DECLS

/* What stops an intake until a supervisor lets it go on. Ids: protected-person same-name-birthday
 * face-not-matching deceased number-bound-elsewhere revocation-unknown stopped-before. */
typedef enum
{
  MD_HOLD_PROTECTED,      /* 支援措置: nobody but the person may learn where they live */
  MD_HOLD_SAME_NAME,      /* another resident has the same name and day of birth */
  MD_HOLD_FACE,           /* the photograph shows somebody else, or the clerk cannot tell */
  MD_HOLD_DECEASED,       /* the register says that the person died */
  MD_HOLD_NUMBER_ANOTHER, /* the individual number belongs to somebody else */
  MD_HOLD_REVOCATION,     /* the authority does not know the certificate: says so, and signs it */
  MD_HOLD_BEFORE,         /* an earlier intake of this person was stopped, and nobody released it */
  MD_N_HOLDS
} MdHoldKind;

const char *md_hold_kind_to_id (MdHoldKind kind);
gboolean md_hold_kind_from_id (const char *id, MdHoldKind *out_kind) G_GNUC_WARN_UNUSED_RESULT;

/* SHA-256 in lower-case hexadecimal of TAG, INTAKE, WHAT and SALT, each with a line feed behind it:
 * who knows the salt can tell what was meant, and nobody else. What was raised has
 * MD_HOLD_TAG_RAISED and the kind's id, a reason MD_HOLD_TAG_REASON and its code. Caller owns. */
#define MD_HOLD_TAG_RAISED "madoguchi hold v1"
#define MD_HOLD_TAG_REASON "madoguchi release v1"
char *md_hold_bind (const char *tag, const char *intake, const char *what,
                    const char *salt) G_GNUC_WARN_UNUSED_RESULT;

/* Of whom an intake is, as the window says it to the service (NamePerson), part by part. */
typedef enum
{
  MD_NAMED_WHO,    /* name and birth date */
  MD_NAMED_NUMBER, /* individual number */
  MD_NAMED_SHOWN,  /* the card's certificate, or the document */
  MD_NAMED_ADDRESS,
  MD_N_NAMED
} MdNamedPart;

/* "who", "number", "shown", "address". */
const char *md_named_part_to_id (MdNamedPart part);

/* What the manifest says of a part: its digest (lower-case hexadecimal, "" where it is not known)
 * bound to the intake with SALT, which lies in the sealed evidence. So who opens the intake can
 * hold what the service was told against what was sealed, and nobody else learns anything. Caller
 * owns. */
char *md_named_bind (MdNamedPart part, const char *intake, const char *digest,
                     const char *salt) G_GNUC_WARN_UNUSED_RESULT;

/* Why a hold may be released, as the office words it. */
typedef struct
{
  const char *code;
  const char *name_ja, *name_en;
  guint kinds; /* for which: bit (1u << MdHoldKind) */
} MdPolicyReleaseReason;

/* In file order: array of const MdPolicyReleaseReason *. None where the policy names none: then
 * nothing that is held goes on. Borrowed. */
const GPtrArray *md_policy_get_release_reasons (MdPolicy *self);

/* Whether the policy has a reason to release this kind; without one, nobody can. */
gboolean md_policy_is_releasable (MdPolicy *self, MdHoldKind kind);

/* The reason of this code, if it is one for this kind; else NULL. */
const MdPolicyReleaseReason *md_policy_get_release_reason (MdPolicy *self, const char *code,
                                                           MdHoldKind kind);

/* The roles that may release; "supervisor" where the policy does not say. */
MdRoles md_policy_get_release_roles (MdPolicy *self);

/* May this officer, acting in this role, release what holds an intake of this clerk, which is of
 * this procedure. ROLE: NULL asks for any of them. */
MdMay md_policy_may_release (MdPolicy *self, const char *officer, const char *role,
                             const char *clerk, const char *procedure) G_GNUC_WARN_UNUSED_RESULT;

/* May this officer, acting in this role, release a medium with what is sealed for the back office:
 * the same roles, in whatever section. */
MdMay md_policy_may_release_medium (MdPolicy *self, const char *officer,
                                    const char *role) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
