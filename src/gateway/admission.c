// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "admission.h"
#include "forms.h"
#include "history.h"
#include "letters.h"
#include "numbers.h"

#include <md-base.h>
#include <md-seal.h>
#include <string.h>

/* --- Who speaks --- */

MdProblem *
admit_peer (const Office *office, const Peer *peer)
{
  MdProblem *problem = office_find_problem (office);
  const MdPolicyTerminal *terminal = NULL;

  if (problem != NULL)
    return problem;
  terminal = md_policy_get_terminal (office->policy, peer->terminal);
  if (peer->terminal[0] == '\0' || strcmp (peer->office, md_policy_get_office (office->policy)) != 0
      || terminal == NULL)
    return md_problem_new (
        MD_PROBLEM_TERMINAL_UNREGISTERED,
        "The client certificate is of no terminal that the policy in force lists.");
  if (!g_strv_contains (terminal->keys, peer->key))
    return md_problem_new (MD_PROBLEM_TERMINAL_KEY,
                           "The policy in force does not list the key of this client certificate.");
  if (g_get_real_time () / G_USEC_PER_SEC > peer->until)
    return md_problem_new (MD_PROBLEM_TERMINAL_KEY, "The client certificate has ended.");
  return NULL;
}

/* --- What is common to both --- */

/* The wire's word for what seal found wrong. @malformed is the code for bytes that are not of the
 * shape at all. */
static MdProblem *
problem_from_seal (const GError *error, MdProblemCode malformed)
{
  if (g_error_matches (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED)
      || g_error_matches (error, MD_SEAL_ERROR, MD_SEAL_ERROR_LIMIT))
    return md_problem_new (malformed, error->message);
  if (g_error_matches (error, MD_SEAL_ERROR, MD_SEAL_ERROR_SAME_PERSON))
    return md_problem_new (MD_PROBLEM_SAME_OFFICER, error->message);
  if (g_error_matches (error, MD_SEAL_ERROR, MD_SEAL_ERROR_ORDER))
    return md_problem_new (MD_PROBLEM_OUT_OF_ORDER, error->message);
  if (g_error_matches (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MISMATCH))
    return md_problem_new (MD_PROBLEM_BINDING, error->message);
  if (g_error_matches (error, MD_SEAL_ERROR, MD_SEAL_ERROR_FAILED))
    return md_problem_new (MD_PROBLEM_INTERNAL, NULL);
  /* It waits at the terminal until this gateway is updated. */
  if (g_error_matches (error, MD_SEAL_ERROR, MD_SEAL_ERROR_NEWER))
    return md_problem_new (MD_PROBLEM_NEWER_RELEASE, error->message);
  return md_problem_new (MD_PROBLEM_SIGNATURE_INVALID, error->message);
}

static MdProblem *
problem_from_may (MdMay may)
{
  switch (may)
    {
    case MD_MAY_YES:
      return NULL;
    case MD_MAY_NOT_STAFF:
      return md_problem_new (MD_PROBLEM_STAFF_UNKNOWN, NULL);
    case MD_MAY_NOT_SAME:
    case MD_MAY_NOT_CHECKER:
      return md_problem_new (MD_PROBLEM_SAME_OFFICER, NULL);
    case MD_MAY_NOT_CHECKED:
    case MD_MAY_NOT_ASKED:
      return md_problem_new (MD_PROBLEM_OFFICERS, NULL);
    case MD_MAY_NOT_PROCEDURE:
    case MD_MAY_NOT_ROLE:
    case MD_MAY_NOT_SECTION:
    case MD_MAY_NOT_STEP:
    default:
      return md_problem_new (MD_PROBLEM_ROLE_MISSING, NULL);
    }
}

/* Office and terminal as an item names them, against who speaks. */
static MdProblem *
check_origin (const Peer *peer, const char *item_office, const char *item_terminal)
{
  if (g_strcmp0 (item_office, peer->office) != 0)
    return md_problem_new (MD_PROBLEM_OFFICE_MISMATCH, NULL);
  if (g_strcmp0 (item_terminal, peer->terminal) != 0)
    return md_problem_new (MD_PROBLEM_TERMINAL_MISMATCH, NULL);
  return NULL;
}

/* What an item is judged by: the policy it names, at the moment it was made. */
typedef struct
{
  MdPolicy *policy; /* borrowed from the history */
  MdTrust *staff_trust;
  gint64 made_s;
} Rules;

static void
rules_clear (Rules *rules)
{
  g_clear_pointer (&rules->staff_trust, md_trust_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rules, rules_clear)

/* @named with the time still missing: @made is it as text, held to RFC 3339 by seal already. */
static MdProblem *
find_rules (const Office *office, MdPolicyNamed *named, const char *made, Rules *out)
{
  MdPolicyThen then = MD_POLICY_THEN_UNKNOWN;
  g_autoptr (GError) error = NULL;

  if (!md_time_parse_rfc3339 (made, &named->made, &error))
    return md_problem_new (MD_PROBLEM_MALFORMED_REQUEST, error->message);
  then = md_policy_history_judge (office->history, named, &out->policy);
  if (then != MD_POLICY_THEN_GOOD)
    return md_problem_new (then == MD_POLICY_THEN_UNKNOWN ? MD_PROBLEM_POLICY_UNKNOWN
                           : then == MD_POLICY_THEN_OTHER ? MD_PROBLEM_POLICY_MISMATCH
                                                          : MD_PROBLEM_POLICY_NOT_IN_FORCE,
                           md_policy_then_get_text (then));
  out->made_s = named->made / G_TIME_SPAN_SECOND;
  out->staff_trust = md_policy_create_trust (out->policy, MD_TRUST_PROFILE_STAFF_SIGN, &error);
  return out->staff_trust != NULL ? NULL : md_problem_new (MD_PROBLEM_INTERNAL, NULL);
}

static MdProblem *
find_rules_of_today (const Office *office, Rules *out)
{
  out->policy = office->policy;
  out->made_s = md_clock_get_wall_us (md_clock_get_system ()) / G_TIME_SPAN_SECOND;
  out->staff_trust = md_policy_create_trust (out->policy, MD_TRUST_PROFILE_STAFF_SIGN, NULL);
  return out->staff_trust != NULL ? NULL : md_problem_new (MD_PROBLEM_INTERNAL, NULL);
}

/* The certificate that signed must be the one that the policy lists for the person named. */
static MdProblem *
check_signer (const Rules *rules, const char *staff_id, const MdCmsSigner *signer)
{
  const MdPolicyStaff *staff = md_policy_get_staff (rules->policy, staff_id);
  MdCertificate *certificate = md_cms_signer_get_certificate (signer);

  if (staff == NULL)
    return md_problem_new (MD_PROBLEM_STAFF_UNKNOWN, NULL);
  if (!g_bytes_equal (staff->sign, md_certificate_get_der (certificate)))
    return md_problem_new (
        MD_PROBLEM_SIGNATURE_INVALID,
        "The signature is not by the certificate that the policy lists for this person.");
  return NULL;
}

static char *
now_text (void)
{
  return md_time_format_rfc3339 (md_clock_get_wall_us (md_clock_get_system ()));
}

/* --- What is stored already --- */

static MdProblem *
problem_from_ledger (const GError *error, MdProblemCode missing)
{
  if (g_error_matches (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING))
    return md_problem_new (missing, NULL);
  g_message ("the store failed: %s", error->message);
  return md_problem_new (MD_PROBLEM_STORE_FAILED, NULL);
}

MdProblem *
admit_known (const Office *office, const Peer *peer, const MdTarget *target, GBytes *body,
             MdLedgerEntry **out_entry)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdLedgerEntry) known
      = md_ledger_look_up (office->ledger, target->intake, target->n, &error);

  *out_entry = NULL;
  if (known == NULL)
    return g_error_matches (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING)
               ? NULL
               : problem_from_ledger (error, MD_PROBLEM_STORE_FAILED);
  if (strcmp (known->terminal, peer->terminal) != 0)
    return md_problem_new (MD_PROBLEM_TERMINAL_MISMATCH, NULL);
  g_free (known->digest);
  known->digest = md_wire_digest_hex (body);
  *out_entry = g_steal_pointer (&known);
  return NULL;
}

/* --- An intake --- */

static MdProblem *
check_container (const Rules *rules, const MdContainer *container)
{
  const MdManifest *manifest = md_container_get_manifest (container);
  g_autoptr (MdCmsSigner) clerk = NULL;
  g_autoptr (GError) error = NULL;

  if (md_container_get_last_signature (container) != 1)
    return md_problem_new (MD_PROBLEM_MALFORMED_CONTAINER,
                           "A container comes with the clerk's signature alone.");
  if (!md_container_verify (container, rules->staff_trust, rules->made_s, &error)
      || !md_container_verify_signature (container, &clerk, &error))
    return problem_from_seal (error, MD_PROBLEM_MALFORMED_CONTAINER);
  return check_signer (rules, manifest->clerk, clerk);
}

/* Each release is by somebody who may release what this clerk takes in, with the certificate that
 * the policy lists. What was released, and why, is sealed. */
static MdProblem *
check_releases (const Rules *rules, const MdContainer *container)
{
  const MdManifest *manifest = md_container_get_manifest (container);

  for (guint i = 0; i < manifest->releases->len; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MdCmsSigner) officer = NULL;
      g_autoptr (MdRelease) release = md_container_verify_release (container, i, rules->staff_trust,
                                                                   rules->made_s, &officer, &error);
      MdProblem *problem = NULL;

      if (release == NULL)
        return problem_from_seal (error, MD_PROBLEM_MALFORMED_CONTAINER);
      if ((problem = problem_from_may (md_policy_may_release (rules->policy, release->officer,
                                                              release->role, manifest->clerk,
                                                              manifest->procedure)))
              != NULL
          || (problem = check_signer (rules, release->officer, officer)) != NULL)
        return problem;
    }
  return NULL;
}

/* What is found of an intake's nonce. */
typedef struct
{
  MdNonceVerdict verdict;
  gint64 made;           /* 0: not proven to be ours */
  MdProblemCode problem; /* MD_PROBLEM_UNKNOWN: none */
} NonceFinding;

static NonceFinding
judge_nonce (const Office *office, const Peer *peer, const MdManifest *manifest)
{
  static const MdProblemCode problems[] = { [NONCES_OURS] = MD_PROBLEM_NONCE_EXPIRED,
                                            [NONCES_FOREIGN] = MD_PROBLEM_NONCE_FOREIGN,
                                            [NONCES_FORGED] = MD_PROBLEM_NONCE_FORGED };
  NonceFinding finding = { .verdict = MD_NONCE_VERDICT_ABSENT, .problem = MD_PROBLEM_UNKNOWN };
  g_autoptr (GBytes) nonce = md_hex_decode (manifest->nonce, NULL);
  NoncesCheck check = NONCES_FORGED;
  gint64 begun = 0;

  if (strcmp (manifest->nonce_state, "absent") == 0 || nonce == NULL)
    return finding;
  check = nonces_check (office->nonces, peer->office, peer->terminal, nonce, &finding.made);
  if (check == NONCES_UNKNOWN)
    {
      finding.problem = MD_PROBLEM_STORE_FAILED;
      return finding;
    }
  finding.verdict = check == NONCES_OURS ? MD_NONCE_VERDICT_STALE : MD_NONCE_VERDICT_UNPROVEN;
  if (strcmp (manifest->nonce_state, "fresh") != 0)
    return finding;
  if (check == NONCES_OURS && md_time_parse_rfc3339 (manifest->wall, &begun, NULL)
      && md_nonce_may_be_fresh (finding.made, begun, MD_NONCE_CLOCK_S))
    finding.verdict = MD_NONCE_VERDICT_FRESH;
  else
    finding.problem = problems[check];
  return finding;
}

static MdLedgerEntry *
entry_for (const MdTarget *target, const Peer *peer, const MdManifest *manifest, GBytes *body)
{
  MdLedgerEntry *entry = md_ledger_entry_new ();

  entry->intake = g_strdup (target->intake);
  entry->n = target->n;
  entry->digest = md_wire_digest_hex (body);
  entry->received = now_text ();
  entry->office = g_strdup (peer->office);
  entry->terminal = g_strdup (peer->terminal);
  entry->receipt_number = g_strdup (manifest->receipt_number);
  entry->procedure = g_strdup (manifest->procedure);
  return entry;
}

static MdLedgerEntry *
entry_for_intake (const MdTarget *target, const Peer *peer, const MdManifest *manifest,
                  GBytes *body, const NonceFinding *nonce)
{
  MdLedgerEntry *entry = entry_for (target, peer, manifest, body);

  entry->officer = g_strdup (manifest->clerk);
  entry->policy_version = manifest->policy_version;
  entry->replaces = g_strdup (manifest->replaces);
  entry->policy_digest = g_strdup (manifest->policy_digest);
  entry->nonce = g_strdup (md_nonce_verdict_name (nonce->verdict));
  if (nonce->verdict == MD_NONCE_VERDICT_FRESH)
    entry->nonce_fresh = g_strdup (manifest->nonce);
  entry->letter = g_strdup (manifest->delegation_intake);
  entry->cites = g_strdup (manifest->delegation_decision);
  return entry;
}

/* By which day what came by post is judged. A terminal of an older release does not say it. */
static MdProblem *
check_received (const Rules *rules, const MdManifest *manifest)
{
  return md_policy_takes_received (rules->policy, manifest->identification_method,
                                   manifest->received, manifest->wall)
             ? NULL
             : md_problem_new (MD_PROBLEM_BINDING,
                               "The day on which it came by post cannot be, or it came otherwise.");
}

/* How the person was identified. What proves it is sealed; the back office holds it against this.
 */
static MdProblem *
check_identification (const Rules *rules, const MdManifest *manifest)
{
  const MdPolicyIdentified identified = { .method = manifest->identification_method,
                                          .verdict = manifest->identification_verdict,
                                          .revocation = manifest->identification_revocation,
                                          .assurance = manifest->identification_assurance,
                                          .released = manifest->releases->len > 0 };
  const MdIdentificationJudgement judgement
      = md_policy_judge_identification (rules->policy, manifest->procedure, &identified);

  return md_identification_is_accepted (judgement)
             ? NULL
             : md_problem_new (MD_PROBLEM_IDENTIFICATION, md_identification_get_text (judgement));
}

/* What is in it is sealed; how much there is, is not. */
static MdProblem *
check_sizes (const Rules *rules, const MdManifest *manifest, gsize size)
{
  const guint64 most = md_policy_get_limits (rules->policy)->container_bytes;
  guint64 largest, total;
  const guint n = md_manifest_count_attachments (manifest, &largest, &total);

  if (most > 0 && size > most)
    return md_problem_new (MD_PROBLEM_TOO_LARGE,
                           "The container is larger than the policy it names allows.");
  return md_policy_takes_attachments (rules->policy, n, largest, total)
             ? NULL
             : md_problem_new (MD_PROBLEM_TOO_LARGE,
                               "The intake has more attachments, or larger ones, than the policy "
                               "it names allows.");
}

MdProblem *
admit_intake (const Office *office, const Peer *peer, const MdTarget *target, GBytes *body,
              MdLedgerEntry **out_entry)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdContainer) container = md_container_parse (body, &error);
  const MdManifest *manifest = NULL;
  MdProblem *problem = NULL;
  g_auto (Rules) rules = { NULL };
  MdPolicyNamed named = { 0 };
  NonceFinding nonce = { 0 };

  if (container == NULL)
    return problem_from_seal (error, MD_PROBLEM_MALFORMED_CONTAINER);
  manifest = md_container_get_manifest (container);
  if (strcmp (manifest->intake, target->intake) != 0)
    return md_problem_new (MD_PROBLEM_ID_MISMATCH, NULL);
  if ((problem = check_origin (peer, manifest->office, manifest->terminal)) != NULL)
    return problem;
  nonce = judge_nonce (office, peer, manifest);
  if (nonce.problem != MD_PROBLEM_UNKNOWN)
    return md_problem_new (nonce.problem, NULL);
  named = (MdPolicyNamed){ .version = manifest->policy_version,
                           .digest = manifest->policy_digest,
                           .line_at = nonce.made };
  if ((problem = find_rules (office, &named, manifest->wall, &rules)) != NULL
      || (problem = check_container (&rules, container)) != NULL
      || (problem = problem_from_may (
              md_policy_may_take_in (rules.policy, manifest->clerk, manifest->procedure)))
             != NULL
      || (problem = check_releases (&rules, container)) != NULL
      || (problem = check_identification (&rules, manifest)) != NULL
      || (problem = forms_check_intake (rules.policy, manifest)) != NULL
      || (problem = check_received (&rules, manifest)) != NULL
      || (problem = check_sizes (&rules, manifest, g_bytes_get_size (body))) != NULL
      || (problem = letters_check_intake (office, manifest)) != NULL)
    return problem;
  *out_entry = entry_for_intake (target, peer, manifest, body, &nonce);
  return numbers_check_intake (rules.policy, manifest, *out_entry);
}

/* --- A decision --- */

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
  return problem_from_may (md_policy_may_agree (rules->policy, &agreement));
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
  problem = check_signer (rules, decision->officer, signer);
  if (problem != NULL)
    return problem;
  if (!md_role_from_id (decision->role, &role) || staff == NULL
      || (staff->roles & MD_ROLES (role)) == 0)
    return md_problem_new (MD_PROBLEM_ROLE_MISSING, NULL);
  if (md_decision_withdraws_returned (container, decision))
    return problem_from_may (
        md_policy_may_take_in (rules->policy, decision->officer, manifest->procedure));
  problem = problem_from_may (md_policy_may_decide (rules->policy, decision->officer,
                                                    manifest->procedure, manifest->clerk));
  return problem != NULL ? problem : check_agreement (rules, container, decision);
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
    return problem_from_seal (error, MD_PROBLEM_MALFORMED_DECISION);
  if (g_strcmp0 (decision->terminal, peer->terminal) != 0)
    return md_problem_new (MD_PROBLEM_TERMINAL_MISMATCH, NULL);
  named = (MdPolicyNamed){ .version = decision->policy_version, .digest = decision->policy_digest };
  if (!md_decision_find_latest (container, &named.least, &named.after))
    return md_problem_new (MD_PROBLEM_STORE_FAILED, NULL);
  return find_rules (office, &named, decision->time, out);
}

/* What is not verified; what a newer release made is that only when somebody of the staff list
 * signed it. */
static MdProblem *
problem_from_decision (const Rules *rules, const MdDecisionFiles *files, const GError *error)
{
  g_autoptr (MdCmsSigner) signer
      = g_error_matches (error, MD_SEAL_ERROR, MD_SEAL_ERROR_NEWER)
            ? md_cms_verify_detached (files->signature, files->manifest, NULL)
            : NULL;
  const char *who = signer != NULL
                        ? md_certificate_get_subject_cn (md_cms_signer_get_certificate (signer))
                        : NULL;
  MdProblem *problem = who != NULL ? check_signer (rules, who, signer) : NULL;

  return problem != NULL ? problem : problem_from_seal (error, MD_PROBLEM_MALFORMED_DECISION);
}

static MdLedgerEntry *
entry_for_decision (const MdTarget *target, const Peer *peer, const MdManifest *manifest,
                    GBytes *body, const MdDecision *decision, const MdDecisionFiles *files)
{
  MdLedgerEntry *entry = entry_for (target, peer, manifest, body);

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
    return problem_from_ledger (error, MD_PROBLEM_INTAKE_UNKNOWN);
  if (strcmp (intake->terminal, peer->terminal) != 0)
    return md_problem_new (MD_PROBLEM_TERMINAL_MISMATCH, NULL);
  *out_container = history_rebuild (office, target->intake, target->n, &error);
  return *out_container != NULL ? NULL : problem_from_ledger (error, MD_PROBLEM_OUT_OF_ORDER);
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
  if ((problem = check_origin (peer, decision->office, decision->terminal)) != NULL
      || (problem = check_decision (&rules, container, decision, files)) != NULL
      || (problem = letters_check_decision (office, rules.policy, manifest, decision)) != NULL)
    return problem;
  *out_entry = entry_for_decision (target, peer, manifest, body, decision, files);
  return NULL;
}
