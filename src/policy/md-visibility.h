// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_POLICY_INSIDE) && !defined(MD_POLICY_COMPILATION)
#error "Include <md-policy.h> only."
#endif

#include "md-policy-types.h"

typedef struct _JsonObject JsonObject;

G_BEGIN_DECLS

/* The tables "which role sees which class of field in which profile", immutable after loading, any
 * thread.
 *
 * JSON (member "visibility" of the policy; the ward's default is data/policy/visibility.json):
 *   { "V1": { "classes": { "my-number": { "clerk-number": "R", "clerk": "-", ... all ten roles },
 * ... all seven classes }, "fields":  { "p.atena": { "auditor": "F" }, "s.he_*": { ... any roles }
 * } },        ("fields" is optional) "V2": ..., "V3": ..., "V4": ... } A cell is one to four rules
 * joined by '>': LETTER or LETTER@condition{+condition}; the first rule whose conditions all hold
 * counts, and if none holds the answer is '-'. Letters: F M R P -. Conditions: office number own
 * open (MdSituation). Example: "F@own+open>R" = full for the clerk of the intake until it is
 * decided, then masked with reveal. "fields" overrides the class for single fields; a key may end
 * in '*'. */
typedef struct _MdVisibility MdVisibility;

/* From the JSON object above. Error: MD_POLICY_ERROR_INVALID with the JSON path. Caller owns the
 * result. */
MdVisibility *md_visibility_new_from_json (JsonObject *object,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
void md_visibility_free (MdVisibility *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdVisibility, md_visibility_free)

/* What one role is granted. field_id may be NULL (no field override). */
MdGrant md_visibility_lookup (const MdVisibility *self, MdProfile profile,
                              MdSensitivity sensitivity, const char *field_id, MdRole role,
                              MdSituation situation);

/* The most that any of the roles is granted (a person with two roles has the rights of both). */
MdGrant md_visibility_lookup_roles (const MdVisibility *self, MdProfile profile,
                                    MdSensitivity sensitivity, const char *field_id, MdRoles roles,
                                    MdSituation situation);

G_END_DECLS
