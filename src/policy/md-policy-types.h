// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_POLICY_INSIDE) && !defined(MD_POLICY_COMPILATION)
#error "Include <md-policy.h> only."
#endif

#include <gio/gio.h>

G_BEGIN_DECLS

/* The ten roles of the forms catalogue, in its order (R1..R10). The ids in the policy
 * file are, in order: clerk-number clerk inquiry checker supervisor branch sync admin auditor
 * reference. */
typedef enum
{
  MD_ROLE_CLERK_NUMBER,
  MD_ROLE_CLERK,
  MD_ROLE_INQUIRY,
  MD_ROLE_CHECKER,
  MD_ROLE_SUPERVISOR,
  MD_ROLE_BRANCH,
  MD_ROLE_SYNC,
  MD_ROLE_ADMIN,
  MD_ROLE_AUDITOR,
  MD_ROLE_REFERENCE,
  MD_N_ROLES
} MdRole;

/* A set of roles: bit (1u << MdRole). */
typedef guint MdRoles;
#define MD_ROLES(role) (1u << (role))
#define MD_ROLES_ALL ((1u << MD_N_ROLES) - 1u)

/* How sensitive a field is. Ids: my-number basic-4 health income welfare contact other. */
typedef enum
{
  MD_CLASS_MY_NUMBER,
  MD_CLASS_BASIC,
  MD_CLASS_HEALTH,
  MD_CLASS_INCOME,
  MD_CLASS_WELFARE,
  MD_CLASS_CONTACT,
  MD_CLASS_OTHER,
  MD_N_CLASSES
} MdSensitivity;

/* Which visibility table a procedure uses. Ids: V1 V2 V3 V4. */
typedef enum
{
  MD_PROFILE_V1,
  MD_PROFILE_V2,
  MD_PROFILE_V3,
  MD_PROFILE_V4,
  MD_N_PROFILES
} MdProfile;

/* What a table cell grants: '-' 'P' 'M' 'R' 'F', each more than the one before. */
typedef enum
{
  MD_GRANT_NONE,     /* '-' not visible, not searchable, not there */
  MD_GRANT_PRESENCE, /* 'P' only that it is filled */
  MD_GRANT_MASKED,   /* 'M' masked, no reveal */
  MD_GRANT_REVEAL,   /* 'R' masked, reveal with a reason, audited */
  MD_GRANT_FULL,     /* 'F' */
} MdGrant;

/* How sure an identification is, weakest first. Ids: none posted-copies two-documents
 * photo-document card-face card-key. */
typedef enum
{
  MD_ASSURANCE_NONE,           /* nobody was identified: the procedure asks for nobody */
  MD_ASSURANCE_POSTED_COPIES,  /* copies that came by post: nobody was seen */
  MD_ASSURANCE_TWO_DOCUMENTS,  /* two documents without a photograph, compared by the clerk */
  MD_ASSURANCE_PHOTO_DOCUMENT, /* one with a photograph, compared with the person */
  MD_ASSURANCE_CARD_FACE,      /* the card's own record vouches for the photograph */
  MD_ASSURANCE_CARD_KEY,       /* the card's key signed, opened by the holder's PIN */
  MD_N_ASSURANCES
} MdAssurance;

/* What is true about the person looking and the intake looked at; conditions of a cell. */
typedef enum
{
  MD_SITUATION_NONE = 0,
  MD_SITUATION_OFFICE = 1 << 0, /* the intake belongs to the viewer's own office */
  MD_SITUATION_NUMBER = 1 << 1, /* the staff entry says "number": true */
  MD_SITUATION_OWN = 1 << 2,    /* the viewer is the clerk who takes (took) this intake in */
  MD_SITUATION_OPEN = 1 << 3,   /* not yet decided by an approver */
} MdSituation;

typedef enum
{
  MD_POLICY_ERROR_UNREADABLE, /* file missing, too large, not CMS, not JSON */
  MD_POLICY_ERROR_SIGNATURE,  /* not signed, changed, or the signer does not lead to the anchor */
  MD_POLICY_ERROR_INVALID, /* signed, but not a madoguchi-policy/1 we can use: the message names the
                              JSON path */
  MD_POLICY_ERROR_EXPIRED, /* not_after has passed */
  MD_POLICY_ERROR_OLDER,   /* version below the floor: a rolled-back policy */
  MD_POLICY_ERROR_CHANGED, /* a version that was in force already, with other content */
  MD_POLICY_ERROR_FOREIGN, /* another office or another environment (a test policy in production) */
} MdPolicyError;

#define MD_POLICY_ERROR (md_policy_error_quark ())
GQuark md_policy_error_quark (void);

/* Why a policy is not in force, in one word for the audit log: "signature", "older", ...;
 * "unavailable" for an error of another domain. */
const char *md_policy_error_get_word (const GError *error);

/* Ids as written in the policy and form files. Static strings; the from_id functions return FALSE
 * for an unknown id. */
const char *md_role_to_id (MdRole role);
gboolean md_role_from_id (const char *id, MdRole *out_role) G_GNUC_WARN_UNUSED_RESULT;
/* Name of a role for people, translated, static. */
const char *md_role_get_label (MdRole role);

const char *md_sensitivity_to_id (MdSensitivity sensitivity);
gboolean md_sensitivity_from_id (const char *id,
                                 MdSensitivity *out_sensitivity) G_GNUC_WARN_UNUSED_RESULT;

const char *md_profile_to_id (MdProfile profile);
gboolean md_profile_from_id (const char *id, MdProfile *out_profile) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
