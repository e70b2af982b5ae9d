// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <md-base.h>
#include <string.h>
#include "md-decision-private.h"
#include "md-delegation-private.h"
#include "md-seal-record-private.h"

G_DEFINE_BOXED_TYPE (MdDecision, md_decision, md_decision_copy, md_decision_free)
G_DEFINE_BOXED_TYPE (MdDecisionFiles, md_decision_files, md_decision_files_copy,
                     md_decision_files_free)

static const char *const kinds[] = {
  "approve", "return", "reject", "withdraw", "restore", "check",
};

static const char *const looks[] = { "shown", "paper", "closed", NULL };

static const MdSealTextRow rows[] = {
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

static const MdSealTexts texts = MD_SEAL_TEXTS (rows);

MdDecision *
md_decision_new (void)
{
  return g_new0 (MdDecision, 1);
}

MdDecision *
md_decision_copy (const MdDecision *self)
{
  MdDecision *copy = md_decision_new ();

  md_seal_texts_copy (&texts, self, copy);
  copy->n = self->n;
  copy->kind = self->kind;
  copy->policy_version = self->policy_version;
  copy->differences = self->differences;
  memcpy (copy->scans, self->scans, sizeof copy->scans);
  copy->delegation = self->delegation != NULL ? md_delegation_copy (self->delegation) : NULL;
  return copy;
}

void
md_decision_free (MdDecision *self)
{
  if (self == NULL)
    return;
  md_seal_texts_clear (&texts, self);
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

/* By which an officer agrees. */
static gboolean
agrees (const MdDecision *self)
{
  return self->kind == MD_DECISION_APPROVE || self->kind == MD_DECISION_CHECK;
}

guint
md_decision_count_scans (const MdDecision *self)
{
  guint all = 0;

  for (guint i = 0; i < MD_N_LOOKS; i++)
    all += self->scans[i];
  return all;
}

static gboolean
scans_are_right (const MdDecision *self)
{
  for (guint i = 0; i < MD_N_LOOKS; i++)
    if (self->scans[i] > MD_SEAL_MAX_ATTACHMENTS)
      return FALSE;
  return md_decision_count_scans (self) == 0 || agrees (self);
}

static gboolean
check (gconstpointer record, GError **error)
{
  const MdDecision *self = record;
  const char *wrong = md_seal_texts_find_wrong (&texts, self);

  if (self->n < 2 || self->n > MD_SEAL_MAX_SIGNATURES)
    wrong = "n";
  if (self->policy_version < 1)
    wrong = "policy_version";
  if (self->differences > MD_SEAL_MAX_DIFFERENCES || (self->differences > 0 && !agrees (self)))
    wrong = "differences";
  if (!scans_are_right (self))
    wrong = "scans";
  if (self->delegation != NULL
      && (self->kind != MD_DECISION_APPROVE || !md_delegation_is_right (self->delegation)))
    wrong = "delegation";
  if (!agrees (self) && (self->reason_code == NULL || *self->reason_code == '\0'))
    wrong = "reason_code";
  return md_seal_nothing_wrong (wrong, "decision", error);
}

static void
write_scans (JsonBuilder *builder, const MdDecision *self)
{
  json_builder_set_member_name (builder, "scans");
  json_builder_begin_object (builder);
  for (guint i = 0; i < MD_N_LOOKS; i++)
    md_seal_json_add_int (builder, looks[i], self->scans[i]);
  json_builder_end_object (builder);
}

/* None at all is written as nothing: md_seal_entry_parse() finds it. */
static void
read_scans (MdSealJson *json, MdDecision *self)
{
  MdSealJson inside = md_seal_json_enter (json, "scans");

  md_seal_json_know (json, inside.object, looks);
  for (guint i = 0; i < MD_N_LOOKS; i++)
    self->scans[i] = (guint)md_seal_json_int (&inside, looks[i], 0, MD_SEAL_MAX_ATTACHMENTS);
  if (inside.failed != NULL)
    json->failed = "scans";
}

static void
write_members (gconstpointer record, JsonBuilder *builder)
{
  const MdDecision *self = record;

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
  if (md_decision_count_scans (self) > 0)
    write_scans (builder, self);
  if (self->delegation != NULL)
    md_delegation_write (builder, self->delegation);
}

static void
read_members (gpointer record, MdSealJson *json)
{
  MdDecision *self = record;
  g_autofree char *kind = NULL;

  self->n = (guint)md_seal_json_int (json, "n", 2, MD_SEAL_MAX_SIGNATURES);
  self->policy_version = (guint)md_seal_json_int (json, "policy_version", 1, G_MAXINT32);
  kind = md_seal_json_text (json, "decision", MD_SEAL_TEXT_WORD);
  /* A word of which nothing is known here, like a member of which nothing is. */
  if (kind != NULL && !md_decision_kind_from_string (kind, &self->kind))
    json->newer = "decision";
  md_seal_texts_read (&texts, self, json);
  if (json_object_has_member (json->object, "differences"))
    self->differences = (guint)md_seal_json_int (json, "differences", 1, MD_SEAL_MAX_DIFFERENCES);
  if (json_object_has_member (json->object, "scans"))
    read_scans (json, self);
  if (json_object_has_member (json->object, "delegation"))
    self->delegation = md_delegation_read (json);
}

static const char *const known[] = {
  "schema",
  "intake",
  "n",
  "decision",
  "reason_code",
  "officer",
  "role",
  "office",
  "terminal",
  "policy_version",
  "policy_digest",
  "time",
  "manifest_sha256",
  "previous_signature_sha256",
  "differences",
  "scans",
  "delegation",
  NULL,
};
static const MdSealEntry entry = { MD_DECISION_SCHEMA, check, write_members, read_members, known };

GBytes *
md_decision_encode (const MdDecision *self, GError **error)
{
  return md_seal_entry_encode (&entry, self, error);
}

MdDecision *
md_decision_parse (GBytes *bytes, GError **error)
{
  g_autoptr (MdDecision) self = md_decision_new ();

  return md_seal_entry_parse (&entry, bytes, self, error) ? g_steal_pointer (&self) : NULL;
}

MdDecision *
md_decision_peek (GBytes *bytes)
{
  g_autoptr (JsonNode) root = md_seal_json_parse (bytes, NULL);
  g_autoptr (MdDecision) self = md_decision_new ();
  MdSealJson json;

  if (root == NULL)
    return NULL;
  md_seal_json_open (&json, json_node_get_object (root));
  self->officer = md_seal_json_text (&json, "officer", MD_SEAL_TEXT_WORD);
  self->terminal = md_seal_json_text (&json, "terminal", MD_SEAL_TEXT_WORD);
  self->policy_version = (guint)md_seal_json_int (&json, "policy_version", 1, G_MAXINT32);
  self->policy_digest = md_seal_json_text (&json, "policy_digest", MD_SEAL_TEXT_SHA256);
  self->time = md_seal_json_text (&json, "time", MD_SEAL_TEXT_TIME);
  return json.failed == NULL ? g_steal_pointer (&self) : NULL;
}
