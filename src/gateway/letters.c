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
  };
  g_autofree char *day = NULL;
  MdDelegationFinding finding;
  gint64 wall = 0;
  MdDate date;

  if (!md_time_parse_rfc3339 (manifest->wall, &wall, NULL))
    return md_problem_new (MD_PROBLEM_MALFORMED_CONTAINER, NULL);
  md_date_from_wall_us (wall, &date);
  day = md_date_format_iso (&date);
  finding = md_delegation_judge (allowed, manifest->procedure, day);
  return finding == MD_DELEGATION_COVERS ? NULL : refuse (details[finding]);
}

MdProblem *
letters_check_intake (const Office *office, const MdManifest *manifest)
{
  MdProblem *problem = NULL;

  if (manifest->delegation_intake == NULL)
    return NULL;
  problem = check_letter (office, manifest);
  for (guint n = MD_WIRE_FIRST_DECISION; problem == NULL && n <= MD_WIRE_MAX_DECISIONS; n++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *digest = NULL;
      g_autoptr (MdDecision) decision
          = read_decision (office, manifest->delegation_intake, n, &digest, &error);

      if (decision == NULL)
        return problem_from_ledger (error);
      if (decision->delegation == NULL)
        continue; /* returned or refused, and restored: another may follow */
      if (strcmp (digest, manifest->delegation_decision) == 0)
        return judge (decision->delegation, manifest);
      problem = refuse ("The letter of delegation was accepted by another decision.");
    }
  return problem;
}

MdProblem *
letters_check_decision (const MdManifest *manifest, const MdDecision *decision)
{
  const gboolean accepts = strcmp (manifest->procedure, MD_DELEGATION_PROCEDURE) == 0
                           && decision->kind == MD_DECISION_APPROVE;

  return accepts == (decision->delegation != NULL)
             ? NULL
             : md_problem_new (MD_PROBLEM_MALFORMED_DECISION,
                               "What a letter of delegation allows stands in its approval alone.");
}
