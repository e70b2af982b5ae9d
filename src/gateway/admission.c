// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "admission-private.h"
#include "forms.h"
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

static gboolean
is_of_another_release (const GError *error)
{
  return g_error_matches (error, MD_SEAL_ERROR, MD_SEAL_ERROR_NEWER)
         || g_error_matches (error, MD_SEAL_ERROR, MD_SEAL_ERROR_UNSUPPORTED);
}

MdProblem *
_admission_problem_from_seal (const GError *error, MdProblemCode malformed)
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
  if (is_of_another_release (error))
    return md_problem_new (MD_PROBLEM_NEWER_RELEASE, error->message);
  return md_problem_new (MD_PROBLEM_SIGNATURE_INVALID, error->message);
}

MdProblem *
_admission_problem_from_may (MdMay may)
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

MdProblem *
_admission_check_origin (const Peer *peer, const char *item_office, const char *item_terminal)
{
  if (g_strcmp0 (item_office, peer->office) != 0)
    return md_problem_new (MD_PROBLEM_OFFICE_MISMATCH, NULL);
  if (g_strcmp0 (item_terminal, peer->terminal) != 0)
    return md_problem_new (MD_PROBLEM_TERMINAL_MISMATCH, NULL);
  return NULL;
}

MdProblem *
_admission_find_rules (const Office *office, MdPolicyNamed *named, const char *made, Rules *out)
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

MdProblem *
_admission_check_signer (const Rules *rules, const char *staff_id, const MdCmsSigner *signer)
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

MdProblem *
_admission_problem_from_signed (const Rules *rules, const MdCmsSigner *signer, const GError *error,
                                MdProblemCode malformed)
{
  const char *who = signer != NULL && is_of_another_release (error)
                        ? md_certificate_get_subject_cn (md_cms_signer_get_certificate (signer))
                        : NULL;
  MdProblem *problem = who != NULL ? _admission_check_signer (rules, who, signer) : NULL;

  return problem != NULL ? problem : _admission_problem_from_seal (error, malformed);
}

static char *
now_text (void)
{
  return md_time_format_rfc3339 (md_clock_get_wall_us (md_clock_get_system ()));
}

/* --- What is stored already --- */

MdProblem *
_admission_problem_from_ledger (const GError *error, MdProblemCode missing)
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
               : _admission_problem_from_ledger (error, MD_PROBLEM_STORE_FAILED);
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
    {
      clerk = md_container_find_signer (container);
      return _admission_problem_from_signed (rules, clerk, error, MD_PROBLEM_MALFORMED_CONTAINER);
    }
  return _admission_check_signer (rules, manifest->clerk, clerk);
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
        return _admission_problem_from_seal (error, MD_PROBLEM_MALFORMED_CONTAINER);
      if ((problem = _admission_problem_from_may (
               md_policy_may_release (rules->policy, release->officer, release->role,
                                      manifest->clerk, manifest->procedure)))
              != NULL
          || (problem = _admission_check_signer (rules, release->officer, officer)) != NULL)
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

MdLedgerEntry *
_admission_entry_for (const MdTarget *target, const Peer *peer, const MdManifest *manifest,
                      GBytes *body)
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
  MdLedgerEntry *entry = _admission_entry_for (target, peer, manifest, body);

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
    return _admission_problem_from_seal (error, MD_PROBLEM_MALFORMED_CONTAINER);
  manifest = md_container_get_manifest (container);
  if (strcmp (manifest->intake, target->intake) != 0)
    return md_problem_new (MD_PROBLEM_ID_MISMATCH, NULL);
  if ((problem = _admission_check_origin (peer, manifest->office, manifest->terminal)) != NULL)
    return problem;
  nonce = judge_nonce (office, peer, manifest);
  if (nonce.problem != MD_PROBLEM_UNKNOWN)
    return md_problem_new (nonce.problem, NULL);
  named = (MdPolicyNamed){ .version = manifest->policy_version,
                           .digest = manifest->policy_digest,
                           .line_at = nonce.made };
  if ((problem = _admission_find_rules (office, &named, manifest->wall, &rules)) != NULL
      || (problem = check_container (&rules, container)) != NULL
      || (problem = _admission_problem_from_may (
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
