// SPDX-License-Identifier: Apache-2.0
// What can be known of a decision without an opening key.
#include "config.h"

#include "admission-private.h"
#include "history.h"
#include "letters.h"

#include <string.h>

/* That the word which is due is spoken by who may: where two officers have to agree, the check, and
 * then another's approval. */
static MdProblem *
check_agreement (const Rules *rules, const MdContainer *container, const MdDecision *decision)
{
  const MdManifest *manifest = md_container_get_manifest (container);
  g_autoptr (MdDecision) before = md_decision_find_check (container, decision->n);
  const MdPolicyAgreement agreement = { .officer = decision->officer,
                                        .role = decision->role,
                                        .procedure = manifest->procedure,
                                        .clerk = manifest->clerk,
                                        .checked_by = before != NULL ? before->officer : NULL,
                                        .check = decision->kind == MD_DECISION_CHECK };

  if (decision->kind != MD_DECISION_CHECK && decision->kind != MD_DECISION_APPROVE)
    return NULL;
  return _admission_problem_from_may (md_policy_may_agree (rules->policy, &agreement));
}

static MdProblem *
check_decision (const Rules *rules, const MdContainer *container, const MdDecision *decision,
                const MdDecisionFiles *files)
{
  const MdManifest *manifest = md_container_get_manifest (container);
  g_autoptr (MdCmsSigner) signer = NULL;
  g_autoptr (GError) error = NULL;
  const MdPolicyStaff *staff = md_policy_get_staff (rules->policy, decision->officer);
  MdProblem *problem = NULL;
  MdRole role = MD_N_ROLES;

  signer = md_cms_verify_detached (files->signature, files->manifest, &error);
  if (signer == NULL)
    return md_problem_new (MD_PROBLEM_SIGNATURE_INVALID, error->message);
  problem = _admission_check_signer (rules, decision->officer, signer);
  if (problem != NULL)
    return problem;
  if (!md_role_from_id (decision->role, &role) || staff == NULL
      || (staff->roles & MD_ROLES (role)) == 0)
    return md_problem_new (MD_PROBLEM_ROLE_MISSING, NULL);
  if (md_decision_withdraws_returned (container, decision))
    return _admission_problem_from_may (
        md_policy_may_take_in (rules->policy, decision->officer, manifest->procedure));
  problem = _admission_problem_from_may (md_policy_may_decide (
      rules->policy, decision->officer, manifest->procedure, manifest->clerk));
  return problem != NULL ? problem : check_agreement (rules, container, decision);
}

static MdProblem *
find_rules_of_today (const Office *office, Rules *out)
{
  out->policy = office->policy;
  out->made_s = md_clock_get_wall_us (md_clock_get_system ()) / G_TIME_SPAN_SECOND;
  out->staff_trust = md_policy_create_trust (out->policy, MD_TRUST_PROFILE_STAFF_SIGN, NULL);
  return out->staff_trust != NULL ? NULL : md_problem_new (MD_PROBLEM_INTERNAL, NULL);
}

/* The rules of a decision that is not verified yet: what it names is only believed to find them.
 * Where it says more than is known here and does not name them, those of today. */
static MdProblem *
find_decision_rules (const Office *office, const Peer *peer, const MdContainer *container,
                     const MdDecisionFiles *files, Rules *out)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdDecision) decision = md_decision_parse (files->decision, &error);
  const gboolean newer = g_error_matches (error, MD_SEAL_ERROR, MD_SEAL_ERROR_NEWER);
  MdPolicyNamed named = { 0 };

  if (newer)
    decision = md_decision_peek (files->decision);
  if (decision == NULL && newer)
    return find_rules_of_today (office, out);
  if (decision == NULL)
    return _admission_problem_from_seal (error, MD_PROBLEM_MALFORMED_DECISION);
  if (g_strcmp0 (decision->terminal, peer->terminal) != 0)
    return md_problem_new (MD_PROBLEM_TERMINAL_MISMATCH, NULL);
  named = (MdPolicyNamed){ .version = decision->policy_version, .digest = decision->policy_digest };
  if (!md_decision_find_latest (container, &named.least, &named.after))
    return md_problem_new (MD_PROBLEM_STORE_FAILED, NULL);
  return _admission_find_rules (office, &named, decision->time, out);
}

static MdProblem *
problem_from_decision (const Rules *rules, const MdDecisionFiles *files, const GError *error)
{
  g_autoptr (MdCmsSigner) signer = md_decision_find_signer (files);

  return _admission_problem_from_signed (rules, signer, error, MD_PROBLEM_MALFORMED_DECISION);
}

static MdLedgerEntry *
entry_for_decision (const MdTarget *target, const Peer *peer, const MdManifest *manifest,
                    GBytes *body, const MdDecision *decision, const MdDecisionFiles *files)
{
  MdLedgerEntry *entry = _admission_entry_for (target, peer, manifest, body);

  entry->officer = g_strdup (decision->officer);
  entry->decision = g_strdup (md_decision_kind_to_string (decision->kind));
  entry->policy_version = decision->policy_version;
  entry->policy_digest = g_strdup (decision->policy_digest);
  entry->nonce = g_strdup ("");
  if (decision->delegation != NULL)
    {
      entry->allows = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, files->decision);
      entry->letter = g_strdup (manifest->delegation_intake);
      entry->amends = g_strdup (decision->delegation->amends);
    }
  return entry;
}

/* The intake of a decision as the ledger has it, with the decisions before. */
static MdProblem *
find_container (const Office *office, const Peer *peer, const MdTarget *target,
                MdContainer **out_container)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdLedgerEntry) intake = md_ledger_look_up (office->ledger, target->intake, 1, &error);

  if (intake == NULL)
    return _admission_problem_from_ledger (error, MD_PROBLEM_INTAKE_UNKNOWN);
  if (strcmp (intake->terminal, peer->terminal) != 0)
    return md_problem_new (MD_PROBLEM_TERMINAL_MISMATCH, NULL);
  *out_container = history_rebuild (office, target->intake, target->n, &error);
  return *out_container != NULL ? NULL
                                : _admission_problem_from_ledger (error, MD_PROBLEM_OUT_OF_ORDER);
}

MdProblem *
admit_decision (const Office *office, const Peer *peer, const MdTarget *target, GBytes *body,
                MdLedgerEntry **out_entry)
{
  g_autoptr (MdDecisionMessage) message = NULL;
  g_autoptr (MdDecisionFiles) files = NULL;
  g_autoptr (MdContainer) container = NULL;
  g_autoptr (MdDecision) decision = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Rules) rules = { NULL };
  const MdManifest *manifest = NULL;
  MdProblem *problem = NULL;

  message = md_decision_message_decode (body, &error);
  if (message == NULL)
    return md_problem_new (MD_PROBLEM_MALFORMED_DECISION, error->message);
  if ((problem = find_container (office, peer, target, &container)) != NULL)
    return problem;
  files
      = md_decision_files_new (target->n, message->decision, message->manifest, message->signature);
  if ((problem = find_decision_rules (office, peer, container, files, &rules)) != NULL)
    return problem;
  decision = md_decision_verify (container, files, rules.staff_trust, rules.made_s, &error);
  if (decision == NULL)
    return problem_from_decision (&rules, files, error);
  manifest = md_container_get_manifest (container);
  if ((problem = _admission_check_origin (peer, decision->office, decision->terminal)) != NULL
      || (problem = check_decision (&rules, container, decision, files)) != NULL
      || (problem = letters_check_decision (office, rules.policy, manifest, decision)) != NULL)
    return problem;
  *out_entry = entry_for_decision (target, peer, manifest, body, decision, files);
  return NULL;
}
