// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <md-base.h>
#include "md-decision-private.h"
#include "md-delegation-private.h"
#include "md-seal-json-private.h"

G_DEFINE_BOXED_TYPE (MdDecision, md_decision, md_decision_copy, md_decision_free)
G_DEFINE_BOXED_TYPE (MdDecisionFiles, md_decision_files, md_decision_files_copy,
                     md_decision_files_free)

static const char *const kinds[] = { "approve", "return", "reject", "withdraw", "restore" };

static const struct
{
  gsize offset;
  const char *name;
  MdSealText kind;
} texts[] = {
  { G_STRUCT_OFFSET (MdDecision, intake), "intake", MD_SEAL_TEXT_UUID7 },
  { G_STRUCT_OFFSET (MdDecision, reason_code), "reason_code", MD_SEAL_TEXT_EMPTY },
  { G_STRUCT_OFFSET (MdDecision, officer), "officer", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdDecision, role), "role", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdDecision, office), "office", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdDecision, terminal), "terminal", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdDecision, policy_digest), "policy_digest", MD_SEAL_TEXT_SHA256 },
  { G_STRUCT_OFFSET (MdDecision, time), "time", MD_SEAL_TEXT_TIME },
  { G_STRUCT_OFFSET (MdDecision, manifest_sha256), "manifest_sha256", MD_SEAL_TEXT_SHA256 },
  { G_STRUCT_OFFSET (MdDecision, previous_signature_sha256), "previous_signature_sha256",
    MD_SEAL_TEXT_SHA256 },
};

static char **
text_at (const MdDecision *self, gsize index)
{
  return (char **)((guintptr)self + texts[index].offset);
}

MdDecision *
md_decision_new (void)
{
  return g_new0 (MdDecision, 1);
}

MdDecision *
md_decision_copy (const MdDecision *self)
{
  MdDecision *copy = md_decision_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    *text_at (copy, i) = g_strdup (*text_at (self, i));
  copy->n = self->n;
  copy->kind = self->kind;
  copy->policy_version = self->policy_version;
  copy->differences = self->differences;
  copy->delegation = self->delegation != NULL ? md_delegation_copy (self->delegation) : NULL;
  return copy;
}

void
md_decision_free (MdDecision *self)
{
  if (self == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (*text_at (self, i));
  md_delegation_free (self->delegation);
  g_free (self);
}

MdDecisionFiles *
md_decision_files_new (guint n, GBytes *decision, GBytes *manifest, GBytes *signature)
{
  MdDecisionFiles *self = g_new0 (MdDecisionFiles, 1);

  self->n = n;
  self->decision = g_bytes_ref (decision);
  self->manifest = g_bytes_ref (manifest);
  self->signature = g_bytes_ref (signature);
  return self;
}

MdDecisionFiles *
md_decision_files_copy (const MdDecisionFiles *self)
{
  return md_decision_files_new (self->n, self->decision, self->manifest, self->signature);
}

void
md_decision_files_free (MdDecisionFiles *self)
{
  if (self == NULL)
    return;
  g_bytes_unref (self->decision);
  g_bytes_unref (self->manifest);
  g_bytes_unref (self->signature);
  g_free (self);
}

const char *
md_decision_kind_to_string (MdDecisionKind kind)
{
  return (gsize)kind < G_N_ELEMENTS (kinds) ? kinds[kind] : "";
}

gboolean
md_decision_kind_from_string (const char *text, MdDecisionKind *out_kind)
{
  const int row = MD_TABLE_ROW (kinds, text);

  if (row >= 0)
    *out_kind = (MdDecisionKind)row;
  return row >= 0;
}

static gboolean
check (const MdDecision *self, GError **error)
{
  const char *problem = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (texts) && problem == NULL; i++)
    if (!md_seal_text_fits (*text_at (self, i), texts[i].kind))
      problem = texts[i].name;
  if (self->n < 2 || self->n > MD_SEAL_MAX_SIGNATURES)
    problem = "n";
  if (self->policy_version < 1)
    problem = "policy_version";
  if (self->differences > MD_SEAL_MAX_DIFFERENCES
      || (self->differences > 0 && self->kind != MD_DECISION_APPROVE))
    problem = "differences";
  if (self->delegation != NULL
      && (self->kind != MD_DECISION_APPROVE || !md_delegation_is_right (self->delegation)))
    problem = "delegation";
  if (self->kind != MD_DECISION_APPROVE
      && (self->reason_code == NULL || *self->reason_code == '\0'))
    problem = "reason_code";
  if (problem == NULL)
    return TRUE;
  g_set_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED,
               "\"%s\" is missing or impossible in the decision", problem);
  return FALSE;
}

GBytes *
md_decision_encode (const MdDecision *self, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (!check (self, error))
    return NULL;
  json_builder_begin_object (builder);
  md_seal_json_add (builder, "schema", MD_DECISION_SCHEMA);
  md_seal_json_add (builder, "intake", self->intake);
  md_seal_json_add_int (builder, "n", self->n);
  md_seal_json_add (builder, "decision", md_decision_kind_to_string (self->kind));
  md_seal_json_add (builder, "reason_code", self->reason_code);
  md_seal_json_add (builder, "officer", self->officer);
  md_seal_json_add (builder, "role", self->role);
  md_seal_json_add (builder, "office", self->office);
  md_seal_json_add (builder, "terminal", self->terminal);
  md_seal_json_add_int (builder, "policy_version", self->policy_version);
  md_seal_json_add (builder, "policy_digest", self->policy_digest);
  md_seal_json_add (builder, "time", self->time);
  md_seal_json_add (builder, "manifest_sha256", self->manifest_sha256);
  md_seal_json_add (builder, "previous_signature_sha256", self->previous_signature_sha256);
  if (self->differences > 0)
    md_seal_json_add_int (builder, "differences", self->differences);
  if (self->delegation != NULL)
    md_delegation_write (builder, self->delegation);
  json_builder_end_object (builder);
  return md_seal_json_write (builder);
}

static void
read_members (MdDecision *self, MdSealJson *json)
{
  g_autofree char *kind = NULL;

  (void)md_seal_json_is (json, "schema", MD_DECISION_SCHEMA);
  self->n = (guint)md_seal_json_int (json, "n", 2, MD_SEAL_MAX_SIGNATURES);
  self->policy_version = (guint)md_seal_json_int (json, "policy_version", 1, G_MAXINT32);
  kind = md_seal_json_text (json, "decision", MD_SEAL_TEXT_WORD);
  if (kind != NULL && !md_decision_kind_from_string (kind, &self->kind))
    json->failed = "decision";
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    *text_at (self, i) = md_seal_json_text (json, texts[i].name, texts[i].kind);
  if (json_object_has_member (json->object, "differences"))
    self->differences = (guint)md_seal_json_int (json, "differences", 1, MD_SEAL_MAX_DIFFERENCES);
  if (json_object_has_member (json->object, "delegation"))
    self->delegation = md_delegation_read (json);
}

MdDecision *
md_decision_parse (GBytes *bytes, GError **error)
{
  g_autoptr (MdDecision) self = md_decision_new ();
  g_autoptr (JsonNode) root = md_seal_json_parse (bytes, error);
  g_autoptr (GBytes) again = NULL;
  MdSealJson json;

  if (root == NULL)
    return NULL;
  md_seal_json_open (&json, json_node_get_object (root));
  read_members (self, &json);
  if (!md_seal_json_finish (&json, error))
    return NULL;
  again = md_decision_encode (self, error);
  if (again == NULL || !md_seal_json_matches (bytes, again, error))
    return NULL;
  return g_steal_pointer (&self);
}
