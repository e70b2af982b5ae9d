// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "letters.h"

#include <md-base.h>
#include <string.h>

static MdProblem *
refuse (const char *detail)
{
  return md_problem_new (MD_PROBLEM_DELEGATION, detail);
}

static MdProblem *
problem_from_ledger (const GError *error)
{
  if (g_error_matches (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING))
    return md_problem_new (MD_PROBLEM_DELEGATION_UNKNOWN, NULL);
  g_message ("the store failed: %s", error->message);
  return md_problem_new (MD_PROBLEM_STORE_FAILED, NULL);
}

/* The intake of the letter is one, of this office, with that number. */
static MdProblem *
check_letter (const Office *office, const MdManifest *manifest)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdLedgerEntry) letter
      = md_ledger_look_up (office->ledger, manifest->delegation_intake, 1, &error);

  if (letter == NULL)
    return problem_from_ledger (error);
  if (strcmp (letter->procedure, MD_DELEGATION_PROCEDURE) != 0
      || strcmp (letter->office, manifest->office) != 0
      || strcmp (letter->receipt_number, manifest->delegation_number) != 0)
    return refuse ("What the manifest names is no letter of delegation of this number here.");
  return NULL;
}

/* The stored decision @n upon the letter, which was verified when it came; NULL with @error. */
static MdDecision *
read_decision (const Office *office, const char *intake, guint n, char **out_digest, GError **error)
{
  g_autoptr (GBytes) body = NULL;
  g_autoptr (MdDecisionMessage) message = NULL;

  if (!md_ledger_fetch (office->ledger, intake, n, &body, NULL, error)
      || (message = md_decision_message_decode (body, error)) == NULL)
    return NULL;
  *out_digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, message->decision);
  return md_decision_parse (message->decision, error);
}

static MdProblem *
judge (const MdDelegation *allowed, const MdManifest *manifest)
{
  static const char *const details[MD_N_DELEGATION_FINDINGS] = {
    [MD_DELEGATION_OTHER_PROCEDURE] = "The letter of delegation does not name this procedure.",
    [MD_DELEGATION_EARLY] = "The letter of delegation is not in force yet.",
    [MD_DELEGATION_OVER] = "The letter of delegation is over.",
    [MD_DELEGATION_ENDED] = "The letter of delegation was ended.",
  };
  g_autofree char *day = md_manifest_dup_day (manifest);
  MdDelegationFinding finding;

  if (day == NULL)
    return md_problem_new (MD_PROBLEM_MALFORMED_CONTAINER, NULL);
  finding = md_delegation_judge (allowed, manifest->procedure, day);
  return finding == MD_DELEGATION_COVERS ? NULL : refuse (details[finding]);
}

/* The intake @change was taken in to change that very letter. */
static MdProblem *
check_change (const Office *office, const char *change, const MdManifest *manifest)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (MdContainer) container = NULL;
  const MdManifest *said = NULL;

  if (!md_ledger_fetch (office->ledger, change, 1, &body, NULL, &error)
      || (container = md_container_parse (body, &error)) == NULL)
    return problem_from_ledger (error);
  said = md_container_get_manifest (container);
  if (strcmp (said->procedure, MD_DELEGATION_CHANGE) == 0
      && strcmp (said->office, manifest->office) == 0
      && g_strcmp0 (said->delegation_intake, manifest->delegation_intake) == 0)
    return NULL;
  return refuse ("What the manifest names changed another letter of delegation.");
}

/* The decision by which the letter was changed, where it was; *OUT_ALLOWED stays NULL where not. */
static MdProblem *
find_change (const Office *office, const MdManifest *manifest, MdDelegation **out_allowed)
{
  g_auto (MdLedgerLetter) place = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *digest = NULL;
  g_autoptr (MdDecision) decision = NULL;
  MdProblem *problem = NULL;

  if (!md_ledger_look_up_letter (office->ledger, manifest->delegation_decision, &place, &error))
    return problem_from_ledger (error);
  if (place.intake == NULL || strcmp (place.intake, manifest->delegation_intake) == 0)
    return NULL;
  if ((problem = check_change (office, place.intake, manifest)) != NULL)
    return problem;
  decision = read_decision (office, place.intake, place.n, &digest, &error);
  if (decision == NULL)
    return problem_from_ledger (error);
  if (decision->delegation == NULL || strcmp (digest, manifest->delegation_decision) != 0)
    return md_problem_new (MD_PROBLEM_STORE_FAILED, NULL);
  *out_allowed = md_delegation_copy (decision->delegation);
  return NULL;
}

/* The decision by which it was accepted. */
static MdProblem *
find_approval (const Office *office, const MdManifest *manifest, MdDelegation **out_allowed)
{
  for (guint n = MD_WIRE_FIRST_DECISION; n <= MD_WIRE_MAX_DECISIONS; n++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *digest = NULL;
      g_autoptr (MdDecision) decision
          = read_decision (office, manifest->delegation_intake, n, &digest, &error);

      if (decision == NULL)
        return problem_from_ledger (error);
      if (decision->delegation == NULL)
        continue; /* returned or refused, and restored: another may follow */
      if (strcmp (digest, manifest->delegation_decision) != 0)
        /* A change that is not here yet may still come. */
        return md_problem_new (MD_PROBLEM_DELEGATION_UNKNOWN, NULL);
      *out_allowed = md_delegation_copy (decision->delegation);
      return NULL;
    }
  return refuse ("The letter of delegation was never accepted.");
}

/* What the letter that MANIFEST names allows by the decision that it names. */
static MdProblem *
find_allowed (const Office *office, const MdManifest *manifest, MdDelegation **out_allowed)
{
  MdProblem *problem = check_letter (office, manifest);

  if (problem == NULL)
    problem = find_change (office, manifest, out_allowed);
  if (problem == NULL && *out_allowed == NULL)
    problem = find_approval (office, manifest, out_allowed);
  return problem;
}

MdProblem *
letters_check_intake (const Office *office, const MdManifest *manifest)
{
  g_autoptr (MdDelegation) allowed = NULL;
  MdProblem *problem = NULL;

  if (manifest->delegation_intake == NULL)
    return strcmp (manifest->procedure, MD_DELEGATION_CHANGE) == 0
               ? refuse ("It does not say which letter of delegation is to be changed.")
               : NULL;
  problem = find_allowed (office, manifest, &allowed);
  return problem != NULL ? problem : judge (allowed, manifest);
}

static MdProblem *
refuse_decision (const char *detail)
{
  return md_problem_new (MD_PROBLEM_MALFORMED_DECISION, detail);
}

/* It takes the place of the decision that its intake names, and changes what may be changed. */
static MdProblem *
check_follows (const Office *office, const MdManifest *manifest, const MdDelegation *after)
{
  g_autoptr (MdDelegation) before = NULL;
  MdProblem *problem = find_allowed (office, manifest, &before);

  if (problem != NULL)
    return problem;
  return md_delegation_may_follow (after, before, manifest->delegation_decision)
             ? NULL
             : refuse ("It changes something of the letter that may not be changed, or nothing.");
}

MdProblem *
letters_check_decision (const Office *office, MdPolicy *policy, const MdManifest *manifest,
                        const MdDecision *decision)
{
  const gboolean accepts
      = md_delegation_is_decided_by (manifest->procedure) && decision->kind == MD_DECISION_APPROVE;
  const gboolean changes = strcmp (manifest->procedure, MD_DELEGATION_CHANGE) == 0;
  const MdDelegation *allowed = decision->delegation;

  if (accepts != (allowed != NULL))
    return refuse_decision ("What a letter of delegation allows stands in its approval alone.");
  if (allowed == NULL)
    return NULL;
  if (changes != (allowed->amends != NULL))
    return refuse_decision ("What takes the place of a decision stands in a change alone.");
  if (!allowed->ended && !md_policy_allows_term (policy, allowed->from, allowed->to))
    return refuse ("The letter of delegation would hold longer than the policy allows.");
  return changes ? check_follows (office, manifest, allowed) : NULL;
}
