// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_POLICY_COMPILATION
#error "Private to src/policy."
#endif

#if !defined(MD_POLICY_COMPILATION)
#error "Private to policy."
#endif

#include "md-json.h"
#include "md-policy-agreement.h"
#include "md-policy-documents.h"
#include "md-policy-object.h"
#include "md-policy-retention.h"

G_BEGIN_DECLS

struct _MdPolicy
{
  GObject parent_instance;

  GBytes *json;
  char *digest;
  GStringChunk *strings; /* owns every string the structs point to */
  guint version;
  gint64 issued, not_after;
  const char *environment, *office, *office_ja, *office_en;
  GPtrArray *terminals;       /* MdPolicyTerminal, owned */
  GPtrArray *staff;           /* MdPolicyStaff, owned */
  GPtrArray *documents;       /* MdPolicyDocument, owned */
  GPtrArray *procedures;      /* MdPolicyProcedure, owned */
  GPtrArray *versions;        /* of their forms, owned: md-policy-versions.c */
  GPtrArray *release_reasons; /* MdPolicyReleaseReason, owned */
  MdRoles release_roles;
  MdRoles desk_roles;
  GBytes *business, *vault;
  gboolean one_key;                 /* of both, as policies of before could have it */
  GPtrArray *anchors[MD_N_ANCHORS]; /* GBytes */
  GPtrArray *card_authorities;      /* MdPolicyCardAuthority, owned */
  GPtrArray *vectors;               /* string vectors, owned */
  MdPolicyJpki jpki;
  MdPolicyLimits limits;
  MdRetention retentions[MD_N_RETENTIONS];
  MdVisibility *visibility;
};

/* Fills an empty policy from JSON; failures go to the reader. */
void _md_policy_read (MdPolicy *self, MdJson *json, JsonObject *root);

/* Into the policy's own memory. */
const char *_md_policy_keep (MdPolicy *self, const char *text);
const char *const *_md_policy_keep_vector (MdPolicy *self, char **vector);
/* { "ja": ..., "en": ... } */
void _md_policy_read_text (MdPolicy *self, MdJson *json, JsonObject *object, const char *member,
                           const char **out_ja, const char **out_en);

MdRoles _md_policy_read_roles (MdJson *json, JsonObject *object, const char *member);
/* Of 1 to 10000 objects. */
void _md_policy_read_list (MdPolicy *self, MdJson *json, JsonObject *root, const char *member,
                           void (*read) (MdPolicy *, MdJson *, JsonObject *));

/* md-policy-holds.c */
void _md_policy_read_holds (MdPolicy *self, MdJson *json, JsonObject *root);

/* md-policy-retention.c; after the limits. */
void _md_policy_read_retention (MdPolicy *self, MdJson *json, JsonObject *root);

/* md-policy-versions.c */
void _md_policy_read_versions (MdPolicy *self, MdJson *json, JsonObject *rules);

/* md-policy-documents.c */
void _md_policy_read_document (MdPolicy *self, MdJson *json, JsonObject *object);
void _md_policy_read_identification (MdPolicy *self, MdJson *json, JsonObject *rules,
                                     MdPolicyProcedure *procedure);

void _md_policy_staff_free (gpointer data);
void _md_policy_card_authority_free (gpointer data);

G_END_DECLS
