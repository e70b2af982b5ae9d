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

/* --- Told --- */

typedef struct
{
  gint64 since; /* monotonic */
  guint count;
} Asked;

/* Numbers follow upon one another, so that who asks for all of them would learn when how many
 * people delegated what. No counter has so many at its desk. */
static gboolean
asks_too_often (const Office *office, const Peer *peer)
{
  const gint64 now = g_get_monotonic_time ();
  Asked *asked = g_hash_table_lookup (office->letters_asked, peer->terminal);

  if (asked == NULL)
    {
      asked = g_new0 (Asked, 1);
      g_hash_table_insert (office->letters_asked, g_strdup (peer->terminal), asked);
    }
  if (asked->count == 0 || now - asked->since >= G_TIME_SPAN_HOUR)
    *asked = (Asked){ .since = now };
  if (asked->count >= LETTERS_AN_HOUR)
    return TRUE;
  asked->count++;
  return FALSE;
}

/* The decision that accepted it. One that waits, was returned or refused is none. */
static MdDecision *
find_acceptance (const Office *office, const char *intake, char **out_digest, GError **error)
{
  for (guint n = MD_WIRE_FIRST_DECISION; n <= MD_WIRE_MAX_DECISIONS; n++)
    {
      g_autofree char *digest = NULL;
      g_autoptr (MdDecision) decision = read_decision (office, intake, n, &digest, error);

      if (decision == NULL)
        return NULL;
      if (decision->delegation == NULL)
        continue;
      *out_digest = g_steal_pointer (&digest);
      return g_steal_pointer (&decision);
    }
  g_set_error_literal (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING, "never accepted");
  return NULL;
}

/* And what took its place, up to the one that holds. Each takes the place of another one, and of no
 * two, so this ends. */
static MdDecision *
find_last (const Office *office, const char *intake, char **out_digest, MdLedgerLetter *out_place,
           GError **error)
{
  g_autoptr (MdDecision) decision = find_acceptance (office, intake, out_digest, error);

  if (decision == NULL || !md_ledger_look_up_letter (office->ledger, *out_digest, out_place, error))
    return NULL;
  while (out_place->next != NULL)
    {
      g_autofree char *next = g_steal_pointer (&out_place->next);

      md_ledger_letter_clear (out_place);
      g_clear_pointer (&decision, md_decision_free);
      g_clear_pointer (out_digest, g_free);
      if (md_ledger_look_up_letter (office->ledger, next, out_place, error)
          && out_place->intake != NULL)
        decision = read_decision (office, out_place->intake, out_place->n, out_digest, error);
      if (decision == NULL || decision->delegation == NULL)
        return NULL;
    }
  return g_steal_pointer (&decision);
}

/* When a notice gave it back, the letter or what it rests on; *OUT_TIME stays NULL where none did.
 */
static gboolean
find_return (const Office *office, const char *intake, const MdLedgerLetter *place, char **out_time,
             GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (MdLedgerNotice) notice = md_ledger_look_up_notice (
      office->ledger, place->given_back != NULL ? place->given_back : intake, &local);

  if (notice != NULL)
    *out_time = g_strdup (notice->time);
  else if (!g_error_matches (local, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING))
    g_propagate_error (error, g_steal_pointer (&local));
  return notice != NULL || *error == NULL;
}

static MdLetterMessage *
find_letter (const Office *office, const char *number, GError **error)
{
  g_autoptr (MdLetterMessage) letter = md_letter_message_new ();
  g_auto (MdLedgerLetter) place = { 0 };
  g_autoptr (MdLedgerEntry) entry = md_ledger_find_letter (
      office->ledger, md_policy_get_office (office->policy), number, error);
  g_autoptr (MdDecision) decision
      = entry != NULL ? find_last (office, entry->intake, &letter->decision, &place, error) : NULL;

  if (decision == NULL || !find_return (office, entry->intake, &place, &letter->given_back, error))
    return NULL;
  letter->intake = g_strdup (entry->intake);
  letter->receipt_number = g_strdup (number);
  letter->procedures = g_strdupv (decision->delegation->procedures);
  letter->from = g_strdup (decision->delegation->from);
  letter->to = g_strdup (decision->delegation->to);
  letter->principal = g_strdup (decision->delegation->principal);
  letter->delegate = g_strdup (decision->delegation->delegate);
  letter->ended = decision->delegation->ended;
  return g_steal_pointer (&letter);
}

static gboolean
note_told (const Office *office, const Peer *peer, const MdLetterMessage *letter, GError **error)
{
  g_autofree char *detail = g_strdup_printf ("terminal=%s", peer->terminal);
  const MdAuditEntry entry
      = { .event = "letter", .outcome = MD_AUDIT_DONE, .object = letter->intake, .detail = detail };

  return md_ledger_note (office->ledger, &entry, error);
}

MdProblem *
letters_tell (const Office *office, const Peer *peer, const char *number, GBytes **out_body)
{
  g_autoptr (MdLetterMessage) letter = NULL;
  g_autoptr (GError) error = NULL;

  if (asks_too_often (office, peer))
    return md_problem_new (MD_PROBLEM_TOO_OFTEN, NULL);
  letter = find_letter (office, number, &error);
  if (letter == NULL && error == NULL)
    return md_problem_new (MD_PROBLEM_STORE_FAILED, NULL);
  if (letter == NULL || !note_told (office, peer, letter, &error))
    return problem_from_ledger (error);
  *out_body = md_letter_message_encode (letter);
  return NULL;
}
